import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.calibration.raking import margin_targets, poststratify, rake
from designbased.design.table_columns import read_labels
from designbased.errors import InputError
from designbased.weighting.nonresponse import redistribute_weights

MARGINS = pd.DataFrame(
    [
        ("sex", "boy", 520.0),
        ("sex", "girl", 480.0),
        ("area", "urban", 300.0),
        ("area", "rural", 700.0),
    ],
    columns=["margin", "category", "total"],
)
TARGETS = {"sex": {"boy": 520.0, "girl": 480.0}, "area": {"urban": 300.0, "rural": 700.0}}


def respondents(size: int = 40, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {"sex": ["boy", "girl"] * (size // 2), "area": rng.choice(["urban", "rural"], size)}
    )
    table.loc[:3, "area"] = ["urban", "rural", "rural", "urban"]
    return table, rng.uniform(1, 5, size)


def totals(weights: np.ndarray, table: pd.DataFrame, margin: str) -> dict[str, float]:
    return pd.Series(weights).groupby(table[margin].to_numpy()).sum().to_dict()


def test_targets_are_read_in_the_order_of_the_settings() -> None:
    targets = margin_targets(MARGINS, ("area", "sex"))
    assert targets == TARGETS
    assert list(targets) == ["area", "sex"]


def test_margins_that_differ_by_rounding_get_one_total() -> None:
    margins = MARGINS.replace({"total": {700.0: 700.0005}})
    targets = margin_targets(margins, ("sex", "area"))
    assert sum(targets["area"].values()) == pytest.approx(1000, rel=1e-14)
    assert targets["area"]["urban"] == pytest.approx(300 * 1000 / 1000.0005, rel=1e-14)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.replace({"total": {700.0: 701.0}}), ["'sex' and 'area'", "1000", "1001"]),
        (lambda m: m.replace({"total": {300.0: 0.0}}), ["'area'", "'urban'", "total is 0"]),
        (lambda m: m.replace({"total": {300.0: np.nan}}), ["'area'", "'urban'", "nan"]),
        (lambda m: m.replace({"total": {300.0: -3.0}}), ["'area'", "'urban'", "-3"]),
        (lambda m: pd.concat([m, m.iloc[[0]]]), ["'sex'", "'boy'", "twice"]),
        (lambda m: m[m["margin"] == "sex"], ["margin 'area'", "sex"]),
        (lambda m: m.drop(columns="total"), ["margins", "column 'total'"]),
        (lambda m: m.assign(total="many"), ["margins", "column 'total'", "not numbers"]),
    ],
)
def test_faulty_margins_are_named(change, words) -> None:
    with pytest.raises(InputError) as fault:
        margin_targets(change(MARGINS), ("sex", "area"))
    assert all(word in str(fault.value) for word in words), str(fault.value)


def test_raking_meets_every_margin() -> None:
    table, weights = respondents()
    raked = rake(weights, table, TARGETS)
    for margin, target in TARGETS.items():
        assert totals(raked, table, margin) == pytest.approx(target, rel=1e-10)


def test_raking_keeps_the_odds_ratio_of_the_base_weights() -> None:
    """Iterative proportional fitting multiplies by row and column factors only."""
    table, weights = respondents()
    raked = rake(weights, table, TARGETS)

    def odds_ratio(w: np.ndarray) -> float:
        cell = pd.Series(w).groupby([table["sex"].to_numpy(), table["area"].to_numpy()]).sum()
        return (
            cell["boy", "urban"]
            * cell["girl", "rural"]
            / (cell["boy", "rural"] * cell["girl", "urban"])
        )

    assert odds_ratio(raked) == pytest.approx(odds_ratio(weights), rel=1e-9)


def test_whole_number_weights_are_not_cut_down() -> None:
    table, _ = respondents()
    whole = np.arange(1, 41)
    as_float = rake(whole.astype(float), table, TARGETS)
    np.testing.assert_array_equal(rake(whole, table, TARGETS), as_float)
    assert (as_float != np.floor(as_float)).any()


def test_numbers_and_text_name_the_same_categories() -> None:
    table = pd.DataFrame({"age": [12.0, 13.0, 12.0]})
    raked = rake(np.ones(3), table, {"age": {"12": 10.0, "13": 7.0}})
    np.testing.assert_allclose(raked, [5, 7, 5], rtol=1e-12)


@pytest.mark.parametrize(
    "kind", ["str", "object", "category", "int64", "float64", "Int64", "Float64", "string"]
)
def test_a_column_of_any_kind_names_the_same_categories(kind: str) -> None:
    ages = ["12", "13", "12", "15"] if kind in ("str", "object", "category", "string") else None
    column = pd.Series(ages or [12, 13, 12, 15]).astype(kind)
    table = pd.DataFrame({"age": column})
    assert read_labels(table, "age").tolist() == ["12", "13", "12", "15"]
    goal = {"age": {"15": 1.0, "13": 7.0, "12": 10.0}}
    np.testing.assert_allclose(rake(np.ones(4), table, goal), [5, 7, 5, 1], rtol=1e-12)
    with pytest.raises(InputError, match="1 row, first in row 2"):
        read_labels(pd.DataFrame({"age": column.drop(1).reindex(range(4))}), "age")


def test_objects_that_are_equal_keep_their_own_texts() -> None:
    mixed = pd.DataFrame({"code": pd.Series([1, True, "1", 2.5, 1.0, "nan"], dtype=object)})
    assert read_labels(mixed, "code").tolist() == ["1", "True", "1", "2.5", "1.0", "nan"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace({"area": {"rural": "desert"}}), ["'area'", "'desert'", "no total"]),
        (lambda t: t.assign(area="urban"), ["'area'", "'rural'", "no respondent"]),
        (lambda t: t.assign(area=t["area"].where(t.index != 6)), ["'area'", "1 row", "row 7"]),
        (lambda t: t.drop(columns="area"), ["column 'area'", "missing"]),
    ],
)
def test_categories_and_margins_must_match(change, words) -> None:
    table, weights = respondents()
    with pytest.raises(InputError) as fault:
        rake(weights, change(table), TARGETS)
    assert all(word in str(fault.value) for word in words), str(fault.value)


def test_a_category_whose_weights_are_all_zero_is_named() -> None:
    table, weights = respondents()
    with pytest.raises(InputError, match="'girl'"):
        rake(np.where(table["sex"] == "girl", 0.0, weights), table, TARGETS)


def test_impossible_margins_are_an_error() -> None:
    """All urban children are boys, but fewer boys than urban children are asked for."""
    table = pd.DataFrame(
        {"sex": ["boy", "boy", "girl", "girl"], "area": ["urban", "rural", "rural", "rural"]}
    )
    targets = {"sex": {"boy": 200.0, "girl": 800.0}, "area": {"urban": 300.0, "rural": 700.0}}
    with pytest.raises(InputError) as fault:
        rake(np.ones(4), table, targets)
    message = str(fault.value)
    assert "margin 'sex', category 'boy'" in message
    assert "target is 200" in message
    assert "reached 300" in message


def test_too_few_iterations_are_an_error() -> None:
    table, weights = respondents()
    with pytest.raises(InputError, match="relative error"):
        rake(weights, table, TARGETS, max_iterations=1)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), scale=st.floats(1e-6, 1e6))
def test_raking_ignores_row_order_and_scale(seed: int, scale: float) -> None:
    table, weights = respondents(seed=seed)
    order = np.random.default_rng(seed).permutation(len(table))
    raked = rake(weights, table, TARGETS)
    shuffled = rake(scale * weights[order], table.iloc[order], TARGETS)
    np.testing.assert_allclose(shuffled, raked[order], rtol=1e-9)
    assert (raked > 0).all()
    assert raked.sum() == pytest.approx(1000, rel=1e-10)


def test_many_margins_of_many_categories_need_no_table_of_all_cells() -> None:
    """Twelve margins of 100 categories cross to more cells than integers can number."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.integers(0, 100, (5000, 12))).rename(columns="m{}".format)
    weights = rng.uniform(1, 2, 5000)
    targets = {name: {str(k): 50.0 for k in range(100)} for name in table}
    raked = rake(weights, table, targets)
    for name in table:
        assert set(totals(raked, table, name)) == set(range(100))
        assert list(totals(raked, table, name).values()) == pytest.approx([50.0] * 100, rel=1e-8)


def test_poststratification_by_hand() -> None:
    table = pd.DataFrame({"area": ["urban", "urban", "rural"]})
    weights = poststratify(np.array([1, 3, 2]), table, "area", {"urban": 10.0, "rural": 5.0})
    np.testing.assert_allclose(weights, [2.5, 7.5, 5.0], rtol=1e-14)


def test_nonresponse_by_hand() -> None:
    """Class 0: known 2+3+1 = 6 of 8, so 4/3; eligible 5 over respondents 2, so 5/2."""
    weights = np.array([2, 3, 1, 2, 4, 4])
    classes = np.array([0, 0, 0, 0, 1, 1])
    status = np.array(["rr", "nr", "in", "uk", "rr", "nr"])
    adjusted = redistribute_weights(weights, classes, status)
    np.testing.assert_allclose(adjusted, [2 * 4 / 3 * 5 / 2, 0, 4 / 3, 0, 8, 0], rtol=1e-14)


def test_a_class_without_respondents_is_named() -> None:
    with pytest.raises(InputError, match="class '7'"):
        redistribute_weights(np.ones(3), np.array([1, 1, 7]), np.array(["rr", "nr", "nr"]))


def test_an_unknown_status_is_named() -> None:
    with pytest.raises(InputError, match="'maybe'"):
        redistribute_weights(np.ones(2), np.array([1, 1]), np.array(["rr", "maybe"]))
