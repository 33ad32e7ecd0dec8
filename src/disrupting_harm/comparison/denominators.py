"""Prevalence among internet-using children and among all children of that age.

The survey interviews internet-using children. With the share ``r`` of children who use the
internet, ``p r`` is the proportion of all children of that age, and ``population p r`` how many
they are. ``r`` comes from elsewhere; its standard error counts where it is known, and the row marks
where it is taken as exact. The number of children of that age is always taken as exact.

The interval works on the scale of logarithms. The distances of the limits of ``p`` and of ``r``
from their estimates are combined by the root of their sum of squares: the delta method with the
asymmetry of the interval of ``p`` kept (Zou & Donner 2008, Statistics in Medicine 27). With an
exact rate it is the interval of ``p`` times ``r``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.rank_sets import rank_limits
from disrupting_harm.comparison.pooling.averages import to_log_odds
from disrupting_harm.comparison.pooling.families import Family
from disrupting_harm.comparison.populations import Populations, populations
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.comparison_contracts import DENOMINATOR_TABLE, DENOMINATORS
from disrupting_harm.tables.rules import in_shape


def denominators(
    families: Sequence[Family],
    countries: Mapping[str, Country],
    data_kind: str,
    alpha: float = 0.05,
    confidence: float = 0.95,
    draws: Draws | None = None,
) -> pd.DataFrame:
    """Return each proportion of internet-using children and of all children, with numbers.

    Args:
        families: estimates of each indicator in the countries, in the order of their codes, from
            ``families.families_of``; the result has their order. Means, totals and what some
            children only were asked have no row, for their denominators are others.
        countries: rows of the countries file.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of the rank sets.
        confidence: level of all intervals.
        draws: behind the critical values of the rank sets.

    Returns:
        The columns of :data:`DENOMINATOR_TABLE`, two rows per country that is shown and comparable.
        Numbers of children are the same in both rows; ``population`` is what ``estimate`` is a
        share of. Ranks are simultaneous sets of ``mogstad_step_down``, for internet-using children
        those of ``ranks.rank_sets``. What rests on a number that the countries file lacks is
        missing.
    """
    codes, draws = sorted(countries), draws or Draws()
    sizes = populations(countries, codes)
    years = np.array([countries[code].children_year or np.nan for code in codes])
    parts = [
        _one_indicator(family, sizes, years, alpha, confidence, draws)
        for family in families
        if is_of_all_users(family.indicator)
    ]
    table = pd.concat(parts or [pd.DataFrame()], ignore_index=True)
    return in_shape(table.assign(data_kind=data_kind), DENOMINATOR_TABLE)


def is_of_all_users(indicator: Indicator) -> bool:
    """Return whether it is a proportion of all internet-using children."""
    return indicator.statistic == "proportion" and not indicator.universe


def product_interval(
    p: Floats, low: Floats, high: Floats, rate: Floats, rate_se: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Return the limits of ``p rate``, see the head of this module.

    Where ``p`` is 0 the upper limit is the product of the two upper limits.
    """
    reach = ndtri((1 + confidence) / 2) * rate_se / rate
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.hypot(np.log(p / low), reach)
        above = np.hypot(np.log(high / p), reach)
        lower = np.where(p > 0, p * rate * np.exp(-below), 0.0)
        upper = np.where(p > 0, p * rate * np.exp(above), high * rate * np.exp(reach))
    unknown = np.isnan(p) | np.isnan(rate)
    lower, upper = (np.where(unknown, np.nan, limit) for limit in (lower, upper))
    return lower, np.minimum(upper, 1.0)


def _one_indicator(
    family: Family, sizes: Populations, years: Floats, alpha: float, confidence: float, draws: Draws
) -> pd.DataFrame:
    p, rate = family.estimate, sizes.rate
    # As estimated: none at 0 % and 100 %.
    se = np.where(family.replaced, 0.0, family.se)
    low, high = product_interval(p, family.low, family.high, rate, sizes.rate_se, confidence)
    se_all = np.hypot(rate * se, p * sizes.rate_se)
    of_users = (p, se, family.low, family.high, sizes.users)
    of_all = (p * rate, se_all, low, high, sizes.children)
    shared = {
        "indicator": family.indicator.id,
        "country": family.codes,
        "n": family.n,
        "children": sizes.children * p * rate,
        "children_low": sizes.children * low,
        "children_high": sizes.children * high,
        "population_year": years,
        "population_source": sizes.children_sources,
        "internet_use_rate": rate,
        "internet_use_source": sizes.rate_sources,
        "rate_uncertainty": sizes.rate_uncertainty,
        "rate_uncertainty_source": sizes.rate_se_sources,
    }
    tables = []
    for denominator, (estimate, error, lower, upper, size) in zip(
        DENOMINATORS, (of_users, of_all), strict=True
    ):
        ranks = _ranks(*ranked_on(family, sizes, denominator), alpha, draws)
        numbers = {
            "denominator": denominator,
            "estimate": estimate,
            "se": error,
            "ci_low": lower,
            "ci_high": upper,
            "rank_low": ranks[0],
            "rank_high": ranks[1],
            "population": size,
        }
        tables.append(pd.DataFrame(shared | numbers))
    both = pd.concat(tables).sort_values("country", kind="stable")
    return both[both["n"].notna()]


def ranked_on(
    family: Family, sizes: Populations, denominator: str
) -> tuple[Floats, Floats, Floats]:
    """Return what countries are ranked by: log-odds, their standard errors, degrees of freedom.

    Args:
        family: estimates of an indicator.
        sizes: of the same countries.
        denominator: of :data:`DENOMINATORS`.
    """
    if denominator == DENOMINATORS[0]:
        return family.y, np.sqrt(family.v), family.df
    p = expit(family.y)
    of_all = p * sizes.rate
    log_odds, variance = to_log_odds(of_all, np.hypot(sizes.rate * family.se, p * sizes.rate_se))
    se = sizes.rate * np.where(family.replaced, 0.0, family.se)
    se_all = np.hypot(se, family.estimate * sizes.rate_se)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Satterthwaite's, for a rate whose error has degrees of freedom without limit.
        df_all = np.where(se_all > 0, family.df * (se_all / se) ** 4, family.df)
    return log_odds, np.sqrt(variance), df_all


def _ranks(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> tuple[Floats, Floats]:
    known = ~np.isnan(estimate)
    ranks = np.full((2, len(estimate)), np.nan)
    numbers = (estimate[known], se[known], df[known])
    ranks[:, known] = rank_limits(*numbers, "mogstad_step_down", "simultaneous", alpha, draws)
    return ranks[0], ranks[1]
