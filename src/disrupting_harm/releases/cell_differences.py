"""How many children of each cell differ between an earlier release and a run.

A child differs in a cell who entered or left it, whose answer changed, or whose base weight did.
It is not the difference of the numbers of answers: a swap of two children leaves that at zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.releases.records import CHILD, DOMAIN, INDICATOR, SAME, WEIGHT, Then

TABLE = ["indicator", "domain"]
CELL = [*TABLE, "level"]
# The level of children of whom a domain's level is not known: the total less all other levels.
UNKNOWN = ""

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Present:
    """What a run would publish of one country.

    Attributes:
        records: the record of its children, see :mod:`.records`.
        yes: (n, K) whether the answer to each indicator is a yes, on the index of ``records``.
        tables: ``indicator, domain`` of its tables.
        under: returns the record with tokens under the names that a release had.
    """

    records: pd.DataFrame
    yes: pd.DataFrame
    tables: pd.DataFrame
    under: Callable[[Then], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Version:
    """What one release published anew of one country, under the names of today.

    Attributes:
        name: the release.
        records: the record of its children, also of what it did not publish anew; its tokens are
            under the names of then.
        cells: the columns of ``publication.release.RELEASE``, of the tables that it published anew.
        levels: domain -> token -> level.
        then: the names that the release had.
        corrected: the errors of code that it had mended, and the sentence on each
            (``publication.release.corrected``).
    """

    name: str
    records: pd.DataFrame
    cells: pd.DataFrame
    levels: Mapping[str, Mapping[str, str]]
    then: Then = SAME
    corrected: Mapping[str, str] = field(default_factory=dict)


def differing(version: Version, pair: "Pair") -> pd.DataFrame:
    """Count in every cell that a release published the children who differ.

    Of a tombstone every answer counts as one that left.

    Returns:
        ``indicator, domain, level`` with those of unknown level, where there are any; ``differ``,
        children; ``left`` and ``entered``, answers that are there no longer and such as are new: a
        changed answer has left and entered; ``entered_yes``, the yes among the latter; and
        ``answers_stayed``, ``yes_stayed``.
    """
    parts = [
        pair.cells(str(indicator), str(domain))
        for indicator, domain in version.cells[TABLE].drop_duplicates().to_numpy()
    ]
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two records of one country, both on the children of either; empty where a child is not in.

    Attributes:
        old: the record of the release.
        new: that of the run.
        was_in: (n,) who is in the record of the release; ``is_in`` in that of the run.
        yes: (n, K) whether an answer of the run is a yes.
        levels: domain -> its levels, and of each child the place of the old and the new one in it:
            of all domains that the release published anew, or that both records have.
        same_weight: (n,) whose base weight is the same.
    """

    old: pd.DataFrame
    new: pd.DataFrame
    was_in: Flags
    is_in: Flags
    yes: pd.DataFrame
    levels: dict[str, tuple[list[str], Places, Places]]
    same_weight: Flags

    @classmethod
    def of(cls, version: Version, present: Present) -> "Pair":
        """Set the record of a release beside that of a run."""
        today = present.under(version.then) if version.then else present.records
        before, after = (frame.set_index(CHILD) for frame in (version.records, today))
        children = before.index.union(after.index)
        old, new = (frame.reindex(children, fill_value="") for frame in (before, after))
        yes = present.yes.set_axis(after.index).reindex(children, fill_value=False)
        levels = {
            domain: _levels(old, new, domain, version.levels.get(domain, {}))
            for domain in dict.fromkeys(
                [*version.cells["domain"], *_columns_of_both(old, new, DOMAIN)]
            )
        }
        same_weight = (old[WEIGHT] == new[WEIGHT]).to_numpy(dtype=bool)
        was_in, is_in = children.isin(before.index), children.isin(after.index)
        return cls(old, new, was_in, is_in, yes, levels, same_weight)

    def moved(self) -> Flags:
        """Return who came, left, or has another group or base weight; no answer counts."""
        moved: Flags = ~(self.was_in & self.is_in & self.same_weight)
        # Domains that the release left as they were count, too. Of one that only one of the records
        # knows, everybody would have another group, and one child who left be among many.
        for domain in _columns_of_both(self.old, self.new, DOMAIN):
            _, was, now = self.levels[domain]
            moved |= was != now
        return moved

    def corrected(self, indicator: str) -> Flags:
        """Return whose answer is another one; nobody's, of an indicator that the run has not."""
        if indicator not in self.yes:
            return np.zeros(len(self.old), dtype=bool)
        before, after = (
            column_tokens(frame, INDICATOR + indicator) for frame in (self.old, self.new)
        )
        changed: Flags = before != after
        return changed

    def indicators(self) -> list[str]:
        """Return those to which both records have answers, published anew or not."""
        names = _columns_of_both(self.old, self.new, INDICATOR)
        return [name for name in names if name in self.yes]

    def in_levels(self, domain: str, who: Flags) -> Places:
        """Count children in each level of a domain, where they were and where they are.

        A child who moved from one level to another counts in both.
        """
        names, was, now = self.levels[domain]
        before, after = who & self.was_in, who & self.is_in
        stayed = before & after & (was == now)
        counts = [
            np.bincount(place[rows], minlength=len(names))
            for place, rows in ((was, before), (now, after), (was, stayed))
        ]
        return counts[0] + counts[1] - counts[2]

    def cells(self, indicator: str, domain: str) -> pd.DataFrame:
        """Count what :func:`differing` does in one table."""
        names, was, now = self.levels[domain]
        before, after = (
            column_tokens(frame, INDICATOR + indicator) for frame in (self.old, self.new)
        )
        said = self.yes[indicator].to_numpy() if indicator in self.yes else np.zeros(len(was), bool)
        there, here = before != "", after != ""
        kept = there & (before == after) & self.same_weight & (was == now)

        def count(rows: Flags, place: Places) -> Places:
            return np.bincount(place[rows], minlength=len(names))

        left, entered = there & ~kept, here & ~kept
        twice = left & entered & (was == now)
        table = pd.DataFrame(
            {
                "level": names,
                "differ": count(left, was) + count(entered, now) - count(twice, was),
                "left": count(left, was),
                "entered": count(entered, now),
                "entered_yes": count(entered & said, now),
                "answers_stayed": count(kept, was),
                "yes_stayed": count(kept & said, was),
            }
        )
        table.insert(0, "indicator", indicator)
        table.insert(1, "domain", domain)
        return table


def _columns_of_both(old: pd.DataFrame, new: pd.DataFrame, kind: str) -> list[str]:
    """Return the domains or indicators of which both records know something of the same child."""
    names = [str(name) for name in old if str(name).startswith(kind) and name in new]
    return [
        name.removeprefix(kind) for name in names if ((old[name] != "") & (new[name] != "")).any()
    ]


def _levels(
    old: pd.DataFrame, new: pd.DataFrame, domain: str, names: Mapping[str, str]
) -> tuple[list[str], Places, Places]:
    both = np.concatenate([column_tokens(frame, DOMAIN + domain) for frame in (old, new)])
    place, tokens = pd.factorize(both)
    # A level that no name belongs to any more keeps its token as its name.
    levels = [names.get(token, token) for token in tokens]
    return levels, place[: len(old)], place[len(old) :]


def column_tokens(records: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Return a column of a record; empty throughout where the record is older than the column."""
    if column not in records:
        return np.full(len(records), "", dtype=object)
    return records[column].to_numpy(dtype=object)
