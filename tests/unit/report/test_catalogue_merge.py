"""New English texts come into a catalogue, and nothing of a translator's work is lost.

Judges from outside: ``msgfmt --check`` of GNU gettext says whether translators' tools can read the
catalogue, and Babel, which knows nothing of the merge, reads what documents would print.
"""

import io
import os
import re
import subprocess
from gettext import c2py
from pathlib import Path

import polib
import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from preconditions import needs
from repository import PROJECT

from disrupting_harm.report.language.settings import CATALOGUE
from disrupting_harm.report.language.settings import MESSAGES as MESSAGES_FILE
from disrupting_harm.report.translations.catalogue import (
    find_faults,
    merge_catalogue,
    update_catalogues,
)
from disrupting_harm.report.translations.extraction import Message

LOCALE = PROJECT / "workflow" / "templates" / "locale"
LANGUAGES = sorted(path.parts[-3] for path in LOCALE.glob(f"*/{CATALOGUE}"))
MESSAGES = {Message("{share} of {population}."): ["a.j2"], Message("Boys"): ["codebook"]}
TRANSLATED = """\
# Awaits review.
#
# Ask the ministry.
msgid ""
msgstr ""
"Last-Translator: Sok Dara <dara@example.org>\\n"
"Language: km\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"X-Poedit-Bookmarks: 1,2\\n"

# The plural of the survey.
#: codebook
msgid "Boys"
msgstr "ក"

#: a.j2
#, python-brace-format
msgid "{share} of {population}."
msgstr "{population}: {share}"
""".encode()


def read_with_babel(content: bytes) -> Catalog:
    return read_po(io.BytesIO(content))


def read_messages(content: bytes) -> dict[Message, list[str]]:
    """Return the messages of a catalogue with their places."""
    messages = {}
    for entry in read_with_babel(content):
        if entry.id:
            text, plural = (entry.id, "") if isinstance(entry.id, str) else entry.id
            places = [place for place, _ in entry.locations]
            messages[Message(text, plural, entry.context or "")] = places
    return messages


def printed(content: bytes) -> dict[tuple[str, object], object]:
    """Return what documents print, by context and message."""
    return {
        (message.context or "", message.id): message.string
        for message in read_with_babel(content)
        if message.id and message.string and not message.fuzzy
    }


def reworded_in_three_texts(content: bytes) -> tuple[dict[Message, list[str]], dict[str, str]]:
    """Return the messages of a catalogue with three changed, and the former texts of these."""
    places = read_messages(content)
    translated = {text for _, text in printed(content)}
    long_texts = [
        text for text, plural, _ in places if len(text) > 60 and not plural and text in translated
    ]
    former = {f"{text} Indeed.": text for text in long_texts[:90:30]}
    assert len(former) == 3
    renamed = {text: changed for changed, text in former.items()}
    return {
        message._replace(text=renamed.get(message.text, message.text)): where
        for message, where in places.items()
    }, former


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reworded_text_keeps_its_translation_as_fuzzy_with_the_former_text(
    language: str,
) -> None:
    content = (LOCALE / language / CATALOGUE).read_bytes()
    messages, former = reworded_in_three_texts(content)
    before = printed(content)
    merged = merge_catalogue(messages, content, language)
    # Nothing but the three is lost, and none of the three is printed unseen.
    assert printed(merged) == {
        key: said for key, said in before.items() if key[1] not in former.values()
    }
    entries = {entry.msgid: entry for entry in polib.pofile(merged.decode())}
    for text, former_text in former.items():
        assert entries[text].fuzzy
        assert entries[text].previous_msgid == former_text
        assert entries[text].msgstr == before["", former_text]
    faults = find_faults(merged, messages)
    assert faults == [f"marked fuzzy: {each.text}" for each in messages if each.text in former]
    assert merge_catalogue(messages, merged, language) == merged


def test_the_former_text_is_the_one_that_was_translated() -> None:
    """A text that is reworded again before a translator came is compared with that text, still."""
    messages = {Message("{share} of all {population}."): ["a.j2"], Message("Boys"): ["codebook"]}
    once = merge_catalogue(messages, TRANSLATED, "km")
    messages = {
        Message("{share} of all the {population}."): ["a.j2"],
        Message("Boys"): ["codebook"],
    }
    (fuzzy,) = polib.pofile(merge_catalogue(messages, once, "km").decode()).fuzzy_entries()
    assert fuzzy.previous_msgid == "{share} of {population}."
    assert fuzzy.msgstr == "{population}: {share}"


def test_an_unlike_text_begins_without_a_translation_and_the_gone_one_waits() -> None:
    others = {Message("Girls"): ["codebook"], Message("{share} of {population}."): ["a.j2"]}
    merged = merge_catalogue(others, TRANSLATED, "km")
    assert printed(merged) == {("", "{share} of {population}."): "{population}: {share}"}
    assert '#~ msgid "Boys"\n#~ msgstr "ក"' in merged.decode()
    assert find_faults(merged, others) == ["no translation: Girls"]
    assert merge_catalogue(others, merged, "km") == merged
    # It is back as it was.
    assert printed(merge_catalogue(MESSAGES, merged, "km")) == printed(TRANSLATED)


def test_a_gone_text_that_waited_for_its_translator_changes_no_byte_later() -> None:
    messages = {Message("{share} of all {population}."): ["a.j2"], Message("Boys"): ["codebook"]}
    fuzzy = merge_catalogue(messages, TRANSLATED, "km")
    gone = merge_catalogue({Message("Boys"): ["codebook"]}, fuzzy, "km")
    assert merge_catalogue({Message("Boys"): ["codebook"]}, gone, "km") == gone


def test_what_a_translator_wrote_into_head_and_comments_stays() -> None:
    merged = merge_catalogue(MESSAGES, TRANSLATED, "km").decode()
    head = merged.partition("\n\n")[0]
    assert head.startswith("# Awaits review.\n#\n# Ask the ministry.\nmsgid")
    assert '"Last-Translator: Sok Dara <dara@example.org>\\n"' in head
    assert '"X-Poedit-Bookmarks: 1,2\\n"' in head
    assert '# The plural of the survey.\n#: codebook\nmsgid "Boys"' in merged
    assert merge_catalogue(MESSAGES, merged.encode(), "km") == merged.encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_update_without_news_changes_no_byte(language: str, tmp_path: Path) -> None:
    path = tmp_path / language / CATALOGUE
    path.parent.mkdir(parents=True)
    for name in (f"{language}/{CATALOGUE}", MESSAGES_FILE):
        (tmp_path / name).write_bytes((LOCALE / name).read_bytes())
    content = path.read_bytes()
    update_catalogues(read_messages(content), tmp_path)
    assert path.read_bytes() == content


def test_a_text_that_gains_forms_or_a_context_keeps_its_translation_for_a_second_look() -> None:
    gained = {
        Message("{share} of a {population}.", plural="{share} of {population}."): ["a.j2"],
        Message("Boys", context="row of a table"): ["codebook"],
    }
    merged = merge_catalogue(gained, TRANSLATED.replace(b"km", b"pt"), "pt")
    plural, in_context = polib.pofile(merged.decode()).fuzzy_entries()
    assert plural.msgstr_plural == {0: "{population}: {share}", 1: "{population}: {share}"}
    assert plural.previous_msgid == "{share} of {population}."
    assert (in_context.msgctxt, in_context.msgstr) == ("row of a table", "ក")
    assert merge_catalogue(gained, merged, "pt") == merged


@pytest.mark.parametrize(
    ("language", "forms"), [("km", 1), ("id", 1), ("pt", 2), ("ar", 6), ("sw", 2), ("fil", 2)]
)
def test_a_new_catalogue_says_how_many_plural_forms_its_language_has(
    language: str, forms: int
) -> None:
    content = merge_catalogue(MESSAGES, None, language)
    assert re.search(rb'"Plural-Forms: nplurals=(\d)', content)[1] == str(forms).encode()  # type: ignore[index]
    own = content.replace(f"nplurals={forms}".encode(), b"nplurals=4")
    assert merge_catalogue(MESSAGES, own, language) == own


@pytest.mark.parametrize("language", ["fil", "sw"])
def test_numbers_take_the_plural_form_that_the_cldr_gives_them(language: str) -> None:
    """In Filipino 1 to 3, 5, 7, 8 and 10 have one form, 4, 6 and 9 the other."""
    made = merge_catalogue(MESSAGES, None, language)
    for content in (made, (LOCALE / language / CATALOGUE).read_bytes()):
        rule = polib.pofile(content.decode()).metadata["Plural-Forms"]
        choose = c2py(rule.partition("plural=")[2].removesuffix(";"))
        names = ["one", "other"]
        plural_form = Locale.parse(language).plural_form
        assert [names[choose(n)] for n in range(200)] == [plural_form(n) for n in range(200)]


def test_a_catalogue_of_briefs_lacks_texts_of_reports_alone() -> None:
    messages = {
        Message("Who"): ["brief/brief.qmd.j2"],
        Message("Plan one course a year"): ["recommendations.yaml"],
        Message("Chapter"): ["country/chapter.qmd.j2"],
    }
    content = merge_catalogue(messages, None, "sw")
    assert len(find_faults(content, messages)) == 3
    of_briefs = content.replace(b'"Language: sw', b'"X-Covers: briefs\\n"\n"Language: sw')
    assert find_faults(of_briefs, messages) == [
        "no translation: Who",
        "no translation: Plan one course a year",
    ]
    # An update keeps the line.
    assert b"X-Covers: briefs" in merge_catalogue(messages, of_briefs, "sw")


def check_with_gettext(path: Path) -> str:
    """Return what ``msgfmt --check`` refuses in a catalogue; empty if nothing."""
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(path)]
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    checked = subprocess.run(command, capture_output=True, text=True, env=environment)
    refused = [line for line in checked.stderr.splitlines() if "warning: header field" not in line]
    assert bool(refused) == bool(checked.returncode)
    return "\n".join(refused)


@needs("no gettext")
@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_takes_every_catalogue(language: str) -> None:
    assert check_with_gettext(LOCALE / language / CATALOGUE) == ""


@needs("no gettext")
@pytest.mark.parametrize(
    ("found", "broken", "fault"),
    [
        (r"msgstr\[1\] .*\n", "", "plural form"),
        (r'(?<=\n)msgstr "([^"]*){country}', r'msgstr "\1{land}', "'country'"),
        (r"nplurals=2", "nplurals=3", "nplurals = 3"),
        (r'(msgid "Boys"\n)', r'\1msgstr "x"\n\n\1', "duplicate message"),
    ],
)
def test_gettext_refuses_a_broken_catalogue(
    tmp_path: Path, found: str, broken: str, fault: str
) -> None:
    content = (LOCALE / "pt" / CATALOGUE).read_text(encoding="utf-8")
    changed = re.sub(found, broken, content, count=1)
    assert changed != content
    path = tmp_path / "report.po"
    path.write_text(changed, encoding="utf-8")
    assert fault in check_with_gettext(path)


@needs("no gettext")
def test_gettext_reads_what_the_merge_writes(tmp_path: Path) -> None:
    path = tmp_path / "report.po"
    content = (LOCALE / "pt" / CATALOGUE).read_bytes()
    messages, _ = reworded_in_three_texts(content)
    del messages[list(messages)[5]]
    merged = merge_catalogue(messages, content, "pt")
    assert b"#~ " in merged
    path.write_bytes(merged)
    assert check_with_gettext(path) == ""
    # A former text that breaks its line, as other libraries write it, is refused.
    path.write_bytes(re.sub(rb'(?m)^(#\| "?.{30}).*\n', rb"\1\n", merged, count=1))
    assert check_with_gettext(path)
