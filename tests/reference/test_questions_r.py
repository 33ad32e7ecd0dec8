"""The options of one question, and pairs of respondents, equal R survey's (questions/questions.R).

R has other code for each: ``svymean`` and ``svycontrast`` for options, ``svyratio`` and
``svykappa`` for pairs, and derivatives symbol by symbol for weighted kappas.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.dyads import MEASURES, compare_dyads, kappa
from designbased.estimates.linearisation import estimate
from designbased.estimates.questions import Categories, estimate_categories
from designbased.inference.t_tests import paired_tests
from disrupting_harm.core.errors import StudyError

HERE = Path(__file__).parent / "questions"
EXACT = 1e-10
SAMPLE = pd.read_csv(HERE / "sample.csv").assign(psus=20)
R = pd.read_csv(HERE / "questions_r.csv", keep_default_na=False)
R["value"] = R["value"].astype(float)
TOLD = ["friend", "sibling", "caregiver", "teacher", "nobody"]


@pytest.fixture(scope="module", params=["plain", "fpc"])
def design(request: pytest.FixtureRequest) -> tuple[str, SurveyDesign]:
    fpc = "psus" if request.param == "fpc" else None
    return request.param, SurveyDesign.from_frame(SAMPLE, fpc=fpc)


def reference(design: str, case: str, quantity: str) -> "pd.Series[float]":
    chosen = (R["design"] == design) & (R["case"] == case) & (R["quantity"] == quantity)
    found = R[chosen].set_index("label")["value"]
    assert len(found)
    return found


def who() -> pd.DataFrame:
    return pd.get_dummies(SAMPLE["who"]).astype(float)


def asked(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.astype(float).where(SAMPLE["asked"] == 1)


CASES = {
    "one answer": lambda: (who(), True),
    "one answer, some children": lambda: (asked(who()), True),
    "several answers": lambda: (asked(SAMPLE[TOLD]), False),
}


@pytest.mark.parametrize("case", CASES)
def test_options_of_a_question(design: tuple[str, SurveyDesign], case: str) -> None:
    name, drawn = design
    found = estimate_categories(drawn, *CASES[case]())
    shares = found.shares.set_index("option")
    for quantity in ("estimate", "se", "ci_low", "ci_high"):
        r = reference(name, case, quantity)
        np.testing.assert_allclose(shares.loc[r.index, quantity], r, rtol=EXACT)
    assert set(shares["df"]) == {reference(name, case, "df").iloc[0]}
    r = reference(name, case, "covariance")
    assert list(r.index) == [f"{a} {b}" for a in shares.index for b in shares.index]
    np.testing.assert_allclose(found.covariance.ravel(), r, rtol=EXACT, atol=EXACT * r.max())
    pairs = found.pairs.set_index(found.pairs["option_a"] + " " + found.pairs["option_b"])
    names = {"difference": "difference", "difference_se": "se", "p_value": "p_value"}
    for quantity, ours in {**names, "p_holm": "p_holm"}.items():
        r = reference(name, case, quantity)
        np.testing.assert_allclose(pairs.loc[r.index, ours], r, rtol=1e-9, atol=1e-15)
    # The matrix gives the same errors as the deviations do.
    of = found.covariance
    at = {option: place for place, option in enumerate(shares.index)}
    for pair in found.pairs.itertuples():
        a, b = at[str(pair.option_a)], at[str(pair.option_b)]
        assert pair.se**2 == pytest.approx(of[a, a] + of[b, b] - 2 * of[a, b], rel=1e-9)


def test_the_shares_of_one_answer_add_up() -> None:
    found = estimate_categories(SurveyDesign.from_frame(SAMPLE), who(), True)
    assert found.shares["estimate"].sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(found.covariance.sum(axis=0), 0, atol=1e-16)
    # Three may be the first: no single one is named most often.
    assert found.may_be_first == ["a", "b"]
    assert list(found.shares["rank_high"]) != list(range(1, 7))


def test_a_difference_of_ticks_is_the_mean_of_the_paired_difference() -> None:
    design, ticks = SurveyDesign.from_frame(SAMPLE), asked(SAMPLE[TOLD])
    pair = estimate_categories(design, ticks, False).pairs.iloc[0]
    paired = paired_tests(design, ticks[["friend"]], ticks[["sibling"]]).iloc[0]
    assert pair["difference"] == pytest.approx(paired["estimate"], rel=1e-12)
    assert pair["se"] == pytest.approx(paired["se"], rel=1e-12)


def test_an_option_that_nobody_chose_is_there_and_never_first() -> None:
    answers = who().assign(g=0.0)
    found = estimate_categories(SurveyDesign.from_frame(SAMPLE), answers, True)
    empty = found.shares.set_index("option").loc["g"]
    assert (empty["estimate"], empty["se"], empty["ci_low"]) == (0, 0, 0)
    assert 0 < empty["ci_high"] < 0.05
    assert empty["rank_low"] > 1


def test_one_answer_of_all_children_leaves_no_test() -> None:
    answers = pd.DataFrame({"a": np.ones(len(SAMPLE)), "b": np.zeros(len(SAMPLE))})
    found = estimate_categories(SurveyDesign.from_frame(SAMPLE), answers, True)
    assert found.pairs["p_value"].isna().all()
    assert found.may_be_first == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "one_answer", "message"),
    [
        (lambda t: t[["a"]], True, "1 options"),
        (lambda t: t.assign(b=t["b"].where(SAMPLE["asked"] == 1)), True, "some options alone"),
        (lambda t: t.drop(columns="f"), True, "no option or several"),
        (lambda t: t * np.nan, True, "no answers"),
    ],
)
def test_a_question_that_is_none_is_refused(change, one_answer, message) -> None:
    with pytest.raises(StudyError, match=message):
        estimate_categories(SurveyDesign.from_frame(SAMPLE), change(who()), one_answer)


def test_pairs_of_respondents(design: tuple[str, SurveyDesign]) -> None:
    name, drawn = design
    found = compare_dyads(drawn, SAMPLE["yes_child"], SAMPLE["yes_caregiver"]).set_index("measure")
    for quantity in ("estimate", "se"):
        r = reference(name, "dyads", quantity)
        assert set(r.index) == set(MEASURES)
        np.testing.assert_allclose(found.loc[r.index, quantity], r, rtol=EXACT)
    for quantity in ("df", "n"):
        r = reference(name, "dyads", quantity)
        assert (found.loc[r.index, quantity] == r).all()
    assert (found["warning"] == "").all()
    assert (found["ci_low"] < found["estimate"]).all()
    assert (found["estimate"] < found["ci_high"]).all()


def test_awareness_is_a_share_among_children_who_say_yes() -> None:
    design = SurveyDesign.from_frame(SAMPLE)
    found = compare_dyads(design, SAMPLE["yes_child"], SAMPLE["yes_caregiver"]).set_index("measure")
    own = SAMPLE["yes_caregiver"].where(SAMPLE["yes_child"] == 1).rename("yes").to_frame()
    plain = estimate(design, own).iloc[0]
    for name in ("n", "n_yes", "estimate", "se", "ci_low", "ci_high", "df"):
        assert found.loc["caregiver_if_child", name] == pytest.approx(plain[name], rel=1e-12)


@pytest.mark.parametrize("agreement", ["unweighted", "linear", "quadratic"])
def test_weighted_kappa(design: tuple[str, SurveyDesign], agreement: str) -> None:
    name, drawn = design
    first, second = (
        pd.Series(pd.Categorical(SAMPLE[column], [1, 2, 3, 4]), index=SAMPLE.index)
        for column in ("often_child", "often_caregiver")
    )
    found = kappa(drawn, first, second, agreement)
    for quantity in ("estimate", "se"):
        r = reference(name, f"kappa, {agreement}", quantity)["kappa"]
        assert found[quantity] == pytest.approx(r, rel=1e-9)


@pytest.mark.parametrize(
    ("yes_pairs", "warning", "limits"),
    [(9, "too_few_pairs", False), (10, "few_pairs", True), (19, "few_pairs", True), (20, "", True)],
)
def test_kappa_warns_of_few_pairs(yes_pairs: int, warning: str, limits: bool) -> None:
    child, caregiver = (pd.Series(np.zeros(len(SAMPLE))) for _ in range(2))
    both = np.arange(yes_pairs) * 19
    child[both], caregiver[both] = 1.0, 1.0
    child[both + 1] = 1.0
    design = SurveyDesign.from_frame(SAMPLE)
    found = compare_dyads(design, child, caregiver).set_index("measure").loc["kappa"]
    assert found["warning"] == warning
    assert bool(np.isfinite(found["ci_low"])) is limits
    assert found["se"] > 0


def test_nothing_is_divided_by_nothing() -> None:
    never = pd.Series(np.zeros(len(SAMPLE)))
    found = compare_dyads(SurveyDesign.from_frame(SAMPLE), never, never).set_index("measure")
    undefined = ["caregiver_if_child", "child_if_caregiver", "positive_agreement", "kappa"]
    assert list(found.index[found["warning"] == "undefined"]) == undefined
    columns = ["estimate", "se", "ci_low", "ci_high"]
    assert found.loc[undefined, columns].isna().all(axis=None)
    assert found.loc["both", "ci_high"] > 0


def test_answers_that_are_none_are_refused() -> None:
    design = SurveyDesign.from_frame(SAMPLE)
    none, yes = pd.Series(np.full(len(SAMPLE), np.nan)), SAMPLE["yes_child"]
    with pytest.raises(StudyError, match="no pair"):
        compare_dyads(design, yes, none)
    with pytest.raises(StudyError, match="answers of the caregiver"):
        compare_dyads(design, yes, yes + 1)
    whole = pd.Series(pd.Categorical(SAMPLE["who"]))
    with pytest.raises(StudyError, match="two sets of categories"):
        kappa(design, whole, whole.cat.add_categories("g"))


def test_the_result_names_the_options_in_their_order() -> None:
    found = estimate_categories(SurveyDesign.from_frame(SAMPLE), who(), True)
    assert isinstance(found, Categories)
    assert list(found.shares["option"]) == list("abcdef")
    assert len(found.pairs) == 15
