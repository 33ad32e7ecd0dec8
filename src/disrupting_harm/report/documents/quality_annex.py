"""What documents say of the quality of one country's data, from its public results."""

from collections.abc import Sequence
from typing import Any

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, format_caption, format_pipe_table
from disrupting_harm.report.language.reasons import describe_statuses
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE


class Annex:
    """Write what the data-quality annex says about one country, from its public results.

    ``describe_origin`` ends the caption of every table: the source, and whether it is simulated.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, results: Results, origin: str
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._quality = results.quality
        self._cells = results.cells.values()
        self._origin = origin

    def response_rates(self) -> Markdown:
        """Return response and cooperation rates; one that is not computable says so."""
        rates = self._quality["response_rates"]
        printed_rates = [
            f"{name.upper()} {self._format_share(rate)}" for name, rate in rates.items()
        ]
        return self._translator.enumeration(
            [Markdown(printed_rate) for printed_rate in printed_rates]
        )

    def margins(self) -> Markdown:
        """Return population shares beside those of the sample before and after weighting."""
        translator = self._translator
        rows = [
            (
                self._labels.group(row["margin"], row["category"]),
                self._format_share(row["target_share"]),
                self._format_share(row["before_share"]),
                self._format_share(row["after_share"]),
            )
            for row in self._quality["margins"]
        ]
        return format_pipe_table(
            (
                translator("Group"),
                translator("Population"),
                translator.in_context("weighting", "Before"),
                translator.in_context("weighting", "After"),
            ),
            rows,
            (52, 16, 16, 16),
            caption=format_caption(
                translator("Shares before and after weighting, per cent."), [self._origin]
            ),
            label="tbl-margins",
        )

    def participants(self) -> Markdown:
        """Return who took part: answers of each group, its share in the sample and population.

        A group's answers are those to the question that most of it answered; margins alone have the
        population's share.
        """
        translator = self._translator
        rows = [
            (
                self._labels.level(row["margin"], row["category"]),
                self._count_answers(row["margin"], row["category"]),
                self._format_share(row["before_share"]),
                self._format_share(row["target_share"]),
            )
            for row in self._quality["margins"]
        ]
        return format_pipe_table(
            (
                translator("Group"),
                "n",
                translator("Took part"),
                translator("Population"),
            ),
            rows,
            # Room for words of other languages, longer by a third.
            (28, 12, 22, 38),
            caption=format_caption(
                translator("Who took part, in per cent, weighted by the chance to be drawn alone."),
                [self._origin],
            ),
            label="tbl-participants",
        )

    def _count_answers(self, domain: str, level: str) -> Markdown:
        counts = [
            cell.n
            for cell in self._cells
            if (cell.domain, cell.level) == (domain, level) and cell.n is not None
        ]
        return self._translator.number(max(counts)) if counts else Markdown("–")

    def cells(self) -> Markdown:
        """Return how many estimates are shown and hidden, by reason."""
        translator = self._translator
        meanings = describe_statuses(translator)
        counts = {**self._quality["cells"], "bounds": self._quality["bounds"]}
        hidden, bounds = counts[SUPPRESS_DISCLOSURE], counts["bounds"]
        counts[SUPPRESS_DISCLOSURE] = derive_number("difference", hidden - bounds, [hidden, bounds])
        rows = [
            (meanings[key], translator.number(counts[key])) for key in meanings if counts.get(key)
        ]
        return format_pipe_table(
            (translator("What is printed"), translator("Estimates")),
            rows,
            (80, 20),
            caption=format_caption(translator("Estimates by what is printed."), [self._origin]),
            label="tbl-cells",
        )

    def not_asked(self) -> Markdown:
        """Return the indicators that the survey did not ask."""
        labels = [self._labels.short(name) for name in self._quality["not_asked"]]
        return self._translator.enumeration(labels)

    def high_nonresponse(self) -> Markdown:
        """Return the indicators that many of those asked left without an answer, with shares."""
        return self._join_shares(self._quality["item_nonresponse"]["high"])

    def imputed(self) -> Markdown:
        """Return the composites with imputed answers, and of which share of those asked."""
        return self._join_shares(self._quality["imputed"])

    def _join_shares(self, rows: Sequence[dict[str, Any]]) -> Markdown:
        printed_shares = [
            self._translator(
                "{indicator} ({share} per cent)",
                indicator=self._labels.short(row["indicator"]),
                share=self._translator.percent(row["share"]),
            )
            for row in rows
        ]
        return self._translator.enumeration(printed_shares)

    def dropped_rows(self) -> Markdown:
        """Return the reasons why rows were left out, with coarse counts."""
        translator = self._translator
        printed_reasons: Sequence[str] = [
            translator(
                "{reason} ({count})",
                reason=translator.translate_or_keep(row["reason"]),
                count=self._format_count(row),
            )
            for row in self._quality["dropped_rows"]
        ]
        return translator.enumeration(printed_reasons)

    def _format_count(self, row: dict[str, Any]) -> Markdown:
        if isinstance(row["count"], str):
            return self._translator.translate_or_keep(row["count"])
        return self._translator.number(row["count"])

    def _format_share(self, proportion: float | None) -> Markdown:
        if proportion is None:
            return self._translator.in_context("a share", "not available")
        return self._translator.percent(proportion, 1)
