import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from designbased.calibration.calibrate import (
    MarginCalibration,
    calibrate,
    distance,
    poststratification,
    recalibrate,
)
from designbased.calibration.raking import Auxiliaries, calibration_auxiliaries, poststratify, rake
from designbased.errors import InputError
from designbased.weighting.trimming import trim_and_rake

METHODS = [
    ("raking", None),
    ("linear", None),
    ("logit", (0.2, 4.0)),
    ("linear", (0.3, 2.5)),
    ("raking", (0.3, 2.5)),
]
TABLE = pd.DataFrame({"sex": ["boy", "girl", "girl", "boy"], "age": [3.0, 1.0, 2.0, 4.0]})


def draw(seed: int, size: int = 150) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sex": rng.choice(["boy", "girl"], size),
            "region": rng.choice(["east", "north", "west"], size),
            "income": rng.normal(50, 10, size),
        }
    )
    return table, rng.gamma(3, 20, size)


def targets_near(table: pd.DataFrame, weights: np.ndarray, move: float) -> dict:
    """Margins that the sample nearly meets, in one total."""
    total, targets = 1.03 * weights.sum(), {}
    for margin in ("sex", "region"):
        sums = pd.Series(weights).groupby(table[margin]).sum()
        shares = sums / sums.sum() * (1 + move * np.arange(len(sums)))
        targets[margin] = (shares / shares.sum() * total).to_dict()
    return targets


@pytest.mark.parametrize("method", ["linear", "raking", "logit"])
def test_distances_start_at_one_with_slope_one(method) -> None:
    shape = distance(method, (0.3, 4.0))
    factor, slope = shape(np.zeros(3))
    np.testing.assert_allclose([factor, slope], 1, rtol=1e-15)
    u, step = np.linspace(-0.3, 0.5, 9), 1e-6
    difference = (shape(u + step)[0] - shape(u - step)[0]) / (2 * step)
    np.testing.assert_allclose(shape(u)[1], difference, rtol=1e-8)


def test_logit_stays_between_bounds_however_far() -> None:
    factor = distance("logit", (0.5, 3.0))(np.array([-1e4, 1e4]))[0]
    np.testing.assert_allclose(factor, [0.5, 3.0], rtol=1e-12)


@pytest.mark.parametrize(("method", "bounds"), METHODS)
@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_totals_are_met_within_bounds(method, bounds, seed) -> None:
    table, d = draw(seed)
    targets = targets_near(table, d, 0.15)
    mean = float(d @ table["income"] / d.sum())
    auxiliary = calibration_auxiliaries(table, targets, d, {"income": 1.01 * mean * 1.03 * d.sum()})
    result = calibrate(d, auxiliary, method, bounds)
    assert result.largest_error < 1e-11
    np.testing.assert_allclose(result.weights, d * result.factor, rtol=1e-15)
    if bounds is not None:
        assert result.factor.min() >= bounds[0]
        assert result.factor.max() <= bounds[1]


@pytest.mark.parametrize("method", ["raking", "linear", "logit"])
def test_respondents_of_one_profile_may_have_weights_of_zero_and_other_bounds(method) -> None:
    """Profiles save work and nothing else: each respondent as a profile has the same weights."""
    table, d = draw(6)
    d[::7] = 0.0
    pooled = calibration_auxiliaries(table, targets_near(table, d, 0.3), d)
    assert len(pooled.profiles) < d.size / 4
    single = Auxiliaries(pooled.names, pooled.values, pooled.totals, np.arange(d.size))
    bounds = np.where(np.arange(d.size) % 3, 0.5, 0.4), np.where(np.arange(d.size) % 2, 2.0, 2.5)
    found = calibrate(d, pooled, method, bounds)
    expected = calibrate(d, single, method, bounds)
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-12)
    np.testing.assert_array_equal(found.factor[::7], 1.0)
    assert (found.factor[d > 0] >= bounds[0][d > 0]).all()
    assert (found.factor[d > 0] <= bounds[1][d > 0]).all()


def test_units_and_order_of_auxiliaries_do_not_matter() -> None:
    table, d = draw(4)
    first = calibration_auxiliaries(table, targets_near(table, d, 0.2), d, {"income": 52 * d.sum()})
    order = [5, 3, 1, 4, 2, 0]
    scale = np.array([1e-6, 1, 1e5, 1, 1, 1])
    values, totals = first.values[:, order] * scale, first.totals[order] * scale
    second = Auxiliaries(tuple("abcdef"), values, totals, np.arange(len(values)))
    a, b = calibrate(d, first), calibrate(d, second)
    np.testing.assert_allclose(a.weights, b.weights, rtol=1e-10)


def test_raking_equals_iterative_raking_and_one_margin_equals_poststratification() -> None:
    table, d = draw(7)
    targets = targets_near(table, d, 0.3)
    auxiliary = calibration_auxiliaries(table, targets, d)
    np.testing.assert_allclose(calibrate(d, auxiliary).weights, rake(d, table, targets), rtol=1e-9)
    expected = poststratify(d, table, "region", targets["region"])
    found = poststratification(d, table, "region", targets["region"]).weights
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_linear_by_hand() -> None:
    # d = 1, x = (1, 2), total 8 from 3: λ = 5/5, g = 1 + x.
    auxiliary = calibration_auxiliaries(pd.DataFrame({"x": [1.0, 2.0]}), {}, np.ones(2), {"x": 8.0})
    np.testing.assert_allclose(calibrate(np.ones(2), auxiliary, "linear").weights, [2, 3])


def test_weights_of_zero_stay_zero_and_far_totals_are_reached() -> None:
    table, d = draw(9)
    d[:20] = 0
    targets = {"sex": {"boy": 1e9, "girl": 2e9}}
    result = calibrate(d, calibration_auxiliaries(table, targets, d), "raking")
    assert not result.weights[:20].any()
    assert result.weights.sum() == pytest.approx(3e9, rel=1e-12)


@pytest.mark.parametrize(
    ("method", "bounds", "goal", "words"),
    [
        ("logit", (0.5, 1.5), {"boy": 40, "girl": 20}, ["'boy'", "40", "at most 30"]),
        ("linear", (0.5, 1.5), {"boy": 20, "girl": 9}, ["'girl'", "9", "at least 10"]),
        ("raking", (0.5, 2.0), {"boy": 41, "girl": 20}, ["'boy'", "41", "at most 40"]),
    ],
)
def test_a_total_beyond_the_bounds_is_named_with_what_can_be_reached(
    method, bounds, goal, words
) -> None:
    d = np.full(4, 10.0)
    with pytest.raises(InputError) as fault:
        calibrate(d, calibration_auxiliaries(TABLE, {"sex": goal}, d), method, bounds)
    assert all(word in str(fault.value) for word in words), str(fault.value)


@pytest.mark.parametrize("method", ["raking", "linear"])
def test_totals_that_exclude_each_other_are_named(method) -> None:
    # Everybody who is a girl is in the east, but more girls are asked for than people there.
    table = pd.DataFrame({"sex": ["girl", "girl", "boy"], "region": ["east", "east", "west"]})
    targets = {"sex": {"girl": 70, "boy": 30}, "region": {"east": 60, "west": 40}}
    d = np.full(3, 30.0)
    with pytest.raises(InputError, match=r"calibration, margin '.*the closest"):
        calibrate(d, calibration_auxiliaries(table, targets, d), method)


def closest_by_programme(auxiliary: Auxiliaries, d: np.ndarray, low: float, high: float) -> float:
    """Smallest possible largest relative error of the totals."""
    rows = auxiliary.values.T / auxiliary.totals[:, None]
    ones = np.ones((len(rows), 1))
    found = linprog(
        np.r_[np.zeros(d.size), 1],
        A_ub=np.block([[rows, -ones], [-rows, -ones]]),
        b_ub=np.r_[ones.ravel(), -ones.ravel()],
        bounds=[*zip(low * d, high * d, strict=True), (0, None)],
    )
    return found.fun


def test_calibration_fails_exactly_where_no_weights_exist() -> None:
    """Random cases on both sides of the limit, told apart by linear programming."""
    met = failed = 0
    for seed in range(40):
        table, d = draw(seed, 60)
        auxiliary = calibration_auxiliaries(table, targets_near(table, d, 0.02 + 0.008 * seed), d)
        if closest_by_programme(auxiliary, d, 0.75, 1.3) < 1e-9:
            assert calibrate(d, auxiliary, "linear", (0.75, 1.3)).largest_error < 1e-11
            met += 1
        else:
            with pytest.raises(InputError, match=r"closest|at most|at least"):
                calibrate(d, auxiliary, "linear", (0.75, 1.3))
            failed += 1
    assert met > 5
    assert failed > 5


@pytest.mark.parametrize(
    ("weights", "method", "bounds", "words"),
    [
        ([1, 1, 1], "raking", None, "3 for 4 rows"),
        ([1, -1, 1, 1], "raking", None, "data row 2"),
        ([1, 1, 1, np.nan], "raking", None, "data row 4"),
        ([0, 0, 0, 0], "raking", None, "all are zero"),
        ([1, 1, 1, 1], "ridge", None, "Choose one of raking, linear, logit"),
        ([1, 1, 1, 1], "logit", None, "none for method 'logit'"),
        ([1, 1, 1, 1], "logit", (1.0, 2.0), "L = 1 and U = 2"),
        ([1, 1, 1, 1], "linear", (0.5, 0.9), "U = 0.9"),
        ([1, 1, 1, 1], "logit", (0.5, np.inf), "U = inf"),
    ],
)
def test_faulty_arguments_are_named(weights, method, bounds, words) -> None:
    auxiliary = calibration_auxiliaries(TABLE, {"sex": {"boy": 20, "girl": 20}}, np.ones(4))
    with pytest.raises(InputError, match=words):
        calibrate(np.array(weights, dtype="float64"), auxiliary, method, bounds)


def test_faulty_auxiliaries_are_named() -> None:
    with pytest.raises(InputError, match="no auxiliary"):
        calibration_auxiliaries(TABLE, {}, np.ones(4))
    with pytest.raises(InputError, match=r"'age'.*row 1"):
        calibration_auxiliaries(TABLE.assign(age=[np.nan, 1, 2, 3]), {}, np.ones(4), {"age": 3.0})
    with pytest.raises(InputError, match="total of 'age'"):
        calibration_auxiliaries(TABLE, {}, np.ones(4), {"age": np.nan})
    with pytest.raises(InputError, match=r"'boy'.*no total in the margins"):
        calibration_auxiliaries(TABLE, {"sex": {"girl": 3}}, np.ones(4))


def test_replicates_are_calibrated_one_by_one() -> None:
    table, d = draw(3)
    auxiliary = calibration_auxiliaries(table, targets_near(table, d, 0.2), d)
    both = np.column_stack([d, d * np.linspace(0.5, 1.5, d.size)])
    found = recalibrate(both, auxiliary, "logit", (0.2, 4))
    for r in range(2):
        expected = calibrate(both[:, r], auxiliary, "logit", (0.2, 4)).weights
        np.testing.assert_array_equal(found[:, r], expected)
    both[:, 1] = np.where(table["sex"] == "boy", 0, d)
    with pytest.raises(InputError, match="replicate 2, calibration, margin 'sex', category 'boy'"):
        recalibrate(both, auxiliary)


def test_negative_weights_do_not_leave_a_margin_calibration() -> None:
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": ["u", "v", "u", "v"]})
    targets = {"a": {"x": 90.0, "y": 10.0}, "b": {"u": 90.0, "v": 10.0}}
    weights = np.full(4, 25.0)
    assert (MarginCalibration("raking")(weights, table, targets) > 0).all()
    with pytest.raises(InputError, match="1 weights are negative"):
        MarginCalibration("linear")(weights, table, targets)
    bounded = MarginCalibration("linear", (0.0, 4.0))(weights, table, targets)
    assert bounded.min() == 0


@pytest.mark.parametrize("method", ["linear", "logit", "raking"])
def test_bounds_cap_and_margins_hold_together_in_the_loop(method) -> None:
    table, d = draw(21, 400)
    targets = targets_near(table, d, 0.3)
    calibration = MarginCalibration(method, (0.6, 1.7))
    first = calibration(d, table, targets)
    cap = np.full(d.size, 2.2 * np.median(first))
    assert (first > cap).sum() > 5
    done = trim_and_rake(
        first,
        cap,
        np.full(d.size, ""),
        table,
        targets,
        calibrate=calibration,
        factor_so_far=first / d,
    )
    whole_factor = first / d * done.calibration_factor
    assert done.rounds > 1
    assert whole_factor.min() >= 0.6 * (1 - 1e-12)
    assert whole_factor.max() <= 1.7 * (1 + 1e-12)
    assert done.weights.max() <= cap[0] * (1 + 1e-8)
    np.testing.assert_allclose(d * whole_factor * done.trim_factor, done.weights, rtol=1e-12)
    reached = pd.Series(done.weights).groupby(table["region"]).sum()
    np.testing.assert_allclose(reached, list(targets["region"].values()), rtol=1e-8)
