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
from disrupting_harm.report.language.translator import read_status
from disrupting_harm.report.translations.extraction import extract_english_only, extract_messages
from disrupting_harm.report.translations.glossary import FILE as GLOSSARY
from disrupting_harm.report.translations.glossary import (
    find_faults_of_terms,
    find_faults_of_words,
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


def merge_catalogue(
    messages: dict[str, list[str]], existing: bytes | None, language: str | None
) -> bytes:
    """Return a catalogue with ``messages``, keeping the translations of ``existing``.

    A message that is gone is dropped; one that is new stands without a translation. Nothing is
    guessed from similar messages: a translation always belongs to exactly its message. Comments at
    the head of ``existing`` stay.
    """
    old_catalogue = read_po(io.BytesIO(existing), locale=language) if existing else Catalog()
    catalogue = Catalog(locale=language, fuzzy=False, header_comment=HEADER)
    for message, locations in messages.items():
        previous = old_catalogue.get(message)
        catalogue.add(
            message,
            previous.string if previous else "",
            locations=[(location, 0) for location in locations],
            flags=_lasting_flags(previous),
            user_comments=previous.user_comments if previous else (),
        )
    content = io.BytesIO()
    write_po(content, catalogue, width=100, include_lineno=False, omit_header=True)
    return _format_header(language, existing or b"") + content.getvalue()


def find_faults(content: bytes, messages: dict[str, list[str]], language: str) -> list[str]:
    """Return what is wrong with a catalogue, one line for each fault.

    One whose head says ``X-Covers: briefs`` may lack messages: a document says how many of its own
    stand in English.
    """
    catalogue = read_po(io.BytesIO(content), locale=language)
    is_complete = not _COVERS.search(content)
    fault_texts = []
    for message in messages:
        translated_message = catalogue.get(message)
        if (translated_message is None or not translated_message.string) and not is_complete:
            continue
        if translated_message is None or not translated_message.string:
            fault_texts.append(f"no translation: {message}")
        elif translated_message.fuzzy:
            fault_texts.append(f"marked fuzzy: {message}")
        elif _find_placeholders(message) != _find_placeholders(str(translated_message.string)):
            fault_texts.append(f"other placeholders than in English: {message}")
    fault_texts += [
        f"no longer used: {entry.id}"
        for entry in catalogue
        if entry.id and entry.id not in messages
    ]
    return fault_texts


def _lasting_flags(previous: Message | None) -> tuple[str, ...]:
    return ("fuzzy",) if previous is not None and previous.fuzzy else ()


def _find_placeholders(text: str) -> list[str]:
    # Behind a number, or "all", a language may have the singular where English has the plural.
    return sorted({_PLURAL.sub(r"\1", name) for name in _PLACEHOLDER.findall(text)})


def _format_header(language: str | None, existing: bytes) -> bytes:
    comment = existing.decode().partition("msgid")[0].strip() or HEADER
    fields_of_header = [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    if language:
        fields_of_header = [
            f"Language: {language}",
            *fields_of_header,
            f"X-Status: {read_status(existing)}",
        ]
        covers = _COVERS.search(existing)
        fields_of_header += [covers[0].decode().strip('"')] if covers else []
    fields = "".join(f'"{line}\\n"\n' for line in fields_of_header)
    return f'{comment}\nmsgid ""\nmsgstr ""\n{fields}\n'.encode()


def _find_catalogues(folder: Path) -> dict[str, Path]:
    return {path.parts[-3]: path for path in sorted(folder.glob(f"*/{CATALOGUE}"))}


def update_catalogues(messages: dict[str, list[str]], folder: Path) -> None:
    """Write ``report.pot`` and merge the messages into every catalogue."""
    write_bytes(folder / MESSAGES, merge_catalogue(messages, None, None))
    for language, path in _find_catalogues(folder).items():
        write_bytes(path, merge_catalogue(messages, path.read_bytes(), language))


def check_catalogues(messages: dict[str, list[str]], folder: Path) -> None:
    """Refuse catalogues with missing, fuzzy or broken translations.

    Raises:
        StudyError: naming the first faulty catalogue and its faults.
    """
    for language, path in _find_catalogues(folder).items():
        _refuse_faults(str(path), find_faults(path.read_bytes(), messages, language))


def check_glossary(
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
    quoted = _read_questions(config)
    fault_texts = [*find_faults_of_words(english, [*messages, *english_messages], quoted)]
    _refuse_faults(f"messages in English, {folder / ENGLISH / GLOSSARY}", fault_texts)
    for language, path in _find_catalogues(folder).items():
        glossary = read_glossary(folder, language)
        if glossary is None:
            continue
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
        translations = {
            str(translated_message.id): str(translated_message.string)
            for translated_message in catalogue
            if translated_message.id
        }
        quoted_translations = {translations[message] for message in quoted & translations.keys()}
        fault_texts = [
            *find_faults_of_terms(english, glossary, translations),
            *find_faults_of_words(glossary, translations.values(), quoted_translations),
        ]
        _refuse_faults(str(path), fault_texts)


def _read_questions(config: Path) -> set[str]:
    """Return the questions of a study's items: wording of its instrument."""
    codebook = read_yaml(config.parent / read_yaml(config)["codebook"])
    return {item["question"] for item in codebook["items"] if item.get("question")}


def _refuse_faults(location: str, fault_texts: list[str]) -> None:
    if fault_texts:
        raise StudyError(
            location,
            f"{amount(len(fault_texts), 'fault')}, first {'; '.join(fault_texts[:SHOWN_FAULTS])}",
            "Translate or correct them, then run the check again",
        )


def create_language(messages: dict[str, list[str]], folder: Path, language: str) -> list[Path]:
    """Write what a language lacks: its file ``language.yml``, and a catalogue to be filled.

    Raises:
        StudyError: if it has a catalogue, or is no language that documents can be written in.
    """
    catalogue = folder / language / CATALOGUE
    if catalogue.is_file() or language == ENGLISH:
        raise StudyError(f"language '{language}'", "it is there", "Translate it, or name another")
    written_paths = write_language(folder, language)
    write_bytes(catalogue, merge_catalogue(messages, None, language))
    return [*written_paths, catalogue]


def main(arguments: list[str] | None = None) -> int:
    """Run ``update``, ``check`` or ``new`` from the command line."""
    parser = argparse.ArgumentParser(description="Keep the catalogues of messages.")
    parser.add_argument("action", choices=("update", "check", "new"))
    parser.add_argument("language", nargs="?", help="the new language, e.g. sw")
    parser.add_argument("--templates", type=Path, default=templates_folder())
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    options = parser.parse_args(arguments)
    if (options.action == "new") != bool(options.language):
        parser.error("'new' needs the code of a language, e.g. sw; the others take none")
    locale = options.templates / "locale"
    messages = extract_messages(options.templates, PACKAGE / "report", options.config)
    try:
        if options.action == "new":
            for path in create_language(messages, locale, options.language):
                print(f"{path}: to be translated")
        elif options.action == "update":
            update_catalogues(messages, locale)
        else:
            check_catalogues(messages, locale)
            english_messages = extract_english_only(options.templates, PACKAGE / "report")
            check_glossary(messages, english_messages, locale, options.config)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(amount(len(messages), "message"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
