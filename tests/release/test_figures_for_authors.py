"""The recipes of docs/figures-for-authors.md run as they stand, and draw what their CSV says."""

import csv
import io
import re
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import seaborn.objects as so
from checkout import Checkout
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from repository import PROJECT

# seaborn 0.13 gives pandas 3 a word that it no longer needs.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword:DeprecationWarning")

PAGE = (PROJECT / "docs/figures-for-authors.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (.+?)\n.*?^```python\n(.*?)^```", PAGE, re.M | re.S))
LINES = 9  # of a recipe, with its two imports
DOTS_AN_INCH = 200
INTERVAL = (0x5E, 0x97, 0xAD)


def draw(recipe: str, folder: Path) -> tuple[so.Plot, list[dict]]:
    """Run a recipe in the folder of the study; return its plot and the marks that it read."""
    (source,) = re.findall(r'read_csv\("([^"]+)"', recipe)
    # The study stays as it is: what a recipe saves is not written into its folder.
    saved, save = io.BytesIO(), so.Plot.save
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(so.Plot, "save", lambda plot, _, **look: save(plot, saved, **look))
        exec(recipe, names)
    assert saved.getvalue()
    with (folder / source).open(encoding="utf-8", newline="") as file:
        return names["plot"], list(csv.DictReader(file))


def figure_of(plot: so.Plot) -> Figure:
    figure = Figure(figsize=(6, 5), dpi=DOTS_AN_INCH)
    FigureCanvasAgg(figure)
    plot.on(figure).plot()
    figure.canvas.draw()
    return figure


def segments(figure: Figure) -> list[tuple[float, float, float]]:
    """Lower end, upper end and height of all lines of intervals, sorted."""
    return sorted(
        (float(segment[0][0]), float(segment[1][0]), float(segment[0][1]))
        for lines in figure.axes[0].collections
        if isinstance(lines, LineCollection)
        for segment in lines.get_segments()
        if np.isfinite(segment).all()
    )


def dots(figure: Figure) -> list[tuple[float, float]]:
    """Place and height of all dots, sorted."""
    return sorted(
        (float(x), float(y))
        for points in figure.axes[0].collections
        if not isinstance(points, LineCollection)
        for x, y in points.get_offsets()
    )


def intervals(marks: list[dict]) -> list[list[float]]:
    return sorted([float(mark["low"]), float(mark["high"])] for mark in marks if mark["value"])


def test_there_are_three_short_recipes() -> None:
    assert list(RECIPES) == ["Intervals", "Pairs", "Columns by year"]
    for recipe in RECIPES.values():
        assert len([line for line in recipe.splitlines() if line]) <= LINES


@pytest.mark.parametrize("name", ["Intervals", "Pairs"])
def test_intervals_and_dots_are_those_of_the_marks(name: str, small: Checkout) -> None:
    plot, marks = draw(RECIPES[name], small.folder)
    figure = figure_of(plot)
    lines, points = segments(figure), dots(figure)
    assert [[low, high] for low, high, _ in lines] == intervals(marks)
    assert len(lines) >= (4 if name == "Pairs" else 5)
    assert [x for x, _ in points] == sorted(float(mark["value"]) for mark in marks if mark["value"])
    # Each line has one dot on it, and no two lines lie on each other.
    heights = [round(height, 6) for _, _, height in lines]
    assert len({*heights}) == len(lines)
    assert sorted(round(y, 6) for _, y in points) == sorted(heights)
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == list(dict.fromkeys(mark["row"] for mark in marks))
    for lines in figure.axes[0].collections:
        if isinstance(lines, LineCollection):
            assert lines.get_capstyle() == "butt"


def longest_error(figure: Figure, marks: list[dict]) -> float:
    """How many pixels the lines of intervals reach beyond their numbers, as they are drawn."""
    (axes,) = figure.axes
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3].astype(int)
    is_interval = np.abs(pixels - INTERVAL).max(axis=2) < 12
    errors = []
    for row, mark in enumerate(marks):
        if not mark["value"]:
            continue
        ends = [[float(mark[end]), row] for end in ("low", "high")]
        (left, y), (right, _) = axes.transData.transform(ends)
        (columns,) = np.nonzero(is_interval[round(pixels.shape[0] - y)])
        errors += [left - columns.min(), columns.max() + 1 - right]
    assert errors
    return max(errors)


def test_an_interval_ends_where_its_numbers_are_drawn(small: Checkout) -> None:
    """And without the recipe's flat ends it would not: seaborn's are half a line's width longer."""
    recipe = RECIPES["Intervals"]
    plot, marks = draw(recipe, small.folder)
    assert longest_error(figure_of(plot), marks) <= 1
    rounded = recipe.replace('{"capstyle": "butt"}, ', "")
    assert rounded != recipe
    with mpl.rc_context({"lines.solid_capstyle": "round"}):
        plot, marks = draw(rounded, small.folder)
        half_width = 1.5 / 72 * DOTS_AN_INCH
        assert longest_error(figure_of(plot), marks) >= half_width - 1


def test_columns_are_the_parts_of_each_year_on_each_other(small: Checkout) -> None:
    plot, marks = draw(RECIPES["Columns by year"], small.folder)
    figure = figure_of(plot)
    (axes,) = figure.axes
    years = [text.get_text() for text in axes.get_xticklabels()]
    assert years == list(dict.fromkeys(mark["row"] for mark in marks))
    drawn: dict[str, list[float]] = defaultdict(list)
    tops: dict[str, float] = defaultdict(float)
    for bar in axes.patches:
        year = years[round(bar.get_x() + bar.get_width() / 2)]
        drawn[year].append(bar.get_height())
        tops[year] = max(tops[year], bar.get_y() + bar.get_height())
    expected: dict[str, list[float]] = defaultdict(list)
    for mark in marks:
        if mark["value"]:
            expected[mark["row"]].append(float(mark["value"]))
    assert {year: sorted(parts) for year, parts in drawn.items()} == {
        year: sorted(parts) for year, parts in expected.items()
    }
    assert tops == {year: pytest.approx(sum(parts)) for year, parts in expected.items()}
    assert any(len(parts) > 1 for parts in expected.values())
