"""Make typed, checked frames of one country's raw file, and count every change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from designbased.arrays import Integers, Mask
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import SUBSAMPLE, Codebook
from disrupting_harm.study.codebook.definitions import (
    ANSWERED,
    NOT_ASKED,
    Item,
    answer_column,
    answer_options,
)
from disrupting_harm.study.codebook.domains import build_domains
from disrupting_harm.study.codebook.indicators import (
    NO,
    OUTSIDE,
    OUTSIDE_PART,
    PART_OF,
    CodedAnswers,
    States,
    build_composite_parts,
    count_answers,
    derive_states,
    find_asked_children,
)
from disrupting_harm.study.codebook.unasked import find_unasked_indicators, mark_unasked
from disrupting_harm.study.microdata.mapping import (
    NO_STRATUM,
    ROWS,
    Mapping,
    Variable,
    column_of,
    map_codes,
    normalise_code,
)
from disrupting_harm.study.microdata.raw_cells import LARGEST, describe_rows, parse_number
from disrupting_harm.study.microdata.raw_file import read_raw
from disrupting_harm.study.microdata.sample import (
    SIMULATED,
    build_sample,
    is_respondent,
    list_sample_columns,
    select_country,
    select_rows_to_keep,
)

RECODE_COLUMNS = ("item", "column", "raw", "answer", "count")


def variable_of(item: str, mapping: Mapping) -> Variable:
    """Return where an item stands; without a column in the mapping, under its own name."""
    variable = mapping.variables.get(item) or Variable()
    return variable.model_copy(update={"column": column_of(item, mapping)})


def list_item_columns(codebook: Codebook, mapping: Mapping) -> dict[str, str]:
    """Return the raw columns that the codebook's items need, each with the item it holds."""
    column_of_item = {item.id: column_of(item.id, mapping) for item in codebook.items}
    return {column: item for item, column in column_of_item.items() if column is not None}


def count_blank_cells(raw: pd.DataFrame, codebook: Codebook, mapping: Mapping) -> pd.DataFrame:
    """Count the empty cells of every item whose meaning the mapping does not state.

    An empty cell may be a question that was skipped by design (``not_asked``) or an answer that
    should be there (``lost``). Only the second is non-response.

    Args:
        raw: text cells of the children interviewed.
        mapping: columns; a key ``blank``, or "" among the codes of ``missing``, answers.

    Returns:
        ``item, column, blank, rows``, one row per item with such cells, in the codebook's order.
    """
    counts = []
    for item in codebook.items:
        variable = variable_of(item.id, mapping)
        stated = {"", *(mapping.blank, variable.blank)} - {"", None}
        stated |= {
            answer
            for answer in (_find_special_answer(variable, ""), _find_special_answer(mapping, ""))
            if answer
        }
        if variable.column is not None and not stated:
            blank = int((raw[variable.column] == "").sum())
            if blank:
                counts.append((item.id, variable.column, blank, len(raw)))
    return pd.DataFrame(counts, columns=["item", "column", "blank", "rows"])


def type_answers(
    raw: pd.DataFrame, codebook: Codebook, mapping: Mapping, location: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn raw cells into answers.

    Args:
        raw: text cells, as :func:`disrupting_harm.study.microdata.raw_file.read_raw` returns them.
        location: the raw file, for messages.

    Returns:
        The answers on the index of ``raw`` (categories: the item's answers and the special ones;
        number items are floats with their status in the :func:`status_column`), and what became of
        every raw value: ``item, column, raw, answer, count``.

    Raises:
        StudyError: a code that the mapping does not know, a cell of a number item that is no
            number, or a number beyond the item's limits; it names the item, the column, the first
            rows and the count, but not what stands there.
    """
    answers: dict[str, Any] = {}
    recodes: list[tuple[str, str, str, str, int]] = []
    counted_by_range = codebook.counted_by_range
    for item in codebook.items:
        variable = variable_of(item.id, mapping)
        if variable.column is None:
            answers |= _fill_unasked(item, raw.index)
            continue
        column = _ItemColumn(raw, item, variable, location)
        decoded = column.decode_cells(_map_codes_to_answers(item, column.variable, mapping))
        if item.type == "number":
            numbers = [parse_number(answer) for answer in decoded]
            column.check_limits(numbers)
            if item.id in counted_by_range:
                column.check_whole(numbers)
            answers[item.id] = np.array(numbers, dtype=float)[column.codes]
            decoded = [
                answer if number is None else ANSWERED
                for answer, number in zip(decoded, numbers, strict=True)
            ]
        answers[answer_column(item)] = column.spread_answers(decoded)
        recodes += column.count_recodes(decoded)
    typed = pd.DataFrame(answers, index=raw.index)
    return typed, pd.DataFrame(recodes, columns=list(RECODE_COLUMNS))


def _map_codes_to_answers(item: Item, variable: Variable, mapping: Mapping) -> dict[str, str]:
    """Return the answer of every code; a code of the column itself beats one of all columns."""
    usual = mapping.yes_no if item.type == "yes_no" else {answer: answer for answer in item.answers}
    return {
        "": variable.blank or _find_special_answer(mapping, "") or mapping.blank or NOT_ASKED,
        **map_codes({} if variable.codes else usual),
        **{code: answer for code, answer in map_codes({}, mapping.missing).items() if code},
        **map_codes(variable.codes, variable.missing),
    }


def _find_special_answer(mapping: Mapping | Variable, code: str) -> str | None:
    """Return the special answer that a code stands for; None where it stands for none."""
    return map_codes({}, mapping.missing).get(code)


def _categorise_answers(item: Item, distinct: list[str], codes: Integers) -> "pd.Categorical[str]":
    """Return one answer per row, from the distinct ones and the code of each row among them."""
    options = answer_options(item)
    position = np.array([options.index(answer) for answer in distinct])
    return pd.Categorical.from_codes(position[codes], pd.Index(options, dtype="str"))


def _fill_unasked(item: Item, rows: pd.Index) -> dict[str, Any]:
    """Return the columns of an item that the survey did not ask, filled with "not asked"."""
    nobody = _categorise_answers(item, [NOT_ASKED], np.zeros(len(rows), dtype=np.intp))
    numbers = {item.id: np.full(len(rows), np.nan)} if item.type == "number" else {}
    return {**numbers, answer_column(item): nobody}


class _ItemColumn:
    """The raw column of one item: its distinct cells, and messages on what is wrong in them."""

    def __init__(self, raw: pd.DataFrame, item: Item, variable: Variable, location: str) -> None:
        self.item, self.variable = item, variable
        self._rows = raw.index
        self._location = f"{location}, column '{variable.column}', item '{item.id}'"
        cells = raw[str(variable.column)].astype("category").cat
        self.codes, used = pd.factorize(cells.codes.to_numpy())
        self._cells: list[str] = cells.categories[used].tolist()

    def decode_cells(self, lookup: dict[str, str]) -> list[str]:
        """Return the answer of every distinct cell; numbers of a number item stay text."""
        number = self.item.type == "number"
        numbers = {cell: cell for cell in self._cells if number and parse_number(cell) is not None}
        answers = [lookup.get(normalise_code(cell), numbers.get(cell)) for cell in self._cells]
        unknown = [index for index, answer in enumerate(answers) if answer is None]
        if unknown:
            valid_answers = (
                "" if number else f"; the item's answers are {', '.join(self.item.answers)}"
            )
            raise self._describe_fault(
                unknown,
                "no number and no code that the mapping knows"
                if number
                else "a code that the mapping does not know",
                f"Add the code to 'codes' or 'missing' of 'variables.{self.item.id}' in the "
                f"mapping, or correct the file{valid_answers}",
            )
        return [answer for answer in answers if answer is not None]

    def check_limits(self, numbers: list[float | None]) -> None:
        """Refuse numbers beyond the item's minimum and maximum."""
        lowest, highest = self.item.minimum, self.item.maximum
        indexed_numbers = [
            (index, number) for index, number in enumerate(numbers) if number is not None
        ]
        low = [index for index, number in indexed_numbers if lowest is not None and number < lowest]
        high = [
            index for index, number in indexed_numbers if highest is not None and number > highest
        ]
        remedy = (
            "Correct the file, add the code to 'missing' in the mapping, or change the item's "
            "limits in the codebook"
        )
        if low:
            raise self._describe_fault(low, f"a number below the minimum {lowest:g}", remedy)
        if high:
            raise self._describe_fault(high, f"a number above the maximum {highest:g}", remedy)
        huge = [index for index, number in indexed_numbers if abs(number) > LARGEST]
        if huge:
            raise self._describe_fault(huge, "a number out of all proportion", remedy)

    def check_whole(self, numbers: list[float | None]) -> None:
        """Refuse fractions, which would lie between two ranges that seem to meet."""
        indexed_numbers = [
            (index, number) for index, number in enumerate(numbers) if number is not None
        ]
        fractions = [index for index, number in indexed_numbers if number != int(number)]
        if fractions:
            raise self._describe_fault(
                fractions,
                "a number that is not whole, though an indicator counts this item by a range",
                "Give the column in a unit of which all numbers are whole, such as minutes for "
                "hours",
            )

    def spread_answers(self, decoded: list[str]) -> "pd.Categorical[str]":
        """Return one answer per row from one per distinct cell."""
        return _categorise_answers(self.item, decoded, self.codes)

    def count_recodes(self, answers: list[str]) -> list[tuple[str, str, str, str, int]]:
        """Return ``item, column, raw, answer, count`` for every distinct cell, in order."""
        counts = np.bincount(self.codes, minlength=len(self._cells))
        order = sorted(range(len(self._cells)), key=lambda index: _sort_key(self._cells[index]))
        item_and_column = self.item.id, str(self.variable.column)
        return [
            (*item_and_column, self._cells[index], answers[index], int(counts[index]))
            for index in order
        ]

    def _describe_fault(self, cell_indices: list[int], finding: str, remedy: str) -> StudyError:
        rows = self._rows[np.isin(self.codes, cell_indices)]
        count = f", {len(cell_indices)} different ones," if len(cell_indices) > 1 else ""
        return StudyError(self._location, f"{finding}{count} in {describe_rows(rows)}", remedy)


def _sort_key(cell: str) -> tuple[bool, float, str]:
    number = parse_number(cell)
    return number is None, number or 0.0, cell


# The codes of these categories are the states NO and YES; a missing one has the code of OUTSIDE.
NO_AND_YES = pd.Index([0.0, 1.0])


@dataclass(frozen=True)
class PreparedCountry:
    """One country, prepared. The frames' columns are those of :mod:`contracts`.

    Attributes:
        sample: one row per child drawn: design, weights, outcome and one column per domain.
        answers: one row per respondent: every item.
        indicators: one row per respondent: every indicator, in the order of ``answers``; numbers,
            or the categories 0 and 1, which take a byte each.
        asked: one row per respondent: who was asked for every indicator, in the same order.
        parts: one row per respondent: what each part of a composite was, in the same order.
        dropped: ``row, reason`` of the rows that take no part in estimates.
        recodes: ``item, column, raw, answer, count``: what became of every raw value.
        item_answers: per indicator, why answers are not valid.
        blank: ``item, column, blank, rows``: empty cells whose meaning the mapping does not state.
    """

    sample: pd.DataFrame
    answers: pd.DataFrame
    indicators: pd.DataFrame
    asked: pd.DataFrame
    parts: pd.DataFrame
    dropped: pd.DataFrame
    recodes: pd.DataFrame
    item_answers: pd.DataFrame
    blank: pd.DataFrame


def prepare_country(
    country: str,
    raw_file: str | Path,
    mapping: Mapping,
    codebook: Codebook,
    *,
    simulated: bool,
    source: Literal["column", "selection"],
    lonely_psu: str = "fail",
) -> PreparedCountry:
    """Read, check and type one country's raw file.

    Args:
        raw_file: CSV, Parquet, SPSS or Stata file.
        simulated: ``study.simulated`` of the configuration.
        source: ``weighting.source`` of the configuration.
        lonely_psu: ``estimation.lonely_psu`` of the configuration.

    Raises:
        StudyError: for the first fault in the file, naming column, row, value and remedy.
    """
    location = str(raw_file)
    items = list_item_columns(codebook, mapping)
    raw = read_raw(
        raw_file,
        columns=[*list_sample_columns(mapping, source), *items],
        optional=[SIMULATED, NO_STRATUM, ROWS],
        file_format=mapping.format,
        delimiter=mapping.delimiter,
        items=items,
    )
    raw = select_country(raw, mapping, country, location)
    raw, not_kept = select_rows_to_keep(raw, mapping, location)
    sample, dropped = build_sample(raw, mapping, country, location, simulated, source, lonely_psu)
    typed, recodes = type_answers(raw, codebook, mapping, location)
    sample = sample.join(build_domains(typed, codebook, location))
    respondents = sample.index[is_respondent(sample)]
    answers = typed.loc[respondents].reset_index(drop=True)
    children = sample.loc[respondents, ["child_id"]].reset_index(drop=True)
    coded = CodedAnswers(answers, codebook)
    unasked = list(find_unasked_indicators(answers, codebook, coded))
    states = derive_states(answers, codebook, coded)
    outside = _find_outside_subsamples(sample.loc[respondents], codebook)
    states |= {name: np.where(out, np.int8(OUTSIDE), states[name]) for name, out in outside.items()}
    indicators = _store_in_bytes(answers, codebook, states)
    was_asked = find_asked_children(answers, codebook, states)
    # Logic alone could still tell a no, or a composite of what is left of its parts.
    indicators[unasked], was_asked[unasked] = np.nan, False
    counts = count_answers(answers, codebook, states)
    parts = build_composite_parts(answers, codebook, coded)
    for name in map(str, parts):
        composite = name.partition(PART_OF)[0]
        if composite in unasked:
            parts[name] = OUTSIDE_PART
        elif composite in outside:
            parts.loc[outside[composite], name] = OUTSIDE_PART
    return PreparedCountry(
        sample=sample.reset_index(drop=True),
        answers=children.join(answers),
        indicators=children.join(indicators),
        asked=children.join(was_asked),
        parts=children.join(parts),
        dropped=pd.concat([not_kept, dropped]).sort_values("row", ignore_index=True),
        recodes=recodes,
        item_answers=mark_unasked(counts, unasked, len(answers)),
        blank=count_blank_cells(raw.loc[respondents], codebook, mapping),
    )


def _store_in_bytes(
    answers: pd.DataFrame, codebook: Codebook, states: dict[str, States]
) -> pd.DataFrame:
    """Return the columns of :func:`build_indicators`, no and yes as categories of numbers."""
    columns: dict[str, Any] = {}
    for indicator in codebook.indicators:
        state = states[indicator.id]
        if indicator.value is None:
            columns[indicator.id] = pd.Categorical.from_codes(
                np.maximum(state, OUTSIDE), NO_AND_YES
            )
        else:
            columns[indicator.id] = np.where(state < NO, np.nan, answers[indicator.value])
    return pd.DataFrame(columns, index=answers.index)


def _find_outside_subsamples(respondents: pd.DataFrame, codebook: Codebook) -> dict[str, Mask]:
    """Say for each indicator of a subsample which respondents are not in it."""
    return {
        indicator: (respondents[SUBSAMPLE + weight] == 0).to_numpy()
        for weight, indicators in codebook.subsamples.items()
        for indicator in indicators
    }
