"""A language from the right by data alone: four files in a copy of the workflow.

Its words are English ones in Arabic letters: as long, as many, with the same numbers, and in six
forms where they count. Nobody can read them, and no reader is asked.
"""

import re
import shutil
from string import ascii_lowercase

import polib
from checkout import Checkout
from repository import PROJECT

CODE = "ar"
FAMILY = FONT = "Cairo"
ROW = f"""\
Arab:
  family: {FAMILY}
  font: typefaces/{FONT}.ttf
  letters: U+600-6FF, U+750-77F, U+8A0-8FF, U+FB50-FDFF, U+FE70-FEFF, U+200C-200F, U+2066-2069
  direction: rtl
  pdf: print
"""
ARABIC = dict(zip(ascii_lowercase, "ابتثجحخدذرزسشصضطظعغفقكلمنو", strict=True))
# What stands in a text for programs.
KEPT = re.compile(r"(\{\w+\}|<[^>]+>|&\w+;|https?://\S+|\]\([^)]*\))")


def in_arabic_letters(text: str) -> str:
    """Return an English text in Arabic letters, what programs read as it is."""
    words = KEPT.split(text)
    words[::2] = ["".join(ARABIC.get(letter.lower(), letter) for letter in w) for w in words[::2]]
    return "".join(words)


def add_language(checkout: Checkout) -> None:
    """Add script, font and language to a copy of the workflow."""
    package = checkout.folder / "src" / "disrupting_harm" / "report" / "language"
    for suffix in (".ttf", ".txt"):
        shutil.copy(
            PROJECT / "tests" / "data" / "typefaces" / f"{FONT}{suffix}", package / "typefaces"
        )
    with (package / "scripts.yml").open("a", encoding="utf-8") as rows:
        rows.write(ROW)
    command = checkout.run_command("translate", "new", CODE)
    assert command.returncode == 0, command.stderr
    folder = checkout.folder / "workflow" / "templates" / "locale" / CODE
    path = folder / "LC_MESSAGES" / "report.po"
    catalogue = polib.pofile(path)
    assert catalogue.metadata["Plural-Forms"].startswith("nplurals=6;")
    for entry in catalogue:
        if entry.msgid_plural:
            forms = {1: entry.msgid}
            for number in entry.msgstr_plural:
                english = forms.get(number, entry.msgid_plural)
                entry.msgstr_plural[number] = in_arabic_letters(english)
        else:
            entry.msgstr = in_arabic_letters(entry.msgid)
    catalogue.save()
    settings = folder / "language.yml"
    head, layout, words = settings.read_text("utf-8").partition("layout:\n")
    words = re.sub('"([^"]*)"', lambda word: f'"{in_arabic_letters(word[1])}"', words)
    settings.write_text(head + layout + words, encoding="utf-8")
