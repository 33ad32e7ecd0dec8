"""The command ``lint-numbers``: check the numbers of documents against what is published."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json
from disrupting_harm.package import templates_folder
from disrupting_harm.places import PUBLIC
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.catalogue import english_only
from disrupting_harm.report.evidence.capacity import NAMED_AT_MOST
from disrupting_harm.report.evidence.services import SHARES_FROM
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.number_check import (
    bare_numbers,
    constants,
    read_allowed,
    wrong_numbers,
)
from disrupting_harm.report.references import METHODS_WORKS, read_works
from disrupting_harm.report.rendering.source import split_front_matter
from disrupting_harm.report.words import Words, load_words, messages_of
from disrupting_harm.spreadsheets import plain
from disrupting_harm.study.section import read_yaml
from disrupting_harm.study.study import Study, load_study

DATABOOKS = "databooks"
# Messages with a number that is a rule of this workflow.
RULES = (
    ("Per cent is printed from {n} answers on.", {"n": SHARES_FROM}),
    ("Up to {n} areas are named", {"n": NAMED_AT_MOST}),
)
# Columns of texts that print a number of their row: such a number needs its address.
_PRINTED = {"shown", "shown_from", "shown_to", "figure", "p_text"}


def lint_numbers(files: Sequence[Path], config: Path) -> int:
    """Print every faulty number of documents; return 1 where there is one, else 0.

    Args:
        files: documents (``.qmd``); none: all documents of the study's public results.
        config: the study's configuration.

    Raises:
        StudyError: if a file is missing or has no language.
    """
    study = load_study(config)
    public = study.config.results / PUBLIC
    documents = files or documents_of(public)
    if not documents:
        raise StudyError(str(public), "there is no document", "Run the study, or name a file")
    checks = NumberChecks(study, public)
    faulty = 0
    for document in documents:
        for line in checks.of(document):
            print(f"{document}, {line}")
            faulty += 1
    print(f"{len(documents)} documents, {faulty} faulty numbers")
    return 1 if faulty else 0


def documents_of(public: Path) -> list[Path]:
    """Return the documents of a study; data books are for paper, and their workbooks for tables."""
    return [
        path
        for path in sorted(public.rglob("*.qmd"))
        if path.relative_to(public).parts[0] != DATABOOKS
    ]


class NumberChecks:
    """Check documents of a study; what a language and the results say is read once."""

    def __init__(self, study: Study, public: Path) -> None:
        self._study = study
        self._public = public
        self._templates = templates_folder()
        countries = [row.model_dump(mode="json") for row in study.countries.values()]
        self._published = Published(public, countries)
        self._allowed = read_allowed(self._templates)
        facts = (read_json(path) for path in sorted(public.glob("countries/*/*.json")))
        self._texts = [
            *_strings(countries),
            *self._of_study(),
            *_of_tables(public),
            *(text for content in facts for text in _strings(content)),
        ]
        self._languages: dict[str, tuple[Words, list[str]]] = {}

    def of(self, document: Path) -> list[str]:
        """Return what is wrong with the numbers of a document.

        Raises:
            StudyError: if there is no such file, or it has no language.
        """
        if not document.is_file():
            raise StudyError(str(document), "there is no such file", "Name a document")
        text = document.read_text(encoding="utf-8")
        language = split_front_matter(text, str(document))[0].get("lang")
        if not isinstance(language, str):
            raise StudyError(f"{document}, key 'lang'", "it is missing", "Give the language")
        words, known = self._language(language)
        found = bare_numbers(text, known, self._allowed)
        return [str(one) for one in sorted([*found, *wrong_numbers(text, words, self._published)])]

    def _language(self, language: str) -> tuple[Words, list[str]]:
        if language not in self._languages:
            locale = self._templates / "locale"
            words = load_words(language, locale, self._study.config.study.areas)
            english = [*messages_of(locale), *self._texts]
            if language == ENGLISH:
                english += english_only(self._templates, Path(__file__).parent)
            translated = [words.plain(text) for text in english]
            rules = [words(message, **values) for message, values in RULES]
            captions = list(_captions(self._public, language))
            known = constants([*english, *translated, *rules, *captions])
            self._languages[language] = words, known
        return self._languages[language]

    def _of_study(self) -> list[str]:
        """Return the texts of the study's own files, and of the works that texts name."""
        study = self._study
        report = study.config.report
        files = [path for path in (report.recommendations, report.brief, report.findings) if path]
        works = list(read_works(self._templates / METHODS_WORKS))
        if report.references:
            works += read_works(study.resolve(report.references))
        return [
            *_strings(study.config.model_dump(mode="json")),
            *_strings(study.codebook.model_dump(mode="json")),
            *(text for path in files for text in _strings(read_yaml(study.resolve(path)))),
            *(work.reference for work in works),
        ]


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
    package = public / "datapackage.json"
    if not package.is_file():
        raise StudyError(str(package), "there is no such file", "Run the study to its end")
    found: set[str] = set()
    for resource in read_json(package)["resources"]:
        schema = resource.get("schema", {})
        if "primaryKey" not in schema:
            continue
        texts = [one["name"] for one in schema["fields"] if one["type"] == "string"]
        with (public / resource["path"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.update(plain(row[name]) for name in texts if name not in _PRINTED)
    return {text for text in found if any(sign.isdigit() for sign in text)}


def _captions(public: Path, language: str) -> Iterator[str]:
    """Return the captions of all figures in a language, whose numbers have no address yet."""
    lists = [*public.glob(f"figures/*/{language}/figures*.json")]
    if language == "en":
        lists += [*public.glob("figures/*/figures*.json")]
    for path in lists:
        for entry in read_json(path):
            yield entry["caption"]
