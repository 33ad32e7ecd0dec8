import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.errors import InputError
from designbased.weighting.nonresponse import adjust_for_nonresponse


def sample(counts: dict[tuple[str, str, str], int]) -> pd.DataFrame:
    """Rows by (stratum, age, disposition)."""
    rows = [key for key, count in counts.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=["stratum", "age", "disposition"])


def adjust(table: pd.DataFrame, columns=("stratum", "age"), base=None, household=None, **limits):
    disposition = table["disposition"].to_numpy(dtype=str)
    base = np.ones(len(table)) if base is None else base
    return adjust_for_nonresponse(
        table,
        base,
        base if household is None else household,
        disposition,
        disposition == "complete",
        columns,
        **limits,
    )


def test_factor_by_hand() -> None:
    """Weights 1, 2, 3 of the eligible over 1 and 3 of the respondents: 6 / 4."""
    table = pd.DataFrame({"disposition": ["complete", "refusal", "complete"]})
    out = adjust(table, (), base=np.array([1.0, 2.0, 3.0]), min_respondents=1)
    np.testing.assert_allclose(out.factor, [1.5, 0, 1.5], rtol=1e-14)
    assert out.collapses.empty


def test_unknown_eligibility_is_shared_out_over_households() -> None:
    """Households 10, 10, 10 known of 40: 4/3. Children 30 and 10 eligible, 30 respond: 4/3.

    The ineligible household takes its share of the unknown ones but gets no child's weight.
    """
    table = pd.DataFrame(
        {"disposition": ["complete", "refusal", "ineligible", "unknown_eligibility"]}
    )
    out = adjust(
        table,
        (),
        base=np.array([30.0, 10.0, 10.0, 10.0]),
        household=np.full(4, 10.0),
        min_respondents=1,
    )
    np.testing.assert_allclose(out.factor, [16 / 9, 0, 0, 0], rtol=1e-14)


def test_thin_class_joins_the_class_of_its_stratum_with_the_closest_response() -> None:
    table = sample(
        {
            ("north", "12-14", "complete"): 5,
            ("north", "12-14", "refusal"): 5,
            ("north", "15-17", "complete"): 30,
            ("north", "15-17", "refusal"): 10,
            ("north", "18", "complete"): 30,
            ("north", "18", "refusal"): 20,
            ("south", "12-14", "complete"): 30,  # same response rate, but another stratum
            ("south", "12-14", "refusal"): 30,
        }
    )
    out = adjust(table)
    assert out.collapses.to_dict("records") == [
        {
            "order": 1,
            "collapsed_class": "north × 12-14",
            "into_class": "north × 18",
            "reason": "fewer than 20 respondents",
            "respondents": 5,
            "factor": 2.0,
            "respondents_after": 35,
            "factor_after": pytest.approx(60 / 35),
        }
    ]
    assert set(out.classes) == {"north × 12-14 + north × 18", "north × 15-17", "south × 12-14"}
    respondents = out.factor > 0
    factors = dict(zip(out.classes[respondents], out.factor[respondents], strict=True))
    assert factors["north × 12-14 + north × 18"] == pytest.approx(60 / 35)
    assert factors["north × 15-17"] == pytest.approx(40 / 30)
    assert factors["south × 12-14"] == pytest.approx(2)


def test_large_factor_is_collapsed_and_a_class_without_respondents_first() -> None:
    table = sample(
        {
            ("a", "x", "complete"): 25,
            ("a", "x", "refusal"): 75,
            ("a", "y", "refusal"): 4,
            ("a", "z", "complete"): 90,
            ("a", "z", "non_contact"): 10,
        }
    )
    steps = adjust(table).collapses
    assert steps["collapsed_class"].tolist() == ["a × y", "a × x + a × y"]
    assert steps["into_class"].tolist() == ["a × x", "a × z"]
    assert pd.isna(steps["factor"].iloc[0])
    assert steps["reason"].tolist() == ["fewer than 20 respondents", "factor above 3"]
    assert steps["factor_after"].iloc[1] == pytest.approx(204 / 115)


def test_limits_that_fail_in_one_class_are_an_error() -> None:
    table = sample({("a", "x", "complete"): 30, ("a", "y", "refusal"): 90})
    with pytest.raises(InputError, match=r"factor above 3 .*factor 4"):
        adjust(table)
    assert adjust(table, max_factor=4).factor.max() == pytest.approx(4)


def test_missing_class_value_is_named() -> None:
    table = sample({("a", "x", "complete"): 30, ("a", "y", "refusal"): 9})
    table.loc[3, "age"] = None
    with pytest.raises(InputError, match=r"column 'age'.*row 4"):
        adjust(table)


def test_full_response_changes_nothing_however_thin_the_classes() -> None:
    out = adjust(sample({("a", "x", "complete"): 3, ("b", "y", "complete"): 2}))
    np.testing.assert_array_equal(out.factor, np.ones(5))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_weight_of_the_eligible_goes_to_the_respondents_in_any_row_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "stratum": rng.choice(["n", "s", "w"], 300),
            "age": rng.integers(12, 18, 300),
            "disposition": rng.choice(
                ["complete", "refusal", "non_contact", "ineligible"], 300, p=[0.6, 0.2, 0.1, 0.1]
            ),
        }
    )
    base = rng.uniform(0.5, 9, 300)
    out = adjust(table, base=base)
    eligible = (table["disposition"] != "ineligible").to_numpy()
    assert (base * out.factor).sum() == pytest.approx(base[eligible].sum(), rel=1e-12)
    responded = (table["disposition"] == "complete").to_numpy()
    assert (out.factor[responded] >= 1).all()
    assert (out.factor <= 3 + 1e-9).all()
    assert (out.factor[~responded] == 0).all()
    counts = pd.Series(responded).groupby(out.classes).sum()
    assert (counts >= 20).all()
    order = rng.permutation(300)
    shuffled = adjust(table.iloc[order], base=base[order])
    np.testing.assert_allclose(shuffled.factor, out.factor[order], rtol=1e-12)
    assert shuffled.classes.tolist() == out.classes[order].tolist()


def test_ineligible_units_do_not_make_a_class_look_thin() -> None:
    """21 eligible over 20 respondents: 1.05. With the 45 ineligible ones it would be above 3."""
    table = sample(
        {
            ("north", "12-14", "complete"): 20,
            ("north", "12-14", "refusal"): 1,
            ("north", "12-14", "ineligible"): 45,
            ("south", "12-14", "complete"): 20,
            ("south", "12-14", "refusal"): 5,
        }
    )
    out = adjust(table, ("stratum",))
    assert out.collapses.empty
    north = out.classes == "north"
    assert out.factor[north].max() == pytest.approx(21 / 20)
    assert out.factor[~north].max() == pytest.approx(25 / 20)
