"""How far weights spread, and how far the sample's margins are from the population's."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.drawing.style import GREY, RUST, TEAL

BINS = 40
MOST_MARGINS = 14
COLUMNS = {"before": "base_weight", "after": "weight"}
LINES = {"before": (RUST, "dashed"), "after": (TEAL, "solid")}


def compute_relative_weights(weights: pd.DataFrame) -> pd.DataFrame:
    """Return the weights of all interviews, ``before`` and ``after``; their mean is 1."""
    return pd.DataFrame(
        {stage: weights[column] / weights[column].mean() for stage, column in COLUMNS.items()}
    )


def draw_weights(axes: Axes, relative_weights: pd.DataFrame) -> None:
    """Draw both distributions over each other, with the design effect of each (Kish 1965)."""
    end = max(1.5, float(relative_weights.to_numpy().max()))
    for stage, (color, line) in LINES.items():
        effect = (relative_weights[stage] ** 2).mean()  # n Σ w² / (Σ w)², as their mean is 1
        sns.histplot(
            x=relative_weights[stage], bins=np.linspace(0, end, BINS + 1).tolist(), element="step",
            color=color, alpha=0.12, edgecolor=color, linestyle=line,
            label=f"{stage}: design effect {effect:.2f}", ax=axes,
        )  # fmt: skip
    axes.legend()
    axes.set(xlabel="weight, mean = 1", ylabel="interviews", xlim=(0, end))


def compare_margins(margins: pd.DataFrame) -> pd.DataFrame:
    """Return ``category, stage, percent``: weighted totals as per cent of the population's.

    Of many categories those that were farthest from their total before adjustment.

    Args:
        margins: ``margin, category, target, before, after``; may have no rows.
    """
    target = margins["target"].astype(float)
    percents = pd.DataFrame(
        {
            "category": margins["margin"].astype(str) + ": " + margins["category"].astype(str),
            **{stage: 100 * margins[stage].astype(float) / target for stage in COLUMNS},
        }
    )
    farthest = (percents["before"] - 100).abs().sort_values(ascending=False, kind="stable")
    percents = percents.loc[sorted(farthest.index[:MOST_MARGINS])]
    return percents.melt("category", var_name="stage", value_name="percent")


def draw_margins(axes: Axes, percents: pd.DataFrame) -> None:
    """Draw two dots for each category of a margin, before and after adjustment."""
    axes.axvline(100, color=GREY, linewidth=0.9)
    sns.scatterplot(
        data=percents, x="percent", y="category", hue="stage", style="stage",
        palette={"before": RUST, "after": TEAL}, markers={"before": "o", "after": "D"},
        s=18, linewidth=0.4, zorder=3, ax=axes,
    )  # fmt: skip
    axes.set(xlabel="per cent of the population's total", ylabel="")
    axes.set_ylim(len(percents) / len(COLUMNS) - 0.5, -0.5)
