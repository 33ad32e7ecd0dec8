"""The exception for faults that a user can mend, and safe messages for all others."""

import difflib
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

NAMES_NO_VALUE = (OSError, ImportError, MemoryError, NameError, AttributeError)


class StudyError(Exception):
    """A fault in the data or the configuration, said so that its owner can mend it.

    Args:
        where: the place: file, then sheet, column, row or key, e.g. ``"kenya.csv, column weight"``.
        found: what stands there, e.g. ``"3 negative weights, first in row 17"``.
        remedy: what to do, as a sentence without its full stop.
    """

    def __init__(self, where: str, found: str, remedy: str) -> None:
        self.where = where
        self.found = found
        self.remedy = remedy
        super().__init__(where, found, remedy)

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.where}: {self.found}. {self.remedy}{end}"


@contextmanager
def placed(place: str) -> Iterator[None]:
    """Put ``place`` before that of a `StudyError` which does not know the file or country.

    Args:
        place: e.g. ``"country KEN"``.
    """
    try:
        yield
    except StudyError as error:
        raise StudyError(f"{place}, {error.where}", error.found, error.remedy) from None


def unexpected(error: BaseException) -> str:
    """Return what kind of fault this is, without the words of ``error``.

    pandas, pandera and Arrow repeat the value at fault in theirs, which may be a respondent's.
    Those of the kinds below name files, modules and names in the code.
    """
    said = f": {error}" if isinstance(error, NAMES_NO_VALUE) else ""
    return f"{type(error).__name__}{said}"


def stack_of(error: BaseException) -> str:
    """Return the lines of code that ``error`` and its causes came through, outermost cause first.

    Like a traceback, but without the words of any exception; see :func:`unexpected`.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = stack_of(cause) + "\n" if cause else ""
    return before + "".join(traceback.format_tb(error.__traceback__)) + unexpected(error)


def one_line(text: str) -> str:
    """Return ``text`` in one line, without control characters, for where lines mean something."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())


def amount(count: int, noun: str) -> str:
    """Return how many of something: ``"1 row"``, ``"1,200 rows"``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question after the nearest of the known names, with a space behind; or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'? " if near else ""


def require(extra: str, *libraries: str) -> None:
    """Refuse to go on without libraries that only a part of the package needs.

    Args:
        extra: the extra that installs them, e.g. ``models``.
        libraries: by the names under which they are imported.

    Raises:
        StudyError: with the command that installs them.
    """
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        found = f"{', '.join(missing)} is not installed"
        raise StudyError("installation", found, f"Run: pip install 'disrupting-harm[{extra}]'")
