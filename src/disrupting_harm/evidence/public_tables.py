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


def is_of_other_countries(
    table: Table, facts: pd.DataFrame, countries: Collection[str]
) -> pd.Series:
    """Return which facts are neither of the countries nor of the whole world."""
    return ~facts[table.country_column].isin([*countries, WORLD, GLOBAL])


def select_places(name: str, facts: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the study's countries and of the whole world."""
    return facts[~is_of_other_countries(TABLES[name], facts, countries)].reset_index(drop=True)


def select_publishable(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that may leave: those of open sources, and simulated ones."""
    allowed = (facts["restriction"] == OPEN) | (facts["data_kind"] == SIMULATED)
    return facts[allowed].reset_index(drop=True)


def protect_facts(
    tables: Mapping[str, pd.DataFrame], small: SmallCounts
) -> dict[str, pd.DataFrame]:
    """Return the tables by name as they may be published: of microdata, counts of answers.

    ``tables`` have the columns ``restriction`` and ``data_kind``; ``small`` says from which count
    on people are printed.
    """
    published = {}
    for name, table in tables.items():
        hide = TABLES[name].protection.hide
        published[name] = (
            hide(select_publishable(table), small) if hide else select_publishable(table)
        )
    return published


def make_public_tables(
    facts: Mapping[str, pd.DataFrame], context: Context
) -> dict[str, pd.DataFrame]:
    """Return the public tables by name, triangulation where there are forms of abuse.

    ``facts`` are tables of evidence as :func:`protect_facts` returns them.

    Raises:
        StudyError: scores of capacity without a file of areas.
    """
    tables = [TABLES[name] for name in TABLES if name in facts]
    public: dict[str, pd.DataFrame] = {}
    for table in tables:
        frames = table.make(facts[table.name], context)
        public |= {
            name: _add_labels(table, frame, context.labels) for name, frame in frames.items()
        }
        _check_tables_made(table, public)
    joint_tables = [
        joint_table
        for joint_table in JOINT.values()
        if joint_table.is_made(tables, context.forms is not None)
    ]
    return public | {
        joint_table.name: joint_table.make(tables, facts, public, context)
        for joint_table in joint_tables
    }


def make_triangulation(facts: Mapping[str, pd.DataFrame], context: Context) -> pd.DataFrame:
    """Return triangulation alone: what it is made of does not change with the survey.

    ``facts`` are those tables that it is made of and the study has, as :func:`protect_facts`
    returns them; ``context`` has forms of abuse.
    """
    used = [TABLES[name] for name in facts]
    reports = facts.get("cybertips")
    public = {} if reports is None else TABLES["cybertips"].make(reports, context)
    return JOINT["triangulation"].make(used, facts, public, context)


def _add_labels(table: Table, frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Add what the study calls the codes of a public table; empty where it names none."""
    labels_of_table = labels.get(table.name, {})
    columns_with_label = [
        column.name for column in table.columns if column.label_column and column.name in frame
    ]
    return frame.assign(
        **{
            f"{name}_label": [labels_of_table.get(name, {}).get(code, "") for code in frame[name]]
            for name in columns_with_label
        }
    )


def _check_tables_made(table: Table, frames: Mapping[str, pd.DataFrame]) -> None:
    lacking = [public.name for public in table.public if public.name not in frames]
    if lacking:
        raise TypeError(f"evidence table '{table.name}': make() returns no '{lacking[0]}'")
