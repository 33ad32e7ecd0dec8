"""The table of national estimates, by indicator and then by country code, never by estimate."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.publication.release import is_shown, public_table
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.statuses import BOUND
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape


def prevalence_table(
    release: pd.DataFrame, indicators: Sequence[str], data_kind: str
) -> pd.DataFrame:
    """Return the national estimates of all countries at full precision.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: which to show, in the order of the result.

    Returns:
        The columns of ``comparison/prevalence``. A country whose estimate is hidden keeps its row
        with ``shown``, ``status`` and, where one is printed, its bound.
    """
    order = {name: position for position, name in enumerate(indicators)}
    national = release[(release["domain"] == "total") & release["indicator"].isin(order)]
    national = national.assign(data_kind=data_kind).sort_values(
        ["indicator", "country"],
        key=lambda column: column.map(order) if column.name == "indicator" else column,
    )
    national = national.reset_index(drop=True).assign(
        n=national["n_printed"].to_numpy(), population=national["population_printed"].to_numpy()
    )
    table = in_shape(national, restricted_contract("comparison/prevalence"))
    numbers = [
        name
        for name in float_columns(restricted_contract("comparison/prevalence"))
        if name not in BOUND
    ]
    table.loc[~is_shown(national), numbers] = np.nan
    return table


def public_prevalence(
    table: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return :func:`prevalence_table` rounded as printed."""
    unused = {"domain": "total", "level": "all", "interval": "", "reason": ""}
    rounded = public_table(
        table.assign(n_printed=table["n"], population_printed=table["population"], **unused),
        rounding,
        statistics,
    )
    return in_shape(
        rounded.assign(data_kind=table["data_kind"].to_numpy()),
        public_contract("comparison/prevalence"),
    )
