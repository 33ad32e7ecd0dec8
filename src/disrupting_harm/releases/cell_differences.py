"""How many children of each cell differ between an earlier release and a run.

A child differs in a cell who entered or left it, whose answer changed, or whose base weight did.
It is not the difference of the numbers of answers: a swap of two children leaves that at zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.releases.records import (
    CHILD,
    DOMAIN,
    INDICATOR,
    NO_FORMER_NAMES,
    WEIGHT,
    FormerNames,
)

TABLE = ["indicator", "domain"]
CELL = [*TABLE, "level"]
# The level of children of whom a domain's level is not known: the total less all other levels.
UNKNOWN = ""

Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CurrentRun:
    """What a run would publish of one country.

    Attributes:
        records: the record of its children, see :mod:`.records`.
        yes: (n, K) whether the answer to each indicator is a yes, on the index of ``records``.
        tables: ``indicator, domain`` of its tables.
        records_under: returns the record with tokens under the names that a release had.
    """

    records: pd.DataFrame
    yes: pd.DataFrame
    tables: pd.DataFrame
    records_under: Callable[[FormerNames], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class PublishedVersion:
    """What one release published anew of one country, under the names of today.

    Attributes:
        records: the record of its children, also of what it did not publish anew; its tokens are
            under the names of then.
        cells: the columns of ``country/release``, of the tables that it published anew.
        levels: domain -> token -> level.
        former_names: the names that the release had.
        corrected: the errors of code that it had mended, and the sentence on each
            (``publication.release.corrected``).
    """

    name: str
    records: pd.DataFrame
    cells: pd.DataFrame
    levels: Mapping[str, Mapping[str, str]]
    former_names: FormerNames = NO_FORMER_NAMES
    corrected: Mapping[str, str] = field(default_factory=dict)


def count_differing(version: PublishedVersion, pair: "RecordPair") -> pd.DataFrame:
    """Count in every cell that a release published the children who differ.

    Of a tombstone every answer counts as one that left.

    Returns:
        ``indicator, domain, level`` with those of unknown level, where there are any; ``differ``,
        children; ``left`` and ``entered``, answers that are there no longer and such as are new: a
        changed answer has left and entered; ``entered_yes``, the yes among the latter; and
        ``answers_stayed``, ``yes_stayed``.
    """
    tables = [
        pair.count_cells(str(indicator), str(domain))
        for indicator, domain in version.cells[TABLE].drop_duplicates().to_numpy()
    ]
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True, eq=False)
class RecordPair:
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
    levels: dict[str, tuple[list[str], Positions, Positions]]
    same_weight: Flags

    @classmethod
    def from_records(cls, version: PublishedVersion, present: CurrentRun) -> "RecordPair":
        """Set the record of a release beside that of a run."""
        records_today = (
            present.records_under(version.former_names) if version.former_names else present.records
        )
        former_records, current_records = (
            frame.set_index(CHILD) for frame in (version.records, records_today)
        )
        children = former_records.index.union(current_records.index)
        old, new = (
            frame.reindex(children, fill_value="") for frame in (former_records, current_records)
        )
        yes = present.yes.set_axis(current_records.index).reindex(children, fill_value=False)
        levels = {
            domain: _level_positions(old, new, domain, version.levels.get(domain, {}))
            for domain in dict.fromkeys(
                [*version.cells["domain"], *_columns_of_both(old, new, DOMAIN)]
            )
        }
        same_weight = (old[WEIGHT] == new[WEIGHT]).to_numpy(dtype=bool)
        was_in, is_in = children.isin(former_records.index), children.isin(current_records.index)
        return cls(old, new, was_in, is_in, yes, levels, same_weight)

    def find_moved(self) -> Flags:
        """Return who came, left, or has another group or base weight; no answer counts."""
        has_moved: Flags = ~(self.was_in & self.is_in & self.same_weight)
        # Domains that the release left as they were count, too. Of one that only one of the records
        # knows, everybody would have another group, and one child who left be among many.
        for domain in _columns_of_both(self.old, self.new, DOMAIN):
            _, former_level, current_level = self.levels[domain]
            has_moved |= former_level != current_level
        return has_moved

    def find_corrected(self, indicator: str) -> Flags:
        """Return whose answer is another one; nobody's, of an indicator that the run has not."""
        if indicator not in self.yes:
            return np.zeros(len(self.old), dtype=bool)
        former_answers, current_answers = (
            column_tokens(frame, INDICATOR + indicator) for frame in (self.old, self.new)
        )
        is_changed: Flags = former_answers != current_answers
        return is_changed

    def indicators(self) -> list[str]:
        """Return those to which both records have answers, published anew or not."""
        indicators_of_both = _columns_of_both(self.old, self.new, INDICATOR)
        return [name for name in indicators_of_both if name in self.yes]

    def count_in_levels(self, domain: str, is_counted: Flags) -> Positions:
        """Count children in each level of a domain, where they were and where they are.

        A child who moved from one level to another counts in both.
        """
        level_names, former_level, current_level = self.levels[domain]
        counted_before, counted_now = is_counted & self.was_in, is_counted & self.is_in
        stayed = counted_before & counted_now & (former_level == current_level)
        counts = [
            np.bincount(level_position[rows], minlength=len(level_names))
            for level_position, rows in (
                (former_level, counted_before),
                (current_level, counted_now),
                (former_level, stayed),
            )
        ]
        return counts[0] + counts[1] - counts[2]

    def count_cells(self, indicator: str, domain: str) -> pd.DataFrame:
        """Count what :func:`count_differing` does in one table."""
        level_names, former_level, current_level = self.levels[domain]
        former_answers, current_answers = (
            column_tokens(frame, INDICATOR + indicator) for frame in (self.old, self.new)
        )
        says_yes = (
            self.yes[indicator].to_numpy()
            if indicator in self.yes
            else np.zeros(len(former_level), bool)
        )
        has_former, has_current = former_answers != "", current_answers != ""
        is_unchanged = (
            has_former
            & (former_answers == current_answers)
            & self.same_weight
            & (former_level == current_level)
        )

        def count(rows: Flags, level_position: Positions) -> Positions:
            return np.bincount(level_position[rows], minlength=len(level_names))

        has_left, has_entered = has_former & ~is_unchanged, has_current & ~is_unchanged
        is_in_both = has_left & has_entered & (former_level == current_level)
        table = pd.DataFrame(
            {
                "level": level_names,
                "differ": count(has_left, former_level)
                + count(has_entered, current_level)
                - count(is_in_both, former_level),
                "left": count(has_left, former_level),
                "entered": count(has_entered, current_level),
                "entered_yes": count(has_entered & says_yes, current_level),
                "answers_stayed": count(is_unchanged, former_level),
                "yes_stayed": count(is_unchanged & says_yes, former_level),
            }
        )
        table.insert(0, "indicator", indicator)
        table.insert(1, "domain", domain)
        return table


def _columns_of_both(old: pd.DataFrame, new: pd.DataFrame, prefix: str) -> list[str]:
    """Return the domains or indicators of which both records know something of the same child."""
    columns = [str(name) for name in old if str(name).startswith(prefix) and name in new]
    return [
        name.removeprefix(prefix)
        for name in columns
        if ((old[name] != "") & (new[name] != "")).any()
    ]


def _level_positions(
    old: pd.DataFrame, new: pd.DataFrame, domain: str, name_by_token: Mapping[str, str]
) -> tuple[list[str], Positions, Positions]:
    tokens_of_both = np.concatenate([column_tokens(frame, DOMAIN + domain) for frame in (old, new)])
    positions, tokens = pd.factorize(tokens_of_both)
    # A level that no name belongs to any more keeps its token as its name.
    levels = [name_by_token.get(token, token) for token in tokens]
    return levels, positions[: len(old)], positions[len(old) :]


def column_tokens(records: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Return a column of a record; empty throughout where the record is older than the column."""
    if column not in records:
        return np.full(len(records), "", dtype=object)
    return records[column].to_numpy(dtype=object)
