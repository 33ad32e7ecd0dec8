"""Documents that a page leads to, in all their languages and formats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.report.status import marks
from disrupting_harm.report.ways import own_name
from disrupting_harm.report.words import Words

BOOK_FORMATS = ("xlsx", "pdf")


@dataclass(frozen=True)
class File:
    """One format of a document: where it is from the public folder, what it is called, its size."""

    href: str
    text: str
    size: str


@dataclass(frozen=True)
class Version:
    """A document in one language: the language by its own name and in the reader's, and its files.

    ``mark`` says what is not settled about it; it is empty otherwise.
    """

    language: str
    name: str
    called: str
    mark: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Document:
    """A document, for whom it is written, and its languages; ``name`` is that of its files."""

    name: str
    title: str
    readers: str
    versions: tuple[Version, ...]


def versions(
    public: Path,
    folder: str,
    name: str,
    languages: Sequence[str],
    formats: Sequence[str],
    words: Words,
) -> tuple[Version, ...]:
    """Return the languages in which a document lies in the public folder, the reader's own first.

    Args:
        public: the public results.
        folder: of the document, from there; it has a folder for each language.
        name: of the document's files.
        languages: those that it may have, in their order.
        formats: of its files; those that are not there are left out.
        words: the reader's language.
    """
    called = formats_called(words)
    found = []
    for language in own_first(languages, words.language):
        place = public / folder / language
        files = tuple(
            File(f"{folder}/{language}/{path.name}", called[kind], _size(path, words))
            for kind in formats
            if (path := place / f"{name}.{kind}").is_file()
        )
        if files:
            mark = ", ".join(marks(place, words))
            found.append(
                Version(language, own_name(language), language_name(language, words), mark, files)
            )
    return tuple(found)


def own_first(languages: Iterable[str], own: str) -> list[str]:
    """Return languages in their order, but the reader's own before all."""
    return sorted(languages, key=lambda language: language != own)


def language_name(language: str, words: Words) -> str:
    """Return what a language is called in the reader's."""
    if language == words.language:
        return own_name(language)
    return str(words.locale.languages.get(language, language))


def formats_called(words: Words) -> dict[str, str]:
    """Return what formats are called in the reader's language; PDF, Word and Excel are names."""
    return {
        "html": words("web page"),
        "pdf": "PDF",
        "docx": "Word",
        "xlsx": "Excel",
        "qmd": words("source"),
    }


def _size(path: Path, words: Words) -> str:
    """Return the size of a large file, which a reader may not want to load on the way."""
    megabytes = path.stat().st_size / 1e6
    return f"{words.number(megabytes, 1)} MB" if megabytes >= 0.1 else ""
