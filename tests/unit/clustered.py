"""A clustered sample with answers that depend on PSU, sex and level."""

import numpy as np
import pandas as pd

LEVELS = ["a", "b", "c"]


def clustered(seed: int = 1, psus: int = 40, children: int = 15, rate: float = 0.3) -> pd.DataFrame:
    """``psus`` PSUs in four strata with ``children`` each; one answer in twenty is missing."""
    random = np.random.default_rng(seed)
    n = psus * children
    psu = np.repeat(np.arange(psus), children)
    sex = random.choice(["boy", "girl"], n)
    level = random.choice(LEVELS, n, p=[0.5, 0.3, 0.2])
    effect = random.normal(0, 0.4, psus)[psu] + 0.3 * (sex == "girl") + 0.4 * (level == "c")
    yes = (random.random(n) < np.minimum(rate * np.exp(effect), 0.95)).astype(float)
    yes[random.random(n) < 0.05] = np.nan
    return pd.DataFrame(
        {
            "stratum": (psu % 4).astype(str),
            "psu": psu,
            "weight": np.exp(random.normal(0, 0.4, n)),
            "sex": pd.Categorical(sex, ["boy", "girl"]),
            "level": pd.Categorical(level, LEVELS),
            "yes": yes,
            "hours": 2 + 2 * random.random(n) + effect,
        }
    )
