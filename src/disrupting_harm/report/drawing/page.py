"""The page of a figure: title and subtitle above the chart, notes and source below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.style import GREY, RUST
from disrupting_harm.report.drawing.widths import TEXT, Cut, line_height

MARGIN = 0.5  # millimetres round the page; letters reach a little over their places
GAP = 2.0  # between the texts and the chart


@dataclass(frozen=True)
class Frame:
    """What stands round a chart, as plain text.

    Attributes:
        title: what it shows.
        subtitle: of whom, where, when, in which unit.
        source: where the data come from.
        simulated: the words for simulated data; empty for others.
        notes: what its marks mean, each on a line of its own.
        cut: the width and the letters of the figure.
        from_right: whether lines begin at the right.
    """

    title: str
    subtitle: str
    source: str
    simulated: str = ""
    notes: tuple[str, ...] = ()
    cut: Cut = TEXT
    from_right: bool = False


def lay_out_page(frame: Frame, body_height: float) -> tuple[Canvas, float]:
    """Return a page with its texts, and the upper edge of its body in millimetres.

    Title and subtitle stand above the body, notes and source below it: a figure that is torn out of
    its document still says what it shows, of whom, and from where.

    Args:
        frame: the texts, and the cut that they are written for.
        body_height: of what the caller draws, in millimetres.
    """
    cut = frame.cut
    head_lines = [
        *_wrap_lines(frame.title, cut, cut.title, bold=True),
        *_wrap_lines(frame.subtitle, cut, cut.subtitle, color=GREY),
    ]
    foot_lines = [
        *(line for note in frame.notes for line in _wrap_lines(note, cut, cut.small, color=GREY)),
        *_wrap_source_lines(frame),
    ]
    top = MARGIN + sum(line.height for line in head_lines) + GAP
    end = top + body_height + GAP * bool(foot_lines)
    height = end + sum(line.height for line in foot_lines) + MARGIN
    canvas = Canvas(cut.width, height, frame.from_right, frame.from_right)
    _write_lines_down(canvas, head_lines, MARGIN)
    _write_lines_down(canvas, foot_lines, end)
    return canvas, top


def write_lines(
    canvas: Canvas, x: float, middle: float, lines: Sequence[str], font_size: float, **look: Any
) -> None:
    """Write lines below each other; ``middle`` is the height of the middle of all of them."""
    pitch = line_height(font_size)
    for index, line in enumerate(lines):
        y = middle + pitch * (index - (len(lines) - 1) / 2)
        canvas.write_text(x, y, line, font_size, **look)


@dataclass(frozen=True)
class _Line:
    """One line of text across the page; what follows another on its line has no height."""

    text: str
    font_size: float
    height: float
    left: float = MARGIN
    look: dict[str, Any] = field(default_factory=dict)


def _wrap_lines(text: str, cut: Cut, font_size: float, **look: Any) -> list[_Line]:
    if not text:
        return []
    wrapped = wrap_text(text, cut.width - 2 * MARGIN, font_size, look.get("bold", False))
    return [_Line(line, font_size, line_height(font_size), MARGIN, look) for line in wrapped]


def _wrap_source_lines(frame: Frame) -> list[_Line]:
    """Return the word of simulated data, in its colour, and the source after it."""
    cut, font_size = frame.cut, frame.cut.small
    simulated_lines = _wrap_lines(
        frame.simulated, cut, font_size, color=RUST, bold=True, name="simulated"
    )
    if not simulated_lines or not frame.source:
        return simulated_lines or _wrap_lines(frame.source, cut, font_size, color=GREY)
    indent = measure_text(simulated_lines[-1].text, font_size, bold=True)
    indent += measure_text("\u2002", font_size)
    width, look = cut.width - 2 * MARGIN, {"color": GREY}
    first_line, *further_lines = wrap_text(frame.source, width, font_size, indent=indent)
    beside = [_Line(first_line, font_size, 0.0, MARGIN + indent, look)] if first_line else []
    below = [_Line(line, font_size, line_height(font_size), MARGIN, look) for line in further_lines]
    return [*simulated_lines[:-1], *beside, simulated_lines[-1], *below]


def _write_lines_down(canvas: Canvas, lines: Sequence[_Line], top: float) -> None:
    for line in lines:
        y = top + line_height(line.font_size) / 2
        canvas.write_text(line.left, y, line.text, line.font_size, **line.look)
        top += line.height
