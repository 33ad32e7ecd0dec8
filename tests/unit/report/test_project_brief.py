"""The brief of the whole study says no more than the comparison bears."""

from pathlib import Path
from typing import Any

import pytest
from evidence_results import TABLES, rows

from disrupting_harm.report.brief.composition import TileText
from disrupting_harm.report.brief.definition import Brief, read_brief
from disrupting_harm.report.brief.project import average, companies, first, gap, in_rows, lead
from disrupting_harm.report.claims import METHOD, SCOPE
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.markdown import Markdown, without_addresses
from disrupting_harm.report.regional.results import RegionalResults
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words

BRIEF = Path(__file__).parents[3] / "config" / "brief.yaml"
NAMED = {"KEN": "Kenya", "UGA": "Uganda", "THA": "Thailand"}
LEAD = "clear_examples"


@pytest.fixture
def brief() -> Brief:
    return read_brief(BRIEF)


@pytest.fixture
def text() -> Text:
    return Text(Words("en", {}))


def results(**tables: list[dict[str, Any]]) -> RegionalResults:
    return RegionalResults(
        {name: [{"indicator": LEAD} | row for row in rows] for name, rows in tables.items()}
    )


def rank(country: str, may: bool) -> dict[str, str]:
    return {"country": country, "method": METHOD, "scope": SCOPE, "may_be_highest": str(may)}


def difference(country: str, differs: str) -> dict[str, str]:
    levels = {"domain": "sex", "level_a": "girl", "level_b": "boy"}
    return levels | {"country": country, "differs": differs}


def test_the_lead_spans_the_printed_numbers_and_counts_them(brief: Brief, text: Text) -> None:
    rows = {
        "KEN": {"estimate": "0.171", "ci_low": "0.139", "ci_high": "0.208"},
        "UGA": {"estimate": "0.055", "ci_low": "0.04", "ci_high": "0.07"},
        "THA": {"estimate": "", "ci_low": "", "ci_high": ""},
    }
    said = without_addresses(lead(brief, text, rows, 3))
    assert "In the 2 of 3 countries with a number, between about 6 and 17 in 100" in said
    assert lead(brief, text, {"THA": rows["THA"]}, 1) == ""


def test_who_may_stand_first_is_said_of_several_and_never_of_one(brief: Brief, text: Text) -> None:
    two = results(rank_sets=[rank("UGA", True), rank("KEN", True), rank("THA", False)])
    assert "each of 2 may stand first: Kenya and Uganda" in without_addresses(
        first(brief, text, two, NAMED)
    )
    one = results(rank_sets=[rank("UGA", True), rank("KEN", False)])
    assert first(brief, text, one, NAMED) == ""


def test_differences_are_told_of_tested_ones_alone(brief: Brief, text: Text) -> None:
    none = results(
        gaps=[difference("KEN", "False"), difference("UGA", "False"), difference("THA", "")]
    )
    assert "in none of the 2 countries where it could be tested" in without_addresses(
        gap(brief, text, none)
    )
    some = results(gaps=[difference("KEN", "True"), difference("UGA", "False")])
    assert "in 1 of the 2 countries" in without_addresses(gap(brief, text, some))
    assert gap(brief, text, results(gaps=[])) == ""


def test_the_average_counts_each_country_the_same(brief: Brief, text: Text) -> None:
    pooled = {
        "group": "all",
        "countries": "12",
        "estimate": "0.105",
        "ci_low": "0.098",
        "ci_high": "0.113",
    }
    weighted = pooled | {"estimand": "population_weighted", "estimate": "0.3"}
    own = results(pooled=[weighted, pooled | {"estimand": "equal_country"}])
    said = average(brief, text, own)
    assert "over the 12 countries" in said
    assert "11%\u00a0(10–\u206011)" in said
    assert average(brief, text, results(pooled=[weighted])) == ""


@pytest.mark.parametrize(
    ("count", "rows"), [(0, []), (3, [3]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (8, [4, 4])]
)
def test_tiles_stand_in_even_rows_of_four_at_most(count: int, rows: list[int]) -> None:
    tiles = [TileText(Markdown(str(at)), Markdown("said"), "") for at in range(count)]
    found = in_rows(tiles)
    assert [len(row) for row in found] == rows
    assert [tile for row in found for tile in row] == tiles


def test_reports_of_companies_are_counts_and_no_rate(text: Text) -> None:
    said = without_addresses(companies(text, Evidence(rows(TABLES)), {"KHM": "Cambodia"}))
    assert "companies sent" in said
    assert "several children, or none" in said
    assert companies(text, Evidence({}), {"KHM": "Cambodia"}) == ""
