"""The catalogues of messages: extract them, merge them, check the translations.

::

    python -m disrupting_harm.report.catalogue update   write report.pot, merge into every report.po
    python -m disrupting_harm.report.catalogue check    fail on missing or broken translations, and
                                                        on words that the glossary does not have
    disrupting-harm translate new sw                    write the folder of a new language

Messages come from the templates, from the library's ``report`` package and from the words of a
study (title, population, codebook). The files hold no date and keep a stable order, so that an
update without news changes no byte.
"""

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.files import write_bytes
from disrupting_harm.package import templates_folder
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.evidence.codes import messages as messages_of_tables
from disrupting_harm.report.filling import DELIMITERS
from disrupting_harm.report.findings.definition import load_findings
from disrupting_harm.report.glossary import FILE as GLOSSARY
from disrupting_harm.report.glossary import faults_of_terms, faults_of_words, read_glossary
from disrupting_harm.report.language import CATALOGUE, ENGLISH, MESSAGES, write_language
from disrupting_harm.report.recommendations import load_recommendations
from disrupting_harm.report.words import status_of
from disrupting_harm.study.config import StudyInfo
from disrupting_harm.study.section import read_yaml
from disrupting_harm.survey.tables.intervals import INTERVALS

KEYWORDS = dict.fromkeys(("_", "words", "text", "_text"))
CODEBOOK_WORDS = ("label", "short", "note", "base")
CODEBOOK_TABLES = ("levels_label", "value_labels")
SHOWN_FAULTS = 10
# What is written in English alone has no messages in the catalogues.
ENGLISH_ONLY = (
    *("regional/", "site/", "databook/region", "figures/comparison/"),
    "figures/evidence/regional.py",
)
HEADER = """\
# Messages of the reports. Written by: python -m disrupting_harm.report.catalogue update
#"""
# In the head of a catalogue: it holds what these documents need, and not all messages.
_COVERS = re.compile(rb'^"X-Covers: \w+', re.MULTILINE)
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")


def extract(templates: Path, library: Path, config: Path) -> dict[str, list[str]]:
    """Return all messages with the files they come from, in order of first appearance.

    Args:
        templates: folder of the templates.
        library: the package whose Python sources hold messages.
        config: a study's configuration file, whose words are translated, too.
    """
    found: dict[str, list[str]] = {}
    for place, message in (
        *_in_templates(templates, english=False),
        *_in_library(library, english=False),
        *registered(),
        *_in_study(config),
    ):
        places = found.setdefault(message, [])
        if place not in places:
            places.append(place)
    return found


def english_only(templates: Path, library: Path) -> list[str]:
    """Return the messages that are written in English alone and stand in no catalogue.

    Args:
        templates, library: as for :func:`extract`.
    """
    found = (*_in_templates(templates, english=True), *_in_library(library, english=True))
    return [message for _, message in found]


def merge(messages: dict[str, list[str]], existing: bytes | None, language: str | None) -> bytes:
    """Return a catalogue with ``messages``, keeping the translations of ``existing``.

    A message that is gone is dropped; one that is new stands without a translation. Nothing is
    guessed from similar messages: a translation always belongs to exactly its message. Comments at
    the head of ``existing`` stay.
    """
    old = read_po(io.BytesIO(existing), locale=language) if existing else Catalog()
    catalogue = Catalog(locale=language, fuzzy=False, header_comment=HEADER)
    for text, places in messages.items():
        previous = old.get(text)
        catalogue.add(
            text,
            previous.string if previous else "",
            locations=[(place, 0) for place in places],
            flags=_lasting_flags(previous),
            user_comments=previous.user_comments if previous else (),
        )
    written = io.BytesIO()
    write_po(written, catalogue, width=100, include_lineno=False, omit_header=True)
    return _header(language, existing or b"") + written.getvalue()


def faults(content: bytes, messages: dict[str, list[str]], language: str) -> list[str]:
    """Return what is wrong with a catalogue, one line for each fault.

    One whose head says ``X-Covers: briefs`` may lack messages: a document says how many of its own
    stand in English.
    """
    catalogue = read_po(io.BytesIO(content), locale=language)
    whole = not _COVERS.search(content)
    found = []
    for text in messages:
        entry = catalogue.get(text)
        if (entry is None or not entry.string) and not whole:
            continue
        if entry is None or not entry.string:
            found.append(f"no translation: {text}")
        elif entry.fuzzy:
            found.append(f"marked fuzzy: {text}")
        elif _placeholders(text) != _placeholders(str(entry.string)):
            found.append(f"other placeholders than in English: {text}")
    found += [f"no longer used: {e.id}" for e in catalogue if e.id and e.id not in messages]
    return found


def _in_templates(folder: Path, english: bool) -> Iterator[tuple[str, str]]:
    options = {"silent": "false", **{key: str(value) for key, value in DELIMITERS.items()}}
    for path, place in _files(folder, "*.j2", english):
        with path.open("rb") as file:
            rows = babel_extract(file, list(KEYWORDS), (), options)
            yield from _named(place, rows)


def _in_library(folder: Path, english: bool) -> Iterator[tuple[str, str]]:
    for path, place in _files(folder, "*.py", english):
        with path.open("rb") as file:
            rows = extract_python(file, KEYWORDS, (), {})
            yield from _named(place, rows)


def _files(folder: Path, pattern: str, english: bool) -> Iterator[tuple[Path, str]]:
    """Return the files whose messages are written in English alone, or all others."""
    for path in sorted(folder.rglob(pattern)):
        place = path.relative_to(folder).as_posix()
        if place.startswith(ENGLISH_ONLY) == english:
            yield path, place


def registered() -> Iterator[tuple[str, str]]:
    """What reports print of what is defined elsewhere: intervals, standards, tables of evidence."""
    for method in INTERVALS.values():
        yield from (("intervals", said) for said in (method.label, method.phrase) if said)
    yield from (("standards", policy.shown) for policy in POLICIES.values())
    yield from (("evidence", label) for label in messages_of_tables())


def _named(place: str, rows: Iterator[tuple]) -> Iterator[tuple[str, str]]:
    for _, _, strings, _ in rows:
        first = strings[0] if isinstance(strings, tuple) else strings
        if first:
            yield place, first


def _in_study(config: Path) -> Iterator[tuple[str, str]]:
    content = read_yaml(config)
    # What messages call the rows of the countries file, where a sentence names them.
    yield config.name, content["study"].get("areas", StudyInfo.model_fields["areas"].default)
    for key in ("title", "population", "survey"):
        yield config.name, content["study"].get(key, StudyInfo.model_fields[key].default)
    with (config.parent / content["countries"]).open(encoding="utf-8") as file:
        regions = [row.get("region") for row in csv.DictReader(file)]
    yield from (("countries", region) for region in dict.fromkeys(regions) if region)
    judged = content.get("comparison", {}).get("comparability")
    if judged:
        with (config.parent / judged).open(encoding="utf-8") as file:
            reasons = [row["reason"] for row in csv.DictReader(file)]
        yield from (("comparability", reason) for reason in dict.fromkeys(reasons) if reason)
    evidence, report = content.get("evidence", {}), content.get("report", {})
    yield from _in_evidence(evidence, config.parent)
    if "recommendations" in report:
        yield from _in_recommendations(config.parent / report["recommendations"])
    if "findings" in report:
        yield from _in_findings(config.parent / report["findings"], content["codebook"], config)
    if "brief" in report:
        yield from _in_brief(read_yaml(config.parent / report["brief"]))
    codebook = read_yaml(config.parent / content["codebook"])
    split = {domain.get("item") for domain in codebook["domains"]}
    levels = [item for item in codebook["items"] if item["id"] in split]
    yield from (("codebook", asked) for asked in _asked(codebook))
    kinds = ("domains", "modules", "series", "questions", "indicators")
    named = [entry for kind in kinds for entry in codebook.get(kind, ())]
    for entry in (*named, *levels):
        for key in CODEBOOK_WORDS:
            if entry.get(key):
                yield "codebook", entry[key]
        for key in CODEBOOK_TABLES:
            yield from (("codebook", label) for label in entry.get(key, {}).values())


def _in_findings(path: Path, codebook: str, config: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of findings, and the questions that its margins print."""
    found = load_findings(path)
    asked = {entry.asked for entry in found.all}
    items = read_yaml(config.parent / codebook)["items"]
    said = [group.title for group in found.numbers]
    said += [tile.text for group in found.numbers for tile in group.tiles if tile.text]
    said += [text for chapter in found.chapters for text in (chapter.title, chapter.message)]
    for entry in found.all:
        said += [*entry.heading.values(), *entry.text, *entry.said.values()]
        said += [entry.sure] if entry.sure else []
        said += [entry.options.asked] if entry.options else []
    said += [text for entry in found.glossary for text in (entry.term, entry.meaning)]
    said += [item["question"] for item in items if item["id"] in asked]
    yield from ((path.name, text) for text in said)


def _asked(codebook: dict[str, Any]) -> Iterator[str]:
    """Questions of the items that indicators are made of, and the answers that count."""
    items = {item["id"]: item for item in codebook["items"]}
    for entry in codebook["indicators"]:
        for condition in entry.get("numerator", ()):
            item = items[condition["item"]]
            labels = item.get("value_labels", {})
            yield from filter(
                None, (item.get("question"), *map(labels.get, condition.get("among", ())))
            )
        if "value" in entry and items[entry["value"]].get("question"):
            yield items[entry["value"]]["question"]


def _in_brief(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Sentences, titles and labels of the study's briefs."""
    said = [text for key, text in content["lead"].items() if key != "indicator"]
    tiles = [*content["tiles"], *content.get("compared", ())]
    said += [tile["text"] for tile in tiles]
    for picture in content["pictures"]:
        said += [picture["title"], picture["subtitle"], *picture.get("labels", {}).values()]
    said += [ask["title"] for ask in content.get("asks", ())]
    yield from (("brief", text) for text in said)


def _in_evidence(evidence: dict[str, str], folder: Path) -> Iterator[tuple[str, str]]:
    """Words that tables of evidence bring with them, and those of the files beside them."""
    if "cybertips" in evidence:
        text = (folder / evidence["cybertips"]).read_text(encoding="utf-8")
        yield from (("evidence", row["counted"]) for row in csv.DictReader(io.StringIO(text)))
    if "capacity_areas" in evidence:
        areas = read_yaml(folder / evidence["capacity_areas"])["areas"]
        for area in areas:
            yield from (("evidence", text) for text in (area["label"], *area["items"].values()))
    if "labels" in evidence:
        for columns in load_labels(folder / evidence["labels"]).values():
            for own in columns.values():
                yield from (("evidence", label) for label in own.values())
    if "triangulation" in evidence:
        for form in read_yaml(folder / evidence["triangulation"])["forms"]:
            yield "evidence", form["label"]
            if form.get("police", {}).get("reason"):
                yield "evidence", form["police"]["reason"]
            if "frontline" in form:
                yield "evidence", form["frontline"]["statement"]
    yield from (("evidence", text) for text in _texts_of_tables())


def _in_recommendations(path: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of recommendations."""
    for group in load_recommendations(path).groups:
        yield path.name, group.label
        for entry in group.recommendations:
            yield path.name, entry.text
            yield path.name, entry.finding
        yield from ((path.name, line) for line in group.general)


def _texts_of_tables() -> Iterator[str]:
    """Sentences that the stage *evidence* writes into public tables."""
    from disrupting_harm.evidence.measures import conflicting_sources as conflicts
    from disrupting_harm.evidence.measures import triangulation

    yield from (conflicts.COUNTED_BY, conflicts.COUNTED, conflicts.BOTH, conflicts.UNKNOWN)
    yield from (*triangulation.SAYS.values(), *triangulation.CANNOT_SAY.values())
    yield from (triangulation.NONE_RECORDED, triangulation.NOT_TOLD_APART)
    yield from (triangulation.NO_FIGURE, triangulation.NO_NUMBER, triangulation.SURVEY)


def _lasting_flags(previous: Message | None) -> tuple[str, ...]:
    return ("fuzzy",) if previous is not None and previous.fuzzy else ()


def _placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)))


def _header(language: str | None, existing: bytes) -> bytes:
    comment = existing.decode().partition("msgid")[0].strip() or HEADER
    lines = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if language:
        lines = [f"Language: {language}", *lines, f"X-Status: {status_of(existing)}"]
        covers = _COVERS.search(existing)
        lines += [covers[0].decode().strip('"')] if covers else []
    fields = "".join(f'"{line}\\n"\n' for line in lines)
    return f'{comment}\nmsgid ""\nmsgstr ""\n{fields}\n'.encode()


def _catalogues(folder: Path) -> dict[str, Path]:
    return {path.parts[-3]: path for path in sorted(folder.glob(f"*/{CATALOGUE}"))}


def update(messages: dict[str, list[str]], folder: Path) -> None:
    """Write ``report.pot`` and merge the messages into every catalogue."""
    write_bytes(folder / MESSAGES, merge(messages, None, None))
    for language, path in _catalogues(folder).items():
        write_bytes(path, merge(messages, path.read_bytes(), language))


def check(messages: dict[str, list[str]], folder: Path) -> None:
    """Refuse catalogues with missing, fuzzy or broken translations.

    Raises:
        StudyError: naming the first faulty catalogue and its faults.
    """
    for language, path in _catalogues(folder).items():
        _refuse(str(path), faults(path.read_bytes(), messages, language))


def check_words(
    messages: dict[str, list[str]], english_messages: list[str], folder: Path, config: Path
) -> None:
    """Refuse messages and translations that do not keep to the glossary of their language.

    Args:
        messages: with their places; those of a study, too.
        english_messages: those that stand in no catalogue.
        folder: of languages.
        config: the study's configuration, whose questions may keep the wording of an instrument.

    Raises:
        StudyError: naming the first faulty file and its faults.
    """
    english = read_glossary(folder, ENGLISH)
    if english is None:
        return
    quoted = _questions(config)
    found = [*faults_of_words(english, [*messages, *english_messages], quoted)]
    _refuse(f"messages in English, {folder / ENGLISH / GLOSSARY}", found)
    for language, path in _catalogues(folder).items():
        own = read_glossary(folder, language)
        if own is None:
            continue
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
        said = {str(entry.id): str(entry.string) for entry in catalogue if entry.id}
        kept = {said[message] for message in quoted & said.keys()}
        found = [*faults_of_terms(english, own, said), *faults_of_words(own, said.values(), kept)]
        _refuse(str(path), found)


def _questions(config: Path) -> set[str]:
    """Return the questions of a study's items: wording of its instrument."""
    codebook = read_yaml(config.parent / read_yaml(config)["codebook"])
    return {item["question"] for item in codebook["items"] if item.get("question")}


def _refuse(where: str, found: list[str]) -> None:
    if found:
        raise StudyError(
            where,
            f"{len(found)} faults, first {'; '.join(found[:SHOWN_FAULTS])}",
            "Translate or correct them, then run the check again",
        )


def new(messages: dict[str, list[str]], folder: Path, language: str) -> list[Path]:
    """Write what a language lacks: its file ``language.yml``, and a catalogue to be filled.

    Raises:
        StudyError: if it has a catalogue, or is no language that documents can be written in.
    """
    catalogue = folder / language / CATALOGUE
    if catalogue.is_file() or language == ENGLISH:
        raise StudyError(f"language '{language}'", "it is there", "Translate it, or name another")
    made = write_language(folder, language)
    write_bytes(catalogue, merge(messages, None, language))
    return [*made, catalogue]


def main(arguments: list[str] | None = None) -> int:
    """Run ``update``, ``check`` or ``new`` from the command line."""
    parser = argparse.ArgumentParser(description="Keep the catalogues of messages.")
    parser.add_argument("action", choices=("update", "check", "new"))
    parser.add_argument("language", nargs="?", help="the new language, e.g. sw")
    parser.add_argument("--templates", type=Path, default=templates_folder())
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    chosen = parser.parse_args(arguments)
    if (chosen.action == "new") != bool(chosen.language):
        parser.error("'new' needs the code of a language, e.g. sw; the others take none")
    locale = chosen.templates / "locale"
    messages = extract(chosen.templates, Path(__file__).parent, chosen.config)
    try:
        if chosen.action == "new":
            for path in new(messages, locale, chosen.language):
                print(f"{path}: to be translated")
        elif chosen.action == "update":
            update(messages, locale)
        else:
            check(messages, locale)
            own = english_only(chosen.templates, Path(__file__).parent)
            check_words(messages, own, locale, chosen.config)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(messages)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
