"""CyberTip reports of one country: a table, and the latest year for sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.text import Text


@dataclass(frozen=True)
class Year:
    """The reports of one year, as printed."""

    year: str
    reports: Markdown


class CyberTips:
    """Write about the reports of one country, which are no measure of prevalence."""

    def __init__(self, text: Text, rows: Sequence[dict[str, str]]) -> None:
        self._text = text
        self._rows = sorted(rows, key=lambda row: row["year"])

    @property
    def latest(self) -> Year | None:
        """The last year with a count; None where there is none."""
        counted = [row for row in self._rows if row["reports"]]
        return Year(counted[-1]["year"], self._number(counted[-1]["reports"])) if counted else None

    def table(self) -> Markdown:
        """Return reports by year, with their rate and the change from the year before."""
        text = self._text
        header = (
            text("Year"),
            text("Reports"),
            text("Per 1,000 internet-using children"),
            text("Change from the year before, per cent"),
        )
        rows = [
            (
                row["year"],
                self._number(row["reports"]),
                self._number(row["rate_per_1000"], 1),
                self._number(row["change_percent"], 1),
            )
            for row in self._rows
        ]
        caption = text("CyberTip reports linked to the country, by year")
        return pipe_table(
            header,
            rows,
            (16, 22, 30, 32),
            caption=captioned(text("{caption}.", caption=caption), self._notes()),
            label="tbl-cybertips",
        )

    def _notes(self) -> list[Markdown]:
        text = self._text
        sources = list(dict.fromkeys(row["source"] for row in self._rows))
        lines = [
            text(
                "Counted from {year}: {counted}.",
                year=row["year"],
                counted=text.plain(row["counted"]),
            )
            for row in self._first_of_each_rule()
        ]
        lines.append(text("Source: {source}.", source=text.enumeration(sources)))
        if not all(row["reports"] and row["rate_per_1000"] for row in self._rows):
            lines.append(text("–: not available."))
        return lines

    def _first_of_each_rule(self) -> list[dict[str, str]]:
        first: dict[str, dict[str, str]] = {}
        for row in self._rows:
            first.setdefault(row["counted"], row)
        return list(first.values())

    def _number(self, value: str, digits: int = 0) -> Markdown:
        return self._text.number(float(value), digits) if value else Markdown("–")
