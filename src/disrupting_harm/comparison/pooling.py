"""Averages of several countries, in three ways that answer different questions.

- ``population_weighted``: of all internet-using children of these countries together, how many?
- ``equal_country``: what is the mean of the countries, each counting the same?
- ``random_effects``: around which value do countries like these lie, and how far do they spread?

Countries were chosen, not sampled from a list of countries. The third number is therefore a
description under a model, and every table says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from scipy.special import expit

from disrupting_harm.comparison.averages import average, share_variance
from disrupting_harm.comparison.families import NOT_SHOWN, Family
from disrupting_harm.comparison.populations import Populations, populations
from disrupting_harm.comparison.prediction import prediction_interval
from disrupting_harm.comparison.random_effects import RandomEffects, leave_one_out, random_effects
from disrupting_harm.study.comparison_contracts import LEAVE_ONE_OUT, POOLED
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import ALL_COUNTRIES

ON_SCALE = ["estimate", "ci_low", "ci_high"]
PREDICTION = ["prediction_low", "prediction_high"]
MODEL = ["tau2", "tau2_low", "tau2_high", "i2", "q", "q_df", "q_p"]
# With two countries a variance between them is hardly known.
FEWEST = 3
CHOSEN = "countries were chosen, not sampled: this describes countries like these under a model"
NO_SUCH_WEIGHTS = "a total, or asked of some children only, whose number is not known"
SIZE_UNKNOWN = "number of internet-using children not available"
HIDDEN = "a country is hidden mostly where few said yes, without it the number may be too high"

Chosen = NDArray[np.bool_]
Row = dict[str, Any]


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
    """
    sizes, groups = populations(countries, sorted(countries)), _groups(countries)
    models = _models(families, groups, confidence)
    rows: list[Row] = []
    for family in families:
        for group, members in groups.items():
            chosen = family.members(members)
            outside = {code: reason for code, reason in family.left_out.items() if code in members}
            keys = {"indicator": family.indicator.id, "group": group}
            for found in (
                _population_weighted(family, chosen, sizes, confidence),
                _equal_country(family, chosen, confidence),
                _random_effects(family, chosen, models[family.indicator.id, group]),
            ):
                left_out = outside | found.pop("left_out", {})
                rows.append(keys | found | {"left_out": _listed(left_out)})
                if family.proportion and found["countries"] and NOT_SHOWN in left_out.values():
                    rows[-1]["note"] += f"; {HIDDEN}"
    return _table(rows, POOLED, data_kind)


def pooled_without_each(
    families: Sequence[Family], data_kind: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the random-effects estimate of all countries but one, for each of them.

    Arguments as for :func:`pooled`.

    Returns:
        The columns of :data:`LEAVE_ONE_OUT`, for indicators in more than :data:`FEWEST` countries.
    """
    families = [family for family in families if family.members(family.codes).sum() > FEWEST]
    if not families:
        return _table([], LEAVE_ONE_OUT, data_kind)
    y, v = (np.array([getattr(family, name) for family in families]) for name in "yv")
    found = leave_one_out(y, v, confidence)
    rows = [
        {
            "indicator": families[row].indicator.id,
            "without": families[row].codes[column],
            "smallest_n": float(np.nanmin(np.delete(families[row].n, column))),
            **{name: _back(families[row], getattr(found, name)[row, column]) for name in ON_SCALE},
            "tau2": float(found.tau2[row, column]),
        }
        for row, column in zip(*np.nonzero(~np.isnan(y)), strict=True)
    ]
    return _table(rows, LEAVE_ONE_OUT, data_kind)


def _groups(countries: Mapping[str, Country]) -> dict[str, list[str]]:
    """Return the countries of each group: all, and the regions where there are several."""
    codes = sorted(countries)
    regions = sorted({row.region for row in countries.values() if row.region})
    groups = {ALL_COUNTRIES: codes}
    if len(regions) > 1:
        groups |= {name: [c for c in codes if countries[c].region == name] for name in regions}
    return groups


def _models(
    families: Sequence[Family], groups: Mapping[str, Sequence[str]], confidence: float
) -> dict[tuple[str, str], Row]:
    """Return the random-effects numbers of every indicator and group, made all at once."""
    cells = [(family, group) for family in families for group in groups]
    if not cells:
        return {}
    y = np.stack([np.where(f.members(groups[group]), f.y, np.nan) for f, group in cells])
    y[(~np.isnan(y)).sum(axis=1) < FEWEST] = np.nan
    v = np.stack([family.v for family, _ in cells])
    found = random_effects(y, v, confidence)
    low, high = prediction_interval(y, v, confidence)
    found = replace(found, prediction_low=low, prediction_high=high)
    return {
        (family.indicator.id, group): _model_row(family, found, row)
        for row, (family, group) in enumerate(cells)
    }


def _model_row(family: Family, found: RandomEffects, row: int) -> Row:
    scaled = {name: _back(family, getattr(found, name)[row]) for name in [*ON_SCALE, *PREDICTION]}
    return scaled | {name: float(getattr(found, name)[row]) for name in MODEL}


def _random_effects(family: Family, chosen: Chosen, model: Row) -> Row:
    scale = "log-odds" if family.proportion else "the indicator, not of log-odds"
    notes = [f"REML with modified Hartung-Knapp interval on the scale of {scale}"]
    enough = chosen.sum() >= FEWEST
    if not enough:
        notes, model = [f"fewer than {FEWEST} countries"], {}
    bare = chosen & family.replaced
    if bare.any():
        notes.append(f"{_names(family, bare)}: from its interval, having no standard error")
    notes.append(CHOSEN)
    return {"estimand": "random_effects", **_about(family, chosen, notes), **model}


def _equal_country(family: Family, chosen: Chosen, confidence: float) -> Row:
    notes = ["each country counts the same", *_about_errors(family, chosen)]
    numbers = _averaged(family, chosen, np.ones(len(chosen)), 0 * family.se, confidence)
    return {"estimand": "equal_country", **_about(family, chosen, notes), **numbers}


def _population_weighted(
    family: Family, chosen: Chosen, sizes: Populations, confidence: float
) -> Row:
    found: Row = {"estimand": "population_weighted"}
    if family.indicator.statistic == "total" or family.indicator.universe:
        return found | _about(family, np.zeros_like(chosen), [NO_SUCH_WEIGHTS])
    unknown, chosen = chosen & np.isnan(sizes.users), chosen & ~np.isnan(sizes.users)
    left_out = dict.fromkeys(np.array(family.codes)[unknown].tolist(), SIZE_UNKNOWN)
    notes = [f"weights are internet-using children; {sizes.sources(chosen)}"]
    if (chosen & sizes.exact).any():
        notes.append(f"internet use taken as exact: {_names(family, chosen & sizes.exact)}")
    notes += _about_errors(family, chosen)
    errors = sizes.children * sizes.rate_se
    numbers = _averaged(family, chosen, sizes.users, errors, confidence)
    return found | _about(family, chosen, notes) | numbers | {"left_out": left_out}


def _averaged(
    family: Family, chosen: Chosen, sizes: np.ndarray, size_errors: np.ndarray, confidence: float
) -> Row:
    if not chosen.any():
        return {}
    x, se, df, n, n_se = (
        values[chosen] for values in (family.estimate, family.se, family.df, sizes, size_errors)
    )
    shares = n / n.sum()
    uncertain = share_variance(float((shares * x).sum()), x, n, n_se)
    mean, low, high = average(x, se, df, shares, confidence, family.proportion, uncertain)
    if np.isnan(low):
        # All at 0 %, or all at 100 %: the mean of the limits, which is on the safe side.
        low = float((shares * family.low[chosen]).sum())
        high = float((shares * family.high[chosen]).sum())
    return {"estimate": mean, "ci_low": low, "ci_high": high}


def _about_errors(family: Family, chosen: Chosen) -> list[str]:
    scale = "log-odds" if family.proportion else "the indicator"
    notes = [f"t interval on the scale of {scale} with Satterthwaite's degrees of freedom"]
    if (chosen & family.replaced).any():
        notes.append(f"{_names(family, chosen & family.replaced)}: error from its interval")
    return notes


def _about(family: Family, chosen: Chosen, notes: Sequence[str]) -> Row:
    """Return how many countries are pooled, the smallest sample of them, and the notes."""
    if not chosen.any():
        notes = ["no country can be pooled", *notes[-1:]]
    smallest = float(np.min(family.n[chosen])) if chosen.any() else np.nan
    return {"countries": int(chosen.sum()), "smallest_n": smallest, "note": "; ".join(notes)}


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{code}: {reasons[code]}" for code in sorted(reasons))


def _names(family: Family, chosen: Chosen) -> str:
    return " ".join(np.array(family.codes)[chosen])


def _back(family: Family, value: float) -> float:
    return float(expit(value)) if family.proportion else float(value)


def _table(rows: list[Row], contract: pa.DataFrameSchema, data_kind: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(contract.columns)).assign(data_kind=data_kind)
    return in_shape(table, contract)
