"""Figures of all countries, drawn once more for telephones: whole, legible, the same marks."""

from dataclasses import replace
from pathlib import Path

import pytest
from comparison_frames import AFRICA, ASIA, tables
from evidence_results import TABLES, write_evidence
from figure_study import CODEBOOK, assert_apart, catch_figures, setting
from matplotlib.collections import LineCollection

from disrupting_harm.report.checks.documents import find_mark_addresses
from disrupting_harm.report.figures.comparison.draw_comparison import draw_comparison
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.svg_compaction import compact_svg
from disrupting_harm.report.figures.drawing.widths import AUTHORS, SCREEN, WEB, WIDE, Cut, Press
from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.figures.row_chart import find_tick_step
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


def compared(folder: Path, cut: Cut, press: Press = SCREEN) -> list[FigureRecord]:
    """Draw every kind of figure of one indicator."""
    made = tables("clear", SHOWN, REGIONS, {"ZAF": "another survey"})
    how = replace(setting("by country"), cut=cut, press=press)
    return draw_comparison(made, NAMES, REGIONS, with_ages(), how, folder)


def evidence(folder: Path, cut: Cut, press: Press = SCREEN) -> list[FigureRecord]:
    write_evidence(folder / "public", TABLES)
    how = replace(setting("by country"), cut=cut, press=press)
    return draw_regional_evidence(folder / "public", COUNTRIES, how, folder)


def test_no_text_of_a_narrow_figure_leaves_the_page_or_meets_another(monkeypatch, tmp_path):
    figures = catch_figures(monkeypatch)
    compared(tmp_path, WEB)
    assert len(figures) >= 3
    assert_apart(figures)


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
            assert len(narrow) < 0.9 * len(wide), record.id


@pytest.mark.parametrize("draw", [compared, evidence])
def test_authors_who_choose_a_width_get_that_alone(tmp_path, draw):
    assert not any(record.phone for record in draw(tmp_path, WIDE, AUTHORS))


def test_pairs_of_groups_stand_below_each_other_each_with_its_numbers(monkeypatch, tmp_path):
    figures = catch_figures(monkeypatch)
    compared(tmp_path, WEB)
    page, plot = figures["gaps-clear-age_band"].axes
    heads = [text for text in page.texts if " compared with " in text.get_text()]
    assert len(heads) == 3
    assert [text.get_position()[1] for text in heads] == sorted(
        text.get_position()[1] for text in heads
    )
    lines = [c for c in plot.collections if isinstance(c, LineCollection)]
    assert lines
    assert sum(text.get_text() == "Kenya" for text in page.texts) == 3
    # Below each panel stand the numbers of the axis: those of the last belong to the plot.
    ticks = dict(
        zip((t.get_text() for t in plot.get_xticklabels()), plot.get_xticks(), strict=True)
    )
    written = [text for text in page.texts if text.get_text() in ticks]
    assert len(written) == 2 * len(ticks)
    to_page = page.transData.inverted()
    for text in written:
        place = plot.transData.transform((ticks[text.get_text()], 0))
        assert text.get_position()[0] == pytest.approx(to_page.transform(place)[0])


def test_a_name_above_a_bar_stands_nearer_to_it_than_to_the_bar_above(monkeypatch, tmp_path):
    figures = catch_figures(monkeypatch)
    compared(tmp_path, WEB)
    page = figures["pooled-clear"].axes[0]
    values = sorted(t.get_position()[1] for t in page.texts if t.get_text().endswith((")", "%")))
    names = [t.get_position()[1] for t in page.texts if t.get_text() in NAMES.values()]
    for name in names:
        own = min(value for value in values if value > name) - name
        above = [name - value for value in values if value < name]
        assert all(own < 0.75 * apart for apart in above)


@pytest.mark.parametrize(("apart", "step"), [(30.0, 1), (12.0, 2), (4.0, 3), (1.0, 5)])
def test_so_many_ticks_have_labels_as_stand_clear_of_each_other(apart, step):
    powers = ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    assert find_tick_step(powers, apart, 8.4) == step


def test_a_clip_as_large_as_the_page_is_left_out_and_any_other_kept():
    page = (
        '<svg viewBox="0 0 100 50">\n<g clip-path="url(#p0123456789)">\n<use x="1"/>\n</g>\n'
        '<g clip-path="url(#pabcdefabcd)">\n<use x="2"/>\n</g>\n<defs>\n'
        '<clipPath id="p0123456789">\n<rect x="0" y="0" width="100" height="50"/>\n</clipPath>\n'
        '<clipPath id="pabcdefabcd">\n<rect x="9" y="0" width="90" height="50"/>\n</clipPath>\n'
        "</defs>\n</svg>\n"
    )
    assert compact_svg(page) == (
        '<svg viewBox="0 0 100 50">\n<use x="1"/>\n<g clip-path="url(#p0)">\n<use x="2"/>\n</g>\n'
        '<defs>\n<clipPath id="p0">\n<rect x="9" y="0" width="90" height="50"/>\n</clipPath>\n'
        "</defs>\n</svg>\n"
    )
