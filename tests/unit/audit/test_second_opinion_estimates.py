import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from disrupting_harm.audit.estimates import compare_estimates, recompute_by_samplics
from disrupting_harm.core.errors import StudyError

# Two implementations that sum in different orders.
TOLERANCE = 1e-9


@pytest.fixture
def frame() -> pd.DataFrame:
    """Unsorted rows, PSU identifiers that repeat, an unanswered PSU, a level without cases."""
    rng = np.random.default_rng(5)
    n = 300
    frame = pd.DataFrame({"psu": rng.integers(1, 7, n), "stratum": rng.choice(["x", "y"], n)})
    frame["weight"] = rng.lognormal(0, 0.8, n)
    frame["psus"] = np.where(frame["stratum"] == "x", 10, 40)
    frame["yes"] = (rng.random(n) < 0.3).astype(float)
    frame.loc[(frame["stratum"] == "x") & (frame["psu"] == 2), "yes"] = np.nan
    frame.loc[rng.random(n) < 0.1, "yes"] = np.nan
    frame["never"] = 0.0
    frame["total"] = pd.Categorical(["all"] * n)
    frame["group"] = pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c", "nobody"])
    return frame


def both(frame: pd.DataFrame, **options) -> tuple[pd.DataFrame, pd.DataFrame]:
    design = SurveyDesign.from_frame(frame, **options)
    answers, domains = frame[["yes", "never"]], frame[["total", "group"]]
    return estimate(design, answers, domains), recompute_by_samplics(design, answers, domains)


@pytest.mark.parametrize(
    "options", [{}, {"fpc": "psus"}, {"stratum": None}, {"stratum": None, "psu": None}]
)
def test_agrees_with_the_kernel(frame: pd.DataFrame, options: dict) -> None:
    kernel, second = both(frame, **options)
    differences = compare_estimates(kernel, second)
    assert differences["cells"].sum() == len(kernel) == len(second) == 10
    assert differences["estimate_difference"].max() < TOLERANCE
    assert differences["se_difference"].max() < TOLERANCE
    assert second["se"].gt(0).sum() == 4


def test_agrees_on_a_certainty_stratum_and_rows_of_weight_zero(frame: pd.DataFrame) -> None:
    frame = frame[(frame["stratum"] == "y") | (frame["psu"] == 1)]
    frame = frame.assign(weight=frame["weight"].where(frame["psu"] != 3, 0.0))
    kernel, second = both(frame, lonely_psu="certainty")
    differences = compare_estimates(kernel, second)
    assert differences[["estimate_difference", "se_difference"]].to_numpy().max() < TOLERANCE


def test_refuses_what_samplics_cannot_do(frame: pd.DataFrame) -> None:
    frame = frame[(frame["stratum"] == "y") | (frame["psu"] == 1)]
    with pytest.raises(StudyError, match="cannot centre"):
        both(frame, lonely_psu="centre")


def test_comparison_finds_a_difference(frame: pd.DataFrame) -> None:
    kernel, second = both(frame)
    second.loc[2, "se"] *= 1 + 1e-6
    first = compare_estimates(kernel, second).iloc[0]
    assert (first["indicator"], first["domain"]) == ("yes", "group")
    assert first["se_difference"] == pytest.approx(1e-6, rel=1e-3)
    assert first["estimate_difference"] < TOLERANCE


def test_comparison_counts_a_missing_value_as_a_difference(frame: pd.DataFrame) -> None:
    kernel, second = both(frame)
    second.loc[0, "estimate"] = np.nan
    assert compare_estimates(kernel, second)["estimate_difference"].iloc[0] == np.inf


def test_comparison_refuses_other_cells(frame: pd.DataFrame) -> None:
    kernel, second = both(frame)
    with pytest.raises(StudyError, match="1 cells stand in one table only, first yes, total, all"):
        compare_estimates(kernel, second.iloc[1:])
