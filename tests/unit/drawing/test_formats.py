"""The files of a figure, read by other programs: pixels by Pillow, texts of PDF by pypdf."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from drawing_reader import read_drawn_marks, read_page
from PIL import Image, ImageColor
from pypdf import PdfReader

from disrupting_harm.report.drawing.formats import AUTHORS, RUN, Press, write_figure
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import Axis
from disrupting_harm.report.drawing.widths import COLUMN, WIDE

TITLE = "Harm online: Kenya – កេនយ៉ា"
LOOKS = ("plain", "highlight", "apart", "second")
ROWS = tuple(
    Row(f"Children {look}", "20%", "(10–30)", (Mark(20, 10, 30, look, address=f"a/{look}"),))
    for look in LOOKS
)
BOUND = Row("Boys", "under 10%", marks=(Mark(None, 0, 10, sign="bound", address="a/b"),))
CHART = RowChart((Panel(Axis(0, 40, (0, 40), ("0%", "40%")), (Section("", (*ROWS, BOUND)),)),))
FRAME = Frame("Children", "Per cent", "A source.", "Simulated data.")


def write(folder: Path, press: Press, frame: Frame = FRAME) -> list[str]:
    files = write_figure(CHART, frame, folder, "chart", TITLE, press)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        filter(None, (*files.names, files.phone))
    )
    return list(files.names)


def test_each_use_of_a_figure_has_the_files_that_it_needs(tmp_path):
    assert write(tmp_path / "run", RUN) == ["chart.svg"]
    assert write(tmp_path / "pixels", Press(("png",))) == ["chart.svg", "chart.png"]
    assert write(tmp_path / "authors", AUTHORS) == ["chart.svg", "chart.png", "chart.pdf"]
    assert (tmp_path / "run" / "chart-phone.svg").is_file()
    assert not (tmp_path / "authors" / "chart-phone.svg").exists()


def test_the_drawing_for_telephones_is_as_narrow_as_one_with_the_same_marks(tmp_path):
    write(tmp_path, RUN, replace(FRAME, cut=WIDE))
    wide, narrow = tmp_path / "chart.svg", tmp_path / "chart-phone.svg"
    assert read_page(narrow)[0] == pytest.approx(270)  # 360 pixels of a page
    assert read_page(wide)[0] == pytest.approx(170 / 25.4 * 72, abs=0.001)
    addresses = [find_mark_addresses(path.read_text(encoding="utf-8")) for path in (wide, narrow)]
    assert addresses == [{f"a/{look}" for look in LOOKS} | {"a/b"}] * 2


def test_pixels_of_marks_have_the_colours_that_the_drawing_says(tmp_path):
    write(tmp_path, Press(("png",)), replace(FRAME, cut=COLUMN))
    with Image.open(tmp_path / "chart.png") as png:
        picture, information = png.convert("RGB"), png.info
    scale = 300 / 72
    width, height = read_page(tmp_path / "chart.svg")
    assert picture.size == pytest.approx((width * scale, height * scale), abs=1)
    assert information["Title"] == TITLE
    assert information["dpi"] == pytest.approx((300, 300), abs=0.01)
    painted = [
        mark
        for mark in read_drawn_marks(tmp_path / "chart.svg")
        if mark.address and not mark.fill.startswith("url")
    ]
    assert len(painted) == 2 * len(LOOKS)
    for mark in painted:
        # Of a dot its middle, of an interval its end, beside the dot.
        line = mark.fill == "none"
        x, colour = (mark.left + 2, mark.stroke) if line else (mark.x, mark.fill)
        pixel = picture.getpixel((x * scale, mark.y * scale))
        assert pixel == pytest.approx(ImageColor.getrgb(colour), abs=6), mark
    # A hatch has both its colour and the paper below it.
    hatch = next(m for m in read_drawn_marks(tmp_path / "chart.svg") if m.fill.startswith("url"))
    box = (hatch.left + 1, hatch.top + 1, hatch.right - 1, hatch.foot - 1)
    colours = picture.crop([edge * scale for edge in box]).getcolors(1 << 16)
    assert {(255, 255, 255)} < {colour for _, colour in colours}


def test_texts_for_authors_can_be_read_in_every_file(tmp_path):
    write(tmp_path, AUTHORS)
    svg = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert ">Children plain</text>" in svg
    assert find_mark_addresses(svg) == {f"a/{look}" for look in LOOKS} | {"a/b"}
    pdf = PdfReader(tmp_path / "chart.pdf")
    text = pdf.pages[0].extract_text()
    assert "Children plain" in text
    assert "under 10%" in text
    assert pdf.metadata.title == TITLE
    width, height = read_page(svg)
    assert [float(pdf.pages[0].mediabox[side]) for side in (2, 3)] == pytest.approx(
        [width, height], abs=0.01
    )
    assert b"/URI" not in (tmp_path / "chart.pdf").read_bytes()


def test_files_written_twice_have_the_same_bytes_and_no_date(tmp_path):
    for name in ("one", "other"):
        write(tmp_path / name, AUTHORS)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name
    information = PdfReader(io.BytesIO((tmp_path / "one/chart.pdf").read_bytes())).metadata
    assert not {"/CreationDate", "/ModDate"} & {*information}
