"""Compute indicators: the universe, yes and no, and the reasons why an answer is not valid.

Logic with missing answers is Kleene's: a known answer that decides the matter decides it, whatever
the others are; otherwise a missing one leaves it open. What becomes of an open composite is its
rule ``partly_missing``; where that is ``imputed``, :func:`build_composite_parts` keeps the parts.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import (
    DONT_KNOW,
    LOST,
    NOT_ASKED,
    REFUSED,
    SPECIAL_ANSWERS,
    Condition,
    Indicator,
    Item,
    answer_column,
    answer_options,
)

# What is known of a child for one indicator. States below OUTSIDE are reasons for a missing value;
# NO also stands for a valid number.
YES, NO, OUTSIDE = 1, 0, -1

REASONS = {DONT_KNOW: -2, REFUSED: -3, LOST: -4, NOT_ASKED: -5}

States = NDArray[np.int8]

Positions = NDArray[np.int16]


class CodedAnswers:
    """The answers as small integers, so that every condition is one look-up."""

    def __init__(self, answers: pd.DataFrame, codebook: Codebook) -> None:
        self._answers = answers
        self._items = {item.id: item for item in codebook.items}
        self._codes: dict[str, Positions] = {}
        self.n_rows = len(answers)

    def fulfils(self, condition: Condition, indicator: Indicator | None = None) -> States:
        """Return yes, no or why it is not known. An indicator may count don't know as no."""
        item = self._items[condition.item]
        reasons = dict(REASONS)
        if indicator is not None and indicator.dont_know == "no":
            reasons[DONT_KNOW] = NO
        if condition.is_range:
            of_status = [NO, *(reasons[states_of_special] for states_of_special in SPECIAL_ANSWERS)]
            numbers, (low, high) = self._answers[item.id].to_numpy(dtype=float), condition.limits
            # A missing number is in no range, and its status tells why it is missing.
            inside = (numbers >= low) & (numbers <= high)
            state = np.array(of_status, dtype=np.int8).take(self._code_answers(item))
            return np.where(inside, np.int8(YES), state)
        states_of_answers = [YES if option in condition.among else NO for option in item.answers]
        states_of_special = [
            YES if answer in condition.among else reasons[answer] for answer in SPECIAL_ANSWERS
        ]
        return np.array(states_of_answers + states_of_special, dtype=np.int8).take(
            self._code_answers(item)
        )

    def number(self, name: str) -> States:
        """Return `NO` where there is a number, else why there is none."""
        options = [NO, *(REASONS[special] for special in SPECIAL_ANSWERS)]
        return np.array(options, dtype=np.int8).take(self._code_answers(self._items[name]))

    def _code_answers(self, item: Item) -> Positions:
        """Return (n,) positions among the item's answers followed by the special answers."""
        if item.id not in self._codes:
            self._codes[item.id] = _find_positions(
                self._answers, answer_column(item), answer_options(item)
            )
        return self._codes[item.id]


def _find_positions(answers: pd.DataFrame, column: str, options: tuple[str, ...]) -> Positions:
    if column not in answers:
        raise StudyError(
            f"answers, column '{column}'",
            "there is no such column",
            "Run the stage 'prepare' again",
        )
    cells = answers[column].astype("category").cat
    position = {option: index for index, option in enumerate(options)}
    # The last is that of a missing cell, whose code is -1.
    of_cells = np.array([*(position.get(cell, -1) for cell in cells.categories), -1], np.int16)
    positions: Positions = of_cells.take(cells.codes.to_numpy())
    if (positions < 0).any():
        raise StudyError(
            f"answers, column '{column}'",
            f"an answer that is none of {', '.join(options)}",
            "Correct the codebook's item, or run the stage 'prepare' again",
        )
    return positions


# What is known of a child for one part of a composite, and the name of such a column.
OUTSIDE_PART = "outside"
PART_ANSWERS = ("yes", "no", "open", OUTSIDE_PART)
PART_YES, PART_NO, PART_OPEN, PART_OUTSIDE = range(4)
PART_OF = ": "

_Rule = tuple[NDArray[np.bool_], States | int]
COUNT_COLUMNS = ("n_universe", "n_valid", *(f"n_{reason}" for reason in REASONS))


def derive_states(
    answers: pd.DataFrame, codebook: Codebook, coded: "CodedAnswers | None" = None
) -> dict[str, States]:
    """Say for every indicator, in the codebook's order, what is known of each child.

    The functions below work from these states, which may be given to them where they are known; so
    may the coded answers.

    Raises:
        StudyError: an item's column is missing or holds an answer that the codebook does not know.
    """
    coded = coded or CodedAnswers(answers, codebook)
    states: dict[str, States] = {}
    for indicator in codebook.indicators:
        states[indicator.id] = _derive_state(indicator, codebook, coded, states)
    return states


def build_indicators(
    answers: pd.DataFrame, codebook: Codebook, states: Mapping[str, States] | None = None
) -> pd.DataFrame:
    """Derive every indicator from the answers.

    Args:
        answers: one row per child; per item a column of answers, special answers included; number
            items as floats with their status beside them (see :func:`status_column`).
        states: what :func:`derive_states` returns.

    Returns:
        One float column per indicator in the codebook's order, on the index of ``answers``: 1 and
        0, or the number. NaN is no valid answer: outside the universe, don't know (unless the
        indicator counts it as no), refused, lost or not asked; so is a composite left open.

    Raises:
        StudyError: an item's column is missing or holds an answer that the codebook does not know.
    """
    states = states or derive_states(answers, codebook)
    # Filled column by column and not copied again: it is the largest table there is.
    values = np.empty((len(codebook.indicators), len(answers)))
    for column, indicator in zip(values, codebook.indicators, strict=True):
        state = states[indicator.id]
        column[:] = state if indicator.value is None else answers[indicator.value]
        column[state < NO] = np.nan
    indicator_ids = [indicator.id for indicator in codebook.indicators]
    return pd.DataFrame(values.T, index=answers.index, columns=indicator_ids, copy=False)


def count_answers(
    answers: pd.DataFrame, codebook: Codebook, states: Mapping[str, States] | None = None
) -> pd.DataFrame:
    """Count, for every indicator, the children in its universe by what they answered.

    Returns:
        Unweighted counts ``indicator, n_universe, n_valid, n_dont_know, n_prefer_not_to_say,
        n_lost, n_not_asked``; the last five add up to ``n_universe``. Where several answers are
        missing, the first in the codebook's order is the reason. "Don't know" counted as no is a
        valid answer.

    Raises:
        StudyError: as :func:`build_indicators`.
    """
    rows = []
    for name, state in (states or derive_states(answers, codebook)).items():
        missing = [int((state == reason).sum()) for reason in REASONS.values()]
        rows.append((name, int((state != OUTSIDE).sum()), int((state >= NO).sum()), *missing))
    return pd.DataFrame(rows, columns=["indicator", *COUNT_COLUMNS])


def find_asked_children(
    answers: pd.DataFrame, codebook: Codebook, states: Mapping[str, States] | None = None
) -> pd.DataFrame:
    """Say for every indicator which children were asked, whatever they answered.

    A child counts as asked when it is known to belong to the indicator's universe and there is an
    answer: a valid one, don't know, refused or lost. A child whose membership is open, because the
    answer that decides it is missing, counts as not asked: that child is missing from the filter's
    own indicator and not a second time from all that follow. So does a child in the universe to
    whom the question was not put.

    Returns:
        One boolean column per indicator in the codebook's order, on the index of ``answers``. The
        number of true ones is ``n_universe - n_not_asked`` of :func:`count_answers`.

    Raises:
        StudyError: as :func:`build_indicators`.
    """
    states = states or derive_states(answers, codebook)
    columns = {name: _was_put(state) for name, state in states.items()}
    return pd.DataFrame(columns, index=answers.index)


def build_composite_parts(
    answers: pd.DataFrame, codebook: Codebook, coded: "CodedAnswers | None" = None
) -> pd.DataFrame:
    """Return the parts of every composite whose open answers are imputed.

    A composite of composites has the parts of these: what one answer was, not what they add up to.

    Returns:
        One column of :data:`PART_ANSWERS` per composite and part, named ``composite: part`` (or
        ``composite: composite/part``), on the index of ``answers``. A child who was asked no part
        is "outside" in all of them; a part that does not concern a child who was asked others is
        a "no"; no answer to it, for whatever reason, is "open".

    Raises:
        StudyError: as :func:`build_indicators`.
    """
    coded = coded or CodedAnswers(answers, codebook)
    columns = {}
    for indicator in codebook.indicators:
        if indicator.any_of and indicator.partly_missing == "imputed":
            states_of_parts = _derive_states_of_parts(indicator, codebook, coded)
            was_asked = np.any([_was_put(state) for state in states_of_parts.values()], axis=0)
            for path, state in states_of_parts.items():
                rules = [~was_asked, state == YES, state < OUTSIDE]
                part_codes = np.select(rules, [PART_OUTSIDE, PART_YES, PART_OPEN], PART_NO)
                columns[f"{indicator.id}{PART_OF}{path}"] = pd.Categorical.from_codes(
                    part_codes, pd.Index(PART_ANSWERS, dtype="str")
                )
    return pd.DataFrame(columns, index=answers.index)


def _derive_state(
    indicator: Indicator,
    codebook: Codebook,
    coded: "CodedAnswers",
    earlier_states: Mapping[str, States],
) -> States:
    """Return the (n,) state of each child, given those of the indicators defined before."""
    if indicator.any_of and indicator.partly_missing == "imputed":
        # It has its universe, and those of composites that are parts of it, already.
        return _combine_any(
            list(_derive_states_of_parts(indicator, codebook, coded).values()), indicator
        )
    if indicator.any_of:
        state = _combine_any([earlier_states[part] for part in indicator.any_of], indicator)
    elif indicator.value is not None:
        state = coded.number(indicator.value)
    else:
        state = _combine_all(
            [coded.fulfils(condition, indicator) for condition in indicator.numerator]
        )
    return _limit_to_universe(state, indicator, coded)


def _limit_to_universe(state: States, indicator: Indicator, coded: "CodedAnswers") -> States:
    for condition in indicator.universe:
        state = np.where(coded.fulfils(condition) == YES, state, np.int8(OUTSIDE))
    return state


def _derive_states_of_parts(
    indicator: Indicator, codebook: Codebook, coded: "CodedAnswers"
) -> dict[str, States]:
    """Return the states of the parts, by their path, as the composite counts them."""
    states: dict[str, States] = {}
    for name in indicator.any_of:
        part = codebook.indicator(name)
        if part.any_of:
            inner_states = _derive_states_of_parts(part, codebook, coded)
            states |= {f"{name}/{path}": state for path, state in inner_states.items()}
        else:
            states[name] = _derive_state(part, codebook, coded, {})
    for path, state in states.items():
        if indicator.dont_know == "no":
            state = np.where(state == REASONS[DONT_KNOW], np.int8(NO), state)
        states[path] = _limit_to_universe(state, indicator, coded)
    return states


def _was_put(state: States) -> NDArray[np.bool_]:
    return np.asarray((state != OUTSIDE) & (state != REASONS[NOT_ASKED]))


def _combine_all(conditions: list[States]) -> States:
    """Yes when all are yes; one known no is enough for no."""
    if len(conditions) == 1:
        return conditions[0]
    table = np.stack(conditions)
    is_no, reason = (table == NO).any(axis=0), _find_first_reason(table)
    return _apply_first_rule([(is_no, NO), (reason < OUTSIDE, reason)], otherwise=YES)


def _combine_any(states_of_parts: list[States], indicator: Indicator) -> States:
    """Yes when any part is yes; parts whose universe excludes the child say nothing."""
    table = np.stack(states_of_parts)
    if indicator.dont_know == "no":
        table[table == REASONS[DONT_KNOW]] = NO
    if indicator.partly_missing == "imputed":
        # A part without an answer beside parts that were asked is a lost answer.
        was_asked = np.any([_was_put(state) for state in states_of_parts], axis=0)
        table[(table == REASONS[NOT_ASKED]) & was_asked] = REASONS[LOST]
    is_yes, is_no, reason = (
        (table == YES).any(axis=0),
        (table == NO).any(axis=0),
        _find_first_reason(table),
    )
    yes, missing, no = (is_yes, YES), (reason < OUTSIDE, reason), (is_no, NO)
    rules: dict[str, list[_Rule]] = {
        "imputed": [yes, missing, no],
        "unless_yes_missing": [yes, missing, no],
        "complete": [missing, yes, no],
        "known_parts": [yes, no, missing],
    }
    return _apply_first_rule(rules[indicator.partly_missing], otherwise=OUTSIDE)


def _apply_first_rule(rules: list[_Rule], otherwise: int) -> States:
    """Return, for each child, the state of the first rule that holds."""
    conditions, states = zip(*rules, strict=True)
    return np.select(
        conditions, [np.asarray(state, dtype=np.int8) for state in states], np.int8(otherwise)
    )


def _find_first_reason(table: States) -> States:
    """Return each child's first state that is a reason for a missing value, else `OUTSIDE`."""
    reasons = np.full(table.shape[1], OUTSIDE, dtype=np.int8)
    for states in table[::-1]:
        np.copyto(reasons, states, where=states < OUTSIDE)
    return reasons
