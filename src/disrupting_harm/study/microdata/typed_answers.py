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
    answer_counts,
    composite_parts,
    indicator_states,
    was_asked,
)
from disrupting_harm.study.codebook.unasked import mark_unasked, unasked_indicators
from disrupting_harm.study.microdata.mapping import Mapping, Variable, by_code, code_key, column_of
from disrupting_harm.study.microdata.raw_cells import LARGEST, parse_number, rows_of
from disrupting_harm.study.microdata.read import read_raw
from disrupting_harm.study.microdata.sample import (
    SIMULATED,
    build_sample,
    is_respondent,
    rows_of_country,
    rows_to_keep,
    sample_columns,
)

# From raw codes to typed answers: yes, no, a choice or a number, or a special answer.


RECODE_COLUMNS = ("item", "column", "raw", "answer", "count")


def variable_of(item: str, mapping: Mapping) -> Variable:
    """Return where an item stands; without a column in the mapping, under its own name."""
    variable = mapping.variables.get(item) or Variable()
    return variable.model_copy(update={"column": column_of(item, mapping)})


def item_columns(codebook: Codebook, mapping: Mapping) -> dict[str, str]:
    """Return the raw columns that the codebook's items need, each with the item it holds."""
    named = {item.id: column_of(item.id, mapping) for item in codebook.items}
    return {column: item for item, column in named.items() if column is not None}


def blank_cells(raw: pd.DataFrame, codebook: Codebook, mapping: Mapping) -> pd.DataFrame:
    """Count the empty cells of every item whose meaning the mapping does not state.

    An empty cell may be a question that was skipped by design (``not_asked``) or an answer that
    should be there (``lost``). Only the second is non-response.

    Args:
        raw: text cells of the children interviewed.
        codebook: items.
        mapping: columns; a key ``blank``, or "" among the codes of ``missing``, answers.

    Returns:
        ``item, column, blank, rows``, one row per item with such cells, in the codebook's order.
    """
    found = []
    for item in codebook.items:
        variable = variable_of(item.id, mapping)
        stated = {"", *(mapping.blank, variable.blank)} - {"", None}
        stated |= {answer for answer in (_given(variable, ""), _given(mapping, "")) if answer}
        if variable.column is not None and not stated:
            blank = int((raw[variable.column] == "").sum())
            if blank:
                found.append((item.id, variable.column, blank, len(raw)))
    return pd.DataFrame(found, columns=["item", "column", "blank", "rows"])


def type_answers(
    raw: pd.DataFrame, codebook: Codebook, mapping: Mapping, where: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn raw cells into answers.

    Args:
        raw: text cells, as :func:`disrupting_harm.study.microdata.read.read_raw` returns them.
        codebook: items and their valid answers.
        mapping: columns, codes and special answers.
        where: the raw file, for messages.

    Returns:
        The answers on the index of ``raw`` (categories: the item's answers and the special ones;
        number items are floats with their status in the :func:`status_column`), and what became of
        every raw value:
        ``item, column, raw, answer, count``.

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
            answers |= _unasked(item, raw.index)
            continue
        column = _RawColumn(raw, item, variable, where)
        decoded = column.decoded(_lookup(item, column.variable, mapping))
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
        answers[answer_column(item)] = column.answers(decoded)
        recodes += column.recodes(decoded)
    typed = pd.DataFrame(answers, index=raw.index)
    return typed, pd.DataFrame(recodes, columns=list(RECODE_COLUMNS))


def _lookup(item: Item, variable: Variable, mapping: Mapping) -> dict[str, str]:
    """Return the answer of every code; what is said of the column beats what is said of all."""
    usual = mapping.yes_no if item.type == "yes_no" else {a: a for a in item.answers}
    return {
        "": variable.blank or _given(mapping, "") or mapping.blank or NOT_ASKED,
        **by_code({} if variable.codes else usual),
        **{code: word for code, word in by_code({}, mapping.missing).items() if code},
        **by_code(variable.codes, variable.missing),
    }


def _given(said: Mapping | Variable, code: str) -> str | None:
    """Return the special answer that a code is said to be."""
    return by_code({}, said.missing).get(code)


def _answers(item: Item, distinct: list[str], codes: Integers) -> "pd.Categorical[str]":
    """Return one answer per row, from the distinct ones and the code of each row among them."""
    options = answer_options(item)
    position = np.array([options.index(answer) for answer in distinct])
    return pd.Categorical.from_codes(position[codes], pd.Index(options, dtype="str"))


def _unasked(item: Item, rows: pd.Index) -> dict[str, Any]:
    """Return the columns of an item that the survey did not ask."""
    nobody = _answers(item, [NOT_ASKED], np.zeros(len(rows), dtype=np.intp))
    numbers = {item.id: np.full(len(rows), np.nan)} if item.type == "number" else {}
    return {**numbers, answer_column(item): nobody}


class _RawColumn:
    """The raw column of one item: its distinct cells, and the words for what is wrong in them."""

    def __init__(self, raw: pd.DataFrame, item: Item, variable: Variable, where: str) -> None:
        self.item, self.variable = item, variable
        self._rows = raw.index
        self._where = f"{where}, column '{variable.column}', item '{item.id}'"
        cells = raw[str(variable.column)].astype("category").cat
        self.codes, used = pd.factorize(cells.codes.to_numpy())
        self._cells: list[str] = cells.categories[used].tolist()

    def decoded(self, lookup: dict[str, str]) -> list[str]:
        """Return the answer of every distinct cell; numbers of a number item stay text."""
        number = self.item.type == "number"
        own = {cell: cell for cell in self._cells if number and parse_number(cell) is not None}
        answers = [lookup.get(code_key(cell), own.get(cell)) for cell in self._cells]
        unknown = [at for at, answer in enumerate(answers) if answer is None]
        if unknown:
            wanted = "" if number else f"; the item's answers are {', '.join(self.item.answers)}"
            raise self._fault(
                unknown,
                "no number and no code that the mapping knows"
                if number
                else "a code that the mapping does not know",
                f"Add the code to 'codes' or 'missing' of 'variables.{self.item.id}' in the "
                f"mapping, or correct the file{wanted}",
            )
        return [answer for answer in answers if answer is not None]

    def check_limits(self, numbers: list[float | None]) -> None:
        """Refuse numbers beyond the item's minimum and maximum."""
        lowest, highest = self.item.minimum, self.item.maximum
        known = [(at, number) for at, number in enumerate(numbers) if number is not None]
        low = [at for at, number in known if lowest is not None and number < lowest]
        high = [at for at, number in known if highest is not None and number > highest]
        remedy = (
            "Correct the file, add the code to 'missing' in the mapping, or change the item's "
            "limits in the codebook"
        )
        if low:
            raise self._fault(low, f"a number below the minimum {lowest:g}", remedy)
        if high:
            raise self._fault(high, f"a number above the maximum {highest:g}", remedy)
        huge = [at for at, number in known if abs(number) > LARGEST]
        if huge:
            raise self._fault(huge, "a number out of all proportion", remedy)

    def check_whole(self, numbers: list[float | None]) -> None:
        """Refuse fractions, which would lie between two ranges that seem to meet."""
        known = [(at, number) for at, number in enumerate(numbers) if number is not None]
        fractions = [at for at, number in known if number != int(number)]
        if fractions:
            raise self._fault(
                fractions,
                "a number that is not whole, though an indicator counts this item by a range",
                "Give the column in a unit of which all numbers are whole, such as minutes for "
                "hours",
            )

    def answers(self, decoded: list[str]) -> "pd.Categorical[str]":
        """Return one answer per row from one per distinct cell."""
        return _answers(self.item, decoded, self.codes)

    def recodes(self, answers: list[str]) -> list[tuple[str, str, str, str, int]]:
        """Return ``item, column, raw, answer, count`` for every distinct cell, in order."""
        counts = np.bincount(self.codes, minlength=len(self._cells))
        order = sorted(range(len(self._cells)), key=lambda at: _numbers_first(self._cells[at]))
        names = self.item.id, str(self.variable.column)
        return [(*names, self._cells[at], answers[at], int(counts[at])) for at in order]

    def _fault(self, cells: list[int], what: str, remedy: str) -> StudyError:
        rows = self._rows[np.isin(self.codes, cells)]
        kinds = f", {len(cells)} different ones," if len(cells) > 1 else ""
        return StudyError(self._where, f"{what}{kinds} in {rows_of(rows)}", remedy)


def _numbers_first(text: str) -> tuple[bool, float, str]:
    number = parse_number(text)
    return number is None, number or 0.0, text


# The codes of these categories are the states NO and YES; a missing one has the code of OUTSIDE.
NO_AND_YES = pd.Index([0.0, 1.0])


@dataclass(frozen=True)
class Prepared:
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
) -> Prepared:
    """Read, check and type one country's raw file.

    Args:
        country: its code.
        raw_file: CSV, Parquet, SPSS or Stata file.
        mapping: how its columns and codes become the codebook's items.
        codebook: items, domains and indicators.
        simulated: ``study.simulated`` of the configuration.
        source: ``weighting.source`` of the configuration.
        lonely_psu: ``estimation.lonely_psu`` of the configuration.

    Raises:
        StudyError: for the first fault in the file, naming column, row, value and remedy.
    """
    where = str(raw_file)
    items = item_columns(codebook, mapping)
    raw = read_raw(
        raw_file,
        columns=[*sample_columns(mapping, source), *items],
        optional=[SIMULATED],
        file_format=mapping.format,
        delimiter=mapping.delimiter,
        items=items,
    )
    raw = rows_of_country(raw, mapping, country, where)
    raw, not_kept = rows_to_keep(raw, mapping, where)
    sample, dropped = build_sample(raw, mapping, country, where, simulated, source, lonely_psu)
    typed, recodes = type_answers(raw, codebook, mapping, where)
    sample = sample.join(build_domains(typed, codebook, where))
    respondents = sample.index[is_respondent(sample)]
    answers = typed.loc[respondents].reset_index(drop=True)
    children = sample.loc[respondents, ["child_id"]].reset_index(drop=True)
    coded = CodedAnswers(answers, codebook)
    unasked = list(unasked_indicators(answers, codebook, coded))
    states = indicator_states(answers, codebook, coded)
    outside = _outside_subsamples(sample.loc[respondents], codebook)
    states |= {name: np.where(out, np.int8(OUTSIDE), states[name]) for name, out in outside.items()}
    indicators = _in_bytes(answers, codebook, states)
    asked = was_asked(answers, codebook, states)
    # Logic alone could still tell a no, or a composite of what is left of its parts.
    indicators[unasked], asked[unasked] = np.nan, False
    counts = answer_counts(answers, codebook, states)
    parts = composite_parts(answers, codebook, coded)
    for name in map(str, parts):
        composite = name.partition(PART_OF)[0]
        if composite in unasked:
            parts[name] = OUTSIDE_PART
        elif composite in outside:
            parts.loc[outside[composite], name] = OUTSIDE_PART
    return Prepared(
        sample=sample.reset_index(drop=True),
        answers=children.join(answers),
        indicators=children.join(indicators),
        asked=children.join(asked),
        parts=children.join(parts),
        dropped=pd.concat([not_kept, dropped]).sort_values("row", ignore_index=True),
        recodes=recodes,
        item_answers=mark_unasked(counts, unasked, len(answers)),
        blank=blank_cells(raw.loc[respondents], codebook, mapping),
    )


def _in_bytes(answers: pd.DataFrame, codebook: Codebook, states: dict[str, States]) -> pd.DataFrame:
    """Return the columns of :func:`build_indicators`, no and yes as categories of numbers."""
    columns: dict[str, Any] = {}
    for entry in codebook.indicators:
        state = states[entry.id]
        if entry.value is None:
            columns[entry.id] = pd.Categorical.from_codes(np.maximum(state, OUTSIDE), NO_AND_YES)
        else:
            columns[entry.id] = np.where(state < NO, np.nan, answers[entry.value])
    return pd.DataFrame(columns, index=answers.index)


def _outside_subsamples(respondents: pd.DataFrame, codebook: Codebook) -> dict[str, Mask]:
    """Say for each indicator of a subsample which respondents are not in it."""
    return {
        indicator: (respondents[SUBSAMPLE + weight] == 0).to_numpy()
        for weight, indicators in codebook.subsamples.items()
        for indicator in indicators
    }
