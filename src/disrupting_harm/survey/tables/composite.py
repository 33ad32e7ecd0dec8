"""The parts of one composite, by respondent."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from disrupting_harm.arrays import Floats, Mask
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.tables.composite_profiles import Profiles


@dataclass(frozen=True, eq=False)
class Composite:
    """The parts of one composite, by respondent.

    Attributes:
        parts: (n, k) one where the answer to a part is yes, zero where it is no or the part does
            not concern the respondent, NaN where it is open.
        asked: (n,) true for those who were asked any part; the parts of others are not read.
    """

    parts: Floats
    asked: Mask

    def __post_init__(self) -> None:
        if self.parts.ndim != 2 or not self.parts.shape[1] or not self._are_answers():
            found = "values other than one, zero and NaN, or no parts"
            raise StudyError("composite, 'parts'", found, "Give one column per part")
        if self.asked.shape != (len(self.parts),) or self.asked.dtype != bool:
            found = f"an array of shape {self.asked.shape} and type {self.asked.dtype}"
            raise StudyError("composite, 'asked'", found, "Give true or false for every row")

    def _are_answers(self) -> bool:
        return bool(((self.parts == 0) | (self.parts == 1) | np.isnan(self.parts)).all())

    @cached_property
    def profiles(self) -> Profiles:
        """Who answered alike."""
        return Profiles.of(self.parts, self.asked)

    @property
    def yes(self) -> Mask:
        """(n,) who said yes to a part."""
        return self._of_rows(self.profiles.yes)

    @property
    def complete(self) -> Mask:
        """(n,) whose answers to all parts are known."""
        return self._of_rows(self.profiles.complete)

    @property
    def open(self) -> Mask:
        """(n,) who said no yes and left a part open."""
        return self._of_rows(self.profiles.open)

    @property
    def answered(self) -> Mask:
        """(n,) who answered a part."""
        return self._of_rows(self.profiles.answered)

    def _of_rows(self, of_profiles: Mask) -> Mask:
        return of_profiles[self.profiles.of_row]

    def complete_only(self) -> Floats:
        """(n,) one and zero for respondents with all parts, NaN for others: what models take."""
        return np.where(self.complete, self.yes, np.nan)
