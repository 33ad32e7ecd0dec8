"""What authors' slots say after an edit: the files that go back to the folder of slots."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text, write_text
from disrupting_harm.docx_review.archive import Paragraph
from disrupting_harm.docx_review.document_comparison import DocumentComparison
from disrupting_harm.docx_review.paragraph_rewriter import ParagraphRewriter
from disrupting_harm.report.documents.slots import QUOTATION, WORDS_AT_MOST


@dataclass(frozen=True)
class SlotFile:
    """The new text of one file.

    Attributes:
        file: as named to authors, e.g. ``KEN/en/foreword.md``.
        path: where it lies.
        content: what is to stand in it.
        older_translations: files of the same slot in other languages.
    """

    file: str
    path: Path
    content: str
    older_translations: tuple[str, ...]


def prepare_slot_files(
    comparison: DocumentComparison,
    files: dict[str, str],
    source: str,
    addresses: dict[str, str],
    folder: Path,
) -> list[SlotFile]:
    """Return the files of authors' slots whose text was changed; nothing is written.

    Args:
        files: by the bookmarks of the slots.
        source: the document of the run.
        addresses: of its numbers, by the tags of their controls.
        folder: of what authors write.

    Raises:
        StudyError: if a text is too long, a quotation has no code and consent yet, or a file was
            changed after the run.
    """
    changed_files = []
    for slot, file in files.items():
        path = folder / file
        content = read_text(path) if path.is_file() else ""
        front_matter, old_text = _split_front_matter(content)
        if old_text.strip() not in source:
            remedy = "Run the study again, and compare with the new Word file"
            raise StudyError(str(path), "it was changed after the run", remedy)
        paragraphs = _write_edited_paragraphs(comparison, slot, old_text.strip(), addresses, source)
        if paragraphs is None:
            continue
        new_text = "\n\n".join(paragraphs)
        _check_slot_text(path, front_matter, new_text)
        older_translations = _find_older_translations(folder, file)
        changed_files.append(
            SlotFile(file, path, f"{front_matter}{new_text}\n", older_translations)
        )
    return changed_files


def write_slot_files(changed_files: list[SlotFile]) -> None:
    """Write the texts of authors' slots, each file whole."""
    for slot_file in changed_files:
        write_text(slot_file.path, slot_file.content)


def _write_edited_paragraphs(
    comparison: DocumentComparison, slot: str, text: str, addresses: dict[str, str], source: str
) -> list[str] | None:
    """Return the paragraphs of a slot as Markdown; None where nothing was changed."""
    old, new = comparison.old.blocks, comparison.new.blocks
    old_indices = [index for index, block in enumerate(old) if block.slot == slot]
    new_indices = [index for index in range(len(new)) if comparison.slots.get(index) == slot]
    if [old[index].key for index in old_indices] == [new[index].key for index in new_indices]:
        return None
    rewriter = ParagraphRewriter(text, [old[index] for index in old_indices], addresses, source)
    old_index_of = {match.new: match.old for match in comparison.matches}
    paragraphs = []
    for index in new_indices:
        block, old_index = new[index], old_index_of.get(index)
        if not isinstance(block, Paragraph):
            continue
        if not text and old_index is not None and block.key == old[old_index].key:
            # What says that a text is still to be written is none of it.
            continue
        markdown = None
        if text and old_index is not None and old_index in old_indices:
            old_block = old[old_index]
            assert isinstance(old_block, Paragraph)
            markdown = rewriter.rewrite_paragraph(old_indices.index(old_index), old_block, block)
        paragraphs.append(
            (markdown if markdown is not None else rewriter.write_new_paragraph(block)).strip()
        )
    return [paragraph for paragraph in paragraphs if paragraph]


def _split_front_matter(content: str) -> tuple[str, str]:
    """Return the front matter of a quotation, with its fences, and the text."""
    front_matter, fence, text = content.lstrip().partition("\n---\n")
    if front_matter.startswith("---\n") and fence:
        return front_matter + fence, text
    return "", content


def _check_slot_text(path: Path, front_matter: str, text: str) -> None:
    slot_kind = next(
        (slot_kind for slot_kind in WORDS_AT_MOST if path.stem.startswith(slot_kind)), ""
    )
    word_count = len(text.split())
    if slot_kind and word_count > WORDS_AT_MOST[slot_kind]:
        finding = f"{word_count} words, more than {WORDS_AT_MOST[slot_kind]}"
        raise StudyError(str(path), finding, "Shorten the text in the Word file")
    if slot_kind == QUOTATION and not front_matter:
        finding = "these are words of somebody, and the file does not say who agreed to print them"
        remedy = "Write it by hand, with 'code' and 'consent: true', if the person has agreed"
        raise StudyError(str(path), finding, remedy)
    if not text:
        finding = "nothing is left of the text"
        raise StudyError(str(path), finding, "Delete the file by hand, if that is meant")


def _find_older_translations(folder: Path, file: str) -> tuple[str, ...]:
    """Return the files of the same slot in other languages."""
    area, language, name = file.split("/")
    paths = sorted(folder.glob(f"{area}/*/{name}"))
    return tuple(
        path.relative_to(folder).as_posix() for path in paths if path.parent.name != language
    )
