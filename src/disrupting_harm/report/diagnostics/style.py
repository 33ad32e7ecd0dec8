"""Style of diagnostic pictures: seaborn's white grid in the project's colours and fonts."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib

matplotlib.use("Agg")

import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.drawing.letters import FAMILIES
from disrupting_harm.report.drawing.style import GREY, GUIDE, INK
from disrupting_harm.report.language.fonts import SEMIBOLD, find_semibold_files, font_files

LETTERS = 7.4  # points
HAIRLINE = 0.5
MM_PER_INCH = 25.4
# Under names of our own: a system font of the same name can then never be taken instead.
FONT_FAMILIES = {f"Report {family}": family for family in FAMILIES}
SETTINGS = {
    "font.family": list(FONT_FAMILIES),
    "font.size": LETTERS,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.labelsize": LETTERS,
    "axes.labelpad": 2,
    "axes.linewidth": HAIRLINE,
    "legend.fontsize": LETTERS,
    "legend.frameon": False,
    "legend.handlelength": 1.2,
    "grid.color": GUIDE,
    "grid.linewidth": HAIRLINE,
    # Ends of lines stand where their numbers are; seaborn's round ones reach beyond.
    "lines.solid_capstyle": "butt",
    "pdf.fonttype": 3,  # embeds outlines, also of variable fonts
    **{
        f"{axis}tick.{part}": look
        for axis in "xy"
        for part, look in {"color": GREY, "labelsize": LETTERS, "major.size": 0}.items()
    },
}
# No clock and no version of a library in the file: the same data give the same bytes.
METADATA = dict.fromkeys(("CreationDate", "Producer", "Creator"))


@cache
def register_fonts() -> None:
    """Make the packaged fonts known to matplotlib, once per process."""
    regular, semibold = font_files(), find_semibold_files()
    for name, family in FONT_FAMILIES.items():
        # A family without semibold letters is written in its regular ones.
        for weight, path in ((400, regular[family]), (SEMIBOLD, semibold.get(family))):
            font_entry = font_manager.FontEntry(
                fname=str(path or regular[family]), name=name, style="normal", variant="normal",
                weight=weight, stretch="normal", size="scalable",
            )  # fmt: skip
            font_manager.fontManager.ttflist.append(font_entry)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save inside this block in the project's colours and fonts."""
    register_fonts()
    theme = sns.axes_style("whitegrid") | sns.plotting_context("paper") | SETTINGS
    with matplotlib.rc_context(theme):
        yield


def place_legend(axes: Axes, **look: Any) -> None:
    """Draw the legend of a plot anew, without a title and with other options of matplotlib's.

    seaborn's ``move_legend`` also asks each property of the old one, and so measures all of its
    letters.
    """
    legend: Any = axes.get_legend()
    labels = [label.get_text() for label in legend.get_texts()]
    axes.legend(legend.legend_handles, labels, **look)


def render_pdf(figure: Figure) -> bytes:
    """Return the figure as a PDF, the same bytes everywhere."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf", metadata=METADATA)
    return buffer.getvalue()
