"""One job in a process of its own: prints seconds and memory before and at the peak, as JSON.

It reads memory as Linux keeps it.

python benchmarks/child.py countries ROWS   14 countries of ROWS children, one after the other
python benchmarks/child.py pooled ROWS      the same children as one survey
python benchmarks/child.py stream FILE      one survey in a Parquet file
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from data import COUNTRIES, INDICATORS, Country, countries, pool

from disrupting_harm.survey import SurveyDesign, estimate, estimate_parquet


def memory(kind: str) -> float:
    """Resident memory of this process in MB: "VmRSS", now, or "VmHWM", the most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split(f"{kind}:")[1].split()[0]) / 1e3


def forget_peak() -> None:
    """Start the record of the largest memory anew: simulating the data took more than holding."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def table(country: Country) -> pd.DataFrame:
    return estimate(SurveyDesign.from_frame(country.design), country.outcomes, country.domains)


def measured(data_mb: float, job: Callable[[], int]) -> dict[str, float]:
    forget_peak()
    before = memory("VmRSS")
    start = time.perf_counter()
    cells = job()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "cells": cells,
        "data_mb": data_mb,
        "before_mb": before,
        "peak_mb": memory("VmHWM"),
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
