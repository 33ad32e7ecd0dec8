"""Reports of companies by year in a narrow column: complete counts, without intervals."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.cuts import leading
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.page import MARGIN, Frame
from disrupting_harm.report.words import Words

PLOT, AXIS, ABOVE = 30.0, 4.4, 4.0
YEARS = 6
BAR = 0.85  # of a year's room
EDGE = 0.4  # millimetres left and right of a number, in its column or above it
SMALLEST = 5.0  # points: a number that would need smaller ones to fit has no room
LETTERED = 0.16  # of the height: a lower part of a column has no room for its number


def reports_picture(words: Words, facts: Sequence[Fact], framed: Frame) -> Figure:
    """Draw the last years, classes on each other; a dashed line where the counting changed.

    Args:
        words: the language.
        facts: rows of ``cybertips.csv`` of one country with their addresses, in order.
        framed: title, subtitle, source.
    """
    years: dict[str, list[Fact]] = {}
    for fact in facts:
        years.setdefault(fact["year"], []).append(fact)
    shown = dict(list(years.items())[-YEARS:])
    broken = next(
        (at for at, own in enumerate(shown.values()) if at and breaks_series(own[0])), None
    )
    size = framed.cut.small
    room = ABOVE + (leading(size) if broken is not None else 0.0)
    figure, page, top = paper.framed_page(framed, room + PLOT + AXIS)
    width = framed.cut.width - 2 * MARGIN
    plot = paper.place_axes(figure, MARGIN, top + room, width, PLOT)
    totals = [sum(float(fact["reports"] or 0) for fact in own) for own in shown.values()]
    plot.set_ylim(0, max([*totals, 1.0]))
    plot.set_xlim(-0.6, len(shown) - 0.4)
    plot.grid(visible=False)
    plot.set_yticks([])
    plot.set_xticks(range(len(shown)), list(shown))
    plot.tick_params(axis="x", labelsize=size)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    bar = BAR * width / (len(shown) + 0.2)
    for at, own in enumerate(shown.values()):
        counted = [fact for fact in own if fact["reports"]]
        _column(plot, words, at, counted, max([*totals, 1.0]), size, bar)
    if broken is not None:
        plot.axvline(broken - 0.5, color=style.RUST, linestyle=(0, (3, 2)), lw=0.9)
        x = MARGIN + width * (broken - 0.5 + 0.6) / (len(shown) + 0.2) - 1
        paper.put_text(
            page, x, top + leading(size) / 2, words("counted in another way"), ha="right",
            size=size, color=style.RUST,
        )  # fmt: skip
    return figure


def _column(
    plot: Axes,
    words: Words,
    at: int,
    own: Sequence[Fact],
    highest: float,
    size: float,
    bar: float,
) -> None:
    """Draw the classes of a year on each other, each with its number: within, or above the last.

    A number within is no wider than its column of ``bar`` millimetres: white letters beside it
    would be lost, and "15" be read as "5". One above is no wider than the room of its year.
    """
    below = 0.0
    for fact in own:
        count = float(fact["reports"])
        dark = fact["class"] in (WHOLE, "referral")
        plot.bar(
            at, count, BAR, bottom=below, color=style.TEAL if dark else "white",
            edgecolor=style.TEAL, hatch="" if dark else "//////", linewidth=0.6,
            url=fact[ADDRESS],
        )  # fmt: skip
        last, text = fact is own[-1], words.short(count)
        room = bar / BAR if last else bar
        fitting = min(size, size * (room - 2 * EDGE) / text_width(text, size))
        if last or (count > LETTERED * highest and fitting >= SMALLEST):
            y = below + (count if last else count / 2)
            plot.annotate(
                text, (at, y), (0, 2) if last else (0, -2), ha="center",
                textcoords="offset points", size=fitting, color=style.INK if last else "white",
            )  # fmt: skip
        below += count
    if not own:
        plot.annotate("–", (at, 0), (0, 2), textcoords="offset points", ha="center")
