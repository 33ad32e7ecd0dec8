"""Tables of evidence: one file each, with the whole definition of its table.

A new table is a new file here; nothing else lists them.
"""

from importlib import import_module
from pkgutil import iter_modules

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.definition import Joint, Public, Table


def _load(name: str) -> Table | Joint:
    where = f"evidence/tables/{name}.py"
    try:
        table = getattr(import_module(f"{__name__}.{name}"), "TABLE", None)
    except TypeError as error:
        # Python names the piece that a definition lacks, but not the table.
        raise StudyError(where, str(error), "Give the table all pieces") from error
    if not isinstance(table, Table | Joint):
        raise StudyError(where, "it defines no TABLE", "Say TABLE = Table(...)")
    if table.name != name:
        raise StudyError(where, f"its table is named '{table.name}'", "Name both alike")
    return table


_ALL = sorted(
    (_load(module.name) for module in iter_modules(__path__)), key=lambda one: (one.place, one.name)
)
# Tables that are read, by name and in order.
TABLES: dict[str, Table] = {one.name: one for one in _ALL if isinstance(one, Table)}
# Public tables that are made of several of them.
JOINT: dict[str, Joint] = {one.name: one for one in _ALL if isinstance(one, Joint)}
# All public tables, by the names of their files.
PUBLIC: dict[str, Public] = {public.name: public for one in _ALL for public in one.public}
