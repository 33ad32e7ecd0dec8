"""What a reader tells of one sum of hidden counts, as a list of all possible counts has it."""

from itertools import product

import numpy as np
import pytest

from disrupting_harm.publication.disclosure.primary_suppression import _Sum


@pytest.mark.parametrize("seed", range(30))
def test_what_one_sum_tells_is_what_every_possible_count_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    low = random.integers(0, 4, 4)
    high = low + random.integers(0, 6, 4)
    unplaced = int(random.integers(0, 3))
    # The whole lies where it can: its limits hold at least one table.
    low[0], high[0] = low[1:].sum(), low[1:].sum() + random.integers(0, 6)
    ranges = [range(a, b + 1) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    possible = [table for table in product(*ranges) if 0 <= table[0] - sum(table[1:]) <= unplaced]
    least, most = np.min(possible, axis=0), np.max(possible, axis=0)

    cells = np.arange(4)
    found = _Sum(cells, cells, float(unplaced)).ends(low.astype(float), high.astype(float))

    np.testing.assert_array_equal(found[0], least)
    np.testing.assert_array_equal(found[1], most)
