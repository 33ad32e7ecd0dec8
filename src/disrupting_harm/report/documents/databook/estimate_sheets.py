"""Sheets of the estimates of one country: its indicators, and every group of each theme."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from disrupting_harm.report.documents.databook.indicator_sheet import (
    create_indicator_sheet,
    describe_indicators,
)
from disrupting_harm.report.documents.databook.precision import recover_precision
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    Sheet,
    Value,
    add_mark,
)
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
)
from disrupting_harm.report.language.reasons import describe_statuses, translate_reasons
from disrupting_harm.report.language.signs import (
    LOW,
    UNAVAILABLE,
    abbreviate_cell,
    bracket,
    describe_short_interval,
    sign_of_interval,
)
from disrupting_harm.report.language.translator import (
    Translator,
)
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL

KEY_COLUMNS = 3  # columns that name a cell
# A column of a sheet of estimates, and what it says of a cell.
CellColumn: TypeAlias = tuple[Column, Callable[[Cell], Value]]


class EstimateSheets:
    """Write one country's estimates: the list of indicators, then every group of each theme.

    Args:
        population: the whole population, as printed.
        mark: what stands behind every title, such as that the data are simulated; may be empty.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        codebook: Codebook,
        results: Results,
        population: str,
        mark: str,
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._mark = mark
        self._printed_as = describe_statuses(translator)
        # Of each indicator what all its rows say.
        self._about = describe_indicators(translator, labels, codebook, population)
        self._groups: dict[tuple[str, str], tuple[str, str]] = {}
        self._precision = recover_precision(results.cells, results.quality)

    def indicator_sheet(self) -> Sheet:
        """Return the list of all indicators."""
        return create_indicator_sheet(self._translator, self._about, self._mark)

    def theme_sheets(self) -> list[Sheet]:
        """Return a sheet of the shares of each theme, and one of all means and totals.

        A row stands for each indicator and group. A column has one number of decimals: shares in
        whole per cent, and as they are published further right.
        """
        translator = self._translator
        cells_of_sheet: dict[str, list[Cell]] = {
            self._labels.module(module): [] for module in self._labels.modules()
        }
        shorts: dict[str, str] = {
            self._labels.module(module): self._labels.short_module(module)
            for module in self._labels.modules()
        }
        measures = translator("Means and totals")
        for cell in self._results.cells.values():
            definition = self._labels.definition(cell.indicator)
            is_share = definition.statistic == "proportion"
            name = self._labels.module(definition.module) if is_share else measures
            cells_of_sheet.setdefault(name, []).append(cell)
        return [
            replace(
                self._estimate_sheet(name, cells, shares=name != measures),
                short=shorts.get(name, ""),
            )
            for name, cells in cells_of_sheet.items()
            if cells
        ]

    def _estimate_sheet(self, name: str, cells: Sequence[Cell], shares: bool) -> Sheet:
        numbers = self._share_columns() if shares else self._measure_columns()
        columns, values = zip(*(*self._key_columns(), *numbers, *self._code_columns()), strict=True)
        return Sheet(
            name,
            self._title_with_mark(name),
            columns,
            [[value(cell) for value in values] for cell in cells],
            KEY_COLUMNS,
            frozenset(index for index, cell in enumerate(cells) if cell.domain == TOTAL[0]),
        )

    def _key_columns(self) -> Sequence[CellColumn]:
        translator = self._translator
        return (
            (Column(translator("Indicator"), 46), lambda cell: self._about[cell.indicator].label),
            (Column(translator("Groups by"), 16), lambda cell: self._name_group(cell)[0]),
            (Column(translator("Group"), 18), lambda cell: self._name_group(cell)[1]),
            (Column(translator("n"), 8), _format_n),
        )

    def _share_columns(self) -> Sequence[CellColumn]:
        """Return the columns of shares: whole per cents, what they rest on, and as published."""
        translator = self._translator
        return (
            (
                Column(translator("Per cent, as in reports"), 10),
                lambda cell: _format_whole(cell, "estimate"),
            ),
            (Column(translator("Lower limit"), 10), lambda cell: _format_whole(cell, "low")),
            (Column(translator("Upper limit"), 10), lambda cell: _format_whole(cell, "high")),
            *self._status_columns(),
            (
                Column(translator("Standard error, points"), 12, printed=False),
                lambda cell: self._format_precision(cell, "se", 100),
            ),
            (
                Column(translator("Design effect"), 10, printed=False),
                lambda cell: self._format_precision(cell, "deff", 1),
            ),
            *(
                (Column(heading, 12, printed=False), self._published_cells(column))
                for heading, column in (
                    (translator("Per cent, as exact as answers allow"), "estimate"),
                    (translator("Lower limit, as exact"), "ci_low"),
                    (translator("Upper limit, as exact"), "ci_high"),
                )
            ),
        )

    def _measure_columns(self) -> Sequence[CellColumn]:
        """Return the columns of means and totals."""
        translator = self._translator
        return (
            (Column(translator("Estimate"), 10), self._published_cells("estimate")),
            (Column(translator("Lower limit"), 10), self._published_cells("ci_low")),
            (Column(translator("Upper limit"), 10), self._published_cells("ci_high")),
            *self._status_columns(),
            (Column(translator("Unit"), 10), lambda cell: self._about[cell.indicator].unit),
        )

    def _status_columns(self) -> Sequence[CellColumn]:
        """Return the columns that say what is printed and why."""
        translator = self._translator
        return (
            (Column(translator("Bound"), 9), self._format_bound),
            (Column(translator("The share lies"), 10), self._format_side),
            (Column(translator("Status"), 34), self._format_status),
            (
                Column(translator("Reason"), 44),
                lambda cell: translate_reasons(translator, cell.reason),
            ),
        )

    def _code_columns(self) -> Sequence[CellColumn]:
        """Return the columns at the right, for programs and for whoever asks further."""
        translator = self._translator
        return (
            (
                Column(translator("Interval"), 26, printed=False),
                lambda cell: describe_short_interval(translator) if sign_of_interval(cell) else "",
            ),
            (
                Column(translator("Question"), 44, printed=False),
                lambda cell: self._about[cell.indicator].question,
            ),
            (
                Column(translator("Base"), 30, printed=False),
                lambda cell: self._about[cell.indicator].base,
            ),
            (Column(translator("Code"), 24, printed=False), lambda cell: cell.indicator),
            (Column(translator("Code of the groups"), 18, printed=False), lambda cell: cell.domain),
            (Column(translator("Code of the group"), 18, printed=False), lambda cell: cell.level),
        )

    def _format_bound(self, cell: Cell) -> Value:
        """Return the bound of a share in per cent."""
        if cell.bound is None:
            return None
        percent = round(100 * cell.bound[1], 1)
        return Number(percent, 0 if percent == round(percent) else 1)

    def _format_side(self, cell: Cell) -> str:
        """Return on which side of its bound a share lies; of a coded one its estimate does."""
        if cell.bound is None:
            return ""
        translator = self._translator
        is_below = cell.bound[0] == "<"
        return translator("below it") if is_below else translator("above it")

    def _format_status(self, cell: Cell) -> str:
        return self._printed_as["bounds" if cell.bound else cell.status]

    def _name_group(self, cell: Cell) -> tuple[str, str]:
        key = cell.domain, cell.level
        if key not in self._groups:
            self._groups[key] = self._labels.domain(cell.domain), self._labels.level(*key)
        return self._groups[key]

    def _published_cells(self, column: str) -> Callable[[Cell], Value]:
        """Return an estimate or a limit with the decimals of the public table."""

        def format_cell(cell: Cell) -> Value:
            value = getattr(cell, column)
            if value is None:
                return abbreviate_cell(cell)
            share = self._labels.definition(cell.indicator).statistic == "proportion"
            return Number(round(100 * value if share else value, cell.digits), cell.digits)

        return format_cell

    def _format_precision(self, cell: Cell, column: str, scale: int) -> Value:
        key = cell.indicator, cell.domain, cell.level
        if key not in self._precision:
            return bracket(UNAVAILABLE) if cell.is_shown else abbreviate_cell(cell)
        return Number(round(scale * getattr(self._precision[key], column), 1), 1)

    def _title_with_mark(self, title: str) -> str:
        return add_mark(title, self._mark)


def _format_n(cell: Cell) -> Value:
    return abbreviate_cell(cell) if cell.n is None else Number(cell.n, grouped=True)


def _format_whole(cell: Cell, column: str) -> Value:
    """Return the estimate or a limit of a share in whole per cent."""
    if cell.percent is None:
        return abbreviate_cell(cell)
    value = getattr(cell.percent, column)
    return bracket(LOW) if value == 0 and cell.percent.some else Number(value)
