"""Write the sample behind change.R: three waves of 4 strata, half of whose PSUs stay each time.

python make_sample.py OUTPUT-FOLDER
"""

import csv
import random
import sys
from pathlib import Path

WAVES = {2017: 0.12, 2019: 0.16, 2024: 0.21}
STRATA, PSUS, KEPT, CHILDREN = 4, 6, 3, 9


def rows():
    """Yield the children of all waves; PSU ids say which place it is."""
    draw = random.Random(20261127)
    effect: dict[str, float] = {}
    for number, (year, share) in enumerate(WAVES.items()):
        for stratum in range(STRATA):
            for place in range(PSUS):
                psu = f"{stratum}-{place + number * (PSUS - KEPT):02}"
                here = effect.setdefault(psu, draw.gauss(0, 0.06))
                for _ in range(CHILDREN):
                    girl, older = draw.random() < 0.5, draw.random() < 0.4 + 0.1 * number
                    chance = share + here + 0.03 * stratum + 0.05 * girl + 0.04 * older
                    answer = "" if draw.random() < 0.04 else int(draw.random() < chance)
                    yield [
                        year,
                        f"s{stratum}",
                        psu,
                        f"{draw.uniform(0.5, 3) * (1 + stratum / 4):.4f}",
                        "girl" if girl else "boy",
                        "older" if older else "younger",
                        answer,
                    ]


if __name__ == "__main__":
    with (Path(sys.argv[1]) / "sample.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "stratum", "psu", "w", "sex", "age", "y"])
        writer.writerows(rows())
