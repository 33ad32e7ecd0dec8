"""How often intervals of options hold together, and how often that of kappa holds.

python benchmarks/questions.py [SAMPLES]

PSUs of one survey differ: in their shares of options (Dirichlet) and in how often children and
caregivers say yes. Weights are log-normal. The true kappa is that of a sample of a million.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from designbased import SurveyDesign, compare_dyads, estimate, estimate_categories

SEED = 20261127
SIX = (0.34, 0.22, 0.16, 0.12, 0.10, 0.06)
RARE = (0.50, 0.25, 0.15, 0.06, 0.03, 0.01)
# Shares of options, PSUs, strata, children a PSU, correlation inside PSUs.
QUESTIONS = ((SIX, 40, 8, 5, 0.05), (SIX, 24, 8, 4, 0.10), (RARE, 40, 8, 5, 0.05))
# Log-odds of a yes of children and caregivers, spread of what they share, PSUs, children a PSU.
PAIRS = ((-0.85, -1.27, 1.1, 50, 10), (-2.44, -2.94, 1.5, 50, 10), (-2.94, -3.48, 1.5, 30, 10))


def frame(psus: int, strata: int, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the design columns of a sample."""
    psu = np.repeat(np.arange(psus), size)
    weight = rng.lognormal(0, 0.5, psus * size)
    return pd.DataFrame({"stratum": psu % strata, "psu": psu, "weight": weight})


def options(samples: int) -> Iterator[dict[str, object]]:
    """Yield the shares of samples in which all intervals of a question hold."""
    for shares, psus, strata, size, icc in QUESTIONS:
        rng, true = np.random.default_rng(SEED), np.array(shares)
        joint = alone = 0
        for _ in range(samples):
            data = frame(psus, strata, size, rng)
            own = rng.dirichlet(true * (1 - icc) / icc, psus)
            at = [rng.choice(len(true), p=own[psu]) for psu in data["psu"]]
            answers = pd.DataFrame(np.eye(len(true))[at])
            design = SurveyDesign.from_frame(data)
            joint += holds(estimate_categories(design, answers, True).shares, true)
            alone += holds(estimate(design, answers), true)
        yield {
            "what": f"{len(true)} options, the smallest {min(true):.0%}, n {psus * size}",
            "together": joint / samples,
            "each alone at 95 %": alone / samples,
        }


def holds(table: pd.DataFrame, true: np.ndarray) -> bool:
    """Return whether all limits hold the true shares."""
    return bool(((table["ci_low"] <= true) & (true <= table["ci_high"])).all())


def kappas(samples: int) -> Iterator[dict[str, object]]:
    """Yield the shares of samples in which the interval of kappa holds, also of few pairs."""
    for child, caregiver, spread, psus, size in PAIRS:
        rng, odds = np.random.default_rng(SEED), (child, caregiver)
        one, other = answers(np.repeat(np.arange(100_000), 10), odds, spread, rng)
        expected = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
        true = ((one == other).mean() - expected) / (1 - expected)
        rows = []
        for _ in range(samples):
            data = frame(psus, 10, size, rng)
            said = answers(data["psu"].to_numpy(), odds, spread, rng)
            found = compare_dyads(SurveyDesign.from_frame(data), *said).set_index("measure")
            # Also where few pairs leave the interval out: this shows why.
            kappa = found.loc["kappa"]
            half = stdtrit(kappa["df"], 0.975) * kappa["se"]
            rows.append((found.loc["both", "n_yes"], abs(kappa["estimate"] - true) <= half))
        known = pd.DataFrame(rows, columns=["pairs", "holds"])
        yield {
            "what": f"kappa {true:.2f}, n {psus * size}",
            "yes pairs": known["pairs"].mean(),
            "holds": known["holds"].mean(),
        }


def answers(
    psu: np.ndarray, odds: tuple[float, float], spread: float, rng: np.random.Generator
) -> list[pd.Series]:
    """Return what children and their caregivers say."""
    place = rng.normal(0, 0.5, psu.max() + 1)[psu]
    own = rng.normal(0, spread, len(psu))
    logits = (odds[0] + place + own, odds[1] + 0.6 * place + own)
    return [pd.Series((x + rng.logistic(size=len(psu)) > 0).astype(float)) for x in logits]


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(pd.DataFrame(options(number)).to_string(index=False))
    print(pd.DataFrame(kappas(number)).to_string(index=False))
