"""How indicators hang together follows from the codebook, and from nothing else."""

from pathlib import Path

import pytest
from linked_survey import LINKED

from disrupting_harm.publication.disclosure.relations import (
    Composite,
    Split,
    Universe,
    find_relations,
    implies,
)
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.codebook.definitions import Condition

STUDY = Path(__file__).parents[3] / "config" / "indicators.yaml"


def condition(item, *among):
    return Condition(item=item, among=among)


def changed(kind, name, **keys):
    """The linked codebook with one entry changed."""
    content = LINKED.definitions()
    content[kind] = [{**entry, **keys} if entry["id"] == name else entry for entry in content[kind]]
    return Codebook.model_validate(content)


def test_all_relations_of_a_small_codebook():
    found = find_relations(LINKED)
    assert found.composites == (Composite("any", ("one", "two"), (True, True)),)
    assert found.splits == (
        Split(("known", "family", "stranger"), (("known", "family"), ("known",), ("stranger",))),
    )
    follow_ups = ("known", "family", "stranger", "told")
    assert found.universes == tuple(Universe(name, "any", True) for name in follow_ups)
    assert found.implied == tuple((name, "any") for name in follow_ups)
    assert found.everyone == {"one", "two", "any"}
    assert len({found.answers[name] for name in ("known", "family", "stranger")}) == 1
    assert found.answers["told"] not in (found.answers["known"], found.answers["any"])


@pytest.mark.parametrize(
    ("codebook", "lost"),
    [
        (changed("items", "happened", yes_when=None), "universes"),
        (changed("indicators", "told", universe=[]), "universes"),
        (changed("indicators", "any", any_of=["one"]), "composites"),
        (changed("indicators", "any", partly_missing="complete"), "composites"),
        (changed("indicators", "known", dont_know="no"), "splits"),
    ],
)
def test_every_relation_hangs_on_a_key_of_the_codebook(codebook, lost):
    assert getattr(find_relations(codebook), lost) != getattr(find_relations(LINKED), lost)


def by_number(*ranges, minimum=0, maximum=24, **keys):
    """A codebook whose indicators count the hours in ranges, and its relations."""
    content = LINKED.definitions()
    content["items"].append(
        {"id": "hours", "type": "number", "minimum": minimum, "maximum": maximum}
    )
    module = content["modules"][0]["id"]
    content["indicators"] += [
        {"id": name, "module": module, "label": name, **keys,
         "numerator": [{"item": "hours", **limits}]}
        for name, limits in zip("abc", ranges, strict=False)
    ]  # fmt: skip
    found = find_relations(Codebook.model_validate(content))
    return next(split for split in found.splits if split.indicators[0] == "a")


def test_ranges_of_one_item_split_those_who_gave_a_number():
    low, high = {"at_most": 1}, {"at_least": 2}
    # Two that meet leave no number out, whatever the limits of the item.
    assert by_number(low, high) == Split(("a", "b"), (("a",), ("b",)))
    assert by_number(low, high, minimum=None, maximum=None).parts == (("a",), ("b",))
    assert by_number(low, high, dont_know="no").parts == (("a",), ("b",), ())
    assert by_number(low, {"at_least": 3}).parts == (("a",), (), ("b",))
    overlapping = ({"at_least": 2, "at_most": 5}, {"at_least": 4})
    assert by_number(*overlapping).parts == ((), ("a",), ("a", "b"), ("b",))
    # Beyond the limits of the item there is nobody.
    assert by_number(*overlapping, minimum=3, maximum=5).parts == (("a",), ("a", "b"))


def test_a_narrower_range_implies_a_wider_one():
    wide = Condition(item="hours", at_least=2)
    assert implies([Condition(item="hours", at_least=2, at_most=3)], [wide])
    assert not implies([Condition(item="hours", at_least=1, at_most=3)], [wide])
    assert not implies([Condition(item="days", at_least=2)], [wide])


def test_nothing_ties_indicators_with_different_weights():
    content = LINKED.definitions()
    for entry in content["indicators"]:
        if entry["id"] in ("known", "family", "stranger", "told"):
            entry["weight"] = "module"
    found, before = find_relations(Codebook.model_validate(content)), find_relations(LINKED)
    assert found.universes == found.implied == ()
    assert found.splits == before.splits
    assert found.composites == before.composites
    assert found.answers["known"] != before.answers["known"]


def test_only_valid_answers_are_parts_of_a_split():
    """Who does not know is missing, or says no, or yes; the answers of all others add up."""
    two = changed("indicators", "family", dont_know="no").definitions()
    entries = [entry for entry in two["indicators"] if entry["id"] not in ("known", "stranger")]
    as_yes = {"item": "who", "among": ["peer", "stranger", "dont_know"]}
    other = {"id": "other", "module": "m", "label": "O", "numerator": [as_yes]}
    other["universe"] = next(e for e in entries if e["id"] == "family")["universe"]
    book = Codebook.model_validate({**two, "indicators": [*entries, other]})
    (split,) = find_relations(book).splits
    assert split == Split(("family", "other"), (("family",), ("other",)))
    (no,) = find_relations(
        changed("items", "who", values=["family", "peer", "stranger", "?"])
    ).splits
    assert () in no.parts


def test_a_part_outside_the_universe_of_the_whole_is_not_nested():
    boys = [{"item": "sex", "among": ["boy"]}]
    (whole,) = find_relations(changed("indicators", "any", universe=boys)).composites
    assert whole.nested == (False, False)


def test_conditions_imply_each_other():
    assert implies([condition("a", "x")], [condition("a", "x", "y")])
    assert not implies([condition("a", "x", "y")], [condition("a", "x")])
    assert implies([condition("a", "x"), condition("b", "y")], [condition("b", "y")])
    assert not implies([], [condition("a", "x")])
    assert implies([condition("a", "x")], [])


def test_a_follow_up_of_a_follow_up():
    content = LINKED.definitions()
    gates = [{"item": "happened", "among": ["yes"]}, {"item": "told", "among": ["yes"]}]
    content["items"].append({"id": "helped", "type": "yes_no"})
    content["indicators"].append(
        {"id": "helped", "module": "m", "label": "h", "universe": gates,
         "numerator": [{"item": "helped", "among": ["yes"]}]}
    )  # fmt: skip
    found = find_relations(Codebook.model_validate(content))
    assert [each for each in found.universes if each.follow_up == "helped"] == [
        Universe("helped", "told", True)
    ]
    assert {("helped", "told"), ("helped", "any")} <= set(found.implied)


def test_what_is_asked_of_some_ages_is_asked_of_everyone_of_that_age():
    old = [{"item": "age", "among": ["old"]}]
    assert "one" in find_relations(changed("indicators", "one", universe=old)).everyone


def test_the_default_study_has_its_composites_items_and_follow_ups():
    found = find_relations(load_codebook(STUDY))
    assert [each.whole for each in found.composites] == ["clear_examples", "any_tf_csea"]
    assert [each.indicators[0] for each in found.splits] == [
        "channel_social_media",
        "offender_known",
    ]
    gates = {each.follow_up: each.gate for each in found.universes}
    assert gates["told_police"] == "any_tf_csea"
    assert gates["not_told_trouble"] == "told_nobody"
    assert all(each.exact for each in found.universes)
    assert len(gates) == 19
