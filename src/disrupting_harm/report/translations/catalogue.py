"""The catalogues of messages: merge what was extracted, check the translations.

::

    disrupting-harm translate update    write report.pot, merge into every report.po
    disrupting-harm translate check     fail on missing or broken translations, and on words that
                                        the glossary does not have
    disrupting-harm translate new sw    write the folder of a new language

The files hold no date and keep a stable order, so that an update without news changes no byte.
"""

import argparse
import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import write_bytes
from disrupting_harm.core.paths import PACKAGE, templates_folder
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH, MESSAGES, write_language
from disrupting_harm.report.language.translator import status_of
from disrupting_harm.report.translations.extraction import english_only, extract
from disrupting_harm.report.translations.glossary import FILE as GLOSSARY
from disrupting_harm.report.translations.glossary import (
    faults_of_terms,
    faults_of_words,
    read_glossary,
)
from disrupting_harm.study.configuration.section import read_yaml

SHOWN_FAULTS = 10
HEADER = """\
# Messages of the reports. Written by: disrupting-harm translate update
#"""
# In the head of a catalogue: it holds what these documents need, and not all messages.
_COVERS = re.compile(rb'^"X-Covers: \w+', re.MULTILINE)
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
_PLURAL = re.compile(r"^([Aa]rea)s$")


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


def _lasting_flags(previous: Message | None) -> tuple[str, ...]:
    return ("fuzzy",) if previous is not None and previous.fuzzy else ()


def _placeholders(text: str) -> list[str]:
    # Behind a number, or "all", a language may have the singular where English has the plural.
    return sorted({_PLURAL.sub(r"\1", name) for name in _PLACEHOLDER.findall(text)})


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
            f"{amount(len(found), 'fault')}, first {'; '.join(found[:SHOWN_FAULTS])}",
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
    messages = extract(chosen.templates, PACKAGE / "report", chosen.config)
    try:
        if chosen.action == "new":
            for path in new(messages, locale, chosen.language):
                print(f"{path}: to be translated")
        elif chosen.action == "update":
            update(messages, locale)
        else:
            check(messages, locale)
            own = english_only(chosen.templates, PACKAGE / "report")
            check_words(messages, own, locale, chosen.config)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(amount(len(messages), "message"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
