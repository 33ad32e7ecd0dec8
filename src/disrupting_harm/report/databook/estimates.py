"""Sheets of one country's estimates: the list of indicators, then every group of each theme."""

from collections.abc import Callable, Sequence
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
        columns, values = zip(*self._columns(), strict=True)
        return Sheet(
            self._labels.module(module),
            self._titled(self._labels.module(module)),
            columns,
            [[value(cell) for value in values] for cell in cells],
            KEY,
            frozenset(at for at, cell in enumerate(cells) if cell.domain == TOTAL[0]),
        )

    def _columns(self) -> Sequence[tuple[Column, Callable[[Cell], Value]]]:
        """Return the columns of a theme, and what each says of a cell."""
        text = self._text

        def about(cell: Cell) -> _About:
            return self._about[cell.indicator]

        return (
            (Column(text("Indicator"), 46), lambda cell: about(cell).label),
            (Column(text("Groups by"), 16), lambda cell: self._group(cell)[0]),
            (Column(text("Group"), 18), lambda cell: self._group(cell)[1]),
            (Column(text("n"), 8), _answers),
            (Column(text("Estimate"), 10), lambda cell: self._number(cell, cell.estimate)),
            (Column(text("Lower limit"), 10), lambda cell: self._number(cell, cell.ci_low)),
            (Column(text("Upper limit"), 10), lambda cell: self._number(cell, cell.ci_high)),
            (Column(text("Bound"), 9), lambda cell: instead(text, cell) if cell.bound else None),
            (Column(text("Unit"), 10), lambda cell: about(cell).unit),
            (Column(text("What is printed"), 34), self._printed),
            (Column(text("Reason"), 44), lambda cell: reasons(text, cell.reason)),
            (Column(text("Question"), 44, printed=False), lambda cell: about(cell).asked),
            (Column(text("Base"), 30, printed=False), lambda cell: about(cell).base),
            (Column(text("Code"), 24, printed=False), lambda cell: cell.indicator),
            (Column(text("Code of the groups"), 18, printed=False), lambda cell: cell.domain),
            (Column(text("Code of the group"), 18, printed=False), lambda cell: cell.level),
        )

    def _printed(self, cell: Cell) -> str:
        return self._printed_as["bounds" if cell.bound else cell.status]

    def _group(self, cell: Cell) -> tuple[str, str]:
        key = cell.domain, cell.level
        if key not in self._groups:
            self._groups[key] = self._labels.domain(cell.domain), self._labels.level(*key)
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


def _answers(cell: Cell) -> Number | None:
    return None if cell.n is None else Number(cell.n, grouped=True)
