"""What is told of questions and pairs of respondents, which stands with their national tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.releases.records import CurrentNames
from disrupting_harm.releases.release_messages import EQUAL, NATION, NEW, RETRACTED, STAYING
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE

_INDICATOR_COLUMNS = ("option", "child", "caregiver")


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

    def _national_decisions(self) -> dict[str, str]:
        national = self.tables[self.tables["domain"] == NATION]
        return dict(zip(national["indicator"], national["decision"], strict=True))

    def keep_frozen_options(self, options: pd.DataFrame) -> pd.DataFrame:
        """Return options of a run, those of a question as they were where one of them stays."""
        decision_by_indicator = self._national_decisions()
        is_staying = self.options["option"].map(
            lambda name: decision_by_indicator.get(name, "") in STAYING
        )
        frozen_questions = set(self.options.loc[is_staying, "question"])
        tables = [
            self.options[self.options["question"] == name]
            if name in frozen_questions
            else rows_of_question
            for name, rows_of_question in options.groupby("question", sort=False)
        ]
        rows = pd.concat(tables, ignore_index=True) if tables else options
        return self._empty_retracted(rows, ["option"])

    def find_untried_pairs(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the pairs of which nothing is told, as they differ from those of the release."""
        decision_by_indicator = self._national_decisions()
        return {
            pair
            for pair in pairs
            if any(decision_by_indicator.get(name, NEW) not in (NEW, EQUAL) for name in pair)
        }

    def keep_frozen_dyads(self, dyads: pd.DataFrame) -> pd.DataFrame:
        """Return pairs of a run, those as they were of which one stays or both are the same."""
        decision_by_indicator = self._national_decisions()

        def is_kept(pair: tuple[str, str]) -> bool:
            decisions = [decision_by_indicator.get(name, NEW) for name in pair]
            return any(decision in STAYING for decision in decisions) or all(
                decision == EQUAL for decision in decisions
            )

        former_pairs = _split_by_pair(self.dyads)
        tables = [
            former_pairs[pair] if pair in former_pairs and is_kept(pair) else rows_of_pair
            for pair, rows_of_pair in _split_by_pair(dyads).items()
        ]
        rows = pd.concat(tables, ignore_index=True) if tables else dyads
        return self._empty_retracted(rows, ["child", "caregiver"])

    def _empty_retracted(self, rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        retracted_indicators = [
            name for name, decision in self._national_decisions().items() if decision == RETRACTED
        ]
        is_retracted = rows[list(columns)].isin(retracted_indicators).any(axis=1)
        without_numbers = rows.copy()
        without_numbers.loc[is_retracted, "n"] = pd.NA
        without_numbers.loc[is_retracted, ["estimate", "ci_low", "ci_high"]] = np.nan
        without_numbers.loc[is_retracted, "status"] = SUPPRESS_DISCLOSURE
        for name, mark in (("shown", "r"), ("warning", ""), ("may_be_first", False)):
            if name in without_numbers:
                without_numbers.loc[is_retracted, name] = mark
        return without_numbers


def _split_by_pair(dyads: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    pairs = dyads[["child", "caregiver"]].drop_duplicates().itertuples(index=False, name=None)
    return {
        (child, caregiver): dyads[(dyads["child"] == child) & (dyads["caregiver"] == caregiver)]
        for child, caregiver in pairs
    }


def rename_indicator_columns(table: pd.DataFrame, current_names: CurrentNames) -> pd.DataFrame:
    """Return a table of questions or pairs of a release, its indicators under today's names."""
    columns = [name for name in _INDICATOR_COLUMNS if name in table]
    return table.assign(
        **{name: table[name].map(current_names.indicator).astype("str") for name in columns}
    )
