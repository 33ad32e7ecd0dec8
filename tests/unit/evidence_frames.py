"""Small frames of evidence, in the shape in which reading returns them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from disrupting_harm.evidence.contracts import public_evidence_contract
from disrupting_harm.evidence.sources import SOURCE_COLUMNS
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.tables.io import check_table
from disrupting_harm.tables.rules import in_shape

KENYA = {
    "country": "KEN",
    "children": 7_539_254,
    "children_source": "a census",
    "internet_use_rate": 0.67,
    "internet_use_source": "a survey",
}
TEXTS = {
    "source_id": "s",
    "counted": "all",
    "counted_by": "a body",
    "source": "a source",
    "organisation": "a body",
    "source_title": "a title",
    "restriction": "open",
    "data_kind": "published",
}
DEFAULTS = {
    "cybertips": {
        "country": "KEN",
        "year": 2020,
        "class": "unsplit",
        "status": "reported",
        "period": "year",
        "incident_type": "all",
        "as_of": "",
        "series_id": "",
    },
    "reporters": {"country": "KEN", "year": 2020, "status": "reported"},
    "offences": {
        "country": "KEN",
        "agency": "Police",
        "year": 2019,
        "offence_code": "O1",
        "offence_label": "An offence",
        "law_reference": "",
        "category": "ocsea",
        "technology": "yes",
        "stage": "reported",
        "victim_sex": "all",
        "victim_age_band": "all",
        "counting_rule": "victims",
        "status": "reported",
        "iccs": "",
    },
    "capacity": {
        "country": "KEN",
        "agency": "Police",
        "date": "2021-03",
        "area": "unit",
        "status": "reported",
        "evidence": "interview",
        "confidence": "medium",
        "note": "",
    },
    "frontline": {"country": "KEN"},
    "justice": {"country": "KEN", "role": "caregivers", "status": "reported"},
    "policy": {
        "country": "KEN",
        "status": "reported",
        "instrument": "",
        "year": pd.NA,
        "note": "",
    },
    "hotlines": {
        "country": "KEN",
        "year": 2019,
        "organisation": "A hotline",
        "kind": "hotline",
        "measure": "reports_received",
        "status": "reported",
    },
}
KINDS = {"count": "Int64", "score": "float64", "percent": "float64"}


def facts(table: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """Return rows of a table; what they do not say is the same in all."""
    contract = TABLES[table]
    full = [TEXTS | DEFAULTS[table] | row for row in rows]
    frame = pd.DataFrame(full, columns=[*contract.column_names, *SOURCE_COLUMNS])
    kinds = {column.name: KINDS.get(column.kind, "str") for column in contract.columns}
    for column in contract.columns:
        if column.kind in ("year", "month"):
            kinds[column.name] = "int64" if column.required else "Int64"
    return frame.astype(kinds | dict.fromkeys(SOURCE_COLUMNS, "str"))


def counts(table: str, amounts: Sequence[int | None], first_year: int, **more: Any) -> pd.DataFrame:
    """Return one fact per year, with the status that its number has."""
    amount = str(TABLES[table].amount)
    return facts(
        table,
        *(
            {"year": first_year + at, amount: number, "status": status_of(number)} | more
            for at, number in enumerate(amounts)
        ),
    )


def status_of(number: int | None) -> str:
    """Return the status of a number."""
    if number is None:
        return "not_recorded"
    return "reported" if number else "zero_reported"


def public(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a public table in the shape of its contract, checked."""
    contract = public_evidence_contract(name)
    return check_table(in_shape(table, contract), contract, "here")
