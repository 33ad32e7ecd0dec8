"""Check the numbers of the site: each has an address, and prints what is published there."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from disrupting_harm.provenance.derived import value_of
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.figure_numbers import TEXTS, DrawnTexts
from disrupting_harm.report.number_check import NumberFault, wrong
from disrupting_harm.report.site.editions import editions
from disrupting_harm.report.site.page_texts import PageTexts, Piece
from disrupting_harm.report.words import Words

# A number of a text, with the sign before it.
_NUMBER = re.compile(r"(?:[<>]\s?|[+−])?\d[\d.,]*(?<=\d)")
_LESS_OR_MORE = "<> "
# Columns of texts that print a number: an estimate or a bound in its place, a P value.
PRINTED = ("/shown", "/p_text")
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
    return sum(len(_printed(piece)) for piece in PageTexts(page).pieces if piece.addresses)


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
    of_figures = sorted(
        (entry[name] for entry in pictures.values() if entry for name in TEXTS),
        key=len,
        reverse=True,
    )
    for piece in texts.pieces:
        entry = pictures.get(piece.picture)
        if piece.addresses:
            faults = list(_faults(piece, words, published))
        elif entry:
            said = piece.text in (entry["alt"], entry["alt_short"])
            faults = (
                [] if said else [f"alternative text of '{entry['id']}': it is another; {AGAIN}"]
            )
        else:
            faults = [fault.of_line for fault in bare(_without(of_figures, piece.text))]
        yield from (f"line {piece.line}, {fault}" for fault in faults)


def _printed(piece: Piece) -> list[str]:
    """Return the numbers of a text with addresses."""
    return [piece.text.strip()] if piece.kind == "number" else _NUMBER.findall(piece.text)


def _faults(piece: Piece, words: Words, published: Published) -> Iterator[str]:
    numbers, addresses = _printed(piece), list(piece.addresses)
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


def _wrong(number: str, address: str, words: Words, published: Published) -> tuple[str, str] | None:
    """Return what is wrong with a number, its sign included; None where it is right."""
    if not address.endswith(PRINTED):
        found = wrong(number, address, words, published)
        if found or number[0] not in "+−":
            return found
        negative = (value_of(address, published) or 0) < 0
        return None if negative == (number[0] == "−") else (f"'{number}' at {address}", AGAIN)
    found = wrong(number.lstrip(_LESS_OR_MORE), address, words, published)
    if found:
        return found
    cell = published.find(address).text
    signs = [text[0] if text[0] in _LESS_OR_MORE else "" for text in (number, cell)]
    return None if signs[0] == signs[1] else (f"'{number}' at {address}", f"the cell says {cell}")


def _without(known: Sequence[str], text: str) -> str:
    for one in known:
        text = text.replace(one, "")
    return text
