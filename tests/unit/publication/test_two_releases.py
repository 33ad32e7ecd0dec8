"""Two releases of a survey at random, before an attack that shares no code with the workflow.

The first one has few tables, the second all of them, of the same children. What the first has of
follow-up questions, and does not have of those put to everyone, is known as soon as there is a
second: how many children are in no group.
"""

import datetime
from dataclasses import replace
from itertools import cycle

import numpy as np
import pandas as pd
import pytest
from linked import told_counts
from linked_survey import DOMAINS, LINKED, linked_survey

from designbased.arrays import Floats, Mask
from disrupting_harm.publication.disclosure import across_releases, attackers
from disrupting_harm.publication.disclosure.attackers import Attacker
from disrupting_harm.publication.disclosure.audit import Disclosures, Targets
from disrupting_harm.publication.disclosure.certificate import build_certificate
from disrupting_harm.publication.disclosure.earlier_releases import EarlierReleases
from disrupting_harm.publication.disclosure.equations import Equations
from disrupting_harm.publication.release import decide_release
from disrupting_harm.study.configuration.publication_config import Publication

RULES, DATE = Publication(), datetime.date(2026, 11, 30)
FOLLOW_UPS = ["known", "family", "stranger", "told"]
# In which groups the first release has follow-up questions, and those put to everyone.
FIRST = {
    "follow-ups alone": (DOMAINS, ()),
    "follow-ups by sex": (("total", "sex"), ("total", "region")),
    "follow-ups by all": (DOMAINS, ("total", "region")),
}
# Those of which counts were told, and one without a cover but for a hidden number of answers.
QUICK = {("follow-ups by all", 6), ("follow-ups by sex", 15), ("follow-ups by sex", 24)}
# Each of 31 surveys is released first in one of these ways.
OTHERS = {*zip(cycle(FIRST), range(31))} - QUICK
EVERY = [*sorted(QUICK), *(pytest.param(*each, marks=pytest.mark.slow) for each in sorted(OTHERS))]


def two_releases(seed: int, tables: str) -> tuple[pd.DataFrame, pd.DataFrame, EarlierReleases]:
    """Return a release of some tables, one of all, and what the second knows of the first."""
    cells = linked_survey(seed)
    of_follow_ups, of_others = FIRST[tables]
    follows = cells["indicator"].isin(FOLLOW_UPS)
    chosen = cells["domain"].isin(of_follow_ups) & follows
    chosen |= cells["domain"].isin(of_others) & ~follows
    first = decide_release(cells[chosen], RULES, LINKED)
    earlier = EarlierReleases(first.assign(release="first", same=True))
    return first, decide_release(cells, RULES, LINKED, earlier=earlier), earlier


@pytest.mark.parametrize(("tables", "seed"), EVERY)
def test_two_releases_tell_nothing(tables: str, seed: int) -> None:
    first, second, earlier = two_releases(seed, tables)
    assert told_counts([first, second], LINKED.definitions()) == []
    assert build_certificate(second, RULES, LINKED, DATE, earlier=earlier)["told"] == 0


def told_by_both(seed: int, tables: str) -> list[str]:
    """Return the counts that two releases of a survey tell."""
    both = two_releases(seed, tables)[:2]
    return [str(count) for count in told_counts(both, LINKED.definitions())]


def test_a_first_release_that_takes_other_groups_for_its_own_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No question of it tells how many are neither boys nor girls: not as many as in no region."""
    limits = attackers._row_limits

    def as_of_other_groups(rows: Equations, true: Floats, known: Mask) -> tuple[Floats, Floats]:
        floor, room = limits(rows, true, known)
        certain = rows.unplaced & (abs(rows.matrix) @ (~known).astype(float) == 0)
        untold = rows.unplaced & ~np.isin(rows.family, rows.family[certain])
        most = np.max(room[certain], initial=0.0)
        return floor, np.where(untold, np.maximum(room, most), room)

    monkeypatch.setattr(attackers, "_row_limits", as_of_other_groups)
    assert "known/sex_age/girl|young: 16.0 to 16.0 of 23" in told_by_both(6, "follow-ups by all")


def test_a_number_that_a_bare_c_tells_is_not_told_by_earlier_releases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who takes it for theirs gives it up, and shows the others that give it back exactly."""

    def all_hidden(attacker: Attacker, silent: Mask) -> Attacker:
        low, high = attacker.low.copy(), attacker.high.copy()
        low[..., silent], high[..., silent] = low[:, [-1]][..., silent], high[:, [-1]][..., silent]
        return replace(attacker, low=low, high=high)

    def without_told(targets: Targets, told: Disclosures) -> Targets:
        return targets[~np.isin(targets.column, told.targets.column)]

    monkeypatch.setattr(across_releases, "_silence_cells", all_hidden)
    monkeypatch.setattr(Targets, "relax", without_told)
    assert told_by_both(15, "follow-ups by sex") == ["two/sex_age/boy|young: 7.0 to 7.0 of 117"]
