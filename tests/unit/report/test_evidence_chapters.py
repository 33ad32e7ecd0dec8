"""Chapters on evidence: gaps apart from zeros, nothing simulated unsaid, nothing empty."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence_results import GOING_ON, TABLES, write_evidence
from public_results import write_public
from rendering_sample import SETTINGS
from test_documents import AREA, FINDINGS, ROOT, TEMPLATES, chapter, finding, tables

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.evidence.capacity import Capacity
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.markdown import without_addresses
from disrupting_harm.report.language.translator import load_words
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.report.rendering import lint
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import NO_SURVEY

RECOMMENDATIONS = ROOT / "config" / "recommendations.yaml"
SURVEY = ("survey",)
Fill = Callable[..., str]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Return the report of a study with or without a survey and with some tables of evidence."""

    def filled(
        survey: bool,
        evidence: dict[str, Any],
        recommending: bool = True,
        templates: Path = TEMPLATES,
        without: str = "",
        **study: Any,
    ) -> str:
        public = tmp_path / "public"
        shutil.rmtree(public, ignore_errors=True)
        config = load_configuration(ROOT / "config" / "config.yaml")
        codebook = load_codebook(ROOT / "config" / "indicators.yaml") if survey else NO_SURVEY
        figures = public / "figures" / "KHM" / "en"
        if survey:
            write_public(public, codebook, [], "en")
            (public / "evidence" / "cybertips.csv").unlink()
        else:
            write_json(figures / "figures.json", [])
        write_evidence(public, evidence)
        changes = {"study": config.study.model_copy(update=study)}
        source = write_source(
            Country.model_validate(AREA),
            config.model_copy(update=changes | ({} if survey else {"codebook": None})),
            codebook,
            read_results("KHM", public, has_survey=survey),
            "en",
            figures=figures,
            templates=templates,
            folder=tmp_path / "report",
            recommendations=load_recommendations(RECOMMENDATIONS) if recommending else None,
            findings=_without(load_findings(FINDINGS, codebook), without),
        )
        return without_addresses(source.read_text(encoding="utf-8"))

    return filled


def _without(findings: Findings, kind: str) -> Findings:
    """Return findings of a study that tells of one kind of evidence less."""
    chapters = [
        chapter.model_copy(
            update={"findings": tuple(each for each in chapter.findings if each.evidence != kind)}
        )
        for chapter in findings.chapters
    ]
    return findings.model_copy(update={"chapters": tuple(chapters)}) if kind else findings


@pytest.fixture
def list_tables(fill: Fill, tmp_path: Path) -> Fill:
    """Return a document of all tables of the evidence of a study without a survey."""

    def filled(evidence: dict[str, Any]) -> str:
        templates = tmp_path / "templates"
        shutil.copytree(TEMPLATES, templates, dirs_exist_ok=True)
        (templates / "country" / "report.qmd.j2").write_text(EVERY_TABLE, encoding="utf-8")
        return fill(False, evidence, templates=templates)

    return filled


EVERY_TABLE = """
<% for own in (evidence.offences, evidence.cybertips, evidence.capacity, evidence.frontline,
               evidence.justice, evidence.several, evidence.policy) if own %>
<< own.table() >>

<% endfor %>
"""


def section(text: str, label: str) -> str:
    return re.split(r"\n#{2,3} ", text.split(f"{{#{label} ")[1])[0]


def headings(text: str) -> list[tuple[int, str]]:
    return [(len(signs), title) for signs, title in re.findall(r"^(#+) (.*?) \{#", text, re.M)]


def assert_whole(text: str) -> None:
    """Nothing is empty, every reference leads somewhere, and the linter is content."""
    assert lint(text, SETTINGS) == []
    for signs, title, after in re.findall(r"^(#+) (.*?) \{#.*?\}\n+(?=(#+) )", text, re.M):
        assert len(after) > len(signs), f"'{title}' is empty"
    assert not re.search(r"^#+ [^\n]*\n\s*\Z", text, re.M)
    references = set(re.findall(r"(?<![\w\\])@((?:fig|tbl|sec)-\w+(?:-\w+)*)", text))
    assert references <= set(re.findall(r"\{#([\w-]+)", text))


def test_a_study_of_a_survey_alone_has_no_chapter_of_other_evidence(fill: Fill) -> None:
    text = fill(True, {})
    assert_whole(text)
    titles = [title for level, title in headings(text) if level == 2]
    assert "What children were subjected to" in titles
    for absent in ("What police, hotlines and companies see", "Services and law"):
        assert absent not in titles
    assert "“not recorded” means" not in text
    assert "How the country responds" not in text


def test_a_study_without_a_survey_speaks_of_no_survey(fill: Fill) -> None:
    text = fill(False, TABLES)
    assert_whole(text)
    titles = [title for level, title in headings(text) if level == 2]
    assert [title for title in titles if title in ORDER] == ORDER[3:]
    assert not re.search(r"household survey|sampling|interval shows|per cent interval", text)
    assert "“Children” means" not in text
    assert "Who was asked" not in text


def test_with_both_the_chapters_stand_in_the_order_of_the_file(fill: Fill) -> None:
    text = fill(True, TABLES)
    assert_whole(text)
    assert [title for level, title in headings(text) if title in ORDER] == ORDER


ORDER = [
    "Children online",
    "What children were subjected to",
    "Telling somebody, and finding help",
    "What police, hotlines and companies see",
    "Services and law",
]


# The others are made from these, or belong beside them.
@pytest.mark.parametrize(
    ("only", "name"),
    [
        ("capacity_profile", "capacity"),
        ("cybertips", "cybertips"),
        ("frontline", "frontline"),
        ("hotlines", "hotlines"),
        ("justice", "justice"),
        ("offence_rates", "offences"),
        ("policy", "policy"),
    ],
)
def test_any_single_table_makes_a_whole_report(fill: Fill, only: str, name: str) -> None:
    text = fill(False, {only: TABLES[only]})
    assert_whole(text)
    assert re.findall(r"{#finding-(\w+)", text) == [name]


@pytest.mark.parametrize("name", ["offence_rates", "hotlines"])
def test_nothing_simulated_is_called_counted_and_sure(fill: Fill, name: str) -> None:
    claim = r"\*\*How sure\?\*\* What (is recorded was counted|was counted is sure)\."
    assert not re.search(claim, fill(False, {name: TABLES[name]}))
    published = [row | {"data_kind": "published"} for row in TABLES[name]]
    assert re.search(claim, fill(False, {name: published}))


@pytest.mark.parametrize(
    ("hotline", "review", "said"),
    [
        (PUBLISHED, PUBLISHED, {"pure": True, "mark": False, "remark": False}),
        (PUBLISHED, SIMULATED, {"pure": False, "mark": False, "remark": True}),
        (SIMULATED, PUBLISHED, {"pure": False, "mark": False, "remark": True}),
        (SIMULATED, SIMULATED, {"pure": False, "mark": True, "remark": False}),
    ],
)
def test_what_another_table_says_in_a_finding_is_marked_where_it_is_simulated(
    fill: Fill, hotline: str, review: str, said: dict[str, bool]
) -> None:
    missing = {"area": "societal", "item": "hotline", "answer": "not_in_place"}
    own = {"source": "A hotline's yearbook", "data_kind": hotline}
    tables = {
        "hotlines": [row | own for row in TABLES["hotlines"]],
        "policy": [missing | {"source": "A review", "data_kind": review}],
        "frontline": TABLES["frontline"],  # simulated
    }
    told = finding(fill(False, tables), "hotlines")
    assert "Not in place, by the review of law and policy" in told
    assert ("**Published** counts, not simulated" in told) is said["pure"]
    assert ("(simulated)" in told.splitlines()[0]) is said["mark"]
    assert ("The figures of these sources are simulated" in told) is said["remark"]


def test_zero_and_not_recorded_print_differently_and_sums_say_what_they_lack(
    list_tables: Fill,
) -> None:
    table = tables(list_tables(TABLES))["tbl-offences"]
    lines = [line for line in table.splitlines() if line.startswith("| O")]
    assert lines == [
        "| Online exploitation and abuse, reported (victims) | 41 | not recorded | 0 |",
        "| Online exploitation and abuse, convicted (victims) | not shown | – | 12 |",
        "| Other exploitation and abuse, reported (victims); technology not recorded "
        "| 310 | at least 295 | 402 |",
    ]
    for note in ("0: counted, and there were none", "Not shown: too few", "At least: some"):
        assert note in table
    assert "These figures are simulated: nobody counted them." in table
    assert "Source: Simulated for this study." in table


def test_none_of_what_was_counted_beside_gaps_is_no_not_recorded(list_tables: Fill) -> None:
    some = {"offence_rates": [{"year": 2018, "offences": 0, "status": "incomplete"}]}
    table = tables(list_tables(some))["tbl-offences"]
    assert "| Online exploitation and abuse, reported (victims) | not complete |" in table
    assert "Not complete: some offences or agencies counted none, and others have" in table
    assert "Not recorded" not in table


def test_a_table_without_gaps_explains_none(list_tables: Fill) -> None:
    whole = {"offence_rates": [{"year": 2017, "offences": 41}, {"year": 2018, "offences": 50}]}
    table = tables(list_tables(whole))["tbl-offences"]
    assert "Not recorded" not in table
    assert "At least" not in table
    assert "–:" not in table


def test_cybertips_stop_at_the_break_and_are_never_called_prevalence(
    list_tables: Fill, fill: Fill
) -> None:
    text = list_tables(TABLES)
    table = tables(text)["tbl-cybertips"]
    assert "| 2023 | 172,906 | -24.2 | 0.48 |" in table
    assert "| 2024, referrals | 67,327 | series break | – |" in table
    assert "| 2024, informational | 10,383 | series break | – |" in table
    assert "They are about users of any age." in table
    assert "where files were uploaded, which proxies and anonymisers can hide" in table
    assert "simulated" not in table
    assert "999,999" not in text
    report = fill(False, TABLES)
    for said in (text, report):
        assert not re.search(r"prevalence", said.replace("not prevalence", ""))
    told = finding(report, "cybertips")
    assert "### CyberTip reports fell between 2022 and 2023" in told
    assert "In 2024 they were told apart as referrals (67,327) and informational (10,383)" in told
    assert "do not compare 2024 with the years before." in told
    assert "**Published** counts, not simulated" in told


def test_a_second_year_with_classes_goes_on_from_the_first(list_tables: Fill, fill: Fill) -> None:
    after = {**TABLES, "cybertips": GOING_ON}
    table = tables(list_tables(after))["tbl-cybertips"]
    assert "| 2024, referrals | 67,327 | series break | – |" in table
    assert "| 2025, referrals | 80,000 | 18.8 | – |" in table
    told = finding(fill(False, after), "cybertips")
    assert "In 2025 they were told apart as referrals (80,000) and informational (9,000). " in told
    assert "From 2024 reports are counted in another way." in told
    assert "do not compare" not in told


def test_who_reports_is_told_for_the_country_or_for_the_world(fill: Fill) -> None:
    assert "Alpha made 87 per cent of the CyberTip reports linked to the country (NCMEC)." in fill(
        False, TABLES
    )


def test_without_reporters_of_the_country_those_of_the_world_are_told(fill: Fill) -> None:
    world = [row | {"country": "WLD"} for row in TABLES["reporters"]]
    text = fill(False, {**TABLES, "reporters": world})
    assert "of all CyberTip reports of companies worldwide (NCMEC); by country" in text


def test_several_sources_stand_side_by_side_with_the_reason(fill: Fill) -> None:
    table = tables(fill(False, TABLES))["tbl-sources"]
    assert "| CyberTip reports | 2020 | 1,339,597 | NCMEC | Different bodies counted. |" in table
    assert "| CyberTip reports | 2020 | 1,294,750 | A ministry |" in table
    assert "1,317,173" not in table  # their mean


UNLAWFUL = {
    "policy": [{"area": "policy", "item": "legislation", "answer": "not_in_place"}],
    "capacity": [{"area": "law", "item": "offences_cover_online", "score": 3}],
    "capacity_profile": TABLES["capacity_profile"],
    "capacity_needs": TABLES["capacity_needs"],
}
YET = "Yet scores of law enforcement, from 0 (absent) to 3 (in place), say"


@pytest.mark.parametrize(
    ("several", "without", "place"),
    [
        (False, "", "capacity"),
        (True, "", "several"),
        # A study need not have a finding on such sources, or on what the second one tells.
        (True, "several", "capacity"),
        (False, "capacity", "policy"),
    ],
)
def test_on_what_sources_do_not_agree_is_told_once_wherever_there_is_a_finding(
    fill: Fill, several: bool, without: str, place: str
) -> None:
    sources = {"several_sources": TABLES["several_sources"]} if several else {}
    text = fill(False, UNLAWFUL | sources, without=without)
    assert text.count(YET) == 1
    told = finding(text, place)
    assert YET in told
    if place == "several":
        assert "Each may be right of what it looked at." in told
        assert "No recommendation rests on what is called missing here." in told


def test_two_agencies_are_never_added(list_tables: Fill, fill: Fill) -> None:
    both = [
        {"year": 2017, "offences": 41},
        {"year": 2017, "offences": 55, "agency": "Coast guard"},
    ]
    table = tables(list_tables({"offence_rates": both}))["tbl-offences"]
    assert "(victims) (National police) | 41 |" in table
    assert "(victims) (Coast guard) | 55 |" in table
    assert "96" not in table
    # Nor is one of them the count of a heading.
    told = finding(fill(False, {"offence_rates": both}), "offences")
    assert told.startswith("### What the police recorded")
    assert "41" in told
    assert "55" in told
    assert "96" not in told


def test_a_last_year_without_a_number_is_told_below_the_last_one_with_a_number(fill: Fill) -> None:
    rates = [
        {"year": 2017, "offences": 41},
        {"year": 2018, "offences": 14},
        {"year": 2019, "offences": "", "status": "not_recorded"},
        {"year": 2019, "offences": 12, "stage": "charged", "counting_rule": "cases"},
    ]
    told = finding(fill(False, {"offence_rates": rates}), "offences")
    assert told.startswith("### The police recorded 14 victims of abuse online in 2018")
    assert (
        "Police records of 2019: Online exploitation and abuse, reported (victims) – not recorded. "
        "In 2019 the records count cases by how far they went: charged (12)."
    ) in told.replace("\n", " ")
    assert "2017" not in told


def test_of_two_agencies_the_last_year_with_a_number_is_told_too(fill: Fill) -> None:
    rates = [
        {"year": 2018, "offences": 41},
        {"year": 2018, "offences": 55, "agency": "Coast guard"},
        {"year": 2019, "offences": "", "status": "not_recorded"},
    ]
    told = finding(fill(False, {"offence_rates": rates}), "offences")
    assert told.startswith("### What the police recorded")
    assert told.count("Police records of 2018:") == told.count("Police records of 2019:") == 2


def test_capacity_says_what_was_not_asked_and_how_firm_the_order_is(
    list_tables: Fill, fill: Fill
) -> None:
    table = tables(list_tables(TABLES))["tbl-capacity"]
    assert "| Training | 0.7 | 3 of 3 | interview | medium |" in table
    assert "| Icse | 0.0 | 2 of 2 |" in table
    assert "| Wellbeing | not asked | 0 of 2 | – | – |" in table
    # One area that nobody asked about may be first, too: no single area is named.
    said = (
        "Each of 2 areas may be the greatest need of law enforcement, and nothing tells them "
        "apart: Icse and Wellbeing (nothing was asked about it)."
    )
    assert said in finding(fill(False, TABLES), "capacity")


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("first", [1, 3, 4, 7])
def test_an_area_is_named_only_where_few_may_be_the_greatest_need(
    first: int, language: str
) -> None:
    text = Text(load_words(language, TEMPLATES / "locale"))
    areas = [f"Area {letter}" for letter in "ABCDEFGH"]
    needs = [
        {
            "country": "KHM", "area": area, "area_label": area, "items_asked": "2",
            "items_total": "2", "items_absent": "1",
            "rank_low": "1" if at < first else str(first + 1),
        }
        for at, area in enumerate(areas)
    ]  # fmt: skip
    said = without_addresses(Capacity(text, [], needs).finding())
    assert [area for area in areas if area in said] == (areas[:first] if first <= 3 else [])
    if first > 3 and language == "en":
        assert said == (
            "The scores do not tell which need of law enforcement is greatest: of 8 areas, "
            f"{first} may be."
        )


def test_where_no_order_can_be_given_areas_in_which_all_is_absent_are_counted() -> None:
    text = Text(load_words("en", TEMPLATES / "locale"))
    needs = [
        {
            "country": "KHM", "area": area, "area_label": area, "items_asked": asked,
            "items_total": "2", "items_absent": absent, "rank_low": "1",
        }
        for area, asked, absent in zip("ABCDEFGH", "22222210", "22222110", strict=True)
    ]  # fmt: skip
    assert without_addresses(Capacity(text, [], needs).finding()) == (
        "In 6 of 8 areas all that was asked about is absent (score 0); which of these is the "
        "greatest need cannot be told."
    )


def test_an_area_that_was_asked_about_in_part_is_said_to_be_so() -> None:
    text = Text(load_words("en", TEMPLATES / "locale"))
    needs = [
        {
            "country": "KHM", "area": area, "area_label": area, "items_asked": asked,
            "items_total": "2", "rank_low": "1",
        }
        for area, asked in (("All", "2"), ("Half", "1"), ("None", "0"))
    ]  # fmt: skip
    capacity = Capacity(text, [], needs)
    assert without_addresses(capacity.finding()) == (
        "Each of 3 areas may be the greatest need of law enforcement, and nothing tells them "
        "apart: All, Half (not all was asked about it) and None (nothing was asked about it)."
    )


def test_recommendations_rest_on_numbers_and_general_guidance_is_left_out(fill: Fill) -> None:
    text = fill(True, TABLES)
    assert_whole(text)
    lines = re.findall(r"^- .*", section(text, "for-adults"), re.M)
    assert len(lines) == 2
    for line in lines:
        assert re.match(r"- \*\*.*\*\* .*\d+%\s\(\d+–\u2060\d+\)", line), line
    # Whom the report calls children is said once in a chapter.
    assert "internet-using" not in chapter(text, "sec-disrupt")
    # More than half of the children asked know where to get help; no worker was asked of training.
    assert "Make services known" not in text
    assert "Train frontline workers" not in text
    # Guidance that rests on no number is not printed beside what does.
    assert "When a child tells you: stay calm" not in text
    # The same country without a survey: nothing is recommended that only the survey could bear.
    assert "Help children to tell somebody" in text
    assert "Help children to tell somebody" not in fill(False, TABLES)


def test_where_no_number_leads_anywhere_all_is_general_guidance_and_nothing_says_otherwise(
    fill: Fill,
) -> None:
    text = fill(False, {"cybertips": TABLES["cybertips"]})
    assert_whole(text)
    told = chapter(text, "sec-disrupt")
    assert "No number of this report meets the condition of a recommendation." in told
    assert "(KHM/" not in told
    assert "When a child tells you: stay calm" in told


def test_without_a_file_of_recommendations_nothing_is_recommended(fill: Fill) -> None:
    text = fill(True, TABLES, recommending=False)
    assert_whole(text)
    assert "sec-disrupt" not in text
    assert "How to disrupt harm" not in text


def test_frontline_workers_are_counted_and_nothing_is_inferred(
    fill: Fill, list_tables: Fill
) -> None:
    table = tables(list_tables(TABLES))["tbl-frontline"]
    assert "| Had cases of online abuse | 50 | Yes 23 (46); No 27 (54) |" in table
    assert "| Services for children | 9 | Poor 9 |" in table
    assert "| Response of the police | – | Poor not shown |" in table
    assert "Not shown: so few that they could be recognised." in table
    assert "| Stigma hinders reporting | 50 | Agree more than two thirds |" in table
    assert "words say which third of those asked it is in." in table
    told = finding(fill(False, TABLES), "frontline")
    assert "Of 50 frontline workers asked, 23 had had cases of online abuse." in told
    assert "not drawn at random" in told
    assert "interval" not in told


def test_justice_counts_interviews_by_role(fill: Fill, list_tables: Fill) -> None:
    table = tables(list_tables(TABLES))["tbl-justice"]
    assert "| Legal aid, had or missing | a third to two thirds of 10 | not recorded |" in table
    assert "| Procedures take long | 12 of 30 | – |" in table
    assert "words say which third of those asked it is in." in table
    assert "Not recorded: nobody counted" in table
    assert "Not shown:" not in table


def test_a_table_on_justice_that_shows_no_count_is_left_out(fill: Fill, list_tables: Fill) -> None:
    hidden = [
        row | {"mentioned": "", "interviews": "", "band": "", "status": "suppressed"}
        for row in TABLES["justice"]
        if row["role"] == "survivors"
    ]
    text = fill(False, TABLES | {"justice": hidden})
    assert_whole(text)
    assert "tbl-justice" not in text
    told = finding(text, "justice")
    assert "nothing is told of them" in told
    assert "These figures are simulated" in told
    one = tables(list_tables(TABLES | {"justice": [hidden[0], TABLES["justice"][1]]}))
    assert "Not shown: so few that they could be recognised." in one["tbl-justice"]


def test_policy_counts_what_is_in_place_and_what_nobody_knows(
    fill: Fill, list_tables: Fill
) -> None:
    table = tables(list_tables(TABLES))["tbl-policy"]
    assert "Not recorded: nobody looked for it." in table
    assert "Not known" not in table
    assert (
        "| Policy and law | A comprehensive law on this abuse | in place | Child Act (2016) |"
        in table
    )
    assert "| Media | Ethical and informed media reports | not recorded | – |" in table
    report = fill(False, TABLES)
    assert (
        "found missing.** Not in place: 1 of 4 items of the WeProtect Model National Response, "
        "namely agreed terms for this abuse."
    ) in section(report, "for-government")
    told = finding(report, "policy")
    assert told.startswith("### 1 of 4 items of law and policy are in place (simulated)")
    assert (
        "The review found 1 partly in place and 1 not in place. Others have no answer: 1 not "
        "recorded (nobody looked)."
    ) in told


def test_what_is_not_known_nobody_looked_for_and_cannot_be_are_counted_apart(
    fill: Fill, list_tables: Fill
) -> None:
    reasons = {
        "legislation": {"answer": "not_known"},
        "child_helpline": {"answer": "not_known"},
        "terminology": {"answer": "", "status": "not_recorded"},
        "media_reporting": {"answer": "", "status": "not_applicable"},
    }
    policy = [{"area": "media", "item": item} | reason for item, reason in reasons.items()]
    assert (
        "The review found 0 partly in place and 0 not in place. Others have no answer: 2 not known "
        "(looked for, not found), 1 not recorded (nobody looked) and 1 not applicable in this "
        "country."
    ) in finding(fill(False, {"policy": policy}), "policy")
    table = tables(list_tables({"policy": policy}))["tbl-policy"]
    for key in ("Not known: looked for", "Not recorded: nobody", "Does not apply: it cannot be"):
        assert key in table
    # A column of dashes says nothing.
    assert "Instrument" not in table


def test_what_is_simulated_says_so_and_observed_figures_do_not(fill: Fill) -> None:
    observed = {
        name: [row | {"data_kind": "observed", "source": "A source"} for row in own]
        for name, own in TABLES.items()
    }
    text = fill(False, observed, simulated=False)
    assert not re.search(r"simulat", text, re.IGNORECASE)


def test_each_simulated_finding_says_so(fill: Fill) -> None:
    text = fill(False, TABLES)
    for name in ("offences", "hotlines", "frontline", "justice", "policy", "capacity"):
        told = finding(text, name)
        # A heading is read alone: it says so itself, and the text below it not again.
        heading = told.splitlines()[0].partition(" {")[0]
        assert heading.endswith("(simulated)"), heading
        assert "These figures are simulated" not in told.partition("![")[0].partition("|")[0], name
    assert "These figures are simulated" not in finding(text, "cybertips")
    assert "**Published** counts, not simulated" in finding(text, "cybertips")
    assert "In a study of real data each score rests on documents" in finding(text, "capacity")
    assert "it is an example and no advice" in text


def test_mixed_tables_say_that_some_rows_are_simulated(list_tables: Fill) -> None:
    mixed = [
        {"year": 2017, "offences": 41},
        {"year": 2018, "offences": 50, "data_kind": "observed", "source": "Police yearbook"},
    ]
    table = tables(list_tables({"offence_rates": mixed}))["tbl-offences"]
    assert (
        "The figures of these sources are simulated, nobody counted them: Simulated for this study."
    ) in table
    assert "Source: Simulated for this study; Police yearbook." in table
    # Where one source has both, it cannot tell them apart.
    both = [row | {"source": "A source"} for row in mixed]
    table = tables(list_tables({"offence_rates": both}))["tbl-offences"]
    assert "Some of these figures are simulated" in table


def test_values_of_tables_cannot_break_the_markdown(fill: Fill, list_tables: Fill) -> None:
    policy = [TABLES["policy"][0] | {"instrument": "Act | *x* @tbl-y"}]
    text = list_tables({"policy": policy})
    assert r"Act \| \*x\* \@tbl-y (2016)" in text
    assert_whole(fill(False, {"policy": policy}))


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.csv"
    path.write_text("country,area,item\n", encoding="utf-8")
    with pytest.raises(StudyError, match="column 'area_label'"):
        read_evidence([path])
