"""A new release and earlier ones, attacked together."""

import datetime
from functools import cache
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from linked_survey import LINKED, linked_release, linked_survey, require_truth_within
from release_cells import codebook_of, from_counts, released
from scipy.optimize import linprog

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.across_releases import join_earlier_releases
from disrupting_harm.publication.disclosure.audit import audit
from disrupting_harm.publication.disclosure.audit_case import build_case_of_release
from disrupting_harm.publication.disclosure.certificate import build_certificate
from disrupting_harm.publication.disclosure.earlier_releases import (
    CELL,
    NO_EARLIER,
    EarlierReleases,
)
from disrupting_harm.publication.release import KEYS, decide_release, is_shown
from disrupting_harm.study.configuration.publication_config import Publication

DATE = datetime.date(2026, 11, 24)
RULES = Publication()
PLAIN = Publication.model_validate({"disclosure": {"method": "plain"}})


def reliable(cells):
    return from_counts(cells).assign(reliability="present", reason="")


def printed(table, name="first", same=True):
    """The cells of an earlier release, all or some of the very same children."""
    return table.assign(release=name, same=same)


def union_of(table, earlier, publication=RULES, codebook=LINKED):
    """The union of a release and earlier ones, and the step of each of its cells."""
    ordered = table.sort_values(KEYS).reset_index(drop=True)
    case, step = build_case_of_release(ordered, publication, codebook)
    union = join_earlier_releases(case, earlier, publication, codebook)
    return union, np.concatenate([step, union.steps.start[len(step) :]])


def told_in(table, earlier, publication=RULES, codebook=LINKED):
    """How many numbers of all releases together are told."""
    union, step = union_of(table, earlier, publication, codebook)
    return sum(len(audit(each.system(step), each.targets)) for each in union.attackers)


def moved(cells, seed, share=0.3):
    """The same survey with other weights: some reliable cells are no more, and others are."""
    random = np.random.default_rng(seed)
    other = random.random(len(cells)) < share
    words = np.where(cells["reliability"] == "present", "suppress", "present")
    usual = cells["reliability"].where(~other, words)
    return cells.assign(reliability=usual, reason="")


def test_without_earlier_releases_the_union_is_the_release():
    table = linked_release(1)
    union, step = union_of(table, NO_EARLIER)
    assert len(union.cells) == len(step) == len(table)


def test_what_one_release_shows_of_the_same_children_is_known_of_the_other():
    cells = [("x", "total", "all", 400, 34), ("x", "sex", "boy", 200, 4)]
    cells += [("x", "sex", "girl", 200, 30)]
    first = released(reliable(cells), PLAIN)
    assert first["shown"].tolist() == ["8", "c", "c"]
    # A second release of the same children shows the girls, and not the total.
    girls = first[first["level"] == "girl"].assign(status="present")
    book = {"publication": PLAIN, "codebook": codebook_of(first)}
    assert told_in(girls, EarlierReleases(printed(first)), **book) > 0
    # Of other children it tells nothing of the first.
    assert told_in(girls, EarlierReleases(printed(first, same=False)), **book) == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_reweighting_tells_nothing_of_both_releases_together(seed):
    """Without what is known of the first release, some of these seeds tell hidden numbers."""
    estimates = linked_survey(seed)
    first = linked_release(seed)
    again = moved(estimates, seed)
    earlier = EarlierReleases(printed(first))
    second = decide_release(again, RULES, LINKED, earlier=earlier)
    assert told_in(second, earlier) == 0
    before = first.set_index(KEYS)["status"].reindex(pd.MultiIndex.from_frame(second[KEYS]))
    hidden = ~is_shown(before.reset_index())
    assert not (hidden.to_numpy() & is_shown(second).to_numpy()).any()


@cache
def blind(seed):
    """Return two releases of a survey, the second without a look at the first, and what they tell.

    That is how many numbers both tell together.
    """
    estimates = linked_survey(seed)
    earlier = EarlierReleases(printed(linked_release(seed)))
    second = decide_release(moved(estimates, seed), RULES, LINKED)
    return earlier, second, told_in(second, earlier)


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_lies_in_what_a_reader_of_two_releases_believes(seed):
    first = linked_release(seed)
    same = np.random.default_rng(seed).random(len(first)) < 0.7
    estimates = linked_survey(seed)
    earlier = EarlierReleases(printed(first, same=same))
    union, step = union_of(decide_release(estimates, RULES, LINKED, earlier=earlier), earlier)
    for attacker in union.attackers:
        known = attacker.system(step)
        require_truth_within(known)


def test_the_union_is_that_of_a_plain_programme():
    cells = [("x", "total", "all", 400, 74), ("x", "region", "A", 200, 4)]
    cells += [("x", "region", "B", 100, 40), ("x", "region", "C", 100, 30)]
    first = released(reliable(cells), PLAIN)
    assert first["shown"].tolist() == ["18", "c", "c", "30"]
    earlier = EarlierReleases(printed(first, same=first["level"] == "A"))
    union, step = union_of(first, earlier, PLAIN, codebook_of(first))
    attacker = union.attackers[0]
    system = attacker.system(step)
    boy = int(np.flatnonzero(union.cells.keys["level"] == "A")[0])
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(system.low))
        cost[boy] = sign
        solved = linprog(
            cost,
            A_ub=np.vstack([-system.matrix.toarray(), system.matrix.toarray()]),
            b_ub=np.nan_to_num(np.concatenate([-system.floor, system.room]), posinf=1e9),
            bounds=np.column_stack([system.low, np.minimum(system.high, 1e9)]),
        )
        ends.append(sign * solved.fun)
    # 44 = A + B in both; A is 0 to 44 whichever release is read.
    assert ends == pytest.approx([0, 44])
    columns = [int(np.flatnonzero(union.cells.keys["level"] == "A")[at]) for at in (0, 1)]
    tie = abs(system.matrix[:, columns]).sum(axis=1) == 2
    assert tie.sum() == 1


def test_of_a_table_that_stays_nothing_new_is_printed():
    estimates, first = linked_survey(2), linked_release(2)
    earlier = EarlierReleases(printed(first), {("one", "sex"), ("one", "total")})
    second = decide_release(estimates, RULES, LINKED, earlier=earlier)
    stays = second["reason"].str.startswith("withheld")
    assert {*second.loc[stays, ["indicator", "domain"]].itertuples(index=False, name=None)} == {
        ("one", "sex"), ("one", "total"),
    }  # fmt: skip
    assert set(second.loc[stays, "shown"]) == {"c"}
    assert second.loc[stays, ["bound_low", "bound_high"]].isna().all(axis=None)
    found = build_certificate(second, RULES, LINKED, DATE, earlier=earlier)
    assert found["together_with"] == ["first"]
    # That they stay is not told by how many cells there are.
    assert found["cells"] == len(second)


def test_the_c_of_a_table_that_stays_does_not_tell_that_there_is_no_bound():
    """It is printed nowhere: the table of the earlier release is."""
    estimates = linked_survey(15)
    earlier = EarlierReleases(printed(linked_release(15)), {("any", "sex"), ("any", "total")})
    union, step = union_of(decide_release(estimates, RULES, LINKED, earlier=earlier), earlier)
    keys = union.cells.keys
    stays = (keys["indicator"] == "any") & keys["domain"].isin(["sex", "total"])
    cells = np.flatnonzero(stays.to_numpy() & (np.arange(len(keys)) < len(estimates)))
    assert len(cells) == 3
    system = union.attackers[0].system(step)
    assert (system.low[cells] == 0).all()
    assert (system.high[cells] == union.cells.n[cells]).all()


def test_an_indicator_that_the_codebook_has_no_more_is_left_out():
    first = linked_release(2)
    gone = printed(first.replace({"indicator": {"one": "gone"}}))
    second = decide_release(linked_survey(2), RULES, LINKED, earlier=EarlierReleases(gone))
    assert (second[CELL] == first[CELL]).all(axis=None)


@pytest.mark.parametrize("most", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_a_certificate_is_refused_where_both_releases_tell_a_number(most):
    """A second release that looks at no earlier one tells hidden numbers, of some surveys."""
    telling = list(islice((pair for pair in map(blind, range(6)) if pair[2]), most))
    assert telling
    for earlier, second, _ in telling:
        with pytest.raises(StudyError, match="could be worked back"):
            build_certificate(second, RULES, LINKED, DATE, earlier=earlier)


def test_how_many_are_in_no_group_is_that_of_follow_ups_where_no_other_question_tells_it():
    """The largest number of other groups does not stand in for what another release may tell."""
    cells, first = linked_survey(1), linked_release(1)
    # This release puts no question to everyone by sex, and of region C it says nothing.
    by_place = (cells["indicator"] == "one") & cells["domain"].isin(["total", "region"])
    followed = (cells["indicator"] == "told") & cells["domain"].isin(["total", "sex"])
    few = cells[(by_place & (cells["level"] != "C")) | followed]
    second = decide_release(few, RULES, LINKED)

    union, _ = union_of(second, EarlierReleases(printed(first, same=False)))
    for attacker in union.attackers:
        place = np.flatnonzero(attacker.equations.family == "total:all>region")
        assert attacker.room[place].max() > 10
        by_sex = np.flatnonzero(attacker.equations.family == "total:all>sex")
        value = attacker.equations.matrix @ np.nan_to_num(attacker.true)
        assert attacker.room[by_sex] == pytest.approx(np.maximum(value[by_sex], 0))
