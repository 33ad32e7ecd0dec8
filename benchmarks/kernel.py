"""How long the kernel takes beside svy, samplics and R's survey, on the same job in the same run.

    python benchmarks/kernel.py            svy and samplics on all countries (about a minute)
    python benchmarks/kernel.py --quick    the others on a part, extrapolated

The job is 14 countries of 1,000 children in 100 PSUs and 5 strata, 60 indicators and 12 domains of
1 to 6 levels: 37,800 cells with standard error, interval and design effect. samplics gives no
design effect, R no interval. Data are in memory for all, and building the design is timed for all.
Times of the others that come from a part of the job are scaled up and say so. The engines have to
agree on estimates and standard errors of the cells they share.
"""

import argparse
import io
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from disrupting_harm.survey.design import SurveyDesign
from disrupting_harm.survey.linearise import estimate
from disrupting_harm.survey.second_estimator import KEYS, compare, recompute

COUNTRIES = 14
ROWS, PSUS, STRATA, INDICATORS = 1_000, 100, 5, 60
LEVELS = [1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 6]
REPEATS = 5
AGREEMENT = 1e-9


class Country(NamedTuple):
    """The data of one country: design columns, answers and domains of the same rows."""

    design: pd.DataFrame
    outcomes: pd.DataFrame
    domains: pd.DataFrame


def simulate(rng: np.random.Generator) -> Country:
    psu = np.arange(ROWS) % PSUS
    design = pd.DataFrame(
        {"stratum": psu % STRATA, "psu": psu // STRATA, "weight": rng.lognormal(0, 0.5, ROWS)}
    )
    chance = rng.uniform(0.02, 0.5, INDICATORS)
    outcomes = pd.DataFrame(
        (rng.random((ROWS, INDICATORS)) < chance).astype(float),
        columns=[f"y{k}" for k in range(INDICATORS)],
    )
    domains = pd.DataFrame(
        {
            f"d{d}": pd.Categorical.from_codes(
                rng.integers(0, count, ROWS), [f"l{level}" for level in range(count)]
            )
            for d, count in enumerate(LEVELS)
        }
    )
    return Country(design, outcomes, domains)


def run_kernel(country: Country) -> pd.DataFrame:
    design = SurveyDesign.from_frame(country.design)
    return estimate(design, country.outcomes, country.domains)


def run_samplics(country: Country) -> pd.DataFrame:
    design = SurveyDesign.from_frame(country.design)
    return recompute(design, country.outcomes, country.domains)


def run_svy(country: Country) -> pd.DataFrame:
    import polars as pl
    import svy

    frame = pd.concat([country.design, country.outcomes, country.domains.astype(str)], axis=1)
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    sample = svy.Sample(pl.from_pandas(frame), design)
    tables = []
    for indicator in country.outcomes:
        for domain in country.domains:
            found = sample.estimation.prop(
                indicator, by=domain, ci_method="korn-graubard", deff="wr"
            ).to_polars()
            ones = found.filter(pl.col(indicator) == 1.0)
            tables.append(
                pd.DataFrame(
                    {
                        "indicator": indicator,
                        "domain": domain,
                        "level": ones[domain].to_list(),
                        "estimate": ones["est"].to_numpy(),
                        "se": ones["se"].to_numpy(),
                    }
                )
            )
    return pd.concat(tables)


def run_r(country: Country, indicators: list[str]) -> tuple[float, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        pd.concat(list(country), axis=1).to_csv(data, index=False)
        script = Path(__file__).with_suffix(".R")
        names = [",".join(indicators), ",".join(country.domains)]
        output = subprocess.run(
            ["Rscript", "--vanilla", script, data, *names],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    seconds, table = output.split("\n", 1)
    return float(seconds), pd.read_csv(io.StringIO(table))


def timed(run: Callable[[Country], pd.DataFrame], countries: list[Country]) -> float:
    start = time.perf_counter()
    for country in countries:
        run(country)
    return time.perf_counter() - start


def require_agreement(name: str, kernel: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the largest relative difference among the cells that ``other`` computed."""
    same = kernel.merge(other[KEYS], on=KEYS)
    differences = compare(same, other)[["estimate_difference", "se_difference"]]
    largest = float(differences.to_numpy().max())
    if len(same) != len(other) or largest > AGREEMENT:
        raise SystemExit(f"{name} and the kernel differ by {largest:.1e} relative")
    return largest


def report(name: str, seconds: float, kernel: float, basis: str, agreement: float | None) -> None:
    ratio = "" if agreement is None else f"{seconds / kernel:9,.0f} x"
    agrees = "" if agreement is None else f"largest difference {agreement:.0e}"
    print(f"{name:<34}{seconds:10.3f} s{ratio:>12}   {basis:<46}{agrees}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="run the others on a part of the job")
    quick = parser.parse_args().quick
    warnings.simplefilter("ignore", FutureWarning)
    rng = np.random.default_rng(2021)
    countries = [simulate(rng) for _ in range(COUNTRIES)]
    first = countries[0]
    one_indicator = Country(first.design, first.outcomes[["y0"]], first.domains)

    table = run_kernel(first)
    kernel = min(timed(run_kernel, countries) for _ in range(REPEATS))
    print(f"{COUNTRIES * len(table):,} cells")
    report("disrupting_harm kernel", kernel, kernel, f"measured, best of {REPEATS}", None)

    some = countries[: 1 if quick else COUNTRIES]
    scale = COUNTRIES / len(some)
    basis = "measured" if scale == 1 else f"extrapolated from {len(some)} country"
    for name, run in {"svy": run_svy, "samplics (no design effect)": run_samplics}.items():
        agreement = require_agreement(name, table, run(one_indicator))
        report(name, timed(run, some) * scale, kernel, basis, agreement)

    if shutil.which("Rscript") is None:
        print("R survey: not measured, Rscript is not installed")
        return
    indicators = list(first.outcomes)[: 2 if quick else 10]
    seconds, r_table = run_r(first, indicators)
    agreement = require_agreement("R survey", table, r_table)
    basis = f"extrapolated from {len(indicators)} indicators, 1 country"
    scale = COUNTRIES * INDICATORS / len(indicators)
    report("R survey, svyby (no interval)", seconds * scale, kernel, basis, agreement)


if __name__ == "__main__":
    main()
