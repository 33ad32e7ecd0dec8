"""Which tables of evidence a study has, and which public tables follow from them.

No pandas here: the Snakefile loads this module at every call.
"""

from collections.abc import Collection

from disrupting_harm.evidence.contracts import TABLES
from disrupting_harm.evidence.simulation import EvidenceSimulation

# Tables that can be simulated: those with settings of their own.
SIMULATED = tuple(name for name in TABLES if name in EvidenceSimulation.model_fields)
# Public tables that are made of one table, beside the one of its own name.
_MORE = {
    "cybertips": ("cybertip_changes",),
    "offences": ("offence_rates", "offence_changes"),
    "capacity": ("capacity_profile", "capacity_needs"),
    "policy": ("policy_areas",),
}
# Tables whose facts several sources may tell.
_SEVERAL = {"cybertips", "reporters", "offences", "hotlines", "transparency"}


def study_tables(filed: Collection[str], simulation: bool) -> dict[str, bool]:
    """Return the tables of a study in their order, and whether each is simulated.

    Args:
        filed: tables that have a file.
        simulation: whether the study simulates those that have none.
    """
    simulated = SIMULATED if simulation else ()
    return {name: name not in filed for name in TABLES if name in filed or name in simulated}


def public_names(tables: Collection[str], triangulation: bool) -> list[str]:
    """Return the names of the public tables, CyberTip reports first where there are any.

    Args:
        tables: tables of the study.
        triangulation: whether the study has a file of forms of abuse.
    """
    names = [name for table in tables for name in (table, *_MORE.get(table, ()))]
    names += ["several_sources"] if _SEVERAL & set(tables) else []
    return names + ["triangulation"] * (triangulation and bool(tables))
