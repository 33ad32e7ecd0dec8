"""Write the synthetic sample of questions.R: python make_sample.py FOLDER.

One answer of six (the last one rare), five options of which several may be ticked, and the yes and
no of children and caregivers with answers missing on both sides, and on a scale of four.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

STRATA, PSUS, CHILDREN = 6, 6, 12
SHARES = (0.34, 0.27, 0.18, 0.12, 0.07, 0.02)


def make() -> pd.DataFrame:
    """Return one row per child."""
    rng = np.random.default_rng(20261127)
    n = STRATA * PSUS * CHILDREN
    psu = np.repeat(np.arange(STRATA * PSUS), CHILDREN)
    own = rng.dirichlet(np.array(SHARES) * 12, STRATA * PSUS)
    table = pd.DataFrame({"stratum": psu // PSUS, "psu": psu})
    table["weight"] = np.round(rng.lognormal(0, 0.5, n), 4)
    table["who"] = ["abcdef"[rng.choice(6, p=own[at])] for at in psu]
    place = rng.normal(0, 0.6, STRATA * PSUS)[psu]
    child = rng.normal(0, 1, n)
    for name, cut in (("friend", 0.3), ("sibling", 1.3), ("caregiver", 1.1), ("teacher", 2.2)):
        table[name] = (place + 0.7 * child + rng.logistic(0, 0.6, n) > cut).astype(int)
    told = table[["friend", "sibling", "caregiver", "teacher"]].sum(axis=1)
    table["nobody"] = (told == 0).astype(int)
    asked = rng.random(n) < 0.8
    table["asked"] = asked.astype(int)
    for name, shift in (("yes_child", 0.5), ("yes_caregiver", 0.9)):
        answer = place + child + rng.logistic(0, 0.6, n) > shift
        table[name] = np.where(rng.random(n) < 0.06, "", answer.astype(int).astype(str))
    for name in ("often_child", "often_caregiver"):
        scale = place + child + rng.logistic(0, 0.6, n)
        table[name] = 1 + np.digitize(scale, [-1, 0.4, 1.8])
    return table


if __name__ == "__main__":
    make().to_csv(Path(sys.argv[1]) / "sample.csv", index=False, lineterminator="\n")
