"""The sheet of a small figure: title and subtitle above, the source below, all within its edges.

A figure is often torn out of its document: what it is about, and that its data are simulated,
stands in the picture itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.lettering import wrap

WIDTH = 54.0  # a third of the text of an A4 page, less the gutters
TITLE_SIZE, TEXT_SIZE, SOURCE_SIZE = 9.0, 7.0, 6.6  # points
TITLE_LINE, TEXT_LINE = 4.2, 3.4
GAP = 1.6


@dataclass(frozen=True)
class Framed:
    """What stands round the chart of a small figure, as plain text."""

    title: str
    subtitle: str
    source: str
    simulated: str  # the words "Simulated data."; empty for observed data


def new_sheet(framed: Framed, body: float) -> tuple[Figure, Axes, float]:
    """Return a figure with its texts, its page, and the upper edge of its body in millimetres.

    Args:
        framed: the texts.
        body: height of what the caller draws.
    """
    titles = wrap(framed.title, WIDTH, TITLE_SIZE)
    subtitles = wrap(framed.subtitle, WIDTH, TEXT_SIZE) if framed.subtitle else ()
    sources = wrap(framed.source, WIDTH, SOURCE_SIZE) if framed.source else ()
    top = TITLE_LINE * len(titles) + TEXT_LINE * len(subtitles) + GAP
    marks = 1 if framed.simulated else 0
    height = top + body + GAP + TEXT_LINE * (len(sources) + marks)
    figure, page = paper.new_page(height, WIDTH)
    y = _write(page, titles, 0.0, TITLE_LINE, TITLE_SIZE, style.TEAL)
    _write(page, subtitles, y, TEXT_LINE, TEXT_SIZE, style.GREY)
    y = top + body + GAP
    if framed.simulated:
        y = _write(page, [framed.simulated], y, TEXT_LINE, SOURCE_SIZE, style.RUST)
    _write(page, sources, y, TEXT_LINE, SOURCE_SIZE, style.GREY)
    return figure, page, top


def _write(
    page: Axes, lines: Sequence[str], top: float, height: float, size: float, color: str
) -> float:
    """Write lines from ``top`` downwards and return where they end."""
    for line in lines:
        paper.put_text(page, 0, top + height / 2, line, size=size, color=color)
        top += height
    return top
