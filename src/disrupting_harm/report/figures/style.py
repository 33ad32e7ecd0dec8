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
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from disrupting_harm.report.rendering.fonts import OTHER, font_files

TEAL = "#0B4F6C"
RUST = "#B5532A"
INK = "#1F2A30"
GREY = "#55616A"  # 6.3:1 on white
GUIDE = "#DDE2E5"
PLACE = "#EEF0F2"  # where a number is not shown; GREY on it is 5.5:1

LABEL_SIZE = 8.5  # points
NOTE_SIZE = 7.5
PAGE_WIDTH = 160.0  # the text column of an A4 page
PNG_DPI = 200
# A chart's colours and the blends at its edges fit a palette: no dot moves by more than 1 per cent,
# and files are a third as large.
COLOURS = 256
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

# Families under names of our own: a system font of the same name can then never be taken instead.
FONT_FAMILIES = {
    "Report Latin": "Noto Sans",
    "Report Khmer": "Noto Sans Khmer",
    "Report Thai": "Noto Sans Thai",
    "Report Other": OTHER,
}
SETTINGS = {
    "font.family": list(FONT_FAMILIES),
    "font.size": LABEL_SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",  # the same widths at every resolution, also when measured
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.labelsize": NOTE_SIZE,
    "legend.fontsize": NOTE_SIZE,
    "legend.frameon": False,
    **{
        f"{axis}tick.{part}": look
        for axis in "xy"
        for part, look in {
            "color": GREY,
            "labelsize": NOTE_SIZE,
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
# No clock and no version of a library in a file: the same results give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


@cache
def register_fonts() -> None:
    """Make the packaged fonts known to matplotlib, once per process."""
    files = font_files()
    for name, family in FONT_FAMILIES.items():
        entry = font_manager.FontEntry(
            fname=str(files[family]),
            name=name,
            style="normal",
            variant="normal",
            weight=400,
            stretch="normal",
            size="scalable",
        )
        font_manager.fontManager.ttflist.append(entry)


@cache
def house_font() -> FT2Font:
    """Return the font of the first family, which falls back on the others."""
    files = font_files()
    return font_manager.get_font([str(files[family]) for family in FONT_FAMILIES.values()])


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save inside this block: seaborn's white grid in the project's colours and fonts."""
    register_fonts()
    theme = sns.axes_style("whitegrid") | sns.plotting_context("paper") | SETTINGS
    with matplotlib.rc_context(theme):
        yield


def nice_axis(largest: float) -> tuple[float, float]:
    """Return the end and the step of a per-cent axis that holds ``largest`` and starts at 0."""
    for end, step in ((5, 1), (10, 2), (20, 5), (30, 5), (40, 10), (60, 10), (80, 20)):
        if largest <= end:
            return float(end), float(step)
    return 100.0, 20.0


def png_bytes(figure: Figure, title: str) -> bytes:
    """Return the figure as a PNG, the same bytes everywhere."""
    canvas = FigureCanvasAgg(figure)
    figure.dpi = PNG_DPI
    canvas.draw()
    return png_file(canvas.renderer, title)


def png_file(drawn: RendererAgg, title: str) -> bytes:
    """Return what was drawn as a PNG file without transparency, the same bytes everywhere."""
    size = int(drawn.width), int(drawn.height)
    drawing = Image.frombytes("RGB", size, drawn.buffer_rgba(), "raw", "RGBX")
    picture = drawing.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    described = PngInfo()
    if title:
        described.add_text("Title", title)
    buffer = io.BytesIO()
    picture.save(buffer, "png", dpi=(drawn.dpi, drawn.dpi), pnginfo=described)
    return buffer.getvalue()
