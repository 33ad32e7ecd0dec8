"""Stage *manifest*: describe the public tables and list every input and output of the run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import read_json, write_json
from disrupting_harm.provenance.datapackage import describe
from disrupting_harm.provenance.manifest import build_manifest, remove_stale


def write_manifest(
    *,
    settings: dict[str, Any],
    inputs: Sequence[str],
    made: Sequence[str],
    audit_summary: str,
    results: str,
    datapackage_output: str,
    manifest_output: str,
) -> None:
    """Remove what an earlier run left in the public folder, then describe what is there.

    Args:
        settings: the checked configuration.
        inputs: files that the run read.
        made: public files of this run, and folders all of whose files belong to it.
        audit_summary: summary of the second estimator.
        results: folder of the results.
        datapackage_output: Frictionless description of the public tables.
        manifest_output: the manifest.
    """
    public = Path(results) / "public"
    remove_stale(public, map(Path, [*made, datapackage_output]))
    tables = [path for path in public.rglob("*.csv") if "reports" not in path.parts]
    write_json(datapackage_output, describe(public, tables, settings["study"]))
    engines = [
        {"country": record.parent.name, **read_json(record)}
        for record in sorted((public / "reports").glob("*/renderer.json"))
    ]
    write_json(
        manifest_output,
        build_manifest(
            settings=settings,
            inputs=map(Path, inputs),
            results=Path(results),
            audit=read_json(audit_summary),
            engines=engines,
        ),
    )
