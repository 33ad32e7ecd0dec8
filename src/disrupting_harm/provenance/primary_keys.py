"""Primary keys of the public tables: the columns whose values together name a row.

Those of evidence stand in the definitions of its tables, the others in the schemas of tables. The
data package and the addresses of numbers are made of them.
"""

from functools import cache

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.tables.schema import read_table_key, read_table_keys

ESTIMATES = "estimates"

# Tables of one country, by the names of their files in its folder.
COUNTRY_KEYS: dict[str, tuple[str, ...]] = {
    ESTIMATES: read_table_key("country/release").columns,
    "questions": read_table_key("country/options").columns,
    "dyads": read_table_key("country/dyads").columns,
    "changes": read_table_key("change/changes").columns,
    "trends": read_table_key("change/trends").columns,
    "waves": read_table_key("change/waves").columns,
}
EVIDENCE_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(public.key.split()) for name, public in PUBLIC.items()
}


@cache
def primary_key_of(path: str) -> tuple[str, ...]:
    """Return the primary key of a table by its path below the public folder; () where none is."""
    folder, _, file = path.rpartition("/")
    if folder == "evidence":
        return EVIDENCE_KEYS.get(file.removesuffix(".csv"), ())
    return next((key.columns for key in read_table_keys("").values() if key.is_of(path)), ())
