"""One pass over a figure makes the files that matplotlib makes in three."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image
from pypdf import PdfReader

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.phone_svg import render_phone_svg
from disrupting_harm.report.figures.drawing.print_formats import print_figure
from disrupting_harm.report.figures.drawing.svg_compaction import UNITS, compact_svg, join_svg_lines
from disrupting_harm.report.figures.drawing.text_shaping import LETTERS
from disrupting_harm.report.figures.drawing.widths import AUTHORS, RUN, Press
from disrupting_harm.report.figures.interval_chart import draw_interval_chart
from disrupting_harm.report.figures.row_chart import Section, make_row
from disrupting_harm.report.language.translator import build_english

ALL = Press(("svg", "png", "pdf"), 200)
TITLE = "Harm online: Kenya – កេនយ៉ា"
SHOWN = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.?\d*")
VISIBLE = 40  # of 255, over a square of five pixels each way
EXACT = 0.0001  # points
# Points: for a PDF matplotlib rounds the width of each letter to the nearest 64th of a point. A
# text that ends at a place begins too early or too late by as much as its letters are off together.
OFF_BY_A_LETTER = 1 / 2 / 64
ROWS = (
    make_row("Children 12–17", "20.1", "(15.3–26.0)", 20.1, 15.3, 26.0, "highlight"),
    make_row("កុមារប្រើប្រាស់អ៊ីនធឺណិត", "7.3", "(4.0–11.9)", 7.3, 4.0, 11.9),
    make_row("เด็กที่ใช้อินเทอร์เน็ต", "not shown: privacy", missing="privacy"),
    make_row("AVATAR fifty", "31", "(22–41)", 31.0, 22.0, 41.0, "pooled"),
)


@pytest.fixture
def figure() -> Iterator[Figure]:
    with style.house_style():
        frame = Frame("Girls", "Per cent", "A source.", "Simulated data.", ("A note below.",))
        yield draw_interval_chart([Section("Girls and boys", ROWS)], frame, build_english())


def by_matplotlib(figure: Figure, kind: str) -> bytes:
    """The file as matplotlib alone writes it."""
    buffer = io.BytesIO()
    plain = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {}}
    metadata = plain[kind] | {"Title": TITLE}
    figure.savefig(buffer, format=kind, metadata=metadata, dpi=72 if kind != "png" else 200)
    return buffer.getvalue()


def softened(picture: bytes) -> np.ndarray:
    """Means over squares of five pixels, where letters drawn a part of a pixel apart are equal."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=float)
    height, width = (size // 5 * 5 for size in pixels.shape[:2])
    squares = pixels[:height, :width].reshape(height // 5, 5, width // 5, 5, 3)
    return squares.mean(axis=(1, 3))


@pytest.mark.parametrize(
    "beyond",
    [
        lambda plot: plot.barh([1], [150], url="a"),
        lambda plot: plot.scatter([50], [30]),
        lambda plot: plot.hlines([1], [-3], [20]),
        lambda plot: plot.fill_between([0, 101], [1, 1], [2, 2]),
        lambda plot: plot.plot([20, 130], [1, 2], clip_on=False),
        lambda plot: plot.add_patch(Rectangle((0, 1), 120, 2, fill=False)),
    ],
)
def test_a_mark_beyond_its_axis_is_refused(beyond) -> None:
    """A bar that is cut at the end of an axis looks like one that ends there."""
    figure = Figure()
    plot = figure.add_axes((0, 0, 1, 1))
    plot.barh([1, 2], [30, 100], url="a")
    plot.set(xlim=(0, 100), ylim=(0, 10))
    assert "svg" in print_figure(figure, "", RUN)
    beyond(plot)
    plot.set(xlim=(0, 100), ylim=(0, 10))
    with pytest.raises(StudyError, match="Draw them on an axis that holds them"):
        print_figure(figure, "", RUN)


def test_an_axis_of_per_cents_ends_at_the_whole_and_one_of_counts_does_not() -> None:
    assert style.percent_axis(100) == style.count_axis(100) == (100, 20)
    with pytest.raises(StudyError, match="count_axis"):
        style.percent_axis(101)
    for count in (0, 1, 7, 99, 101, 150, 300, 999, 1001, 4500, 123_456):
        end, step = style.count_axis(count)
        assert count <= end <= max(5, 2 * count)
        assert end % step == 0
        assert 3 <= end / step <= 6
        assert step % 1 == 0


def test_the_svg_is_byte_for_byte_what_matplotlib_writes_in_fewer_letters(figure):
    theirs = by_matplotlib(figure, "svg").decode("utf-8")
    ours = print_figure(figure, TITLE, ALL)["svg"].decode("utf-8")
    assert ours == join_svg_lines(compact_svg(theirs))
    assert len(ours) < 0.6 * len(theirs)


def test_fewer_letters_draw_the_same_and_say_the_same(figure):
    theirs = by_matplotlib(figure, "svg").decode("utf-8")
    ours = compact_svg(theirs)
    group = r'<g id="(?!text_|line2d_|patch_|LineCollection_)[\w.]+"'
    for kept in (r"<!-- .*? -->", r"<title>.*?</title>", group, r"<path (?!id)"):
        assert re.findall(kept, ours) == re.findall(kept, theirs)
    assert not re.search(
        r'<g id="(text|line2d|patch|LineCollection)_|<metadata>|<defs>\s*</defs>', ours
    )
    ElementTree.fromstring(ours)  # what is opened is closed
    sizes = [np.array(re.findall(r"scale\((\S+) -", one), dtype=float) for one in (ours, theirs)]
    np.testing.assert_allclose(UNITS / 100 * sizes[0], sizes[1], rtol=1e-12)
    spaces = set(re.findall(r'<path id="([\w-]+)" transform', theirs))
    letters = re.findall(r'<use xlink:href="#([\w-]+)"', theirs)
    assert spaces & {*letters}
    drawn_letters = [each for each in letters if each not in spaces]
    assert len(re.findall("<use ", ours)) == len(drawn_letters)
    ids = re.findall(r'<path id="(\w+)"', ours)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#(\w+)"', ours)) <= set(re.findall(r'id="(\w+)"', ours))
    # Every line in its place, to half a thousandth of a point. Letters: test_figures_outlines.
    theirs = re.sub(r' d="[^"]*" transform="scale\(0\.015625\)"', "", theirs)
    ours_at, theirs_at = (np.array(places(one)) for one in (ours, theirs))
    np.testing.assert_allclose(ours_at, theirs_at, atol=0.000501)


def places(drawing: str) -> list[tuple[float, float]]:
    """Where the lines of a drawing begin, turn and end; outlines of letters begin in small."""
    found = []
    for path in re.findall(r' d="(M[^"]*)"', drawing):
        x, y = 0.0, 0.0
        for letter, numbers in re.findall(r"([MLHVCQz])([^MLHVCQz]*)", path):
            told = [float(number) for number in numbers.split()]
            if letter == "H":
                x = told[0]
            elif letter == "V":
                y = told[0]
            elif told:
                x, y = told[-2:]
            found += [(x, y)] if letter in "MLHV" else []
    return found


def test_a_letter_keeps_its_place_in_its_line():
    letter = '<use xlink:href="#NotoSans-Regular-1c" transform="translate(57.203125 -0.01)"/>'
    assert compact_svg(letter) == '<use xlink:href="#a" x="286"/>'
    raised = '<use xlink:href="#KantumruyPro-Regular-a" transform="translate(0 12.34)"/>'
    assert compact_svg(raised) == '<use xlink:href="#a" y="62"/>'
    # A font without a style in its name.
    other = '<use xlink:href="#DejaVuSans-cef" transform="translate(1.25 0)"/>'
    assert compact_svg(other) == '<use xlink:href="#a" x="6"/>'
    words = "<!-- x 0.123456 -->"
    assert compact_svg(words) == words


def test_letters_have_short_names_and_semibold_ones_capitals():
    def named(*letters: str) -> list[str]:
        drawing = "".join(f'<use xlink:href="#NotoSans-{letter}"/>\n' for letter in letters)
        return re.findall('href="#(.*?)"', compact_svg(drawing))

    assert named("Regular-1", "SemiBold-1", "Regular-2", "Regular-2") == ["b", "A", "a", "a"]
    names = named(*(f"{kind}-{at:x}" for at in range(3000) for kind in ("Regular", "SemiBold")))
    assert len(names) == len(set(names)) == 6000
    assert all(name[0].isupper() == (at % 2 == 1) for at, name in enumerate(names))
    assert {len(name) for name in names} == {1, 2, 3}
    # Names of markers have digits.
    assert not any(map(str.isdigit, "".join(names)))


def test_the_png_looks_as_matplotlib_draws_it(figure):
    ours, theirs = print_figure(figure, TITLE, ALL)["png"], by_matplotlib(figure, "png")
    assert softened(ours).shape == softened(theirs).shape
    assert np.abs(softened(ours) - softened(theirs)).max() < VISIBLE
    assert softened(ours).min() < 100  # there is something to see
    with Image.open(io.BytesIO(ours)) as picture:
        assert (picture.mode, picture.has_transparency_data) == ("P", False)
        assert picture.info["Title"] == TITLE
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.01)


def test_the_same_letter_has_the_same_pixels_wherever_it_stands():
    """And stands at most half a pixel from where it would stand between two."""
    text, x, y, size = "ននannann,ដដ", 3.3, 7.4, 22.8
    shape = LETTERS.shape(text)
    line = shape.outline_on_pixels(x, y, size)
    exact = shape.outline[0] * size / LETTERS.FONT_SCALE + (x, y)
    assert np.abs(line.vertices - exact).max() <= 0.5 + 1e-9
    first: dict[str, np.ndarray] = {}
    for at, name in enumerate(shape.outline_names):
        own = line.vertices[shape.letter_indices == at]
        apart = own - first.setdefault(name, own)
        assert np.abs(apart - np.round(apart[0])).max() < 1e-6, name
    assert len(first) < len(shape.outline_names)
    np.testing.assert_array_equal(line.codes, shape.outline[1])


def test_the_png_of_a_turned_text_looks_as_matplotlib_draws_it(figure):
    figure.axes[0].text(0, 0, "turned", rotation=60, color=style.INK)
    ours, theirs = print_figure(figure, TITLE, RUN)["png"], by_matplotlib(figure, "png")
    assert np.abs(softened(ours) - softened(theirs)).max() < VISIBLE


def test_texts_for_phones_keep_their_width_in_other_letters(figure):
    figure.axes[0].text(0, 0, "turned", rotation=60)
    drawing = render_phone_svg(figure, TITLE)
    ElementTree.fromstring(drawing)
    written = re.findall("<text ([^>]*)>([^<]*)</text>", drawing)
    live = {text: look for look, text in written}
    for text, look in live.items():
        told = dict(re.findall('([a-zA-Z-]+)="([^"]*)"', look))
        wide = LETTERS.measure_text(text, "font-weight" in told)[0] * float(told["font-size"])
        assert float(told["textLength"]) == pytest.approx(wide, abs=0.01)
    assert {"Children 12–17", "Girls"} <= {*live}
    assert 'transform="rotate(-60 ' in next(look for look, text in written if text == "turned")
    # What a telephone may have no letters for is drawn.
    for drawn in (ROWS[1].label, ROWS[2].label):
        assert f"<!-- {drawn} -->" in drawing
        assert drawn not in live
    assert len(drawing) < 0.7 * len(print_figure(figure, TITLE, RUN)["svg"])


def test_the_pdf_draws_and_writes_what_matplotlib_does_at_the_same_places(figure):
    ours = PdfReader(io.BytesIO(print_figure(figure, TITLE, ALL)["pdf"]))
    theirs = PdfReader(io.BytesIO(by_matplotlib(figure, "pdf")))
    assert ours.metadata.title == TITLE
    assert ours.pages[0].mediabox == theirs.pages[0].mediabox
    pairs = list(zip(drawn(ours), drawn(theirs), strict=True))
    assert sum(letters > 0 for (_, letters, _), _ in pairs) > 15
    for (kind, letters, numbers), (expected, _, places) in pairs:
        assert kind == expected
        allowed = EXACT + letters * OFF_BY_A_LETTER
        np.testing.assert_allclose(numbers, places, rtol=0, atol=allowed, err_msg=kind)


def test_texts_of_the_pdf_can_be_searched(figure):
    text = PdfReader(io.BytesIO(print_figure(figure, TITLE, ALL)["pdf"])).pages[0].extract_text()
    assert "Children 12–17" in text
    assert "(15.3–26.0)" in text


def drawn(file: PdfReader) -> list[tuple[str, int, list[float]]]:
    """What the first page is told to draw, step by step: texts, and what stands between them.

    Returns:
        What is done apart from the numbers in it, how many letters are written, and the numbers.
        Kerning is left out: it is in thousandths of a letter, and near zero it may be written or
        not.
    """
    content = file.pages[0].get_contents().get_data().decode("latin-1")
    steps = []
    # A text with the place that it begins at.
    for step in re.split(r"([-\d. ]+ cm\s+BT\b.*?\bET\b)", content, flags=re.DOTALL):
        letters = sum(len(re.sub(r"\\.", "x", shown)) for shown in SHOWN.findall(step))
        bare = re.sub(r"\)\s[-\d.\s]*\(", "", step)
        bare = re.sub(r"\[[-\d.\s]*\(", "[(", bare)
        pieces = bare.split()
        numbers = [piece for piece in pieces if NUMBER.fullmatch(piece)]
        kind = " ".join(piece for piece in pieces if not NUMBER.fullmatch(piece))
        steps.append((kind, letters, [float(number) for number in numbers]))
    return steps


def test_a_figure_printed_twice_has_the_same_bytes_and_no_date(figure):
    assert print_figure(figure, TITLE, ALL) == print_figure(figure, TITLE, ALL)
    assert not re.search(rb"CreationDate|ModDate", print_figure(figure, TITLE, ALL)["pdf"])


def test_without_the_pdf_the_other_files_are_the_same(figure):
    every, some = print_figure(figure, TITLE, ALL), print_figure(figure, TITLE, RUN)
    assert set(every) - set(some) == {"pdf"}
    assert all(every[kind] == some[kind] for kind in some)


def test_the_resolution_changes_the_pixels_alone(figure):
    fine, coarse = (
        print_figure(figure, TITLE, ALL),
        print_figure(figure, TITLE, replace(ALL, dpi=100)),
    )
    assert fine["svg"] == coarse["svg"]
    assert fine["pdf"] == coarse["pdf"]
    sizes = [Image.open(io.BytesIO(made["png"])).size for made in (fine, coarse)]
    assert sizes[0] == pytest.approx(2 * np.array(sizes[1]), abs=2)


def test_what_authors_get_has_texts_that_can_be_edited(figure):
    """In fonts that an editor knows, whole words to an element, in the place of the run's lines."""
    files = print_figure(figure, TITLE, AUTHORS)
    svg = files["svg"].decode("utf-8")
    assert re.findall(r"<text[^>]*>(Children 12–17)</text>", svg)
    assert "'Noto Sans', 'Kantumruy Pro'" in svg
    assert "Report Latin" not in svg
    assert "font-weight:600" in svg
    assert b"/FontFile2" in files["pdf"]
    assert b"/Type3" not in files["pdf"]
    text = PdfReader(io.BytesIO(files["pdf"])).pages[0].extract_text()
    assert "Children 12–17" in text
    with Image.open(io.BytesIO(files["png"])) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert print_figure(figure, TITLE, AUTHORS) == files
