"""Which tables of evidence a study has, and which public tables follow from them.

No pandas here: the Snakefile loads this module at every call.
"""

from collections.abc import Collection

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.evidence.shared_columns import SIMULATOR
from disrupting_harm.evidence.tables import JOINT, PUBLIC, TABLES
from disrupting_harm.evidence.tables.triangulation import MADE_OF

# Tables that can be simulated.
SIMULATED = tuple(name for name, table in TABLES.items() if table.simulation)
# Their sources as printed.
SIMULATED_SOURCES = tuple(
    f"{SIMULATOR}, {table.simulation.title}" for table in TABLES.values() if table.simulation
)


def study_tables(filed: Collection[str], simulation: bool) -> dict[str, bool]:
    """Return the tables of a study in their order, and whether each is simulated.

    Args:
        filed: tables that have a file.
        simulation: whether the study simulates those that have none.

    Raises:
        StudyError: there is no table of that name.
    """
    for name in filed:
        if name not in TABLES:
            raise StudyError(
                f"configuration, key 'evidence.{name}'",
                "unknown key",
                f"{suggest_name(name, TABLES)}Tables of evidence are {', '.join(TABLES)}",
            )
    simulated = SIMULATED if simulation else ()
    return {name: name not in filed for name in TABLES if name in filed or name in simulated}


def public_names(tables: Collection[str], forms: bool) -> list[str]:
    """Return the names of the public tables.

    Args:
        tables: tables of the study.
        forms: whether the study has a file of forms of abuse.
    """
    own = [table for name, table in TABLES.items() if name in tables]
    joint = [table for table in JOINT.values() if table.is_made(own, forms)]
    made = {public.name for table in own for public in table.public}
    made |= {public.name for table in joint for public in table.public}
    return [name for name in PUBLIC if name in made]


def triangulated(tables: Collection[str]) -> list[str]:
    """Return those tables of a study that triangulation is made of, beside the survey."""
    return [name for name in MADE_OF if name in tables]
