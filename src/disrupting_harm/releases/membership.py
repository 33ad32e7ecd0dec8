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
from disrupting_harm.releases.cell_differences import (
    CELL,
    TABLE,
    UNKNOWN,
    Positions,
    PublishedVersion,
    RecordPair,
)
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


def judge_version(
    version: PublishedVersion, pair: RecordPair, codebook: Codebook, rules: ReleaseRules
) -> Judgement:
    """Judge the tables that a release published anew.

    Args:
        codebook: which indicators are sensitive, and which are follow-ups.
    """
    has_moved = pair.find_moved()
    has_code_error = find_dependents(find_uncorrected(rules.corrected, version), codebook)
    tables = [
        (str(indicator), str(d))
        for indicator, d in version.cells[TABLE].drop_duplicates().to_numpy()
    ]
    indicators = dict.fromkeys([*pair.indicators(), *(name for name, _ in tables)])
    corrected = {name: ~has_moved & pair.find_corrected(name) for name in indicators}
    indicator_by_id = {
        indicator_definition.id: indicator_definition
        for indicator_definition in codebook.indicators
    }
    answered, shares = _count_answered(version, pair)
    moved_in = {domain: pair.count_in_levels(domain, has_moved) for domain in pair.levels}
    decisions, by_moves, differ = {}, {}, {}
    for name, domain in tables:
        indicator_definition = indicator_by_id.get(name)
        is_sensitive = indicator_definition is not None and indicator_definition.sensitive
        min_change = rules.min_change_sensitive if is_sensitive else rules.min_change
        follow_up = indicator_definition is not None and is_follow_up(
            indicator_definition, codebook
        )
        share = shares[name, domain] / MARGIN if follow_up else np.ones(1)
        corrected_counts = pair.count_in_levels(domain, corrected[name])
        counts = moved_in[domain]
        decisions[name, domain] = _decide_table(counts, corrected_counts, share, min_change)
        if (
            name in has_code_error
            and (
                (corrected_counts > 0) & (corrected_counts > answered[name, domain] - min_change)
            ).any()
        ):
            # Old less new numbers are a count of their own, and of nearly all it tells of each.
            decisions[name, domain] = FROZEN
        by_moves[name, domain] = _decide_table(
            counts, np.zeros_like(corrected_counts), share, min_change
        )
        differ[name, domain] = _describe_count(counts + corrected_counts)
    changed = has_moved.copy()
    for name, flags in corrected.items():
        # An error of code is public, and decided on by itself.
        if name not in has_code_error:
            changed |= flags
    return Judgement(int(changed.sum()), decisions, by_moves, differ)


def is_follow_up(indicator: Indicator, codebook: Codebook) -> bool:
    """Return whether only some children were asked, as another answer of theirs decided."""
    restricted_items = {item.id for item in codebook.items if item.respondent != "sample"}
    component_flags = [
        is_follow_up(codebook.indicator(component), codebook) for component in indicator.any_of
    ]
    depends = any(condition.item in restricted_items for condition in indicator.universe)
    return depends or (bool(component_flags) and all(component_flags))


def find_uncorrected(corrected: Mapping[str, str], version: PublishedVersion) -> set[str]:
    """Return the indicators with an error of code that a release still had."""
    return {name for name in corrected if version.corrected.get(name) != corrected[name]}


def find_still_wrong(
    corrected: Mapping[str, str], versions: Collection[PublishedVersion], codebook: Codebook
) -> set[str]:
    """Return the indicators of which no release has published numbers without an error of code.

    Args:
        corrected: ``publication.release.corrected``.
        versions: what earlier releases published anew.
        codebook: which indicators count others.
    """
    wrong: set[str] = set()
    for name in corrected:
        mended = [
            version for version in versions if name not in find_uncorrected(corrected, version)
        ]
        corrected_anew = {
            indicator for version in mended for indicator in version.cells["indicator"]
        }
        wrong |= find_dependents([name], codebook) - corrected_anew
    return wrong


def describe_corrections(
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
        for name in sorted(find_dependents([wrong], codebook) & set(names)):
            reasons.setdefault(name, []).append(sentence)
    return {name: " ".join(dict.fromkeys(reasons[name])) for name in names if name in reasons}


def find_dependents(seeds: Collection[str], codebook: Codebook) -> set[str]:
    """Return indicators and all that count them among others."""
    dependents = set(seeds)
    while (
        more := {
            indicator.id for indicator in codebook.indicators if dependents & set(indicator.any_of)
        }
        - dependents
    ):
        dependents |= more
    return dependents


def _decide_table(moved: Positions, corrected: Positions, share: Floats, least: int) -> str:
    """Decide on a table from the children in each of its levels who moved and were corrected."""
    changed = moved + corrected
    if not changed.any():
        return EQUAL
    enough = (changed >= least) & (moved * share + corrected >= least)
    return REISSUE if (enough | (changed == 0)).all() else FROZEN


def _describe_count(changed: Positions) -> str:
    if not changed.any():
        return NONE
    return FEW if ((changed > 0) & (changed < MANY_FROM)).any() else MANY


def _count_answered(
    version: PublishedVersion, pair: RecordPair
) -> tuple[dict[Table, Floats], dict[Table, Floats]]:
    """Return by table how many of each level answered in the release, and which share of it.

    Of the unknown level, and of one in which the release had no child, the share is that of all
    others, and as many may have answered as there are children.
    """
    answers = version.cells.set_index(CELL)["n"]
    answers = answers[~answers.index.duplicated()]
    counts, shares = {}, {}
    for key, rows in answers.groupby(TABLE, sort=False):
        table = str(key[0]), str(key[1])
        level_names, former_level, _ = pair.levels[table[1]]
        children_in_level = np.bincount(former_level[pair.was_in], minlength=len(level_names))
        answers_in_level = (
            rows.droplevel([0, 1]).reindex(level_names, fill_value=0).to_numpy(dtype=float)
        )
        is_known = np.array(level_names, dtype=object) != UNKNOWN
        overall_share = answers_in_level[is_known].sum() / max(children_in_level[is_known].sum(), 1)
        share = np.divide(
            answers_in_level,
            children_in_level,
            out=np.full(len(level_names), overall_share),
            where=children_in_level > 0,
        )
        shares[table] = np.where(is_known, share, overall_share)
        counts[table] = np.where(is_known, answers_in_level, children_in_level)
    return counts, shares
