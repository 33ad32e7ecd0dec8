"""From the sample that was drawn to a printed number of a survey, step by step, in counts alone.

For whoever may see the restricted results: of each step how many persons are left, in which file
they are counted, by which rule, and why the others are not among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, RESTRICTED, read_rows
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.explain.explain_restricted import read_restricted_row
from disrupting_harm.provenance.explain.explain_survey import (
    EVERYONE,
    describe_missing_answers,
    describe_rounding,
)
from disrupting_harm.provenance.explain.lookup import PublishedCell
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.study.microdata.sample import is_respondent
from disrupting_harm.study.statuses import is_total
from disrupting_harm.study.study import Study

_MISSING_KINDS = {
    "n_dont_know": "don't know",
    "n_prefer_not_to_say": "prefer not to say",
    "n_lost": "lost",
    "n_not_asked": "not asked",
}


@dataclass(frozen=True)
class TraceStep:
    """How many persons are left after a step.

    Attributes:
        persons: their number; of the last step as printed, None where it is not.
        file: below the results.
        rule: who is counted.
        reason: why the others are not, with their numbers; of the last steps what was decided.
    """

    step: str
    persons: int | None
    file: str
    rule: str
    reason: str


def trace_number(cell: PublishedCell, study: Study) -> list[TraceStep]:
    """Return the steps from the sample to a printed number.

    Raises:
        StudyError: it is no estimate of a survey whose data are here, or the counts do not lead to
            it.
    """
    if not cell.file.endswith(f"/{ESTIMATES}.csv"):
        finding = "it is no estimate of a survey"
        remedy = "Trace the estimates that it rests on: `explain` names them"
        raise StudyError(f"address '{cell.address}'", finding, remedy)
    prepared = f"{RESTRICTED}/prepared/{cell.row['country']}"
    if not (study.config.results / prepared / "sample.parquet").is_file():
        finding = "there is no sample: the microdata stay where the country is"
        raise StudyError(str(study.config.results / prepared), finding, "Ask who holds them")
    steps = list(_trace_answers(cell, study, prepared))
    return [*steps, *_trace_estimate(cell, study, steps[-1])]


def _trace_answers(cell: PublishedCell, study: Study, prepared: str) -> Iterator[TraceStep]:
    """Yield the steps from the file of the sample to those who answered."""
    folder, row = study.config.results / prepared, cell.row
    indicator = study.codebook.indicator(row["indicator"])
    sample = pd.read_parquet(folder / "sample.parquet")
    dropped = [dropped_row["reason"] for dropped_row in read_rows(folder / "dropped.csv")[1]]
    reason = _count_values(pd.Series(dropped, dtype=str)) or "none"
    sample_file = f"{prepared}/sample.parquet"
    yield TraceStep(
        "drawn", len(sample), sample_file, "a row of the raw file each", f"left out: {reason}"
    )
    interviewed = sample[is_respondent(sample)].set_index("child_id")
    if "disposition" in sample:
        rule = "the outcome of the contact is complete or partial"
        others = _count_values(sample.loc[~is_respondent(sample), "disposition"]) or "none"
        reason = f"not interviewed: {others}"
    else:
        rule, reason = "all who are in the file", "it does not tell of others"
    yield TraceStep("interviewed", len(interviewed), sample_file, rule, reason)
    group = interviewed
    if not is_total(row):
        levels = interviewed[row["domain"]]
        group = interviewed[levels.map(address_part) == address_part(row["level"])]
        others = _count_values(levels[~levels.index.isin(group.index)]) or "none"
        rule = f"{row['domain']} is {row['level']}"
        yield TraceStep("of the group", len(group), sample_file, rule, f"of others: {others}")
    asked = _read_column(folder / "asked.parquet", indicator.id).reindex(group.index)
    universe = " and ".join(map(str, indicator.universe)) or EVERYONE
    yield TraceStep(
        "asked", int(asked.sum()), f"{prepared}/asked.parquet", f"asked of {universe}",
        f"not of these: {len(group) - int(asked.sum()):,}",
    )  # fmt: skip
    answers = _read_column(folder / "indicators.parquet", indicator.id).reindex(group.index)
    answered = int((answers.notna() & asked).sum())
    missing = f"no valid answer: {int(asked.sum()) - answered:,}"
    if is_total(row):
        kinds = next(
            entry
            for entry in read_rows(folder / "item_answers.csv")[1]
            if entry["indicator"] == indicator.id
        )
        parts = [
            f"{kinds[name]} {kind}" for name, kind in _MISSING_KINDS.items() if kinds[name] != "0"
        ]
        missing += f" ({', '.join(parts)})" if parts else ""
    yield TraceStep(
        "answered", answered, f"{prepared}/indicators.parquet",
        describe_missing_answers(indicator), missing,
    )  # fmt: skip


def _trace_estimate(cell: PublishedCell, study: Study, answered: TraceStep) -> Iterator[TraceStep]:
    """Yield the steps from those who answered to what is printed."""
    restricted, country = study.config.results / RESTRICTED, cell.row["country"]
    indicator = study.codebook.indicator(cell.row["indicator"])
    release = f"release/{country}.parquet"
    row = read_restricted_row(restricted / release, cell)
    n = int(row["n"])
    if n != answered.persons and not (indicator.any_of and n > (answered.persons or 0)):
        finding = f"{answered.persons} answers in {answered.file}, {n} in the estimate"
        remedy = "The table is kept from an earlier release, or the study has to be run again"
        raise StudyError(str(restricted / release), finding, remedy)
    with_parts = (
        f"; {n - (answered.persons or 0)} more have some parts alone, and count with a share"
        if n != answered.persons
        else ""
    )
    yield TraceStep(
        "estimated", n, f"{RESTRICTED}/estimates/{country}.parquet",
        f"weighted {indicator.statistic}{with_parts}",
        f"they stand for {row['population']:,.0f}; {row['estimate']:.6g}, "
        f"standard error {row['se']:.6g}",
    )  # fmt: skip
    printed_n = int(row["n_printed"])
    rule = "standard of presentation, then disclosure control"
    if printed_n != n:
        rule += "; n is the most of all sensitive questions that were put to the same persons"
    reason = f"{row['status']} ({row['reason']})" if row["reason"] else str(row["status"])
    yield TraceStep("decided", printed_n, f"{RESTRICTED}/{release}", rule, reason)
    shown = cell.row["shown"] or "no number"
    yield TraceStep(
        "printed", int(cell.row["n"]) if cell.row["n"] else None,
        f"{PUBLIC}/{cell.file}, line {cell.line}",
        describe_rounding(indicator.statistic, study.config.publication), shown,
    )  # fmt: skip


def _read_column(path: Path, name: str) -> "pd.Series[Any]":
    return pd.read_parquet(path, columns=["child_id", name]).set_index("child_id")[name]


def _count_values(values: "pd.Series[Any]") -> str:
    """Return each value with how often it is there, the most frequent first."""
    counts = values.fillna("not known").replace("", "not known").value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return ", ".join(f"{count:,} {value}" for value, count in ordered)


def format_steps(steps: list[TraceStep]) -> Iterator[str]:
    """Yield lines for a person: the number of persons, then file, rule and reason."""
    for step in steps:
        persons = "-" if step.persons is None else f"{step.persons:,}"
        yield f"{persons:>7}  {step.step:<12}  {step.rule}"
        yield f"{'':>7}  {'':<12}  {step.reason}"
        yield f"{'':>7}  {'':<12}  {step.file}"
