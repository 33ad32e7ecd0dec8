"""The gate: which tables of a country may be published anew after earlier releases.

A table is one indicator in one domain; the national estimate is the domain ``total``.

    new       it was never published
    equal     nobody moved or was corrected in its indicator since the last release that published
              it (:mod:`.membership`)
    reissue   in every level nobody or at least k did, from every release that published it
    frozen    otherwise; and every table of an indicator whose national one is
    held      fewer than k children of the country changed: all of it stays as it is
    retracted an error of code is corrected, no release has published the indicator without it, and
              too few answers of some table change

All earlier releases count, not only the last: of two steps of ten children each, the second may
take back nine of the first. A crossed domain that is new is frozen with its parents, which are sums
of its levels. A country is held, too, where the new numbers beside the old ones would tell that a
child who changed said yes to a sensitive question (:mod:`.exact_counts`): this is the only thing
for which an answer is looked at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER, EarlierReleases
from disrupting_harm.releases.cell_differences import (
    CELL,
    TABLE,
    CurrentRun,
    Flags,
    PublishedVersion,
    RecordPair,
    count_differing,
)
from disrupting_harm.releases.exact_counts import tells_a_yes
from disrupting_harm.releases.membership import (
    Judgement,
    Table,
    find_dependents,
    find_still_wrong,
    is_follow_up,
    judge_version,
)
from disrupting_harm.releases.records import CHILD, DOMAIN, INDICATOR, FormerNames, Group
from disrupting_harm.releases.release_messages import (
    ALL_OR_NONE,
    EQUAL,
    FEW,
    FEW_CHANGED,
    FROZEN,
    HELD,
    MANY,
    NATION,
    NEW,
    NONE,
    NOT_HELD,
    REISSUE,
    RETRACTED,
    STAYING,
    TOLD,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import ReleaseRules

# Refuse a name that is new while its children are those of an old one that is gone.
#
# The gate compares names. An indicator, or a group, that has another name and is not said to have
# moved would be compared with nothing, and the difference of the old number and the new one could
# tell what one child answered. So what is gone from a release is held against what is new since
# then, child by child. How many children differ does not matter here: told where the old name went,
# the gate counts them in each group.


def check_renames_declared(
    versions: Sequence[PublishedVersion], present: CurrentRun, codebook: Codebook
) -> None:
    """Refuse new names of what a release had under others.

    Args:
        versions: what each release published anew, under the names of today as far as they are
            said.

    Raises:
        StudyError: naming the new name, the old one, and what to write.
    """
    former_indicators = {name for version in versions for name in version.cells["indicator"]}
    new_indicators = [
        name for name in present.tables["indicator"].unique() if name not in former_indicators
    ]
    known_groups = {
        (domain.id, level) for domain in codebook.domains for level in codebook.levels(domain.id)
    }
    new_groups = known_groups.difference(*map(_list_groups, versions))
    for version in versions:
        for former_name, name in _find_renamed_indicators(
            version, present, codebook, new_indicators
        ):
            raise _undeclared_rename_error(
                f"indicator '{name}'", "answers", former_name, name, version.name
            )
        for old_group, group in _find_renamed_groups(
            version, present, _list_groups(version) - known_groups, new_groups
        ):
            former_name, name = (
                ":".join(group_pair).replace("|", "+") for group_pair in (old_group, group)
            )
            raise _undeclared_rename_error(
                f"group '{name}'", "children", former_name, name, version.name
            )


def _undeclared_rename_error(
    subject: str, matter: str, former_name: str, new_name: str, release: str
) -> StudyError:
    return StudyError(
        f"codebook, {subject}",
        f"most of its {matter} are those of '{former_name}' of release {release}, and it would be "
        "compared with nothing",
        f"Write '{former_name}: {{to: {new_name}, why: ...}}' below publication.release.moved, or "
        f"use the old name; if it is something else, keep '{former_name}' in the codebook, too",
    )


def _find_renamed_indicators(
    version: PublishedVersion, present: CurrentRun, codebook: Codebook, new: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield indicators that are gone, each with the new one that has most of its answers."""
    known_indicators = {indicator.id for indicator in codebook.indicators}
    for old in sorted(set(version.cells["indicator"]) - known_indicators):
        if not new or INDICATOR + old not in version.records:
            continue
        former_names = FormerNames(
            {**version.former_names.indicators, **dict.fromkeys(new, old)},
            version.former_names.groups,
        )
        former_records, current_records, yes = _align_records(
            version, present, present.records_under(former_names)
        )
        former_answers = former_records[INDICATOR + old].to_numpy()
        count_by_name = {}
        for name in new:
            current_answers = current_records[INDICATOR + name].to_numpy()
            is_same = (former_answers == current_answers) & (former_answers != "")
            answers = max((former_answers != "").sum(), (current_answers != "").sum())
            if _is_mostly_same(old, is_same, answers, yes[name].to_numpy(), version):
                count_by_name[name] = is_same.sum()
        if count_by_name:
            yield old, max(count_by_name, key=lambda name: count_by_name[name])


def _is_mostly_same(
    old: str, same: Flags, answers: int, yes: Flags, version: PublishedVersion
) -> bool:
    """Return whether most who say yes, then and now, do so both times; of numbers, most the same.

    Rare answers to different questions are nearly all alike, too: all of them are no.

    Args:
        old: the indicator then.
        same: (n,) whose answer is the same.
        answers: how many there were, or are, whichever is more.
        yes: (n,) who says yes now.
        version: what the release published.
    """
    national = version.cells[
        (version.cells["indicator"] == old) & (version.cells["domain"] == NATION)
    ]
    if not yes.any():
        return bool(national["n_yes"].isna().all() and 2 * same.sum() > answers)
    former_yes, current_yes = float(national["n_yes"].fillna(0).sum()), int(yes.sum())
    return 2 * int((same & yes).sum()) > max(former_yes, current_yes)


def _find_renamed_groups(
    version: PublishedVersion,
    present: CurrentRun,
    former_groups: Collection[Group],
    new_groups: Collection[Group],
) -> Iterator[tuple[Group, Group]]:
    """Yield groups that are gone, each with the new ones that most children of both are in."""
    former_records, current_records, _ = _align_records(version, present, present.records)
    children_of_new = dict(_iterate_children(current_records, version, new_groups))
    for old, former_children in _iterate_children(former_records, version, former_groups):
        for name, current_children in children_of_new.items():
            if 2 * (former_children & current_children).sum() > max(
                former_children.sum(), current_children.sum()
            ):
                yield old, name


def _iterate_children(
    records: pd.DataFrame, version: PublishedVersion, groups: Collection[Group]
) -> Iterator[tuple[Group, Flags]]:
    """Yield who was in each of some groups."""
    for domain, level in sorted(groups):
        tokens = {token for token, name in version.levels.get(domain, {}).items() if name == level}
        if DOMAIN + domain in records and tokens:
            is_in_group: Flags = records[DOMAIN + domain].isin(tokens).to_numpy(dtype=bool)
            yield (domain, level), is_in_group


def _list_groups(version: PublishedVersion) -> set[Group]:
    return set(version.cells[["domain", "level"]].itertuples(index=False, name=None))


def _align_records(
    version: PublishedVersion, present: CurrentRun, current_records: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the record of a release, one of today, and the yes of today, on all children."""
    former, current = (frame.set_index(CHILD) for frame in (version.records, current_records))
    children = former.index.union(current.index)
    yes = (
        present.yes.loc[current_records.index]
        .set_axis(current.index)
        .reindex(children, fill_value=False)
    )
    return former.reindex(children, fill_value=""), current.reindex(children, fill_value=""), yes


# With fewer of the last release's children the identifiers must have been changed.
SHARE_FOUND_AGAIN = 0.5
_FLAGS = {"by_moves": bool, "follow_up": bool}


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the gate says of one country.

    Attributes:
        tables: ``indicator, domain, decision``; ``by_moves``, whether it stays if nobody had been
            corrected; ``follow_up``; ``differ``, how many changed in a cell, one of ``0``, ``1-9``,
            ``10+``; and ``held``, why the country is, of the words of
            :data:`.release_messages.HOLDS`.
        before: what each earlier release published anew: its cells, ``release``, and ``same``,
            whether no child differs in a cell.
    """

    tables: pd.DataFrame
    before: pd.DataFrame

    @property
    def earlier_releases(self) -> EarlierReleases:
        """What disclosure control knows of earlier releases."""
        withheld = self.tables["decision"].isin([*STAYING, RETRACTED])
        stays = self.tables.loc[withheld, TABLE]
        return EarlierReleases(self.before, set(stays.itertuples(index=False, name=None)))

    @property
    def is_held(self) -> bool:
        """Whether nothing new of the country is published, or even computed."""
        return bool((self.tables["held"] != NOT_HELD).any())


def decide_tables(
    present: CurrentRun,
    versions: Sequence[PublishedVersion],
    codebook: Codebook,
    rules: ReleaseRules,
) -> Verdict:
    """Decide on every table of a run.

    Args:
        versions: what earlier releases published, the first release first.
        codebook: which indicators are sensitive, composites or follow-ups; crossed domains.
        rules: the smallest numbers of children, and what becomes of a country that lacks them.

    Raises:
        StudyError: most children of the last release are not found again, or a name is new while
            most of its children are those of one that is gone.
    """
    if versions:
        _check_identifiers_kept(versions[-1], present)
    # A release in which all tables of the country stayed published nothing to compare with.
    versions_with_cells = [version for version in versions if len(version.cells)]
    check_renames_declared(versions_with_cells, present, codebook)
    pairs = [RecordPair.from_records(version, present) for version in versions_with_cells]
    judged = [
        judge_version(*version_and_pair, codebook, rules)
        for version_and_pair in zip(versions_with_cells, pairs, strict=True)
    ]
    differences = [
        count_differing(*version_and_pair)
        for version_and_pair in zip(versions_with_cells, pairs, strict=True)
    ]
    tables = [(str(row.indicator), str(row.domain)) for row in present.tables.itertuples()]
    decision = _combine_decisions(tables, [judgement.decisions for judgement in judged], codebook)
    by_moves = _combine_decisions(tables, [judgement.by_moves for judgement in judged], codebook)
    follow_ups = {
        indicator.id for indicator in codebook.indicators if is_follow_up(indicator, codebook)
    }
    wrong_indicators = find_still_wrong(rules.corrected, versions_with_cells, codebook)
    retracted = _find_retracted(decision, wrong_indicators, codebook)
    hold_reason = NOT_HELD
    if any(0 < judgement.changed < rules.min_change for judgement in judged):
        hold_reason = FEW_CHANGED
    elif rules.rule == "hold" and any(
        table_decision == FROZEN
        for (name, _), table_decision in decision.items()
        if name not in follow_ups and name not in retracted
    ):
        hold_reason = ALL_OR_NONE
    elif any(
        tells_a_yes(version, cell_differences, _find_sensitive_anew(decision, codebook))
        for version, cell_differences in zip(versions_with_cells, differences, strict=True)
    ):
        hold_reason = TOLD
    if hold_reason != NOT_HELD:
        # The old number is wrong: it goes even where nothing new may take its place.
        retracted = wrong_indicators
        decision = dict.fromkeys(decision, HELD)
    decision = {
        key: RETRACTED if key[0] in retracted else table_decision
        for key, table_decision in decision.items()
    }
    rows = pd.DataFrame(
        [
            (
                *table,
                table_decision,
                by_moves[table] == FROZEN,
                table[0] in follow_ups,
                _describe_differing(table, judged),
            )
            for table, table_decision in decision.items()
        ],
        columns=[*TABLE, "decision", "by_moves", "follow_up", "differ"],
    ).astype({**dict.fromkeys([*TABLE, "decision", "differ"], "str"), **_FLAGS})
    return Verdict(
        rows.assign(held=hold_reason).astype({"held": "str"}),
        _stack_former_cells(versions_with_cells, differences),
    )


def _check_identifiers_kept(last: PublishedVersion, present: CurrentRun) -> None:
    share_found = last.records[CHILD].isin(present.records[CHILD]).mean()
    if share_found < SHARE_FOUND_AGAIN:
        raise StudyError(
            "respondents' identifiers",
            f"most respondents of release {last.name} are not found again",
            "Give each of them the identifier of that time; a new survey is a study of its own, "
            "with its own folder of results",
        )


def _combine_decisions(
    tables: Sequence[Table], judged: Sequence[Mapping[Table, str]], codebook: Codebook
) -> dict[Table, str]:
    """Decide on tables from what each release asks of them, the first release first."""
    decision = {}
    for table in tables:
        words_of_releases = [
            decision_by_table[table] for decision_by_table in judged if table in decision_by_table
        ]
        if not words_of_releases:
            decision[table] = NEW
        elif words_of_releases[-1] == EQUAL:
            decision[table] = EQUAL
        else:
            decision[table] = FROZEN if FROZEN in words_of_releases else REISSUE
    _freeze_with_nation(decision)
    _freeze_with_parents(decision, codebook)
    return decision


def _find_retracted(decision: Mapping[Table, str], wrong: set[str], codebook: Codebook) -> set[str]:
    """Return the indicators with an error of code of which some table cannot be published anew."""
    frozen_wrong = {
        name for (name, _), word in decision.items() if word == FROZEN and name in wrong
    }
    return find_dependents(frozen_wrong, codebook)


def _find_sensitive_anew(decision: Mapping[Table, str], codebook: Codebook) -> set[Table]:
    sensitive_proportions = {
        indicator.id
        for indicator in codebook.indicators
        if indicator.sensitive and indicator.statistic == "proportion"
    }
    return {
        table
        for table, word in decision.items()
        if word == REISSUE and table[0] in sensitive_proportions
    }


def _freeze_with_nation(decision: dict[Table, str]) -> None:
    for table in decision:
        if decision.get((table[0], NATION)) == FROZEN:
            decision[table] = FROZEN


def _freeze_with_parents(decision: dict[Table, str], codebook: Codebook) -> None:
    for domain in codebook.domains:
        for indicator in {
            name for name, domain_of_table in decision if domain_of_table == domain.id
        }:
            parents = [decision.get((indicator, parent)) for parent in domain.cross]
            if decision[indicator, domain.id] == NEW and FROZEN in parents:
                decision[indicator, domain.id] = FROZEN


def _describe_differing(table: Table, judged: Sequence[Judgement]) -> str:
    ranges = [judgement.differ[table] for judgement in judged if table in judgement.differ]
    return FEW if FEW in ranges else MANY if MANY in ranges else NONE


def _stack_former_cells(
    versions: Sequence[PublishedVersion], differences: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Return what each release published anew, and in which cells nobody differs."""
    tables = [NO_EARLIER.cells]
    for version, cells in zip(versions, differences, strict=True):
        unchanged = pd.MultiIndex.from_frame(cells.loc[cells["differ"] == 0, CELL])
        cells_then = version.cells.assign(release=version.name)
        same = pd.MultiIndex.from_frame(cells_then[CELL]).isin(unchanged)
        tables.append(cells_then.assign(same=same))
    return pd.concat(tables[1:] or tables, ignore_index=True)
