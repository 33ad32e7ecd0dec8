"""A Frictionless description of the public tables: what each column means.

Workbooks and pages stand in it beside the tables, so that it is no package of tables alone, which
readers of the standard would refuse.

https://specs.frictionlessdata.io/data-package/
"""

import csv
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import CONVENTION
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.primary_keys import primary_key_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Codes, Indicator
from disrupting_harm.study.countries import OF_WAVE
from disrupting_harm.study.study import NO_SURVEY
from disrupting_harm.tables.schema import Field, TableSchema, read_schemas

# In the tables of an earlier survey of a country.
EARLIER_WAVE = "Code of the country with the wave behind it: an earlier survey."


def describe_data_package(
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
        StudyError: if a table has a column that nothing describes.
    """
    return {
        "profile": "data-package",
        "name": study["id"],
        "title": study["title"],
        "description": CONVENTION,
        "simulated": study["simulated"],
        **(terms or {}),
        "indicators": [
            {
                "name": indicator.id,
                "title": indicator.label,
                **_indicator_codes(indicator, codebook),
            }
            for indicator in codebook.indicators
        ],
        "resources": [
            *(_describe_table(public, table, study["simulated"]) for table in sorted(tables)),
            *(_describe_workbook(public, book, study["simulated"]) for book in sorted(books)),
            *(_describe_page(public, page, study["simulated"]) for page in sorted(pages)),
        ],
    }


def _indicator_codes(indicator: Indicator, codebook: Codebook) -> dict[str, Any]:
    """Return an indicator's codes in classifications; nothing where the codebook uses none."""
    has_codes = any(other_indicator.codes != Codes() for other_indicator in codebook.indicators)
    return {"codes": indicator.codes.format_codes()} if has_codes else {}


def _describe_workbook(public: Path, book: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_name_and_path(public, book),
        "description": "Data book: the numbers of the tables, with words in place of codes.",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "simulated": simulated,
    }


def _describe_page(public: Path, page: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_name_and_path(public, page),
        "description": "How the numbers of the tables were made; each row is found by its address.",
        "format": "html",
        "mediatype": "text/html",
        "encoding": "utf-8",
        "simulated": simulated,
    }


def _name_and_path(public: Path, file: Path) -> dict[str, str]:
    path = file.relative_to(public)
    return {
        "name": path.with_suffix("").as_posix().replace("/", "-").lower(),
        "path": path.as_posix(),
    }


def _describe_table(public: Path, table: Path, simulated: bool) -> dict[str, Any]:
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
            "fields": [_describe_field(path, column) for column in header],
            "missingValues": [""],
            **({"primaryKey": list(key)} if (key := primary_key_of(path)) else {}),
        },
    }


def describe_column(path: str, column: str) -> Field:
    """Return a column of a public table as published.

    Args:
        path: of the table below the public folder.

    Raises:
        StudyError: if no schema and no table of evidence describes it.
    """
    if schema := find_public_schema(path):
        field = schema.find_public_field(column)
    else:
        field = _find_evidence_column(path.removeprefix("evidence/").removesuffix(".csv"), column)
    if field is None:
        raise StudyError(
            f"{path}, column '{column}'", "it is not described", "Describe it in fields.yaml"
        )
    folder = path.rpartition("/")[0].removeprefix("countries/")
    if column == "country" and OF_WAVE in folder and folder != path:
        return replace(field, description=EARLIER_WAVE)
    return field


@cache
def find_public_schema(path: str) -> TableSchema | None:
    """Return the schema of a table by its path below the public folder; None where it has none."""
    return next((schema for schema in read_schemas("").values() if schema.key.is_of(path)), None)


def _find_evidence_column(table: str, column: str) -> Field | None:
    """Return a column of a table of evidence; None where there is no such table or column."""
    fields = PUBLIC[table].fields if table in PUBLIC else ()
    evidence_field = next((field for field in fields if field.name == column), None)
    return (
        Field(column, evidence_field.kind, evidence_field.meaning, unit=evidence_field.unit)
        if evidence_field
        else None
    )


def _describe_field(path: str, column: str) -> dict[str, str]:
    field = describe_column(path, column)
    title = {"title": field.title} if field.title else {}
    description = {"description": field.description}
    return {"name": column, "type": field.published_type, **title, **description}
