"""The chapter on law: each answer beside its date and its page, gaps told as gaps.

The judge reads the shipped tables with the csv module and the page with a parser of HTML.
"""

import csv
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
import pytest
from evidence_files import csv_file
from public_results import AREA, write_public
from rendering_sample import SETTINGS, furnish
from test_documents import FINDINGS, ROOT, TEMPLATES, tables

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.evidence.tables.policies import OVER
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.documents.regional.law import RegionalLaw
from disrupting_harm.report.figures.evidence.regional_law import draw_law_matrix
from disrupting_harm.report.figures.regional_context import create_regional_context
from disrupting_harm.report.findings.conditions import find_matching_rows
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import Condition
from disrupting_harm.report.language.markdown import remove_addresses, unescape
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.report.rendering import lint, render
from disrupting_harm.stages.evidence import check_tables, publish_evidence
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import load_study

EVIDENCE = ROOT / "config" / "evidence"
LAW = ("legislation", "instruments", "policies", "service_register")
STUDY = load_study(ROOT / "config" / "config.yaml")
LONGEST_CHAPTER = 450


def publish(folder: Path, files: dict[str, str]) -> Path:
    """Check and publish tables on law as the workflow does; return the public folder."""
    public = folder / "public"
    shutil.rmtree(public / "evidence", ignore_errors=True)
    rows = [row.model_dump() for row in STUDY.countries.values()]
    check_tables(
        tables=files,
        sources=[str(EVIDENCE / "sources.csv")],
        areas=[],
        countries=[row["country"] for row in rows],
        other_countries="refuse",
        date="2026-11-24",
        folder=str(folder / "checked"),
    )
    publish_evidence(
        tables={name: str(folder / "checked" / f"{name}.parquet") for name in files},
        sources=str(folder / "checked" / "sources.parquet"),
        areas=[],
        labels=[],
        countries=rows,
        study={"population": "children", "simulated": True},
        small_counts={},
        folder=str(public / "evidence"),
    )
    return public


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {name: str(EVIDENCE / f"{name}.csv") for name in LAW}
    return publish(tmp_path_factory.mktemp("law"), files)


def write_report(
    folder: Path, evidence: Path | None, code: str = "KHM", language: str = "en"
) -> Path:
    """Return the source of one country's report, with the tables below ``evidence``."""
    config = load_configuration(ROOT / "config" / "config.yaml")
    codebook = load_codebook(ROOT / "config" / "indicators.yaml")
    public = folder / "public"
    write_public(public, codebook, [], language)
    (public / "evidence" / "cybertips.csv").unlink()
    if evidence:
        shutil.copytree(evidence / "evidence", public / "evidence", dirs_exist_ok=True)
    results = read_results("KHM", public)
    if code != "KHM":
        of_country = read_results(code, public, has_survey=False)
        results = type(results)(
            **{**vars(results), "evidence": of_country.evidence, "world": of_country.world}
        )
    return write_source(
        Country.model_validate(AREA),
        config,
        codebook,
        results,
        language,
        figures=public / "figures" / "KHM" / language,
        templates=TEMPLATES,
        folder=public / "reports" / "KHM" / language,
        findings=load_findings(FINDINGS, codebook),
    )


def read_chapter(source: Path) -> str:
    """Return the chapter on law, without addresses of numbers."""
    text = source.read_text(encoding="utf-8")
    assert lint(text, SETTINGS) == []
    (chapter,) = re.findall(r"^## [^\n]*#sec-law.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return unescape(remove_addresses(chapter))


def rows_of(name: str, **wanted: str) -> list[dict[str, str]]:
    with (EVIDENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if wanted.items() <= row.items()]


class Lines(HTMLParser):
    """The rows of all tables of a page: their text, and the addresses that they link to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.lines.append(("", []))
        if tag == "a" and self.lines:
            self.lines[-1][1].append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        if self.lines:
            text, links = self.lines[-1]
            self.lines[-1] = (text + data, links)


def test_each_fact_stands_beside_its_date_and_its_page(tmp_path: Path, shipped: Path) -> None:
    furnish(tmp_path / "public")
    source = write_report(tmp_path, shipped)
    page = render(source, formats=["html"], renderer="embedded", language="en").files["html"]
    lines = Lines(page.read_text(encoding="utf-8")).lines
    facts = [
        *rows_of("legislation", country="KHM", chosen="yes"),
        *(row for name in LAW[1:] for row in rows_of(name, country="KHM")),
    ]
    # A treaty that is not open to the country says nothing of it.
    (closed,) = (fact for fact in facts if fact.get("status") == "closed")
    facts.remove(closed)
    assert all(closed["address"] not in links for _, links in lines)
    assert len(facts) > 15
    for fact in facts:
        beside = [text for text, links in lines if fact["address"] in links]
        assert any(fact["as_of"][:7] in text for text in beside), fact
        if fact.get("age"):
            assert any(fact["age"] in text for text in beside), fact
        if fact.get("scope"):
            assert any(fact["scope"] in text for text in beside), fact


def test_every_point_has_a_line_or_stands_among_those_without(
    tmp_path: Path, shipped: Path
) -> None:
    chapter = read_chapter(write_report(tmp_path, shipped))
    lines = [line for line in tables(chapter)["tbl-law"].splitlines() if line.startswith("| ")][1:]
    (without,) = re.findall(r"\*\*No source was found for:\*\* (.*)\.", chapter)
    claims = rows_of("legislation", chosen="yes")
    labels = PUBLIC["legislation"].field("topic").labels
    answered = {row["topic"] for row in claims if row["country"] == "KHM"}
    assert 0 < len(answered) < len(_topics()) == 14
    assert [line.split("|")[1].strip() for line in lines] == [
        labels[topic] for topic in _topics() if topic in answered
    ]
    assert without.split("; ") == [labels[topic] for topic in _topics() if topic not in answered]
    assert "Not known" not in "".join(lines)


def _topics() -> list[str]:
    """The points in the order of the documentation."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"Point of law\.<br>(.*) \|", text)
    return re.findall(r"`(\w+)`:", listed)


def test_disputes_are_told_with_their_reason(tmp_path: Path, shipped: Path) -> None:
    chapter = read_chapter(write_report(tmp_path, shipped))
    told = re.findall(r"^- (.*)$", chapter, re.MULTILINE)
    disputed = [
        row
        for row in rows_of("legislation", country="KHM", chosen="yes")
        if any(
            other["answer"] != row["answer"]
            for other in rows_of("legislation", country="KHM", topic=row["topic"])
        )
    ]
    assert len(told) == len(disputed) == 3
    for row, sentence in zip(disputed, told, strict=True):
        assert sentence.endswith(row["reason"])
        assert re.search(r"“.*” in source \[\d+\], “.*” in source \[\d+\]", sentence)


@pytest.mark.parametrize("code", sorted(STUDY.countries))
def test_the_chapter_is_short_and_says_what_a_gap_is(
    tmp_path: Path, shipped: Path, code: str
) -> None:
    chapter = read_chapter(write_report(tmp_path, shipped, code))
    assert "Where no source was found, the law may still cover it." in chapter
    assert "It is no legal advice." in chapter
    printed = re.sub(r"\]\([^)]*\)|\{[^}]*\}", " ", chapter)
    words = re.findall(r"[^\W\d_][\w’'-]*", printed)
    assert len(words) <= LONGEST_CHAPTER, len(words)
    assert "ratif" not in printed.lower()
    for row in rows_of("service_register", country=code):
        contact = row["contact"]
        assert not contact or not re.search(rf"(?<!\d){contact}(?!\d)", printed), contact


def test_a_draft_is_never_a_yes(tmp_path: Path, shipped: Path) -> None:
    chapter = read_chapter(write_report(tmp_path, shipped, "THA"))
    answers = [row["answer"] for row in rows_of("legislation", country="THA", chosen="yes")
               if not row["topic"].startswith("age_")]  # fmt: skip
    counted = re.findall(
        r"(\d+) of 12 questions .*: (\d+) with yes, (\d+) in part and (\d+) with no", chapter
    )
    assert counted == [
        tuple(str(n) for n in (len(answers), *map(answers.count, ("yes", "partly", "no"))))
    ]
    assert "Of questions answered with a draft, which is no law: 1." in chapter


def test_what_a_law_says_further_on_is_not_known(tmp_path: Path, shipped: Path) -> None:
    """Where one section of an act was read, nobody can say that no source answers."""
    section = {
        "country": "KHM", "topic": "age_of_child", "answer": "yes", "age": "18",
        "scope": "", "checked_by": "stored_part", "source_id": "plan_khm",
    }  # fmt: skip
    files = {"legislation": str(csv_file(tmp_path, "legislation", section))}
    chapter = read_chapter(write_report(tmp_path, publish(tmp_path / "p", files)))
    assert ", 12 questions of law are not known: a law was found" in chapter
    chapter = read_chapter(write_report(tmp_path / "uga", shipped, "UGA"))
    assert "Sources answer 2 of 12 questions of law" in chapter
    assert "**Not known, as a source was read only in part:** Abuse material" in chapter
    assert "No source was found for" not in chapter


@pytest.mark.parametrize("language", ["km", "vi", "id", "th", "pt"])
def test_other_languages_have_the_chapter(tmp_path: Path, shipped: Path, language: str) -> None:
    law = tables(read_chapter(write_report(tmp_path, shipped, "KHM", language)))["tbl-law"]
    english = tables(read_chapter(write_report(tmp_path / "en", shipped)))["tbl-law"]
    assert len(law.splitlines()) == len(english.splitlines())
    assert not {*law.splitlines()} & {
        line for line in english.splitlines() if line.startswith("| ")
    }


def test_a_study_without_the_tables_has_no_chapter(tmp_path: Path) -> None:
    text = write_report(tmp_path, None).read_text(encoding="utf-8")
    assert "sec-law" not in text
    assert "What the law says" not in text


def test_one_table_alone_has_a_chapter_of_its_own(tmp_path: Path) -> None:
    row = {"country": "KHM", "source_id": "plan_khm", "status": "running"}
    public = publish(tmp_path / "p", {"policies": str(csv_file(tmp_path, "policies", row))})
    chapter = read_chapter(write_report(tmp_path, public))
    assert [*tables(chapter)] == ["tbl-plans"]
    # Of how many countries it is known, the regional report says.
    assert "is known of" not in chapter


def test_the_regional_matrix_says_what_the_claims_say(shipped: Path, tmp_path: Path) -> None:
    names = {code: row.name for code, row in STUDY.countries.items()}
    wording: Any = SimpleNamespace(
        translator=build_english(STUDY.config.study.areas).with_markup(MARKDOWN),
        country=names.__getitem__,
        in_text=names.__getitem__,
        countries=lambda codes: "; ".join(names[code] for code in codes),
    )
    evidence = read_evidence(sorted((shipped / "evidence").glob("*.csv")))
    law = RegionalLaw(wording, evidence, [*names])
    context = create_regional_context(STUDY.config.study.model_dump(mode="json"), 0.95)
    record = draw_law_matrix(evidence, names, context, tmp_path)
    assert record
    with (tmp_path / "evidence-legislation.csv").open(encoding="utf-8", newline="") as lines:
        drawn = {tuple(row["address"].split("/")[::2]): row for row in csv.DictReader(lines)}
    mark_of = {"yes": "full", "partly": "half", "no": "empty"}
    marks = {}
    for row in rows_of("legislation", chosen="yes"):
        if row["answer"] != "unknown":
            mark = "box" if row["age"] else mark_of.get(row["answer"], "box")
            marks[row["country"], row["topic"]] = (mark, row["age"])
    assert {
        key: (row["look"], row["value"].removesuffix(".0")) for key, row in drawn.items()
    } == marks
    assert all(row["panel"] == names[code] for (code, _), row in drawn.items())
    assert {*_topics()} == {topic for _, topic in marks}
    assert not law.name_unknown_points()
    treaties = remove_addresses(str(law.format_treaties()))
    heads, *lines = [[cell.strip() for cell in line.strip("|").split("|")]
                     for line in treaties.splitlines() if line.startswith("| ")]  # fmt: skip
    statuses = {"Party": "party", "Signed, not a party": "signed",
                "Invited to accede": "invited", "Not a party": "not_party",
                "Not open to this country": "closed"}  # fmt: skip
    by_cell = {}
    for row in rows_of("instruments"):
        by_cell.setdefault((row["instrument"], row["status"]), set()).add(names[row["country"]])
    told = [set() if cell == "–" else
            {name for name in names.values() if (name in cell) is not cell.startswith("all ")}
            for line in lines for cell in line[1:-1]]  # fmt: skip
    treaty_ids = list(dict.fromkeys(row["instrument"] for row in rows_of("instruments")))
    expected = [by_cell.get((treaty, statuses[head]), set())
                for treaty in treaty_ids for head in heads[1:-1]]  # fmt: skip
    assert sorted(map(sorted, told)) == sorted(map(sorted, expected))
    assert "(Budapest) (as of 2020–2025, undated)" in treaties
    assert "(Malabo) (as of 2014–2023)" in treaties
    # A plan that is over is none in force, and a helpline is no hotline.
    plans = {
        over: {row["country"] for row in rows_of("policies") if row["status"] in statuses}
        for over, statuses in ((True, OVER), (False, ("adopted", "running")))
    }
    kinds = {
        helpline: {
            row["country"]
            for row in rows_of("service_register")
            if (row["kind"] == "helpline") is helpline
        }
        for helpline in (True, False)
    }
    assert remove_addresses(str(law.describe_coverage())) == (
        f"A national plan that was adopted or runs is known of {len(plans[False])} of 14 "
        f"countries. Of {len(plans[True] - plans[False])} others a plan is known that has ended. "
        f"Sources name a helpline for children in {len(kinds[True])} of 14 countries, "
        f"and a hotline or portal for reports of abuse material in {len(kinds[False])}. "
        "No source on a helpline is recent: confirm each before it is told."
    )
    assert (len(plans[False]), len(kinds[True])) == (3, 10)
    closed = {row["country"]: row["note"] for row in rows_of("instruments", status="closed")}
    assert len(closed) == 6
    (reason,) = {*closed.values()}
    assert str(law.explain_closed()).endswith(f"(Malabo): {reason}")
    assert not RegionalLaw(wording, type(evidence)(), [*names])


def test_what_no_country_has_is_said_in_words_without_a_number(tmp_path: Path) -> None:
    """A zero that is counted nowhere has no address, and would stop the run."""
    row = {"country": "KHM", "source_id": "plan_khm", "status": "ended"}
    public = publish(tmp_path / "p", {"policies": str(csv_file(tmp_path, "policies", row))})
    wording: Any = SimpleNamespace(
        translator=build_english(STUDY.config.study.areas).with_markup(MARKDOWN)
    )
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    said = remove_addresses(str(RegionalLaw(wording, evidence, ["KHM"]).describe_coverage()))
    assert said.startswith("A national plan that was adopted or runs is known of none of ")
    assert said.endswith("Of 1 other a plan is known that has ended.")


def test_a_recommendation_may_rest_on_real_law(shipped: Path) -> None:
    evidence = read_evidence(sorted((shipped / "evidence").glob("*.csv")))
    where = {"topic": ["grooming_offence"], "answer": ["no", "partly"]}
    when = Condition.model_validate({"table": "legislation", "where": where})
    matching = find_matching_rows(when, evidence.of("THA").rows("legislation"))
    assert [row["answer"] for row in matching] == ["partly"]
    assert find_matching_rows(when, evidence.of("PHL").rows("legislation")) == []


@pytest.mark.parametrize("language", ["id", "km", "pt", "th", "vi"])
def test_notes_on_law_are_translated(language: str) -> None:
    catalogue = polib.pofile(str(TEMPLATES / "locale" / language / "LC_MESSAGES" / "report.po"))
    translated = {entry.msgid for entry in catalogue.translated_entries()}
    notes = {row["note"] for table in LAW for row in rows_of(table) if row["note"]}
    assert len(notes) > 10
    assert {*notes, "In force"} <= translated
