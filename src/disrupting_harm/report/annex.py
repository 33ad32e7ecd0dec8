"""Tables of the data-quality annex, from ``quality.json`` alone."""

from collections.abc import Sequence
from typing import Any

from disrupting_harm.provenance.addresses import computed
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.reasons import printed_as
from disrupting_harm.report.text import Text
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE


class Annex:
    """Write what the data-quality annex says about one country.

    ``origin`` ends the caption of every table: the source, and whether it is simulated.
    """

    def __init__(self, text: Text, labels: Labels, quality: dict[str, Any], origin: str) -> None:
        self._text = text
        self._labels = labels
        self._quality = quality
        self._origin = origin

    def response_rates(self) -> Markdown:
        """Return response and cooperation rates; one that is not computable says so."""
        rates = self._quality["response_rates"]
        parts = [f"{name.upper()} {self._share(rate)}" for name, rate in rates.items()]
        return self._text.enumeration([Markdown(part) for part in parts])

    def margins(self) -> Markdown:
        """Return population shares beside those of the sample before and after weighting."""
        text = self._text
        rows = [
            (
                self._labels.group(row["margin"], row["category"]),
                self._share(row["target_share"]),
                self._share(row["before_share"]),
                self._share(row["after_share"]),
            )
            for row in self._quality["margins"]
        ]
        return pipe_table(
            (text("Group"), text("Population"), text("Before"), text("After")),
            rows,
            (52, 16, 16, 16),
            caption=captioned(text("Shares before and after weighting, per cent."), [self._origin]),
            label="tbl-margins",
        )

    def cells(self) -> Markdown:
        """Return how many estimates are shown and hidden, by reason."""
        text = self._text
        meanings = printed_as(text)
        counts = {**self._quality["cells"], "bounds": self._quality["bounds"]}
        hidden, bounds = counts[SUPPRESS_DISCLOSURE], counts["bounds"]
        counts[SUPPRESS_DISCLOSURE] = computed("difference", hidden - bounds, [hidden, bounds])
        rows = [(meanings[key], text.number(counts[key])) for key in meanings if counts.get(key)]
        return pipe_table(
            (text("What is printed"), text("Estimates")),
            rows,
            (80, 20),
            caption=captioned(text("Estimates by what is printed."), [self._origin]),
            label="tbl-cells",
        )

    def not_asked(self) -> Markdown:
        """Return the indicators that the survey did not ask."""
        labels = [self._labels.short(name) for name in self._quality["not_asked"]]
        return self._text.enumeration(labels)

    def high_nonresponse(self) -> Markdown:
        """Return the indicators that many of those asked left without an answer, with shares."""
        return self._shares(self._quality["item_nonresponse"]["high"])

    def imputed(self) -> Markdown:
        """Return the composites with imputed answers, and of which share of those asked."""
        return self._shares(self._quality["imputed"])

    def _shares(self, rows: Sequence[dict[str, Any]]) -> Markdown:
        parts = [
            self._text(
                "{indicator} ({share} per cent)",
                indicator=self._labels.short(row["indicator"]),
                share=self._text.percent(row["share"]),
            )
            for row in rows
        ]
        return self._text.enumeration(parts)

    def dropped_rows(self) -> Markdown:
        """Return the reasons why rows were left out, with coarse counts."""
        text = self._text
        parts: Sequence[str] = [
            text("{reason} ({count})", reason=text.plain(row["reason"]), count=self._count(row))
            for row in self._quality["dropped_rows"]
        ]
        return text.enumeration(parts)

    def _count(self, row: dict[str, Any]) -> Markdown:
        if isinstance(row["count"], str):
            return self._text.plain(row["count"])
        return self._text.number(row["count"])

    def _share(self, proportion: float | None) -> Markdown:
        if proportion is None:
            return self._text("not available")
        return self._text.percent(proportion, 1)
