"""A design knows its rows: by their labels, their identifiers and what may stand beside them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    SurveyDesign,
    adjusted_prevalence_ratios,
    association_test,
    association_tests,
    difference_tests,
    estimate,
    estimate_answer_shares,
    estimate_completed,
    estimate_contrasts,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    impute,
    jackknife,
    joint_estimates,
    mean_tests,
    paired_tests,
    pairs_of_levels,
    supplied_replicates,
    weighted_counts,
    worst_case_bounds,
)
from designbased.errors import InputError


def sample() -> pd.DataFrame:
    random = np.random.default_rng(20)
    n = 240
    psu = np.arange(n) // 10
    return pd.DataFrame(
        {
            "stratum": psu % 3,
            "psu": psu,
            "weight": random.lognormal(6, 0.5, n),
            "yes": (random.random(n) < 0.4).astype(float),
            "later": (random.random(n) < 0.3).astype(float),
            "hours": random.gamma(4, 0.5, n),
            "sex": random.choice(["girl", "boy"], n),
            "age": pd.Categorical(random.choice(["12-13", "14-15"], n)),
        },
        index=pd.Index([f"child {k:03}" for k in range(n)]),
    )


FRAME = sample()
DESIGN = SurveyDesign.from_frame(FRAME)
YES, SEX = FRAME[["yes"]], FRAME[["sex"]]
ASKED = pd.DataFrame(True, index=FRAME.index, columns=["yes"])
OPEN = YES.mask(FRAME["hours"] > 3)
# A function, and the same call with one of its frames in another order.
CALLS: dict[str, Callable[[Callable[[Any], Any]], Any]] = {
    "estimate, outcomes": lambda f: estimate(DESIGN, f(YES), SEX),
    "estimate, series": lambda f: estimate(DESIGN, f(FRAME["yes"]), SEX),
    "estimate, domains": lambda f: estimate(DESIGN, YES, f(SEX)),
    "weighted_counts": lambda f: weighted_counts(DESIGN, f(YES), SEX),
    "joint_estimates": lambda f: joint_estimates(DESIGN, YES, f(SEX)),
    "contrasts": lambda f: estimate_contrasts(DESIGN, f(YES), SEX, pairs_of_levels(SEX)),
    "ratios": lambda f: estimate_ratios(DESIGN, YES, f(YES + 1), SEX),
    "quantiles": lambda f: estimate_quantiles(DESIGN, f(FRAME[["hours"]]), SEX),
    "association_test": lambda f: association_test(DESIGN, FRAME["yes"], f(FRAME["sex"])),
    "association_tests": lambda f: association_tests(DESIGN, YES, f(SEX)),
    "mean_tests": lambda f: mean_tests(DESIGN, f(YES)),
    "where": lambda f: mean_tests(DESIGN, YES, where=f(FRAME["sex"] == "girl")),
    "paired_tests": lambda f: paired_tests(DESIGN, YES, f(FRAME[["later"]])),
    "difference_tests": lambda f: difference_tests(DESIGN, YES, f(FRAME["sex"])),
    "fit_model": lambda f: fit_model(DESIGN, f(FRAME), "yes ~ sex", "logistic"),
    "prevalence ratios": lambda f: adjusted_prevalence_ratios(DESIGN, f(FRAME), "yes", "sex"),
    "bounds": lambda f: worst_case_bounds(DESIGN, OPEN, f(ASKED), SEX),
    "shares": lambda f: estimate_answer_shares(DESIGN, f(SEX), FRAME[["age"]], ["boy"], "none"),
    "impute, asked": lambda f: impute(DESIGN, OPEN, f(ASKED), SEX, 1, 2),
    "impute, predictors": lambda f: impute(DESIGN, OPEN, ASKED, f(SEX), 1, 2),
    "completed": lambda f: estimate_completed(DESIGN, [YES, f(YES)], SEX),
    "replicates": lambda f: estimate(jackknife(DESIGN), f(YES), SEX),
}


@pytest.mark.parametrize("name", CALLS)
def test_other_rows_than_those_of_the_design_are_refused(name: str) -> None:
    CALLS[name](lambda frame: frame)
    with pytest.raises(InputError, match=r"in another order, first in data row 1.*design.index"):
        CALLS[name](lambda frame: frame.sort_index(ascending=False))
    with pytest.raises(InputError, match="240 of 240 labels are not in the design") as caught:
        CALLS[name](lambda frame: frame.reset_index(drop=True))
    assert "child" not in str(caught.value)


def test_a_sorted_frame_does_not_give_each_child_the_answers_of_another() -> None:
    girls = FRAME.assign(yes=(FRAME["sex"] == "girl").astype(float)).sort_values("sex")
    with pytest.raises(InputError, match="outcomes: the labels of the design in another order"):
        estimate(DESIGN, girls[["yes"]], FRAME["sex"])
    found = estimate(DESIGN, girls.loc[DESIGN.index, ["yes"]], FRAME["sex"])
    assert found["estimate"].tolist() == [0.0, 1.0]


def test_arrays_have_no_labels_and_count_by_position() -> None:
    expected = estimate(DESIGN, YES, SEX)
    one = estimate(DESIGN, FRAME["yes"].to_numpy(), FRAME["sex"].array)
    two = estimate(DESIGN, FRAME[["yes", "later"]].to_numpy(), SEX)
    pd.testing.assert_frame_equal(
        one.drop(columns=["indicator", "domain"]), expected.drop(columns=["indicator", "domain"])
    )
    assert one["indicator"].unique().tolist() == ["outcome"]
    assert one["domain"].unique().tolist() == ["domain"]
    assert two["indicator"].unique().tolist() == ["outcome 1", "outcome 2"]
    with pytest.raises(InputError, match="outcomes: 3 values for a design of 240 rows"):
        estimate(DESIGN, np.ones(3), SEX)
    with pytest.raises(InputError, match="outcomes: a value of type list"):
        estimate(DESIGN, [1.0] * 240, SEX)  # type: ignore[arg-type]


def test_supplied_replicates_keep_their_rows() -> None:
    weights = FRAME[["weight"]].to_numpy() * np.random.default_rng(1).uniform(0.5, 1.5, (240, 4))
    names = [f"r{k}" for k in range(4)]
    frame = FRAME.join(pd.DataFrame(weights, columns=names, index=FRAME.index))
    design = supplied_replicates(frame, "weight", names, 0.25)
    with pytest.raises(InputError, match="in another order"):
        estimate(design, YES.iloc[::-1], SEX)
    assert repr(design) == "<ReplicateDesign: 240 rows, 4 replicates, df 3>"


@pytest.mark.parametrize("column", ["stratum", "psu"])
@pytest.mark.parametrize("kind", ["float64", "float32", "Float64", "Int64", "object", "category"])
def test_whole_floats_are_identifiers(column: str, kind: str) -> None:
    floats = FRAME.assign(**{column: FRAME[column].astype("float64").astype(kind)})  # type: ignore[arg-type]
    found = SurveyDesign.from_frame(floats)
    assert found.psu_labels == DESIGN.psu_labels
    assert found.stratum_labels == DESIGN.stratum_labels
    assert all(isinstance(label, int) for label in found.psu_labels + found.stratum_labels)
    np.testing.assert_array_equal(found.psu, DESIGN.psu)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 2.5, 3.0, 2.5], "a number that is not whole as identifier in data rows 2, 4"),
        ([1.0, np.inf, 2.0, 3.0], "a number that is not whole"),
        ([1.0, 2.0, 2.0**60, 3.0], "a number that is not whole as identifier in data row 3"),
        ([1.0, np.nan, 2.0, 3.0], "1 missing values, data row 2"),
        (["a", None, "b", "c"], "1 missing values, data row 2"),
        (["a", " ", "b", ""], "a blank identifier in data rows 2, 4"),
        ([1, "a", 2, 3], "numbers among texts"),
    ],
)
@pytest.mark.parametrize("column", ["stratum", "psu"])
def test_other_identifiers_are_refused(column: str, values: list[Any], words: str) -> None:
    frame = pd.DataFrame({"stratum": 1, "psu": [1, 2, 3, 4], "weight": 1.0, "yes": 1.0})
    kind = object if isinstance(values[0], int) else None
    with pytest.raises(InputError, match=f"column '{column}': {words}"):
        SurveyDesign.from_frame(frame.assign(**{column: pd.Series(values, dtype=kind)}))


def test_text_is_a_domain_with_sorted_levels() -> None:
    as_text = estimate(DESIGN, YES, SEX)
    as_categories = estimate(DESIGN, YES, SEX.astype("category"))
    pd.testing.assert_frame_equal(as_text, as_categories)
    assert as_text["level"].tolist() == ["boy", "girl"]
    gaps = FRAME["sex"].where(FRAME["age"] == "12-13")
    assert estimate(DESIGN, YES, gaps)["n"].sum() == (FRAME["age"] == "12-13").sum()
    truths = estimate(DESIGN, YES, FRAME["sex"] == "girl")
    assert truths["level"].tolist() == ["False", "True"]
    with pytest.raises(InputError, match=r"domains, column 'hours': .* astype\('category'\)"):
        estimate(DESIGN, YES, FRAME["hours"])


def test_several_names_are_crossed() -> None:
    found = estimate(DESIGN, FRAME["yes"], FRAME, by=["sex", "age"])
    assert found["domain"].unique().tolist() == ["sex × age"]
    assert found["level"].tolist() == [
        f"{sex} × {age}" for sex in ("boy", "girl") for age in ("12-13", "14-15")
    ]
    crossing = (FRAME["sex"] + " × " + FRAME["age"].astype(str)).rename("sex × age")
    pd.testing.assert_frame_equal(found, estimate(DESIGN, FRAME["yes"], crossing))
    one = estimate(DESIGN, FRAME["yes"], FRAME, by="sex")
    pd.testing.assert_frame_equal(one, estimate(DESIGN, YES, SEX))
    # A combination without rows keeps its row, and a row without one level is in no combination.
    gaps = FRAME.assign(sex=FRAME["sex"].where((FRAME["sex"] == "boy") | (FRAME["age"] == "14-15")))
    gaps = gaps.assign(age=gaps["age"].cat.add_categories("16-17"))
    empty = estimate(DESIGN, FRAME["yes"], gaps, by=("sex", "age")).set_index("level")
    assert empty["n"]["girl × 16-17"] == 0
    assert empty["n"].sum() == gaps["sex"].notna().sum()
    for by, words in (
        (["sex", "area"], "by: no domain 'area'"),
        (["sex", "sex"], "Name each domain once"),
        ([], "Name each domain once"),
    ):
        with pytest.raises(InputError, match=words):
            estimate(DESIGN, YES, FRAME, by=by)
    with pytest.raises(InputError, match="by: names without domains"):
        estimate(DESIGN, YES, by="sex")


def test_a_design_says_what_it_is() -> None:
    assert repr(DESIGN) == "<SurveyDesign: 240 rows, 3 strata, 24 PSUs, df 21>"
    plain = SurveyDesign.from_frame(FRAME, stratum=None)
    assert "240 rows, no strata, 24 PSUs, df 23>" in repr(plain)
    simple = SurveyDesign.from_frame(FRAME, weight=None, stratum=None, psu=None, fpc=480)
    assert "240 rows, no strata, each row its own PSU, df 239, finite populations>" in repr(simple)
    ones = SurveyDesign.from_frame(FRAME, weight=None, stratum=None, psu=None)
    assert "each row its own PSU, df 239, weights of one>" in repr(ones)
    made = "<ReplicateDesign: 240 rows, 24 replicates, df 21 of <SurveyDesign: 240 rows, "
    assert repr(jackknife(DESIGN)).startswith(made)
    lonely = FRAME[(FRAME["stratum"] > 0) | (FRAME["psu"] == 0)]
    design = SurveyDesign.from_frame(lonely, lonely_psu="average")
    assert "1 with a lonely PSU: average" in repr(design)


@pytest.mark.parametrize("level", [1.0, 400.0])
def test_factors_are_no_weights_and_the_reverse(level: float) -> None:
    weight = FRAME["weight"] / FRAME["weight"].mean() * level
    made = jackknife(SurveyDesign.from_frame(FRAME.assign(weight=weight)))
    names = [f"r{k}" for k in range(made.n_replicates)]
    factors = pd.DataFrame(made.multiplier[made.multiplier_row], columns=names, index=FRAME.index)
    as_factors = FRAME.join(factors).assign(weight=weight)
    as_weights = FRAME.join(factors.mul(weight, axis=0)).assign(weight=weight)

    def supplied(frame: pd.DataFrame, held: Any = "weights") -> Any:
        return supplied_replicates(
            frame, "weight", names, 1.0, made.rscales.tolist(), df=21, replicates_hold=held
        )

    with pytest.raises(InputError, match=r"look like factors.*Give replicates_hold='factors'"):
        supplied(as_factors)
    with pytest.raises(InputError, match=r"look like weights.*Give replicates_hold='weights'"):
        supplied(as_weights, "factors")
    expected = estimate(made, YES, SEX, df_rule="full")
    for design in (supplied(as_weights), supplied(as_factors, "factors")):
        found = estimate(design, YES, SEX)
        for column in ("estimate", "se", "ci_low"):
            np.testing.assert_allclose(found[column], expected[column], rtol=1e-12)
    with pytest.raises(InputError, match="column 'r1': no weight above zero in 1 of 24"):
        supplied(as_weights.assign(r1=0.0))
    with pytest.raises(InputError, match="Choose one of weights, factors"):
        supplied(as_weights, "multipliers")


def test_where_all_weights_are_one_factors_are_weights() -> None:
    even = FRAME.assign(weight=1.0)
    made = jackknife(SurveyDesign.from_frame(even))
    names = [f"r{k}" for k in range(made.n_replicates)]
    frame = even.join(
        pd.DataFrame(made.multiplier[made.multiplier_row], columns=names, index=even.index)
    )
    for held in ("weights", "factors"):
        design = supplied_replicates(frame, "weight", names, 1.0, replicates_hold=held)  # type: ignore[arg-type]
        assert design.n_replicates == 24
