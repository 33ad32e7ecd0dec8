"""The equations hold for every survey, in children and in sums of weights."""

import numpy as np
import pytest
from linked_survey import LINKED, answers, linked_survey

from disrupting_harm.publication.equations import equations, sums
from disrupting_harm.publication.relations import relations

CROSSES = {"sex_age": ("sex", "age")}


def test_which_groups_hold_which_others():
    groups = [("total", "all"), ("sex", "boy"), ("sex", "girl"), ("age", "young")]
    groups += [("sex_age", "boy|young"), ("sex_age", "girl|young")]
    assert sums(groups, CROSSES) == [
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
    tied = relations(LINKED)
    made = equations(cells, LINKED.crosses, tied)
    size = np.full(made.matrix.shape[1], np.nan)
    for at, (name, domain, level) in enumerate(
        zip(cells["indicator"], cells["domain"], cells["level"], strict=True)
    ):
        own = (placed[domain] == level) & ~np.isnan(values[name])
        size[at] = (weight * (values[name] == 1))[own].sum()
        size[made.asked[at]] = weight[own].sum()
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
    assert made.asked[known] == made.asked[stranger] != made.asked[at["told", "all"]]
    assert size[known] + size[stranger] == size[made.asked[known]]
    rows = np.flatnonzero(made.none)
    touched = [set(made.matrix.indices[slice(*made.matrix.indptr[row : row + 2])]) for row in rows]
    assert any({known} <= each for each in touched)
    assert any({made.asked[known]} <= each for each in touched)
