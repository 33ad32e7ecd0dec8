"""What was changed in the run's own sentences, as a unified diff of the source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from disrupting_harm.docx_review.archive import Block, Paragraph
from disrupting_harm.docx_review.comparing import Comparing
from disrupting_harm.docx_review.markdown_items import Base, addresses_in
from disrupting_harm.docx_review.reading import NOTES
from disrupting_harm.docx_review.shortcodes import without_shortcodes
from disrupting_harm.docx_review.text_segments import Segment
from disrupting_harm.docx_review.write_back import Carrier
from disrupting_harm.report.rendering.qmd_lint import lint


@dataclass(frozen=True)
class Patch:
    """What becomes of a source.

    Attributes:
        diff: a unified diff; empty where nothing can be carried over.
        text: the source with it.
        carried: how many paragraphs can.
        left: texts of the paragraphs that cannot: somebody changes them by hand.
    """

    diff: str
    text: str
    carried: int
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Edit:
    """Lines of a source, from ``first`` to before ``end``, and what takes their place."""

    first: int
    end: int
    lines: tuple[str, ...]


def patch_of(comparing: Comparing, base: Base) -> Patch:
    """Return the changes outside authors' places as a diff of the source, or of an author's note.

    Args:
        comparing: the comparison.
        base: what the run wrote.
    """
    source, note = base.edited_by_hand, base.note is not None
    addresses = addresses_in(base.text)
    carrier = Carrier(source, comparing.old.blocks, addresses, base.text, note=note)
    lines = source.splitlines()
    edits, left = [], []
    for block, edit in _edits(comparing, carrier, lines):
        if edit is None:
            left.append(block.text)
        else:
            edits.append(edit)
    patched = list(lines)
    for edit in sorted(edits, key=lambda edit: edit.first, reverse=True):
        patched[edit.first : edit.end] = edit.lines
    text = "".join(f"{line}\n" for line in patched)
    faults = [str(fault) for fault in lint(without_shortcodes(text))]
    if len(faults) > len(lint(without_shortcodes(source))):
        whole = f"all changes: they would leave a faulty source: {faults[-1]}"
        return Patch("", source, 0, (*left, whole))
    diff = unified_diff(lines, patched, f"a/{base.document}", f"b/{base.document}", lineterm="")
    return Patch("".join(f"{line}\n" for line in diff), text, len(edits), tuple(left))


def _edits(
    comparing: Comparing, carrier: Carrier, lines: Sequence[str]
) -> Iterator[tuple[Block, _Edit | None]]:
    """Yield the changed paragraphs, each with its edit; None where it cannot be carried over."""
    old_blocks, new_blocks = comparing.old.blocks, comparing.new.blocks
    # After the last paragraph of the run new ones can be put, in reverse: the later comes first.
    last: Segment | None = None
    added: list[tuple[Block, _Edit | None]] = []
    for match in comparing.matches:
        old = old_blocks[match.old] if match.old is not None else None
        new = new_blocks[match.new] if match.new is not None else None
        segment = carrier.segment(match.old) if match.old is not None else None
        if match.new in comparing.slots or (old is not None and old.slot):
            last = None
        elif old is None and new is not None:
            added.append((new, _added(carrier, last, new)))
            continue
        elif old is not None and new is None:
            yield from _paragraph(old, _taken_out(lines, segment))
            continue
        elif old is not None and new is not None:
            if match.moved:
                yield from _paragraph(new, None)
                continue
            if old.key != new.key and isinstance(old, Paragraph) and isinstance(new, Paragraph):
                text = carrier.carried(match.old or 0, old, new)
                yield new, _replaced(segment, text)
            last = segment
        yield from reversed(added)
        added = []
    yield from reversed(added)


def _paragraph(block: Block, edit: _Edit | None) -> Iterator[tuple[Block, _Edit | None]]:
    """Yield what becomes of a paragraph; tables and foreign things are refused elsewhere."""
    if isinstance(block, Paragraph):
        yield block, edit


def _replaced(segment: Segment | None, text: str | None) -> _Edit | None:
    if segment is None or text is None:
        return None
    return _Edit(segment.first, segment.last + 1, tuple(text.splitlines()))


def _added(carrier: Carrier, last: Segment | None, new: Block) -> _Edit | None:
    """Return a new paragraph after the last one; headings and notes would need more than words."""
    if last is None or not isinstance(new, Paragraph) or new.level or new.heading in NOTES:
        return None
    return _Edit(last.last + 1, last.last + 1, ("", carrier.plain(new)))


def _taken_out(lines: Sequence[str], segment: Segment | None) -> _Edit | None:
    """Return that a paragraph goes, unless its box, its tile or its list would be left empty."""
    if segment is None or lines[segment.first].startswith("[^"):
        return None
    before, after = segment.first - 1, segment.last + 1
    around = [lines[at].strip() if 0 <= at < len(lines) else "" for at in (before, after)]
    between = any(not line.strip() for line in lines[segment.first : after])
    if between or all(line.startswith(":::") for line in around):
        return None
    blank = not around[1] and (not around[0] or around[0].startswith(":::"))
    return _Edit(segment.first, after + blank, ())
