"""Figures across countries, and the restricted picture of weights."""

import json

import numpy as np
import pandas as pd
import pytest
from figure_study import CODEBOOK, cell, table
from PIL import Image

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures import plan as plan_module
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.comparison_figures import draw_comparison
from disrupting_harm.report.figures.weights_picture import draw_weights
from disrupting_harm.report.words import Words

NAMES = {"KEN": "Kenya", "ETH": "Ethiopia", "VNM": "Viet Nam", "KHM": "Cambodia"}
REGIONS = {"KEN": "Africa", "ETH": "Africa", "VNM": "Asia", "KHM": "Asia"}


def prevalence(shown: dict[str, str]) -> pd.DataFrame:
    rows = [
        cell(name, shown=sign, country=code)
        for name in ("learns", "clear", "plays")
        for code, sign in shown.items()
    ]
    return table(rows).drop(columns=["domain", "level"])


def draw(folder, shown, regions=None, simulated=True):
    frame = prevalence(shown)
    regions = REGIONS if regions is None else regions
    return draw_comparison(
        frame, NAMES, regions, CODEBOOK, Words("en", {}), simulated, 0.95, folder
    )


SHOWN = {"KEN": "9.0", "ETH": "30.0", "VNM": "< 5", "KHM": "12.0"}


def test_one_figure_per_headline_indicator_with_all_its_files(tmp_path):
    records = draw(tmp_path, SHOWN)
    assert [record.indicator for record in records] == ["learns", "clear"]
    index = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    listed = {name for entry in index for name in (*entry["files"], entry["csv"])}
    assert len(listed) == 8
    assert {path.name for path in tmp_path.iterdir()} == listed | {"figures.json"}


def test_countries_stand_in_regions_by_name_and_never_by_estimate(tmp_path):
    draw(tmp_path, SHOWN)
    data = pd.read_csv(tmp_path / "comparison-clear.csv", keep_default_na=False, dtype=str)
    assert list(data["label"]) == ["Ethiopia", "Kenya", "Cambodia", "Viet Nam"]
    assert list(data["shown"]) == ["30.0", "9.0", "12.0", "< 5"]
    assert data["estimate"].iloc[3] == ""
    assert set(data["data_kind"]) == {"simulated"}


def test_the_texts_name_the_regions_the_hidden_country_and_the_caution(tmp_path):
    record = draw(tmp_path, SHOWN)[1]
    assert record.title == "Label of clear, by country"
    assert "Africa: Ethiopia 30.0 per cent (interval 28.0 to 32.0); Kenya 9.0" in record.alt
    assert "Asia: Cambodia 12.0 per cent (interval 10.0 to 14.0); not shown: Viet Nam (< 5)" in (
        record.alt
    )
    assert "alphabetical order and are not ranked" in record.caption


@pytest.mark.parametrize("simulated", [True, False])
def test_the_figure_is_marked_when_the_data_are_simulated(tmp_path, monkeypatch, simulated):
    caught = []
    monkeypatch.setattr(
        plan_module.style, "write_figure", lambda figure, *_: caught.append(figure) or ("a.svg",)
    )
    draw(tmp_path, SHOWN, simulated=simulated)
    assert len(caught) == 2
    for figure in caught:
        written = [text.get_text() for axes in figure.axes for text in axes.texts]
        assert ("Simulated data" in written) is simulated
        assert {"Africa", "Asia"} <= set(written)


def test_without_regions_countries_stand_in_one_list(tmp_path):
    draw(tmp_path, SHOWN, regions=dict.fromkeys(NAMES))
    data = pd.read_csv(tmp_path / "comparison-clear.csv")
    assert list(data["label"]) == ["Cambodia", "Ethiopia", "Kenya", "Viet Nam"]


def test_a_number_in_a_hidden_cell_stops_everything(tmp_path):
    frame = prevalence(SHOWN)
    frame.loc[frame["country"] == "VNM", "ci_high"] = 0.04
    with pytest.raises(StudyError, match="VNM, learns: a hidden cell carries a number"):
        draw_comparison(frame, NAMES, {}, CODEBOOK, Words("en", {}), True, 0.95, tmp_path)


def test_nothing_published_in_any_country_leaves_a_reason(tmp_path):
    records = draw(tmp_path, dict.fromkeys(NAMES, "c"))
    assert all(record.absent and not record.files for record in records)


def weighted() -> tuple[pd.DataFrame, dict, pd.DataFrame]:
    base = np.linspace(1, 3, 200)
    weights = pd.DataFrame({"base_weight": base, "weight": base[::-1] ** 1.5})
    diagnostics = {"weights": {"before": {"deff": 1.25}, "after": {"deff": 1.5}}}
    margins = pd.DataFrame(
        {
            "margin": ["sex", "sex"],
            "category": ["boy", "girl"],
            "target": [100.0, 200.0],
            "before": [90.0, 230.0],
            "after": [100.0, 200.0],
        }
    )
    return weights, diagnostics, margins


def test_the_picture_of_weights_is_a_png_of_the_page_width_and_always_the_same(tmp_path):
    weights, diagnostics, margins = weighted()
    for name in ("a.png", "b.png"):
        draw_weights(weights, diagnostics, margins, tmp_path / name, simulated=True)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == int(style.PAGE_WIDTH / style.MM_PER_INCH * style.PNG_DPI)


def test_the_picture_of_weights_shows_the_design_effects_margins_and_mark(tmp_path, monkeypatch):
    caught = []
    monkeypatch.setattr(style, "file_bytes", lambda figure, *_: caught.append(figure) or b"")
    draw_weights(*weighted(), tmp_path / "a.png", simulated=True)
    draw_weights(*weighted(), tmp_path / "b.png", simulated=False)
    marked, plain = ([text.get_text() for text in figure.axes[0].texts] for figure in caught)
    assert "design effect 1.25 before and 1.50 after adjustment" in marked[0]
    assert set(marked) - set(plain) == {"Simulated data"}
    offsets = [c.get_offsets()[:, 0] for c in caught[0].axes[2].collections]
    assert np.ma.vstack(offsets).tolist() == [[90.0, 115.0], [100.0, 100.0]]


def test_without_margins_the_picture_of_weights_has_one_chart(tmp_path):
    weights, diagnostics, margins = weighted()
    draw_weights(weights, diagnostics, margins.head(0), tmp_path / "one.png", simulated=False)
    draw_weights(weights, diagnostics, margins, tmp_path / "two.png", simulated=False)
    heights = []
    for name in ("one.png", "two.png"):
        with Image.open(tmp_path / name) as picture:
            heights.append(picture.height)
    assert heights[0] < heights[1]
