"""Check the numbers of the site: each has an address, and prints what is published there."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.derived_numbers import find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.figure_numbers import TEXTS, DrawnTexts
from disrupting_harm.report.checks.numbers import NumberFault, wrong
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.web.site.addressed_numbers import KEY
from disrupting_harm.report.web.site.languages import editions

# Read a page of the site for the check of its numbers: what it prints, and at which addresses.


# Attributes that are read to somebody, shown, or put in the place of a text by a script.
SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "data-words", "data-said")
_CELLS, _END_CELLS = ("td", "th"), ("td", "th", "tr", "thead", "tbody", "table")
_VOID = ("br", "img", "input", "link", "meta", "rect", "circle", "path")
# Code is no prose, as in Markdown: the digits of a release's identity are no numbers.
_NO_PROSE = ("style", "script", "code")
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
        elif self._open and self._open[-1][0] not in _NO_PROSE:
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


# A number of a text, with the sign before it; a hyphen after a letter or a digit is none.
_NUMBER = re.compile(r"(?:[<>]\s?|[+−]|(?<!\w)-)?\d[\d.,]*(?<=\d)")
_LESS, _MORE, _MINUS = "<>−"
_LESS_OR_MORE = "<> "
# Columns of texts that print a number: an estimate or a bound in its place, a P value.
PRINTED = ("/shown", "/p_text")
# The lower end of where a hidden share lies.
LOWER_BOUND = "/bound_low"
AGAIN = "write the site again"

# Returns the faulty numbers of a text that has no addresses.
Bare = Callable[[str], Sequence[NumberFault]]


def site_pages(public: Path, languages: Sequence[str]) -> list[Path]:
    """Return the pages of the site.

    Args:
        languages: those that the study asks for.
    """
    folders = [public / edition.folder for edition in editions(languages)]
    patterns = ("*.html", "countries/*.html")
    return [page for folder in folders for each in patterns for page in sorted(folder.glob(each))]


def numbers_on_site_page(page: Path) -> int:
    """Return how many numbers with an address are on a page."""
    return sum(
        len(numbers_in(piece))
        for piece in PageTexts(page.read_text(encoding="utf-8")).pieces
        if piece.addresses
    )


def numbers_in(piece: Piece) -> list[str]:
    """Return the numbers of a text with addresses."""
    return [piece.text.strip()] if piece.kind == "number" else _NUMBER.findall(piece.text)


def faults_of_site_page(
    page: Path,
    texts: PageTexts,
    translator: Translator[str],
    published: PublishedFiles,
    drawn: DrawnTexts,
    bare: Bare,
) -> Iterator[str]:
    """Yield what is wrong with the numbers of a page.

    Texts of figures stand on it letter by letter, and are checked where they are listed.

    Args:
        page: where it is.
        texts: what it prints.
        translator: its language.
        published: the public files.
        drawn: the lists of figures.
        bare: finds the numbers of a text without addresses that should have one.
    """
    pictures = {
        piece.picture: drawn.of_picture((page.parent / unquote(piece.picture)).resolve())
        for piece in texts.pieces
        if piece.picture
    }
    of_figures = {text for entry in pictures.values() if entry for text in _texts_of(entry)}
    for piece in texts.pieces:
        entry = pictures.get(piece.picture)
        if piece.addresses:
            faults = list(faults_of_piece(piece, translator, published))
        elif entry:
            said = piece.text in (entry["alt"], entry["alt_short"])
            faults = (
                [] if said else [f"alternative text of '{entry['id']}': it is another; {AGAIN}"]
            )
        else:
            known = piece.text.strip() in of_figures
            faults = [] if known else [fault.of_line for fault in bare(piece.text)]
        yield from (f"line {piece.line}, {fault}" for fault in faults)


def faults_of_piece(
    piece: Piece, translator: Translator[str], published: PublishedFiles
) -> Iterator[str]:
    """Yield what is wrong with the numbers of a text that has addresses."""
    numbers, addresses = numbers_in(piece), list(piece.addresses)
    if piece.kind == "cell" and not numbers:
        yield from _unprinted(piece, published)
        return
    if piece.kind == "cell" and len(numbers) < 2:
        # Where a range has one number, it is that of both ends.
        numbers = numbers * len(addresses)
        addresses = addresses[: len(numbers)]
    if len(numbers) != len(addresses):
        yield f"'{piece.text}': {len(numbers)} numbers, and {len(addresses)} addresses; {AGAIN}"
        return
    for number, address in zip(numbers, addresses, strict=True):
        if found := _wrong(number, address, translator, published):
            yield "; ".join(found)


def _unprinted(piece: Piece, published: PublishedFiles) -> Iterator[str]:
    """Yield the addresses of a cell without a number where one is published.

    A row that is not there has none: not every country has ranks.
    """
    for address in piece.addresses:
        if not published.has_row(address.rpartition("/")[0]):
            continue
        try:
            missing = find_value(address, published) is not None
        except StudyError as error:
            yield f"'{piece.text.strip()}', {error.where}: {error.found}; {error.remedy}"
            continue
        if missing:
            said = published.find_cell(address).text
            yield f"'{piece.text.strip()}' at {address}; the cell says {said}: {AGAIN}"


def _wrong(
    number: str, address: str, translator: Translator[str], published: PublishedFiles
) -> tuple[str, str] | None:
    """Return what is wrong with a number, its sign included; None where it is right."""
    as_text = address.endswith(PRINTED)
    printed = number.lstrip(_LESS_OR_MORE) if as_text else number
    if found := wrong(printed, address, translator, published):
        return found
    sign = "" if number[0].isdigit() or number[0] == "+" else number[0]
    if as_text:
        right = sign == _sign_of_cell(published.find_cell(address).text)
    elif (find_value(address, published) or 0) < 0:
        right = sign == _MINUS
    else:
        # A share that is nearly none is less than one per cent; more than a bound is its lower end.
        right = sign in ("", _LESS) or (sign == _MORE and address.endswith(LOWER_BOUND))
    remedy = f"the cell has another sign; a minus is written {_MINUS}"
    return None if right else (f"'{number}' at {address}", remedy)


def _sign_of_cell(text: str) -> str:
    """Return the sign that a text of a table begins with, as pages write it."""
    first = text[:1].replace("-", _MINUS)
    return first if first in (_LESS, _MORE, _MINUS) else ""


def _texts_of(entry: Mapping[str, Any]) -> list[str]:
    """Return the texts of a figure as pages print them: each by itself, and title with caption."""
    return [*(entry[name] for name in TEXTS), f"{entry['title']}. {entry['caption']}"]
