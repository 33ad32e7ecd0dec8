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


def select_study_tables(tables_with_file: Collection[str], simulation: bool) -> dict[str, bool]:
    """Return the tables of a study in their order, and whether each is simulated.

    ``simulation`` tells whether the study simulates those of its tables that have no file.

    Raises:
        StudyError: there is no table of that name.
    """
    for name in tables_with_file:
        if name not in TABLES:
            raise StudyError(
                f"configuration, key 'evidence.{name}'",
                "unknown key",
                f"{suggest_name(name, TABLES)}Tables of evidence are {', '.join(TABLES)}",
            )
    simulated = SIMULATED if simulation else ()
    return {
        name: name not in tables_with_file
        for name in TABLES
        if name in tables_with_file or name in simulated
    }


def list_public_tables(tables: Collection[str], forms: bool) -> list[str]:
    """Return the names of the public tables; ``forms``: the study has a file of forms of abuse."""
    tables_of_study = [table for name, table in TABLES.items() if name in tables]
    joint_tables = [table for table in JOINT.values() if table.is_made(tables_of_study, forms)]
    names_made = {public.name for table in tables_of_study for public in table.public}
    names_made |= {public.name for table in joint_tables for public in table.public}
    return [name for name in PUBLIC if name in names_made]


def select_triangulated_tables(tables: Collection[str]) -> list[str]:
    """Return those tables of a study that triangulation is made of, beside the survey."""
    return [name for name in MADE_OF if name in tables]
