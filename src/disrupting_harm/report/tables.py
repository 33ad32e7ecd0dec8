"""Tables of estimates: unweighted n, estimate and named interval, with a legend of their signs.

The legend stands in the caption, where every format and every reading device finds it."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from disrupting_harm.errors import StudyError
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, captioned, paragraphs, pipe_table
from disrupting_harm.report.results import Cell, Results
from disrupting_harm.report.sentences import Sentences
from disrupting_harm.report.text import Text
from disrupting_harm.study.codebook import Indicator

WIDTHS = (52, 12, 14, 22)
# Signs beside a number, or in its place, with the status that they stand for.
CAUTION, REVIEWED, UNRELIABLE, CONFIDENTIAL = "†", "‡", "*", "c"


class Tables:
    """Make the tables of one country in one language."""

    def __init__(self, text: Text, labels: Labels, results: Results, sentences: Sentences) -> None:
        self._text = text
        self._labels = labels
        self._results = results
        self._sentences = sentences

    def indicators(self, indicators: Sequence[str], caption: str, label: str) -> Markdown:
        """Return the national estimates of some indicators, one row each.

        Raises:
            StudyError: if indicators of two composite series would share the table.
        """
        _refuse_two_series([self._labels.definition(name) for name in indicators], label)
        rows = [(self._labels.indicator(name), self._results.cell(name)) for name in indicators]
        return self._table(self._text("Indicator"), rows, caption, label)

    def module(self, module: str, label: str) -> Markdown:
        """Return the national estimates of a module: one table for each kind of estimate."""
        tables = []
        members = [self._labels.definition(name) for name in self._labels.in_module(module)]
        for at, part in enumerate(_comparable(members)):
            caption = self._text("{module}: national estimates", module=self._labels.module(module))
            names = [entry.id for entry in part]
            tables.append(self.indicators(names, caption, f"{label}-{at + 1}" if at else label))
        return paragraphs(tables)

    def groups(self, indicator: str, domains: Iterable[str], caption: str, label: str) -> Markdown:
        """Return one indicator for the whole population and for each level of some domains."""
        rows = [(self._text("All"), self._results.cell(indicator))]
        for domain in domains:
            levels = self._results.levels(indicator, domain)
            for level in self._labels.in_order(domain, levels):
                cell = self._results.cell(indicator, domain, level)
                rows.append((self._labels.group(domain, level), cell))
        return self._table(self._text("Group"), rows, caption, label)

    def _table(
        self, first: str, rows: Sequence[tuple[str, Cell]], caption: str, label: str
    ) -> Markdown:
        statistics = {self._labels.definition(cell.indicator).statistic for _, cell in rows}
        header = (
            first,
            self._text("n"),
            self._text("Per cent") if statistics == {"proportion"} else self._text("Estimate"),
            self._text("{confidence} per cent interval", confidence=self._sentences.confidence),
        )
        body = [(name, *self._numbers(cell)) for name, cell in rows]
        legend = self._legend([cell for _, cell in rows])
        return pipe_table(header, body, WIDTHS, caption=captioned(caption, legend), label=label)

    def _numbers(self, cell: Cell) -> tuple[str, str, str]:
        n = "" if cell.n is None else self._text.number(cell.n)
        sign = sign_of(cell)
        if cell.bound:
            limit = self._text.number(float(cell.shown[1:]))
            return n, f"{cell.bound} {limit}", "–"
        if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
            return n, sign, "–"
        value = self._sentences.value
        interval = self._text(
            "{low} to {high}", low=value(cell, cell.ci_low), high=value(cell, cell.ci_high)
        )
        return n, f"{value(cell, cell.estimate)} {sign}".strip(), interval

    def _legend(self, cells: Sequence[Cell]) -> list[Markdown]:
        used = {sign_of(cell) for cell in cells}
        notes = [meaning(self._text) for sign, meaning in _MEANINGS.items() if sign in used]
        if any(cell.bound for cell in cells):
            notes.append(
                self._text(
                    "A number with the sign \\< or \\> is a bound: the estimate itself is not "
                    "shown, because few answers stand behind it."
                )
            )
        method = self._text(
            "Intervals: {method}. n: unweighted number of valid answers.",
            method=interval_name(self._text, self._results.quality["interval"]),
        )
        return [method, *notes]


def interval_name(text: Text, method: str) -> Markdown:
    """Return the name of an interval method in the reader's language."""
    names: dict[str, Callable[[], Markdown]] = {
        "korn_graubard": lambda: text("Korn–Graubard"),
        "logit": lambda: text("logit"),
        "modified_wilson": lambda: text("modified Wilson"),
    }
    return names[method]()


def sign_of(cell: Cell) -> str:
    """Return the sign that stands beside a number or, where nothing is shown, in its place."""
    if cell.bound:
        return ""
    if cell.is_shown:
        return {"caution": CAUTION, "review": REVIEWED}.get(cell.status, "")
    return CONFIDENTIAL if cell.status == "suppress_disclosure" else UNRELIABLE


_MEANINGS: dict[str, Callable[[Text], Markdown]] = {
    CAUTION: lambda text: text("†: use with caution, the estimate is less precise."),
    REVIEWED: lambda text: text("‡: shown after review by a statistician."),
    UNRELIABLE: lambda text: text("\\*: not shown, not reliable enough."),
    CONFIDENTIAL: lambda text: text("c: not shown, to protect respondents."),
}


def _comparable(indicators: Sequence[Indicator]) -> list[list[Indicator]]:
    """Split indicators so that no table mixes composite series, or per cent and other units."""

    def kind(entry: Indicator) -> tuple[str, bool]:
        return entry.series or "", entry.statistic != "proportion"

    return [list(part) for _, part in groupby(sorted(indicators, key=kind), key=kind)]


def _refuse_two_series(indicators: Sequence[Indicator], label: str) -> None:
    series = sorted({entry.series for entry in indicators if entry.series})
    if len(series) > 1:
        raise StudyError(
            f"table {label}",
            f"it would show {' and '.join(series)} side by side",
            "Give each composite series a table of its own",
        )
