"""Read a page of the site for the check of its numbers: what it prints, and at which addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from disrupting_harm.report.site.numbers import KEY

# Attributes that are read to somebody, shown, or put in the place of a text by a script.
SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "data-words", "data-said")
_CELLS, _END_CELLS = ("td", "th"), ("td", "th", "tr", "thead", "tbody", "table")
_VOID = ("br", "img", "input", "link", "meta", "rect", "circle", "path")
# What is said to browsers alone.
_SETTINGS = ("viewport",)


@dataclass
class Piece:
    """A text of a page: its line from 1, and the addresses of its numbers, if it has any.

    A ``number`` is one alone, with its unit; an ``element`` has one for each address; a ``cell`` of
    a table may have none, or one that several addresses share. ``picture`` is the file of the
    picture that the text stands for.
    """

    line: int
    text: str = ""
    kind: Literal["text", "number", "element", "cell"] = "text"
    addresses: Sequence[str] = ()
    picture: str = ""


@dataclass
class _Table:
    """Where a table is read: addresses by column, key of the row, and the column, from 0."""

    columns: list[list[str]] = field(default_factory=list)
    key: str = ""
    column: int = -1


class PageTexts(HTMLParser):
    """All texts of a page, in reading order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.pieces: list[Piece] = []
        # Elements that are open: name, and the text of their numbers where they have addresses.
        self._open: list[tuple[str, Piece | None]] = []
        self._table = _Table()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the texts of an element, and whether its numbers have addresses."""
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if tag in _CELLS:
            self._close(_CELLS)
        if given.get("name") not in _SETTINGS and "http-equiv" not in given:
            self._spoken(given)
        if tag not in _VOID:
            self._open.append((tag, self._addressed(tag, given)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the texts of an element without content."""
        self._spoken({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what is open within it."""
        if tag in _END_CELLS:
            self._close(_CELLS)
        self._close((tag,))

    def handle_data(self, data: str) -> None:
        """Note a text, as part of the element whose numbers have addresses if it is in one."""
        within = next((piece for _, piece in reversed(self._open) if piece), None)
        if within:
            within.text += data
        elif self._open and self._open[-1][0] not in ("style", "script"):
            self.pieces.append(Piece(self.getpos()[0], data))

    def _spoken(self, given: Mapping[str, str]) -> None:
        line = self.getpos()[0]
        self.pieces += [
            Piece(line, given[name], picture=given.get("src", "") if name == "alt" else "")
            for name in SPOKEN
            if name in given
        ]

    def _addressed(self, tag: str, given: Mapping[str, str]) -> Piece | None:
        """Return where the text of an element goes whose numbers have addresses."""
        addresses, table = given.get("data-n", "").split(), self._table
        kind: Literal["number", "element", "cell"] = "number" if tag == "span" else "element"
        if tag == "table":
            self._table = _Table()
        elif tag == "tr":
            table.key, table.column = given.get("data-n", ""), -1
            return None
        elif tag in _CELLS:
            table.column += 1
            if any(KEY in address for address in addresses):
                table.columns += [[]] * (table.column + 1 - len(table.columns))
                table.columns[table.column] = addresses
                return None
            if table.key and table.column < len(table.columns):
                addresses = [one.replace(KEY, table.key) for one in table.columns[table.column]]
                kind = "cell"
        if not addresses:
            return None
        self.pieces.append(Piece(self.getpos()[0], "", kind, addresses))
        return self.pieces[-1]

    def _close(self, tags: Sequence[str]) -> None:
        """Close the innermost of these elements, and what is open within it."""
        names = [name for name, _ in self._open]
        for place in range(len(names) - 1, -1, -1):
            if names[place] in tags:
                del self._open[place:]
                return
            # A cell ends with its row, and never goes on beyond its table.
            if names[place] == "table" and tags == _CELLS:
                return
