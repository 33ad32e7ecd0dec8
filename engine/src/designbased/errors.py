"""The exception for faults that a user can mend."""

from importlib.util import find_spec


class InputError(Exception):
    """A fault in data or settings, described so that their owner can mend it.

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


class NegativeVarianceWarning(UserWarning):
    """An estimate of variance below zero, in whose place there is NaN."""


def amount(count: int, noun: str) -> str:
    """Return how many of something: ``"1 row"``, ``"1,200 rows"``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def require(extra: str, *libraries: str) -> None:
    """Refuse to go on without libraries that only a part of the package needs.

    Args:
        extra: the extra that installs them, e.g. ``models``.
        libraries: by the names under which they are imported.

    Raises:
        InputError: with the command that installs them.
    """
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        finding = f"{', '.join(missing)} is not installed"
        raise InputError("installation", finding, f"Run: pip install 'designbased[{extra}]'")
