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
from scipy.sparse import block_diag, csr_array

from designbased.arrays import Floats, Integers, Mask
from disrupting_harm.evidence.columns import ALL
from disrupting_harm.publication.disclosure.audit import System, Targets, audit
from disrupting_harm.publication.disclosure.equations import sums
from disrupting_harm.study.statuses import TOTAL

SUPPRESSED = "suppressed"


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


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cells that belong together, and the sums among them.

    ``counts`` has one entry per row, then one per sum that leaves a remainder: what its parts do
    not explain, which nobody is told. ``lines`` are sums: a whole and its parts.
    """

    rows: Integers
    lines: list[tuple[int, tuple[int, ...]]]
    counts: Floats

    @property
    def matrix(self) -> csr_array:
        """Sums x counts: rows that are zero."""
        matrix = np.zeros((len(self.lines), len(self.counts)))
        for row, (whole, parts) in enumerate(self.lines):
            matrix[row, whole], matrix[row, list(parts)] = 1, -1
        return csr_array(matrix)

    def hidden(self, hidden: Mask) -> Mask:
        """Return which entries of ``counts`` are not told."""
        rest = np.ones(len(self.counts) - len(self.rows), dtype=bool)
        return np.concatenate([hidden[self.rows], rest])

    def small(self, hidden: Mask, min_count: int) -> Mask:
        """Return which entries are hidden small counts of people."""
        small = self.hidden(hidden) & (self.counts < min_count)
        small[len(self.rows) :] = False
        return small

    def low(self, hidden: Mask) -> Floats:
        """Return what each entry is at least: a hidden count 1, a remainder 0."""
        least = np.where(np.arange(len(self.counts)) < len(self.rows), 1.0, 0.0)
        return np.where(self.hidden(hidden), least, np.nan_to_num(self.counts))

    def high(self, hidden: Mask, min_count: int) -> Floats:
        """Return what each entry is at most: more than any count can be, where it is not told."""
        most = np.nansum(self.counts) + min_count
        return np.where(self.hidden(hidden), most, np.nan_to_num(self.counts))


def _cells(rows: pd.DataFrame, split: Sequence[str], counts: np.ndarray) -> _Cells:
    names = [_cell(levels) for levels in rows[list(split)].astype(str).itertuples(index=False)]
    place = {name: position for position, name in enumerate(names)}
    lines: list[tuple[int, tuple[int, ...]]] = []
    rests: list[float] = []
    for group, members in sums(names, {"2": ("0", "1")}):
        whole, parts = place[group], [place[member] for member in members]
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


def _hide_more(tables: list[_Cells], hidden: Mask, min_count: int) -> None:
    """Hide cells beside hidden ones, in place, until nothing can be worked back."""
    while tables:
        told = _told(tables, hidden, min_count)
        for table, places in zip(tables, told, strict=True):
            if places:
                hidden[table.rows[_next(table, table.hidden(hidden), places)]] = True
        tables = [table for table, places in zip(tables, told, strict=True) if places]


def _told(tables: Sequence[_Cells], hidden: Mask, min_count: int) -> list[set[int]]:
    """Return for each table which small counts are told within fewer values than one can have."""
    true = np.concatenate([table.counts for table in tables])
    matrix = block_diag([table.matrix for table in tables], format="csr")
    zero = np.zeros(matrix.shape[0])
    system = System(
        matrix,
        zero,
        zero,
        np.concatenate([table.low(hidden) for table in tables]),
        np.concatenate([table.high(hidden, min_count) for table in tables]),
        true,
    )
    small = np.concatenate([table.small(hidden, min_count) for table in tables])
    column = np.flatnonzero(small)
    told = audit(system, Targets.wide(column, np.full(len(column), min_count - 2.0)))
    ends = np.cumsum([len(table.counts) for table in tables])
    owner = np.searchsorted(ends, told.targets.column, side="right")
    return [
        set((told.targets.column[owner == at] - (ends[at] - len(table.counts))).tolist())
        for at, table in enumerate(tables)
    ]


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
