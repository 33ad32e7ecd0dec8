"""CyberTip reports by year: what was reported, not how many children were harmed."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS, number_of
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord, Reason
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame
from disrupting_harm.report.figures.drawing.style import RUST
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import line_height
from disrupting_harm.report.figures.evidence.column_chart import Column, draw_columns
from disrupting_harm.report.figures.evidence.context import absent, frame, located, record
from disrupting_harm.report.findings.evidence.cybertips import (
    CLASSES,
    WHOLE,
    breaks_series,
    drawn_of_year,
    in_order,
)
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.evidence_rows import Row as Fact

NAME = "cybertips"
PARTS = [name for name in CLASSES if name != WHOLE]  # of a year: dark and hatched
ABOVE = 6.0  # room of the numbers above the highest column
PLOT = 42.0
AXIS = 6.5
MANY = 1_000_000  # from here on counts are printed in thousands


def draw_cybertips(evidence: Evidence, setting: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year.

    Raises:
        StudyError: if a class of a year stands twice.
    """
    translator, facts = setting.translator, in_order(located(NAME, evidence.rows(NAME)))
    subject = translator("CyberTip reports by year")
    if not facts:
        return None
    _refuse_doubles(facts)
    if not any(fact["reports"] for fact in facts):
        reason = translator("There are no CyberTip reports for this country.")
        return absent(NAME, subject, reason)
    columns, thousands = _columns(translator, facts)
    counted = (
        translator(
            "CyberTip reports in thousands about users of any age, {place}: complete counts, no "
            "interval",
            place=setting.place,
        )
        if thousands
        else translator(
            "CyberTip reports about users of any age, {place}: complete counts, no interval",
            place=setting.place,
        )
    )
    framed = frame(setting, subject, counted, facts, looks_in_words(translator, facts))
    figure = _draw(translator, columns, framed)
    title = alt_text.title(setting, subject)
    return record(
        figure,
        framed,
        setting,
        facts,
        folder,
        NAME,
        caption=translator(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        chart=translator("Column chart: {title}.", title=title),
        finding=counts_in_words(translator, facts),
        main=alt_text.join([_finding(translator, _latest(facts)), *_breaks(translator, facts)]),
        undrawn=_undrawn(facts),
    )


def _draw(translator: Translator[str], columns: Sequence[Column], framed: Frame) -> Figure:
    size = framed.cut.small
    broken = next((at for at, column in enumerate(columns) if column.breaks), None)
    room = ABOVE + (line_height(size) if broken is not None else 0.0)
    figure, page, top = paper.lay_out_page(framed, room + PLOT + AXIS)
    width = framed.cut.width - 2 * MARGIN
    draw_columns(paper.place_axes(figure, MARGIN, top + room, width, PLOT), columns, width, size)
    if broken is not None:
        _draw_break(
            page, translator, MARGIN + width * broken / len(columns), top, room + PLOT, size
        )
    return figure


def _draw_break(
    page: Axes, translator: Translator[str], x: float, top: float, height: float, size: float
) -> None:
    """Draw the dashed line from which on reports are counted in another way, and say so."""
    page.vlines(x, top, top + height, RUST, linestyles=(0, (3, 2)), lw=0.9, gid="break")
    text = translator("counted in another way from here")
    # The words stand before the line where they have room, else after it.
    before = text_width(text, size) < x - MARGIN
    look = {"ha": "right" if before else "left", "size": size, "color": RUST}
    paper.put_text(page, x - 1 if before else x + 1, top + line_height(size) / 2, text, **look)


def _refuse_doubles(facts: Sequence[Fact]) -> None:
    seen: set[tuple[str, str]] = set()
    for fact in facts:
        key = fact["year"], fact["class"]
        if key in seen:
            raise StudyError(
                "evidence/cybertips.csv, column 'year'",
                f"{key[0]} ({key[1]}) stands twice for one country",
                "Keep one row per country, year and class",
            )
        seen.add(key)


def _columns(translator: Translator[str], facts: Sequence[Fact]) -> tuple[list[Column], bool]:
    """Return one column per year, and whether counts are printed in thousands."""
    largest = max(float(fact["reports"] or 0) for fact in facts)
    thousands = largest >= MANY
    columns = []
    for at, (year, own) in enumerate(by_year(facts).items()):
        counted = drawn_of_year(own)
        shown = [_printed(translator, float(fact["reports"]), thousands) for fact in counted]
        columns.append(
            Column(
                year,
                tuple(shown) or (status_label(translator, own[0]["status"]),),
                tuple(float(fact["reports"]) for fact in counted),
                breaks=at > 0 and any(map(breaks_series, own)),
                withheld=own[0]["status"] == SUPPRESSED,
                parts=tuple(
                    PARTS.index(fact["class"]) for fact in counted if fact["class"] != WHOLE
                ),
                keys=tuple(fact[ADDRESS] for fact in counted)
                or (" ".join(fact[ADDRESS] for fact in own),),
            )
        )
    return columns, thousands


def by_year(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Return rows by year, in their order."""
    years: dict[str, list[Fact]] = {}
    for fact in facts:
        years.setdefault(fact["year"], []).append(fact)
    return years


def _undrawn(facts: Sequence[Fact]) -> dict[Reason, list[str]]:
    """Return the addresses of rows that no column shows, in years of which one shows others."""
    left: dict[Reason, list[str]] = {}
    for own in by_year(facts).values():
        drawn = drawn_of_year(own)
        for fact in own if drawn else []:
            if fact not in drawn:
                reason: Reason = "other_counts" if fact["reports"] else "no_count"
                left.setdefault(reason, []).append(fact[ADDRESS])
    return left


def _printed(translator: Translator[str], count: float, thousands: bool) -> str:
    return translator.number(count / 1000 if thousands else count)


def looks_in_words(translator: Translator[str], facts: Sequence[Fact]) -> list[str]:
    """Return the note on the looks of two classes, where there are classes."""
    if any(fact["class"] != WHOLE for fact in facts):
        return [
            translator("Dark columns: referrals, or all reports; hatched columns: informational.")
        ]
    return []


def _breaks(translator: Translator[str], facts: Sequence[Fact]) -> list[str]:
    """Return the sentence that says from which year counting changed, if it did."""
    _, *later = by_year(facts).items()
    years = [year for year, own in later if any(map(breaks_series, own))]
    return [
        translator("From {year} reports are counted in another way.", year=year)
        for year in years[:1]
    ]


def _latest(facts: Sequence[Fact]) -> list[Fact]:
    """Return the counts of the last year that has some."""
    counted = [fact for fact in facts if fact["reports"]]
    return [fact for fact in counted if fact["year"] == counted[-1]["year"]]


def counts_in_words(translator: Translator[str], facts: Sequence[Fact]) -> str:
    """Return the counts of each year and class, and from which year counting changed."""
    return alt_text.join([_finding(translator, facts), *_breaks(translator, facts)])


def _finding(translator: Translator[str], facts: Sequence[Fact]) -> str:
    parts = []
    for fact in facts:
        name = fact["year"]
        if fact["class"] != WHOLE:
            name = translator(
                "{year}, {kind}",
                year=name,
                kind=label(translator, "cybertips", "class", fact["class"]),
            )
        count = (
            translator.number(number_of(fact["reports"]))
            if fact["reports"]
            else status_label(translator, fact["status"])
        )
        parts.append(translator("{label}: {count}", label=name, count=count))
    return translator("{findings}.", findings="; ".join(parts))
