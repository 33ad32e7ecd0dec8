"""Do averages and sums cover where a country is hidden? A part of pooling_coverage.py.

A country of which fewer than ten children say yes has no estimate, and a bound stands in its place.
Its true proportion is part of the average of all countries nevertheless. What the workflow prints
is measured beside the average that leaves it out, and sums beside the ends added up.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pooling_samples import CONFIDENCE, sample
from scipy.special import expit, logit

from designbased.intervals.limits import korn_graubard
from disrupting_harm.comparison.denominators import product_interval
from disrupting_harm.comparison.pooling.averages import errors_at_boundary, to_log_odds
from disrupting_harm.comparison.pooling.families import Family
from disrupting_harm.comparison.pooling.pooling import Weights, average_countries, complete_pools
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.comparison.pooling.totals import sum_with_limits
from disrupting_harm.comparison.populations import Populations
from disrupting_harm.study.codebook.definitions import Indicator

REPETITIONS = 2000
# Of random effects, where each has dozens of pools.
OF_MODELS = 500
HIDDEN_BELOW = 10
LEAST_PART, GRID = 20, (0.05, 0.1, 0.2, 0.3)
SHARES = np.array([0.06, 0.11, 0.08, 0.09, 0.05, 0.12, 0.07, 0.10, 0.09, 0.06, 0.08, 0.11, 0.07])
# Millions of children and internet-use rates, known from 1,500 children with a design effect of 2.
CHILDREN = 1e6 * np.array([16.7, 27.2, 7.3, 2.0, 4.6, 3.1, 0.3, 13.6, 1.6, 5.0, 8.4, 6.6, 8.4])
RATES = np.array([0.25, 0.92, 0.67, 0.81, 0.56, 0.94, 0.81, 0.95, 0.30, 0.92, 0.67, 0.40, 0.89])
RATE_SE = np.sqrt(2 * RATES * (1 - RATES) / 1500)
INDICATOR = Indicator.model_validate(
    {"id": "x", "module": "m", "label": "X", "numerator": [{"item": "a", "among": ["yes"]}]}
)


@dataclass(frozen=True)
class Scenario:
    """True proportions, children per PSU, and the order in which sizes belong to countries."""

    name: str
    truth: np.ndarray
    children_per_psu: int = 12
    largest: int | None = None


def scenarios() -> list[Scenario]:
    """Return the scenarios: nobody hidden, one, the largest, several of few answers, three."""

    def with_few(share: float, *places: int) -> np.ndarray:
        return np.where(np.isin(np.arange(len(SHARES)), places), share, SHARES)

    one = with_few(0.008, 4)
    return [
        Scenario("nobody hidden", SHARES),
        Scenario("one at 0.8 %", one),
        Scenario("it is the largest", one, largest=4),
        Scenario("2 to 4 %, 400 answers", 0.35 * SHARES, children_per_psu=5),
        Scenario("three at 1 %", with_few(0.01, 1, 4, 9)),
    ]


def coverage(repetitions: int = REPETITIONS, seed: int = 20261130) -> pd.DataFrame:
    """Simulate and return one row per scenario, number and method.

    Returns:
        ``scenario, hidden`` (countries on average), ``number, method``; ``covered``, the share of
        repetitions whose interval holds the truth; ``below``, that in which it lies below the
        truth; ``width``, its mean width, in points or thousands of children.
    """
    parts = []
    for place, scenario in enumerate(scenarios()):
        rng = np.random.default_rng(np.random.SeedSequence([seed, place]))
        parts.append(_of_scenario(scenario, repetitions, rng))
    return pd.concat(parts, ignore_index=True)


def _of_scenario(scenario: Scenario, repetitions: int, rng: np.random.Generator) -> pd.DataFrame:
    children, rates, rate_se = CHILDREN.copy(), RATES.copy(), RATE_SE.copy()
    if scenario.largest is not None:
        own, most = scenario.largest, int(np.argmax(CHILDREN * RATES))
        for sizes in (children, rates, rate_se):
            sizes[[own, most]] = sizes[[most, own]]
    truth, k = scenario.truth, len(scenario.truth)
    samples = sample(np.broadcast_to(truth, (repetitions, k)), rng, scenario.children_per_psu)
    found: list[tuple[str, str, float, float, float]] = []
    hidden = 0.0
    models = []
    for row in range(repetitions):
        known = np.clip(rng.normal(rates, rate_se), 0.01, 1)
        sizes = _sizes(children, known, rate_se)
        family = _family(samples.estimate[row], samples.se[row], samples.n, samples.df)
        shown, bounded = ~np.isnan(family.estimate), ~np.isnan(family.bound_high)
        hidden += bounded.sum() / repetitions
        nobody = np.zeros(k, dtype=bool)
        weights = {
            "equal country": (np.ones(k), np.zeros(k), np.full(k, 1 / k)),
            "population weighted": (
                sizes.users, children * rate_se, children * rates / (children * rates).sum()
            ),
        }  # fmt: skip
        for name, (own, errors, shares) in weights.items():
            for method, counted in (("left out", nobody), ("printed", bounded)):
                limits = average_countries(family, shown, counted, Weights(own, errors), CONFIDENCE)
                found.append(
                    (name, method, limits["ci_low"], limits["ci_high"], float(shares @ truth))
                )
        total = float((children * rates * truth).sum())
        limits = sum_with_limits(family, shown, bounded, sizes, CONFIDENCE)
        found.append(("sum", "printed", limits["children_low"], limits["children_high"], total))
        low, high = product_interval(
            family.estimate, family.low, family.high, known, rate_se, CONFIDENCE
        )
        ends = (float(np.nansum(children * limit)) for limit in (low, high))
        found.append(("sum", "ends added up", *ends, total))
        if row < OF_MODELS:
            models.append(family)
    centre = float(expit(logit(truth).mean()))
    for family in models:
        for method, own in (("left out", _without_bounds(family)), ("printed", family)):
            pools = random_effects(*complete_pools(own, own.codes), CONFIDENCE)
            ends = (float(expit(pools.ci_low.min())), float(expit(pools.ci_high.max())))
            found.append(("random effects", method, *ends, centre))
    table = pd.DataFrame(found, columns=["number", "method", "low", "high", "truth"])
    table = table.assign(
        covered=(table["low"] <= table["truth"]) & (table["truth"] <= table["high"]),
        below=table["high"] < table["truth"],
        width=table["high"] - table["low"],
    )
    means = table.groupby(["number", "method"], sort=False)[["covered", "below", "width"]].mean()
    return means.reset_index().assign(scenario=scenario.name, hidden=hidden)


def _sizes(children: np.ndarray, rates: np.ndarray, rate_se: np.ndarray) -> Populations:
    k = len(children)
    codes, said = tuple(f"C{place:02}" for place in range(k)), ("estimated",) * k
    return Populations(codes, children, rates, rate_se, said, said, said, said)


def _family(estimate: np.ndarray, se: np.ndarray, n: int, df: float) -> Family:
    """Return what the workflow knows of the samples: estimates, or bounds where few said yes."""
    k = len(estimate)
    few = np.round(estimate * n) < HIDDEN_BELOW
    bound = min((share for share in GRID if share * n >= LEAST_PART), default=1.0)
    ns, dfs = np.full(k, float(n)), np.full(k, df)
    low, high = korn_graubard(estimate, se, ns, dfs, CONFIDENCE)
    middle, error = errors_at_boundary(estimate, se, ns, dfs)
    y, v = to_log_odds(middle, error)
    deff = np.max(se[~few] ** 2 * n / (estimate * (1 - estimate))[~few])
    hide = [
        np.where(few, np.nan, numbers) for numbers in (estimate, error, ns, dfs, low, high, y, v)
    ]
    return Family(
        INDICATOR, tuple(f"C{place:02}" for place in range(k)), *hide, {}, np.zeros(k, dtype=bool),
        np.where(few, 0.0, np.nan), np.where(few, bound, np.nan), ns, np.full(k, deff),
    )  # fmt: skip


def _without_bounds(family: Family) -> Family:
    return replace(
        family, bound_low=family.bound_low * np.nan, bound_high=family.bound_high * np.nan
    )
