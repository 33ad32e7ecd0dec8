"""Marks and keys as they are drawn, read from their SVG."""

import re

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.marks import draw_key, measure_key
from disrupting_harm.report.drawing.widths import SMALL, TEXT

KEY = (("plain", "Girls"), ("second", "Boys between twelve and fourteen years old, as asked"))


def test_words_of_a_key_stand_beside_their_looks_and_within_every_cut() -> None:
    for cut, lines in ((TEXT, 1), (SMALL, 3)):
        canvas = Canvas(cut.width, 100)
        draw_key(canvas, KEY, cut, 10.0)
        assert " ".join(text.text for text in canvas.texts) == "Girls " + KEY[1][1]
        assert len({text.y for text in canvas.texts}) == lines
        assert all(text.x + text.width <= cut.width for text in canvas.texts)
        assert max(text.y for text in canvas.texts) < 10 + measure_key(KEY, cut)
        svg = canvas.render_svg("")
        assert svg.count("<circle") == 1
        assert len(re.findall('stroke-width="3"', svg)) == len(KEY)


def test_a_chart_without_a_key_keeps_no_room_for_one() -> None:
    assert measure_key((), TEXT) == 0
