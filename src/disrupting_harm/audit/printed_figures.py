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
from disrupting_harm.core.files import RESTRICTED, format_json
from disrupting_harm.study.microdata.csv_table import read_csv_table
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

# Columns of the file of printed figures, and the columns of estimates that they are compared with.
FIGURES = {"value": "estimate", "se": "se", "ci_low": "ci_low", "ci_high": "ci_high"}
KEY = ("country", "indicator", "domain", "level")
UNITS = {"percent": 100, "proportion": 1, "number": 1}
OPTIONAL = ("digits", "unit")
PRINTED_NUMBER = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")
# Halves are rounded in either direction by those who print; beyond that, no more than arithmetic.
SLACK = 1e-9


@dataclass(frozen=True)
class PrintedFigure:
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
        """Its row in the file and what it measures."""
        return f"row {self.row}: {' '.join(self.key)}, {self.measure}"


def print_backtest(path: Path, config: Path, as_json: bool = False) -> int:
    """Print each printed figure that the run does not give; return 0 where it gives all.

    The run's numbers are those of the restricted estimates, at the digits of the printed table.

    Args:
        path: CSV file of printed figures.
        as_json: whether to print for programs.

    Raises:
        StudyError: a fault of the file, or a study without estimates.
    """
    figures = read_printed_figures(path)
    estimates = _read_estimates(config)
    differences = [
        difference for figure in figures if (difference := _describe_difference(figure, estimates))
    ]
    if as_json:
        record = {"file": path.as_posix(), "figures": len(figures), "differences": differences}
        print(format_json(record), end="")
        return 1 if differences else 0
    for difference in differences:
        print(difference)
    verdict = f"{len(differences)} differ" if differences else "the run gives all of them"
    print(f"{path}: {len(figures)} printed figures, {verdict}")
    return 1 if differences else 0


def read_printed_figures(path: Path) -> list[PrintedFigure]:
    """Read a file of printed figures, one row for each cell of the printed table.

    Columns: ``country`` (or ``area``), ``indicator``, ``domain``, ``level``; of ``value``, ``se``,
    ``ci_low``, ``ci_high`` those that are printed; ``digits``, decimals printed, where the file
    has lost zeros at the end; ``unit``: percent, proportion (the default) or number.

    Raises:
        StudyError: the first fault, at its row and column.
    """
    header, body = read_csv_table(path)
    column_names = ["country" if name == "area" else name for name in header]
    known_columns = (*KEY, *FIGURES, *OPTIONAL)
    for name in column_names:
        if name not in known_columns:
            remedy = f"{suggest_name(name, known_columns)}Columns are {', '.join(known_columns)}"
            raise StudyError(f"{path}, row 1", f"unknown column '{name}'", remedy)
    for name in KEY:
        if name not in column_names:
            raise StudyError(f"{path}, row 1", f"the column '{name}' is missing", "Add it")
    figures = [
        figure
        for number, cells in body
        for figure in _read_figure_row(path, number, dict(zip(column_names, cells, strict=True)))
    ]
    if not figures:
        columns = ", ".join(FIGURES)
        raise StudyError(str(path), "it has no printed figure", f"Fill some of {columns}")
    return figures


def _read_figure_row(path: Path, number: int, row: dict[str, str]) -> Iterator[PrintedFigure]:
    def fault(column: str, expected: str) -> StudyError:
        location = f"{path}, row {number}, column '{column}'"
        return StudyError(location, f"'{row[column]}' is not {expected}", "Correct the cell")

    unit = row.get("unit") or "proportion"
    if unit not in UNITS:
        raise fault("unit", f"one of {', '.join(UNITS)}")
    digits = row.get("digits", "")
    if digits and not digits.isdecimal():
        raise fault("digits", "a number of decimals")
    key = tuple(row[name] for name in KEY)
    for measure in FIGURES:
        printed = row.get(measure, "")
        if not printed:
            continue
        match = PRINTED_NUMBER.fullmatch(printed)
        if match is None:
            raise fault(measure, "a number such as 23.4")
        decimals = int(digits) if digits else len(match["decimals"] or "")
        yield PrintedFigure(number, key, measure, float(printed), decimals, UNITS[unit])


def _read_estimates(config: Path) -> dict[tuple[str, ...], Mapping[Hashable, Any]]:
    """Return the rows of all countries' restricted estimates by their key."""
    study = load_study(config)
    folder = study.config.results / RESTRICTED / "estimates"
    files = [folder / f"{code}.parquet" for code in study.surveys]
    existing = [path for path in files if path.is_file()]
    if not existing:
        raise StudyError(str(folder), "there are no estimates", "Run the study first")
    return {
        tuple(str(row[name]) for name in KEY): row
        for path in existing
        for row in read_table(path, restricted_contract("country/estimates")).to_dict("records")
    }


def _describe_difference(
    figure: PrintedFigure, estimates: dict[tuple[str, ...], Mapping[Hashable, Any]]
) -> str | None:
    """Return the line on a printed figure that the run does not give; None where it does."""
    row = estimates.get(figure.key)
    if row is None:
        return f"{figure.name}: the run has no such cell"
    computed = float(row[FIGURES[figure.measure]]) * figure.scale
    # A missing number is no printed one.
    if abs(computed - figure.figure) <= 0.5 * 10.0**-figure.digits + SLACK:
        return None
    digits = figure.digits
    return f"{figure.name}: printed {figure.figure:.{digits}f}, here {computed:.{digits}f}"
