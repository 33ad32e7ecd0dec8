"""Comparing an edited document with what the run wrote."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from disrupting_harm.docx_review.archive import (
    Block,
    Field,
    Inlines,
    Number,
    Paragraph,
    Picture,
    Table,
    normalize_text,
    numbers_in,
    row_key,
    visible_text,
)
from disrupting_harm.docx_review.changes import BEFORE_FIRST_HEADING, Finding
from disrupting_harm.docx_review.paragraph_matching import Match, match_blocks
from disrupting_harm.docx_review.slot_paragraphs import find_slot_paragraphs
from disrupting_harm.docx_review.word_document import WordDocument

# Digits of any script, raised and lowered ones, fractions and numerals that are one sign.
_DIGITS = re.compile(r"[\d²³¹⁰-⁹₀-₉¼-¾⅐-ↈ①-⓿][\d.,]*")
_GAP = "\0"
SamePicture = Callable[[Picture, Picture], bool]


@dataclass(frozen=True)
class RunContext:
    """What the run says of its numbers.

    Attributes:
        addresses: of the numbers, by the tag of their controls.
        allowed_patterns: of numbers that need no address.
        slot_files: of authors' slots, by their bookmarks.
    """

    addresses: dict[str, str]
    allowed_patterns: Sequence[re.Pattern[str]]
    slot_files: dict[str, str]


@dataclass(frozen=True)
class _TableRow:
    cells: tuple[Inlines, ...]

    @property
    def key(self) -> str:
        return row_key(self.cells)

    @property
    def similarity_text(self) -> str:
        return _format_cells(self.cells)


class DocumentComparison:
    """One comparison: which block became which, and in which author's slot it stands.

    Args:
        old: what the run wrote.
        new: what came back.
        run_context: what the run says of its numbers.
        same_picture: whether two pictures of different bytes show the same.
    """

    def __init__(
        self,
        old: WordDocument,
        new: WordDocument,
        run_context: RunContext,
        same_picture: SamePicture,
    ) -> None:
        self.old, self.new = old, new
        self._run, self._same_picture = run_context, same_picture
        self.matches = match_blocks(old.blocks, new.blocks)
        self.slots = find_slot_paragraphs(old, new, self.matches)
        self._printed_by_tag: dict[str, Counter[str]] = {}
        for block in old.blocks:
            for number in _numbers_in_block(block):
                self._printed_by_tag.setdefault(number.tag, Counter())[number.printed] += 1
        self._lost_numbers: list[tuple[Number, str]] = []
        self._gained_numbers: list[tuple[Number, str]] = []
        self._lost_pictures: list[tuple[Picture, str]] = []
        self._gained_pictures: list[tuple[Picture, str]] = []

    def collect_findings(self) -> list[Finding]:
        """Return all findings in the order of the new document, then those on no block of it."""
        findings = [finding for match in self.matches for finding in self._compare_match(match)]
        findings += [
            *self._report_moved_numbers(),
            *self._report_pictures(),
            *self._compare_margins(),
        ]
        findings += [
            Finding(
                "comment",
                comment.heading,
                comment.commented_text,
                f"{comment.author}: {comment.text}",
            )
            for comment in self.new.comments
        ]
        return findings + [
            Finding("tracked", author, now=str(count))
            for author, count in sorted(self.new.tracked.items())
        ]

    def _compare_match(self, match: Match) -> Iterator[Finding]:
        old = self.old.blocks[match.old] if match.old is not None else None
        new = self.new.blocks[match.new] if match.new is not None else None
        if isinstance(old, Table) or isinstance(new, Table):
            yield from self._compare_tables(old, new, moved=match.moved)
        elif isinstance(old, Paragraph) or isinstance(new, Paragraph):
            slot = self.slots.get(match.new, "") if match.new is not None else ""
            yield from self._compare_paragraphs(old, new, slot, moved=match.moved)
        elif old is None and new is not None:
            yield Finding("foreign", new.heading, now=new.text)

    def _compare_paragraphs(
        self, old: Block | None, new: Block | None, slot: str, *, moved: bool
    ) -> Iterator[Finding]:
        before = old.inlines if isinstance(old, Paragraph) else ()
        after = new.inlines if isinstance(new, Paragraph) else ()
        block = new if new is not None else old
        assert block is not None
        heading = block.heading
        file = self._run.slot_files.get(slot or block.slot, "")
        was, now = _text_with_placeholders(before), _text_with_placeholders(after)
        if moved and old is not None:
            kind = "text-moved" if was else "picture-moved"
            yield Finding(kind, _format_move(old.heading, heading), visible_text(before), file=file)
        if was != now:
            kind = "text-changed" if was and now else "text-added" if now else "text-lost"
            yield Finding(kind, heading, visible_text(before), visible_text(after), file=file)
        yield from self._compare_inlines(before, after, heading)
        if isinstance(new, Paragraph):
            yield from _compare_links(old.links if isinstance(old, Paragraph) else (), new)
            if new.struck:
                yield Finding("struck", heading, now=new.text)

    def _compare_inlines(self, before: Inlines, after: Inlines, location: str) -> Iterator[Finding]:
        """Compare numbers and pictures of one place; what has no partner is reported at the end."""
        yield from self._compare_numbers(numbers_in(before), numbers_in(after), location)
        yield from self._find_typed_numbers(before, after, location)
        old_pictures = [inline for inline in before if isinstance(inline, Picture)]
        new_pictures = [inline for inline in after if isinstance(inline, Picture)]
        new_digests = {picture.digest for picture in new_pictures}
        for picture in [picture for picture in old_pictures if picture.digest in new_digests]:
            old_pictures.remove(picture)
            new_pictures.remove(next(new for new in new_pictures if new.digest == picture.digest))
        self._lost_pictures += [(picture, location) for picture in old_pictures]
        self._gained_pictures += [(picture, location) for picture in new_pictures]

    def _compare_numbers(
        self, before: Sequence[Number], after: Sequence[Number], location: str
    ) -> Iterator[Finding]:
        old_tags, new_tags = [number.tag for number in before], [number.tag for number in after]
        for operation, i1, i2, j1, j2 in SequenceMatcher(
            None, old_tags, new_tags, False
        ).get_opcodes():
            if operation == "equal":
                for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                    if old.printed != new.printed:
                        yield self._report_changed_number(old.printed, new, location)
                continue
            self._lost_numbers += [(number, location) for number in before[i1:i2]]
            for number in after[j1:j2]:
                printed = self._printed_by_tag[number.tag]
                if number.printed in printed:
                    self._gained_numbers.append((number, location))
                else:
                    yield self._report_changed_number(" or ".join(printed), number, location)

    def _report_changed_number(self, was: str, new: Number, location: str) -> Finding:
        return Finding("number-changed", location, was, new.printed, self._address_of(new))

    def _address_of(self, number: Number) -> str:
        return self._run.addresses.get(number.tag, number.tag)

    def _find_typed_numbers(
        self, before: Inlines, after: Inlines, location: str
    ) -> Iterator[Finding]:
        """Yield the numbers without an address that the run's text did not have."""
        old_counts = Counter(self._find_bare_numbers(before))
        for number in self._find_bare_numbers(after):
            if old_counts[number]:
                old_counts[number] -= 1
            else:
                yield Finding("number-typed", location, now=f"{number}, in: {visible_text(after)}")

    def _find_bare_numbers(self, inlines: Inlines) -> list[str]:
        # A number or a field ends a word: digits beside it are looked at by themselves.
        text = "".join(inline if isinstance(inline, str) else _GAP for inline in inlines)
        for pattern in self._run.allowed_patterns:
            text = pattern.sub(_GAP, text)
        return [digits.rstrip(".,") for digits in _DIGITS.findall(text)]

    def _compare_tables(
        self, old: Block | None, new: Block | None, *, moved: bool
    ) -> Iterator[Finding]:
        if not isinstance(old, Table) or not isinstance(new, Table):
            if isinstance(old, Table):
                yield Finding("table-lost", old.heading, old.text)
            if isinstance(new, Table):
                yield Finding("table-added", new.heading, now=new.text)
            return
        if moved:
            yield Finding("table-moved", _format_move(old.heading, new.heading), old.text)
        old_rows, new_rows = (
            [_TableRow(row) for row in old.rows],
            [_TableRow(row) for row in new.rows],
        )
        for match in match_blocks(old_rows, new_rows):
            old_cells = old_rows[match.old].cells if match.old is not None else None
            new_cells = new_rows[match.new].cells if match.new is not None else None
            row = 1 + (match.new if match.new is not None else match.old or 0)
            row_location = f"{new.heading}, table '{old.text}', row {row}"
            if (
                old_cells is None
                or new_cells is None
                or match.moved
                or len(old_cells) != len(new_cells)
            ):
                yield Finding(
                    "table-changed",
                    row_location,
                    _format_cells(old_cells),
                    _format_cells(new_cells),
                )
                continue
            for column, (old_cell, new_cell) in enumerate(
                zip(old_cells, new_cells, strict=True), start=1
            ):
                cell_location = f"{row_location}, column {column}"
                if _text_with_placeholders(old_cell) != _text_with_placeholders(new_cell):
                    yield Finding(
                        "text-changed",
                        cell_location,
                        visible_text(old_cell),
                        visible_text(new_cell),
                    )
                yield from self._compare_inlines(old_cell, new_cell, cell_location)

    def _report_moved_numbers(self) -> Iterator[Finding]:
        gained = list(self._gained_numbers)
        for number, location in self._lost_numbers:
            moved_number = next((pair for pair in gained if pair[0].tag == number.tag), None)
            if moved_number:
                gained.remove(moved_number)
                move = _format_move(location, moved_number[1])
                yield Finding("number-moved", move, number.printed, "", self._address_of(number))
            else:
                yield Finding("number-lost", location, number.printed, "", self._address_of(number))
        for number, location in gained:
            yield Finding("number-copied", location, "", number.printed, self._address_of(number))

    def _report_pictures(self) -> Iterator[Finding]:
        """Yield figures that were moved, replaced or lost, and pictures that were added."""
        gained = list(self._gained_pictures)
        for picture, location in self._lost_pictures:
            name = picture.alternative_text or picture.part
            same_pictures = [pair for pair in gained if self._same_picture(picture, pair[0])]
            replacements = [
                pair
                for pair in gained
                if pair[1] == location or self._has_same_description(picture, pair[0])
            ]
            for pair in (same_pictures or replacements)[:1]:
                gained.remove(pair)
            if same_pictures and same_pictures[0][1] != location:
                yield Finding("picture-moved", _format_move(location, same_pictures[0][1]), name)
            elif replacements and not same_pictures:
                replacement = replacements[0][0]
                new_name = replacement.alternative_text or _name_picture_part(replacement)
                now = f"another picture: {new_name}"
                yield Finding("picture-replaced", location, name, now)
            elif not same_pictures:
                yield Finding("picture-lost", location, name)
        for picture, location in gained:
            yield Finding(
                "picture-added",
                location,
                now=picture.alternative_text or _name_picture_part(picture),
            )

    @staticmethod
    def _has_same_description(old_picture: Picture, new_picture: Picture) -> bool:
        return old_picture.alternative_text == new_picture.alternative_text != ""

    def _compare_margins(self) -> Iterator[Finding]:
        lost = sorted(self.old.margins - self.new.margins)
        gained = sorted(self.new.margins - self.old.margins)
        if lost or gained:
            yield Finding("margins-changed", "every page", " / ".join(lost), " / ".join(gained))


def _compare_links(before: tuple[str, ...], new: Paragraph) -> Iterator[Finding]:
    """Yield that a paragraph links to other addresses than before."""
    lost, gained = Counter(before) - Counter(new.links), Counter(new.links) - Counter(before)
    if gained:
        kind = "link-changed" if lost else "link-added"
        yield Finding(kind, new.heading, " ".join(lost), " ".join(gained))


def _format_move(before: str, after: str) -> str:
    """Return from where to where something was moved."""
    headings = [heading or BEFORE_FIRST_HEADING for heading in (before, after)]
    return " → ".join(dict.fromkeys(headings))


def _name_picture_part(picture: Picture) -> str:
    return picture.part or "a picture outside the file"


def _text_with_placeholders(inlines: Inlines) -> str:
    """Return a text without its pictures, with the names of its numbers and fields for them."""
    texts = []
    for inline in inlines:
        if isinstance(inline, Number | Field):
            texts.append(
                _GAP + (inline.tag if isinstance(inline, Number) else inline.target) + _GAP
            )
        elif isinstance(inline, str):
            texts.append(inline)
    return normalize_text("".join(texts)).strip()


def _numbers_in_block(block: Block) -> Iterator[Number]:
    if isinstance(block, Paragraph):
        yield from numbers_in(block.inlines)
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from numbers_in(cell)


def _format_cells(cells: tuple[Inlines, ...] | None) -> str:
    return " | ".join(map(visible_text, cells)) if cells is not None else ""
