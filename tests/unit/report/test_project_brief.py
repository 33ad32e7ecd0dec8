"""The brief of the whole study says no more than the comparison bears."""

from pathlib import Path
from typing import Any

import pytest
from evidence_results import TABLES, public_rows, rows
from whole_per_cents_by_hand import DIFFERENCE, with_wholes

from disrupting_harm.report.documents.brief.country_text import TileText
from disrupting_harm.report.documents.brief.study import describe_company_reports, split_into_rows
from disrupting_harm.report.documents.brief.study_text import (
    describe_average,
    describe_broader_gap,
    describe_gap,
    describe_hidden,
    describe_pairs,
    describe_possible_first,
    describe_span,
    format_mean_tiles,
)
from disrupting_harm.report.findings.brief_definition import Brief, read_brief
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, Translator, build_english
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.study import load_study

BRIEF = Path(__file__).parents[3] / "config" / "brief.yaml"
NAMED = {
    "KEN": Markdown("Kenya"),
    "THA": Markdown("Thailand"),
    "UGA": Markdown("Uganda"),
    "ZAF": Markdown("South Africa"),
}
LEAD = "clear_examples"
Groups = tuple[Labels, tuple[str, ...]]


@pytest.fixture
def brief() -> Brief:
    return read_brief(BRIEF)


@pytest.fixture
def translator() -> Translator[Markdown]:
    return build_english().with_markup(MARKDOWN)


@pytest.fixture
def groups(translator: Translator[Markdown]) -> Groups:
    """Return the labels of the default study, and the domains of which it tests gaps."""
    study = load_study(BRIEF.parent / "config.yaml")
    return Labels(study.codebook, translator), study.config.comparison.gaps


def results(**tables: list[dict[str, Any]]) -> RegionalResults:
    return RegionalResults(
        public_rows(
            {name: [{"indicator": LEAD} | row for row in rows] for name, rows in tables.items()}
        )
    )


def rank(country: str, may: bool) -> dict[str, str]:
    return {"country": country, "method": METHOD, "scope": SCOPE, "may_be_highest": str(may)}


def difference(country: str, clear: str) -> dict[str, str]:
    levels = {"domain": "sex", "level_a": "girl", "level_b": "boy"}
    ends = {"ci_low": "-0.05", "ci_high": "0.152"}
    test = {"clear": clear, "p_holm": "0.02"} if clear else {"clear": "False", "p_holm": ""}
    own = {"country": country, "difference": "-0.1", **test}
    return PublicRow(
        with_wholes(levels | own | (ends if clear else dict.fromkeys(ends, "")), DIFFERENCE)
    )


def share(country: str, estimate: str, low: str = "", high: str = "") -> dict[str, str]:
    """A row of the comparison; without an estimate it has the bound "< 5"."""
    bound = {"bound_low": "0.0", "bound_high": "0.05"} if not estimate else {}
    empty = {"bound_low": "", "bound_high": ""}
    own = {"country": country, "estimate": estimate, "ci_low": low, "ci_high": high}
    return PublicRow(with_wholes(empty | own | bound))


def pooled(estimate: str) -> dict[str, str]:
    own = {"group": "all", "estimand": "equal_country", "countries": "2", "estimate": estimate}
    none = {"set_low": "", "set_high": "", "bounded": ""}
    return PublicRow(with_wholes(own | none | {"ci_low": estimate, "ci_high": estimate}))


RANGE = pooled("") | {
    **{"countries": "3", "bounded": "THA"},
    **{"set_low": "0.082", "set_high": "0.087", "ci_low": "0.076", "ci_high": "0.093"},
}  # fmt: skip

PRINTED = {
    "KEN": share("KEN", "0.171", "0.139", "0.208"),
    "UGA": share("UGA", "0.055", "0.04", "0.07"),
    "THA": share("THA", ""),
    "ZAF": share("ZAF", "0.4", "0.3", "0.5"),
}


def test_the_lead_spans_numbers_that_are_compared_and_no_other(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    names = NAMED, Markdown("children")
    said = remove_addresses(describe_span(brief, translator, PRINTED, {"ZAF"}, 4, *names))
    assert said.startswith("Depending on the country, about 6 to about 17 in 100")
    assert said.endswith("in the 2 of 4 countries with an estimate to compare.")
    assert describe_span(brief, translator, {"THA": PRINTED["THA"]}, set(), 1, *names) == ""


def test_one_country_alone_has_no_span(brief: Brief, translator: Translator[Markdown]) -> None:
    names = NAMED, Markdown("children")
    rows = {code: PRINTED[code] for code in ("KEN", "ZAF", "THA")}
    said = remove_addresses(describe_span(brief, translator, rows, {"ZAF"}, 3, *names))
    assert said.startswith("About 17 in 100 children in Kenya said")


def test_averages_of_which_a_hidden_country_makes_ranges_say_so(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    tables = {
        "prevalence": [*PRINTED.values()],
        "comparability": [{"country": "ZAF", "comparable": "no"}],
    }

    def said(*averages: dict[str, str], **other: list[dict[str, str]]) -> str:
        own = results(pooled=[*averages], **(tables | other))
        return remove_addresses(describe_hidden(brief, translator, own, NAMED))

    assert said(RANGE) == (
        "Averages of the main finding that include Thailand (below 5 per cent) are ranges, as this "
        "estimate is not printed."
    )
    assert said() == (
        "No average of the main finding is printed: too much of it would be the hidden share of "
        "Thailand (below 5 per cent)."
    )
    hidden = share("THA", "") | {"bound_low": "", "bound_high": ""}
    assert "that include Thailand are ranges" in said(RANGE, prevalence=[PRINTED["KEN"], hidden])
    above = hidden | {"bound_low": "0.95", "bound_high": "1.0"}
    assert "Thailand (above 95 per cent)" in said(RANGE, prevalence=[PRINTED["KEN"], above])
    assert said(pooled("0.11"), prevalence=[PRINTED["KEN"], PRINTED["ZAF"]]) == ""
    # A coded bound is one of the estimate, and no fact of the population.
    coded = RegionalResults(results(pooled=[RANGE], **tables).tables, coded=True)
    told = remove_addresses(describe_hidden(brief, translator, coded, NAMED))
    assert "Thailand (by the estimate fewer than 5 per cent)" in told
    # An average is no range because of a country that is in another one, or in none.
    assert said(pooled("0.11")) == ""


def test_an_average_that_is_a_range_has_its_decimals_and_no_estimate(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    child = RANGE | {"estimand": "population_weighted", "set_low": "0.08", "ci_low": "0.071"}
    both = remove_addresses(describe_average(brief, translator, results(pooled=[RANGE, child])))
    assert both == (
        "On average over the 3 countries compared it is between 8.2 and 8.7 per cent\u00a0"
        "(7.6–\u20609.3) where each country counts the same, and between 8.0 and 8.7 per cent\u00a0"
        "(7.1–\u20609.3) where each counts by its number of persons."
    )
    one = remove_addresses(describe_average(brief, translator, results(pooled=[RANGE])))
    assert one.endswith("it is between 8.2 and 8.7 per cent\u00a0(7.6–\u20609.3).")


def test_a_tile_names_who_counts_with_a_bound_alone(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    tile = brief.tiles[0].indicator
    own = results(pooled=[RANGE], prevalence=[PRINTED["KEN"], PRINTED["THA"]])
    for row in (*own.tables["pooled"], *own.tables["prevalence"]):
        row["indicator"] = tile
    (found,) = format_mean_tiles(brief, translator, own, NAMED)
    assert remove_addresses(found.text).endswith("; by a bound alone: Thailand (below 5 per cent)")
    assert remove_addresses(found.number).startswith("8.2–\u20608.7%")
    assert found.bar == ""


def test_pairs_are_counted_where_there_are_several(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    rows = [{"clear": "True"}, {"clear": "False"}, {"clear": "False"}]
    said = remove_addresses(describe_pairs(brief, translator, results(pairwise=rows)))
    assert said == "Tested together, 1 of the 3 pairs of countries clearly differ."
    assert describe_pairs(brief, translator, results(pairwise=rows[:1])) == ""


def test_who_may_stand_first_is_said_of_several_and_never_of_one(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    two = results(rank_sets=[rank("UGA", True), rank("KEN", True), rank("THA", False)])
    assert "compare, any of 2 may stand first: Kenya and Uganda" in remove_addresses(
        describe_possible_first(brief, translator, two, NAMED)
    )
    one = results(rank_sets=[rank("UGA", True), rank("KEN", False)])
    assert describe_possible_first(brief, translator, one, NAMED) == ""


def test_differences_are_told_of_tested_ones_alone(
    brief: Brief, translator: Translator[Markdown], groups: Groups
) -> None:
    none = results(
        gaps=[difference("KEN", "False"), difference("UGA", "False"), difference("THA", "")]
    )
    said = remove_addresses(describe_gap(brief, translator, none, *groups))
    assert said.startswith(
        "Girls and boys, “At least one of the four”: a clear difference in none of the 2 countries"
    )
    assert said.endswith("though a difference of up to 16 points would still fit.")
    some = results(gaps=[difference("KEN", "True"), difference("UGA", "False")])
    assert "in 1 of the 2 countries" in remove_addresses(
        describe_gap(brief, translator, some, *groups)
    )
    # Its own brief tells of one country.
    assert describe_gap(brief, translator, results(gaps=[difference("KEN", "True")]), *groups) == ""


def test_a_gap_that_only_the_wider_indicator_shows_is_told(
    brief: Brief, translator: Translator[Markdown], groups: Groups
) -> None:
    assert brief.lead.wider
    rows = [difference("KEN", "True"), difference("UGA", "False"), difference("THA", "")]
    own = results(gaps=[row | {"indicator": brief.lead.wider.indicator} for row in rows])
    said = remove_addresses(describe_broader_gap(brief, translator, own, NAMED, *groups))
    assert said.endswith(
        "clearly more said yes among boys than among girls in Kenya, of the 2 countries tested."
    )
    rows[0]["difference"] = "0.1"
    own = results(gaps=[row | {"indicator": brief.lead.wider.indicator} for row in rows])
    assert "among girls than among boys" in describe_broader_gap(
        brief, translator, own, NAMED, *groups
    )
    none = [row | {"indicator": brief.lead.wider.indicator} for row in rows[1:]]
    assert describe_broader_gap(brief, translator, results(gaps=none), NAMED, *groups) == ""


def test_groups_of_any_study_are_called_by_its_own_labels(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    """Three ages have three gaps: the first domain with two groups is told."""
    bands = {"domain": "age", "level_a": "old", "level_b": "young"}
    ages = [bands, bands | {"level_b": "middle"}]
    work = {"domain": "work", "level_a": "field", "level_b": "office"}
    own = results(
        gaps=[difference(code, "True") | of for of in (*ages, work) for code in ("KEN", "UGA")]
    )
    item = {"id": "work", "type": "choice", "values": ["field", "office"], "question": "Work"}
    labels = {"levels_label": {"field": "Field workers", "office": "Clerks"}}
    codebook = Codebook.model_validate(
        {
            "items": [item, {"id": "age", "type": "number", "question": "Age"}],
            "domains": [
                {"id": "total", "label": "All"},
                {"id": "age", "label": "Age", "item": "age", "bands": {"young": [1, 20]}},
                {"id": "work", "label": "Work", "item": "work", **labels},
            ],
            "modules": [{"id": "m", "label": "M"}],
            "indicators": [
                {
                    **{"id": LEAD, "module": "m", "label": "Pain"},
                    "numerator": [{"item": "work", "among": ["field"]}],
                }
            ],
        }
    )
    told = describe_gap(brief, translator, own, Labels(codebook, translator), ("age", "work"))
    assert remove_addresses(told) == (
        "Field workers and clerks, “At least one of the four”: a clear difference in 2 of the 2 "
        "countries tested."
    )
    assert f"gaps/indicator:{LEAD}/domain:work/level_a:field/level_b:office/clear:True" in told


def test_the_average_counts_each_country_the_same(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    limits = {"countries": "12", "ci_low": "0.098", "ci_high": "0.113"}
    # 10.5 as published, and 10 by its exact value.
    equal = PublicRow(with_wholes(pooled("0.105") | limits)) | {"whole": "10"}
    weighted = PublicRow(
        with_wholes(equal | {"estimand": "population_weighted", "estimate": "0.3"})
    )
    own = results(pooled=[weighted, equal])
    said = describe_average(brief, translator, own)
    assert "over the 12 countries" in said
    assert "it is 10%\u00a0(10–\u206011) where each country counts the same" in said
    assert "and 30%\u00a0(10–\u206011) where each counts by its number of persons." in said
    # That of other countries is no second weighting of these.
    other = weighted | {"countries": "11"}
    assert "number of persons" not in describe_average(
        brief, translator, results(pooled=[other, equal])
    )
    assert describe_average(brief, translator, results(pooled=[weighted])) == ""


@pytest.mark.parametrize(
    ("count", "rows"), [(0, []), (3, [3]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (8, [4, 4])]
)
def test_tiles_stand_in_even_rows_of_four_at_most(count: int, rows: list[int]) -> None:
    tiles = [TileText(Markdown(str(at)), Markdown("said"), "") for at in range(count)]
    found = split_into_rows(tiles)
    assert [len(row) for row in found] == rows
    assert [tile for row in found for tile in row] == tiles


def test_reports_of_companies_are_counts_and_no_rate(translator: Translator[Markdown]) -> None:
    said = remove_addresses(
        describe_company_reports(translator, Evidence(rows(TABLES)), {"KHM": "Cambodia"})
    )
    assert "NCMEC counted" in said
    assert "that it could place" in said
    assert "several children, or none" in said
    assert describe_company_reports(translator, Evidence({}), {"KHM": "Cambodia"}) == ""
