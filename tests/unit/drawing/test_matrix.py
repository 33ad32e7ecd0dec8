"""Matrices and lists of items as they are drawn, read from their SVG."""

from collections import Counter, defaultdict

import pytest
from drawing_reader import MM_PER_POINT
from matrix_marks import BOX, assert_apart, read_marks

from disrupting_harm.report.drawing.canvas import Canvas, PlacedText
from disrupting_harm.report.drawing.matrix import (
    Cell,
    Item,
    ItemList,
    ItemSection,
    Matrix,
    MatrixRow,
    MatrixSection,
)
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import CUTS, SMALL, TEXT, WEB, WIDE, Cut

FIGURE = Frame("A matrix", "of what", "Source: a review.")
MARKS = ("full", "half", "empty", "need", "open_need", "question", "dash", "box")
KEY = tuple(Cell(mark, f"it is {mark}") for mark in MARKS)
COUNTRIES = {
    "KHM": "Cambodia", "ETH": "Ethiopia", "IDN": "Indonesia", "KEN": "Kenya", "MYS": "Malaysia",
    "MOZ": "Mozambique", "NAM": "Namibia", "PHL": "Philippines", "RWA": "Rwanda",
    "ZAF": "South Africa", "TZA": "Tanzania", "THA": "Thailand", "UGA": "Uganda", "VNM": "Viet Nam",
}  # fmt: skip


def mark_of(row: int, column: int) -> str:
    return MARKS[(5 * row + column) % len(MARKS)]


def build_matrix(rows: int = 3, headings: tuple[str, ...] = ("Law", "Victims"), **more) -> Matrix:
    sections = []
    for place, heading in enumerate(headings):
        lines = []
        for number in range(place * rows, (place + 1) * rows):
            cells = {
                code: Cell(mark_of(number, at), "words", address=f"{code}/{number}")
                for at, code in enumerate(COUNTRIES)
            }
            lines.append(MatrixRow(f"Item {number} of the review", cells, f"{number} of 14"))
        sections.append(MatrixSection(heading, tuple(lines)))
    return Matrix(tuple(sections), COUNTRIES, KEY, "in place", **more)


def draw(chart: Matrix | ItemList, cut: Cut) -> Canvas:
    return chart.draw(Frame(FIGURE.title, FIGURE.subtitle, FIGURE.source, cut=cut))


def middle(text: PlacedText) -> float:
    """Return how far right the middle of a text stands; one that is turned has it in its height."""
    if text.turn:
        return text.x - 0.33 * text.size * MM_PER_POINT
    return text.x + text.width / 2


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_each_cell_has_its_mark_below_the_name_of_its_column(cut):
    canvas = draw(build_matrix(), cut)
    seen = read_marks(canvas)
    assert len(seen) == 6 * len(COUNTRIES)
    # Discs of the key have no address.
    assert Counter(mark.kind for mark in seen.values()) == Counter(
        mark_of(row, at) for row in range(6) for at in range(14)
    )
    for row in range(6):
        marks = [seen[f"{code}/{row}"] for code in COUNTRIES]
        assert [mark.kind for mark in marks] == [mark_of(row, at) for at in range(14)]
        assert max(mark.y for mark in marks) - min(mark.y for mark in marks) < 0.01
    for code, name in COUNTRIES.items():
        places = [seen[f"{code}/{row}"].x for row in range(6)]
        names = [text for text in canvas.texts if text.text == (code if cut.narrow else name)]
        assert len(names) == (2 if cut.narrow else 1)
        for x in places:
            assert x == pytest.approx(places[0], abs=0.02)
        for text in names:
            half = 0 if text.turn else text.width / 2
            x = min(max(places[0], 0.5 + half), cut.width - 0.5 - half)
            assert middle(text) == pytest.approx(x, abs=0.02)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_no_text_of_a_matrix_leaves_the_page_or_meets_another(cut):
    assert_apart(draw(build_matrix(), cut))


def test_counts_stand_at_the_ends_of_their_rows_on_paper_and_beside_their_labels_on_phones():
    for cut in (WIDE, WEB):
        canvas = draw(build_matrix(), cut)
        seen = read_marks(canvas)
        for row in range(6):
            (count,) = (text for text in canvas.texts if text.text == f"{row} of 14")
            assert count.x + count.width == pytest.approx(cut.width - 0.5)
            y = count.y - 0.33 * count.size * MM_PER_POINT
            if cut is WIDE:
                assert y == pytest.approx(seen[f"KHM/{row}"].y, abs=0.01)
                assert count.x > seen[f"VNM/{row}"].x + 1.4
            else:
                (label,) = (text for text in canvas.texts if text.text.startswith(f"Item {row}"))
                assert count.y == pytest.approx(label.y)
        headings = [text for text in canvas.texts if text.text == "in place"]
        assert len(headings) == (2 if cut.narrow else 1)


def test_a_phone_has_codes_again_below_every_heading_and_every_sixth_row():
    canvas = draw(build_matrix(rows=14, headings=("",)), WEB)
    codes = sorted(text.y for text in canvas.texts if text.text == "KEN")
    labels = sorted(text.y for text in canvas.texts if text.text.startswith("Item "))
    assert [sum(y < code for y in labels) for code in codes] == [0, 6, 12]
    written = " ".join(text.text for text in canvas.texts)
    for code, name in COUNTRIES.items():
        assert f"{code}: {name}" in written
    assert min(text.size for text in canvas.texts) >= 9.1
    # On paper, where names have room, there are no codes.
    assert "KEN" not in " ".join(text.text for text in draw(build_matrix(), TEXT).texts)


@pytest.mark.parametrize(("number", "cut"), [(1, WEB), (2, SMALL), (4, WEB)])
def test_a_phone_has_names_of_few_columns_and_no_codes(number, cut):
    names = dict([*COUNTRIES.items()][-number:])
    cells = {code: Cell("full", "w", address=f"{code}/x") for code in names}
    rows = (MatrixRow("Item", cells),)
    canvas = draw(Matrix((MatrixSection("", rows),), names), cut)
    assert_apart(canvas)
    assert {*names.values()} <= {text.text for text in canvas.texts}
    assert not {*names} & {text.text for text in canvas.texts}
    assert not any("VNM: " in text.text for text in canvas.texts)


def test_columns_without_room_stand_below_the_others():
    columns = {f"C{at:02}": f"Column {at}" for at in range(30)}
    cells = {
        key: Cell("box", "1.5", "1.5", "#fff", value=1.5, address=f"{key}/x") for key in columns
    }
    matrix = Matrix((MatrixSection("", (MatrixRow("Item", cells),)),), columns)
    for cut in (SMALL, WEB):
        canvas = draw(matrix, cut)
        seen = read_marks(canvas)
        assert {*seen} == {f"{key}/x" for key in columns}
        assert len({round(mark.y, 2) for mark in seen.values()}) > 1
        assert_apart(canvas)


def test_a_number_stands_in_its_box_and_an_empty_box_is_small():
    cells = {
        "KEN": Cell("box", "1.5", "1.5", "#3B7891", "white", value=1.5, address="KEN/x"),
        "THA": Cell("box", "does not apply", address="THA/x"),
    }
    names = {code: COUNTRIES[code] for code in cells}
    matrix = Matrix((MatrixSection("", (MatrixRow("Item", cells),)),), names)
    canvas = draw(matrix, WIDE)
    boxes = {at: [*map(float, ends)] for *ends, _, _, at in BOX.findall(canvas.render_svg(""))}
    (number,) = (text for text in canvas.texts if text.text == "1.5")
    left, top, right, foot = (end * MM_PER_POINT for end in boxes["KEN/x"])
    assert left < number.x < number.x + number.width < right
    assert top < number.y < foot
    assert number.color == "white"
    assert boxes["THA/x"][2] - boxes["THA/x"][0] < boxes["KEN/x"][2] - boxes["KEN/x"][0]
    first, second = matrix.list_marks()
    assert (first.panel, first.value, first.shown, first.address) == ("Kenya", 1.5, "1.5", "KEN/x")
    assert (second.panel, second.value, second.shown) == ("Thailand", None, "does not apply")


def build_list(**more) -> ItemList:
    sections = []
    for heading, number in (("Policy and law", 3), ("A heading of more words than fit", 6)):
        items = tuple(
            Item(
                f"Item {at} of this heading, in some words",
                Cell(mark_of(0, at), "w", address=f"{heading[0]}{at}"),
            )
            for at in range(number)
        )
        sections.append(ItemSection(heading, items, f"{number} of 9"))
    return ItemList(tuple(sections), KEY, **more)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_each_item_of_a_list_has_its_mark_left_of_its_label(cut):
    canvas = draw(build_list(), cut)
    assert_apart(canvas)
    seen = read_marks(canvas)
    assert [seen[f"A{at}"].kind for at in range(6)] == [mark_of(0, at) for at in range(6)]
    lines = defaultdict(list)
    for mark in seen.values():
        lines[round(mark.y, 2)].append(mark.x)
    # Six items in four columns are no lower than in three, two below each other.
    assert max(map(len, lines.values())) == (1 if cut.narrow else 3)
    starts = {round(t.x, 2) for t in canvas.texts if t.text.startswith("Item ")}
    assert len(starts) == (1 if cut.narrow else 3)
    assert min(starts) > min(mark.x for mark in seen.values())


@pytest.mark.parametrize("score", [0, 1, 1.5, 2, 3])
def test_as_many_steps_are_full_as_the_score(score):
    cell = Cell("steps", "Weak", value=score, steps=3, address="KEN/x")
    items = ItemList((ItemSection("Weak", (Item("Officers have support", cell),)),))
    (mark,) = read_marks(draw(items, TEXT)).values()
    assert (mark.kind, mark.full) == ("3 steps", score)
    (record,) = items.list_marks()
    assert (record.section, record.row, record.value) == ("Weak", "Officers have support", score)
