import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.calibration.raking import rake
from designbased.errors import InputError
from designbased.weighting.trimming import trim, trim_and_rake, weight_caps

ONE = np.full(5, "")


def test_cap_by_hand() -> None:
    """Quartiles of 1 2 3 4 30 are 2, 3 and 4, so median + 5 IQR is 13; three medians are 9."""
    weights = np.array([1.0, 2, 3, 4, 30])
    assert weight_caps(weights, ONE, 5)[0] == pytest.approx(13)
    assert weight_caps(np.append(weights, 0), np.full(6, ""), 5)[0] == pytest.approx(13)
    assert weight_caps(weights, ONE, None, 3.0)[0] == pytest.approx(9)


def test_the_smaller_of_two_caps_holds() -> None:
    """Three medians are 9 and median + 5 IQR is 13; six medians are 18."""
    weights = np.array([1.0, 2, 3, 4, 30])
    assert weight_caps(weights, ONE, 5, 3.0)[0] == pytest.approx(9)
    assert weight_caps(weights, ONE, 5, 6.0)[0] == pytest.approx(13)


def test_caps_belong_to_groups() -> None:
    groups = np.array(["a", "b", "a", "b"])
    caps = weight_caps(np.array([1.0, 10, 3, 30]), groups, None, 2.0)
    np.testing.assert_allclose(caps, [4, 40, 4, 40])


@pytest.mark.parametrize(
    ("rules", "weights", "words"),
    [
        ((None, None), [1, 2, 3, 4, 5], "no rule"),
        ((5.0, None), [2, 2, 2, 2, 9], "interquartile range"),
        ((None, 1.0), [1, 1, 1, 1, 9], "below the mean weight 2.6"),
    ],
)
def test_rules_that_cannot_work_are_refused(rules, weights, words) -> None:
    with pytest.raises(InputError, match=words):
        weight_caps(np.array(weights, dtype=float), ONE, *rules)


def test_equal_weights_need_no_cap() -> None:
    assert (weight_caps(np.full(5, 2.0), ONE, 5) == 2).all()


def test_excess_is_shared_in_proportion_and_again_where_it_lifts_a_weight_too_high() -> None:
    """20 is cut to 10; its excess of 10 would lift 8 to 8 * 22/12 = 14.7, which is cut too.

    The other weights, 1 and 3, then carry 32 - 20 = 12 in proportion: 3 and 9.
    """
    out = trim(np.array([20.0, 8, 1, 3]), np.full(4, 10.0), np.full(4, ""))
    np.testing.assert_allclose(out.weights, [10, 10, 3, 9])
    assert out.cut.tolist() == [True, True, False, False]


def test_caps_that_cannot_hold_the_total_are_refused() -> None:
    with pytest.raises(InputError, match="more than their caps can hold"):
        trim(np.array([20.0, 8]), np.full(2, 10.0), np.full(2, ""))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_trimming_keeps_group_totals_and_caps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights, groups = rng.lognormal(0, 1.2, 200), rng.choice(["a", "b"], 200)
    caps = weight_caps(weights, groups, 3)
    out = trim(weights, caps, groups)
    for group in "ab":
        inside = groups == group
        assert out.weights[inside].sum() == pytest.approx(weights[inside].sum(), rel=1e-12)
        free = inside & ~out.cut
        raised = out.weights[free] / weights[free]
        np.testing.assert_allclose(raised, raised[0], rtol=1e-12)
        assert raised[0] >= 1 - 1e-12
    assert (out.weights <= caps * (1 + 1e-9)).all()
    assert (out.weights > 0).all()
    np.testing.assert_allclose(out.weights[out.cut], caps[out.cut], rtol=1e-12)


def case(seed: int, size: int = 300) -> tuple[pd.DataFrame, np.ndarray, dict]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"sex": rng.choice(["b", "g"], size), "age": rng.integers(12, 15, size)})
    targets = {
        "sex": {"b": 5100.0, "g": 4900.0},
        "age": {"12": 3000.0, "13": 3600.0, "14": 3400.0},
    }
    return table, rake(rng.lognormal(0, 1.3, size), table, targets), targets


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_cap_and_margins_hold_together(seed: int) -> None:
    table, raked, targets = case(seed)
    groups = np.full(raked.size, "")
    caps = weight_caps(raked, groups, 3)
    out = trim_and_rake(raked, caps, groups, table, targets)
    assert out.cut.any()
    assert (out.weights <= caps * (1 + 1e-8)).all()
    for margin, target in targets.items():
        labels = table[margin].astype(str).to_numpy()
        for category, goal in target.items():
            assert out.weights[labels == category].sum() == pytest.approx(goal, rel=1e-8)
    np.testing.assert_allclose(
        raked * out.trim_factor * out.calibration_factor, out.weights, rtol=1e-12
    )


def test_a_category_that_needs_more_than_its_caps_is_named() -> None:
    table = pd.DataFrame({"area": ["rural"] * 9 + ["urban"]})
    weights = np.array([1.0] * 9 + [20.0])
    with pytest.raises(InputError, match=r"category 'urban'.*target 20 is 2 times"):
        trim_and_rake(
            weights, np.full(10, 10.0), np.full(10, ""), table, {"area": {"rural": 9, "urban": 20}}
        )


def test_a_conflict_of_two_margins_and_the_cap_is_found_by_the_rounds() -> None:
    """Every category has room of its own, but only one child is both urban and a girl.

    Urban children must carry 12, of which the urban boys can take no more than the 4 of all boys:
    the urban girl must carry at least 8, above her cap of 6.
    """
    table = pd.DataFrame(
        {"sex": ["g", "g", "g", "b", "b", "b"], "area": ["u", "r", "r", "u", "u", "r"]}
    )
    targets = {"sex": {"g": 12.0, "b": 4.0}, "area": {"u": 12.0, "r": 4.0}}
    raked = rake(np.ones(6), table, targets)
    with pytest.raises(InputError, match=r"after 20 rounds .* times its cap") as fault:
        trim_and_rake(raked, np.full(6, 6.0), np.full(6, ""), table, targets, max_rounds=20)
    assert "margin 'sex', category 'g'" in str(fault.value)
    assert "67%" in str(fault.value)
