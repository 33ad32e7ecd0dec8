"""What goes with what over all countries: their log odds ratios, pooled by random effects.

The slopes of the countries (:mod:`.slopes`) are pooled with REML, the modified Hartung-Knapp
interval, and limits for another country like these (Röver, Knapp & Friede 2015, BMC Medical
Research Methodology 15:99).

Answers of one day say what goes together. They do not say what came first, nor why.
"""

import numpy as np
import pandas as pd

from designbased.estimates.corrections import adjust_by_holm
from designbased.variance.scores import two_sided_p
from disrupting_harm.comparison.derived_tables import MODEL_DIGITS, public_ratios, round_significant
from disrupting_harm.comparison.differences.multiplicity import t_reach
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import round_nearest
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.rules import in_shape

# With fewer countries nothing is published, and nothing is said of another country.
MIN_COUNTRIES = 5

FEW_COUNTRIES = f"fewer than {MIN_COUNTRIES} countries"
_CHARACTERISTIC = "characteristic"


def pool_slopes(
    slopes: pd.DataFrame,
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    data_kind: str,
    alpha: float = 0.05,
    others: bool = True,
) -> pd.DataFrame:
    """Pool the slopes of the countries whose outcome and characteristic are shown and comparable.

    Args:
        slopes: those of all countries, stacked: the columns of ``contrasts/slopes``.
        release: published and hidden estimates of all countries.
        ledger: which countries can be compared.
        alpha: error rate of each family, all characteristics of one outcome.
        others: whether anything is said of another country.

    Returns:
        The columns of ``comparison/associations``, one row per outcome and characteristic.
        ``ratio`` is the odds ratio; its limits have the error ``step_alpha`` of the row, as have
        those for another country, and leave out 1 exactly where it is ``clear``. ``left_out`` names
        the countries without a slope, or whose shares are hidden or not comparable. From fewer than
        :data:`MIN_COUNTRIES` countries there are no numbers.
    """
    contract = restricted_contract("comparison/associations")
    associated = {*slopes["indicator"], *slopes[_CHARACTERISTIC]}
    national = release[is_shown(release) & (release["domain"] == "total")]
    compared = select_comparable(national[national["indicator"].isin(associated)], ledger)
    comparable = set(zip(compared["indicator"], compared["country"], strict=True))
    keys = ["indicator", _CHARACTERISTIC]
    is_comparable = [
        {(row.indicator, row.country), (row.characteristic, row.country)} <= comparable
        for row in slopes.itertuples()
    ]
    is_pooled = slopes["log_ratio"].notna() & np.array(is_comparable, dtype=bool)
    families = [
        _test_family(family.assign(is_pooled=is_pooled[family.index]), alpha, others)
        for _, family in slopes.groupby("indicator", sort=False)
    ]
    table = pd.concat(families, ignore_index=True) if families else pd.DataFrame(columns=keys)
    return in_shape(table.assign(data_kind=data_kind), contract)


def _test_family(family: pd.DataFrame, alpha: float, others: bool) -> pd.DataFrame:
    """Return the pooled odds ratios of one outcome with their verdicts."""
    countries = sorted(family["country"].unique())
    pooled = family[family["is_pooled"]]
    names = pd.Index(family[_CHARACTERISTIC].unique(), name=_CHARACTERISTIC)
    slope, se = (
        pooled.pivot(index=_CHARACTERISTIC, columns="country", values=column)
        .reindex(index=names, columns=countries)
        .to_numpy(dtype=float)
        for column in ("log_ratio", "log_ratio_se")
    )
    left_out = [
        ", ".join(country for country, value in zip(countries, row, strict=True) if np.isnan(value))
        for row in slope
    ]
    count = (~np.isnan(slope)).sum(axis=1)
    enough = count >= MIN_COUNTRIES
    effects = random_effects(np.where(enough[:, np.newaxis], slope, np.nan), se**2)
    df = np.where(enough, effects.k - 1, np.nan)
    p_value = two_sided_p(effects.estimate / effects.se, df)
    verdict = adjust_by_holm(p_value, 1.0, alpha)
    reach = t_reach(df, verdict.level)
    half_width = reach * effects.se
    # As certain as the interval, which otherwise could be the wider of the two.
    of_another = reach * np.sqrt(effects.tau2 + effects.se**2) if others else np.nan
    return pd.DataFrame(
        {
            "indicator": family["indicator"].iloc[0],
            _CHARACTERISTIC: names,
            "countries": count,
            "ratio": np.exp(effects.estimate),
            "log_ratio_se": effects.se,
            "df": df,
            "ci_low": np.exp(effects.estimate - half_width),
            "ci_high": np.exp(effects.estimate + half_width),
            "p_value": p_value,
            "p_holm": verdict.p_adjusted,
            "step_alpha": verdict.level,
            "clear": verdict.clear,
            "prediction_low": np.exp(effects.estimate - of_another),
            "prediction_high": np.exp(effects.estimate + of_another),
            "tau2": np.where(enough, effects.tau2, np.nan),
            "i2": effects.i2,
            "left_out": left_out,
            "note": np.where(enough, "", FEW_COUNTRIES),
        }
    )


def public_associations(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pooled odds ratios as printed, as :func:`public_ratios`; ``i2`` in per cent."""
    # Outwards, as limits are.
    rounded = public_ratios(table).assign(
        prediction_low=np.floor(100 * floats(table, "prediction_low")) / 100,
        prediction_high=np.ceil(100 * floats(table, "prediction_high")) / 100,
        i2=round_nearest(floats(table, "i2"), 2),
        tau2=round_significant(floats(table, "tau2"), MODEL_DIGITS),
    )
    return in_shape(rounded, public_contract("comparison/associations"))
