"""Model estimates of groups equal base R's: see comparison/fay_herriot.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from disrupting_harm.comparison.small_area import model_groups

HERE = Path(__file__).parent / "comparison"
GROUPS, NATIONS, R = (
    pd.read_csv(HERE / f"fay_herriot_{name}.csv") for name in ("groups", "nations", "r")
)
NUMBERS = ["own_share", "model_estimate", "model_low", "model_high", "shift", "tau2", "deff"]


@pytest.mark.parametrize("case", ["apart", "alike", "rare"])
def test_model_of_groups(case: str) -> None:
    cells = GROUPS[GROUPS["case"] == case].assign(ci_low=0.0, ci_high=1.0)
    nations = NATIONS[NATIONS["case"] == case].set_index("country")
    found = model_groups(cells, nations, above=0.1)
    theirs = R[R["case"] == case]
    assert found[["level", "country"]].to_numpy().tolist() == (
        theirs[["level", "country"]].to_numpy().tolist()
    )
    np.testing.assert_allclose(found[NUMBERS], theirs[NUMBERS], rtol=1e-9, atol=1e-12)
    # R's estimate and upper limit have the error of the log-odds.
    centre, high = (np.log(theirs[n] / (1 - theirs[n])) for n in ("model_estimate", "model_high"))
    chance = norm.cdf((centre - np.log(0.1 / 0.9)) / ((high - centre) / norm.ppf(0.975)))
    np.testing.assert_allclose(found["exceedance"], chance, rtol=1e-9, atol=1e-12)
    assert found["surely_above"].tolist() == (chance >= 0.975).tolist()
    assert (found["tau2"] > 0).all() == (case != "alike")
    assert not found["beyond_direct"].any()
