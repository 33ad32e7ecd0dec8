"""Make typed, checked frames of one country's raw file, and count every change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from designbased.arrays import Mask
from disrupting_harm.study import contracts
from disrupting_harm.study.answers import blank_cells, item_columns, type_answers
from disrupting_harm.study.checked_tables import of_known_children, write_table
from disrupting_harm.study.codebook import SUBSAMPLE, Codebook
from disrupting_harm.study.coded_answers import NO, OUTSIDE, CodedAnswers, States
from disrupting_harm.study.domains import build_domains
from disrupting_harm.study.indicators import (
    OUTSIDE_PART,
    PART_OF,
    answer_counts,
    composite_parts,
    indicator_states,
    was_asked,
)
from disrupting_harm.study.mapping import Mapping
from disrupting_harm.study.read import read_raw
from disrupting_harm.study.sample import (
    SIMULATED,
    build_sample,
    is_respondent,
    rows_of_country,
    rows_to_keep,
    sample_columns,
)
from disrupting_harm.study.unasked import mark_unasked, unasked_indicators

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


def write_prepared(prepared: Prepared, folder: str | Path) -> None:
    """Check the frames against their contracts and write them.

    Writes ``sample.parquet, answers.parquet, indicators.parquet, asked.parquet, parts.parquet,
    dropped.csv, recodes.csv, item_answers.csv``; the Parquet files say in their metadata whether
    the data are simulated.

    Raises:
        StudyError: a frame breaks its contract.
    """
    folder = Path(folder)
    simulated = bool(prepared.sample[SIMULATED].iloc[0])
    frames = {
        "sample.parquet": (prepared.sample, contracts.SAMPLE),
        "answers.parquet": (prepared.answers, contracts.ANSWERS),
        "indicators.parquet": (prepared.indicators, contracts.INDICATORS),
        "asked.parquet": (prepared.asked, contracts.ASKED),
        "parts.parquet": (prepared.parts, contracts.PARTS),
        "dropped.csv": (prepared.dropped, contracts.DROPPED),
        "recodes.csv": (prepared.recodes, contracts.RECODES),
        "item_answers.csv": (prepared.item_answers, contracts.ITEM_ANSWERS),
    }
    for name, (frame, contract) in frames.items():
        if name != "sample.parquet" and "child_id" in frame:
            contract = of_known_children(contract)
        write_table(folder / name, frame, contract, simulated)
