"""Letters keep the outlines of their fonts, stand where another shaper puts them, and wrap."""

import unicodedata
from typing import override

import numpy as np
import pytest
from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.ft2font import LoadFlags
from PIL import ImageFont

from disrupting_harm.report.drawing.letters import (
    FAMILIES,
    OUTLINES,
    UNITS,
    measure_text,
    shape_text,
)
from disrupting_harm.report.drawing.letters import wrap_text as wrap
from disrupting_harm.report.drawing.widths import MM_PER_POINT
from disrupting_harm.report.language.fonts import find_semibold_files, font_files

KHMER = "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គមក្នុងឆ្នាំមុន"
THAI = "เด็กที่ใช้อินเทอร์เน็ตได้รับคำขอที่ไม่ต้องการให้ส่งภาพหรือวิดีโอของตนเอง"
LATIN = "Children 12–17, 20.1% (15.3–26.0) AVATAR Äñẵ &@"
FAMILY_OF = {LATIN: "Noto Sans", KHMER: "Kantumruy Pro", THAI: "Noto Sans Thai"}
ROUNDED = 0.5 + 1e-6  # in units of an outline
SHAPED_SIZE = 1000
DOWNWARDS = (1, -1)  # outlines count downwards, fonts upwards


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
                off = np.abs(np.array(points) - scale * np.array(exact) * DOWNWARDS)
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


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", [*FAMILY_OF, "ភាគរយ 20% เด็ก Äñẵ שלום"])
def test_fonts_in_memory_measure_as_matplotlib_does_from_their_files(text: str, bold: bool) -> None:
    heavy = find_semibold_files().values() if bold else ()
    files = [str(path) for path in (*heavy, *(font_files()[family] for family in FAMILIES))]
    font = font_manager.get_font(files)
    font.set_size(100, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, _ = font.get_width_height()
    assert measure_text(text, 10.0, bold) == width / 64 / 100 * 10.0 * MM_PER_POINT


def test_letters_that_are_kerned_stand_nearer() -> None:
    assert measure_text("AV", 10) < measure_text("A", 10) + measure_text("V", 10) - 0.1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12))
def test_words_stay_whole_in_order_and_within_the_width(words):
    lines = wrap(" ".join(words), 30.0, 8.5)
    assert " ".join(lines).split() == words
    assert all(measure_text(line, 8.5) <= 30.0 for line in lines)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*"AVTWLYfij.,1", "AVA", "To", "WAVE", "–"]), min_size=1, max_size=40),
    st.floats(4.0, 60.0),
    st.floats(0.0, 3.0),
)
def test_each_line_takes_words_until_the_next_has_no_room(words, width, indent):
    """Widths are Pillow's; nothing is asked of a line that ends within a hundredth of a mm."""
    size, font = (
        8.5,
        ImageFont.truetype(
            str(font_files()["Noto Sans"]), SHAPED_SIZE, layout_engine=ImageFont.Layout.RAQM
        ),
    )
    lines, room = [""], width - indent
    for word in words:
        line = f"{lines[-1]} {word}".strip()
        length = font.getlength(line) / SHAPED_SIZE * size * MM_PER_POINT
        assume(abs(length - room) > 0.01)
        if length > room and (lines[-1] or room < width):
            lines, room = [*lines, word], width
        else:
            lines[-1] = line
    assert wrap(" ".join(words), width, size, indent=indent) == tuple(lines)


def test_letters_that_are_parted_by_kerning_do_not_leave_the_line():
    apart = measure_text("E", 10) + measure_text("J", 10)
    assert apart < measure_text("EJ", 10) - 0.2
    assert wrap("E\u200bJ", apart + 0.1, 10) == ("E", "J")


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
