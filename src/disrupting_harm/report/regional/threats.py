"""The threat chapter of the regional report: recorded offences, reports, and police capacity."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.evidence.capacity import (
    NAMED_AT_MOST,
    assessed,
    greatest_need,
    may_be_first,
)
from disrupting_harm.report.evidence.cybertips import (
    children_counted,
    not_about_children,
    rate_digits,
    times,
    world_share,
)
from disrupting_harm.report.evidence.facts import Evidence, Row
from disrupting_harm.report.evidence.notes import origin, simulated
from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.text import Text

MISSING = Markdown("–")
UNSPLIT = "unsplit"


class RegionalThreats:
    """Write about the evidence of all countries.

    Args:
        text: messages.
        evidence: the public tables of evidence.
        names: the countries of the study and their names as printed, by code.
    """

    def __init__(self, text: Text, evidence: Evidence, names: Mapping[str, Markdown]) -> None:
        self._text = text
        self._evidence = evidence
        self._names = names

    def has(self, table: str) -> bool:
        """Return whether a table of evidence has rows of the countries."""
        return bool(self._of(table))

    @property
    def simulated(self) -> bool:
        """Whether any of the evidence is simulated."""
        return any(
            row.get("data_kind") == "simulated"
            for rows in self._evidence.tables.values()
            for row in rows
        )

    def cybertips(self, label: str) -> Markdown:
        """Return the reports of the last whole year before they were counted in classes."""
        text, year = self._text, self._last_unsplit()
        first = self._of("cybertips")[0]
        own = [
            row for row in self._of("cybertips") if row["year"] == year and row["class"] == UNSPLIT
        ]
        digits = rate_digits(own)
        rows = [
            (
                self._names[row["country"]],
                self._number(row["reports"]),
                self._rate(row, digits),
                self._number(row["change_percent"], 1),
                self._spread(row["country"]),
                self._share(row),
            )
            for row in own
        ]
        header = (
            *(text("{Area}"), text("Reports"), text("Per 1,000 children aged 12-17")),
            *(text("Change, %"), text("From year to year"), text("Share of the world, %")),
        )
        caption = captioned(
            text("CyberTip reports linked to each {area} in {year}.", year=year),
            [
                text("Counted: {counted}.", counted=text.plain(first["counted"])),
                text(
                    "Every report is counted and none was sampled: there is no interval. The "
                    "change is from the year before. From year to year: the smallest and the "
                    "largest ratio of a year's number to that of the year before, and how many "
                    "such changes there are."
                ),
                not_about_children(text),
                *([counted] if (counted := children_counted(text, own)) else []),
                *origin(text, own),
            ],
        )
        return pipe_table(header, rows, (18, 14, 18, 12, 24, 14), caption=caption, label=label)

    def series_break(self) -> Markdown:
        """Return why the years after the last whole one are not set beside it; empty if none."""
        years = sorted({row["year"] for row in self._of("cybertips") if row["class"] != UNSPLIT})
        if not years:
            return Markdown("")
        return self._text(
            "From {year} reports are counted in two classes, and related reports are bundled: a "
            "change across that year would say how reports are counted, and is not computed.",
            year=years[0],
        )

    def several_sources(self, label: str) -> Markdown:
        """Return facts that several sources tell, side by side and never averaged."""
        text = self._text
        rows = [
            (
                self._names[row["country"]],
                Markdown(row["year"]),
                self._number(row["figure"]),
                text.plain(row["counted"]),
                text.plain(row["source"]),
                text.plain(row["difference_reason"]),
            )
            for row in self._of("several_sources")
        ]
        header = (
            *(text("{Area}"), text("Year"), text("Figure"), text("What is counted")),
            *(text("Source"), text("Why they differ")),
        )
        caption = captioned(
            text("Facts told by more than one source; none is averaged."),
            [line for line in [simulated(text, self._of("several_sources"))] if line],
        )
        widths, texts = (13, 7, 11, 26, 26, 17), (0, 3, 4, 5)
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=texts)

    def needs(self, label: str) -> Markdown:
        """Return what the scores tell of the greatest need of each country's police."""
        text = self._text
        rows = []
        for code, name in self._by_name():
            own = [row for row in self._of("capacity_needs") if row["country"] == code]
            if own:
                count = Markdown(f"{len(may_be_first(own))} of {len(own)}")
                rows.append((name, count, Markdown(greatest_need(text, own))))
        caption = captioned(
            text("What the scores tell of the greatest need of law enforcement, by {area}."),
            [
                text(
                    "An area may be first unless another needs more whatever the distances between "
                    "the scores are and whatever the items not asked would be. Up to {n} areas are "
                    "named; of more, no order can be given. No weights are used.",
                    n=NAMED_AT_MOST,
                ),
                *([when] if (when := assessed(text, self._of("capacity"))) else []),
                *origin(text, self._of("capacity_needs")),
            ],
        )
        return pipe_table(
            (text("{Area}"), text("Areas that may be first"), text("What can be said")),
            rows,
            (18, 18, 64),
            caption=caption,
            label=label,
            texts=(0, 2),
        )

    def _last_unsplit(self) -> str:
        return max(
            (row["year"] for row in self._of("cybertips") if row["class"] == UNSPLIT), default=""
        )

    def _of(self, table: str) -> list[Row]:
        rows = [row for row in self._evidence.rows(table) if row["country"] in self._names]
        order = {code: at for at, (code, _) in enumerate(self._by_name())}
        return sorted(rows, key=lambda row: order[row["country"]])

    def _by_name(self) -> Sequence[tuple[str, Markdown]]:
        return sorted(self._names.items(), key=lambda pair: pair[1].casefold())

    def _number(self, value: str, digits: int = 0) -> Markdown:
        return self._text.number(number_of(value), digits) if value else MISSING

    def _rate(self, row: Row, digits: int) -> Markdown:
        rate = row["rate_per_1000_children"]
        return self._number(rate, digits) if rate else MISSING

    def _share(self, row: Row) -> str:
        percent = row["share_world_percent"]
        return world_share(self._text, percent) if percent else MISSING

    def _spread(self, country: str) -> Markdown:
        """Return how much the reports of the whole years changed from one year to the next."""
        for row in self._of("cybertip_changes"):
            if row["country"] == country and row["class"] == UNSPLIT:
                low, high = (times(self._text, row[f"ratio_{end}"]) for end in ("low", "high"))
                count = self._number(row["changes"])
                if row["changes"] == "1":
                    return self._text("{ratio} ({count})", ratio=low, count=count)
                return self._text("{low} to {high} ({count})", low=low, high=high, count=count)
        return MISSING
