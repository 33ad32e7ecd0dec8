"""Not asked is not hidden: which indicators a survey did not ask, and what becomes of them."""

import copy

import numpy as np
import pandas as pd
import pytest
from small_study import CODEBOOK, MAPPING, raw_frame, write_raw

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.unasked import find_unasked_indicators, read_unasked_indicators
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.typed_answers import count_blank_cells, prepare_country

ITEMS = ("gate", "next", "other", "form")


def book(**rule):
    """A gate, a follow-up, two forms of one question and composites of them."""

    def indicator(name, numerator, **more):
        conditions = [{"item": item, "among": ["yes"]} for item in numerator]
        return {"id": name, "module": "m", "label": name, "numerator": conditions, **more}

    gate = [{"item": "gate", "among": ["yes"]}]
    return Codebook.model_validate(
        {
            "items": [{"id": name, "type": "yes_no"} for name in ITEMS],
            "domains": [{"id": "total", "label": "Total"}],
            "modules": [{"id": "m", "label": "m"}],
            "indicators": [
                indicator("gate", ["gate"]),
                indicator("followup", ["next"], universe=gate),
                indicator("both", ["gate", "next"]),
                indicator("other", ["other"]),
                indicator("form", ["form"]),
                {"id": "any", "module": "m", "label": "any", "any_of": ["other", "form"], **rule},
            ],
        }
    )


def answered(children=6, **given):
    every = {name: ["no"] * children for name in ITEMS} | given
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in every.items()})


NOBODY = ["not_asked"] * 6
SOME_YES = ["yes", "yes", "no", "no", "no", "dont_know"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (answered(), ()),
        # A follow-up that nobody reached was asked: its universe is empty.
        (answered(next=NOBODY), ()),
        (answered(gate=SOME_YES, next=NOBODY), ("followup", "both")),
        (answered(gate=SOME_YES, next=["not_asked", "yes", *NOBODY[2:]]), ()),
        # Without the question before it nobody can have been asked.
        (answered(gate=NOBODY, next=NOBODY), ("gate", "followup", "both")),
        (answered(gate=["prefer_not_to_say"] * 6, next=NOBODY), ()),
        # "Both" is known to be no where one of the two is no, but nobody can be a yes.
        (answered(gate=NOBODY, next=["yes"] * 6), ("gate", "followup", "both")),
        (answered(form=NOBODY), ("form", "any")),
        (answered(form=["lost"] * 6), ()),
    ],
)
def test_an_indicator_is_not_asked_where_nobody_whom_it_concerns_was(answers, expected):
    assert find_unasked_indicators(answers, book()) == expected


def test_a_composite_of_known_parts_needs_one_that_was_asked():
    known = book(partly_missing="known_parts")
    assert find_unasked_indicators(answered(form=NOBODY), known) == ("form",)
    assert find_unasked_indicators(answered(form=NOBODY, other=NOBODY), known) == (
        "other",
        "form",
        "any",
    )


def mapped(change):
    mapping = copy.deepcopy(MAPPING)
    change(mapping)
    return Mapping.model_validate(mapping)


def prepared(folder, mapping, frame=None, codebook=CODEBOOK):
    path = write_raw(folder, frame=raw_frame() if frame is None else frame)
    return prepare_country(
        "KEN",
        path,
        mapping,
        Codebook.model_validate(codebook),
        simulated=False,
        source="column",
    )


def test_an_item_that_was_not_asked_needs_no_column(tmp_path):
    frame = raw_frame().drop(columns="q4")
    without = mapped(lambda m: m["variables"].update(often={"asked": False}))
    found = prepared(tmp_path, without, frame)
    assert set(found.answers["often"]) == {"not_asked"}
    assert found.indicators["daily"].isna().all()
    assert not found.asked["daily"].any()
    assert found.indicators["online"].notna().any()
    counts = found.item_answers.set_index("indicator")
    children = len(found.answers)
    assert counts.loc["daily"].tolist() == [children, 0, 0, 0, 0, children]
    assert read_unasked_indicators(found.item_answers) == ("daily",)
    assert "often" not in set(found.recodes["item"])


def test_a_composite_that_was_not_asked_has_no_parts_either(tmp_path):
    codebook = copy.deepcopy(CODEBOOK)
    first = codebook["indicators"][0]["module"]
    whole = {"id": "either", "module": first, "label": "either", "any_of": ["online", "daily"]}
    codebook["indicators"] = [*codebook["indicators"], whole]
    without = mapped(lambda m: m["variables"].update(often={"asked": False}))
    found = prepared(tmp_path, without, raw_frame().drop(columns="q4"), codebook)
    assert read_unasked_indicators(found.item_answers) == ("daily", "either")
    parts = found.parts.set_index("child_id")
    assert parts.columns.tolist() == ["either: online", "either: daily"]
    assert (parts == "outside").all(axis=None)


def test_a_number_that_was_not_asked(tmp_path):
    without = mapped(lambda m: m["variables"].update(hours={"asked": False}))
    found = prepared(tmp_path, without, raw_frame().drop(columns="q5"))
    assert found.answers["hours"].isna().all()
    assert set(found.answers["hours__status"]) == {"not_asked"}
    assert read_unasked_indicators(found.item_answers) == ("hours",)


def test_a_missing_column_is_not_replaced_by_the_nearest_name(tmp_path):
    with pytest.raises(StudyError) as fault:
        prepared(tmp_path, Mapping.model_validate(MAPPING), raw_frame().drop(columns="q4"))
    assert "'asked: false' under 'variables.often'" in str(fault.value)
    assert "nearest" not in str(fault.value)


def test_what_was_not_asked_has_no_column_and_no_codes():
    with pytest.raises(ValueError, match="asked: false"):
        mapped(lambda m: m["variables"].update(often={"asked": False, "column": "q4"}))


def test_empty_cells_are_counted_by_item_until_the_mapping_says_what_they_are(tmp_path):
    frame = raw_frame()
    frame.loc[[0, 1], "q3"] = ""
    found = prepared(tmp_path, Mapping.model_validate(MAPPING), frame).blank
    online = found.set_index("item").loc["online"]
    assert (online["column"], online["blank"], online["rows"]) == ("q3", 2, 7)
    for say in (
        lambda m: m.update(blank="lost"),
        lambda m: m["variables"]["online"].update(blank="not_asked"),
        lambda m: m["variables"]["online"].update(missing={"lost": [""]}),
    ):
        assert "online" not in set(prepared(tmp_path, mapped(say), frame).blank["item"])


@pytest.mark.parametrize(
    ("say", "meaning"),
    [
        (lambda m: None, "not_asked"),
        (lambda m: m.update(blank="lost"), "lost"),
        (lambda m: m["variables"]["online"].update(blank="lost"), "lost"),
        (
            lambda m: (m.update(blank="lost"), m["variables"]["online"].update(blank="not_asked")),
            "not_asked",
        ),
        (lambda m: m["missing"].update(lost=[-1, ""]), "lost"),
    ],
)
def test_what_an_empty_cell_is(tmp_path, say, meaning):
    frame = raw_frame()
    frame.loc[0, "q3"] = ""
    answers = prepared(tmp_path, mapped(say), frame).answers
    assert answers["online"].iloc[0] == meaning


def test_empty_cells_of_children_without_an_interview_are_not_counted():
    raw = pd.DataFrame({"q": ["", "1", ""]})
    codebook = Codebook.model_validate(
        {
            "items": [{"id": "q", "type": "yes_no"}],
            "domains": [{"id": "total", "label": "t"}],
            "modules": [],
            "indicators": [],
        }
    )
    mapping = Mapping.model_validate({"stratum": "s", "psu": "p", "variables": {}})
    assert count_blank_cells(raw.iloc[1:], codebook, mapping).to_dict("records") == [
        {"item": "q", "column": "q", "blank": 1, "rows": 2}
    ]
    assert np.issubdtype(
        count_blank_cells(raw.iloc[1:], codebook, mapping)["blank"].dtype, np.integer
    )
