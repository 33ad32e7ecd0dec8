"""The sheet of notes: the paragraphs that stand before the tables on paper."""

import re

from disrupting_harm.report.databook.workbook import Column, Sheet
from disrupting_harm.report.markdown import Markdown

# A paragraph with a topic: **Population.** The survey speaks of ...
_TOPIC = re.compile(r"\*\*(.+?)[.:]?\*\*\s*(.*)", re.DOTALL)
# A word set apart by its letters, as a symbol of a formula is; a cell has one kind of letters.
_APART = re.compile(r"(?<![\\*])\*(?![*\s])(.+?)(?<![\\*\s])\*(?!\*)")


def notes_sheet(name: str, title: str, paragraphs: str) -> Sheet:
    """Return a sheet with a row for each paragraph: its topic in bold, and what it says.

    Args:
        name: of the sheet.
        title: of the book.
        paragraphs: Markdown; one without a topic follows the one before, and headings are left out.
    """
    parts = [part.strip() for part in paragraphs.split("\n\n")]
    rows = [_row(part) for part in parts if part and not part.startswith("#")]
    return Sheet(name, title, (Column("", 24, bold=True), Column("", 110)), rows)


def _row(paragraph: str) -> tuple[Markdown, Markdown]:
    text = " ".join(paragraph.split())
    text = _APART.sub(r"\1", text)
    found = _TOPIC.match(text)
    if found is None:
        return Markdown(""), Markdown(text)
    return Markdown(found[1]), Markdown(found[2])
