"""Averages of several countries, in three ways that answer different questions.

- ``population_weighted``: of all internet-using children of these countries together, how many?
- ``equal_country``: what is the mean of the countries, each counting the same?
- ``random_effects``: around which value do countries like these lie, and how far do they spread?

Countries were chosen, not sampled from a list of countries. The third number is therefore a
description under a model, and every table says so.

A country whose estimate is hidden counts with its bound, as leaving it out would select: it is
hidden mostly where few said yes. The average is then no single number but a set, the one with the
lower ends of the bounds to the one with the upper ends, and the interval covers the average of all
countries wherever it lies in the set. Where the set is wider than :data:`WIDEST` nothing is told of
the average but whose share is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from scipy.special import expit, logit

from designbased.arrays import Floats
from disrupting_harm.comparison.pooling.averages import (
    average,
    error_of_average,
    is_boundary,
    limits_of_set,
    share_variance,
)
from disrupting_harm.comparison.pooling.families import Family
from disrupting_harm.comparison.pooling.prediction import prediction_interval
from disrupting_harm.comparison.pooling.random_effects import RandomEffects, random_effects
from disrupting_harm.comparison.populations import Populations, country_groups, country_populations
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

ON_SCALE = ["estimate", "ci_low", "ci_high"]
PREDICTION = ["prediction_low", "prediction_high"]
MODEL = ["tau2", "tau2_low", "tau2_high", "i2", "q", "q_df", "q_p"]
# With two countries a variance between them is hardly known.
FEWEST = 3
# As proportions: a wider set says little, and nothing that the bounds do not.
WIDEST = 0.1
# How many children of a hidden sample may have said yes, beside what the end of its bound allows.
POSSIBLE_YES = (0.5, 2.5, 10.0)
# With more hidden countries than these only those completions are taken in which all are alike.
EVERY_CORNER = 6
NOT_SAMPLED = (
    "countries were chosen, not sampled: this describes countries like these under a model"
)
NO_SUCH_WEIGHTS = "a total, or asked of some only, whose number is not known"
SIZE_UNKNOWN = "size of the population not available"

CountryMask = NDArray[np.bool_]
Row = dict[str, Any]
PoolKey = tuple[str, str]


class Weights(NamedTuple):
    """Weights of countries in an average, not scaled, and their standard errors; (K,) each."""

    weight: Floats
    error: Floats


def pool_countries(
    families: Sequence[Family],
    countries: Mapping[str, Country],
    data_kind: str,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Pool each indicator over all countries and over each region, in three ways.

    Args:
        families: estimates of each indicator in the countries, in the order of their codes, from
            ``families.build_families``; the result has their order.
        countries: rows of the countries file, for regions and numbers of children.

    Returns:
        The columns of ``comparison/pooled``; ``group`` is ``all`` or a region, ``countries`` how
        many are pooled, ``smallest_n`` the valid answers of the smallest of their samples,
        ``left_out`` the others of the group with their reasons. Estimates and limits are on the
        scale of the indicator; ``tau2`` of proportions is on that of log-odds. The columns of
        :data:`PREDICTION` and :data:`MODEL` belong to ``random_effects`` alone. Without enough
        countries a row has no numbers, and ``note`` says why.

        Where countries count with their bounds, ``bounded`` names them, ``estimate`` is missing and
        the average lies between ``set_low`` and ``set_high``; a model then has limits alone.
    """
    populations, groups = (
        country_populations(countries, sorted(countries)),
        country_groups(countries),
    )
    models = _pool_all(
        {
            (family.indicator.id, group): (family, members)
            for family in families
            for group, members in groups.items()
        },
        confidence,
        predict=True,
    )
    rows: list[Row] = []
    for family in families:
        for group, members in groups.items():
            estimated, bounded = family.members(members), family.bounded(members)
            reasons = {code: reason for code, reason in family.left_out.items() if code in members}
            keys = {"indicator": family.indicator.id, "group": group}
            for numbers in (
                _population_weighted(family, estimated, bounded, populations, confidence),
                _equal_country(family, estimated, bounded, confidence),
                _random_effects(family, estimated, bounded, models[family.indicator.id, group]),
            ):
                left_out = reasons | numbers.pop("left_out", {})
                rows.append(keys | numbers | {"left_out": describe_left_out(left_out)})
    return _shape_table(rows, restricted_contract("comparison/pooled"), data_kind)


def pool_without_each(
    families: Sequence[Family], data_kind: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the random-effects estimate of all countries but one, for each of them.

    Arguments as for :func:`pool_countries`.

    Returns:
        The columns of ``comparison/leave_one_out``, for indicators in more than :data:`FEWEST`
        countries with an estimate: one row without each of these, and without each that counts with
        its bound. As long as one of those is left a row has a set and its limits, as in
        :func:`pool_countries`.
    """
    pools = {
        (family.indicator.id, without): (family, [c for c in family.codes if c != without])
        for family in families
        if family.members(family.codes).sum() > FEWEST
        for without in join_codes(
            family, family.members(family.codes) | family.bounded(family.codes)
        ).split()
    }
    rows = []
    for (indicator, without), model in _pool_all(pools, confidence).items():
        family, codes = pools[indicator, without]
        row = _random_effects(family, family.members(codes), family.bounded(codes), model)
        rows.append(row | {"indicator": indicator, "without": without})
    return _shape_table(rows, restricted_contract("comparison/leave_one_out"), data_kind)


def _pool_all(
    pools: Mapping[PoolKey, tuple[Family, Sequence[str]]], confidence: float, predict: bool = False
) -> dict[PoolKey, Row]:
    """Return the random-effects numbers of pools, made all at once.

    A pool with a hidden country is pooled with each value that the country may have.

    Args:
        pools: an indicator and codes of its countries, by the keys of the result.
        predict: whether limits for another country are wanted, which take time.
    """
    if not pools:
        return {}
    completed = [complete_pools(*pool) for pool in pools.values()]
    y, v = (np.concatenate(arrays) for arrays in zip(*completed, strict=True))
    results = random_effects(y, v, confidence)
    if predict:
        low, high = prediction_interval(y, v, confidence)
        results = replace(results, prediction_low=low, prediction_high=high)
    ends = np.cumsum([len(y) for y, _ in completed])
    return {
        key: _format_model_row(family, results, slice(end - len(y), end))
        for (key, (family, _)), (y, _), end in zip(pools.items(), completed, ends, strict=True)
    }


def complete_pools(family: Family, group: Sequence[str]) -> tuple[Floats, Floats]:
    """Return (P, K) estimates and variances of a group's pools, on the scale of the model.

    There is one pool, or one for each set of values that hidden countries may have: all alike, and,
    of few, every corner. Their variances are those of the largest design effect and sample that the
    country's other estimates tell.
    """
    estimated, bounded = family.members(group), family.bounded(group)
    y = np.where(estimated, family.y, np.nan)[np.newaxis]
    if estimated.sum() < FEWEST or np.isnan(family.deff[bounded]).any():
        return np.full_like(y, np.nan), family.v[np.newaxis]
    hidden: list[int] = np.flatnonzero(bounded).tolist()
    shares_by_country = [_possible_shares(family, position) for position in hidden]
    steps = max(map(len, shares_by_country), default=1)
    alike = [
        [shares[min(step, len(shares) - 1)] for shares in shares_by_country]
        for step in range(steps)
    ]
    corners = product(*[(shares[0], shares[-1]) for shares in shares_by_country])
    combinations = sorted(
        {*map(tuple, alike), *(corners if len(shares_by_country) <= EVERY_CORNER else ())}
    )
    y, v = (np.repeat(array, len(combinations), axis=0) for array in (y, family.v[np.newaxis]))
    if len(hidden):
        p = np.array(combinations)
        y[:, hidden], v[:, hidden] = (
            logit(p),
            family.deff[hidden] / (family.sample_size[hidden] * p * (1 - p)),
        )
    return y, v


def _possible_shares(family: Family, position: int) -> list[float]:
    """Return shares, rising, that a hidden country may have, without 0 and 1."""
    low, high, n = (
        family.bound_low[position],
        family.bound_high[position],
        family.sample_size[position],
    )
    small_shares = [yes / n for yes in POSSIBLE_YES]
    shares = {*small_shares, *(1 - share for share in small_shares), low, high}
    return sorted(share for share in shares if low <= share <= high and 0 < share < 1)


def _format_model_row(family: Family, results: RandomEffects, pools: slice) -> Row:
    """Return the numbers of a pool, or the ends that hold those of all its completions."""
    scaled = {
        name: _from_model_scale(family, getattr(results, name)[pools])
        for name in [*ON_SCALE, *PREDICTION]
    }
    if pools.stop - pools.start == 1:
        numbers = scaled | {name: getattr(results, name)[pools] for name in MODEL}
        return {name: float(values[0]) for name, values in numbers.items()}
    lowest, highest = (
        {name: float(extreme(values)) for name, values in scaled.items()}
        for extreme in (np.min, np.max)
    )
    return {
        "set_low": lowest["estimate"],
        "set_high": highest["estimate"],
        **{name: lowest[name] for name in ("ci_low", "prediction_low")},
        **{name: highest[name] for name in ("ci_high", "prediction_high")},
    }


def _random_effects(
    family: Family, estimated: CountryMask, bounded: CountryMask, model: Row
) -> Row:
    scale = "log-odds" if family.proportion else "the indicator, not of log-odds"
    notes = [f"REML with modified Hartung-Knapp interval on the scale of {scale}"]
    unknown = bounded & np.isnan(family.deff)
    if estimated.sum() < FEWEST:
        notes, model = [f"fewer than {FEWEST} countries"], {}
    elif unknown.any():
        notes, model = [f"nothing is known of the sample of {join_codes(family, unknown)}"], {}
    without_error = estimated & family.replaced
    if without_error.any():
        notes.append(
            f"{join_codes(family, without_error)}: from its interval, having no standard error"
        )
    notes.append(NOT_SAMPLED)
    row = {
        "estimand": "random_effects",
        **_describe_pool(family, estimated, bounded, notes),
        **model,
    }
    return _without_wide_set(row, family, bounded)


def _equal_country(
    family: Family, estimated: CountryMask, bounded: CountryMask, confidence: float
) -> Row:
    notes = ["each country counts the same", *_describe_errors(family, estimated)]
    ones = np.ones(len(estimated))
    numbers = average_countries(family, estimated, bounded, Weights(ones, 0 * ones), confidence)
    row = {
        "estimand": "equal_country",
        **_describe_pool(family, estimated, bounded, notes),
        **numbers,
    }
    return _without_wide_set(row, family, bounded)


def _population_weighted(
    family: Family,
    estimated: CountryMask,
    bounded: CountryMask,
    populations: Populations,
    confidence: float,
) -> Row:
    keys: Row = {"estimand": "population_weighted"}
    if family.indicator.statistic == "total" or family.indicator.universe:
        nobody = np.zeros_like(estimated)
        return keys | _describe_pool(family, nobody, nobody, [NO_SUCH_WEIGHTS])
    estimated, bounded, left_out = select_known_sizes(family, estimated, bounded, populations)
    members = estimated | bounded
    notes = [f"weights are internet users of the ages asked; {populations.sources(members)}"]
    notes += describe_exact_use(family, members, populations)
    notes += _describe_errors(family, estimated)
    weights = Weights(
        populations.users,
        populations.children * populations.rate_se,
    )
    numbers = average_countries(family, estimated, bounded, weights, confidence)
    row = keys | _describe_pool(family, estimated, bounded, notes) | numbers
    return _without_wide_set(row, family, bounded) | {"left_out": left_out}


def select_known_sizes(
    family: Family,
    estimated: CountryMask,
    bounded: CountryMask,
    populations: Populations,
) -> tuple[CountryMask, CountryMask, dict[str, str]]:
    """Return the countries whose number of children is known, and why the others are left out."""
    has_size = ~np.isnan(populations.users)
    codes_without_size = join_codes(family, (estimated | bounded) & ~has_size).split()
    return estimated & has_size, bounded & has_size, dict.fromkeys(codes_without_size, SIZE_UNKNOWN)


def average_countries(
    family: Family,
    estimated: CountryMask,
    bounded: CountryMask,
    weights: Weights,
    confidence: float,
) -> Row:
    """Return an average of countries with its interval, or the set in which it lies.

    Args:
        estimated, bounded: (K,) countries with an estimate, and hidden ones with a bound.
    """
    if not estimated.any():
        return {}
    if bounded.any():
        return _average_set(family, estimated, bounded, weights, confidence)
    estimate, se, df, weight, weight_error = (
        values[estimated] for values in (family.estimate, family.se, family.df, *weights)
    )
    shares = weight / weight.sum()
    variance_of_shares = share_variance(
        float((shares * estimate).sum()), estimate, weight, weight_error
    )
    mean, low, high = average(
        estimate, se, df, shares, confidence, family.proportion, variance_of_shares
    )
    if np.isnan(low):
        # All at 0 %, or all at 100 %: the mean of the limits, which is on the safe side.
        low = float((shares * family.low[estimated]).sum())
        high = float((shares * family.high[estimated]).sum())
    return {"estimate": mean, "ci_low": low, "ci_high": high}


def _average_set(
    family: Family,
    estimated: CountryMask,
    bounded: CountryMask,
    weights: Weights,
    confidence: float,
) -> Row:
    """Return the ends of the set of an average, and limits that cover it.

    A bound holds for all children of its country, so that it has no error of its own; that of the
    sizes is taken at the middle of the set.
    """
    weight = np.where(estimated | bounded, weights.weight, 0.0)
    shares = weight / weight.sum()
    ends = [
        np.where(bounded, bound, np.where(estimated, family.estimate, 0.0))
        for bound in (family.bound_low, family.bound_high)
    ]
    low, high = (float((shares * end).sum()) for end in ends)
    middle = np.add(*ends) / 2
    errors = np.where(estimated | bounded, weights.error, 0.0)
    variance_of_shares = share_variance((low + high) / 2, middle, weight, errors)
    se, df = error_of_average(
        family.se[estimated], family.df[estimated], shares[estimated], variance_of_shares
    )
    if is_boundary(np.array([low, high])).any():
        # All shown are at 0 %, or at 100 %: the mean of the limits, which is on the safe side.
        limits = [
            np.where(bounded, bound, np.where(estimated, limit, 0.0))
            for bound, limit in ((family.bound_low, family.low), (family.bound_high, family.high))
        ]
        ci_low, ci_high = (float((shares * limit).sum()) for limit in limits)
    else:
        ci_low, ci_high = limits_of_set(low, high, se, df, confidence)
    return {"set_low": low, "set_high": high, "ci_low": ci_low, "ci_high": ci_high}


def _without_wide_set(row: Row, family: Family, bounded: CountryMask) -> Row:
    """Return the row without numbers where its set is so wide that they would say little."""
    if not row.get("set_high", 0.0) - row.get("set_low", 0.0) > WIDEST:
        return row
    numbers = ("set_low", "set_high", "ci_low", "ci_high", *PREDICTION)
    without = {key: value for key, value in row.items() if key not in numbers}
    return without | {"note": describe_wide_set(family, bounded)}


def describe_wide_set(family: Family, bounded: CountryMask) -> str:
    """Return why there is no number where hidden shares could move it too far."""
    return f"the share of {join_codes(family, bounded)} is hidden, and could be almost any"


def describe_exact_use(family: Family, members: CountryMask, populations: Populations) -> list[str]:
    """Return whose internet-use rates are taken as exact; nothing where none is."""
    exact = members & populations.exact
    return [f"internet use taken as exact: {join_codes(family, exact)}"] if exact.any() else []


def _describe_errors(family: Family, estimated: CountryMask) -> list[str]:
    scale = "log-odds" if family.proportion else "the indicator"
    notes = [f"t interval on the scale of {scale} with Satterthwaite's degrees of freedom"]
    if (estimated & family.replaced).any():
        notes.append(f"{join_codes(family, estimated & family.replaced)}: error from its interval")
    return notes


def _describe_pool(
    family: Family, estimated: CountryMask, bounded: CountryMask, notes: Sequence[str]
) -> Row:
    """Return how many countries are pooled, the smallest sample of them, and the notes."""
    if not estimated.any():
        notes = ["no country can be pooled", *notes[-1:]]
    elif bounded.any():
        notes = [*notes, f"{join_codes(family, bounded)}: with the printed bound, or from 0 to 1"]
    smallest = float(np.min(family.n[estimated])) if estimated.any() else np.nan
    return {
        "countries": int((estimated | bounded).sum()) if estimated.any() else 0,
        "smallest_n": smallest,
        "bounded": join_codes(family, bounded) if estimated.any() else "",
        "note": "; ".join(notes),
    }


def describe_left_out(reasons: Mapping[str, str]) -> str:
    """Return the countries with their reasons in one text."""
    return "; ".join(f"{code}: {reasons[code]}" for code in sorted(reasons))


def join_codes(family: Family, countries: CountryMask) -> str:
    """Return the codes of the chosen countries."""
    return " ".join(np.array(family.codes)[countries])


def _from_model_scale(family: Family, value: Floats) -> Floats:
    return np.asarray(expit(value) if family.proportion else value, dtype=float)


def _shape_table(rows: list[Row], contract: pa.DataFrameSchema, data_kind: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(contract.columns)).assign(data_kind=data_kind)
    return in_shape(table, contract)
