"""CyberTip reports of one country, which are no measure of prevalence."""

from collections.abc import Iterable, Sequence
from math import inf

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.evidence.tables.cybertips import ALL_TYPES, WHOLE_YEAR
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

UNSPLIT, REFERRAL = "unsplit", "referral"
LARGEST_TYPES = 3  # that a report names; the data book has all
CLASSES = (UNSPLIT, REFERRAL, "informational")
BREAK = ("yes", "True", "true", "1")
WIDTHS = (26, 22, 30, 22)
SHARE_DIGITS = 2


def sort_by_year_and_class(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return rows by year and class."""
    return sorted(rows, key=lambda row: (row["year"], CLASSES.index(row["class"])))


def breaks_series(row: PublicRow) -> bool:
    """Whether the counts of a row are made in another way than those of the year before.

    The table says so of the first year with classes alone: the next year goes on from it.
    """
    return row["series_break"] in BREAK


def select_rows_of_column(rows_of_year: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows of a year that a column shows: its classes, or all reports where they stand.

    A count of all reports is never set on the counts of its classes.
    """
    rows_with_reports = [row for row in rows_of_year if row["reports"]]
    return [row for row in rows_with_reports if row["class"] == UNSPLIT] or rows_with_reports


def format_world_share(translator: Translator[str], percent: str) -> str:
    """Return a share of the world's reports as printed; one that is not zero is never "0.00"."""
    share = number_of(percent)
    least_printed = 10.0**-SHARE_DIGITS
    if 0 < share < least_printed / 2:
        return translator("below {number}", number=translator.number(least_printed, SHARE_DIGITS))
    return translator.number(share, SHARE_DIGITS)


def describe_child_numbers(translator: Translator[str], rows: Iterable[PublicRow]) -> str:
    """Return where the numbers of children come from; empty where no row has a rate."""
    named_sources = dict.fromkeys(
        row["denominator_source"]
        for row in rows
        if row["rate_per_1000_children"] and row.get("denominator_source")
    )
    if not named_sources:
        return ""
    return translator(
        "Number of children: {source}.",
        source=Markdown(
            "; ".join(translator.translate_or_keep(source) for source in named_sources)
        ),
    )


class CyberTips:
    """Write about the reports of one country."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = sort_by_year_and_class(rows)

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
        body = [self._format_table_line(row) for row in self._rows]
        return evidence_table(
            translator,
            header,
            body,
            WIDTHS,
            caption=translator("CyberTip reports linked to the country, by year"),
            rows=self._rows,
            label="tbl-cybertips",
            notes=self._list_notes(body),
        )

    def _format_table_line(self, row: PublicRow) -> tuple[str, ...]:
        year = Markdown(row["year"])
        if row["class"] != UNSPLIT:
            year = self._translator("{year}, {kind}", year=year, kind=self._format_class(row))
        return (
            year,
            self._format_number(row["reports"])
            if row["reports"]
            else status_label(self._translator, row["status"]),
            self._format_change(row),
            self._format_world_share(row),
        )

    def _format_world_share(self, row: PublicRow) -> str:
        percent = row["share_world_percent"]
        return format_world_share(self._translator, percent) if percent else Markdown("–")

    def _format_change(self, row: PublicRow) -> Markdown:
        if breaks_series(row):
            return self._translator("series break")
        return self._format_number(row["change_percent"], 1)

    def _format_class(self, row: PublicRow) -> str:
        return label(self._translator, "cybertips", "class", row["class"])

    def _format_number(self, value: str, digits: int = 0) -> Markdown:
        return self._translator.number(number_of(value), digits) if value else Markdown("–")

    def _list_notes(self, body: Sequence[Sequence[str]]) -> list[str]:
        translator = self._translator
        notes: list[str] = [
            translator(
                "Counted from {year}: {counted}.",
                year=row["year"],
                counted=translator.of_study(row["counted"]),
            )
            for row in self._find_first_row_of_each_rule()
        ]
        notes += [
            translator("They are about users of any age."),
            translator.of_study(PLACED_BY_UPLOAD),
        ]
        if any(breaks_series(row) for row in self._rows):
            notes.append(translator("Series break: counted in another way than the year before."))
        if any(cell == "–" for body_line in body for cell in body_line):
            notes.append(translator("–: not available."))
        return notes

    def _find_first_row_of_each_rule(self) -> list[PublicRow]:
        first_rows: dict[str, PublicRow] = {}
        for row in self._rows:
            first_rows.setdefault(row["counted"], row)
        return list(first_rows.values())


class Incidents:
    """Write about what the referrals of one country were about, in the last year told.

    Args:
        rows: of ``cybertip_parts.csv``; half-years, and all types together, are left out.
        all_rows: of ``cybertips.csv``, with all referrals of a year.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        rows: Sequence[PublicRow],
        all_rows: Sequence[PublicRow] = (),
    ) -> None:
        self._translator = translator
        typed_rows = [
            row
            for row in rows
            if row["class"] == REFERRAL
            and row["period"] == WHOLE_YEAR
            and row["incident_type"] != ALL_TYPES
        ]
        last = max((row["year"] for row in typed_rows), default="")
        types = [*PUBLIC["cybertip_parts"].field("incident_type").labels]
        self._rows = sorted(
            (row for row in typed_rows if row["year"] == last),
            key=lambda row: types.index(row["incident_type"]),
        )
        self._all_referrals = max(
            (
                row.number("reports")
                for row in all_rows
                if row["year"] == last and row["class"] == REFERRAL and row["reports"]
            ),
            default=inf,
        )

    def __bool__(self) -> bool:
        return bool(self._rows)

    def describe_largest_types(self) -> list[Markdown]:
        """Return what most referrals were about, the types told most often first."""
        translator = self._translator
        counted_rows = sorted(
            (row for row in self._rows if row["reports"]), key=lambda row: -row.number("reports")
        )
        if not counted_rows:
            return []
        types = [
            translator(
                "{name} ({detail})",
                name=format_inside_sentence(
                    label(translator, "cybertip_parts", "incident_type", row["incident_type"])
                ),
                detail=self._format_reports(row),
            )
            for row in counted_rows[:LARGEST_TYPES]
        ]
        return [
            translator(
                "The referrals of {year} concerned above all {types}.",
                year=counted_rows[0]["year"],
                types=translator.enumeration(types),
            ),
            *self._explain_counts(len(types) > 1),
        ]

    def _explain_counts(self, several_types: bool = True) -> list[Markdown]:
        translator = self._translator
        largest = max((row.number("reports") for row in self._rows if row["reports"]), default=0.0)
        if largest > self._all_referrals:
            rounded = translator(
                "The source rounds these counts, so that one is larger than the total."
            )
        else:
            rounded = translator("The source rounds these counts.")
        return [
            rounded,
            *([translator("One report can have several types.")] if several_types else []),
        ]

    def _format_reports(self, row: PublicRow) -> Markdown:
        """Return a count as its source rounds it, a bound in its place, or why there is none."""
        translator = self._translator
        if row["reports"]:
            return translator("about {number}", number=translator.number(row.number("reports")))
        if row["below"]:
            return translator("fewer than {number}", number=translator.number(row.number("below")))
        return Markdown(status_label(translator, row["status"]))

    def table(self) -> Markdown:
        """Return the referrals of the year by type of incident, each as its source gives it."""
        translator = self._translator
        body = [
            (
                label(translator, "cybertip_parts", "incident_type", row["incident_type"]),
                self._format_reports(row),
            )
            for row in self._rows
        ]
        return evidence_table(
            translator,
            (translator("What was reported"), translator("Referrals")),
            body,
            (70, 30),
            caption=translator(
                "Referrals of {year} by type of incident", year=self._rows[0]["year"]
            ),
            rows=self._rows,
            label="tbl-incidents",
            notes=self._explain_counts(),
        )


class Reporters:
    """Write about which companies made the reports of one country."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._of_country = find_latest_reporters(rows)

    def describe_largest_reporter(self) -> list[Markdown]:
        """Return which company made most reports in the last year; nothing where it is not told."""
        translator = self._translator
        return [
            translator(
                "In {year}, {reporter} made {share} per cent of the reports placed in the country.",
                year=row["year"],
                reporter=translator.translate_or_keep(row["reporter"]),
                share=translator.number(row.number("share_percent")),
            )
            for row in self._of_country[:1]
        ]


def find_latest_reporters(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the companies of the last year with shares, those with most reports first."""
    rows_with_share = [row for row in rows if row["share_percent"] and row["reporter"] != "all"]
    last_year = max((row["year"] for row in rows_with_share), default="")
    reporters_of_year = [row for row in rows_with_share if row["year"] == last_year]
    return sorted(reporters_of_year, key=lambda row: -row.number("share_percent"))
