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
from disrupting_harm.comparison.populations import Populations, country_groups, populations
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.comparison_contracts import LEAVE_ONE_OUT, POOLED
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
CHOSEN = "countries were chosen, not sampled: this describes countries like these under a model"
NO_SUCH_WEIGHTS = "a total, or asked of some only, whose number is not known"
SIZE_UNKNOWN = "size of the population not available"

Chosen = NDArray[np.bool_]
Row = dict[str, Any]
Key = tuple[str, str]


class Weights(NamedTuple):
    """Weights of countries in an average, not scaled, and their standard errors; (K,) each."""

    size: Floats
    error: Floats


def pooled(
    families: Sequence[Family],
    countries: Mapping[str, Country],
    data_kind: str,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Pool each indicator over all countries and over each region, in three ways.

    Args:
        families: estimates of each indicator in the countries, in the order of their codes, from
            ``families.families_of``; the result has their order.
        countries: rows of the countries file, for regions and numbers of children.
        data_kind: ``simulated`` or ``observed``.
        confidence: level of all intervals.

    Returns:
        The columns of :data:`POOLED`; ``group`` is ``all`` or a region, ``countries`` how many
        are pooled, ``smallest_n`` the valid answers of the smallest of their samples, ``left_out``
        the others of the group with their reasons. Estimates and limits are on the scale of the
        indicator; ``tau2`` of proportions is on that of log-odds. The columns of
        :data:`PREDICTION` and :data:`MODEL` belong to ``random_effects`` alone. Without enough
        countries a row has no numbers, and ``note`` says why.

        Where countries count with their bounds, ``bounded`` names them, ``estimate`` is missing and
        the average lies between ``set_low`` and ``set_high``; a model then has limits alone.
    """
    sizes, groups = populations(countries, sorted(countries)), country_groups(countries)
    models = _models(
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
            chosen, bounded = family.members(members), family.bounded(members)
            outside = {code: reason for code, reason in family.left_out.items() if code in members}
            keys = {"indicator": family.indicator.id, "group": group}
            for found in (
                _population_weighted(family, chosen, bounded, sizes, confidence),
                _equal_country(family, chosen, bounded, confidence),
                _random_effects(family, chosen, bounded, models[family.indicator.id, group]),
            ):
                left_out = outside | found.pop("left_out", {})
                rows.append(keys | found | {"left_out": describe_left_out(left_out)})
    return _table(rows, POOLED, data_kind)


def pooled_without_each(
    families: Sequence[Family], data_kind: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the random-effects estimate of all countries but one, for each of them.

    Arguments as for :func:`pooled`.

    Returns:
        The columns of :data:`LEAVE_ONE_OUT`, for indicators in more than :data:`FEWEST` countries
        with an estimate: one row without each of these, and without each that counts with its
        bound. As long as one of those is left a row has a set and its limits, as in :func:`pooled`.
    """
    pools = {
        (family.indicator.id, without): (family, [c for c in family.codes if c != without])
        for family in families
        if family.members(family.codes).sum() > FEWEST
        for without in names_of(
            family, family.members(family.codes) | family.bounded(family.codes)
        ).split()
    }
    rows = []
    for (indicator, without), model in _models(pools, confidence).items():
        family, rest = pools[indicator, without]
        row = _random_effects(family, family.members(rest), family.bounded(rest), model)
        rows.append(row | {"indicator": indicator, "without": without})
    return _table(rows, LEAVE_ONE_OUT, data_kind)


def _models(
    pools: Mapping[Key, tuple[Family, Sequence[str]]], confidence: float, predict: bool = False
) -> dict[Key, Row]:
    """Return the random-effects numbers of pools, made all at once.

    A pool with a hidden country is pooled with each value that the country may have.

    Args:
        pools: an indicator and codes of its countries, by the keys of the result.
        confidence: level of all intervals.
        predict: whether limits for another country are wanted, which take time.
    """
    if not pools:
        return {}
    completed = [completions(*pool) for pool in pools.values()]
    y, v = (np.concatenate(parts) for parts in zip(*completed, strict=True))
    found = random_effects(y, v, confidence)
    if predict:
        low, high = prediction_interval(y, v, confidence)
        found = replace(found, prediction_low=low, prediction_high=high)
    ends = np.cumsum([len(y) for y, _ in completed])
    return {
        key: _model_row(family, found, slice(end - len(y), end))
        for (key, (family, _)), (y, _), end in zip(pools.items(), completed, ends, strict=True)
    }


def completions(family: Family, group: Sequence[str]) -> tuple[Floats, Floats]:
    """Return (P, K) estimates and variances of a group's pools, on the scale of the model.

    There is one pool, or one for each set of values that hidden countries may have: all alike, and,
    of few, every corner. Their variances are those of the largest design effect and sample that the
    country's other estimates tell.
    """
    chosen, bounded = family.members(group), family.bounded(group)
    y = np.where(chosen, family.y, np.nan)[np.newaxis]
    if chosen.sum() < FEWEST or np.isnan(family.deff[bounded]).any():
        return np.full_like(y, np.nan), family.v[np.newaxis]
    places: list[int] = np.flatnonzero(bounded).tolist()
    values = [_possible_shares(family, place) for place in places]
    most = max(map(len, values), default=1)
    alike = [[own[min(step, len(own) - 1)] for own in values] for step in range(most)]
    corners = product(*[(own[0], own[-1]) for own in values])
    taken = sorted({*map(tuple, alike), *(corners if len(values) <= EVERY_CORNER else ())})
    y, v = (np.repeat(one, len(taken), axis=0) for one in (y, family.v[np.newaxis]))
    if len(places):
        p = np.array(taken)
        y[:, places], v[:, places] = (
            logit(p),
            family.deff[places] / (family.size[places] * p * (1 - p)),
        )
    return y, v


def _possible_shares(family: Family, place: int) -> list[float]:
    """Return shares, rising, that a hidden country may have, without 0 and 1."""
    low, high, n = family.bound_low[place], family.bound_high[place], family.size[place]
    few = [yes / n for yes in POSSIBLE_YES]
    shares = {*few, *(1 - share for share in few), low, high}
    return sorted(share for share in shares if low <= share <= high and 0 < share < 1)


def _model_row(family: Family, found: RandomEffects, pools: slice) -> Row:
    """Return the numbers of a pool, or the ends that hold those of all its completions."""
    scaled = {name: _back(family, getattr(found, name)[pools]) for name in [*ON_SCALE, *PREDICTION]}
    if pools.stop - pools.start == 1:
        numbers = scaled | {name: getattr(found, name)[pools] for name in MODEL}
        return {name: float(one[0]) for name, one in numbers.items()}
    lowest, highest = (
        {name: float(end(one)) for name, one in scaled.items()} for end in (np.min, np.max)
    )
    return {
        "set_low": lowest["estimate"],
        "set_high": highest["estimate"],
        **{name: lowest[name] for name in ("ci_low", "prediction_low")},
        **{name: highest[name] for name in ("ci_high", "prediction_high")},
    }


def _random_effects(family: Family, chosen: Chosen, bounded: Chosen, model: Row) -> Row:
    scale = "log-odds" if family.proportion else "the indicator, not of log-odds"
    notes = [f"REML with modified Hartung-Knapp interval on the scale of {scale}"]
    unknown = bounded & np.isnan(family.deff)
    if chosen.sum() < FEWEST:
        notes, model = [f"fewer than {FEWEST} countries"], {}
    elif unknown.any():
        notes, model = [f"nothing is known of the sample of {names_of(family, unknown)}"], {}
    bare = chosen & family.replaced
    if bare.any():
        notes.append(f"{names_of(family, bare)}: from its interval, having no standard error")
    notes.append(CHOSEN)
    row = {"estimand": "random_effects", **_about(family, chosen, bounded, notes), **model}
    return _without_wide_set(row, family, bounded)


def _equal_country(family: Family, chosen: Chosen, bounded: Chosen, confidence: float) -> Row:
    notes = ["each country counts the same", *_about_errors(family, chosen)]
    ones = np.ones(len(chosen))
    numbers = averaged(family, chosen, bounded, Weights(ones, 0 * ones), confidence)
    row = {"estimand": "equal_country", **_about(family, chosen, bounded, notes), **numbers}
    return _without_wide_set(row, family, bounded)


def _population_weighted(
    family: Family, chosen: Chosen, bounded: Chosen, sizes: Populations, confidence: float
) -> Row:
    found: Row = {"estimand": "population_weighted"}
    if family.indicator.statistic == "total" or family.indicator.universe:
        nobody = np.zeros_like(chosen)
        return found | _about(family, nobody, nobody, [NO_SUCH_WEIGHTS])
    chosen, bounded, left_out = with_known_size(family, chosen, bounded, sizes)
    members = chosen | bounded
    notes = [f"weights are internet users of the ages asked; {sizes.sources(members)}"]
    notes += notes_of_exact_use(family, members, sizes)
    notes += _about_errors(family, chosen)
    weights = Weights(sizes.users, sizes.children * sizes.rate_se)
    numbers = averaged(family, chosen, bounded, weights, confidence)
    row = found | _about(family, chosen, bounded, notes) | numbers
    return _without_wide_set(row, family, bounded) | {"left_out": left_out}


def with_known_size(
    family: Family, chosen: Chosen, bounded: Chosen, sizes: Populations
) -> tuple[Chosen, Chosen, dict[str, str]]:
    """Return the countries whose number of children is known, and why the others are left out."""
    known = ~np.isnan(sizes.users)
    unknown = names_of(family, (chosen | bounded) & ~known).split()
    return chosen & known, bounded & known, dict.fromkeys(unknown, SIZE_UNKNOWN)


def averaged(
    family: Family, chosen: Chosen, bounded: Chosen, weights: Weights, confidence: float
) -> Row:
    """Return an average of countries with its interval, or the set in which it lies.

    Args:
        family: estimates of an indicator.
        chosen, bounded: (K,) countries with an estimate, and hidden ones with a bound.
        weights: of the K countries.
        confidence: level of the interval.
    """
    if not chosen.any():
        return {}
    if bounded.any():
        return _averaged_set(family, chosen, bounded, weights, confidence)
    x, se, df, n, n_se = (
        values[chosen] for values in (family.estimate, family.se, family.df, *weights)
    )
    shares = n / n.sum()
    uncertain = share_variance(float((shares * x).sum()), x, n, n_se)
    mean, low, high = average(x, se, df, shares, confidence, family.proportion, uncertain)
    if np.isnan(low):
        # All at 0 %, or all at 100 %: the mean of the limits, which is on the safe side.
        low = float((shares * family.low[chosen]).sum())
        high = float((shares * family.high[chosen]).sum())
    return {"estimate": mean, "ci_low": low, "ci_high": high}


def _averaged_set(
    family: Family, chosen: Chosen, bounded: Chosen, weights: Weights, confidence: float
) -> Row:
    """Return the ends of the set of an average, and limits that cover it.

    A bound holds for all children of its country, so that it has no error of its own; that of the
    sizes is taken at the middle of the set.
    """
    n = np.where(chosen | bounded, weights.size, 0.0)
    shares = n / n.sum()
    ends = [
        np.where(bounded, bound, np.where(chosen, family.estimate, 0.0))
        for bound in (family.bound_low, family.bound_high)
    ]
    low, high = (float((shares * end).sum()) for end in ends)
    middle = np.add(*ends) / 2
    errors = np.where(chosen | bounded, weights.error, 0.0)
    uncertain = share_variance((low + high) / 2, middle, n, errors)
    se, df = error_of_average(family.se[chosen], family.df[chosen], shares[chosen], uncertain)
    if is_boundary(np.array([low, high])).any():
        # All shown are at 0 %, or at 100 %: the mean of the limits, which is on the safe side.
        limits = [
            np.where(bounded, bound, np.where(chosen, limit, 0.0))
            for bound, limit in ((family.bound_low, family.low), (family.bound_high, family.high))
        ]
        ci_low, ci_high = (float((shares * limit).sum()) for limit in limits)
    else:
        ci_low, ci_high = limits_of_set(low, high, se, df, confidence)
    return {"set_low": low, "set_high": high, "ci_low": ci_low, "ci_high": ci_high}


def _without_wide_set(row: Row, family: Family, bounded: Chosen) -> Row:
    """Return the row without numbers where its set is so wide that they would say little."""
    if not row.get("set_high", 0.0) - row.get("set_low", 0.0) > WIDEST:
        return row
    numbers = ("set_low", "set_high", "ci_low", "ci_high", *PREDICTION)
    without = {key: value for key, value in row.items() if key not in numbers}
    return without | {"note": note_of_wide_set(family, bounded)}


def note_of_wide_set(family: Family, bounded: Chosen) -> str:
    """Return why there is no number where hidden shares could move it too far."""
    return f"the share of {names_of(family, bounded)} is hidden, and could be almost any"


def notes_of_exact_use(family: Family, members: Chosen, sizes: Populations) -> list[str]:
    """Return whose internet-use rates are taken as exact; nothing where none is."""
    exact = members & sizes.exact
    return [f"internet use taken as exact: {names_of(family, exact)}"] if exact.any() else []


def _about_errors(family: Family, chosen: Chosen) -> list[str]:
    scale = "log-odds" if family.proportion else "the indicator"
    notes = [f"t interval on the scale of {scale} with Satterthwaite's degrees of freedom"]
    if (chosen & family.replaced).any():
        notes.append(f"{names_of(family, chosen & family.replaced)}: error from its interval")
    return notes


def _about(family: Family, chosen: Chosen, bounded: Chosen, notes: Sequence[str]) -> Row:
    """Return how many countries are pooled, the smallest sample of them, and the notes."""
    if not chosen.any():
        notes = ["no country can be pooled", *notes[-1:]]
    elif bounded.any():
        notes = [*notes, f"{names_of(family, bounded)}: with the printed bound, or from 0 to 1"]
    smallest = float(np.min(family.n[chosen])) if chosen.any() else np.nan
    return {
        "countries": int((chosen | bounded).sum()) if chosen.any() else 0,
        "smallest_n": smallest,
        "bounded": names_of(family, bounded) if chosen.any() else "",
        "note": "; ".join(notes),
    }


def describe_left_out(reasons: Mapping[str, str]) -> str:
    """Return the countries with their reasons in one text."""
    return "; ".join(f"{code}: {reasons[code]}" for code in sorted(reasons))


def names_of(family: Family, chosen: Chosen) -> str:
    """Return the codes of the chosen countries."""
    return " ".join(np.array(family.codes)[chosen])


def _back(family: Family, value: Floats) -> Floats:
    return np.asarray(expit(value) if family.proportion else value, dtype=float)


def _table(rows: list[Row], contract: pa.DataFrameSchema, data_kind: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(contract.columns)).assign(data_kind=data_kind)
    return in_shape(table, contract)
