"""Recommendations: each rests on a number that is printed with its address, or is absent."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from evidence_results import public_rows, rows
from printed_bounds import bounds_of
from pydantic import ValidationError
from ranked_needs import with_needs
from whole_per_cents_by_hand import whole

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.tables import TABLES as READ
from disrupting_harm.reference.configuration_page import write_reference
from disrupting_harm.report.documents.databook.regional_needs import create_needs_sheet
from disrupting_harm.report.findings.actions import Action, describe_actions
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.conditions import (
    find_disputes,
    find_matching_rows,
    list_disputed_addresses,
    meets_condition,
)
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.needed_actions import find_needs
from disrupting_harm.report.findings.recommendations import (
    Condition,
    Recommendation,
    Recommendations,
    load_recommendations,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, PLAIN, Translator, build_english
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.needed_actions import group_needed_actions
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.study import load_study

CONFIG = Path(__file__).parents[3] / "config"
CODEBOOK = load_codebook(CONFIG / "indicators.yaml")
NAMES = {"population": Markdown("children"), "country": Markdown("Cambodia")}
QUALITY = {"confidence": 0.95}


def cell(shown: str, low: float | None = None, high: float | None = None, **more: Any) -> Cell:
    known = low is not None
    estimate = float(shown) / 100 if known else None
    values = {"n": 900, "estimate": estimate, "ci_low": low, "ci_high": high, "shown": shown}
    values |= {"status": "present", **bounds_of(shown)}
    if known:
        values["percent"] = PercentInterval(*(whole(share) or 0 for share in (estimate, low, high)))
    return Cell("knows_helpline", "total", "all", **values | more)


HELPLINE = {"indicator": "knows_helpline", "at_most": 0.5}
HEARD = "{share} of {population} have heard."
ENTRY = {"id": "act", "text": "Act on it.", "when": HELPLINE, "finding": HEARD}


def said(
    when: dict[str, Any], finding: str, cells: tuple[Cell, ...] = (), survey: bool = True,
    tables: Any = None, countries: tuple[str, ...] = (), disagreements: Sequence[Any] = (),
    plain_translator: Translator[str] | None = None,
) -> list[Action]:  # fmt: skip
    entry = {**ENTRY, "when": when, "finding": finding, "countries": countries}
    known = Recommendations.model_validate(
        {
            "groups": [
                {"id": "all", "owner": "All", "recommendations": [entry]},
            ],
            "disagreements": disagreements,
        }
    )
    translator = (plain_translator or build_english()).with_markup(MARKDOWN)
    evidence = Evidence(rows(tables or {}))
    results = Results(
        "KHM", {(c.indicator, c.domain, c.level): c for c in cells}, QUALITY, evidence
    )
    sentences = (
        CountrySentences(translator, Labels(CODEBOOK, translator), results, NAMES)
        if survey
        else None
    )
    return list(
        describe_actions(with_needs(results, known), translator, known, sentences, NAMES).all
    )


def test_a_recommendation_prints_its_number_and_its_address():
    (found,) = said(HELPLINE, HEARD, (cell("40.3", 0.364, 0.443),))
    assert found.title == "Act on it."
    assert found.here == (
        "40.3 per cent (95 per cent interval 36.4 to 44.3) of children have heard."
    )
    assert found.rows == ("KHM/knows_helpline",)


@pytest.mark.parametrize(
    ("points_low", "gap_low", "least"),
    [("3", "0.034", "3"), ("1", "0.01", "1"), ("0", "0.004", "0.4")],
)
def test_the_least_of_a_clear_gap_is_told_in_tenths_below_one(points_low, gap_low, least):
    heard = cell("40.3", 0.364, 0.443)
    known = Recommendations.model_validate(
        {"groups": [{"id": "all", "owner": "All", "recommendations": [ENTRY]}]}
    )
    translator = build_english().with_markup(MARKDOWN)
    results = Results("KHM", {(heard.indicator, "total", "all"): heard}, QUALITY)
    results = with_needs(results, known)
    need = results.comparison_rows["needs"][0]
    told = {"group": "start_here", "gap": "0.09", "points": "9", "clear": "True", "others": "5"}
    need.update(
        told, mean_whole_low="49", mean_whole_high="49", points_low=points_low, gap_low=gap_low
    )
    sentences = CountrySentences(translator, Labels(CODEBOOK, translator), results, NAMES)
    (action,) = describe_actions(results, translator, known, sentences, NAMES).all
    assert remove_addresses(action.gap_in_points) == (f"**9 points fewer here, at least {least}**")
    assert remove_addresses(action.gap) == f"**gap: 9 points, at least {least}**"
    # A gap of one point has no number of points beside its least.
    need["points"] = "1"
    (action,) = describe_actions(results, translator, known, sentences, NAMES).all
    points = "point" if points_low == "1" else "points"
    assert remove_addresses(action.gap) == f"**gap: at least {least} {points}**"


NOT_IN_PLACE = {"table": "policy", "where": {"answer": ["not_in_place"]}}
DISPUTE = {
    "id": "hotline_counts",
    "rows": {"table": "policy", "where": {"item": ["hotline"], "answer": ["not_in_place"]}},
    "against": {
        "table": "hotlines", "where": {"kind": ["hotline"]}, "column": "contacts", "at_least": 1,
    },
    "text": "Not in place: {rows}. Yet counted: {against}.",
}  # fmt: skip
COUNTED = {
    "kind": "hotline",
    "organisation": "A hotline",
    "measure": "reports_received",
    "year": 2019,
}


@pytest.mark.parametrize("contacts", [1328, ""])
def test_no_recommendation_rests_on_what_another_source_shows_to_exist(contacts: Any) -> None:
    tables = {**TABLES, "hotlines": [COUNTED | {"contacts": contacts}]}
    finding = "Not in place: {count} of {total}, {rows}."
    (found,) = said(
        NOT_IN_PLACE, finding, survey=False, tables=tables, disagreements=[DISPUTE]
    )  # fmt: skip
    told = remove_addresses(found.here)
    if contacts:
        assert found.rows == ("KHM/policy/industry/takedown/_",)
        assert told == "Not in place: 1 of 3, notice and takedown of material."
    else:  # a service that nobody counted is no sign that there is one
        assert len(found.rows) == 2
        assert told.startswith("Not in place: 2 of 3")


def test_an_action_is_simulated_where_any_of_its_rows_is() -> None:
    kinds = ("published", "simulated")
    reviewed = [row | {"data_kind": kinds[row["item"] == "hotline"]} for row in TABLES["policy"]]
    (found,) = said(NOT_IN_PLACE, "{rows}.", survey=False, tables={"policy": reviewed})
    assert found.simulated
    (found,) = said(NOT_IN_PLACE, "{rows}.", survey=False, tables={"policy": reviewed[1:]})
    assert not found.simulated


def test_a_report_says_on_what_its_sources_do_not_agree() -> None:
    known = Recommendations.model_validate({"disagreements": [DISPUTE]})
    tables = {**TABLES, "hotlines": [COUNTED | {"contacts": 1328}]}
    (found,) = find_disputes(known, Evidence(rows(tables)), build_english().with_markup(MARKDOWN))
    assert remove_addresses(found.sentence) == (
        "Not in place: a hotline for reports of material. Yet counted: A hotline; reports "
        "received: 1,328."
    )
    assert list_disputed_addresses([found]) == {"KHM/policy/societal/hotline/_"}


@pytest.mark.parametrize("kind", ["published", "simulated"])
def test_what_is_simulated_is_not_set_against_a_real_source_without_a_word(kind: str) -> None:
    known = Recommendations.model_validate({"disagreements": [DISPUTE]})
    tables = {
        "policy": [TABLES["policy"][0] | {"data_kind": "simulated"}],
        "hotlines": [COUNTED | {"contacts": 5, "data_kind": kind}],
    }
    results = Results("KHM", {}, QUALITY, Evidence(rows(tables)))
    translator = build_english().with_markup(MARKDOWN)
    actions = describe_actions(with_needs(results, known), translator, known, None, NAMES)
    (disputed,) = actions.disputed
    word = "What is simulated here says nothing against a real source."
    assert disputed.text.endswith(word) == (kind == "published")


def test_several_sources_against_the_same_rows_are_told_together() -> None:
    scored = {"table": "capacity", "where": {"item": ["unit_exists"]}}
    unit = DISPUTE | {"id": "unit", "against": scored, "text": "Assessed.", "owner": "The police"}
    known = Recommendations.model_validate(
        {"disagreements": [DISPUTE | {"owner": "The hotline"}, unit]}
    )
    assessed = [{"item": "unit_exists", "area": "unit", "score": 3}]
    tables = {**TABLES, "hotlines": [COUNTED | {"contacts": 5}], "capacity": assessed}
    results = Results("KHM", {}, QUALITY, Evidence(rows(tables)))
    translator = build_english().with_markup(MARKDOWN)
    actions = describe_actions(with_needs(results, known), translator, known, None, NAMES)
    (disputed,) = actions.disputed
    told = remove_addresses(disputed.text)
    assert told.startswith("Not in place: a hotline for reports of material. Yet counted: ")
    assert told.endswith(": 5. Assessed\\.")
    assert disputed.owner == "The hotline"


@pytest.mark.parametrize(
    ("item", "answer", "score", "sentence"),
    [
        ("law_enforcement", "in_place", 0, "are in place. The police assessment gives a special"),
        ("law_enforcement", "in_place", 2, ""),
        ("law_enforcement", "not_in_place", 3, "there are no dedicated police for this abuse. The"),
        ("law_enforcement", "not_in_place", 0, ""),
        (
            "child_helpline",
            "not_known",
            "",
            "A helpline for children counted 49,498 contacts in a year, although the review",
        ),
        ("child_helpline", "in_place", "", ""),
        (
            "hotline",
            "not_known",
            "",
            "A hotline for abuse material counted 654 reports in a year, although",
        ),
    ],
)
def test_the_study_frames_what_review_police_and_counts_do_not_say_alike(
    item: str, answer: str, score: Any, sentence: str
) -> None:
    known = load_recommendations(CONFIG / "recommendations.yaml", CODEBOOK)
    tables = {
        "policy": [{"item": item, "area": "a", "answer": answer}],
        "capacity": [{"item": "unit_exists", "area": "unit", "agency": "Police", "score": score}],
        "hotlines": [
            COUNTED | {"contacts": 654},
            COUNTED | {"kind": "helpline", "measure": "contacts_total", "contacts": 49498},
        ],
    }
    found = find_disputes(known, Evidence(rows(tables)), build_english().with_markup(MARKDOWN))
    assert len(found) == bool(sentence)
    for dispute in found:
        assert sentence in remove_addresses(dispute.sentence)
        assert dispute.disagreement.owner
        assert dispute.disagreement.first_step


def test_the_last_year_is_that_of_what_a_condition_names() -> None:
    known = Recommendations.model_validate({"disagreements": [DISPUTE]})
    later = COUNTED | {"kind": "helpline", "organisation": "A helpline", "year": 2020}
    tables = {**TABLES, "hotlines": [COUNTED | {"contacts": 1328}, later | {"contacts": 5}]}
    (found,) = find_disputes(known, Evidence(rows(tables)), build_english().with_markup(MARKDOWN))
    assert [row["year"] for row in found.against] == ["2019"]
    assert (
        len(find_disputes(known, Evidence(rows(TABLES)), build_english().with_markup(MARKDOWN)))
        == 0
    )
    # What was counted before the last year of its own kind is no sign of today.
    tables["hotlines"].append(COUNTED | {"year": 2020, "contacts": ""})
    assert find_disputes(known, Evidence(rows(tables)), build_english().with_markup(MARKDOWN)) == []


def test_a_table_without_a_column_that_a_condition_names_is_refused() -> None:
    found = rows(TABLES)
    for row in found["policy"]:
        del row["item"]
    when = Condition.model_validate({"table": "policy", "where": {"item": ["hotline"]}})
    with pytest.raises(StudyError, match="column 'item': it is missing"):
        find_matching_rows(when, public_rows(found)["policy"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"against": DISPUTE["rows"]}, "of two tables"),
        ({"text": "Not in place: {row}."}, "nothing fills '{row}'"),
    ],
)
def test_a_disagreement_is_of_two_tables_and_names_what_it_knows(change: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        Recommendations.model_validate({"disagreements": [DISPUTE | change]})


@pytest.mark.parametrize(
    "hidden",
    [
        cell("48.0", 0.45, 0.51),  # the interval passes the limit
        cell("60.0", 0.55, 0.65),
        cell("c", status="suppress_disclosure"),
        cell("*", status="suppress_reliability"),
        cell("> 95"),
    ],
)
def test_what_no_number_bears_is_absent(hidden):
    assert said(HELPLINE, HEARD, (hidden,)) == []


def test_a_printed_bound_bears_what_lies_beyond_it():
    (found,) = said(HELPLINE, HEARD, (cell("< 5"),))
    assert found.here == "fewer than 5 per cent of children have heard."
    assert meets_condition(
        cell("> 95"), Condition(indicator="knows_helpline", at_least=0.9), coded=False
    )
    assert not meets_condition(
        cell("> 95"), Condition(indicator="knows_helpline", at_least=0.96), coded=False
    )
    # A bound of the estimate tells nothing of the population.
    assert not meets_condition(
        cell("> 95"), Condition(indicator="knows_helpline", at_least=0.9), coded=True
    )


def test_without_a_survey_no_condition_on_an_indicator_is_met():
    assert said(HELPLINE, HEARD, survey=False) == []


@pytest.mark.parametrize(
    ("answer", "contacts", "actions"),
    [
        ("in_place", 9, ["make_helpline_known"]),
        ("partly", 9, ["make_helpline_known"]),
        ("not_known", "", ["settle_helpline"]),
        ("not_in_place", "", ["offer_helpline"]),
        # Where contacts were counted, sources disagree: the report settles that first.
        ("not_known", 9, []),
        ("not_in_place", 9, []),
        ("", "", ["make_helpline_known"]),  # no review
    ],
)
def test_a_helpline_is_made_known_only_where_no_review_denies_it(
    answer: str, contacts: Any, actions: list[str]
) -> None:
    known = load_recommendations(CONFIG / "recommendations.yaml", CODEBOOK)
    counted = {"kind": "helpline", "measure": "contacts_total", "contacts": contacts}
    tables = {"hotlines": [COUNTED | counted]}
    if answer:
        tables["policy"] = [{"item": "child_helpline", "area": "victim", "answer": answer}]
    share = cell("40.3", 0.364, 0.443)
    results = Results(
        "KHM", {("knows_helpline", "total", "all"): share}, QUALITY, Evidence(rows(tables))
    )
    assert [*find_needs({"KHM": results}, known, "simulated")["action"]] == actions
    for dispute in find_disputes(known, results.evidence, build_english().with_markup(MARKDOWN)):
        assert dispute.disagreement.first_step.startswith("Settle whether there is a helpline")


def test_a_recommendation_may_be_for_some_countries_only():
    known = (cell("40.3", 0.364, 0.443),)
    assert said(HELPLINE, HEARD, known, countries=("KEN",)) == []
    assert len(said(HELPLINE, HEARD, known, countries=("KEN", "KHM"))) == 1


TABLES = {
    "policy": [
        {"item": "hotline", "area": "societal", "answer": "not_in_place"},
        {"item": "takedown", "area": "industry", "answer": "not_in_place"},
        {"item": "legislation", "area": "policy", "answer": "in_place"},
    ],
    "offence_rates": [
        {"year": 2018, "category": "csea", "technology": "not_recorded", "offences": 295},
        {"year": 2019, "category": "csea", "technology": "not_recorded", "offences": 402},
        {"year": 2019, "offences": "", "status": "not_recorded"},
    ],
    "frontline": [{"item": "stigma_hinders", "answer": "agree", "count": 41, "share_percent": 82}],
    "justice": [
        {
            "role": "caregivers",
            "theme": "legal_aid",
            "interviews": 12,
            "mentioned": "",
            "band": "most_or_all",
            "status": "suppressed",
        },
        {"role": "caregivers", "theme": "long_procedure", "interviews": 25, "mentioned": 11},
        {
            "role": "survivors",
            "theme": "legal_aid",
            "mentioned": "",
            "band": "some",
            "status": "suppressed",
        },
        {
            "role": "survivors",
            "theme": "long_procedure",
            "mentioned": "",
            "band": "few_or_none",
            "status": "suppressed",
        },
    ],
    "capacity_needs": [
        {"area": "icse", "area_label": "Database", "rank_low": 1},
        {"area": "training", "area_label": "Training", "rank_low": 2},
    ],
}


@pytest.mark.parametrize(
    ("when", "shown", "addresses"),
    [
        (
            {"table": "policy", "where": {"answer": ["not_in_place"]}},
            "a hotline for reports of material; notice and takedown of material",
            ("KHM/policy/societal/hotline/_", "KHM/policy/industry/takedown/_"),
        ),
        (
            # Of the last year alone.
            {"table": "offence_rates", "column": "offences", "at_least": 1},
            "2019, other exploitation and abuse, reported (victims): 402",
            ("KHM/offence_rates/National_police/2019/csea/not_recorded/reported/victims",),
        ),
        (
            {"table": "offence_rates", "where": {"status": ["not_recorded"]}},
            "2019, online exploitation and abuse, reported (victims): not recorded",
            ("KHM/offence_rates/National_police/2019/ocsea/yes/reported/victims",),
        ),
        (
            {"table": "frontline", "where": {"item": ["stigma_hinders"]},
             "column": "share_percent", "at_least": 50},
            "“Stigma hinders reporting” answered with “Agree”: 41 of 50",
            ("KHM/frontline/stigma_hinders/agree",),
        ),
        (
            {"table": "justice", "column": "mentioned", "at_least": 1},
            # Each theme once; what may be none of ten is not said to have come up.
            "“Legal aid, had or missing” (caregivers: more than two thirds of 12; young survivors: "
            "a third to two thirds of 10) and “Procedures take long” (caregivers: 11 of 25)",
            ("KHM/justice/caregivers/legal_aid/_", "KHM/justice/caregivers/long_procedure/_",
             "KHM/justice/survivors/legal_aid/_"),
        ),
        (
            {"table": "capacity_needs", "where": {"rank_low": ["1"]}},
            "Database",
            ("KHM/capacity_needs/icse",),
        ),
    ],
)  # fmt: skip
def test_rows_of_evidence_are_printed_with_their_addresses(when, shown, addresses):
    (found,) = said(when, "Found: {rows}.", survey=False, tables=TABLES)
    assert found.rows == addresses
    assert found.here == f"Found: {shown}."


def test_a_condition_on_a_band_prints_the_band_that_it_reads():
    when = {"table": "justice", "where": {"theme": ["legal_aid"], "band": ["most_or_all"]}}
    (found,) = said(when, "Named by {number}.", survey=False, tables=TABLES)
    assert found.here == "Named by caregivers: more than two thirds of 12."
    assert found.rows == ("KHM/justice/caregivers/legal_aid/_",)


@pytest.mark.parametrize(
    "when",
    [
        {"table": "policy", "where": {"answer": ["partly"]}},
        {"table": "offence_rates", "column": "offences", "at_least": 403},
        {"table": "frontline", "column": "count", "at_most": 40},
        # A band meets a limit where all of it does.
        {
            "table": "justice",
            "where": {"role": ["survivors"]},
            "column": "mentioned",
            "at_least": 4,
        },
        {"table": "justice", "column": "mentioned", "at_most": 3},
        {"table": "hotlines", "where": {"status": ["not_recorded"]}},
    ],
)
def test_conditions_on_evidence_that_nothing_meets(when):
    assert said(when, "Found: {rows}.", survey=False, tables=TABLES) == []


WORKERS = {"table": "frontline", "where": {"item": ["stigma_hinders"], "answer": ["agree"]}}


@pytest.mark.parametrize(
    ("count", "band", "told"),
    [
        (41, "most_or_all", "41 of 50"),
        ("", "some", "a third to two thirds of 50"),
        ("", "most_or_all", "more than two thirds of 50"),
    ],
)
def test_workers_of_one_answer_are_told_in_plain_words(count, band, told):
    row = {"item": "stigma_hinders", "answer": "agree", "count": count, "band": band}
    (found,) = said(WORKERS, "{workers} workers.", survey=False, tables={"frontline": [row]})
    assert found.here == f"{told} workers."


def test_a_finding_says_how_many_rows_there_are_and_of_how_many():
    when = {"table": "policy", "where": {"answer": ["not_in_place"]}}
    finding = "{count} of {total}: {rows}."
    (found,) = said(when, finding, survey=False, tables=TABLES)
    told = "2 of 3: a hotline for reports of material; notice and takedown of material."
    assert remove_addresses(found.here) == told
    assert "count(KHM/policy)" in found.here


def test_words_of_the_file_are_printed_letter_by_letter_and_translated():
    known = (cell("40.3", 0.364, 0.443),)
    finding = "*{share}* of {population} <b>[x](y)"
    (plain,) = said(HELPLINE, finding, known)
    assert plain.here.startswith(r"\*40.3 per cent")
    assert plain.here.endswith(r"\* of children \<b\>\[x\](y)")
    plain_translator = Translator(
        "en", {"*{share}* of {population}.": "{population}: *{share}*"}, PLAIN
    )
    (found,) = said(
        HELPLINE, "*{share}* of {population}.", known, plain_translator=plain_translator
    )
    assert re.match(r"children: \\\*40.3 per cent", found.here)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({}, "names an 'indicator' or a 'table'"),
        ({"indicator": "a", "table": "policy", "at_most": 0.5}, "and not both"),
        ({"indicator": "a"}, "needs 'at_most' or 'at_least'"),
        ({"indicator": "a", "at_most": 50}, "proportions between 0 and 1"),
        ({"indicator": "a", "at_most": 0.5, "column": "n"}, "are of tables"),
        ({"table": "police", "where": {"x": ["y"]}}, "'police' is none of cybertips"),
        ({"table": "policy", "where": {"answr": ["partly"]}}, "'where' names 'answr'"),
        ({"table": "policy", "column": "item", "at_most": 1}, "'item' is no number of 'policy'"),
        ({"table": "capacity", "column": "score"}, "belong together"),
        ({"table": "capacity", "at_most": 1}, "belong together"),
        ({"table": "capacity"}, "needs 'where'"),
    ],
)
def test_faulty_conditions_are_refused(when, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        Condition.model_validate(when)


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        ("Nothing.", "prints no number; it needs {share}"),
        ("{share} {rows}", "nothing fills"),
        ("{share} {{< include x >}}", "nothing fills"),
    ],
)
def test_a_finding_cites_its_number(finding, message):
    entry = {"id": "act", "text": "Act on it.", "when": HELPLINE, "finding": finding}
    with pytest.raises(ValidationError, match=re.escape(message)):
        Recommendation.model_validate(entry)


def test_an_indicator_that_the_codebook_lacks_is_named(tmp_path):
    text = (CONFIG / "recommendations.yaml").read_text(encoding="utf-8")
    path = tmp_path / "recommendations.yaml"
    path.write_text(text.replace("knows_helpline", "knows_helplin"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"recommendation 'make_helpline_known'.*no indicator"):
        load_recommendations(path, CODEBOOK)
    path.write_text(text.replace("knows_helpline", "mean_hours_online"), encoding="utf-8")
    with pytest.raises(StudyError, match="is no proportion"):
        load_recommendations(path, CODEBOOK)


def test_the_studys_own_file_names_items_that_exist():
    study = load_study(CONFIG / "config.yaml")
    path = study.resolve(study.config.report.recommendations)
    found = load_recommendations(path, study.codebook)
    from disrupting_harm.evidence.capacity_areas import load_capacity_areas
    from disrupting_harm.evidence.policy_items import POLICY_ITEMS

    known = {
        "capacity": load_capacity_areas(CONFIG / "evidence" / "capacity.yaml").items,
        "policy": POLICY_ITEMS,
    }
    named = [
        (entry.when.table, item)
        for group in found.groups
        for entry in group.recommendations
        for item in entry.when.where.get("item", ())
        if entry.when.table in known
    ]
    assert named
    assert all(item in known[str(table)] for table, item in named)
    # Whatever the review of law and policy calls not in place, a country is told to do.
    asked = {item for table, item in named if table == "policy"}
    assert set(POLICY_ITEMS) == asked, f"without an action: {set(POLICY_ITEMS) - asked}"


def test_the_pages_made_from_the_models_are_up_to_date(tmp_path):
    files = {name: table.file for name, table in READ.items()}
    models = (Recommendations, Findings, Brief)
    write_reference(tmp_path / "configuration.md", tmp_path / "schema.json", files, models)
    for name, kept in (
        ("configuration.md", CONFIG.parent / "docs" / "configuration.md"),
        ("schema.json", CONFIG / "schema.json"),
        ("recommendations.schema.json", CONFIG / "recommendations.schema.json"),
        ("findings.schema.json", CONFIG / "findings.schema.json"),
    ):
        assert (tmp_path / name).read_bytes() == kept.read_bytes(), f"{name}: run `make docs`"


def test_a_need_whose_action_the_study_does_not_have_is_refused() -> None:
    """Reports, briefs, the regional report and its data book read the same rows."""
    row = {"country": "KHM", "action": "acts", "group": "start_here"}
    needs = [PublicRow(row)]
    known = Recommendations.model_validate({"groups": [{"id": "all", "recommendations": [ENTRY]}]})
    translator = build_english().with_markup(MARKDOWN)
    results = Results("KHM", {}, QUALITY, comparison_rows={"needs": needs})
    wording = ComparisonFormatter(translator, Labels(CODEBOOK, translator), RegionalResults({}), {})
    for read in (
        lambda: describe_actions(results, translator, known, None, NAMES),
        lambda: group_needed_actions(needs, ["act"], 3),
        lambda: create_needs_sheet(wording, needs, known, ""),
    ):
        with pytest.raises(StudyError) as raised:
            read()
        assert raised.value.where == "comparison/needs.csv, row of KHM, column 'action'"
        assert raised.value.found == "the study's file of recommendations has no action 'acts'"
        assert raised.value.remedy.startswith("Did you mean 'act'? Run the stage 'needs' again")
