"""Stage *estimate*: all indicators in all domains of one country, in one pass."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from designbased.calibration.calibrated_errors import (
    CalibratedFrame,
    calibrated_frame,
    margin_indicators,
)
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.group_design import group_design
from designbased.estimates.linearisation import estimate
from designbased.estimates.stabilised_intervals import kish_n
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.cells_present import mark_not_asked, select_present_cells
from disrupting_harm.publication.reliability import judge
from disrupting_harm.releases.accepted_release import read_last_cells
from disrupting_harm.releases.frozen_tables import keep_held_estimates
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.study.codebook.codebook import SUBSAMPLE, Codebook
from disrupting_harm.study.codebook.indicators import OUTSIDE_PART, PART_OF
from disrupting_harm.study.codebook.same_answers import drop_own_domains
from disrupting_harm.study.codebook.unasked import read_unasked_indicators
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.study.microdata.sample import is_of_few, is_respondent
from disrupting_harm.tables.contracts import INDICATORS, PARTS, SAMPLE, restricted_contract
from disrupting_harm.tables.io import of_known_children, read_table, write_table


def estimate_country(
    *,
    country: str,
    sample: str,
    indicators: str,
    parts: str,
    weights: str,
    item_answers: str,
    codebook: dict[str, Any],
    estimation: dict[str, Any],
    margins: Sequence[str],
    reliability: str,
    simulated: bool,
    output: str,
    gate: Sequence[str] = (),
    accepted: str | None = None,
    moved: Mapping[str, Any] | None = None,
) -> None:
    """Write the estimates of one country at full precision, each judged for reliability.

    Levels in which nobody was interviewed have no row, nor has an indicator in a domain that is
    made of its own answers. Of a country that the gate holds nothing is estimated: new numbers
    beside the old ones would tell what a few children answered.

    Args:
        gate: the files of :class:`~.gate_outputs.GateFiles` in its order; none where no release is
            updated.
        accepted: the country's tables in the last release, if it has any.
        moved: ``publication.release.moved`` of the configuration.
    """
    definitions = Codebook.model_validate(codebook)
    verdict = GateFiles(*gate).read_verdict() if gate else None
    if verdict and verdict.is_held:
        assert accepted is not None
        renames = {name: Rename.model_validate(renamed) for name, renamed in (moved or {}).items()}
        previous = read_last_cells(accepted, renames, definitions)
        held_table = keep_held_estimates(previous, verdict.tables, definitions)
        write_table(output, held_table, restricted_contract("country/estimates"), simulated)
        return
    design_frame, outcomes, domains = read_analysis(sample, indicators, weights, definitions)
    statistics = definitions.statistics
    composites = read_composites(parts, outcomes.index)
    calibration_of_all = (
        build_calibration(design_frame, margins) if estimation["calibrated_errors"] else None
    )
    tables = []
    for weight, indicator_ids in group_by_weight(definitions):
        # Weights of subsamples are taken from the file; nothing here calibrated them.
        calibration = calibration_of_all if weight == "weight" else None
        design = build_design(
            design_frame.assign(weight=design_frame[weight]), estimation["lonely_psu"]
        )
        own_composites = {name: composites[name] for name in indicator_ids if name in composites}
        table = estimate(
            design,
            outcomes[indicator_ids],
            domains,
            statistics={name: statistics[name] for name in indicator_ids},
            interval=estimation["interval"],
            confidence=estimation["confidence"],
            calibration=calibration,
            composites=own_composites,
        )
        # Standards ask for it of totals alone.
        table["n_kish"] = np.nan
        totals = [name for name in indicator_ids if statistics[name] == "total"]
        if totals:
            rows = table["indicator"].isin(totals)
            table.loc[rows, "n_kish"] = kish_n(design, outcomes[totals], domains)
        table = table.merge(group_design(design, domains), on=["domain", "level"], how="left")
        tables.append(select_present_cells(table, domains, design.weight))
    table = _order_by_codebook(tables, definitions)
    measured = table.drop(columns="df_design").assign(
        item_nonresponse=table["indicator"].map(compute_item_nonresponse(item_answers)),
    )
    judged = judge(measured, reliability, statistics)
    judged = judged.drop(columns=["n_kish", "item_nonresponse", "imputed"])
    unasked = read_unasked_indicators(
        read_table(item_answers, restricted_contract("country/item_answers"))
    )
    judged = mark_not_asked(drop_own_domains(judged, definitions), unasked, domains)
    judged.insert(0, "country", country)
    write_table(output, judged, restricted_contract("country/estimates"), simulated)


def group_by_weight(codebook: Codebook) -> list[tuple[str, list[str]]]:
    """Return the columns of weights, that of all children first, and the indicators of each."""
    of_subsamples = {
        name for indicator_ids in codebook.subsamples.values() for name in indicator_ids
    }
    of_all = [
        indicator.id for indicator in codebook.indicators if indicator.id not in of_subsamples
    ]
    indicators_of_weight = {"weight": of_all}
    indicators_of_weight |= {
        SUBSAMPLE + weight: indicator_ids for weight, indicator_ids in codebook.subsamples.items()
    }
    return [
        (weight, indicator_ids)
        for weight, indicator_ids in indicators_of_weight.items()
        if indicator_ids
    ]


def _order_by_codebook(tables: Sequence[pd.DataFrame], codebook: Codebook) -> pd.DataFrame:
    """Return the rows of all tables, indicators in the codebook's order."""
    if len(tables) == 1:
        return tables[0]
    position = {indicator.id: index for index, indicator in enumerate(codebook.indicators)}
    table = pd.concat(tables, ignore_index=True)
    return table.iloc[table["indicator"].map(position).argsort(kind="stable")].reset_index(
        drop=True
    )


def compute_item_nonresponse(item_answers: str | Path) -> "pd.Series[float]":
    """Return by indicator the share without a valid answer among those asked; NaN if none was."""
    counts = read_table(item_answers, restricted_contract("country/item_answers")).set_index(
        "indicator"
    )
    missing = counts[["n_dont_know", "n_prefer_not_to_say", "n_lost"]].sum(axis=1)
    return missing / (missing + counts["n_valid"])


def read_composites(path: str | Path, children: pd.Index) -> dict[str, Composite]:
    """Read the parts of composites whose open answers are imputed, in the order of the answers.

    Raises:
        StudyError: the table is of other children.
    """
    return build_composites(
        read_table_of_children(path, PARTS, children, lambda name: PART_OF in name)
    )


def read_table_of_children(
    path: str | Path,
    contract: pa.DataFrameSchema,
    children: pd.Index,
    coded: Callable[[str], bool] | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Read a table with one row per interviewed child, in the order of the answers.

    Args:
        children: the children, in that order.
        coded: see :func:`~disrupting_harm.tables.io.read_table`.
        columns: the columns that are read; None for all.

    Raises:
        StudyError: the table is of other children.
    """
    read_columns = None if columns is None else ["child_id", *columns]
    table = read_table(path, of_known_children(contract), coded, read_columns).set_index("child_id")
    if not table.index.equals(children):
        raise _describe_other_children(path)
    return table


def _describe_other_children(path: str | Path) -> StudyError:
    finding = "other respondents than in the table of indicators"
    return StudyError(str(path), finding, "Run the stage 'prepare' of this country again")


def build_composites(parts: pd.DataFrame) -> dict[str, Composite]:
    """Return the composites of a table of :func:`~.indicators.build_composite_parts`."""
    columns: dict[str, list[str]] = {}
    for name in parts:
        columns.setdefault(str(name).partition(PART_OF)[0], []).append(str(name))
    return {name: _build_composite(parts[part_columns]) for name, part_columns in columns.items()}


def _build_composite(parts: pd.DataFrame) -> Composite:
    was_asked = np.ones(len(parts), dtype=bool)
    values = np.empty((len(parts), len(parts.columns)))
    value_of_answer = {"yes": 1.0, "no": 0.0}
    for column, name in zip(values.T, parts, strict=True):
        cells = parts[name].astype("category").cat
        codes = cells.codes.to_numpy()
        column[:] = np.array([value_of_answer.get(cell, np.nan) for cell in cells.categories])[
            codes
        ]
        was_asked &= (cells.categories != OUTSIDE_PART)[codes]
    return Composite(values, was_asked)


def build_design(frame: pd.DataFrame, lonely_psu: Any) -> SurveyDesign:
    """Return the sampling design of the interviewed children."""
    fpc = "fpc" if "fpc" in frame else None
    return SurveyDesign.from_frame(frame, fpc=fpc, lonely_psu=lonely_psu)


def build_calibration(frame: pd.DataFrame, margins: Sequence[str]) -> CalibratedFrame:
    """Return what the weights were calibrated to, for standard errors."""
    weights_before = (frame["weight"] / frame["calibration_factor"]).to_numpy()
    return calibrated_frame(margin_indicators(frame, tuple(margins)), weights_before)


def read_analysis(
    sample: str,
    indicators: str,
    weights: str,
    codebook: Codebook,
    indicator_ids: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read what estimation needs of the interviewed children, row by row in the same order.

    Returns:
        The design columns with the final weight and its calibration factor, one column per
        indicator (those of ``indicator_ids``, or all), and one categorical column per domain.

    Raises:
        StudyError: if the three files do not hold the same children.
    """
    outcome_columns = None if indicator_ids is None else ["child_id", *indicator_ids]
    outcomes = read_table(indicators, INDICATORS, columns=outcome_columns, narrow=True)
    outcomes = outcomes.set_index("child_id")
    respondents = read_table(sample, of_known_children(SAMPLE), is_of_few)
    respondents = respondents[is_respondent(respondents)].set_index("child_id")
    factors = ["child_id", "weight", "calibration_factor"]
    final = read_table(
        weights, of_known_children(restricted_contract("country/weights")), columns=factors
    ).set_index("child_id")
    # Stages keep the order of children, and then nobody has to be looked up.
    if not outcomes.index.equals(final.index):
        unmatched = outcomes.index.symmetric_difference(final.index)
        count = len(unmatched) or abs(len(final) - len(outcomes))
        if count:
            raise StudyError(
                str(weights),
                f"{count} respondents have answers without a weight, or the reverse",
                "Remove the restricted results of this country and run again",
            )
    if not outcomes.index.equals(respondents.index):
        if not respondents.index.is_unique or not outcomes.index.isin(respondents.index).all():
            raise _describe_other_children(sample)
        respondents = respondents.loc[outcomes.index]
    # A sample with weights of its own has that column already.
    design = respondents.assign(
        weight=final["weight"], calibration_factor=final["calibration_factor"]
    )
    domains = pd.DataFrame(
        {
            domain.id: pd.Categorical(design[domain.id], categories=codebook.levels(domain.id))
            for domain in codebook.domains
        },
        index=design.index,
    )
    return design, outcomes, domains
