"""Sheets of the comparison: one for each public table that a statistician computes with."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    RowCell,
    Sheet,
    Value,
    abbreviate_row,
    add_mark,
    count_cells,
    create_table_sheet,
    shared_decimals,
)
from disrupting_harm.report.documents.regional.tables import ESTIMANDS
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.reasons import describe_statuses
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.configuration.section import Section, read_yaml, validate_content
from disrupting_harm.study.statuses import ALL_COUNTRIES, TOTAL
from disrupting_harm.tables.schema import read_schemas

Columns = Sequence[tuple[Column, RowCell]]
# The smallest p value that has a number of its own.
SMALLEST_P = 0.001


def rate_cells(column: str) -> RowCell:
    """Return a share in per cent, or the words that stand in its place."""

    def cell(row: PublicRow) -> Value:
        if not row[column].replace(".", "", 1).isdigit():
            return row[column]
        digits = shared_decimals(row, (column,), 100)
        return Number(round(100 * row.number(column), digits), digits)

    return cell


def p_value_cells(column: str) -> RowCell:
    """Return a p value as every page prints it: none is 0."""

    def cell(row: PublicRow) -> Value:
        if not row[column]:
            return None
        value = row.number(column)
        return f"<{SMALLEST_P}" if value < SMALLEST_P else Number(value, 3)

    return cell


def text_cells(column: str) -> RowCell:
    """Return the text of a column as it is."""
    return lambda row: row[column]


def yes_no_cells(column: str) -> RowCell:
    """Return whether something holds, in words."""
    return lambda row: {"True": "yes", "False": "no"}.get(row[column], "")


# What stands in a cell: of one column of the table, or of the row as a whole.
CellOfColumn = Literal[
    "codes", "count", "country", "indicator", "level", "number", "p_value", "pair_level", "rate",
    "share", "text", "yes_no",
]  # fmt: skip
CellOfRow = Literal[
    "base", "bound", "bound_side", "denominator", "estimand", "group", "higher", "left_out",
    "note", "period", "status", "unit",
]  # fmt: skip
SHEETS_FILE = Path(__file__).with_name("regional_sheets.yaml")


class SheetColumn(Section):
    """A column of a sheet: its heading, its width in letters, and what its cells hold."""

    heading: str
    width: int
    cell: CellOfColumn | CellOfRow
    column: str = ""
    of_shares: str = "per cent"


class TableSheet(Section):
    """The sheet of a table."""

    title: str
    columns: tuple[SheetColumn, ...]


@cache
def read_table_sheets() -> dict[str, TableSheet]:
    """Return the sheets of the comparison by their tables, in their order.

    Raises:
        StudyError: a sheet has an unknown property, or names a column that its table lacks.
    """
    sheets = {
        table: validate_content(TableSheet, content, f"{SHEETS_FILE}, sheet '{table}'")
        for table, content in read_yaml(SHEETS_FILE).items()
    }
    schemas = read_schemas("comparison/")
    for table, sheet in sheets.items():
        published_columns = {field.name for field in schemas[f"comparison/{table}"].public_fields}
        for column in sheet.columns:
            if (column.cell in get_args(CellOfColumn)) != (column.column in published_columns):
                raise StudyError(
                    f"{SHEETS_FILE}, sheet '{table}', column '{column.column}'",
                    f"a cell '{column.cell}' cannot be made of it",
                    suggest_name(column.column, published_columns)
                    or "Name a published column of the table",
                )
    return sheets


class RowCells:
    """Write the cells of a row of the public comparison in words and in per cent."""

    def __init__(self, wording: ComparisonFormatter, population: str) -> None:
        self._wording = wording
        self._translator = wording.translator
        self._population = population
        self._printed_as = describe_statuses(wording.translator)

    def number_cells(
        self, name: str, columns_together: tuple[str, ...], shares: bool = False
    ) -> RowCell:
        """Return a number with the decimals of all columns that belong together."""

        def cell(row: PublicRow) -> Value:
            if not row[name]:
                return abbreviate_row(row)
            scale = 100 if shares and self._wording.is_share(row["indicator"]) else 1
            digits = shared_decimals(row, columns_together, scale)
            return Number(round(scale * row.number(name), digits), digits)

        return cell

    def unit_cells(self, of_shares: str) -> RowCell:
        """Return what a number is: of shares as the sheet says, else the indicator's statistic."""

        def cell(row: PublicRow) -> str:
            if self._wording.is_share(row["indicator"]):
                return of_shares
            return self._wording.labels.definition(row["indicator"]).statistic

        return cell

    def format_status(self, row: PublicRow) -> Value:
        """Return what is printed of an estimate, in words."""
        return self._printed_as["bounds" if row.get("bound_high") else row["status"]]

    def format_label(self, indicator: str) -> Value:
        """Return what an indicator is called."""
        return self._wording.labels.indicator(indicator)

    def format_base(self, row: PublicRow) -> Value:
        """Return of whom an indicator speaks."""
        return self._wording.labels.base(row["indicator"]) or self._population

    def country_cells(self, column: str) -> RowCell:
        """Return the name of the country in a column."""
        return lambda row: self._wording.country(row[column])

    def indicator_cells(self, column: str) -> RowCell:
        """Return the label of the indicator in a column."""
        return lambda row: self.format_label(row[column])

    def level_cells(self, column: str) -> RowCell:
        """Return the group in a column, with how the population is split."""
        return lambda row: self._wording.labels.group(row["domain"], row[column])

    def pair_level_cells(self, column: str) -> RowCell:
        """Return the group that a row sets against another; none where it is of all children."""
        group = self.level_cells(column)
        return lambda row: None if row["domain"] == TOTAL[0] else group(row)

    def country_list_cells(self, column: str) -> RowCell:
        """Return the names of the countries whose codes stand in a column."""
        return lambda row: ", ".join(self._wording.country(code) for code in row[column].split())

    def format_note(self, row: PublicRow) -> Value:
        """Return the note of an average in words, with the names of countries."""
        note = row["note"].replace(" | ", " and ").replace("from 0 to 1", "from 0 to 100 per cent")
        return name_countries(note, self._wording)

    def format_group(self, row: PublicRow) -> Value:
        """Return the countries of an average."""
        return (
            self._translator("All {areas} compared")
            if row["group"] == ALL_COUNTRIES
            else row["group"]
        )

    def cells_of_column(self, column: SheetColumn, sheet: TableSheet) -> RowCell:
        """Return the cells of a column of a sheet."""
        name = column.column
        match column.cell:
            case "share" | "number" as kind:
                columns_together = tuple(
                    sheet_column.column
                    for sheet_column in sheet.columns
                    if sheet_column.cell == kind
                )
                return self.number_cells(name, columns_together, shares=kind == "share")
            case "unit":
                return self.unit_cells(column.of_shares)
        of_columns = {
            "codes": self.country_list_cells, "count": count_cells, "country": self.country_cells,
            "indicator": self.indicator_cells, "level": self.level_cells, "p_value": p_value_cells,
            "rate": rate_cells, "pair_level": self.pair_level_cells, "text": text_cells,
            "yes_no": yes_no_cells,
        }  # fmt: skip
        of_rows: dict[str, RowCell] = {
            "base": self.format_base, "bound": _print_bound, "bound_side": _name_side,
            "group": self.format_group,
            "higher": _name_higher, "note": self.format_note,
            "left_out": lambda row: name_countries(row["left_out"], self._wording),
            "period": _name_period, "status": self.format_status,
            "denominator": lambda row: self._translator(DENOMINATORS[row["denominator"]]),
            "estimand": lambda row: self._translator(ESTIMANDS[row["estimand"]]),
        }  # fmt: skip
        return of_columns[column.cell](name) if name else of_rows[column.cell]


# Of the sets of ranks those that every page prints; the others stand in the tables alone.
PUBLISHED = {"rank_sets": {"method": METHOD, "scope": SCOPE}}
# Codes of the comparison in words.
DENOMINATORS = {
    "internet_using_children": "{respondents} who use the internet",
    "all_children": "all {respondents}",
}
PERIODS = {
    "none": "no period",
    "past_year": "past year",
    "past_three_months": "past three months",
    "lifetime": "life so far",
    "last_time": "the last time",
}
# Columns of which a table has those that name its countries, and of rows that stand together.
COUNTRIES = ("country", "country_a", "country_b")
TOGETHER = ("indicator", "domain", "level_a", "level_b", "silence")


class ComparisonSheets(RowCells):
    """Write the public comparison; ``mark`` stands behind the title of each sheet."""

    def __init__(self, wording: ComparisonFormatter, population: str, mark: str) -> None:
        super().__init__(wording, population)
        self._mark = mark

    def sheets(self) -> list[Sheet]:
        """Return the sheets whose table has rows."""
        return [
            self._create_sheet(sheet, self._sort_by_name(rows))
            for table, sheet in read_table_sheets().items()
            if (rows := self._wording.results.rows(table, **PUBLISHED.get(table, {})))
        ]

    def create_estimates_sheet(self, rows: Sequence[PublicRow]) -> Sheet:
        """Return the sheet of estimates of whole countries that are not compared."""
        title = self._translator("Other estimates by {area}")
        sheet = read_table_sheets()["prevalence"].model_copy(update={"title": title})
        return self._create_sheet(sheet, self._sort_by_name(rows))

    def _sort_by_name(self, rows: Sequence[PublicRow]) -> list[PublicRow]:
        """Put rows of one indicator and group in the order of their countries' names."""
        country_names = self._wording.country_names

        def sort_key(row: PublicRow) -> list[str]:
            return [
                build_sort_key(country_names[row[column]])
                for column in COUNTRIES
                if row.get(column) in country_names
            ]

        blocks = groupby(rows, key=lambda row: [row.get(key_column) for key_column in TOGETHER])
        return [row for _, block in blocks for row in sorted(block, key=sort_key)]

    def _create_sheet(self, sheet: TableSheet, rows: Sequence[PublicRow]) -> Sheet:
        translator, title = self._translator, self._translator(sheet.title)
        columns = (
            (Column(translator("Indicator"), 46), lambda row: self.format_label(row["indicator"])),
            *(
                (
                    Column(translator(column.heading), column.width),
                    self.cells_of_column(column, sheet),
                )
                for column in sheet.columns
            ),
            (Column(translator("Code"), 26, printed=False), lambda row: row["indicator"]),
        )
        return create_table_sheet(title, add_mark(title, self._mark), columns, rows)


def name_countries(text: str, wording: ComparisonFormatter) -> str:
    """Return a text of a table with the names of countries in place of their codes."""
    names = wording.country_names
    return re.sub(r"\b[A-Z]{3}\b", lambda code: names.get(code[0], code[0]), text)


def _name_period(row: PublicRow) -> Value:
    """Return the period of a question; a judgement may word it, and some did not ask."""
    return PERIODS.get(row["recall"], row["recall"])


def _print_bound(row: PublicRow) -> Value:
    """Return the bound that is printed in place of an estimate, in per cent."""
    if not row["bound_high"]:
        return None
    percent = round(100 * row.number("bound_high" if _is_below(row) else "bound_low"), 1)
    return Number(percent, 0 if percent == round(percent) else 1)


def _name_side(row: PublicRow) -> Value:
    """Return on which side of its bound a share lies."""
    if not row["bound_high"]:
        return None
    return "below it" if _is_below(row) else "above it"


def _is_below(row: PublicRow) -> bool:
    return row.number("bound_high") < 1


def _name_higher(row: PublicRow) -> Value:
    """Return which of two is higher, in words."""
    return {"a": "first", "b": "second"}.get(row["above"])
