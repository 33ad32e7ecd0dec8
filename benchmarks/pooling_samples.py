"""Clustered samples of countries, for the coverage of pooled numbers."""

from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95
# One country's sample: answers within a PSU are alike, as in docs/coverage.md.
STRATA, PSUS_PER_STRATUM, CHILDREN_PER_PSU = 8, 10, 12
CORRELATION = 0.05


@dataclass(frozen=True)
class Samples:
    """(R, K) true proportions, estimates, their errors and degrees of freedom."""

    truth: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    df: float
    n: int


def sample(
    truth: np.ndarray, rng: np.random.Generator, children_per_psu: int = CHILDREN_PER_PSU
) -> Samples:
    """Draw a clustered sample in each country of each repetition.

    Args:
        truth: (R, K) true proportions.
        rng: of the draws.
        children_per_psu: who answer.
    """
    spread = 1 / CORRELATION - 1
    shape = (*truth.shape, STRATA, PSUS_PER_STRATUM)
    mean = np.broadcast_to(truth[..., np.newaxis, np.newaxis], shape)
    chance = rng.beta(mean * spread, (1 - mean) * spread)
    psu = rng.binomial(children_per_psu, chance) / children_per_psu
    psus = STRATA * PSUS_PER_STRATUM
    variance = psu.var(axis=-1, ddof=1).sum(axis=-1) * PSUS_PER_STRATUM / psus**2
    return Samples(
        truth, psu.mean(axis=(-1, -2)), np.sqrt(variance), psus - STRATA, psus * children_per_psu
    )
