"""The catalogues of messages: merge what was extracted, check the translations.

::

    disrupting-harm translate update    write report.pot, merge into every report.po; with
                                        --examples results an example for texts without one
    disrupting-harm translate check     fail on missing or broken translations, on other terms than
                                        the glossary's and on words to avoid; of one: check sw
    disrupting-harm translate new st    write the folder of a new language

The files hold no date and keep a stable order, so that an update without news changes no byte.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import polib
from babel import Locale
from babel.messages.plurals import PLURALS, get_plural
from babel.plural import to_gettext

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import format_json, write_bytes
from disrupting_harm.core.paths import PACKAGE, templates_folder
from disrupting_harm.report.language.avoided_words import FILE as AVOIDED
from disrupting_harm.report.language.avoided_words import read_avoided_words
from disrupting_harm.report.language.glossary import find_faults_of_terms, read_glossary
from disrupting_harm.report.language.settings import (
    BRIEFS_ALONE,
    CATALOGUE,
    COVERS,
    ENGLISH,
    MESSAGES,
    read_languages,
    write_language,
)
from disrupting_harm.report.translations.extraction import (
    Message,
    extract_english_only,
    extract_messages,
)
from disrupting_harm.report.translations.printed_examples import collect_examples
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.configuration.section import read_yaml

SHOWN_FAULTS = 10
HEADER = "Messages of the reports. Written by: disrupting-harm translate update"
# Files of briefs: a catalogue that covers briefs alone has all their texts.
OF_BRIEFS = (
    *("brief", "documents/brief/", "figures/brief/", "findings/standing.py", "parts/ways.qmd.j2"),
    *("documents/draft_status.py", "config.yaml", "recommendations.yaml"),
    *("findings/country_sentences.py", "findings/actions.py", "figures/alt_text.py"),
    "language/populations.py",
)
WIDTH = 100
# From which likeness of two English texts (difflib) on the translation of one helps with the other.
MUCH_ALIKE = 0.75
_EXAMPLE = "e.g. "
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")


def merge_catalogue(
    messages: Mapping[Message, Sequence[str]],
    existing: bytes | None,
    language: str | None,
    examples: Mapping[Message, str] | None = None,
) -> bytes:
    """Return a catalogue with ``messages``, keeping the translations of ``existing``.

    A message that is new, and nearly one that is gone, has the translation of that one, marked
    fuzzy and with the former English text: no document prints it until a translator has seen it.
    All other translations of messages that are gone stay at the end, as obsolete. What a
    translator wrote into the head or as a comment stays, too.

    Args:
        examples: what was printed of messages; each becomes a comment (``#.``) of its message.
    """
    existing_catalogue = read_catalogue(existing or b"")
    former_entries = {read_message(entry): entry for entry in existing_catalogue}
    gone = [
        entry
        for message, entry in former_entries.items()
        if message not in messages and any(read_forms(entry))
    ]
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.header = existing_catalogue.header or HEADER
    catalogue.metadata = _complete_header(existing_catalogue.metadata, language)
    form_count = _count_plural_forms(catalogue)
    for message, places in messages.items():
        former = former_entries.get(message) or _take_nearest(message, gone)
        example = (examples or {}).get(message, "")
        catalogue.append(_build_entry(message, places, former, form_count, example))
    for entry in gone:
        entry.obsolete, entry.occurrences, entry.comment = True, [], ""
        entry.previous_msgid = entry.previous_msgid_plural = None  # no reader keeps them
        catalogue.append(entry)
    return f"{catalogue}".encode()


def _build_entry(
    message: Message,
    places: Iterable[str],
    former: polib.POEntry,
    form_count: int,
    example: str,
) -> polib.POEntry:
    """Return the entry of a message with the translation of a former entry."""
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        msgid_plural=message.plural,
        occurrences=[(place, "") for place in sorted(places)],
        comment=f"{_EXAMPLE}{example}" if example else "",
        tcomment=former.tcomment,
    )
    forms = read_forms(former)
    if message.plural:
        entry.msgstr_plural = {
            number: forms[min(number, len(forms) - 1)] for number in range(form_count)
        }
    else:
        entry.msgstr = forms[-1]
    if former.fuzzy:
        entry.fuzzy = True
        entry.previous_msgid = former.previous_msgid
        entry.previous_msgid_plural = former.previous_msgid_plural
    if _PLACEHOLDER.search(message.text):
        entry.flags.append("python-brace-format")
    return entry


def read_message(entry: polib.POEntry) -> Message:
    """Return what an entry of a catalogue translates."""
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def read_forms(entry: polib.POEntry) -> list[str]:
    """Return the translation of an entry: one text, or one for each plural form."""
    if not entry.msgid_plural:
        return [entry.msgstr]
    return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]


def _count_plural_forms(catalogue: polib.POFile) -> int:
    match = re.match(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(match[1]) if match else 2


def read_catalogue(content: bytes) -> polib.POFile:
    """Return the entries of a catalogue, obsolete ones included."""
    return polib.pofile(content.decode(), wrapwidth=WIDTH) if content else polib.POFile()


def _take_nearest(message: Message, gone: list[polib.POEntry]) -> polib.POEntry:
    """Take out, as fuzzy, the entry whose English text is most like a message.

    Where none is much like it, the entry is a new one without a translation.
    """
    nearest, likeness = None, MUCH_ALIKE
    text = message.plural or message.text
    matcher = SequenceMatcher(b=text, autojunk=False)
    for entry in gone:
        former_text = entry.msgid_plural or entry.msgid
        matcher.set_seq1(former_text)
        # A text that only gained a context, or forms, is the same text.
        if former_text == text or (matcher.quick_ratio() > likeness and matcher.ratio() > likeness):
            nearest, likeness = entry, matcher.ratio()
    if nearest is None:
        return polib.POEntry()
    gone.remove(nearest)
    nearest.fuzzy = True
    # The text that was translated, which may be older than the last one.
    if not nearest.previous_msgid:
        nearest.previous_msgid = nearest.msgid
        nearest.previous_msgid_plural = nearest.msgid_plural or None
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
    # Babel's list lacks languages, e.g. Indonesian and Filipino; the CLDR has them all.
    if language in PLURALS:
        return str(get_plural(language))
    return to_gettext(Locale.parse(language).plural_form)


def find_faults(
    content: bytes,
    messages: Mapping[Message, Sequence[str]],
    needed_messages: Iterable[Message] | None = None,
) -> list[str]:
    """Return what is wrong with a catalogue, one line for each fault.

    One whose head says ``X-Covers: briefs`` may lack messages that stand in no file of briefs: a
    document says how many of its own stand in English.

    Args:
        content: of the catalogue.
        messages: all that it may have.
        needed_messages: those that it must have; None: all.
    """
    catalogue = read_catalogue(content)
    entries = {read_message(entry): entry for entry in catalogue if not entry.obsolete}
    needed = set(messages if needed_messages is None else needed_messages)
    if catalogue.metadata.get(COVERS) == BRIEFS_ALONE:
        needed = {
            message
            for message in needed
            if any(location.startswith(OF_BRIEFS) for location in messages[message])
        }
    fault_texts = []
    for message in messages:
        fault = _find_fault_of_entry(entries.get(message), message, message in needed)
        if fault:
            fault_texts.append(f"{fault}: {message.text}")
    return fault_texts + [
        f"no longer used: {message.text}" for message in entries if message not in messages
    ]


def _find_fault_of_entry(
    entry: polib.POEntry | None, message: Message, is_needed: bool
) -> str | None:
    forms = read_forms(entry) if entry else []
    if entry is None or not any(forms):
        return "no translation" if is_needed else None
    if entry.fuzzy:
        return "marked fuzzy"
    if not all(forms):
        return "no translation of a plural form"
    placeholders = _find_placeholders(message.text)
    if any(_find_placeholders(form) != placeholders for form in forms):
        return "other placeholders than in English"
    return None


def _find_placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _find_catalogues(folder: Path, language: str | None = None) -> dict[str, Path]:
    paths = sorted(folder.glob(f"{language or '*'}/{CATALOGUE}"))
    return {path.parts[-3]: path for path in paths}


def update_catalogues(
    messages: Mapping[Message, Sequence[str]],
    folder: Path,
    new_examples: Mapping[Message, str] | None = None,
) -> None:
    """Write ``report.pot`` and merge the messages into every catalogue.

    An example that stands there stays as long as its message: other numbers are no news.
    """
    examples = {**(new_examples or {}), **_read_examples(folder / MESSAGES)}
    write_bytes(folder / MESSAGES, merge_catalogue(messages, None, None, examples))
    for language, path in _find_catalogues(folder).items():
        write_bytes(path, merge_catalogue(messages, path.read_bytes(), language, examples))


def _read_examples(path: Path) -> dict[Message, str]:
    """Return the printed examples in ``report.pot``, whose lines may have been broken."""
    content = path.read_bytes() if path.is_file() else b""
    return {
        read_message(entry): entry.comment.replace("\n", " ").removeprefix(_EXAMPLE)
        for entry in read_catalogue(content)
        if entry.comment
    }


def check_catalogues(
    messages: Mapping[Message, Sequence[str]],
    folder: Path,
    needed_messages: Iterable[Message] | None = None,
    language: str | None = None,
) -> list[str]:
    """Return the faults of catalogues: missing, fuzzy or broken translations.

    Args:
        messages, needed_messages: as for :func:`find_faults`.
        folder: of languages.
        language: of the one catalogue to be checked; None: all.
    """
    needed = None if needed_messages is None else list(needed_messages)
    return [
        summary
        for path in _find_catalogues(folder, language).values()
        for summary in _summarise_faults(
            str(path), find_faults(path.read_bytes(), messages, needed)
        )
    ]


def check_glossary(
    messages: Mapping[Message, Sequence[str]],
    english_messages: list[str],
    folder: Path,
    config: Path,
    language: str | None = None,
) -> list[str]:
    """Return the faults of messages and translations: other terms than fixed, words to avoid.

    Args:
        messages: with their places; those of a study, too.
        english_messages: those that stand in no catalogue.
        folder: of languages.
        config: the study's configuration, whose questions may keep the wording of an instrument.
        language: whose translations are checked; None: all.
    """
    english, avoided = read_glossary(folder, ENGLISH), read_avoided_words(folder)
    quoted = _read_questions(config)
    texts = [text for message in messages for text in message[:2] if text]
    summaries = _summarise_faults(
        f"messages in English, {folder / AVOIDED}",
        list(avoided.find_faults(ENGLISH, [*texts, *english_messages], quoted)),
    )
    for translated_language, path in _find_catalogues(folder, language).items():
        glossary = read_glossary(folder, translated_language)
        translations = list(_list_translations(read_catalogue(path.read_bytes())))
        quoted_translations = {form for text, form in translations if text in quoted}
        forms = [form for _, form in translations]
        faults = list(avoided.find_faults(translated_language, forms, quoted_translations))
        if english and glossary:
            faults = [*find_faults_of_terms(english, glossary, translations), *faults]
        summaries += _summarise_faults(str(path), faults)
    return summaries


def describe_gaps(folder: Path, language: str | None = None) -> list[str]:
    """Return a line on each language that has no words for some reasons to avoid them."""
    avoided = read_avoided_words(folder)
    gaps = {name: avoided.find_gaps(name) for name in read_languages(folder)}
    return [
        f"open: {folder / AVOIDED} has no words of '{name}' for {', '.join(reasons)}"
        for name, reasons in gaps.items()
        if reasons and language in (None, name)
    ]


def _list_translations(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    """Yield each English text with its translation, of plural forms all."""
    for entry in catalogue:
        if not entry.obsolete:
            yield from ((entry.msgid, form) for form in read_forms(entry))


def _read_questions(config: Path) -> set[str]:
    """Return the questions of a study's items: wording of its instrument."""
    codebook = read_yaml(config.parent / read_yaml(config)["codebook"])
    return {item["question"] for item in codebook["items"] if item.get("question")}


def _summarise_faults(location: str, fault_texts: Sequence[str]) -> list[str]:
    """Return a line on the faults of one place; none where there is no fault."""
    if not fault_texts:
        return []
    count = amount(len(fault_texts), "fault")
    return [f"{location}: {count}, first {'; '.join(fault_texts[:SHOWN_FAULTS])}"]


def create_language(
    messages: Mapping[Message, Sequence[str]], folder: Path, language: str
) -> list[Path]:
    """Write what a language lacks: its file ``language.yml``, and a catalogue to be filled.

    Raises:
        StudyError: if it has a catalogue, or is no language that documents can be written in.
    """
    catalogue = folder / language / CATALOGUE
    if catalogue.is_file() or language == ENGLISH:
        raise StudyError(f"language '{language}'", "it is there", "Translate it, or name another")
    written_paths = write_language(folder, language)
    examples = _read_examples(folder / MESSAGES)
    write_bytes(catalogue, merge_catalogue(messages, None, language, examples))
    return [*written_paths, catalogue]


def main(arguments: list[str] | None = None) -> int:
    """Run ``update``, ``check`` or ``new`` from the command line."""
    parser = argparse.ArgumentParser(description="Keep the catalogues of messages.")
    parser.add_argument("action", choices=("update", "check", "new"))
    parser.add_argument("language", nargs="?", help="the new language, or that to check, e.g. sw")
    parser.add_argument("--templates", type=Path, default=templates_folder())
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    parser.add_argument("--json", action="store_true", help="with check: print for programs")
    parser.add_argument("--examples", type=Path, help="results with printed examples, for update")
    options = parser.parse_args(arguments)
    if options.action == "new" and not options.language:
        parser.error("'new' needs the code of a language, e.g. st")
    if options.action == "update" and options.language:
        parser.error("'update' takes no language: it brings the new messages into all catalogues")
    locale = options.templates / "locale"
    messages = extract_messages(options.templates, PACKAGE / "report", options.config)
    try:
        if options.action == "new":
            for path in create_language(messages, locale, options.language):
                print(f"{path}: to be translated")
        elif options.action == "update":
            new_examples = options.examples and collect_examples(
                options.examples, messages, read_languages(locale)
            )
            update_catalogues(messages, locale, new_examples)
        else:
            gaps = describe_gaps(locale, options.language)
            faults = _check_catalogue(messages, options)
            if options.json:
                record = {"messages": len(messages), "open": gaps, "faults": faults}
                print(format_json(record), end="")
                return 1 if faults else 0
            for line in gaps:
                print(line)
            if faults:
                print("\n".join(f"error: {fault}" for fault in faults), file=sys.stderr)
                print("Translate or correct them, then run the check again", file=sys.stderr)
                return 1
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(amount(len(messages), "message"))
    return 0


def _check_catalogue(
    messages: Mapping[Message, Sequence[str]], options: argparse.Namespace
) -> list[str]:
    """Return the faults of all languages, or of the one that is asked for."""
    if options.language and not (options.templates / "locale" / options.language).is_dir():
        raise StudyError(f"language '{options.language}'", "it has no folder", "Name another")
    locale, library = options.templates / "locale", PACKAGE / "report"
    study = read_yaml(options.config)["study"]
    areas = study.get("areas", StudyInfo.model_fields["areas"].default)
    needed_messages = extract_messages(options.templates, library, options.config, [areas])
    english_messages = extract_english_only(options.templates, library)
    return [
        *check_catalogues(messages, locale, needed_messages, options.language),
        *check_glossary(messages, english_messages, locale, options.config, options.language),
    ]


if __name__ == "__main__":
    sys.exit(main())
