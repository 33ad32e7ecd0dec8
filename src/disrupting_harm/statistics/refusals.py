"""Refuse statistics that do not fit the codebook, or tell of what is hidden."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.statistics.agreement import CELLS, COVARIANCES
from disrupting_harm.statistics.consistency import ASK
from disrupting_harm.statistics.form import KEYS
from disrupting_harm.study.codebook import Codebook


def refuse_unknown_levels(cells: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Refuse a level that the codebook does not have."""
    known = {(e.id, level) for e in codebook.domains for level in codebook.levels(e.id)}
    for row, domain, level in zip(cells.index, cells["domain"], cells["level"], strict=True):
        if (domain, level) not in known:
            raise StudyError(
                f"{path}, row {row}, column 'level'", f"domain '{domain}' has no such level", ASK
            )


def refuse_missing_headlines(cells: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Refuse statistics without a national row of each headline indicator."""
    there = set(cells.loc[cells["domain"] == "total", "indicator"])
    missing = [name for name in codebook.headlines() if name not in there]
    if missing:
        found = f"no national row of {', '.join(missing)}"
        raise StudyError(str(path), found, "Write the row; what was not asked says 'not_asked'")


def refuse_covariances_of_hidden(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Refuse to be told of cells that are hidden, even how they vary with others."""
    cells, pairs = tables[CELLS], tables[COVARIANCES]
    shown = pd.MultiIndex.from_frame(cells.loc[is_shown(cells), list(KEYS[1:])])
    for name in ("level_a", "level_b"):
        own = pd.MultiIndex.from_frame(pairs[["indicator", "domain", name]])
        hidden = pairs.index[~own.isin(shown)]
        if len(hidden):
            raise StudyError(
                f"{path}, row {hidden[0]}, column '{name}'",
                "a cell that cells.csv does not show",
                f"A covariance would tell of it. {ASK}",
            )
