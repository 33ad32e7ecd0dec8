"""Whether the files of one country agree with each other, as those of any program must."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.statistics.agreement import BOUNDS, CELLS, COVARIANCES, STANDARDISED
from disrupting_harm.statistics.printed_form import LARGEST_ERROR
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.whole_per_cents import WHOLE

ASK = "Ask the country for corrected files; docs/statistics.md describes them"
# Relative difference of numbers that follow from each other; files have twelve digits or more.
SAME = 1e-9


def refuse_contradictions(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    codebook: Codebook,
    standard: Mapping[str, Any] | None,
    exact: bool,
) -> None:
    """Refuse numbers that cannot all be right.

    Args:
        tables: by name of the file; the index is the row in it. Each cell of ``covariances.csv`` is
            among those of ``cells.csv`` that are shown.
        folder: of the files.
        codebook: of the study.
        standard: the standard population of the rules.
        exact: whether numbers have all digits, or those of published tables.

    Raises:
        StudyError: the first contradiction, with its row.
    """
    cells, pairs = tables[CELLS], tables[COVARIANCES]
    _refuse_order(pairs, folder / COVARIANCES, codebook)
    shown = cells[is_shown(cells)].set_index(["indicator", "domain", "level"])
    # Of a product of two errors, against a covariance: each may be rounded.
    slack = SAME if exact else (1 + LARGEST_ERROR) ** 3 - 1
    _refuse_impossible_covariances(pairs, shown, folder / COVARIANCES, slack)
    _refuse_other_per_cents(cells, folder / CELLS)
    for name, column in ((BOUNDS, "estimate"), (STANDARDISED, "crude")):
        _refuse_other_nation(tables[name], column, shown, folder / name)
    if standard is not None:
        groups = cells[cells["domain"] == standard["domain"]]
        _refuse_other_standardised(
            tables[STANDARDISED], groups, pairs, standard, folder / STANDARDISED, exact
        )


def _refuse_order(pairs: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Gaps of several countries are of the same two levels only in the same order."""
    place = {
        (domain.id, level): at
        for domain in codebook.domains
        for at, level in enumerate(codebook.levels(domain.id))
    }
    a, b = (
        np.array([place[key] for key in zip(pairs["domain"], pairs[name], strict=True)])
        for name in ("level_a", "level_b")
    )
    found = "the level stands before 'level_b' in the codebook"
    _refuse(pairs, a < b, path, "level_a", found)


def _refuse_impossible_covariances(
    pairs: pd.DataFrame, shown: pd.DataFrame, path: Path, slack: float
) -> None:
    a, b = (
        shown["se"].reindex(pd.MultiIndex.from_frame(pairs[["indicator", "domain", name]]))
        for name in ("level_a", "level_b")
    )
    largest = a.to_numpy() * b.to_numpy()
    off = np.abs(floats(pairs, "covariance")) > largest * (1 + slack)
    _refuse(pairs, off, path, "covariance", "it is larger than the two standard errors allow")


def _refuse_other_per_cents(cells: pd.DataFrame, path: Path) -> None:
    """Refuse whole per cents that are not next to their share, which may have tenths."""
    for name, column in WHOLE.items():
        if column in cells:
            off = np.abs(floats(cells, column) - 100 * floats(cells, name)) > 0.55 + SAME
            _refuse(cells, off, path, column, f"it is not column '{name}' in whole per cents")


def _refuse_other_nation(table: pd.DataFrame, column: str, shown: pd.DataFrame, path: Path) -> None:
    keys = pd.MultiIndex.from_arrays(
        [table["indicator"], *([word] * len(table) for word in TOTAL)], names=shown.index.names
    )
    nation = shown["estimate"].reindex(keys).to_numpy()
    given = floats(table, column)
    off = ~np.isnan(given) & ~_same(given, nation)
    _refuse(table, off, path, column, f"it is not the national estimate of {CELLS}")


def _refuse_other_standardised(
    table: pd.DataFrame,
    groups: pd.DataFrame,
    pairs: pd.DataFrame,
    standard: Mapping[str, Any],
    path: Path,
    exact: bool,
) -> None:
    """Compute standardised estimates again where all groups are shown."""
    for row in table[table["se"].notna()].itertuples():
        own = groups[groups["indicator"] == row.indicator]
        if own.empty or not is_shown(own).all():
            continue
        share = own["level"].map(dict(standard["shares"])).to_numpy(dtype=float)
        share = share / share.sum()
        matrix = _covariance_matrix(own, pairs)
        estimate, variance = share @ floats(own, "estimate"), share @ matrix @ share
        near = SAME * np.array([abs(estimate), 2 * variance])
        if not exact:
            # Shares may be whole per cents, other numbers have three digits; a square of a rounded
            # error, and a covariance, are off by so much on both sides.
            both = 2 * ((1 + LARGEST_ERROR) ** 2 - 1) * (share @ np.abs(matrix) @ share)
            near = np.array([0.01 + 0.01 * abs(estimate), both])
        sent = np.array([row.estimate, row.se], dtype=float) ** (1, 2)
        off = np.abs(sent - [estimate, variance]) > near
        for name, wrong in zip(("estimate", "se"), off, strict=True):
            if wrong:
                found = f"it does not follow from {CELLS} and {COVARIANCES}"
                raise StudyError(f"{path}, row {row.Index}, column '{name}'", found, ASK)


def _covariance_matrix(cells: pd.DataFrame, pairs: pd.DataFrame) -> Floats:
    """Return the covariances of the cells of one domain; NaN where one was not sent."""
    levels = cells["level"].tolist()
    matrix = np.full((len(levels), len(levels)), np.nan)
    np.fill_diagonal(matrix, floats(cells, "se") ** 2)
    own = pairs[(pairs["indicator"] == cells["indicator"].iloc[0])]
    for row in own[own["domain"] == cells["domain"].iloc[0]].itertuples():
        a, b = levels.index(row.level_a), levels.index(row.level_b)
        matrix[a, b] = matrix[b, a] = row.covariance
    return matrix


def _same(a: Any, b: Any) -> Any:
    return np.isclose(a, b, rtol=SAME, atol=0)


def _refuse(table: pd.DataFrame, off: np.ndarray, path: Path, column: str, found: str) -> None:
    if off.any():
        row = table.index[int(np.argmax(off))]
        raise StudyError(f"{path}, row {row}, column '{column}'", found, ASK)
