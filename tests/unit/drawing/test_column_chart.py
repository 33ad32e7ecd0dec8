"""Columns as they are drawn, read from their SVG: heights, numbers, gaps and breaks."""

import re
from itertools import combinations

import pytest
from drawing_reader import MM_PER_POINT, NUMBER, Box, Line, read_boxes, read_lines

from disrupting_harm.report.drawing.canvas import Canvas, PlacedText
from disrupting_harm.report.drawing.column_chart import (
    Column,
    ColumnChart,
    ColumnPart,
)
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import CUTS, SMALL, TEXT, WEB, Cut


def find_boxes(canvas: Canvas) -> dict[str, Box]:
    return read_boxes(canvas.render_svg(""))


def find_lines(canvas: Canvas, address: str = "") -> list[Line]:
    return read_lines(canvas.render_svg(""), address)


def find_text(canvas: Canvas, words: str) -> PlacedText:
    (text,) = (text for text in canvas.texts if text.text == words)
    return text


def measure_text_box(text: PlacedText) -> tuple[float, float, float, float]:
    """Return the box of the letters of a text: left, top, right, foot."""
    height = 0.7 * text.size * MM_PER_POINT
    if text.turn:
        return text.x - height, text.y - text.width, text.x, text.y
    return text.x, text.y - height, text.x + text.width, text.y


def assert_texts_apart(canvas: Canvas) -> None:
    for text, other in combinations(canvas.texts, 2):
        a, b = measure_text_box(text), measure_text_box(other)
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0 or down <= 0, (text.text, other.text)
    for text in canvas.texts:
        left, top, right, foot = measure_text_box(text)
        assert left >= 0
        assert top >= 0
        assert right <= canvas.width
        assert foot <= canvas.height


def whole(year: int, count: float, look: str = "bar", printed: str = "") -> Column:
    part = ColumnPart(printed or f"{count:,}", count, look, address=f"a/{year}")
    return Column(str(year), (part,))


def split(year: int, lower: float, upper: float, break_words: str = "") -> Column:
    parts = (
        ColumnPart(f"{lower:,}", lower, "bar", address=f"a/{year}/lower"),
        ColumnPart(f"{upper:,}", upper, "hatched bar", address=f"a/{year}/upper"),
    )
    return Column(str(year), parts, split=True, break_words=break_words)


def without(year: int, words: str, withheld: bool = False) -> Column:
    sign = "privacy" if withheld else "unrecorded"
    return Column(str(year), (ColumnPart(words, sign=sign, address=f"a/{year}"),))


def draw(*columns: Column, cut: Cut = TEXT, height: float = 42.0) -> Canvas:
    chart = ColumnChart(columns, height)
    return chart.draw(Frame("Title", "Subtitle", "Source.", cut=cut))


def test_columns_are_as_high_as_their_counts_and_parts_stand_on_each_other() -> None:
    boxes = find_boxes(draw(whole(2022, 1000), split(2023, 300, 500), whole(2024, 1)))
    foot = boxes["a/2022"].foot
    assert foot - boxes["a/2022"].top == pytest.approx(42, abs=0.002)
    assert foot - boxes["a/2024"].top == pytest.approx(0.042, abs=0.002)
    lower, upper = boxes["a/2023/lower"], boxes["a/2023/upper"]
    assert lower.foot == foot
    assert upper.foot == lower.top
    assert foot - lower.top == pytest.approx(12.6, abs=0.002)
    assert foot - upper.top == pytest.approx(33.6, abs=0.002)
    assert {lower.fill, boxes["a/2022"].fill} == {"#0B4F6C"}
    assert upper.fill.startswith("url(")


def test_a_counted_nought_is_a_line_at_the_foot_with_its_number() -> None:
    canvas = draw(whole(2022, 1000), whole(2023, 0))
    (line,) = find_lines(canvas, "a/2023")
    assert line.direction == "H"
    assert line.length == pytest.approx(
        find_boxes(canvas)["a/2022"].right - find_boxes(canvas)["a/2022"].left, abs=0.001
    )
    assert find_text(canvas, "0").y < find_boxes(canvas)["a/2022"].foot


def test_numbers_of_parts_stand_within_them_and_those_without_room_above_with_a_piece() -> None:
    canvas = draw(whole(2021, 100_000), split(2022, 60_000, 30_000), split(2023, 50_000, 3_000))
    boxes = find_boxes(canvas)
    for words, address in (
        ("60,000", "2022/lower"),
        ("30,000", "2022/upper"),
        ("50,000", "2023/lower"),
    ):
        box, (left, top, right, foot) = (
            boxes[f"a/{address}"],
            measure_text_box(find_text(canvas, words)),
        )
        assert box.left < left < right < box.right
        assert box.top < top < foot < box.foot
    above = measure_text_box(find_text(canvas, "3,000"))
    assert above[3] < boxes["a/2023/upper"].top
    key = boxes[""]
    assert key.key
    assert key.right < above[0]
    # It looks like the part that it is about; the white number like neither.
    assert key.fill == boxes["a/2023/upper"].fill
    assert find_text(canvas, "50,000").color == "#fff"
    assert find_text(canvas, "30,000").color != "#fff"


def test_a_number_leaves_half_of_the_hatching_to_be_seen() -> None:
    """The number of the upper part has room in a part of four millimetres, and would hide it."""
    for upper, within in ((10_000, False), (40_000, True)):
        years = [whole(2018 + n, 100_000) for n in range(5)]
        canvas = draw(*years, split(2023, 50_000, upper))
        box = find_boxes(canvas)["a/2023/upper"]
        assert (find_text(canvas, f"{upper:,}").y > box.top) is within


def test_who_counted_nothing_has_a_dash_and_what_is_withheld_a_band() -> None:
    canvas = draw(whole(2022, 40), without(2023, "not recorded"), without(2024, "not shown", True))
    (dash,) = find_lines(canvas, "a/2023")
    assert dash.direction == "H"
    band = find_boxes(canvas)["a/2024"]
    assert band.fill == "#EDF1F3"
    left, top, right, foot = measure_text_box(find_text(canvas, "not shown"))
    assert band.left < left < right < band.right
    assert band.top < top < foot < band.foot
    assert "a/2023" not in find_boxes(canvas)


def test_words_without_room_are_turned_and_not_smaller() -> None:
    canvas = draw(
        *(whole(year, 40) for year in range(2015, 2020)),
        without(2020, "não\u00a0registrado"),
        cut=SMALL,
    )
    words = find_text(canvas, "não\u00a0registrado")
    assert words.turn == 90
    assert words.size == SMALL.small
    assert_texts_apart(canvas)


@pytest.mark.parametrize("cut", CUTS, ids=[cut.name for cut in CUTS])
@pytest.mark.parametrize("years", [1, 3, 6, 13])
def test_no_text_lies_over_another_or_is_smaller_than_its_cut(cut: Cut, years: int) -> None:
    columns = [whole(2000 + n, 1_234_567 - n) for n in range(years)]
    columns += [split(2020, 900_000, 340_000, "counted in another way from here")]
    columns += [
        without(2021, "setidaknya tidak dicatat"),
        whole(2022, 700_000, printed="at least 700,000"),
    ]
    canvas = draw(*columns, cut=cut)
    assert_texts_apart(canvas)
    assert min(text.size for text in canvas.texts) == cut.small


def test_years_without_room_beside_each_other_stand_in_rows_on_one_scale() -> None:
    columns = [whole(2000 + n, 1_000_000 - 10_000 * n) for n in range(12)]
    boxes = find_boxes(draw(*columns, cut=WEB))
    assert len({boxes[f"a/{2000 + n}"].foot for n in range(12)}) == 2
    for n in range(12):
        box = boxes[f"a/{2000 + n}"]
        assert box.height == pytest.approx(42 * (1 - n / 100), abs=0.002)
    assert boxes["a/2006"].top > boxes["a/2000"].foot
    # They are as wide as those above them, so that areas tell no more than heights.
    assert len({round(box.width, 2) for box in boxes.values()}) == 1


def test_the_number_and_the_word_for_thousands_stand_below_each_other_where_narrow() -> None:
    columns = [whole(2018 + n, 188_000, printed="188\u00a0nghìn") for n in range(6)]
    canvas = draw(*columns, cut=SMALL)
    assert [text.text for text in canvas.texts].count("188") == 6
    assert len({box.foot for box in find_boxes(canvas).values()}) == 1
    assert_texts_apart(canvas)


def test_no_syllable_of_the_word_for_thousands_is_parted() -> None:
    """Khmer words may end a line at a syllable: not that beside a number."""
    columns = [whole(2018 + n, 188_000, printed="188\u00a0ពាន់") for n in range(6)]
    words = {text.text for text in draw(*columns, cut=SMALL).texts}
    assert words & {"188\u00a0ពាន់", "ពាន់"}
    assert not any("ន់" in text and "ពាន់" not in text for text in words)


@pytest.mark.parametrize("cut", [TEXT, WEB], ids=["text", "web"])
def test_a_dashed_line_stands_between_the_years_that_are_counted_in_two_ways(cut: Cut) -> None:
    words = "counted in another way from here"
    for place in (1, 3):
        columns = [whole(2020 + n, 40 + n) for n in range(4)]
        columns[place] = split(2020 + place, 30, 12, words)
        canvas = draw(*columns, cut=cut)
        boxes = find_boxes(canvas)
        svg = canvas.render_svg("")
        (x,) = re.findall(rf'class="break" d="M({NUMBER}) ', svg)
        before = boxes[f"a/{2020 + place - 1}"].right
        assert before < float(x) * MM_PER_POINT < boxes[f"a/{2020 + place}/lower"].left
        assert "stroke-dasharray" in svg
        told = [text for text in canvas.texts if text.color == "#B5471B"]
        assert " ".join(text.text for text in told) == words
        for text in told:
            stands_before = text.x + text.width < float(x) * MM_PER_POINT
            assert stands_before or text.x > float(x) * MM_PER_POINT
    assert "break" not in draw(*(whole(2020 + n, 40) for n in range(4))).render_svg("")


def test_the_table_of_marks_has_each_part_with_its_ends_and_each_gap_with_its_words() -> None:
    columns = (split(2022, 300, 500), without(2023, "not shown", True))
    records = list(ColumnChart(columns).list_marks())
    assert [(r.row, r.slot, r.value, r.low, r.high, r.look) for r in records] == [
        ("2022", 0, 300, 0, 300, "bar"),
        ("2022", 1, 500, 300, 800, "hatched bar"),
        ("2023", 0, None, None, None, "bar"),
    ]
    assert [(r.sign, r.shown, r.address) for r in records[1:]] == [
        ("", "500", "a/2022/upper"),
        ("privacy", "not shown", "a/2023"),
    ]
