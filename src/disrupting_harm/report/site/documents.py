"""Documents that a page leads to, in all their languages and formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from disrupting_harm.report.status import marks
from disrupting_harm.report.ways import own_name

FORMATS = {"html": "web page", "pdf": "PDF", "docx": "Word", "xlsx": "Excel", "qmd": "source"}
BOOK_FORMATS = ("xlsx", "pdf")


@dataclass(frozen=True)
class File:
    """One format of a document: where it is from the public folder, what it is called, its size."""

    href: str
    text: str
    size: str


@dataclass(frozen=True)
class Version:
    """A document in one language: the language by its own name and in English, and its files.

    ``mark`` says what is not settled about it; it is empty otherwise.
    """

    language: str
    name: str
    english: str
    mark: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Document:
    """A document, for whom it is written, and its languages."""

    title: str
    readers: str
    versions: tuple[Version, ...]


def versions(
    public: Path, folder: str, name: str, languages: Sequence[str], formats: Sequence[str]
) -> tuple[Version, ...]:
    """Return the languages in which a document lies in the public folder, in their order.

    Args:
        public: the public results.
        folder: of the document, from there; it has a folder for each language.
        name: of the document's files.
        languages: those that it may have.
        formats: of its files; those that are not there are left out.
    """
    found = []
    for language in languages:
        place = public / folder / language
        files = tuple(
            File(f"{folder}/{language}/{path.name}", FORMATS[kind], _size(path))
            for kind in formats
            if (path := place / f"{name}.{kind}").is_file()
        )
        if files:
            english = str(Locale.parse(language).english_name)
            mark = ", ".join(marks(place))
            found.append(Version(language, own_name(language), english, mark, files))
    return tuple(found)


def _size(path: Path) -> str:
    """Return the size of a large file, which a reader may not want to load on the way."""
    megabytes = path.stat().st_size / 1e6
    return f"{megabytes:.1f} MB" if megabytes >= 0.1 else ""
