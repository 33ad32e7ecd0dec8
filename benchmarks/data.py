"""Simulated surveys for the benchmarks: many answers, many domains, no story."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

COUNTRIES, STRATA, INDICATORS = 14, 5, 60
LEVELS = [1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 6]
REPLICATES = 500


class Country(NamedTuple):
    """The data of one country: design columns, answers and domains of the same rows."""

    design: pd.DataFrame
    outcomes: pd.DataFrame
    domains: pd.DataFrame


def simulate(rng: np.random.Generator, rows: int = 1_000, missing: float = 0.0) -> Country:
    """A country of ``rows`` children in PSUs of ten, in no particular order."""
    psus = rows // 10
    psu = np.arange(rows) % psus
    design = pd.DataFrame(
        {"stratum": psu % STRATA, "psu": psu // STRATA, "weight": rng.lognormal(0, 0.5, rows)}
    )
    # For designs with finite populations: PSUs, and households and children in each of them.
    design["psus"], design["households"], design["children"] = 40 * psus, 120, 200
    design["household"], design["child"] = np.arange(rows) // psus // 3, np.arange(rows)
    chance = rng.uniform(0.02, 0.5, INDICATORS)
    answers = np.empty((INDICATORS, rows))
    for answer, p in zip(answers, chance, strict=True):
        answer[:] = rng.random(rows) < p
        if missing:
            answer[rng.random(rows) < missing] = np.nan
    outcomes = pd.DataFrame(answers.T, columns=[f"y{k}" for k in range(INDICATORS)], copy=False)
    domains = pd.DataFrame(
        {
            f"d{d}": pd.Categorical.from_codes(
                rng.integers(0, count, rows, dtype=np.int8), [f"l{level}" for level in range(count)]
            )
            for d, count in enumerate(LEVELS)
        }
    )
    return Country(design, outcomes, domains)


def countries(rows: int = 1_000, missing: float = 0.0) -> list[Country]:
    """The fourteen countries, the same at every call."""
    rng = np.random.default_rng(2021)
    return [simulate(rng, rows, missing) for _ in range(COUNTRIES)]


def pool(parts: list[Country]) -> Country:
    """All countries as one survey; their strata are told apart."""
    designs = [
        part.design.assign(stratum=part.design["stratum"] + 100 * number)
        for number, part in enumerate(parts)
    ]
    domains = pd.concat([part.domains for part in parts], ignore_index=True)
    outcomes = pd.concat([part.outcomes for part in parts], ignore_index=True)
    design = pd.concat(designs, ignore_index=True)
    return Country(design, outcomes, domains)


def write_survey(path: Path, rows: int, psus: int = 20_000) -> None:
    """Write one large survey, 60 answers of which 2 % are missing and 3 domains, sorted by PSU."""
    rng = np.random.default_rng(2021)
    chance = rng.uniform(0.02, 0.5, INDICATORS)
    writer = None
    for first in range(0, rows, 250_000):
        count = min(250_000, rows - first)
        psu = np.arange(first, first + count) * psus // rows
        columns = {
            "stratum": (psu // 200).astype(np.int32),
            "psu": psu.astype(np.int32),
            "weight": rng.integers(200_000, 5_000_000, count).astype(np.int32),
        }
        for domain, levels in enumerate((2, 4, 6)):
            columns[f"d{domain}"] = rng.integers(0, levels, count, dtype=np.int8)
        for k, p in enumerate(chance):
            yes = (rng.random(count) < p).astype(np.uint8)
            columns[f"y{k}"] = pa.array(yes, mask=rng.random(count) < 0.02)
        table = pa.table(columns)
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    writer.close()
