"""Check the numbers of figures: of captions and of alternative texts, in lists and in documents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.checks.numbers import NumberFault, fault_at
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.markdown import attribute, escape
from disrupting_harm.report.language.settings import ENGLISH

# The texts of a figure that are listed.
TEXTS = ("title", "subtitle", "source", "caption", "alt", "alt_short")
FOLDER = "figures"
_PICTURE = re.compile(
    r"!\[(?P<caption>(?:[^\[\]\\]|\\.)*)\]\((?P<path>[^)\s]+)\)\{(?P<look>[^{}\n]*)\}"
)


def lists_of(public: Path) -> list[Path]:
    """Return the lists of figures of a study."""
    return sorted(public.rglob(f"{FOLDER}*.json"))


def language_of(path: Path, public: Path) -> str:
    """Return the language of a list: that of its folder, or English."""
    folders = path.relative_to(public).parts[:-1]
    if folders[0] == FOLDER:
        return folders[2] if len(folders) > 2 else ENGLISH
    return folders[-2]


def numbers_of(entry: Mapping[str, Any], text: str) -> list[AddressedNumber]:
    """Return the numbers with an address of one text of a listed figure.

    Raises:
        StudyError: if the entry has no list of numbers, or a faulty one.
    """
    try:
        return [AddressedNumber(*number) for number in entry["numbers"].get(text, ())]
    except (KeyError, TypeError) as error:
        raise StudyError(
            f"figure '{entry.get('id')}', key 'numbers'",
            "there are no addresses of its numbers",
            "Draw the figures again",
        ) from error


class DrawnTexts:
    """Texts of the figures that documents show; each list is read once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, Mapping[str, Any]]] = {}

    def captions(self, document: Path, text: str) -> list[str]:
        """Return the captions of a document's pictures that are those of the listed figures."""
        return [
            entry["caption"]
            for found, entry in self._pictures(document, text)
            if found["caption"] == escape(entry["caption"])
        ]

    def faults(self, document: Path, text: str) -> Iterator[NumberFault]:
        """Yield the pictures of a document whose alternative texts have numbers of their own."""
        for found, entry in self._pictures(document, text):
            own = re.search(r'fig-alt=("[^"]*")', found["look"])
            said = own[1] if own else ""
            if said != attribute(entry["alt"]) and re.search(r"\d", said):
                yield fault_at(
                    text,
                    found.start(),
                    f"alternative text of '{entry['id']}': it is not the figure's",
                    "fill the document again",
                )

    def _pictures(
        self, document: Path, text: str
    ) -> Iterator[tuple[re.Match[str], Mapping[str, Any]]]:
        for found in _PICTURE.finditer(text):
            path = document.parent / found["path"]
            entry = self.of_picture(path)
            if entry:
                yield found, entry

    def of_picture(self, path: Path) -> Mapping[str, Any] | None:
        """Return the entry of a picture in the list of its folder; None where it is not listed."""
        return self._listed(path.parent).get(path.stem)

    def _listed(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        place = folder.resolve()
        if place not in self._folders:
            lists: Sequence[Path] = sorted(place.glob(f"{FOLDER}*.json"))
            self._folders[place] = {entry["id"]: entry for one in lists for entry in read_json(one)}
        return self._folders[place]
