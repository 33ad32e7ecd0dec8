"""Contracts of the tables of one country, from its prepared sample to its published estimates."""

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.codebook.codebook import SUBSAMPLE
from disrupting_harm.study.codebook.definitions import ANSWERED, SPECIAL_ANSWERS, status_column
from disrupting_harm.study.codebook.indicators import COUNT_COLUMNS, PART_ANSWERS
from disrupting_harm.study.microdata.sample import ELIGIBLE, SIMULATED
from disrupting_harm.study.statuses import RELIABILITY, STATUSES
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.rules import (
    FLAG,
    POSITIVE,
    REAL,
    SHARE,
    STANDS_IN,
    count,
    number,
    other_than,
    public_form,
    table_contract,
    text,
)

DISPOSITIONS = (*ELIGIBLE, "unknown_eligibility", "ineligible")


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
}
# The weights of subsamples are columns that a study names.
_SUBSAMPLES = f"{SUBSAMPLE}.+"
_CELL = {name: text() for name in ("country", "indicator", "domain", "level")}
# How the children of a group were sampled, whatever they answered (survey.tables.group_design).
GROUP_DESIGN = {
    name: number(0, nullable=True, required=False)
    for name in ("group_kish", "group_psus", "group_df")
}
_NUMBERS = {
    "n": count(),
    "n_yes": POSITIVE,
    "population": POSITIVE,
    "estimate": REAL,
    "se": POSITIVE,
    "ci_low": REAL,
    "ci_high": REAL,
    "deff": POSITIVE,
    "n_eff": POSITIVE,
    "df": POSITIVE,
    "interval": text(),
    **GROUP_DESIGN,
    "reliability": text(*RELIABILITY),
}
# Between which shares the estimate lies, where these stand in its place.
BOUND = {"bound_low": SHARE, "bound_high": SHARE}
_MARKS = {"shown": text(), **BOUND, "status": text(*STATUSES), "reason": text()}
INTERVAL_HOLDS_ESTIMATE = pa.Check(
    _interval_holds_estimate, error="the estimate lies outside its interval"
)

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
DROPPED = table_contract("dropped rows", {"row": count(), "reason": text()})
RECODES = table_contract(
    "recodes", {"item": text(), "column": text(), "raw": text(), "answer": text(), "count": count()}
)
ITEM_ANSWERS = table_contract(
    "item answers", {"indicator": text(unique=True), **{name: count() for name in COUNT_COLUMNS}}
)
WEIGHTS = table_contract(
    "weights",
    {
        **_CHILD,
        "base_weight": number(0),
        "nonresponse_factor": number(0),
        "trimmed": FLAG,
        "trim_factor": number(0),
        "calibration_factor": number(0),
        "weight": number(0),
    },
)
UNITS = table_contract(
    "sampled units",
    {
        **_CHILD,
        "disposition": text(*DISPOSITIONS),
        "responded": FLAG,
        "household_weight": number(0),
        "base_weight": number(0),
        "nonresponse_class": text(),
    },
)
ESTIMATES = table_contract(
    "estimates", {**_CELL, **_NUMBERS, "reason": text()}, INTERVAL_HOLDS_ESTIMATE
)
RELEASE = table_contract(
    "release",
    {
        **_CELL,
        **_NUMBERS,
        "n_printed": count(),
        "population_printed": POSITIVE,
        **_MARKS,
        **STANDS_IN,
    },
    INTERVAL_HOLDS_ESTIMATE,
)
# With a standard error, a design effect or degrees of freedom beside a rounded percentage, the
# number of yes answers could be worked back.
PUBLIC_ESTIMATES = public_form(
    RELEASE,
    without=(
        "n_yes",
        "se",
        "deff",
        "n_eff",
        "df",
        "reliability",
        *GROUP_DESIGN,
        "n_printed",
        "population_printed",
        "release",
    ),
    whole=("n", "population"),
    per_cents=WHOLE,
    name="public estimates",
)
