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
from disrupting_harm.publication.disclosure.equations import find_sums
from disrupting_harm.study.statuses import TOTAL

SUPPRESSED = "suppressed"


def hide_small_counts(
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
        _collect_cells(rows, split, counts[rows.index])
        for _, rows in facts.groupby(list(key), sort=False)
        if hidden[rows.index].any() and len(rows) > 1
    ]
    _hide_more([table for table in tables if table.sum_rows], hidden, min_count)
    protected = facts.copy()
    protected.loc[hidden, amount] = pd.NA
    protected.loc[hidden, "status"] = SUPPRESSED
    return protected


@dataclass(frozen=True, eq=False)
class _LinkedCells:
    """Cells that belong together, and the sums among them.

    ``counts`` has one entry per row, then one per sum that leaves a remainder: what its parts do
    not explain, which nobody is told. ``sum_rows`` are sums: a total and its addends.
    """

    rows: Integers
    sum_rows: list[tuple[int, tuple[int, ...]]]
    counts: Floats

    @property
    def matrix(self) -> csr_array:
        """Sums x counts: rows that are zero."""
        matrix = np.zeros((len(self.sum_rows), len(self.counts)))
        for row, (total, addends) in enumerate(self.sum_rows):
            matrix[row, total], matrix[row, list(addends)] = 1, -1
        return csr_array(matrix)

    def hidden(self, hidden: Mask) -> Mask:
        """Return which entries of ``counts`` are not published."""
        remainders = np.ones(len(self.counts) - len(self.rows), dtype=bool)
        return np.concatenate([hidden[self.rows], remainders])

    def small(self, hidden: Mask, min_count: int) -> Mask:
        """Return which entries are hidden small counts of people."""
        small = self.hidden(hidden) & (self.counts < min_count)
        small[len(self.rows) :] = False
        return small

    def low(self, hidden: Mask) -> Floats:
        """Return what each entry is at least: a hidden count 1, a remainder 0."""
        lowest = np.where(np.arange(len(self.counts)) < len(self.rows), 1.0, 0.0)
        return np.where(self.hidden(hidden), lowest, np.nan_to_num(self.counts))

    def high(self, hidden: Mask, min_count: int) -> Floats:
        """Return what each entry is at most: more than any count can be, where it is not told."""
        highest = np.nansum(self.counts) + min_count
        return np.where(self.hidden(hidden), highest, np.nan_to_num(self.counts))


def _collect_cells(rows: pd.DataFrame, split: Sequence[str], counts: np.ndarray) -> _LinkedCells:
    names = [_name_cell(levels) for levels in rows[list(split)].astype(str).itertuples(index=False)]
    position_of = {name: position for position, name in enumerate(names)}
    sums_of_cells: list[tuple[int, tuple[int, ...]]] = []
    remainders: list[float] = []
    for group, members in find_sums(names, {"2": ("0", "1")}):
        total, addends = position_of[group], [position_of[member] for member in members]
        known = tuple(addend for addend in addends if not np.isnan(counts[addend]))
        remainder = counts[total] - counts[list(known)].sum()
        if np.isnan(remainder) or remainder < 0:
            continue
        if remainder > 0 or len(known) < len(addends):
            known = (*known, len(counts) + len(remainders))
            remainders.append(remainder)
        sums_of_cells.append((total, known))
    return _LinkedCells(rows.index.to_numpy(), sums_of_cells, np.concatenate([counts, remainders]))


def _name_cell(levels: tuple[str, ...]) -> tuple[str, str]:
    """Return domain and level of a cell: of the total, of one split, or of both crossed."""
    splits = [position for position, level in enumerate(levels) if level != ALL]
    if not splits:
        return TOTAL
    return ("2", "|".join(levels)) if len(splits) == 2 else (str(splits[0]), levels[splits[0]])


def _hide_more(tables: list[_LinkedCells], hidden: Mask, min_count: int) -> None:
    """Hide cells beside hidden ones, in place, until nothing can be worked back."""
    while tables:
        disclosed = _find_disclosed_counts(tables, hidden, min_count)
        for table, positions in zip(tables, disclosed, strict=True):
            if positions:
                cell = _choose_cell_to_hide(table, table.hidden(hidden), positions)
                hidden[table.rows[cell]] = True
        tables = [table for table, positions in zip(tables, disclosed, strict=True) if positions]


def _find_disclosed_counts(
    tables: Sequence[_LinkedCells], hidden: Mask, min_count: int
) -> list[set[int]]:
    """Return for each table the small counts that are known within fewer values than one has."""
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
    audited = audit(system, Targets.from_widths(column, np.full(len(column), min_count - 2.0)))
    ends = np.cumsum([len(table.counts) for table in tables])
    owner = np.searchsorted(ends, audited.targets.column, side="right")
    return [
        set((audited.targets.column[owner == index] - (ends[index] - len(table.counts))).tolist())
        for index, table in enumerate(tables)
    ]


def _choose_cell_to_hide(table: _LinkedCells, hidden: np.ndarray, disclosed: set[int]) -> int:
    """Return the cell to hide next: a part before a total, the smallest first; never a zero."""
    totals = {total for total, _ in table.sum_rows}
    shown = [
        cell
        for cell in {cell for total, addends in table.sum_rows for cell in (total, *addends)}
        if not hidden[cell] and table.counts[cell] > 0
    ]
    related = {
        cell
        for total, addends in table.sum_rows
        if disclosed & {total, *addends}
        for cell in (total, *addends)
    }
    return min(
        shown, key=lambda cell: (cell not in related, cell in totals, table.counts[cell], cell)
    )
