"""Make a synthetic sample of ages at a first experience, some of them not yet reached.

python make_first_experience.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

STRATA, PSUS, CHILDREN = 6, 4, 14


def main(folder: Path) -> None:
    """Write ``first_experience.csv``."""
    rng = np.random.default_rng(20261201)
    n = STRATA * PSUS * CHILDREN
    psu = np.arange(n) // CHILDREN
    of_place = rng.normal(0, 0.4, STRATA * PSUS)[psu]
    sex = rng.choice(["boy", "girl"], n)
    hours = rng.gamma(2, 1, n).round(1)
    age = rng.integers(12, 18, n)
    rate = np.exp(of_place + 0.5 * (sex == "girl") + 0.15 * hours)
    # Exact ages, and the whole years that children tell.
    exact = 8 + 12 * rng.weibull(2, n) / rate**0.5
    happened = exact < age
    frame = pd.DataFrame(
        {
            "stratum": psu // PSUS + 1,
            "psu": psu % PSUS + 1,
            "psus": 20 + 3 * (psu // PSUS),
            "weight": rng.lognormal(3, 0.5, n).round(3),
            "sex": sex,
            "hours": hours,
            "place": np.where(rng.random(n) < 0.4, "rural", "urban"),
            "exact": np.where(happened, exact, age).round(6),
            "years": np.where(happened, np.floor(exact), age).astype(int),
            "happened": happened.astype(int),
        }
    )
    # Some children do not say.
    frame["years"] = frame["years"].astype(float).mask(rng.random(n) < 0.05)
    frame.to_csv(folder / "first_experience.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
