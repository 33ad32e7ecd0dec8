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
    Flags,
    Pair,
    Present,
    Version,
    differing,
)
from disrupting_harm.releases.exact_counts import tells_a_yes
from disrupting_harm.releases.membership import (
    Judgement,
    Table,
    is_follow_up,
    judge,
    rest_on,
    still_wrong,
)
from disrupting_harm.releases.records import CHILD, DOMAIN, INDICATOR, Group, Then
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


def refuse_unsaid(versions: Sequence[Version], present: Present, codebook: Codebook) -> None:
    """Refuse new names of what a release had under others.

    Args:
        versions: what each release published anew, under the names of today as far as they are
            said.
        present: what the run would publish.
        codebook: the names of today.

    Raises:
        StudyError: naming the new name, the old one, and what to write.
    """
    had = {name for version in versions for name in version.cells["indicator"]}
    new = [name for name in present.tables["indicator"].unique() if name not in had]
    known = {(d.id, level) for d in codebook.domains for level in codebook.levels(d.id)}
    new_groups = known.difference(*map(_groups_of, versions))
    for version in versions:
        for old, name in _indicators(version, present, codebook, new):
            raise _unsaid(f"indicator '{name}'", "answers", old, name, version.name)
        for old_group, group in _groups(version, present, _groups_of(version) - known, new_groups):
            old, name = (":".join(each).replace("|", "+") for each in (old_group, group))
            raise _unsaid(f"group '{name}'", "children", old, name, version.name)


def _unsaid(where: str, what: str, old: str, new: str, release: str) -> StudyError:
    return StudyError(
        f"codebook, {where}",
        f"most of its {what} are those of '{old}' of release {release}, and it would be compared "
        "with nothing",
        f"Write '{old}: {{to: {new}, why: ...}}' below publication.release.moved, or use the old "
        f"name; if it is something else, keep '{old}' in the codebook, too",
    )


def _indicators(
    version: Version, present: Present, codebook: Codebook, new: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield indicators that are gone, each with the new one that has most of its answers."""
    known = {entry.id for entry in codebook.indicators}
    for old in sorted(set(version.cells["indicator"]) - known):
        if not new or INDICATOR + old not in version.records:
            continue
        then = Then({**version.then.indicators, **dict.fromkeys(new, old)}, version.then.groups)
        before, after, yes = _both(version, present, present.under(then))
        was = before[INDICATOR + old].to_numpy()
        alike = {}
        for name in new:
            now = after[INDICATOR + name].to_numpy()
            same = (was == now) & (was != "")
            answers = max((was != "").sum(), (now != "").sum())
            if _mostly(old, same, answers, yes[name].to_numpy(), version):
                alike[name] = same.sum()
        if alike:
            yield old, max(alike, key=lambda name: alike[name])


def _mostly(old: str, same: Flags, answers: int, yes: Flags, version: Version) -> bool:
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
    said_then, said_now = float(national["n_yes"].fillna(0).sum()), int(yes.sum())
    return 2 * int((same & yes).sum()) > max(said_then, said_now)


def _groups(
    version: Version, present: Present, gone: Collection[Group], new: Collection[Group]
) -> Iterator[tuple[Group, Group]]:
    """Yield groups that are gone, each with the new ones that most children of both are in."""
    before, after, _ = _both(version, present, present.records)
    today = dict(_children(after, version, new))
    for old, were in _children(before, version, gone):
        for name, are in today.items():
            if 2 * (were & are).sum() > max(were.sum(), are.sum()):
                yield old, name


def _children(
    records: pd.DataFrame, version: Version, groups: Collection[Group]
) -> Iterator[tuple[Group, Flags]]:
    """Yield who was in each of some groups."""
    for domain, level in sorted(groups):
        tokens = {token for token, name in version.levels.get(domain, {}).items() if name == level}
        if DOMAIN + domain in records and tokens:
            inside: Flags = records[DOMAIN + domain].isin(tokens).to_numpy(dtype=bool)
            yield (domain, level), inside


def _groups_of(version: Version) -> set[Group]:
    return set(version.cells[["domain", "level"]].itertuples(index=False, name=None))


def _both(
    version: Version, present: Present, today: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the record of a release, one of today, and the yes of today, on all children."""
    old, new = (frame.set_index(CHILD) for frame in (version.records, today))
    children = old.index.union(new.index)
    yes = present.yes.loc[today.index].set_axis(new.index).reindex(children, fill_value=False)
    return old.reindex(children, fill_value=""), new.reindex(children, fill_value=""), yes


# With fewer of the last release's children the identifiers must have been changed.
FOUND_AGAIN = 0.5
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
    def earlier(self) -> EarlierReleases:
        """What disclosure control knows of earlier releases."""
        withheld = self.tables["decision"].isin([*STAYING, RETRACTED])
        stays = self.tables.loc[withheld, TABLE]
        return EarlierReleases(self.before, set(stays.itertuples(index=False, name=None)))

    @property
    def held(self) -> bool:
        """Whether nothing new of the country is published, or even computed."""
        return bool((self.tables["held"] != NOT_HELD).any())


def verdict(
    present: Present, versions: Sequence[Version], codebook: Codebook, rules: ReleaseRules
) -> Verdict:
    """Decide on every table of a run.

    Args:
        present: what the run would publish.
        versions: what earlier releases published, the first release first.
        codebook: which indicators are sensitive, composites or follow-ups; crossed domains.
        rules: the smallest numbers of children, and what becomes of a country that lacks them.

    Raises:
        StudyError: most children of the last release are not found again, or a name is new while
            most of its children are those of one that is gone.
    """
    if versions:
        _refuse_new_identifiers(versions[-1], present)
    # A release in which all tables of the country stayed published nothing to compare with.
    anew = [version for version in versions if len(version.cells)]
    refuse_unsaid(anew, present, codebook)
    pairs = [Pair.of(version, present) for version in anew]
    judged = [judge(*both, codebook, rules) for both in zip(anew, pairs, strict=True)]
    compared = [differing(*both) for both in zip(anew, pairs, strict=True)]
    tables = [(str(row.indicator), str(row.domain)) for row in present.tables.itertuples()]
    decision = _decisions(tables, [each.decisions for each in judged], codebook)
    by_moves = _decisions(tables, [each.by_moves for each in judged], codebook)
    follow_ups = {entry.id for entry in codebook.indicators if is_follow_up(entry, codebook)}
    wrong = still_wrong(rules.corrected, anew, codebook)
    gone = _retracted(decision, wrong, codebook)
    held = NOT_HELD
    if any(0 < each.changed < rules.min_change for each in judged):
        held = FEW_CHANGED
    elif rules.rule == "hold" and any(
        word == FROZEN
        for (name, _), word in decision.items()
        if name not in follow_ups and name not in gone
    ):
        held = ALL_OR_NONE
    elif any(
        tells_a_yes(version, cells, _sensitive_anew(decision, codebook))
        for version, cells in zip(anew, compared, strict=True)
    ):
        held = TOLD
    if held != NOT_HELD:
        # The old number is wrong: it goes even where nothing new may take its place.
        gone = wrong
        decision = dict.fromkeys(decision, HELD)
    decision = {t: RETRACTED if t[0] in gone else word for t, word in decision.items()}
    rows = pd.DataFrame(
        [
            (
                *table,
                word,
                by_moves[table] == FROZEN,
                table[0] in follow_ups,
                _few_or_many(table, judged),
            )
            for table, word in decision.items()
        ],
        columns=[*TABLE, "decision", "by_moves", "follow_up", "differ"],
    ).astype({**dict.fromkeys([*TABLE, "decision", "differ"], "str"), **_FLAGS})
    return Verdict(rows.assign(held=held).astype({"held": "str"}), _before(anew, compared))


def _refuse_new_identifiers(last: Version, present: Present) -> None:
    again = last.records[CHILD].isin(present.records[CHILD]).mean()
    if again < FOUND_AGAIN:
        raise StudyError(
            "respondents' identifiers",
            f"most respondents of release {last.name} are not found again",
            "Give each of them the identifier of that time; a new survey is a study of its own, "
            "with its own folder of results",
        )


def _decisions(
    tables: Sequence[Table], judged: Sequence[Mapping[Table, str]], codebook: Codebook
) -> dict[Table, str]:
    """Decide on tables from what each release asks of them, the first release first."""
    decision = {}
    for table in tables:
        asked = [words[table] for words in judged if table in words]
        if not asked:
            decision[table] = NEW
        elif asked[-1] == EQUAL:
            decision[table] = EQUAL
        else:
            decision[table] = FROZEN if FROZEN in asked else REISSUE
    _freeze_with_nation(decision)
    _freeze_with_parents(decision, codebook)
    return decision


def _retracted(decision: Mapping[Table, str], wrong: set[str], codebook: Codebook) -> set[str]:
    """Return the indicators with an error of code of which some table cannot be published anew."""
    stays = {name for (name, _), word in decision.items() if word == FROZEN and name in wrong}
    return rest_on(stays, codebook)


def _sensitive_anew(decision: Mapping[Table, str], codebook: Codebook) -> set[Table]:
    grave = {e.id for e in codebook.indicators if e.sensitive and e.statistic == "proportion"}
    return {table for table, word in decision.items() if word == REISSUE and table[0] in grave}


def _freeze_with_nation(decision: dict[Table, str]) -> None:
    for table in decision:
        if decision.get((table[0], NATION)) == FROZEN:
            decision[table] = FROZEN


def _freeze_with_parents(decision: dict[Table, str], codebook: Codebook) -> None:
    for domain in codebook.domains:
        for indicator in {name for name, of in decision if of == domain.id}:
            parents = [decision.get((indicator, parent)) for parent in domain.cross]
            if decision[indicator, domain.id] == NEW and FROZEN in parents:
                decision[indicator, domain.id] = FROZEN


def _few_or_many(table: Table, judged: Sequence[Judgement]) -> str:
    known = [each.differ[table] for each in judged if table in each.differ]
    return FEW if FEW in known else MANY if MANY in known else NONE


def _before(versions: Sequence[Version], compared: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what each release published anew, and in which cells nobody differs."""
    tables = [NO_EARLIER.cells]
    for version, cells in zip(versions, compared, strict=True):
        unchanged = pd.MultiIndex.from_frame(cells.loc[cells["differ"] == 0, CELL])
        cells_then = version.cells.assign(release=version.name)
        same = pd.MultiIndex.from_frame(cells_then[CELL]).isin(unchanged)
        tables.append(cells_then.assign(same=same))
    return pd.concat(tables[1:] or tables, ignore_index=True)
