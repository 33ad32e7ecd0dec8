"""Documents of a finished study say nothing that its tables, or they themselves, deny."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import SMALL, Checkout
from contradictions import contradictions

CODE = sorted(SMALL)[0]


def test_documents_contradict_neither_tables_nor_each_other(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    assert (public / "briefs" / CODE / "en" / "brief.qmd").is_file()
    assert contradictions(public) == []


@pytest.fixture
def public(small: Checkout, tmp_path: Path) -> Path:
    """The documents and tables that are compared, to be spoilt."""
    here = small.folder / "results" / "public"
    names = ("briefs", "reports", "databooks", "regional", "comparison", "evidence", "countries")
    for name in names:
        if (here / name).is_dir():
            only = shutil.ignore_patterns("*.html", "*.pdf", "*.docx", "*.xlsx", "*.svg", "*.png")
            shutil.copytree(here / name, tmp_path / name, ignore=only)
    shutil.copy(here / "estimates.csv", tmp_path)
    return tmp_path


def append(path: str, said: str) -> Callable[[Path], None]:
    def change(public: Path) -> None:
        with (public / path).open("a", encoding="utf-8") as file:
            file.write(said)

    return change


def replace(path: str, pattern: str, said: str) -> Callable[[Path], None]:
    def change(public: Path) -> None:
        text, times = re.subn(pattern, said, (public / path).read_text(encoding="utf-8"))
        assert times, pattern
        (public / path).write_text(text, encoding="utf-8")

    return change


def table(path: str, where: Callable[[dict[str, str]], bool], **values: str) -> Callable:
    def change(public: Path) -> None:
        with (public / path).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        changed = [row | values if where(row) else row for row in rows]
        assert changed != rows
        with (public / path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(changed)

    return change


def age(level: str) -> Callable[[dict[str, str]], bool]:
    key = (CODE, "clear_examples", "age_band", level)
    return lambda row: (row["country"], row["indicator"], row["domain"], row["level"]) == key


BRIEF, BOOK = f"briefs/{CODE}/en/brief.qmd", f"databooks/{CODE}/en/databook.qmd"
BOUND = f"{CODE}/cybertip_parts/2024/referral/year/molestation/ncmec_platform/below"
# A key figure, as the regional report of a study without findings on its first page has them.
TILE = f'\n:::: {{.tile}}\n[7]{{n="{CODE}/cybertips/2023/unsplit/reports"}}\n\nreports\n::::\n'
PAGE, REPORT = f"countries/{CODE}.html", f"reports/{CODE}/en/report.qmd"
NO_FINDINGS = replace(f"reports/{CODE}/en/report.qmd", r"/age_band:(12-13|16-17)/", "/x/")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            [append(BRIEF, "Make a helpline for children known. Not asked for: a helpline.")],
            "a helpline is asked for, and not asked for",
        ),
        ([replace(REPORT, "A source names a helpline", "A helpline")], "and it is not told"),
        (
            [
                table(
                    "evidence/service_register.csv",
                    lambda row: (row["country"], row["kind"]) == (CODE, "helpline"),
                    kind="police",
                )
            ],
            "told, but they do not",
        ),
        (
            [append(REPORT, "Police work: 1 of 2 items in place, 1 absent\n")],
            "points of police work",
        ),
        (
            [
                table(
                    "evidence/cybertip_parts.csv",
                    lambda row: row["country"] == CODE and row["below"] == "50",
                    below="",
                    reports="50",
                )
            ],
            "is printed as fewer than 50, not about 50",
        ),
        ([replace(BOOK, r"fewer than (50 \|)", r"about \1")], "about 50, not fewer than 50"),
        ([replace(BOOK, r"\| Sexual abuse of a child \|.*\n", "")], "is printed as None"),
        ([replace(REPORT, r"about \[1,200\]", "about [1,300]")], "/reports is printed as 1,300"),
        ([append(REPORT, f'[50]{{n="{BOUND}"}}')], "/below is printed as a number"),
        (
            [
                NO_FINDINGS,
                table("estimates.csv", age("12-13"), whole="5", whole_high="8"),
                table("estimates.csv", age("16-17"), whole="30", whole_low="25"),
            ],
            "age_band:16-17/whole is told nowhere",
        ),
        (
            [
                table(
                    "estimates.csv",
                    lambda row: row["indicator"] == "clear_examples" and row["domain"] == "total",
                    whole="",
                ),
                replace(BRIEF, "/any_tf_csea/whole", "/x/whole"),
            ],
            "any_tf_csea is shown, and told nowhere",
        ),
        ([replace(BRIEF, "which proxies and anonymisers can hide", "")], "stands 0 times"),
        ([append(BOOK, "where files were uploaded, which proxies and anonymisers can hide")], "2"),
        ([append(PAGE, "<img src='figures/x/cybertips.svg'>")], ", page: "),
        (
            [append(BRIEF, "\nNot in place: 6 of 21 items. Not counted as missing: a hotline.\n")],
            "what is counted is said not to be",
        ),
        (
            [
                append("regional/en/report.qmd", "Averages of the main finding are ranges, as x"),
                table(
                    "comparison/pooled.csv",
                    lambda row: row["indicator"] == "clear_examples",
                    estimate="0.123456",
                    bounded="",
                ),
            ],
            "is one number",
        ),
        ([append(BOOK, "by the location of the reported user")], "of the reported user"),
        (
            [append(BRIEF, f'[1.2]{{n="{CODE}/cybertips/2023/unsplit/rate_per_1000_children"}}')],
            "rate_per_1000_children",
        ),
        (
            [append("regional/en/report.qmd", TILE)],
            "says not what they count",
        ),
        (
            [append("regional/en/report.qmd", "**How to read it:** \u201cH\u201d.")],
            "a matrix that it has not",
        ),
    ],
)
def test_a_contradiction_made_by_hand_is_found(
    public: Path, changes: list[Callable[[Path], None]], said: str
) -> None:
    for change in changes:
        change(public)
    assert any(said in fault for fault in contradictions(public))
