"""Check the numbers of the site: each has an address, and prints what is published there."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.derived import value_of
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.figure_numbers import TEXTS, DrawnTexts
from disrupting_harm.report.number_check import NumberFault, wrong
from disrupting_harm.report.site.editions import editions
from disrupting_harm.report.site.page_texts import PageTexts, Piece
from disrupting_harm.report.words import Words

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
        public: the public results.
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
    page: Path, texts: PageTexts, words: Words, published: Published, drawn: DrawnTexts, bare: Bare
) -> Iterator[str]:
    """Yield what is wrong with the numbers of a page.

    Texts of figures stand on it letter by letter, and are checked where they are listed.

    Args:
        page: where it is.
        texts: what it prints.
        words: its language.
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
            faults = list(faults_of_piece(piece, words, published))
        elif entry:
            said = piece.text in (entry["alt"], entry["alt_short"])
            faults = (
                [] if said else [f"alternative text of '{entry['id']}': it is another; {AGAIN}"]
            )
        else:
            known = piece.text.strip() in of_figures
            faults = [] if known else [fault.of_line for fault in bare(piece.text)]
        yield from (f"line {piece.line}, {fault}" for fault in faults)


def faults_of_piece(piece: Piece, words: Words, published: Published) -> Iterator[str]:
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
        if found := _wrong(number, address, words, published):
            yield "; ".join(found)


def _unprinted(piece: Piece, published: Published) -> Iterator[str]:
    """Yield the addresses of a cell without a number where one is published.

    A row that is not there has none: not every country has ranks.
    """
    for address in piece.addresses:
        if not published.has_row(address.rpartition("/")[0]):
            continue
        try:
            missing = value_of(address, published) is not None
        except StudyError as error:
            yield f"'{piece.text.strip()}', {error.where}: {error.found}; {error.remedy}"
            continue
        if missing:
            said = published.find(address).text
            yield f"'{piece.text.strip()}' at {address}; the cell says {said}: {AGAIN}"


def _wrong(number: str, address: str, words: Words, published: Published) -> tuple[str, str] | None:
    """Return what is wrong with a number, its sign included; None where it is right."""
    as_text = address.endswith(PRINTED)
    printed = number.lstrip(_LESS_OR_MORE) if as_text else number
    if found := wrong(printed, address, words, published):
        return found
    sign = "" if number[0].isdigit() or number[0] == "+" else number[0]
    if as_text:
        right = sign == _sign_of_cell(published.find(address).text)
    elif (value_of(address, published) or 0) < 0:
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
