"""Sheets of one country's estimates: the list of indicators, then every group of each theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.report.asked import asked
from disrupting_harm.report.databook.workbook import Column, Number, Sheet, Value
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.reasons import printed_as, reasons
from disrupting_harm.report.results import Cell, Results
from disrupting_harm.report.signs import instead
from disrupting_harm.report.text import Text
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL

KEY = 3  # columns that name a cell


@dataclass(frozen=True)
class _About:
    """What every row of an indicator says."""

    label: str
    unit: str
    asked: str
    base: str


class EstimateSheets:
    """Write the estimates of one country in one language.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        codebook: the questions.
        results: the public tables of the country.
        population: the whole population, as printed.
        mark: what stands behind every title, such as that the data are simulated; may be empty.
    """

    def __init__(
        self,
        text: Text,
        labels: Labels,
        codebook: Codebook,
        results: Results,
        population: str,
        mark: str,
    ) -> None:
        self._text = text
        self._labels = labels
        self._results = results
        self._mark = mark
        self._printed_as = printed_as(text)
        # Of each indicator what all its rows say.
        self._about = {
            name: _About(
                labels.indicator(name),
                self._unit(labels.definition(name).statistic),
                asked(text, labels, codebook, labels.definition(name)),
                labels.base(name) or population,
            )
            for module in labels.modules()
            for name in labels.in_module(module)
        }
        self._groups: dict[tuple[str, str], tuple[str, str]] = {}

    def indicators(self) -> Sheet:
        """Return the list of indicators: what was asked, of whom, in which theme."""
        text = self._text
        columns = (
            Column(text("Indicator"), 48),
            Column(text("Theme"), 30),
            Column(text("Question"), 58),
            Column(text("Base"), 34),
            Column(text("Unit"), 12),
            Column(text("Code"), 26),
        )
        rows = [
            (about.label, self._labels.module(module), about.asked, about.base, about.unit, name)
            for module in self._labels.modules()
            for name in self._labels.in_module(module)
            for about in (self._about[name],)
        ]
        title = self._titled(text("Indicators"))
        return Sheet(text("Indicators"), title, columns, rows)

    def themes(self) -> list[Sheet]:
        """Return one sheet for each theme, with a row for each indicator and group."""
        return [self._theme(module) for module in self._labels.modules()]

    def _theme(self, module: str) -> Sheet:
        names = set(self._labels.in_module(module))
        cells = [cell for cell in self._results.cells.values() if cell.indicator in names]
        return Sheet(
            self._labels.module(module),
            self._titled(self._labels.module(module)),
            self._columns(),
            [self._row(cell) for cell in cells],
            KEY,
            frozenset(at for at, cell in enumerate(cells) if cell.domain == TOTAL[0]),
        )

    def _columns(self) -> Sequence[Column]:
        text = self._text
        return (
            Column(text("Indicator"), 46),
            Column(text("Groups by"), 16),
            Column(text("Group"), 18),
            Column(text("n"), 8),
            Column(text("Estimate"), 10),
            Column(text("Lower limit"), 10),
            Column(text("Upper limit"), 10),
            Column(text("Bound"), 9),
            Column(text("Unit"), 10),
            Column(text("What is printed"), 34),
            Column(text("Reason"), 44),
            Column(text("Question"), 44, printed=False),
            Column(text("Base"), 30, printed=False),
            Column(text("Code"), 24, printed=False),
            Column(text("Code of the groups"), 18, printed=False),
            Column(text("Code of the group"), 18, printed=False),
        )

    def _row(self, cell: Cell) -> Sequence[Value]:
        about = self._about[cell.indicator]
        status = "bounds" if cell.bound else cell.status
        return (
            about.label,
            *self._group(cell.domain, cell.level),
            None if cell.n is None else Number(cell.n, grouped=True),
            *(self._number(cell, value) for value in (cell.estimate, cell.ci_low, cell.ci_high)),
            instead(self._text, cell) if cell.bound else None,
            about.unit,
            self._printed_as[status],
            reasons(self._text, cell.reason),
            about.asked,
            about.base,
            cell.indicator,
            cell.domain,
            cell.level,
        )

    def _group(self, domain: str, level: str) -> tuple[str, str]:
        key = domain, level
        if key not in self._groups:
            self._groups[key] = self._labels.domain(domain), self._labels.level(domain, level)
        return self._groups[key]

    def _number(self, cell: Cell, value: float | None) -> Number | None:
        if value is None:
            return None
        share = self._labels.definition(cell.indicator).statistic == "proportion"
        return Number(round(100 * value if share else value, cell.digits), cell.digits)

    def _unit(self, statistic: str) -> str:
        text = self._text
        units = {"proportion": text("per cent"), "mean": text("mean"), "total": text("total")}
        return units[statistic]

    def _titled(self, title: str) -> str:
        return f"{title} – {self._mark}" if self._mark else title
