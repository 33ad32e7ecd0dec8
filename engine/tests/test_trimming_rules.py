import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designbased.errors import InputError
from designbased.weighting.trimming import trim
from designbased.weighting.trimming_mse import candidate_caps, mse_cap
from designbased.weighting.trimming_rules import contribution_caps, fixed_caps

positive = st.lists(st.floats(0.01, 1e4), min_size=5, max_size=60)


@given(positive, st.floats(1.5, 20))
def test_the_contribution_rule_holds_after_trimming(weights, multiple) -> None:
    w, one = np.array(weights), np.full(len(weights), "")
    cap = contribution_caps(w, one, multiple)
    trimmed = trim(w, cap, one).weights
    assert (trimmed**2 <= multiple * (trimmed**2).mean() * (1 + 1e-8)).all()
    assert trimmed.sum() == pytest.approx(w.sum(), rel=1e-12)
    if (w**2 <= multiple * (w**2).mean()).all():
        np.testing.assert_array_equal(trimmed, w)


def test_contribution_caps_are_those_of_the_group_and_leave_zeros_out() -> None:
    w = np.array([1, 1, 1, 1, 1, 10, 0, 2, 2, 2, 2.0])
    groups = np.array(["a"] * 7 + ["b"] * 4)
    caps = contribution_caps(w, groups, 2.0)
    alone = contribution_caps(w[:6], groups[:6], 2.0)
    np.testing.assert_allclose(caps[:7], alone[0])
    np.testing.assert_allclose(caps[7:], np.sqrt(2 * 4))
    assert contribution_caps(np.zeros(2), np.full(2, ""))[0] == 0
    with pytest.raises(InputError, match="multiple: it is 1"):
        contribution_caps(w, groups, 1.0)


def test_excess_in_equal_shares_by_hand() -> None:
    # 12 over the cap go as 3 to each of the others; 9 + 3 is cut to 10 in turn.
    w = np.array([22.0, 9, 2, 1, 0, 1])
    trimmed = trim(w, np.full(6, 10.0), np.full(6, ""), "equal").weights
    np.testing.assert_allclose(trimmed, [10, 10, 2 + 11 / 3, 1 + 11 / 3, 0, 1 + 11 / 3])


def test_fixed_caps() -> None:
    w, groups = np.array([1.0, 5, 2, 2]), np.array(["a", "a", "b", "b"])
    assert fixed_caps(w, groups, 4).tolist() == [4, 4, 4, 4]
    assert fixed_caps(w, groups, {"a": 4, "b": 3}).tolist() == [4, 4, 3, 3]
    with pytest.raises(InputError, match="group 'b': no cap"):
        fixed_caps(w, groups, {"a": 4})
    with pytest.raises(InputError, match="group 'a': the cap 2 is below the mean weight 3"):
        fixed_caps(w, groups, 2)


def draw(related: bool) -> tuple[np.ndarray, pd.DataFrame, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    size = 600
    w = rng.lognormal(0, 1.2, size)
    chance = 1 / (1 + np.exp(1 - 2 * np.log(w))) if related else np.full(size, 0.3)
    y = pd.DataFrame({"y": (rng.random(size) < chance).astype(float)})
    return w, y, np.repeat([1, 2, 3], 200), np.repeat(np.arange(60), 10)


def test_trimming_costs_little_unless_weights_are_related_to_answers() -> None:
    plain, related = mse_cap(*draw(False)), mse_cap(*draw(True))
    assert plain.curve["mean_relative_mse"].max() < 1.5
    assert related.curve["mean_relative_mse"].iloc[-1] > 50
    best = plain.curve.set_index("cap").loc[plain.cap]
    assert best["mean_relative_mse"] == plain.curve["mean_relative_mse"].min() < 0.95
    assert plain.curve["cap"].iloc[0] == np.inf
    assert plain.curve["mean_relative_mse"].iloc[0] == 1
    assert (np.diff(plain.curve["trimmed"]) >= 0).all()


def test_candidates_end_at_twice_the_median_and_equal_weights_have_none() -> None:
    w = draw(False)[0]
    caps = candidate_caps(w)
    assert caps[0] < w.max()
    assert caps[-1] == pytest.approx(max(2 * np.median(w), 1.05 * w.mean()))
    assert candidate_caps(np.full(5, 2.0)).size == 0
    _, y, strata, psus = draw(False)
    assert mse_cap(np.full(600, 2.0), y, strata, psus).cap == np.inf


def test_faulty_key_indicators_are_named() -> None:
    w, y, strata, psus = draw(False)
    with pytest.raises(InputError, match="no key indicator"):
        mse_cap(w, y[[]], strata, psus)
    with pytest.raises(InputError, match="5 rows of indicators for 600"):
        mse_cap(w, y[:5], strata, psus)
    with pytest.raises(InputError, match="key indicator 'y': its estimate has no variance"):
        mse_cap(w, y * 0, strata, psus)
    with pytest.raises(InputError, match="key indicator 'y'"):
        mse_cap(w, y * np.nan, strata, psus)
