"""CyberTip reports by year: what was reported, not how many children were harmed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS, number_of
from disrupting_harm.report.evidence.codes import label, status_label
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series, in_order
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cuts import leading
from disrupting_harm.report.figures.evidence.columns import Column, draw_columns
from disrupting_harm.report.figures.evidence.parts import absent, frame, located, record
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.page import MARGIN, Frame
from disrupting_harm.report.figures.record import FigureRecord
from disrupting_harm.report.figures.style import RUST
from disrupting_harm.report.words import Words

NAME = "cybertips"
ABOVE = 6.0  # room of the numbers above the highest column
PLOT = 42.0
AXIS = 6.5
MANY = 1_000_000  # from here on counts are printed in thousands


def draw_cybertips(evidence: Evidence, setting: Setting, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year.

    Raises:
        StudyError: if a class of a year stands twice.
    """
    words, facts = setting.words, in_order(located(NAME, evidence.rows(NAME)))
    subject = words("CyberTip reports by year")
    if not facts:
        return None
    _refuse_doubles(facts)
    if not any(fact["reports"] for fact in facts):
        reason = words("There are no CyberTip reports for this country.")
        return absent(NAME, subject, reason)
    columns, thousands = _columns(words, facts)
    counted = (
        words(
            "CyberTip reports in thousands about users of any age, {place}: complete counts, no "
            "interval",
            place=setting.place,
        )
        if thousands
        else words(
            "CyberTip reports about users of any age, {place}: complete counts, no interval",
            place=setting.place,
        )
    )
    framed = frame(setting, subject, counted, facts, _notes(words, facts))
    figure = _draw(words, columns, framed)
    title = alt_text.title(setting, subject)
    return record(
        figure,
        framed,
        setting,
        facts,
        folder,
        NAME,
        caption=words(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        chart=words("Column chart: {title}.", title=title),
        finding=counts_in_words(words, facts),
        main=alt_text.join([_finding(words, _latest(facts)), *_breaks(words, facts)]),
        undrawn={"no_count": [*_uncounted(facts)]},
    )


def _draw(words: Words, columns: Sequence[Column], framed: Frame) -> Figure:
    size = framed.cut.small
    broken = next((at for at, column in enumerate(columns) if column.breaks), None)
    room = ABOVE + (leading(size) if broken is not None else 0.0)
    figure, page, top = paper.framed_page(framed, room + PLOT + AXIS)
    width = framed.cut.width - 2 * MARGIN
    draw_columns(paper.place_axes(figure, MARGIN, top + room, width, PLOT), columns, width, size)
    if broken is not None:
        _draw_break(page, words, MARGIN + width * broken / len(columns), top, room + PLOT, size)
    return figure


def _draw_break(page: Axes, words: Words, x: float, top: float, height: float, size: float) -> None:
    """Draw the dashed line from which on reports are counted in another way, and say so."""
    page.vlines(x, top, top + height, RUST, linestyles=(0, (3, 2)), lw=0.9, gid="break")
    text = words("counted in another way from here")
    # The words stand before the line where they have room, else after it.
    before = text_width(text, size) < x - MARGIN
    look = {"ha": "right" if before else "left", "size": size, "color": RUST}
    paper.put_text(page, x - 1 if before else x + 1, top + leading(size) / 2, text, **look)


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
                breaks=at > 0 and breaks_series(own[0]),
                withheld=own[0]["status"] == SUPPRESSED,
                keys=tuple(fact[ADDRESS] for fact in counted)
                or (" ".join(fact[ADDRESS] for fact in own),),
            )
        )
    return columns, thousands


def _uncounted(facts: Sequence[Fact]) -> Iterator[str]:
    """Yield the addresses of what nobody counted, in years of which something was counted."""
    counted = {fact["year"] for fact in facts if fact["reports"]}
    for fact in facts:
        if fact["year"] in counted and not fact["reports"]:
            yield fact[ADDRESS]


def _printed(words: Words, count: float, thousands: bool) -> str:
    return words.number(count / 1000 if thousands else count)


def _notes(words: Words, facts: Sequence[Fact]) -> list[str]:
    if any(fact["class"] != WHOLE for fact in facts):
        return [words("Dark columns: referrals, or all reports; hatched columns: informational.")]
    return []


def _breaks(words: Words, facts: Sequence[Fact]) -> list[str]:
    """Return the sentence that says from which year counting changed, if it did."""
    years = dict.fromkeys(fact["year"] for fact in facts[1:] if breaks_series(fact))
    return [
        words("From {year} reports are counted in another way.", year=year)
        for year in list(years)[:1]
    ]


def _latest(facts: Sequence[Fact]) -> list[Fact]:
    """Return the counts of the last year that has some."""
    counted = [fact for fact in facts if fact["reports"]]
    return [fact for fact in counted if fact["year"] == counted[-1]["year"]]


def counts_in_words(words: Words, facts: Sequence[Fact]) -> str:
    """Return the counts of each year and class, and from which year counting changed."""
    return alt_text.join([_finding(words, facts), *_breaks(words, facts)])


def _finding(words: Words, facts: Sequence[Fact]) -> str:
    parts = []
    for fact in facts:
        name = fact["year"]
        if fact["class"] != WHOLE:
            name = words(
                "{year}, {kind}", year=name, kind=label(words, "cybertips", "class", fact["class"])
            )
        count = (
            words.number(number_of(fact["reports"]))
            if fact["reports"]
            else status_label(words, fact["status"])
        )
        parts.append(words("{label}: {count}", label=name, count=count))
    return words("{findings}.", findings="; ".join(parts))
