"""Reports of companies by year in a narrow column: complete counts, without intervals."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series, drawn_of_year
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.cuts import leading
from disrupting_harm.report.figures.evidence.cybertips import by_year
from disrupting_harm.report.figures.evidence.stacked import FIRST, SECOND, fitted, write_parts
from disrupting_harm.report.figures.page import MARGIN, Frame
from disrupting_harm.report.words import Words

PLOT, AXIS, ABOVE = 30.0, 4.4, 4.0
YEARS = 6
BAR = 0.85  # of a year's room


def of_last_years(facts: Sequence[Fact]) -> list[Fact]:
    """Return the rows that the picture shows or says the status of: those of the last years."""
    last = list(by_year(facts).values())[-YEARS:]
    return [fact for own in last for fact in drawn_of_year(own) or own]


def reports_picture(words: Words, facts: Sequence[Fact], framed: Frame) -> Figure:
    """Draw years, classes on each other; a dashed line where the counting changed.

    Args:
        words: the language.
        facts: rows of ``cybertips.csv`` of one country with their addresses, in order; of each year
            those that one column shows.
        framed: title, subtitle, source.
    """
    shown = by_year(facts)
    broken = next(
        (at for at, own in enumerate(shown.values()) if at and any(map(breaks_series, own))), None
    )
    columns = [[fact for fact in own if fact["reports"]] for own in shown.values()]
    size = framed.cut.small
    room = ABOVE + (leading(size) if broken is not None else 0.0)
    figure, page, top = paper.framed_page(framed, room + PLOT + AXIS)
    width = framed.cut.width - 2 * MARGIN
    plot = paper.place_axes(figure, MARGIN, top + room, width, PLOT)
    totals = [sum(float(fact["reports"]) for fact in own) for own in columns]
    plot.set_ylim(0, max([*totals, 1.0]))
    plot.set_xlim(-0.6, len(shown) - 0.4)
    plot.grid(visible=False)
    plot.set_yticks([])
    plot.set_xticks(range(len(shown)), list(shown))
    plot.tick_params(axis="x", labelsize=size)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    bar = BAR * width / (len(shown) + 0.2)
    for at, own in enumerate(columns):
        _column(plot, words, at, own, size, bar)
    if broken is not None:
        plot.axvline(broken - 0.5, color=style.RUST, linestyle=(0, (3, 2)), lw=0.9)
        x = MARGIN + width * (broken - 0.5 + 0.6) / (len(shown) + 0.2) - 1
        said = words("from {year} counted in another way", year=list(shown)[broken])
        paper.put_text(
            page, x, top + leading(size) / 2, said, ha="right", size=size, color=style.RUST
        )
    return figure


def _column(
    plot: Axes, words: Words, at: int, own: Sequence[Fact], size: float, bar: float
) -> None:
    """Draw the classes of a year on each other, each with its number.

    No number is wider than what it stands in, a column of ``bar`` millimetres or the room of its
    year: white letters beside a column would be lost, and "15" be read as "5".
    """
    below, parts = 0.0, []
    for fact in own:
        count = float(fact["reports"])
        look = FIRST if fact["class"] in (WHOLE, "referral") else SECOND
        plot.bar(at, count, BAR, below, url=fact[ADDRESS], **look)
        parts.append((count, words.short(count), look))
        below += count
    if any(fact["class"] != WHOLE for fact in own):
        write_parts(plot, at, parts, bar, bar / BAR, size)
        return
    text = parts[0][1] if parts else "–"
    plot.annotate(
        text, (at, below), (0, 2), textcoords="offset points", ha="center",
        size=fitted(text, bar / BAR, size), color=style.INK,
    )  # fmt: skip
