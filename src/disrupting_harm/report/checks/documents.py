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
from disrupting_harm.report.checks.explained_pages import (
    find_faults_of_explained_page,
    is_explained,
    read_numbers_of_page,
)
from disrupting_harm.report.checks.explorer import (
    ExplorerCheck,
    count_numbers_on_explorer,
    is_explorer,
    without_lines,
)
from disrupting_harm.report.checks.figure_numbers import (
    TEXTS,
    DrawnTexts,
    find_language,
    read_numbers_of_text,
)
from disrupting_harm.report.checks.numbers import (
    NumberFault,
    compile_allowed,
    compile_number_labels,
    count_cited_numbers,
    find_bare_numbers,
    find_faults_of_plain,
    find_wrong_numbers,
    read_allowed,
    read_allowed_file,
    split_constants,
)
from disrupting_harm.report.checks.site import (
    PageReader,
    count_numbers_on_site_page,
    find_faults_of_site_page,
    read_page,
)
from disrupting_harm.report.checks.site_bars import find_faults_of_marks
from disrupting_harm.report.documents.draft_status import list_translation_marks
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.figures.figure_record import UndrawnReason
from disrupting_harm.report.findings.evidence.services import SHARES_FROM
from disrupting_harm.report.findings.references import METHODS_WORKS, link_addresses, read_works
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.settings import ENGLISH, read_language
from disrupting_harm.report.language.translator import Translator, load_translator, read_messages
from disrupting_harm.report.rendering.qmd import split_front_matter
from disrupting_harm.report.translations.extraction import (
    extract_english_only,
    list_registered_messages,
)
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.study import Study

# Check the marks of figures: each line of the table of marks is drawn, and nothing else is.
REASONS = get_args(UndrawnReason)
_CELL_ADDRESS = re.compile(r"[^(),]+")


def find_mark_faults(
    figure_record: Mapping[str, Any], folder: Path, published: PublishedFiles
) -> list[str]:
    """Return what is wrong with the addresses that the marks of a figure carry.

    Both drawings have the marks that its table lists, and each is of a published row. A figure says
    itself which rows it leaves out, and why, but never leaves out all. Pictures of briefs have no
    table: their marks are of published rows, all that their alternative text tells numbers of.

    Args:
        figure_record: of the list of figures.
        folder: where the files of the figure are.
        published: the public results.
    """
    if not figure_record["files"]:
        return []
    drawing = folder / next(name for name in figure_record["files"] if name.endswith(".svg"))
    marks = find_mark_addresses(read_text(drawing))
    if (
        figure_record.get("phone")
        and find_mark_addresses(read_text(folder / figure_record["phone"])) != marks
    ):
        return [f"{figure_record['phone']} has other marks than {drawing.name}"]
    if not figure_record["csv"]:
        addresses_in_alt = {
            address
            for address in _addresses_of_rows_in_texts(figure_record, ["alt"])
            if published.has_row(address)
        }
        return [
            f"a mark of {drawing.name} is of {address}, where nothing is published"
            for address in sorted(marks)
            if not published.has_row(address)
        ] + [
            f"no mark of {drawing.name} is of {address}, "
            "of which its alternative text tells a number"
            for address in sorted(addresses_in_alt - marks)
        ]
    table = figure_record["csv"]
    listed = {address for row in read_rows(folder / table)[1] for address in row[ADDRESS].split()}
    undrawn = {address for left_out in figure_record["undrawn"].values() for address in left_out}
    return [
        *([f"{drawing.name} leaves out rows, and has no mark"] if undrawn and not marks else []),
        *(
            f"{drawing.name} leaves out rows for '{reason}'; reasons are {', '.join(REASONS)}"
            for reason in sorted(figure_record["undrawn"].keys() - set(REASONS))
        ),
        *(
            f"a mark of {drawing.name} is of {address}, which {table} does not list"
            for address in sorted(marks - listed)
        ),
        *(
            f"{table} lists {address}, of which {drawing.name} has no mark"
            for address in sorted(listed - marks)
        ),
        *(
            f"{drawing.name} leaves out {address}, of which it has a mark"
            for address in sorted(undrawn & marks)
        ),
        *(
            f"{place} {address}, where nothing is published"
            for place, addresses in (
                (f"{table} lists", listed),
                (f"{drawing.name} leaves out", undrawn),
            )
            for address in sorted(addresses)
            if not published.has_row(address)
        ),
    ]


def _addresses_of_rows_in_texts(figure_record: Mapping[str, Any], texts: Sequence[str]) -> set[str]:
    """Return the addresses of the rows that the numbers in these texts of a figure are made of."""
    addresses_of_numbers = [
        number.address for text in texts for number in read_numbers_of_text(figure_record, text)
    ]
    return {
        cell_address.rpartition("/")[0]
        for address_of_number in addresses_of_numbers
        for cell_address in _CELL_ADDRESS.findall(address_of_number)
    }


# Numbers that may be typed into a note: years, ages, dates, standards, sections, and the author's.
#
# Those of all languages stand in ``workflow/templates/numbers-in-notes.yml``, those with words in
# the file ``language.yml`` of each; an author adds texts in the front matter.
ALLOWED_IN_NOTES_FILE = "numbers-in-notes.yml"
# The key of the front matter; a filled note keeps it.
ALLOWED_IN_NOTE = "numbers-allowed"


def read_allowed_in_note(
    translator: Translator[str], author_texts: Sequence[str], templates: Path
) -> list[re.Pattern[str]]:
    """Return the patterns of numbers that need no address in a note.

    Args:
        translator: the language, whose months make dates.
        author_texts: texts of the front matter, letter by letter.
    """
    texts = sorted(map(str, author_texts), key=len, reverse=True)
    # Notes in another language quote English ones, too: laws, goals and standards.
    languages = {ENGLISH, translator.language}
    by_language = [read_language(templates / "locale", code) for code in sorted(languages)]
    author_patterns = [re.compile(rf"(?<![\d.,]){re.escape(text)}(?![.,]?\d)") for text in texts]
    return [
        *author_patterns,
        build_date_expression(translator),
        *read_allowed(templates),
        *read_allowed_file(templates / ALLOWED_IN_NOTES_FILE),
        *compile_allowed(number for each in by_language for number in each.numbers_in_notes),
    ]


def build_date_expression(translator: Translator[str]) -> re.Pattern[str]:
    """Return a regular expression for dates in the form of the language.

    What stands behind the month, mostly the year, may be left out.
    """
    months, eras = (
        "|".join(sorted(map(re.escape, names.values()), key=len, reverse=True))
        for names in (
            translator.locale.months["format"]["wide"],
            translator.locale.eras["abbreviated"],
        )
    )
    number = r"\d{1,2}"
    fields = {"d": number, "dd": number, "M": number, "MMMM": months, "G": eras, "y": r"\d{4}"}
    expression = ""
    parts = re.findall(r"'([^']*)'|([dMyG]+)|([^'dMyG]+)", translator.date_pattern)
    for words, field_name, between in parts:
        if field_name:
            expression += f"(?:{fields[field_name]})" + "(?:" * field_name.startswith("M")
        elif expression:
            expression += r"\s+".join(map(re.escape, re.split(r"\s+", words or between)))
    return re.compile(rf"(?<![\d.,]){expression})?")


def build_mark_expressions(translator: Translator[str]) -> list[re.Pattern[str]]:
    """Return regular expressions for what pages say of their translation, with its numbers."""
    marks = [re.escape(mark) for mark in list_translation_marks(translator)]
    return [re.compile(re.sub(r"\\{\w+\\}", ".+?", mark)) for mark in marks]


DATABOOKS = "databooks"
ALLOWED_ON_SITE = "numbers-on-site.yml"
# Messages with a number that is a rule of this workflow.
RULES = (("Per cent is printed from {n} answers on.", {"n": SHARES_FROM}),)
# Columns of texts that print a number of their row: such a number needs its address.
_PRINTED_COLUMNS = {"shown", "shown_from", "shown_to", "figure", "p_text"}


def list_documents(public: Path) -> list[Path]:
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
        files: of recommendations, findings and briefs, and of the settings of a simulation.
        works: lists of references.
    """

    settings: Mapping[str, Any]
    codebook: Mapping[str, Any]
    countries: Sequence[Mapping[str, Any]]
    files: Sequence[Path]
    works: Sequence[Path]

    @classmethod
    def from_study(cls, study: Study) -> "StudyTexts":
        """Return the texts of a study."""
        report = study.config.report
        files = (report.recommendations, report.brief, report.findings, study.config.simulation)
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
        content = json.dumps([self.settings, self.codebook, list(self.countries)])
        return digest(content + "".join(map(read_text, (*self.files, *self.works))))

    def with_numbers(self) -> Iterator[str]:
        """Return those that hold a number."""
        works = [*read_works(templates_folder() / METHODS_WORKS)]
        for path in self.works:
            works += read_works(path)
        yield from _yield_texts_with_numbers([self.settings, self.codebook, list(self.countries)])
        yield from _yield_texts_with_numbers([read_yaml(path) for path in self.files])
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
        self._labels = compile_number_labels(texts.with_numbers())
        self._allowed = [*self._labels, *read_allowed(self._templates)]
        self._allowed_on_site = [
            *self._allowed,
            *read_allowed_file(self._templates / ALLOWED_ON_SITE),
        ]
        fact_files = [read_json(path) for path in sorted(public.glob("countries/*/*.json"))]
        # Earlier releases in which numbers stand, with their dates.
        self._releases = {
            name: datetime.date.fromisoformat(day)
            for content in fact_files
            for name, day in content.get("releases", {}).items()
        }
        study_texts = [*texts.with_numbers()]
        self._texts = [
            *study_texts,
            # As they stand at the beginning of a sentence.
            *(text[:1].upper() + text[1:] for text in study_texts),
            # One that was just added stands in no catalogue yet.
            *(message for _, message in list_registered_messages()),
            *_read_texts_of_tables(public),
            *(text for content in fact_files for text in _yield_texts_with_numbers(content)),
        ]
        # Sources as the list of references prints them.
        self._sources = [str(link_addresses(text)) for text in self._texts if "://" in text]
        self._drawn = DrawnTexts()
        self._languages: dict[str, tuple[Translator[str], list[str]]] = {}

    def find_faults(self, path: Path) -> list[str]:
        """Return what is wrong with the numbers of a document, a list of figures, or a page.

        Raises:
            StudyError: if there is no such file, or it has no language.
        """
        if not path.is_file():
            raise StudyError(str(path), "there is no such file", "Name a document")
        if path.suffix == ".html":
            if is_explained(path):
                return find_faults_of_explained_page(path, self._published)
            return (
                self._find_faults_of_explorer(path)
                if is_explorer(path)
                else self._find_faults_of_site_page(path)
            )
        return (
            self._find_faults_of_list(path)
            if path.suffix == ".json"
            else self._find_faults_of_document(path)
        )

    def count_addressed(self, path: Path) -> int:
        """Return how many numbers with an address are in a document, a list, or a page."""
        if path.suffix == ".html":
            if is_explained(path):
                return len(read_numbers_of_page(path))
            return (count_numbers_on_explorer if is_explorer(path) else count_numbers_on_site_page)(
                path
            )
        if path.suffix != ".json":
            return count_cited_numbers(path.read_text(encoding="utf-8"))
        return sum(
            len(read_numbers_of_text(figure_record, name))
            for figure_record in read_json(path)
            for name in TEXTS
        )

    def _find_faults_of_list(self, path: Path) -> list[str]:
        translator, known_texts = self._load_language(find_language(path, self._public))
        figure_records = read_json(path)
        texts = [
            f"figure '{figure_record['id']}', {name}, {fault.without_line}"
            for figure_record in figure_records
            for name in TEXTS
            for fault in find_faults_of_plain(
                figure_record[name],
                read_numbers_of_text(figure_record, name),
                known_texts,
                self._allowed,
                translator,
                self._published,
            )
        ]
        return texts + [
            f"figure '{figure_record['id']}': {fault}"
            for figure_record in figure_records
            for fault in find_mark_faults(figure_record, path.parent, self._published)
        ]

    def _find_faults_of_site_page(self, page: Path) -> list[str]:
        text = page.read_text(encoding="utf-8")
        texts = read_page(text)
        translator, known_texts = self._load_language(texts.language)

        allowed = [*self._allowed_on_site, *build_mark_expressions(translator)]

        def bare(text: str) -> list[NumberFault]:
            return find_faults_of_plain(text, (), known_texts, allowed, translator, self._published)

        return [
            *find_faults_of_site_page(page, texts, translator, self._published, self._drawn, bare),
            *find_faults_of_marks(text, self._published),
        ]

    def _find_faults_of_explorer(self, page: Path) -> list[str]:
        texts = PageReader(without_lines(page.read_text(encoding="utf-8")))
        translator, known_texts = self._load_language(texts.language)

        def find_faults(
            text: str,
            numbers: Sequence[AddressedNumber],
            allowed_patterns: Sequence[re.Pattern[str]],
        ) -> list[NumberFault]:
            marks = build_mark_expressions(translator)
            allowed = [*allowed_patterns, *self._allowed_on_site, *marks]
            return find_faults_of_plain(
                text, numbers, known_texts, allowed, translator, self._published
            )

        return list(self._explorer_check.find_faults(page, texts, translator, find_faults))

    @cached_property
    def _explorer_check(self) -> ExplorerCheck:
        study = self._study
        return ExplorerCheck(study.settings, study.codebook, study.countries, self._published)

    def _find_faults_of_document(self, document: Path) -> list[str]:
        text = document.read_text(encoding="utf-8")
        metadata = split_front_matter(text, str(document))[0]
        language = metadata.get("lang")
        if not isinstance(language, str):
            raise StudyError(f"{document}, key 'lang'", "it is missing", "Give the language")
        translator, known_texts = self._load_language(language)
        # A filled note says what its author answers for.
        author_texts = metadata.get(ALLOWED_IN_NOTE)
        allowed = self._allowed
        if author_texts is not None:
            allowed = [
                *self._labels,
                *read_allowed_in_note(translator, author_texts, self._templates),
            ]
        captions = split_constants(self._drawn.find_captions(document, text))
        faults = [
            *find_bare_numbers(text, [*captions, *known_texts], allowed),
            *find_wrong_numbers(text, translator, self._published),
            *self._drawn.find_faults(document, text),
        ]
        return [str(fault) for fault in sorted(faults)]

    def _load_language(self, language: str) -> tuple[Translator[str], list[str]]:
        if language not in self._languages:
            locale = self._templates / "locale"
            study = self._study.settings["study"]
            translator = load_translator(language, locale, study["areas"], study["respondents"])
            english_texts = [*read_messages(locale), *self._texts]
            if language == ENGLISH:
                english_texts += extract_english_only(self._templates, PACKAGE / "report")
            translated_texts = list(translator.translations)
            rules = [translator(message, **values) for message, values in RULES]
            constant_texts = split_constants([*english_texts, *translated_texts, *rules])
            dates = [translator.date(day) for day in (self._date, *self._releases.values())]
            printed_texts = [
                *self._sources,
                *(str(escape(printed_text)) for printed_text in (*self._releases, *dates)),
            ]
            self._languages[language] = translator, [*printed_texts, *constant_texts]
        return self._languages[language]


def _yield_texts_with_numbers(value: Any) -> Iterator[str]:
    """Return all texts of a content of YAML or JSON that hold a number."""
    if isinstance(value, str):
        if any(sign.isdigit() for sign in value):
            yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _yield_texts_with_numbers(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _yield_texts_with_numbers(member)


def _read_texts_of_tables(public: Path) -> set[str]:
    """Return texts of public tables, and of what their columns mean, that hold a number."""
    texts: set[str] = set()
    for path in sorted(public.rglob("*.csv")):
        table_path = path.relative_to(public).as_posix()
        if not primary_key_of(table_path):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            header = rows.fieldnames or ()
            texts.update(describe_column(table_path, name).description for name in header)
            columns = [name for name in header if name not in _PRINTED_COLUMNS]
            columns = [
                name for name in columns if describe_column(table_path, name).type == "string"
            ]
            for row in rows:
                texts.update(restore_formula(row[name]) for name in columns)
    return {text for text in texts if any(sign.isdigit() for sign in text)}
