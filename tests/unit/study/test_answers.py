import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.microdata.mapping import Mapping, map_codes, normalise_code
from disrupting_harm.study.microdata.typed_answers import list_item_columns, type_answers

BOOK = Codebook.model_validate(
    {
        "items": [
            {"id": "sex", "type": "choice", "values": ["boy", "girl"]},
            {"id": "online", "type": "yes_no"},
            {"id": "age", "type": "number", "minimum": 12, "maximum": 17},
        ],
        "domains": [{"id": "total", "label": "Total"}],
        "modules": [],
        "indicators": [],
    }
)


def typed(cells: dict[str, list[str]], **mapping: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    length = len(next(iter(cells.values())))
    filled = {"sex": [""] * length, "online": [""] * length, "age": [""] * length, **cells}
    raw = pd.DataFrame(filled, dtype=str, index=pd.RangeIndex(1, length + 1))
    columns = {"child_id": "id", "stratum": "s", "psu": "p", "variables": {}, **mapping}
    return type_answers(raw, BOOK, Mapping.model_validate(columns), "raw.csv")


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (1, "1"), (1.0, "1"), ("1", "1"), ("1.0", "1"), (" 01 ", "1"), ("+1", "1"), ("-0", "0"),
        ("100", "100"), (0.5, "0.5"), (".50", "0.5"), ("-9", "-9"), ("NA", "NA"), ("1e3", "1e3"),
        ("nan", "nan"), ("1_0", "1_0"), ("", ""), (".a", ".a"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_codes_that_are_equal_numbers_are_the_same_code(code, key):
    assert normalise_code(code) == key


@given(st.integers(-10_000, 10_000))
def test_integers_floats_and_their_texts_have_one_key(number):
    assert {normalise_code(c) for c in (number, float(number), str(number), f"{number}.00")} == {
        str(number)
    }


def test_without_codes_a_choice_item_reads_its_own_answers():
    assert typed({"sex": ["boy", "girl", ""]})[0]["sex"].tolist() == ["boy", "girl", "not_asked"]


def test_yes_no_items_use_the_mappings_codes_or_their_own():
    cells = {"online": ["1", "0", "1.0"]}
    assert typed(cells)[0]["online"].tolist() == ["yes", "no", "yes"]
    swapped = typed(cells, yes_no={1: "no", 0: "yes"})
    assert swapped[0]["online"].tolist() == ["no", "yes", "no"]
    own = {"online": {"column": "online", "codes": {1: "no", 0: "yes"}}}
    assert typed(cells, variables=own)[0]["online"].tolist() == ["no", "yes", "no"]


def test_codes_of_a_column_beat_special_answers_of_all_columns():
    own = {"sex": {"column": "sex", "codes": {1: "boy", 8: "girl"}, "missing": {"lost": [9]}}}
    missing = {"dont_know": [8], "prefer_not_to_say": [9]}
    found = typed(
        {"sex": ["8", "9", "1"], "online": ["8", "9", "1"]}, variables=own, missing=missing
    )
    assert found[0]["sex"].tolist() == ["girl", "lost", "boy"]
    assert found[0]["online"].tolist() == ["dont_know", "prefer_not_to_say", "yes"]


def test_an_empty_cell_may_have_another_meaning():
    found = typed({"sex": ["", "boy"]}, missing={"lost": [""]})
    assert found[0]["sex"].tolist() == ["lost", "boy"]


def test_numbers_keep_why_they_are_missing():
    own = {"age": {"column": "age", "codes": {"17+": "17"}}}
    answers, recodes = typed(
        {"age": ["12", "13.5", "98", "", "17+"]}, variables=own, missing={"dont_know": [98]}
    )
    assert answers["age"].fillna(-1).tolist() == [12, 13.5, -1, -1, 17]
    assert answers["age__status"].tolist() == [
        "answered", "answered", "dont_know", "not_asked", "answered",
    ]  # fmt: skip
    of_age = recodes[recodes["item"] == "age"]
    assert of_age["raw"].tolist() == ["12", "13.5", "98", "", "17+"]
    assert of_age["answer"].tolist() == answers["age__status"].tolist()


def test_columns_are_those_of_the_mapping_or_the_items_names():
    mapping = Mapping.model_validate(
        {"stratum": "s", "psu": "p", "variables": {"sex": {"column": "q1"}}}
    )
    assert list_item_columns(BOOK, mapping) == {"q1": "sex", "online": "online", "age": "age"}


def test_an_unknown_code_names_item_column_rows_and_remedy_but_not_itself():
    own = {"sex": {"column": "q1", "codes": {1: "boy", 2: "girl"}}}
    with pytest.raises(StudyError) as caught:
        typed({"q1": ["1", "7", "2", "7", "x"]}, variables=own)
    assert str(caught.value) == (
        "raw.csv, column 'q1', item 'sex': a code that the mapping does not know, 2 different "
        "ones, in data rows 2, 4, 5. Add the code to 'codes' or 'missing' of 'variables.sex' in "
        "the mapping, or correct the file; the item's answers are boy, girl."
    )


@pytest.mark.parametrize("text", ["twelve", "12,5", "nan", "inf", "1_2", "12 years", "NA"])
def test_what_is_no_number_is_an_error(text):
    with pytest.raises(StudyError, match=r"item 'age': no number and no code .* in data row 2"):
        typed({"age": ["12", text]})


def test_numbers_beyond_the_limits_are_an_error():
    with pytest.raises(StudyError, match=r"below the minimum 12 in data row 2"):
        typed({"age": ["12", "11.5"]})
    with pytest.raises(StudyError, match=r"above the maximum 17 in data rows 1, 2"):
        typed({"age": ["18", "18", "17"]})


def test_a_code_with_two_meanings_is_an_error_of_the_mapping():
    assert map_codes({1: "a"}, {"lost": (2, "2.0")}) == {"1": "a", "2": "lost"}
    with pytest.raises(ValueError, match=r"code '1\.0' means both 'a' and 'lost'"):
        map_codes({1: "a"}, {"lost": ("1.0",)})


@given(st.lists(st.sampled_from(["0", "1", "8", "9", "", "1.0"]), min_size=1, max_size=40))
def test_the_recodes_count_every_cell_once(cells):
    missing = {"dont_know": [8], "prefer_not_to_say": [9]}
    answers, recodes = typed({"online": cells}, missing=missing)
    online = recodes[recodes["item"] == "online"]
    assert online["raw"].is_unique
    assert online["count"].sum() == len(cells)
    counted = online.groupby("answer")["count"].sum().to_dict()
    assert counted == answers["online"].astype("str").value_counts().to_dict()
