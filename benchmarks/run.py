"""Print how long the engine takes beside svy, samplics and R's survey, on the same jobs.

    python benchmarks/run.py            everything (an hour and more), into docs/benchmarks.md
    python benchmarks/run.py --quick    less of each job (about a minute), printed only
    python benchmarks/run.py --only raking_job
                                        one of the jobs, printed only
    python benchmarks/run.py --only raking_job --page
                                        and written into its section of docs/benchmarks.md
    python benchmarks/run.py --stream 100000000
                                        one survey of so many children in a Parquet file, printed

Data are in memory for all, and building the design is timed for all. Every time is processor time,
the least of two runs or more, because other work on the machine only ever adds to it. Times of the
others that come from a part of the job are scaled up and say so. Engines have to agree with ours to
1e-9 on the estimates and standard errors of the cells they share, or the benchmark stops.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

# One thread for every engine: R has no more, and processor time is compared.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RAYON_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import engines
import growth
import numpy as np
from data import (
    COUNTRIES,
    INDICATORS,
    REPLICATES,
    Country,
    countries,
    pool,
    simulate,
    write_survey,
)
from many_countries import PLANNED, RUN, planned_studies, run_studies
from profiling import beta_functions, shares, single_pass
from raking import raking_job
from replicates import replicates_job
from report import Row, Section, environment, show_section
from small_reruns import small_reruns
from steadiness import steadiness
from unit import Unit, measure_unit
from waves import waves_job
from whole_study import whole_study

SMALL, LARGE = 1_000, 100_000
# Repeats of our jobs, of large ones, and of those of the others; the least time counts.
BEST_OF, BEST_OF_LARGE, BEST_OF_OTHERS = 7, 3, 2
# Parts of a profile that take less are left out.
SHARE_SHOWN_FROM = 0.06


class Size(NamedTuple):
    """How much of the slow jobs is run."""

    svy_countries: int
    r_indicators: int
    large: int
    streamed: int
    country: int


FULL = Size(svy_countries=14, r_indicators=10, large=LARGE, streamed=100_000_000, country=1_000_000)
QUICK = Size(svy_countries=1, r_indicators=2, large=10_000, streamed=1_000_000, country=10_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="run less of each job")
    parser.add_argument("--only", choices=[job.__name__ for job in JOBS], help="run one job")
    parser.add_argument("--page", action="store_true", help="with --only, write its section")
    parser.add_argument("--stream", type=int, metavar="ROWS", help="only stream so many rows")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    warnings.simplefilter("ignore", FutureWarning)
    if options.stream:
        show_section(streaming(size._replace(streamed=options.stream)), options.page)
        return
    everything = size is FULL and options.only is None
    for job in JOBS:
        if options.only in (None, job.__name__):
            before = measure_unit()
            section = job(size)
            unit = Unit(before, measure_unit())
            rows = [row._replace(unit=row.unit or unit) for row in section.rows]
            show_section(section._replace(rows=rows), everything or options.page)
    if everything:
        others: tuple[Callable[[], Section], ...] = (
            lambda: steadiness(rounds=4),
            lambda: planned_studies(PLANNED),
            lambda: run_studies(RUN),
            whole_study,
            small_reruns,
        )
        for other in others:
            show_section(other(), page=True)


def one_indicator(country: Country) -> Country:
    return Country(country.design, country.outcomes[["y0"]], country.domains)


def extrapolated(part: str) -> str:
    return f"extrapolated from {part}"


def small_job(size: Size) -> Section:
    """37,800 cells against every engine."""
    data = countries(SMALL)
    table = engines.kernel(data[0])
    part = data[: size.svy_countries]
    others = {"svy": engines.svy, "samplics (no design effect)": engines.samplics}
    for name, run in others.items():
        engines.require_agreement(name, table, run(one_indicator(data[0])))
    ours_name, logit_name = "this engine", "this engine, logit interval"
    seconds = engines.in_turn(
        {
            ours_name: (lambda: list(map(engines.kernel, data)), BEST_OF),
            logit_name: (lambda: [engines.kernel(c, interval="logit") for c in data], BEST_OF),
            **{name: (lambda run=run: list(map(run, part)), 1) for name, run in others.items()},
        },
        BEST_OF_OTHERS,
    )
    ours = seconds[ours_name]
    best = f"best of {BEST_OF * BEST_OF_OTHERS}"
    rows = [Row(name, seconds[name], None, best) for name in (ours_name, logit_name)]
    scale = COUNTRIES / len(part)
    basis = "measured" if scale == 1 else extrapolated(f"{len(part)} country")
    for name in others:
        scaled = seconds[name] * scale
        rows.append(Row(name, scaled, scaled / ours, f"{basis}, in turn with ours"))
    if engines.have_r():
        some = list(data[0].outcomes)[: size.r_indicators]
        for job, name in (
            ("full", "R survey, with design effects (no interval)"),
            ("errors", "R survey, standard errors only"),
        ):
            names = some if job == "full" else list(data[0].outcomes)
            seconds, found = engines.r_survey(data[0], names, job)
            engines.require_agreement(name, table, found)
            basis = extrapolated(f"{len(names)} indicators of 1 country")
            rows.append(Row(name, seconds, seconds / ours, basis))
    cells = f"{COUNTRIES * len(table):,}"
    return Section(
        f"{cells} cells: 14 countries, 1,000 children each",
        "60 indicators in 12 domains of 1 to 6 levels; 100 PSUs and 5 strata per country. Standard "
        "error, Korn–Graubard interval, design effect and degrees of freedom of every cell. The "
        f"others are those of {environment()}.",
        rows,
    )


def bootstrap_job(_: Size) -> Section:
    """500 replicates of every cell against R."""
    data = countries(SMALL)
    ours = engines.seconds(engines.bootstrap, data, BEST_OF)
    rows = [Row("this engine", ours, None, f"best of {BEST_OF}")]
    if engines.have_r():
        seconds, _ = engines.r_survey(data[0], list(data[0].outcomes), "bootstrap")
        basis = extrapolated("1 country")
        rows.append(Row("R survey, subbootstrap", seconds, seconds / ours, basis))
    return Section(
        f"{REPLICATES} bootstrap replicates of the same cells",
        "Rao–Wu–Yue replicates of PSUs, drawn within the time that is measured.",
        rows,
    )


def designs(_: Size) -> Section:
    """What other designs cost beside the plain one."""
    data = countries(SMALL)
    plain = engines.seconds(engines.kernel, data, BEST_OF)
    rows = [Row("plain", plain, None, f"best of {BEST_OF}")]
    missing = countries(SMALL, missing=0.03)
    for name, run, given in (
        ("3 % of answers missing", engines.kernel, missing),
        ("finite population correction", engines.kernel_fpc, data),
        ("two stages, PSUs and households", engines.kernel_households, data),
        ("two stages, PSUs and children", engines.kernel_children, data),
        ("calibrated standard errors", engines.kernel_calibrated, data),
    ):
        seconds = engines.seconds(run, given, BEST_OF)
        rows.append(Row(name, seconds, seconds / plain, f"best of {BEST_OF}"))
    return Section(
        "What other designs cost",
        "The same job; ratios are to the plain one. Two stages correct for finite populations of "
        "PSUs and of units in them: four households of about three children each, which makes four "
        "times as many sums, or ten children.",
        rows,
    )


def joint_job(size: Size) -> Section:
    """What is estimated of one sample together, and silence; linear in children."""
    rows = []
    for children in sorted({SMALL, size.large}):
        data = [simulate(np.random.default_rng(2021), children)]
        for name, run in (
            (f"covariance of {INDICATORS} indicators", engines.joint),
            ("options of a question, six", engines.options),
        ):
            ours = engines.seconds(run, data, BEST_OF_LARGE)
            basis = f"{1e6 * ours / children:.2f} µs per child"
            rows.append(Row(f"{name}, {children:,} children", ours, None, basis))
            if engines.have_r() and run is engines.joint and children < size.large:
                seconds, largest = engines.r_joint(data[0])
                basis = f"svymean and vcov; the largest relative difference {largest:.0e}"
                rows.append(Row("R survey, the same", seconds, seconds / ours, basis))
    silent = engines.cpu_seconds(engines.silence, BEST_OF_LARGE)
    basis = "three shares, and until when one country alone may be first or last"
    rows.append(Row(f"ranks with silence, {COUNTRIES} countries", silent, None, basis))
    return Section(
        "Estimated together",
        "The whole covariance matrix of all indicators in one survey, PSUs of ten children; "
        "shares, joint intervals and all pairs of the options of one question; and rank sets with "
        "silence.",
        rows,
    )


def large_job(size: Size) -> Section:
    """The same cells from a hundred times as many children, and from one survey of all."""
    rows = []
    for children in sorted({SMALL, size.large // 10, size.large}):
        data = countries(children)
        for name, given in (("14 countries", data), ("one survey", [pool(data)])):
            ours = engines.seconds(engines.kernel, given, BEST_OF_LARGE)
            basis = f"{1e6 * ours / children / COUNTRIES:.2f} µs per child"
            title = f"this engine, {name}, {COUNTRIES * children:,} children"
            rows.append(Row(title, ours, None, basis))
    first = countries(size.large)[0]
    ours = rows[-2].seconds
    engines.require_agreement("svy", engines.kernel(first), engines.svy(one_indicator(first)))
    part = (
        first if size is FULL else Country(first.design, first.outcomes.iloc[:, :10], first.domains)
    )
    share = len(part.outcomes.columns) / INDICATORS
    seconds = engines.seconds(engines.svy, [part], BEST_OF_OTHERS) * COUNTRIES / share
    basis = extrapolated(f"{len(part.outcomes.columns)} indicators of 1 country")
    rows.append(Row(f"svy, {COUNTRIES * size.large:,} children", seconds, seconds / ours, basis))
    if engines.have_r():
        some = list(first.outcomes)[: size.r_indicators // 2]
        seconds, _ = engines.r_survey(first, some, "full")
        basis = extrapolated(f"{len(some)} indicators of 1 country")
        name = f"R survey, {COUNTRIES * size.large:,} children"
        rows.append(Row(name, seconds, seconds / ours, basis))
    return Section(
        "More children",
        "The same cells, PSUs of ten children, in 14 surveys and in one with as many PSUs as all "
        "of them. Ratios are to the largest 14 of ours.",
        rows,
    )


def child(*arguments: object) -> dict[str, float]:
    """Run one job in a process of its own, whose memory can be measured."""
    script = Path(__file__).with_name("child.py")
    command = [sys.executable, "-W", "ignore", script, *map(str, arguments)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(found)


def memory(size: Size) -> Section:
    """Peak memory beside the data."""
    children = COUNTRIES * size.large
    rows = []
    for name, job in (("14 countries", "countries"), ("one survey of all", "pooled")):
        found = child(job, children)
        basis = (
            f"data {found['data_mb']:,.0f} MB; process {found['before_mb']:,.0f} MB before, "
            f"{found['peak_mb']:,.0f} MB at its peak"
        )
        ratio = found["peak_mb"] / found["before_mb"]
        rows.append(Row(f"{name}, {children:,} children", found["seconds"], ratio, basis))
    return Section(
        "Peak memory",
        "The largest resident memory of a process while it computes the table, beside its memory "
        "before, when data and libraries were loaded; one run each. The one survey has as many "
        "PSUs as all countries together.",
        rows,
    )


def streaming(size: Size) -> Section:
    """A survey larger than memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.parquet"
        if shutil.disk_usage(folder).free < 100 * size.streamed:
            raise SystemExit(f"{folder} has no room for a file of {size.streamed:,} rows")
        rows = []
        for count in (size.streamed // 10, size.streamed):
            write_survey(path, count)
            for job, title in (("stream", ""), ("replicates", f", {REPLICATES} replicates")):
                found = child(job, path)
                basis = (
                    f"{found['clock']:,.0f} s by the clock, of which it computed "
                    f"{found['thread']:,.0f} s; file {found['data_mb']:,.0f} MB, peak "
                    f"{found['peak_mb']:,.0f} MB; {count * INDICATORS * 8 / 1e6:,.0f} MB of "
                    "answers in memory"
                )
                rows.append(Row(f"{count:,} children{title}", found["seconds"], None, basis))
            ours = rows[-2].seconds
            for peer in ("polars", "duckdb"):
                rows.append(streaming_peer(peer, path, count, ours))
    return Section(
        "Out of core",
        "One survey in a Parquet file, 20,000 PSUs in 100 strata, 60 indicators with 2 % missing "
        "answers, 3 domains of 2, 4 and 6 levels: 720 cells in two passes over the file; one run. "
        "Arrow unpacks the file in threads of its own, which count as well, while one thread adds "
        "up. Standard errors are "
        f"linearised, or those of {REPLICATES} bootstrap replicates, from the same passes. Polars "
        "(three queries at once) and DuckDB (one) add up the weighted shares of the same cells "
        "without standard errors; they agree to 1e-9, and ratios are to ours with them.",
        [row for row in rows if row is not None],
    )


def streaming_peer(name: str, path: Path, count: int, ours: float) -> Row | None:
    """Return what a library takes for the shares alone; None where it is not installed."""
    if find_spec(name) is None:
        print(f"{name} is not installed: its rows are missing (pip install {name})")
        return None
    found = child(name, path)
    if not found["differs"] <= engines.AGREEMENT:
        raise SystemExit(f"{name} and the engine differ by {found['differs']:.1e} relative")
    basis = f"shares alone; peak {found['peak_mb']:,.0f} MB"
    title = f"{name}, {count:,} children"
    return Row(title, found["seconds"], found["seconds"] / ours, basis)


def large_country(size: Size) -> Section:
    """The stages of a large country."""
    return growth.large_country(size.country)


def many_levels(_: Size) -> Section:
    """A domain with more and more levels."""
    fewest: dict[int, float] = {}
    rows = []
    for children, levels, seconds in growth.many_levels():
        ratio = seconds / fewest.setdefault(children, seconds)
        basis = f"best of {growth.BEST_OF}"
        rows.append(Row(f"{children:,} children, {levels} levels", seconds, ratio, basis))
    return Section(
        "A domain of many levels",
        "20 indicators in one domain, PSUs of ten children. Ratios are to the fewest levels of the "
        "same children.",
        rows,
    )


def profile(size: Size) -> Section:
    """Where the time goes."""
    rows = []
    for children in (SMALL, size.large):
        data = countries(children)[:: 1 if children == SMALL else COUNTRIES]
        whole = engines.seconds(engines.kernel, data, BEST_OF_LARGE)
        once = single_pass(data)
        label = f"{len(data)} x {children:,} children"
        rows.append(Row(f"{label}: whole job", whole, whole / once, "ratio to a single pass"))
        plain = engines.seconds(lambda c: engines.kernel(c, interval="logit"), data, BEST_OF_LARGE)
        basis = "the same"
        rows.append(Row(f"{label}: with logit intervals", plain, plain / once, basis))
        rows.append(Row(f"{label}: a single pass", once, None, "weighted sums of all answers"))
        limits = beta_functions([engines.kernel(country) for country in data])
        basis = "what Korn–Graubard's limits take at the least; finding them takes more than one"
        rows.append(Row(f"{label}: a beta function per limit", limits, limits / once, basis))
        for name, share in shares(engines.kernel, data).items():
            basis = f"{share:.0%} of the time"
            if share >= SHARE_SHOWN_FROM:
                rows.append(Row(f"{label}: {name}", whole * share, None, basis))
    return Section(
        "Where the time goes",
        f"Shares of a profile, of {100 * SHARE_SHOWN_FROM:.0f} per cent and more. A single pass "
        "adds every answer once per domain, weighted, to its PSU and level by NumPy's bincount, "
        "and does nothing else. Small countries take more passes, as Korn–Graubard's limits, the "
        "design and the table cost as much for few children as for many.",
        rows,
    )


JOBS = (
    small_job,
    bootstrap_job,
    replicates_job,
    designs,
    raking_job,
    waves_job,
    joint_job,
    large_job,
    many_levels,
    memory,
    streaming,
    large_country,
    profile,
)

if __name__ == "__main__":
    main()
