"""The page on law: each claim with its source, each gap told, and nothing called simulated.

The judge reads the shipped tables with the csv module and the page with a parser of HTML.
"""

import csv
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_law_chapter import LAW, STUDY, publish

from disrupting_harm.core.files import write_text
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.evidence.tables.legislation import AGES, TOPICS
from disrupting_harm.report.language.translator import ADDRESSED, build_english
from disrupting_harm.report.web.site.languages import Edition
from disrupting_harm.report.web.site.law_page import (
    list_kinds_of_answers,
    read_law,
    read_law_summaries,
)
from disrupting_harm.report.web.site.write_pages import create_site_environment

EVIDENCE = Path(__file__).parents[3] / "config" / "evidence"
NAMES = {code: row.name for code, row in STUDY.countries.items()}
ENGLISH = build_english(STUDY.config.study.areas, STUDY.config.study.respondents)


class PageWords(HTMLParser):
    """Links and marks of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.marks: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("a", "use"):
            self.links.append(given["href"] or "")
        if given.get("id"):
            self.marks.append(given["id"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {name: str(EVIDENCE / f"{name}.csv") for name in LAW}
    return publish(tmp_path_factory.mktemp("law"), files)


def rows_of(public: Path, table: str) -> list[dict[str, str]]:
    with (public / "evidence" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def page(public: Path) -> PageWords:
    law = read_law(public, NAMES, NAMES, ENGLISH)
    assert law is not None
    translator = ENGLISH.with_markup(ADDRESSED)
    environment = create_site_environment(templates_folder() / "site")
    text = environment.get_template("law.html.j2").render(
        law=law, kinds=list_kinds_of_answers(law, translator), is_real=not law.simulated,
        name="law.html", home="", root="", edition=Edition("en", "en", "English", "", "ltr"),
        editions=[], study=STUDY.config.study, title="Study", policy="", translator=translator,
        _p=translator.in_context, translation_mark="", has_survey=True, has_law=True, explorer=[],
        simulated_evidence=True, has_simulation=True, date="", terms="", contact_link="",
        has_comparison=True, places="14 countries", tables=[],
    )  # fmt: skip
    return PageWords(text)


def test_every_claim_that_documents_print_stands_there_with_its_page(
    public: Path, page: PageWords
) -> None:
    for table in LAW:
        for row in rows_of(public, table):
            assert row["address"] in page.links, row
            assert row["source"] in page.words, row
            for column in ("instrument", "provision", "title", "name"):
                if table != "instruments":
                    assert row.get(column, "") in page.words, row


def test_every_country_and_point_has_an_answer_or_none_was_found(
    public: Path, page: PageWords
) -> None:
    answers = {(row["country"], row["topic"]): row for row in rows_of(public, "legislation")}
    points = [topic for topic in TOPICS if topic not in AGES]
    drawn = Counter(link for link in page.links if link.startswith("#is-"))
    unanswered = [code for code in NAMES for topic in points if (code, topic) not in answers]
    claims = rows_of(public, "legislation_claims")
    read_in_part = {row["country"] for row in claims if row["checked_by"] == "stored_part"}
    assert {"UGA"} < read_in_part < {*NAMES}
    # Once in the key of the marks.
    assert drawn["#is-unread"] == sum(code in read_in_part for code in unanswered) + 1
    assert drawn["#is-none"] == sum(code not in read_in_part for code in unanswered) + 1
    for (code, topic), row in answers.items():
        assert f"{code}-{topic}" in page.marks
        assert f"#{code}-{topic}" in page.links
        if row["age"]:
            assert re.search(rf"{NAMES[code]}: {row['age']}\b", page.words), row
    law = read_law(public, NAMES, NAMES, ENGLISH)
    assert law is not None
    labels = {point.topic: point.label for point in law.points}
    labels |= {point.topic: point.label for point in law.ages}
    for code in NAMES:
        left = [labels[topic] for topic in TOPICS if (code, topic) not in answers]
        is_answered = any((code, topic) in answers for topic in TOPICS)
        assert (f": {'; '.join(left)}." in page.words) == (is_answered and bool(left)), code
    for topic in AGES:
        not_known = ", ".join(NAMES[code] for code in NAMES if (code, topic) not in answers)
        words = " ".join(page.words.split())
        assert f"Not known: {not_known}." in words
        ageless = [
            NAMES[code]
            for code in NAMES
            if (code, topic) in answers and answers[code, topic]["answer"] == "unknown"
        ]
        if ageless:
            assert f"The source gives no age: {', '.join(ageless)}." in words


def test_the_coverage_stands_beside_each_point(public: Path, page: PageWords) -> None:
    words = " ".join(page.words.split())
    for row in rows_of(public, "law_coverage"):
        assert f"known of {row['known']} of {row['countries']} countries" in words, row
    assert words.count("known of ") == len(rows_of(public, "law_coverage"))


def test_a_treaty_that_is_not_open_to_countries_says_to_whom_it_is(
    public: Path, page: PageWords
) -> None:
    closed = [row for row in rows_of(public, "instruments") if row["status"] == "closed"]
    countries = [name for code, name in NAMES.items() if code in {row["country"] for row in closed}]
    assert len(countries) == 6
    (reason,) = {row["note"] for row in closed}
    words = " ".join(page.words.split())
    assert f"Not open to this country: {', '.join(countries)}. {reason}" in words


def test_what_is_real_is_not_called_simulated(page: PageWords) -> None:
    assert "Nothing on this page is simulated." in page.words
    assert "not for citation" not in page.words


def test_no_number_that_nobody_confirmed_is_printed(public: Path, page: PageWords) -> None:
    for row in rows_of(public, "service_register"):
        title = re.escape(row["name"])
        (said,) = re.findall(rf"{NAMES[row['country']]}: {title},[^\n]*?Source", page.words)
        assert not row["contact"] or not re.search(rf"\b{row['contact']}\b", said), row


def test_a_country_says_how_many_points_are_answered(public: Path) -> None:
    summaries = read_law_summaries(read_law(public, NAMES, NAMES, ENGLISH))
    assert set(summaries) == set(NAMES)
    answered = Counter(
        row["country"]
        for row in rows_of(public, "legislation")
        if row["topic"] not in AGES and row["answer"] != "unknown"
    )
    for code, sentence in summaries.items():
        plain = re.sub(r"[^\w .,:]", "", sentence)
        if answered[code]:
            assert plain.startswith("Sources answer"), plain
        else:
            assert "No source was found" in plain


def test_a_study_without_law_has_no_page(tmp_path: Path) -> None:
    write_text(tmp_path / "evidence" / "other.csv", "country\n")
    assert read_law(tmp_path, NAMES, NAMES, ENGLISH) is None
    assert read_law_summaries(None) == {}
