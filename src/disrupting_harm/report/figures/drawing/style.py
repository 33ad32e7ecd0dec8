"""Style of every figure: measures of the page, colours, fonts, files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib

matplotlib.use("Agg")

import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from PIL.PngImagePlugin import PngInfo

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.drawing.palette import reduce_colours
from disrupting_harm.report.figures.drawing.widths import TEXT
from disrupting_harm.report.language.fonts import OTHER, SEMIBOLD, find_semibold_files, font_files

# Contrast on white in brackets: letters need 4.5, marks 3.
INK = "#1B2A33"  # text (14.7)
TEAL = "#0B4F6C"  # dots, bars, headings (8.9)
RUST = "#B5471B"  # "look here": one row of a figure, the word of simulated data (5.4)
GREY = "#55626B"  # subtitles, sources, a second group (6.3)
TINT = "#5E97AD"  # intervals (3.2)
RUST_TINT = "#D2805B"  # the interval of the row to look at (3.0)
MID = "#87949C"  # frames round what is not shown (3.1)
GUIDE = "#D5DBDF"
PLACE = "#EDF1F3"  # behind the words for what is withheld; GREY on it is 5.5

# Ends of axes that start at 0, with their steps; of per cents up to the whole.
AXES = ((5, 1), (10, 2), (20, 5), (30, 5), (40, 10), (60, 10), (80, 20), (100, 20))
WHOLE = 100
PNG_DPI = 200
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

# Families under names of our own: a system font of the same name can then never be taken instead.
FONT_FAMILIES = {
    "Report Latin": "Noto Sans",
    "Report Khmer": "Kantumruy Pro",
    "Report Thai": "Noto Sans Thai",
    "Report Rare Khmer": "Noto Sans Khmer",
    "Report Other": OTHER,
}
SETTINGS = {
    "font.family": list(FONT_FAMILIES),
    "font.size": TEXT.text,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",  # the same widths at every resolution, also when measured
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.labelsize": TEXT.small,
    "legend.fontsize": TEXT.small,
    "legend.frameon": False,
    **{
        f"{axis}tick.{part}": look
        for axis in "xy"
        for part, look in {
            "color": GREY,
            "labelsize": TEXT.small,
            "major.size": 0,
            "minor.size": 0,
            "major.pad": 3,
            "minor.pad": 3,
        }.items()
    },
    "grid.color": GUIDE,
    "grid.linewidth": 0.6,
    "axes.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "disrupting-harm",
    "pdf.fonttype": 3,  # embeds outlines; 42 would cut the font down for 0.3 s a figure
}
# For authors: texts that can be edited, in fonts that an editor knows.
LIVE: dict[str, Any] = {"svg.fonttype": "none", "pdf.fonttype": 42}
# No clock and no version of a library in a file: the same results give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


@cache
def register_fonts() -> None:
    """Make the packaged fonts known to matplotlib, once per process."""
    regular = font_files()
    for name, family in FONT_FAMILIES.items():
        # A family without semibold letters is written in its regular ones.
        for weight, path in ((400, regular[family]), (SEMIBOLD, find_semibold_files().get(family))):
            font_entry = font_manager.FontEntry(
                fname=str(path or regular[family]),
                name=name,
                style="normal",
                variant="normal",
                weight=weight,
                stretch="normal",
                size="scalable",
            )
            font_manager.fontManager.ttflist.append(font_entry)


@cache
def load_house_font(bold: bool = False) -> FT2Font:
    """Return the font of the first family, which falls back on the others.

    What the few letters of the bold fonts lack is written in the regular ones.
    """
    files = [str(font_files()[family]) for family in FONT_FAMILIES.values()]
    heavy = [str(path) for path in find_semibold_files().values()] if bold else []
    return font_manager.get_font([*heavy, *files])


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save inside this block: seaborn's white grid in the project's colours and fonts."""
    register_fonts()
    theme = sns.axes_style("whitegrid") | sns.plotting_context("paper") | SETTINGS
    with matplotlib.rc_context(theme):
        yield


def percent_axis(largest: float) -> tuple[float, float]:
    """Return the end and the step of a per-cent axis that holds ``largest`` and starts at 0.

    Raises:
        StudyError: if it is more than 100 per cent.
    """
    if largest > WHOLE + 1e-9:
        raise StudyError(
            "a per-cent axis", f"it was to hold {largest:g}", "Draw counts on count_axis"
        )
    return next((float(end), float(step)) for end, step in AXES if largest <= end + 1e-9)


def count_axis(largest: float) -> tuple[float, float]:
    """Return the end and the step of an axis of counts that holds ``largest`` and starts at 0."""
    scale = 1
    while largest > WHOLE * scale:
        scale *= 10
    return next(
        (float(end * scale), float(step * scale)) for end, step in AXES if largest <= end * scale
    )


def render_png(figure: Figure, title: str) -> bytes:
    """Return the figure as a PNG, the same bytes everywhere."""
    canvas = FigureCanvasAgg(figure)
    figure.dpi = PNG_DPI
    canvas.draw()
    return encode_png(canvas.renderer, title)


def encode_png(renderer: RendererAgg, title: str) -> bytes:
    """Return the drawn pixels as a PNG file without transparency, the same bytes everywhere."""
    picture = reduce_colours(renderer)
    metadata = PngInfo()
    if title:
        metadata.add_text("Title", title)
    buffer = io.BytesIO()
    resolution = renderer.dpi, renderer.dpi
    picture.save(buffer, "png", dpi=resolution, pnginfo=metadata, optimize=True)
    return buffer.getvalue()
