"""The engine's exception for faults that a user can mend, and safe messages for all others."""

import difflib
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from designbased.errors import InputError as StudyError
from designbased.errors import amount

__all__ = [
    "StudyError",
    "add_location",
    "amount",
    "describe_unexpected",
    "format_one_line",
    "format_stack",
    "suggest_name",
]

NAMES_NO_VALUE = (OSError, ImportError, MemoryError, NameError, AttributeError)


@contextmanager
def add_location(location: str) -> Iterator[None]:
    """Put ``location``, e.g. "country KEN", before that of a `StudyError` raised in the block."""
    try:
        yield
    except StudyError as error:
        raise StudyError(f"{location}, {error.where}", error.found, error.remedy) from None


def describe_unexpected(error: BaseException) -> str:
    """Return what kind of fault this is, without the message of ``error``.

    pandas, pandera and Arrow repeat the value at fault in theirs, which may be a respondent's.
    Messages of :data:`NAMES_NO_VALUE` name files, modules and names in the code.
    """
    message = f": {error}" if isinstance(error, NAMES_NO_VALUE) else ""
    return f"{type(error).__name__}{message}"


def format_stack(error: BaseException) -> str:
    """Return the lines of code that ``error`` and its causes came through, outermost cause first.

    Like a traceback, but without the message of any exception; see :func:`describe_unexpected`.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = format_stack(cause) + "\n" if cause else ""
    return before + "".join(traceback.format_tb(error.__traceback__)) + describe_unexpected(error)


def format_one_line(message: str) -> str:
    """Return ``message`` in one line, without control characters, for readers of lines."""
    printable = "".join(character if character.isprintable() else " " for character in message)
    return " ".join(printable.split())


def suggest_name(name: str, known_names: Iterable[str]) -> str:
    """Return a question after the nearest of the known names, with a space behind; or nothing."""
    nearest = difflib.get_close_matches(name, list(known_names), n=1)
    return f"Did you mean '{nearest[0]}'? " if nearest else ""
