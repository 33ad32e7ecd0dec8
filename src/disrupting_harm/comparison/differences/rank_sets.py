"""Confidence sets for ranks: which ranks a country may have among those compared.

Rank 1 is the highest estimate. A country may have the ranks from one more than the number of
countries that are clearly above it, to all countries but those clearly below it. What "clearly"
means is the method:

- ``klein``: intervals of single countries at level ``(1 - alpha)^(1/K)``, exact for independent
  countries, do not overlap (Klein, Wright & Wieczorek 2020, JRSS C 69(3)). Used by the US Census
  Bureau. Its sets hold for all countries jointly.
- ``mogstad_single_step``: the difference exceeds the critical value of all pairs (Mogstad, Romano,
  Shaikh & Wilhelm 2024, Review of Economic Studies 91(1)).
- ``mogstad_step_down``: hypotheses "i is not above j" that have been rejected leave the family, and
  the critical value of the others is found again, until no more are rejected. The opposite
  hypothesis "j is not above i" stays, so that no pair is ordered the wrong way round either.

Simultaneous sets hold all ranks at once with probability 1 - alpha; marginal ones hold the rank of
one country chosen beforehand, and use the pairs with that country alone. The countries that may be
highest are those whose set holds rank 1, the published set of the best (tau = 1); lowest alike.

Proportions are compared on the scale of log-odds. Ranks are the same on any rising scale, but the
chance of a false order is not: a proportion of few yes answers is estimated with too small an error
and one of many with too large an error. With tied countries a family of all pairs misses its level
by up to a point on the scale of proportions, by less than half of one on that of log-odds, which is
on the safe side below 5 per cent (docs/methods.md, docs/comparison-coverage.md). At 0 and 100 per
cent the error comes from the interval, see ``averages.errors_at_boundary``. The table of pairs
decides by Holm's method on differences, so that a pair may be clear there and not ordered here, or
the other way round.

Estimated variances ask for Student's t instead of the normal: see :mod:`.critical_values`.
Equal estimates are never ordered. Two means without any variance are taken as exact: different ones
are ordered.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.critical_values import (
    Draws,
    Flags,
    star_critical,
    t_critical,
)
from disrupting_harm.comparison.differences.multiplicity import satterthwaite, stack_families
from disrupting_harm.comparison.differences.pairwise import iterate_families
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract

# The lowest and the highest rank of every country.
Limits: TypeAlias = tuple[np.ndarray, np.ndarray]
# ``[i, j]`` of the first: country i is above j, as far as the set of j goes; of the second: of i.
Orders: TypeAlias = tuple[Flags, Flags]

# Klein's sets are joint by construction: there is no marginal form.
METHODS = [
    ("klein", "simultaneous"),
    ("mogstad_single_step", "marginal"),
    ("mogstad_single_step", "simultaneous"),
    ("mogstad_step_down", "marginal"),
    ("mogstad_step_down", "simultaneous"),
]


def rank_sets(
    release: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
    draws: Draws | None = None,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the ranks that every country may have, by every method.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: what to compare, in the order of the result.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The columns of ``comparison/rank_sets``: for each indicator, method and scope of
        :data:`METHODS` the countries whose estimate is shown, in the order of their codes;
        ``countries`` is their number.
    """
    draws = draws or Draws()
    tables = []
    for countries in iterate_families(release, indicators):
        estimate, se, n, df = (floats(countries, name) for name in ("estimate", "se", "n", "df"))
        if is_proportion(countries["indicator"], statistics).all():
            estimate, se = on_log_odds(estimate, se, n, df)
        limits_by_method = _limits_by_method(estimate, se, df, alpha, draws)
        for method, scope in METHODS:
            low, high = limits_by_method[method, scope]
            tables.append(
                pd.DataFrame(
                    {
                        "indicator": countries["indicator"].to_numpy(),
                        "country": countries["country"].to_numpy(),
                        "countries": len(countries),
                        "method": method,
                        "scope": scope,
                        "rank_low": low,
                        "rank_high": high,
                        "may_be_highest": low == 1,
                        "may_be_lowest": high == len(countries),
                    }
                )
            )
    return stack_families(tables, restricted_contract("comparison/rank_sets"), data_kind)


def rank_limits(
    estimate: Floats, se: Floats, df: Floats, method: str, scope: str, alpha: float, draws: Draws
) -> Limits:
    """Return the lowest and the highest rank that every country may have.

    Args:
        estimate: (K,) estimates of independent countries, on any scale.
        se: (K,) standard errors on that scale.
        df: (K,) degrees of freedom; infinite for the normal distribution.
        method: of :data:`METHODS`.
        scope: ``marginal`` or ``simultaneous``.
    """
    if method == "klein":
        is_above = _find_separated(estimate, se, df, alpha)
        return count_rank_limits(is_above, is_above)
    steps = _iterate_steps(estimate, se, df, scope, alpha, draws)
    if method == "mogstad_single_step":
        return count_rank_limits(*next(steps))
    *_, last_step = steps
    return count_rank_limits(*last_step)


def _limits_by_method(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> dict[tuple[str, str], Limits]:
    """Return the limits of :func:`rank_limits` by all of :data:`METHODS`."""
    is_above = _find_separated(estimate, se, df, alpha)
    limits_by_method = {("klein", "simultaneous"): count_rank_limits(is_above, is_above)}
    for scope in ("marginal", "simultaneous"):
        # The single step is the first of the step-down.
        steps = list(_iterate_steps(estimate, se, df, scope, alpha, draws))
        limits_by_method["mogstad_single_step", scope] = count_rank_limits(*steps[0])
        limits_by_method["mogstad_step_down", scope] = count_rank_limits(*steps[-1])
    return limits_by_method


def _iterate_steps(
    estimate: Floats, se: Floats, df: Floats, scope: str, alpha: float, draws: Draws
) -> Iterator[Orders]:
    if scope == "marginal":
        return _iterate_each_alone(estimate, se, df, alpha)
    return _iterate_jointly(estimate, se, df, alpha, draws)


def count_rank_limits(above: Flags, is_above: Flags) -> Limits:
    """Count who is above and who is below each country, given :data:`Orders`."""
    return 1 + above.sum(axis=0), len(above) - is_above.sum(axis=1)


def _find_separated(estimate: Floats, se: Floats, df: Floats, alpha: float) -> Flags:
    single_alpha = -np.expm1(np.log1p(-alpha) / max(len(estimate), 1))
    # Where there is no variance the interval is the estimate, whatever the degrees of freedom.
    half_width = np.where(
        se > 0, -stdtrit(np.where(se > 0, df, np.inf), single_alpha / 2) * se, 0.0
    )
    return (estimate - half_width)[:, np.newaxis] > estimate + half_width


def critical_values(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> list[float]:
    """Return the critical value of all pairs in every step of ``mogstad_step_down``.

    Arguments as for :func:`rank_limits`. By these values, without draws, anyone finds its sets.
    """
    return [critical for critical, _ in _step_down(estimate, se, df, alpha, draws)]


def _iterate_jointly(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> Iterator[Orders]:
    """Yield who is above each country and who each is above, after every step."""
    for _, is_above in _step_down(estimate, se, df, alpha, draws):
        yield is_above, is_above


def _step_down(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> Iterator[tuple[float, Flags]]:
    """Yield the critical value of every step, and who is above whom after it."""
    difference, spread, of_pairs = pairwise_differences(estimate, se, df)
    family = ~np.eye(len(estimate), dtype=bool)
    is_above = np.zeros_like(family)
    while True:
        critical = draws.critical_value_of_pairs(estimate, se, family, alpha)
        newly_above = family & (difference > t_critical(critical, of_pairs) * spread)
        is_above, family = is_above | newly_above, family & ~newly_above
        yield critical, is_above
        if not newly_above.any():
            return


def _iterate_each_alone(estimate: Floats, se: Floats, df: Floats, alpha: float) -> Iterator[Orders]:
    """Yield the same from the pairs with each country alone."""
    difference, spread, of_pairs = pairwise_differences(estimate, se, df)
    # Row i is the family of country i: hypotheses "i is not above j" and "j is not above i".
    higher = ~np.eye(len(estimate), dtype=bool)
    lower = higher.copy()
    is_above, is_below = np.zeros_like(higher), np.zeros_like(higher)
    while True:
        critical = star_critical(se, higher, lower, alpha)
        reach = t_critical(critical[:, np.newaxis], of_pairs) * spread
        newly_above, newly_below = higher & (difference > reach), lower & (-difference > reach)
        is_above, is_below = is_above | newly_above, is_below | newly_below
        higher, lower = higher & ~newly_above, lower & ~newly_below
        yield is_below.T, is_above
        if not (newly_above.any() or newly_below.any()):
            return


def pairwise_differences(estimate: Floats, se: Floats, df: Floats) -> tuple[Floats, Floats, Floats]:
    """Return (K, K) differences, their standard errors and degrees of freedom."""
    difference = estimate[:, np.newaxis] - estimate
    variances = np.stack(np.broadcast_arrays((se**2)[:, np.newaxis], se**2), axis=-1)
    df_of_both = np.stack(np.broadcast_arrays(df[:, np.newaxis], df), axis=-1)
    of_pairs = satterthwaite(variances, df_of_both)
    # Without any variance there is no error, whatever its distribution.
    df_or_infinite = np.where(np.isnan(of_pairs), np.inf, of_pairs)
    return difference, np.sqrt(variances.sum(axis=-1)), df_or_infinite
