"""What authors' places say after an edit: the files that go back to the folder of slots."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text, write_text
from disrupting_harm.docx_review.archive import Paragraph
from disrupting_harm.docx_review.comparing import Comparing
from disrupting_harm.docx_review.write_back import Carrier
from disrupting_harm.report.documents.slots import QUOTATION, WORDS_AT_MOST


@dataclass(frozen=True)
class SlotFile:
    """The new text of one file.

    Attributes:
        file: as named to authors, e.g. ``KEN/en/foreword.md``.
        path: where it lies.
        content: what is to stand in it.
        older: the same place in other languages, which the new text has left behind.
    """

    file: str
    path: Path
    content: str
    older: tuple[str, ...]


def slot_files(
    comparing: Comparing,
    files: dict[str, str],
    source: str,
    addresses: dict[str, str],
    folder: Path,
) -> list[SlotFile]:
    """Return the files of authors' places whose text was changed; nothing is written.

    Args:
        comparing: the comparison.
        files: by the bookmarks of the places.
        source: the document of the run.
        addresses: of its numbers, by the tags of their controls.
        folder: of what authors write.

    Raises:
        StudyError: if a text is too long, a quotation has no code and consent yet, or a file was
            changed after the run.
    """
    found = []
    for slot, file in files.items():
        path = folder / file
        content = read_text(path) if path.is_file() else ""
        front, text = _split(content)
        if text.strip() not in source:
            remedy = "Run the study again, and compare with the new Word file"
            raise StudyError(str(path), "it was changed after the run", remedy)
        paragraphs = _paragraphs(comparing, slot, text.strip(), addresses, source)
        if paragraphs is None:
            continue
        new = "\n\n".join(paragraphs)
        _check(path, front, new)
        older = _others(folder, file)
        found.append(SlotFile(file, path, f"{front}{new}\n", older))
    return found


def write_slot_files(found: list[SlotFile]) -> None:
    """Write texts of authors' places, each file whole."""
    for one in found:
        write_text(one.path, one.content)


def _paragraphs(
    comparing: Comparing, slot: str, text: str, addresses: dict[str, str], source: str
) -> list[str] | None:
    """Return the paragraphs of a place as Markdown; None where nothing was changed."""
    old, new = comparing.old.blocks, comparing.new.blocks
    mine = [at for at, block in enumerate(old) if block.slot == slot]
    theirs = [at for at in range(len(new)) if comparing.slots.get(at) == slot]
    if [old[at].key for at in mine] == [new[at].key for at in theirs]:
        return None
    carrier = Carrier(text, [old[at] for at in mine], addresses, source)
    before = {match.new: match.old for match in comparing.matches}
    paragraphs = []
    for at in theirs:
        block, earlier = new[at], before.get(at)
        if not isinstance(block, Paragraph):
            continue
        if not text and earlier is not None and block.key == old[earlier].key:
            # What says that a text is still to be written is none of it.
            continue
        carried = None
        if text and earlier is not None and earlier in mine:
            was = old[earlier]
            assert isinstance(was, Paragraph)
            carried = carrier.carried(mine.index(earlier), was, block)
        paragraphs.append((carried if carried is not None else carrier.plain(block)).strip())
    return [paragraph for paragraph in paragraphs if paragraph]


def _split(content: str) -> tuple[str, str]:
    """Return the front matter of a quotation, with its fences, and the text."""
    head, closed, text = content.lstrip().partition("\n---\n")
    if head.startswith("---\n") and closed:
        return head + closed, text
    return "", content


def _check(path: Path, front: str, text: str) -> None:
    kind = next((kind for kind in WORDS_AT_MOST if path.stem.startswith(kind)), "")
    words = len(text.split())
    if kind and words > WORDS_AT_MOST[kind]:
        found = f"{words} words, more than {WORDS_AT_MOST[kind]}"
        raise StudyError(str(path), found, "Shorten the text in the Word file")
    if kind == QUOTATION and not front:
        found = "these are words of somebody, and the file does not say who agreed to print them"
        remedy = "Write it by hand, with 'code' and 'consent: true', if the person has agreed"
        raise StudyError(str(path), found, remedy)
    if not text:
        found = "nothing is left of the text"
        raise StudyError(str(path), found, "Delete the file by hand, if that is meant")


def _others(folder: Path, file: str) -> tuple[str, ...]:
    """Return the files of the same place in other languages."""
    area, language, name = file.split("/")
    found = sorted(folder.glob(f"{area}/*/{name}"))
    return tuple(
        path.relative_to(folder).as_posix() for path in found if path.parent.name != language
    )
