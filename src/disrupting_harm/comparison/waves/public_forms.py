"""The public form of changes: rounded as the estimates of both waves are."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from disrupting_harm.comparison.public_forms import (
    DIFFERENCE,
    RATIO,
    STEP_PLACES,
    ratio_places,
    round_tipping,
    round_verdicts,
)
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import decimal_places, round_nearest, round_to
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.rules import in_shape

FIXED = ("fixed_difference", "fixed_low", "fixed_high")
# The smallest change that would have been found is rounded away from zero: never claimed too small.
DETECTABLE = ("detectable_fall", "detectable_rise")
NO_MODEL = "the model cannot be fitted"


def public_changes(
    table: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the columns of ``change/changes``.

    Estimates stand as in each wave's own table. A change is on the coarser grid of the two: what it
    says beyond the two printed estimates is no more than their rounding.

    Args:
        table: from :func:`.changes.estimate_changes`.
        statistics: statistic of each indicator; those not named are proportions.
    """
    public, proportion = table.copy(), is_proportion(table["indicator"], statistics)
    estimates = {suffix: floats(table, f"estimate_{suffix}") for suffix in ("from", "to")}
    n = {suffix: floats(table, f"n_{suffix}") for suffix in estimates}
    for suffix, estimate in estimates.items():
        decimals = decimal_places(estimate, n[suffix], proportion, rounding)
        public[f"estimate_{suffix}"] = round_to(estimate, decimals)
    smaller_n = np.fmin(n["from"], n["to"])
    magnitude = np.fmax(np.abs(estimates["from"]), np.abs(estimates["to"]))
    decimals = decimal_places(magnitude, smaller_n, proportion, rounding)
    public = public.assign(**round_verdicts(table, DIFFERENCE, decimals))
    for name in FIXED:
        public[name] = round_to(floats(table, name), decimals)
    for name in DETECTABLE:
        public[name] = _round_up(floats(table, name), decimals)
    of_ratios = ratio_places(floats(table, "ratio"), smaller_n, rounding)
    public = public.assign(**round_verdicts(table, RATIO, of_ratios, no_difference=1.0))
    public = public.assign(**round_tipping(table, floats(public, "ratio"), smaller_n, rounding))
    for name in ("p_value", "p_holm"):
        public[name] = round_nearest(floats(table, name), 3)
    for name in ("step_alpha", "alpha_share"):
        public[name] = round_nearest(floats(table, name), STEP_PLACES)
    return in_shape(public, public_contract("change/changes"))


def public_trends(table: pd.DataFrame) -> pd.DataFrame:
    """Return the models of trends as printed: P values, no coefficient.

    Why a model could not be fitted may tell how many children gave an answer, and is not public.
    """
    p_columns = [name for name in table if str(name).endswith("_p")]
    rounded = table.assign(
        **{str(name): round_nearest(floats(table, str(name)), 3) for name in p_columns}
    )
    rounded["note"] = table["note"].where(table["any_change_p"].notna(), NO_MODEL)
    return in_shape(rounded, public_contract("change/trends"))


def _round_up(values: np.ndarray, decimals: np.ndarray) -> np.ndarray:
    step = 10.0 ** -decimals.astype(float)
    return round_to(np.ceil(values / step) * step, decimals)
