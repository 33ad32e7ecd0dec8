"""How much too high are the figures that are shown? Against the true values of the simulated study.

    python benchmarks/selection.py results        after `make run`, about a minute

Cells on violence below the national level and above it, grouped by the chance that a cell of this
size and true share is shown (`disrupting_harm.planning.planner`): share shown, mean error of
shown figures, and coverage of their intervals. Then the same errors by exact sums, over designs.
"""

import argparse
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from disrupting_harm.planning.planner import CHANCES, ReleaseRule
from disrupting_harm.publication.release import is_shown
from disrupting_harm.study.study import Study, load_study

KEYS = ["indicator", "domain", "level"]
GROUPS = [0, 0.2, 0.5, 0.8, 0.95, 1.01]
SIZES, EFFECTS, DF = (120, 160, 240, 320, 500, 800, 1000), (1.0, 1.3, 1.6, 2.0, 2.5), 88.0


def cells_of(study: Study, restricted: Path) -> pd.DataFrame:
    """Return the cells of sensitive shares of all countries, with their truth and their chance."""
    wanted = [
        entry.id
        for entry in study.codebook.indicators
        if entry.sensitive and entry.statistic == "proportion" and entry.recall != "last_time"
    ]
    parts = []
    for code in study.codes:
        truth = pd.read_parquet(restricted / "simulated" / code / "truth.parquet")
        released = pd.read_parquet(restricted / "release" / f"{code}.parquet")
        parts.append(released.merge(truth[[*KEYS, "truth"]], on=KEYS))
    cells = pd.concat(parts, ignore_index=True)
    cells = cells[cells["indicator"].isin(wanted) & (cells["truth"] > 0) & (cells["n"] >= 20)]
    # The design effect of one small cell is mostly noise.
    effect = cells.groupby(["country", "domain"])["deff"].transform("median").clip(lower=1).round(1)
    rules = study.config.publication

    @cache
    def rule(n: int, deff: float, df: float) -> ReleaseRule:
        return ReleaseRule.from_policy(n, deff, df, rules.reliability, rules.disclosure.min_count)

    chance = [
        rule(int(n), float(deff), max(float(df), 1.0)).chance_of_showing(p)
        for n, deff, df, p in zip(cells["n"], effect, cells["df"], cells["truth"], strict=True)
    ]
    held = (cells["ci_low"] <= cells["truth"]) & (cells["truth"] <= cells["ci_high"])
    return cells.assign(chance=chance, shown_now=is_shown(cells), held=held)


def summary(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row per group of chances."""
    groups = pd.cut(cells["chance"], GROUPS, right=False)
    rows = {}
    for group, own in cells.groupby(groups, observed=True):
        shown = own[own["shown_now"]]
        rows[str(group)] = {
            "cells": len(own),
            "shown": len(shown),
            "error of shown, %": 100 * (shown["estimate"].sum() / shown["truth"].sum() - 1),
            "error of all, %": 100 * (own["estimate"].sum() / own["truth"].sum() - 1),
            "intervals that hold, %": 100 * shown["held"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").round(1)


def expected_errors() -> pd.DataFrame:
    """Return the smallest and largest relative error where a cell is shown with each chance."""
    found: dict[str, list[float]] = {f"{100 * chance:g} %": [] for chance in CHANCES}
    for n, deff in product(SIZES, EFFECTS):
        rule = ReleaseRule.from_policy(n, deff, DF, "nchs2017", 10)
        for chance in CHANCES:
            share = rule.share_with_chance(chance)
            if share > 0:
                mean, _ = rule.describe_shown(share)
                found[f"{100 * chance:g} %"].append(100 * (mean / share - 1))
    return pd.DataFrame({name: np.quantile(v, [0, 0.5, 1]) for name, v in found.items()}).round(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    cells = cells_of(load_study(Path("config/config.yaml")), options.results / "restricted")
    print(f"All {len(cells):,} cells; error of all of them: "
          f"{100 * (cells['estimate'].sum() / cells['truth'].sum() - 1):.1f} %")  # fmt: skip
    print(summary(cells).to_string())
    print("\nBy sex and age")
    print(summary(cells[cells["domain"] == "sex_age"]).to_string())
    print("\nExpected error where a cell is shown with a chance of (least, middle, most), %")
    print(expected_errors().to_string(index=False))


if __name__ == "__main__":
    main()
