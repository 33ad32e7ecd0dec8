"""Recorded offences by year: one panel for each kind of count; missing years differ from zeros."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.report.evidence.codes import printed
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.evidence.offences import Series, series, years
from disrupting_harm.report.evidence.police import series_label
from disrupting_harm.report.figures import alt_text, style
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.evidence.columns import Column, draw_columns
from disrupting_harm.report.figures.evidence.parts import record, stamp
from disrupting_harm.report.figures.lettering import wrap
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE
from disrupting_harm.report.figures.plan import FigureRecord
from disrupting_harm.report.words import Words

NAME = "offences"
DRAWN_STAGES = ("reported", "convicted")
PANELS_AT_MOST = 6
ACROSS = 2
BETWEEN = 8.0
ABOVE, PLOT, AXIS = 5.0, 20.0, 8.0


def draw_offences(evidence: Evidence, setting: Setting, folder: Path) -> FigureRecord | None:
    """Draw counts of reported and convicted offences, each category and counting rule apart."""
    words, facts = setting.words, evidence.rows("offence_rates")
    every = series(facts)
    drawn = [entry for entry in every if entry.stage in DRAWN_STAGES][:PANELS_AT_MOST]
    if not drawn:
        return None
    spans, agencies = years(facts), {entry.agency for entry in every}
    names = [series_label(words, entry, agencies) for entry in drawn]
    width = (style.PAGE_WIDTH - 2 * MARGIN - BETWEEN) / ACROSS
    headings = [wrap(name, width, style.NOTE_SIZE) for name in names]
    title_lines = max(map(len, headings))
    height = LINE * title_lines + ABOVE + PLOT + AXIS
    mark = stamp(setting, facts)
    notes = paper.note_lines(_notes(words))
    lines = -(-len(drawn) // ACROSS)
    figure, page = paper.new_page(HEADER + lines * height + NOTE_LINE * len(notes) + MARGIN)
    paper.write_header(page, paper.header_lines(words("Number in each year"), mark), mark)
    for at, (entry, heading) in enumerate(zip(drawn, headings, strict=True)):
        left = MARGIN + (at % ACROSS) * (width + BETWEEN)
        top = HEADER + (at // ACROSS) * height
        for line, text in enumerate(heading):
            y = top + LINE * (line + 0.5)
            paper.put_text(page, left, y, text, size=style.NOTE_SIZE, color=style.TEAL)
        plot = paper.place_axes(figure, left, top + LINE * title_lines + ABOVE, width, PLOT)
        draw_columns(plot, _columns(words, entry, spans), width)
    paper.write_notes(page, notes, HEADER + lines * height)
    subject = words("Offences against children that law enforcement recorded")
    title = alt_text.title(setting, subject)
    return record(
        figure,
        setting,
        facts,
        folder,
        NAME,
        subject,
        remarks=[
            words(
                "Police records show what was reported and written down. They are not prevalence."
            ),
            words(
                "Some counts alone are drawn: of offences reported and convicted; the table has "
                "all."
            )
            if len(drawn) < len(every)
            else "",
        ],
        chart=words("Column charts: {title}.", title=title),
        finding=alt_text.join(
            [_finding(words, entry, name, spans) for entry, name in zip(drawn, names, strict=True)]
        ),
    )


def _columns(words: Words, entry: Series, spans: Sequence[str]) -> list[Column]:
    columns = []
    for year, amount in zip(spans, entry.amounts, strict=True):
        counted = amount is not None and amount.number is not None
        counts = (float(amount.number or 0),) if amount is not None and counted else ()
        least = amount is not None and amount.at_least
        columns.append(Column(year, (printed(words, amount),), counts, at_least=least))
    return columns


def _notes(words: Words) -> list[str]:
    return [
        words("Each picture has a scale of its own: compare heights within it alone."),
        words("0: counted, and there were none. Not recorded: nobody counted; it is not 0."),
        words("At least: some offences or agencies have no figure."),
    ]


def _finding(words: Words, entry: Series, name: str, spans: Sequence[str]) -> str:
    counts = [
        words("{year}: {count}", year=year, count=printed(words, amount))
        for year, amount in zip(spans, entry.amounts, strict=True)
    ]
    return words("{heading}: {findings}.", heading=name, findings=words.enumeration(counts))
