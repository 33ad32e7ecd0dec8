"""Markdown text: a type for text that is safe to print, and escaping of all other text."""

import json
import re
from collections.abc import Sequence
from typing import Any

# Pandoc lets a backslash stand before any ASCII punctuation; these signs have a meaning in text.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|@$^~{}&])")
# Addresses would become links in readers that look for them, and ":smile:" a picture.
_COLON = re.compile(r":(?=\S)")
# What begins a list, a definition, a rule or a heading where it stands first in its line.
_FIRST = re.compile(r"\A()([-+:](?=[-+:\s]|\Z)|[=%])|\A(\(?\w+)([.)])(?=\s|\Z)")
# In an attribute these would end it, form a shortcode or be read as a reference to a character.
_IN_ATTRIBUTE = re.compile(r"[\\\"&<>{}$@`]")

_HEADING = re.compile(r"\A\*\*.*?\*\*\s*")
# A number with its address, group 2; the printed text is group 1.
CITED = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{n="([^"]*)"\}')
# The addresses of the numbers in a picture's alternative text, its last attribute.
_OF_PICTURE = re.compile(r' n="[^"]*"(?=\})')
# Where a link leads, attributes of spans, and their brackets.
_ATTRIBUTES = re.compile(r"\]\([^()\s]*\)|[\[\]*]|\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

# A line break would end a table row or a heading; a no-break space must stay one.
_BREAKS = re.compile(r"[ \t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


class Markdown(str):
    """Text that is Markdown already; everything else is escaped before it is printed."""

    __slots__ = ()


def escape(value: Any) -> Markdown:
    """Return ``value`` as Markdown that prints it letter by letter on one line.

    Only quotation marks, dashes and dots are left to the typography of the language.
    """
    if isinstance(value, Markdown):
        return value
    text = _COLON.sub(r"\:", _SPECIAL.sub(r"\\\1", _join_lines(value)))
    return Markdown(_FIRST.sub(r"\1\3\\\2\4", text))


def cite_number(text: Markdown, address: str) -> Markdown:
    """Return a printed number as a span with its address; as it is where it has none."""
    return Markdown(f'[{text}]{{n="{address}"}}') if address else text


def remove_addresses(text: str) -> str:
    """Return a document as its reader sees it, without the addresses of its numbers."""
    return _OF_PICTURE.sub("", CITED.sub(r"\1", text))


def unescape(text: str) -> str:
    """Return Markdown of one line without the backslashes that keep its signs from meaning."""
    return _ESCAPED.sub(r"\1", text)


def read_words(markdown: str) -> str:
    """Return a line, or a part of it, as its reader sees it."""
    words = _ATTRIBUTES.sub("", unescape(remove_addresses(markdown)))
    return re.sub(r"\s+", " ", words.lstrip("#"))


def remove_heading(text: str) -> str:
    """Return a text without the heading within it, as in ``**What is shown.** An estimate ...``."""
    return _HEADING.sub("", text)


def _join_lines(value: Any) -> str:
    return _BREAKS.sub(" ", str(value)).strip(" ")


def quote_attribute(value: Any) -> Markdown:
    """Return ``value`` as a quoted attribute value, as in ``{fig-alt="..."}``.

    Signs with a meaning are written as references to characters, so that neither engine, nor a
    program that looks for braces, can take the text for anything else.
    """
    text = _join_lines(remove_addresses(str(value)))
    return Markdown('"' + _IN_ATTRIBUTE.sub(lambda sign: f"&#{ord(sign[0])};", text) + '"')


def format_picture(
    caption: str, path: str, look: str, alt: str, addresses: Sequence[str]
) -> Markdown:
    """Return a picture with its alternative text.

    Args:
        caption: of the picture; empty for none.
        path: of its file, without the kind.
        look: other attributes, such as its label.
        alt: the alternative text.
        addresses: those of its numbers, in reading order.
    """
    numbers = f' n="{" ".join(addresses)}"' if addresses else ""
    return Markdown(
        f"![{escape(caption)}]({path}){{{look} fig-alt={quote_attribute(alt)}{numbers}}}"
    )


def quote_yaml(value: Any) -> Markdown:
    """Return ``value`` as a quoted YAML string that holds Markdown, without addresses."""
    return Markdown(json.dumps(remove_addresses(escape(value)), ensure_ascii=False))


def join_paragraphs(blocks: Sequence[str]) -> Markdown:
    """Join parts as paragraphs, without the empty ones."""
    return Markdown("\n\n".join(block for block in blocks if block))


def format_caption(caption: str, notes: Sequence[str]) -> Markdown:
    """Return a caption, a sentence, with notes that explain the table below it."""
    return Markdown(" ".join([escape(caption), *(escape(note) for note in notes)]))


def format_pipe_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    caption: str,
    label: str,
    text_columns: Sequence[int] = (0,),
) -> Markdown:
    """Return a pipe table with caption and label.

    Args:
        header: titles of the columns.
        rows: cells; each row as long as ``header``.
        widths: relative widths of the columns, in per cent of the text width.
        label: identifier, e.g. ``tbl-access``.
        text_columns: the columns of text, set from the left; the others hold numbers.
    """
    rules = [
        ":" + "-" * (width - 1) if column_index in text_columns else "-" * (width - 1) + ":"
        for column_index, width in enumerate(widths)
    ]
    table_lines = [
        _format_table_line(header),
        "|" + "|".join(rules) + "|",
        *(_format_table_line(row) for row in rows),
    ]
    return Markdown("\n".join(table_lines) + f"\n\n: {escape(caption)} {{#{label}}}")


def _format_table_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def format_reference(label: str) -> Markdown:
    """Return a cross-reference, which the renderer turns into e.g. "Table 3"."""
    return Markdown(f"@{label}")
