"""Find the indicators that a survey did not ask, which are published as not asked.

An item counts as not asked where nobody whom it concerns has an answer to it, not even "don't
know". Whom it concerns depends on the questions before it: a follow-up that nobody reached because
nobody said yes was asked, and has an empty universe.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from designbased.arrays import Mask
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import NOT_ASKED, Indicator
from disrupting_harm.study.codebook.indicators import (
    COUNT_COLUMNS,
    NO,
    REASONS,
    YES,
    CodedAnswers,
    States,
)


def find_unasked_indicators(
    answers: pd.DataFrame, codebook: Codebook, coded: CodedAnswers | None = None
) -> tuple[str, ...]:
    """Return the indicators that the survey did not ask, in the codebook's order.

    One is not asked where an item that it needs was put to nobody whom it concerns; a composite
    where one of its parts was not asked, or, if it is judged on the known parts, none of them.

    Args:
        answers: one row per child, as :func:`.indicators.build_indicators` takes them.
        coded: the answers, where they are coded already.
    """
    coded, unasked = coded or CodedAnswers(answers, codebook), list[str]()
    for indicator in codebook.indicators:
        if _is_unasked(indicator, coded, unasked):
            unasked.append(indicator.id)
    return tuple(unasked)


def read_unasked_indicators(counts: pd.DataFrame) -> tuple[str, ...]:
    """Return the indicators that a table of ``item_answers`` marks as not asked."""
    is_unasked = (counts["n_universe"] > 0) & (counts["n_not_asked"] == counts["n_universe"])
    return tuple(counts.loc[is_unasked, "indicator"])


def mark_unasked(counts: pd.DataFrame, unasked: Sequence[str], children: int) -> pd.DataFrame:
    """Return a table of ``item_answers`` in which all children were not asked what nobody was."""
    marked_counts = counts.copy()
    is_unasked = marked_counts["indicator"].isin(unasked)
    marked_counts.loc[is_unasked, list(COUNT_COLUMNS)] = 0
    marked_counts.loc[is_unasked, ["n_universe", "n_not_asked"]] = children
    return marked_counts


def _is_unasked(indicator: Indicator, coded: CodedAnswers, unasked: Sequence[str]) -> bool:
    gates = [_ConditionState(coded.fulfils(condition)) for condition in indicator.universe]
    members = _find_children_with_all(coded, [gate.yes for gate in gates])
    if not members.any():
        concerned = _find_children_with_all(coded, [~gate.no for gate in gates])
        unknown = ~_find_children_with_all(coded, [~gate.not_put for gate in gates])
        return bool(concerned.any() and unknown[concerned].all())
    if indicator.any_of:
        are_unasked = [part in unasked for part in indicator.any_of]
        return all(are_unasked) if indicator.partly_missing == "known_parts" else any(are_unasked)
    if indicator.value is not None:
        return bool(_ConditionState(coded.number(indicator.value)).not_put[members].all())
    states = [_ConditionState(coded.fulfils(term, indicator)) for term in indicator.numerator]
    for state in states:
        # Whom a condition concerns is left open by all others.
        open_for = [other.yes | other.not_put for other in states if other is not state]
        if _nobody_was_asked(state, members & _find_children_with_all(coded, open_for)):
            return True
    return False


class _ConditionState:
    """A condition on every child: fulfilled, known not to be, or its question not put."""

    def __init__(self, state: States) -> None:
        self.yes: Mask = state == YES
        self.no: Mask = state == NO
        self.not_put: Mask = state == REASONS[NOT_ASKED]


def _nobody_was_asked(condition: _ConditionState, concerned: Mask) -> bool:
    return bool(concerned.any() and condition.not_put[concerned].all())


def _find_children_with_all(coded: CodedAnswers, flags: Sequence[Mask]) -> Mask:
    fulfils_all = np.full(coded.n_rows, True)
    for flag in flags:
        fulfils_all &= flag
    return fulfils_all
