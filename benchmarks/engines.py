"""The same job by every engine: estimates and standard errors of all indicators in all domains."""

import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from data import COUNTRIES, INDICATORS, REPLICATES, Country

from designbased import (
    SurveyDesign,
    calibrated_frame,
    estimate,
    estimate_categories,
    joint_estimates,
    margin_indicators,
    rescaling_bootstrap,
)
from disrupting_harm.audit.estimates import KEYS, compare_estimates, recompute_by_samplics
from disrupting_harm.comparison.nonresponse_tipping import SHARES, alone_until, margin_limits

AGREEMENT = 1e-9


def kernel(country: Country, **options) -> pd.DataFrame:
    """Ours, with standard error, interval, design effect and degrees of freedom."""
    design = SurveyDesign.from_frame(country.design)
    return estimate(design, country.outcomes, country.domains, **options)


def kernel_fpc(country: Country) -> pd.DataFrame:
    design = SurveyDesign.from_frame(country.design, fpc="psus")
    return estimate(design, country.outcomes, country.domains)


def kernel_households(country: Country) -> pd.DataFrame:
    """Two stages: about three children in each of four households per PSU."""
    return kernel_two_stages(country, ("household", "households"))


def kernel_children(country: Country) -> pd.DataFrame:
    """Two stages: every child is a unit of its own."""
    return kernel_two_stages(country, ("child", "children"))


def kernel_two_stages(country: Country, stage: tuple[str, str]) -> pd.DataFrame:
    design = SurveyDesign.from_frame(country.design, fpc="psus", later_stages=[stage])
    return estimate(design, country.outcomes, country.domains)


def kernel_calibrated(country: Country) -> pd.DataFrame:
    """Standard errors that know of a calibration to two margins."""
    design = SurveyDesign.from_frame(country.design)
    margins = margin_indicators(country.domains, ("d1", "d5"))
    calibration = calibrated_frame(margins, design.weight)
    return estimate(design, country.outcomes, country.domains, calibration=calibration)


def bootstrap(country: Country) -> pd.DataFrame:
    """Ours, from 500 Rao-Wu replicates."""
    design = SurveyDesign.from_frame(country.design)
    replicated = rescaling_bootstrap(design, REPLICATES, seed=2021)
    return estimate(replicated, country.outcomes, country.domains)


def joint(country: Country) -> np.ndarray:
    """Ours: the covariance matrix of all indicators."""
    design = SurveyDesign.from_frame(country.design)
    return joint_estimates(design, country.outcomes, country.domains[["d0"]]).matrix


def options(country: Country) -> pd.DataFrame:
    """Ours: six answers to one question, of which each child gave one."""
    design = SurveyDesign.from_frame(country.design)
    level = country.domains["d11"].cat.codes.to_numpy()
    answers = pd.DataFrame({f"o{k}": (level == k).astype(float) for k in range(6)})
    return estimate_categories(design, answers, one_answer=True).shares


def silence() -> None:
    """Ours: rank sets with silence up to each share, and until when one country is alone."""
    # One far above the others and one far below: until when they are alone has to be searched for.
    p = np.array([0.005, *np.geomspace(0.03, 0.2, COUNTRIES - 2), 0.6])
    case = np.log(p), np.full(COUNTRIES, 0.1), np.full(COUNTRIES, 88.0)
    for share in SHARES:
        margin_limits(*case, share, 0.05)
    for highest in (True, False):
        alone_until(*case, 0.05, highest=highest)


def samplics(country: Country) -> pd.DataFrame:
    design = SurveyDesign.from_frame(country.design)
    return recompute_by_samplics(design, country.outcomes, country.domains)


def svy(country: Country) -> pd.DataFrame:
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
            cells = {"level": ones[domain].to_list(), "estimate": ones["est"], "se": ones["se"]}
            tables.append(pd.DataFrame({"indicator": indicator, "domain": domain, **cells}))
    return pd.concat(tables)


def have_r() -> bool:
    """Whether R is installed."""
    return shutil.which("Rscript") is not None


def r_survey(country: Country, indicators: Sequence[str], job: str) -> tuple[float, pd.DataFrame]:
    """Run a job of ``survey.R`` on some indicators of one country.

    Returns:
        Seconds for all indicators of all countries, from the least of two runs, and the table.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        columns = [country.design, country.outcomes[list(indicators)], country.domains]
        pd.concat(columns, axis=1).to_csv(data, index=False)
        script = Path(__file__).with_name("survey.R")
        names = [",".join(indicators), ",".join(country.domains)]
        output = subprocess.run(
            ["Rscript", "--vanilla", script, job, data, *names],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    times, table = output.split("\n", 1)
    design, estimates = map(float, times.split())
    whole = COUNTRIES * (design + estimates * INDICATORS / len(indicators))
    return whole, pd.read_csv(io.StringIO(table))


def r_joint(country: Country) -> tuple[float, float]:
    """Return seconds of R for the covariance matrix, and how far it is from ours, relative."""
    names = list(country.outcomes)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        pd.concat([country.design, country.outcomes], axis=1).to_csv(data, index=False)
        script = Path(__file__).with_name("survey.R")
        output = subprocess.run(
            ["Rscript", "--vanilla", script, "joint", data, ",".join(names), ""],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    times, table = output.split("\n", 1)
    theirs = pd.read_csv(io.StringIO(table)).to_numpy()
    ours = joint(country)
    scale = np.sqrt(np.outer(np.diag(ours), np.diag(ours)))
    largest = float((np.abs(ours - theirs) / scale).max())
    if largest > AGREEMENT:
        raise SystemExit(f"R's covariances and ours differ by {largest:.1e} relative")
    return sum(map(float, times.split())), largest


def seconds(run: Callable[[Country], object], data: Sequence[Country], repeats: int = 1) -> float:
    """Processor time of the job on all countries; the least of several times."""
    return cpu_seconds(lambda: [run(country) for country in data], repeats)


def in_turn(jobs: Mapping[str, tuple[Callable[[], object], int]], rounds: int) -> dict[str, float]:
    """Processor time of several jobs, one after the other in each round; the least counts.

    A job of a pair then has the same neighbours as the other. The number beside a job says how
    often it runs in a round.
    """
    found = [
        {name: cpu_seconds(job, repeats) for name, (job, repeats) in jobs.items()}
        for _ in range(rounds)
    ]
    return {name: min(times[name] for times in found) for name in jobs}


def cpu_seconds(job: Callable[[], object], repeats: int) -> float:
    """Processor time of a job, user and system; the least of several times."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return min(times)


def require_agreement(name: str, ours: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the largest relative difference among the cells that ``other`` has.

    A benchmark of an engine that computes something else would say nothing, so it stops.
    """
    same = ours.merge(other[KEYS], on=KEYS)
    differences = compare_estimates(same, other)[["estimate_difference", "se_difference"]]
    largest = float(differences.to_numpy().max())
    if len(same) != len(other) or largest > AGREEMENT:
        raise SystemExit(f"{name} and the kernel differ by {largest:.1e} relative")
    return largest
