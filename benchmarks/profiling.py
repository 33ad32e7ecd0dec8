"""Where the time of the engine goes, and the least that any engine needs."""

import cProfile
import pstats
import time
from collections.abc import Callable, Sequence

import numpy as np
from data import Country
from scipy.sparse import csc_array

from disrupting_harm.survey.coding import code_levels, code_outcomes
from disrupting_harm.survey.design import SurveyDesign
from disrupting_harm.survey.totals import ROWS_AT_ONCE

# Functions whose time, with all they call, makes up the job.
PARTS = {
    "design": "from_frame",
    "checks of answers": "code_outcomes",
    "levels": "code_levels",
    "sums by PSU and level": "add",
    "estimates and variances": "_linearise_levels",
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
        if "disrupting_harm/survey" in file
    }
    found = {part: spent[function] / stats.total_tt for part, function in PARTS.items()}
    return found | {"everything else, mostly the table": 1 - sum(found.values())}


def single_pass(data: Sequence[Country], repeats: int = 3) -> float:
    """Seconds to add every answer, weighted, to its PSU and level, in the best order."""
    jobs = []
    for country in data:
        design = SurveyDesign.from_frame(country.design)
        outcomes = code_outcomes(country.outcomes, design.n_rows)
        levels = code_levels(country.domains, design.n_rows)
        order = np.argsort(design.psu, kind="stable")
        for first in range(0, len(order), ROWS_AT_ONCE):
            rows = order[first : first + ROWS_AT_ONCE]
            start, level = levels.members(rows)
            members = np.diff(start)
            psus, place = np.unique(design.psu[rows], return_inverse=True)
            place = np.repeat(place * len(levels), members) + level
            weight = np.repeat(design.weight[rows], members)
            shape = (len(psus) * len(levels), len(rows))
            jobs.append((csc_array((weight, place, start), shape=shape), outcomes.values[rows]))
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        for adder, values in jobs:
            adder @ values
        times.append(time.perf_counter() - begin)
    return min(times)
