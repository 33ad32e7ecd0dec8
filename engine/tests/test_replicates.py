import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.replication.replicates import (
    balanced_replicates,
    hadamard,
    jackknife,
    rescaling_bootstrap,
    supplied_replicates,
)


def sample(seed: int, strata: int = 6, psus: int = 2, rows: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = strata * psus * rows
    frame = pd.DataFrame(
        {
            "stratum": np.repeat(np.arange(strata), psus * rows),
            "psu": np.tile(np.repeat(np.arange(psus), rows), strata),
            "weight": rng.lognormal(2, 0.5, n),
            "y": rng.gamma(2, 1, n),
            "yes": (rng.random(n) < 0.3).astype(float),
            "sex": pd.Categorical(rng.choice(["girl", "boy"], n)),
            "psus": np.repeat(rng.integers(psus + 1, 30, strata), psus * rows),
        }
    )
    frame.loc[rng.random(n) < 0.1, "y"] = np.nan
    return frame


@given(st.integers(1, 140))
@settings(deadline=None)
def test_hadamard_matrices_are_orthogonal(order: int) -> None:
    found = hadamard(order).astype(int)
    size = len(found)
    assert order <= size < 2 * order or order <= 2
    np.testing.assert_array_equal(found @ found.T, size * np.eye(size, dtype=int))
    assert (found[0] == 1).all()
    assert (found[:, 0] == 1).all()


def test_hadamard_orders_of_all_constructions() -> None:
    # Sylvester, Paley's first and second, doubled Paley; 52 is out of reach.
    for order, size in ((9, 12), (16, 16), (29, 32), (33, 36), (23, 24), (38, 40), (49, 56)):
        assert len(hadamard(order)) == size


@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([0.0, 0.3, 0.5]))
@settings(deadline=None, max_examples=15)
def test_balanced_replicates_of_a_total_equal_linearisation(
    seed: int, strata: int, rho: float
) -> None:
    frame = sample(seed, strata)
    for fpc in (None, "psus"):
        design = SurveyDesign.from_frame(frame, fpc=fpc)
        taylor = estimate(design, frame[["y"]], frame[["sex"]], {"y": "total"})
        for mse in (False, True):
            balanced = estimate(
                balanced_replicates(design, rho, mse), frame[["y"]], frame[["sex"]], {"y": "total"}
            )
            pd.testing.assert_frame_equal(balanced, taylor, rtol=1e-12)


@given(st.integers(0, 10_000), st.integers(2, 5))
@settings(deadline=None, max_examples=15)
def test_jackknife_of_a_total_equals_linearisation(seed: int, psus: int) -> None:
    frame = sample(seed, psus=psus)
    design = SurveyDesign.from_frame(frame, fpc="psus")
    taylor = estimate(design, frame[["y"]], frame[["sex"]], {"y": "total"})
    left_out = estimate(jackknife(design), frame[["y"]], frame[["sex"]], {"y": "total"})
    pd.testing.assert_frame_equal(left_out, taylor, rtol=1e-12)


def test_bootstrap_agrees_with_linearisation_within_its_noise() -> None:
    frame = sample(3, strata=8, psus=4)
    design = SurveyDesign.from_frame(frame, fpc="psus")
    outcomes = frame[["yes", "y"]]
    kinds = {"yes": "proportion", "y": "total"}
    taylor = estimate(design, outcomes, frame[["sex"]], kinds)
    made = rescaling_bootstrap(design, 20_000, seed=1)
    # The mean of the replicates of a total is the total, their variance that of Taylor.
    found = estimate(made, outcomes, frame[["sex"]], kinds)
    # Three standard deviations of a bootstrap variance from 20,000 replicates, halved for the se.
    totals = found["indicator"] == "y"
    np.testing.assert_allclose(found["se"][totals], taylor["se"][totals], rtol=0.016)
    np.testing.assert_allclose(found["estimate"], taylor["estimate"], rtol=1e-14)


def test_bootstrap_multipliers_are_seeded_and_sum_to_the_sample() -> None:
    design = SurveyDesign.from_frame(sample(3, psus=3))
    a, b = (rescaling_bootstrap(design, 40, seed=9) for _ in range(2))
    np.testing.assert_array_equal(a.multiplier, b.multiplier)
    assert (a.multiplier != rescaling_bootstrap(design, 40, seed=10).multiplier).any()
    by_stratum = a.multiplier.reshape(6, 3, 40)
    np.testing.assert_allclose(by_stratum.sum(axis=1), 3)
    # Two draws out of three PSUs: weights are multiplied by 0, 1.5 or 3.
    assert set(np.round(a.multiplier.ravel(), 12)) == {0.0, 1.5, 3.0}


def test_a_replicate_without_a_case_leaves_the_standard_error_unknown() -> None:
    frame = pd.DataFrame(
        {
            "stratum": [1, 1, 1, 1],
            "psu": [1, 2, 3, 4],
            "weight": 1.0,
            "y": [1.0, 2.0, 4.0, 8.0],
            "place": pd.Categorical(["x", "z", "z", "z"], ["x", "empty", "z"]),
        }
    )
    design = jackknife(SurveyDesign.from_frame(frame))
    found = estimate(design, frame[["y"]], frame[["place"]], {"y": "mean"})
    assert found["estimate"].isna().tolist() == [False, True, False]
    # Without the PSU in x its mean does not exist; R drops that replicate and gives se = 0.
    assert np.isnan(found["se"].iloc[0])
    assert found["df"].tolist() == [0, 0, 2]
    # Without the PSU in x the mean of z is unchanged, without the others it is 6, 5 or 3.
    z = np.array([14 / 3, 6, 5, 3])
    by_hand = 3 / 4 * ((z - z.mean()) ** 2).sum()
    np.testing.assert_allclose(found["se"].iloc[2] ** 2, by_hand)


def test_supplied_weights_equal_the_design_they_come_from() -> None:
    frame = sample(5)
    design = balanced_replicates(SurveyDesign.from_frame(frame), rho=0.3)
    names = [f"w{r}" for r in range(design.n_replicates)]
    columns = frame[["weight"]].to_numpy() * design.multiplier[design.multiplier_row]
    wide = pd.concat([frame, pd.DataFrame(columns, columns=names)], axis=1)
    supplied = supplied_replicates(wide, "weight", names, design.scale, df=6)
    kinds = {"yes": "proportion", "y": "mean"}
    ours, theirs = (
        estimate(made, frame[["yes", "y"]], frame[["sex"]], kinds, df_rule="full")
        for made in (design, supplied)
    )
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-12)
    assert supplied_replicates(wide, "weight", names, design.scale).df == 6


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda f: balanced_replicates(SurveyDesign.from_frame(f)), "3 PSUs in stratum 0"),
        (lambda f: balanced_replicates(SurveyDesign.from_frame(f), 1.0), "rho: the value 1.0"),
        (lambda f: rescaling_bootstrap(SurveyDesign.from_frame(f), 1, 1), "the number 1"),
        (lambda f: supplied_replicates(f, "weight", ["weight"], 1.0), "1 column"),
        (lambda f: supplied_replicates(f, "weight", ["weight", "w2"], 1.0), "column 'w2'"),
        (lambda f: supplied_replicates(f, "weight", ["weight", "psus"], 0.0), "the value 0.0"),
        (
            lambda f: supplied_replicates(f, "weight", ["weight", "psus"], 1.0, [1.0]),
            "1 numbers for 2 replicates",
        ),
        (
            lambda f: jackknife(
                SurveyDesign.from_frame(
                    f.assign(units=9), fpc="psus", later_stages=[(None, "units")]
                )
            ),
            "later stages, which jackknife cannot replicate",
        ),
        (
            lambda f: jackknife(
                SurveyDesign.from_frame(
                    f[(f["stratum"] > 0) | (f["psu"] == 0)], lonely_psu="centre"
                )
            ),
            "no replicate can follow",
        ),
    ],
)
def test_faults_are_named(make, found: str) -> None:
    with pytest.raises(InputError) as caught:
        make(sample(1, psus=3))
    assert found in str(caught.value)


def test_supplied_weights_have_no_psus_to_count() -> None:
    frame = sample(1)
    design = supplied_replicates(frame, "weight", ["weight", "psus"], 1.0)
    with pytest.raises(InputError, match="with supplied weights"):
        estimate(design, frame[["yes"]], frame[["sex"]], df_rule="domain_only")


@pytest.mark.parametrize("rule", ["certainty", "average"])
def test_jackknife_follows_the_rule_for_lonely_psus(rule) -> None:
    frame = sample(4, psus=3)
    lonely = frame[(frame["stratum"] > 0) | (frame["psu"] == 0)]
    design = SurveyDesign.from_frame(lonely, lonely_psu=rule)
    kinds = {"y": "total"}
    taylor = estimate(design, lonely[["y"]], lonely[["sex"]], kinds)
    found = estimate(jackknife(design), lonely[["y"]], lonely[["sex"]], kinds)
    np.testing.assert_allclose(found["se"], taylor["se"], rtol=1e-12)
