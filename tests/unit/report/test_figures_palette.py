"""A picture in few colours looks as it was drawn."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.palette import AREA, COLOURS, reduce_colours
from disrupting_harm.report.figures.interval_chart import draw_interval_chart
from disrupting_harm.report.figures.row_chart import Section, make_row
from disrupting_harm.report.language.translator import build_english

INVISIBLE = 16  # of 255, in a pixel at the edge of a letter or a mark
ON_AVERAGE = 0.5
LOOKS = ("plain", "caution", "highlight", "highlight caution", "apart", "pooled", "second")


def pixels(figure: Figure) -> tuple[np.ndarray, RendererAgg]:
    canvas = FigureCanvasAgg(figure)
    figure.dpi = 200
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int), canvas.renderer


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """A figure with all looks as it was drawn, and in few colours."""
    rows = [make_row(f"Children {look}", "20", "(15–26)", 20, 15, 26, look) for look in LOOKS]
    rows += [make_row("Girls", "not shown: privacy", missing="privacy")]
    rows += [make_row("Boys", "under 10%", missing="bound", limits=(0.0, 10.0))]
    with style.house_style():
        frame = Frame("Girls", "Per cent", "A source.", "Simulated data.", ("A note below.",))
        every, renderer = pixels(
            draw_interval_chart([Section("All", tuple(rows))], frame, build_english())
        )
        return every, np.asarray(reduce_colours(renderer).convert("RGB")).astype(int)


def test_areas_and_lines_keep_their_colours(drawn):
    every, few = drawn
    colours, times = np.unique(every.reshape(-1, 3), axis=0, return_counts=True)
    areas = colours[times >= AREA * every[..., 0].size]
    assert len(areas) > 6
    for colour in areas:
        assert (few[(every == colour).all(axis=2)] == colour).all()


def test_blends_at_edges_move_by_what_nobody_can_see(drawn):
    every, few = drawn
    assert len(np.unique(every.reshape(-1, 3), axis=0)) > 10 * COLOURS
    assert len(np.unique(few.reshape(-1, 3), axis=0)) == COLOURS
    apart = np.abs(every - few)
    assert apart.max() <= INVISIBLE
    assert apart.mean() < ON_AVERAGE


def test_a_picture_of_one_colour_has_one():
    _, renderer = pixels(Figure(figsize=(1, 1), facecolor="white"))
    assert reduce_colours(renderer).getcolors() == [(200 * 200, 0)]
    assert reduce_colours(renderer).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_the_colours_of_a_half_transparent_area_are_those_drawn():
    figure = Figure(figsize=(1, 1), facecolor="white")
    figure.add_axes((0, 0, 1, 1)).fill([0, 1, 1], [0, 0, 1], color="#0B4F6C", alpha=0.12)
    every, renderer = pixels(figure)
    few = reduce_colours(renderer)
    assert not few.has_transparency_data
    assert np.abs(np.asarray(few.convert("RGB")).astype(int) - every).max() <= INVISIBLE
