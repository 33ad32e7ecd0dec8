"""A page of marks and texts as SVG: places, addresses, letters, the same bytes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawing_reader import read_drawn_marks, read_drawn_texts, read_page

from disrupting_harm.provenance.addresses import with_address
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.letters import UNITS, measure_text, shape_text
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.translator import ADDRESSED, build_english

MM_PER_POINT = 25.4 / 72
KHMER, THAI = "កុមារប្រើប្រាស់អ៊ីនធឺណិត", "เด็กที่ใช้อินเทอร์เน็ต"


def draw_page() -> Canvas:
    canvas = Canvas(127.0, 63.5)
    canvas.draw_line([(10, 10), (60, 10)], "#123456", 3, address="KEN/a")
    canvas.draw_line([(0, 0), (5, 8), (9, 2)], "#654321", 1, dashes=(2, 0.8), name="tick")
    canvas.draw_box(20, 30, 40, 5, fill="#ABCDEF", address="KEN/b")
    canvas.draw_box(20, 40, 40, 5, edge="#000000", hatch="#87949C", address="KEN/c KEN/d")
    canvas.draw_marker(30, 20, "circle", 6, "white", "#000000", address="KEN/e&f")
    canvas.draw_area([(1, 1), (4, 1), (4, 3)], "#C9DCE4", address="KEN/area")
    canvas.write_text(63.5, 50, "Children 12–17", 8, align="center")
    canvas.write_text(2, 55, KHMER, 8, bold=True)
    canvas.write_text(2, 60, f"{THAI} --", 8, address="KEN/g")
    canvas.write_text(100, 60, "turned", 8, turn=60)
    return canvas


def test_marks_and_the_page_are_as_large_as_told() -> None:
    svg = draw_page().render_svg("Title & more")
    assert read_page(svg) == (360, 180)
    assert "<title>Title &amp; more</title>" in svg
    marks = {mark.address: mark for mark in read_drawn_marks(svg)}
    for address, edges in {
        "KEN/a": (10, 10, 60, 10),
        "KEN/b": (20, 30, 60, 35),
        "KEN/c KEN/d": (20, 40, 60, 45),
        "KEN/area": (1, 1, 4, 3),
    }.items():
        mark = marks[address]
        drawn = [x * MM_PER_POINT for x in (mark.left, mark.top, mark.right, mark.foot)]
        assert drawn == pytest.approx(edges, abs=0.0002)
    circle = marks["KEN/e&f"]
    assert (circle.x * MM_PER_POINT, circle.y * MM_PER_POINT) == pytest.approx((30, 20), abs=2e-4)
    assert circle.right - circle.left == 6


@pytest.mark.parametrize("shape", ["circle", "square", "diamond", "triangle"])
def test_a_marker_stands_round_its_point(shape) -> None:
    canvas = Canvas(20, 20)
    canvas.draw_marker(5, 8, shape, 6, "white", "#000000")
    (mark,) = read_drawn_marks(canvas.render_svg(""))
    assert (mark.x * MM_PER_POINT, mark.y * MM_PER_POINT) == pytest.approx((5, 8), abs=2e-4)
    across = 6 * 2**0.5 if shape == "diamond" else 6
    assert mark.right - mark.left == pytest.approx(across, abs=0.002)


def test_texts_stand_at_their_middle_and_begin_or_end_at_their_place() -> None:
    canvas = Canvas(100, 20)
    for align in ("left", "center", "right"):
        canvas.write_text(50, 10, align, 10, align=align)
    left, centre, right = read_drawn_texts(canvas.render_svg(""))
    widths = [measure_text(text.words, 10) for text in (left, centre, right)]
    starts = [text.x * MM_PER_POINT for text in (left, centre, right)]
    assert starts == pytest.approx([50, 50 - widths[1] / 2, 50 - widths[2]], abs=0.001)
    for text in (left, centre, right):
        # Half a capital, of 714 thousandths of its size, is above the middle.
        assert text.y - 10 / MM_PER_POINT == pytest.approx(0.714 * 10 / 2, abs=0.3)


def test_what_has_a_higher_layer_is_drawn_later() -> None:
    canvas = Canvas(10, 10)
    for layer, address in ((3, "c"), (1, "a"), (2, "b")):
        canvas.draw_box(1, 1, 2, 2, fill="#000000", layer=layer, address=address)
    marks = read_drawn_marks(canvas.render_svg(""))
    assert [mark.address for mark in marks] == ["a", "b", "c"]


def test_addresses_are_those_of_marks_and_of_texts_that_are_marks() -> None:
    addresses = {"KEN/a", "KEN/b", "KEN/c", "KEN/d", "KEN/e&f", "KEN/g", "KEN/area"}
    for lettering in ("outlines", "device", "live"):
        assert find_mark_addresses(draw_page().render_svg("", lettering)) == addresses


def test_addresses_of_numbers_in_a_text_are_not_written() -> None:
    number = build_english().with_markup(ADDRESSED).number(with_address(12, "KEN/n"))
    canvas = Canvas(40, 10)
    canvas.write_text(1, 5, number, 8)
    assert [text.words for text in read_drawn_texts(canvas.render_svg(""))] == ["12"]
    assert strip_addresses(number) == "12" != number


def test_every_letter_is_outlined_once_under_a_short_name() -> None:
    svg = draw_page().render_svg("")
    names = re.findall(r'<path id="(\w+)"', svg)
    assert len(names) == len(set(names))
    assert {*names} == set(re.findall(r'href="#(\w+)"', svg))
    texts = read_drawn_texts(svg)
    assert [text.bold for text in texts] == [False, True, False, False]
    bold = {name for name in names if name[0].isupper()}
    assert len(bold) == len({glyph.name for glyph in shape_text(KHMER, True).glyphs})
    assert "--" not in re.sub("<!--|-->", "", svg), "no XML comment holds two hyphens"
    assert f"scale({8 / UNITS:g})" in svg


def test_many_letters_have_names_of_their_own() -> None:
    canvas = Canvas(100, 100)
    canvas.write_text(0, 0, "".join(map(chr, range(0x100, 0x220))), 8)
    names = re.findall(r'<path id="(\w+)"', canvas.render_svg(""))
    assert len(names) == len(set(names)) > 200
    assert {len(name) for name in names} == {1, 2}


def test_texts_for_phones_keep_their_width_in_letters_of_the_device() -> None:
    root = ElementTree.fromstring(draw_page().render_svg("", "device"))
    texts = {part.text: part for part in root.iter() if part.tag.endswith("}text")}
    assert {*texts} == {"Children 12–17", "turned"}, "other scripts are drawn as outlines"
    for words, part in texts.items():
        width = measure_text(words, 8) / MM_PER_POINT
        assert float(part.get("textLength")) == pytest.approx(width, abs=0.001)
    assert texts["turned"].get("transform").startswith("rotate(-60 ")
    assert f"<!-- {KHMER} -->" in draw_page().render_svg("", "device")


def test_texts_for_authors_can_all_be_edited() -> None:
    svg = draw_page().render_svg("", "live")
    root = ElementTree.fromstring(svg)
    texts = [part for part in root.iter() if part.tag.endswith("}text")]
    assert [part.text for part in texts] == ["Children 12–17", KHMER, f"{THAI} --", "turned"]
    assert texts[0].get("font-family").startswith("Noto Sans, Kantumruy Pro")
    assert texts[1].get("font-weight") == "600"
    assert "<use" not in svg


def test_bytes_are_the_same_under_another_hash_seed_and_locale() -> None:
    program = (
        "import sys; from test_canvas import draw_page;"
        "sys.stdout.buffer.write(draw_page().render_svg('').encode())"
    )
    folders = [str(Path(__file__).parent), *map(str, Path(__file__).parents[1:3])]
    pages = []
    for seed in ("1", "2"):
        other = {
            "PYTHONPATH": os.pathsep.join(folders),
            "PYTHONHASHSEED": seed,
            "LC_ALL": "C",
            "TZ": "Asia/Kathmandu",
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
        }
        command = [sys.executable, "-c", program]
        pages.append(subprocess.run(command, env=other, check=True, capture_output=True).stdout)
    assert pages == [draw_page().render_svg("").encode()] * 2
