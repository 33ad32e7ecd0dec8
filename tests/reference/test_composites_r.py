"""Composites with imputed answers equal to those of R's survey package (composites/composites.R).

R differentiates the proportion as a function of totals; its jackknife finds every share anew.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.calibration.calibrated_errors import calibrated_frame, margin_indicators
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.replication.replicates import jackknife
from disrupting_harm.audit.estimates import recompute_by_samplics

HERE = Path(__file__).parent / "composites"
EXACT = 1e-10
SEX_TOTALS = pd.Series({"boy": 500, "girl": 480})


@pytest.fixture(scope="module")
def children() -> pd.DataFrame:
    return pd.read_csv(HERE / "sample.csv")


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    return pd.read_csv(HERE / "composites_r.csv")


def composite(children: pd.DataFrame) -> Composite:
    return Composite(children[list("abcd")].to_numpy(float), np.full(len(children), True))


def outcomes(children: pd.DataFrame) -> pd.DataFrame:
    parts = composite(children)
    decided = np.where(parts.yes, 1.0, np.where(parts.complete, 0.0, np.nan))
    return pd.DataFrame({"any": decided})


def domains(children: pd.DataFrame) -> pd.DataFrame:
    regions = [f"r{k}" for k in range(12)]
    return pd.DataFrame(
        {
            "total": pd.Categorical(["all"] * len(children)),
            "sex": pd.Categorical(children["sex"], ["boy", "girl"]),
            "region": pd.Categorical(children["region"], regions),
        }
    )


def check(found: pd.DataFrame, reference: pd.DataFrame, design: str) -> None:
    own = reference[reference["design"] == design].set_index(["domain", "level"])
    found = found.set_index(["domain", "level"]).loc[own.index]
    assert len(own) == 15
    for name in ("estimate", "se"):
        np.testing.assert_allclose(found[name], own[name], rtol=EXACT)
    if "n_yes" in found:
        assert (found[["n", "n_yes"]] == own[["n", "n_yes"]]).all(axis=None)


def test_linearised(children, reference):
    design = SurveyDesign.from_frame(children)
    found = estimate(
        design, outcomes(children), domains(children), composites={"any": composite(children)}
    )
    check(found, reference, "plain")
    # Some levels have enough donors of their own and some have not.
    assert found["n"].min() < 100 < found["n"].max()
    assert found["imputed"].between(0.05, 0.4).all()


def test_calibrated(children, reference):
    factor = children["sex"].map(SEX_TOTALS / children.groupby("sex")["weight"].sum())
    design = SurveyDesign.from_frame(children.assign(weight=children["weight"] * factor))
    frame = calibrated_frame(margin_indicators(children, ("sex",)), children["weight"].to_numpy())
    found = estimate(
        design,
        outcomes(children),
        domains(children),
        calibration=frame,
        composites={"any": composite(children)},
    )
    check(found, reference, "calibrated")


def test_jackknife(children, reference):
    found = estimate(
        jackknife(SurveyDesign.from_frame(children)),
        outcomes(children),
        domains(children),
        composites={"any": composite(children)},
    )
    check(found, reference, "jackknife")


def test_covariances_and_the_second_estimator(children, reference):
    design, parts = SurveyDesign.from_frame(children), {"any": composite(children)}
    joint = joint_estimates(design, outcomes(children), domains(children), composites=parts)
    check(joint.cells.assign(se=np.sqrt(np.diag(joint.matrix))), reference, "plain")
    check(
        recompute_by_samplics(design, outcomes(children), domains(children), parts),
        reference,
        "plain",
    )
