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


def keep_frozen_tables(
    decided: pd.DataFrame, previous: pd.DataFrame | None, verdict: Verdict, codebook: Codebook
) -> pd.DataFrame:
    """Return a country's release with the tables that stay as they were.

    Args:
        decided: from ``publication.release.decide_release``, which prints nothing of these tables.
            A cell of theirs that was never published, such as one in a new domain, stays so.
        previous: ``accepted_release.AcceptedRelease.cells``; None where no release has the country.
        codebook: the order of indicators, domains and levels.

    Returns:
        Its rows and ``release``: in which one a row was published that stays as it was, else empty.

    Raises:
        StudyError: a level of a frozen table is none of the codebook's any more.
    """
    table = in_shape(decided.assign(release=""), CELLS)
    if previous is None:
        return table
    frozen_rows = in_shape(previous[is_staying(previous, verdict.tables)], CELLS)
    _check_levels_known(frozen_rows, codebook)
    cells = pd.concat(
        [table[~_has_keys_in(table, frozen_rows, CELL)], frozen_rows], ignore_index=True
    )
    return _sort_as_codebook(cells, codebook)


def mark_retracted(cells: pd.DataFrame, tables: pd.DataFrame) -> pd.DataFrame:
    """Return a country's cells without any number of those that are retracted.

    Args:
        cells: the columns of ``country/release``.
        tables: those of a :class:`Verdict`.
    """
    is_retracted = _has_keys_in(cells, tables[tables["decision"] == RETRACTED], TABLE)
    retracted = cells.copy()
    numbers = float_columns(restricted_contract("country/release"))
    retracted.loc[is_retracted, retracted.columns.intersection(numbers)] = np.nan
    retracted.loc[is_retracted, ["shown", "status", "reason"]] = [
        "r",
        SUPPRESS_DISCLOSURE,
        RETRACTED_REASON,
    ]
    if "release" in retracted:
        retracted.loc[is_retracted, "release"] = ""
    return retracted


def keep_held_estimates(
    previous: pd.DataFrame, tables: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Return the estimates of a held country (``country/estimates``): those that it published.

    A table that it never published has a row without numbers for each level of its domain, and so
    tells nothing of the children of today.

    Args:
        previous: ``accepted_release.AcceptedRelease.cells``.
        tables: ``indicator, domain`` of a run.
        codebook: the levels; the order of the rows.
    """
    published = previous[_has_keys_in(previous, tables, TABLE)]
    _check_levels_known(published, codebook)
    levels = previous.groupby("domain", sort=False)["level"].unique().to_dict()
    unpublished = tables[~_has_keys_in(tables, published, TABLE)]
    blank = pd.DataFrame(
        [
            {"indicator": indicator, "domain": domain, "level": level}
            for indicator, domain in unpublished[TABLE].to_numpy().tolist()
            for level in levels.get(domain, codebook.levels(domain))
        ],
        columns=CELL,
    )
    contract = restricted_contract("country/estimates")
    # What only some intervals have stands in the table where the release has it.
    numbers = previous.columns.intersection(float_columns(contract))
    blank = blank.assign(
        **dict.fromkeys(numbers, np.nan),
        **{"country": previous["country"].iloc[0], "n": 0},
        **{"interval": "", "reliability": "suppress", "reason": ""},
    )
    rows = pd.concat(
        [
            in_shape(published, contract),
            in_shape(blank, contract),
        ],
        ignore_index=True,
    )
    return _sort_as_codebook(rows, codebook)


def is_staying(cells: pd.DataFrame, tables: pd.DataFrame) -> Flags:
    """Return which rows belong to tables that stay as they were.

    Args:
        cells: with ``indicator, domain``.
        tables: those of a :class:`Verdict`.
    """
    return _has_keys_in(cells, tables[tables["decision"].isin(STAYING)], TABLE)


def find_frozen_indicators(tables: pd.DataFrame, domains: Collection[str]) -> set[str]:
    """Return the indicators of which a table in one of these domains stays as it was.

    Args:
        tables: those of a :class:`Verdict`, of one country or several.
        domains: among which to look.
    """
    staying_tables = tables[tables["decision"].isin(STAYING) & tables["domain"].isin(list(domains))]
    return set(staying_tables["indicator"])


def _has_keys_in(rows: pd.DataFrame, reference: pd.DataFrame, keys: Sequence[str]) -> Flags:
    """Return which rows have their keys in others, too."""
    keys_of_rows, keys_of_reference = (
        pd.MultiIndex.from_frame(frame[list(keys)]) for frame in (rows, reference)
    )
    is_member: Flags = keys_of_rows.isin(keys_of_reference)
    return is_member


def _check_levels_known(cells: pd.DataFrame, codebook: Codebook) -> None:
    for domain, rows_of_domain in cells.groupby("domain", sort=False):
        unknown_levels = [
            level for level in rows_of_domain["level"] if level not in codebook.levels(str(domain))
        ]
        if unknown_levels:
            raise StudyError(
                f"codebook, domain '{domain}'",
                f"a table of {rows_of_domain['release'].iloc[0]} that stays as it is has the level "
                f"'{unknown_levels[0]}', which the codebook has no more",
                "Leave the levels of a published domain as they are, and define a new domain",
            )


def _sort_as_codebook(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    indicator_positions = {
        definition.id: position for position, definition in enumerate(codebook.indicators)
    }
    domain_positions = {
        definition.id: position for position, definition in enumerate(codebook.domains)
    }
    level_positions = {
        (definition.id, level): position
        for definition in codebook.domains
        for position, level in enumerate(codebook.levels(definition.id))
    }
    order = pd.DataFrame(
        {
            "indicator": table["indicator"].map(indicator_positions),
            "domain": table["domain"].map(domain_positions),
            "level": [
                level_positions[cell] for cell in zip(table["domain"], table["level"], strict=True)
            ],
        }
    )
    return table.loc[order.sort_values([*order], kind="stable").index].reset_index(drop=True)
