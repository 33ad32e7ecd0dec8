"""The attack in parts equals one linear programme per count, and stays small for long domains."""

import tracemalloc

import numpy as np
import pytest
from release_cells import CROSSES, from_counts, random_survey
from scipy.optimize import linprog

from disrupting_harm.publication import attack as module
from disrupting_harm.publication.attack import System, additive_lines, attack, hidden_system
from disrupting_harm.publication.release import release
from disrupting_harm.study.config import Publication


def plainly(system: System) -> np.ndarray:
    found = []
    for target in system.targets:
        for sign in (1, -1):
            cost = np.zeros(len(system.low))
            cost[target] = sign
            solved = linprog(
                cost,
                A_eq=system.matrix if len(system.matrix) else None,
                b_eq=system.known if len(system.matrix) else None,
                bounds=np.column_stack([system.low, system.high]),
            )
            found.append(solved.x[target])
    return np.reshape(found, (-1, 2))


def random_system(seed: int) -> System:
    """Some cells of a survey with crossed domains, hidden at random, within random bounds."""
    random = np.random.default_rng(seed)
    table = random_survey(seed)
    table = table[table["indicator"] == table["indicator"].iloc[0]].reset_index(drop=True)
    cells = list(zip(table["domain"], table["level"], strict=True))
    lines = additive_lines(cells, CROSSES)
    counts = table["n_yes"].to_numpy(dtype=float)
    hidden = random.random(len(cells)) < random.choice([0.2, 0.5, 0.9])
    low = np.floor(counts * random.random(len(cells)))
    high = counts + random.integers(0, 40, len(cells))
    return hidden_system(lines, counts, hidden, low, high, hidden)


def test_parts_equal_one_programme_per_count(monkeypatch: pytest.MonkeyPatch) -> None:
    systems = [random_system(seed) for seed in range(25)]
    expected = [plainly(system) for system in systems]
    for size in (module.COUNTS_AT_ONCE, 1):
        monkeypatch.setattr(module, "COUNTS_AT_ONCE", size)
        for found, limits in zip(attack(systems), expected, strict=True):
            np.testing.assert_allclose(found, limits, atol=1e-7)


def test_one_equation_with_any_factors() -> None:
    system = System(
        np.array([[2.0, -0.5, 1.0, 0.0]]),
        np.array([7.0]),
        np.array([0.0, 1.0, 0.0, 2.0]),
        np.array([9.0, 4.0, 3.0, 5.0]),
        (0, 1, 2, 3),
    )
    np.testing.assert_allclose(attack([system])[0], plainly(system), atol=1e-9)


def test_a_domain_of_300_hidden_levels_needs_no_programme_of_its_own() -> None:
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
        found = release(table, Publication(), crosses={})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found["domain"] == "code").sum() > 800
    assert not found.loc[found["domain"] == "code", "status"].eq("present").any()
    assert peak < 60e6
