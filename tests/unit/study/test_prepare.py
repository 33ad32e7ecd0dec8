import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import codebook, mapping, prepare, raw_frame, write_raw

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_parquet_metadata
from disrupting_harm.stages.prepare import write_prepared
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import check_table, read_table

DOMAINS = ["total", "sex", "age_band", "sex_age"]
FRAMES = ("sample", "answers", "indicators", "asked", "parts", "dropped", "recodes", "item_answers")
RESPONDENTS = ["c1", "c2", "c3", "c4", "c5", "c7", "c10"]


@pytest.fixture
def prepared(tmp_path):
    return prepare(write_raw(tmp_path))


def test_the_sample_holds_every_child_drawn_with_design_outcome_and_domains(prepared):
    sample = prepared.sample
    design = ["country", "child_id", "simulated", "stratum", "psu", "weight", "disposition"]
    assert sample.columns.tolist() == design + DOMAINS
    assert sample["child_id"].tolist() == ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c9", "c10"]
    refused = sample.set_index("child_id").loc["c6"]
    assert refused[["disposition", "sex", "age_band", "sex_age"]].tolist() == [
        "refusal", "girl", "15-17", "girl|15-17",
    ]  # fmt: skip
    assert math.isnan(refused["weight"])
    unknown_age = sample.set_index("child_id").loc["c7", DOMAINS]
    assert unknown_age.isna().tolist() == [False, False, True, True]


def test_interviewers_stand_in_the_sample_where_the_mapping_names_them(tmp_path):
    raw = raw_frame().assign(team=["A", "A", "B", "B", "A", "", "B", "A", "", "B"])
    sample = prepare(write_raw(tmp_path, frame=raw), mapping=mapping(interviewer="team")).sample
    assert dict(zip(sample["child_id"], sample["interviewer"], strict=True)) == {
        "c1": "A", "c2": "A", "c3": "B", "c4": "B", "c5": "A", "c6": "", "c7": "B", "c9": "",
        "c10": "B",
    }  # fmt: skip
    check_table(sample, contracts.SAMPLE, "sample")
    with pytest.raises(StudyError, match="team of nobody"):
        prepare(tmp_path / "sample.csv", mapping=mapping(interviewer="team of nobody"))


def test_the_selection_columns_replace_the_weight(tmp_path):
    sample = prepare(write_raw(tmp_path), source="selection").sample
    assert sample.columns[5:9].tolist() == [
        "psu_probability", "household_probability", "eligible_children", "disposition",
    ]  # fmt: skip
    assert len(sample) == 10
    assert sample["eligible_children"].isna().tolist() == [False] * 8 + [True, False]


def test_answers_and_indicators_are_of_respondents_in_the_order_of_the_sample(prepared):
    respondents = prepared.sample["disposition"].isin(["complete", "partial"])
    assert prepared.sample.loc[respondents, "child_id"].tolist() == RESPONDENTS
    assert prepared.answers["child_id"].tolist() == RESPONDENTS
    assert prepared.indicators["child_id"].tolist() == RESPONDENTS
    assert prepared.asked["child_id"].tolist() == RESPONDENTS
    answers = prepared.answers.set_index("child_id")
    assert answers["online"].tolist() == [
        "yes", "yes", "no", "dont_know", "prefer_not_to_say", "yes", "yes",
    ]  # fmt: skip
    assert answers["hours__status"].tolist() == [
        "answered", "answered", "dont_know", "answered", "prefer_not_to_say", "not_asked",
        "answered",
    ]  # fmt: skip
    nan = np.nan
    expected = {
        "online": [1, 1, 0, nan, nan, 1, 1],
        "daily": [1, 0, nan, nan, nan, nan, 1],
        "hours": [2.5, 8, nan, 0, nan, nan, 3.5],
    }
    pd.testing.assert_frame_equal(
        prepared.indicators.drop(columns="child_id").astype(float),
        pd.DataFrame(expected, dtype=float),
    )


def test_every_row_that_takes_no_part_has_a_reason(prepared):
    assert prepared.dropped.to_dict("list") == {
        "row": [8, 9],
        "reason": ["weight is zero", "ineligible, counted in response rates only"],
    }


def test_reasons_for_missing_answers_are_counted_within_the_universe(prepared):
    counts = prepared.item_answers.set_index("indicator")
    assert counts.loc["online"].tolist() == [7, 5, 1, 1, 0, 0]
    assert counts.loc["daily"].tolist() == [4, 3, 0, 1, 0, 0]
    assert counts.loc["hours"].tolist() == [7, 4, 1, 1, 0, 1]


def test_who_was_asked_agrees_with_the_counts_and_with_the_indicators(prepared):
    asked = prepared.asked.set_index("child_id")
    # Of the four online, c7 refused to say how often; c4 and c5 may or may not have been online.
    assert asked["daily"][asked["daily"]].index.tolist() == ["c1", "c2", "c7", "c10"]
    # The hours of c7 were not asked for.
    assert asked["hours"][~asked["hours"]].index.tolist() == ["c7"]
    counts = prepared.item_answers.set_index("indicator")
    answered = counts[["n_valid", "n_dont_know", "n_prefer_not_to_say", "n_lost"]].sum(axis=1)
    assert asked.sum().to_dict() == answered.to_dict()
    assert (prepared.indicators.set_index("child_id").notna() <= asked).all(axis=None)


def test_recodes_account_for_every_raw_value(prepared):
    recodes = prepared.recodes
    online = recodes[recodes["item"] == "online"]
    assert list(online.itertuples(index=False, name=None)) == [
        ("online", "q3", "-1", "lost", 1),
        ("online", "q3", "0", "no", 1),
        ("online", "q3", "1", "yes", 4),
        ("online", "q3", "8", "dont_know", 1),
        ("online", "q3", "9", "prefer_not_to_say", 1),
        ("online", "q3", "", "not_asked", 2),
    ]
    assert (recodes.groupby("item")["count"].sum() == 10).all()


@pytest.mark.parametrize("ending", ["parquet", "sav", "dta"])
def test_every_format_prepares_to_the_same_frames(tmp_path, prepared, ending):
    other = prepare(write_raw(tmp_path, ending))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(other, name), getattr(prepared, name))


ANSWER = st.tuples(
    st.sampled_from(["0", "1", "8", "9", "-1", ""]),
    st.sampled_from(["1", "2", "8", "9", ""]),
    st.sampled_from(["0", "0.1", "7.25", "24", "98", "99", ""]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(ANSWER, min_size=10, max_size=10))
def test_whatever_was_answered_every_format_says_the_same(rows):
    frame = raw_frame()
    frame[["q3", "q4", "q5"]] = rows
    with tempfile.TemporaryDirectory() as folder:
        found = [
            prepare(write_raw(Path(folder), ending, frame))
            for ending in ("csv", "parquet", "sav", "dta")
        ]
    for other in found[1:]:
        pd.testing.assert_frame_equal(other.answers, found[0].answers)
        pd.testing.assert_frame_equal(other.indicators, found[0].indicators)
        pd.testing.assert_frame_equal(other.recodes, found[0].recodes)


def test_definitions_without_words_prepare_the_same(tmp_path, prepared):
    wordless = Codebook.model_validate(codebook().definitions())
    again = Mapping.model_validate(mapping().model_dump(mode="json"))
    other = prepare_country(
        "KEN", write_raw(tmp_path), again, wordless, simulated=True, source="column"
    )
    pd.testing.assert_frame_equal(other.indicators, prepared.indicators)
    pd.testing.assert_frame_equal(other.sample, prepared.sample)


def test_without_dispositions_nothing_is_claimed_about_response(tmp_path):
    frame = raw_frame().query("result in ['1', '2']")
    sample = prepare(write_raw(tmp_path, frame=frame), mapping=mapping(disposition=None)).sample
    assert "disposition" not in sample
    assert len(sample) == 7


def test_without_ids_rows_are_numbered_as_in_the_file(tmp_path):
    found = prepare(write_raw(tmp_path), mapping=mapping(child_id=None))
    assert found.indicators["child_id"].tolist() == ["1", "2", "3", "4", "5", "7", "10"]


def test_a_file_of_several_countries_gives_each_its_own_rows(tmp_path):
    frame = raw_frame().assign(land=["1"] * 4 + ["2"] * 6)
    area = {"column": "land", "codes": {1: "KEN", 2: "THA"}}
    found = prepare(write_raw(tmp_path, frame=frame), mapping=mapping(area=area))
    assert found.sample["child_id"].tolist() == ["c1", "c2", "c3", "c4"]


def test_rows_that_the_mapping_does_not_keep_are_left_out_and_listed(tmp_path):
    keep = [{"column": "stratum", "codes": ["south"]}, {"column": "q2", "at_most": 16}]
    found = prepare(write_raw(tmp_path), mapping=mapping(keep=keep), lonely_psu="centre")
    # Of the south c10 is 17, the age of c7 and c9 is not known, and c8 has no weight.
    assert found.sample["child_id"].tolist() == ["c5", "c6"]
    assert found.dropped.to_dict("list") == {
        "row": [1, 2, 3, 4, 7, 8, 9, 10],
        "reason": [
            *["not kept by the mapping, column 'stratum'"] * 4,
            "not kept by the mapping, column 'q2'",
            "weight is zero",
            *["not kept by the mapping, column 'q2'"] * 2,
        ],
    }


def test_rows_that_are_not_kept_need_nothing_that_others_need(tmp_path):
    frame = raw_frame()
    # A row of another person, with an identifier that a child has and an unknown outcome.
    frame.loc[9, ["id", "w", "result", "q2"]] = ["c1", "", "7", "40"]
    kept = mapping(keep=[{"column": "q2", "at_least": 12, "at_most": 17}])
    found = prepare(write_raw(tmp_path, frame=frame), mapping=kept, lonely_psu="centre")
    assert found.sample["child_id"].tolist() == ["c1", "c2", "c3", "c4", "c5", "c6"]


def test_weights_are_divided(tmp_path, prepared):
    found = prepare(write_raw(tmp_path), mapping=mapping(weight_divisor=4))
    pd.testing.assert_series_equal(4 * found.sample["weight"], prepared.sample["weight"])


def with_hours(**keys) -> Codebook:
    content = codebook().definitions()
    content["indicators"] = [
        {**entry, "value": None, "statistic": "proportion", **keys}
        if entry["id"] == "hours"
        else entry
        for entry in content["indicators"]
    ]
    return Codebook.model_validate(content)


def test_an_indicator_may_count_numbers_in_a_range(tmp_path):
    frame = raw_frame()
    frame["q5"] = ["2", "8", "98", "0", "99", "", "", "24", "", "3"]
    book = with_hours(numerator=[{"item": "hours", "at_least": 2, "at_most": 3}])
    found = prepare_country(
        "KEN", write_raw(tmp_path, frame=frame), mapping(), book, simulated=True, source="column"
    )
    nan = math.nan
    np.testing.assert_array_equal(found.indicators["hours"], [1, 0, nan, 0, nan, nan, 1])
    assert found.item_answers.set_index("indicator").loc["hours"].tolist() == [7, 4, 1, 1, 0, 1]
    book = with_hours(numerator=[{"item": "hours", "at_least": 3}], dont_know="no")
    found = prepare_country(
        "KEN", write_raw(tmp_path, frame=frame), mapping(), book, simulated=True, source="column"
    )
    np.testing.assert_array_equal(found.indicators["hours"], [0, 1, 0, 0, nan, nan, 1])


def test_children_outside_a_subsample_are_not_of_its_indicators(tmp_path):
    frame = raw_frame().assign(own=["2", "0", "4", "", "6", "", "2", "", "", "8"])
    content = codebook().definitions()
    for entry in content["indicators"]:
        if entry["id"] != "hours":
            entry["weight"] = "module"
    content["indicators"].append(
        {"id": "both", "module": "use", "label": "both", "weight": "module",
         "any_of": ["online", "daily"]}
    )  # fmt: skip
    found = prepare_country(
        "KEN",
        write_raw(tmp_path, frame=frame),
        mapping(weights={"module": "own"}, weight_divisor=2),
        Codebook.model_validate(content),
        simulated=True,
        source="column",
    )
    weight = found.sample.set_index("child_id")["weight: module"]
    assert weight.loc[RESPONDENTS].tolist() == [1, 0, 2, 0, 3, 1, 4]
    nan = math.nan
    np.testing.assert_array_equal(found.indicators["online"], [1, nan, 0, nan, nan, 1, 1])
    np.testing.assert_array_equal(found.indicators["hours"], [2.5, 8, nan, 0, nan, nan, 3.5])
    counts = found.item_answers.set_index("indicator")
    assert counts.loc["online"].tolist() == [5, 4, 0, 1, 0, 0]
    assert found.asked["online"].tolist() == [True, False, True, False, True, True, True]
    assert found.parts["both: online"].tolist() == [
        "yes", "outside", "no", "outside", "open", "yes", "yes",
    ]  # fmt: skip
    write_prepared(found, tmp_path / "KEN")
    pd.testing.assert_series_equal(
        read_table(tmp_path / "KEN" / "sample.parquet", contracts.SAMPLE)["weight: module"],
        found.sample["weight: module"],
    )


def test_what_is_written_reads_back_and_says_that_it_is_simulated(tmp_path, prepared):
    write_prepared(prepared, tmp_path / "KEN")
    for name in ("sample", "answers", "indicators", "asked", "parts"):
        path = tmp_path / "KEN" / f"{name}.parquet"
        found = read_table(path, getattr(contracts, name.upper()))
        written = getattr(prepared, name)
        categories = written.select_dtypes("category")
        plain = {column: categories[column].cat.categories.dtype for column in categories}
        pd.testing.assert_frame_equal(found, written.astype(plain))
        assert read_parquet_metadata(path) == {"simulated": "true"}
    for name in ("dropped", "recodes", "item_answers"):
        path = tmp_path / "KEN" / f"{name}.csv"
        found = read_table(path, contracts.restricted_contract(f"country/{name}"))
        pd.testing.assert_frame_equal(found, getattr(prepared, name))


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write_prepared(prepare(write_raw(tmp_path)), tmp_path / folder)
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_lonely_strata_are_let_through_by_choice_or_when_the_stratum_has_one_psu(tmp_path):
    frame = raw_frame().query("psu != 's1'").assign(size="5")
    path = write_raw(tmp_path, frame=frame)
    assert len(prepare(path, lonely_psu="centre").sample) == 7
    with pytest.raises(StudyError, match=r"1 stratum with one PSU, in data row \d"):
        prepare(path, mapping=mapping(fpc="size"))
    frame.loc[frame["stratum"] == "south", "size"] = "1"
    certain = prepare(write_raw(tmp_path, frame=frame), mapping=mapping(fpc="size"))
    assert certain.sample["fpc"].tolist() == [5, 5, 5, 5, 1, 1, 1]


def test_psu_ids_may_repeat_across_strata_where_they_are_nested(tmp_path):
    frame = raw_frame()
    frame["psu"] = frame["psu"].str[1:]
    path = write_raw(tmp_path, frame=frame)
    assert len(prepare(path, mapping=mapping(psu_unique=False)).sample) == 9
    with pytest.raises(StudyError, match="more than one stratum in data rows 1, 3, 5, 7"):
        prepare(path)
