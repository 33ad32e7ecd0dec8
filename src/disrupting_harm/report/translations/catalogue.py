"""The catalogues of messages: merge what was extracted, check the translations.

::

    disrupting-harm translate update    write report.pot, merge into every report.po
    disrupting-harm translate check     fail on missing or broken translations, and on words that
                                        the glossary does not have
    disrupting-harm translate new sw    write the folder of a new language

The files hold no date and keep a stable order, so that an update without news changes no byte.
"""

import argparse
import re
import sys
from difflib import SequenceMatcher
from pathlib import Path

import polib
from babel import Locale
from babel.messages.plurals import get_plural

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import write_bytes
from disrupting_harm.core.paths import PACKAGE, templates_folder
from disrupting_harm.report.language.glossary import FILE as GLOSSARY
from disrupting_harm.report.language.glossary import (
    find_faults_of_terms,
    find_faults_of_words,
    read_glossary,
)
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH, MESSAGES, write_language
from disrupting_harm.report.translations.extraction import extract_english_only, extract_messages
from disrupting_harm.study.configuration.section import read_yaml

SHOWN_FAULTS = 10
HEADER = "Messages of the reports. Written by: disrupting-harm translate update"
# In the head of a catalogue: it holds what these documents need, and not all messages.
COVERS = "X-Covers"
WIDTH = 100
# From which likeness of two English texts (difflib) on the translation of one helps with the other.
MUCH_ALIKE = 0.75
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
_PLURAL = re.compile(r"^([Aa]rea)s$")


def merge_catalogue(
    messages: dict[str, list[str]], existing: bytes | None, language: str | None
) -> bytes:
    """Return a catalogue with ``messages``, keeping the translations of ``existing``.

    A message that is new, and nearly one that is gone, has the translation of that one, marked
    fuzzy and with the former English text: no document prints it until a translator has seen it.
    All other translations of messages that are gone stay at the end, as obsolete. What a
    translator wrote into the head or as a comment stays, too.
    """
    existing_catalogue = read_catalogue(existing or b"")
    former_entries = {entry.msgid: entry for entry in existing_catalogue}
    gone = [
        entry
        for message, entry in former_entries.items()
        if message not in messages and entry.msgstr
    ]
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.header = existing_catalogue.header or HEADER
    catalogue.metadata = _complete_header(existing_catalogue.metadata, language)
    for message, places in messages.items():
        entry = polib.POEntry(msgid=message, occurrences=[(place, "") for place in sorted(places)])
        former = former_entries.get(message) or _take_nearest(message, gone)
        entry.msgstr, entry.tcomment = former.msgstr, former.tcomment
        if former.fuzzy:
            entry.fuzzy, entry.previous_msgid = True, former.previous_msgid
        if _PLACEHOLDER.search(message):
            entry.flags.append("python-brace-format")
        catalogue.append(entry)
    for entry in gone:
        entry.obsolete, entry.occurrences, entry.comment = True, [], ""
        entry.previous_msgid = None  # of obsolete entries no reader keeps it
        catalogue.append(entry)
    return f"{catalogue}".encode()


def read_catalogue(content: bytes) -> polib.POFile:
    """Return the entries of a catalogue, obsolete ones included."""
    return polib.pofile(content.decode(), wrapwidth=WIDTH) if content else polib.POFile()


def _take_nearest(message: str, gone: list[polib.POEntry]) -> polib.POEntry:
    """Take out, as fuzzy, the entry whose English text is most like a message.

    Where none is much like it, the entry is a new one without a translation.
    """
    nearest, likeness = None, MUCH_ALIKE
    matcher = SequenceMatcher(b=message, autojunk=False)
    for entry in gone:
        matcher.set_seq1(entry.msgid)
        if matcher.quick_ratio() > likeness and (ratio := matcher.ratio()) > likeness:
            nearest, likeness = entry, ratio
    if nearest is None:
        return polib.POEntry()
    gone.remove(nearest)
    nearest.fuzzy = True
    # The text that was translated, which may be older than the last one.
    nearest.previous_msgid = nearest.previous_msgid or nearest.msgid
    return nearest


def _complete_header(fields: dict[str, str], language: str | None) -> dict[str, str]:
    """Return the fields of a head with those that every catalogue of a language has.

    The rule of the plural forms is a translator's, where there is one already.
    """
    ours = {
        "Project-Id-Version": "disrupting-harm",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    if language is None:
        return ours
    defaults = {"Plural-Forms": _describe_plural_forms(language)}
    return {**defaults, **fields, **ours, "Language": language}


def _describe_plural_forms(language: str) -> str:
    # Babel's list lacks languages with one form, e.g. Indonesian; CLDR has them all.
    has_one_form = not Locale.parse(language).plural_form.tags
    return "nplurals=1; plural=0;" if has_one_form else str(get_plural(language))


def find_faults(content: bytes, messages: dict[str, list[str]], language: str) -> list[str]:
    """Return what is wrong with a catalogue, one line for each fault.

    One whose head says ``X-Covers: briefs`` may lack messages: a document says how many of its own
    stand in English.
    """
    catalogue = read_catalogue(content)
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    is_complete = COVERS not in catalogue.metadata
    fault_texts = []
    for message in messages:
        entry = entries.get(message)
        if entry is None or not entry.msgstr:
            if is_complete:
                fault_texts.append(f"no translation: {message}")
        elif entry.fuzzy:
            fault_texts.append(f"marked fuzzy: {message}")
        elif _find_placeholders(message) != _find_placeholders(entry.msgstr):
            fault_texts.append(f"other placeholders than in English: {message}")
    fault_texts += [f"no longer used: {message}" for message in entries if message not in messages]
    return fault_texts


def _find_placeholders(text: str) -> list[str]:
    # Behind a number, or "all", a language may have the singular where English has the plural.
    return sorted({_PLURAL.sub(r"\1", name) for name in _PLACEHOLDER.findall(text)})


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
        translations = {
            entry.msgid: entry.msgstr
            for entry in read_catalogue(path.read_bytes())
            if not entry.obsolete
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
