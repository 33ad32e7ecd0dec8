"""Plots of estimates with their intervals."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from designbased.errors import InputError
from designbased.presentation.print_tables import format_estimates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Height of a row, and of what stands above and below them, in inches.
_ROW, _MARGIN, _WIDTH = 0.3, 1.0, 6.4


def plot_estimates(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    decimals: int = 1,
    units: Mapping[str, str] | None = None,
    axes: "Axes | None" = None,
) -> "Axes":
    """Draw each estimate of an indicator as a dot on its interval, the first row at the top.

    Args:
        table: as for :func:`.print_tables.format_estimates`, of one indicator; a row without an
            estimate has a name and no dot.
        labels, decimals, units: as there.
        axes: to draw on; None makes a figure of their own.

    Raises:
        InputError: a column is missing, or there are several indicators.
    """
    import matplotlib.pyplot as plt

    printed = format_estimates(table, labels, decimals=decimals, units=units)
    if len(set(printed.groups)) != 1:
        finding = f"{len(set(printed.groups))} indicators"
        raise InputError("table", finding, "Plot one at a time: each has an axis of its own")
    if axes is None:
        height = _MARGIN + _ROW * len(table)
        axes = plt.figure(figsize=(_WIDTH, height), layout="constrained").add_subplot()
    is_share = printed.cells["Estimate"].str.endswith("%").any()
    factor = 100.0 if is_share else 1.0
    estimate, low, high = (
        factor * table[name].to_numpy(float) for name in ("estimate", "ci_low", "ci_high")
    )
    position = np.arange(len(table))
    axes.hlines(position, low, high, color="0.55", linewidth=2)
    axes.plot(estimate, position, "o", color="0.1")
    for at, text in enumerate(printed.cells["Estimate"]):
        if not np.isnan(estimate[at]):
            axes.annotate(text, (high[at], at), (5, 0), textcoords="offset points", va="center")
    axes.set_yticks(position, printed.names)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlabel("per cent" if is_share else "")
    axes.set_title(printed.groups[0], loc="left")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.12)
    return axes
