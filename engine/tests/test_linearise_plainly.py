"""The kernel against the formulas written out cell by cell, on random designs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designbased import SurveyDesign, estimate
from designbased.design import coding
from designbased.estimates import linearisation as kernel

Vector = np.ndarray[Any, np.dtype[Any]]
STATISTICS = {"hours": "mean", "spent": "total"}


def random_survey(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    strata, per_stratum = int(rng.integers(1, 5)), int(rng.integers(2, 6))
    psus = strata * per_stratum
    n = psus + int(rng.integers(0, 200))
    psu = rng.permutation(np.concatenate([np.arange(psus), rng.integers(0, psus, n - psus)]))
    design = pd.DataFrame({"stratum": psu % strata, "psu": psu // strata, "psus": 30})
    design["weight"] = rng.lognormal(0, 1, n) * (rng.random(n) > rng.choice([0, 0.2]))
    design.loc[0, "weight"] = 1.0
    answers = pd.DataFrame(
        {
            "yes": (rng.random(n) < rng.choice([0.0, 0.02, 0.5, 1.0])).astype(float),
            "no": (rng.random(n) < 0.3).astype(float),
            "hours": rng.normal(100, 2, n),
            "spent": rng.normal(1, 3, n),
        }
    )
    answers = answers.mask(rng.random(answers.shape) < rng.choice([0, 0.1, 0.6]))
    domains = pd.DataFrame(
        {
            "all": pd.Categorical(["all"] * n),
            "group": pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c"]),
            "place": pd.Categorical.from_codes(psu % 4, ["n", "e", "s", "w"]),
        }
    )
    return design, answers, domains


def plainly(
    design: dict[str, Vector], answer: Vector, inside: Vector, kind: str, fpc: bool
) -> dict[str, float]:
    """One cell, from its rows."""
    used = inside & ~np.isnan(answer) & (design["weight"] > 0)
    weight, y = np.where(used, design["weight"], 0.0), np.where(used, answer, 0.0)
    population, n = weight.sum(), int(used.sum())
    if n == 0:
        return {"n": 0, "population": 0.0, "estimate": np.nan, "variance": np.nan, "df": 0}
    total = (weight * y).sum()
    point = total if kind == "total" else total / population
    score = weight * y if kind == "total" else weight * (y - point) / population
    variance, df = 0.0, 0
    for stratum in set(design["stratum"]):
        psus = sorted(set(design["psu"][design["stratum"] == stratum]))
        rows = [(design["stratum"] == stratum) & (design["psu"] == psu) for psu in psus]
        z = np.array([score[of_psu].sum() for of_psu in rows])
        fraction = len(z) / 30 if fpc else 0.0
        variance += (1 - fraction) * len(z) / (len(z) - 1) * ((z - z.mean()) ** 2).sum()
        df += max(sum(used[of_psu].any() for of_psu in rows) - 1, 0)
    return {"n": n, "population": population, "estimate": point, "variance": variance, "df": df}


@given(
    seed=st.integers(0, 100_000),
    fpc=st.booleans(),
    cache=st.sampled_from([1, 150_000]),
    block=st.sampled_from([1, 8_000_000]),
    rows=st.sampled_from([1, 13, 2_048]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_cell_follows_the_formulas(
    seed: int, fpc: bool, cache: int, block: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "CACHE_SIZE", cache)
    monkeypatch.setattr(coding, "BLOCK_SIZE", block)
    monkeypatch.setattr(kernel, "ROWS_AT_ONCE", rows)
    design, answers, domains = random_survey(seed)
    built = SurveyDesign.from_frame(design, fpc="psus" if fpc else None)
    found = estimate(built, answers, domains, STATISTICS)
    columns = {name: design[name].to_numpy() for name in design}
    for row in found.to_dict("records"):
        kind = STATISTICS.get(row["indicator"], "proportion")
        inside = (domains[row["domain"]] == row["level"]).to_numpy(bool)
        cell = plainly(columns, answers[row["indicator"]].to_numpy(), inside, kind, fpc)
        assert (row["n"], row["df"]) == (cell["n"], cell["df"])
        assert row["population"] == pytest.approx(cell["population"], rel=1e-12)
        assert row["estimate"] == pytest.approx(cell["estimate"], rel=1e-12, nan_ok=True)
        # A variance of nothing but rounding is zero in the table.
        tiny = 1e-11 * max(abs(cell["estimate"]), 1.0) if cell["n"] else 0.0
        assert row["se"] == pytest.approx(
            np.sqrt(cell["variance"]), rel=1e-10, abs=tiny, nan_ok=True
        )
