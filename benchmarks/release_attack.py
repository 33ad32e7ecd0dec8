"""What can be worked back about single children from two releases of one survey?

The attacker knows who differs between the releases, in which groups these children are, and every
count that is shown exactly, which is more than is printed. A cell that both releases show, and the
second one published anew, gives one equation: the change of its yes answers is the sum of what the
children who came and left have said. The answer of a child is told where some combination of the
equations of one indicator has it alone. Answers of children who are known to say yes are told, too,
where a change is as large as all who differ allow.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.publication.release import is_shown
from disrupting_harm.releases.records import Children

TELLING = 1e-9


@dataclass(frozen=True, eq=False)
class Published:
    """One release of one country.

    Attributes:
        children: who stands behind it.
        cells: the restricted release: ``indicator, domain, level, n_yes, status``; of these the
            tables that it published anew.
    """

    children: Children
    cells: pd.DataFrame


@dataclass(frozen=True)
class Told:
    """How many answers of children who differ are told.

    Attributes:
        differing: answers of children who differ.
        alone: answers told by combinations of counts.
        all_yes: yes answers to sensitive indicators told because all who differ gave them.
    """

    differing: int
    alone: int
    all_yes: int

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.differing + other.differing,
            self.alone + other.alone,
            self.all_yes + other.all_yes,
        )


def attack(first: Published, second: Published, sensitive: set[str]) -> Told:
    """Return what the two releases tell together."""
    told = Told(0, 0, 0)
    keys = ["indicator", "domain", "level"]
    shown = [each.cells[is_shown(each.cells)].set_index(keys)["n_yes"] for each in (first, second)]
    both = shown[0].to_frame("before").join(shown[1].rename("after"), how="inner").dropna()
    pairs = _Pairs(first.children, second.children)
    for indicator in first.children.answers:
        change = pairs.change(str(indicator))
        if change is None:
            continue
        cells = both.loc[[indicator]] if indicator in both.index.get_level_values(0) else None
        if cells is None:
            told += Told(change.size, 0, 0)
            continue
        rows = np.array([change.row(domain, level) for _, domain, level in cells.index])
        projection = np.linalg.pinv(rows) @ rows
        alone = int((np.diag(projection) > 1 - TELLING).sum())
        all_yes = 0
        if indicator in sensitive:
            moved = (cells["after"] - cells["before"]).to_numpy()
            most, least = (rows > 0).sum(axis=1), -(rows < 0).sum(axis=1)
            certain = ((moved == most) & (most > 0)) | ((moved == least) & (least < 0))
            all_yes = int((rows[certain] != 0).any(axis=0).sum())
        told += Told(change.size, alone, all_yes)
    return told


@dataclass(frozen=True, eq=False)
class _Change:
    """The answers of one indicator that changed, as unknowns.

    Attributes:
        old: of each unknown the group in which the release counted it, by domain; missing where it
            did not.
        new: the same in the second release.
    """

    old: pd.DataFrame
    new: pd.DataFrame

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.old)

    def row(self, domain: str, level: str) -> np.ndarray:
        """Return with which sign each unknown is part of the change of a cell."""
        entered = (self.new[domain] == level).to_numpy(dtype=float)
        left = (self.old[domain] == level).to_numpy(dtype=float)
        return np.asarray(entered - left)


class _Pairs:
    """The children of two releases side by side."""

    def __init__(self, first: Children, second: Children) -> None:
        every = first.id.index.union(second.id.index)
        self._answers = [each.answers.reindex(every, fill_value="") for each in (first, second)]
        self._levels = [each.levels.reindex(every) for each in (first, second)]

    def change(self, indicator: str) -> _Change | None:
        """Return the unknowns of an indicator; None where nothing changed.

        A child whose answer is the same in another group is one unknown, which leaves one group and
        enters the other; a changed answer is one, too: the step from the old to the new one.
        """
        old, new = (answers[indicator] for answers in self._answers)
        there, here = old != "", new != ""
        moved = (self._levels[0].fillna("") != self._levels[1].fillna("")).any(axis=1)
        differs = (there != here) | (there & here & ((old != new) | moved))
        if not differs.any():
            return None
        recoded = there & here & (old != new)
        before, after = (levels[differs].copy() for levels in self._levels)
        before[~there[differs]] = np.nan
        after[~here[differs]] = np.nan
        # Of a changed answer in the same group only the new one counts: the change is known by it.
        stays = recoded[differs] & ~moved[differs]
        before[stays] = np.nan
        return _Change(before, after)
