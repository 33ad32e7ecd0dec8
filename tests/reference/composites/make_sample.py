"""Write sample.csv: 960 children, four parts of a composite, of which some are not answered.

python tests/reference/composites/make_sample.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

PARTS = ("a", "b", "c", "d")


def sample() -> pd.DataFrame:
    """Return 48 PSUs of 20 children; parts missing more often after a yes to the first one."""
    rng = np.random.default_rng(20261125)
    psu = np.repeat(np.arange(48), 20)
    tendency = (rng.normal(0, 0.5, 48)[psu] + rng.normal(0, 0.9, 960))[:, np.newaxis]
    chance = 1 / (1 + np.exp(-(np.array([-2.6, -2.2, -3.0, -2.8]) + tendency)))
    answers = (rng.random((960, 4)) < chance).astype(float)
    silent = 0.06 + 0.10 * answers[:, :1] * np.array([0, 1, 1, 1])
    answers[rng.random((960, 4)) < silent] = np.nan
    # Some leave the whole module.
    answers[rng.random(960) < 0.02] = np.nan
    frame = pd.DataFrame(answers, columns=PARTS).astype("Int64")
    frame.insert(0, "weight", rng.lognormal(0, 0.5, 960).round(4))
    frame.insert(0, "region", np.array([f"r{k}" for k in range(12)])[psu // 4])
    frame.insert(0, "sex", np.where(rng.random(960) < 0.5, "girl", "boy"))
    frame.insert(0, "psu", psu)
    frame.insert(0, "stratum", psu // 6)
    return frame


if __name__ == "__main__":
    sample().to_csv(Path(sys.argv[1]) / "sample.csv", index=False)
