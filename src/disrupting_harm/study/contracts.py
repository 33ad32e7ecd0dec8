"""Contracts of the tables between the stages, checked on read and before write.

Import this module only where a table is read or written: pandera takes a tenth of a second.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_csv, write_parquet
from disrupting_harm.places import is_public
from disrupting_harm.spreadsheets import plain_texts
from disrupting_harm.study.codebook import ANSWERED, SPECIAL_ANSWERS, status_column
from disrupting_harm.study.indicators import COUNT_COLUMNS, PART_ANSWERS
from disrupting_harm.study.sample import ELIGIBLE, SIMULATED
from disrupting_harm.study.statuses import DATA_KINDS, RELIABILITY, STATUSES

DISPOSITIONS = (*ELIGIBLE, "unknown_eligibility", "ineligible")
# What pandera found, in words; its own would repeat the values at fault.
FOUND = {
    "WRONG_DATATYPE": "values of another type than the contract's",
    "DATATYPE_COERCION": "values of another type than the contract's",
    "SERIES_CONTAINS_NULLS": "empty cells",
    "SERIES_CONTAINS_DUPLICATES": "a value that must not repeat stands more than once",
    "COLUMN_NOT_IN_DATAFRAME": "the column is missing",
    "COLUMN_NOT_IN_SCHEMA": "the table must not have this column",
    "COLUMN_NOT_ORDERED": "the columns are out of order",
    "DUPLICATE_COLUMN_LABELS": "a column stands twice",
}


def _text(*allowed: str, required: bool = True, unique: bool = False) -> pa.Column:
    checks = [pa.Check.isin(allowed)] if allowed else []
    return pa.Column(str, checks, required=required, unique=unique)


def _number(
    lowest: float = -np.inf, highest: float = np.inf, nullable: bool = False, required: bool = True
) -> pa.Column:
    checks = [pa.Check.in_range(lowest, highest), pa.Check.lt(np.inf), pa.Check.gt(-np.inf)]
    return pa.Column(float, checks, nullable=nullable, required=required)


def _count() -> pa.Column:
    return pa.Column(int, pa.Check.ge(0))


def _whole() -> pa.Column:
    """Whole numbers with gaps, written without decimals."""
    return pa.Column("Int64", pa.Check.ge(0), nullable=True, coerce=True)


def _other_than(names: dict[str, pa.Column], dtype: type) -> dict[str, pa.Column]:
    """Return the rule for every column that ``names`` does not list: its type, null allowed."""
    pattern = rf"^(?!(?:{'|'.join(names)})$).+$"
    return {pattern: pa.Column(dtype, nullable=True, regex=True, required=False)}


def _exactly(name: str, columns: dict[str, pa.Column], *checks: pa.Check) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, checks=list(checks), strict=True, ordered=True, name=name)


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


def _interval_holds_estimate(table: pd.DataFrame) -> "pd.Series[bool]":
    estimate, slack = table["estimate"], 1e-9 * table["estimate"].abs()
    return ~((table["ci_low"] > estimate + slack) | (table["ci_high"] < estimate - slack))


_CHILD = {"child_id": _text(unique=True)}
_DESIGN = {
    "country": _text(),
    **_CHILD,
    SIMULATED: pa.Column(bool),
    "stratum": _text(),
    "psu": _text(),
    "fpc": _number(1, required=False),
    "weight": _number(0, nullable=True, required=False),
    "psu_probability": _number(0, 1, required=False),
    "household_probability": _number(0, 1, required=False),
    "eligible_children": _number(0, nullable=True, required=False),
    "disposition": _text(*DISPOSITIONS, required=False),
}
_CELL = {"country": _text(), "indicator": _text(), "domain": _text(), "level": _text()}
_INTERVAL = {
    "estimate": _number(nullable=True),
    "ci_low": _number(nullable=True),
    "ci_high": _number(nullable=True),
}
_ESTIMATES = {
    **_CELL,
    "n": _count(),
    "n_yes": _number(0, nullable=True),
    "population": _number(0, nullable=True),
    "estimate": _number(nullable=True),
    "se": _number(0, nullable=True),
    "ci_low": _number(nullable=True),
    "ci_high": _number(nullable=True),
    "deff": _number(0, nullable=True),
    "n_eff": _number(0, nullable=True),
    "df": _number(0, nullable=True),
    "interval": _text(),
    "reliability": _text(*RELIABILITY),
    "reason": _text(),
}
_INSIDE = pa.Check(_interval_holds_estimate, error="the estimate lies outside its interval")

SAMPLE = pa.DataFrameSchema(
    {**_DESIGN, **_other_than(_DESIGN, str)},
    checks=pa.Check(_has_weights, error="neither a weight nor selection probabilities"),
    name="prepared sample",
)
ANSWERS = pa.DataFrameSchema(
    dict(_CHILD),
    checks=pa.Check(_answers_are_complete, error="an answer is empty, or differs from its status"),
    name="answers",
)
INDICATORS = pa.DataFrameSchema({**_CHILD, **_other_than(_CHILD, float)}, name="indicators")
ASKED = pa.DataFrameSchema({**_CHILD, **_other_than(_CHILD, bool)}, name="asked")
PARTS = pa.DataFrameSchema(
    {
        **_CHILD,
        rf"^(?!(?:{'|'.join(_CHILD)})$).+$": pa.Column(
            str, pa.Check.isin(PART_ANSWERS), regex=True, required=False
        ),
    },
    name="parts of composites",
)
DROPPED = _exactly("dropped rows", {"row": _count(), "reason": _text()})
RECODES = _exactly(
    "recodes",
    {"item": _text(), "column": _text(), "raw": _text(), "answer": _text(), "count": _count()},
)
ITEM_ANSWERS = _exactly(
    "item answers",
    {"indicator": _text(unique=True), **{name: _count() for name in COUNT_COLUMNS}},
)
WEIGHTS = _exactly(
    "weights",
    {
        **_CHILD,
        "base_weight": _number(0),
        "nonresponse_factor": _number(0),
        "trimmed": pa.Column(bool),
        "trim_factor": _number(0),
        "calibration_factor": _number(0),
        "weight": _number(0),
    },
)
UNITS = _exactly(
    "sampled units",
    {
        **_CHILD,
        "disposition": _text(*DISPOSITIONS),
        "responded": pa.Column(bool),
        "household_weight": _number(0),
        "base_weight": _number(0),
        "nonresponse_class": _text(),
    },
)
ESTIMATES = _exactly("estimates", _ESTIMATES, _INSIDE)
RELEASE = _exactly(
    "release",
    {
        **{name: column for name, column in _ESTIMATES.items() if name != "reason"},
        "shown": _text(),
        "status": _text(*STATUSES),
        "reason": _text(),
    },
    _INSIDE,
)
PUBLIC_ESTIMATES = _exactly(
    "public estimates",
    {
        **_CELL,
        "n": _whole(),
        "population": _whole(),
        **_INTERVAL,
        "interval": _text(),
        "shown": _text(),
        "status": _text(*STATUSES),
        "reason": _text(),
    },
    _INSIDE,
)
_PREVALENCE = {
    "country": _text(),
    "indicator": _text(),
    **_INTERVAL,
    "n": _number(0, nullable=True),
    "population": _number(0, nullable=True),
    "shown": _text(),
    "status": _text(*STATUSES),
    "data_kind": _text(*DATA_KINDS),
}
PREVALENCE = _exactly("prevalence by country", _PREVALENCE, _INSIDE)
PUBLIC_PREVALENCE = _exactly(
    "public prevalence by country",
    {**_PREVALENCE, "n": _whole(), "population": _whole()},
    _INSIDE,
)
_PAIR = {"indicator": _text(), "country_a": _text(), "country_b": _text(), "difference": _number()}
_VERDICT = {"differs": pa.Column(bool), "data_kind": _text(*DATA_KINDS)}
_LIMITS = {
    name: _number(nullable=True)
    for name in ("ci_low", "ci_high", "ci_low_simultaneous", "ci_high_simultaneous")
}
_RATIO = {name: _number(0, nullable=True) for name in ("ratio", "ratio_low", "ratio_high")}
_P_VALUES = {name: _number(0, 1, nullable=True) for name in ("p_value", "p_holm", "p_bh")}
_ERROR = {"se": _number(0), "df": _number(0, nullable=True)}
PAIRWISE = _exactly(
    "pairwise differences", {**_PAIR, **_ERROR, **_LIMITS, **_RATIO, **_P_VALUES, **_VERDICT}
)
PUBLIC_PAIRWISE = _exactly(
    "public pairwise differences",
    {**_PAIR, **_LIMITS, **_RATIO, **_P_VALUES, "p_text": _text(), **_VERDICT},
)

_OF_REGION = {
    "indicator": _text(),
    "region": _text(),
    "country": _text(),
    "regional_mean": _number(),
    "difference": _number(),
}
AGAINST_REGION = _exactly(
    "differences from the region",
    {**_OF_REGION, **_ERROR, **_LIMITS, **_RATIO, **_P_VALUES, **_VERDICT},
)
PUBLIC_AGAINST_REGION = _exactly(
    "public differences from the region",
    {**_OF_REGION, **_LIMITS, **_RATIO, **_P_VALUES, **_VERDICT},
)
_GAP = {"indicator": _text(), "domain": _text(), "level_a": _text(), "level_b": _text()}
GAPS_COMPARED = _exactly(
    "gaps by country",
    {
        **_GAP,
        "country": _text(),
        "n_a": _number(0),
        "n_b": _number(0),
        "estimate_a": _number(),
        "estimate_b": _number(),
        "difference": _number(),
        **_ERROR,
        **_LIMITS,
        **_RATIO,
        **_P_VALUES,
        **_VERDICT,
    },
)
PUBLIC_GAPS_COMPARED = _exactly(
    "public gaps by country",
    {
        **_GAP,
        "country": _text(),
        "difference": _number(),
        **_LIMITS,
        **_RATIO,
        **_P_VALUES,
        **_VERDICT,
    },
)
_GAP_PAIR = {**_GAP, "country_a": _text(), "country_b": _text()}
GAP_PAIRS = _exactly(
    "differences between gaps",
    {
        **_GAP_PAIR,
        "n": _number(0),
        "size": _number(0),
        "difference": _number(),
        **_ERROR,
        **_LIMITS,
        **_P_VALUES,
        **_VERDICT,
    },
)
PUBLIC_GAP_PAIRS = _exactly(
    "public differences between gaps",
    {**_GAP_PAIR, "difference": _number(), **_LIMITS, **_P_VALUES, **_VERDICT},
)
_RANK_SETS = {
    "indicator": _text(),
    "country": _text(),
    "countries": _count(),
    "method": _text("klein", "mogstad_single_step", "mogstad_step_down"),
    "scope": _text("marginal", "simultaneous"),
    "rank_low": _count(),
    "rank_high": _count(),
    "may_be_highest": pa.Column(bool),
    "may_be_lowest": pa.Column(bool),
    "data_kind": _text(*DATA_KINDS),
}
RANK_SETS = _exactly("rank sets", _RANK_SETS)
PUBLIC_RANK_SETS = _exactly("public rank sets", _RANK_SETS)


def checked(frame: pd.DataFrame, contract: pa.DataFrameSchema, where: str) -> pd.DataFrame:
    """Return ``frame`` if it keeps its contract, whole numbers in the type it asks for.

    Raises:
        StudyError: the first breach, with the column's name.
    """
    try:
        return contract.validate(_widened(frame, contract))
    except SchemaErrors as errors:
        raise _breach(errors.schema_errors[0], contract, where) from None
    except SchemaError as error:
        raise _breach(error, contract, where) from None


def _widened(frame: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return ``frame`` with integers as floats where the contract asks for floats; nothing else."""
    integers = [
        name
        for name, column in contract.columns.items()
        if str(column.dtype) == "float64" and name in frame and frame[name].dtype.kind == "i"
    ]
    return frame.astype(dict.fromkeys(integers, float))


def _breach(error: SchemaError, contract: pa.DataFrameSchema, where: str) -> StudyError:
    """Return the breach without the values at fault, which are those of respondents."""
    check, cases, name = error.check, error.failure_cases, error.column_name
    found = FOUND.get(str(getattr(error.reason_code, "name", "")), "it breaks its contract")
    if name is None and isinstance(cases, str):
        name = cases
    if name is None and isinstance(error.schema, pa.Column):
        name = error.schema.name
    if isinstance(check, pa.Check):
        found = str(check.error)
        if name is not None:
            found = f"the rule {found} is broken {len(cases)} times"
            first = cases["index"].iloc[0]
            if isinstance(first, int | np.integer):
                found += f", first in row {first + 1}"
    return StudyError(
        f"{where}, column '{name}'" if name is not None else where,
        f"{contract.name}: {found}",
        "Run the stage that makes this table again; if the fault stays, its input is at fault",
    )


def write_table(
    target: str | Path, frame: pd.DataFrame, contract: pa.DataFrameSchema, simulated: bool
) -> None:
    """Check ``frame`` and write it as Parquet (with ``simulated`` in its metadata) or CSV.

    Raises:
        StudyError: the frame breaks its contract; nothing is written.
    """
    target = Path(target)
    frame = checked(frame, contract, str(target))
    if target.suffix == ".parquet":
        write_parquet(target, frame, {SIMULATED: str(simulated).lower()})
    else:
        write_csv(target, frame)


def read_table(source: str | Path, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a table that :func:`write_table` wrote, and check it.

    Raises:
        StudyError: the file is missing, or the table breaks its contract.
    """
    source = Path(source)
    if not source.is_file():
        raise StudyError(str(source), "there is no such file", "Run the stage that makes it")
    if source.suffix == ".parquet":
        return checked(pd.read_parquet(source), contract, str(source))
    types = {name: str(column.dtype) for name, column in contract.columns.items()}
    types = {name: "str" if kind.startswith("str") else kind for name, kind in types.items()}
    frame = pd.read_csv(
        source,
        dtype={name: kind for name, kind in types.items() if kind == "str"},
        keep_default_na=False,
        na_values={name: [""] for name, kind in types.items() if kind != "str"},
    )
    if is_public(source):
        frame = plain_texts(frame)
    if frame.empty:
        # Without a row there is no type to find.
        frame = frame.astype({name: kind for name, kind in types.items() if name in frame})
    return checked(frame, contract, str(source))
