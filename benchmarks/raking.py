"""Raking to four margins, beside leafblower, which rakes in C++.

Both get the same frame of text columns, and both have to find the categories first. Their weights
have to agree to 1e-12, or the benchmark stops.
"""

import warnings
from importlib.util import find_spec

import numpy as np
import pandas as pd
from engines import in_turn
from report import Row, Section

from designbased import calibrate, calibration_auxiliaries, rake
from designbased.calibration.raking import Targets

CATEGORIES = {"age": 6, "province": 14, "sex": 2, "schooling": 5}
MARGIN_HOLDS = 1e-13
AGREEMENT = 1e-12
LEAFBLOWER = "leafblower"
REPEATS = {14_000: 20, 1_000_000: 5}


def simulate(rows: int) -> tuple[pd.DataFrame, np.ndarray, Targets]:
    """Respondents with text in four columns, their weights, and shares of the population."""
    rng = np.random.default_rng(2021)
    columns, shares = {}, {}
    for name, count in CATEGORIES.items():
        categories = [f"{name} {number}" for number in range(count)]
        drawn = rng.choice(count, rows, p=rng.dirichlet(np.full(count, 5.0)))
        columns[name] = pd.array(categories, dtype="str").take(drawn)
        wanted = rng.dirichlet(np.full(count, 8.0)).tolist()
        shares[name] = dict(zip(categories, wanted, strict=True))
    return pd.DataFrame(columns), rng.lognormal(0, 0.5, rows), shares


def leafblower(table: pd.DataFrame, weights: np.ndarray, shares: Targets) -> np.ndarray:
    """Weights with the mean 1, without a bound that binds and with margins that hold."""
    from leafblower import harvest

    found = harvest(
        table,
        shares,
        max_weight=float(len(table)),
        method="raking",
        start_weights=weights,
        attach_weights=False,
        convergence={"metric": "max_err", "rule": "threshold", "absolute": MARGIN_HOLDS},
    )
    return found["weights"]


def raking_job(_: object) -> Section:
    """14,000 and 1,000,000 respondents."""
    rows = []
    for count, repeats in REPEATS.items():
        table, weights, shares = simulate(count)
        # leafblower's weights have the mean 1.
        targets = {
            margin: {category: share * count for category, share in of_margin.items()}
            for margin, of_margin in shares.items()
        }
        coded = table.astype("category")
        jobs = {
            "rake": lambda t=table, w=weights, goal=targets: rake(w, t, goal),
            "rake, columns categorical": lambda t=coded, w=weights, goal=targets: rake(w, t, goal),
            "calibrate": lambda t=table, w=weights, goal=targets: (
                calibrate(w, calibration_auxiliaries(t, goal, w)).weights
            ),
        }
        ours = jobs["rake"]()
        if find_spec("leafblower") is not None:
            jobs[LEAFBLOWER] = lambda t=table, w=weights, s=shares: leafblower(t, w, s)
        with warnings.catch_warnings():
            # leafblower warns of categories with less than 1 % of the population.
            warnings.simplefilter("ignore", UserWarning)
            if LEAFBLOWER in jobs:
                require_same(ours, jobs[LEAFBLOWER]())
            seconds = in_turn({name: (job, 1) for name, job in jobs.items()}, repeats)
        for name, took in seconds.items():
            of_others = name == LEAFBLOWER
            title = f"{name if of_others else f'this engine, {name}'}, {count:,} rows"
            ratio = took / seconds["rake"] if of_others else None
            rows.append(Row(title, took, ratio, f"best of {repeats}, in turn"))
    return Section(
        "Raking to four margins",
        "Margins of 6, 14, 2 and 5 categories, columns of text. Margins hold to 1e-13, and the "
        "weights of both agree to 1e-12. leafblower is a package in C++; where it has no wheel its "
        "rows are missing. Ratios are to ours of the same rows.",
        rows,
    )


def require_same(ours: np.ndarray, other: np.ndarray) -> None:
    largest = float(np.abs(other / ours - 1).max())
    if not largest <= AGREEMENT:
        raise SystemExit(f"leafblower and the engine differ by {largest:.1e} relative")
