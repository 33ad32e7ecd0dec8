"""The analysis as a diagram: its stages in bands, by what they write, made from the rules."""

from collections.abc import Mapping, Sequence

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.page import MARGIN
from disrupting_harm.report.drawing.style import GREY, INK, MID, PLACE, TEAL
from disrupting_harm.report.drawing.widths import WIDE, line_height

TITLE = "The analysis, stage by stage"
COLUMNS, GAP, PADDING, ARROW = 4, 2.5, 1.4, 7.0  # millimetres, but for the columns
# What the stages of a band write, in the order of the analysis.
RESTRICTED, TABLES, DOCUMENTS = "restricted", "tables", "documents"
HEADINGS = {
    RESTRICTED: "Answers and evidence become estimates, which stay where the answers are",
    TABLES: "What may be published becomes public tables",
    DOCUMENTS: "Public tables alone become figures, documents and pages",
}


def classify_stage(outputs: Sequence[str]) -> str:
    """Return the band of a stage by the paths that its rule writes."""
    if not any("/public/" in f"/{path}" for path in outputs):
        return RESTRICTED
    return TABLES if any(path.endswith(".csv") for path in outputs) else DOCUMENTS


def draw_stages(outputs_by_stage: Mapping[str, Sequence[str]]) -> str:
    """Return the diagram as SVG.

    Args:
        outputs_by_stage: the patterns that each rule writes, in the order of the workflow.
    """
    bands: dict[str, list[str]] = {band: [] for band in HEADINGS}
    for stage, outputs in outputs_by_stage.items():
        bands[classify_stage(outputs)].append(stage.replace("_", " "))
    bands = {band: stages for band, stages in bands.items() if stages}
    width = (WIDE.width - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
    box_heights = {
        band: max(len(_wrap_name(stage, width)) for stage in stages) * line_height(WIDE.text)
        + 2 * PADDING
        for band, stages in bands.items()
    }
    head = line_height(WIDE.title) + GAP
    heights = {
        band: line_height(WIDE.text) + GAP + -(-len(stages) // COLUMNS) * (box_heights[band] + GAP)
        for band, stages in bands.items()
    }
    height = head + sum(heights.values()) + ARROW * (len(bands) - 1) + MARGIN
    canvas = Canvas(WIDE.width, height)
    canvas.write_text(MARGIN, line_height(WIDE.title) / 2, TITLE, WIDE.title, bold=True)
    top = head
    for position, (band, stages) in enumerate(bands.items()):
        if position:
            _draw_arrow(canvas, top)
            top += ARROW
        canvas.write_text(
            MARGIN, top + line_height(WIDE.text) / 2, HEADINGS[band], WIDE.text, color=TEAL,
            bold=True,
        )  # fmt: skip
        upper = top + line_height(WIDE.text) + GAP
        for index, stage in enumerate(stages):
            left = MARGIN + index % COLUMNS * (width + GAP)
            y = upper + index // COLUMNS * (box_heights[band] + GAP)
            _draw_box(canvas, stage, left, y, width, box_heights[band])
        top += heights[band]
    return canvas.render_svg(TITLE)


def _wrap_name(stage: str, width: float) -> tuple[str, ...]:
    return wrap_text(stage, width - 2 * PADDING, WIDE.text)


def _draw_box(
    canvas: Canvas, stage: str, left: float, top: float, width: float, height: float
) -> None:
    canvas.draw_box(left, top, width, height, fill=PLACE, edge=MID)
    lines, pitch = _wrap_name(stage, width), line_height(WIDE.text)
    for index, line in enumerate(lines):
        y = top + height / 2 + pitch * (index - (len(lines) - 1) / 2)
        x = left + (width - measure_text(line, WIDE.text)) / 2
        canvas.write_text(x, y, line, WIDE.text, color=INK)


def _draw_arrow(canvas: Canvas, top: float) -> None:
    x, foot = WIDE.width / 2, top + ARROW - GAP
    canvas.draw_line([(x, top), (x, foot - 1.5)], GREY, 1.2)
    canvas.draw_area([(x - 1.5, foot - 2.0), (x + 1.5, foot - 2.0), (x, foot)], GREY)
