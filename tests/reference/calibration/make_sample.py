"""Write sample.csv, the synthetic sample that calibration.R calibrates with R.

    python tests/reference/calibration/make_sample.py FOLDER

4 strata of 6 PSUs of 10 children. Seeded: the same file every time.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED, STRATA, PSUS, CHILDREN = 20_250_117, 4, 6, 10


def make_sample() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    size = STRATA * PSUS * CHILDREN
    row = np.arange(size)
    psu = row // CHILDREN
    stratum = psu // PSUS
    area = np.where(rng.random(size) < np.array([0.9, 0.6, 0.4, 0.2])[stratum], "urban", "rural")
    sex = rng.choice(["boy", "girl"], size)
    age = rng.choice(["12-13", "14-15", "16-17"], size, p=[0.3, 0.3, 0.4])
    income = np.round(40 + 20 * (area == "urban") + rng.gamma(4, 5, size), 2)
    shift = rng.normal(0, 0.5, STRATA * PSUS)[psu]
    tilt = 0.8 * (sex == "girl") + 0.6 * (age == "16-17") - 0.5 * (area == "rural") + shift
    y = {f"y{k}": rng.random(size) < 1 / (1 + np.exp(2.2 - k - tilt)) for k in range(3)}
    answers = {name: values.astype(int).astype(object) for name, values in y.items()}
    answers["y2"][rng.random(size) < 0.08] = ""
    respond = 1 / (1 + np.exp(-1.1 - 0.7 * (sex == "girl") + 0.5 * (age == "16-17")))
    return pd.DataFrame(
        {
            "id": [f"c{k:03d}" for k in row],
            "stratum": stratum + 1,
            "psu": psu + 1,
            "weight": np.round(rng.lognormal(3, 0.7, size), 4),
            "sex": sex,
            "age": age,
            "area": area,
            "income": income,
            **answers,
            "hours": np.round(rng.gamma(2, 1.5, size) + 0.02 * income, 3),
            "responded": (rng.random(size) < respond).astype(int),
        }
    )


if __name__ == "__main__":
    make_sample().to_csv(Path(sys.argv[1]) / "sample.csv", index=False, lineterminator="\n")
