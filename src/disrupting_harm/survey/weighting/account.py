"""Give account of how weights were made, as plain values for JSON (None, never NaN)."""

from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.survey.calibration.calibrate import MarginCalibration
from disrupting_harm.survey.weighting import diagnostics as measure
from disrupting_harm.survey.weighting.nonresponse import NonresponseAdjustment
from disrupting_harm.survey.weighting.response_rates import ELIGIBLE, r_indicator, response_rates


def of_response(
    disposition: np.ndarray | None,
    responded: np.ndarray,
    base_weight: np.ndarray | None,
    class_cells: np.ndarray | None,
) -> dict[str, Any]:
    """Response rates and the R-indicator.

    Args:
        disposition: final disposition per sampled unit; None makes every rate None, because
            without it nobody can tell what became of those who did not respond.
        responded: True for those who get a weight.
        base_weight: None makes the weighted rates None.
        class_cells: non-response class per unit before any collapse; None leaves the R-indicator
            out.
    """
    plain = weighted = indicator = None
    if disposition is not None:
        plain = response_rates(disposition)
        if base_weight is not None:
            weighted = response_rates(disposition, base_weight)
        if base_weight is not None and class_cells is not None:
            known = np.isin(disposition, ELIGIBLE)
            indicator = r_indicator(responded[known], base_weight[known], class_cells[known])
    return {
        "n_sampled": int(responded.size),
        "n_respondents": int(responded.sum()),
        "response_rates": {"unweighted": plain, "base_weighted": weighted},
        "r_indicator": indicator,
    }


def of_nonresponse(adjustment: NonresponseAdjustment, responded: np.ndarray) -> dict[str, Any]:
    """Classes, collapses and the range of the factors."""
    factors = adjustment.factor[responded]
    return {
        "classes": len(set(adjustment.classes.tolist())),
        "collapses": len(adjustment.collapses),
        "smallest_factor": float(factors.min()),
        "largest_factor": float(factors.max()),
        "model": adjustment.model,
    }


def of_raking(margins: pd.DataFrame, calibration: MarginCalibration) -> dict[str, Any]:
    """Margins, the largest error that is left and the categories with few respondents."""
    return {
        "method": calibration.method,
        "bounds": list(calibration.bounds) if calibration.bounds else None,
        "margins": list(dict.fromkeys(margins["margin"])),
        "largest_relative_error": float(margins["relative_error"].abs().max()),
        "thin_categories": measure.thin_categories(margins),
    }


def of_weights(stages: dict[str, np.ndarray]) -> dict[str, Any]:
    """Quality before and after, g-factors from the non-response adjusted to the final weights."""
    kept = ("before", "after_nonresponse", "after")
    described = {stage: measure.weight_quality(stages[stage]) for stage in kept}
    factors = measure.weight_ratio(stages["after"], stages["after_nonresponse"])
    return {
        "weights": described,
        "g_factors": measure.factor_quantiles(factors),
        "flags": measure.quality_flags(described["after"]),
    }


def steps(stages: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return ``step, n, total, min, max, deff, n_eff``, one row per step of weighting."""
    rows = [{"step": step} | measure.weight_quality(weights) for step, weights in stages.items()]
    return pd.DataFrame(rows)[["step", "n", "total", "min", "max", "deff", "n_eff"]]
