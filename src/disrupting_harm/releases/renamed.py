"""Refuse a name that is new while its children are those of an old one that is gone.

The gate compares names. An indicator, or a group, that has another name and is not said to have
moved would be compared with nothing, and the difference of the old number and the new one could
tell what one child answered. So what is gone from a release is held against what is new since then,
child by child. How many children differ does not matter here: told where the old name went, the
gate counts them in each group.
"""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.releases.differ import Flags, Present, Version
from disrupting_harm.releases.names import Group, Then
from disrupting_harm.releases.records import CHILD, DOMAIN, INDICATOR
from disrupting_harm.releases.words import NATION
from disrupting_harm.study.codebook import Codebook


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
