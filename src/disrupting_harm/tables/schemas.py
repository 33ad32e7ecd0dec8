"""Schemas of the data package that several tables share: each stands once, in a file of its own.

Tables of a kind have the same columns in every country and language. A resource names its schema by
the path from ``datapackage.json``, as the specification allows.

https://specs.frictionlessdata.io/data-resource/#resource-schemas
"""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

from disrupting_harm.core.files import read_json

FOLDER = "schemas"
Schema = dict[str, Any]


def share_schemas(package: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Schema]]:
    """Return a data package that names each schema of several tables, and these schemas by path."""
    tables: dict[str, list[str]] = {}
    for resource in package["resources"]:
        if "schema" in resource:
            tables.setdefault(json.dumps(resource["schema"]), []).append(resource["path"])
    shared: dict[str, Schema] = {}
    path_of_schema: dict[str, str] = {}
    for text, paths in tables.items():
        if len(paths) > 1:
            schema_path = _name_schema_file(paths, shared)
            shared[schema_path] = json.loads(text)
            path_of_schema |= dict.fromkeys(paths, schema_path)
    resources = [
        resource
        | (
            {"schema": path_of_schema[resource["path"]]}
            if resource["path"] in path_of_schema
            else {}
        )
        for resource in package["resources"]
    ]
    return {**package, "resources": resources}, shared


def read_resource_schema(public: Path, resource: Mapping[str, Any]) -> Schema:
    """Return the schema of a resource, wherever it stands; empty where it is no table."""
    schema = resource.get("schema", {})
    return dict(read_json(public / schema) if isinstance(schema, str) else schema)


def _name_schema_file(paths: Sequence[str], schemas: Mapping[str, Schema]) -> str:
    """Return a place for the schema of these tables, called like their kind or the shortest."""
    stems = {PurePosixPath(path).stem for path in paths}
    kinds = {stem.partition("-")[0] for stem in stems}
    name = min(kinds if len(kinds) == 1 < len(stems) else stems, key=lambda n: (len(n), n))
    name = "marks" if paths[0].startswith("figures/") else name
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(place for one in numbered if (place := f"{FOLDER}/{one}.json") not in schemas)
