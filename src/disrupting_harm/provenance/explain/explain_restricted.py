"""What the restricted results hold of a published number; for whoever may see them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, read_rows
from disrupting_harm.provenance.addresses import part
from disrupting_harm.provenance.explain.explain_r import is_of_question, of_estimate
from disrupting_harm.provenance.explain.explain_survey import Line
from disrupting_harm.provenance.explain.lookup import MANIFEST, Place
from disrupting_harm.provenance.primary_keys import ESTIMATES, key_of
from disrupting_harm.study.study import Study

_PRECISE = (
    *("estimate", "ci_low", "ci_high", "se", "df", "deff", "n_eff", "n", "n_yes", "reliability"),
)


def explain_restricted(place: Place, study: Study, restricted: Path) -> list[Line]:
    """Return the full precision of a number, what is behind it, and the R lines of a survey's.

    Args:
        place: where it is published.
        study: its configuration and codebook.
        restricted: the restricted results.

    Raises:
        StudyError: if there are no restricted results of it.
    """
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        return _of_survey(place, study, restricted)
    if place.file.startswith("comparison/"):
        name = place.file.removeprefix("comparison/").removesuffix(".csv")
        row = _row(restricted / "comparison" / f"{name}.parquet", place)
        return [("restricted", f"{column} {_shown(row[column])}") for column in row.index]
    if is_of_question(place):
        name = "dyads" if place.file.endswith("/dyads.csv") else "options"
        row = _row(restricted / "questions" / place.row["country"] / f"{name}.parquet", place)
        return [("restricted", f"{column} {_shown(row[column])}") for column in row.index]
    return [("restricted", "the restricted results hold no more of it than is published")]


def input_hashes(names: Sequence[str], restricted: Path) -> list[Line]:
    """Return files of data with their hashes, as far as the restricted manifest has them."""
    hashes = read_json(restricted / MANIFEST)["inputs"]
    return [("input", f"{name}, SHA-256 {hashes[name]}") for name in names if name in hashes]


def _of_survey(place: Place, study: Study, restricted: Path) -> list[Line]:
    country, indicator = place.row["country"], place.row["indicator"]
    row = _row(restricted / "release" / f"{country}.parquet", place)
    # Of a country that joined by statistics less is known.
    precise = "; ".join(f"{name} {_shown(row[name])}" for name in _PRECISE if name in row)
    lines = [("restricted", precise)]
    reason = f"{row['status']} ({row['reason']})" if row["reason"] else str(row["status"])
    lines.append(("verdict", reason))
    answers = _lines_of(restricted / "prepared" / country / "item_answers.csv", indicator)
    lines += [("answers", told) for told in answers]
    steps = restricted / "weights" / country / "steps.csv"
    lines += [("weights", told) for told in _lines_of(steps)]
    return [*lines, of_estimate(place.row, study)]


def _row(path: Path, place: Place) -> "pd.Series[Any]":
    """Return the row of a restricted table that has the key of a published one."""
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", "Run the study where the data are")
    table = pd.read_parquet(path)
    for name in key_of(place.file):
        table = table[table[name].map(part) == part(place.row[name])]
    if len(table) != 1:
        found = f"{len(table)} rows of {place.address}"
        raise StudyError(str(path), found, "Run the stage again that makes it")
    return table.iloc[0]


def _lines_of(path: Path, first: str = "") -> list[str]:
    """Return the rows of a restricted CSV file in words; those that begin with ``first``."""
    if not path.is_file():
        return []
    rows = read_rows(path)[1]
    own = [row for row in rows if not first or next(iter(row.values())) == first]
    return ["; ".join(f"{name} {value}" for name, value in row.items()) for row in own]


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)
