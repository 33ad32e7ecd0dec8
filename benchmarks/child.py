"""One job in a process of its own: prints seconds and memory before and at the peak, as JSON.

Seconds are those of the processor, all threads together, ``thread`` those of the thread that adds
up, and ``clock`` those of the clock. Memory is read as Linux keeps it.

python benchmarks/child.py countries ROWS   14 countries of ROWS children, one after the other
python benchmarks/child.py pooled ROWS      the same children as one survey
python benchmarks/child.py stream FILE      one survey in a Parquet file
python benchmarks/child.py replicates FILE  the same, with standard errors of bootstrap replicates
python benchmarks/child.py polars FILE      weighted shares of the same cells alone, by Polars
python benchmarks/child.py duckdb FILE      the same by DuckDB, which the benchmark alone uses
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


NAMES, DOMAINS = [f"y{k}" for k in range(INDICATORS)], ["d0", "d1", "d2"]


def polars_shares(path: str) -> pd.DataFrame:
    """Weighted shares of all cells in one pass, without standard errors."""
    import polars as pl

    survey, weight = pl.scan_parquet(path), pl.col("weight").cast(pl.Float64)
    shares = [((pl.col(name) * weight).sum() / weight.filter(pl.col(name).is_not_null()).sum())
              .alias(name) for name in NAMES]  # fmt: skip
    tables = pl.collect_all([survey.group_by(name).agg(shares) for name in DOMAINS])
    return long([table.to_pandas() for table in tables])


def duckdb_shares(path: str) -> pd.DataFrame:
    """Weighted shares of all cells, one query, without standard errors."""
    import duckdb

    weight = "CAST(weight AS DOUBLE)"
    shares = ", ".join(
        f"sum({name} * {weight}) / sum({weight}) FILTER ({name} IS NOT NULL) AS {name}"
        for name in NAMES
    )
    sets = ", ".join(f"({name})" for name in DOMAINS)
    query = f"SELECT {', '.join(DOMAINS)}, {shares} FROM '{path}' GROUP BY GROUPING SETS ({sets})"
    connection = duckdb.connect(config={"threads": 1})
    table = connection.execute(query).df()
    return long([table[table[name].notna()][[name, *NAMES]] for name in DOMAINS])


def long(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one row per domain, level and indicator, in this order."""
    parts = [
        table.rename(columns={name: "level"})
        .astype({"level": int})
        .melt("level", NAMES, "indicator", "estimate")
        .assign(domain=name)
        for name, table in zip(DOMAINS, tables, strict=True)
    ]
    return pd.concat(parts).sort_values(["domain", "level", "indicator"], ignore_index=True)


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


def largest_difference(theirs: pd.DataFrame, path: str) -> float:
    """Return how far shares are from the engine's, relative; a cell that is missing is far."""
    ours = estimate_parquet(path, NAMES, DOMAINS)
    ours = ours[ours["domain"].isin(DOMAINS)].astype({"level": int})
    both = ours.merge(theirs, on=["domain", "level", "indicator"], suffixes=("", "_theirs"))
    if not len(both) == len(ours) == len(theirs):
        return float("inf")
    return float((both["estimate_theirs"] / both["estimate"] - 1).abs().max())


def main() -> None:
    job, argument = sys.argv[1:]
    if job in ("polars", "duckdb"):
        shares = {"polars": polars_shares, "duckdb": duckdb_shares}[job]
        cells: list[pd.DataFrame] = []
        size = Path(argument).stat().st_size / 1e6
        result = measured(size, lambda: cells.append(shares(argument)) or len(cells[0]))
        result["differs"] = largest_difference(cells[0], argument)
    elif job in ("stream", "replicates"):
        size = Path(argument).stat().st_size / 1e6
        make = bootstrap if job == "replicates" else None
        result = measured(
            size, lambda: len(estimate_parquet(argument, NAMES, DOMAINS, replicates=make))
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
