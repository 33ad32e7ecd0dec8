"""How often intervals cover the true proportion, in 16 scenarios of clustered, weighted samples.

Answers within a PSU are alike: the chance of yes of each PSU is drawn from a beta distribution with
the proportion as mean and an intra-cluster correlation of 0.05. Weights are lognormal with a
coefficient of variation of 0.6, independent of the answers. Domains are children drawn at random
from the sample, the same number in every repetition.

Each draw of weights and domains serves many repetitions of the answers, which are the outcomes of
one call of the estimator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import INTERVALS

SEED = 20261124
REPETITIONS = 4000
PER_DRAW = 100
PROPORTIONS = (0.01, 0.03, 0.10, 0.30)
CORRELATION = 0.05
WEIGHT_CV = 0.6
CONFIDENCE = 0.95
SCENARIO = ("sample", "n", "truth")
METHODS = tuple(name for name in INTERVALS if name not in ("wald_t", "log_t"))


@dataclass(frozen=True)
class Sample:
    """Strata of equal numbers of PSUs of equal size, and domains of so many children."""

    name: str
    strata: int
    psus: int
    size: int
    domains: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """Children in the sample."""
        return self.psus * self.size


SAMPLES = (
    Sample("80 PSUs", strata=8, psus=80, size=12, domains=(240, 60)),
    Sample("12 PSUs", strata=4, psus=12, size=10),
)


def coverage(
    samples: tuple[Sample, ...] = SAMPLES,
    proportions: tuple[float, ...] = PROPORTIONS,
    repetitions: int = REPETITIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Simulate and return one row per sample, domain, proportion and method.

    Returns:
        ``sample, n, truth, method``; ``covered``, the share of repetitions whose interval holds the
        truth, where an undefined one does not; ``width``, the mean width of those defined;
        ``undefined``, the share that is not; ``none``, the share of repetitions without a yes.
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
    return pd.concat([tally(cells, method, SCENARIO) for method in METHODS], ignore_index=True)


def tally(cells: pd.DataFrame, method: str, by: Sequence[str]) -> pd.DataFrame:
    """Return coverage, width and share undefined of one method in each group of cells."""
    low, high = INTERVALS[method](
        cells["estimate"], cells["se"], cells["n"], cells["df"], CONFIDENCE
    )
    found = cells[list(by)].assign(
        covered=(low <= cells["truth"]) & (cells["truth"] <= high),
        width=high - low,
        undefined=np.isnan(low) | np.isnan(high),
        none=cells["estimate"] == 0,
    )
    means = found.groupby(list(by), sort=False).mean().reset_index()
    return means.assign(method=method)


def _repeat(
    sample: Sample, proportions: tuple[float, ...], repetitions: int, seed: np.random.SeedSequence
) -> Iterator[pd.DataFrame]:
    rng = np.random.default_rng(seed)
    truths = np.repeat(proportions, min(PER_DRAW, repetitions))
    for _ in range(-(-repetitions // PER_DRAW)):
        outcomes = pd.DataFrame(_answers(sample, truths, rng)).rename(columns=str)
        cells = estimate(_design(sample, rng), outcomes, _domains(sample, rng))
        cells["truth"] = truths[cells["indicator"].astype(int)]
        yield cells[["n", "truth", "estimate", "se", "df"]].assign(sample=sample.name)


def _design(sample: Sample, rng: np.random.Generator) -> SurveyDesign:
    spread = np.sqrt(np.log1p(WEIGHT_CV**2))
    psu = np.repeat(np.arange(sample.psus), sample.size)
    return SurveyDesign.from_frame(
        pd.DataFrame(
            {
                "stratum": psu % sample.strata,
                "psu": psu,
                "weight": rng.lognormal(0, spread, sample.n),
            }
        )
    )


def _answers(sample: Sample, truths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n, K) answers of zero and one, K repetitions with a true proportion each."""
    concentration = 1 / CORRELATION - 1
    chance = rng.beta(
        truths * concentration, (1 - truths) * concentration, (sample.psus, len(truths))
    )
    draws = rng.random((sample.psus, sample.size, len(truths))) < chance[:, np.newaxis]
    return draws.reshape(sample.n, -1).astype(float)


def _domains(sample: Sample, rng: np.random.Generator) -> pd.DataFrame:
    order = rng.permutation(sample.n)
    columns = {"all": pd.Categorical(["all"] * sample.n)}
    for size in sample.domains:
        columns[str(size)] = pd.Categorical(np.where(order < size, "in", None), ["in"])
    return pd.DataFrame(columns)
