"""A brief as its reader holds it: two full pages, few words, claims that tables bear.

Each look is first shown to see a fault that was made for it. Poppler reads the pages, and public
tables are read as they lie there: nothing of the library takes part, but to make Word files.
"""

import csv
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import briefs as look
import pypdf
import pytest
import typst
import yaml
from checkout import Checkout
from preconditions import needs
from word_pages import convert_to_pdf

from disrupting_harm.report.rendering import render

WORDS = {"country": 850, "all": 700}
IN_BRIEF = 3
SETTINGS = '#set page(paper: "a4", margin: (x: 20mm, top: 25mm, bottom: 20mm))\n#set text(10pt)\n'
ADDRESS = re.compile(r'\[([^\]]*)\]\{n="[^"]*"\}')
ASK = re.compile(r"^:::: \{\.ask\}\n### (.+)$", re.MULTILINE)
GAP = re.compile(
    r"(\d+)%\s\([^)]*\)[^;%]*: average (\d+)%; "
    r"\*\*(\d+) points (fewer|more) here, at least (\d+|0\.\d)\*\*"
)
LEFT_OUT = re.compile(r"Not in this total: ([^.]+)\.")
BOUNDED = re.compile(r"Of ([^.]+?) only a bound is printed, and the total allows for it")
CLAIM = re.compile(
    r"\b(?:few|most|fewer than half|(?:fewer than |about )?1 in \d+)\b[^.;:(]*", re.I
)


@pytest.fixture
def typeset(tmp_path: Path) -> Callable[[str], Path]:
    """Return the PDF of a text in Typst."""

    def made(source: str) -> Path:
        path = tmp_path / f"faulty-{len(list(tmp_path.iterdir()))}.pdf"
        path.write_bytes(typst.compile((SETTINGS + source).encode(), pdf_standards=["1.7"]))
        return path

    return made


@pytest.fixture(
    scope="module", params=["small", pytest.param("other_languages", marks=pytest.mark.slow)]
)
def papers(request: pytest.FixtureRequest) -> list[Path]:
    """The briefs of a study on paper: two languages, or the four others."""
    study: Checkout = request.getfixturevalue(request.param)
    found = sorted((study.folder / "results" / "public" / "briefs").glob("*/*/brief.pdf"))
    assert len(found) > 2
    return found


def faults_of(papers: Sequence[Path], find: Callable[[Path], object]) -> dict[str, object]:
    """Return what is found in each brief in which anything is."""
    found = {"/".join(paper.parts[-3:-1]): find(paper) for paper in papers}
    return {name: faults for name, faults in found.items() if faults}


def test_a_brief_has_two_pages(papers: list[Path]) -> None:
    assert {look.count_pages(paper) for paper in papers} == {2}


def test_words_of_a_brief(typeset: Callable[[str], Path], papers: list[Path]) -> None:
    """The budget is one of English words."""
    assert look.count_words(typeset("One two, 3 – four.\n#place(bottom, dy: 15mm)[Foot]")) == 4
    english = [paper for paper in papers if paper.parts[-2] == "en"]

    def excess(paper: Path) -> int:
        budget = WORDS["all" if paper.parts[-3] == "all" else "country"]
        return max(0, look.count_words(paper) - budget)

    assert faults_of(english, excess) == {}


def test_small_letters(typeset: Callable[[str], Path], papers: list[Path]) -> None:
    path = typeset(
        "Text.\n#text(8.4pt)[small]\n#text(8.5pt)[least]\n#place(bottom, dy: 15mm, text(6pt)[Foot])"
    )
    assert look.small_letters(path) == ["page 1: 8.40 points: 'small'"]
    assert faults_of(papers, look.small_letters) == {}


def test_gaps_between_the_parts_of_a_page(
    typeset: Callable[[str], Path], papers: list[Path]
) -> None:
    full = "#let full = rect(width: 9mm, height: 118mm, fill: black)\n#set block(spacing: 0pt)\n"
    near, apart = (typeset(f"{full}#full\n#v({gap}mm)\n#full\n") for gap in (10, 11.5))
    assert look.wide_gaps(near) == []
    assert [fault[:7] for fault in look.wide_gaps(apart)] == ["page 1:"]
    assert look.wide_gaps(typeset(f"{full}#full")) != []
    assert faults_of(papers, look.wide_gaps) == {}


def words_of(source: str) -> str:
    """Return a source without the addresses of its numbers."""
    return ADDRESS.sub(r"\1", source)


def unfounded_claims(source: str, shares: dict[str, dict[str, str]]) -> list[str]:
    """Return the claims of an English brief of one country that its public table does not bear.

    Args:
        shares: national rows of ``estimates.csv`` by indicator.
    """
    faults = []
    nobody, main = shares["told_nobody"], shares["clear_examples"]
    for claim in CLAIM.findall(words_of(source)):
        claim = claim.strip()
        row = nobody if "told nobody" in claim else main
        if (one_in := re.match(r"about 1 in (\d+)", claim, re.I)) and row["whole"]:
            borne = abs(100 / int(one_in[1]) - int(row["whole"])) < 0.5
        elif claim == "Most told nobody":
            borne = bool(row["whole"]) and int(row["whole_low"]) > 50
        else:  # "Too few answered": no number is printed
            borne = claim.startswith("few answered to say how many")
        faults += [] if borne else [claim]
    return faults


def national_shares(public: Path, country: str) -> dict[str, dict[str, str]]:
    path = public / "countries" / country / "estimates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["indicator"]: row for row in csv.DictReader(file) if row["level"] == "all"}


def test_what_a_brief_claims_is_borne(public: Path) -> None:
    row = {"whole": "25", "whole_low": "19"}
    shares = {"told_nobody": row, "clear_examples": row | {"whole": "17"}}
    borne = 'About 1 in [6]{n="a"} children told it.\n(fig: About 1 in 4 told nobody (Children)'
    assert unfounded_claims(borne, shares) == []
    assert unfounded_claims("About 1 in 5 children told it.", shares) != []
    assert unfounded_claims("fig: Most told nobody (Children)", shares) == ["Most told nobody"]
    assert unfounded_claims("Few told the police.", shares) == ["Few told the police"]
    found = sorted(public.glob("briefs/[A-Z]*/en/brief.qmd"))
    assert found
    for path in found:
        shares = national_shares(public, path.parts[-3])
        assert unfounded_claims(path.read_text(encoding="utf-8"), shares) == [], path


def choose_actions(rows: Sequence[dict[str, str]]) -> list[str]:
    """Return the actions that the brief of a country has to print, by its rows of ``needs.csv``."""
    start = [row for row in rows if row["group"] == "start_here"]
    also = [row for row in rows if row["group"] == "also_needed"]
    # Both keep the order of the table where their numbers are the same.
    start.sort(key=lambda row: int(row["position"]))
    also.sort(
        key=lambda row: (
            row["kind"] != "survey", -float(row.get("gap") or 0), int(row["needed_in"]),
        )
    )  # fmt: skip
    first, rest = (*start, *also)[:IN_BRIEF], (*start, *also)[IN_BRIEF:]
    asked_for = [row for row in rest if row["kind"] == "survey"]
    # One of those printed follows what respondents said, where any of all does.
    if asked_for and not [row for row in first if row["kind"] == "survey"]:
        first = (*first[:-1], asked_for[0])
    return [row["action"] for row in first]


def crowded_actions(needs_by_country: dict[str, list[dict[str, str]]]) -> set[str]:
    """Return the actions in more than half of all briefs that are not the first ones there."""
    briefs = [
        {row["action"]: row["group"] for row in rows if row["action"] in choose_actions(rows)}
        for rows in needs_by_country.values()
    ]
    also = [action for brief in briefs for action, group in brief.items() if group != "start_here"]
    return {action for action in also if 2 * also.count(action) > len(briefs)}


def need(
    action: str, group: str, position: int, needed_in: int, kind: str = "survey"
) -> dict[str, str]:
    numbers = {"position": str(position), "needed_in": str(needed_in)}
    return {"action": action, "group": group, "kind": kind, **numbers}


def read_needs(public: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows of ``needs.csv`` by country."""
    needs_by_country: dict[str, list[dict[str, str]]] = {}
    with (public / "comparison" / "needs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            needs_by_country.setdefault(row["country"], []).append(row)
    return needs_by_country


def test_a_brief_prints_the_first_actions_of_the_table(public: Path) -> None:
    rows = [
        need("c", "also_needed", 1, 9), need("a", "start_here", 2, 5),
        need("b", "start_here", 1, 5), need("d", "also_needed", 2, 3), need("e", "ahead", 1, 1),
    ]  # fmt: skip
    assert choose_actions(rows) == ["b", "a", "d"]
    assert choose_actions([need("x", "also_needed", 1, 1, "review"), *rows]) == ["b", "a", "d"]
    assert crowded_actions({"A": rows, "B": rows, "C": []}) == {"d"}
    assert crowded_actions({"A": rows, "B": [], "C": []}) == set()
    needs_by_country = read_needs(public)
    config = Path(__file__).parents[2] / "config" / "recommendations.yaml"
    groups = yaml.safe_load(config.read_text(encoding="utf-8"))["groups"]
    titles = {each["id"]: each["text"] for group in groups for each in group["recommendations"]}
    checked = 0
    for path in sorted(public.glob("briefs/[A-Z]*/en/brief.qmd")):
        source = words_of(path.read_text(encoding="utf-8"))
        printed = [title.rpartition("\u2002")[2] for title in ASK.findall(source)]
        printed = [title.removeprefix("Also needed: ").lower() for title in printed]
        chosen = choose_actions(needs_by_country[path.parts[-3]])
        assert printed == [titles[action].rstrip(".").lower() for action in chosen], path
        checked += 1
    assert checked > 1


def faulty_gaps(source: str, needs_of_country: Sequence[dict[str, str]]) -> list[str]:
    """Return the gaps of an English brief that its table of needs does not bear.

    Args:
        source: without addresses.
        needs_of_country: rows of ``needs.csv``.
    """
    behind = [row for row in needs_of_country if row["group"] == "start_here" and row["points_low"]]
    # Of less than one point its tenths are told.
    clear = {
        (
            row["points"],
            row["points_low"] if int(row["points_low"]) else f"{100 * float(row['gap_low']):.1f}",
        )
        for row in behind
        if float(row["gap_low"]) > 0
    }
    faults = []
    for here, mean, points, way, least in GAP.findall(source):
        # What is printed is rounded three times: the share, the mean and the gap between them.
        side = (int(here) < int(mean)) is (way == "fewer")
        near = abs(abs(int(here) - int(mean)) - int(points)) <= 1
        if not (side and near and (points, least) in clear and 0 < float(least) <= int(points)):
            faults.append(f"{here} and {mean}: {points} points {way}, at least {least}")
    return faults


def test_a_gap_and_its_least_are_those_of_the_table(public: Path) -> None:
    row = {"group": "start_here", "points": "14", "points_low": "5", "gap_low": "0.052"}
    gap = "**14 points fewer here, at least 5**"
    told = f"36% (32–40) have had it. Other countries: average 50%; {gap}"
    assert faulty_gaps(told, [row]) == []
    assert faulty_gaps(told.replace("fewer", "more"), [row]) != []
    assert faulty_gaps(told.replace("average 50", "average 53"), [row]) != []
    assert faulty_gaps(told, [row | {"points_low": "6"}]) != []
    fraction = told.replace("at least 5", "at least 0.4")
    assert faulty_gaps(fraction, [row]) != []
    assert faulty_gaps(fraction, [row | {"points_low": "0", "gap_low": "0.004"}]) == []
    assert faulty_gaps(fraction, [row | {"points_low": "0", "gap_low": "0.003"}]) != []
    nought = told.replace("at least 5", "at least 0.0")
    assert faulty_gaps(nought, [row | {"points_low": "0", "gap_low": "0.0"}]) != []
    printed = 0
    needs_by_country = read_needs(public)
    for path in sorted(public.glob("briefs/[A-Z]*/en/brief.qmd")):
        source = words_of(path.read_text(encoding="utf-8"))
        printed += len(GAP.findall(source))
        assert source.count(", at least ") == len(GAP.findall(source)), path
        assert faulty_gaps(source, needs_by_country[path.parts[-3]]) == [], path
    # Of two countries no gap is tested.
    assert printed > 0 or len(needs_by_country) <= 5


def faulty_verdicts(source: str, chosen: Sequence[dict[str, str]]) -> list[str]:
    """Return where an English brief calls a country behind in what no test shows.

    Args:
        chosen: rows of ``needs.csv`` on the actions that it prints.
    """
    tested = [row for row in chosen if row["group"] == "start_here" and row["clear"] == "True"]
    starts = [row for row in chosen if row["group"] == "start_here"]
    faults = []
    if re.search(r"Here [^.]* is clearly behind", source) and len(tested) < len(chosen):
        faults.append("all are called behind")
    if "Tested gaps (bold) show" in source and not tested:
        faults.append("a test is said to show it")
    if source.count("Not tested.") != len(starts) - len(tested):
        faults.append("what most others have is not called untested")
    return faults


def test_only_a_tested_gap_is_called_behind(public: Path) -> None:
    tested = need("a", "start_here", 1, 1) | {"clear": "True"}
    score = need("b", "start_here", 2, 1, "review") | {"clear": "False"}
    behind = "Here Kenya is clearly behind the average of other countries."
    assert faulty_verdicts(behind, [tested]) == []
    assert faulty_verdicts(behind, [tested, score]) != []
    assert faulty_verdicts("Tested gaps (bold) show it.", [score]) != []
    assert faulty_verdicts("Not tested.", [score]) == []
    needs_by_country = read_needs(public)
    for path in sorted(public.glob("briefs/[A-Z]*/en/brief.qmd")):
        rows = needs_by_country[path.parts[-3]]
        chosen = [row for row in rows if row["action"] in choose_actions(rows)]
        assert faulty_verdicts(path.read_text(encoding="utf-8"), chosen) == [], path


def test_a_brief_says_what_its_share_is_of_all_children(public: Path) -> None:
    with (public / "comparison" / "denominators.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == "clear_examples"]
    shares = {row["country"]: row for row in rows if row["denominator"] == "all_children"}
    found = sorted(public.glob("briefs/[A-Z]*/en/brief.qmd"))
    assert found
    for path in found:
        row = shares[path.parts[-3]]
        told = re.search(
            r"children of that age, it is (\d+) of 100 \((\d+)\sto\s(\d+)\) if none",
            words_of(path.read_text(encoding="utf-8")),
        )
        assert told is not None, path
        for number, name in zip(told.groups(), ("estimate", "ci_low", "ci_high"), strict=True):
            # Published with fewer decimals than the whole per cent was rounded from.
            last_decimal = 10 ** (2 - len(row[name].partition(".")[2]))
            assert abs(100 * float(row[name]) - int(number)) <= (1 + last_decimal) / 2 + 1e-9, path


def counts_of_lead(public: Path) -> dict[str, Any]:
    """Return what the brief of all countries says of the total, by the public tables."""
    tables = {}
    for name in ("total", "prevalence", "comparability"):
        with (public / "comparison" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["indicator"] == "clear_examples"]
        tables[name] = rows
    apart = {row["country"] for row in tables["comparability"] if row["comparable"] != "yes"}
    shown = [row for row in tables["prevalence"] if row["whole"] and row["country"] not in apart]
    (total,) = (row for row in tables["total"] if row["group"] == "all")
    return {
        "total": total["countries"],
        "bounded": {*total["bounded"].split()},
        "left_out": {row["country"] for row in tables["prevalence"]}
        - {row["country"] for row in shown}
        - {*total["bounded"].split()},
        **{end: compact(int(total[f"children_{end}"])) for end in ("low", "high")},
    }


def compact(number: int) -> str:
    """Return a number of two digits and zeros as English documents print it."""
    return f"{number / 1e6:.2g} million" if number >= 1e6 else f"{number:,}"


def test_the_brief_of_all_counts_countries_as_the_tables_do(papers: list[Path]) -> None:
    (paper,) = (each for each in papers if each.parts[-3:-1] == ("all", "en"))
    source = words_of(paper.with_suffix(".qmd").read_text(encoding="utf-8"))
    counts = counts_of_lead(paper.parents[3])
    lead = re.search(r"::: \{\.lead\}\n(.+)", source)
    assert lead is not None
    assert f"children in {counts['total']} countries" in lead[1]
    path = Path(__file__).parents[2] / "config" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["country"]: row["name"] for row in csv.DictReader(file)}
    for pattern, codes in ((LEFT_OUT, counts["left_out"]), (BOUNDED, counts["bounded"])):
        said = pattern.search(source)
        told = {code for code, name in names.items() if said and name in said[1]}
        assert told == codes  # where it is nobody, nothing is to be explained
    # One range, which is the widest, or the number and its range.
    ends = (counts["low"], counts["high"])
    assert " between {} and {} children".format(*ends) in lead[1] or (
        "Its range is from {} to {}.".format(*ends) in source
    )


@needs("make test-word")
def test_a_brief_has_two_pages_as_word_file(papers: list[Path], tmp_path: Path) -> None:
    """As LibreOffice sets it, with the letters of the study where the machine has none."""
    public = papers[0].parents[3]
    copy = tmp_path / "public"
    for name in ("briefs", "_shared"):
        shutil.copytree(public / name, copy / name)
    shutil.copy(public / "_quarto.yml", copy)
    counts = {}
    for paper in papers:
        source = copy / paper.relative_to(public).with_suffix(".qmd")
        document = render(source, ["docx"], "embedded").files["docx"]
        pdf = convert_to_pdf(document, public / "fonts", tmp_path)
        counts["/".join(paper.parts[-3:-1])] = look.count_pages(pdf)
    assert set(counts.values()) == {2}, counts


@needs("make test-word")
def test_no_page_of_a_report_as_word_file_is_empty(public: Path, tmp_path: Path) -> None:
    found = [*public.glob("reports/*/*/report.docx"), *public.glob("regional/*/report.docx")]
    assert {path.parts[-3] for path in found} > {"regional"}
    for path in found:
        folder = tmp_path / path.relative_to(public).parent
        folder.mkdir(parents=True)
        pages = pypdf.PdfReader(convert_to_pdf(path, public / "fonts", folder)).pages
        texts = [page.extract_text().split() for page in pages]
        # What stands in the header and the footer of every page.
        least = min(len(words) for words in texts)
        common = {word for word in texts[0] if all(word in words for words in texts)}
        assert least > 2 * len(common), (path, least)
