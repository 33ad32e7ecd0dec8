"""Wrapping of labels in scripts with and without spaces, and the axes of percentages."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.report.figures.drawing.style import house_style, percent_axis
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap

KHMER = "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គមក្នុងឆ្នាំមុន"
THAI = "เด็กที่ใช้อินเทอร์เน็ตได้รับคำขอที่ไม่ต้องการให้ส่งภาพหรือวิดีโอของตนเอง"


@pytest.fixture(autouse=True)
def _in_house_style():
    with house_style():
        yield


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12))
def test_words_stay_whole_in_order_and_within_the_width(words):
    text = " ".join(words)
    with house_style():
        lines = wrap(text, 30.0, 8.5)
        assert " ".join(lines).split() == words
        assert all(text_width(line, 8.5) <= 30.0 for line in lines)


@pytest.mark.parametrize("text", [KHMER, THAI])
def test_scripts_without_spaces_wrap_at_syllables(text):
    lines = wrap(text, 40.0, 8.5)
    assert "".join(lines) == text
    assert len(lines) >= 2
    assert all(text_width(line, 8.5) <= 40.0 for line in lines)
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


@pytest.mark.parametrize(
    ("largest", "end"),
    [(0.0, 5), (5.0, 5), (5.1, 10), (22.9, 30), (61.0, 80), (80.1, 100), (100.0, 100)],
)
def test_axes_hold_the_largest_limit_and_end_at_a_tick(largest, end):
    axis, step = percent_axis(largest)
    assert axis == end
    assert axis % step == 0
