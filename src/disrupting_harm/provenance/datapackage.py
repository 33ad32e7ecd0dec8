"""A Frictionless description of the public tables: what each column means.

Workbooks and pages stand in it beside the tables, so that it is no package of tables alone, which
readers of the standard would refuse.

https://specs.frictionlessdata.io/data-package/
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import CONVENTION
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.primary_keys import key_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Codes, Indicator
from disrupting_harm.study.countries import OF_WAVE
from disrupting_harm.study.study import NO_SURVEY
from disrupting_harm.tables.change_columns import CHANGE_TABLES, EARLIER_WAVE
from disrupting_harm.tables.comparison_columns import (
    COMPARISON_COLUMNS,
    DENOMINATORS,
    TABLE_COLUMNS,
)
from disrupting_harm.tables.survey_columns import COLUMNS

# What each column of each table of evidence means; and a name, wherever it stands.
EVIDENCE_TABLES = {
    f"evidence/{name}.csv": {field.name: (field.kind, field.meaning) for field in public.fields}
    for name, public in PUBLIC.items()
}
EVIDENCE_COLUMNS: dict[str, tuple[str, str]] = {}
for _table in reversed(EVIDENCE_TABLES.values()):
    EVIDENCE_COLUMNS |= _table
# Where a name alone would say something else.
TITLES = {"population": "Weight of the valid answers"}
# A name with another meaning in one table.
QUESTION_COLUMNS = {
    "ci_low": ("number", "Lower limit; all limits of one question hold together."),
    "ci_high": ("number", "Upper limit; all limits of one question hold together."),
    "whole_low": ("integer", "ci_low in whole per cents, as whole."),
    "whole_high": ("integer", "ci_high in whole per cents, as whole."),
}
DYAD_COLUMNS = {
    "n": ("integer", "Pairs with both answers, unweighted, rounded down to tens."),
    "estimate": ("number", "Weighted estimate of the measure, rounded to hundredths."),
}

_ESTIMATES = "estimates.csv"


def describe(
    public: Path,
    tables: list[Path],
    study: dict[str, Any],
    books: Sequence[Path] = (),
    pages: Sequence[Path] = (),
    codebook: Codebook = NO_SURVEY,
    terms: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the data package of tables, of workbooks and of pages that explain their numbers.

    The indicators of the codebook stand in it with their codes, and ``terms`` of use beside them.

    Raises:
        StudyError: if a table has a column that no list of columns describes.
    """
    return {
        "profile": "data-package",
        "name": study["id"],
        "title": study["title"],
        "description": CONVENTION,
        "simulated": study["simulated"],
        **(terms or {}),
        "indicators": [
            {"name": entry.id, "title": entry.label, **_codes(entry, codebook)}
            for entry in codebook.indicators
        ],
        "resources": [
            *_tables(public, sorted(tables), study["simulated"]),
            *(_book(public, book, study["simulated"]) for book in sorted(books)),
            *(_page(public, page, study["simulated"]) for page in sorted(pages)),
        ],
    }


def _codes(indicator: Indicator, codebook: Codebook) -> dict[str, Any]:
    """Return an indicator's codes in classifications; nothing where the codebook uses none."""
    used = any(entry.codes != Codes() for entry in codebook.indicators)
    return {"codes": indicator.codes.format_codes()} if used else {}


def _book(public: Path, book: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_named(public, book),
        "description": "Data book: the numbers of the tables, with words in place of codes.",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "simulated": simulated,
    }


def _page(public: Path, page: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_named(public, page),
        "description": "How the numbers of the tables were made; each row is found by its address.",
        "format": "html",
        "mediatype": "text/html",
        "encoding": "utf-8",
        "simulated": simulated,
    }


def _named(public: Path, file: Path) -> dict[str, str]:
    path = file.relative_to(public)
    return {
        "name": path.with_suffix("").as_posix().replace("/", "-").lower(),
        "path": path.as_posix(),
    }


def _tables(public: Path, tables: Sequence[Path], simulated: bool) -> list[dict[str, Any]]:
    """Describe tables; what hundreds of figures share with the estimates is said there alone."""
    resources = [_resource(public, table, simulated) for table in tables]
    known = [
        field
        for resource in resources
        if resource["path"] == _ESTIMATES
        for field in resource["schema"]["fields"]
    ]
    for resource in resources:
        if resource["path"].startswith("figures/"):
            schema = resource["schema"]
            schema["fields"] = [
                {**field, "description": f"As in {_ESTIMATES}."} if field in known else field
                for field in schema["fields"]
            ]
    return resources


def _resource(public: Path, table: Path, simulated: bool) -> dict[str, Any]:
    path = table.relative_to(public).as_posix()
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        kinds = {row["data_kind"] for row in reader} if "data_kind" in header else set()
    return {
        "profile": "tabular-data-resource",
        "name": path.removesuffix(".csv").replace("/", "-").lower(),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        # A table that says row by row what is simulated knows better than the study.
        "simulated": simulated and (not kinds or "simulated" in kinds),
        "schema": {
            "fields": [_field(path, column) for column in header],
            "missingValues": [""],
            **({"primaryKey": list(key)} if (key := key_of(path)) else {}),
        },
    }


def meaning_of(path: str, column: str) -> str:
    """Return what a column of a public table means.

    Args:
        path: of the table below the public folder.
        column: its name.

    Raises:
        StudyError: if no list of columns describes it.
    """
    return _field(path, column)["description"]


def type_of(path: str, column: str) -> str:
    """Return the type of a column as Table Schema names it; arguments as in :func:`meaning_of`."""
    return _field(path, column)["type"]


def _field(path: str, column: str) -> dict[str, str]:
    # Tables of evidence and of the comparison may use a name in a meaning of their own.
    meanings = COMPARISON_COLUMNS | EVIDENCE_COLUMNS | COLUMNS | EVIDENCE_TABLES.get(path, {})
    folder, _, name = path.rpartition("/")
    if "comparison/" in path:
        meanings |= COMPARISON_COLUMNS | TABLE_COLUMNS.get(name.removesuffix(".csv"), {})
    meanings |= CHANGE_TABLES.get(name, {})
    if OF_WAVE in folder.rpartition("/")[2] and folder.startswith("countries/"):
        meanings |= EARLIER_WAVE
    titles = TITLES
    if DENOMINATORS in path:  # a figure of it, too
        meanings, titles = meanings | TABLE_COLUMNS[DENOMINATORS], {}
    if path.endswith("questions.csv"):
        meanings |= QUESTION_COLUMNS
    if path.endswith("dyads.csv"):
        meanings |= DYAD_COLUMNS
    if column not in meanings:
        raise StudyError(
            f"{path}, column '{column}'", "it is not described", "Describe it in datapackage.py"
        )
    kind, description = meanings[column]
    title = {"title": titles[column]} if column in titles else {}
    return {"name": column, "type": kind, **title, "description": description}
