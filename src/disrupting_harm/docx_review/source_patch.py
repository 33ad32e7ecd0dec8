"""What was changed in the run's own sentences, as a unified diff of the source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from disrupting_harm.docx_review.archive import Block, Paragraph
from disrupting_harm.docx_review.document_comparison import DocumentComparison
from disrupting_harm.docx_review.markdown_items import RunDocument, addresses_by_tag
from disrupting_harm.docx_review.paragraph_rewriter import ParagraphRewriter
from disrupting_harm.docx_review.shortcodes import replace_shortcodes
from disrupting_harm.docx_review.text_segments import Segment
from disrupting_harm.docx_review.word_document import NOTE_PARTS
from disrupting_harm.report.rendering.qmd_lint import lint


@dataclass(frozen=True)
class Patch:
    """What becomes of a source.

    Attributes:
        diff: a unified diff; empty where nothing can be carried over.
        patched_text: the source with it.
        carried_count: how many paragraphs can.
        not_carried: texts of the paragraphs that cannot: somebody changes them by hand.
    """

    diff: str
    patched_text: str
    carried_count: int
    not_carried: tuple[str, ...]


@dataclass(frozen=True)
class _Edit:
    """Lines of a source, from ``start`` to before ``end``, and what takes their place."""

    start: int
    end: int
    new_lines: tuple[str, ...]


def make_patch(comparison: DocumentComparison, run_document: RunDocument) -> Patch:
    """Return the changes outside authors' slots as a diff of the source, or of an author's note."""
    source, note = run_document.authored_text, run_document.note is not None
    addresses = addresses_by_tag(run_document.source_text)
    rewriter = ParagraphRewriter(
        source, comparison.old.blocks, addresses, run_document.source_text, note=note
    )
    source_lines = source.splitlines()
    edits, not_carried = [], []
    for block, edit in _find_edits(comparison, rewriter, source_lines):
        if edit is None:
            not_carried.append(block.text)
        else:
            edits.append(edit)
    patched = list(source_lines)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        patched[edit.start : edit.end] = edit.new_lines
    patched_text = "".join(f"{line}\n" for line in patched)
    faults = [str(fault) for fault in lint(replace_shortcodes(patched_text))]
    if len(faults) > len(lint(replace_shortcodes(source))):
        refusal = f"all changes: they would leave a faulty source: {faults[-1]}"
        return Patch("", source, 0, (*not_carried, refusal))
    diff = unified_diff(
        source_lines,
        patched,
        f"a/{run_document.document}",
        f"b/{run_document.document}",
        lineterm="",
    )
    return Patch(
        "".join(f"{line}\n" for line in diff), patched_text, len(edits), tuple(not_carried)
    )


def _find_edits(
    comparison: DocumentComparison, rewriter: ParagraphRewriter, source_lines: Sequence[str]
) -> Iterator[tuple[Block, _Edit | None]]:
    """Yield the changed paragraphs, each with its edit; None where it cannot be carried over."""
    old_blocks, new_blocks = comparison.old.blocks, comparison.new.blocks
    # After the last paragraph of the run new ones can be put, in reverse: the later comes first.
    last_segment: Segment | None = None
    added: list[tuple[Block, _Edit | None]] = []
    for match in comparison.matches:
        old = old_blocks[match.old] if match.old is not None else None
        new = new_blocks[match.new] if match.new is not None else None
        segment = rewriter.find_segment(match.old) if match.old is not None else None
        if match.new in comparison.slots or (old is not None and old.slot):
            last_segment = None
        elif old is None and new is not None:
            added.append((new, _make_addition(rewriter, last_segment, new)))
            continue
        elif old is not None and new is None:
            yield from _yield_paragraph_edit(old, _make_removal(source_lines, segment))
            continue
        elif old is not None and new is not None:
            if match.moved:
                yield from _yield_paragraph_edit(new, None)
                continue
            if old.key != new.key and isinstance(old, Paragraph) and isinstance(new, Paragraph):
                markdown = rewriter.rewrite_paragraph(match.old or 0, old, new)
                yield new, _make_replacement(segment, markdown)
            last_segment = segment
        yield from reversed(added)
        added = []
    yield from reversed(added)


def _yield_paragraph_edit(block: Block, edit: _Edit | None) -> Iterator[tuple[Block, _Edit | None]]:
    """Yield what becomes of a paragraph; tables and foreign things are refused elsewhere."""
    if isinstance(block, Paragraph):
        yield block, edit


def _make_replacement(segment: Segment | None, markdown: str | None) -> _Edit | None:
    if segment is None or markdown is None:
        return None
    return _Edit(segment.first, segment.last + 1, tuple(markdown.splitlines()))


def _make_addition(
    rewriter: ParagraphRewriter, last_segment: Segment | None, block: Block
) -> _Edit | None:
    """Return a new paragraph after the last one; headings and notes would need more than words."""
    if (
        last_segment is None
        or not isinstance(block, Paragraph)
        or block.level
        or block.heading in NOTE_PARTS
    ):
        return None
    return _Edit(
        last_segment.last + 1, last_segment.last + 1, ("", rewriter.write_new_paragraph(block))
    )


def _make_removal(source_lines: Sequence[str], segment: Segment | None) -> _Edit | None:
    """Return that a paragraph goes, unless its box, its tile or its list would be left empty."""
    if segment is None or source_lines[segment.first].startswith("[^"):
        return None
    before, after = segment.first - 1, segment.last + 1
    neighbours = [
        source_lines[line_number].strip() if 0 <= line_number < len(source_lines) else ""
        for line_number in (before, after)
    ]
    has_blank_line = any(not line.strip() for line in source_lines[segment.first : after])
    if has_blank_line or all(line.startswith(":::") for line in neighbours):
        return None
    blank = not neighbours[1] and (not neighbours[0] or neighbours[0].startswith(":::"))
    return _Edit(segment.first, after + blank, ())
