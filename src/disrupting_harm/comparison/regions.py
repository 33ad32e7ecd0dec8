"""Differences and ratios of countries to the mean of their region.

The mean counts every shown country of the region equally, the country itself included. The
difference of a country and its mean is therefore a contrast of independent estimates,
``p_i - Σ p_j / R``, with variance ``Σ w_j² v_j``, where the country's own weight is ``1 - 1/R`` and
that of the others ``-1/R``: the covariance of the country and the mean is in it. The ratio is that
of the two, by the delta method on the log scale with all covariances. Degrees of freedom are
Satterthwaite's. Intervals of differences of proportions are made from the limits of each country,
see ``comparison.recovered_limits``; tests, and intervals of means, from the variance. The family of
the corrections is all countries of all regions of one indicator.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.averages import on_log_odds
from disrupting_harm.comparison.multiplicity import compare_family, ratios, satterthwaite, stacked
from disrupting_harm.comparison.pairwise import families
from disrupting_harm.comparison.recovered_limits import log_odds_limits, sum_limits
from disrupting_harm.comparison.simultaneous import Draws, t_critical
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.comparison_contracts import AGAINST_REGION

KEYS = ["indicator", "region", "country"]


def against_region(
    release: pd.DataFrame,
    indicators: Sequence[str],
    regions: Mapping[str, str | None],
    data_kind: str,
    alpha: float = 0.05,
    confidence: float = 0.95,
    draws: Draws | None = None,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Compare every country with the mean of its region.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: what to compare, in the order of the result.
        regions: region of each country; a country without one is left out.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of the family, see ``comparison.pairwise.pairwise``.
        confidence: of the interval of each difference and ratio alone.
        draws: behind the simultaneous intervals.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The columns of :data:`AGAINST_REGION`, at full precision, in the order of regions' names and
        countries' codes. A country that is alone in its region, or alone shown there, is its own
        mean: its difference is zero, without a test. So is a region without any variance.

    Raises:
        StudyError: ``regions`` does not name a country of the release.
    """
    draws = draws or Draws()
    parts = [
        _one_family(_placed(countries, regions), draws, alpha, confidence, statistics)
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
    countries: pd.DataFrame,
    draws: Draws,
    alpha: float,
    confidence: float,
    statistics: Mapping[str, str] | None,
) -> pd.DataFrame:
    estimate, se, df = (floats(countries, name) for name in ("estimate", "se", "df"))
    weights = mean_weights(countries["region"].tolist())
    mean = weights @ estimate
    contrasts = np.eye(len(estimate)) - weights
    parts = contrasts**2 * se**2
    spread = np.sqrt(parts.sum(axis=1))
    groups = np.unique(countries["region"].to_numpy(dtype=object), return_inverse=True)[1]
    critical = draws.from_means(groups, se, alpha)
    # A country alone is its own mean, to the last digit.
    difference = np.where((contrasts == 0).all(axis=1), 0.0, estimate - mean)
    found = compare_family(
        difference, spread, satterthwaite(parts, df), critical, alpha, confidence
    )
    if is_proportion(countries["indicator"], statistics).all():
        scaled = on_log_odds(estimate, se, floats(countries, "n"), df)
        found |= difference_limits(estimate, *scaled, contrasts, found["df"], critical, confidence)
    return pd.DataFrame(
        {
            **{name: countries[name].to_numpy() for name in KEYS},
            "regional_mean": mean,
            "difference": difference,
            **found,
            **_ratios(estimate, mean, weights, se, df, confidence),
        }
    )


def difference_limits(
    estimate: Floats,
    log_odds: Floats,
    errors: Floats,
    contrasts: Floats,
    df: Floats,
    critical: float,
    confidence: float,
) -> dict[str, np.ndarray]:
    """Return the intervals of differences of proportions, alone and all together.

    Args:
        estimate: (K,) proportions.
        log_odds, errors: (K,) as ``recovered_limits.log_odds_limits`` takes them.
        contrasts: (m, K) weights of each difference.
        df: (m,) degrees of freedom; NaN where there is no interval.
        critical: normal critical value of all together.
        confidence: of each interval alone.

    Returns:
        ``ci_low, ci_high``, and the same names with ``_simultaneous``.
    """
    reaches = {"": stdtrit(df, (1 + confidence) / 2), "_simultaneous": t_critical(critical, df)}
    found: dict[str, np.ndarray] = {}
    for name, reach in reaches.items():
        limits = log_odds_limits(estimate, log_odds, errors, reach)
        low, high = sum_limits(estimate, *limits, contrasts)
        found |= {f"ci_low{name}": low, f"ci_high{name}": high}
    return found


def _ratios(
    estimate: Floats, mean: Floats, weights: Floats, se: Floats, df: Floats, confidence: float
) -> dict[str, np.ndarray]:
    own = np.where(estimate > 0, estimate, np.nan)
    whole = np.where(mean > 0, mean, np.nan)
    slopes = np.eye(len(own)) / own[:, np.newaxis] - weights / whole[:, np.newaxis]
    parts = slopes**2 * se**2
    log_ratio = np.log(own) - np.log(whole)
    return ratios(log_ratio, np.sqrt(parts.sum(axis=1)), satterthwaite(parts, df), confidence)
