"""Differences and ratios of countries to the mean of their region.

The mean counts every shown country of the region equally, the country itself included. The
difference of a country and its mean is therefore a contrast of independent estimates,
``p_i - Σ p_j / R``, with variance ``Σ w_j² v_j``, where the country's own weight is ``1 - 1/R`` and
that of the others ``-1/R``: the covariance of the country and the mean is in it. The ratio is that
of the two, by the delta method on the log scale with all covariances. Degrees of freedom are
Satterthwaite's. Tests and intervals of means are made from the variance, those of differences of
proportions from the limits of each country, see ``comparison.recovered_limits``: with few yes
answers a test by the variance finds twice as many false differences as it should. The family of the
corrections is all countries of all regions of one indicator.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.multiplicity import (
    Numbers,
    compare_family,
    ratios,
    satterthwaite,
    stacked,
    t_reach,
)
from disrupting_harm.comparison.differences.pairwise import families
from disrupting_harm.comparison.differences.recovered_limits import (
    log_odds_limits,
    sum_limits,
    touching_reach,
)
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.comparison_contracts import AGAINST_REGION

KEYS = ["indicator", "region", "country"]


def against_region(
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
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of the family, see ``comparison.pairwise.pairwise``.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The columns of :data:`AGAINST_REGION`, at full precision, in the order of regions' names and
        countries' codes. A country that is alone in its region, or alone shown there, is its own
        mean: its difference is zero, without a test. So is a region without any variance.

    Raises:
        StudyError: ``regions`` does not name a country of the release.
    """
    parts = [
        _one_family(_placed(countries, regions), alpha, statistics)
        for countries in families(release, indicators)
    ]
    return stacked(parts, AGAINST_REGION, data_kind)


def mean_weights(regions: Sequence[str]) -> Floats:
    """Return (K, K) weights: row i makes the mean of the region of country i."""
    names = np.asarray(regions, dtype=object)
    same = (names[:, np.newaxis] == names).astype(float)
    weights: Floats = same / same.sum(axis=1, keepdims=True)
    return weights


def _placed(countries: pd.DataFrame, regions: Mapping[str, str | None]) -> pd.DataFrame:
    unknown = [code for code in countries["country"] if code not in regions]
    if unknown:
        raise StudyError(
            "countries file, column 'region'",
            f"there is no row for '{unknown[0]}', which has estimates",
            "Add the country's row",
        )
    names = [regions[code] or "" for code in countries["country"]]
    placed = countries.assign(region=names)
    return placed[placed["region"] != ""].sort_values(["region", "country"])


def _one_family(
    countries: pd.DataFrame, alpha: float, statistics: Mapping[str, str] | None
) -> pd.DataFrame:
    estimate, se, df = (floats(countries, name) for name in ("estimate", "se", "df"))
    weights = mean_weights(countries["region"].tolist())
    mean = weights @ estimate
    contrasts = np.eye(len(estimate)) - weights
    parts = contrasts**2 * se**2
    spread = np.sqrt(parts.sum(axis=1))
    # A country alone is its own mean, to the last digit.
    difference = np.where((contrasts == 0).all(axis=1), 0.0, estimate - mean)
    of_contrasts = satterthwaite(parts, df)
    if is_proportion(countries["indicator"], statistics).all():
        scaled = on_log_odds(estimate, se, floats(countries, "n"), df)
        row = compare_proportions(estimate, *scaled, contrasts, spread, of_contrasts, alpha)
    else:
        row = compare_family(difference, spread, of_contrasts, alpha)
    return pd.DataFrame(
        {
            **{name: countries[name].to_numpy() for name in KEYS},
            "regional_mean": mean,
            **row,
            "difference": difference,
            **_ratios(estimate, mean, weights, se, df, row),
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
) -> Numbers:
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
    scaled = estimate, log_odds, errors
    p_value = 2 * stdtr(df, -touching_reach(*scaled, contrasts))
    row = compare_family(contrasts @ estimate, se, df, alpha, p_value)
    limits = log_odds_limits(*scaled, t_reach(row["df"], row["step_alpha"]))
    low, high = sum_limits(estimate, *limits, contrasts)
    return row | {"ci_low": low, "ci_high": high}


def _ratios(
    estimate: Floats, mean: Floats, weights: Floats, se: Floats, df: Floats, row: Numbers
) -> Numbers:
    own = np.where(estimate > 0, estimate, np.nan)
    whole = np.where(mean > 0, mean, np.nan)
    slopes = np.eye(len(own)) / own[:, np.newaxis] - weights / whole[:, np.newaxis]
    parts = slopes**2 * se**2
    log_ratio = np.log(own) - np.log(whole)
    return ratios(log_ratio, np.sqrt(parts.sum(axis=1)), satterthwaite(parts, df), row)
