"""Design effects of all estimates of a country, by domain."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.drawing.style import GREY, RUST, TEAL

SMALLEST_CELL = 30  # interviews: design effects of smaller cells are mostly noise


def select_design_effects(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return ``indicator, domain, level, deff`` of cells of 30 interviews or more."""
    has_effect = estimates["deff"].notna() & (estimates["n"] >= SMALLEST_CELL)
    return estimates.loc[has_effect, ["indicator", "domain", "level", "deff"]]


def draw_design_effects(axes: Axes, design_effects: pd.DataFrame) -> None:
    """Draw a stroke for each estimate in the row of its domain, and a diamond at their median."""
    axes.axvline(1, color=GREY, linewidth=0.9)
    sns.stripplot(
        data=design_effects, x="deff", y="domain", jitter=False, marker="|", s=7, linewidth=0.5,
        color=TEAL, alpha=0.4, ax=axes,
    )  # fmt: skip
    medians = design_effects.groupby("domain", sort=False)["deff"].median().reset_index()
    sns.scatterplot(
        data=medians, x="deff", y="domain", marker="D", s=18, color=RUST, linewidth=0.4, zorder=4,
        ax=axes,
    )  # fmt: skip
    axes.set(xlabel="design effect; diamond: median", ylabel="", xlim=(0, None))
