"""CyberTip reports of one country, which are no measure of prevalence."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.evidence_messages import Messages
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import Row

WHOLE = "unsplit"
CLASSES = (WHOLE, "referral", "informational")
BREAK = ("yes", "True", "true", "1")
WIDTHS = (26, 22, 30, 22)
SHARE_DIGITS = 2


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows by year and class."""
    return sorted(rows, key=lambda row: (row["year"], CLASSES.index(row["class"])))


def breaks_series(row: Row) -> bool:
    """Whether the counts of a row are made in another way than those of the year before.

    The table says so of the first year with classes alone: the next year goes on from it.
    """
    return row["series_break"] in BREAK


def drawn_of_year(own: Sequence[Row]) -> list[Row]:
    """Return the rows of a year that a column shows: its classes, or all reports where they stand.

    A count of all reports is never set on the counts of its classes.
    """
    counted = [row for row in own if row["reports"]]
    return [row for row in counted if row["class"] == WHOLE] or counted


def world_share(words: Messages, percent: str) -> str:
    """Return a share of the world's reports as printed; one that is not zero is never "0.00"."""
    share = number_of(percent)
    least = 10.0**-SHARE_DIGITS
    if 0 < share < least / 2:
        return words("below {number}", number=words.number(least, SHARE_DIGITS))
    return words.number(share, SHARE_DIGITS)


def children_counted(words: Messages, rows: Iterable[Row]) -> str:
    """Return where the numbers of children come from; empty where no row has a rate."""
    named = dict.fromkeys(
        row["denominator_source"]
        for row in rows
        if row["rate_per_1000_children"] and row.get("denominator_source")
    )
    if not named:
        return ""
    return words(
        "Number of children: {source}.",
        source=Markdown("; ".join(words.plain(source) for source in named)),
    )


class CyberTips:
    """Write about the reports of one country."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = in_order(rows)

    def __bool__(self) -> bool:
        return any(row["reports"] for row in self._rows)

    def table(self) -> Markdown:
        """Return reports by year and class, with change and share of the world.

        No rate per children: reports are about users of any age.
        """
        text = self._text
        header = (
            text("Year"),
            text("Reports"),
            text("Change from the year before, per cent"),
            text("Share of the world, per cent"),
        )
        body = [self._line(row) for row in self._rows]
        return evidence_table(
            text,
            header,
            body,
            WIDTHS,
            caption=text("CyberTip reports linked to the country, by year"),
            rows=self._rows,
            label="tbl-cybertips",
            notes=self._notes(body),
        )

    def _line(self, row: Row) -> tuple[str, ...]:
        year = Markdown(row["year"])
        if row["class"] != WHOLE:
            year = self._text("{year}, {kind}", year=year, kind=self._class(row))
        return (
            year,
            self._number(row["reports"])
            if row["reports"]
            else status_label(self._text, row["status"]),
            self._change(row),
            self._share(row),
        )

    def _share(self, row: Row) -> str:
        percent = row["share_world_percent"]
        return world_share(self._text, percent) if percent else Markdown("–")

    def _change(self, row: Row) -> Markdown:
        if breaks_series(row):
            return self._text("series break")
        return self._number(row["change_percent"], 1)

    def _class(self, row: Row) -> str:
        return label(self._text, "cybertips", "class", row["class"])

    def _number(self, value: str, digits: int = 0) -> Markdown:
        return self._text.number(number_of(value), digits) if value else Markdown("–")

    def _notes(self, body: Sequence[Sequence[str]]) -> list[str]:
        text = self._text
        lines: list[str] = [
            text(
                "Counted from {year}: {counted}.",
                year=row["year"],
                counted=text.of_study(row["counted"]),
            )
            for row in self._first_of_each_rule()
        ]
        lines += [text("They are about users of any age."), text.of_study(PLACED_BY_UPLOAD)]
        if any(breaks_series(row) for row in self._rows):
            lines.append(text("Series break: counted in another way than the year before."))
        if any(cell == "–" for line in body for cell in line):
            lines.append(text("–: not available."))
        return lines

    def _first_of_each_rule(self) -> list[Row]:
        first: dict[str, Row] = {}
        for row in self._rows:
            first.setdefault(row["counted"], row)
        return list(first.values())


class Reporters:
    """Write about which companies made the reports: of the country, else of the world."""

    def __init__(self, text: Text, rows: Sequence[Row], world: Sequence[Row]) -> None:
        self._text = text
        self._own = latest_reporters(rows)
        self._world = latest_reporters(world)

    def __bool__(self) -> bool:
        return bool(self._own or self._world)

    def share(self) -> Markdown:
        """Return a sentence on the company with most reports in the last year."""
        text, shown = self._text, self._own or self._world
        values = {
            "year": shown[0]["year"],
            "reporter": text.plain(shown[0]["reporter"]),
            "share": text.number(number_of(shown[0]["share_percent"])),
            "body": text.plain(shown[0]["counted_by"]),
        }
        if self._own:
            return text(
                "In {year}, {reporter} made {share} per cent of the CyberTip reports linked to the "
                "country ({body}).",
                **values,
            )
        return text(
            "In {year}, {reporter} made {share} per cent of all CyberTip reports of companies "
            "worldwide ({body}); by country this is not published.",
            **values,
        )


def latest_reporters(rows: Sequence[Row]) -> list[Row]:
    """Return the companies of the last year with shares, those with most reports first."""
    shared = [row for row in rows if row["share_percent"] and row["reporter"] != "all"]
    last = max((row["year"] for row in shared), default="")
    own = [row for row in shared if row["year"] == last]
    return sorted(own, key=lambda row: -float(row["share_percent"]))
