"""Write sample.csv and margins.csv, the synthetic sample that make_weights.R weights with R.

    python tests/reference/weights/make_sample.py FOLDER

Seeded: the same files every time.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED, SIZE = 20_240_611, 360


def make_sample() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    stratum = rng.choice(["capital", "north", "south"], SIZE, p=[0.3, 0.4, 0.3])
    sex = rng.choice(["boy", "girl"], SIZE)
    response = {"capital": 0.6, "north": 0.85, "south": 0.75}
    words = ["refusal", "non_contact", "other"]
    responds = rng.random(SIZE) < np.array([response[s] for s in stratum])
    disposition = np.where(responds, "complete", rng.choice(words, SIZE))
    return pd.DataFrame(
        {
            "child_id": [f"c{k:03d}" for k in range(SIZE)],
            "stratum": stratum,
            "sex": sex,
            "age": rng.integers(12, 18, SIZE),
            "p_psu": np.round(rng.uniform(0.02, 0.12, SIZE), 6),
            "p_household": np.round(rng.uniform(0.05, 0.25, SIZE), 6),
            "eligible": rng.choice([1, 2, 3, 4], SIZE, p=[0.6, 0.27, 0.1, 0.03]),
            "disposition": disposition,
        }
    )


def make_margins() -> pd.DataFrame:
    totals = {
        "sex": {"boy": 51_300, "girl": 48_700},
        "age": {12: 15_100, 13: 15_900, 14: 16_600, 15: 17_200, 16: 17_500, 17: 17_700},
        "stratum": {"capital": 27_000, "north": 41_000, "south": 32_000},
    }
    rows = [(m, c, total) for m, target in totals.items() for c, total in target.items()]
    return pd.DataFrame(rows, columns=["margin", "category", "total"])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    make_sample().to_csv(folder / "sample.csv", index=False, lineterminator="\n")
    make_margins().to_csv(folder / "margins.csv", index=False, lineterminator="\n")
