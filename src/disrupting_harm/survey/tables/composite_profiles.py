"""Respondents who answered the parts of a composite alike: what is counted once for all of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from disrupting_harm.arrays import Floats, Integers, Mask
from disrupting_harm.survey.design.profiles import profiles_of

# The code of a part left open; a no is zero and a yes one.
OPEN = 2


@dataclass(frozen=True, eq=False)
class Profiles:
    """Respondents who answered the parts of a composite alike, C profiles.

    Attributes:
        of_row: (n,) profile of each respondent.
        answer: (C, k) one for a yes to a part, zero for a no, :data:`OPEN`.
        asked: (C,) true for those who were asked any part. All others are one profile.
    """

    of_row: Integers
    answer: Integers
    asked: Mask

    @classmethod
    def of(cls, parts: Floats, asked: Mask) -> Self:
        """Find the profiles of (n, k) answers one, zero and NaN of those who were (n,) asked."""
        columns = [
            np.where(asked, np.where(np.isnan(part), OPEN, part), 0).astype(np.intp)
            for part in parts.T
        ]
        of_row, was_asked, *answer = profiles_of(len(parts), [asked.astype(np.intp), *columns])
        return cls(of_row, np.column_stack(answer), was_asked == 1)

    @cached_property
    def yes(self) -> Mask:
        """(C,) who said yes to a part."""
        return np.asarray(self.asked & (self.answer == 1).any(axis=1))

    @cached_property
    def complete(self) -> Mask:
        """(C,) whose answers to all parts are known."""
        return np.asarray(self.asked & (self.answer != OPEN).all(axis=1))

    @cached_property
    def open(self) -> Mask:
        """(C,) who said no yes and left a part open: the patterns of missing parts."""
        return self.asked & ~self.yes & ~self.complete

    @cached_property
    def answered(self) -> Mask:
        """(C,) who answered a part."""
        return np.asarray(self.asked & (self.answer != OPEN).any(axis=1))

    @cached_property
    def patterns(self) -> list[tuple[int, Mask]]:
        """Open profiles, each with the (C,) profiles of its donors.

        Donors answered all parts and said no to those that the open respondents said no to.
        """
        found = []
        for index in np.flatnonzero(self.open):
            observed = self.answer[index] != OPEN
            donors = self.complete & ~(self.answer[:, observed] == 1).any(axis=1)
            found.append((int(index), donors))
        return found
