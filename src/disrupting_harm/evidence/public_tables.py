"""Which facts may be published, and the public tables that are made of them.

Rows of a source that is not open to everyone are withheld, unless they are simulated. Figures that
others published, such as CyberTip reports, are published as they are. Each table defines how the
people in its counts are protected; :mod:`.small_counts` hides small ones.
"""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from disrupting_harm.evidence.columns import GLOBAL, WORLD
from disrupting_harm.evidence.definition import Context, Labels, SmallCounts, Table
from disrupting_harm.evidence.sources import OPEN, SIMULATED
from disrupting_harm.evidence.tables import JOINT, TABLES


def of_others(table: Table, facts: pd.DataFrame, countries: Collection[str]) -> pd.Series:
    """Return which facts are neither of the countries nor of the whole world."""
    return ~facts[table.where_it_is].isin([*countries, WORLD, GLOBAL])


def of_places(name: str, facts: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the study's countries and of the whole world."""
    return facts[~of_others(TABLES[name], facts, countries)].reset_index(drop=True)


def admitted(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that may leave: those of open sources, and simulated ones."""
    allowed = (facts["restriction"] == OPEN) | (facts["data_kind"] == SIMULATED)
    return facts[allowed].reset_index(drop=True)


def released(tables: Mapping[str, pd.DataFrame], small: SmallCounts) -> dict[str, pd.DataFrame]:
    """Return the facts as they may be published.

    Args:
        tables: tables of evidence by name, with ``restriction`` and ``data_kind``.
        small: from which count on people are printed.

    Returns:
        The same tables; microdata are no longer answers but counts of them.
    """
    found = {}
    for name, table in tables.items():
        hide = TABLES[name].protection.hide
        found[name] = hide(admitted(table), small) if hide else admitted(table)
    return found


def public_tables(facts: Mapping[str, pd.DataFrame], context: Context) -> dict[str, pd.DataFrame]:
    """Return the public tables by name, triangulation where there are forms of abuse.

    Args:
        facts: tables of evidence as :func:`released` returns them.
        context: what is needed beside them.

    Raises:
        StudyError: scores of capacity without a file of areas.
    """
    tables = [TABLES[name] for name in TABLES if name in facts]
    public: dict[str, pd.DataFrame] = {}
    for table in tables:
        made = table.make(facts[table.name], context)
        public |= {name: _labelled(table, frame, context.labels) for name, frame in made.items()}
        _all_made(table, public)
    joint = [one for one in JOINT.values() if one.is_made(tables, context.forms is not None)]
    return public | {one.name: one.make(tables, facts, public, context) for one in joint}


def triangulation(facts: Mapping[str, pd.DataFrame], context: Context) -> pd.DataFrame:
    """Return triangulation alone: what it is made of does not change with the survey.

    Args:
        facts: those tables that it is made of and the study has, as :func:`released` returns them.
        context: what is needed beside them, with forms of abuse.
    """
    used = [TABLES[name] for name in facts]
    reports = facts.get("cybertips")
    public = {} if reports is None else TABLES["cybertips"].make(reports, context)
    return JOINT["triangulation"].make(used, facts, public, context)


def _labelled(table: Table, made: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a public table with what the study calls its codes; empty where it names none."""
    own = labels.get(table.name, {})
    named = [c.name for c in table.columns if c.label_column and c.name in made]
    return made.assign(
        **{
            f"{name}_label": [own.get(name, {}).get(code, "") for code in made[name]]
            for name in named
        }
    )


def _all_made(table: Table, made: Mapping[str, pd.DataFrame]) -> None:
    lacking = [public.name for public in table.public if public.name not in made]
    if lacking:
        raise TypeError(f"evidence table '{table.name}': make() returns no '{lacking[0]}'")
