"""Stage *manifest*: describe the public tables and list every input and output of the run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import read_json, write_json
from disrupting_harm.provenance.datapackage import describe
from disrupting_harm.provenance.manifest import (
    build_manifest,
    files_of,
    remove_stale,
    restricted_files,
)


def write_manifest(
    *,
    settings: dict[str, Any],
    countries: Sequence[str],
    inputs: Mapping[str, str],
    made: Sequence[str],
    audit_summary: str | None,
    results: str,
    datapackage_output: str,
    manifest_output: str,
) -> None:
    """Remove what an earlier run left in the public folder, then describe what this one made.

    Args:
        settings: the checked configuration.
        countries: countries of this run.
        inputs: name -> file that the run read.
        made: public files of this run, and folders all of whose files belong to it.
        audit_summary: summary of the second estimator; None without a survey.
        results: folder of the results.
        datapackage_output: Frictionless description of the public tables.
        manifest_output: the manifest.
    """
    public, restricted = Path(results) / "public", Path(results) / "restricted"
    files = files_of(map(Path, made))
    remove_stale(public, files)
    tables = [
        path
        for path in files
        if path.suffix == ".csv" and not {"reports", "regional"} & set(path.parts)
    ]
    write_json(datapackage_output, describe(public, tables, settings["study"]))
    engines = [
        {"country": country, **read_json(public / "reports" / country / "renderer.json")}
        for country in countries
    ]
    engines.append({"region": "all", **read_json(public / "regional" / "renderer.json")})
    outputs = files | {Path(datapackage_output)} | restricted_files(restricted, countries)
    write_json(
        manifest_output,
        build_manifest(
            settings=settings,
            inputs={name: Path(path) for name, path in inputs.items()},
            outputs=outputs,
            results=Path(results),
            audit=read_json(audit_summary) if audit_summary else None,
            engines=engines,
        ),
    )
