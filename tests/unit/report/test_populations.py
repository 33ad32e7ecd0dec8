"""Numbers of children and of those online have a source each, and what is invented says so."""

from pathlib import Path
from typing import Any

import pytest
from evidence_results import public_rows
from whole_per_cents_by_hand import with_wholes

from disrupting_harm.report.documents.brief.country_text import _describe_uncovered
from disrupting_harm.report.documents.brief.study import describe_company_reports
from disrupting_harm.report.documents.brief.study_notes import (
    describe_population_sources,
    describe_reasons_apart,
    describe_sources,
)
from disrupting_harm.report.documents.regional.averages import (
    answer_how_many,
    format_span_of_children,
)
from disrupting_harm.report.documents.regional.headline_indicator import HeadlineIndicator
from disrupting_harm.report.documents.regional.questions import answer_of_whom
from disrupting_harm.report.documents.regional.tables import note_internet_use
from disrupting_harm.report.findings.country_sentences import describe_children
from disrupting_harm.report.findings.definition import NumberTile
from disrupting_harm.report.findings.key_figures import KeyFigures
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.populations import (
    describe_children_and_use,
    find_invented_use,
    find_sources_of_use,
)
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.study.study import load_study

CONFIG = Path(__file__).parents[3] / "config"
INVENTED = "invented for the simulation; no figure of the study is published"
CENSUS, ROSTER = "A census", "A roster"
NAMES = {"KEN": Markdown("Kenya"), "RWA": Markdown("Rwanda"), "THA": Markdown("Thailand")}
LEAD = "clear_examples"
TEXT = build_english("countries", "children").with_markup(MARKDOWN)


def area(children: str | None, use: str | None, **more: Any) -> Country:
    row = {
        "country": "RWA", "name": "Rwanda", "languages": "en", "children": 1743000,
        "children_source": children, "internet_use_rate": 0.3, "internet_use_source": use,
    }  # fmt: skip
    return Country.model_validate(row | more)


def said(*sources: str) -> str:
    return remove_addresses(describe_children_and_use(TEXT, area(*sources), Markdown("Rwanda")))


def test_one_source_of_both_numbers_is_named_once() -> None:
    assert said(CENSUS, CENSUS) == (
        "1,743,000 children aged 12-17 live in Rwanda, and 30 per cent of them use the internet "
        "(source: A census)."
    )


def test_two_sources_are_named_beside_their_numbers() -> None:
    assert said(CENSUS, ROSTER) == (
        "1,743,000 children aged 12-17 live in Rwanda (source: A census). 30 per cent of them use "
        "the internet (source: A roster)."
    )


@pytest.mark.parametrize("use", [INVENTED, "Invented for an example"])
def test_an_invented_rate_has_no_source(use: str) -> None:
    assert said(CENSUS, use) == (
        "1,743,000 children aged 12-17 live in Rwanda (source: A census). How many of them use the "
        "internet is invented for this simulation: 30 per cent."
    )


def test_two_invented_numbers_are_each_said_to_be_so() -> None:
    assert said(INVENTED, INVENTED).count("is invented for this simulation") == 2
    assert "source" not in said(INVENTED, INVENTED)


def test_without_one_of_the_numbers_nothing_is_said() -> None:
    row = area(CENSUS, None, internet_use_rate=None)
    assert describe_children_and_use(TEXT, row, Markdown("Rwanda")) == ""


def test_no_country_of_the_study_has_the_source_of_one_number_at_the_other() -> None:
    countries = load_study(CONFIG / "config.yaml").countries.values()
    assert any(is_invented(row.internet_use_source) for row in countries)
    for row in countries:
        told = remove_addresses(describe_children_and_use(TEXT, row, Markdown(row.name)))
        online = told.partition(" live in ")[2]
        if is_invented(row.internet_use_source):
            assert told.endswith(f"invented for this simulation: {_percent(row)} per cent.")
        elif row.internet_use_source != row.children_source:
            assert f"{_percent(row)} per cent of them use the internet (source: " in online


def _percent(row: Country) -> int:
    return round(100 * (row.internet_use_rate or 0))


def denominators(country: str, use: str, **more: str) -> dict[str, str]:
    row = {
        "indicator": LEAD, "country": country, "denominator": "all_children", "estimate": "0.02",
        "ci_low": "0.01", "ci_high": "0.03", "rank_low": "1", "rank_high": "2",
        "children": "35000", "children_low": "25000", "children_high": "47000",
        "population": "522900", "population_source": CENSUS, "internet_use_source": use,
        "rate_uncertainty": "invented",
    }  # fmt: skip
    return PublicRow(with_wholes(row | more))


@pytest.mark.parametrize("use", [INVENTED, ROSTER])
def test_a_number_of_children_says_that_it_rests_on_an_invented_rate(use: str) -> None:
    told = remove_addresses(describe_children(TEXT, denominators("RWA", use)))
    assert told.startswith("That means about **35,000 children** (25,000\u00a0to\u00a047,000).")
    note = "How many use the internet is invented for this simulation."
    assert told.endswith(note) is is_invented(use)


@pytest.mark.parametrize("use", [INVENTED, ROSTER])
def test_who_was_not_asked_and_how_many_are_online_say_so_too(use: str) -> None:
    assert (
        "70 of 100, invented" in remove_addresses(_describe_uncovered(area(CENSUS, use), TEXT))
    ) is (is_invented(use))
    labels = Labels(load_codebook(CONFIG / "indicators.yaml"), TEXT)
    figures = KeyFigures(TEXT, labels, area(CENSUS, use), Results.__new__(Results))
    tile = figures._build_tile(NumberTile(count="online", text="use the internet"))
    assert tile is not None
    assert remove_addresses(tile.number) == "520,000"
    ending = ", invented for this simulation" if is_invented(use) else ""
    assert remove_addresses(tile.text) == f"use the internet: 30 of 100{ending}"


def wording(**tables: list[dict[str, str]]) -> ComparisonFormatter:
    labels = Labels(load_codebook(CONFIG / "indicators.yaml"), TEXT)
    return ComparisonFormatter(TEXT, labels, RegionalResults(public_rows(tables)), NAMES)


def subject(*rows: dict[str, str], **other: str) -> HeadlineIndicator:
    users = [row | {"denominator": "internet_using_children"} for row in rows]
    total = {
        **{"indicator": LEAD, "group": "all", "countries": "2", "children": "300000"},
        **{"children_low": "200000", "children_high": "400000", "added": "RWA KEN", "bounded": ""},
        **other,
    }
    tables: dict[str, list[dict[str, str]]] = {"prevalence": [], "comparability": [], "pooled": []}
    own = wording(denominators=[*users, *rows], total=[total], **tables)
    return HeadlineIndicator(own, LEAD, Markdown("said so"), Markdown("children"))


ROWS = (denominators("RWA", INVENTED), denominators("KEN", ROSTER))


def test_the_regional_report_names_whose_share_online_is_invented() -> None:
    added_up = remove_addresses(answer_how_many(subject(*ROWS), Markdown("?")).paragraphs[0])
    assert added_up.endswith("The share of children online is invented for Rwanda.")
    answer = answer_of_whom(subject(*ROWS))
    assert answer is not None
    assert "of Rwanda that is invented for this simulation, and so are the margins" in answer.sure
    sourced = subject(*(row | {"internet_use_source": ROSTER} for row in ROWS))
    assert "invented for Rwanda" not in answer_how_many(sourced, Markdown("?")).paragraphs[0]


def test_the_share_online_of_who_counts_with_a_bound_is_told_to_be_invented_too() -> None:
    other = denominators("RWA", INVENTED) | {"indicator": "another"}
    shown = [denominators("KEN", ROSTER), other]
    only_bound = {"added": "KEN", "bounded": "RWA", "children": ""}
    limits = {"set_low": "6200000", "set_high": "6500000"}
    own = subject(*shown, **only_bound, **limits)
    said = remove_addresses(answer_how_many(own, Markdown("?")).paragraphs[0])
    assert said.endswith("The share of children online is invented for Rwanda.")
    (total,) = own.rows("total")
    assert remove_addresses(format_span_of_children(own, total)) == "6.2 million–\u20606.5 million"
    wide = PublicRow(total | {"set_low": "900000", "set_high": "1200000"})
    assert remove_addresses(format_span_of_children(own, wide)) == "900,000–\u20601.2 million"


def test_tables_name_the_sources_of_both_numbers() -> None:
    own = wording()
    assert note_internet_use(own, ROWS) == [
        "Shares of them online: A roster.",
        "The share online of Rwanda is invented for this simulation.",
    ]
    # A row without a number of children rests on no share.
    assert note_internet_use(own, [ROWS[0] | {"children": ""}]) == []
    assert find_invented_use(ROWS) == ["RWA"]
    assert find_sources_of_use(ROWS) == [ROSTER]


def evidence(kind: str) -> Evidence:
    reports = {
        "country": "KEN", "year": "2023", "reports": "46030", "class": "unsplit",
        "counted_by": "NCMEC", "source": "NCMEC, by country", "data_kind": kind,
    }  # fmt: skip
    review = {"country": "KEN", "data_kind": "simulated", "source": "a review"}
    return Evidence(public_rows({"cybertips": [reports], "policy": [review]}))


def test_the_project_brief_tells_published_numbers_from_simulated_ones() -> None:
    found = evidence("published")
    named = {"KEN": "Kenya"}
    told = remove_addresses(describe_company_reports(TEXT, found, named, simulated=True))
    assert "These counts are published, not simulated." in told
    assert "published" not in describe_company_reports(TEXT, found, named)
    assert "published" not in describe_company_reports(
        TEXT, evidence("simulated"), named, simulated=True
    )
    survey = Markdown("household survey")
    assert describe_sources(TEXT, survey, True, found, found.rows("cybertips")) == (
        "household survey (simulated); reviews of policy, and records of police and services "
        "(simulated); NCMEC (published counts)"
    )
    invented = evidence("simulated").rows("cybertips")
    named_simulated = describe_sources(TEXT, survey, True, Evidence({}), invented)
    assert named_simulated == "household survey (simulated); NCMEC (simulated)"
    assert describe_sources(TEXT, survey, False, Evidence({}), []) == "household survey"


def test_the_project_brief_says_whose_internet_use_is_invented() -> None:
    mean = {
        "indicator": LEAD, "group": "all", "estimand": "population_weighted", "countries": "2",
        "estimate": "0.1", "set_low": "",
    }  # fmt: skip
    own = RegionalResults(public_rows({"denominators": list(ROWS), "pooled": [mean]}))
    sources = "Sources on children and internet use: regional report"
    invented = "internet use in Rwanda is invented for this simulation."
    assert describe_population_sources(TEXT, own, LEAD, NAMES) == f"{sources}; {invented}"
    sourced = RegionalResults(public_rows({"denominators": [ROWS[1]], "pooled": [mean]}))
    assert describe_population_sources(TEXT, sourced, LEAD, NAMES) == f"{sources}."
    assert (
        describe_population_sources(
            TEXT, RegionalResults(public_rows({"denominators": list(ROWS)})), LEAD, NAMES
        )
        == ""
    )


def test_the_project_brief_names_who_is_set_apart() -> None:
    rows = [
        {"indicator": LEAD, "country": "THA", "comparable": "no", "reason": "other ages"},
        {"indicator": LEAD, "country": "KEN", "comparable": "yes", "reason": ""},
        {"indicator": LEAD, "country": "RWA", "comparable": "no", "reason": UNASKED_REASON},
    ]
    own = RegionalResults(public_rows({"comparability": rows}))
    assert (
        describe_reasons_apart(TEXT, own, LEAD, NAMES)
        == "Thailand: not compared. Reason: other ages."
    )
    assert describe_reasons_apart(TEXT, RegionalResults({}), LEAD, NAMES) == ""
