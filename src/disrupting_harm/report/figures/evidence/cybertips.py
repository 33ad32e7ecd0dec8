"""CyberTip reports by year: what was reported, not how many children were harmed."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord, UndrawnReason
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame
from disrupting_harm.report.figures.drawing.style import RUST
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import line_height
from disrupting_harm.report.figures.evidence.column_chart import Column, draw_columns
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_absent_record,
    build_frame,
    locate_rows,
    write_figure_record,
)
from disrupting_harm.report.findings.evidence.cybertips import (
    CLASSES,
    UNSPLIT,
    breaks_series,
    select_rows_of_column,
    sort_by_year_and_class,
)
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME = "cybertips"
PARTS = [name for name in CLASSES if name != UNSPLIT]  # of a year: dark and hatched
ABOVE = 6.0  # room of the numbers above the highest column
PLOT = 42.0
AXIS = 6.5
MANY = 1_000_000  # from here on counts are printed in thousands


def draw_cybertips(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year.

    Raises:
        StudyError: if a class of a year stands twice.
    """
    translator, evidence_rows = (
        context.translator,
        sort_by_year_and_class(locate_rows(NAME, evidence.rows(NAME))),
    )
    topic = translator("CyberTip reports by year")
    if not evidence_rows:
        return None
    _check_duplicates(evidence_rows)
    if not any(evidence_row["reports"] for evidence_row in evidence_rows):
        reason = translator("There are no CyberTip reports for this country.")
        return build_absent_record(NAME, topic, reason)
    columns, thousands = _build_columns(translator, evidence_rows)
    subtitle = (
        translator(
            "CyberTip reports in thousands about users of any age, {place}: complete counts, no "
            "interval",
            place=context.area_name,
        )
        if thousands
        else translator(
            "CyberTip reports about users of any age, {place}: complete counts, no interval",
            place=context.area_name,
        )
    )
    frame = build_frame(
        context, topic, subtitle, evidence_rows, describe_looks(translator, evidence_rows)
    )
    figure = _draw_years(translator, columns, frame)
    title = alt_text.format_title(context, topic)
    return write_figure_record(
        figure,
        frame,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        opening=translator("Column chart: {title}.", title=title),
        finding=describe_counts(translator, evidence_rows),
        main_finding=alt_text.join_sentences(
            [
                _describe_rows(translator, _find_latest(evidence_rows)),
                *_describe_break(translator, evidence_rows),
            ]
        ),
        undrawn=_find_undrawn(evidence_rows),
    )


def _draw_years(translator: Translator[str], columns: Sequence[Column], frame: Frame) -> Figure:
    font_size = frame.cut.small
    break_index = next((index for index, column in enumerate(columns) if column.breaks), None)
    room = ABOVE + (line_height(font_size) if break_index is not None else 0.0)
    figure, page, top = paper.lay_out_page(frame, room + PLOT + AXIS)
    width = frame.cut.width - 2 * MARGIN
    draw_columns(
        paper.place_axes(figure, MARGIN, top + room, width, PLOT), columns, width, font_size
    )
    if break_index is not None:
        _draw_break(
            page,
            translator,
            MARGIN + width * break_index / len(columns),
            top,
            room + PLOT,
            font_size,
        )
    return figure


def _draw_break(
    page: Axes, translator: Translator[str], x: float, top: float, height: float, font_size: float
) -> None:
    """Draw the dashed line from which on reports are counted in another way, and say so."""
    page.vlines(x, top, top + height, RUST, linestyles=(0, (3, 2)), lw=0.9, gid="break")
    sentence = translator("counted in another way from here")
    # The words stand before the line where they have room, else after it.
    stands_before = text_width(sentence, font_size) < x - MARGIN
    look = {"ha": "right" if stands_before else "left", "size": font_size, "color": RUST}
    paper.put_text(
        page, x - 1 if stands_before else x + 1, top + line_height(font_size) / 2, sentence, **look
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


def _build_columns(
    translator: Translator[str], evidence_rows: Sequence[PublicRow]
) -> tuple[list[Column], bool]:
    """Return one column per year, and whether counts are printed in thousands."""
    largest = max(float(evidence_row["reports"] or 0) for evidence_row in evidence_rows)
    thousands = largest >= MANY
    columns = []
    for index, (year, rows_of_year) in enumerate(group_by_year(evidence_rows).items()):
        drawn_rows = select_rows_of_column(rows_of_year)
        printed_counts = [
            _format_count(translator, evidence_row.number("reports"), thousands)
            for evidence_row in drawn_rows
        ]
        columns.append(
            Column(
                year,
                tuple(printed_counts) or (status_label(translator, rows_of_year[0]["status"]),),
                tuple(evidence_row.number("reports") for evidence_row in drawn_rows),
                breaks=index > 0 and any(map(breaks_series, rows_of_year)),
                withheld=rows_of_year[0]["status"] == SUPPRESSED,
                look_indices=tuple(
                    PARTS.index(evidence_row["class"])
                    for evidence_row in drawn_rows
                    if evidence_row["class"] != UNSPLIT
                ),
                row_addresses=tuple(evidence_row[ADDRESS] for evidence_row in drawn_rows)
                or (" ".join(evidence_row[ADDRESS] for evidence_row in rows_of_year),),
            )
        )
    return columns, thousands


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


def _format_count(translator: Translator[str], count: float, thousands: bool) -> str:
    return translator.number(count / 1000 if thousands else count)


def describe_looks(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> list[str]:
    """Return the note on the looks of two classes, where there are classes."""
    if any(evidence_row["class"] != UNSPLIT for evidence_row in evidence_rows):
        return [
            translator("Dark columns: referrals, or all reports; hatched columns: informational.")
        ]
    return []


def _describe_break(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> list[str]:
    """Return the sentence on the year from which reports are counted in another way, if any."""
    _, *later_years = group_by_year(evidence_rows).items()
    years = [year for year, rows_of_year in later_years if any(map(breaks_series, rows_of_year))]
    return [
        translator("From {year} reports are counted in another way.", year=year)
        for year in years[:1]
    ]


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
