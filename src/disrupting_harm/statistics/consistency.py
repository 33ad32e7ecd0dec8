"""Whether the files of one country agree with each other, as those of any program must."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.statistics.agreement import BOUNDS, CELLS, COVARIANCES, STANDARDISED
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL

ASK = "Ask the country for corrected files; docs/statistics.md describes them"
# Relative difference of numbers that follow from each other; files have twelve digits or more.
SAME = 1e-9


def refuse_contradictions(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    codebook: Codebook,
    standard: Mapping[str, Any] | None,
) -> None:
    """Refuse numbers that cannot all be right.

    Args:
        tables: by name of the file; the index is the row in it. Each cell of ``covariances.csv`` is
            among those of ``cells.csv`` that are shown.
        folder: of the files.
        codebook: of the study.
        standard: the standard population of the rules.

    Raises:
        StudyError: the first contradiction, with its row.
    """
    cells, pairs = tables[CELLS], tables[COVARIANCES]
    _refuse_order(pairs, folder / COVARIANCES, codebook)
    shown = cells[is_shown(cells)].set_index(["indicator", "domain", "level"])
    _refuse_impossible_covariances(pairs, shown, folder / COVARIANCES)
    for name, column in ((BOUNDS, "estimate"), (STANDARDISED, "crude")):
        _refuse_other_nation(tables[name], column, shown, folder / name)
    if standard is not None:
        groups = cells[cells["domain"] == standard["domain"]]
        _refuse_other_standardised(
            tables[STANDARDISED], groups, pairs, standard, folder / STANDARDISED
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


def _refuse_impossible_covariances(pairs: pd.DataFrame, shown: pd.DataFrame, path: Path) -> None:
    a, b = (
        shown["se"].reindex(pd.MultiIndex.from_frame(pairs[["indicator", "domain", name]]))
        for name in ("level_a", "level_b")
    )
    largest = a.to_numpy() * b.to_numpy()
    off = np.abs(floats(pairs, "covariance")) > largest * (1 + SAME)
    _refuse(pairs, off, path, "covariance", "it is larger than the two standard errors allow")


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
) -> None:
    """Compute standardised estimates again where all groups are shown."""
    for row in table[table["se"].notna()].itertuples():
        own = groups[groups["indicator"] == row.indicator]
        if own.empty or not is_shown(own).all():
            continue
        share = own["level"].map(dict(standard["shares"])).to_numpy(dtype=float)
        share = share / share.sum()
        matrix = _covariance_matrix(own, pairs)
        se = np.sqrt(share @ matrix @ share)
        for name, value in (("estimate", share @ floats(own, "estimate")), ("se", se)):
            if not np.isnan(value) and not _same(getattr(row, name), value):
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
