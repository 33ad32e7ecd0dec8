"""All clear differences between groups of some indicators, as sentences and one table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    format_caption,
    format_pipe_table,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.gap_rows import select_ends_of_bands
from disrupting_harm.report.reading.rows import PublicRow

LEVELS = ("level_a", "level_b")
NAME_WIDTH = 30


@dataclass(frozen=True)
class ClearGaps:
    """What was tested, and what of it is clear, of one country in one language.

    Attributes:
        tested: rows of ``gaps.csv``, in the order of the indicators; of bands the two ends.
    """

    translator: Translator[Markdown]
    labels: Labels
    results: Results
    tested: tuple[PublicRow, ...]

    @property
    def clear(self) -> list[PublicRow]:
        """Return the rows whose difference is clear."""
        return [row for row in self.tested if row["clear"] == "True"]

    @property
    def domains(self) -> list[str]:
        """Return the domains with a clear difference, in the codebook's order."""
        clear_domains = {row["domain"] for row in self.clear}
        return [name for name in self.labels.domains() if name in clear_domains]

    @property
    def indicators(self) -> list[str]:
        """Return the indicators with a clear difference."""
        return list(dict.fromkeys(row["indicator"] for row in self.clear))

    def describe_domains(self) -> list[Markdown]:
        """Return for each domain which group leads in which answers, or that nothing is clear."""
        if not self.clear:
            names = self._name_indicators(dict.fromkeys(row["indicator"] for row in self.tested))
            return [
                self.translator("No difference between groups is clear in {names}.", names=names)
            ]
        return [
            sentence for domain in self.domains for sentence in self._describe_directions(domain)
        ]

    def _describe_directions(self, domain: str) -> Iterator[Markdown]:
        """Yield in which answers the one group clearly leads, and in which the other."""
        clear = [row for row in self.clear if row["domain"] == domain]
        first, second = (self.labels.level(domain, clear[0][name]) for name in LEVELS)
        higher = [row["indicator"] for row in clear if row.number("difference") > 0]
        lower = [row["indicator"] for row in clear if row.number("difference") < 0]
        for indicators, more, less in ((higher, first, second), (lower, second, first)):
            if indicators:
                yield self.translator(
                    "{more} clearly more often than {less}: {names}.",
                    more=more,
                    less=format_inside_sentence(less),
                    names=self._name_indicators(indicators),
                )

    def format_table(self, share: Callable[[Cell], Markdown | None], label: str) -> Markdown:
        """Return the shares of the groups: a row for each indicator, clear pairs in bold.

        Args:
            share: how a share is printed; None where it is not.
            label: identifier of the table.
        """
        self.labels.refuse_two_series(self.indicators, f"table {label}")
        columns = [
            (domain, level) for domain in self.domains for level in self._list_levels(domain)
        ]
        body = [
            (
                self.labels.short(indicator),
                *(self._format_share(indicator, *column, share) for column in columns),
            )
            for indicator in self.indicators
        ]
        header = ("", *(self.labels.group(*column) for column in columns))
        width = (100 - NAME_WIDTH) // len(columns)
        caption = format_caption(
            self.translator("{caption}.", caption=self.translator("Where groups clearly differ")),
            [
                self.translator(
                    "Bold: the difference is clear; all {areas} were tested together. Where it is "
                    "not, there may still be one."
                ),
                self.translator(
                    "Tested: {domains}.",
                    domains=self.translator.enumeration(
                        [self._name_domain(name) for name in self._list_tested_domains()]
                    ),
                ),
            ],
        )
        return format_pipe_table(
            header, body, (NAME_WIDTH, *[width] * len(columns)), caption=caption, label=label
        )

    def _list_tested_domains(self) -> list[str]:
        tested = {row["domain"] for row in self.tested}
        return [name for name in self.labels.domains() if name in tested]

    def _name_domain(self, domain: str) -> Markdown:
        return Markdown(format_inside_sentence(self.labels.domain(domain)))

    def _list_levels(self, domain: str) -> list[str]:
        row = next(row for row in self.clear if row["domain"] == domain)
        return self.labels.sort_levels(domain, [row["level_a"], row["level_b"]])

    def _format_share(
        self,
        indicator: str,
        domain: str,
        level: str,
        share: Callable[[Cell], Markdown | None],
    ) -> Markdown:
        text = share(self.results.cell(indicator, domain, level))
        if text is None:
            return Markdown("–")
        is_clear = any(
            row["indicator"] == indicator and row["domain"] == domain for row in self.clear
        )
        return Markdown(f"**{text}**") if is_clear else text

    def _name_indicators(self, indicators: Iterable[str]) -> Markdown:
        names = [Markdown(f"“{self.labels.short(name)}”") for name in indicators]
        return self.translator.enumeration(names)


def read_clear_gaps(
    translator: Translator[Markdown], labels: Labels, results: Results, indicators: Sequence[str]
) -> ClearGaps:
    """Return the tested gaps of some indicators; of several bands those of the two ends."""
    rows = results.comparison_rows.get("gaps", ())
    tested = [
        row
        for indicator in indicators
        for row in rows
        if row["indicator"] == indicator and row["points_low"]
    ]
    return ClearGaps(
        translator, labels, results, tuple(select_ends_of_bands(tested, labels.known_levels))
    )
