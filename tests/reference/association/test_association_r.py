"""Association, regression, missing answers and imputation equal R's: see association.R beside this.

Tolerance: 1e-9 relative, which holds for the iterative fits too because R was told to iterate to
1e-14. Off-diagonal covariances, estimates and their limits that happen to be near zero are compared
on the scale of their standard errors.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.inference.association import association_test, association_tests
from designbased.inference.t_tests import difference_tests, mean_tests, paired_tests
from designbased.missing.bounds import worst_case_bounds
from designbased.missing.rubin import estimate_completed, pool_wald
from designbased.models.margins import estimate_margins
from designbased.models.regression import ModelFit, fit_model
from designbased.models.trends import wald_test

HERE = Path(__file__).parent
TOLERANCE = 1e-9
# In the far tail a p-value magnifies the last digits of its statistic.
SMALL_P = 1e-9

R = pd.read_csv(HERE / "numbers.csv", dtype={"label": str}, keep_default_na=False)
R["value"] = R["value"].astype(float)
SURVEY = pd.read_csv(HERE.parent / "survey.csv")
LONELY = SURVEY[(SURVEY["stratum"] != "west") | (SURVEY["psu"] == 1)]
DESIGNS = ["plain", "fpc", "two stages", "unclustered", "centre", "certainty"]


@pytest.fixture(scope="module", params=DESIGNS)
def survey(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame, SurveyDesign]:
    name = request.param
    frame = (LONELY if name in ("centre", "certainty") else SURVEY).copy()
    if name == "unclustered":
        return name, frame, SurveyDesign.from_frame(frame, stratum=None, psu=None)
    if name == "fpc":
        return name, frame, SurveyDesign.from_frame(frame, fpc="psus")
    if name == "two stages":
        frame["rows"] = 3 * frame.groupby(["stratum", "psu"])["psu"].transform("size")
        stages = [(None, "rows")]
        return name, frame, SurveyDesign.from_frame(frame, fpc="psus", later_stages=stages)
    lonely = name if name in ("centre", "certainty") else "fail"
    return name, frame, SurveyDesign.from_frame(frame, lonely_psu=lonely)


def reference(design: str, case: str, quantity: str) -> dict[str, float]:
    chosen = R[(R["design"] == design) & (R["case"] == case) & (R["quantity"] == quantity)]
    assert len(chosen), f"no number of R for {design}, {case}, {quantity}"
    return dict(zip(chosen["label"], chosen["value"], strict=True))


def assert_equal(ours: dict[str, float], r: dict[str, float], scale: float = 0.0) -> None:
    """Every number of R's, relative to itself, or to ``scale`` where it is smaller than that."""
    assert ours.keys() >= r.keys()
    for label, value in r.items():
        smallest = SMALL_P if label.endswith("p_value") else scale
        assert ours[label] == pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE * smallest), label


# ---- tables

TABLES = {
    "sex by age": ("sex", "age"),
    "common by age": ("common", "age"),
    "asked_of_some by sex": ("asked_of_some", "sex"),
    "unanswered by age": ("unanswered", "age"),
    "girls common by age": ("common", "age"),
}
R_NAMES = {
    "rao_scott_f": "F",
    "rao_scott_chi2": "Chisq",
    "wald": "Wald",
    "adjusted_wald": "adjWald",
}


@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("test", R_NAMES)
def test_tables(survey: tuple[str, pd.DataFrame, SurveyDesign], case: str, test: str) -> None:
    name, frame, design = survey
    rows, columns = TABLES[case]
    where = frame["sex"] == "girl" if case.startswith("girls") else None
    found = association_test(design, frame[rows], frame[columns], where, test=test)
    assert_equal(vars(found), reference(name, case, R_NAMES[test]))


def test_many_tables_at_once(survey: tuple[str, pd.DataFrame, SurveyDesign]) -> None:
    name, frame, design = survey
    outcomes = frame[["asked_of_some", "common", "unanswered"]]
    domains = frame[["sex", "age"]].astype("category")
    for test, r_name in R_NAMES.items():
        table = association_tests(design, outcomes, domains, test)
        for case in ("common by age", "asked_of_some by sex", "unanswered by age"):
            rows, _, columns = case.partition(" by ")
            one = table[(table["indicator"] == rows) & (table["domain"] == columns)].iloc[0]
            assert_equal(one.to_dict(), reference(name, case, r_name))


def test_awards_by_type_of_school() -> None:
    """A published example: R's help page of svychisq, California schools in 15 districts."""
    cells = pd.read_csv(HERE / "apiclus1.csv")
    design = SurveyDesign.from_frame(cells, weight="pw", stratum=None, psu="dnum", fpc="fpc")
    for test, r_name in R_NAMES.items():
        found = association_test(design, cells["sch.wide"], cells["stype"], test=test)
        r = reference("apiclus1", "awards by type", r_name)
        # The rows are cells, not schools: n and what is proportional to it differ.
        assert_equal(vars(found), {key: r[key] for key in r.keys() - {"mean_deff"}})
    found = association_test(design, cells["sch.wide"], cells["stype"])
    printed = [found.statistic, found.df1, found.df2, found.p_value]
    assert printed == pytest.approx([5.19336954, 1.49463978, 20.92495689, 0.02174746], rel=5e-7)


# ---- t tests


def assert_t(found: pd.DataFrame, name: str, case: str) -> None:
    row = found.iloc[0]
    ours = row[["estimate", "se", "ci_low", "ci_high", "t", "df", "p_value"]].to_dict()
    scale = max(abs(row["t"]), 1.0) * row["se"]
    assert_equal(ours, reference(name, case, "t"), scale=max(scale, row["se"]))


@pytest.mark.parametrize("outcome", ["common", "hours", "unanswered"])
def test_t_tests(survey: tuple[str, pd.DataFrame, SurveyDesign], outcome: str) -> None:
    name, frame, design = survey
    answers = frame[[outcome]]
    girls = (frame["sex"] == "girl") & (frame["age"] != "14-15")
    assert_t(mean_tests(design, answers), name, f"mean {outcome}")
    assert_t(difference_tests(design, answers, frame["sex"]), name, f"sex {outcome}")
    ages = ("12-13", "16-17")
    found = difference_tests(design, answers, frame["age"], ages, where=girls)
    assert_t(found, name, f"girls {outcome}")


def test_paired_t_test(survey: tuple[str, pd.DataFrame, SurveyDesign]) -> None:
    name, frame, design = survey
    assert_t(paired_tests(design, frame[["hours"]], frame[["common"]]), name, "paired")


# ---- regression

MODELS = {
    "linear": ("hours ~ sex + age", "linear"),
    "logistic": ("common ~ sex + age + hours", "logistic"),
    "poisson": ("common ~ sex * age", "poisson"),
    "girls": ("common ~ age", "logistic"),
    "missing": ("unanswered ~ sex + age", "logistic"),
}


def r_name(term: str) -> str:
    """The name R gives to a coefficient or a term."""
    plain = term.replace("[T.", "").replace("]", "")
    return plain.replace("C(race)", "factor(race)").replace("Intercept", "(Intercept)")


def assert_fit(fit: ModelFit, name: str, case: str) -> None:
    table = fit.table()
    labels = [r_name(term) for term in table["term"]]
    for label, row in zip(labels, table.to_dict("records"), strict=True):
        for column in ("estimate", "se", "ci_low", "ci_high", "t", "p_value"):
            r = reference(name, case, column)[label]
            scale = {"t": 1.0, "p_value": SMALL_P}.get(column, row["se"])
            assert row[column] == pytest.approx(r, rel=TOLERANCE, abs=TOLERANCE * scale)
    assert fit.df == reference(name, case, "df")[""]
    se = table["se"].to_numpy()
    for (one, other), r in covariances(labels, reference(name, case, "covariance")):
        scale = TOLERANCE * se[one] * se[other]
        assert fit.covariance[one, other] == pytest.approx(r, rel=TOLERANCE, abs=scale)
    for term in fit.model.terms:
        if term == "Intercept":
            continue
        ours = {f"{r_name(term)} {key}": value for key, value in vars(wald_test(fit, term)).items()}
        r = reference(name, case, "wald")
        assert_equal(ours, {key: r[key] for key in r if key.rsplit(" ", 1)[0] == r_name(term)})


def covariances(labels: list[str], r: dict[str, float]) -> Iterator[tuple[tuple[int, int], float]]:
    pairs = {f"{a} {b}": (i, j) for i, a in enumerate(labels) for j, b in enumerate(labels)}
    return ((pairs[label], value) for label, value in r.items())


@pytest.mark.parametrize("case", MODELS)
def test_regression(survey: tuple[str, pd.DataFrame, SurveyDesign], case: str) -> None:
    name, frame, design = survey
    formula, family = MODELS[case]
    where = frame["sex"] == "girl" if case == "girls" else None
    assert_fit(fit_model(design, frame, formula, family, where), name, case)


def test_nhanes2() -> None:
    from samplics.datasets import load_nhanes2

    frame = load_nhanes2()["data"]
    design = SurveyDesign.from_frame(frame, weight="finalwgt", stratum="stratid", psu="psuid")
    for test, r in R_NAMES.items():
        found = association_test(design, frame["highbp"], frame["race"], test=test)
        assert_equal(vars(found), reference("nhanes2", "highbp by race", r))
    for family in ("logistic", "poisson"):
        fit = fit_model(design, frame, "highbp ~ C(race) + zinc + diabetes", family)
        assert_fit(fit, "nhanes2", family)


# ---- predictive margins


@pytest.mark.parametrize("group", ["sex", "age"])
def test_predictive_margins(survey: tuple[str, pd.DataFrame, SurveyDesign], group: str) -> None:
    name, frame, design = survey
    fit = fit_model(design, frame, "common ~ age + sex + hours", "logistic")
    case = f"margins {group}"
    assert fit.df == reference(name, case, "df")[""]
    for kind in ("additive", "coefficients", "joint"):
        margins = estimate_margins(fit, group, variance=kind)
        table = margins.table().set_index("level")
        assert_equal(table["estimate"].to_dict(), reference(name, case, "margin"))
        assert_equal(table["se"].to_dict(), reference(name, case, f"se {kind}"))
        spread = {
            f"{level} {margins.levels[0]}": margins.covariance[k, 0]
            for k, level in enumerate(margins.levels)
        }
        scale = margins.covariance[0, 0]
        assert_equal(spread, reference(name, case, f"covariance {kind}"), scale)
        for what, compared in (("difference", margins.differences()), ("ratio", margins.ratios())):
            compared = compared.rename(columns={"se_log": "se", "ci_low": "low", "ci_high": "high"})
            ours = {
                f"{row['level']} {column}": row[column]
                for row in compared.to_dict("records")
                for column in ("estimate", "se", "low", "high")
            }
            assert_equal(ours, reference(name, case, f"{what} {kind}"), compared["se"].max())


def test_prevalence_ratios(survey: tuple[str, pd.DataFrame, SurveyDesign]) -> None:
    name, frame, design = survey
    fit = fit_model(design, frame, "common ~ age + sex + hours", "poisson")
    ours = {
        f"{r_name(row['term'])} {label}": row[column]
        for row in fit.ratios().to_dict("records")
        for label, column in {"estimate": "estimate", "low": "ci_low", "high": "ci_high"}.items()
    }
    r = reference(name, "prevalence ratios", "ratio")
    assert_equal(ours, {key: r[key] for key in r if not key.startswith("(Intercept)")})


# ---- missing answers


@pytest.mark.parametrize("outcome", ["unanswered", "asked_of_some"])
def test_bounds(survey: tuple[str, pd.DataFrame, SurveyDesign], outcome: str) -> None:
    name, frame, design = survey
    asked = pd.DataFrame({outcome: ~((frame["stratum"] == "north") & (frame["age"] == "12-13"))})
    outcomes = frame[[outcome]].where(asked[outcome])
    domains = frame[["sex"]].assign(total="all").astype("category")
    table = worst_case_bounds(design, outcomes, asked, domains)
    for level in ("all", "girl", "boy"):
        row = table[table["level"] == level].iloc[0].to_dict()
        assert_equal(row, reference(name, f"bounds {outcome} {level}", "bounds"))


def completed_frames(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Five completed data sets; rows counted before any was left out, as in R."""
    row, missing = frame.index.to_numpy() + 1, frame["unanswered"].isna()
    frames = []
    for j in range(1, 6):
        filled = ((row + j) % 3 == 0) | ((row * j) % 7 == 1)
        answers = frame["unanswered"].where(~missing, filled.astype(float))
        frames.append(answers.to_frame("complete"))
    return frames


def test_rubins_rules(survey: tuple[str, pd.DataFrame, SurveyDesign]) -> None:
    name, frame, design = survey
    domains = frame[["sex"]].assign(total="all").astype("category")
    table = estimate_completed(design, completed_frames(frame), domains)
    for level in ("all", "girl", "boy"):
        found = table[table["level"] == level].iloc[0].to_dict()
        p = found["estimate"]
        found["logit"] = np.log(p / (1 - p))
        found["se_logit"] = found["se"] / (p * (1 - p))
        assert found["interval"] == "logit"
        assert_equal(found, reference(name, f"imputation {level}", "rubin"))


def test_pooled_test_of_several_coefficients(
    survey: tuple[str, pd.DataFrame, SurveyDesign],
) -> None:
    name, frame, design = survey
    fits = [
        fit_model(
            design, frame.assign(complete=answers["complete"]), "complete ~ sex + age", "logistic"
        )
        for answers in completed_frames(frame)
    ]
    estimates = np.stack([fit.coefficient[1:] for fit in fits])
    covariances = np.stack([fit.covariance[1:, 1:] for fit in fits])
    found = pool_wald(estimates, covariances, fits[0].df)
    assert_equal(vars(found), reference(name, "pooled test", "D1"))
