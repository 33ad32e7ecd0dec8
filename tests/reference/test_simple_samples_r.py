"""Simple samples, with weights from the sizes of populations, equal R: see `designs/simple.R`."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import SurveyDesign, estimate

FOLDER = Path(__file__).parent / "designs"
R = pd.read_csv(FOLDER / "simple_r.csv")
CHILDREN = pd.read_csv(FOLDER / "two_phase_sample.csv").assign(inhabitants=10)
DESIGNS: dict[str, dict[str, Any]] = {
    "one size": {"stratum": None, "psu": None, "fpc": 900},
    "a size by stratum": {"stratum": "region", "psu": None, "fpc": "regional"},
    "places": {"stratum": None, "psu": "place", "fpc": 60},
    "two stages": {
        "stratum": None,
        "psu": "place",
        "fpc": "places",
        "later_stages": [(None, "inhabitants")],
    },
    "no size": {"stratum": None, "psu": None},
}


@pytest.mark.parametrize("case", R["case"].unique())
def test_estimates_and_weights(case: str) -> None:
    design = SurveyDesign.from_frame(CHILDREN, weight=None, **DESIGNS[case])
    theirs = R[R["case"] == case].set_index("quantity")
    np.testing.assert_allclose(design.weight.sum(), theirs["weights"], rtol=1e-13)
    assert (theirs["df"] == design.df).all()
    for statistic in ("total", "mean"):
        for name, domains in ((statistic, None), (f"{statistic}_girls", CHILDREN["sex"])):
            table = estimate(design, CHILDREN["hours"], domains, {"hours": statistic})
            ours = table.iloc[-1][["estimate", "se"]].astype(float)
            np.testing.assert_allclose(ours, theirs.loc[name, ["estimate", "se"]], rtol=1e-12)
