"""Who was drawn and not interviewed: why, in each stratum, and in how many primary units."""

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.diagnostics.style import place_legend
from disrupting_harm.report.drawing.style import MID, RUST, TEAL, TINT
from disrupting_harm.study.microdata.sample import RESPONDENTS

OUTCOMES = {
    "refusal": "refusal",
    "non_contact": "no contact",
    "other": "other",
    "unknown_eligibility": "unknown whether eligible",
}
COLOURS = dict(zip(OUTCOMES.values(), (RUST, TINT, TEAL, MID), strict=True))
MOST_STRATA = 14
CLASS = 10  # per cent


def share_outcomes(sample: pd.DataFrame) -> pd.DataFrame:
    """Return ``stratum, outcome, percent`` of those drawn, the worst strata first.

    Without rows where no outcome of contacts is recorded. Who was not eligible does not count.

    Args:
        sample: ``stratum`` and, where recorded, ``disposition``.
    """
    if "disposition" not in sample:
        return pd.DataFrame(columns=["stratum", "outcome", "percent"])
    drawn = sample[sample["disposition"] != "ineligible"].astype({"stratum": str})
    shares = 100 * pd.crosstab(drawn["stratum"], drawn["disposition"], normalize="index")
    shares = shares.reindex(columns=list(OUTCOMES), fill_value=0.0).rename(columns=OUTCOMES)
    shares = shares.rename_axis(columns="outcome")
    worst = shares.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_STRATA]
    return shares.loc[worst].reset_index().melt("stratum", value_name="percent")


def draw_outcomes(axes: Axes, shares: pd.DataFrame) -> None:
    """Draw a bar for each stratum, divided by the outcome of the contact."""
    draw_divided_bars(axes, shares, COLOURS)
    axes.set(xlabel="per cent of those drawn", ylabel="")


def draw_divided_bars(axes: Axes, shares: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Draw a bar for each row name, divided into parts in the order of ``colours``.

    Args:
        shares: row name, part, per cent, in columns of any name.
    """
    name, part, percent = shares.columns
    sns.histplot(
        data=shares, y=name, weights=percent, hue=part, hue_order=list(colours)[::-1],
        palette=dict(colours), multiple="stack", shrink=0.72, alpha=1, edgecolor="white",
        linewidth=0.4, ax=axes,
    )  # fmt: skip
    # The first part stands next to the names; seaborn begins with the last one.
    place_legend(axes, reverse=True)


def compute_unit_rates(sample: pd.DataFrame) -> pd.DataFrame:
    """Return ``stratum, psu, percent`` interviewed of those drawn in each primary unit."""
    if "disposition" not in sample:
        return pd.DataFrame(columns=["stratum", "psu", "percent"])
    drawn = sample[sample["disposition"] != "ineligible"]
    interviewed = drawn["disposition"].isin(RESPONDENTS)
    units = [drawn[column].astype(str) for column in ("stratum", "psu")]
    return (100.0 * interviewed.groupby(units).mean()).rename("percent").reset_index()


def draw_unit_rates(axes: Axes, rates: pd.DataFrame) -> None:
    """Draw how many primary units have which response rate."""
    sns.histplot(
        data=rates, x="percent", bins=list(range(0, 100 + CLASS, CLASS)), color=TINT, alpha=1,
        edgecolor="white", linewidth=0.4, ax=axes,
    )  # fmt: skip
    axes.set(xlabel="per cent interviewed of those drawn", ylabel="units", xlim=(0, 100))
