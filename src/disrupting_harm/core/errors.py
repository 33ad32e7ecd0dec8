"""The engine's exception for faults that a user can mend, and safe messages for all others."""

import difflib
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from designbased.errors import InputError as StudyError
from designbased.errors import amount

__all__ = [
    "StudyError",
    "amount",
    "did_you_mean",
    "one_line",
    "placed",
    "stack_of",
    "unexpected",
]

NAMES_NO_VALUE = (OSError, ImportError, MemoryError, NameError, AttributeError)


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


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question after the nearest of the known names, with a space behind; or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'? " if near else ""
