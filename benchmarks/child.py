"""One job in a process of its own: prints seconds and memory before and at the peak, as JSON.

Seconds are those of the processor, all threads together, ``thread`` those of the thread that adds
up, and ``clock`` those of the clock. Memory is read as Linux keeps it.

python benchmarks/child.py countries ROWS   14 countries of ROWS children, one after the other
python benchmarks/child.py pooled ROWS      the same children as one survey
python benchmarks/child.py stream FILE      one survey in a Parquet file
python benchmarks/child.py replicates FILE  the same, with standard errors of bootstrap replicates
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from data import COUNTRIES, INDICATORS, REPLICATES, Country, countries, pool

from designbased import (
    ReplicateDesign,
    SurveyDesign,
    estimate,
    estimate_parquet,
    rescaling_bootstrap,
)


def memory(kind: str) -> float:
    """Resident memory of this process in MB: "VmRSS", now, or "VmHWM", the most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split(f"{kind}:")[1].split()[0]) / 1e3


def forget_peak() -> None:
    """Start the record of the largest memory anew: simulating the data took more than holding."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def table(country: Country) -> pd.DataFrame:
    return estimate(SurveyDesign.from_frame(country.design), country.outcomes, country.domains)


def bootstrap(design: SurveyDesign) -> ReplicateDesign:
    return rescaling_bootstrap(design, REPLICATES, seed=2021)


def measured(data_mb: float, job: Callable[[], int]) -> dict[str, float]:
    forget_peak()
    before = memory("VmRSS")
    start, used, own = time.perf_counter(), time.process_time(), time.thread_time()
    cells = job()
    return {
        "seconds": time.process_time() - used,
        "clock": time.perf_counter() - start,
        "thread": time.thread_time() - own,
        "cells": cells,
        "data_mb": data_mb,
        "before_mb": before,
        "peak_mb": memory("VmHWM"),
    }


def main() -> None:
    job, argument = sys.argv[1:]
    if job in ("stream", "replicates"):
        names, domains = [f"y{k}" for k in range(INDICATORS)], ["d0", "d1", "d2"]
        size = Path(argument).stat().st_size / 1e6
        make = bootstrap if job == "replicates" else None
        result = measured(
            size, lambda: len(estimate_parquet(argument, names, domains, replicates=make))
        )
    else:
        data = countries(int(argument) // COUNTRIES)
        if job == "pooled":
            data = [pool(data)]
        size = sum(float(f.memory_usage().sum()) for country in data for f in country) / 1e6
        result = measured(size, lambda: sum(len(table(country)) for country in data))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
