"""Contracts of tables, for :mod:`.io`: from their schemas, or here where a study names the columns.

Import this module only where a table is read or written: pandera takes a tenth of a second.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.codebook.codebook import SUBSAMPLE
from disrupting_harm.study.codebook.definitions import ANSWERED, SPECIAL_ANSWERS, status_column
from disrupting_harm.study.codebook.indicators import PART_ANSWERS
from disrupting_harm.study.microdata.sample import DAY, ELIGIBLE, MINUTES, SIMULATED
from disrupting_harm.tables.rules import (
    FLAG,
    in_order,
    number,
    other_than,
    table_contract,
    text,
    whole_number,
)
from disrupting_harm.tables.schema import (
    FOLDER,
    INTERVAL_HOLDS_ESTIMATE,
    LEVELS_DIFFER,
    Field,
    TableSchema,
    read_schema,
)

DISPOSITIONS = (*ELIGIBLE, "unknown_eligibility", "ineligible")


@cache
def restricted_contract(table: str, folder: Path = FOLDER) -> pa.DataFrameSchema:
    """Return the contract of the restricted form of a table, e.g. ``comparison/pairwise``.

    Raises:
        StudyError: there is no such table, or it has a fault.
    """
    schema = read_schema(table, folder)
    columns = {field.name: _column_rule(field) for field in schema.restricted_fields}
    return table_contract(schema.title, columns, *_row_checks(schema))


@cache
def public_contract(table: str, folder: Path = FOLDER) -> pa.DataFrameSchema:
    """Return the contract of the public form of a table; see :func:`restricted_contract`."""
    schema = read_schema(table, folder)
    columns = {field.name: _column_rule(field, public=True) for field in schema.public_fields}
    return table_contract(schema.public_title, columns, *_row_checks(schema))


def _column_rule(field: Field, public: bool = False) -> pa.Column:
    """Return the rule of a column; one that is whole as published may be missing there."""
    limits = field.constraints
    lowest, highest = limits.get("minimum", -np.inf), limits.get("maximum", np.inf)
    is_required = limits.get("required", False)
    if public and field.public_type:
        return whole_number(lowest, highest, nullable=True)
    match field.type:
        case "string":
            allowed, is_unique = limits.get("enum", ()), limits.get("unique", False)
            return text(*allowed, required=not field.optional, unique=is_unique)
        case "boolean":
            return FLAG
        case "integer":
            return whole_number(lowest, highest, nullable=not is_required)
    return number(lowest, highest, nullable=not is_required, required=not field.optional)


def _row_checks(schema: TableSchema) -> list[pa.Check]:
    """Return the rules of rows, which a schema writes as people say them."""
    return [
        ROW_CHECKS[rule] if rule in ROW_CHECKS else in_order(*rule.split(" <= "))
        for rule in schema.row_checks
    ]


def _interval_holds_estimate(table: pd.DataFrame) -> "pd.Series[bool]":
    estimate, slack = table["estimate"], 1e-9 * table["estimate"].abs()
    return ~((table["ci_low"] > estimate + slack) | (table["ci_high"] < estimate - slack))


def _levels_differ(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["level_a"] != table["level_b"]


ROW_CHECKS = {
    INTERVAL_HOLDS_ESTIMATE: pa.Check(
        _interval_holds_estimate, error="the estimate lies outside its interval"
    ),
    LEVELS_DIFFER: pa.Check(_levels_differ, error="a level compared with itself"),
}

# Tables whose columns a study names.


def _has_weights(sample: pd.DataFrame) -> bool:
    probabilities = {"psu_probability", "household_probability", "eligible_children"}
    return "weight" in sample or probabilities <= set(sample)


def _answers_are_complete(answers: pd.DataFrame) -> bool:
    """Every text cell is filled, and a number stands exactly where its status says so."""
    numbers = [name for name in answers if status_column(str(name)) in answers]
    texts = answers.drop(columns=numbers)
    return bool(texts.notna().all(axis=None)) and all(
        answers[name].notna().equals(answers[status_column(str(name))] == ANSWERED)
        and answers[status_column(str(name))].isin([ANSWERED, *SPECIAL_ANSWERS]).all()
        for name in numbers
    )


_CHILD = {"child_id": text(unique=True)}
_DESIGN = {
    "country": text(),
    **_CHILD,
    SIMULATED: FLAG,
    "stratum": text(),
    "psu": text(),
    "fpc": number(1, required=False),
    "weight": number(0, nullable=True, required=False),
    "psu_probability": number(0, 1, required=False),
    "household_probability": number(0, 1, required=False),
    "eligible_children": number(0, nullable=True, required=False),
    "disposition": text(*DISPOSITIONS, required=False),
    "interviewer": text(required=False),
    DAY: text(required=False),
    MINUTES: number(0, nullable=True, required=False),
}
# The weights of subsamples are columns that a study names.
_SUBSAMPLES = f"{SUBSAMPLE}.+"

SAMPLE = pa.DataFrameSchema(
    {
        **_DESIGN,
        rf"^{_SUBSAMPLES}$": pa.Column(float, pa.Check.ge(0), regex=True, required=False),
        **other_than([*_DESIGN, _SUBSAMPLES], str),
    },
    checks=pa.Check(_has_weights, error="neither a weight nor selection probabilities"),
    name="prepared sample",
)
ANSWERS = pa.DataFrameSchema(
    dict(_CHILD),
    checks=pa.Check(_answers_are_complete, error="an answer is empty, or differs from its status"),
    name="answers",
)
INDICATORS = pa.DataFrameSchema({**_CHILD, **other_than(_CHILD, float)}, name="indicators")
ASKED = pa.DataFrameSchema({**_CHILD, **other_than(_CHILD, bool)}, name="asked")
PARTS = pa.DataFrameSchema(
    {**_CHILD, **other_than(_CHILD, str, *PART_ANSWERS)}, name="parts of composites"
)
