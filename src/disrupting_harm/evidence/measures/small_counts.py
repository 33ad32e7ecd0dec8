"""Small counts of people: which are hidden, and what is hidden beside them.

Counts between 1 and the threshold are hidden; a zero concerns nobody and is shown. Counts of what
people answered, such as interviews and surveys of frontline workers, are told in bands instead
(:mod:`.bands`).

Where a total would give a hidden count back, further cells are hidden, the smallest first, and the
total last: until an attacker who knows every shown count is left with as many values of a hidden
one as a small count can have. Everything computed from these tables is computed from what may be
published, and so discloses nothing more.

What this does not protect against: bounds between units and stages (there are no more people
convicted than charged, no more cases than victims); the same people answering several questions;
another publication of the same counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.evidence.columns import ALL
from disrupting_harm.publication.attack import Line, System, additive_lines, attack, hidden_system
from disrupting_harm.study.statuses import TOTAL

SUPPRESSED = "suppressed"
_TOLERANCE = 1e-6


def protect(
    facts: pd.DataFrame, key: Sequence[str], split: Sequence[str], amount: str, min_count: int
) -> pd.DataFrame:
    """Return ``facts`` with small counts hidden: no amount, and the status ``suppressed``.

    Args:
        facts: one count a row, in ``amount`` (missing where there is none), with a ``status``.
        key: columns of cells that belong together.
        split: one or two columns by which these are split; ``all`` is the total of the others.
        amount: the column of counts.
        min_count: the smallest count that is shown, beside zero.
    """
    facts = facts.reset_index(drop=True)
    counts = facts[amount].astype("float64").to_numpy()
    hidden = (counts > 0) & (counts < min_count)
    tables = [
        _cells(rows, split, counts[rows.index])
        for _, rows in facts.groupby(list(key), sort=False)
        if hidden[rows.index].any() and len(rows) > 1
    ]
    _hide_more([table for table in tables if table.lines], hidden, min_count)
    protected = facts.copy()
    protected.loc[hidden, amount] = pd.NA
    protected.loc[hidden, "status"] = SUPPRESSED
    return protected


@dataclass(frozen=True)
class _Cells:
    """Cells that belong together, and the sums among them.

    ``counts`` has one entry per row, then one per sum that leaves a remainder: what its parts do
    not explain, which nobody is told.
    """

    rows: np.ndarray
    lines: list[Line]
    counts: np.ndarray

    def hidden(self, hidden: np.ndarray) -> np.ndarray:
        """Return which entries of ``counts`` are not told."""
        rest = np.ones(len(self.counts) - len(self.rows), dtype=bool)
        return np.concatenate([hidden[self.rows], rest])

    def targets(self, hidden: np.ndarray, min_count: int) -> np.ndarray:
        """Return which entries are hidden small counts of people."""
        small = self.hidden(hidden) & (self.counts < min_count)
        small[len(self.rows) :] = False
        return small

    def seen(self, hidden: np.ndarray, min_count: int) -> System:
        """Return what an attacker sees: a hidden count is at least 1, a remainder at least 0."""
        low = np.zeros(len(self.counts))
        low[: len(self.rows)] = 1
        # Higher than any count can be, and so wide that it tells nothing.
        high = np.full(len(self.counts), np.nansum(self.counts) + min_count)
        unseen, targets = self.hidden(hidden), self.targets(hidden, min_count)
        return hidden_system(self.lines, self.counts, unseen, low, high, targets)


def _cells(rows: pd.DataFrame, split: Sequence[str], counts: np.ndarray) -> _Cells:
    names = [_cell(levels) for levels in rows[list(split)].astype(str).itertuples(index=False)]
    lines: list[Line] = []
    rests: list[float] = []
    for whole, parts in additive_lines(names, {"2": ("0", "1")}):
        known = tuple(part for part in parts if not np.isnan(counts[part]))
        rest = counts[whole] - counts[list(known)].sum()
        if np.isnan(rest) or rest < 0:
            continue
        if rest > 0 or len(known) < len(parts):
            known = (*known, len(counts) + len(rests))
            rests.append(rest)
        lines.append((whole, known))
    return _Cells(rows.index.to_numpy(), lines, np.concatenate([counts, rests]))


def _cell(levels: tuple[str, ...]) -> tuple[str, str]:
    """Return domain and level of a cell: of the total, of one split, or of both crossed."""
    given = [place for place, level in enumerate(levels) if level != ALL]
    if not given:
        return TOTAL
    return ("2", "|".join(levels)) if len(given) == 2 else (str(given[0]), levels[given[0]])


def _hide_more(tables: list[_Cells], hidden: np.ndarray, min_count: int) -> None:
    """Hide cells beside hidden ones, in place, until nothing can be worked back."""
    while tables:
        limits = attack([table.seen(hidden, min_count) for table in tables])
        still_told = []
        for table, (low, high) in zip(tables, (ends.T for ends in limits), strict=True):
            targets = np.flatnonzero(table.targets(hidden, min_count))
            told = targets[high - low < min_count - 2 - _TOLERANCE]
            if len(told):
                hidden[table.rows[_next(table, table.hidden(hidden), set(told))]] = True
                still_told.append(table)
        tables = still_told


def _next(table: _Cells, hidden: np.ndarray, told: set[int]) -> int:
    """Return the cell to hide next: a part before a total, the smallest first; never a zero."""
    totals = {whole for whole, _ in table.lines}
    shown = [
        cell
        for cell in {cell for whole, parts in table.lines for cell in (whole, *parts)}
        if not hidden[cell] and table.counts[cell] > 0
    ]
    near = {
        cell for whole, parts in table.lines if told & {whole, *parts} for cell in (whole, *parts)
    }
    return min(shown, key=lambda cell: (cell not in near, cell in totals, table.counts[cell], cell))
