"""Letters keep the outlines of their fonts, stand where another shaper puts them, and wrap."""

import unicodedata
from typing import override

import numpy as np
import pytest
from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from disrupting_harm.report.drawing.letters import OUTLINES, UNITS, measure_text, shape_text
from disrupting_harm.report.drawing.letters import wrap_text as wrap
from disrupting_harm.report.language.fonts import font_files

KHMER = "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គមក្នុងឆ្នាំមុន"
THAI = "เด็กที่ใช้อินเทอร์เน็ตได้รับคำขอที่ไม่ต้องการให้ส่งภาพหรือวิดีโอของตนเอง"
LATIN = "Children 12–17, 20.1% (15.3–26.0) AVATAR Äñẵ &@"
FAMILY_OF = {LATIN: "Noto Sans", KHMER: "Kantumruy Pro", THAI: "Noto Sans Thai"}
ROUNDED = 0.5 + 1e-6  # in units of an outline
SHAPED_SIZE = 1000


class OutlinePen(BasePen):
    """What a font draws, a step for each line and each bend."""

    def __init__(self, glyphs) -> None:
        super().__init__(glyphs)
        self.steps: list[tuple[str, list[tuple[float, float]]]] = []

    @override
    def _moveTo(self, end):
        self.steps.append(("moveTo", [end]))

    @override
    def _lineTo(self, end):
        self.steps.append(("lineTo", [end]))

    @override
    def _qCurveToOne(self, bend, end):
        self.steps.append(("qCurveTo", [bend, end]))

    @override
    def _closePath(self):
        self.steps.append(("closePath", []))


def leave_out_closing_lines(steps):
    """Leave out lines back to where an outline began, which closing it draws once more."""
    kept, start = [], None
    for step, (kind, points) in enumerate(steps):
        start = points[0] if kind == "moveTo" else start
        closes = kind == "lineTo" and steps[step + 1][0] == "closePath"
        if not (closes and np.abs(np.subtract(points[0], start)).max() < 1):
            kept.append((kind, points))
    return kept


@pytest.mark.parametrize("text", FAMILY_OF, ids=FAMILY_OF.values())
def test_every_letter_has_the_outline_of_its_font(text: str) -> None:
    """Ends to a thousandth of the letter's size; smooth bends, which add up, to three."""
    font = TTFont(font_files()[FAMILY_OF[text]])
    prefix = font["name"].getDebugName(6)
    names = {glyph.name for glyph in shape_text(text).glyphs if glyph.name.startswith(prefix)}
    assert len(names) > 15
    glyphs, scale = font.getGlyphSet(), UNITS / font["head"].unitsPerEm
    for name in names:
        pen = OutlinePen(glyphs)
        glyphs[font.getGlyphName(int(name.rpartition("-")[2], 16))].draw(pen)
        expected = leave_out_closing_lines(pen.steps)
        ours = RecordingPen()
        parse_path(OUTLINES[name], ours)
        drawn = leave_out_closing_lines(ours.value)
        assert [kind for kind, _ in drawn] == [kind for kind, _ in expected], name
        for (_, points), (_, exact) in zip(drawn, expected, strict=True):
            if exact:
                off = np.abs(np.array(points) - scale * np.array(exact))
                assert off[-1].max() <= ROUNDED, name
                assert off.max() <= 1 + ROUNDED, name


@pytest.mark.parametrize("text", FAMILY_OF, ids=FAMILY_OF.values())
def test_a_text_ends_where_another_shaper_ends_it(text: str) -> None:
    font = ImageFont.truetype(
        str(font_files()[FAMILY_OF[text]]), SHAPED_SIZE, layout_engine=ImageFont.Layout.RAQM
    )
    words = max(text.split(), key=len) if text == LATIN else text
    *_, end = shape_text(f"{words}|").glyphs
    advance = font.getlength(f"{words}|") - font.getlength("|")
    assert end.x == pytest.approx(advance * UNITS / SHAPED_SIZE, abs=1)


def test_letters_that_are_kerned_stand_nearer() -> None:
    assert measure_text("AV", 10) < measure_text("A", 10) + measure_text("V", 10) - 0.1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12))
def test_words_stay_whole_in_order_and_within_the_width(words):
    lines = wrap(" ".join(words), 30.0, 8.5)
    assert " ".join(lines).split() == words
    assert all(measure_text(line, 8.5) <= 30.0 for line in lines)


def test_the_first_line_leaves_room_for_what_stands_before_it():
    indented = wrap("one two three four five six", 20.0, 8.5, indent=12.0)
    assert measure_text(indented[0], 8.5) <= 8.0
    assert max(measure_text(line, 8.5) for line in indented) > 12.0
    assert wrap("Mississippi", 20.0, 8.5, indent=19.0) == ("", "Mississippi")


@pytest.mark.parametrize("text", [KHMER, THAI])
def test_scripts_without_spaces_wrap_at_syllables(text):
    lines = wrap(text, 40.0, 8.5)
    assert "".join(lines) == text
    assert len(lines) >= 2
    assert all(measure_text(line, 8.5) <= 40.0 for line in lines)
    for line in lines[1:]:
        assert unicodedata.category(line[0]) == "Lo"  # no mark is parted from its letter
    for line in lines[:-1]:
        assert line[-1] not in "\u17d2\u0e40\u0e41\u0e42\u0e43\u0e44"


def test_a_zero_width_space_is_the_better_place_and_is_never_drawn():
    marked = KHMER.replace("ត្រូវ", "\u200bត្រូវ").replace("អំពី", "\u200bអំពី")
    assert wrap(marked, 50.0, 8.5) == tuple(KHMER.replace("អំពី", "\u200bអំពី").split("\u200b"))


def test_a_piece_that_cannot_be_parted_stays_whole():
    assert wrap("a" * 60 + " b", 20.0, 8.5) == ("a" * 60, "b")


def test_text_that_fits_is_one_line_and_empty_text_an_empty_one():
    assert wrap("Told nobody", 60.0, 8.5) == ("Told nobody",)
    assert wrap("", 60.0, 8.5) == ("",)
