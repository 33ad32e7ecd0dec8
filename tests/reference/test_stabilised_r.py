"""The interval with a stabilised design effect equals base R's: see intervals/stabilised.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased import SurveyDesign, estimate, estimate_parquet
from designbased.estimates.stabilised_intervals import STABILISED
from disrupting_harm.core.errors import StudyError

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "intervals" / "stabilised_r.csv")
SURVEY = pd.read_csv(HERE / "survey.csv").assign(total="all")
DESIGN = SurveyDesign.from_frame(SURVEY)
NAMES = list(REFERENCE["indicator"].unique())
DOMAINS = SURVEY[["total", "sex", "age"]].replace("", np.nan).astype("category")
KEYS = ["indicator", "domain", "level"]


def both(confidence: float) -> pd.DataFrame:
    table = estimate(
        DESIGN, SURVEY[NAMES], DOMAINS, interval=STABILISED, confidence=confidence
    ).set_index(KEYS)
    theirs = REFERENCE[REFERENCE["confidence"] == confidence].set_index(KEYS).add_prefix("r_")
    found = theirs.join(table)
    assert len(found) == len(theirs) == len(table)
    return found


@pytest.mark.parametrize("confidence", [0.95, 0.9])
def test_limits(confidence: float) -> None:
    found = both(confidence)
    assert (found["interval"] == STABILISED).all()
    assert found["r_psus"].min() == 0
    assert found["r_psus"].max() > 10
    assert (found["psus_fewer"] == found["r_psus"]).all()
    np.testing.assert_allclose(found["deff_expected"], found["r_expected"], rtol=1e-13)
    ours, theirs = found[["ci_low", "ci_high"]], found[["r_low", "r_high"]]
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-15)


def test_it_is_never_narrower_and_leaves_means_alone() -> None:
    plain = estimate(DESIGN, SURVEY[[*NAMES, "hours"]], DOMAINS, {"hours": "mean"})
    wider = estimate(
        DESIGN, SURVEY[[*NAMES, "hours"]], DOMAINS, {"hours": "mean"}, interval=STABILISED
    )
    assert (wider["ci_low"] <= plain["ci_low"]).all()
    assert (wider["ci_high"] >= plain["ci_high"]).all()
    mean = plain["indicator"] == "hours"
    pd.testing.assert_frame_equal(wider.loc[mean, list(plain)], plain[mean])
    # What the limits rest on, and of means none.
    behind = wider[["deff_expected", "psus_fewer"]]
    assert behind[mean].isna().all(axis=None)
    assert behind[~mean].notna().all(axis=None)
    pd.testing.assert_frame_equal(
        wider[list(plain)].drop(columns=["ci_low", "ci_high", "interval"]),
        plain.drop(columns=["ci_low", "ci_high", "interval"]),
    )


def test_levels_without_cases_have_no_limits() -> None:
    sex = pd.Categorical(SURVEY["sex"], [*DOMAINS["sex"].cat.categories, "other"])
    table = estimate(
        DESIGN, SURVEY[["common"]], pd.DataFrame({"sex": sex}), interval=STABILISED
    ).set_index("level")
    assert table.loc["other", ["ci_low", "ci_high"]].isna().all()
    assert table.drop(index="other")[["ci_low", "ci_high"]].notna().all(axis=None)


def test_later_stages_count_psus_and_not_their_units() -> None:
    frame = SURVEY.assign(child=np.arange(len(SURVEY)), children=500)
    staged = SurveyDesign.from_frame(frame, fpc="psus", later_stages=[("child", "children")])
    one = SurveyDesign.from_frame(frame, fpc="psus")
    # At 0 % the interval rests on weights and PSUs alone.
    columns = ["level", "ci_low", "ci_high"]
    tables = [
        estimate(design, frame[["never"]], DOMAINS, interval=STABILISED)[columns]
        for design in (staged, one)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_functions_that_do_not_see_every_psu_refuse_it(tmp_path: Path) -> None:
    SURVEY.to_parquet(tmp_path / "survey.parquet")
    with pytest.raises(StudyError, match="interval"):
        estimate_parquet(tmp_path / "survey.parquet", ["common"], ["sex"], interval=STABILISED)
