"""The tables of a study as data: ``fields.yaml``, and a Table Schema in YAML for each table.

A table is named by its file below this folder, e.g. ``comparison/pairwise``. Contracts, public
forms, keys, the data package, the data dictionary and units are all made of these files. A stage
reruns after an edit of a table that it names (:mod:`disrupting_harm.provenance.imports`).

No pandas here: keys and meanings are needed where no table is read.

https://datapackage.org/standard/table-schema/
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.study.configuration.section import read_yaml

FOLDER = Path(__file__).parent
FIELDS = "fields.yaml"
TYPES = ("string", "integer", "number", "boolean")
# What a type may be limited by.
CONSTRAINTS = {
    "string": ("enum", "unique"),
    "integer": ("required", "minimum", "maximum"),
    "number": ("required", "minimum", "maximum"),
    "boolean": (),
}
# Rules of rows that are said in words; the others are of columns in order: ci_low <= ci_high.
INTERVAL_HOLDS_ESTIMATE, LEVELS_DIFFER = ROW_RULES = (
    "interval holds estimate",
    "level_a != level_b",
)
# How the properties are spelt in YAML, where it is not as here.
SPELT = {
    "public_type": "publicType",
    "unit_of_answer": "unitOfAnswer",
    "public_title": "publicTitle",
    "public_path": "publicPath",
    "primary_key": "primaryKey",
    "public_only": "publicOnly",
    "row_checks": "rowChecks",
}


@dataclass(frozen=True)
class Field:
    """A column of a table.

    Attributes:
        public_type: ``integer`` for a number that is whole as published, and missing where hidden.
        optional: whether the table may lack the column.
        title: what it is called where its name alone would say something else.
        unit: of a number; of a proportion, where that of other indicators is another.
        unit_of_answer: whether the unit is the answer's, for indicators that are no proportion.
    """

    name: str
    type: str
    description: str
    constraints: Mapping[str, Any] = field(default_factory=dict)
    public_type: str | None = None
    optional: bool = False
    title: str | None = None
    unit: str = ""
    unit_of_answer: bool = False

    @property
    def published_type(self) -> str:
        """The type of the column as published."""
        return self.public_type or self.type

    def unit_for(self, statistic: str) -> str:
        """Return the unit in a row of an indicator; ``statistic`` may be empty."""
        if self.unit_of_answer and statistic not in ("", "proportion"):
            return f"the answer's own, as its {statistic}"
        return self.unit


class TableKey(NamedTuple):
    """The columns that together name a row of a table, and where its public form lies.

    Attributes:
        columns: its primary key; empty where it has none.
        public_path: below ``results``, with names in braces for what differs from file to file.
    """

    columns: tuple[str, ...]
    public_path: tuple[str, ...]

    def is_of(self, path: str) -> bool:
        """Return whether a file below the public folder is the public form of the table."""
        forms = (re.escape(form.removeprefix("public/")) for form in self.public_path)
        return any(re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", form), path) for form in forms)


@dataclass(frozen=True)
class TableSchema:
    """A table: its restricted form, its public form, or both.

    Attributes:
        name: its file below the folder of tables, without the suffix.
        title: in messages of faults.
        public_title: the same of the public form.
        description: what a row is.
        path: of the restricted file below ``results``; empty where there is none.
        public_path: the same of the public files.
        restricted: columns that are never published.
        public_only: columns that the public form alone has.
        row_checks: rules of rows, such as ``ci_low <= ci_high``.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    path: str = ""
    public_path: tuple[str, ...] = ()
    primary_key: tuple[str, ...] = ()
    public_title: str = ""
    restricted: tuple[str, ...] = ()
    public_only: tuple[str, ...] = ()
    row_checks: tuple[str, ...] = ()

    @property
    def key(self) -> TableKey:
        """The key of the table, and where it is published."""
        return TableKey(self.primary_key, self.public_path)

    @property
    def restricted_fields(self) -> tuple[Field, ...]:
        """The columns of the restricted form, in their order."""
        return tuple(column for column in self.fields if column.name not in self.public_only)

    @property
    def public_fields(self) -> tuple[Field, ...]:
        """The columns of the public form, in their order; none of a table without one."""
        if not self.public_path:
            return ()
        return tuple(column for column in self.fields if column.name not in self.restricted)

    def find_public_field(self, name: str) -> Field | None:
        """Return a column of the public form; None where it has none of this name."""
        return next((column for column in self.public_fields if column.name == name), None)

    def rules(self) -> str:
        """Return all that contracts and keys are made of: no meaning and no unit is in it."""
        columns = [
            (column.name, column.type, sorted(column.constraints.items()), column.public_type,
             column.optional)
            for column in self.fields
        ]  # fmt: skip
        properties = (self.title, self.public_title, self.primary_key, self.restricted)
        return repr((*properties, self.public_only, self.row_checks, columns))


@cache
def read_schema(name: str, folder: Path = FOLDER) -> TableSchema:
    """Return a table by its name, e.g. ``comparison/pairwise``.

    Raises:
        StudyError: there is no such table, or its file or ``fields.yaml`` has a fault.
    """
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known_names = list_schema_names("", folder)
        raise _build_name_error(folder, name, "there is no such table", known_names)
    return _parse_schema(name, path, read_fields(folder))


def read_schemas(beginning: str = "", folder: Path = FOLDER) -> dict[str, TableSchema]:
    """Return all tables whose names begin so, by name; see :func:`read_schema`."""
    return {name: read_schema(name, folder) for name in list_schema_names(beginning, folder)}


def read_table_key(name: str) -> TableKey:
    """Return the key of a table by its name: a stage that needs no more depends on no more."""
    return read_schema(name).key


def read_table_keys(beginning: str = "") -> dict[str, TableKey]:
    """Return the keys of all tables whose names begin so, by name; see :func:`read_table_key`."""
    return {name: schema.key for name, schema in read_schemas(beginning).items()}


@cache
def list_schema_names(beginning: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the names of all tables that begin so, in the order of letters."""
    names = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.yaml"))
    texts = sorted(name.as_posix() for name in names if name.name != Path(FIELDS).stem)
    return tuple(text for text in texts if text.startswith(beginning))


@cache
def read_fields(folder: Path = FOLDER) -> dict[str, Field]:
    """Return the columns of ``fields.yaml`` by name.

    Raises:
        StudyError: a column has an unknown property, or lacks its type or meaning.
    """
    path = folder / FIELDS
    return {name: _parse_field(name, content, path) for name, content in read_yaml(path).items()}


def _parse_schema(name: str, path: Path, common: Mapping[str, Field]) -> TableSchema:
    content = _read_properties(read_yaml(path), TableSchema, path, "")
    columns = tuple(
        _parse_column(column_content, common, path) for column_content in content.pop("fields")
    )
    names = [column.name for column in columns]
    for group in ("primary_key", "restricted", "public_only"):
        content[group] = _as_tuple(content.get(group, ()))
        for column in content[group]:
            if column not in names:
                location = f"{path}, {SPELT.get(group, group)}"
                raise _build_name_error(location, column, "the table has no such column", names)
    if len(set(names)) < len(names):
        twice = next(column_name for column_name in names if names.count(column_name) > 1)
        raise StudyError(f"{path}, column '{twice}'", "it stands twice", "Remove one")
    for group in ("public_path", "row_checks"):
        content[group] = _as_tuple(content.get(group, ()))
    for rule in content["row_checks"]:
        in_order = rule.split(" <= ")
        if rule not in ROW_RULES and not (len(in_order) > 1 and {*in_order} <= {*names}):
            known_rules = [*ROW_RULES, *(f"{a} <= {b}" for a, b in pairwise(names))]
            raise _build_name_error(
                f"{path}, rowChecks", rule, "no rule of its columns", known_rules
            )
    title = content.pop("public_title", f"public {content['title']}")
    return TableSchema(name=name, fields=columns, public_title=title, **content)


def _parse_column(content: Any, common: Mapping[str, Field], path: Path) -> Field:
    """Return a column of a table: its name alone, or what it has other than in ``fields.yaml``."""
    departures = dict(content) if isinstance(content, Mapping) else {"name": content}
    name = str(departures.pop("name", ""))
    if name not in common:
        raise _build_name_error(path, name, f"no such column in {FIELDS}", common)
    properties = {
        property_field.name: getattr(common[name], property_field.name)
        for property_field in fields(Field)
    }
    if "type" in departures:
        # Limits of another type say nothing of this one.
        properties["constraints"] = {}
    as_written = {SPELT.get(key, key): value for key, value in properties.items() if key != "name"}
    return _parse_field(name, as_written | departures, path)


def _parse_field(name: str, content: Mapping[str, Any], path: Path) -> Field:
    location = f"{path}, column '{name}'"
    column = Field(name=name, **_read_properties(content, Field, path, name))
    if column.type not in TYPES:
        raise _build_name_error(location, column.type, "there is no such type", TYPES)
    if column.public_type not in (None, "integer"):
        raise _build_name_error(
            location, column.public_type, "no type of a public form", ["integer"]
        )
    for limit in column.constraints:
        if limit not in CONSTRAINTS[column.type]:
            finding = f"no constraint of type {column.type}"
            raise _build_name_error(location, limit, finding, CONSTRAINTS[column.type])
    return column


def _read_properties(content: Any, model: type, path: Path, column: str) -> dict[str, Any]:
    """Return the properties of a column or a table by the names of their attributes."""
    location = f"{path}, column '{column}'" if column else str(path)
    if not isinstance(content, Mapping):
        raise StudyError(location, "it has no properties", "Write them as 'property: value'")
    known_properties = {
        SPELT.get(property_field.name, property_field.name): property_field
        for property_field in fields(model)
        if property_field.name != "name"
    }
    for key in content:
        if key not in known_properties:
            raise _build_name_error(
                location, str(key), "there is no such property", known_properties
            )
    for key in ("title", "description", "fields") if model is TableSchema else ("type",):
        if key not in content:
            raise StudyError(location, f"it has no '{key}'", "Add it")
    if not content.get("description"):
        raise StudyError(location, "it has no 'description'", "Say what it means")
    return {known_properties[key].name: value for key, value in content.items()}


def _as_tuple(value: str | Collection[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _build_name_error(
    location: str | Path, name: str, finding: str, known_names: Collection[str]
) -> StudyError:
    remedy = suggest_name(name, known_names) or f"Known are: {', '.join(known_names) or 'none'}"
    return StudyError(f"{location}, '{name}'", finding, remedy.strip())
