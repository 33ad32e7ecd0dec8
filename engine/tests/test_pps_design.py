"""Samples of unequal probability against sums over pairs, and against all samples there are."""

from collections.abc import Iterator
from itertools import combinations, product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    PpsDesign,
    SurveyDesign,
    association_test,
    association_tests,
    balanced_replicates,
    estimate,
    estimate_contrasts,
    estimate_margins,
    estimate_ratios,
    fit_model,
    jackknife,
    joint_estimates,
    pairs_of_levels,
    predict,
    rescaling_bootstrap,
    wald_test,
)
from designbased.design.deviations import Deviations
from designbased.errors import InputError, NegativeVarianceWarning

FORMS = ["brewer", "overton", "hartley_rao", "horvitz_thompson", "yates_grundy"]


def rejective_joint(odds: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """All samples of n units with the product of their odds as chance: chances and joint ones."""
    samples = list(combinations(range(len(odds)), n))
    chance = np.array([odds[list(sample)].prod() for sample in samples])
    chance /= chance.sum()
    joint = np.zeros((len(odds), len(odds)))
    for sample, p in zip(samples, chance, strict=True):
        joint[np.ix_(sample, sample)] += p
    return np.array(samples), np.array([chance, *joint], dtype=object)


@pytest.fixture
def frame() -> pd.DataFrame:
    """40 units in two strata, in no order, with two rows each."""
    random = np.random.default_rng(5)
    units = pd.DataFrame(
        {
            "unit": random.permutation(40) + 100,
            "stratum": np.repeat(["b", "a"], [24, 16]),
            "p": random.uniform(0.1, 0.9, 40),
        }
    )
    frame = units.loc[random.permutation(np.repeat(np.arange(40), 2))].reset_index(drop=True)
    frame["hours"] = random.gamma(3, 2, 80) + frame["p"]
    frame["messages"] = random.poisson(6, 80) + 1.0
    frame["yes"] = (random.random(80) < 0.4).astype(float)
    frame["sex"] = random.choice(["boy", "girl"], 80)
    return frame


def joint_of_strata(frame: pd.DataFrame) -> pd.DataFrame:
    """Joint probabilities as of rejective sampling in each stratum, by Hájek's approximation."""
    units = frame.drop_duplicates("unit").set_index("unit")
    p, stratum = units["p"].to_numpy(), units["stratum"].to_numpy()
    joint = np.outer(p, p)
    for h in np.unique(stratum):
        inside = stratum == h
        spread = np.where(inside, p * (1 - p), 0.0)
        pairs = np.outer(inside * (1 - p), inside * (1 - p)) / spread.sum()
        joint *= 1 - pairs
    np.fill_diagonal(joint, p)
    return pd.DataFrame(joint, units.index, units.index)


def pair_weights(form: str, frame: pd.DataFrame, squares: pd.Series | None) -> np.ndarray:
    """What the product of the totals of two units counts, written out pair by pair."""
    units = frame.drop_duplicates("unit")
    chance, stratum = units["p"].to_numpy(), units["stratum"].to_numpy()
    joint = joint_of_strata(frame).to_numpy()
    counts = np.zeros((len(units), len(units)))
    for k, j in product(range(len(units)), repeat=2):
        p, q, inside = chance[k], chance[j], stratum == stratum[k]
        n = int(inside.sum())
        if form in ("horvitz_thompson", "yates_grundy"):
            counts[k, j] = 1 - p * q / joint[k, j]
        elif k == j:
            counts[k, j] = 1 - p
        elif inside[j]:
            if form == "overton":
                counts[k, j] = 1 - p * q / (2 * (n - 1) * p * q / (2 * n - p - q))
            if form == "hartley_rao":
                known = chance[inside].sum() if squares is None else squares[stratum[k]]
                counts[k, j] = 1 - (n - p - q + known / n) / (n - 1)
    return counts


def variance_by_pairs(
    form: str, frame: pd.DataFrame, totals: pd.Series, squares: pd.Series | None = None
) -> float:
    units = frame.drop_duplicates("unit").set_index("unit")
    z = totals.reindex(units.index)
    if form == "brewer":
        variance = 0.0
        for _, part in units.groupby("stratum"):
            n, of_part = len(part), z[part.index]
            variance += n / (n - 1) * ((1 - part["p"]) * (of_part - of_part.mean()) ** 2).sum()
        return variance
    counts = pair_weights(form, frame, squares)
    if form == "yates_grundy":
        return float(-(counts * np.subtract.outer(z.to_numpy(), z.to_numpy()) ** 2).sum() / 2)
    return float(z @ counts @ z)


def design_of(frame: pd.DataFrame, form: Any, **options: Any) -> PpsDesign:
    joint = joint_of_strata(frame) if form in ("horvitz_thompson", "yates_grundy") else None
    return PpsDesign.from_frame(
        frame, "p", form, joint, psu="unit", **{"stratum": "stratum", **options}
    )


def total_of(design: PpsDesign, scores: pd.Series) -> np.ndarray:
    return np.bincount(design.psu, scores)[:, np.newaxis]


def total_by_unit(frame: pd.DataFrame, scores: pd.Series) -> pd.Series:
    return scores.groupby(frame["unit"]).sum()


def assert_variance(se: float, expected: float) -> None:
    """Horvitz and Thompson's form is negative for some of these totals."""
    if expected < 0:
        assert np.isnan(se)
    else:
        assert se**2 == pytest.approx(expected, rel=1e-11)


@pytest.mark.filterwarnings("ignore::designbased.errors.NegativeVarianceWarning")
@pytest.mark.parametrize("form", FORMS)
def test_variances_are_those_of_the_double_sums(frame: pd.DataFrame, form: str) -> None:
    design = design_of(frame, form)
    weight = 1 / frame["p"]
    np.testing.assert_array_equal(design.weight, weight)
    table = estimate(design, frame["hours"], frame["sex"], {"hours": "total"})
    for row in table.itertuples():
        scores = weight * frame["hours"].where(frame["sex"] == row.level, 0.0)
        assert row.estimate == pytest.approx(scores.sum(), rel=1e-14)
        expected = variance_by_pairs(form, frame, total_by_unit(frame, scores))
        assert_variance(row.se, expected)
        ours = design.form.deviations(total_of(design, scores))
        assert (design.form.sign @ ours**2)[0] == pytest.approx(expected, rel=1e-11)
    ratio = estimate_ratios(
        design, frame[["hours"]], frame[["messages"]].set_axis(["hours"], axis=1), None
    ).iloc[0]
    point = (weight * frame["hours"]).sum() / (weight * frame["messages"]).sum()
    scores = weight * (frame["hours"] - point * frame["messages"])
    expected = variance_by_pairs(form, frame, total_by_unit(frame, scores))
    of_total = (weight * frame["messages"]).sum()
    assert_variance(ratio["se"] * of_total, expected)
    # What each sex adds to the difference goes together.
    girls = (frame["sex"] == "girl").astype(float)
    shares = [(weight * girls).sum(), (weight * (1 - girls)).sum()]
    means = [(weight * girls * frame["hours"]).sum() / shares[0]]
    means.append((weight * (1 - girls) * frame["hours"]).sum() / shares[1])
    scores = weight * girls * (frame["hours"] - means[0]) / shares[0]
    scores -= weight * (1 - girls) * (frame["hours"] - means[1]) / shares[1]
    sexes = frame[["sex"]].astype("category")
    contrast = estimate_contrasts(
        design, frame[["hours"]], sexes, pairs_of_levels(sexes), {"hours": "mean"}
    ).iloc[0]
    expected = variance_by_pairs(form, frame, total_by_unit(frame, scores))
    assert_variance(contrast["se"], expected)
    assert contrast["df"] == 38


def test_squares_of_the_population_count_for_totals(frame: pd.DataFrame) -> None:
    squares = pd.Series({"a": 4.0, "b": 9.0})
    design = design_of(frame.assign(s=frame["stratum"].map(squares)), "hartley_rao", squares="s")
    table = estimate(design, frame["hours"], statistics={"hours": "total"}).iloc[0]
    totals = total_by_unit(frame, frame["hours"] / frame["p"])
    expected = variance_by_pairs("hartley_rao", frame, totals, squares)
    assert table["se"] ** 2 == pytest.approx(expected, rel=1e-11)
    assert expected != pytest.approx(variance_by_pairs("hartley_rao", frame, totals), rel=0.01)


def test_brewer_and_overton_agree_on_means(frame: pd.DataFrame) -> None:
    tables = [
        estimate(
            design_of(frame, form, stratum=None), frame["hours"], frame["sex"], {"hours": "mean"}
        )
        for form in ("brewer", "overton")
    ]
    np.testing.assert_allclose(*(table["se"] for table in tables), rtol=1e-14)


def test_equal_probabilities_are_a_simple_random_sample(frame: pd.DataFrame) -> None:
    rows = frame.assign(p=0.2, population=400)
    simple = SurveyDesign.from_frame(rows, weight=None, stratum=None, psu=None, fpc=400)
    pair = 0.2 * 79 / 399
    joint = np.full((80, 80), pair) + (0.2 - pair) * np.eye(80)
    expected = estimate(simple, rows["hours"], rows["sex"], {"hours": "total"})
    for form in FORMS:
        matrix = joint if form in ("horvitz_thompson", "yates_grundy") else None
        # The sum of squares of all 400 probabilities is 400 times 0.04.
        known = "s" if form == "hartley_rao" else None
        design = PpsDesign.from_frame(rows.assign(s=16.0), "p", form, matrix, squares=known)  # type: ignore[arg-type]
        table = estimate(design, rows["hours"], rows["sex"], {"hours": "total"})
        if form in ("overton", "hartley_rao"):
            # Their joint probabilities are near 79/400 times 0.2, not 79/399 times.
            np.testing.assert_allclose(table["se"], expected["se"], rtol=0.02)
        else:
            np.testing.assert_allclose(table["se"], expected["se"], rtol=1e-12)


def test_models_and_tests_take_these_designs(frame: pd.DataFrame) -> None:
    """A model without covariates is a mean; a table of two by two is a difference of shares."""
    for form in FORMS:
        design = design_of(frame, form)
        fit = fit_model(design, frame, "hours ~ 1", "linear")
        mean = estimate(design, frame["hours"], statistics={"hours": "mean"}).iloc[0]
        coefficient = fit.table().iloc[0]
        assert coefficient["estimate"] == pytest.approx(mean["estimate"], rel=1e-12)
        assert coefficient["se"] == pytest.approx(mean["se"], rel=1e-10)
        test = association_test(design, frame["yes"], frame["sex"])
        assert 0 < test.p_value < 1


@pytest.mark.parametrize("form", FORMS)
def test_margins_and_predictions_take_these_designs(frame: pd.DataFrame, form: str) -> None:
    """A margin of a model of groups is the mean of the group, by every form of the variance."""
    design = design_of(frame, form)
    cells = estimate(design, frame["hours"], frame["sex"], {"hours": "mean"})
    fit = fit_model(design, frame, "hours ~ sex", "linear")
    tables = [estimate_margins(fit, "sex", variance=name).table() for name in ("joint", "additive")]
    tables.append(predict(fit, pd.DataFrame({"sex": ["boy", "girl"]})))
    for table in tables:
        np.testing.assert_allclose(table["se"], cells["se"], rtol=1e-9)


# All samples there are: the mean of the variances is the variance of the estimates.

CHANCE = np.array([0.4, 1.0, 1.6, 0.7, 2.2, 1.3])
SIZE = np.array([30.0, 44.0, 81.0, 26.0, 95.0, 60.0])


def every_sample(n: int) -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
    """Each sample with its chance and the joint probabilities of all pairs of the population."""
    samples, (chance, *joint) = rejective_joint(CHANCE, n)
    table = np.array([row.astype(float) for row in joint])
    for sample, p in zip(samples, chance.astype(float), strict=True):
        yield sample, float(p), table


@pytest.mark.parametrize("form", ["horvitz_thompson", "yates_grundy"])
def test_forms_of_joint_probabilities_are_unbiased(form: Any) -> None:
    totals, variances, chances = [], [], []
    for sample, chance, joint in every_sample(3):
        frame = pd.DataFrame({"p": np.diag(joint)[sample], "size": SIZE[sample]})
        design = PpsDesign.from_frame(frame, "p", form, joint[np.ix_(sample, sample)])
        # Single samples may have a negative one: the form itself, not the table.
        expanded = (design.weight * frame["size"]).to_numpy()
        totals.append(expanded.sum())
        squares = design.form.deviations(expanded[design.psu.argsort(), np.newaxis]) ** 2
        variances.append(design.form.sign @ squares[:, 0])
        chances.append(chance)
    mean = np.average(totals, weights=chances)
    assert mean == pytest.approx(SIZE.sum(), rel=1e-13)
    truth = np.average((np.array(totals) - mean) ** 2, weights=chances)
    assert np.average(variances, weights=chances) == pytest.approx(truth, rel=1e-11)


def test_stages_inside_units_are_unbiased() -> None:
    """Two of four units with unequal chances, then two of the three or four children in each."""
    children = [np.array(c) for c in ([3.0, 9, 4], [1.0, 2, 8, 5], [7.0, 7, 2], [6.0, 1, 1, 9])]
    samples, (chance, *joint) = rejective_joint(CHANCE[:4], 2)
    table = np.array([row.astype(float) for row in joint])
    totals, variances, chances = [], [], []
    for sample, p in zip(samples, chance.astype(float), strict=True):
        inside = [list(combinations(range(len(children[k])), 2)) for k in sample]
        for drawn in product(*inside):
            rows = [
                {"unit": k, "p": table[k, k], "size": children[k][i], "children": len(children[k])}
                for k, chosen in zip(sample, drawn, strict=True)
                for i in chosen
            ]
            frame = pd.DataFrame(rows)
            labels = list(sample)
            design = PpsDesign.from_frame(
                frame,
                "p",
                "yates_grundy",
                pd.DataFrame(table[np.ix_(sample, sample)], labels, labels),
                psu="unit",
                later_stages=[(None, "children")],
            )
            row = estimate(design, frame["size"], statistics={"size": "total"}).iloc[0]
            totals.append(row["estimate"])
            variances.append(row["se"] ** 2)
            chances.append(p / np.prod([len(pairs) for pairs in inside]))
    mean = np.average(totals, weights=chances)
    assert mean == pytest.approx(sum(c.sum() for c in children), rel=1e-13)
    truth = np.average((np.array(totals) - mean) ** 2, weights=chances)
    assert np.average(variances, weights=chances) == pytest.approx(truth, rel=1e-11)


def test_a_negative_variance_is_no_number_and_says_so() -> None:
    """Totals in proportion to the probabilities have no variance; the others' form goes below."""
    p = np.array([0.3, 0.5, 0.6, 0.4])
    joint = np.outer(p, p) * 0.7
    joint[0, 1] = joint[1, 0] = 0.28
    np.fill_diagonal(joint, p)
    frame = pd.DataFrame({"p": p, "even": 1000 * p, "apart": [60.0, 0, 0, 0]})
    totals = {"even": "total", "apart": "total"}
    design = PpsDesign.from_frame(frame, "p", "horvitz_thompson", joint)
    with pytest.warns(NegativeVarianceWarning, match="1 of 2 estimates is negative"):
        table = estimate(design, frame[["even", "apart"]], statistics=totals)
    assert np.isnan(table["se"].iloc[0])
    assert np.isnan(table[["ci_low", "ci_high"]].iloc[0]).all()
    assert table["estimate"].iloc[0] == pytest.approx(4000)
    assert table["se"].iloc[1] == pytest.approx(60 / 0.3 * 0.7**0.5)
    with pytest.warns(NegativeVarianceWarning):
        assert np.isnan(
            joint_estimates(design, frame[["even"]], None, {"even": "total"}).matrix[0, 0]
        )
    never = PpsDesign.from_frame(frame, "p", "brewer")
    assert estimate(never, frame["even"], statistics=totals_of("even"))["se"].iloc[0] == 0


def test_joint_probabilities_follow_their_labels() -> None:
    """A table whose rows and columns stand in another order than the sample."""
    sample, _, joint = next(iter(every_sample(4)))
    frame = pd.DataFrame({"p": np.diag(joint)[sample], "size": SIZE[sample]}, index=list("dbca"))
    table = pd.DataFrame(joint[np.ix_(sample, sample)], frame.index, frame.index)
    errors = [
        estimate(
            PpsDesign.from_frame(frame, "p", "yates_grundy", of_pairs),
            frame["size"],
            statistics=totals_of("size"),
        )["se"].iloc[0]
        for of_pairs in (table.to_numpy(), table.loc[list("abcd"), list("cdab")])
    ]
    assert errors[0] == pytest.approx(errors[1], rel=1e-13)
    with pytest.raises(InputError, match="joint: columns of 4 labels that are not those"):
        PpsDesign.from_frame(frame, "p", "yates_grundy", table.set_axis(list("wxyz"), axis=1))


def test_contrasts_and_tests_may_have_a_negative_variance_alone() -> None:
    """Units 1 and 3, and 2 and 4, hardly meet; what they have in common has a negative variance."""
    joint = np.full((4, 4), 0.25)
    joint[[0, 2, 1, 3], [2, 0, 3, 1]] = 0.05
    joint[[0, 3, 1, 2], [3, 0, 2, 1]] = 0.45
    np.fill_diagonal(joint, 0.5)
    frame = pd.DataFrame({"p": 0.5, "yes": [1.0, 0, 0, 1], "sex": ["boy", "boy", "girl", "girl"]})
    design = PpsDesign.from_frame(frame, "p", "horvitz_thompson", joint)
    sexes = frame[["sex"]].astype("category")
    kinds = {"yes": "mean"}
    assert (estimate(design, frame["yes"], sexes, kinds)["se"] > 0).all()
    with pytest.warns(NegativeVarianceWarning):
        contrast = estimate_contrasts(
            design, frame[["yes"]], sexes, pairs_of_levels(sexes), kinds
        ).iloc[0]
    assert np.isnan(contrast["se"])
    assert np.isnan(contrast["p"])
    tests = association_tests(design, frame[["yes"]], sexes)
    assert tests["reason"].tolist() == ["a variance that is negative or unknown"]
    assert np.isnan(tests["p_value"].iloc[0])
    with pytest.warns(NegativeVarianceWarning):
        fit = fit_model(design, frame, "yes ~ sex", "linear")
    with pytest.raises(InputError, match="coefficients to test"):
        wald_test(fit, "sex")


def test_a_covariance_that_is_negative_in_some_direction_has_no_wald_test() -> None:
    """Both coefficients have a variance, but not their difference."""
    values = np.array([[1.5**0.5, 1.5**0.5], [0.5**0.5, -(0.5**0.5)]])

    def fit_of(*sign: float) -> Any:
        deviations = Deviations(values, np.array(sign))
        return SimpleNamespace(
            terms={"age": [0, 1]},
            coefficient=np.array([1.0, -1.0]),
            deviations=deviations,
            covariance=deviations.covariance(),
            df=30,
        )

    with pytest.raises(InputError, match="2 coefficients to test"):
        wald_test(fit_of(1, -1), "age")
    assert wald_test(fit_of(1, 1), "age").statistic == pytest.approx(1.0)


def totals_of(name: str) -> dict[str, Any]:
    return {name: "total"}


def test_units_taken_for_certain_add_nothing() -> None:
    frame = pd.DataFrame({"p": [1.0, 1.0, 1.0], "size": [4.0, 90.0, 7.0], "h": ["a", "a", "b"]})
    for form in ("brewer", "overton", "hartley_rao"):
        design = PpsDesign.from_frame(frame, "p", form, stratum="h")  # type: ignore[arg-type]
        assert estimate(design, frame["size"], statistics=totals_of("size"))["se"].iloc[0] == 0
    for form in ("horvitz_thompson", "yates_grundy"):
        design = PpsDesign.from_frame(frame, "p", form, np.ones((3, 3)))  # type: ignore[arg-type]
        assert estimate(design, frame["size"], statistics=totals_of("size"))["se"].iloc[0] == 0


def test_replicates_of_these_designs_are_refused(frame: pd.DataFrame) -> None:
    design: Any = design_of(frame, "brewer")
    for make in (jackknife, balanced_replicates, lambda made: rescaling_bootstrap(made, 9, 1)):
        with pytest.raises(InputError, match="design: a PpsDesign, which"):
            make(design)


def test_a_design_says_what_it_is(frame: pd.DataFrame) -> None:
    design = design_of(frame, "overton")
    expected = (
        "<PpsDesign: 80 rows, 40 units of unequal probability, 2 strata, df 38, "
        "variance by overton>"
    )
    assert repr(design) == expected
    rows = PpsDesign.from_frame(frame, "p")
    assert "80 units of unequal probability, no strata, df 79, variance by brewer" in repr(rows)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"variance": "hajek"}, "Choose one of brewer, overton, hartley_rao, horvitz_thompson"),
        ({"variance": "yates_grundy"}, "joint: none for the variance by 'yates_grundy'"),
        (
            {
                "variance": "yates_grundy",
                "joint": 0.04 + 0.16 * np.eye(80),
                "probability": "even",
            },
            "joint: units drawn independently of each other, so that their number was not fixed",
        ),
        ({"joint": np.eye(80)}, "joint: a table for the variance by 'brewer'"),
        ({"squares": "p"}, "'hartley_rao' alone reads it"),
        ({"probability": "hours"}, "numbers that are no probability"),
        ({"probability": "chance"}, "column 'chance': not in the data"),
        ({"psu": "stratum"}, "column 'p': more than one value in PSU a of stratum all"),
        (
            {"stratum": "unit", "psu": "unit"},
            "one unit, of a probability below 1, in the strata 100",
        ),
        ({"variance": "hartley_rao", "squares": "hours"}, "column 'hours': zero, or more than one"),
        (
            {"variance": "horvitz_thompson", "joint": np.eye(3)},
            "joint: an array of 3 by 3 for 80 units",
        ),
        (
            {"variance": "horvitz_thompson", "joint": pd.DataFrame(np.eye(80)), "psu": "unit"},
            "joint: index of 80 labels that are not those of 40 units",
        ),
    ],
)
def test_faults_are_refused(frame: pd.DataFrame, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        PpsDesign.from_frame(frame.assign(even=0.2), **{"probability": "p", **options})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ((0, 1), 0.09, "joint, units 1 and 2: another number than its mirror, and so in 2 cells"),
        ((0, 0), 0.9, "joint, units 1 and 1: on the diagonal another number"),
        ((2, 1), 0.0, "another number than its mirror"),
        ((3, 3), np.nan, "no probability above zero, and so in 1 cells"),
    ],
)
def test_faulty_joint_probabilities_are_refused(
    cell: tuple[int, int], value: float, words: str
) -> None:
    p = np.array([0.3, 0.5, 0.6, 0.4])
    joint = np.outer(p, p)
    np.fill_diagonal(joint, p)
    joint[cell] = value
    with pytest.raises(InputError) as caught:
        PpsDesign.from_frame(pd.DataFrame({"p": p}), "p", "yates_grundy", joint)
    assert words in str(caught.value)
