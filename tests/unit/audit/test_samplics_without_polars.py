"""The audit's figures are those that samplics computes with Polars itself, to the last bit."""

import subprocess
import sys
from functools import cache

AUDIT = """
import sys
import numpy as np
import pandas as pd
from designbased.design.survey_design import SurveyDesign
from disrupting_harm.audit.estimates import recompute_by_samplics
from disrupting_harm.audit.weights import nonresponse_factors, rake_by_samplics

rng = np.random.default_rng(11)
n = 400
frame = pd.DataFrame({"psu": rng.integers(1, 9, n), "stratum": rng.choice(["x", "y", "z"], n)})
frame = frame[(frame["stratum"] != "z") | (frame["psu"] == 1)].reset_index(drop=True)
n = len(frame)
frame["weight"] = rng.lognormal(0, 0.8, n)
outcomes = pd.DataFrame({"yes": (rng.random(n) < 0.3).astype(float)})
domains = pd.DataFrame({"group": pd.Categorical.from_codes(rng.integers(-1, 3, n), list("abc"))})
design = SurveyDesign.from_frame(frame, lonely_psu="certainty")
assert design.lonely.any()
margins = {"group": {"a": 500.0, "b": 300.0, "c": 400.0}, "sex": {"boy": 650.0, "girl": 550.0}}
table = pd.DataFrame({"group": rng.choice(list("abc"), n), "sex": rng.choice(["boy", "girl"], n)})
interviewed = rng.random(n) < 0.8
disposition = np.where(interviewed, "complete", rng.choice(["refusal", "ineligible"], n))
weight = frame["weight"].to_numpy()
factors = nonresponse_factors(
    weight, weight, rng.integers(0, 4, n), disposition, disposition == "complete"
)
raked = rake_by_samplics(weight, table, margins)
estimates = recompute_by_samplics(design, outcomes, domains)
for numbers in (factors, raked, estimates["estimate"].to_numpy(), estimates["se"].to_numpy()):
    assert np.isfinite(numbers).all() and numbers.any()
    print(numbers.tobytes().hex())
"""
WITH_POLARS = "import polars, samplics\n{audit}assert samplics.utils.basic_functions.pl is polars\n"
# As where Polars is not installed.
WITHOUT_POLARS = """import sys
sys.modules["polars"] = None
{audit}
assert sys.modules["polars"] is None
"""


@cache
def figures(program: str) -> str:
    command = [sys.executable, "-W", "ignore::FutureWarning", "-c", program.format(audit=AUDIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_figures_with_polars_and_without() -> None:
    assert figures(WITHOUT_POLARS) == figures(WITH_POLARS)


def test_samplics_finds_the_same_where_polars_is_installed() -> None:
    """So that an audit does not depend on what else is installed."""
    used = "import samplics, polars\nassert samplics.utils.basic_functions.pl is not polars\n"
    assert figures("{audit}" + used) == figures(WITHOUT_POLARS)
