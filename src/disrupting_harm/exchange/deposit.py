"""The files that a deposit in an archive has beside the results: data, codebook, records."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.files import PUBLIC, format_csv_lines, read_json
from disrupting_harm.exchange.catalogue_records import (
    describe_croissant,
    describe_for_dataverse,
    describe_for_zenodo,
)
from disrupting_harm.exchange.ddi import format_codebook
from disrupting_harm.exchange.sdmx import describe_structure, list_observations
from disrupting_harm.provenance.signature import MANIFEST
from disrupting_harm.study.study import Study

# Folders of the tables of all countries; those of one country are parts of them.
SHARED_TABLES = ("", "comparison", "evidence")


def format_deposit(study: Study, licence: str) -> dict[str, str]:
    """Return the text of each file by its path in the deposit.

    A study without a survey has neither estimates nor a codebook of questions.

    Args:
        study: a finished run, whose files agree with their manifest.
        licence: address of the licence of the results.

    Raises:
        StudyError: it is not known when a country was surveyed.
    """
    public = study.config.results / PUBLIC
    outputs = read_json(public / MANIFEST)["outputs"]
    tables = [
        {
            **table,
            "sha256": outputs[f"{PUBLIC}/{table['path']}"],
            "fields": _read_fields(public, table),
        }
        for table in read_json(public / "datapackage.json")["resources"]
        if table["format"] == "csv" and _is_shared(table["path"])
    ]
    records = {
        "croissant.json": describe_croissant(study, licence, tables),
        "zenodo.json": describe_for_zenodo(study, licence),
        "dataverse.json": describe_for_dataverse(study, licence),
    }
    texts: dict[str, str] = {}
    if study.has_survey:
        estimates = pd.read_csv(public / "estimates.csv", dtype=str, keep_default_na=False)
        records["sdmx/structure.json"] = describe_structure(study)
        observations = list_observations(estimates, study)
        texts["sdmx/estimates.csv"] = format_csv_lines(
            [observations.columns, *observations.to_numpy().tolist()]
        )
        texts["ddi/codebook.xml"] = format_codebook(study)
    return texts | {
        name: json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        for name, record in records.items()
    }


def _read_fields(public: Path, table: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the columns of a table, which tables of one kind describe in a file of their own."""
    schema = table["schema"]
    fields: list[dict[str, str]] = (
        read_json(public / schema) if isinstance(schema, str) else schema
    )["fields"]
    return fields


def _is_shared(path: str) -> bool:
    return Path(path).parent.as_posix().strip(".") in SHARED_TABLES
