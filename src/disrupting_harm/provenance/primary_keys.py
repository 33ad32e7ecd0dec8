"""Primary keys of the public tables: the columns whose values together name a row.

Those of evidence stand in the definitions of its tables, the others in the schemas of tables. The
data package and the addresses of numbers are made of them.
"""

import re
from functools import cache

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.tables.schema import TableSchema, read_schema, read_schemas

ESTIMATES = "estimates"

# Tables of one country, by the names of their files in its folder.
COUNTRY_KEYS: dict[str, tuple[str, ...]] = {
    ESTIMATES: read_schema("country/release").primary_key,
    "questions": read_schema("country/options").primary_key,
    "dyads": read_schema("country/dyads").primary_key,
    "changes": read_schema("change/changes").primary_key,
    "trends": read_schema("change/trends").primary_key,
    "waves": read_schema("change/waves").primary_key,
}
EVIDENCE_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(public.key.split()) for name, public in PUBLIC.items()
}


def key_of(path: str) -> tuple[str, ...]:
    """Return the primary key of a table by its path below the public folder; () where none is."""
    folder, _, file = path.rpartition("/")
    if folder == "evidence":
        return EVIDENCE_KEYS.get(file.removesuffix(".csv"), ())
    schema = find_public_schema(path)
    return schema.primary_key if schema else ()


@cache
def find_public_schema(path: str) -> TableSchema | None:
    """Return the schema of a table by its path below the public folder; None where it has none."""
    return next((schema for form, schema in _public_paths() if form.fullmatch(path)), None)


@cache
def _public_paths() -> list[tuple[re.Pattern[str], TableSchema]]:
    """Return the forms of the paths of all tables, with any name in the place of one in braces."""
    return [
        (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path.removeprefix("public/")))), schema)
        for schema in read_schemas("").values()
        for path in schema.public_path
    ]
