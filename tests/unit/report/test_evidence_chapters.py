"""Chapters on evidence: gaps apart from zeros, nothing simulated unsaid, nothing empty."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence_results import GOING_ON, TABLES, rows, write_evidence
from public_results import AREA, write_public
from ranked_needs import write_needs_of
from rendering_sample import SETTINGS
from reviewed import assert_as_reviewed
from test_documents import FINDINGS, ROOT, TEMPLATES, chapter, finding, tables

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.evidence.capacity import Capacity
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.evidence_codes import name_sheet
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, build_english, load_translator
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
        actions = load_recommendations(RECOMMENDATIONS) if recommending else None
        results = read_results("KHM", public, has_survey=survey)
        if actions:
            write_needs_of(results, actions, public)
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
            recommendations=actions,
            findings=_without(load_findings(FINDINGS, codebook), without),
        )
        return remove_addresses(source.read_text(encoding="utf-8"))

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
<% for own in (evidence.offences, evidence.cybertips, evidence.incidents, evidence.capacity,
               evidence.frontline, evidence.justice, evidence.several, evidence.policy) if own %>
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


def test_a_report_on_evidence_alone_is_as_reviewed(
    fill: Fill, list_tables: Fill, tmp_path: Path
) -> None:
    """Zeros apart from gaps; what is simulated says so once, and what is not, too; no survey."""
    report = fill(False, TABLES)
    assert_whole(report)
    cited = {*re.findall(r"\*\*Data:\*\* data book, “([^”]+)”", report)}
    translator = build_english().with_markup(MARKDOWN)
    write_evidence(tmp_path / "of_sheets")
    evidence = read_evidence([*tmp_path.glob("of_sheets/evidence/*.csv")])
    sheets = EvidenceSheets(translator, evidence, "").sheets()
    assert len(cited) == 6
    assert cited <= {name_sheet(sheet.name, sheet.short) for sheet in sheets}
    assert_as_reviewed("evidence_report.md", f"{report}\n\n# Every table\n{list_tables(TABLES)}")


def with_source(name: str, source: str, data_kind: str) -> list[dict[str, Any]]:
    return [row | {"source": source, "data_kind": data_kind} for row in TABLES[name]]


def hotline_and_review(hotline: str, review: str) -> dict[str, Any]:
    """A review that found no hotline, beside a hotline, each published or simulated."""
    missing = {"area": "societal", "item": "hotline", "answer": "not_in_place"}
    return {
        "hotlines": with_source("hotlines", "A hotline's yearbook", hotline),
        "policy": [missing | {"source": "A review", "data_kind": review}],
        "frontline": TABLES["frontline"],  # simulated
    }


WORLD = {"country": "WLD", "year": 2023, "reporter": "Gamma", "share_percent": 40}
NATIONAL, COAST = {"year": 2017, "offences": 41}, {"offences": 55, "agency": "Coast guard"}
UNRECORDED = {"year": 2019, "offences": "", "status": "not_recorded"}
OBSERVED = {"year": 2018, "offences": 50, "data_kind": "observed", "source": "Police yearbook"}
HIDDEN = [
    row | {"mentioned": "", "interviews": "", "band": "", "status": "suppressed"}
    for row in TABLES["justice"]
    if row["role"] == "survivors"
]
REASONS = {
    "legislation": {"answer": "not_known"},
    "child_helpline": {"answer": "not_known"},
    "terminology": {"answer": "", "status": "not_recorded"},
    "media_reporting": {"answer": "", "status": "not_applicable"},
}
# What to look at in the finding and the table of each, and the evidence that they are made of.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "offences": {
        "None of what was counted beside gaps is not complete, and no 'not recorded'": {
            "offence_rates": [{"year": 2018, "offences": 0, "status": "incomplete"}]
        },
        "A table without gaps explains none": {
            "offence_rates": [NATIONAL, {"year": 2018, "offences": 50}]
        },
        "Two agencies are never added, and none of them is the count of a heading": {
            "offence_rates": [NATIONAL, {"year": 2017} | COAST]
        },
        "A last year without a number is told below the last one with a number": {
            "offence_rates": [
                NATIONAL,
                {"year": 2018, "offences": 14},
                UNRECORDED,
                {"year": 2019, "offences": 12, "stage": "charged", "counting_rule": "cases"},
            ]
        },
        "Of two agencies the last year with a number is told, too": {
            "offence_rates": [NATIONAL | {"year": 2018}, {"year": 2018} | COAST, UNRECORDED]
        },
        "Where some rows are simulated, their source is named": {
            "offence_rates": [NATIONAL, OBSERVED]
        },
        "One source of both kinds cannot tell them apart": {
            "offence_rates": [row | {"source": "A source"} for row in (NATIONAL, OBSERVED)]
        },
        "What is published was counted": {
            "offence_rates": with_source("offence_rates", "Police yearbook", PUBLISHED)
        },
    },
    "cybertips": {
        "A second year with classes goes on from the first": {**TABLES, "cybertips": GOING_ON},
        "Without reporters of the country those of the world are told": {
            **TABLES,
            "reporters": [row | {"country": "WLD"} for row in TABLES["reporters"]],
        },
        "Where both are known, those of the country are told": {
            **TABLES,
            "reporters": [*TABLES["reporters"], WORLD],
        },
    },
    "hotlines": {
        "Both are published": hotline_and_review(PUBLISHED, PUBLISHED),
        "Only the review is simulated: marked where it is told": hotline_and_review(
            PUBLISHED, SIMULATED
        ),
        "Only the hotline is simulated": hotline_and_review(SIMULATED, PUBLISHED),
        "Both are simulated: the heading says so": hotline_and_review(SIMULATED, SIMULATED),
    },
    "justice": {
        "Where no count is shown nothing else is told": {**TABLES, "justice": HIDDEN},
        "One count is hidden": {**TABLES, "justice": [HIDDEN[0], TABLES["justice"][1]]},
    },
    "policy": {
        "What nobody knows, looked for, or can answer are counted apart; no column of dashes": {
            "policy": [{"area": "media", "item": item} | why for item, why in REASONS.items()]
        },
        "Values cannot break the Markdown": {
            "policy": [TABLES["policy"][0] | {"instrument": "Act | *x* @tbl-y"}]
        },
    },
}


@pytest.mark.parametrize("kind", VARIANTS)
def test_findings_and_tables_of_other_evidence_are_as_reviewed(
    fill: Fill, list_tables: Fill, kind: str
) -> None:
    parts = []
    for meaning, evidence in VARIANTS[kind].items():
        report = fill(False, evidence)
        assert_whole(report)
        told = re.sub(
            r"::: \{\.content-visible .*?\n:::\n\n", "", finding(report, kind), flags=re.S
        )
        table = tables(list_tables(evidence)).get(f"tbl-{kind}", "No table.")
        parts.append(f"# {meaning}\n\n{told}\n\n{table.strip()}\n")
    assert_as_reviewed(f"evidence_{kind}.md", "\n".join(parts))


def test_where_no_number_leads_anywhere_there_is_no_chapter_of_actions(fill: Fill) -> None:
    text = fill(False, {"cybertips": TABLES["cybertips"]})
    assert_whole(text)
    assert "sec-disrupt" not in text


def test_a_study_of_a_survey_alone_has_no_chapter_of_other_evidence(fill: Fill) -> None:
    text = fill(True, {})
    assert_whole(text)
    titles = [title for level, title in headings(text) if level == 2]
    assert "What children were subjected to" in titles
    for absent in ("What police, hotlines and companies see", "Services and law"):
        assert absent not in titles
    assert "“not recorded” means" not in text
    assert "How the country responds" not in text


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
        ("capacity", "capacity"),
        ("cybertips", "cybertips"),
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


UNLAWFUL = {
    "policy": [{"area": "policy", "item": "legislation", "answer": "not_in_place"}],
    "capacity": [{"area": "law", "item": "offences_cover_online", "score": 3}],
}
YET = "The police assessment gives them a score of 3."
SEE = "Two sources disagree here: see “Settle first”."


@pytest.mark.parametrize(
    ("several", "without", "place"),
    [
        (False, "", "capacity"),
        (True, "", "capacity"),
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
    # In the chapter of actions with who settles it, to which a finding points.
    assert YET in chapter(text, "sec-disrupt")
    assert (text.count(YET), text.count(SEE)) == (1, 1)
    assert SEE in finding(text, place)
    if several and not without:
        assert "Each may be right about what it counted." in finding(text, "several")


def test_points_are_counted_by_score_and_never_averaged(fill: Fill) -> None:
    """The points in the table, the heading and the sentence are those of the rows, one by one."""
    for language in ("en", "km"):
        translator = load_translator(language, TEMPLATES / "locale").with_markup(MARKDOWN)
        table = remove_addresses(Capacity(translator, rows(TABLES)["capacity"]).table())
        numbers = [line.split("|")[2].strip() for line in table.splitlines()[2:7]]
        assert numbers == ["2", "1", "1", "1", "1"]
    told = finding(fill(False, TABLES), "capacity")
    assert "Police work: 1 of 6 items in place, 2 absent" in told
    assert "The assessment found 1 at a beginning and 1 partly in place." in told
    assert "It gave 1 no score." in told
    assert not re.search(r"\d\.\d", told)


def test_cells_of_the_police_table_are_those_of_the_public_table(
    fill: Fill, tmp_path: Path
) -> None:
    """Each cell, read with the standard library alone from the page and from the file."""
    told = finding(fill(False, TABLES), "offences")
    printed: dict[tuple[str, str, str], str] = {}
    header: list[str] = []
    kind = ""
    for line in told.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if line.startswith("| Year"):
            header = cells
        elif line.startswith("| **"):
            kind = cells[0].strip("*")
        elif line.startswith("| "):
            printed |= {
                (kind, cells[0], stage): cell.replace("[at least]{.small}", "at least")
                for stage, cell in zip(header[1:], cells[1:], strict=True)
            }
    kinds = {
        ("ocsea", "yes"): "Online exploitation and abuse",
        ("csea", "not_recorded"): "Other exploitation and abuse; technology not recorded",
    }
    with (tmp_path / "public" / "evidence" / "offence_rates.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            where = (
                kinds[row["category"], row["technology"]],
                row["year"],
                f"{row['stage'].capitalize()} ({row['counting_rule']})",
            )
            words = {"not_recorded": "not recorded", "suppressed": "not shown"}
            number = ("at least " * (row["status"] == "incomplete")) + row["offences"]
            assert printed.pop(where) == (number or words[row["status"]])
    # What the file has no row of is said to be not available.
    assert set(printed.values()) == {"–"}


def test_a_count_that_its_source_gives_as_a_bound_is_never_a_number(fill: Fill) -> None:
    text = fill(False, TABLES)
    told = finding(text, "cybertips")
    assert "The referrals of 2024 concerned above all" in told
    assert "online enticement of a child (about 100)" in told
    assert not re.search(r"\b50\b", told)
    assert "The source rounds these counts. One report" in told
    hidden = [
        row | ({"reports": "", "below": 50, "status": "suppressed"} if at == 1 else {})
        for at, row in enumerate(TABLES["cybertip_parts"])
    ]
    told = finding(fill(False, TABLES | {"cybertip_parts": hidden}), "cybertips")
    assert "enticement" not in told
    assert not re.search(r"\b50\b", told)


def test_a_count_that_is_rounded_to_more_than_all_says_so(fill: Fill) -> None:
    parts = [{"incident_type": "csam", "reports": 68000}]
    told = finding(fill(False, TABLES | {"cybertip_parts": parts}), "cybertips")
    assert "sexual abuse material (about 68,000)" in told
    assert "67,327 reports held enough to act on, and 10,383 too little." in told
    assert "The source rounds these counts, so that one is larger than the total." in told


def test_frontline_workers_have_a_sentence_beside_the_records_and_no_chapter(fill: Fill) -> None:
    text = fill(False, TABLES)
    told = finding(text, "offences")
    assert "23 of 50 frontline workers said that they had had a case of online abuse." in told
    assert "This holds for these workers, not for all." in told
    assert "finding-frontline" not in text
    banded = [
        {"item": "caseload_online", "answer": "yes", "count": "", "share_percent": "",
         "band": "some", "status": "suppressed"}
    ]  # fmt: skip
    told = finding(fill(False, TABLES | {"frontline": banded}), "offences")
    assert "Between a third and two thirds of 50 frontline workers said that they had" in told


def test_actions_rest_on_numbers(fill: Fill) -> None:
    text = fill(True, TABLES)
    assert_whole(text)
    lines = re.findall(r"^\| (?:\d+ )?\*\*(.*?)\*\* \| .*? \| (.*?) \|", text, re.M)
    by_title = dict(lines)
    assert re.match(r"\d+%\s\(\d+–\u2060\d+\)", by_title["Help children to tell somebody"])
    # Whom the report calls children is said once in a chapter.
    assert "internet-using" not in chapter(text, "sec-disrupt")
    # More than half of the children asked know where to get help; no worker was asked of training.
    assert "Make services known" not in text
    assert "Train frontline workers" not in text
    # The same country without a survey: nothing is asked for that only the survey could bear.
    assert "Help children to tell somebody" not in fill(False, TABLES)


def test_without_a_file_of_recommendations_nothing_is_recommended(fill: Fill) -> None:
    text = fill(True, TABLES, recommending=False)
    assert_whole(text)
    assert "sec-disrupt" not in text
    assert "What to do, who does it" not in text


def test_what_is_simulated_says_so_and_observed_figures_do_not(fill: Fill) -> None:
    observed = {
        name: [row | {"data_kind": "observed", "source": "A source"} for row in own]
        for name, own in TABLES.items()
    }
    text = fill(False, observed, simulated=False)
    assert not re.search(r"simulat", text, re.IGNORECASE)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.csv"
    path.write_text("country,area,item\n", encoding="utf-8")
    with pytest.raises(StudyError, match="column 'area_label'"):
        read_evidence([path])
