"""The signs in place of estimates that are not published hold the words on them."""

import pytest

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.widths import SMALL
from disrupting_harm.report.figures.interval_chart import draw_interval_chart
from disrupting_harm.report.figures.row_chart import Section, make_row
from disrupting_harm.report.language.translator import PLAIN, Translator

WORDS = "không công bố: quá thiếu chắc chắn"
SHOWN = make_row("Không ai", "20%", "(10–33)", 20, 10, 33)


@pytest.mark.parametrize("missing", ["uncertain", "privacy"])
def test_a_band_is_as_long_as_its_words(missing):
    hidden = make_row("Một người bạn", WORDS, missing=missing)
    with style.house_style():
        frame = Frame("Trẻ em đã kể với ai", "", "", cut=SMALL)
        figure = draw_interval_chart(
            [Section("", (hidden, SHOWN))], frame, Translator("vi", {}, PLAIN)
        )
        figure.draw_without_rendering()
        (band,) = figure.axes[-1].patches
        (words,) = (text for axes in figure.axes for text in axes.texts if text.get_text() == WORDS)
        assert band.get_window_extent().x1 > words.get_window_extent().x1
        assert band.get_clip_on() is False


@pytest.mark.parametrize(
    ("limits", "end"), [((0.0, 5.0), 40), ((0.0, 60.0), 60), ((80.0, 100.0), 100)]
)
def test_an_axis_holds_all_that_a_bound_leaves_open(limits, end):
    bound = make_row("Một người bạn", "dưới 60%", missing="bound", limits=limits)
    with style.house_style():
        frame = Frame("Trẻ em đã kể với ai", "", "", cut=SMALL)
        figure = draw_interval_chart(
            [Section("", (bound, SHOWN))], frame, Translator("vi", {}, PLAIN)
        )
        (bar,) = figure.axes[-1].patches
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == limits
        assert figure.axes[-1].get_xlim() == (0, end)
