"""What is told of questions and pairs of respondents, which stands with their national tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.releases.records import Names
from disrupting_harm.releases.release_messages import EQUAL, NATION, NEW, RETRACTED, STAYING
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE

_OF_INDICATORS = ("option", "child", "caregiver")


@dataclass(frozen=True, eq=False)
class LastQuestions:
    """What the last release told of a country.

    Attributes:
        options: the columns of the public form of ``country/options``, under the names of today.
        dyads: those of the public form of ``country/dyads``.
        tables: what the gate decided, those of a :class:`.gate.Verdict`.
    """

    options: pd.DataFrame
    dyads: pd.DataFrame
    tables: pd.DataFrame

    def _decisions(self) -> dict[str, str]:
        national = self.tables[self.tables["domain"] == NATION]
        return dict(zip(national["indicator"], national["decision"], strict=True))

    def with_kept_options(self, options: pd.DataFrame) -> pd.DataFrame:
        """Return options of a run, those of a question as they were where one of them stays."""
        word = self._decisions()
        stays = self.options["option"].map(lambda name: word.get(name, "") in STAYING)
        kept = set(self.options.loc[stays, "question"])
        parts = [
            self.options[self.options["question"] == name] if name in kept else own
            for name, own in options.groupby("question", sort=False)
        ]
        kept_rows = pd.concat(parts, ignore_index=True) if parts else options
        return self._without_retracted(kept_rows, ["option"])

    def untried(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the pairs of which nothing is told, as they differ from those of the release."""
        word = self._decisions()
        return {
            pair for pair in pairs if any(word.get(name, NEW) not in (NEW, EQUAL) for name in pair)
        }

    def with_kept_dyads(self, dyads: pd.DataFrame) -> pd.DataFrame:
        """Return pairs of a run, those as they were of which one stays or both are the same."""
        word = self._decisions()

        def stays(pair: tuple[str, str]) -> bool:
            words = [word.get(name, NEW) for name in pair]
            return any(w in STAYING for w in words) or all(w == EQUAL for w in words)

        before = _by_pair(self.dyads)
        parts = [
            before[pair] if pair in before and stays(pair) else own
            for pair, own in _by_pair(dyads).items()
        ]
        kept_rows = pd.concat(parts, ignore_index=True) if parts else dyads
        return self._without_retracted(kept_rows, ["child", "caregiver"])

    def _without_retracted(self, rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        gone = [name for name, word in self._decisions().items() if word == RETRACTED]
        retracted = rows[list(columns)].isin(gone).any(axis=1)
        marked = rows.copy()
        marked.loc[retracted, "n"] = pd.NA
        marked.loc[retracted, ["estimate", "ci_low", "ci_high"]] = np.nan
        marked.loc[retracted, "status"] = SUPPRESS_DISCLOSURE
        for name, mark in (("shown", "r"), ("warning", ""), ("may_be_first", False)):
            if name in marked:
                marked.loc[retracted, name] = mark
        return marked


def _by_pair(dyads: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    pairs = dyads[["child", "caregiver"]].drop_duplicates().itertuples(index=False, name=None)
    return {
        (child, caregiver): dyads[(dyads["child"] == child) & (dyads["caregiver"] == caregiver)]
        for child, caregiver in pairs
    }


def named_now(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return a table of questions or pairs of a release, its indicators under today's names."""
    columns = [name for name in _OF_INDICATORS if name in table]
    return table.assign(
        **{name: table[name].map(names.indicator).astype("str") for name in columns}
    )
