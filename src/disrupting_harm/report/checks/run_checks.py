"""Check the numbers of all documents of a run, but not again where nothing has changed.

What a check says follows from the document, the catalogue of its language, the figures that it
shows, and what all are checked against: public tables, what the study says, templates, the code,
and what reads texts and writes numbers for it. A note beside the lists of what jobs made keeps a
digest of these of each document found right.
"""

import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, write_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.core.paths import PACKAGE, templates_folder
from disrupting_harm.provenance.imports import digest
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts, list_documents
from disrupting_harm.report.checks.explained_pages import list_explained_pages
from disrupting_harm.report.checks.explorer import list_explorers
from disrupting_harm.report.checks.figure_numbers import list_figure_lists
from disrupting_harm.report.checks.site import list_site_pages

# What numbers are published in.
TABLES = (
    *("*.csv", "comparison/*.csv", "evidence/*.csv", "countries/*/*.csv"),
    *("countries/*/*.json", "datapackage.json", "schemas/*.json"),
)
# What finds messages in templates and modules, and writes numbers as a language does.
_READERS = ("babel", "jinja2")
# Messages with numbers are read out of all modules of reports as text, also where none is imported.
_MODULES = PACKAGE / "report"


def check_documents(texts: StudyTexts, public: Path, note: Path, code: str) -> dict[str, int]:
    """Return how many documents, lists of figures and pages a run wrote, and numbers in them.

    What was found right before, and is checked against the same as then, is not checked again.

    Args:
        texts: what the study itself says.
        public: the folder of public results, with its ``datapackage.json``.
        note: the file that keeps from run to run what was found right.
        code: stands for the code that checks.

    Raises:
        StudyError: a number has no address, or differs from what is published at it.
    """
    documents, lists, pages = (
        list_documents(public),
        list_figure_lists(public),
        list_explained_pages(public),
    )
    site, explorers = list_site_pages(public, texts.languages), list_explorers(public)
    right_documents = RightDocuments(note, public, code + texts.digest())
    all_paths = (*lists, *documents, *pages, *site, *explorers)
    if unchecked := [path for path in all_paths if not right_documents.is_right(path)]:
        checks = NumberChecks(texts, public)
        for path in unchecked:
            faults = checks.find_faults(path)
            if faults:
                raise StudyError(
                    str(path),
                    f"{len(faults)} faulty numbers, first: {faults[0]}",
                    "`disrupting-harm lint-numbers` names them all",
                )
            right_documents.keep_right(path, checks.count_addressed(path))
    right_documents.write()
    return {
        "documents": len(documents),
        "figure_lists": len(lists),
        "explained": len(pages),
        "site_pages": len(site),
        "explorers": len(explorers),
        "addressed": right_documents.addressed_count,
    }


class RightDocuments:
    """Documents, lists of figures and explained pages that were found right.

    Args:
        note: the file that keeps them from run to run.
        public: the folder of public results.
        said: what they are checked against besides files: the study's own texts, and the code.
    """

    def __init__(self, note: Path, public: Path, content: str) -> None:
        self._note, self._public = note, public
        self._locale = templates_folder() / "locale"
        # Files of a language concern the documents in it alone.
        templates = templates_folder().rglob("*")
        shared = [path for path in templates if self._locale not in path.parents[1:]]
        tables = [path for pattern in TABLES for path in public.glob(pattern)]
        code = _library_versions() + _hash_files(_MODULES.rglob("*.py"), _MODULES)
        files = _hash_files(shared, templates_folder()) + _hash_files(tables, public)
        self._shared = digest(content + code + files)
        self._lists = _hash_files(list_figure_lists(public), public)
        self._before = read_json(note) if note.is_file() else {}
        self._now: dict[str, dict[str, Any]] = {}

    def is_right(self, path: Path) -> bool:
        """Whether a document was found right as it is."""
        before = self._before.get(self._name_of(path))
        if before is None or before["state"] != self._digest_of_state(path):
            return False
        self._now[self._name_of(path)] = before
        return True

    def keep_right(self, path: Path, numbers: int) -> None:
        """Keep that a document, with so many numbers with an address, was found right."""
        self._now[self._name_of(path)] = {"state": self._digest_of_state(path), "numbers": numbers}

    @property
    def addressed_count(self) -> int:
        """How many numbers with an address all that was found right has."""
        return sum(record["numbers"] for record in self._now.values())

    def write(self) -> None:
        """Write the note for the next run."""
        write_json(self._note, self._now)

    def _name_of(self, path: Path) -> str:
        return path.relative_to(self._public).as_posix()

    def _digest_of_state(self, path: Path) -> str:
        folders = path.relative_to(self._public).parts
        # Most documents lie in a folder of their language; the explorer's pages are called by it.
        languages = (self._locale / name for name in (*folders[:-1], path.stem))
        catalogue_files = (
            path_of_catalogue for folder in languages for path_of_catalogue in folder.rglob("*")
        )
        # A list of figures is checked with the drawings and tables beside it.
        files_beside = (*path.parent.glob("*.svg"), *path.parent.glob("*.csv"))
        hashes_shown = (
            _hash_files(files_beside, self._public) if path.suffix == ".json" else self._lists
        )
        hashes_of_document = _hash_files([path], self._public) + _hash_files(
            catalogue_files, self._locale
        )
        return digest(self._shared + hashes_shown + hashes_of_document)


def _library_versions() -> str:
    """Return the versions of Python and of the libraries that a check's outcome depends on."""
    return " ".join([platform.python_version(), *map(version, _READERS)]) + "\n"


def _hash_files(files: Iterable[Path], folder: Path) -> str:
    """Return the SHA-256 of each file, with its place below a folder, in the order of these."""
    return "".join(
        f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(files)
        if path.is_file()
    )
