"""A restricted figure for statisticians: weights and margins before and after adjustment."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import WIDE

HISTOGRAM = 40.0  # heights in millimetres
CATEGORY = 4.6
TOP = 8.0
AXIS = 11.0
HISTOGRAMS = {"before": (style.RUST, "dashed"), "after": (style.TEAL, "solid")}
STAGES = {"before": ("o", "white"), "after": ("D", style.TEAL)}


def draw_weights(
    weights: pd.DataFrame,
    diagnostics: dict[str, Any],
    margins: pd.DataFrame,
    target: Path,
    *,
    simulated: bool,
) -> None:
    """Write a PNG of the weights' distribution and of how far each margin is from its total.

    Args:
        weights: ``base_weight, weight`` of the respondents; drawn relative to their mean.
        diagnostics: of ``survey.weighting``: ``deff`` (the design effect of weighting) of
            ``weights.before`` and ``weights.after``.
        margins: ``margin, category, target, before, after``; may have no rows.
        simulated: whether the data are simulated; the picture then says so.
    """
    body = CATEGORY * len(margins)
    height = HISTOGRAM + AXIS + (TOP + body + AXIS if body else 0)
    mark = "Simulated data." if simulated else ""
    frame = Frame(
        "Weights before and after adjustment", _format_subtitle(diagnostics), "", mark, cut=WIDE
    )
    with style.house_style():
        figure, page, top = paper.lay_out_page(frame, height)
        plot = paper.place_axes(figure, 12, top, WIDE.width - 16, HISTOGRAM)
        _draw_histogram(plot, weights)
        if body:
            top += HISTOGRAM + AXIS
            heading = "Weighted totals of margins as per cent of the population total"
            paper.put_text(page, paper.MARGIN, top + 3.4, heading, color=style.GREY)
            labels = margins["margin"].astype(str) + ": " + margins["category"].astype(str)
            left = 4 + max(text_width(label, WIDE.small) for label in labels)
            width = WIDE.width - left - 4
            _draw_margins(
                paper.place_axes(figure, left, top + TOP, width, body), margins, list(labels)
            )
        write_bytes(target, style.render_png(figure, ""))


def _format_subtitle(diagnostics: dict[str, Any]) -> str:
    before, after = (diagnostics["weights"][stage]["deff"] for stage in STAGES)
    return (
        "Respondents by relative weight; "
        f"design effect {before:.2f} before and {after:.2f} after adjustment"
    )


def _draw_histogram(plot: Axes, weights: pd.DataFrame) -> None:
    columns = {"before": "base_weight", "after": "weight"}
    relative = {
        stage: (weights[column] / weights[column].mean()).round(6)
        for stage, column in columns.items()
    }
    largest = max(float(weight.max()) for weight in relative.values())
    edges = np.linspace(0, max(1.5, largest * 1.001), 41)
    for stage, (color, line) in HISTOGRAMS.items():
        counts, _ = np.histogram(relative[stage], edges)
        plot.stairs(counts, edges, fill=True, color=color, alpha=0.12)
        plot.stairs(counts, edges, color=color, linestyle=line, label=stage)
    plot.legend()
    plot.set(xlabel="weight, mean = 1", ylabel="", xlim=(0, edges[-1]))
    sns.despine(ax=plot, left=True)


def _draw_margins(plot: Axes, margins: pd.DataFrame, labels: list[str]) -> None:
    heights = np.arange(len(margins)) + 0.5
    plot.axvline(100, color=style.GREY, linewidth=0.9)
    for stage, (shape, fill) in STAGES.items():
        share = 100 * margins[stage].astype(float) / margins["target"].astype(float)
        plot.scatter(
            share.round(6),
            heights,
            marker=shape,
            s=22,
            facecolor=fill,
            edgecolor=style.TEAL,
            linewidth=1,
            label=stage,
            zorder=3,
        )
    plot.set(xlabel="per cent of the population total", ylabel="", ylim=(len(margins), 0))
    plot.set_yticks(heights, labels)
    plot.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(STAGES), borderpad=0)
    sns.despine(ax=plot, left=True)
