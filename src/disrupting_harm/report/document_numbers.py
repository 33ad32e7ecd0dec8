"""Check the numbers of all documents and figures of a study against what is published."""

import csv
import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json, read_text
from disrupting_harm.package import templates_folder
from disrupting_harm.provenance.datapackage import type_of
from disrupting_harm.provenance.imports import digest
from disrupting_harm.provenance.keys import key_of
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.annotated import Number
from disrupting_harm.report.evidence.services import SHARES_FROM
from disrupting_harm.report.explained.check import faults_of_page, is_explained, numbers_on
from disrupting_harm.report.explorer.check import (
    ExplorerCheck,
    is_explorer,
    numbers_on_explorer,
    without_lines,
)
from disrupting_harm.report.extraction import english_only, registered
from disrupting_harm.report.figure_marks import mark_faults
from disrupting_harm.report.figure_numbers import TEXTS, DrawnTexts, language_of, numbers_of
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.markdown import escape
from disrupting_harm.report.note_numbers import ALLOWED_IN_NOTE, allowed_in_note
from disrupting_harm.report.number_check import (
    NumberFault,
    bare_numbers,
    cited_numbers,
    constants,
    faults_of_plain,
    number_labels,
    read_allowed,
    wrong_numbers,
)
from disrupting_harm.report.references import METHODS_WORKS, linked, read_works
from disrupting_harm.report.rendering.source import split_front_matter
from disrupting_harm.report.site.check import faults_of_site_page, numbers_on_site_page
from disrupting_harm.report.site.marks import faults_of_marks
from disrupting_harm.report.site.page_texts import PageTexts
from disrupting_harm.report.words import Words, load_words, messages_of
from disrupting_harm.spreadsheets import plain
from disrupting_harm.study.section import read_yaml
from disrupting_harm.study.study import Study

DATABOOKS = "databooks"
ALLOWED_ON_SITE = "numbers-on-site.yml"
# Messages with a number that is a rule of this workflow.
RULES = (("Per cent is printed from {n} answers on.", {"n": SHARES_FROM}),)
# Columns of texts that print a number of their row: such a number needs its address.
_PRINTED = {"shown", "shown_from", "shown_to", "figure", "p_text"}


def documents_of(public: Path) -> list[Path]:
    """Return the documents of a study; data books are for paper, and their workbooks for tables."""
    return [
        path
        for path in sorted(public.rglob("*.qmd"))
        if path.relative_to(public).parts[0] != DATABOOKS
    ]


@dataclass(frozen=True)
class StudyTexts:
    """What a study itself says with numbers in it, which documents print as it stands.

    Attributes:
        settings: the checked configuration.
        codebook: the definitions with their words.
        countries: rows of the countries file.
        files: of recommendations, findings and briefs.
        works: lists of references.
    """

    settings: Mapping[str, Any]
    codebook: Mapping[str, Any]
    countries: Sequence[Mapping[str, Any]]
    files: Sequence[Path]
    works: Sequence[Path]

    @classmethod
    def of(cls, study: Study) -> "StudyTexts":
        """Return the texts of a study."""
        report = study.config.report
        files = (report.recommendations, report.brief, report.findings)
        return cls(
            settings=study.config.model_dump(mode="json"),
            codebook=study.codebook.model_dump(mode="json"),
            countries=[row.model_dump(mode="json") for row in study.countries.values()],
            files=[study.resolve(path) for path in files if path],
            works=[study.resolve(report.references)] if report.references else [],
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site."""
        return tuple(self.settings["report"]["project_languages"])

    def digest(self) -> str:
        """Return a digest that changes with any of them."""
        said = json.dumps([self.settings, self.codebook, list(self.countries)])
        return digest(said + "".join(map(read_text, (*self.files, *self.works))))

    def with_numbers(self) -> Iterator[str]:
        """Return those that hold a number."""
        works = [*read_works(templates_folder() / METHODS_WORKS)]
        for path in self.works:
            works += read_works(path)
        yield from _strings([self.settings, self.codebook, list(self.countries)])
        yield from _strings([read_yaml(path) for path in self.files])
        yield from (work.reference for work in works)


class NumberChecks:
    """Check documents of a study; what a language and the results say is read once.

    Args:
        texts: what the study itself says.
        public: the folder of public results.
    """

    def __init__(self, texts: StudyTexts, public: Path) -> None:
        self._study = texts
        self._date = datetime.date.fromisoformat(str(texts.settings["study"]["date"]))
        self._public = public
        self._templates = templates_folder()
        self._published = Published(public, texts.countries, texts.settings)
        self._labels = number_labels(texts.with_numbers())
        self._allowed = [*self._labels, *read_allowed(self._templates)]
        self._allowed_on_site = [*self._allowed, *read_allowed(self._templates, ALLOWED_ON_SITE)]
        facts = [read_json(path) for path in sorted(public.glob("countries/*/*.json"))]
        # Earlier releases in which numbers stand, with their dates.
        self._releases = {
            name: datetime.date.fromisoformat(day)
            for content in facts
            for name, day in content.get("releases", {}).items()
        }
        self._texts = [
            *texts.with_numbers(),
            # One that was just added stands in no catalogue yet.
            *(message for _, message in registered()),
            *_of_tables(public),
            *(text for content in facts for text in _strings(content)),
        ]
        # Sources as the list of references prints them.
        self._sources = [str(linked(text)) for text in self._texts if "://" in text]
        self._drawn = DrawnTexts()
        self._languages: dict[str, tuple[Words, list[str]]] = {}

    def of(self, path: Path) -> list[str]:
        """Return what is wrong with the numbers of a document, a list of figures, or a page.

        Raises:
            StudyError: if there is no such file, or it has no language.
        """
        if not path.is_file():
            raise StudyError(str(path), "there is no such file", "Name a document")
        if path.suffix == ".html":
            if is_explained(path):
                return faults_of_page(path, self._published)
            return self._of_explorer(path) if is_explorer(path) else self._of_site(path)
        return self._of_list(path) if path.suffix == ".json" else self._of_document(path)

    def addressed(self, path: Path) -> int:
        """Return how many numbers with an address are in a document, a list, or a page."""
        if path.suffix == ".html":
            if is_explained(path):
                return len(numbers_on(path))
            return (numbers_on_explorer if is_explorer(path) else numbers_on_site_page)(path)
        if path.suffix != ".json":
            return cited_numbers(path.read_text(encoding="utf-8"))
        return sum(len(numbers_of(entry, name)) for entry in read_json(path) for name in TEXTS)

    def _of_list(self, path: Path) -> list[str]:
        words, known = self._language(language_of(path, self._public))
        entries = read_json(path)
        texts = [
            f"figure '{entry['id']}', {name}, {fault.of_line}"
            for entry in entries
            for name in TEXTS
            for fault in faults_of_plain(
                entry[name], numbers_of(entry, name), known, self._allowed, words, self._published
            )
        ]
        return texts + [
            f"figure '{entry['id']}': {fault}"
            for entry in entries
            for fault in mark_faults(entry, path.parent, self._published)
        ]

    def _of_site(self, page: Path) -> list[str]:
        text = page.read_text(encoding="utf-8")
        texts = PageTexts(text)
        words, known = self._language(texts.language)

        def bare(text: str) -> list[NumberFault]:
            return faults_of_plain(text, (), known, self._allowed_on_site, words, self._published)

        return [
            *faults_of_site_page(page, texts, words, self._published, self._drawn, bare),
            *faults_of_marks(text, self._published),
        ]

    def _of_explorer(self, page: Path) -> list[str]:
        texts = PageTexts(without_lines(page.read_text(encoding="utf-8")))
        words, known = self._language(texts.language)

        def plain_faults(
            text: str, noted: Sequence[Number], others: Sequence[re.Pattern[str]]
        ) -> list[NumberFault]:
            allowed = [*others, *self._allowed_on_site]
            return faults_of_plain(text, noted, known, allowed, words, self._published)

        return list(self._explorers.faults(page, texts, words, plain_faults))

    @cached_property
    def _explorers(self) -> ExplorerCheck:
        study = self._study
        return ExplorerCheck(study.settings, study.codebook, study.countries, self._published)

    def _of_document(self, document: Path) -> list[str]:
        text = document.read_text(encoding="utf-8")
        metadata = split_front_matter(text, str(document))[0]
        language = metadata.get("lang")
        if not isinstance(language, str):
            raise StudyError(f"{document}, key 'lang'", "it is missing", "Give the language")
        words, known = self._language(language)
        # A filled note says what its author answers for.
        own = metadata.get(ALLOWED_IN_NOTE)
        allowed = self._allowed
        if own is not None:
            allowed = [*self._labels, *allowed_in_note(words, own, self._templates)]
        captions = constants(self._drawn.captions(document, text))
        faults = [
            *bare_numbers(text, [*captions, *known], allowed),
            *wrong_numbers(text, words, self._published),
            *self._drawn.faults(document, text),
        ]
        return [str(one) for one in sorted(faults)]

    def _language(self, language: str) -> tuple[Words, list[str]]:
        if language not in self._languages:
            locale = self._templates / "locale"
            study = self._study.settings["study"]
            words = load_words(language, locale, study["areas"], study["respondents"])
            english = [*messages_of(locale), *self._texts]
            if language == ENGLISH:
                english += english_only(self._templates, Path(__file__).parent)
            translated = [words.plain(text) for text in english]
            rules = [words(message, **values) for message, values in RULES]
            known = constants([*english, *translated, *rules])
            dates = [words.date(day) for day in (self._date, *self._releases.values())]
            told = [*self._sources, *(str(escape(one)) for one in (*self._releases, *dates))]
            self._languages[language] = words, [*told, *known]
        return self._languages[language]


def _strings(value: Any) -> Iterator[str]:
    """Return all texts of a content of YAML or JSON that hold a number."""
    if isinstance(value, str):
        if any(sign.isdigit() for sign in value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _of_tables(public: Path) -> set[str]:
    """Return texts of public tables that hold a number, such as a source."""
    texts: set[str] = set()
    for path in sorted(public.rglob("*.csv")):
        place = path.relative_to(public).as_posix()
        if not key_of(place):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns = [name for name in rows.fieldnames or () if name not in _PRINTED]
            columns = [name for name in columns if type_of(place, name) == "string"]
            for row in rows:
                texts.update(plain(row[name]) for name in columns)
    return {text for text in texts if any(sign.isdigit() for sign in text)}
