"""Cells of published workbooks against the public tables that they are made of."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook, load_workbook
from released import CELL, Published
from scipy import special, stats

# Columns of a sheet of estimates from the left, and the codes of its cell at the right. Of shares
# whole per cents come first, and what is recovered and published stands further right.
N, ESTIMATE, LOW, HIGH, BOUND = range(3, 8)
RECOVERED, PUBLISHED = slice(11, 13), slice(13, 16)
# Of the main numbers: in which sheet each stands, in which row, and its code.
SHEET, ROW, CODE = range(3, 6)
LEAST_UNITS = 10  # between limits of which an error is recovered, of their last digit
KEY = 3
HEADS = 2
# Tables of the comparison in the order of their sheets, and the rows of them that stand there.
COMPARED = (
    *("prevalence", "comparability", "rank_sets", "pairwise", "gaps", "denominators", "pooled"),
    *(
        "total",
        "standardised",
        "adjusted_countries",
        "associations",
        "bounds",
        "silence_claims",
        "silence_ranks",
    ),
)
# Tables of which the last sheets are made, and that have no indicator.
WITHOUT_INDICATORS = (
    "comparison/needs.csv",
    *(
        f"evidence/{name}.csv"
        for name in ("legislation", "instruments", "policies", "service_register")
    ),
)
SETS = {"method": "mogstad_step_down", "scope": "simultaneous"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def cells(study: Published) -> Iterator[str]:
    """Yield what workbooks of countries say beside the public tables, or leave out of them."""
    for path in sorted(study.folder.glob("databooks/*/*/databook.xlsx")):
        where, country = path.relative_to(study.folder).as_posix(), path.parents[1].name
        book = load_workbook(path)
        yield from (f"{where}: {fault}" for fault in _hidden(book))
        own = _comparison(study, book) if country == "all" else _country(study, book, country)
        yield from (f"{where}: {fault}" for fault in own)


def _hidden(book: Workbook) -> Iterator[str]:
    """Yield parts of a workbook that a reader would not see at first."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield f"sheet {sheet.title} is hidden"
        for kind, lines in (("column", sheet.column_dimensions), ("row", sheet.row_dimensions)):
            yield from (f"{sheet.title}: {kind} {at} is hidden" for at in lines if lines[at].hidden)
        for row in sheet.iter_rows():
            yield from (f"{sheet.title}: a comment" for cell in row if cell.comment)
            yield from (f"{sheet.title}: a formula" for cell in row if cell.data_type == "f")


def _country(study: Published, book: Workbook, country: str) -> Iterator[str]:
    own = study.table("estimates.csv").set_index(CELL).loc[country]
    rows = dict(zip(own.index, own.to_dict("records"), strict=True))
    given = _numbers_of(study, country)
    recovered = _recover(study, country)
    told: list[tuple[Any, ...]] = []
    for sheet in book.worksheets:
        for line in list(sheet.iter_rows(values_only=True))[HEADS:]:
            key = tuple(line[-KEY:])
            if key in rows:
                told.append(key)
                share = key[0] in study.proportions
                if _printed(line, share) != _expected(
                    study, key[0], rows[key], recovered.get(key, (None, None))
                ):
                    yield f"{'/'.join(key)}: not what the table says"
            elif _points_to_its_row(book, line):
                continue
            elif strange := [cell for cell in line if _is_number(cell) and cell not in given]:
                yield f"{sheet.title}: {strange[0]} stands in no public table"
    if sorted(told) != sorted(rows):
        yield f"{len(told)} cells of {len(rows)}"


def _points_to_its_row(book: Workbook, line: Sequence[Any]) -> bool:
    """Return whether a row names the place of another one that has its code and its numbers.

    Of what others counted the code is an address, and the place has the count.
    """
    if len([cell for cell in line if cell is not None]) != CODE + 1:
        return False
    if line[SHEET] not in book.sheetnames or not _is_number(line[ROW]):
        return False
    there = [cell.value for cell in book[line[SHEET]][line[ROW]]]
    if "/" in str(line[CODE]):  # the address of a count
        return int(re.sub(r"\D", "", str(line[2]))) in there
    printed = [int(number) for number in re.findall(r"\d+", str(line[2]))]
    return there[-KEY] == line[CODE] and there[ESTIMATE : HIGH + 1] == printed


def _comparison(study: Published, book: Workbook) -> Iterator[str]:
    """Yield numbers of the comparison that the row of the same countries does not have."""
    tables = [table for name in COMPARED if len(table := _compared(study, name))]
    tables += [table for table in [_not_compared(study)] if len(table)]
    others = [table for path in WITHOUT_INDICATORS if len(table := _read_public(study, path))]
    # Before them stand the cover, what is to be read first, methods, and what was asked: in words.
    sheets = book.worksheets[3:]
    if sheets and sheets[0].title == "Indicators":
        asked, *sheets = sheets
        numbers = [cell for line in asked.iter_rows(values_only=True) for cell in line]
        if any(map(_is_number, numbers)):
            yield f"{asked.title}: a number stands where words are expected"
    if len(sheets) != len(tables) + len(others):
        yield f"{len(sheets)} sheets of {len(tables) + len(others)} public tables"
        return
    sheets, last = sheets[: len(tables)], sheets[len(tables) :]
    for sheet, table in zip(last, others, strict=True):
        given = _numbers_in(table)
        for line in list(sheet.iter_rows(values_only=True))[HEADS:]:
            if strange := [cell for cell in line if _is_number(cell) and cell not in given]:
                yield f"{sheet.title}: {strange[0]} stands in no public table"
    for sheet, table in zip(sheets, tables, strict=True):
        lines = list(sheet.iter_rows(values_only=True))[HEADS:]
        if len(lines) != len(table):
            yield f"{sheet.title}: {len(lines)} rows of {len(table)}"
        named = [one for one in ("country", "country_a", "country_b") if one in table]
        rows = defaultdict(list)
        for row in table.to_dict("records"):
            names = (study.names.get(row[one]) for one in named)
            rows[row["indicator"], *names].append([*map(str, row.values())])
        for at, line in enumerate(lines, start=1):
            own = rows[line[-1], *line[1 : 1 + len(named)]]
            if not own:
                yield f"{sheet.title}, row {at}: no row of the table is of these countries"
                continue
            given = [float(text) for text in own.pop(0) if _NUMBER.fullmatch(text)]
            told = {round(number, 9) for each in given for number in (each, 100 * each)}
            strange = [cell for cell in line if _is_number(cell) and round(cell, 9) not in told]
            if strange:
                yield f"{sheet.title}, row {at}: {strange[0]} is not in the table"


def _compared(study: Published, name: str) -> pd.DataFrame:
    """Return the rows of a table that a workbook holds: of ranks one set for each country.

    No row where the study has no such table: a sheet of it would then be one too many.
    """
    table = _read_public(study, f"comparison/{name}.csv")
    if name == "rank_sets" and len(table):
        table = table[(table["method"] == SETS["method"]) & (table["scope"] == SETS["scope"])]
    return table


def _not_compared(study: Published) -> pd.DataFrame:
    """Return the estimates of whole countries by indicators that are not compared."""
    table, compared = study.table("estimates.csv"), _compared(study, "prevalence")
    indicators = compared["indicator"] if len(compared) else []
    return table[(table["domain"] == "total") & ~table["indicator"].isin(indicators)]


def _read_public(study: Published, path: str) -> pd.DataFrame:
    """Return a public table; no row where the study has none."""
    return study.table(path) if (study.folder / path).is_file() else pd.DataFrame()


def _printed(line: Sequence[Any], share: bool) -> list[Any]:
    """Return the numbers and the bound of a row; a number anywhere else is one too many."""
    places = [N, ESTIMATE, LOW, HIGH]
    bounds = [line[BOUND]] if _is_number(line[BOUND]) else [None]
    if share:
        places += [*range(*RECOVERED.indices(99)), *range(*PUBLISHED.indices(99))]
    others = [
        cell for at, cell in enumerate(line) if at not in (*places, BOUND) and _is_number(cell)
    ]
    numbers = [line[at] if _is_number(line[at]) else None for at in places]
    # Beside a bound stands on which side of it the share lies.
    return [*numbers, *bounds, bool(line[BOUND + 1]), *others]


def _expected(
    study: Published, indicator: str, row: dict[str, str], recovered: Sequence[float | None]
) -> list[Any]:
    """Return what a row of a workbook may hold: numbers as printed, or a bound, or nothing."""
    n = int(float(row["n"])) if row["n"] else None
    share = indicator in study.proportions
    if not row["estimate"]:
        empty = [None] * (8 if share else 3)
        bound = float(row["shown"].lstrip("<> ")) if row["bound_high"] else None
        return [n, *empty, bound, bound is not None]
    digits = len(row["shown"].partition(".")[2])
    numbers = [
        round((100 if share else 1) * float(row[name]), digits)
        for name in ("estimate", "ci_low", "ci_high")
    ]
    if f"{numbers[0]:.{digits}f}" != row["shown"].replace(",", ""):
        return ["the table contradicts itself"]
    if not share:
        return [n, *numbers, None, False]
    # Nothing above 0 is printed as 0.
    wholes = [
        int(row[name]) if row[name] != "0" or float(row["estimate"]) == 0 else None
        for name in ("whole", "whole_low", "whole_high")
    ]
    return [n, *wholes, *recovered, *numbers, None, False]


def _recover(study: Published, country: str) -> dict[tuple[str, ...], list[float | None]]:
    """Return error (points) and design effect of cells that anybody computes from public tables.

    Of Korn–Graubard intervals: by bisection of the effective size, without the library.
    """
    table = study.table("estimates.csv").set_index(CELL).loc[country]
    table = table[(table["estimate"] != "") & (table["interval"] == "korn_graubard")]
    df_of_group = {
        (one["domain"], one["level"]): one["df"] for one in study.quality(country)["groups"]
    }
    df = np.array([df_of_group.get(key[1:], np.nan) for key in table.index], dtype=float)
    p, low, high, n = (
        table[name].astype(float).to_numpy() for name in ("estimate", "ci_low", "ci_high", "n")
    )
    smallest, largest = np.ones(len(n)), n.copy()
    for _ in range(50):
        size = np.sqrt(smallest * largest)
        width = special.betaincinv(p * size + 1, size - p * size, 0.975) - special.betaincinv(
            p * size, size - p * size + 1, 0.025
        )
        smallest = np.where(width > high - low, size, smallest)
        largest = np.where(width > high - low, largest, size)
    adjustment = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
    effect = np.where(largest == n, 1.0, n / size * adjustment)
    error = 100 * np.sqrt(p * (1 - p) / n * effect)
    digits = table["shown"].str.partition(".")[2].str.len().to_numpy()
    units = np.round((high - low) * 100 * 10.0**digits)
    tells = (units >= LEAST_UNITS) & (p > 0) & (p < 1) & ~np.isnan(df)
    return {
        tuple(key): [round(float(one), 1), round(float(other), 1)] if can else [None, None]
        for key, one, other, can in zip(table.index, error, effect, tells, strict=True)
    }


def _numbers_of(study: Published, country: str) -> set[float]:
    """Return all numbers of the public evidence of a country, and of its questions and pairs."""
    found: set[float] = set()
    for name in ("questions", "dyads"):
        path = study.folder / "countries" / country / f"{name}.csv"
        if path.is_file():
            table = study.table(path.relative_to(study.folder).as_posix())
            found |= _numbers_in(table[["n", "estimate", "ci_low", "ci_high"]])
    for path in sorted((study.folder / "evidence").glob("*.csv")):
        table = study.table(f"evidence/{path.name}")
        own = table[table["country"] == country] if "country" in table else table
        found |= {float(text) for text in own.to_numpy().ravel() if _NUMBER.fullmatch(text)}
    return found | _numbers_of_children(study, country)


def _numbers_of_children(study: Published, country: str) -> set[float]:
    """Return what the public table of shares scaled to countries has of one."""
    table = _read_public(study, "comparison/denominators.csv")
    if table.empty:
        return set()
    own = table[table["country"] == country]
    columns = ["whole", "whole_low", "whole_high", "children", "children_low", "children_high",
               "population", "internet_use_rate"]  # fmt: skip
    return _numbers_in(own[columns])


def _numbers_in(table: pd.DataFrame) -> set[float]:
    """Return the numbers of a table, and shares in per cent, too."""
    given = [float(text) for text in table.to_numpy().ravel() if _NUMBER.fullmatch(text)]
    return {round(number, 9) for each in given for number in (each, 100 * each)}


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float)
