"""Do rank sets, verdicts and intervals hold the truth as often as they say? The simulation.

Survey estimates of 14 countries are drawn from known true values: answers binomially with the
effective sample size, variances with chi-squared errors of their degrees of freedom.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import coverage_countries
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.multiplicity import compare_family
from disrupting_harm.comparison.differences.pairwise import pair_indices
from disrupting_harm.comparison.differences.rank_sets import METHODS, rank_limits
from disrupting_harm.comparison.differences.regions import compare_proportions, mean_weights
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.study import Study

COUNTRIES, N_EFF, ALPHA, SEED = 14, 480, 0.05, 20261124
REPETITIONS = 4000
# In the simulated study; its design effect is that of each country's last composite.
INTERVIEWS = 960
REGIONS = np.repeat([0, 1], COUNTRIES // 2)
TRUTHS = {
    "spread, 5 to 25 %": np.linspace(0.05, 0.25, COUNTRIES),
    "ties, five values": np.repeat(np.linspace(0.05, 0.25, 5), [3, 3, 3, 3, 2]),
    "all tied at 15 %": np.full(COUNTRIES, 0.15),
}
RULES = ("sole", "first")
Limits = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Scenario:
    """True values and the degrees of freedom of the estimated variances."""

    number: int
    name: str
    truth: Floats
    df: float


SCENARIOS = [
    *(Scenario(number, name, truth, 88) for number, (name, truth) in enumerate(TRUTHS.items())),
    Scenario(3, "all tied at 15 %, 8 df", TRUTHS["all tied at 15 %"], 8),
    Scenario(4, "all tied at 5 %", np.full(COUNTRIES, 0.05), 88),
    Scenario(5, "all tied at 50 %", np.full(COUNTRIES, 0.50), 88),
]


def estimates(
    truth: Floats, n_eff: Floats, df: float, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw survey estimates and their standard errors."""
    size = np.round(n_eff).astype(int)
    estimate = random.binomial(size, truth) / size
    variance = estimate * (1 - estimate) / size * random.chisquare(df, len(truth)) / df
    return estimate, np.sqrt(variance)


def true_limits(truth: Floats) -> Limits:
    """Return the lowest and the highest rank that ties leave to every country."""
    higher = (truth[:, np.newaxis] > truth).sum(axis=0)
    lower = (truth[:, np.newaxis] < truth).sum(axis=0)
    return 1 + higher, len(truth) - lower


def naive_sets(estimate: Floats, se: Floats, df: Floats) -> Iterator[tuple[str, Limits]]:
    """Yield ranks by the order of estimates, by overlap of intervals and by single tests."""
    yield "order of the estimates", true_limits(estimate)
    z = stdtrit(df, 1 - ALPHA / 2)
    separate = (estimate - z * se)[:, np.newaxis] > estimate + z * se
    tested = estimate[:, np.newaxis] - estimate > z * np.hypot(se[:, np.newaxis], se)
    for name, above in (("overlap of 95 % intervals", separate), ("single tests", tested)):
        yield name, (1 + above.sum(axis=0), len(above) - above.sum(axis=1))


def coverage(repetitions: int = REPETITIONS, processes: int = 2) -> pd.DataFrame:
    """Return how often the sets hold the true ranks.

    Returns:
        One row per scenario, method and scope: ``joint`` (share of samples in which the sets of all
        countries hold their true ranks), ``worst`` (least share of one country) and ``width`` (mean
        number of ranks in a set). Of differences, ``verdicts`` have as ``joint`` the share without
        any false finding, and ``intervals`` as ``worst`` the least share of one of them.
    """
    with ProcessPoolExecutor(processes) as pool:
        return pd.concat(pool.map(partial(_scenario, repetitions=repetitions), SCENARIOS))


def _scenario(scenario: Scenario, repetitions: int) -> pd.DataFrame:
    random, draws = np.random.default_rng([SEED, scenario.number]), Draws()
    low, high = true_limits(scenario.truth)
    df = np.full(COUNTRIES, scenario.df)
    held: dict[tuple[str, str], list[NDArray[np.bool_]]] = {}
    widths: dict[tuple[str, str], float] = {}
    for _ in range(repetitions):
        n_eff = np.full(COUNTRIES, float(N_EFF))
        estimate, se = estimates(scenario.truth, n_eff, scenario.df, random)
        found = [((name, "naive"), limits) for name, limits in naive_sets(estimate, se, df)]
        scaled = on_log_odds(estimate, se, n_eff, df)
        for method, scope in METHODS:
            limits = rank_limits(*scaled, df, method, scope, ALPHA, draws)
            found.append(((method, scope), limits))
        for key, limits in found:
            held.setdefault(key, []).append((limits[0] <= low) & (limits[1] >= high))
            widths[key] = widths.get(key, 0) + (limits[1] - limits[0] + 1).mean()
        for name, row, apart in _differences(scenario, estimate, se, df, random):
            inside = (row["ci_low"] <= apart) & (row["ci_high"] >= apart)
            false = row["clear"] & (np.sign(row["difference"]) != np.sign(np.round(apart, 12)))
            held.setdefault((name, "intervals"), []).append(inside)
            held.setdefault((name, "verdicts"), []).append(~false)
    rows = [
        {
            "scenario": scenario.name,
            "method": method,
            "scope": scope,
            "joint": np.stack(each).all(axis=1).mean(),
            "worst": np.stack(each).mean(axis=0).min(),
            "width": widths.get((method, scope), np.nan) / repetitions,
        }
        for (method, scope), each in held.items()
    ]
    return pd.DataFrame(rows)


def _differences(
    scenario: Scenario, estimate: Floats, se: Floats, df: Floats, random: np.random.Generator
) -> Iterator[tuple[str, dict[str, np.ndarray], Floats]]:
    """Yield the families of differences with their true values.

    Of gaps two halves of every country are drawn, a fifth apart.
    """
    a, b = pair_indices(COUNTRIES)
    own = np.eye(COUNTRIES)
    families = {
        "all pairs": own[a] - own[b],
        "from regional means": own - mean_weights(REGIONS.tolist()),
    }
    scaled = on_log_odds(estimate, se, np.full(COUNTRIES, float(N_EFF)), df)
    for name, contrasts in families.items():
        parts = contrasts**2 * se**2
        of_contrasts = parts.sum(axis=1) ** 2 / (parts**2 / df).sum(axis=1)
        spread = np.sqrt(parts.sum(axis=1))
        if name == "from regional means":
            row = compare_proportions(estimate, *scaled, contrasts, spread, of_contrasts, ALPHA)
        else:
            row = compare_family(contrasts @ estimate, spread, of_contrasts, ALPHA)
        yield name, row, contrasts @ scenario.truth
    half, truths = np.full(COUNTRIES, N_EFF / 2), (1.1 * scenario.truth, 0.9 * scenario.truth)
    (p, se_p), (q, se_q) = (estimates(truth, half, scenario.df, random) for truth in truths)
    row = compare_family(p - q, np.hypot(se_p, se_q), df, ALPHA)
    yield "gaps", row, truths[0] - truths[1]


def false_extremes(study: Study, repetitions: int) -> pd.DataFrame:
    """Return how often the simulated study would call the wrong country the highest or lowest.

    Returns:
        One row per indicator, ``extreme`` and ``rule`` (the sole country that the simultaneous
        step-down sets leave, or the first of the estimates), with the shares ``right``, ``wrong``
        and ``none`` of samples, and ``lead``: by how much the true extreme leads.
    """
    draws, rows = Draws(), []
    for number, (indicator, cells) in enumerate(_true_cells(study).groupby("indicator")):
        random = np.random.default_rng([SEED, 100 + number])
        truth, n_eff = cells["truth"].to_numpy(), cells["n_eff"].to_numpy()
        df = np.full(len(truth), 88.0)
        named = {(extreme, rule): [] for extreme in ("highest", "lowest") for rule in RULES}
        for _ in range(repetitions):
            estimate, se = estimates(truth, n_eff, 88.0, random)
            method = ("mogstad_step_down", "simultaneous")
            scaled = on_log_odds(estimate, se, n_eff, df)
            low, high = rank_limits(*scaled, df, *method, ALPHA, draws)
            for extreme, first, able in (
                ("highest", estimate.argmax(), np.flatnonzero(low == 1)),
                ("lowest", estimate.argmin(), np.flatnonzero(high == len(truth))),
            ):
                named[extreme, "first"].append(first)
                named[extreme, "sole"].append(able[0] if len(able) == 1 else -1)
        ordered = np.sort(truth)
        for (extreme, rule), places in named.items():
            right = truth.argmax() if extreme == "highest" else truth.argmin()
            found = np.array(places)
            rows.append(
                {
                    "indicator": indicator,
                    "extreme": extreme,
                    "rule": rule,
                    "right": (found == right).mean(),
                    "wrong": ((found != right) & (found >= 0)).mean(),
                    "none": (found < 0).mean(),
                    "lead": ordered[-1] - ordered[-2]
                    if extreme == "highest"
                    else ordered[1] - ordered[0],
                }
            )
    return pd.DataFrame(rows)


def _true_cells(study: Study) -> pd.DataFrame:
    """Return true national values of the headline proportions and effective sample sizes."""
    assert study.config.simulation is not None
    simulation = load_simulation(Path(study.resolve(study.config.simulation)), study.codebook)
    headline = [
        entry.id
        for entry in study.codebook.indicators
        if entry.headline and entry.statistic == "proportion"
    ]
    parts = []
    for code in study.codes:
        settings = simulation.country(code)
        truth = coverage_countries.build_country(study, settings, code).truth
        national = truth[(truth["domain"] == "total") & truth["indicator"].isin(headline)]
        share = national["population"] / national["population"].max()
        n_eff = INTERVIEWS * share / simulation.countries[code].deff
        parts.append(national.assign(country=code, n_eff=n_eff))
    return pd.concat(parts, ignore_index=True)
