"""What the restricted results hold of a published number; for whoever may see them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.comparison import CHANGE, NEEDS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, read_rows
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.explain.explain_r import explain_estimate_in_r, is_of_question
from disrupting_harm.provenance.explain.explain_survey import Line
from disrupting_harm.provenance.explain.lookup import MANIFEST, PublishedCell
from disrupting_harm.provenance.primary_keys import ESTIMATES, primary_key_of
from disrupting_harm.study.study import Study

_PRECISE_COLUMNS = (
    *("estimate", "ci_low", "ci_high", "se", "df", "deff", "n_eff", "n", "n_yes", "reliability"),
)


def explain_restricted(cell: PublishedCell, study: Study, restricted: Path) -> list[Line]:
    """Return the full precision of a number, what is behind it, and the R lines of a survey's.

    Raises:
        StudyError: if there are no restricted results of it.
    """
    if cell.file.endswith(f"/{ESTIMATES}.csv"):
        return _explain_survey_estimate(cell, study, restricted)
    if (path := _find_restricted_table(cell)) is not None:
        row = read_restricted_row(restricted / path, cell)
        return [("restricted", f"{column} {_format_value(row[column])}") for column in row.index]
    return [("restricted", "the restricted results hold no more of it than is published")]


def _find_restricted_table(cell: PublishedCell) -> str | None:
    """Return the path of the table at full precision that a public one is made of."""
    name = Path(cell.file).stem
    if cell.file.startswith("comparison/"):
        return None if name == NEEDS else f"comparison/{name}.parquet"
    if name in CHANGE:
        return f"change/{cell.row['country']}/{name}.parquet"
    if is_of_question(cell):
        return (
            f"questions/{cell.row['country']}/{'dyads' if name == 'dyads' else 'options'}.parquet"
        )
    return None


def input_hashes(names: Sequence[str], restricted: Path) -> list[Line]:
    """Return files of data with their hashes, as far as the restricted manifest has them."""
    hashes = read_json(restricted / MANIFEST)["inputs"]
    return [("input", f"{name}, SHA-256 {hashes[name]}") for name in names if name in hashes]


def _explain_survey_estimate(cell: PublishedCell, study: Study, restricted: Path) -> list[Line]:
    country, indicator = cell.row["country"], cell.row["indicator"]
    row = read_restricted_row(restricted / "release" / f"{country}.parquet", cell)
    # Of a country that joined by statistics less is known.
    precise = "; ".join(
        f"{name} {_format_value(row[name])}" for name in _PRECISE_COLUMNS if name in row
    )
    lines = [("restricted", precise)]
    reason = f"{row['status']} ({row['reason']})" if row["reason"] else str(row["status"])
    lines.append(("verdict", reason))
    answers = _format_rows(restricted / "prepared" / country / "item_answers.csv", indicator)
    lines += [("answers", line) for line in answers]
    steps = restricted / "weights" / country / "steps.csv"
    lines += [("weights", line) for line in _format_rows(steps)]
    return [*lines, explain_estimate_in_r(cell.row, study)]


def read_restricted_row(path: Path, cell: PublishedCell) -> "pd.Series[Any]":
    """Return the row of a restricted table that has the key of a published one."""
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", "Run the study where the data are")
    table = pd.read_parquet(path)
    for name in primary_key_of(cell.file):
        table = table[table[name].map(address_part) == address_part(cell.row[name])]
    if len(table) != 1:
        finding = f"{len(table)} rows of {cell.address}"
        raise StudyError(str(path), finding, "Run the stage again that makes it")
    return table.iloc[0]


def _format_rows(path: Path, first_cell: str = "") -> list[str]:
    """Return the rows of a restricted CSV file in words; those that begin with ``first``."""
    if not path.is_file():
        return []
    rows = read_rows(path)[1]
    chosen_rows = [row for row in rows if not first_cell or next(iter(row.values())) == first_cell]
    return ["; ".join(f"{name} {value}" for name, value in row.items()) for row in chosen_rows]


def _format_value(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)
