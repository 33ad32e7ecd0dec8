"""Comparing an edited document with what the run wrote."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from disrupting_harm.docx_review.archive import (
    Block,
    Field,
    Number,
    Paragraph,
    Picture,
    Pieces,
    Table,
    numbers_of,
    plain,
    row_key,
    text_of,
)
from disrupting_harm.docx_review.changes import FIRST, Finding
from disrupting_harm.docx_review.paragraph_matching import Match, matches
from disrupting_harm.docx_review.places import slots_of
from disrupting_harm.docx_review.reading import Document

# Digits of any script, raised and lowered ones, fractions and numerals that are one sign.
_DIGITS = re.compile(r"[\d²³¹⁰-⁹₀-₉¼-¾⅐-ↈ①-⓿][\d.,]*")
_GAP = "\0"
SamePicture = Callable[[Picture, Picture], bool]


@dataclass(frozen=True)
class Known:
    """What the run says of its numbers.

    Attributes:
        addresses: of the numbers, by the tag of their controls.
        allowed: patterns of numbers that need no address.
        files: of authors' places, by their bookmarks.
    """

    addresses: dict[str, str]
    allowed: Sequence[re.Pattern[str]]
    files: dict[str, str]


@dataclass(frozen=True)
class _Row:
    cells: tuple[Pieces, ...]

    @property
    def key(self) -> str:
        return row_key(self.cells)

    @property
    def likeness(self) -> str:
        return _cells(self.cells)


class Comparing:
    """One comparison: which block became which, in which place of an author, and what was found.

    Args:
        old: what the run wrote.
        new: what came back.
        known: what the run says of its numbers.
        same_picture: whether two pictures of different bytes show the same.
    """

    def __init__(
        self, old: Document, new: Document, known: Known, same_picture: SamePicture
    ) -> None:
        self.old, self.new = old, new
        self._known, self._same = known, same_picture
        self.matches = matches(old.blocks, new.blocks)
        self.slots = slots_of(old, new, self.matches)
        self._printed: dict[str, Counter[str]] = {}
        for block in old.blocks:
            for number in _numbers(block):
                self._printed.setdefault(number.tag, Counter())[number.printed] += 1
        self._lost: list[tuple[Number, str]] = []
        self._gained: list[tuple[Number, str]] = []
        self._pictures_lost: list[tuple[Picture, str]] = []
        self._pictures_gained: list[tuple[Picture, str]] = []

    def findings(self) -> list[Finding]:
        """Return all that was found."""
        found = [one for match in self.matches for one in self._of_match(match)]
        found += [*self._moved_numbers(), *self._pictures(), *self._margins()]
        found += [
            Finding("comment", one.heading, one.on, f"{one.author}: {one.text}")
            for one in self.new.comments
        ]
        return found + [
            Finding("tracked", author, now=str(count))
            for author, count in sorted(self.new.tracked.items())
        ]

    def _of_match(self, match: Match) -> Iterator[Finding]:
        old = self.old.blocks[match.old] if match.old is not None else None
        new = self.new.blocks[match.new] if match.new is not None else None
        if isinstance(old, Table) or isinstance(new, Table):
            yield from self._of_tables(old, new, moved=match.moved)
        elif isinstance(old, Paragraph) or isinstance(new, Paragraph):
            slot = self.slots.get(match.new, "") if match.new is not None else ""
            yield from self._of_paragraphs(old, new, slot, moved=match.moved)
        elif old is None and new is not None:
            yield Finding("foreign", new.heading, now=new.text)

    def _of_paragraphs(
        self, old: Block | None, new: Block | None, slot: str, *, moved: bool
    ) -> Iterator[Finding]:
        before = old.pieces if isinstance(old, Paragraph) else ()
        after = new.pieces if isinstance(new, Paragraph) else ()
        block = new if new is not None else old
        assert block is not None
        place = block.heading
        file = self._known.files.get(slot or block.slot, "")
        was, now = _words(before), _words(after)
        if moved and old is not None:
            kind = "text-moved" if was else "picture-moved"
            yield Finding(kind, _way(old.heading, place), text_of(before), file=file)
        if was != now:
            kind = "text-changed" if was and now else "text-added" if now else "text-lost"
            yield Finding(kind, place, text_of(before), text_of(after), file=file)
        yield from self._of_pieces(before, after, place)
        if isinstance(new, Paragraph):
            yield from _of_links(old.links if isinstance(old, Paragraph) else (), new)
            if new.struck:
                yield Finding("struck", place, now=new.text)

    def _of_pieces(self, before: Pieces, after: Pieces, place: str) -> Iterator[Finding]:
        """Compare numbers and pictures of one place; what has no partner is told at the end."""
        yield from self._of_numbers(numbers_of(before), numbers_of(after), place)
        yield from self._typed(before, after, place)
        mine = [one for one in before if isinstance(one, Picture)]
        theirs = [one for one in after if isinstance(one, Picture)]
        for picture in [one for one in mine if one.digest in {two.digest for two in theirs}]:
            mine.remove(picture)
            theirs.remove(next(one for one in theirs if one.digest == picture.digest))
        self._pictures_lost += [(one, place) for one in mine]
        self._pictures_gained += [(one, place) for one in theirs]

    def _of_numbers(
        self, before: Sequence[Number], after: Sequence[Number], place: str
    ) -> Iterator[Finding]:
        tags, others = [one.tag for one in before], [one.tag for one in after]
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, tags, others, False).get_opcodes():
            if kind == "equal":
                for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                    if old.printed != new.printed:
                        yield self._changed(old.printed, new, place)
                continue
            self._lost += [(one, place) for one in before[i1:i2]]
            for number in after[j1:j2]:
                printed = self._printed[number.tag]
                if number.printed in printed:
                    self._gained.append((number, place))
                else:
                    yield self._changed(" or ".join(printed), number, place)

    def _changed(self, was: str, new: Number, place: str) -> Finding:
        return Finding("number-changed", place, was, new.printed, self._address(new))

    def _address(self, number: Number) -> str:
        return self._known.addresses.get(number.tag, number.tag)

    def _typed(self, before: Pieces, after: Pieces, place: str) -> Iterator[Finding]:
        """Yield the numbers without an address that the run's text did not have."""
        known = Counter(self._bare(before))
        for number in self._bare(after):
            if known[number]:
                known[number] -= 1
            else:
                yield Finding("number-typed", place, now=f"{number}, in: {text_of(after)}")

    def _bare(self, pieces: Pieces) -> list[str]:
        # A number or a field ends a word: digits beside it are looked at by themselves.
        text = "".join(one if isinstance(one, str) else _GAP for one in pieces)
        for pattern in self._known.allowed:
            text = pattern.sub(_GAP, text)
        return [found.rstrip(".,") for found in _DIGITS.findall(text)]

    def _of_tables(self, old: Block | None, new: Block | None, *, moved: bool) -> Iterator[Finding]:
        if not isinstance(old, Table) or not isinstance(new, Table):
            if isinstance(old, Table):
                yield Finding("table-lost", old.heading, old.text)
            if isinstance(new, Table):
                yield Finding("table-added", new.heading, now=new.text)
            return
        if moved:
            yield Finding("table-moved", _way(old.heading, new.heading), old.text)
        before, after = [_Row(row) for row in old.rows], [_Row(row) for row in new.rows]
        for match in matches(before, after):
            mine = before[match.old].cells if match.old is not None else None
            theirs = after[match.new].cells if match.new is not None else None
            row = 1 + (match.new if match.new is not None else match.old or 0)
            place = f"{new.heading}, table '{old.text}', row {row}"
            if mine is None or theirs is None or match.moved or len(mine) != len(theirs):
                yield Finding("table-changed", place, _cells(mine), _cells(theirs))
                continue
            for column, (cell, other) in enumerate(zip(mine, theirs, strict=True), start=1):
                where = f"{place}, column {column}"
                if _words(cell) != _words(other):
                    yield Finding("text-changed", where, text_of(cell), text_of(other))
                yield from self._of_pieces(cell, other, where)

    def _moved_numbers(self) -> Iterator[Finding]:
        gained = list(self._gained)
        for number, place in self._lost:
            again = next((one for one in gained if one[0].tag == number.tag), None)
            if again:
                gained.remove(again)
                where = _way(place, again[1])
                yield Finding("number-moved", where, number.printed, "", self._address(number))
            else:
                yield Finding("number-lost", place, number.printed, "", self._address(number))
        for number, place in gained:
            yield Finding("number-copied", place, "", number.printed, self._address(number))

    def _pictures(self) -> Iterator[Finding]:
        """Yield figures that were moved, replaced or lost, and pictures that came."""
        gained = list(self._pictures_gained)
        for picture, place in self._pictures_lost:
            name = picture.alternative or picture.part
            same = [one for one in gained if self._same(picture, one[0])]
            instead = [one for one in gained if one[1] == place or self._named_as(picture, one[0])]
            for found in (same or instead)[:1]:
                gained.remove(found)
            if same and same[0][1] != place:
                yield Finding("picture-moved", _way(place, same[0][1]), name)
            elif instead and not same:
                other = instead[0][0]
                now = f"another picture: {other.alternative or _outside(other)}"
                yield Finding("picture-replaced", place, name, now)
            elif not same:
                yield Finding("picture-lost", place, name)
        for picture, place in gained:
            yield Finding("picture-added", place, now=picture.alternative or _outside(picture))

    @staticmethod
    def _named_as(picture: Picture, other: Picture) -> bool:
        return picture.alternative == other.alternative != ""

    def _margins(self) -> Iterator[Finding]:
        lost = sorted(self.old.margins - self.new.margins)
        come = sorted(self.new.margins - self.old.margins)
        if lost or come:
            yield Finding("margins-changed", "every page", " / ".join(lost), " / ".join(come))


def _of_links(before: tuple[str, ...], new: Paragraph) -> Iterator[Finding]:
    """Yield that a paragraph links to other addresses than before."""
    lost, come = Counter(before) - Counter(new.links), Counter(new.links) - Counter(before)
    if come:
        kind = "link-changed" if lost else "link-added"
        yield Finding(kind, new.heading, " ".join(lost), " ".join(come))


def _way(before: str, after: str) -> str:
    """Return from where to where something was moved."""
    names = [heading or FIRST for heading in (before, after)]
    return " → ".join(dict.fromkeys(names))


def _outside(picture: Picture) -> str:
    return picture.part or "a picture outside the file"


def _words(pieces: Pieces) -> str:
    """Return a text without its pictures, with the names of its numbers and fields for them."""
    named = []
    for piece in pieces:
        if isinstance(piece, Number | Field):
            named.append(_GAP + (piece.tag if isinstance(piece, Number) else piece.target) + _GAP)
        elif isinstance(piece, str):
            named.append(piece)
    return plain("".join(named)).strip()


def _numbers(block: Block) -> Iterator[Number]:
    if isinstance(block, Paragraph):
        yield from numbers_of(block.pieces)
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from numbers_of(cell)


def _cells(cells: tuple[Pieces, ...] | None) -> str:
    return " | ".join(map(text_of, cells)) if cells is not None else ""
