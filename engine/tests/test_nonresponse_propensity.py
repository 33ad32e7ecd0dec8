import numpy as np
import pandas as pd
import pytest

from designbased.errors import InputError
from designbased.weighting.nonresponse import adjust_for_nonresponse
from designbased.weighting.nonresponse_propensity import (
    PropensityOptions,
    adjust_by_propensity,
    cut_propensity_classes,
    fit_response_model,
)

SIZE = 900


def draw(seed: int = 2) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sample = pd.DataFrame(
        {
            "area": rng.choice(["rural", "urban"], SIZE),
            "age": rng.choice(["12-13", "14-15", "16-17"], SIZE),
            "rooms": rng.integers(1, 7, SIZE),
        }
    )
    logit = 0.4 + 0.9 * (sample["area"] == "rural") - 0.5 * (sample["age"] == "16-17")
    logit += 0.15 * sample["rooms"]
    responded = rng.random(SIZE) < 1 / (1 + np.exp(-logit))
    disposition = np.where(responded, "complete", "refusal").astype(object)
    disposition[:40] = "unknown_eligibility"
    disposition[40:70] = "ineligible"
    return sample, disposition.astype(str), rng.gamma(4, 10, SIZE)


COVARIATES = ("area", "age", "rooms")


def adjust(factor="response_rate", columns=COVARIATES, classes=5, **limits):
    sample, disposition, weight = draw()
    responded = disposition == "complete"
    options = PropensityOptions(classes, factor)
    return adjust_by_propensity(
        sample, weight, weight, disposition, responded, columns, options, **limits
    )


def test_weights_of_respondents_add_up_to_those_of_all_eligible() -> None:
    _, disposition, weight = draw()
    result = adjust()
    known = disposition != "unknown_eligibility"
    eligible = np.isin(disposition, ["complete", "refusal"])
    total = 0.0
    for group in np.unique(result.classes):
        own = result.classes == group
        share = weight[own].sum() / weight[own & known].sum()
        total += weight[own & eligible].sum() * share
    assert (weight * result.factor).sum() == pytest.approx(total, rel=1e-12)
    assert len(np.unique(result.classes)) == 5
    assert not result.factor[disposition != "complete"].any()
    assert result.model["coefficients"]["area: urban"] < 0 < result.model["coefficients"]["rooms"]


def test_one_saturated_covariate_is_the_class_method() -> None:
    sample, disposition, weight = draw()
    by_class = adjust_for_nonresponse(
        sample, weight, weight, disposition, disposition == "complete", ("area",)
    )
    by_propensity = adjust("response_rate", ("area",))
    by_mean = adjust("mean_propensity", ("area",))
    np.testing.assert_allclose(by_propensity.factor, by_class.factor, rtol=1e-12)
    # A saturated model fits the weighted response rate of each group.
    np.testing.assert_allclose(by_mean.factor, by_class.factor, rtol=1e-9)


def test_inverse_propensities_restore_the_covariates() -> None:
    """Score equations say: respondents at 1/p stand for all only on average over the model."""
    sample, disposition, weight = draw()
    result = adjust("inverse_propensity", max_factor=5.0)
    eligible = np.isin(disposition, ["complete", "refusal"])
    for name in ("area", "age"):
        for category in sample[name].unique():
            own = (sample[name] == category).to_numpy()
            known = disposition != "unknown_eligibility"
            scale = weight.sum() / weight[known].sum()
            goal = scale * weight[own & eligible].sum()
            assert (weight * result.factor)[own].sum() == pytest.approx(goal, rel=0.03)


def test_limits_collapse_classes_and_bind_single_factors() -> None:
    result = adjust(min_respondents=150)
    assert len(result.collapses) >= 1
    assert (result.collapses["reason"] == "fewer than 150 respondents").all()
    groups, count = np.unique(result.classes[result.factor > 0], return_counts=True)
    assert len(groups) < 5
    assert count.min() >= 150
    with pytest.raises(InputError, match=r"data row \d+ is .* above max_factor 1.5"):
        adjust("inverse_propensity", max_factor=1.5)


def test_classes_are_closed_above_and_units_of_one_propensity_stay_together() -> None:
    propensity = np.array([0.1, 0.2, 0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    everybody = np.full(10, True)
    assert cut_propensity_classes(propensity, everybody, 2).tolist() == [0] * 5 + [1] * 5
    # The cut at 0.2 belongs to the class below.
    assert cut_propensity_classes(propensity[:7], everybody[:7], 3).tolist() == [0] * 4 + [1, 2, 2]
    assert len(set(cut_propensity_classes(np.full(10, 0.4), everybody, 5))) == 1


def test_without_nonresponse_every_factor_is_one() -> None:
    sample, _, weight = draw()
    complete = np.full(SIZE, "complete")
    result = adjust_by_propensity(
        sample, weight, weight, complete, complete == "complete", COVARIATES
    )
    assert (result.factor == 1).all()


def test_a_group_that_never_responded_is_an_error() -> None:
    sample, disposition, weight = draw()
    responded = (disposition == "complete") & (sample["age"] != "16-17").to_numpy()
    with pytest.raises(InputError, match="responded altogether or not at all"):
        fit_response_model(sample, responded, disposition != "ineligible", weight, COVARIATES)


@pytest.mark.parametrize(
    ("columns", "options", "words"),
    [
        ((), PropensityOptions(), "no covariate"),
        (("area",), PropensityOptions(factor="odds"), "Choose response_rate"),
        (("area",), PropensityOptions(classes=1), "1 classes"),
        (("nothing",), PropensityOptions(), "column 'nothing'"),
        (("gap",), PropensityOptions(), "column 'gap'.*row 1"),
    ],
)
def test_faulty_arguments_are_named(columns, options, words) -> None:
    sample, disposition, weight = draw()
    sample["gap"] = np.where(sample.index == 0, np.nan, 1.0)
    responded = disposition == "complete"
    with pytest.raises(InputError, match=words):
        adjust_by_propensity(sample, weight, weight, disposition, responded, columns, options)
