"""CyberTip reports by year and their rate: what was reported, not how many children were harmed."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

from disrupting_harm.errors import StudyError
from disrupting_harm.report.evidence.codes import label
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series, in_order, rate_digits
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.figures import alt_text, style
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.evidence.columns import (
    HEADROOM,
    LABEL_PITCH,
    Column,
    draw_columns,
)
from disrupting_harm.report.figures.evidence.parts import absent, record, stamp
from disrupting_harm.report.figures.page import HEADER, MARGIN, NOTE_LINE
from disrupting_harm.report.figures.plan import FigureRecord
from disrupting_harm.report.words import Words

NAME = "cybertips"
HEADINGS = 5.0  # room of the headings above both panels
ABOVE = 6.0  # room of the numbers above the highest column
PLOT = 50.0
AXIS = 6.5
COUNTS, BETWEEN = 92.0, 8.0  # width of the columns; between them and the rates
MANY = 1_000_000  # from here on counts are printed in thousands
# How each class of reports is drawn among the rates: dot, and its fill.
DOTS = {WHOLE: style.TEAL, "referral": style.TEAL, "informational": "white"}


def draw_cybertips(evidence: Evidence, setting: Setting, folder: Path) -> FigureRecord | None:
    """Draw a country's reports by year, and their rate beside where there is one.

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
    rated = [fact for fact in facts if fact["rate_per_1000"]]
    full = style.PAGE_WIDTH - 2 * MARGIN
    width = COUNTS if rated else full
    heading = words("Reports, thousands") if thousands else words("Reports")
    paper.put_text(page, MARGIN, HEADER + 1, heading, color=style.GREY)
    draw_columns(paper.place_axes(figure, MARGIN, top, width, PLOT), columns, width)
    if rated:
        left = MARGIN + COUNTS + BETWEEN
        rate = words("Per 1,000 internet-using children")
        paper.put_text(page, left, HEADER + 1, rate, color=style.GREY)
        _draw_rates(
            paper.place_axes(figure, left, top, full - COUNTS - BETWEEN, PLOT), rated, words
        )
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
                "concern several children or none, and most harm is never reported."
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
                tuple(shown) or (label(words, "status", own[0]["status"]),),
                tuple(float(fact["reports"]) for fact in counted),
                at > 0 and breaks_series(own[0]),
            )
        )
    return columns, thousands


def _printed(words: Words, count: float, thousands: bool) -> str:
    return words.number(count / 1000 if thousands else count)


def _draw_rates(plot: Axes, facts: Sequence[Fact], words: Words) -> None:
    years = list(dict.fromkeys(fact["year"] for fact in facts))
    highest = max(float(fact["rate_high"] or fact["rate_per_1000"]) for fact in facts)
    plot.set(xlim=(-0.5, len(years) - 0.5), ylim=(0, highest * HEADROOM), yticks=[])
    plot.grid(visible=False)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    plot.set_xticks(range(len(years)), years)
    broken = [at for at, year in enumerate(years) if at and _is_broken(facts, year)]
    for at in broken:
        plot.axvline(at - 0.5, color=style.RUST, linestyle=(0, (4, 3)), linewidth=0.9)
    written = dict.fromkeys(years, 0)
    for fact in facts:
        at, rate = years.index(fact["year"]), float(fact["rate_per_1000"])
        low, high = float(fact["rate_low"] or rate), float(fact["rate_high"] or rate)
        plot.vlines(at, low, high, style.TEAL, lw=1.5)
        plot.scatter(at, rate, 26, DOTS[fact["class"]], edgecolor=style.TEAL, zorder=3, lw=1.2)
        # In one row above all lines: beside a line's end a rate would seem to be its limit.
        plot.annotate(
            words.number(rate, rate_digits(rate)),
            (at, highest * HEADROOM),
            xytext=(0, 3 + LABEL_PITCH * written[fact["year"]]),
            textcoords="offset points",
            ha="center",
            size=style.NOTE_SIZE,
            annotation_clip=False,
        )
        written[fact["year"]] += 1


def _is_broken(facts: Sequence[Fact], year: str) -> bool:
    return any(breaks_series(fact) for fact in facts if fact["year"] == year)


def _notes(words: Words, facts: Sequence[Fact], thousands: bool) -> list[str]:
    lines = _breaks(words, facts, drawn=True)
    if any(fact["class"] != WHOLE for fact in facts):
        lines.append(
            words("Dark columns and filled dots: referrals, or all reports; light and open: "
                  "informational.")
        )  # fmt: skip
    if any(fact["rate_low"] for fact in facts):
        lines.append(words("Lines: how far such a count may vary by chance alone."))
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
            name = words("{year}, {kind}", year=name, kind=label(words, "class", fact["class"]))
        count = (
            words.number(float(fact["reports"]))
            if fact["reports"]
            else label(words, "status", fact["status"])
        )
        if fact["rate_per_1000"]:
            rate = float(fact["rate_per_1000"])
            shown = words.number(rate, rate_digits(rate))
            count = words(
                "{count} ({rate} per 1,000 internet-using children)", count=count, rate=shown
            )
        parts.append(words("{label}: {count}", label=name, count=count))
    return words("{findings}.", findings="; ".join(parts))
