"""Charts of estimates over time as they are drawn, read from their SVG."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from drawing_reader import MM_PER_POINT, NUMBER, read_boxes, read_lines

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.rows import Row
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.time_chart import Link, TimeChart, TimePanel
from disrupting_harm.report.drawing.widths import CUTS, TEXT, WEB, Cut
from disrupting_harm.report.language.translator import build_english

TEAL, WHITE, DASHED_RUST = "#0B4F6C", "white", 'stroke="#B5471B"'
VALUES = {2012.0: 10.0, 2014.0: 30.0, 2022.0: 20.0}
CUT_IDS = [cut.name for cut in CUTS]


def shown(year: float, value: float, at: str = "a") -> Row:
    mark = Mark(value, value - 4, value + 6, address=f"{at}/{year:.0f}")
    return Row(f"{year:.0f}", f"{value:.0f}%", "(…)", (mark,))


def hidden(year: float, words: str, **mark: object) -> Row:
    return Row(f"{year:.0f}", words, marks=(Mark(address=f"a/{year:.0f}", **mark),))  # type: ignore[arg-type]


def link(before: float, after: float, look: str = "change", over: bool = False) -> Link:
    name = f"{before:.0f}–{after:.0f}"
    return Link((before, after), Row(name, "+1", marks=(Mark(1.0, look=look, address=name),)), over)


def panel(*rows: Row, heading: str = "Any", **more: object) -> TimePanel:
    times = tuple(float(row.label) for row in rows)
    axis = percent_axis(max(row.reach for row in rows), build_english())
    return TimePanel(heading, axis, times, rows, **more)  # type: ignore[arg-type]


THREE = tuple(shown(*pair) for pair in VALUES.items())


def draw(*panels: TimePanel, cut: Cut = TEXT) -> Canvas:
    return TimeChart(panels).draw(Frame("Title", "Subtitle", "Source.", cut=cut))


def read_guides(svg: str) -> list[float]:
    """Return the heights of the guides, that of nought first."""
    heights = re.findall(rf'<path class="tick" d="M{NUMBER} ({NUMBER})H', svg)
    return sorted((float(height) * MM_PER_POINT for height in heights), reverse=True)


def read_circles(svg: str) -> dict[str, tuple[float, float]]:
    return {
        part.get("data-n", ""): (
            float(part.get("cx", "")) * MM_PER_POINT,
            float(part.get("cy", "")) * MM_PER_POINT,
        )
        for part in ElementTree.fromstring(svg).iter()
        if part.tag.endswith("}circle")
    }


def read_diamond(svg: str, address: str) -> tuple[float, float, str]:
    """Return the middle of a diamond, and how it is filled."""
    ((x, top, foot, fill),) = re.findall(
        rf'd="M({NUMBER}) ({NUMBER})L{NUMBER} {NUMBER}L{NUMBER} ({NUMBER})[^"]*" fill="([^"]*)"'
        rf'[^>]* data-n="{address}"',
        svg,
    )
    return float(x) * MM_PER_POINT, (float(top) + float(foot)) / 2 * MM_PER_POINT, fill


def assert_texts_apart(canvas: Canvas) -> None:
    boxes = [
        (text.x, text.y - 0.7 * text.size * MM_PER_POINT, text.x + text.width, text.y, text.text)
        for text in canvas.texts
    ]
    for a, b in combinations(boxes, 2):
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0 or down <= 0, (a[4], b[4])
    assert all(left >= 0 and right <= canvas.width for left, _, right, _, _ in boxes)
    assert all(top >= 0 and foot <= canvas.height for _, top, _, foot, _ in boxes)


@pytest.mark.parametrize("cut", CUTS, ids=CUT_IDS)
def test_dots_and_intervals_stand_at_their_numbers_and_times(cut: Cut) -> None:
    svg = draw(panel(*THREE), cut=cut).render_svg("")
    guides, dots = read_guides(svg), read_circles(svg)
    assert len(guides) == 5  # 0, 10 to 40

    def height(number: float) -> float:
        return guides[0] + (guides[-1] - guides[0]) * number / 40

    for year, value in VALUES.items():
        assert dots[f"a/{year:.0f}"][1] == pytest.approx(height(value), abs=0.002)
        (line,) = read_lines(svg, f"a/{year:.0f}")
        assert line.direction == "V"
        ends = sorted([line.y, line.y + line.length], reverse=True)
        assert ends == pytest.approx([height(value - 4), height(value + 6)], abs=0.002)
        assert line.x == pytest.approx(dots[f"a/{year:.0f}"][0], abs=0.002)
    first, second, last = (dots[f"a/{year:.0f}"][0] for year in VALUES)
    assert (second - first) / (last - first) == pytest.approx(0.2, abs=1e-3)


def test_a_line_joins_two_estimates_and_its_diamond_is_filled_where_the_change_is_clear() -> None:
    links = (
        link(2012, 2014, "clear change"),
        link(2014, 2022),
        link(2012, 2022, "clear change", over=True),
    )
    canvas = draw(panel(*THREE, links=links))
    svg = canvas.render_svg("")
    dots, guides = read_circles(svg), read_guides(svg)
    for before, after, fill in ((2012, 2014, TEAL), (2014, 2022, WHITE)):
        ends = [dots[f"a/{year}"] for year in (before, after)]
        x, y, look = read_diamond(svg, f"{before}–{after}")
        assert (x, y) == pytest.approx(
            (sum(x for x, _ in ends) / 2, sum(y for _, y in ends) / 2), abs=0.01
        )
        assert look == fill
    # From the first to the last it stands above the scale and the numbers on it.
    x, y, _ = read_diamond(svg, "2012–2022")
    assert x == pytest.approx((dots["a/2012"][0] + dots["a/2022"][0]) / 2, abs=0.01)
    (number,) = (text for text in canvas.texts if text.text == "30%")
    assert y + 1.1 < number.y - 0.7 * number.size * MM_PER_POINT
    assert y < guides[-1] - 5


def test_a_dashed_line_parts_times_that_are_not_compared() -> None:
    svg = draw(panel(*THREE, breaks=((2014, 2022),))).render_svg("")
    dots = read_circles(svg)
    ((x, look),) = re.findall(rf'class="break" d="M({NUMBER}) [^"]*"([^>]*)', svg)
    middle = (dots["a/2014"][0] + dots["a/2022"][0]) / 2
    assert float(x) * MM_PER_POINT == pytest.approx(middle, abs=0.01)
    assert DASHED_RUST in look
    assert "stroke-dasharray" in look
    assert 'class="break"' not in draw(panel(*THREE)).render_svg("")


@pytest.mark.parametrize("cut", [TEXT, WEB], ids=["text", "web"])
def test_what_is_not_shown_has_its_sign_its_words_and_its_address(cut: Cut) -> None:
    rows = (
        shown(2010, 30),
        hidden(2014, "not shown: privacy", sign="privacy"),
        hidden(2018, "not shown: too uncertain", sign="uncertain"),
        hidden(2022, "not asked", sign="unasked"),
        hidden(2026, "under 5%", low=0.0, high=5.0, sign="bound"),
    )
    canvas = draw(panel(*rows), cut=cut)
    svg = canvas.render_svg("")
    boxes, guides = read_boxes(svg), read_guides(svg)
    assert {"a/2014", "a/2018", "a/2026"} <= boxes.keys()
    assert boxes["a/2014"].fill == "#EDF1F3"
    assert boxes["a/2026"].fill.startswith("url(")
    assert boxes["a/2014"].right < boxes["a/2018"].left
    # 40 per cent is the end of the scale.
    assert boxes["a/2026"].foot == pytest.approx(guides[0], abs=0.002)
    assert boxes["a/2026"].height == pytest.approx((guides[0] - guides[-1]) * 5 / 40, abs=0.002)
    (dash,) = read_lines(svg, "a/2022")
    assert dash.direction == "H"
    assert {"a/2010"} == set(read_circles(svg))
    words = " ".join(text.text for text in canvas.texts)
    for row in rows[1:]:
        assert all(word in words for word in row.printed_text.split())
    assert_texts_apart(canvas)


@pytest.mark.parametrize("cut", CUTS, ids=CUT_IDS)
@pytest.mark.parametrize("last", [2016.0, 2013.0, 2012.2])
def test_no_text_lies_over_another_however_close_times_are(cut: Cut, last: float) -> None:
    rows = (shown(2008, 12), *(shown(year, 30) for year in (2010, 2012)))
    close = TimePanel(
        "A longer name of an indicator than has room in one line",
        percent_axis(40, build_english()),
        (2008.0, 2010.0, 2012.0, last),
        (*rows, shown(last, 31)),
        (link(2008, last, over=True),),
    )
    canvas = draw(close, panel(*THREE), close, close, cut=cut)
    assert_texts_apart(canvas)
    assert min(text.size for text in canvas.texts) == cut.small


def test_as_many_panels_stand_beside_each_other_as_have_room() -> None:
    panels = [panel(*(shown(year, 20, at=name) for year in VALUES)) for name in "abcd"]

    def count_lines(cut: Cut, *more: Row) -> int:
        chosen = [*panels, panel(*(shown(year, 20, "e") for year in VALUES), *more)]
        dots = read_circles(draw(*chosen, cut=cut).render_svg(""))
        return len({round(y, 3) for _, y in dots.values()})

    assert count_lines(TEXT) == 3  # 2012 and 2014 have no room in a third of the width
    assert count_lines(TEXT, shown(2023, 20, "e")) == 5
    assert count_lines(WEB) == 5


def test_an_estimate_beyond_its_axis_is_refused() -> None:
    beyond = TimePanel("Any", percent_axis(20, build_english()), (2012.0,), (shown(2012, 30),))
    with pytest.raises(StudyError, match="a mark at 26 on an axis from 0 to 20"):
        draw(beyond)


def test_the_table_of_marks_has_estimates_and_then_changes() -> None:
    chart = TimeChart((panel(*THREE[:2], links=(link(2012, 2014),)),))
    assert [(r.panel, r.row, r.value, r.low, r.look, r.shown) for r in chart.list_marks()] == [
        ("Any", "2012", 10, 6, "plain", "10% (…)"),
        ("Any", "2014", 30, 26, "plain", "30% (…)"),
        ("Any", "2012–2014", 1, None, "change", "+1"),
    ]
