"""The audit: intervals worked out by hand, and one plain linear programme per count."""

import tracemalloc
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from release_cells import from_counts, released
from scipy.optimize import linprog
from scipy.sparse import csr_array

from disrupting_harm.publication.disclosure.audit import System, Targets, audit


def system(low, high, rows):
    """A system of equations {column: factor} with floor and room; its truth is not looked at."""
    matrix = np.zeros((len(rows), len(low)))
    for at, (terms, _, _) in enumerate(rows):
        for column, factor in terms.items():
            matrix[at, column] = factor
    floor, room = (np.array([row[end] for row in rows], dtype=float) for end in (1, 2))
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    true = linprog(
        np.zeros(len(low)),
        A_ub=np.vstack([-matrix, matrix])[np.isfinite(np.concatenate([-floor, room]))],
        b_ub=np.concatenate([-floor, room])[np.isfinite(np.concatenate([-floor, room]))],
        bounds=np.column_stack([low, high]),
    ).x
    return System(csr_array(matrix), floor, room, low, high, true)


def ends(made, column):
    """The smallest and the largest value of one count: a width that no interval has is not met."""
    found = audit(made, Targets.from_widths(np.array([column]), np.array([1e9])))
    return found.low[0], found.high[0]


ANY = np.inf


@pytest.mark.parametrize(
    ("low", "high", "rows", "target", "expected"),
    [
        # A bound of 0 to 30 beside a cover that is known to be 30 at least: 52 = boys + girls.
        ([52, 0, 30], [52, 30, 270], [({0: 1, 1: -1, 2: -1}, 0, 0)], 1, (0, 22)),
        ([37, 0, 30], [37, 30, 270], [({0: 1, 1: -1, 2: -1}, 0, 0)], 1, (0, 7)),
        # A composite of 45 and 28 with a part of 33 and 13: the other part, 31 in all.
        (
            [45, 28, 33, 13, 0, 0, 31],
            [45, 28, 33, 13, 200, 200, 31],
            [
                ({6: 1, 4: -1, 5: -1}, 0, 0),
                ({0: 1, 2: -1, 4: -1}, -ANY, 0),
                ({1: 1, 3: -1, 5: -1}, -ANY, 0),
                ({4: 1, 0: -1}, -ANY, 0),
                ({5: 1, 1: -1}, -ANY, 0),
            ],
            4,
            (12, 16),
        ),
        # Known and unknown offenders are all of 80.
        ([80, 0, 17], [80, 80, 17], [({0: 1, 1: -1, 2: -1}, 0, 0)], 1, (63, 63)),
        # 34 were asked the follow-up, and three at most are missing.
        ([0, 34], [140, 34], [({1: 1, 0: -1}, -ANY, 0), ({0: 1, 1: -1}, -ANY, 3)], 0, (34, 37)),
        # Four children have no known level.
        (
            [51, 0, 0, 26],
            [51, 90, 110, 26],
            [({0: 1, 1: -1, 2: -1, 3: -1}, 0, 4)],
            1,
            (0, 25),
        ),
        # Two hidden cells in one row of a crossing are exact through their columns.
        (
            [0, 0, 24, 27, 33, 19, 60, 31, 57],
            [150, 150, 24, 27, 33, 19, 60, 31, 57],
            [
                ({6: 1, 0: -1, 1: -1, 2: -1}, 0, 0),
                ({7: 1, 0: -1, 3: -1}, 0, 0),
                ({8: 1, 1: -1, 4: -1}, -ANY, 0),
            ],
            0,
            (4, 4),
        ),
        # What an earlier release printed is known.
        ([47, 0, 41], [47, 200, 41], [({0: 1, 1: -1, 2: -1}, 0, 0)], 1, (6, 6)),
    ],
    ids=[
        "range and cover", "range exposes", "any of", "split", "universe", "unknown level",
        "crossing", "inheritance",
    ],
)  # fmt: skip
def test_intervals_worked_out_by_hand(low, high, rows, target, expected):
    assert ends(system(low, high, rows), target) == pytest.approx(expected, abs=1e-7)


def random_system(seed):
    """Counts in equations at random, within random bounds around a table that fits."""
    random = np.random.default_rng(seed)
    columns, rows = int(random.integers(3, 14)), int(random.integers(0, 9))
    true = random.integers(0, 30, columns).astype(float)
    matrix = random.choice([-1.0, 0, 0, 1], (rows, columns))
    value = matrix @ true
    floor = value - random.choice([0, 0, 3, np.inf], rows)
    room = value + random.choice([0, 0, 5, np.inf], rows)
    low = np.where(random.random(columns) < 0.2, true, np.floor(true * random.random(columns)))
    high = np.where(low == true, true, true + random.integers(0, 20, columns))
    return System(csr_array(matrix), floor, room, low, high, true)


def plainly(made, column):
    """One programme down and one up, with nothing taken out."""
    dense, found = made.matrix.toarray(), []
    limits = np.concatenate([-made.floor, made.room])
    kept = np.isfinite(limits)
    for sign in (1, -1):
        cost = np.zeros(len(made.low))
        cost[column] = sign
        solved = linprog(
            cost,
            A_ub=np.vstack([-dense, dense])[kept] if kept.any() else None,
            b_ub=limits[kept] if kept.any() else None,
            bounds=np.column_stack([made.low, made.high]),
        )
        found.append(solved.x[column])
    return found


@cache
def plain_ends(seed):
    """The lowest and the highest value of every column of a system at random."""
    made = random_system(seed)
    return np.array([plainly(made, column) for column in range(len(made.low))])


@pytest.mark.parametrize("method", ["highs", "highs-ds", "highs-ipm"])
def test_what_is_told_is_what_plain_programmes_tell(method):
    told = 0
    for seed in range(30):
        made = random_system(seed)
        width = np.random.default_rng(seed).integers(1, 25, len(made.low)).astype(float)
        found = audit(made, Targets.from_widths(np.arange(len(made.low)), width), method=method)
        expected = plain_ends(seed)
        close = np.flatnonzero(expected[:, 1] - expected[:, 0] < width - 1e-6)
        assert found.targets.column.tolist() == close.tolist()
        np.testing.assert_allclose(
            np.column_stack([found.low, found.high]), expected[close], atol=1e-6
        )
        told += len(close)
    assert told > 50


def test_the_first_that_is_told_is_enough():
    made = system([34, 34, 0, 0], [34, 34, 9, 9], [({0: 1, 2: -1, 3: -1}, 25, 34)])
    targets = Targets.from_widths(np.array([3, 0, 1]), np.array([1.0, 2.0, 2.0]))
    every = audit(made, targets)
    assert every.targets.column.tolist() == [0, 1]
    first = audit(made, targets, first_only=True)
    assert first.targets.column.tolist() == [0]


def test_the_first_that_is_told_is_that_of_plain_programmes_whatever_tables_are_at_hand():
    """Each look leaves out what the one before has told, as the search for covers does."""
    told = 0
    for seed in range(30):
        made, expected = random_system(seed), plain_ends(seed)
        width = np.random.default_rng(seed).integers(1, 25, len(made.low)).astype(float)
        close = np.flatnonzero(expected[:, 1] - expected[:, 0] < width - 1e-6).tolist()
        targets, tables = Targets.from_widths(np.arange(len(made.low)), width), []
        # What is known exactly needs no programme, and comes first.
        for column in sorted(close, key=lambda column: made.low[column] < made.high[column]):
            first = audit(made, targets, tables, first_only=True)
            assert first.targets.column.tolist() == [column]
            ends = [first.low[0], first.high[0]]
            np.testing.assert_allclose(ends, expected[column], atol=1e-6)
            targets = targets[targets.column != column]
        assert len(audit(made, targets, tables, first_only=True)) == 0
        told += len(close)
    assert told > 50


def test_a_table_that_was_found_before_is_believed_where_it_fits():
    open_ = system([34, 0, 0], [34, 34, 34], [({0: 1, 1: -1, 2: -1}, 0, 0)])
    targets = Targets.from_widths(np.array([1, 2]), np.array([10.0, 10.0]))
    found = []
    assert len(audit(open_, targets, found)) == 0
    seen = len(found)
    assert seen > 0
    assert open_.fits(np.array(found)).all()
    assert len(audit(open_, targets, found)) == 0
    assert len(found) == seen
    # Somewhat more is known: four to eight. What was found before does not fit any more.
    closed = replace(open_, low=np.array([34.0, 4, 0]), high=np.array([34.0, 8, 34]),
                     true=np.array([34.0, 6, 28]))  # fmt: skip
    told = audit(closed, targets, found)
    assert told.targets.column.tolist() == [1, 2]
    assert told.low.tolist() == pytest.approx([4, 26])
    # Nor does a table that breaks an equation, or one of other counts than are known.
    assert not closed.fits(np.array([[34.0, 5, 28], [33.0, 5, 28]])).any()
    assert closed.fits(np.array([[34.0, 5, 29], [34.0, np.nan, 29]])).tolist() == [True, True]


@pytest.mark.parametrize("seed", range(10))
def test_witnesses_change_nothing_that_is_told(seed):
    """What is known is narrowed step by step; each time the tables of before are at hand."""
    made, kept = random_system(seed), []
    targets = Targets.from_widths(np.arange(len(made.low)), np.full(len(made.low), 9.0))
    for share in (1.0, 0.6, 0.3, 0.6):
        low, high = (made.true + share * (end - made.true) for end in (made.low, made.high))
        narrow = replace(made, low=low, high=high)
        alone, helped = audit(narrow, targets), audit(narrow, targets, kept)
        assert helped.targets.column.tolist() == alone.targets.column.tolist()
        np.testing.assert_allclose([helped.low, helped.high], [alone.low, alone.high], atol=1e-6)


def test_an_end_that_must_be_passed():
    made = system([0, 20], [9, 20], [])
    column, nine = np.array([0]), np.array([9.0])
    wide = Targets(column, nine, must_exceed=np.array([9.0]), must_undercut=np.array([np.inf]))
    assert len(audit(made, wide)) == 1
    assert len(audit(made, Targets.from_widths(column, nine))) == 0


def test_a_domain_of_300_hidden_levels_stays_small():
    """Three indicators once took 0.9 GB: 600 copies of 300 counts each, for every one."""
    random = np.random.default_rng(3)
    cells = []
    for name in ("a", "b", "c"):
        code, yes = random.integers(0, 300, 1000), random.random(1000) < 0.2
        cells.append((name, "total", "all", 1000, int(yes.sum())))
        for level in range(300):
            own = code == level
            cells.append((name, "code", f"c{level}", int(own.sum()), int(yes[own].sum())))
    table = from_counts([cell for cell in cells if cell[3]])
    tracemalloc.start()
    try:
        found = released(table, crosses={})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found["domain"] == "code").sum() > 800
    assert not found.loc[found["domain"] == "code", "status"].eq("present").any()
    assert peak < 60e6
