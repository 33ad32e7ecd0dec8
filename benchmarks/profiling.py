"""Where the time of the engine goes, and the least that any engine needs."""

import cProfile
import pstats
import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from data import Country
from scipy.special import betainc

from designbased import SurveyDesign

# Functions whose time, with all they call, makes up the job.
PARTS = {
    "design": "from_frame",
    "checks of answers": "_code",
    "levels": "code_levels",
    "sums by level": "_first_pass",
    "sums by PSU and level, variances": "linearise",
    "Korn–Graubard limits": "korn_graubard",
}


def shares(run: Callable[[Country], object], data: Sequence[Country]) -> dict[str, float]:
    """Return the share of each part of the job, and of the rest."""
    profile = cProfile.Profile()
    profile.enable()
    for country in data:
        run(country)
    profile.disable()
    stats = pstats.Stats(profile)
    spent = {
        function: cumulative
        for (file, _, function), (_, _, _, cumulative, _) in stats.stats.items()
        if "designbased" in file
    }
    found = {part: spent[function] / stats.total_tt for part, function in PARTS.items()}
    return found | {"everything else, mostly the table": 1 - sum(found.values())}


def single_pass(data: Sequence[Country], repeats: int = 3) -> float:
    """Processor time to add every answer, weighted, to its PSU and level, once per domain."""
    jobs = []
    for country in data:
        design = SurveyDesign.from_frame(country.design)
        answers = [country.outcomes[name].to_numpy() for name in country.outcomes]
        for name in country.domains:
            codes = country.domains[name].cat
            place = design.psu * len(codes.categories) + codes.codes.to_numpy()
            jobs.append((place, answers, design.weight, design.n_psus * len(codes.categories)))
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        for place, answers, weight, size in jobs:
            for answer in answers:
                np.bincount(place, weight * answer, size)
        times.append(time.process_time() - begin)
    return min(times)


def beta_functions(tables: Sequence[pd.DataFrame], repeats: int = 3) -> float:
    """Processor time of one incomplete beta function for each Korn–Graubard limit of some tables.

    A limit is where this function has the value wanted. It has to be worked out once at the least,
    and that only where the limit is known beforehand.
    """
    cells = pd.concat(tables)
    cells = cells[cells["estimate"].between(0, 1, inclusive="neither")]
    size = np.minimum(cells["n_eff"], cells["n"]).to_numpy()
    yes = cells["estimate"].to_numpy() * size
    low, high = cells["ci_low"].to_numpy(), cells["ci_high"].to_numpy()
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        betainc(yes, size - yes + 1, low)
        betainc(yes + 1, size - yes, high)
        times.append(time.process_time() - begin)
    return min(times)
