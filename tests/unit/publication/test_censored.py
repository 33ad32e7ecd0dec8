"""The mean of values and bounds."""

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.censored_means import censored_mean

NONE = np.nan


def table(*rows):
    """Rows of an estimate alone, or of the two ends of a bound; ``None`` for neither."""
    cells = [
        (NONE, NONE, NONE) if row is None else (NONE, *row) if isinstance(row, tuple)
        else (row, NONE, NONE)
        for row in rows
    ]  # fmt: skip
    return pd.DataFrame(cells, columns=["estimate", "bound_low", "bound_high"])


def test_without_bounds_it_is_the_mean_of_a_log_normal():
    found = censored_mean(table(0.05, 0.12, 0.2))
    logs = np.log([0.05, 0.12, 0.2])
    assert found.mean == pytest.approx(np.exp(logs.mean() + logs.var() / 2), rel=1e-8)
    assert found.mean_of_values == pytest.approx(0.37 / 3)


def test_a_bound_below_lowers_the_mean_and_one_above_raises_it():
    alone = censored_mean(table(0.05, 0.12, 0.2)).mean
    assert censored_mean(table(0.05, 0.12, 0.2, (0, 0.05), (0, 0.1))).mean < alone
    assert censored_mean(table(0.05, 0.12, 0.2, (0.7, 1))).mean > alone
    # Wide bounds say little, and no bound nothing.
    assert censored_mean(table(0.05, 0.12, 0.2, None, None)).mean == pytest.approx(alone)
    found = censored_mean(table(0.05, 0.12, 0.2, (0, 0.05), None))
    assert (found.values, found.bounds, found.without) == (3, 1, 1)


def test_it_finds_the_mean_that_values_alone_miss():
    random = np.random.default_rng(1)
    share = np.exp(random.normal(np.log(0.06), 0.6, 4000))
    rows = [each if each > 0.1 else (0, 0.1) for each in share.tolist()]
    found = censored_mean(table(*rows))
    assert found.mean_of_values > 1.5 * share.mean()
    assert found.mean == pytest.approx(share.mean(), rel=0.05)


@pytest.mark.parametrize("rows", [(), (0.1,), (0.1, 0.1), (0.1, (0, 0.1)), (0.1, 0.0), (0.1, 1.2)])
def test_too_few_groups_and_other_numbers_are_refused(rows):
    with pytest.raises(StudyError, match="table, column 'estimate'"):
        censored_mean(table(*rows))
