"""The equations that tie the cells of one country together.

Each of them compares sets of children, so that it holds for their number and for the sum of their
weights. Behind a cell stand two such sets: those with a valid answer to the indicator, "asked", and
of these the ones who said yes.

===========  =======================================================================================
levels       the levels of a domain hold all of the total but the children of unknown level; the
             levels of a crossed domain hold each parent's. So of the yes, of all other answers, and
             of the asked
composites   a yes to a part is one to the whole, and the parts together are no fewer than the whole
splits       answers to one item add up to the asked, and some of them to each of its indicators
implied      a yes to one indicator is one to another
universes    who is asked a follow-up said yes to its gate; in a group no more are missing than in
             all
===========  =======================================================================================

The last four come from the codebook (:mod:`.relations`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from designbased.arrays import Integers, Mask
from disrupting_harm.publication.disclosure.relations import Relations, Split

TOTAL = ("total", "all")

Group: TypeAlias = tuple[str, str]
Terms: TypeAlias = Iterable[tuple[int, float]]


@dataclass(frozen=True)
class Equations:
    """Rows ``matrix @ x``, each a number of children: never below zero.

    Attributes:
        matrix: (R, C) over C sets of children: first those who said yes, one set per cell.
        asked: (cells,) column of those asked; cells of the same answers share one.
        no: (cells,) row of those asked who did not say yes.
        none: (R,) rows that are zero.
        family: (R,) of rows that count the children of a whole who are in none of its parts, the
            name of both; no more are of one question than of any. Empty elsewhere.
    """

    matrix: csr_array
    asked: Integers
    no: Integers
    none: Mask
    family: NDArray[np.object_]

    @property
    def unplaced(self) -> Mask:
        """Which rows (R,) count children who are in no part of a whole."""
        return np.asarray(self.family != "")


def sums(
    groups: Sequence[Group], crosses: Mapping[str, tuple[str, str]]
) -> list[tuple[Group, tuple[Group, ...]]]:
    """Return which groups hold which others, as (whole, parts).

    Args:
        groups: domains and levels.
        crosses: crossed domain -> its two parents; their levels are joined by ``|``.
    """
    levels: dict[str, list[str]] = {}
    for domain, level in groups:
        levels.setdefault(domain, []).append(level)
    lines: list[tuple[Group, list[Group]]] = []
    for domain, names in levels.items():
        if domain in crosses:
            for place, parent in enumerate(crosses[domain]):
                for level in levels.get(parent, []):
                    own = [(domain, name) for name in names if name.split("|")[place] == level]
                    lines.append(((parent, level), own))
        elif domain != TOTAL[0]:
            lines.append((TOTAL, [(domain, name) for name in names]))
    present = set(groups)
    return [(whole, tuple(parts)) for whole, parts in lines if whole in present and parts]


def equations(
    cells: pd.DataFrame, crosses: Mapping[str, tuple[str, str]], relations: Relations
) -> Equations:
    """Return the equations among the cells of one country.

    Args:
        cells: ``indicator, domain, level``, each cell once.
        crosses: crossed domain -> its two parents.
        relations: what ties the indicators to each other.
    """
    rows = _Rows(cells, relations.answers)
    for indicator in rows.indicators:
        rows.add_levels(indicator, crosses)
    for composite in relations.composites:
        for group in rows.groups(composite.whole, *composite.parts):
            whole, *parts = (rows.yes(name, group) for name in (composite.whole, *composite.parts))
            rows.add([*((part, 1) for part in parts), (whole, -1)])
            for part, nested in zip(parts, composite.nested, strict=True):
                if nested:
                    rows.add([(whole, 1), (part, -1)])
    for split in relations.splits:
        rows.add_split(split)
    for one, other in relations.implied:
        for group in rows.groups(one, other):
            rows.add([(rows.yes(other, group), 1), (rows.yes(one, group), -1)])
    for universe in relations.universes:
        groups = rows.groups(universe.gate, universe.follow_up)
        missing = {
            group: [
                (rows.yes(universe.gate, group), 1),
                (rows.asked(universe.follow_up, group), -1),
            ]
            for group in groups
        }
        for group, terms in missing.items():
            rows.add(terms)
            if universe.exact and group != TOTAL and TOTAL in missing:
                rows.add([*missing[TOTAL], *((column, -factor) for column, factor in terms)])
    return rows.finish()


class _Rows:
    """Rows as they are made; a set of children is named by its column."""

    def __init__(self, cells: pd.DataFrame, answers: Mapping[str, str]) -> None:
        keys = list(zip(cells["indicator"], cells["domain"], cells["level"], strict=True))
        self._yes = {(name, (domain, level)): at for at, (name, domain, level) in enumerate(keys)}
        self._answers = answers
        self._asked: dict[tuple[str, Group], int] = {}
        self.columns = len(keys)
        for name, group in self._yes:
            if (answers[name], group) not in self._asked:
                self._asked[answers[name], group] = self._new_column()
        self.indicators = list(dict.fromkeys(name for name, _ in self._yes))
        self._entries: list[tuple[int, int, float]] = []
        self._no = [-1] * len(keys)
        self._none: list[bool] = []
        self._family: list[str] = []

    def _new_column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def yes(self, indicator: str, group: Group) -> int:
        return self._yes[indicator, group]

    def asked(self, indicator: str, group: Group) -> int:
        return self._asked[self._answers[indicator], group]

    def groups(self, *indicators: str) -> list[Group]:
        """Return the groups in which all of some indicators have a cell."""
        first = [group for name, group in self._yes if name == indicators[0]]
        return [g for g in first if all((name, g) in self._yes for name in indicators[1:])]

    def add(self, terms: Terms, none: bool = False, family: str = "") -> None:
        row = len(self._none)
        self._entries += [(row, column, factor) for column, factor in terms]
        self._none.append(none)
        self._family.append(family)

    def add_levels(self, indicator: str, crosses: Mapping[str, tuple[str, str]]) -> None:
        groups = self.groups(indicator)
        for whole, parts in sums(groups, crosses):
            yes, asked = (
                [(find(indicator, whole), 1.0), *((find(indicator, part), -1.0) for part in parts)]
                for find in (self.yes, self.asked)
            )
            self.add(yes)
            self.add([*asked, *((column, -factor) for column, factor in yes)])
            self.add(asked, family=f"{':'.join(whole)}>{parts[0][0]}")
        for group in groups:
            self._no[self.yes(indicator, group)] = len(self._none)
            self.add([(self.asked(indicator, group), 1), (self.yes(indicator, group), -1)])

    def add_split(self, split: Split) -> None:
        for group in self.groups(*split.indicators):
            parts = {counted: self._new_column() for counted in split.parts}
            asked = self.asked(split.indicators[0], group)
            self.add([(asked, 1), *((column, -1) for column in parts.values())], none=True)
            for name in split.indicators:
                own = [(column, -1.0) for counted, column in parts.items() if name in counted]
                self.add([(self.yes(name, group), 1), *own], none=True)

    def finish(self) -> Equations:
        row, column, factor = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        shape = (len(self._none), self.columns)
        return Equations(
            matrix=csr_array((factor, (row, column)), shape=shape),
            asked=np.array([self.asked(name, group) for name, group in self._yes], dtype=np.intp),
            no=np.array(self._no, dtype=np.intp),
            none=np.array(self._none, dtype=bool),
            family=np.array(self._family, dtype=object),
        )
