"""Write the small synthetic survey that the reference numbers are computed from.

It is awkward on purpose: PSU identifiers repeat across strata, weights are unequal, answers are
missing, one answer is never given and one always, domains miss whole PSUs and strata, and one
category is empty. The people are invented.

    python tests/reference/make_survey.py tests/reference/survey.csv
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

PSUS_PER_STRATUM = {"north": 9, "south": 6, "east": 4, "west": 2}
PSUS_IN_POPULATION = {"north": 60, "south": 24, "east": 5, "west": 400}


def make_survey() -> pd.DataFrame:
    rng = np.random.default_rng(20210614)
    rows = []
    for stratum, psus in PSUS_PER_STRATUM.items():
        for psu in range(1, psus + 1):
            level = rng.normal(-1.2, 0.5)
            for _ in range(rng.integers(8, 32)):
                rows.append((stratum, psu, PSUS_IN_POPULATION[stratum], level))
    frame = pd.DataFrame(rows, columns=["stratum", "psu", "psus", "level"])
    n = len(frame)
    frame["weight"] = np.round(rng.lognormal(3.0, 0.6, n), 3)
    frame["sex"] = rng.choice(["girl", "boy"], n)
    frame["age"] = rng.choice(["12-13", "14-15", "16-17"], n, p=[0.3, 0.4, 0.3])
    # A domain of few PSUs in two strata, another one within a single PSU, and many rows in none.
    small = np.where(frame["stratum"].eq("north") & frame["psu"].le(2), "few PSUs", "")
    small = np.where(frame["stratum"].eq("east") & frame["psu"].eq(3), "few PSUs", small)
    small = np.where(frame["stratum"].eq("south") & frame["psu"].eq(5), "one PSU", small)
    frame["place"] = small
    chance = 1 / (1 + np.exp(-(frame["level"] + frame["age"].eq("16-17") * 0.8)))
    frame["common"] = (rng.random(n) < chance).astype(float)
    frame["rare"] = (rng.random(n) < 0.02).astype(float)
    frame["never"] = 0.0
    frame["always"] = 1.0
    frame["asked_of_some"] = frame["common"].where(rng.random(n) < 0.7)
    # Nobody in one stratum answered, and nobody in one PSU of another.
    unanswered = frame["stratum"].eq("west") | (frame["stratum"].eq("east") & frame["psu"].eq(1))
    frame["unanswered"] = (rng.random(n) < 0.4).astype(float)
    frame.loc[unanswered | (rng.random(n) < 0.1), "unanswered"] = np.nan
    frame["hours"] = np.round(rng.gamma(2.0, 1.5, n) + frame["level"], 2)
    frame.loc[rng.random(n) < 0.08, "hours"] = np.nan
    # Rows come in no order, as in a field file.
    return frame.drop(columns="level").sample(frac=1, random_state=7).reset_index(drop=True)


if __name__ == "__main__":
    make_survey().to_csv(Path(sys.argv[1]), index=False, lineterminator="\n")
