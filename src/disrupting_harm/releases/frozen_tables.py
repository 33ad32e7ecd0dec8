"""What stays as it was published: frozen tables."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.cell_differences import CELL, TABLE, Flags
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.release_messages import RETRACTED, STAYING
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import RETRACTED_REASON, SUPPRESS_DISCLOSURE
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape

# A release table of which every row says which release published it anew.
CELLS = restricted_contract("country/release").update_column("release", required=True)


def with_kept(
    decided: pd.DataFrame, previous: pd.DataFrame | None, verdict: Verdict, codebook: Codebook
) -> pd.DataFrame:
    """Return a country's release with the tables that stay as they were.

    Args:
        decided: from ``publication.release.decide_release``, which prints nothing of these tables.
            A cell of theirs that was never published, such as one in a new domain, stays so.
        previous: ``accepted.AcceptedRelease.cells``; None where no release has the country.
        verdict: of the gate.
        codebook: the order of indicators, domains and levels.

    Returns:
        Its rows and ``release``: in which one a row was published that stays as it was, else empty.

    Raises:
        StudyError: a level of a frozen table is none of the codebook's any more.
    """
    table = in_shape(decided.assign(release=""), CELLS)
    if previous is None:
        return table
    frozen = in_shape(previous[staying(previous, verdict.tables)], CELLS)
    _refuse_unknown_levels(frozen, codebook)
    rows = pd.concat([table[~_among(table, frozen, CELL)], frozen], ignore_index=True)
    return _in_order(rows, codebook)


def with_retracted(cells: pd.DataFrame, tables: pd.DataFrame) -> pd.DataFrame:
    """Return a country's cells without any number of those that are retracted.

    Args:
        cells: the columns of ``country/release``.
        tables: those of a :class:`Verdict`.
    """
    rows = _among(cells, tables[tables["decision"] == RETRACTED], TABLE)
    marked = cells.copy()
    marked.loc[rows, float_columns(restricted_contract("country/release"))] = np.nan
    marked.loc[rows, ["shown", "status", "reason"]] = ["r", SUPPRESS_DISCLOSURE, RETRACTED_REASON]
    if "release" in marked:
        marked.loc[rows, "release"] = ""
    return marked


def held_estimates(
    previous: pd.DataFrame, tables: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Return the estimates of a held country (``country/estimates``): those that it published.

    A table that it never published has a row without numbers for each level of its domain, and so
    tells nothing of the children of today.

    Args:
        previous: ``accepted.AcceptedRelease.cells``.
        tables: ``indicator, domain`` of a run.
        codebook: the levels; the order of the rows.
    """
    old = previous[_among(previous, tables, TABLE)]
    _refuse_unknown_levels(old, codebook)
    levels = previous.groupby("domain", sort=False)["level"].unique().to_dict()
    unseen = tables[~_among(tables, old, TABLE)]
    blank = pd.DataFrame(
        [
            {"indicator": indicator, "domain": domain, "level": level}
            for indicator, domain in unseen[TABLE].to_numpy().tolist()
            for level in levels.get(domain, codebook.levels(domain))
        ],
        columns=CELL,
    )
    blank = blank.assign(
        **dict.fromkeys(float_columns(restricted_contract("country/estimates")), np.nan),
        **{"country": previous["country"].iloc[0], "n": 0},
        **{"interval": "", "reliability": "suppress", "reason": ""},
    )
    rows = pd.concat(
        [
            in_shape(old, restricted_contract("country/estimates")),
            in_shape(blank, restricted_contract("country/estimates")),
        ],
        ignore_index=True,
    )
    return _in_order(rows, codebook)


def staying(cells: pd.DataFrame, tables: pd.DataFrame) -> Flags:
    """Return which rows belong to tables that stay as they were.

    Args:
        cells: with ``indicator, domain``.
        tables: those of a :class:`Verdict`.
    """
    return _among(cells, tables[tables["decision"].isin(STAYING)], TABLE)


def frozen_indicators(tables: pd.DataFrame, domains: Collection[str]) -> set[str]:
    """Return the indicators of which a table in one of these domains stays as it was.

    Args:
        tables: those of a :class:`Verdict`, of one country or several.
        domains: among which to look.
    """
    chosen = tables[tables["decision"].isin(STAYING) & tables["domain"].isin(list(domains))]
    return set(chosen["indicator"])


def _among(rows: pd.DataFrame, others: pd.DataFrame, keys: Sequence[str]) -> Flags:
    """Return which rows have their keys in others, too."""
    own, known = (pd.MultiIndex.from_frame(frame[list(keys)]) for frame in (rows, others))
    found: Flags = own.isin(known)
    return found


def _refuse_unknown_levels(cells: pd.DataFrame, codebook: Codebook) -> None:
    for domain, part in cells.groupby("domain", sort=False):
        gone = [level for level in part["level"] if level not in codebook.levels(str(domain))]
        if gone:
            raise StudyError(
                f"codebook, domain '{domain}'",
                f"a table of {part['release'].iloc[0]} that stays as it is has the level "
                f"'{gone[0]}', which the codebook has no more",
                "Leave the levels of a published domain as they are, and define a new domain",
            )


def _in_order(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    indicators = {entry.id: place for place, entry in enumerate(codebook.indicators)}
    domains = {entry.id: place for place, entry in enumerate(codebook.domains)}
    levels = {
        (entry.id, level): place
        for entry in codebook.domains
        for place, level in enumerate(codebook.levels(entry.id))
    }
    order = pd.DataFrame(
        {
            "indicator": table["indicator"].map(indicators),
            "domain": table["domain"].map(domains),
            "level": [levels[cell] for cell in zip(table["domain"], table["level"], strict=True)],
        }
    )
    return table.loc[order.sort_values([*order], kind="stable").index].reset_index(drop=True)
