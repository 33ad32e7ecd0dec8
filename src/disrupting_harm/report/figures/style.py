"""Style of every figure: measures of the page, colours, fonts, files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import seaborn as sns
from matplotlib import font_manager
from matplotlib.figure import Figure

from disrupting_harm.files import write_bytes
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
PNG_EFFORT = 3  # of zlib: a third quicker than its default, and files no larger
MM_PER_INCH = 25.4
FORMATS = ("svg", "png", "pdf")

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
    "xtick.color": GREY,
    "xtick.labelsize": NOTE_SIZE,
    "ytick.color": GREY,
    "ytick.labelsize": NOTE_SIZE,
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
    "png": {"Software": None},
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


def families(script: str) -> list[str]:
    """Return the font families of texts in a script, e.g. khmer.

    Fewer are quicker: matplotlib looks every family up for every text of every file. The last is
    for what a label may hold beside its language: other scripts, signs, faces.
    """
    own = f"Report {script.capitalize()}"
    return list(dict.fromkeys(["Report Latin", *({own} & set(FONT_FAMILIES)), "Report Other"]))


@contextmanager
def house_style(script: str | None = None) -> Iterator[None]:
    """Draw and save inside this block: seaborn's white grid in the project's colours and fonts.

    Args:
        script: of the only language that is written; all families of fonts if not given.
    """
    register_fonts()
    theme = sns.axes_style("whitegrid") | sns.plotting_context("paper") | SETTINGS
    if script is not None:
        theme["font.family"] = families(script)
    with matplotlib.rc_context(theme):
        yield


def nice_axis(largest: float) -> tuple[float, float]:
    """Return the end and the step of a per-cent axis that holds ``largest`` and starts at 0."""
    for end, step in ((5, 1), (10, 2), (20, 5), (30, 5), (40, 10), (60, 10), (80, 20)):
        if largest <= end:
            return float(end), float(step)
    return 100.0, 20.0


def file_bytes(figure: Figure, kind: str, title: str, dpi: int = PNG_DPI) -> bytes:
    """Return the figure as a file of ``kind`` (svg, png or pdf), the same bytes everywhere."""
    buffer = io.BytesIO()
    metadata = METADATA[kind] | ({"Title": title} if title else {})
    more: dict[str, Any] = {"dpi": 72}
    if kind == "png":
        more = {"dpi": dpi, "pil_kwargs": {"compress_level": PNG_EFFORT}}
    figure.savefig(buffer, format=kind, metadata=metadata, **more)
    return buffer.getvalue()


def write_figure(
    figure: Figure, folder: Path, name: str, title: str, dpi: int = PNG_DPI
) -> tuple[str, ...]:
    """Write the figure in every format and return the names of its files; ``dpi`` is the PNG's."""
    files = {kind: f"{name}.{kind}" for kind in FORMATS}
    for kind, file in files.items():
        write_bytes(folder / file, file_bytes(figure, kind, title, dpi))
    return tuple(files.values())
