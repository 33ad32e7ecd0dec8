"""Adjusted prevalence ratios inside a country."""

import numpy as np
import pandas as pd
import pytest
from clustered import clustered
from simulated_study import study

from designbased.design.survey_design import SurveyDesign
from designbased.models.prevalence_ratios import adjusted_prevalence_ratios
from disrupting_harm.comparison.adjusted import MODELS_DIFFER, NO_CHECK, adjusted_ratios
from disrupting_harm.comparison.poisson_models import (
    FEW_YES,
    NO_LEVEL,
    NO_MODEL,
    NOT_ADJUSTED,
    SAME_ANSWERS,
    TERM_NOT_ASKED,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.same_answers import (
    drop_own_domains,
    find_domains_of_same_answers,
)
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table

NUMBERS = ["ratio", "log_ratio_se", "df", "ci_low", "ci_high", "p_value", "crude_ratio"]


def ratios(design, data, **options):
    return adjusted_ratios(design, data[["yes"]], data[["sex", "level"]], **options)


def test_one_model_gives_what_a_model_for_each_group_gives(design, data):
    table = ratios(design, data, confidence=0.9)
    check_table(
        table.assign(country="KEN")[list(restricted_contract("contrasts/ratios").columns)],
        restricted_contract("contrasts/ratios"),
        "ratios",
    )
    for term, other in (("sex", "level"), ("level", "sex")):
        own = table[table["term"] == term]
        expected = adjusted_prevalence_ratios(design, data, "yes", term, [other], confidence=0.9)
        renamed = {"estimate": "ratio", "se_log": "log_ratio_se", "by_margins": "margin_ratio"}
        expected = expected.rename(columns=renamed)
        for name in ("ratio", "log_ratio_se", "ci_low", "ci_high", "df", "p_value", "margin_ratio"):
            np.testing.assert_allclose(own[name], expected[name], rtol=1e-9)
        assert own["level"].tolist() == expected["level"].tolist()


def test_crude_ratios_are_those_of_a_model_with_the_group_alone(design, data):
    table = ratios(design, data)
    crude = adjusted_prevalence_ratios(design, data, "yes", "level")
    own = table[table["term"] == "level"]
    pairs = {"crude_ratio": "estimate", "crude_low": "ci_low", "crude_high": "ci_high"}
    for found, expected in pairs.items():
        np.testing.assert_allclose(own[found], crude[expected], rtol=1e-9)


def test_counts_are_of_children_with_every_answer(design, data):
    some = data.assign(sex=data["sex"].where(np.arange(len(data)) % 7 > 0))
    table = ratios(design, some).set_index(["term", "level"])
    used = some["sex"].notna() & some["yes"].notna()
    level = used & (some["level"] == "b")
    assert table.loc[("level", "b"), "n"] == level.sum()
    assert table.loc[("level", "b"), "n_yes"] == (level & (some["yes"] == 1)).sum()


def test_a_level_with_few_yes_answers_has_no_numbers_and_the_others_keep_theirs(design, data):
    few = data["yes"].where((data["level"] != "c") | (data["yes"] == 0))
    few.iloc[np.flatnonzero((data["level"] == "c") & (data["yes"] == 1))[:9]] = 1.0
    table = ratios(design, data.assign(yes=few)).set_index("level")
    assert table.loc["c", "n_yes"] == 9
    assert table["note"].to_dict() == {"girl": "", "b": "", "c": FEW_YES}
    assert table.loc["c", NUMBERS].isna().all()
    assert table.loc[["girl", "b"], NUMBERS].notna().all(axis=None)


def test_a_level_without_answers_is_left_out_of_the_model(design, data):
    without = data.assign(yes=data["yes"].where(data["level"] != "b"))
    table = ratios(design, without).set_index("level")
    assert table["note"].to_dict() == {"girl": "", "b": NO_LEVEL, "c": ""}
    levels = data["level"].cat.remove_categories("b")
    expected = ratios(design, without.assign(level=levels)).set_index("level")
    pd.testing.assert_frame_equal(table.loc[["girl", "c"]], expected)


def test_without_answers_in_the_reference_nothing_can_be_compared_with_it(design, data):
    without = data.assign(yes=data["yes"].where(data["level"] != "a"))
    table = ratios(design, without).set_index("level")
    assert table["note"].to_dict() == {"girl": "", "b": NO_LEVEL, "c": NO_LEVEL}


def test_a_term_that_was_not_asked_is_left_out_and_the_others_say_so(design, data):
    nobody = data.assign(sex=data["sex"].where(data["sex"].isna()))
    table = ratios(design, nobody).set_index("level")
    lacking = NOT_ADJUSTED.format(terms="sex")
    assert table["note"].to_dict() == {"girl": TERM_NOT_ASKED, "b": lacking, "c": lacking}
    assert table.loc["girl", NUMBERS].isna().all()
    alone = adjusted_ratios(design, data[["yes"]], data[["level"]]).set_index("level")
    pd.testing.assert_frame_equal(table.loc[["b", "c"], NUMBERS], alone[NUMBERS])


@pytest.mark.parametrize("answer", [1.0, np.nan])
def test_an_outcome_without_a_model_is_a_note_and_no_exception(design, data, answer):
    table = ratios(design, data.assign(yes=answer))
    assert table["note"].tolist() == [NO_MODEL if answer == 1 else NO_LEVEL] * 3
    assert table[NUMBERS].isna().all(axis=None)


def test_perfect_prediction_is_a_note(design, data):
    """A level of which all say no drives its coefficient, and so the fit, to minus infinity."""
    table = ratios(design, data.assign(yes=data["yes"].where(data["level"] != "c", 0.0)))
    assert table.set_index("level")["note"].to_dict() == {
        "girl": NO_MODEL, "b": NO_MODEL, "c": FEW_YES,
    }  # fmt: skip


def test_where_everybody_in_a_level_says_yes_there_is_no_logistic_model_to_check_with(design, data):
    table = ratios(design, data.assign(yes=data["yes"].where(data["level"] != "c", 1.0)))
    assert table["note"].tolist() == [NO_CHECK] * 3
    assert table["ratio"].notna().all()
    assert table["margin_ratio"].isna().all()


def test_a_ratio_that_depends_on_the_model_says_so(design, data):
    random = np.random.default_rng(5)
    # Common answers, whose prevalences are no products of two ratios, in groups that overlap.
    girl = data["sex"] == "girl"
    level = np.where(random.random(len(data)) < np.where(girl, 0.8, 0.2), "c", "a")
    rate = np.where(level == "c", np.where(girl, 0.98, 0.9), np.where(girl, 0.9, 0.3))
    common = data.assign(
        yes=(random.random(len(data)) < rate).astype(float),
        level=pd.Categorical(level, ["a", "c"]),
    )
    table = ratios(design, common)
    apart = np.abs(np.log(table["ratio"] / table["margin_ratio"])) > 0.05
    assert apart.any()
    assert (table["note"] == MODELS_DIFFER).tolist() == apart.tolist()


def test_a_term_of_the_same_answers_is_left_out(design, data):
    table = ratios(design, data, same_answers={"yes": ("level",)})
    assert table["note"].tolist() == ["", SAME_ANSWERS, SAME_ANSWERS]
    alone = adjusted_ratios(design, data[["yes"]], data[["sex"]])
    pd.testing.assert_frame_equal(table.iloc[:1], alone)


def test_names_may_be_words_of_any_language(design, data):
    terms = data[["sex", "level"]].set_axis(["class", "a b|ü"], axis=1)
    table = adjusted_ratios(design, data[["yes"]], terms)
    expected = ratios(design, data)
    assert table["term"].tolist() == ["class", "a b|ü", "a b|ü"]
    pd.testing.assert_frame_equal(table[NUMBERS], expected[NUMBERS])


def test_too_few_psus_leave_a_ratio_without_an_interval():
    data = clustered(psus=6, children=60)
    two = data[data["psu"] < 2].reset_index(drop=True)
    design = SurveyDesign.from_frame(two.assign(stratum="one"))
    table = ratios(design, two)
    assert (table["df"] < 1).all()
    assert table["ratio"].notna().all()
    assert table[["ci_low", "ci_high", "p_value"]].isna().all(axis=None)
    assert table["note"].str.contains("too few PSUs").all()


def test_without_terms_or_outcomes_the_table_is_empty(design, data):
    for outcomes, terms in ((data[["yes"]], data[[]]), (data[[]], data[["sex"]])):
        table = adjusted_ratios(design, outcomes, terms)
        assert table.empty
        check_table(
            table.assign(country=pd.Series(dtype="str"))[
                list(restricted_contract("contrasts/ratios").columns)
            ],
            restricted_contract("contrasts/ratios"),
            "x",
        )
        assert table["n"].dtype == np.int64


def test_other_answers_than_yes_and_no_are_refused(design, data):
    with pytest.raises(StudyError, match="hours"):
        adjusted_ratios(design, data[["hours"]], data[["sex"]])


def test_an_indicator_is_not_crossed_with_the_domain_of_its_own_answers():
    codebook = study().codebook
    cells = pd.DataFrame(
        [(name, domain.id) for name in ("uses_daily", "own_phone") for domain in codebook.domains],
        columns=["indicator", "domain"],
    )
    left = drop_own_domains(cells, codebook)
    gone = set(map(tuple, cells.to_numpy())) - set(map(tuple, left.to_numpy()))
    assert gone == {("uses_daily", "frequency")}


def test_indicators_are_not_adjusted_for_what_they_are_made_of():
    found = find_domains_of_same_answers(
        study().codebook, ["sex", "age_band", "sex_age", "frequency"]
    )
    assert found["uses_daily"] == ("frequency",)
    assert found["any_tf_csea"] == ()
    small = study().codebook.model_copy(
        update={"indicators": (
            study().codebook.indicator("uses_daily"),
            study().codebook.indicator("uses_daily").model_copy(
                update={"id": "any", "numerator": (), "any_of": ("uses_daily",)}
            ),
        )}
    )  # fmt: skip
    assert find_domains_of_same_answers(small, ["area", "frequency"])["any"] == ("frequency",)
