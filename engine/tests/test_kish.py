import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.estimates.stabilised_intervals import kish_n

FRAME = pd.DataFrame({"psu": range(8), "weight": [1.0, 1, 1, 1, 4, 4, 2, 2]})
DOMAINS = pd.DataFrame(
    {"all": pd.Categorical(["x"] * 8), "half": pd.Categorical(list("aaaabbbb"), ["a", "b", "c"])}
)
ANSWERS = pd.DataFrame(
    {"yes": [1.0, 1, 0, np.nan, 1, 0, 1, 1], "hours": [0.0, 2, 0, 0, 0, 0, 0, 0]}
)


def test_counts_the_cases_by_weight_in_the_order_of_estimates() -> None:
    design = SurveyDesign.from_frame(FRAME, stratum=None)
    found = kish_n(design, ANSWERS, DOMAINS)
    # Yes: weights 1, 1, 4, 2, 2; then 1, 1 and 4, 2, 2. Hours: one child.
    assert found.tolist() == pytest.approx([100 / 26, 2, 64 / 24, 0, 1, 1, 0, 0])
    cells = estimate(design, ANSWERS, DOMAINS, {"hours": "total"})
    assert cells["level"].tolist() == ["x", "a", "b", "c"] * 2
    assert len(found) == len(cells)


def test_equal_weights_give_the_unweighted_number() -> None:
    design = SurveyDesign.from_frame(FRAME.assign(weight=3.0), stratum=None)
    cells = estimate(design, ANSWERS[["yes"]], DOMAINS)
    np.testing.assert_allclose(kish_n(design, ANSWERS[["yes"]], DOMAINS), cells["n_yes"])
