"""Markdown text: what is safe to print as it stands, and what must be escaped first."""

import json
import re
from collections.abc import Sequence
from typing import Any

# Pandoc lets a backslash stand before any ASCII punctuation; these signs have a meaning in text.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|@$^~{}])")

# A line break would end a table row or a heading; a no-break space must stay one.
_BREAKS = re.compile(r"[ \t\r\n]+")


class Markdown(str):
    """Text that is Markdown already; everything else is escaped before it is printed."""

    __slots__ = ()


def escape(value: Any) -> Markdown:
    """Return ``value`` as Markdown that prints it letter by letter."""
    if isinstance(value, Markdown):
        return value
    return Markdown(_SPECIAL.sub(r"\\\1", _BREAKS.sub(" ", str(value))))


def attribute(value: Any) -> Markdown:
    """Return ``value`` as a quoted attribute value, as in ``{fig-alt="..."}``."""
    text = _BREAKS.sub(" ", str(value))
    return Markdown('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def quoted(value: Any) -> Markdown:
    """Return ``value`` as a quoted YAML string that holds Markdown."""
    return Markdown(json.dumps(escape(value), ensure_ascii=False))


def paragraphs(parts: Sequence[str]) -> Markdown:
    """Join parts as paragraphs, without the empty ones."""
    return Markdown("\n\n".join(part for part in parts if part))


def captioned(caption: str, notes: Sequence[str]) -> Markdown:
    """Return a caption, a sentence, with notes that explain the table below it."""
    return Markdown(" ".join([escape(caption), *(escape(note) for note in notes)]))


def pipe_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    caption: str,
    label: str,
    texts: Sequence[int] = (0,),
) -> Markdown:
    """Return a pipe table with caption and label.

    Args:
        header: titles of the columns.
        rows: cells; each row as long as ``header``.
        widths: relative widths of the columns, in per cent of the text width.
        caption: caption of the table.
        label: identifier, e.g. ``tbl-access``.
        texts: the columns of text, set from the left; the others hold numbers.
    """
    rules = [":" + "-" * (width - 1) if at in texts else "-" * (width - 1) + ":"
             for at, width in enumerate(widths)]  # fmt: skip
    lines = [_line(header), "|" + "|".join(rules) + "|", *(_line(row) for row in rows)]
    return Markdown("\n".join(lines) + f"\n\n: {escape(caption)} {{#{label}}}")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"
