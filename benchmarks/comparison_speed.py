"""How long the comparison of 14 countries in 40 indicators takes, on one core.

    python benchmarks/comparison_speed.py

Every table of contrasts and ranks, at full precision, of made-up survey estimates: pairs,
differences from regional means, gaps of five pairs of levels, pairs of gaps, rank sets. Reading and
writing are not in it. Exits with 1 where all together take more than five seconds.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from disrupting_harm.comparison.gaps import gap_pairs, gaps
from disrupting_harm.comparison.pairwise import pairwise
from disrupting_harm.comparison.ranks import rank_sets
from disrupting_harm.comparison.regions import against_region
from disrupting_harm.comparison.simultaneous import Draws

COUNTRIES, INDICATORS, SEED, LIMIT = 14, 40, 20261124, 5.0
LEVELS = {
    ("sex", "girl", "boy"): 480,
    ("age_band", "14-15", "12-13"): 320,
    ("age_band", "16-17", "12-13"): 320,
    ("age_band", "16-17", "14-15"): 320,
    ("area", "rural", "urban"): 400,
}
CODES = [f"C{number:02d}" for number in range(COUNTRIES)]
NAMES = [f"indicator_{number:02d}" for number in range(INDICATORS)]


def main() -> int:
    random = np.random.default_rng(SEED)
    release, levels = national(random), gap_table(random)
    shown = pd.concat([release, *(cells_of(levels, side) for side in "ab")])
    regions = {code: f"region {place % 2}" for place, code in enumerate(CODES)}
    draws = Draws()
    total = 0.0
    results: dict[str, pd.DataFrame] = {}
    steps: dict[str, Callable[[], pd.DataFrame]] = {
        "pairwise": lambda: pairwise(release, NAMES, "simulated", draws=draws),
        "against_region": lambda: against_region(release, NAMES, regions, "simulated", draws=draws),
        "gaps": lambda: gaps(levels, shown, NAMES, "simulated"),
        "gap_pairs": lambda: gap_pairs(results["gaps"], "simulated", draws=draws),
        "rank_sets": lambda: rank_sets(release, NAMES, "simulated", draws=draws),
    }
    for name, step in steps.items():
        start = time.process_time()
        results[name] = step()
        seconds = time.process_time() - start
        total += seconds
        print(f"{name:16}{len(results[name]):8,} rows{seconds:8.2f} s")
    print(f"{'all':16}{sum(map(len, results.values())):8,} rows{total:8.2f} s")
    return 1 if total > LIMIT else 0


def national(random: np.random.Generator) -> pd.DataFrame:
    """Return released national estimates of every country and indicator."""
    rows = pd.MultiIndex.from_product([CODES, NAMES], names=["country", "indicator"])
    table = rows.to_frame(index=False)
    p = random.uniform(0.03, 0.6, len(table))
    se = np.sqrt(p * (1 - p) * random.uniform(1.2, 4, len(table)) / 960)
    cell = {"domain": "total", "level": "all", "status": "present"}
    return table.assign(**cell, estimate=p, se=se, df=88.0, n=960)


def gap_table(random: np.random.Generator) -> pd.DataFrame:
    """Return the gaps of every country, indicator and pair of levels."""
    parts = []
    for (domain, level_a, level_b), n in LEVELS.items():
        first, second = national(random), national(random)
        p, q = first["estimate"], second["estimate"]
        se = np.sqrt((p * (1 - p) + q * (1 - q)) * 1.5 / n)
        parts.append(
            first[["country", "indicator"]].assign(
                domain=domain,
                level_a=level_a,
                level_b=level_b,
                n_a=n,
                n_b=n,
                estimate_a=p,
                estimate_b=q,
                difference=p - q,
                se=se,
                df=88.0,
                log_ratio=np.log(p / q),
                log_ratio_se=se / np.sqrt(p * q),
            )
        )
    return pd.concat(parts, ignore_index=True)


def cells_of(levels: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the released cells of one side of every gap."""
    cells = levels[["country", "indicator", "domain"]]
    return cells.assign(level=levels[f"level_{side}"], status="present")


if __name__ == "__main__":
    sys.exit(main())
