"""The key figure of CyberTip reports is a total only where it holds all reports of its year."""

from pathlib import Path

import pytest
from evidence_results import public_rows

from disrupting_harm.report.findings.key_figures import KeyFigures
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.countries import Country

CODEBOOK = Path(__file__).parents[3] / "config" / "indicators.yaml"
AREA = Country.model_validate({"country": "RWA", "name": "Rwanda", "languages": "en"})
BOTH = "CyberTip reports in 2024, 90,000 of them referrals; reports, not children"
REFERRALS = "CyberTip reports in 2024 of one kind alone (referrals); reports, not children"


@pytest.mark.parametrize(
    ("counts", "number", "words"),
    [
        ({"referral": "90000", "informational": "60000"}, "150,000", BOTH),
        ({"unsplit": "", "referral": "90000", "informational": "60000"}, "150,000", BOTH),
        (
            {"unsplit": "200000", "referral": "90000", "informational": "60000"},
            "200,000",
            "CyberTip reports in 2024; reports, not children",
        ),
        ({"referral": "90000", "informational": ""}, "90,000", REFERRALS),
        ({"referral": "90000"}, "90,000", REFERRALS),
    ],
)
def test_classes_are_added_where_each_has_a_number(
    counts: dict[str, str], number: str, words: str
) -> None:
    rows = [
        {
            "country": "RWA", "year": "2024", "class": kind, "reports": reports,
            "data_kind": "published", "address": f"RWA/cybertips/{kind}/2024",
        }
        for kind, reports in counts.items()
    ]  # fmt: skip
    translator = build_english("countries").with_markup(MARKDOWN)
    results = Results("RWA", {}, {}, Evidence(public_rows({"cybertips": rows})))
    figures = KeyFigures(translator, Labels(load_codebook(CODEBOOK), translator), AREA, results)
    tile = figures._build_reports_tile(Markdown(""))
    assert tile is not None
    assert (remove_addresses(tile.number), remove_addresses(tile.text)) == (number, words)


@pytest.mark.parametrize(
    ("method", "words"), [("ranges", "said"), ("coded", "said (by the estimate)")]
)
def test_a_tile_says_where_its_bound_is_one_of_the_estimate(method: str, words: str) -> None:
    cell = Cell(
        "told", "total", "all", None, None, None, None, "< 5", "", bound_low=0.0, bound_high=0.05
    )
    translator = build_english("countries").with_markup(MARKDOWN)
    results = Results("RWA", {("told", "total", "all"): cell}, {}, disclosure={"method": method})
    figures = KeyFigures(translator, Labels(load_codebook(CODEBOOK), translator), AREA, results)
    tile = figures._build_share_tile("told", Markdown("said"))
    assert tile is not None
    assert (remove_addresses(tile.number), remove_addresses(tile.text)) == (r"\< 5%", words)


@pytest.mark.parametrize(
    ("answers", "rest"),
    [
        (("in_place", "partly", "not_in_place", "not_known", ""), "1 in part, 1 not, 2 not judged"),
        (("in_place", "partly", "not_in_place"), "1 in part, 1 not"),
    ],
)
def test_items_that_nobody_judged_are_not_left_out(answers: tuple[str, ...], rest: str) -> None:
    rows = [
        {"country": "RWA", "item": str(position), "answer": answer, "data_kind": "published"}
        for position, answer in enumerate(answers)
    ]
    translator = build_english("countries").with_markup(MARKDOWN)
    results = Results("RWA", {}, {}, Evidence(public_rows({"policy": rows})))
    figures = KeyFigures(translator, Labels(load_codebook(CODEBOOK), translator), AREA, results)
    tile = figures._build_policy_tile(Markdown("items are in place"))
    assert tile is not None
    assert remove_addresses(tile.number) == f"1 of {len(answers)}"
    assert remove_addresses(tile.text) == f"items are in place; {rest}"
    assert ("count(RWA/policy/answer:_,RWA/policy/answer:not_known)" in tile.text) == (
        "judged" in rest
    )
