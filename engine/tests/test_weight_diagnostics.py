import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designbased.weighting.diagnostics import (
    factor_quantiles,
    kish_deff,
    list_thin_categories,
    margin_table,
    quality_flags,
    share_moved,
    share_of_largest_weights,
    traffic_light,
    weight_quality,
)


def test_quality_by_hand() -> None:
    """Σw = 10, Σw² = 34: deff = 4 * 34 / 100."""
    found = weight_quality(np.array([1.0, 1, 4, 4]))
    assert found == pytest.approx(
        {
            "n": 4,
            "total": 10,
            "min": 1,
            "median": 2.5,
            "mean": 2.5,
            "max": 4,
            "cv": 0.6,
            "deff": 1.36,
            "n_eff": 4 / 1.36,
            "share_of_largest_1_percent": 0.4,
        }
    )


@given(st.lists(st.floats(0.01, 1000), min_size=2, max_size=60), st.floats(0.01, 100))
def test_deff_is_one_plus_cv_squared_at_any_scale(values: list[float], scale: float) -> None:
    weights = np.array(values)
    found = weight_quality(weights)
    assert found["deff"] == pytest.approx(1 + found["cv"] ** 2, rel=1e-9)
    assert 1 - 1e-12 <= found["deff"] <= len(values) * (1 + 1e-12)
    assert kish_deff(scale * weights) == pytest.approx(found["deff"], rel=1e-9)


def test_largest_one_percent_is_rounded_up_to_whole_units() -> None:
    assert share_of_largest_weights(np.append(np.ones(199), 1.0)) == pytest.approx(2 / 200)
    assert share_of_largest_weights(np.append(np.ones(200), 1.0)) == pytest.approx(3 / 201)
    assert share_of_largest_weights(np.array([1.0, 3.0])) == 0.75


def test_factors_are_described_relative_to_their_mean() -> None:
    found = factor_quantiles(np.array([1.0, 2.0, 3.0]) * 500)
    assert found["min"] == 0.5
    assert found["median"] == 1
    assert found["max"] == 1.5
    assert found["p99"] == pytest.approx(1.49)
    assert found["cv"] == pytest.approx(np.sqrt(1 / 6))


def test_share_moved_counts_each_weight_once() -> None:
    assert share_moved(np.array([8.0, 1, 1]), np.array([6.0, 2, 2])) == pytest.approx(0.2)


def test_flags_change_just_above_their_limits() -> None:
    lights = [traffic_light(value, (1.5, 2.5)) for value in (1.5, 1.51, 2.5, 2.51)]
    assert lights == ["green", "amber", "amber", "red"]
    flags = quality_flags({"deff": 2.6, "share_of_largest_1_percent": 0.051})
    assert flags == {"deff": "red", "share_of_largest_1_percent": "amber"}


def test_margin_table_by_hand() -> None:
    table = pd.DataFrame({"sex": ["b", "g", "g"]})
    found = margin_table(
        table,
        {"sex": {"b": 10.0, "g": 20.0}},
        {"before": np.array([1.0, 2, 3]), "after": np.array([11.0, 8, 12])},
    )
    assert found.to_dict("list") == {
        "margin": ["sex", "sex"],
        "category": ["b", "g"],
        "n": [1, 2],
        "target": [10, 20],
        "before": [1, 5],
        "after": [11, 20],
        "relative_error": [pytest.approx(0.1), 0],
    }
    assert list_thin_categories(found) == ["sex: b (1)", "sex: g (2)"]
    assert list_thin_categories(found.assign(n=[29, 30])) == ["sex: b (29)"]


def test_without_margins_the_table_is_empty_but_has_its_columns() -> None:
    found = margin_table(pd.DataFrame({"a": [1]}), {}, {"after": np.ones(1)})
    assert found.empty
    assert list(found) == ["margin", "category", "n", "target", "after", "relative_error"]
