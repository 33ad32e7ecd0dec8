"""Tables of evidence: table file each, with the whole definition of its table.

A new table is a new file here; nothing else lists them.
"""

from importlib import import_module
from pkgutil import iter_modules

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.definition import JointTable, PublicTable, Table


def _load_table(name: str) -> Table | JointTable:
    location = f"evidence/tables/{name}.py"
    try:
        table = getattr(import_module(f"{__name__}.{name}"), "TABLE", None)
    except TypeError as error:
        # Python names the piece that a definition lacks, but not the table.
        raise StudyError(location, str(error), "Give the table all pieces") from error
    if not isinstance(table, Table | JointTable):
        raise StudyError(location, "it defines no TABLE", "Say TABLE = Table(...)")
    if table.name != name:
        raise StudyError(location, f"its table is named '{table.name}'", "Name both alike")
    return table


_ALL_TABLES = sorted(
    (_load_table(module.name) for module in iter_modules(__path__)),
    key=lambda table: (table.position, table.name),
)
# Tables that are read, by name and in order.
TABLES: dict[str, Table] = {table.name: table for table in _ALL_TABLES if isinstance(table, Table)}
# Public tables that are made of several of them.
JOINT: dict[str, JointTable] = {
    table.name: table for table in _ALL_TABLES if isinstance(table, JointTable)
}
# All public tables, by the names of their files.
PUBLIC: dict[str, PublicTable] = {
    public.name: public for table in _ALL_TABLES for public in table.public
}
