"""A note as its author wrote it: front matter, Markdown, and shortcodes such as ``{{< number >}}``.

A note is told from other documents by ``results`` in its front matter: where the public results
lie, as seen from the note.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.core.files import read_text
from disrupting_harm.report.checks.documents import ALLOWED_IN_NOTE
from disrupting_harm.report.checks.numbers import NumberFault, fault_at
from disrupting_harm.report.rendering.qmd import split_front_matter
from disrupting_harm.report.rendering.qmd_lint import without_code

RESULTS, COUNTRY = "results", "country"
# What stands in a line, and what stands for itself between two empty lines.
INLINE = ("number", "interval", "share", "sentence")
BLOCKS = ("figure", "table")
# Filled later, when the document is rendered.
_LATER = "meta"
# It ends before another one begins: one that is not closed takes no text of others.
_SHORTCODE = re.compile(r"\{\{<((?:(?!\{\{<).)*?)>\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{<(?!(?:(?!\{\{<).)*?>\}\})[^}\n]*\}*", re.DOTALL)
# A note's own keys, and those that documents of the study share.
OWN_KEYS = (RESULTS, COUNTRY, ALLOWED_IN_NOTE)
_KEYS = (
    *OWN_KEYS,
    *("title", "subtitle", "author", "date", "date-shown", "lang", "toc"),
    *("bibliography", "csl", "citeproc", "report"),
)
_NOT_YOURS = {
    "watermark": "it says that data are simulated, and comes from the results",
    "organisation": "it comes from the results",
    "status": "it comes from the translations that the note uses",
}


@dataclass(frozen=True)
class Call:
    """One shortcode: its name, what it names, and where it stands in the text, from 0."""

    name: str
    argument: str
    start: int
    end: int

    @property
    def is_block(self) -> bool:
        """Whether it stands for a figure or a table."""
        return self.name in BLOCKS


@dataclass(frozen=True)
class Note:
    """A note: its file, its whole text, and its front matter."""

    path: Path
    text: str
    own: dict[str, Any]

    @property
    def language(self) -> str:
        """The language of the note."""
        return str(self.own["lang"])

    @property
    def country(self) -> str:
        """The country that names without one belong to; empty where there is none."""
        return str(self.own.get(COUNTRY) or "")

    @property
    def public(self) -> Path:
        """The folder of the public results."""
        return self.path.parent / str(self.own[RESULTS])

    @property
    def allowed(self) -> list[str]:
        """Texts with numbers that the author answers for."""
        found = self.own.get(ALLOWED_IN_NOTE) or []
        return [str(each) for each in (found if isinstance(found, list) else [found])]

    @property
    def body_begins(self) -> int:
        """Where the text behind the front matter begins."""
        return len(self.text) - len(split_front_matter(self.text, self.path.name)[1])

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The shortcodes that are filled; what stands in code and comments is left alone."""
        seen = without_code(self.text)
        found = []
        for each in _SHORTCODE.finditer(seen, self.body_begins):
            name, _, argument = each[1].strip().partition(" ")
            if name in (*INLINE, *BLOCKS):
                given = argument.strip().strip("\"'")
                found.append(Call(name, given, each.start(), each.end()))
        return tuple(found)

    def faults(self) -> list[NumberFault]:
        """Return what is wrong with the front matter and the form of the shortcodes."""
        return [*self._front_matter(), *self._shortcodes(), *self._blocks()]

    def _front_matter(self) -> Iterator[NumberFault]:
        for key in self.own:
            if key in _NOT_YOURS:
                yield self.at_key(key, f"key '{key}'", f"take it out: {_NOT_YOURS[key]}")
            elif key not in _KEYS:
                remedy = f"{suggest_name(key, _KEYS)}Use some of {', '.join(_KEYS)}"
                yield self.at_key(key, f"unknown key '{key}'", remedy)

    def _shortcodes(self) -> Iterator[NumberFault]:
        seen = without_code(self.text)
        known = (*INLINE, *BLOCKS)
        for each in _SHORTCODE.finditer(seen, self.body_begins):
            name, _, argument = each[1].strip().partition(" ")
            written = " ".join(each[0].split())
            if name == _LATER:
                continue
            if name not in known:
                remedy = f"{suggest_name(name, known)}Use some of {', '.join(known)}"
                yield self.at(each.start(), f"unknown shortcode '{written}'", remedy)
            elif len(argument.split()) != 1 or "=" in argument:
                remedy = f"write one id, e.g. {{{{< {name} KEN/clear_examples >}}}}"
                yield self.at(each.start(), f"'{written}'", remedy)
            elif _within_attributes(seen, each.start()):
                remedy = "write it in the text: attributes cannot hold an address"
                yield self.at(each.start(), f"'{written}' in an attribute", remedy)
        for each in _OPEN.finditer(seen, self.body_begins):
            yield self.at(each.start(), f"'{each[0].strip()}' is not closed", "end it with >}}")

    def _blocks(self) -> Iterator[NumberFault]:
        placed: dict[tuple[str, str], Call] = {}
        for call in self.calls:
            if not call.is_block:
                continue
            written = f"{{{{< {call.name} {call.argument} >}}}}"
            if not _alone(self.text, call):
                remedy = "leave an empty line before it and behind it"
                yield self.at(call.start, f"'{written}' within a paragraph", remedy)
            if (call.name, call.argument) in placed:
                remedy = "show it once, and point to it, e.g. '@fig-…'"
                yield self.at(call.start, f"'{written}' for the second time", remedy)
            placed[call.name, call.argument] = call

    def at(self, place: int, found: str, remedy: str) -> NumberFault:
        """Return a fault at a place of the text."""
        return fault_at(self.text, place, found, remedy)

    def at_key(self, key: str, found: str, remedy: str) -> NumberFault:
        """Return a fault at a key of the front matter."""
        line = re.search(rf"^['\"]?{re.escape(key)}['\"]?\s*:", self.text, re.MULTILINE)
        return self.at(line.start() if line else 0, found, remedy)

    def replaced(self, texts: Sequence[str]) -> str:
        """Return the body with a text in the place of each shortcode, in their order."""
        parts, last = [], self.body_begins
        for call, text in zip(self.calls, texts, strict=True):
            parts += [self.text[last : call.start], text]
            last = call.end
        return "".join([*parts, self.text[last:]])


def is_note(path: Path) -> bool:
    """Return whether a document is a note: its front matter says where its results lie."""
    if not path.is_file():
        return False
    try:
        own, _ = split_front_matter(read_text(path), path.name)
    except StudyError:
        return False
    return RESULTS in own


def read_note(path: Path) -> Note:
    """Read a note.

    Raises:
        StudyError: if it is missing, or its front matter lacks the language or the results.
    """
    text = read_text(path)
    own, _ = split_front_matter(text, path.name)
    for key, remedy in (
        ("lang", "Give the language of the text, e.g. 'lang: en'"),
        (RESULTS, "Say where the public results lie, e.g. 'results: ../results/public'"),
    ):
        if not isinstance(own.get(key), str):
            raise StudyError(f"{path}, key '{key}'", "it is missing", remedy)
    return Note(path, text, own)


def _within_attributes(text: str, place: int) -> bool:
    """Return whether a place lies between the braces behind a picture, a span or a heading."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    outside = re.sub(r"\{\{<.*?>\}\}", "", line)
    return outside.rfind("{") > outside.rfind("}")


def _alone(text: str, call: Call) -> bool:
    before, after = text[: call.start], text[call.end :]
    return bool(re.search(r"(?:\n[ \t]*\n|\A)[ \t]*\Z", before)) and bool(
        re.match(r"[ \t]*(?:\n[ \t]*(?:\n|\Z)|\Z)", after)
    )
