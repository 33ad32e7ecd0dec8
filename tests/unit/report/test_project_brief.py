"""The brief of the whole study says no more than the comparison bears."""

from pathlib import Path
from typing import Any

import pytest
from evidence_results import TABLES, public_rows, rows
from whole_per_cents_by_hand import DIFFERENCE, with_wholes

from disrupting_harm.report.documents.brief.brief_actions import list_common_needs
from disrupting_harm.report.documents.brief.study import describe_company_reports
from disrupting_harm.report.documents.brief.study_notes import describe_reasons_apart
from disrupting_harm.report.documents.brief.study_text import (
    describe_gap,
    describe_levels,
    describe_pairs,
    describe_total,
    format_mean_tiles,
    format_title_of_all,
)
from disrupting_harm.report.documents.regional.actions import answer_what_to_do
from disrupting_harm.report.findings.brief_definition import Brief, read_brief
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    Translator,
    build_english,
    load_translator,
)
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
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


def printed_cell(indicator: str, percent: int | None) -> Cell:
    """A printed share of a whole country; None: it is hidden."""
    whole = None if percent is None else PercentInterval(percent, percent - 2, percent + 2)
    return Cell(indicator, "total", "all", 900, None, None, None, "", "present", percent=whole)


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


POPULATION = Markdown("young people")
APART = {"country": "ZAF", "comparable": "no"}
TOTAL = {
    "group": "all", "countries": "3", "children": "", "set_low": "6200000", "set_high": "6500000",
    "children_low": "5600000", "children_high": "7200000", "bounded": "THA",
}  # fmt: skip


def test_the_lead_is_the_number_of_children_or_what_it_lies_between(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    def said(**changes: str) -> str:
        table = results(total=[TOTAL | changes], comparability=[APART])
        told = describe_total(brief, translator, table, PRINTED, NAMED, POPULATION)
        return remove_addresses(" ".join(told))

    counted = (
        "Not in this total: South Africa. "
        "Of Thailand only a bound is printed, and the total allows for it."
    )
    # One range: the other one stands beside its reason.
    assert said() == (
        "Going by what children said, between 5.6 million and 7.2 million children in 3 countries "
        f"were sexually exploited or abused online in the past year. {counted}"
    )
    known = {"children": "6300000", "set_low": "", "set_high": "", "bounded": ""}
    assert said(**known).startswith("Going by what children said, about 6.3 million children in 3")
    assert said(**known).endswith(
        "Its range is from 5.6 million to 7.2 million. "
        "Not in this total: Thailand and South Africa."
    )
    assert said(**dict.fromkeys(("children", "set_low", "set_high", "children_low"), "")) == ""
    assert describe_total(brief, translator, results(), PRINTED, NAMED, POPULATION) == []
    # Where each country has a number to compare, nothing needs a reason.
    compared, named = ({code: of[code] for code in ("KEN", "UGA")} for of in (PRINTED, NAMED))
    total = results(total=[TOTAL])
    sentences = describe_total(brief, translator, total, compared, named, POPULATION)
    assert len(sentences) == 1


def test_the_total_says_what_share_of_all_it_is(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    by_child = RANGE | {"estimand": "population_weighted", "indicator": brief.lead.indicator}
    table = results(total=[TOTAL], comparability=[APART], pooled=[by_child])
    told = describe_total(brief, translator, table, PRINTED, NAMED, POPULATION)
    assert remove_addresses(told[1]) == (
        "That is 7.6 to 9.3 per cent of all young people there, taking the number of internet "
        "users as exact."
    )


def test_what_nearly_all_countries_need_is_what_the_regional_report_says(
    translator: Translator[Markdown],
) -> None:
    """All or all but one, as its heading says; an action of two in four countries is not there."""
    recommendations = load_recommendations(
        BRIEF.parent / "recommendations.yaml", load_study(BRIEF.parent / "config.yaml").codebook
    )
    everywhere, all_but_one, few = (action.id for _, action in recommendations.actions[:3])
    countries = [*NAMED]
    needed = {few: countries[:2], all_but_one: countries[:3], everywhere: countries}
    needs = public_rows(
        {
            "needs": [
                {
                    **{"country": country, "action": action, "group": "", "kind": "need"},
                    **{"needed_in": str(len(codes)), "left_out": ""},
                }
                for action, codes in needed.items()
                for country in codes
            ]
        }
    )
    told, taught = "received_safety_information", "received_sex_education"
    percents = dict(zip(countries, (37, 48, 40, 9), strict=True))
    results_of_all = {
        code: Results(
            code,
            {
                (told, "total", "all"): printed_cell(told, percent),
                # Where one number is hidden, none is told of all.
                (taught, "total", "all"): printed_cell(
                    taught, None if code == countries[0] else percent
                ),
            },
            {},
        )
        for code, percent in percents.items()
    }
    listed = list_common_needs(
        RegionalResults(needs), recommendations, translator, NAMED, 4, results_of_all
    )
    titles = {action.id: action.text.rstrip(".") for _, action in recommendations.actions}
    assert [need.title for need in listed] == [titles[everywhere], titles[all_but_one]]
    assert [need.reason for need in listed] == [
        "9% to 48% were ever told. Mark: below half.",
        "Mark: below half.",
    ]
    # Of those that do not need it, one has a printed number, and the other none.
    assert [remove_addresses(need.needed) for need in listed] == [
        "4 of 4",
        "3 of 4 (not clear: South Africa)",
    ]
    results_of_all["ZAF"].cells[taught, "total", "all"] = printed_cell(taught, None)
    *_, hidden = list_common_needs(
        RegionalResults(needs), recommendations, translator, NAMED, 4, results_of_all
    )
    assert remove_addresses(hidden.needed) == "3 of 4 (South Africa: not known, or not shown)"
    answer = answer_what_to_do(translator, needs["needs"], recommendations, 4)
    assert answer is not None
    assert remove_addresses(answer.lead).startswith(f"{len(listed)} actions are needed nearly")


def test_the_levels_span_numbers_that_are_compared_and_no_other(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    names = NAMED, Markdown("children")
    said = remove_addresses(describe_levels(brief, translator, PRINTED, {"ZAF"}, *names))
    assert said.startswith("Where numbers can be compared, 6 to 17 of every 100 children")
    assert describe_levels(brief, translator, {"THA": PRINTED["THA"]}, set(), *names) == ""


def test_one_country_alone_has_no_levels(brief: Brief, translator: Translator[Markdown]) -> None:
    names = NAMED, Markdown("children")
    rows = {code: PRINTED[code] for code in ("KEN", "ZAF", "THA")}
    said = remove_addresses(describe_levels(brief, translator, rows, {"ZAF"}, *names))
    assert said.startswith("About 1 in 6 children aged 12–17 who use the internet in Kenya told")


def test_the_picture_of_all_says_what_each_number_bears(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    def title(*changes: dict[str, str]) -> str:
        rows = PRINTED | {row["country"]: row for row in changes}
        return remove_addresses(format_title_of_all(brief, translator, rows, {"ZAF"}))

    assert title() == (
        "Sexually exploited or abused online: 6 to 17 of 100 children, where comparable"
    )
    for country in ("UGA", "ZAF"):  # of one that is set apart there is a number, too
        assert title(share(country, "0.01", "0.002", "0.02")) == "What others did to children"


def test_a_tile_names_who_counts_with_a_bound_alone(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    tile = brief.tiles[0].tiles[0].indicator
    own = results(pooled=[RANGE], prevalence=[PRINTED["KEN"], PRINTED["THA"]])
    for row in (*own.tables["pooled"], *own.tables["prevalence"]):
        row["indicator"] = tile
    (group,) = format_mean_tiles(brief, translator, own, NAMED)
    assert group.base == brief.tiles[0].base.replace("*", "\\*")
    (found,) = group.tiles
    assert remove_addresses(found.text).endswith("; by a bound alone: Thailand (below 5 per cent)")
    assert remove_addresses(found.number).startswith("8.2–\u20608.7%")
    assert found.bar == ""


def test_pairs_are_counted_where_there_are_several(
    brief: Brief, translator: Translator[Markdown]
) -> None:
    rows = [{"clear": "True"}, {"clear": "False"}, {"clear": "False"}]
    said = remove_addresses(describe_pairs(brief, translator, results(pairwise=rows)))
    assert said == "Of 3 pairs of countries, 2 cannot be told apart."
    assert describe_pairs(brief, translator, results(pairwise=rows[:1])) == ""


def test_differences_are_told_of_tested_ones_alone(
    brief: Brief, translator: Translator[Markdown], groups: Groups
) -> None:
    none = results(
        gaps=[difference("KEN", "False"), difference("UGA", "False"), difference("THA", "")]
    )
    said = remove_addresses(describe_gap(brief, translator, none, *groups))
    assert said == (
        "Girls and boys: no clear difference in the main number in any of the 2 countries that "
        "print a number for both. A gap of up to 16 points is still possible."
    )
    some = results(gaps=[difference("KEN", "True"), difference("UGA", "False")])
    assert "in 1 of the 2 countries" in remove_addresses(
        describe_gap(brief, translator, some, *groups)
    )
    # Its own brief tells of one country.
    assert describe_gap(brief, translator, results(gaps=[difference("KEN", "True")]), *groups) == ""


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
        "Field workers and clerks: a clear difference in the main number in 2 of the 2 countries "
        "that print a number for both."
    )
    assert f"gaps/indicator:{LEAD}/domain:work/level_a:field/level_b:office/clear:True" in told


def test_reports_of_companies_are_counts_and_no_rate(translator: Translator[Markdown]) -> None:
    said = remove_addresses(
        describe_company_reports(translator, Evidence(rows(TABLES)), {"KHM": "Cambodia"})
    )
    assert "NCMEC counted" in said
    assert "that it could place" in said
    assert "A report is not a child" in said
    # A later year counts two classes: who compares the papers has to know.
    assert said.count("Later reports are counted in another way.") == 1
    assert describe_company_reports(translator, Evidence({}), {"KHM": "Cambodia"}) == ""


def test_a_country_that_is_set_apart_begins_its_sentence_in_each_language() -> None:
    """Portuguese names have an article, which is small inside a sentence alone."""
    row = APART | {"indicator": LEAD, "reason": "another survey"}
    translator = load_translator("pt", BRIEF.parents[1] / "workflow" / "templates" / "locale")
    names = {"ZAF": Markdown("a África do Sul")}
    told = describe_reasons_apart(
        translator.with_markup(MARKDOWN), results(comparability=[row]), LEAD, names
    )
    assert told.startswith("A África do Sul")
