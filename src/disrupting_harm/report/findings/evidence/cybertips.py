"""CyberTip reports of one country, which are no measure of prevalence."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
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


def world_share(translator: Translator[str], percent: str) -> str:
    """Return a share of the world's reports as printed; one that is not zero is never "0.00"."""
    share = number_of(percent)
    least = 10.0**-SHARE_DIGITS
    if 0 < share < least / 2:
        return translator("below {number}", number=translator.number(least, SHARE_DIGITS))
    return translator.number(share, SHARE_DIGITS)


def children_counted(translator: Translator[str], rows: Iterable[Row]) -> str:
    """Return where the numbers of children come from; empty where no row has a rate."""
    named = dict.fromkeys(
        row["denominator_source"]
        for row in rows
        if row["rate_per_1000_children"] and row.get("denominator_source")
    )
    if not named:
        return ""
    return translator(
        "Number of children: {source}.",
        source=Markdown("; ".join(translator.plain(source) for source in named)),
    )


class CyberTips:
    """Write about the reports of one country."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[Row]) -> None:
        self._translator = translator
        self._rows = in_order(rows)

    def __bool__(self) -> bool:
        return any(row["reports"] for row in self._rows)

    def table(self) -> Markdown:
        """Return reports by year and class, with change and share of the world.

        No rate per children: reports are about users of any age.
        """
        translator = self._translator
        header = (
            translator("Year"),
            translator("Reports"),
            translator("Change from the year before, per cent"),
            translator("Share of the world, per cent"),
        )
        body = [self._line(row) for row in self._rows]
        return evidence_table(
            translator,
            header,
            body,
            WIDTHS,
            caption=translator("CyberTip reports linked to the country, by year"),
            rows=self._rows,
            label="tbl-cybertips",
            notes=self._notes(body),
        )

    def _line(self, row: Row) -> tuple[str, ...]:
        year = Markdown(row["year"])
        if row["class"] != WHOLE:
            year = self._translator("{year}, {kind}", year=year, kind=self._class(row))
        return (
            year,
            self._number(row["reports"])
            if row["reports"]
            else status_label(self._translator, row["status"]),
            self._change(row),
            self._share(row),
        )

    def _share(self, row: Row) -> str:
        percent = row["share_world_percent"]
        return world_share(self._translator, percent) if percent else Markdown("–")

    def _change(self, row: Row) -> Markdown:
        if breaks_series(row):
            return self._translator("series break")
        return self._number(row["change_percent"], 1)

    def _class(self, row: Row) -> str:
        return label(self._translator, "cybertips", "class", row["class"])

    def _number(self, value: str, digits: int = 0) -> Markdown:
        return self._translator.number(number_of(value), digits) if value else Markdown("–")

    def _notes(self, body: Sequence[Sequence[str]]) -> list[str]:
        translator = self._translator
        lines: list[str] = [
            translator(
                "Counted from {year}: {counted}.",
                year=row["year"],
                counted=translator.of_study(row["counted"]),
            )
            for row in self._first_of_each_rule()
        ]
        lines += [
            translator("They are about users of any age."),
            translator.of_study(PLACED_BY_UPLOAD),
        ]
        if any(breaks_series(row) for row in self._rows):
            lines.append(translator("Series break: counted in another way than the year before."))
        if any(cell == "–" for line in body for cell in line):
            lines.append(translator("–: not available."))
        return lines

    def _first_of_each_rule(self) -> list[Row]:
        first: dict[str, Row] = {}
        for row in self._rows:
            first.setdefault(row["counted"], row)
        return list(first.values())


class Reporters:
    """Write about which companies made the reports: of the country, else of the world."""

    def __init__(
        self, translator: Translator[Markdown], rows: Sequence[Row], world: Sequence[Row]
    ) -> None:
        self._translator = translator
        self._own = latest_reporters(rows)
        self._world = latest_reporters(world)

    def __bool__(self) -> bool:
        return bool(self._own or self._world)

    def share(self) -> Markdown:
        """Return a sentence on the company with most reports in the last year."""
        translator, shown = self._translator, self._own or self._world
        values = {
            "year": shown[0]["year"],
            "reporter": translator.plain(shown[0]["reporter"]),
            "share": translator.number(number_of(shown[0]["share_percent"])),
            "body": translator.plain(shown[0]["counted_by"]),
        }
        if self._own:
            return translator(
                "In {year}, {reporter} made {share} per cent of the CyberTip reports linked to the "
                "country ({body}).",
                **values,
            )
        return translator(
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
