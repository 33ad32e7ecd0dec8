"""Models and ratios with replicate weights: this engine beside R's survey and svy.

One country of 1,000 children in 100 PSUs and its 100 jackknife replicates (JKn), which have no
choice in them: all engines make the same weights and have to agree.
"""

import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import engines
import numpy as np
import pandas as pd
from data import INDICATORS, countries
from report import Row, Section

from designbased import SurveyDesign, estimate_ratios, fit_model, jackknife

BY, MEASURE = "d5", "hours"
# svy takes Fisher's steps to 1e-8 by default, which leaves as much of a standard error.
SVY_PRECISION = 1e-13


def survey() -> pd.DataFrame:
    """One row per child: design, answers, a domain of four levels and a number."""
    country = countries()[0]
    hours = np.random.default_rng(2021).gamma(2, 1, len(country.design))
    frame = pd.concat([country.design, country.outcomes, country.domains[[BY]]], axis=1)
    # Identifiers of PSUs that do not repeat mean the same to every engine.
    return frame.assign(psu=frame["stratum"] * 1_000 + frame["psu"], **{MEASURE: hours})


def ratios(frame: pd.DataFrame, names: list[str], replicated: bool = True) -> pd.DataFrame:
    """Ours: each indicator over the number, by level."""
    design = SurveyDesign.from_frame(frame)
    hours = pd.DataFrame(dict.fromkeys(names, frame[MEASURE]))
    return estimate_ratios(
        jackknife(design) if replicated else design, frame[names], hours, frame[[BY]]
    )


def models(frame: pd.DataFrame, names: list[str], replicated: bool = True) -> pd.DataFrame:
    """Ours: a logistic model of each indicator, four levels and a number."""
    design = SurveyDesign.from_frame(frame)
    design = jackknife(design) if replicated else design
    tables = [
        fit_model(design, frame, f"{name} ~ {BY} + {MEASURE}", "logistic")
        .table()
        .assign(indicator=name)
        for name in names
    ]
    return pd.concat(tables)


def svy_sample(frame: pd.DataFrame) -> Any:
    import polars as pl
    import svy

    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    text = frame.astype({BY: str})
    return svy.Sample(pl.from_pandas(text), design).weighting.create_jk_wgts()


def svy_ratios(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    found = svy_sample(frame).estimation.ratio(
        names, [MEASURE] * len(names), by=BY, method="replication"
    )
    tables = [table.to_polars().to_pandas() for table in found]
    return pd.concat(tables).rename(columns={"est": "estimate"})


def svy_models(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    import svy

    sample = svy_sample(frame)
    tables = [
        sample.glm.fit(
            name,
            x=[svy.Cat(BY), MEASURE],
            family="binomial",
            method="replication",
            tol=SVY_PRECISION,
        )
        .to_polars()
        .to_pandas()
        for name in names
    ]
    return pd.concat(tables).rename(columns={"std_err": "se"})


def r_job(frame: pd.DataFrame, names: list[str], job: str) -> tuple[float, pd.DataFrame]:
    """Run a job of ``survey.R``; seconds for all indicators, and estimates with errors."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        frame.to_csv(data, index=False)
        script = Path(__file__).with_name("survey.R")
        command = ["Rscript", "--vanilla", script, job, data, ",".join(names), BY]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    times, table = output.split("\n", 1)
    design, estimates = map(float, times.split())
    return design + estimates * INDICATORS / len(names), pd.read_csv(io.StringIO(table))


def require_same(name: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Stop where estimates or standard errors differ: another job says nothing of this one."""
    for column in ("estimate", "se"):
        largest = np.abs(theirs[column].to_numpy() / ours[column].to_numpy() - 1).max()
        if not largest <= engines.AGREEMENT:
            raise SystemExit(f"{name} and the engine differ by {largest:.1e} relative in {column}")


# Title, ours, svy's, and the job of survey.R.
Tables = Callable[..., pd.DataFrame]
PARTS: tuple[tuple[str, Tables, Tables, str], ...] = (
    (f"ratios of {INDICATORS} indicators in four levels", ratios, svy_ratios, "replicate_ratios"),
    (f"logistic models of {INDICATORS} indicators", models, svy_models, "replicate_models"),
)


def replicates_job(size: Any) -> Section:
    """Ratios and models of all indicators under 100 replicates."""
    frame = survey()
    names = [f"y{k}" for k in range(INDICATORS)]
    some = names[: max(2, 6 * size.r_indicators // 10)]
    replicates = jackknife(SurveyDesign.from_frame(frame)).n_replicates
    rows = []
    for title, ours, svys, job in PARTS:
        require_same("svy", ours(frame, some), svys(frame, some))
        # The first fit loads libraries and compiles the formula's reader.
        seconds = engines.in_turn(
            {
                "replicates": (lambda run=ours: run(frame, names), 1),
                "linearised": (lambda run=ours: run(frame, names, False), 1),
                "svy": (lambda run=svys: run(frame, some), 1),
            },
            3,
        )
        time = seconds["replicates"]
        share = time / seconds["linearised"]
        basis = f"{share:.1f} times the linearised errors; best of 3"
        rows.append(Row(f"this engine, {title}", time, None, basis))
        rows.append(Row("the same, linearised", seconds["linearised"], None, "best of 3"))
        scaled = seconds["svy"] * len(names) / len(some)
        basis = f"extrapolated from {len(some)} indicators"
        rows.append(Row("svy, the same replicates", scaled, scaled / time, basis))
        if engines.have_r():
            whole, found = r_job(frame, some, job)
            require_same("R", ours(frame, some), found)
            rows.append(Row("R survey, the same replicates", whole, whole / time, basis))
    return Section(
        f"Ratios and models under {replicates} replicates",
        "One country of 1,000 children in 100 PSUs, left out one at a time (JKn). Each indicator "
        "over a number of hours, and a logistic model of each on a domain of four levels and these "
        "hours, which makes a profile of every child. Replicates are made within the time that is "
        "measured; all engines agree on standard errors to 1e-9.",
        rows,
    )
