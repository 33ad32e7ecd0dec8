"""Write the synthetic samples that the reference numbers of designs are computed from.

    python tests/reference/designs/make_data.py FOLDER

`stages.csv`: people in units in PSUs in strata, drawn without replacement at each stage; all PSUs
of stratum "d" were taken, identifiers repeat everywhere. `pairs.csv`: two PSUs in every stratum,
out of few in one of them. Answers are missing at random; the people are invented.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

# Sampled PSUs, and PSUs in the population, by stratum.
STRATA = {"a": (6, 40), "b": (5, 12), "c": (4, 90), "d": (2, 2), "e": (2, 9), "f": (2, 30)}


def make_stages() -> pd.DataFrame:
    rng = np.random.default_rng(31415)
    rows = []
    for stratum, (psus, psus_there) in STRATA.items():
        for psu in range(1, psus + 1):
            units_there = int(rng.integers(4, 9))
            level = rng.normal(0, 0.6)
            for unit in range(1, int(rng.integers(2, 5))):
                people_there = int(rng.integers(8, 25))
                people = int(rng.integers(2, 8))
                units = (psus_there, units_there, people_there, level + rng.normal(0, 0.4))
                rows += [(stratum, psu, unit, person, *units) for person in range(1, people + 1)]
    names = ["stratum", "psu", "unit", "person", "psus", "units", "people", "level"]
    frame = pd.DataFrame(rows, columns=names)
    sampled = frame.groupby(["stratum", "psu"])["unit"].transform("nunique")
    # A sampled unit alone in its PSU is the whole of it.
    frame["units"] = frame["units"].where(sampled > 1, 1)
    return with_answers(frame, rng)


def make_pairs() -> pd.DataFrame:
    rng = np.random.default_rng(27182)
    rows = [
        (stratum, psu, 8 if stratum == 3 else 500, level)
        for stratum in range(1, 8)
        for psu in (1, 2)
        for level in [rng.normal(0, 0.6)]
        for _ in range(int(rng.integers(6, 12)))
    ]
    frame = pd.DataFrame(rows, columns=["stratum", "psu", "psus", "level"])
    return with_answers(frame, rng)


def with_answers(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(frame)
    frame["weight"] = np.round(rng.lognormal(3.0, 0.5, n), 3)
    frame["sex"] = rng.choice(["girl", "boy"], n)
    frame["age"] = rng.choice(["12-13", "14-15", "16-17"], n)
    frame["yes"] = (rng.random(n) < 1 / (1 + np.exp(0.8 - frame["level"]))).astype(float)
    frame["rare"] = (rng.random(n) < 0.04).astype(float)
    frame["hours"] = np.round(rng.gamma(2.0, 1.5, n) + frame["level"], 1)
    frame["spent"] = np.round(rng.gamma(1.5, 20.0, n) * np.exp(frame["level"]), 2)
    frame["devices"] = rng.integers(1, 6, n).astype(float)
    for name, share in (("yes", 0.1), ("hours", 0.08), ("spent", 0.05), ("devices", 0.04)):
        frame.loc[rng.random(n) < share, name] = np.nan
    # Rows come in no order, as in a field file.
    return frame.drop(columns="level").sample(frac=1, random_state=11).reset_index(drop=True)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    make_stages().to_csv(folder / "stages.csv", index=False, lineterminator="\n")
    make_pairs().to_csv(folder / "pairs.csv", index=False, lineterminator="\n")
