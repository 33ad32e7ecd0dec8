"""Tables of a finished run, read without the library, against what is written of tables.

Files of tables are read here by PyYAML and joined as their comments say; cells are read by the csv
module, and Parquet by Arrow.
"""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as pq
import yaml
from checkout import PROJECT

TABLES = PROJECT / "src/disrupting_harm/tables"
FORMS = {
    "string": re.compile(r"(?s).*"),
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?"),
    "boolean": re.compile(r"True|False"),
}
# Columns that a study names, raw files, and tables of evidence.
OTHERS = re.compile(
    r"restricted/(prepared/[\w-]+/(sample|answers|indicators|asked|parts)\.parquet"
    r"|simulated/([\w-]+/sample\.csv|evidence/.*)|evidence/.*|logs/.*|made/.*)"
    r"|public/evidence/.*"
)


def read_tables() -> list[dict[str, Any]]:
    """Return all tables with their columns joined."""
    common = yaml.safe_load((TABLES / "fields.yaml").read_text(encoding="utf-8"))
    tables = []
    for path in sorted(TABLES.rglob("*.yaml")):
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "fields.yaml":
            continue
        fields = []
        for entry in table["fields"]:
            departures = {"name": entry} if isinstance(entry, str) else entry
            field = dict(common[departures["name"]])
            if "type" in departures:
                field.pop("constraints", None)
            fields.append(field | departures)
        public = table.get("publicPath", [])
        tables.append(table | {"fields": fields, "publicPath": [public] * isinstance(public, str)
                               or public})  # fmt: skip
    return tables


def columns_of(table: Mapping[str, Any], public: bool) -> list[dict[str, Any]]:
    """Return the columns of one form of a table."""
    absent = table.get("restricted" if public else "publicOnly", [])
    return [field for field in table["fields"] if field["name"] not in absent]


def has_form(path: str, pattern: str) -> bool:
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)), path) is not None


def find_table(tables: list[dict[str, Any]], path: str) -> tuple[dict[str, Any], bool]:
    """Return the one table that has a file, and whether it is the public form."""
    found = [(table, False) for table in tables if has_form(path, table.get("path", ""))]
    found += [
        (table, True) for table in tables for form in table["publicPath"] if has_form(path, form)
    ]
    assert len(found) == 1, (path, [table["title"] for table, _ in found])
    return found[0]


def faults_of_csv(path: Path, fields: list[dict[str, Any]], key: list[str]) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    fields = [field for field in fields if field["name"] in header or not field.get("optional")]
    if header != [field["name"] for field in fields]:
        yield f"{path}: the columns are {header}"
        return
    is_public = "/public/" in path.as_posix()
    for number, field in enumerate(fields):
        cells = [row[number] for row in rows]
        kind = field.get("publicType") or field["type"] if is_public else field["type"]
        limits = {} if is_public and field.get("publicType") else field.get("constraints", {})
        for cell in cells:
            if not cell and kind != "string":
                fault = "required" if limits.get("required") or kind == "boolean" else ""
            elif not FORMS[kind].fullmatch(cell):
                fault = kind
            elif "enum" in limits and cell not in map(str, limits["enum"]):
                fault = "enum"
            elif kind in ("integer", "number"):
                inside = limits.get("minimum", -math.inf) <= float(cell) <= limits.get(
                    "maximum", math.inf
                )  # fmt: skip
                fault = "" if inside else "limits"
            else:
                fault = ""
            if fault:
                yield f"{path}, column {field['name']}: {cell!r} breaks {fault}"
        if limits.get("unique") and len(set(cells)) < len(cells):
            yield f"{path}, column {field['name']}: a value stands twice"
    places = [header.index(name) for name in key]
    keys = [tuple(row[place] for place in places) for row in rows]
    if key and len(set(keys)) < len(keys):
        yield f"{path}: a key stands twice"


ARROW = {
    "string": lambda kind: arrow.types.is_string(kind) or arrow.types.is_large_string(kind),
    "integer": arrow.types.is_integer,
    "number": lambda kind: arrow.types.is_floating(kind) or arrow.types.is_integer(kind),
    "boolean": arrow.types.is_boolean,
}


def faults_of_parquet(path: Path, fields: list[dict[str, Any]], key: list[str]) -> Iterator[str]:
    table = pq.read_table(path)
    names = table.schema.names
    fields = [field for field in fields if field["name"] in names or not field.get("optional")]
    if names != [field["name"] for field in fields]:
        yield f"{path}: the columns are {names}"
        return
    for field in fields:
        kind, column = table.schema.field(field["name"]).type, table[field["name"]]
        kind = kind.value_type if arrow.types.is_dictionary(kind) else kind
        if not ARROW[field["type"]](kind):
            yield f"{path}, column {field['name']}: it is of type {kind}"
        limits = field.get("constraints", {})
        cells = column.to_pylist()
        missing = [cell is None or cell != cell for cell in cells]
        if any(missing) and (limits.get("required") or field["type"] in ("string", "boolean")):
            yield f"{path}, column {field['name']}: a cell is missing"
        known = [cell for cell, gone in zip(cells, missing, strict=True) if not gone]
        if "enum" in limits and not set(known) <= set(limits["enum"]):
            yield f"{path}, column {field['name']}: {set(known) - set(limits['enum'])}"
        if known and field["type"] in ("integer", "number"):
            low, high = limits.get("minimum", -math.inf), limits.get("maximum", math.inf)
            if min(known) < low or max(known) > high:
                yield f"{path}, column {field['name']}: a number is out of its limits"
    keys = list(zip(*(table[name].to_pylist() for name in key), strict=True))
    if key and len(set(keys)) < len(keys):
        yield f"{path}: a key stands twice"


def check_results(results: Path) -> tuple[set[str], list[str]]:
    """Return the titles of the tables whose files were found, and the faults of all files."""
    tables, seen, faults = read_tables(), set(), []
    for path in sorted(each for each in results.rglob("*") if each.suffix in (".csv", ".parquet")):
        name = path.relative_to(results).as_posix()
        if OTHERS.fullmatch(name):
            continue
        table, public = find_table(tables, name)
        seen.add(table["title"])
        check = faults_of_csv if path.suffix == ".csv" else faults_of_parquet
        # A key with a hidden number would not do: keys are texts, and of ranks of silence a share.
        faults += check(path, columns_of(table, public), table.get("primaryKey", []))
    return seen, faults
