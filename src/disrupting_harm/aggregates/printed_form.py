"""Statistics of a country in the digits of its published tables.

Disclosure control judges counts and sums; of errors and covariances published tables have none, so
these get two significant digits. What is sent then tells no more of a count than the tables do.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from disrupting_harm.aggregates.agreement import BOUNDS, CELLS, COVARIANCES, RATIOS, STANDARDISED
from disrupting_harm.comparison.derived_tables import RATIO_PLACES, public_bounds, round_significant
from disrupting_harm.publication.release import public_table
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import round_nearest
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.statuses import TOTAL

DIGITS = 2
# Of a value whose second digit is rounded, relative to it: 1.05 becomes 1.0.
LARGEST_ERROR = 0.05
_RATIOS = ("ratio", "ci_low", "ci_high", "crude_ratio", "margin_ratio")


def round_statistics(
    tables: Mapping[str, pd.DataFrame], rounding: Rounding, statistics: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Return the tables of ``statistics.form.FILES`` rounded as published tables are.

    Args:
        tables: by name of the file; standardised estimates are as printed already.

    Returns:
        The same rows. Estimates and limits are those of published tables, in ``bounds.csv`` with
        the printed number of answers. Errors, covariances and P values have two digits. A ratio has
        two decimals, and is never rounded to zero.
    """
    cells = tables[CELLS]
    public_cells = public_table(
        cells.assign(n_printed=cells["n"], population_printed=cells["population"]),
        rounding,
        statistics,
    )
    published = ("population", "estimate", "ci_low", "ci_high")
    cells = cells.assign(**{name: floats(public_cells, name) for name in published})
    national = cells[cells["domain"] == TOTAL[0]].set_index("indicator")
    bounds = tables[BOUNDS]
    with_n = bounds.rename(columns={"n_valid": "n"}).assign(data_kind="")
    outwards = public_bounds(with_n, rounding)
    shares = ("valid_share", "lower", "upper", "ci_low", "ci_high")
    crude = tables[STANDARDISED]["indicator"].map(national["estimate"])
    return {
        CELLS: _round_to_two_digits(cells, "se"),
        COVARIANCES: _round_to_two_digits(tables[COVARIANCES], "covariance"),
        STANDARDISED: _round_to_two_digits(tables[STANDARDISED], "se").assign(
            crude=crude.where(tables[STANDARDISED]["crude"].notna())
        ),
        BOUNDS: bounds.assign(
            n_valid=bounds["indicator"].map(national["n"]).astype("int64"),
            estimate=bounds["indicator"].map(national["estimate"]),
            **{name: floats(outwards, name) for name in shares},
        ),
        RATIOS: _round_to_two_digits(tables[RATIOS], "p_value", "log_ratio_se").assign(
            **{name: _round_above_zero(floats(tables[RATIOS], name)) for name in _RATIOS}
        ),
    }


def _round_to_two_digits(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.assign(
        **{name: round_significant(floats(table, name), DIGITS) for name in columns}
    )


def _round_above_zero(ratios: Floats) -> Floats:
    least = np.where(ratios > 0, 10.0**-RATIO_PLACES, 0.0)
    rounded: Floats = np.maximum(round_nearest(ratios, RATIO_PLACES), least)
    return rounded
