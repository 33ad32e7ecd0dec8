"""Designs beyond one stage and one rule: several stages, certainty PSUs, lonely PSUs."""

from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from designbased.design.deviations import scaled_deviations
from designbased.design.lonely_psus import LonelyPsu, collapse_strata
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from disrupting_harm.audit.estimates import recompute_by_samplics
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.config import Estimation

ALL = pd.DataFrame({"total": pd.Categorical(["all"] * 9)})


@pytest.fixture
def frame() -> pd.DataFrame:
    """Two PSUs of 5 and, in each, units out of 4; a third PSU stands alone in its stratum."""
    return pd.DataFrame(
        {
            "stratum": ["a"] * 6 + ["b"] * 3,
            "psu": [1, 1, 1, 2, 2, 2, 1, 1, 1],
            "unit": [1, 1, 2, 1, 2, 2, 1, 2, 3],
            "psus": [5] * 6 + [1] * 3,
            "units": [4] * 9,
            "weight": [1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 2.0, 1.0],
            "y": [1.0, 0.0, 2.0, 4.0, 1.0, 0.0, 3.0, 1.0, 5.0],
        }
    )


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(StudyError) as caught:
        make()
    return str(caught.value)


def total_variance(design: SurveyDesign, frame: pd.DataFrame) -> float:
    table = estimate(design, frame[["y"]], ALL.iloc[: len(frame)], {"y": "total"})
    return float(table["se"].item() ** 2)


def test_variance_of_two_stages_by_hand(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame, fpc="psus", later_stages=[("unit", "units")])
    # Stratum a: totals of units 1, 2 | 12, 1 in PSUs with 3 | 13; stratum b: 6, 2, 5, taken whole.
    first = (1 - 2 / 5) * 2 * ((3 - 8) ** 2 + (13 - 8) ** 2)
    inside = 2 / 5 * (1 - 2 / 4) * 2 * (2 * 0.5**2 + 2 * 5.5**2)
    alone = (1 - 3 / 4) * 3 / 2 * np.var([6, 2, 5]) * 3
    np.testing.assert_allclose(total_variance(design, frame), first + inside + alone, rtol=1e-14)
    assert (design.n_units, design.n_psus, design.df) == (7, 3, 1)


def test_a_stage_taken_whole_adds_nothing(frame: pd.DataFrame) -> None:
    whole = frame.assign(units=frame["psu"].map({1: 3, 2: 2}).where(frame["stratum"] == "a", 3))
    whole["units"] = whole.groupby(["stratum", "psu"])["unit"].transform("nunique")
    stages = SurveyDesign.from_frame(whole, fpc="psus", later_stages=[("unit", "units")])
    one = SurveyDesign.from_frame(whole, fpc="psus")
    np.testing.assert_allclose(total_variance(stages, whole), total_variance(one, whole))


def test_later_stages_are_checked(frame: pd.DataFrame) -> None:
    def design(data: pd.DataFrame, **options: object) -> object:
        options = {"fpc": "psus", "later_stages": [("unit", "units")]} | options
        return SurveyDesign.from_frame(data, **options)  # type: ignore[arg-type]

    assert "no fpc for the first stage" in refusal(lambda: design(frame, fpc=None))
    few = refusal(lambda: design(frame.assign(units=1)))
    assert "1 in unit PSU 1 of stratum a with 2 units inside" in few
    varying = frame.assign(units=[4, 4, 5, 4, 4, 4, 4, 4, 4])
    assert "more than one value in units PSU 1 of stratum a" in refusal(lambda: design(varying))
    alone = frame.assign(unit=[1, 1, 1, 1, 2, 2, 1, 2, 3])
    assert "one unit was drawn out of several in PSU 1" in refusal(lambda: design(alone))
    assert total_variance(design(alone, lonely_psu="certainty"), alone) > 0  # type: ignore[arg-type]
    missing = refusal(lambda: design(frame, later_stages=[("household", "units")]))
    assert "column 'household'" in missing


def test_totals_of_psus_are_refused_by_a_design_of_several_stages(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame, fpc="psus", later_stages=[("unit", "units")])
    message = refusal(lambda: scaled_deviations(design, np.zeros(design.n_psus)))
    assert "3 totals for 7 units" in message


def test_certainty_psus_become_strata_of_rows(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame.assign(sure=frame["stratum"] == "b"), certainty="sure")
    assert design.stratum_labels == ("a", "b / 1")
    assert design.stratum_psus.tolist() == [2, 3]
    by_hand = 2 * 50 + 3 / 2 * np.var([6, 2, 5]) * 3
    np.testing.assert_allclose(total_variance(design, frame), by_hand)
    strange = frame.assign(sure=["yes"] * 9)
    assert "values other than true and false, data rows 1" in refusal(
        lambda: SurveyDesign.from_frame(strange, certainty="sure")
    )
    both = frame.assign(sure=True)
    message = refusal(lambda: SurveyDesign.from_frame(both, certainty="sure", fpc="psus"))
    assert "an fpc beside it" in message


@pytest.mark.parametrize(
    ("lonely", "whole", "joined"),
    [
        # Pairs in their order, whatever stands between.
        ([1, 0, 1, 0, 1, 1], [0, 0, 0, 0, 0, 0], [0, 1, 0, 2, 3, 3]),
        # An odd one joins the pair before it.
        ([1, 1, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]),
        # A single one joins the stratum before it, or after it where there is none before.
        ([0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 1, 2]),
        ([1, 0, 0], [0, 0, 0], [0, 0, 1]),
        # Strata taken whole are passed over.
        ([0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 2]),
        ([1, 0, 0], [0, 1, 0], [0, 1, 0]),
    ],
)
def test_lonely_strata_are_joined_in_their_order(
    lonely: list[int], whole: list[int], joined: list[int]
) -> None:
    found = collapse_strata(np.array(lonely, dtype=bool), np.array(whole, dtype=bool))
    assert found.tolist() == joined


def test_collapsed_strata_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "stratum": ["a", "b", "b", "c", "c", "d"],
            "psu": [1, 1, 2, 1, 2, 1],
            "psus": [10, 4, 4, 8, 8, 20],
            "weight": 1.0,
            "y": [3.0, 1.0, 2.0, 5.0, 5.0, 9.0],
        }
    )
    design = SurveyDesign.from_frame(frame, lonely_psu="collapse", fpc="psus")
    assert design.stratum_labels == ("a + d", "b", "c")
    assert design.psu_labels == (1, 1, 1, 2, 1, 2)
    assert design.psu.tolist() == [0, 2, 3, 4, 5, 1]
    assert (design.df, design.lonely.any()) == (3, False)
    by_hand = (1 - 2 / 30) * (9 - 3) ** 2 + (1 - 2 / 4) * (2 - 1) ** 2
    np.testing.assert_allclose(total_variance(design, frame), by_hand)


def test_lonely_strata_without_another_are_refused() -> None:
    frame = pd.DataFrame({"stratum": ["a", "a"], "psu": [1, 1], "weight": [1.0, 2.0]})
    for rule, found in (
        ("collapse", "no other stratum to join"),
        ("average", "strata with a single PSU: a"),
    ):
        message = refusal(lambda rule=rule: SurveyDesign.from_frame(frame, lonely_psu=rule))
        assert found in message


def test_lonely_strata_add_the_mean_of_the_others() -> None:
    frame = pd.DataFrame(
        {
            "stratum": ["a", "a", "b", "b", "c"],
            "psu": [1, 2, 1, 2, 1],
            "weight": 1.0,
            "y": [1.0, 4.0, 2.0, 3.0, 70.0],
        }
    )
    design = SurveyDesign.from_frame(frame, lonely_psu="average")
    # Two strata add 9 and 1, so the third adds 5.
    np.testing.assert_allclose(total_variance(design, frame), 15)


def test_degrees_of_freedom_by_rule() -> None:
    frame = pd.DataFrame(
        {
            "stratum": ["a", "a", "a", "b", "b", "c", "c"],
            "psu": [1, 2, 3, 1, 2, 1, 2],
            "weight": [1.0, 1, 1, 1, 1, 1, 1],
            "y": [1.0, 0, 0, 1, 1, 0, 1],
            "place": ["x", "x", "z", "x", "z", "z", "z"],
        }
    )
    design = SurveyDesign.from_frame(frame)
    # Place y is empty; x is in two PSUs of a and one of b.
    domains = pd.DataFrame({"place": pd.Categorical(frame["place"], ["x", "y", "z"])})
    for rule, df in (
        ("domain_only", [1, 0, 1]),
        ("strata_with_domain", [3, 0, 4]),
        ("full", [4, 0, 4]),
    ):
        found = estimate(design, frame[["y"]], domains, df_rule=rule)
        assert found["df"].tolist() == df
    message = refusal(lambda: estimate(design, frame[["y"]], domains, df_rule="satterthwaite"))
    assert "domain_only" in message


def test_the_configuration_offers_every_rule_for_lonely_psus() -> None:
    offered = Estimation.model_fields["lonely_psu"].annotation
    assert set(get_args(offered)) == set(get_args(LonelyPsu))


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"lonely_psu": "average"}, "cannot average"),
        ({"fpc": "psus", "later_stages": [("unit", "units")]}, "ignores the stages inside PSUs"),
    ],
)
def test_the_second_estimator_refuses_what_it_cannot_do(
    frame: pd.DataFrame, options: dict, found: str
) -> None:
    design = SurveyDesign.from_frame(frame, **options)
    answers = (frame[["y"]] > 1).astype(float)
    assert found in refusal(lambda: recompute_by_samplics(design, answers, ALL))
