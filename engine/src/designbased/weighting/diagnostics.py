"""Measure the quality of survey weights: spread, effective size, factors, margins, flags.

Everything returned as a dictionary holds plain numbers and None, never NaN, so that it can be
written as JSON.
"""

import numpy as np
import pandas as pd

from designbased.calibration.raking import Targets, category_codes, margin_totals

DEFF_LIMITS = (1.5, 2.5)
"""Kish design effect: green up to the first, amber up to the second, red above."""

TOP_SHARE_LIMITS = (0.05, 0.10)
"""Share of the total weight held by the largest 1 % of weights; limits read as above."""

THIN_CATEGORY = 30


def kish_deff(weights: np.ndarray) -> float:
    """Design effect of unequal weighting, ``n Σw² / (Σw)² = 1 + CV²`` (Kish 1965, 1992)."""
    return weights.size * float((weights**2).sum()) / float(weights.sum()) ** 2


def share_of_largest_weights(weights: np.ndarray, fraction: float = 0.01) -> float:
    """Share of the total weight held by the largest ``fraction`` of units (at least one unit)."""
    count = max(1, int(np.ceil(round(fraction * weights.size, 9))))
    largest = np.partition(weights, -count)[-count:]
    return float(largest.sum()) / float(weights.sum())


def weight_quality(weights: np.ndarray) -> dict[str, float | int]:
    """Describe a set of weights; ``cv`` has the divisor n, so that ``deff = 1 + cv²``."""
    deff = kish_deff(weights)
    return {
        "n": int(weights.size),
        "total": float(weights.sum()),
        "min": float(weights.min()),
        "median": float(np.median(weights)),
        "mean": float(weights.mean()),
        "max": float(weights.max()),
        "cv": float(weights.std() / weights.mean()),
        "deff": deff,
        "n_eff": float(weights.size / deff),
        "share_of_largest_1_percent": share_of_largest_weights(weights),
    }


def factor_quantiles(factors: np.ndarray) -> dict[str, float]:
    """Describe calibration factors g = w / d, scaled to mean 1 so that only their spread shows."""
    scaled = factors / factors.mean()
    return {
        "min": float(scaled.min()),
        "p01": float(np.quantile(scaled, 0.01)),
        "median": float(np.median(scaled)),
        "p99": float(np.quantile(scaled, 0.99)),
        "max": float(scaled.max()),
        "cv": float(scaled.std()),
    }


def ratio_of_weights(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Ratio of two sets of weights, 1 where a weight is zero and so stays zero."""
    ratio: np.ndarray = np.divide(after, before, out=np.ones(after.size), where=before > 0)
    return ratio


def share_moved(before: np.ndarray, after: np.ndarray) -> float:
    """Share of the total weight that changed hands: ``½ Σ|after - before| / Σ before``.

    Both sets of weights must have one total, as they have before and after trimming.
    """
    return float(np.abs(after - before).sum() / (2 * before.sum()))


def traffic_light(value: float, limits: tuple[float, float]) -> str:
    """Return green, amber or red; a value on a limit takes the better colour."""
    return "green" if value <= limits[0] else "amber" if value <= limits[1] else "red"


def quality_flags(quality: dict[str, float | int]) -> dict[str, str]:
    """Return the traffic lights of a :func:`weight_quality` result."""
    return {
        "deff": traffic_light(quality["deff"], DEFF_LIMITS),
        "share_of_largest_1_percent": traffic_light(
            quality["share_of_largest_1_percent"], TOP_SHARE_LIMITS
        ),
    }


def margin_table(
    table: pd.DataFrame, targets: Targets, stages: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Compare margin totals with their targets at each stage of weighting.

    Args:
        table: the respondents with one column per margin.
        targets: from ``raking.margin_targets``.
        stages: name of the stage -> weights, in order; the last one is called ``after``.

    Returns:
        ``margin, category, n, target``, one column per stage, ``relative_error`` (signed, of the
        stage ``after``).
    """
    columns = ["margin", "category", "n", "target", *stages, "relative_error"]
    tables = [pd.DataFrame(columns=columns)]
    codes = category_codes(table, targets, stages["after"]) if targets else pd.DataFrame()
    for margin, target in targets.items():
        code, n_categories = codes[margin].to_numpy(), len(target)
        margin_rows = pd.DataFrame({"margin": margin, "category": list(target)})
        margin_rows["n"] = np.bincount(code, minlength=n_categories)
        margin_rows["target"] = list(target.values())
        for stage, weights in stages.items():
            margin_rows[stage] = margin_totals(weights, code, n_categories)
        margin_rows["relative_error"] = margin_rows["after"] / margin_rows["target"] - 1
        tables.append(margin_rows)
    return pd.concat(tables[1:], ignore_index=True) if targets else tables[0]


def list_thin_categories(margins: pd.DataFrame) -> list[str]:
    """Name the margin categories with fewer than 30 respondents, as ``margin: category (n)``."""
    thin = margins[margins["n"] < THIN_CATEGORY]
    return [f"{row.margin}: {row.category} ({row.n})" for row in thin.itertuples()]
