"""A finished run beside figures that others have printed.

A survey that others have published is the best test there is: their data through this workflow, and
their printed table beside it. What is compared is what they printed, at the digits that they
printed.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.core.files import RESTRICTED
from disrupting_harm.study.microdata.csv_table import read_csv_table
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

# Columns of the file of printed figures, and the columns of estimates that they are compared with.
FIGURES = {"value": "estimate", "se": "se", "ci_low": "ci_low", "ci_high": "ci_high"}
KEY = ("country", "indicator", "domain", "level")
UNITS = {"percent": 100, "proportion": 1, "number": 1}
OPTIONAL = ("digits", "unit")
PRINTED = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")
# Halves are rounded in either direction by those who print; beyond that, no more than arithmetic.
SLACK = 1e-9


@dataclass(frozen=True)
class Printed:
    """One printed figure.

    Attributes:
        row: its row in the file.
        key: country, indicator, domain and level.
        measure: value, se, ci_low or ci_high.
        figure: the number as printed.
        digits: decimals that it is printed with.
        scale: what the run's number is multiplied by.
    """

    row: int
    key: tuple[str, ...]
    measure: str
    figure: float
    digits: int
    scale: int

    @property
    def name(self) -> str:
        """Where it stands and what it is."""
        return f"row {self.row}: {' '.join(self.key)}, {self.measure}"


def print_backtest(path: Path, config: Path) -> int:
    """Print each printed figure that the run does not give; return 0 where it gives all.

    The run's numbers are those of the restricted estimates, at the digits of the printed table.

    Args:
        path: CSV file of printed figures.
        config: the study's configuration.

    Raises:
        StudyError: a fault of the file, or a study without estimates.
    """
    printed = read_printed(path)
    estimates = _estimates(config)
    lines = [line for figure in printed if (line := _difference(figure, estimates))]
    for line in lines:
        print(line)
    said = f"{len(lines)} differ" if lines else "the run gives all of them"
    print(f"{path}: {len(printed)} printed figures, {said}")
    return 1 if lines else 0


def read_printed(path: Path) -> list[Printed]:
    """Read a file of printed figures, one row for each cell of the printed table.

    Columns: ``country`` (or ``area``), ``indicator``, ``domain``, ``level``; of ``value``, ``se``,
    ``ci_low``, ``ci_high`` those that are printed; ``digits``, decimals printed, where the file
    has lost zeros at the end; ``unit``: percent, proportion (the default) or number.

    Raises:
        StudyError: the first fault, at its row and column.
    """
    header, body = read_csv_table(path)
    names = ["country" if name == "area" else name for name in header]
    known = (*KEY, *FIGURES, *OPTIONAL)
    for name in names:
        if name not in known:
            remedy = f"{suggest_name(name, known)}Columns are {', '.join(known)}"
            raise StudyError(f"{path}, row 1", f"unknown column '{name}'", remedy)
    for name in KEY:
        if name not in names:
            raise StudyError(f"{path}, row 1", f"the column '{name}' is missing", "Add it")
    found = [
        figure
        for number, cells in body
        for figure in _row(path, number, dict(zip(names, cells, strict=True)))
    ]
    if not found:
        columns = ", ".join(FIGURES)
        raise StudyError(str(path), "it has no printed figure", f"Fill some of {columns}")
    return found


def _row(path: Path, number: int, row: dict[str, str]) -> Iterator[Printed]:
    def fault(column: str, expected: str) -> StudyError:
        where = f"{path}, row {number}, column '{column}'"
        return StudyError(where, f"'{row[column]}' is not {expected}", "Correct the cell")

    unit = row.get("unit") or "proportion"
    if unit not in UNITS:
        raise fault("unit", f"one of {', '.join(UNITS)}")
    digits = row.get("digits", "")
    if digits and not digits.isdecimal():
        raise fault("digits", "a number of decimals")
    key = tuple(row[name] for name in KEY)
    for measure in FIGURES:
        text = row.get(measure, "")
        if not text:
            continue
        match = PRINTED.fullmatch(text)
        if match is None:
            raise fault(measure, "a number such as 23.4")
        decimals = int(digits) if digits else len(match["decimals"] or "")
        yield Printed(number, key, measure, float(text), decimals, UNITS[unit])


def _estimates(config: Path) -> dict[tuple[str, ...], Mapping[Hashable, Any]]:
    """Return the rows of all countries' restricted estimates by their key."""
    study = load_study(config)
    folder = study.config.results / RESTRICTED / "estimates"
    files = [folder / f"{code}.parquet" for code in study.surveys]
    there = [path for path in files if path.is_file()]
    if not there:
        raise StudyError(str(folder), "there are no estimates", "Run the study first")
    return {
        tuple(str(row[name]) for name in KEY): row
        for path in there
        for row in read_table(path, restricted_contract("country/estimates")).to_dict("records")
    }


def _difference(
    figure: Printed, estimates: dict[tuple[str, ...], Mapping[Hashable, Any]]
) -> str | None:
    """Return the line on a printed figure that the run does not give; None where it does."""
    row = estimates.get(figure.key)
    if row is None:
        return f"{figure.name}: the run has no such cell"
    own = float(row[FIGURES[figure.measure]]) * figure.scale
    # A missing number is no printed one.
    if abs(own - figure.figure) <= 0.5 * 10.0**-figure.digits + SLACK:
        return None
    digits = figure.digits
    return f"{figure.name}: printed {figure.figure:.{digits}f}, here {own:.{digits}f}"
