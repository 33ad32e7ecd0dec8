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
from disrupting_harm.comparison.populations import Populations, country_populations
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

DENOMINATORS = ("internet_using_children", "all_children")


def estimate_by_denominator(
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
            ``families.build_families``; the result has their order. Means, totals and what some
            children only were asked have no row, for their denominators are others.
        countries: rows of the countries file.

    Returns:
        The columns of ``comparison/denominators``, two rows per country that is shown and
        comparable. Numbers of children are the same in both rows; ``population`` is what
        ``estimate`` is a share of. Ranks are simultaneous sets of ``mogstad_step_down``, for
        internet-using children those of ``rank_sets.rank_sets``. What rests on a number that the
        countries file lacks is missing.
    """
    codes, draws = sorted(countries), draws or Draws()
    populations = country_populations(countries, codes)
    years = np.array([countries[code].children_year or np.nan for code in codes])
    tables = [
        _estimate_indicator(family, populations, years, alpha, confidence, draws)
        for family in families
        if covers_all_users(family.indicator)
    ]
    table = pd.concat(tables or [pd.DataFrame()], ignore_index=True)
    return in_shape(
        table.assign(data_kind=data_kind), restricted_contract("comparison/denominators")
    )


def covers_all_users(indicator: Indicator) -> bool:
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
        lower_distance = np.hypot(np.log(p / low), reach)
        upper_distance = np.hypot(np.log(high / p), reach)
        lower = np.where(p > 0, p * rate * np.exp(-lower_distance), 0.0)
        upper = np.where(p > 0, p * rate * np.exp(upper_distance), high * rate * np.exp(reach))
    is_missing = np.isnan(p) | np.isnan(rate)
    lower, upper = (np.where(is_missing, np.nan, limit) for limit in (lower, upper))
    return lower, np.minimum(upper, 1.0)


def _estimate_indicator(
    family: Family,
    populations: Populations,
    years: Floats,
    alpha: float,
    confidence: float,
    draws: Draws,
) -> pd.DataFrame:
    p, rate = family.estimate, populations.rate
    # As estimated: none at 0 % and 100 %.
    se = np.where(family.replaced, 0.0, family.se)
    low, high = product_interval(p, family.low, family.high, rate, populations.rate_se, confidence)
    se_all = np.hypot(rate * se, p * populations.rate_se)
    of_users = (p, se, family.low, family.high, populations.users)
    of_all = (p * rate, se_all, low, high, populations.children)
    shared = {
        "indicator": family.indicator.id,
        "country": family.codes,
        "n": family.n,
        "children": populations.children * p * rate,
        "children_low": populations.children * low,
        "children_high": populations.children * high,
        "population_year": years,
        "population_source": populations.children_sources,
        "internet_use_rate": rate,
        "internet_use_source": populations.rate_sources,
        "rate_uncertainty": populations.rate_uncertainty,
        "rate_uncertainty_source": populations.rate_se_sources,
    }
    tables = []
    for denominator, (estimate, error, lower, upper, population) in zip(
        DENOMINATORS, (of_users, of_all), strict=True
    ):
        ranks = _rank_sets(*ranking_scale(family, populations, denominator), alpha, draws)
        numbers = {
            "denominator": denominator,
            "estimate": estimate,
            "se": error,
            "ci_low": lower,
            "ci_high": upper,
            "rank_low": ranks[0],
            "rank_high": ranks[1],
            "population": population,
        }
        tables.append(pd.DataFrame(shared | numbers))
    by_country = pd.concat(tables).sort_values("country", kind="stable")
    return by_country[by_country["n"].notna()]


def ranking_scale(
    family: Family, populations: Populations, denominator: str
) -> tuple[Floats, Floats, Floats]:
    """Return what countries are ranked by: log-odds, their standard errors, degrees of freedom.

    Args:
        denominator: of :data:`DENOMINATORS`.
    """
    if denominator == DENOMINATORS[0]:
        return family.y, np.sqrt(family.v), family.df
    p = expit(family.y)
    of_all = p * populations.rate
    log_odds, variance = to_log_odds(
        of_all,
        np.hypot(populations.rate * family.se, p * populations.rate_se),
    )
    se = populations.rate * np.where(family.replaced, 0.0, family.se)
    se_all = np.hypot(se, family.estimate * populations.rate_se)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Satterthwaite's, for a rate whose error has degrees of freedom without limit.
        df_all = np.where(se_all > 0, family.df * (se_all / se) ** 4, family.df)
    return log_odds, np.sqrt(variance), df_all


def _rank_sets(
    estimate: Floats, se: Floats, df: Floats, alpha: float, draws: Draws
) -> tuple[Floats, Floats]:
    present = ~np.isnan(estimate)
    ranks = np.full((2, len(estimate)), np.nan)
    numbers = (estimate[present], se[present], df[present])
    ranks[:, present] = rank_limits(*numbers, "mogstad_step_down", "simultaneous", alpha, draws)
    return ranks[0], ranks[1]
