"""Figures of all countries, drawn once more for telephones: whole, legible, the same marks."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from comparison_frames import AFRICA, ASIA, tables
from evidence_results import TABLES, write_evidence
from figure_study import CODEBOOK, setting

from disrupting_harm.report.drawing.formats import AUTHORS, RUN, Press
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.drawing.scales import find_tick_step
from disrupting_harm.report.drawing.widths import WIDE, Cut
from disrupting_harm.report.figures.comparison.draw_comparison import draw_comparison
from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country

NAMES = {
    "ETH": "Ethiopia", "KEN": "Kenya", "MOZ": "Mozambique", "ZAF": "South Africa",
    "KHM": "Cambodia", "IDN": "Indonesia", "PHL": "Philippines", "VNM": "Viet Nam",
}  # fmt: skip
REGIONS = {code: AFRICA if code in ("ETH", "KEN", "MOZ", "ZAF") else ASIA for code in NAMES}
SHOWN = {
    "ETH": "9.0", "KEN": "17.6", "MOZ": "10.1", "ZAF": "15.0", "KHM": "9.5", "IDN": "2.0",
    "PHL": "30.7", "VNM": "< 5",
}  # fmt: skip
COUNTRIES = [Country(country=code, region="Asia") for code in ("KHM", "THA", "VNM")]


def with_ages() -> Codebook:
    book = CODEBOOK.model_dump(mode="json")
    book["items"].append({"id": "age", "type": "number", "minimum": 12, "maximum": 17})
    bands = {"12-13": [12, 13], "14-15": [14, 15], "16-17": [16, 17]}
    book["domains"].append({"id": "age_band", "label": "Age", "item": "age", "bands": bands})
    return Codebook.model_validate(book)


def compared(folder: Path, cut: Cut, press: Press = RUN) -> list[FigureRecord]:
    """Draw every kind of figure of one indicator."""
    made = tables("clear", SHOWN, REGIONS, {"ZAF": "another survey"})
    how = replace(setting("by country"), cut=cut, press=press)
    return draw_comparison(made, NAMES, REGIONS, with_ages(), how, folder)


def evidence(folder: Path, cut: Cut, press: Press = RUN) -> list[FigureRecord]:
    write_evidence(folder / "public", TABLES)
    how = replace(setting("by country"), cut=cut, press=press)
    return draw_regional_evidence(folder / "public", COUNTRIES, how, folder)


# A text: where its line begins, how wide it is, and the size of its letters, in points.
TEXT = re.compile(
    r'<text x="([-.0-9]+)" y="([-.0-9]+)" textLength="([.0-9]+)" [^>]*font-size="([.0-9]+)"[^>]*>'
)
EDGE, TOUCH = 0.6, 0.5  # points by which letters may reach over the page and over each other


def read_text_boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, upper, right and lower edges of the letters of each text."""
    return [
        (x, y - 0.72 * size, x + width, y + 0.1 * size)
        for x, y, width, size in (map(float, numbers) for numbers in TEXT.findall(svg))
    ]


@pytest.mark.parametrize("draw", [compared, evidence])
def test_no_text_of_a_narrow_figure_leaves_the_page_or_meets_another(tmp_path, draw):
    for record in draw(tmp_path, WIDE):
        svg = (tmp_path / record.phone).read_text(encoding="utf-8")
        boxes = read_text_boxes(svg)
        assert len(boxes) == svg.count("<text") > 5
        height = float(svg.split('height="')[1].split("pt")[0])
        for left, top, right, foot in boxes:
            assert min(left, top) >= -EDGE, record.id
            assert right <= 270 + EDGE, record.id
            assert foot <= height + EDGE, record.id
        for box, other in combinations(boxes, 2):
            across = min(box[2], other[2]) - max(box[0], other[0])
            down = min(box[3], other[3]) - max(box[1], other[1])
            assert min(across, down) <= TOUCH, (record.id, box, other)


@pytest.mark.parametrize("draw", [compared, evidence])
def test_each_figure_has_a_narrow_drawing_of_the_same_marks(tmp_path, draw):
    for record in draw(tmp_path, WIDE):
        assert bool(record.phone) == bool(record.files), record.id
        if record.phone:
            wide, narrow = (
                (tmp_path / name).read_text(encoding="utf-8")
                for name in (f"{record.id}.svg", record.phone)
            )
            assert find_mark_addresses(narrow) == find_mark_addresses(wide), record.id
            assert 'viewBox="0 0 270 ' in narrow, record.id


@pytest.mark.parametrize("draw", [compared, evidence])
def test_authors_who_choose_a_width_get_that_alone(tmp_path, draw):
    assert not any(record.phone for record in draw(tmp_path, WIDE, AUTHORS))


def test_a_name_above_a_bar_stands_nearer_to_it_than_to_the_bar_above(tmp_path):
    compared(tmp_path, WIDE)
    svg = (tmp_path / "pooled-clear-phone.svg").read_text(encoding="utf-8")
    dots = [float(y) for y in re.findall(r'<circle cx="[.0-9]+" cy="([.0-9]+)"', svg)]
    texts = re.findall(r'y="([.0-9]+)"[^>]*>([^<]*)</text>', svg)
    names = [float(y) for y, words in texts if words in NAMES.values()]
    assert len(names) == len(dots) + 1  # without Viet Nam's, of which a bound is printed
    for name in names[1:-1]:
        own = min(dot for dot in dots if dot > name) - name
        above = name - max(dot for dot in dots if dot < name)
        assert own < 0.75 * above


@pytest.mark.parametrize(("apart", "step"), [(30.0, 1), (12.0, 2), (4.0, 3), (1.0, 5)])
def test_so_many_ticks_have_labels_as_stand_clear_of_each_other(apart, step):
    powers = ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    assert find_tick_step(powers, apart, 8.4) == step
