"""svy's estimates, degrees of freedom and limits are ours, in designs of every kind it reads."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.linearisation import estimate
from disrupting_harm.audit.limits import compare_limits, recompute_by_svy
from disrupting_harm.core.errors import StudyError

TOLERANCE = 1e-10
DIFFERENCES = [f"svy_{value}_difference" for value in ("estimate", "se", "df", "limit")]


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


def both(
    frame: pd.DataFrame,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    composites: Mapping[str, Composite] | None = None,
    **options,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    design = SurveyDesign.from_frame(frame, **options)
    sample = frame[["yes", "never"]], frame[["total", "group"]]
    ours = estimate(
        design, *sample, interval=interval, confidence=confidence, composites=composites
    )
    return ours, recompute_by_svy(design, *sample, composites, interval, confidence)


@pytest.mark.parametrize("interval", ["korn_graubard", "logit", "beta"])
@pytest.mark.parametrize(
    "options", [{}, {"fpc": "psus"}, {"stratum": None}, {"stratum": None, "psu": None}]
)
def test_all_is_as_ours(frame: pd.DataFrame, options: dict, interval: str) -> None:
    ours, theirs = both(frame, interval, 0.9, **options)
    differences = compare_limits(ours, theirs, interval)
    assert differences[DIFFERENCES].max().max() < TOLERANCE
    # Of "never" there is no standard error, and of "nobody" no case.
    assert differences.set_index(["indicator", "domain"])["limits"].to_dict() == {
        ("yes", "total"): 1, ("yes", "group"): 3, ("never", "total"): 0, ("never", "group"): 0,
    }  # fmt: skip
    assert theirs["n"].tolist() == ours["n"].tolist()
    assert ours["df"].nunique() > 1


def test_a_certainty_stratum_and_rows_of_weight_zero(frame: pd.DataFrame) -> None:
    frame = frame[(frame["stratum"] == "y") | (frame["psu"] == 1)]
    frame = frame.assign(weight=frame["weight"].where(frame["psu"] != 3, 0.0))
    differences = compare_limits(*both(frame, lonely_psu="certainty"), "korn_graubard")
    assert differences[DIFFERENCES].max().max() < TOLERANCE
    assert differences["limits"].sum() == 4


def test_a_composite_with_open_parts(frame: pd.DataFrame) -> None:
    rng = np.random.default_rng(8)
    parts = (rng.random((len(frame), 3)) < 0.15).astype(float)
    parts[rng.random(parts.shape) < 0.2] = np.nan
    asked = rng.random(len(frame)) < 0.9
    ours, theirs = both(frame, composites={"yes": Composite(parts, asked)})
    differences = compare_limits(ours, theirs, "korn_graubard").set_index(["indicator", "domain"])
    assert differences[DIFFERENCES].max().max() < TOLERANCE
    assert differences.loc[("yes", "group"), "limits"] == 3
    # Not the share among those with an answer.
    assert abs(both(frame)[1]["estimate"] / theirs["estimate"] - 1).max() > 0.01


@pytest.mark.parametrize("value", ["estimate", "se", "df", "ci_low", "ci_high"])
def test_a_difference_in_one_cell_is_found(frame: pd.DataFrame, value: str) -> None:
    ours, theirs = both(frame)
    wrong = ours.astype({"df": float})
    wrong.loc[2, value] *= 1 + 1e-6
    first = compare_limits(wrong, theirs, "korn_graubard").iloc[0]
    assert (first["indicator"], first["domain"]) == ("yes", "group")
    kind = "limit" if value.startswith("ci") else value
    others = [name for name in DIFFERENCES if name != f"svy_{kind}_difference"]
    assert first[f"svy_{kind}_difference"] == pytest.approx(1e-6, rel=1e-3)
    assert first[others].max() < TOLERANCE


def test_a_limit_that_is_missing_on_one_side_is_a_difference(frame: pd.DataFrame) -> None:
    ours, theirs = both(frame)
    theirs.loc[2, "ci_high"] = np.nan
    assert compare_limits(ours, theirs, "korn_graubard")["svy_limit_difference"].iloc[0] == np.inf


def test_limits_are_compared_of_intervals_that_svy_has(frame: pd.DataFrame) -> None:
    ours, theirs = both(frame, "modified_wilson")
    differences = compare_limits(ours, theirs, "modified_wilson")
    assert differences["limits"].sum() == 0
    assert differences["svy_limit_difference"].max() == 0
    assert differences[DIFFERENCES].max().max() < TOLERANCE


def test_refuses_designs_of_which_svy_says_another_thing(frame: pd.DataFrame) -> None:
    frame = frame[(frame["stratum"] == "y") | (frame["psu"] == 1)]
    with pytest.raises(StudyError, match="no estimate by svy"):
        both(frame, lonely_psu="centre")
