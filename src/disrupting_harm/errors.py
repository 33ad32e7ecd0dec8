"""The one exception for faults that a user can mend."""


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
        return f"{self.where}: {self.found}. {self.remedy}."
