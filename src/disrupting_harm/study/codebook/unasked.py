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


def unasked_indicators(
    answers: pd.DataFrame, codebook: Codebook, coded: CodedAnswers | None = None
) -> tuple[str, ...]:
    """Return the indicators that the survey did not ask, in the codebook's order.

    One is not asked where an item that it needs was put to nobody whom it concerns; a composite
    where one of its parts was not asked, or, if it is judged on the known parts, none of them.

    Args:
        answers: one row per child, as :func:`.indicators.build_indicators` takes them.
        codebook: the definitions.
        coded: the answers, where they are coded already.
    """
    coded, found = coded or CodedAnswers(answers, codebook), list[str]()
    for indicator in codebook.indicators:
        if _is_unasked(indicator, coded, found):
            found.append(indicator.id)
    return tuple(found)


def unasked_of(counts: pd.DataFrame) -> tuple[str, ...]:
    """Return the indicators that a table of ``item_answers`` marks as not asked."""
    nobody = (counts["n_universe"] > 0) & (counts["n_not_asked"] == counts["n_universe"])
    return tuple(counts.loc[nobody, "indicator"])


def mark_unasked(counts: pd.DataFrame, unasked: Sequence[str], children: int) -> pd.DataFrame:
    """Return a table of ``item_answers`` in which all children were not asked what nobody was."""
    marked = counts.copy()
    rows = marked["indicator"].isin(unasked)
    marked.loc[rows, list(COUNT_COLUMNS)] = 0
    marked.loc[rows, ["n_universe", "n_not_asked"]] = children
    return marked


def _is_unasked(indicator: Indicator, coded: CodedAnswers, found: Sequence[str]) -> bool:
    gates = [_Put(coded.fulfils(condition)) for condition in indicator.universe]
    members = _all(coded, [gate.yes for gate in gates])
    if not members.any():
        concerned = _all(coded, [~gate.no for gate in gates])
        unknown = ~_all(coded, [~gate.unput for gate in gates])
        return bool(concerned.any() and unknown[concerned].all())
    if indicator.any_of:
        parts = [part in found for part in indicator.any_of]
        return all(parts) if indicator.partly_missing == "known_parts" else any(parts)
    if indicator.value is not None:
        return bool(_Put(coded.number(indicator.value)).unput[members].all())
    conditions = [_Put(coded.fulfils(one, indicator)) for one in indicator.numerator]
    return any(
        _nobody_was_asked(condition, members & _all(coded, [o.yes | o.unput for o in others]))
        for condition, others in (
            (one, [other for other in conditions if other is not one]) for one in conditions
        )
    )


class _Put:
    """A condition on every child: fulfilled, known not to be, or its question not put."""

    def __init__(self, state: States) -> None:
        self.yes: Mask = state == YES
        self.no: Mask = state == NO
        self.unput: Mask = state == REASONS[NOT_ASKED]


def _nobody_was_asked(condition: _Put, concerned: Mask) -> bool:
    return bool(concerned.any() and condition.unput[concerned].all())


def _all(coded: CodedAnswers, flags: Sequence[Mask]) -> Mask:
    every = np.full(coded.n_rows, True)
    for flag in flags:
        every &= flag
    return every
