"""Refuse a name that is new while its children are those of an old one that is gone.

The gate compares names. An indicator, or a group, that has another name and is not said to have
moved would be compared with nothing, and the difference of the old number and the new one could
tell what one child answered. So what is gone from a release is held against what is new since then,
child by child.
"""

from collections.abc import Iterator

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.releases.differ import Flags, Present, Version
from disrupting_harm.releases.names import Group, Then
from disrupting_harm.releases.records import CHILD, DOMAIN, INDICATOR
from disrupting_harm.study.codebook import Codebook

_NATION = "total"


def refuse_unsaid(version: Version, present: Present, codebook: Codebook, least: int) -> None:
    """Refuse new names of what a release had under others.

    Args:
        version: what the release published anew, under the names of today as far as they are said.
        present: what the run would publish.
        codebook: the names of today.
        least: so many children have to differ for the two to be compared with nothing.

    Raises:
        StudyError: naming the new name, the old one, and what to write.
    """
    for old, new in _indicators(version, present, codebook, least):
        raise _unsaid(f"indicator '{new}'", "answers", old, new, version.name, least)
    for old_group, new_group in _groups(version, present, codebook, least):
        old, new = (":".join(group).replace("|", "+") for group in (old_group, new_group))
        raise _unsaid(f"group '{new}'", "children", old, new, version.name, least)


def _unsaid(where: str, what: str, old: str, new: str, release: str, least: int) -> StudyError:
    return StudyError(
        f"codebook, {where}",
        f"its {what} are those of '{old}' of release {release}, but for fewer than {least} "
        "children, and it would be compared with nothing",
        f"Write '{old}: {{to: {new}, why: ...}}' below publication.release.moved, or use the old "
        "name",
    )


def _indicators(
    version: Version, present: Present, codebook: Codebook, least: int
) -> Iterator[tuple[str, str]]:
    """Yield indicators that are gone, each with a new one of the same answers."""
    had = set(version.cells["indicator"])
    known = {entry.id for entry in codebook.indicators}
    new = [name for name in present.tables["indicator"].unique() if name not in had]
    for old in sorted(had - known):
        if not new or INDICATOR + old not in version.records:
            continue
        then = Then({**version.then.indicators, **dict.fromkeys(new, old)}, version.then.groups)
        before, after, yes = _both(version, present, present.under(then))
        was = before[INDICATOR + old].to_numpy()
        for name in new:
            now = after[INDICATOR + name].to_numpy()
            same = (was == now) & (was != "")
            differ = ((was != "") | (now != "")) & ~same
            if differ.sum() < least and _mostly(old, same, yes[name].to_numpy(), version):
                yield old, name


def _mostly(old: str, same: Flags, yes: Flags, version: Version) -> bool:
    """Return whether most who say yes now said so then; of numbers, most children the same.

    Rare answers to different questions are nearly all alike, too: all of them are no.
    """
    national = version.cells[
        (version.cells["indicator"] == old) & (version.cells["domain"] == _NATION)
    ]
    if not yes.any():
        return bool(national["n_yes"].isna().all() and same.any())
    said_then, said_now = float(national["n_yes"].fillna(0).sum()), int(yes.sum())
    return 2 * int((same & yes).sum()) > max(said_then, said_now)


def _groups(
    version: Version, present: Present, codebook: Codebook, least: int
) -> Iterator[tuple[Group, Group]]:
    """Yield groups that are gone, each with a new one of the same children."""
    before, after, _ = _both(version, present, present.records)
    had = set(version.cells[["domain", "level"]].itertuples(index=False, name=None))
    known = {(d.id, level) for d in codebook.domains for level in codebook.levels(d.id)}
    gone = dict(_children(before, version, had - known))
    new = dict(_children(after, version, known - had))
    for old, were in gone.items():
        for name, are in new.items():
            if (were != are).sum() < least and 2 * (were & are).sum() > were.sum():
                yield old, name


def _children(
    records: pd.DataFrame, version: Version, groups: set[Group]
) -> Iterator[tuple[Group, Flags]]:
    """Yield who was in each of some groups."""
    for domain, level in sorted(groups):
        tokens = {token for token, name in version.levels.get(domain, {}).items() if name == level}
        if DOMAIN + domain in records and tokens:
            inside: Flags = records[DOMAIN + domain].isin(tokens).to_numpy(dtype=bool)
            yield (domain, level), inside


def _both(
    version: Version, present: Present, today: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the record of a release, one of today, and the yes of today, on all children."""
    old, new = (frame.set_index(CHILD) for frame in (version.records, today))
    children = old.index.union(new.index)
    yes = present.yes.loc[today.index].set_axis(new.index).reindex(children, fill_value=False)
    return old.reindex(children, fill_value=""), new.reindex(children, fill_value=""), yes
