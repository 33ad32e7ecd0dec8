"""Differences and ratios of countries to the mean of their region.

The mean counts every shown country of the region equally, the country itself included. The
difference of a country and its mean is therefore a contrast of independent estimates,
``p_i - Σ p_j / R``, with variance ``Σ w_j² v_j``, where the country's own weight is ``1 - 1/R`` and
that of the others ``-1/R``: the covariance of the country and the mean is in it. The ratio is that
of the two, by the delta method on the log scale with all covariances. Degrees of freedom are
Satterthwaite's. Tests and intervals of means are made from the variance, those of differences of
proportions from the limits of each country, see :mod:`.recovered_limits`: with few yes
answers a test by the variance finds twice as many false differences as it should. The family of the
corrections is all countries of all regions of one indicator.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.multiplicity import (
    NumberColumns,
    compare_family,
    ratios,
    satterthwaite,
    stack_families,
    t_reach,
)
from disrupting_harm.comparison.differences.pairwise import iterate_families
from disrupting_harm.comparison.differences.recovered_limits import (
    log_odds_limits,
    sum_limits,
    touching_reach,
)
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract

KEYS = ["indicator", "region", "country"]


def compare_with_region(
    release: pd.DataFrame,
    indicators: Sequence[str],
    regions: Mapping[str, str | None],
    data_kind: str,
    alpha: float = 0.05,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Compare every country with the mean of its region.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: what to compare, in the order of the result.
        regions: region of each country; a country without one is left out.
        alpha: error rate of the family, see ``pairwise.compare_country_pairs``.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The columns of ``comparison/against_region``, at full precision, in the order of regions'
        names and countries' codes. A country that is alone in its region, or alone shown there, is
        its own mean: its difference is zero, without a test. So is a region without any variance.

    Raises:
        StudyError: ``regions`` does not name a country of the release.
    """
    tables = [
        _compare_family_with_means(_assign_regions(countries, regions), alpha, statistics)
        for countries in iterate_families(release, indicators)
    ]
    return stack_families(tables, restricted_contract("comparison/against_region"), data_kind)


def mean_weights(regions: Sequence[str]) -> Floats:
    """Return (K, K) weights: row i makes the mean of the region of country i."""
    region_names = np.asarray(regions, dtype=object)
    same = (region_names[:, np.newaxis] == region_names).astype(float)
    weights: Floats = same / same.sum(axis=1, keepdims=True)
    return weights


def _assign_regions(countries: pd.DataFrame, regions: Mapping[str, str | None]) -> pd.DataFrame:
    codes_without_row = [code for code in countries["country"] if code not in regions]
    if codes_without_row:
        raise StudyError(
            "countries file, column 'region'",
            f"there is no row for '{codes_without_row[0]}', which has estimates",
            "Add the country's row",
        )
    region_names = [regions[code] or "" for code in countries["country"]]
    with_region = countries.assign(region=region_names)
    return with_region[with_region["region"] != ""].sort_values(["region", "country"])


def _compare_family_with_means(
    countries: pd.DataFrame, alpha: float, statistics: Mapping[str, str] | None
) -> pd.DataFrame:
    estimate, se, df = (floats(countries, name) for name in ("estimate", "se", "df"))
    weights = mean_weights(countries["region"].tolist())
    mean = weights @ estimate
    contrasts = np.eye(len(estimate)) - weights
    variances = contrasts**2 * se**2
    spread = np.sqrt(variances.sum(axis=1))
    # A country alone is its own mean, to the last digit.
    difference = np.where((contrasts == 0).all(axis=1), 0.0, estimate - mean)
    of_contrasts = satterthwaite(variances, df)
    if is_proportion(countries["indicator"], statistics).all():
        on_log_scale = on_log_odds(estimate, se, floats(countries, "n"), df)
        row = compare_proportions(estimate, *on_log_scale, contrasts, spread, of_contrasts, alpha)
    else:
        row = compare_family(difference, spread, of_contrasts, alpha)
    return pd.DataFrame(
        {
            **{name: countries[name].to_numpy() for name in KEYS},
            "regional_mean": mean,
            **row,
            "difference": difference,
            **_ratios_to_mean(estimate, mean, weights, se, df, row),
        }
    )


def compare_proportions(
    estimate: Floats,
    log_odds: Floats,
    errors: Floats,
    contrasts: Floats,
    se: Floats,
    df: Floats,
    alpha: float,
) -> NumberColumns:
    """Test differences of proportions by the limits recovered from those of each proportion.

    Args:
        estimate: (K,) proportions.
        log_odds, errors: (K,) as ``recovered_limits.log_odds_limits`` takes them.
        contrasts: (m, K) weights of each difference.
        se, df: (m,) of the differences; without a standard error there is no test.
        alpha: error rate of the family.

    Returns:
        As ``multiplicity.compare_family``. A P value is the error at which the interval of the
        difference touches zero.
    """
    df = np.where(se > 0, df, np.nan)
    on_log_scale = estimate, log_odds, errors
    p_value = 2 * stdtr(df, -touching_reach(*on_log_scale, contrasts))
    row = compare_family(contrasts @ estimate, se, df, alpha, p_value)
    limits = log_odds_limits(*on_log_scale, t_reach(row["df"], row["step_alpha"]))
    low, high = sum_limits(estimate, *limits, contrasts)
    return row | {"ci_low": low, "ci_high": high}


def _ratios_to_mean(
    estimate: Floats, mean: Floats, weights: Floats, se: Floats, df: Floats, row: NumberColumns
) -> NumberColumns:
    positive_estimate = np.where(estimate > 0, estimate, np.nan)
    positive_mean = np.where(mean > 0, mean, np.nan)
    slopes = (
        np.eye(len(positive_estimate)) / positive_estimate[:, np.newaxis]
        - weights / positive_mean[:, np.newaxis]
    )
    variances = slopes**2 * se**2
    log_ratio = np.log(positive_estimate) - np.log(positive_mean)
    return ratios(log_ratio, np.sqrt(variances.sum(axis=1)), satterthwaite(variances, df), row)
