"""Tables of estimates: unweighted n, estimate and named interval, with a legend of their signs.

The legend is in the caption, where every format and every reading device finds it.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from string import ascii_lowercase

from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    escape,
    format_caption,
    format_pipe_table,
    join_paragraphs,
)
from disrupting_harm.report.language.signs import (
    CAUTION,
    CONFIDENTIAL,
    MEANINGS,
    REVIEWED,
    SHORT,
    UNRELIABLE,
    format_without_number,
    legend,
    name_missing,
    sign_of,
    sign_of_interval,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import SAME_ANSWERS, SUPPRESS_DISCLOSURE, TOTAL

WIDTHS = (52, 12, 14, 22)
SIDE_BY_SIDE = 4
GROUP_WIDTH, CELL_WIDTH = 24, 19


class EstimateTables:
    """Make the tables of one country in one language.

    Args:
        sentences: how numbers are printed.
        origin: the sentences that end every caption: the source, and whether it is simulated.
        population: the whole population, translated.
        spelt: whether cells say in words why they hold no number, and the document says once what
            holds for all its tables; else signs stand there, and each caption explains its own.
        alone: whether captions end with the origin where cells are spelt, too: for tables of a
            document that does not say it once.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        results: Results,
        sentences: CountrySentences,
        origin: str,
        population: str,
        spelt: bool = False,
        alone: bool = False,
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._sentences = sentences
        self._origin = origin
        self._population = population
        self._spelt = spelt
        self._alone = alone

    def format_indicators(self, indicators: Sequence[str], caption: str, label: str) -> Markdown:
        """Return the national estimates of some indicators, one row each.

        Raises:
            StudyError: if indicators of two composite series would share the table.
        """
        self._labels.refuse_two_series(indicators, f"table {label}")
        rows = [(self._labels.indicator(name), self._results.cell(name)) for name in indicators]
        header = (self._translator("Indicator"), *self._column_heads(indicators))
        body = [(name, *self._format_numbers(cell)) for name, cell in rows]
        cells = [cell for _, cell in rows]
        bases = self._labels.describe_bases_of_table(indicators, self._population)
        return format_pipe_table(
            header, body, WIDTHS, caption=self._format_caption(caption, cells, bases), label=label
        )

    def format_module(self, module: str, label: str, country: str = "") -> Markdown:
        """Return the national estimates of a module: one table for each kind of estimate.

        Args:
            module: its name in the codebook.
            label: of the first table.
            country: the country, where its name shall stand in the caption.
        """
        tables = []
        members = [
            self._labels.definition(name) for name in self._labels.list_indicators_of_module(module)
        ]
        tables_of_indicators = _split_comparable(members)
        for index, indicators in enumerate(tables_of_indicators):
            caption = self._translator(
                "{module}: overall estimates", module=self._labels.module(module)
            )
            caption = add_letter(caption, index, len(tables_of_indicators))
            if country:
                caption = self._translator("{subject}, {place}", subject=caption, place=country)
            identifiers = [indicator.id for indicator in indicators]
            tables.append(
                self.format_indicators(
                    identifiers, caption, f"{label}-{index + 1}" if index else label
                )
            )
        return join_paragraphs(tables)

    def format_groups(
        self, indicators: Sequence[str], domains: Iterable[str], caption: str, label: str
    ) -> Markdown:
        """Return some indicators side by side, one row for each level of some domains.

        Raises:
            StudyError: if indicators of two composite series would share the table.
        """
        self._labels.refuse_two_series(indicators, f"table {label}")
        rows = [
            (self._translator.in_context("row of a table", "All"), *TOTAL),
            *self._find_group_rows(indicators, domains),
        ]
        cells = [
            [self._find_cell(name, domain, level) for name in indicators]
            for _, domain, level in rows
        ]
        header = (self._translator("Group"), *(self._labels.short(name) for name in indicators))
        body = [
            (row[0], *(self._format_in_one_cell(cell) for cell in cells_of_row))
            for row, cells_of_row in zip(rows, cells, strict=True)
        ]
        widths = (GROUP_WIDTH, *[CELL_WIDTH] * len(indicators))
        bases = self._labels.describe_bases_of_table(indicators, self._population, short=True)
        all_cells = [cell for cells_of_row in cells for cell in cells_of_row]
        full_caption = self._format_caption(
            caption, all_cells, [*bases, *self._note_hidden_groups(all_cells)]
        )
        return format_pipe_table(header, body, widths, caption=full_caption, label=label)

    def format_levels(
        self, indicator: str, domains: Iterable[str], caption: str, label: str
    ) -> Markdown:
        """Return one indicator, a row for each level of some domains: n, estimate and interval."""
        rows = [
            (self._translator.in_context("row of a table", "All"), *TOTAL),
            *self._find_group_rows([indicator], domains),
        ]
        cells = [self._find_cell(indicator, domain, level) for _, domain, level in rows]
        header = (self._translator("Group"), *self._column_heads([indicator]))
        body = [
            (row[0], *self._format_numbers(cell)) for row, cell in zip(rows, cells, strict=True)
        ]
        bases = self._labels.describe_bases_of_table([indicator], self._population)
        full_caption = self._format_caption(
            caption, cells, [*bases, *self._note_hidden_groups(cells)]
        )
        return format_pipe_table(header, body, WIDTHS, caption=full_caption, label=label)

    def _column_heads(self, indicators: Sequence[str]) -> tuple[str, str, str]:
        """Return the heads of the columns of n, estimate and interval."""
        statistics = {self._labels.definition(name).statistic for name in indicators}
        return (
            self._translator("n"),
            self._translator("Per cent")
            if statistics == {"proportion"}
            else self._translator("Estimate"),
            self._translator(
                "{confidence} per cent interval", confidence=self._sentences.confidence
            ),
        )

    def split_side_by_side(self, indicators: Sequence[str]) -> list[list[str]]:
        """Split indicators into the tables that :meth:`groups` can show.

        A table holds at most four indicators and never two composite series.
        """
        tables: list[list[str]] = []
        for name in indicators:
            if (
                not tables
                or len(tables[-1]) == SIDE_BY_SIDE
                or len(self._labels.series([name, *tables[-1]])) > 1
            ):
                tables.append([])
            tables[-1].append(name)
        return tables

    def _total_row(self) -> tuple[Markdown, str, str]:
        return (self._translator.in_context("row of a table", "All"), *TOTAL)

    def _find_group_rows(
        self, indicators: Sequence[str], domains: Iterable[str]
    ) -> list[tuple[str, str, str]]:
        group_rows: list[tuple[str, str, str]] = []
        for domain in domains:
            levels = {
                level: None for name in indicators for level in self._results.levels(name, domain)
            }
            group_rows += [
                (self._labels.group(domain, level), domain, level)
                for level in self._labels.sort_levels(domain, list(levels))
            ]
        return group_rows

    def _find_cell(self, indicator: str, domain: str, level: str) -> Cell:
        if domain != TOTAL[0] and self._labels.has_same_answers(domain, indicator):
            return Cell(indicator, domain, level, None, None, None, None, "", SAME_ANSWERS)
        return self._results.cell(indicator, domain, level)

    def _format_caption(
        self, caption: str, cells: Sequence[Cell], bases: Sequence[str]
    ) -> Markdown:
        if self._spelt:
            used = {sign(cell) for cell in cells for sign in (sign_of, sign_of_interval)}
            used &= {CAUTION, REVIEWED, SHORT}
            marks = [MEANINGS[sign](self._translator) for sign in sorted(used)]
            origin_sentences = [self._origin] if self._alone else []
            return format_caption(
                self._translator("{caption}.", caption=caption), [*bases, *marks, *origin_sentences]
            )
        one_n = any(self._labels.definition(cell.indicator).sensitive for cell in cells)
        signs = legend(self._translator, cells, self._results.releases, self._results.coded, one_n)
        retracted = self._results.quality.get("retracted", {})
        # An indicator that counts a wrong one among others has its sentence, which stands once.
        retracted_sentences = [
            escape(sentence)
            for sentence in dict.fromkeys(
                retracted[c.indicator] for c in cells if c.indicator in retracted
            )
        ]
        notes = [*bases, *signs, *retracted_sentences, self._origin]
        return format_caption(self._translator("{caption}.", caption=caption), notes)

    def _note_hidden_groups(self, cells: Sequence[Cell]) -> list[Markdown]:
        """Return what gaps among the groups of sensitive indicators say, where there are any."""
        sensitive_cells = [
            cell
            for cell in cells
            if cell.domain != TOTAL[0] and self._labels.definition(cell.indicator).sensitive
        ]
        hidden = any(cell.status == SUPPRESS_DISCLOSURE for cell in sensitive_cells)
        if not hidden or not any(cell.is_shown for cell in sensitive_cells):
            return []
        return [
            self._translator(
                "Groups without a number are mostly those in which few said yes: a mean of the "
                "numbers shown would be too high."
            )
        ]

    def _format_numbers(self, cell: Cell) -> tuple[str, str, str]:
        n = "" if cell.n is None else self._translator.number(cell.n)
        if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
            if self._spelt and not cell.bound:
                return n, "–", self._explain_missing(cell)
            return n, format_without_number(self._translator, cell), "–"
        value = self._sentences.format_value
        interval = self._translator(
            "{low} to {high}", low=value(cell, cell.ci_low), high=value(cell, cell.ci_high)
        )
        return n, self._with_sign(cell, cell.estimate), _add_sign(interval, sign_of_interval(cell))

    def _explain_missing(self, cell: Cell) -> str:
        """Return in words why a cell holds no estimate; its bound, where it has one."""
        if (sign := sign_of(cell)) in (UNRELIABLE, CONFIDENTIAL):
            return name_missing(self._translator, sign)
        return format_without_number(self._translator, cell)

    def _format_in_one_cell(self, cell: Cell) -> str:
        """Return estimate, interval and n for one table cell."""
        if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
            return (
                self._explain_missing(cell)
                if self._spelt
                else format_without_number(self._translator, cell)
            )
        value = self._sentences.format_value
        low, high = value(cell, cell.ci_low), value(cell, cell.ci_high)
        estimate = self._with_sign(cell, cell.estimate)
        n = "–" if cell.n is None else self._translator.number(cell.n)
        interval = _add_sign(Markdown(f"({low}–{high})"), sign_of_interval(cell))
        return Markdown(f"{estimate} {interval}, n\N{NO-BREAK SPACE}{n}")

    def _with_sign(self, cell: Cell, estimate: float) -> Markdown:
        """Return an estimate with the sign that stands beside it, if any."""
        return _add_sign(self._sentences.format_value(cell, estimate), sign_of(cell))


def _add_sign(text: Markdown, sign: str) -> Markdown:
    return Markdown(f"{text} {escape(sign)}") if sign else text


def add_letter(caption: Markdown, index: int, count: int) -> Markdown:
    """Return the caption of one of several tables that would have the same, with its letter."""
    return Markdown(f"{caption} ({ascii_lowercase[index]})") if count > 1 else caption


def _split_comparable(indicators: Sequence[Indicator]) -> list[list[Indicator]]:
    """Split indicators so that no table mixes composite series, or per cent and other units."""

    def table_kind(indicator: Indicator) -> tuple[str, bool]:
        return indicator.series or "", indicator.statistic != "proportion"

    return [
        list(members) for _, members in groupby(sorted(indicators, key=table_kind), key=table_kind)
    ]
