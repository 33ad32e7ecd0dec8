"""Disclosure control: hide the cells that could disclose something about a few children.

Primary rule, on unweighted counts: the children who said yes, those who did not and all who
answered must each number at least the threshold. 0 % and 100 % break it, too: "all girls of this
group" is a fact about each of them. For means and totals only the number of answers counts.

Complementary rule: levels of a domain sum to the total, levels of a crossed domain to the levels of
its parents. Cells are hidden beside a confidential one until an attacker who knows all shown counts
exactly (:mod:`disrupting_harm.publication.attack`) is left with a wide enough interval for the
confidential count: at least the threshold, or all of the possible range where that is smaller.
A cell that is merely unreliable is not confidential, but its being hidden helps; where more is
needed it is marked as confidential, before any cell is hidden that could be shown. The national
estimate is hidden last. A level in which nobody was interviewed is no cell
(:mod:`disrupting_harm.publication.presence`).

In print a confidential cell shows ``c``, or ``< 5`` (``> 95``) where that text discloses nothing:
the upper confidence limit lies below the bound, and at that number of children every count that the
primary rule hides would lie below it as well, so that the mark depends on the size of the group and
not on the count. Cells hidden by the complementary rule are marked in the same way, so that the two
cannot be distinguished.

What this does not protect against: sums over composites (yes to any of several questions) and
their parts; a count seen as the universe of a follow-up question where that has at least the
threshold of answers; numbers of missing answers, as differences of n; children whose level of a
domain is unknown, when all its levels are shown; domains nested in another without being declared
as crossed; comparison with another release or another source; a large weight dominating a mean or
total. Nor does it judge whether a group may be spoken of at all: that is for the study's ethics
review.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from disrupting_harm.publication.attack import Line, System, additive_lines, attack, hidden_system
from disrupting_harm.publication.reliability import CONFIDENCE, MIN_EFFECTIVE_N, floats, smaller_n
from disrupting_harm.study.config import Disclosure
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.survey.tables.intervals import INTERVALS

TOLERANCE = 1e-6


def thresholds(
    table: pd.DataFrame, disclosure: Disclosure, sensitive: frozenset[str]
) -> np.ndarray:
    """Return the smallest count allowed in each cell."""
    strict = table["indicator"].isin(sensitive) & (table["domain"] != TOTAL[0])
    return np.where(strict, disclosure.min_count_sensitive, disclosure.min_count)


def primary(
    n: np.ndarray, n_yes: np.ndarray, minimum: np.ndarray, proportion: np.ndarray
) -> np.ndarray:
    """Return which cells break the primary rule; a count that is not known breaks it."""
    enough = (n_yes >= minimum) & (n - n_yes >= minimum)
    broken: np.ndarray = ~((n >= minimum) & (enough | ~proportion))
    return broken


def coarse_marks(table: pd.DataFrame, minimum: np.ndarray, bound: float) -> np.ndarray:
    """Return ``<``, ``>`` or an empty text per cell: which coarse bound may be printed for it.

    Args:
        table: cells of proportions with ``estimate, se, n, n_yes, df``; others get no mark.
        minimum: the threshold of each cell.
        bound: the coarse bound as a proportion.
    """
    p, se, n, n_yes, df = (floats(table, name) for name in ("estimate", "se", "n", "n_yes", "df"))
    tail = (1 + CONFIDENCE) / 2
    hidden = minimum - 1.0
    with np.errstate(invalid="ignore"):
        # Clopper-Pearson limit of the largest count that the primary rule hides.
        largest = betaincinv(hidden + 1, np.maximum(n - hidden, 1e-12), tail)
        inside = np.where((p >= 0) & (p <= 1) & (n > 0), p, np.nan)
    size = np.where(n > 0, n, np.nan)
    low, high = INTERVALS["korn_graubard"](inside, se, size, df, CONFIDENCE)
    safe = (n > hidden) & (largest < bound) & (smaller_n(p, se, n) >= MIN_EFFECTIVE_N)
    below = safe & (high < bound) & (n_yes < bound * n)
    above = safe & (low > 1 - bound) & (n_yes > (1 - bound) * n)
    return np.where(below, "<", np.where(above, ">", ""))


@dataclass(frozen=True)
class _Group:
    """The cells of one indicator in one country; all arrays have one entry per cell.

    ``low`` and ``high`` are the limits of the number of yes answers that the mark of a confidential
    cell gives.
    """

    rows: np.ndarray
    lines: list[Line]
    n: np.ndarray
    n_yes: np.ndarray
    minimum: np.ndarray
    low: np.ndarray
    high: np.ndarray
    marked: np.ndarray
    confidential: np.ndarray
    unreliable: np.ndarray
    covers: np.ndarray
    national: np.ndarray

    def loss(self, cell: int) -> tuple[bool, float]:
        """What hiding a cell takes from the reader: nothing where it is unreliable anyway."""
        return not self.unreliable[cell], self.n[cell]


def complementary(
    table: pd.DataFrame,
    confidential: np.ndarray,
    unreliable: np.ndarray,
    minimum: np.ndarray,
    marks: np.ndarray,
    bound: float,
    crosses: Mapping[str, tuple[str, str]],
) -> np.ndarray:
    """Return which further cells are hidden so that no confidential count follows from others.

    Args:
        table: cells with ``country, indicator, domain, level, n, n_yes``; ``n_yes`` is NaN for
            means and totals.
        confidential: cells that break the primary rule.
        unreliable: cells hidden for another reason.
        minimum: the threshold of each cell.
        marks: the coarse bound printed for a confidential cell, see :func:`coarse_marks`.
        bound: the coarse bound as a proportion.
        crosses: crossed domain -> its two parents.

    The choice is deterministic: of the cells that share an equation with the exposed one, first
    those that are hidden as unreliable anyway and then the smallest group by n.
    """
    n, n_yes = np.nan_to_num(floats(table, "n")), floats(table, "n_yes")
    low = np.where(marks == ">", (1 - bound) * n, 0.0)
    high = np.where(marks == "<", bound * n, n)
    covers = np.zeros(len(table), dtype=bool)
    national = (table["domain"] == TOTAL[0]).to_numpy()
    groups: list[_Group] = []
    for chosen in table.groupby(["country", "indicator"]).indices.values():
        rows = np.asarray(chosen)
        if confidential[rows].any():
            part = table.iloc[rows]
            lines = additive_lines(list(zip(part["domain"], part["level"], strict=True)), crosses)
            arrays = (n, n_yes, minimum, low, high, marks != "", confidential, unreliable, covers)
            own = (array[rows] for array in (*arrays, national))
            groups.append(_Group(rows, lines, *own))
    exposed = groups
    while exposed:
        cells = _exposed(exposed)
        exposed = [
            group
            for group, cell in zip(exposed, cells, strict=True)
            if cell is not None and _hide_next(group, cell)
        ]
    _show_needless(groups)
    for group in groups:
        covers[group.rows] = group.covers
    return covers


def _show_needless(groups: list[_Group]) -> None:
    """Show covers again that later ones made needless, the last choices first."""
    queues = [
        (group, sorted(np.flatnonzero(group.covers).tolist(), key=group.loss, reverse=True))
        for group in groups
    ]
    while queues := [(group, cells) for group, cells in queues if cells]:
        tried = [(group, cells.pop(0)) for group, cells in queues]
        for group, cell in tried:
            group.covers[cell] = False
        for (group, cell), exposed in zip(
            tried, _exposed([group for group, _ in tried]), strict=True
        ):
            group.covers[cell] = exposed is not None


def _exposed(groups: list[_Group]) -> list[int | None]:
    """Return per group the smallest confidential cell whose count can be told too narrowly.

    The smallest by n, because a sum is often exposed through its parts.
    """
    systems = [system for group in groups for system in (_yes_system(group), _n_system(group))]
    limits = attack(systems)
    found: list[int | None] = []
    for position, group in enumerate(groups):
        yes, size = limits[2 * position : 2 * position + 2]
        narrow = [
            *_narrow(yes, _yes_targets(group), np.minimum(group.minimum, group.n)),
            *_narrow(size, _n_targets(group), group.minimum),
        ]
        found.append(min(narrow, key=lambda cell: group.n[cell], default=None))
    return found


def _narrow(limits: np.ndarray, targets: np.ndarray, wide: np.ndarray) -> list[int]:
    cells = np.flatnonzero(targets)
    width = limits[:, 1] - limits[:, 0]
    return [int(cell) for cell in cells[width < wide[cells] - TOLERANCE]]


def _yes_targets(group: _Group) -> np.ndarray:
    return group.confidential & ~np.isnan(group.n_yes)


def _yes_system(group: _Group) -> System:
    """Numbers of yes answers; the attacker knows every n, from other questions for instance."""
    plain = group.unreliable & ~group.confidential & ~group.covers
    hidden = (plain | group.confidential | group.covers) & ~np.isnan(group.n_yes)
    # A cell that is marked as merely unreliable is known to pass the primary rule.
    low = np.where(plain, group.minimum, group.low)
    high = np.where(plain, group.n - group.minimum, group.high)
    return hidden_system(group.lines, group.n_yes, hidden, low, high, _yes_targets(group))


def _n_targets(group: _Group) -> np.ndarray:
    return group.confidential & (group.n < group.minimum)


def _n_system(group: _Group) -> System:
    """Numbers of answers, confidential where they are small themselves.

    Unreliable and coarsely marked cells help nothing: their n is taken to be known.
    """
    hidden = (group.confidential | group.covers) & ~group.marked
    ample = group.n.sum() + group.minimum.max()
    low, high = np.zeros(group.n.size), np.full(group.n.size, ample)
    return hidden_system(group.lines, group.n, hidden, low, high, _n_targets(group))


def _hide_next(group: _Group, cell: int) -> bool:
    """Hide one more cell, near the exposed one or else linked to it; False when none is left.

    The national estimate is hidden where nothing else is left to hide.
    """
    free = ~(group.confidential | group.covers)
    reach: set[int] = set()
    wider = {cell}
    while wider != reach:
        reach = wider
        touched = [{whole, *parts} for whole, parts in group.lines if reach & {whole, *parts}]
        wider = reach.union(*touched)
        candidates = [place for place in sorted(wider) if free[place] and not group.national[place]]
        if candidates:
            break
    candidates = candidates or [place for place in sorted(wider) if free[place]]
    if candidates:
        group.covers[min(candidates, key=group.loss)] = True
    return bool(candidates)
