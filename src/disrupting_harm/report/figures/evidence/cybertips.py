"""CyberTip reports by year: what was reported, not how many children were harmed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.column_chart import (
    Column,
    ColumnChart,
    ColumnPart,
)
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.evidence_figure import (
    EVIDENCE,
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    UndrawnReason,
)
from disrupting_harm.report.findings.evidence.cybertips import (
    UNSPLIT,
    breaks_series,
    select_rows_of_column,
    sort_by_year_and_class,
)
from disrupting_harm.report.findings.key_figures import find_claims_of_reports, find_complete_series
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME = "cybertips"
PLOT = 42.0  # millimetres of the highest column


def draw_cybertips(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year.

    Raises:
        StudyError: if a class of a year stands twice.
    """
    translator = context.translator
    evidence_rows = sort_by_year_and_class(locate_rows(NAME, evidence.rows(NAME)))
    if not evidence_rows:
        return None
    topic = _describe_change(translator, evidence_rows)
    _check_duplicates(evidence_rows)
    if not any(evidence_row["reports"] for evidence_row in evidence_rows):
        reason = translator("There are no CyberTip reports for this country.")
        return FigureIdentity(NAME, EVIDENCE).describe_absence(topic, reason)
    subtitle = translator(
        "CyberTip reports about users of any age, {place}: complete counts, no interval",
        place=context.area_name,
    )
    frame = build_frame(
        context, topic, subtitle, evidence_rows, describe_looks(translator, evidence_rows)
    )
    chart = build_reports_chart(
        translator,
        evidence_rows,
        translator.number,
        lambda year: translator("counted in another way from here"),
    )
    return write_chart_record(
        chart,
        frame,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        opening=translator("Column chart: {title}.", title=alt_text.format_title(context, topic)),
        finding=describe_counts(translator, evidence_rows),
        main_finding=alt_text.join_sentences(
            [
                _describe_rows(translator, _find_latest(evidence_rows)),
                *_describe_break(translator, evidence_rows),
            ]
        ),
        undrawn=_find_undrawn(evidence_rows),
    )


def _describe_change(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> str:
    """Return the last count as a title, with the first where reports rose, or fell, each year."""
    run = find_complete_series(evidence_rows)
    if not run:
        return translator("CyberTip reports by year")
    if not find_claims_of_reports(evidence_rows):
        return translator.plural(
            "{count} CyberTip report in {year}",
            "{count} CyberTip reports in {year}",
            run[-1].number("reports"),
            count=translator.number(run[-1].number("reports")),
            year=run[-1]["year"],
        )
    return translator(
        "{other} CyberTip reports in {last}, against {count} in {first}",
        count=translator.number(run[0].number("reports")),
        other=translator.number(run[-1].number("reports")),
        first=run[0]["year"],
        last=run[-1]["year"],
    )


def _check_duplicates(evidence_rows: Sequence[PublicRow]) -> None:
    known_keys: set[tuple[str, str]] = set()
    for evidence_row in evidence_rows:
        key = evidence_row["year"], evidence_row["class"]
        if key in known_keys:
            raise StudyError(
                "evidence/cybertips.csv, column 'year'",
                f"{key[0]} ({key[1]}) stands twice for one country",
                "Keep one row per country, year and class",
            )
        known_keys.add(key)


def build_reports_chart(
    translator: Translator[str],
    evidence_rows: Sequence[PublicRow],
    format_count: Callable[[float], str],
    describe_break: Callable[[str], str],
    plot_height: float = PLOT,
) -> ColumnChart:
    """Return a column for each year, its classes on each other.

    Args:
        evidence_rows: of ``cybertips.csv`` of one country with their addresses, in order.
        format_count: prints a count.
        describe_break: returns the words at the year from which reports are counted in another way.
        plot_height: of the highest column, in millimetres.
    """
    break_year = find_break_year(evidence_rows)
    columns = []
    for year, rows_of_year in group_by_year(evidence_rows).items():
        drawn_rows = select_rows_of_column(rows_of_year)
        parts = tuple(
            ColumnPart(
                format_count(evidence_row.number("reports")),
                float(evidence_row["reports"]),
                "hatched bar" if evidence_row["class"] == "informational" else "bar",
                address=evidence_row[ADDRESS],
            )
            for evidence_row in drawn_rows
        ) or (_build_part_without_count(translator, rows_of_year),)
        split = any(evidence_row["class"] != UNSPLIT for evidence_row in drawn_rows)
        break_words = describe_break(year) if year == break_year else ""
        columns.append(Column(year, parts, split, break_words))
    return ColumnChart(tuple(columns), plot_height)


def _build_part_without_count(
    translator: Translator[str], rows_of_year: Sequence[PublicRow]
) -> ColumnPart:
    status = rows_of_year[0]["status"]
    return ColumnPart(
        status_label(translator, status),
        sign="privacy" if status == SUPPRESSED else "unrecorded",
        address=" ".join(evidence_row[ADDRESS] for evidence_row in rows_of_year),
    )


def find_break_year(evidence_rows: Sequence[PublicRow]) -> str:
    """Return the year from which reports are counted in another way; empty where there is none."""
    _, *later_years = group_by_year(evidence_rows).items()
    years = (year for year, rows_of_year in later_years if any(map(breaks_series, rows_of_year)))
    return next(years, "")


def group_by_year(evidence_rows: Sequence[PublicRow]) -> dict[str, list[PublicRow]]:
    """Return rows by year, in their order."""
    years: dict[str, list[PublicRow]] = {}
    for evidence_row in evidence_rows:
        years.setdefault(evidence_row["year"], []).append(evidence_row)
    return years


def _find_undrawn(evidence_rows: Sequence[PublicRow]) -> dict[UndrawnReason, list[str]]:
    """Return the addresses of rows that no column shows, in years of which one shows others."""
    undrawn: dict[UndrawnReason, list[str]] = {}
    for rows_of_year in group_by_year(evidence_rows).values():
        drawn_rows = select_rows_of_column(rows_of_year)
        for evidence_row in rows_of_year if drawn_rows else []:
            if evidence_row not in drawn_rows:
                reason: UndrawnReason = "other_counts" if evidence_row["reports"] else "no_count"
                undrawn.setdefault(reason, []).append(evidence_row[ADDRESS])
    return undrawn


def describe_looks(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> list[str]:
    """Return the note on the looks of two classes, where there are classes."""
    if any(evidence_row["class"] != UNSPLIT for evidence_row in evidence_rows):
        return [
            translator(
                "Dark: reports to act on, or all reports. Hatched: reports with too little to act "
                "on."
            )
        ]
    return []


def _describe_break(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> list[str]:
    """Return the sentence on the year from which reports are counted in another way, if any."""
    year = find_break_year(evidence_rows)
    return [translator("Since {year} reports are counted differently.", year=year)] * bool(year)


def _find_latest(evidence_rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the counts of the last year that has some."""
    rows_with_count = [evidence_row for evidence_row in evidence_rows if evidence_row["reports"]]
    return [
        evidence_row
        for evidence_row in rows_with_count
        if evidence_row["year"] == rows_with_count[-1]["year"]
    ]


def describe_counts(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> str:
    """Return the counts of each year and class, and from which year counting changed."""
    return alt_text.join_sentences(
        [_describe_rows(translator, evidence_rows), *_describe_break(translator, evidence_rows)]
    )


def _describe_rows(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> str:
    year_counts = []
    for evidence_row in evidence_rows:
        name = evidence_row["year"]
        if evidence_row["class"] != UNSPLIT:
            name = translator(
                "{year}, {kind}",
                year=name,
                kind=label(translator, "cybertips", "class", evidence_row["class"]),
            )
        count = (
            translator.number(evidence_row.number("reports"))
            if evidence_row["reports"]
            else status_label(translator, evidence_row["status"])
        )
        year_counts.append(translator("{label}: {count}", label=name, count=count))
    return translator("{findings}.", findings="; ".join(year_counts))
