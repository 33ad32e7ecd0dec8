"""Check the numbers of figures: of captions and of alternative texts, in lists and in documents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.checks.numbers import NumberFault, create_fault
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.markdown import escape, quote_attribute
from disrupting_harm.report.language.settings import ENGLISH

# The texts of a figure that are listed.
TEXTS = ("title", "subtitle", "source", "caption", "alt", "alt_short")
FOLDER = "figures"
_PICTURE = re.compile(
    r"!\[(?P<caption>(?:[^\[\]\\]|\\.)*)\]\((?P<path>[^)\s]+)\)\{(?P<look>[^{}\n]*)\}"
)


def list_figure_lists(public: Path) -> list[Path]:
    """Return the lists of figures of a study."""
    return sorted(public.rglob(f"{FOLDER}*.json"))


def find_language(path: Path, public: Path) -> str:
    """Return the language of a list: that of its folder, or English."""
    folders = path.relative_to(public).parts[:-1]
    if folders[0] == FOLDER:
        return folders[-1] if len(folders) > 2 else ENGLISH
    return folders[-2]


def read_numbers_of_text(figure_record: Mapping[str, Any], text_name: str) -> list[AddressedNumber]:
    """Return the numbers with an address of one text of a listed figure.

    Raises:
        StudyError: if the entry has no list of numbers, or a faulty one.
    """
    try:
        return [AddressedNumber(*number) for number in figure_record["numbers"].get(text_name, ())]
    except (KeyError, TypeError) as error:
        raise StudyError(
            f"figure '{figure_record.get('id')}', key 'numbers'",
            "there are no addresses of its numbers",
            "Draw the figures again",
        ) from error


class DrawnTexts:
    """Texts of the figures that documents show; each list is read once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, Mapping[str, Any]]] = {}

    def find_captions(self, document: Path, text: str) -> list[str]:
        """Return the captions of a document's pictures that are those of the listed figures."""
        return [
            figure_record["caption"]
            for match, figure_record in self._find_pictures(document, text)
            if match["caption"] == escape(figure_record["caption"])
        ]

    def find_faults(self, document: Path, text: str) -> Iterator[NumberFault]:
        """Yield the pictures of a document whose alternative texts have numbers of their own."""
        for match, figure_record in self._find_pictures(document, text):
            alt_match = re.search(r'fig-alt=("[^"]*")', match["look"])
            alt_text = alt_match[1] if alt_match else ""
            if alt_text != quote_attribute(figure_record["alt"]) and re.search(r"\d", alt_text):
                yield create_fault(
                    text,
                    match.start(),
                    f"alternative text of '{figure_record['id']}': it is not the figure's",
                    "fill the document again",
                )

    def _find_pictures(
        self, document: Path, text: str
    ) -> Iterator[tuple[re.Match[str], Mapping[str, Any]]]:
        for match in _PICTURE.finditer(text):
            path = document.parent / match["path"]
            figure_record = self.find_record(path)
            if figure_record:
                yield match, figure_record

    def find_record(self, path: Path) -> Mapping[str, Any] | None:
        """Return the entry of a picture in the list of its folder; None where it is not listed."""
        return self._read_records(path.parent).get(path.stem)

    def _read_records(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        figure_folder = folder.resolve()
        if figure_folder not in self._folders:
            lists: Sequence[Path] = sorted(figure_folder.glob(f"{FOLDER}*.json"))
            self._folders[figure_folder] = {
                figure_record["id"]: figure_record
                for list_path in lists
                for figure_record in read_json(list_path)
            }
        return self._folders[figure_folder]
