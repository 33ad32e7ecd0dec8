"""CyberTip reports by year: what was reported, not how many children were harmed."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.report.evidence.codes import label, status_label
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series, in_order
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.figures import alt_text, style
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.evidence.columns import Column, draw_columns
from disrupting_harm.report.figures.evidence.parts import absent, record, stamp
from disrupting_harm.report.figures.page import HEADER, MARGIN, NOTE_LINE
from disrupting_harm.report.figures.plan import FigureRecord
from disrupting_harm.report.words import Words

NAME = "cybertips"
HEADINGS = 5.0  # room of the headings above both panels
ABOVE = 6.0  # room of the numbers above the highest column
PLOT = 50.0
AXIS = 6.5
MANY = 1_000_000  # from here on counts are printed in thousands


def draw_cybertips(evidence: Evidence, setting: Setting, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year.

    Raises:
        StudyError: if a class of a year stands twice.
    """
    words, facts = setting.words, in_order(evidence.rows(NAME))
    subject = words("CyberTip reports by year")
    if not facts:
        return None
    _refuse_doubles(facts)
    if not any(fact["reports"] for fact in facts):
        reason = words("There are no CyberTip reports for this country.")
        return absent(setting, NAME, subject, reason)
    columns, thousands = _columns(words, facts)
    mark = stamp(setting, facts)
    footer = paper.note_lines(_notes(words, facts, thousands))
    top = HEADER + HEADINGS + ABOVE
    figure, page = paper.new_page(top + PLOT + AXIS + NOTE_LINE * len(footer) + MARGIN)
    paper.write_header(page, (), mark)
    width = style.PAGE_WIDTH - 2 * MARGIN
    heading = words("Reports, thousands") if thousands else words("Reports")
    paper.put_text(page, MARGIN, HEADER + 1, heading, color=style.GREY)
    draw_columns(paper.place_axes(figure, MARGIN, top, width, PLOT), columns, width)
    paper.write_notes(page, footer, top + PLOT + AXIS)
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
                "Reports are not a measure of how many children were harmed: one report may "
                "concern several children or none, and what nobody reports is not counted."
            ),
            *_breaks(words, facts),
        ],
        chart=words("Column chart: {title}.", title=title),
        finding=alt_text.join([_finding(words, facts), *_breaks(words, facts)]),
    )


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


def _columns(words: Words, facts: Sequence[Fact]) -> tuple[list[Column], bool]:
    """Return one column per year, and whether counts are printed in thousands."""
    years: dict[str, list[Fact]] = {}
    for fact in facts:
        years.setdefault(fact["year"], []).append(fact)
    largest = max(float(fact["reports"] or 0) for fact in facts)
    thousands = largest >= MANY
    columns = []
    for at, (year, own) in enumerate(years.items()):
        counted = [fact for fact in own if fact["reports"]]
        shown = [_printed(words, float(fact["reports"]), thousands) for fact in counted]
        columns.append(
            Column(
                year,
                tuple(shown) or (status_label(words, own[0]["status"]),),
                tuple(float(fact["reports"]) for fact in counted),
                at > 0 and breaks_series(own[0]),
            )
        )
    return columns, thousands


def _printed(words: Words, count: float, thousands: bool) -> str:
    return words.number(count / 1000 if thousands else count)


def _notes(words: Words, facts: Sequence[Fact], thousands: bool) -> list[str]:
    lines = _breaks(words, facts, drawn=True)
    if any(fact["class"] != WHOLE for fact in facts):
        lines.append(
            words("Dark columns: referrals, or all reports; light columns: informational.")
        )
    return lines


def _breaks(words: Words, facts: Sequence[Fact], drawn: bool = False) -> list[str]:
    """Return a sentence for each year in which counting changed."""
    years = dict.fromkeys(fact["year"] for fact in facts[1:] if breaks_series(fact))
    if drawn:
        return [
            words("Dashed line: reports are counted in another way from {year}.", year=year)
            for year in list(years)[:1]
        ]
    return [
        words("From {year} reports are counted in another way.", year=year)
        for year in list(years)[:1]
    ]


def _finding(words: Words, facts: Sequence[Fact]) -> str:
    parts = []
    for fact in facts:
        name = fact["year"]
        if fact["class"] != WHOLE:
            name = words(
                "{year}, {kind}", year=name, kind=label(words, "cybertips", "class", fact["class"])
            )
        count = (
            words.number(float(fact["reports"]))
            if fact["reports"]
            else status_label(words, fact["status"])
        )
        parts.append(words("{label}: {count}", label=name, count=count))
    return words("{findings}.", findings="; ".join(parts))
