"""What is told of the quality of a country's data where some of its tables stay as they were.

That a rate moved, or stayed, would tell who of the few changed and what they answered, as the table
beside it would. So what is told of all children stands with the national tables, a margin with its
domain, and how often a question was left unanswered with its own national table.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from disrupting_harm.releases.release_messages import EQUAL, NATION, RETRACTED, STAYING

# Of all children of the country.
_NATIONAL = (
    "drawn", "interviewed", "strata", "psus", "response_rates", "weights",
    "nonresponse_collapses", "dropped_rows",
)  # fmt: skip


def keep_frozen_answers(
    answers: pd.DataFrame, former_answers: pd.DataFrame, tables: pd.DataFrame
) -> pd.DataFrame:
    """Return the answers by item, those of the release where no new national table is published.

    That is also so where it is retracted: how often a question was left unanswered depends on
    whether a child who left had answered it.

    Args:
        answers: ``indicator`` and counts (``country/item_answers``) of the run.
        former_answers: the same of the last release, under the names of today.
        tables: those of a :class:`.gate.Verdict`.
    """
    is_not_new = tables["decision"].isin([*STAYING, RETRACTED])
    national = tables[(tables["domain"] == NATION) & is_not_new]
    former_rows = former_answers[former_answers["indicator"].isin(national["indicator"])].set_index(
        "indicator"
    )
    rows = answers.set_index("indicator")
    rows.update(former_rows)
    return rows.astype(answers.dtypes.drop("indicator")).reset_index()[list(answers)]


def keep_frozen_quality(
    current_facts: Mapping[str, Any],
    former_facts: Mapping[str, Any],
    tables: pd.DataFrame,
    cells: pd.DataFrame,
    dates: Mapping[str, str],
) -> dict[str, Any]:
    """Return the content of ``quality.json`` with what stays as the last release told it.

    ``stands_in`` says which tables are those of an earlier release, as far as it follows from
    groups alone: of a domain one release, the last one of which a table stands; a table of which
    only a few answers were corrected is not told.

    Args:
        current_facts: of the run, from ``publication.quality.describe_quality``.
        former_facts: those of the last release.
        tables: those of a :class:`.gate.Verdict`.
        cells: the country's tables, with ``release``, from
            :func:`.frozen_tables.keep_frozen_tables`.
        dates: of all accepted releases, the first one first.
    """
    put_to_all = tables[~tables["follow_up"]]
    domains = set(put_to_all.loc[put_to_all["by_moves"], "domain"])
    facts_with_frozen = dict(current_facts)
    if NATION in domains:
        facts_with_frozen |= {name: former_facts[name] for name in _NATIONAL}
    if domains:
        for name, key in (("margins", "margin"), ("groups", "domain")):
            facts_with_frozen[name] = [
                row
                for domain in dict.fromkeys(row[key] for row in current_facts.get(name, []))
                for row in (former_facts if domain in domains else current_facts)[name]
                if row[key] == domain
            ]
    standing_tables = _list_standing_tables(tables, cells, dates)
    if standing_tables:
        used_releases = {table_stands["release"] for table_stands in standing_tables}
        facts_with_frozen["stands_in"] = standing_tables
        facts_with_frozen["releases"] = {
            name: date for name, date in dates.items() if name in used_releases
        }
    return facts_with_frozen


def _list_standing_tables(
    tables: pd.DataFrame, cells: pd.DataFrame, dates: Mapping[str, str]
) -> list[dict[str, Any]]:
    position_of_release = {name: position for position, name in enumerate(dates)}
    standing = tables[tables["by_moves"] & (tables["decision"] != EQUAL)]
    rows = cells[cells["release"] != ""].merge(standing[["indicator", "domain"]])
    return [
        {
            "domain": str(domain),
            "release": max(cells_of_domain["release"], key=lambda name: position_of_release[name]),
            "indicators": cells_of_domain["indicator"].drop_duplicates().tolist(),
        }
        for domain, cells_of_domain in rows.groupby("domain", sort=False)
    ]
