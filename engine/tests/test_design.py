import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError


@pytest.fixture
def frame() -> pd.DataFrame:
    """Five PSUs in two strata; the identifiers 1 and 2 stand in both."""
    return pd.DataFrame(
        {
            "stratum": ["b", "a", "a", "b", "b", "a", "b"],
            "psu": [1, 2, 1, 2, 3, 1, 1],
            "weight": [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 1.0],
            "psus": [9, 4, 4, 9, 9, 4, 9],
        }
    )


def refusal(frame: pd.DataFrame, **options) -> str:
    with pytest.raises(InputError) as caught:
        SurveyDesign.from_frame(frame, **options)
    return str(caught.value)


def test_psus_are_nested_in_strata(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame)
    assert design.stratum_labels == ("a", "b")
    assert design.psu_labels == (1, 2, 1, 2, 3)
    assert design.psu_stratum.tolist() == [0, 0, 1, 1, 1]
    assert design.psu.tolist() == [2, 1, 0, 3, 4, 0, 2]
    assert design.stratum_psus.tolist() == [2, 3]
    assert design.stratum_start.tolist() == [0, 2]
    assert (design.n_rows, design.n_psus, design.n_strata, design.df) == (7, 5, 2, 3)


def test_samples_without_strata_or_clusters(frame: pd.DataFrame) -> None:
    elements = SurveyDesign.from_frame(frame, stratum=None, psu=None)
    assert (elements.n_psus, elements.n_strata, elements.df) == (7, 1, 6)
    stratified = SurveyDesign.from_frame(frame, psu=None)
    assert stratified.stratum_psus.tolist() == [3, 4]


def test_rows_of_weight_zero_do_not_count_for_degrees_of_freedom(frame: pd.DataFrame) -> None:
    frame["weight"] = frame["weight"].where(frame["psu"] != 3, 0.0)
    design = SurveyDesign.from_frame(frame)
    assert (design.n_psus, design.df) == (5, 2)


def test_integer_and_nullable_weights_are_numbers(frame: pd.DataFrame) -> None:
    frame["weight"] = pd.array([1, 2, 3, 1, 1, 2, 1], dtype="Int64")
    assert SurveyDesign.from_frame(frame).weight.sum() == 11


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (-1.0, "1 negative weights, data row 2"),
        (np.nan, "1 missing values, data row 2"),
        (np.inf, "1 infinite values, data row 2"),
        ("n/a", "'n/a' in data row 2"),
    ],
)
def test_faulty_weight_is_refused(frame: pd.DataFrame, value, found: str) -> None:
    frame["weight"] = frame["weight"].astype(object)
    frame.loc[1, "weight"] = value
    frame["weight"] = frame["weight"].infer_objects()
    message = refusal(frame)
    assert "column 'weight'" in message
    assert found in message


def test_many_faulty_rows_are_counted_not_all_listed(frame: pd.DataFrame) -> None:
    frame["weight"] = -1.0
    assert "7 negative weights, data rows 1, 2, 3, 4, 5 and 2 more" in refusal(frame)


def test_weights_that_sum_to_zero_are_refused(frame: pd.DataFrame) -> None:
    assert "no positive weight" in refusal(frame.assign(weight=0.0))


def test_a_frame_without_rows_is_refused(frame: pd.DataFrame) -> None:
    assert "no rows" in refusal(frame.iloc[:0])


@pytest.mark.parametrize("column", ["stratum", "psu", "weight"])
def test_missing_column_is_named(frame: pd.DataFrame, column: str) -> None:
    message = refusal(frame.drop(columns=column))
    assert f"column '{column}'" in message
    assert f"say {column}=None where" in message


def test_weights_follow_from_the_sizes_of_populations(frame: pd.DataFrame) -> None:
    ones = SurveyDesign.from_frame(frame, weight=None)
    assert ones.weight.tolist() == [1.0] * 7
    # Two of four PSUs in one stratum, three of nine in the other.
    sizes = SurveyDesign.from_frame(frame, weight=None, fpc="psus")
    assert sizes.weight.tolist() == [3, 2, 2, 3, 3, 2, 3]
    alone = frame[frame["psu"] == 1]
    joined = SurveyDesign.from_frame(alone, weight=None, fpc="psus", lonely_psu="collapse")
    assert joined.weight.tolist() == [9, 4, 4, 9]
    simple = SurveyDesign.from_frame(frame, weight=None, stratum=None, psu=None, fpc=21)
    assert simple.weight.tolist() == [3.0] * 7
    assert simple.unsampled_fraction.tolist() == [1 - 7 / 21]


def test_a_size_of_the_population_has_to_fit(frame: pd.DataFrame) -> None:
    message = refusal(frame, weight=None, fpc=21)
    assert "fpc: one number beside the column of strata 'stratum'" in message
    message = refusal(frame, weight=None, stratum=None, psu=None, fpc=5)
    assert "5 in stratum all with 7 PSUs" in message
    message = refusal(frame.iloc[:1], stratum=None, psu=None)
    assert "stratum=None: a sample without strata that has a single PSU" in message


@pytest.mark.parametrize("column", ["stratum", "psu"])
def test_missing_identifier_is_refused(frame: pd.DataFrame, column: str) -> None:
    frame[column] = frame[column].where(frame.index != 3)
    message = refusal(frame)
    assert f"column '{column}'" in message
    assert "data row 4" in message


def test_psu_in_two_strata_is_refused_when_identifiers_are_unique(frame: pd.DataFrame) -> None:
    message = refusal(frame, psu_unique=True)
    assert "2 PSUs stand in more than one stratum" in message
    assert "PSU 1 in strata a, b" in message
    frame["psu"] = frame["stratum"] + frame["psu"].astype(str)
    assert SurveyDesign.from_frame(frame, psu_unique=True).n_psus == 5


def test_lonely_psus_are_refused_with_the_options(frame: pd.DataFrame) -> None:
    lonely = frame[(frame["stratum"] == "b") | (frame["psu"] == 1)]
    message = refusal(lonely)
    assert "strata with a single PSU: a." in message
    assert "'centre'" in message
    assert "'certainty'" in message
    for option in ("centre", "certainty"):
        design = SurveyDesign.from_frame(lonely, lonely_psu=option)
        assert design.lonely.tolist() == [True, False]


def test_unknown_rule_for_lonely_psus_is_refused(frame: pd.DataFrame) -> None:
    options = "fail, remove, centre, average, certainty, collapse"
    assert options in refusal(frame, lonely_psu="adjust")


def test_a_stratum_taken_whole_is_not_lonely(frame: pd.DataFrame) -> None:
    taken = frame[(frame["stratum"] == "b") | (frame["psu"] == 1)].copy()
    taken["psus"] = taken["psus"].where(taken["stratum"] == "b", 1)
    design = SurveyDesign.from_frame(taken, fpc="psus")
    assert not design.lonely.any()
    assert design.unsampled_fraction.tolist() == [0, 1 - 3 / 9]


def test_finite_population_correction_is_checked(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame, fpc="psus")
    np.testing.assert_allclose(design.unsampled_fraction, [1 - 2 / 4, 1 - 3 / 9])
    varying = frame.assign(psus=[9, 4, 5, 9, 9, 4, 9])
    assert "more than one value in strata a" in refusal(varying, fpc="psus")
    fraction = frame.assign(psus=0.5)
    assert "0.5 in stratum a with 2 PSUs" in refusal(fraction, fpc="psus")
    assert "not in the data" in refusal(frame, fpc="population")
