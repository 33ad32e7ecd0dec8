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


def kept_answers(answers: pd.DataFrame, before: pd.DataFrame, tables: pd.DataFrame) -> pd.DataFrame:
    """Return the answers by item, those of the release where no new national table is published.

    That is also so where it is retracted: how often a question was left unanswered depends on
    whether a child who left had answered it.

    Args:
        answers: ``indicator`` and counts (``country/item_answers``) of the run.
        before: the same of the last release, under the names of today.
        tables: those of a :class:`.gate.Verdict`.
    """
    old_or_none = tables["decision"].isin([*STAYING, RETRACTED])
    national = tables[(tables["domain"] == NATION) & old_or_none]
    old = before[before["indicator"].isin(national["indicator"])].set_index("indicator")
    rows = answers.set_index("indicator")
    rows.update(old)
    return rows.astype(answers.dtypes.drop("indicator")).reset_index()[list(answers)]


def kept_quality(
    facts: Mapping[str, Any],
    before: Mapping[str, Any],
    tables: pd.DataFrame,
    cells: pd.DataFrame,
    dates: Mapping[str, str],
) -> dict[str, Any]:
    """Return the content of ``quality.json`` with what stays as the last release told it.

    ``stands_in`` says which tables are those of an earlier release, as far as it follows from
    groups alone: of a domain one release, the last one of which a table stands; a table of which
    only a few answers were corrected is not told.

    Args:
        facts: of the run, from ``publication.quality.describe_quality``.
        before: those of the last release.
        tables: those of a :class:`.gate.Verdict`.
        cells: the country's tables, with ``release``, from :func:`.frozen_tables.with_kept`.
        dates: of all accepted releases, the first one first.
    """
    asked = tables[~tables["follow_up"]]
    domains = set(asked.loc[asked["by_moves"], "domain"])
    kept_facts = dict(facts)
    if NATION in domains:
        kept_facts |= {name: before[name] for name in _NATIONAL}
    if domains:
        for name, key in (("margins", "margin"), ("groups", "domain")):
            kept_facts[name] = [
                row
                for domain in dict.fromkeys(row[key] for row in facts.get(name, []))
                for row in (before if domain in domains else facts)[name]
                if row[key] == domain
            ]
    stands = _stands_in(tables, cells, dates)
    if stands:
        used = {entry["release"] for entry in stands}
        kept_facts["stands_in"] = stands
        kept_facts["releases"] = {name: day for name, day in dates.items() if name in used}
    return kept_facts


def _stands_in(
    tables: pd.DataFrame, cells: pd.DataFrame, dates: Mapping[str, str]
) -> list[dict[str, Any]]:
    order = {name: place for place, name in enumerate(dates)}
    chosen = tables[tables["by_moves"] & (tables["decision"] != EQUAL)]
    rows = cells[cells["release"] != ""].merge(chosen[["indicator", "domain"]])
    return [
        {
            "domain": str(domain),
            "release": max(cells_of_domain["release"], key=lambda name: order[name]),
            "indicators": cells_of_domain["indicator"].drop_duplicates().tolist(),
        }
        for domain, cells_of_domain in rows.groupby("domain", sort=False)
    ]
