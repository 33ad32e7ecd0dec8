"""Tables of marks hold the published numbers, read and compared as text and decimals alone."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

COLUMNS = [
    *("panel", "section", "row", "slot", "value", "low", "high", "look", "sign", "shown"),
    *("address", "data_kind"),
]
INTERVAL_ALONE = ("differs", "undecided")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def marks(public: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each line of each table of marks, with the name of its figure."""
    for path in sorted(public.glob("figures/**/*.csv")):
        for line in read(path):
            yield path.relative_to(public).as_posix(), line


def published(public: Path) -> dict[str, dict[str, str]]:
    """Return rows of estimates, gaps and CyberTips by address, as the documentation says it."""
    rows = {}
    for row in read(public / "estimates.csv"):
        group = "" if row["domain"] == "total" else f"/{row['domain']}:{row['level']}"
        rows[f"{row['country']}/{row['indicator']}{group}"] = row
    for name, keys in (
        ("gaps", ("indicator", "domain", "level_a", "level_b", "country")),
        ("prevalence", ("indicator", "country")),
    ):
        for row in read(public / "comparison" / f"{name}.csv"):
            rows["/".join(["compare", name, *(row[key] for key in keys)])] = row
    for row in read(public / "evidence" / "cybertips.csv"):
        rows["/".join([row["country"], "cybertips", row["year"], row["class"]])] = row
    return rows


def expected(row: dict[str, str]) -> list[str]:
    """Return the numbers of a row in the order of value, low and high."""
    if "reports" in row:
        return [row["reports"]]
    return [row["difference" if "difference" in row else "estimate"], row["ci_low"], row["ci_high"]]


def test_all_tables_of_marks_have_the_same_columns(public: Path) -> None:
    paths = sorted(public.glob("figures/**/*.csv"))
    assert len(paths) > 60
    for path in paths:
        assert path.read_text(encoding="utf-8").splitlines()[0].split(",") == COLUMNS, path
    assert {line["data_kind"] for _, line in marks(public)} == {"simulated", "published"}


def test_marks_stand_where_the_published_numbers_say(public: Path) -> None:
    rows, compared = published(public), {1: 0, 100: 0}
    for figure, line in marks(public):
        row = rows.get(line["address"])
        if row is None or line["sign"]:
            continue
        scale = 1 if "reports" in row else 100
        for column, number in zip(("value", "low", "high"), expected(row), strict=False):
            # Of the other countries beside one the interval alone is drawn.
            if column == "value" and not line["value"] and line["look"] in INTERVAL_ALONE:
                continue
            assert Decimal(line[column]) == scale * Decimal(number), (figure, line)
        compared[scale] += 1
    assert compared[1] > 10
    assert compared[100] > 300


def test_marks_without_a_number_are_of_rows_without_one(public: Path) -> None:
    rows, hidden = published(public), 0
    for figure, line in marks(public):
        row = rows.get(line["address"])
        if row is None or not line["sign"]:
            continue
        assert not line["value"], (figure, line)
        assert row.get("estimate", row.get("difference", "")) == "", (figure, line)
        hidden += 1
    assert hidden > 20
