"""Answers as small integers, and what they say of a child: yes, no, or why it is not known."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.definitions import Indicator
from disrupting_harm.study.items import (
    DONT_KNOW,
    LOST,
    NOT_ASKED,
    REFUSED,
    SPECIAL_ANSWERS,
    Condition,
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
            of_status = [NO, *(reasons[special] for special in SPECIAL_ANSWERS)]
            numbers, (low, high) = self._answers[item.id].to_numpy(dtype=float), condition.limits
            # A missing number is in no range, and its status tells why it is missing.
            inside = (numbers >= low) & (numbers <= high)
            state = np.array(of_status, dtype=np.int8).take(self._coded(item))
            return np.where(inside, np.int8(YES), state)
        known = [YES if option in condition.among else NO for option in item.answers]
        special = [YES if s in condition.among else reasons[s] for s in SPECIAL_ANSWERS]
        return np.array(known + special, dtype=np.int8).take(self._coded(item))

    def number(self, name: str) -> States:
        """Return `NO` where there is a number, else why there is none."""
        options = [NO, *(REASONS[special] for special in SPECIAL_ANSWERS)]
        return np.array(options, dtype=np.int8).take(self._coded(self._items[name]))

    def _coded(self, item: Item) -> Positions:
        """Return (n,) positions among the item's answers followed by the special answers."""
        if item.id not in self._codes:
            self._codes[item.id] = _positions(
                self._answers, answer_column(item), answer_options(item)
            )
        return self._codes[item.id]


def _positions(answers: pd.DataFrame, column: str, options: tuple[str, ...]) -> Positions:
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
    found: Positions = of_cells.take(cells.codes.to_numpy())
    if (found < 0).any():
        raise StudyError(
            f"answers, column '{column}'",
            f"an answer that is none of {', '.join(options)}",
            "Correct the codebook's item, or run the stage 'prepare' again",
        )
    return found
