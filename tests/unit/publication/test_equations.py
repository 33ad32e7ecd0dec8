"""The equations hold for every survey, in children and in sums of weights."""

import numpy as np
import pytest
from linked_survey import LINKED, answers, linked_survey

from disrupting_harm.publication.disclosure.equations import build_equations, find_sums
from disrupting_harm.publication.disclosure.relations import find_relations

CROSSES = {"sex_age": ("sex", "age")}


def test_which_groups_hold_which_others():
    groups = [("total", "all"), ("sex", "boy"), ("sex", "girl"), ("age", "young")]
    groups += [("sex_age", "boy|young"), ("sex_age", "girl|young")]
    assert find_sums(groups, CROSSES) == [
        (("total", "all"), (("sex", "boy"), ("sex", "girl"))),
        (("total", "all"), (("age", "young"),)),
        (("sex", "boy"), (("sex_age", "boy|young"),)),
        (("sex", "girl"), (("sex_age", "girl|young"),)),
        (("age", "young"), (("sex_age", "boy|young"), ("sex_age", "girl|young"))),
    ]


def sets_of(seed, weight):
    """The equations of a random survey, and the size of every set of children in them."""
    values, placed = answers(seed)
    cells = linked_survey(seed)
    tied = find_relations(LINKED)
    made = build_equations(cells, LINKED.crosses, tied)
    size = np.full(made.matrix.shape[1], np.nan)
    for at, (name, domain, level) in enumerate(
        zip(cells["indicator"], cells["domain"], cells["level"], strict=True)
    ):
        own = (placed[domain] == level) & ~np.isnan(values[name])
        size[at] = (weight * (values[name] == 1))[own].sum()
        size[made.asked_columns[at]] = weight[own].sum()
    return made, size, values


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighted", [False, True])
def test_every_row_is_a_number_of_children(seed, weighted):
    weight = np.random.default_rng(seed).uniform(0.2, 3, 700) if weighted else np.ones(700)
    made, size, _ = sets_of(seed, weight)
    measured = abs(made.matrix) @ np.isnan(size).astype(float) == 0
    rows = made.matrix @ np.nan_to_num(size)
    assert measured.sum() > 300
    # A follow-up may lack more in a group than in all of the sample by chance, never below zero.
    assert (rows[measured] > -1e-9).mean() > 0.97
    assert (rows[measured & made.unplaced] > -1e-9).all()


def test_the_answers_to_one_item_add_up():
    made, size, _ = sets_of(1, np.ones(700))
    known, stranger = size[1], None
    cells = linked_survey(1)
    at = {
        (name, level): place
        for place, (name, level) in enumerate(zip(cells["indicator"], cells["level"], strict=True))
    }
    known, stranger = at["known", "all"], at["stranger", "all"]
    assert (
        made.asked_columns[known]
        == made.asked_columns[stranger]
        != made.asked_columns[at["told", "all"]]
    )
    assert size[known] + size[stranger] == size[made.asked_columns[known]]
    rows = np.flatnonzero(made.is_zero)
    touched = [set(made.matrix.indices[slice(*made.matrix.indptr[row : row + 2])]) for row in rows]
    assert any({known} <= each for each in touched)
    assert any({made.asked_columns[known]} <= each for each in touched)


def rows_of(made):
    """Each row as the factors of its columns."""
    ends = zip(made.matrix.indptr, made.matrix.indptr[1:], strict=False)
    parts = [slice(*pair) for pair in ends]
    return [
        dict(zip(made.matrix.indices[part].tolist(), made.matrix.data[part].tolist(), strict=True))
        for part in parts
    ]


def test_what_ties_a_follow_up_to_its_gate_is_among_the_rows():
    """Attacks are as strong as the equations are complete: one that is missing hides a leak."""
    made, _, _ = sets_of(1, np.ones(700))
    cells = linked_survey(1)
    keys = zip(cells["indicator"], cells["domain"], cells["level"], strict=True)
    at = {key: place for place, key in enumerate(keys)}
    found = rows_of(made)
    universes = find_relations(LINKED).universes
    assert {(each.gate, each.follow_up) for each in universes} >= {("any", "told")}
    for universe in universes:
        lacking = {
            group: {
                at[universe.gate, *group]: 1.0,
                int(made.asked_columns[at[universe.follow_up, *group]]): -1.0,
            }
            for group in (("total", "all"), ("sex", "boy"), ("region", "A"))
        }
        assert all(row in found for row in lacking.values())
        # Where none but them was asked, no group lacks more than all do.
        whole = lacking.pop(("total", "all"))
        for part in lacking.values():
            more = whole | {column: -factor for column, factor in part.items()}
            assert (more in found) == universe.exact


def test_what_follows_from_another_answer_is_among_the_rows():
    made, _, _ = sets_of(1, np.ones(700))
    cells = linked_survey(1)
    keys = zip(cells["indicator"], cells["domain"], cells["level"], strict=True)
    at = {key: place for place, key in enumerate(keys)}
    found = rows_of(made)
    for group in (("total", "all"), ("sex_age", "girl|old")):
        one, two, whole = (at[name, *group] for name in ("one", "two", "any"))
        assert {one: 1.0, two: 1.0, whole: -1.0} in found
        assert {whole: 1.0, one: -1.0} in found
        assert {whole: 1.0, two: -1.0} in found
        for narrow, wide in find_relations(LINKED).implied:
            assert {at[wide, *group]: 1.0, at[narrow, *group]: -1.0} in found
