"""Charts of rows as they are drawn: places of marks, labels and values in every cut."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from drawing_reader import DrawnMark, read_drawn_marks

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.row_chart import RowChart, single_panel
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.style import PALE_RUST, PLACE, RUST
from disrupting_harm.report.drawing.widths import CUTS, SMALL, TEXT, WEB, WIDE, Cut
from disrupting_harm.report.language.translator import build_english

ENGLISH = build_english()
MM_PER_POINT = 25.4 / 72
CLOSE = 0.1  # points, in which everything is drawn
LONG = "Was asked on the internet to share pictures, and did not want to, in the past year"
KHMER = "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គម"


def row(name: str, value: float = 20, low: float = 14, high: float = 27, **more) -> Row:
    mark = Mark(value, low, high, address=f"a/{name}")
    return Row(name, f"{value:g}%", f"({low:g}–{high:g})", (mark,), **more)


def hidden(name: str, sign: str, words: str, low=None, high=None) -> Row:
    return Row(name, words, marks=(Mark(None, low, high, sign=sign, address=f"a/{name}"),))


ROWS = (
    row("All", 31, 22, 41, bold=True),
    row(LONG, 7, 4, 12),
    row(KHMER, 0, 0, 3),
    hidden("Boys", "privacy", "not shown: privacy"),
    hidden("Girls", "uncertain", "not shown: too uncertain"),
    hidden("Urban", "bound", "under 10%", 0, 10),
    hidden("Rural", "unasked", "not asked"),
)


def chart(*rows: Row, largest: float = 0.0) -> RowChart:
    return single_panel([Section("", rows)], lambda end: percent_axis(end, ENGLISH), largest)


def draw(drawn: RowChart, cut: Cut = TEXT, title: str = "Title") -> Canvas:
    return drawn.draw(Frame(title, "Subtitle", "Source.", cut=cut))


def find_marks(canvas: Canvas, name: str) -> list[DrawnMark]:
    return [m for m in read_drawn_marks(canvas.render_svg("")) if m.address == f"a/{name}"]


def find_guides(canvas: Canvas) -> list[float]:
    marks = read_drawn_marks(canvas.render_svg(""))
    return sorted({mark.x for mark in marks if mark.kind == "tick"})


def find_text(canvas: Canvas, words: str):
    (text,) = (text for text in canvas.texts if text.text == words)
    return text


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_dots_and_ends_of_intervals_stand_at_their_numbers_in_every_cut(cut: Cut) -> None:
    canvas = draw(chart(*ROWS), cut)
    start, *_, end = find_guides(canvas)
    for drawn in ROWS[:3]:
        (mark,) = drawn.marks
        line, dot = find_marks(canvas, drawn.label)
        for place, number in ((line.left, mark.low), (line.right, mark.high), (dot.x, mark.value)):
            assert place == pytest.approx(start + (end - start) * number / 60, abs=CLOSE)
        assert line.y == pytest.approx(dot.y, abs=CLOSE)
    (bound,) = find_marks(canvas, "Urban")
    assert [bound.left, bound.right] == pytest.approx([start, start + (end - start) / 6], abs=CLOSE)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
@pytest.mark.parametrize("beside", ["", "labelled", "shared"])
def test_no_text_leaves_the_page_or_meets_another_in_any_cut(cut: Cut, beside) -> None:
    axis = percent_axis(60, ENGLISH)
    parts = tuple(replace(drawn, part=True) for drawn in ROWS[3:])
    panels = (
        Panel(axis, (Section("", ROWS[:3]), Section("Groups of children", parts)), "First panel"),
        Panel(axis, (Section("", ROWS[:3]), Section("Others", parts)), f"Second panel, {LONG}"),
    )
    key = (("plain", "Girls"), ("second", "Boys of all ages who were asked at home"))
    canvas = draw(RowChart(panels, beside if cut == WIDE else "", key=key), cut, LONG)
    boxes = []
    for text in canvas.texts:
        top, foot = text.y - 0.55 * text.size * MM_PER_POINT, text.y
        boxes.append((text.text, text.x, top, text.x + text.width, foot))
        assert text.x >= 0, text.text
        assert text.x + text.width <= canvas.width, text.text
        assert 0 <= top < foot <= canvas.height, text.text
        assert text.size >= cut.small, text.text
    for (a, *one), (b, *other) in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        assert across <= 0 or down <= 0, (a, b)


def test_each_mark_is_drawn_once_and_stands_in_the_table_of_marks() -> None:
    both = chart(*ROWS)
    drawn = [mark.address for mark in read_drawn_marks(draw(both).render_svg("")) if mark.address]
    expected = [m.address for r in ROWS for m in r.marks for _ in range(2 - bool(m.sign))]
    assert sorted(drawn) == sorted(expected)
    records = list(both.list_marks())
    assert [record.row for record in records] == [drawn.label for drawn in ROWS]
    assert records[0][3:] == (0, 31, 22, 41, "plain", "", "31% (22–41)", "a/All")
    assert records[5][3:] == (0, None, 0, 10, "plain", "bound", "under 10%", "a/Urban")


def test_values_end_at_the_right_edge_and_stand_at_the_height_of_their_marks() -> None:
    canvas = draw(chart(*ROWS[:3]))
    for drawn in ROWS[:3]:
        value = find_text(canvas, drawn.value)
        assert value.x + value.width == pytest.approx(canvas.width - 0.5, abs=0.01)
        (_, dot) = find_marks(canvas, drawn.label)
        middle = value.y / MM_PER_POINT - 0.36 * value.size
        assert middle == pytest.approx(dot.y, abs=0.5)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("uncertain", "không công bố: quá thiếu chắc chắn"),
        ("privacy", "không công bố: vì quyền riêng tư"),
    ],
)
def test_a_band_is_as_long_as_its_words(sign, words) -> None:
    # What is printed beside it leaves an axis that is shorter than the words.
    nobody = row("Không ai", 20, 10, 33, columns=("a printed column that is as long as this is",))
    canvas = draw(chart(hidden("Một người bạn", sign, words), nobody))
    first, *_, last = find_guides(canvas)
    (band,) = find_marks(canvas, "Một người bạn")
    text = find_text(canvas, words)
    assert text.width / MM_PER_POINT > last - first
    assert band.left < text.x / MM_PER_POINT
    assert (text.x + text.width) / MM_PER_POINT < band.right
    assert band.top < text.y / MM_PER_POINT < band.foot
    assert band.dashed is (sign == "uncertain")
    assert (band.fill == PLACE) is (sign == "privacy")


def test_words_without_room_are_refused_and_never_cut() -> None:
    with pytest.raises(StudyError, match="there is no room for 'not shown: too"):
        draw(
            chart(hidden("Girls", "uncertain", "not shown: too uncertain " * 6), row("Boys")), SMALL
        )


@pytest.mark.parametrize(
    ("low", "high", "end"), [(0.0, 5.0, 40), (0.0, 60.0, 60), (80.0, 100.0, 100)]
)
def test_an_axis_holds_all_that_a_bound_leaves_open(low, high, end) -> None:
    bound = chart(hidden("Girls", "bound", "under 60%", low, high), row("Boys", 20, 10, 33))
    assert bound.panels[0].axis.high == end
    canvas = draw(bound)
    (bar,) = find_marks(canvas, "Girls")
    first, *_, last = find_guides(canvas)
    ends = [end * (x - first) / (last - first) for x in (bar.left, bar.right)]
    assert ends == pytest.approx([low, high], abs=0.05)


def test_a_mark_beyond_its_axis_is_refused() -> None:
    axis = percent_axis(40, ENGLISH)
    beyond = RowChart((Panel(axis, (Section("", (row("Girls", 30, 20, 41),)),)),))
    with pytest.raises(StudyError, match="a mark at 41 on an axis from 0 to 40"):
        draw(beyond)


def test_labels_stand_above_their_marks_where_a_narrow_cut_has_no_room_beside() -> None:
    wide, narrow = draw(chart(row(LONG), row("Boys"))), draw(chart(row(LONG), row("Boys")), WEB)
    for canvas, above in ((wide, False), (narrow, True)):
        (_, dot) = find_marks(canvas, "Boys")
        label = find_text(canvas, "Boys")
        assert (label.y / MM_PER_POINT < dot.top) is above
    # A label is nearer to its mark than to the one above it.
    label = find_text(narrow, "Boys").y / MM_PER_POINT
    (_, upper), (_, lower) = find_marks(narrow, LONG), find_marks(narrow, "Boys")
    assert lower.y - label < label - upper.y


def test_a_part_has_a_dash_before_its_label_and_none_in_the_table() -> None:
    parts = chart(row("All"), row("Girls", part=True))
    assert [text.text for text in draw(parts).texts if "Girls" in text.text] == ["– Girls"]
    assert [record.row for record in parts.list_marks()] == ["All", "Girls"]


def pair(name: str, girls: float, boys: float) -> Row:
    marks = (
        Mark(girls, 0, 30, shown=f"{girls:g}%", address=f"a/{name}/girls"),
        Mark(boys, 0, 30, "second", slot=1, shown=f"{boys:g}%", address=f"a/{name}/boys"),
    )
    return Row(name, marks=marks)


FIRST = ("10%", "21%", "12%", "23%")  # numbers of the first panel


def panels(beside: str) -> RowChart:
    axis = percent_axis(30, ENGLISH)
    rows = Section("", (pair("12–13", 10, 21), pair("14–15", 12, 23)))
    others = Section("", (pair("12–13", 14, 25), Row("14–15", marks=pair("x", 16, 0).marks[:1])))
    return RowChart((Panel(axis, (rows,), "First"), Panel(axis, (others,), "Second")), beside)


@pytest.mark.parametrize(("beside", "cut"), [("shared", WIDE), ("labelled", WIDE), ("shared", WEB)])
def test_marks_of_a_row_stand_below_each_other_beside_their_numbers(beside, cut) -> None:
    canvas = draw(panels(beside), cut)
    upper, lower = find_text(canvas, "10%"), find_text(canvas, "21%")
    first, second = (find_marks_of(canvas, f"a/12–13/{who}")[0] for who in ("girls", "boys"))
    for number, mark in ((upper, first), (lower, second)):
        assert number.y / MM_PER_POINT - 0.36 * number.size == pytest.approx(mark.y, abs=0.5)
        assert number.x / MM_PER_POINT > mark.right
    assert lower.y - upper.y > 0.9 * upper.size * MM_PER_POINT
    assert [record.shown for record in panels(beside).list_marks()][:2] == ["10%", "21%"]


def find_marks_of(canvas: Canvas, address: str) -> list[DrawnMark]:
    return [mark for mark in read_drawn_marks(canvas.render_svg("")) if mark.address == address]


def test_panels_share_their_labels_beside_each_other_and_have_their_own_below() -> None:
    for beside, cut, labels in (("shared", WIDE, 1), ("labelled", WIDE, 2), ("shared", WEB, 2)):
        canvas = draw(panels(beside), cut)
        assert [text.text for text in canvas.texts].count("12–13") == labels
        first, second = find_text(canvas, "First"), find_text(canvas, "Second")
        assert (first.y == second.y) is (cut == WIDE)
        # Rows of both panels stand at the same heights, also where one has a mark fewer.
        if beside == "shared" and cut == WIDE:
            ends = {mark.foot for mark in read_drawn_marks(canvas.render_svg("")) if mark.kind}
            assert len(ends) == 1
            numbers = sorted(text.y for text in canvas.texts if text.text in FIRST)
            steps = [below - above for above, below in pairwise(numbers)]
            assert min(steps) > 1.4 * 7.4 * MM_PER_POINT


def test_a_mean_is_drawn_behind_the_rows_of_its_section_alone() -> None:
    mean = Mark(20, 15, 25, address="a/mean")
    asia, africa = Section("Asia", (row("A"), row("B")), (mean,)), Section("Africa", (row("C"),))
    canvas = draw(single_panel((asia, africa), lambda end: percent_axis(end, ENGLISH)))
    drawn = find_marks_of(canvas, "a/mean")
    band = next(mark for mark in drawn if mark.fill == PALE_RUST)
    line = next(mark for mark in drawn if mark.stroke == RUST)
    rows = {name: find_marks(canvas, name)[0].y for name in "ABC"}
    assert band.top < rows["A"] < rows["B"] < band.foot < rows["C"]
    first, *_, last = find_guides(canvas)
    assert line.x == pytest.approx(first + (last - first) * 20 / 30, abs=CLOSE)


def test_printed_columns_stand_between_plot_and_value_under_their_headings() -> None:
    rows = tuple(replace(row(name), columns=(f"{n},000",)) for n, name in ((5, "A"), (17, "B")))
    whole = replace(chart(*rows), headings=("Children", "Share"))
    canvas = draw(whole)
    heading, number = find_text(canvas, "Children"), find_text(canvas, "17,000")
    assert heading.x + heading.width == pytest.approx(number.x + number.width, abs=0.01)
    assert number.x > max(find_guides(canvas)) * MM_PER_POINT
    assert number.x + number.width < find_text(canvas, "Share").x
    # A telephone has no room for columns: their words stand between label and marks.
    page = draw(whole, WEB)
    words = find_text(page, "Children: 17,000")
    assert find_text(page, "B").y < words.y < find_marks(page, "B")[0].y
