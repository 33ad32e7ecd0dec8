"""A last stage of single rows: the same numbers as from a table of all its units."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designbased import SurveyDesign, estimate
from designbased.estimates import linearisation as kernel
from designbased.variance.variances import SingleRows

STATISTICS = {"hours": "mean", "spent": "total"}


def sample(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """3 strata, one with a lonely PSU, households of one to three and children."""
    rng = np.random.default_rng(seed)
    n = 150
    design = pd.DataFrame({"psu": np.arange(n) % 13, "psus": 9, "weight": rng.lognormal(0, 1, n)})
    design["stratum"] = np.where(design["psu"] == 12, 2, design["psu"] % 2)
    design["household"] = np.arange(n) // 26
    design["child"], design["children"], design["households"] = np.arange(n), 40, 20
    design.loc[rng.random(n) < 0.1, "weight"] = 0.0
    answers = pd.DataFrame(
        {
            "yes": (rng.random(n) < 0.3).astype(float),
            "always": 1.0,
            "hours": rng.normal(1e4, 2, n),
            "spent": rng.normal(1, 3, n),
        }
    )
    answers = answers.mask(rng.random(answers.shape) < rng.choice([0, 0.2]))
    group = pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c"])
    domains = pd.DataFrame({"group": group, "all": pd.Categorical(["all"] * n)})
    return design, answers, domains


@given(seed=st.integers(0, 100_000), cache=st.sampled_from([1, 150_000]))
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize(
    "stages",
    [
        [("child", "children")],
        [(None, "children")],
        [("household", "households"), ("child", "children")],
    ],
)
@pytest.mark.parametrize("lonely", ["centre", "certainty"])
def test_the_same_as_from_a_table_of_units(
    stages: list[tuple[str | None, str]],
    lonely: str,
    seed: int,
    cache: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, answers, domains = sample(seed)
    design = SurveyDesign.from_frame(data, fpc="psus", later_stages=stages, lonely_psu=lonely)
    assert SingleRows.from_design(design) is not None
    monkeypatch.setattr(kernel, "CACHE_SIZE", cache)
    found = estimate(design, answers, domains, STATISTICS)
    with monkeypatch.context() as patch:
        patch.setattr(SingleRows, "from_design", lambda design: None)
        by_unit = estimate(design, answers, domains, STATISTICS)
    pd.testing.assert_frame_equal(found, by_unit, rtol=1e-10, atol=0)


def test_units_of_several_rows_keep_their_table() -> None:
    data, _, _ = sample(1)
    stages = [("household", "households")]
    options = {"fpc": "psus", "lonely_psu": "certainty"}
    assert (
        SingleRows.from_design(SurveyDesign.from_frame(data, later_stages=stages, **options))
        is None
    )
    assert SingleRows.from_design(SurveyDesign.from_frame(data, **options)) is None


def test_equal_rows_in_every_unit_add_nothing() -> None:
    """All PSUs were drawn, and the children of each answer alike: no variance, not a little."""
    data = pd.DataFrame({"psu": np.repeat(np.arange(4), 5), "psus": 4, "weight": 0.3})
    data["children"] = 50
    design = SurveyDesign.from_frame(
        data, stratum=None, fpc="psus", later_stages=[(None, "children")]
    )
    yes = pd.DataFrame({"yes": (data["psu"] == 2).astype(float)})
    assert estimate(design, yes)["se"].item() == 0
