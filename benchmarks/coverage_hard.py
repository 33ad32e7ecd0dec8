"""How often intervals cover the truth in harder samples than those of coverage_scenarios.

Design effects of 3 to 8, 15 to 50 degrees of freedom, PSUs of unequal size, very unequal weights,
and weights that have to do with the answers: children with larger weights say yes more often, or
less often. The truth is the weighted mean of the chance of yes, by quadrature.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from coverage_scenarios import CONFIDENCE, METHODS, PER_DRAW, PROPORTIONS, tally
from scipy.optimize import brentq
from scipy.special import expit, logit, roots_hermitenorm
from scipy.stats import beta

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import INTERVALS

SEED = 20261125
REPETITIONS = 2000
SCENARIO = ("sample", "truth")
NODES = 2000


@dataclass(frozen=True)
class HardSample:
    """Strata of equal numbers of PSUs, clustered and weighted more than usual.

    Attributes:
        name: what is hard.
        strata, psus: their numbers; degrees of freedom are their difference.
        size: mean number of children in a PSU.
        correlation: of the answers within a PSU.
        weight_cv: coefficient of variation of the lognormal weights.
        size_cv: that of the sizes of PSUs.
        slope: change of the log-odds of yes with the logarithm of the weight.
    """

    name: str
    strata: int
    psus: int
    size: int
    correlation: float = 0.10
    weight_cv: float = 0.6
    size_cv: float = 0.0
    slope: float = 0.0

    @property
    def df(self) -> int:
        """Degrees of freedom of the design."""
        return self.psus - self.strata


SAMPLES = (
    HardSample("60 PSUs of 30", strata=10, psus=60, size=30),
    HardSample("30 PSUs of 20", strata=5, psus=30, size=20),
    HardSample("20 PSUs of 30", strata=5, psus=20, size=30),
    HardSample("30 PSUs of 5 to 60", strata=5, psus=30, size=20, size_cv=0.7),
    HardSample("weights of CV 1.2", 5, 30, 12, correlation=0.05, weight_cv=1.2),
    HardSample("larger weights, more yes", 5, 30, 20, slope=0.5),
    HardSample("larger weights, fewer yes", 5, 30, 20, slope=-0.5),
    HardSample("all of these, more yes", 5, 20, 30, 0.10, weight_cv=1.0, size_cv=0.7, slope=0.5),
    HardSample("all of these, fewer yes", 5, 20, 30, 0.10, weight_cv=1.0, size_cv=0.7, slope=-0.5),
)


def coverage(
    samples: tuple[HardSample, ...] = SAMPLES,
    proportions: tuple[float, ...] = PROPORTIONS,
    repetitions: int = REPETITIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Simulate and return one row per sample, proportion and method.

    Returns:
        ``sample, truth, method, covered, width, undefined`` as ``coverage_scenarios.coverage``;
        ``below``, the share of intervals that lie below the truth; ``df``; ``deff``, the mean
        design effect.
    """
    cells = pd.concat(
        [
            cell
            for at, sample in enumerate(samples)
            for cell in _repeat(
                sample, proportions, repetitions, np.random.SeedSequence([seed, at])
            )
        ],
        ignore_index=True,
    )
    facts = cells.groupby(list(SCENARIO), sort=False)[["deff", "df"]].mean().reset_index()
    found = [
        tally(cells, method, SCENARIO).merge(_below(cells, method), on=list(SCENARIO))
        for method in METHODS
    ]
    return pd.concat(found, ignore_index=True).merge(facts, on=list(SCENARIO), how="left")


def _below(cells: pd.DataFrame, method: str) -> pd.DataFrame:
    _, high = INTERVALS[method](cells["estimate"], cells["se"], cells["n"], cells["df"], CONFIDENCE)
    missed = cells[list(SCENARIO)].assign(below=high < cells["truth"])
    return missed.groupby(list(SCENARIO), sort=False).mean().reset_index()


def _repeat(
    sample: HardSample,
    proportions: tuple[float, ...],
    repetitions: int,
    seed: np.random.SeedSequence,
) -> Iterator[pd.DataFrame]:
    rng = np.random.default_rng(seed)
    centres = np.repeat([_centre(sample, p) for p in proportions], min(PER_DRAW, repetitions))
    truths = np.repeat(proportions, min(PER_DRAW, repetitions))
    for _ in range(-(-repetitions // PER_DRAW)):
        psu = np.repeat(np.arange(sample.psus), _sizes(sample, rng))
        weight = rng.lognormal(0, _spread(sample.weight_cv), len(psu))
        frame = pd.DataFrame({"stratum": psu % sample.strata, "psu": psu, "weight": weight})
        outcomes = pd.DataFrame(_answers(sample, psu, weight, centres, rng)).rename(columns=str)
        cells = estimate(SurveyDesign.from_frame(frame), outcomes)
        cells["truth"] = truths[cells["indicator"].astype(int)]
        columns = ["n", "truth", "estimate", "se", "df", "deff"]
        yield cells[columns].assign(sample=sample.name)


def _spread(cv: float) -> float:
    """Standard deviation of the logarithm of a lognormal variable."""
    return float(np.sqrt(np.log1p(cv**2)))


def _sizes(sample: HardSample, rng: np.random.Generator) -> np.ndarray:
    """(P,) children in each PSU, at least 2."""
    spread = _spread(sample.size_cv)
    sizes = sample.size * rng.lognormal(-(spread**2) / 2, spread, sample.psus)
    return np.maximum(np.rint(sizes), 2).astype(int)


def _answers(
    sample: HardSample,
    psu: np.ndarray,
    weight: np.ndarray,
    centres: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """(n, K) answers of zero and one; the chance of a PSU is drawn from a beta distribution."""
    concentration = 1 / sample.correlation - 1
    chance = rng.beta(
        centres * concentration, (1 - centres) * concentration, (sample.psus, len(centres))
    )[psu]
    if sample.slope:
        with np.errstate(divide="ignore"):
            chance = expit(logit(chance) + sample.slope * np.log(weight)[:, np.newaxis])
    return (rng.random(chance.shape) < chance).astype(float)


def _centre(sample: HardSample, truth: float) -> float:
    """Mean of the beta distribution at which the weighted mean of all chances is the truth."""
    if not sample.slope:
        return truth
    spread, concentration = _spread(sample.weight_cv), 1 / sample.correlation - 1
    nodes, mass = roots_hermitenorm(64)
    # Children of weight w stand for w of the population.
    share = mass * np.exp(spread * nodes)
    share /= share.sum()
    quantiles = (np.arange(NODES) + 0.5) / NODES

    def error(centre: float) -> float:
        chance = beta.ppf(quantiles, centre * concentration, (1 - centre) * concentration)
        with np.errstate(divide="ignore"):
            odds = logit(chance)[:, np.newaxis] + sample.slope * spread * nodes
        return float(expit(odds).mean(axis=0) @ share) - truth

    return float(brentq(error, truth / 10, min(0.9, 10 * truth), xtol=1e-10))
