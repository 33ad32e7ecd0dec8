"""The change of all cells between two waves, and that it grows with the rows alone."""

import numpy as np
import pandas as pd
from engines import cpu_seconds
from report import Row, Section

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from disrupting_harm.comparison.waves.overlap import (
    Answers,
    Waves,
    estimate_differences,
    independent_waves,
    wave_covariances,
)

REPEATS = {40_000: 7, 640_000: 3}
INDICATORS, LEVELS, STRATA, PSUS, SEED = 20, (2, 3, 4, 6, 8), 20, 100, 20261127


def waves_job(_: object) -> Section:
    """40,000 and 640,000 children in each wave."""
    rows, cells = [], 0
    kept = np.arange(0, STRATA * PSUS, 2)
    pairs = np.column_stack([kept, kept])
    for count, repeats in REPEATS.items():
        waves = [wave(count, number) for number in range(2)]
        jobs = {
            "both waves estimated": lambda w=waves: [estimated(own) for own in w],
            "their covariances, half of the PSUs kept": lambda w=waves: wave_covariances(*w, pairs),
        }
        tables, shared = (job() for job in jobs.values())
        jobs["their differences"] = lambda t=tables: estimate_differences(independent_waves(*t))
        found = estimate_differences(Waves(*tables, shared.to_numpy()))
        if not np.isfinite(found["se"]).all():
            raise SystemExit("a change without a standard error")
        cells = len(found)
        for name, job in jobs.items():
            took = cpu_seconds(job, repeats)
            basis = f"{1e6 * took / (2 * count):.2f} µs per child"
            rows.append(Row(f"{name}, {count:,} rows each", took, None, basis))
    return Section(
        "Change of all cells between two waves",
        f"{INDICATORS} indicators in {len(LEVELS)} domains, {cells} cells, {STRATA * PSUS:,} PSUs "
        "a wave. Differences need the estimates alone, covariances the answers once more.",
        rows,
    )


def wave(rows: int, number: int) -> Answers:
    """Return the answers of a wave with the same strata, PSUs and domains as the other."""
    draw = np.random.default_rng(SEED + number)
    psu = np.arange(rows) % (STRATA * PSUS)
    frame = pd.DataFrame(
        {"stratum": psu // PSUS, "psu": psu % PSUS, "weight": draw.uniform(1, 3, rows)}
    )
    outcomes = pd.DataFrame(
        (draw.random((rows, INDICATORS)) < np.linspace(0.05, 0.6, INDICATORS)).astype(float),
        columns=[f"indicator_{k}" for k in range(INDICATORS)],
    )
    domains = pd.DataFrame(
        {
            f"domain_{levels}": pd.Categorical.from_codes(
                draw.integers(0, levels, rows), [str(level) for level in range(levels)]
            )
            for levels in LEVELS
        }
    )
    return Answers(SurveyDesign.from_frame(frame), outcomes, domains, {}, {})


def estimated(own: Answers) -> pd.DataFrame:
    """Return the estimates of one wave."""
    return estimate(own.design, own.outcomes, own.domains)
