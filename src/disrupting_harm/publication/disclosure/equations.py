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
        asked_columns: (cells,) column of those asked; cells of the same answers share one.
        no_rows: (cells,) row of those asked who did not say yes.
        is_zero: (R,) rows that are zero.
        family: (R,) of rows that count the children of a whole who are in none of its parts, the
            name of both; no more are of one question than of any. Empty elsewhere.
    """

    matrix: csr_array
    asked_columns: Integers
    no_rows: Integers
    is_zero: Mask
    family: NDArray[np.object_]

    @property
    def unplaced(self) -> Mask:
        """Which rows (R,) count children who are in no part of a whole."""
        return np.asarray(self.family != "")


def find_sums(
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
    groups_of_parts: list[tuple[Group, list[Group]]] = []
    for domain, level_names in levels.items():
        if domain in crosses:
            for position, parent in enumerate(crosses[domain]):
                for level in levels.get(parent, []):
                    parts_of_level = [
                        (domain, name) for name in level_names if name.split("|")[position] == level
                    ]
                    groups_of_parts.append(((parent, level), parts_of_level))
        elif domain != TOTAL[0]:
            groups_of_parts.append((TOTAL, [(domain, name) for name in level_names]))
    present = set(groups)
    return [(whole, tuple(parts)) for whole, parts in groups_of_parts if whole in present and parts]


def build_equations(
    cells: pd.DataFrame, crosses: Mapping[str, tuple[str, str]], relations: Relations
) -> Equations:
    """Return the equations among the cells of one country.

    Args:
        cells: ``indicator, domain, level``, each cell once.
        crosses: crossed domain -> its two parents.
    """
    rows = _EquationRows(cells, relations.answers)
    for indicator in rows.indicators:
        rows.add_levels(indicator, crosses)
    for composite in relations.composites:
        for group in rows.groups_with(composite.whole, *composite.parts):
            whole, *parts = (
                rows.yes_column(name, group) for name in (composite.whole, *composite.parts)
            )
            rows.add_row([*((part, 1) for part in parts), (whole, -1)])
            for part, nested in zip(parts, composite.nested, strict=True):
                if nested:
                    rows.add_row([(whole, 1), (part, -1)])
    for split in relations.splits:
        rows.add_split(split)
    for implying, implied in relations.implied:
        for group in rows.groups_with(implying, implied):
            rows.add_row(
                [(rows.yes_column(implied, group), 1), (rows.yes_column(implying, group), -1)]
            )
    for universe in relations.universes:
        groups = rows.groups_with(universe.gate, universe.follow_up)
        missing = {
            group: [
                (rows.yes_column(universe.gate, group), 1),
                (rows.asked_column(universe.follow_up, group), -1),
            ]
            for group in groups
        }
        for group, terms in missing.items():
            rows.add_row(terms)
            if universe.exact and group != TOTAL and TOTAL in missing:
                rows.add_row([*missing[TOTAL], *((column, -factor) for column, factor in terms)])
    return rows.build()


class _EquationRows:
    """Rows as they are made; a set of children is named by its column."""

    def __init__(self, cells: pd.DataFrame, answers: Mapping[str, str]) -> None:
        keys = list(zip(cells["indicator"], cells["domain"], cells["level"], strict=True))
        self._yes_columns = {
            (name, (domain, level)): column for column, (name, domain, level) in enumerate(keys)
        }
        self._answers = answers
        self._asked_columns: dict[tuple[str, Group], int] = {}
        self.columns = len(keys)
        for name, group in self._yes_columns:
            if (answers[name], group) not in self._asked_columns:
                self._asked_columns[answers[name], group] = self._new_column()
        self.indicators = list(dict.fromkeys(name for name, _ in self._yes_columns))
        self._entries: list[tuple[int, int, float]] = []
        self._no_rows = [-1] * len(keys)
        self._is_zero: list[bool] = []
        self._family: list[str] = []

    def _new_column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def yes_column(self, indicator: str, group: Group) -> int:
        return self._yes_columns[indicator, group]

    def asked_column(self, indicator: str, group: Group) -> int:
        return self._asked_columns[self._answers[indicator], group]

    def groups_with(self, *indicators: str) -> list[Group]:
        """Return the groups in which all of some indicators have a cell."""
        groups_of_first = [group for name, group in self._yes_columns if name == indicators[0]]
        return [
            g
            for g in groups_of_first
            if all((name, g) in self._yes_columns for name in indicators[1:])
        ]

    def add_row(self, terms: Terms, none: bool = False, family: str = "") -> None:
        row = len(self._is_zero)
        self._entries += [(row, column, factor) for column, factor in terms]
        self._is_zero.append(none)
        self._family.append(family)

    def add_levels(self, indicator: str, crosses: Mapping[str, tuple[str, str]]) -> None:
        groups = self.groups_with(indicator)
        for whole, parts in find_sums(groups, crosses):
            yes, asked_terms = (
                [
                    (find_column(indicator, whole), 1.0),
                    *((find_column(indicator, part), -1.0) for part in parts),
                ]
                for find_column in (self.yes_column, self.asked_column)
            )
            self.add_row(yes)
            self.add_row([*asked_terms, *((column, -factor) for column, factor in yes)])
            self.add_row(asked_terms, family=f"{':'.join(whole)}>{parts[0][0]}")
        for group in groups:
            self._no_rows[self.yes_column(indicator, group)] = len(self._is_zero)
            self.add_row(
                [(self.asked_column(indicator, group), 1), (self.yes_column(indicator, group), -1)]
            )

    def add_split(self, split: Split) -> None:
        for group in self.groups_with(*split.indicators):
            parts = {counting_indicators: self._new_column() for counting_indicators in split.parts}
            asked_column = self.asked_column(split.indicators[0], group)
            self.add_row(
                [(asked_column, 1), *((column, -1) for column in parts.values())], none=True
            )
            for name in split.indicators:
                terms = [
                    (column, -1.0)
                    for counting_indicators, column in parts.items()
                    if name in counting_indicators
                ]
                self.add_row([(self.yes_column(name, group), 1), *terms], none=True)

    def build(self) -> Equations:
        row, column, factor = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        shape = (len(self._is_zero), self.columns)
        return Equations(
            matrix=csr_array((factor, (row, column)), shape=shape),
            asked_columns=np.array(
                [self.asked_column(name, group) for name, group in self._yes_columns], dtype=np.intp
            ),
            no_rows=np.array(self._no_rows, dtype=np.intp),
            is_zero=np.array(self._is_zero, dtype=bool),
            family=np.array(self._family, dtype=object),
        )
