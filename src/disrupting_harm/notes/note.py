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
from disrupting_harm.report.checks.numbers import NumberFault, create_fault
from disrupting_harm.report.rendering.qmd import split_front_matter
from disrupting_harm.report.rendering.qmd_lint import blank_code

RESULTS, COUNTRY = "results", "country"
# What stands in a line, and what stands for itself between two empty lines.
INLINE_SHORTCODES = ("number", "interval", "share", "sentence")
BLOCK_SHORTCODES = ("figure", "table")
# Filled later, when the document is rendered.
_FILLED_AT_RENDERING = "meta"
# It ends before another one begins: one that is not closed takes no text of others.
_SHORTCODE = re.compile(r"\{\{<((?:(?!\{\{<).)*?)>\}\}", re.DOTALL)
_UNCLOSED_SHORTCODE = re.compile(r"\{\{<(?!(?:(?!\{\{<).)*?>\}\})[^}\n]*\}*", re.DOTALL)
# A note's own keys, and those that documents of the study share.
NOTE_KEYS = (RESULTS, COUNTRY, ALLOWED_IN_NOTE)
_KNOWN_KEYS = (
    *NOTE_KEYS,
    *("title", "subtitle", "author", "date", "date-shown", "lang", "toc"),
    *("bibliography", "csl", "citeproc", "report"),
)
_KEYS_FROM_RESULTS = {
    "watermark": "it says that data are simulated, and comes from the results",
    "organisation": "it comes from the results",
    "status": "it comes from the translations that the note uses",
}


@dataclass(frozen=True)
class Shortcode:
    """One shortcode: its name, what it names, and where it stands in the text, from 0."""

    name: str
    argument: str
    start: int
    end: int

    @property
    def is_block(self) -> bool:
        """Whether it stands for a figure or a table."""
        return self.name in BLOCK_SHORTCODES


@dataclass(frozen=True)
class Note:
    """A note; ``text`` is the whole file, front matter and body."""

    path: Path
    text: str
    front_matter: dict[str, Any]

    @property
    def language(self) -> str:
        """The code of the language, as its front matter gives it."""
        return str(self.front_matter["lang"])

    @property
    def country(self) -> str:
        """The country that names without one belong to; empty where there is none."""
        return str(self.front_matter.get(COUNTRY) or "")

    @property
    def public(self) -> Path:
        """The folder of the public results."""
        return self.path.parent / str(self.front_matter[RESULTS])

    @property
    def allowed_texts(self) -> list[str]:
        """Texts with numbers that the author answers for."""
        texts = self.front_matter.get(ALLOWED_IN_NOTE) or []
        return [str(text) for text in (texts if isinstance(texts, list) else [texts])]

    @property
    def body_start(self) -> int:
        """The index at which the text behind the front matter begins."""
        return len(self.text) - len(split_front_matter(self.text, self.path.name)[1])

    @cached_property
    def shortcodes(self) -> tuple[Shortcode, ...]:
        """The shortcodes that are filled; what stands in code and comments is left alone."""
        visible_text = blank_code(self.text)
        shortcodes = []
        for match in _SHORTCODE.finditer(visible_text, self.body_start):
            name, _, argument = match[1].strip().partition(" ")
            if name in (*INLINE_SHORTCODES, *BLOCK_SHORTCODES):
                identifier = argument.strip().strip("\"'")
                shortcodes.append(Shortcode(name, identifier, match.start(), match.end()))
        return tuple(shortcodes)

    def find_faults(self) -> list[NumberFault]:
        """Return what is wrong with the front matter and the form of the shortcodes."""
        return [*self._front_matter_faults(), *self._shortcode_faults(), *self._block_faults()]

    def _front_matter_faults(self) -> Iterator[NumberFault]:
        for key in self.front_matter:
            if key in _KEYS_FROM_RESULTS:
                yield self.fault_at_key(
                    key, f"key '{key}'", f"take it out: {_KEYS_FROM_RESULTS[key]}"
                )
            elif key not in _KNOWN_KEYS:
                remedy = f"{suggest_name(key, _KNOWN_KEYS)}Use some of {', '.join(_KNOWN_KEYS)}"
                yield self.fault_at_key(key, f"unknown key '{key}'", remedy)

    def _shortcode_faults(self) -> Iterator[NumberFault]:
        visible_text = blank_code(self.text)
        known_names = (*INLINE_SHORTCODES, *BLOCK_SHORTCODES)
        for match in _SHORTCODE.finditer(visible_text, self.body_start):
            name, _, argument = match[1].strip().partition(" ")
            written = " ".join(match[0].split())
            if name == _FILLED_AT_RENDERING:
                continue
            if name not in known_names:
                remedy = f"{suggest_name(name, known_names)}Use some of {', '.join(known_names)}"
                yield self.fault_at_index(match.start(), f"unknown shortcode '{written}'", remedy)
            elif len(argument.split()) != 1 or "=" in argument:
                remedy = f"write one id, e.g. {{{{< {name} KEN/clear_examples >}}}}"
                yield self.fault_at_index(match.start(), f"'{written}'", remedy)
            elif _is_within_attributes(visible_text, match.start()):
                remedy = "write it in the text: attributes cannot hold an address"
                yield self.fault_at_index(match.start(), f"'{written}' in an attribute", remedy)
        for match in _UNCLOSED_SHORTCODE.finditer(visible_text, self.body_start):
            yield self.fault_at_index(
                match.start(), f"'{match[0].strip()}' is not closed", "end it with >}}"
            )

    def _block_faults(self) -> Iterator[NumberFault]:
        seen_blocks: dict[tuple[str, str], Shortcode] = {}
        for shortcode in self.shortcodes:
            if not shortcode.is_block:
                continue
            written = f"{{{{< {shortcode.name} {shortcode.argument} >}}}}"
            if not _stands_alone(self.text, shortcode):
                remedy = "leave an empty line before it and behind it"
                yield self.fault_at_index(
                    shortcode.start, f"'{written}' within a paragraph", remedy
                )
            if (shortcode.name, shortcode.argument) in seen_blocks:
                remedy = "show it once, and point to it, e.g. '@fig-…'"
                yield self.fault_at_index(
                    shortcode.start, f"'{written}' for the second time", remedy
                )
            seen_blocks[shortcode.name, shortcode.argument] = shortcode

    def fault_at_index(self, index: int, finding: str, remedy: str) -> NumberFault:
        """Return a fault with the line of an index of the text."""
        return create_fault(self.text, index, finding, remedy)

    def fault_at_key(self, key: str, finding: str, remedy: str) -> NumberFault:
        """Return a fault at a key of the front matter."""
        line = re.search(rf"^['\"]?{re.escape(key)}['\"]?\s*:", self.text, re.MULTILINE)
        return self.fault_at_index(line.start() if line else 0, finding, remedy)

    def replace_shortcodes(self, texts: Sequence[str]) -> str:
        """Return the body with a text in the place of each shortcode, in their order."""
        segments, end = [], self.body_start
        for shortcode, text in zip(self.shortcodes, texts, strict=True):
            segments += [self.text[end : shortcode.start], text]
            end = shortcode.end
        return "".join([*segments, self.text[end:]])


def is_note(path: Path) -> bool:
    """Return whether a document is a note: its front matter says where its results lie."""
    if not path.is_file():
        return False
    try:
        front_matter, _ = split_front_matter(read_text(path), path.name)
    except StudyError:
        return False
    return RESULTS in front_matter


def read_note(path: Path) -> Note:
    """Read a note.

    Raises:
        StudyError: if it is missing, or its front matter lacks the language or the results.
    """
    text = read_text(path)
    front_matter, _ = split_front_matter(text, path.name)
    for key, remedy in (
        ("lang", "Give the language of the text, e.g. 'lang: en'"),
        (RESULTS, "Say where the public results lie, e.g. 'results: ../results/public'"),
    ):
        if not isinstance(front_matter.get(key), str):
            raise StudyError(f"{path}, key '{key}'", "it is missing", remedy)
    return Note(path, text, front_matter)


def _is_within_attributes(text: str, index: int) -> bool:
    """Return whether an index lies between the braces behind a picture, a span or a heading."""
    line = text[text.rfind("\n", 0, index) + 1 : index]
    outside = re.sub(r"\{\{<.*?>\}\}", "", line)
    return outside.rfind("{") > outside.rfind("}")


def _stands_alone(text: str, shortcode: Shortcode) -> bool:
    before, after = text[: shortcode.start], text[shortcode.end :]
    return bool(re.search(r"(?:\n[ \t]*\n|\A)[ \t]*\Z", before)) and bool(
        re.match(r"[ \t]*(?:\n[ \t]*(?:\n|\Z)|\Z)", after)
    )
