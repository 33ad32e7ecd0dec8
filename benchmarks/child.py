"""One job in a process of its own: prints seconds and peak memory before and after, as JSON.

python benchmarks/child.py countries ROWS   14 countries of ROWS children, one after the other
python benchmarks/child.py pooled ROWS      the same children as one survey
python benchmarks/child.py stream FILE      one survey in a Parquet file
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from data import COUNTRIES, INDICATORS, Country, countries

from disrupting_harm.survey import SurveyDesign, estimate, estimate_parquet


def peak() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def pool(parts: list[Country]) -> Country:
    """All countries as one survey; their strata are told apart."""
    for number, part in enumerate(parts):
        part.design["stratum"] += 100 * number
    domains = pd.concat([part.domains for part in parts], ignore_index=True)
    outcomes = pd.concat([part.outcomes for part in parts], ignore_index=True)
    design = pd.concat([part.design for part in parts], ignore_index=True)
    return Country(design, outcomes, domains)


def table(country: Country) -> pd.DataFrame:
    return estimate(SurveyDesign.from_frame(country.design), country.outcomes, country.domains)


def measured(data_mb: float, job: Callable[[], int]) -> dict[str, float]:
    before = peak()
    start = time.perf_counter()
    cells = job()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "cells": cells,
        "data_mb": data_mb,
        "before_mb": before,
        "peak_mb": peak(),
    }


def main() -> None:
    job, argument = sys.argv[1:]
    if job == "stream":
        names = [f"y{k}" for k in range(INDICATORS)]
        size = Path(argument).stat().st_size / 1e6
        result = measured(size, lambda: len(estimate_parquet(argument, names, ["d0", "d1", "d2"])))
    else:
        data = countries(int(argument) // COUNTRIES)
        if job == "pooled":
            data = [pool(data)]
        size = sum(float(f.memory_usage().sum()) for country in data for f in country) / 1e6
        result = measured(size, lambda: sum(len(table(country)) for country in data))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
