"""Check the numbers of all documents and figures of a study against what is published."""

import csv
import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, read_rows, read_text, restore_formula
from disrupting_harm.core.paths import PACKAGE, templates_folder
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.imports import digest
from disrupting_harm.provenance.primary_keys import primary_key_of
from disrupting_harm.report.checks.explained_pages import faults_of_page, is_explained, numbers_on
from disrupting_harm.report.checks.explorer import (
    ExplorerCheck,
    is_explorer,
    numbers_on_explorer,
    without_lines,
)
from disrupting_harm.report.checks.figure_numbers import TEXTS, DrawnTexts, language_of, numbers_of
from disrupting_harm.report.checks.numbers import (
    NumberFault,
    bare_numbers,
    cited_numbers,
    constants,
    faults_of_plain,
    number_labels,
    read_allowed,
    wrong_numbers,
)
from disrupting_harm.report.checks.site import PageTexts, faults_of_site_page, numbers_on_site_page
from disrupting_harm.report.checks.site_bars import faults_of_marks
from disrupting_harm.report.figures.drawing.figure_record import Reason
from disrupting_harm.report.figures.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.findings.evidence.services import SHARES_FROM
from disrupting_harm.report.findings.references import METHODS_WORKS, link_addresses, read_works
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import Translator, load_translator, messages_of
from disrupting_harm.report.rendering.qmd import split_front_matter
from disrupting_harm.report.translations.extraction import english_only, registered
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.study import Study

# Check the marks of figures: each row of a figure's data has its mark, and each mark its row.


REASONS = get_args(Reason)
_ONE = re.compile(r"[^(),]+")


def mark_faults(entry: Mapping[str, Any], folder: Path, published: PublishedFiles) -> list[str]:
    """Return what is wrong with the addresses that the marks of a figure carry.

    A figure says itself which rows it leaves out, and why, but never leaves out all. A mark may
    also be of a row that a text of the figure has a number of, as a mean of countries is in a
    figure whose data are these countries. Pictures of briefs have no data of their own: their marks
    are of published rows, all that their alternative text tells numbers of.

    Args:
        entry: of the list of figures.
        folder: where the files of the figure are.
        published: the public results.
    """
    if not entry["files"]:
        return []
    drawing = folder / next(name for name in entry["files"] if name.endswith(".svg"))
    marks = find_mark_addresses(read_text(drawing))
    if entry.get("phone") and find_mark_addresses(read_text(folder / entry["phone"])) != marks:
        return [f"{entry['phone']} has other marks than {drawing.name}"]
    if not entry["csv"]:
        told = {one for one in _rows_of_texts(entry, ["alt"]) if published.has_row(one)}
        return [
            f"a mark of {drawing.name} is of {one}, where nothing is published"
            for one in sorted(marks)
            if not published.has_row(one)
        ] + [
            f"no mark of {drawing.name} is of {one}, of which its alternative text tells a number"
            for one in sorted(told - marks)
        ]
    rows = {row[ADDRESS] for row in read_rows(folder / entry["csv"])[1] if row.get(ADDRESS)}
    undrawn = {one for left_out in entry["undrawn"].values() for one in left_out}
    return [
        *(
            [f"{drawing.name} has no mark, where {entry['csv']} has rows"]
            if rows and not marks
            else []
        ),
        *(
            f"{drawing.name} leaves out rows for '{reason}'; reasons are {', '.join(REASONS)}"
            for reason in sorted(entry["undrawn"].keys() - set(REASONS))
        ),
        *(
            f"a mark of {drawing.name} is of {one}, which is no row of {entry['csv']}"
            for one in sorted(marks - rows - _rows_of_texts(entry, TEXTS))
        ),
        *(
            f"no mark of {drawing.name} is of {one}, a row of {entry['csv']}"
            for one in sorted(rows - marks - undrawn)
        ),
        *(
            f"{drawing.name} leaves out {one}, of which it has a mark"
            for one in sorted(undrawn & marks)
        ),
        *(
            f"{drawing.name} leaves out {one}, which is no row of {entry['csv']}"
            for one in sorted(undrawn - rows)
        ),
    ]


def _rows_of_texts(entry: Mapping[str, Any], texts: Sequence[str]) -> set[str]:
    """Return the addresses of the rows that the numbers in these texts of a figure are made of."""
    told = [number.address for text in texts for number in numbers_of(entry, text)]
    return {one.rpartition("/")[0] for address in told for one in _ONE.findall(address)}


# Numbers that may be typed into a note: years, ages, dates, standards, sections, and the author's.
#
# ``workflow/templates/numbers-in-notes.yml`` has patterns for the six languages of the documents;
# an author adds texts in the front matter.


FILE = "numbers-in-notes.yml"
# The key of the front matter; a filled note keeps it.
ALLOWED_IN_NOTE = "numbers-allowed"


def allowed_in_note(
    translator: Translator[str], own: Sequence[str], templates: Path
) -> list[re.Pattern[str]]:
    """Return the patterns of numbers that need no address in a note.

    Args:
        translator: the language, whose months make dates.
        own: texts of the front matter, letter by letter.
    """
    texts = sorted(map(str, own), key=len, reverse=True)
    written = [re.compile(rf"(?<![\d.,]){re.escape(text)}(?![.,]?\d)") for text in texts]
    return [*written, _dates(translator), *read_allowed(templates), *read_allowed(templates, FILE)]


def _dates(translator: Translator[str]) -> re.Pattern[str]:
    """Return dates in the long form of the language, with or without a year."""
    months = sorted(translator.locale.months["format"]["wide"].values(), key=len, reverse=True)
    names = "|".join(map(re.escape, months))
    return re.compile(rf"(?<![\d.,])\d{{1,2}}\s+(?:de\s+)?(?:{names})(?:\s+(?:de\s+)?\d{{4}})?")


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
        self._published = PublishedFiles(public, texts.countries, texts.settings)
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
        self._sources = [str(link_addresses(text)) for text in self._texts if "://" in text]
        self._drawn = DrawnTexts()
        self._languages: dict[str, tuple[Translator[str], list[str]]] = {}

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
            text: str, noted: Sequence[AddressedNumber], others: Sequence[re.Pattern[str]]
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

    def _language(self, language: str) -> tuple[Translator[str], list[str]]:
        if language not in self._languages:
            locale = self._templates / "locale"
            study = self._study.settings["study"]
            translator = load_translator(language, locale, study["areas"], study["respondents"])
            english = [*messages_of(locale), *self._texts]
            if language == ENGLISH:
                english += english_only(self._templates, PACKAGE / "report")
            translated = [translator.plain(text) for text in english]
            rules = [translator(message, **values) for message, values in RULES]
            known = constants([*english, *translated, *rules])
            dates = [translator.date(day) for day in (self._date, *self._releases.values())]
            told = [*self._sources, *(str(escape(one)) for one in (*self._releases, *dates))]
            self._languages[language] = translator, [*told, *known]
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
        if not primary_key_of(place):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns = [name for name in rows.fieldnames or () if name not in _PRINTED]
            columns = [name for name in columns if describe_column(place, name).type == "string"]
            for row in rows:
                texts.update(restore_formula(row[name]) for name in columns)
    return {text for text in texts if any(sign.isdigit() for sign in text)}
