import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS
from disrupting_harm.study.codebook.indicators import (
    build_composite_parts,
    build_indicators,
    count_answers,
    find_asked_children,
)

NAN = float("nan")
YES_NO = ("yes", "no", *SPECIAL_ANSWERS)


def codebook(*indicators: dict, items: str = "abc") -> Codebook:
    return Codebook.model_validate(
        {
            "items": [
                *({"id": name, "type": "yes_no"} for name in items),
                {"id": "often", "type": "choice", "values": ["daily", "weekly", "never"]},
                {"id": "hours", "type": "number", "minimum": 0, "maximum": 24},
            ],
            "domains": [{"id": "total", "label": "Total"}],
            "modules": [{"id": "use", "label": "Use"}],
            "indicators": [
                {"module": "use", "label": entry["id"], **entry} for entry in indicators
            ],
        }
    )


def yes(item: str) -> dict:
    return {"item": item, "among": ["yes"]}


def values(frame: pd.DataFrame, *indicators: dict) -> list[float]:
    """The last indicator's column."""
    return build_indicators(frame, codebook(*indicators)).iloc[:, -1].tolist()


def same(found: list[float], expected: list[float]) -> bool:
    return np.array_equal(found, expected, equal_nan=True)


def test_only_yes_and_no_are_valid_answers():
    frame = pd.DataFrame({"a": YES_NO})
    found = values(frame, {"id": "x", "numerator": [yes("a")]})
    assert same(found, [1, 0, NAN, NAN, NAN, NAN])


def test_dont_know_counts_as_no_where_the_indicator_says_so_and_refusal_never_does():
    frame = pd.DataFrame({"a": ["dont_know", "prefer_not_to_say", "lost", "not_asked"]})
    found = values(frame, {"id": "x", "numerator": [yes("a")], "dont_know": "no"})
    assert same(found, [0, NAN, NAN, NAN])


def test_a_special_answer_may_itself_count_as_yes():
    frame = pd.DataFrame({"a": ["dont_know", "no", "prefer_not_to_say"]})
    numerator = [{"item": "a", "among": ["dont_know"]}]
    assert same(values(frame, {"id": "x", "numerator": numerator}), [1, 0, NAN])


def test_the_universe_leaves_out_children_and_children_whose_membership_is_unknown():
    frame = pd.DataFrame(
        {
            "a": ["yes", "yes", "yes", "yes", "no"],
            "often": ["daily", "weekly", "never", "dont_know", "daily"],
        }
    )
    universe = [{"item": "often", "among": ["daily", "weekly"]}]
    found = values(frame, {"id": "x", "universe": universe, "numerator": [yes("a")]})
    assert same(found, [1, 1, NAN, NAN, 0])


def test_several_conditions_must_all_hold_and_one_known_no_decides():
    frame = pd.DataFrame(
        {
            "a": ["yes", "yes", "no", "lost", "dont_know"],
            "b": ["yes", "no", "not_asked", "yes", "no"],
        }
    )
    found = values(frame, {"id": "x", "numerator": [yes("a"), yes("b")]})
    assert same(found, [1, 0, 0, NAN, 0])


def test_a_mean_takes_the_number_within_its_universe():
    frame = pd.DataFrame(
        {
            "a": ["yes", "yes", "no", "yes"],
            "hours": [2.5, NAN, 4.0, 0.0],
            "hours__status": ["answered", "prefer_not_to_say", "answered", "answered"],
        }
    )
    mean = {"id": "x", "statistic": "mean", "value": "hours", "universe": [yes("a")]}
    assert same(values(frame, mean), [2.5, NAN, NAN, 0.0])
    counts = count_answers(frame, codebook(mean)).iloc[0]
    assert counts[["n_universe", "n_valid", "n_prefer_not_to_say"]].tolist() == [3, 2, 1]


PARTS = (
    {"id": "first", "numerator": [yes("a")]},
    {"id": "second", "universe": [yes("c")], "numerator": [yes("b")]},
)


def composite(**keys: str) -> dict:
    return {"id": "x", "any_of": ["first", "second"], **keys}


@pytest.mark.parametrize(
    ("a", "b", "c", "imputed", "complete", "known_parts"),
    [
        ("yes", "lost", "yes", 1, NAN, 1),
        ("no", "yes", "yes", 1, 1, 1),
        ("no", "no", "yes", 0, 0, 0),
        ("no", "lost", "yes", NAN, NAN, 0),
        ("lost", "dont_know", "yes", NAN, NAN, NAN),
        ("no", "not_asked", "no", 0, 0, 0),
        ("lost", "not_asked", "no", NAN, NAN, NAN),
    ],
)
def test_composites_by_hand(a, b, c, imputed, complete, known_parts):
    frame = pd.DataFrame({"a": [a], "b": [b], "c": [c]})
    rules = {"unless_yes_missing": imputed, "complete": complete, "known_parts": known_parts}
    # What is open stays open in the column: imputation is of the estimate.
    for rule, expected in rules.items():
        assert same(values(frame, *PARTS, composite(partly_missing=rule)), [expected])


def test_a_child_outside_every_part_is_outside_the_composite():
    part = {"id": "first", "universe": [yes("c")], "numerator": [yes("a")]}
    frame = pd.DataFrame({"a": ["yes", "yes"], "b": ["yes", "yes"], "c": ["no", "yes"]})
    book = codebook(part, PARTS[1], composite())
    assert same(build_indicators(frame, book)["x"].tolist(), [NAN, 1])
    assert count_answers(frame, book)["n_universe"].tolist() == [1, 1, 1]


def test_a_composite_has_a_universe_and_a_dont_know_rule_of_its_own():
    frame = pd.DataFrame({"a": ["no", "dont_know"], "b": ["dont_know", "yes"], "c": ["yes", "yes"]})
    assert same(values(frame, *PARTS, composite(dont_know="no")), [0, 1])
    inside = composite(universe=[yes("b")])
    assert same(values(frame, *PARTS, inside), [NAN, 1])


def parts_of(frame: pd.DataFrame, *indicators: dict) -> pd.DataFrame:
    return build_composite_parts(frame, codebook(*indicators))


def test_the_parts_of_a_composite_say_what_each_answer_was():
    frame = pd.DataFrame(
        {
            "a": ["yes", "no", "dont_know", "not_asked", "not_asked", "no"],
            "b": ["lost", "not_asked", "yes", "not_asked", "no", "yes"],
            "c": ["yes", "yes", "yes", "yes", "yes", "no"],
        }
    )
    found = parts_of(frame, *PARTS, composite())
    assert found.columns.tolist() == ["x: first", "x: second"]
    # Where a part was asked, one that was not is open; one of other children is a no.
    assert found["x: first"].tolist() == ["yes", "no", "open", "outside", "open", "no"]
    assert found["x: second"].tolist() == ["open", "open", "yes", "outside", "no", "no"]
    book = codebook(*PARTS, composite())
    assert find_asked_children(frame, book)["x"].tolist() == [True, True, True, False, True, True]
    assert count_answers(frame, book).iloc[2].tolist() == ["x", 6, 3, 0, 0, 2, 1]
    for rule in ("unless_yes_missing", "complete", "known_parts"):
        assert parts_of(frame, *PARTS, composite(partly_missing=rule)).columns.empty


def test_a_composite_of_a_composite_has_the_parts_of_both_as_it_counts_them():
    frame = pd.DataFrame(
        {
            "a": ["dont_know", "no", "no"],
            "b": ["no", "lost", "no"],
            "c": ["yes", "yes", "no"],
            "often": ["daily", "daily", "never"],
        }
    )
    third = {"id": "third", "numerator": [yes("c")]}
    daily = [{"item": "often", "among": ["daily"]}]
    inner = composite(dont_know="no", universe=daily)
    outer = {"id": "y", "any_of": ["x", "third"]}
    found = parts_of(frame, *PARTS, inner, third, outer)
    assert found.columns.tolist() == [
        "x: first", "x: second", "y: x/first", "y: x/second", "y: third",
    ]  # fmt: skip
    assert found["y: x/first"].tolist() == ["no", "no", "no"]
    assert found["y: x/second"].tolist() == ["no", "open", "no"]
    assert found["x: first"].tolist() == ["no", "no", "outside"]
    # Not what the inner composite comes to: its open answer does not hide the others.
    assert same(values(frame, *PARTS, inner, third, outer), [1, 1, 0])


ANSWER_ROWS = st.lists(st.tuples(*[st.sampled_from(YES_NO)] * 3), min_size=1, max_size=30)


@given(ANSWER_ROWS, st.sampled_from("ab"))
def test_one_more_yes_never_takes_a_composite_down(rows, item):
    frame = pd.DataFrame(rows, columns=list("abc"))
    better = frame.assign(**{item: "yes"})
    for rule in ("imputed", "unless_yes_missing", "known_parts"):
        before = np.array(values(frame, *PARTS, composite(partly_missing=rule)))
        after = np.array(values(better, *PARTS, composite(partly_missing=rule)))
        assert (after[before == 1] == 1).all()
        if item == "a":
            assert (after == 1).all()


@given(ANSWER_ROWS)
def test_the_rules_for_missing_parts_differ_only_where_one_part_is_missing_and_one_is_no(rows):
    frame = pd.DataFrame(rows, columns=list("abc"))
    built = build_indicators(
        frame,
        codebook(*PARTS, composite(), {**composite(partly_missing="known_parts"), "id": "y"}),
    )
    strict, lenient = built["x"], built["y"]
    assert (strict.isna() | (strict == lenient)).all()
    open_ones = strict.isna() & (lenient == 0)
    assert ((built["first"] == 0) | (built["second"] == 0))[open_ones].all()
    assert (lenient.isna() <= strict.isna()).all()


@given(ANSWER_ROWS)
def test_every_child_in_the_universe_is_counted_once(rows):
    frame = pd.DataFrame(rows, columns=list("abc"))
    book = codebook(*PARTS, composite(), {"id": "y", "numerator": [yes("a"), yes("b")]})
    counts = count_answers(frame, book).set_index("indicator")
    assert counts.columns.tolist() == [
        "n_universe", "n_valid", "n_dont_know", "n_prefer_not_to_say", "n_lost", "n_not_asked",
    ]  # fmt: skip
    assert (counts.iloc[:, 1:].sum(axis=1) == counts["n_universe"]).all()
    assert (counts["n_valid"] == build_indicators(frame, book).notna().sum()).all()
    asked = find_asked_children(frame, book)
    assert (asked.sum() == counts["n_universe"] - counts["n_not_asked"]).all()
    assert (build_indicators(frame, book).notna() <= asked).all(axis=None)
    assert counts.loc["second", "n_universe"] == (frame["c"] == "yes").sum()
    refused = (frame["a"] == "prefer_not_to_say").sum()
    assert counts.loc["first", "n_prefer_not_to_say"] == refused


def test_the_index_and_the_order_of_the_codebook_are_kept():
    frame = pd.DataFrame({"a": ["yes", "no"], "b": "no", "c": "no"}, index=[7, 3])
    built = build_indicators(frame, codebook(*PARTS))
    assert built.index.tolist() == [7, 3]
    assert built.columns.tolist() == ["first", "second"]
    assert built.dtypes.tolist() == [np.float64] * 2


def test_an_answer_that_the_codebook_does_not_know_stops_the_run():
    book = codebook({"id": "x", "numerator": [yes("a")]})
    with pytest.raises(StudyError, match=r"column 'a': an answer that is none of yes, no"):
        build_indicators(pd.DataFrame({"a": ["yes", "maybe"]}), book)
    with pytest.raises(StudyError, match=r"column 'a': an answer that is none of"):
        build_indicators(pd.DataFrame({"a": ["yes", None]}), book)
    with pytest.raises(StudyError, match=r"column 'a': there is no such column"):
        build_indicators(pd.DataFrame({"b": ["yes"]}), book)


def test_a_child_has_the_same_answers_among_seventy_thousand():
    names = [f"q{number}" for number in range(60)]
    random = np.random.default_rng(1)
    frame = pd.DataFrame({name: random.choice(YES_NO, 70_000) for name in names})
    simple = [{"id": f"x{name}", "numerator": [yes(name)]} for name in names[:-5]]
    pairs = [
        {"id": f"any{i}", "any_of": [f"x{name}" for name in names[i : i + 20]]} for i in range(5)
    ]
    book = codebook(*simple, *pairs, items=names)
    many = build_indicators(frame, book)
    few = build_indicators(frame.head(70), book)
    pd.testing.assert_frame_equal(many.head(70), few)


def known(answer: str, among: list[str], dont_know: str = "missing") -> bool | None:
    """Whether one answer fulfils a condition; None where it is not known."""
    if answer in among:
        return True
    if answer == "dont_know":
        return False if dont_know == "no" else None
    return None if answer in SPECIAL_ANSWERS else False


def by_hand(child: dict[str, str], indicators: list[dict]) -> dict[str, float]:
    """Derive one child's indicators, one rule after the other."""
    found: dict[str, object] = {}
    for entry in indicators:
        rule = entry.get("dont_know", "missing")
        if not all(known(child[c["item"]], c["among"]) for c in entry.get("universe", [])):
            found[entry["id"]] = "outside"
            continue
        truths = [known(child[c["item"]], c["among"], rule) for c in entry.get("numerator", [])]
        if truths:
            found[entry["id"]] = False if False in truths else None if None in truths else True
            continue
        parts = [found[part] for part in entry["any_of"] if found[part] != "outside"]
        lenient = entry.get("partly_missing") == "known_parts"
        if None in parts and entry.get("partly_missing") == "complete":
            found[entry["id"]] = None
        elif True in parts:
            found[entry["id"]] = True
        elif not parts:
            found[entry["id"]] = "outside"
        elif None in parts and not (lenient and False in parts):
            found[entry["id"]] = None
        else:
            found[entry["id"]] = False
    return {name: NAN if x in (None, "outside") else float(x) for name, x in found.items()}


CONDITION = st.builds(
    lambda item, among: {"item": item, "among": among},
    st.sampled_from("abc"),
    st.lists(st.sampled_from(YES_NO), min_size=1, max_size=3, unique=True),
)
SIMPLE = st.fixed_dictionaries(
    {
        "universe": st.lists(CONDITION, max_size=2),
        "numerator": st.lists(CONDITION, min_size=1, max_size=3),
        "dont_know": st.sampled_from(["missing", "no"]),
    }
)
COMPOSITE = st.fixed_dictionaries(
    {
        "universe": st.lists(CONDITION, max_size=1),
        "partly_missing": st.sampled_from(
            ["imputed", "unless_yes_missing", "complete", "known_parts"]
        ),
    }
)


@given(st.lists(SIMPLE, min_size=2, max_size=4), st.lists(COMPOSITE, max_size=2), ANSWER_ROWS)
def test_any_codebook_gives_what_a_careful_reader_would_derive(simple, composites, rows):
    parts = [{"id": f"x{at}", **entry} for at, entry in enumerate(simple)]
    names = [entry["id"] for entry in parts]
    wholes = [{"id": f"y{at}", "any_of": names, **entry} for at, entry in enumerate(composites)]
    frame = pd.DataFrame(rows, columns=list("abc"))
    found = build_indicators(frame, codebook(*parts, *wholes))
    expected = [by_hand(child, [*parts, *wholes]) for child in frame.to_dict("records")]
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected))
