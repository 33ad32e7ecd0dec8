"""Pages of changes by an own computation, and how often they tell a change that is none."""

import numpy as np
import pytest
from scipy.stats import t as student

ALPHA = 0.05


def clear_by_hand(estimate: np.ndarray, se: np.ndarray, df: float) -> set[tuple[int, int, int]]:
    """Return the clear changes of one page (indicators, waves), without the library.

    Half of each indicator's alpha is for the first and the last wave, half for the neighbours; then
    the most promising test is taken off as long as it holds with its part of what is left.
    """
    indicators, waves = estimate.shape
    tests = {}
    for k in range(indicators):
        steps = [(a, a + 1) for a in range(waves - 1)]
        pairs = steps if waves == 2 else [*steps, (0, waves - 1)]
        for a, b in pairs:
            whole = waves > 2 and (a, b) == (0, waves - 1)
            part = 1.0 if waves == 2 else 0.5 if whole else 0.5 / len(steps)
            v = np.array([se[k, a], se[k, b]]) ** 2
            degrees = v.sum() ** 2 / (v**2 / df).sum()
            size = abs(estimate[k, b] - estimate[k, a]) / np.sqrt(v.sum())
            tests[k, a, b] = (2 * student.sf(size, degrees), part / indicators)
    clear: set[tuple[int, int, int]] = set()
    while len(clear) < len(tests):
        left = {name: one for name, one in tests.items() if name not in clear}
        total = sum(part for _, part in left.values())
        name, (p, part) = min(left.items(), key=lambda one: one[1][0] / one[1][1])
        if p > ALPHA * part / total:
            break
        clear.add(name)
    return clear


@pytest.mark.parametrize(("waves", "indicators", "df"), [(2, 3, 40), (3, 5, 80), (5, 4, 15)])
def test_clear_changes_are_those_found_by_hand(waves: int, indicators: int, df: int) -> None:
    import false_changes

    truth = np.linspace(0, 4, waves)
    random = np.random.default_rng(waves)
    pages = false_changes.pages_of(60, waves, indicators, df, truth, random)
    found = false_changes.clear_changes(*pages, df)
    for page in range(60):
        ours = {(k, *pair) for pair, clear in found.items() for k in np.flatnonzero(clear[page])}
        assert ours == clear_by_hand(pages[0][page], pages[1][page], df)
    assert any(clear.any() for clear in found.values())


@pytest.mark.parametrize(("waves", "indicators", "df"), [(3, 5, 80), (5, 5, 80), (3, 8, 20)])
def test_few_pages_tell_a_change_that_is_none(waves: int, indicators: int, df: int) -> None:
    """Of 4,000 pages with nothing to find at most 5.5 per cent may have a clear change."""
    import false_changes

    assert 0.035 < false_changes.false_pages(4000, waves, indicators, df) <= 0.055


def test_a_change_that_came_back_is_found() -> None:
    """With first and last as a gate it would be found on less than one page in a hundred."""
    import false_changes

    whole, step, back = false_changes.found_changes(1000, 3, 5, 80)
    assert whole > 0.72
    assert step > 0.65
    assert back > 0.65
