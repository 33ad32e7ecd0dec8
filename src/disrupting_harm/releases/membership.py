"""Which tables may be published anew: from who changed, in which groups, and from no answer.

A table that stays where others change would say that the child who left had answered there. So a
child has *moved* who came, left, or has another group or base weight, and it moved in every table,
whether it answered there or not. Of those who stayed where they were, a child was *corrected* in an
indicator whose answer is another one. A table, one indicator in one domain, passes

    equal     if nobody moved or was corrected in its indicator
    reissue   if in each level, the unknown one too, nobody or at least k did
    frozen    otherwise

Few children in a group were asked a follow-up question. Of these, too, at least k must have
changed, and which of those who moved were asked is an answer. So their number is estimated, by the
share of the group that was asked in the release, and has to be twice as large.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from designbased.arrays import Floats
from disrupting_harm.releases.cell_differences import CELL, TABLE, UNKNOWN, Pair, Places, Version
from disrupting_harm.releases.release_messages import (
    EQUAL,
    FEW,
    FROZEN,
    MANY,
    MANY_FROM,
    NONE,
    REISSUE,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.publication_config import ReleaseRules

# So many times fewer of a follow-up's children may have moved than their share lets expect.
MARGIN = 2

# Indicator and domain.
Table: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """What one earlier release asks of a run.

    Attributes:
        changed: how many children moved or were corrected in any indicator of its record, also in
            one that it left as it was.
        decisions: of the tables that the release published anew.
        by_moves: the same, if nobody had been corrected: what follows from groups alone.
        differ: how many changed in one of its cells, of the words of
        :data:`.release_messages.DIFFER`.
    """

    changed: int
    decisions: Mapping[Table, str]
    by_moves: Mapping[Table, str]
    differ: Mapping[Table, str]


def judge(version: Version, pair: Pair, codebook: Codebook, rules: ReleaseRules) -> Judgement:
    """Judge the tables that a release published anew.

    Args:
        version: the release.
        pair: its record and that of a run.
        codebook: which indicators are sensitive, and which are follow-ups.
        rules: the smallest numbers of children.
    """
    moved = pair.moved()
    of_code = rest_on(not_mended(rules.corrected, version), codebook)
    tables = [(str(i), str(d)) for i, d in version.cells[TABLE].drop_duplicates().to_numpy()]
    names = dict.fromkeys([*pair.indicators(), *(name for name, _ in tables)])
    corrected = {name: ~moved & pair.corrected(name) for name in names}
    known = {entry.id: entry for entry in codebook.indicators}
    answered, shares = _answered(version, pair)
    moved_in = {domain: pair.in_levels(domain, moved) for domain in pair.levels}
    decisions, by_moves, differ = {}, {}, {}
    for name, domain in tables:
        entry = known.get(name)
        strict = entry is not None and entry.sensitive
        least = rules.min_change_sensitive if strict else rules.min_change
        follow_up = entry is not None and is_follow_up(entry, codebook)
        share = shares[name, domain] / MARGIN if follow_up else np.ones(1)
        fixed = pair.in_levels(domain, corrected[name])
        counts = moved_in[domain]
        decisions[name, domain] = _decision(counts, fixed, share, least)
        if name in of_code and ((fixed > 0) & (fixed > answered[name, domain] - least)).any():
            # Old less new numbers are a count of their own, and of nearly all it tells of each.
            decisions[name, domain] = FROZEN
        by_moves[name, domain] = _decision(counts, np.zeros_like(fixed), share, least)
        differ[name, domain] = _in_words(counts + fixed)
    changed = moved.copy()
    for name, flags in corrected.items():
        # An error of code is public, and decided on by itself.
        if name not in of_code:
            changed |= flags
    return Judgement(int(changed.sum()), decisions, by_moves, differ)


def is_follow_up(indicator: Indicator, codebook: Codebook) -> bool:
    """Return whether only some children were asked, as another answer of theirs decided."""
    asked = {item.id for item in codebook.items if item.respondent != "sample"}
    parts = [is_follow_up(codebook.indicator(part), codebook) for part in indicator.any_of]
    depends = any(condition.item in asked for condition in indicator.universe)
    return depends or (bool(parts) and all(parts))


def not_mended(corrected: Mapping[str, str], version: Version) -> set[str]:
    """Return the indicators with an error of code that a release still had."""
    return {name for name in corrected if version.corrected.get(name) != corrected[name]}


def still_wrong(
    corrected: Mapping[str, str], versions: Collection[Version], codebook: Codebook
) -> set[str]:
    """Return the indicators of which no release has published numbers without an error of code.

    Args:
        corrected: ``publication.release.corrected``.
        versions: what earlier releases published anew.
        codebook: which indicators count others.
    """
    wrong: set[str] = set()
    for name in corrected:
        mended = [version for version in versions if name not in not_mended(corrected, version)]
        anew = {indicator for version in mended for indicator in version.cells["indicator"]}
        wrong |= rest_on([name], codebook) - anew
    return wrong


def sentences_on(
    names: Collection[str], corrected: Mapping[str, str], codebook: Codebook
) -> dict[str, str]:
    """Return by indicator what was wrong with it, or with those that it counts among others.

    Args:
        names: of indicators that are retracted.
        corrected: ``publication.release.corrected``.
        codebook: which indicators count others.
    """
    reasons: dict[str, list[str]] = {}
    for wrong, sentence in corrected.items():
        for name in sorted(rest_on([wrong], codebook) & set(names)):
            reasons.setdefault(name, []).append(sentence)
    return {name: " ".join(dict.fromkeys(reasons[name])) for name in names if name in reasons}


def rest_on(names: Collection[str], codebook: Codebook) -> set[str]:
    """Return indicators and all that count them among others."""
    resting = set(names)
    while more := {e.id for e in codebook.indicators if resting & set(e.any_of)} - resting:
        resting |= more
    return resting


def _decision(moved: Places, corrected: Places, share: Floats, least: int) -> str:
    """Decide on a table from the children in each of its levels who moved and were corrected."""
    changed = moved + corrected
    if not changed.any():
        return EQUAL
    enough = (changed >= least) & (moved * share + corrected >= least)
    return REISSUE if (enough | (changed == 0)).all() else FROZEN


def _in_words(changed: Places) -> str:
    if not changed.any():
        return NONE
    return FEW if ((changed > 0) & (changed < MANY_FROM)).any() else MANY


def _answered(version: Version, pair: Pair) -> tuple[dict[Table, Floats], dict[Table, Floats]]:
    """Return by table how many of each level answered in the release, and which share of it.

    Of the unknown level, and of one in which the release had no child, the share is that of all
    others, and as many may have answered as there are children.
    """
    answers = version.cells.set_index(CELL)["n"]
    answers = answers[~answers.index.duplicated()]
    counts, shares = {}, {}
    for key, rows in answers.groupby(TABLE, sort=False):
        table = str(key[0]), str(key[1])
        names, was, _ = pair.levels[table[1]]
        children = np.bincount(was[pair.was_in], minlength=len(names))
        answers_in = rows.droplevel([0, 1]).reindex(names, fill_value=0).to_numpy(dtype=float)
        known = np.array(names, dtype=object) != UNKNOWN
        whole = answers_in[known].sum() / max(children[known].sum(), 1)
        share = np.divide(answers_in, children, out=np.full(len(names), whole), where=children > 0)
        shares[table] = np.where(known, share, whole)
        counts[table] = np.where(known, answers_in, children)
    return counts, shares
