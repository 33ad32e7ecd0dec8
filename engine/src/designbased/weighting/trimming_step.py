"""Trim weights by the rule that the settings name, and record what was done."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.calibration.raking import Targets
from designbased.design.table_columns import cells, labels
from designbased.errors import InputError
from designbased.weighting import diagnostics as measure
from designbased.weighting.settings import WeightingSettings
from designbased.weighting.trimming import TrimmedAndRaked, trim_and_rake, untrimmed, weight_caps
from designbased.weighting.trimming_mse import mse_cap
from designbased.weighting.trimming_rules import contribution_caps, fixed_caps


def trim_as_asked(
    adjusted: np.ndarray,
    raked: np.ndarray,
    respondents: pd.DataFrame,
    settings: WeightingSettings,
    targets: Targets,
    key_outcomes: pd.DataFrame | None = None,
) -> tuple[TrimmedAndRaked, dict[str, Any]]:
    """Trim where the settings ask for it; return the weights and an account of what was done.

    Args:
        adjusted: (n,) weights before any calibration.
        raked: (n,) weights calibrated once.
        respondents: n rows with the columns that the settings name.
        settings: the rule, its numbers and the calibration.
        targets: margins to be kept.
        key_outcomes: (n, K) indicators for the rule ``mse``.

    Raises:
        InputError: the rule lacks what it needs, or caps and margins cannot both hold.
    """
    deff, limit = measure.kish_deff(raked), settings.trim_above_deff
    done: dict[str, Any] = {
        "method": settings.trim_method,
        "iqr_multiple": settings.trim_iqr_multiple,
        "median_ratio": settings.trim_median_ratio,
        "groups": list(settings.trim_groups),
        "above_deff": limit,
        "deff_before": deff,
    }
    first = measure.weight_ratio(raked, adjusted)
    final, caps = untrimmed(raked), {}
    if not _has_rule(settings):
        done |= {"applied": False, "reason": "no trimming rule is set"}
    elif limit is not None and deff <= limit:
        done |= {"applied": False, "reason": f"the design effect is not above {limit:g}"}
    else:
        groups = cells(respondents, settings.trim_groups)
        cap, how = _caps(raked, groups, respondents, settings, key_outcomes)
        final = trim_and_rake(
            raked, cap, groups, respondents, targets, 200, settings.calibration, first
        )
        largest = {str(g) or "all": float(cap[groups == g][0]) for g in np.unique(groups)}
        caps = {group: value if np.isfinite(value) else None for group, value in largest.items()}
        done |= {"applied": True, "reason": None} | how
    done |= {
        "caps": caps,
        "trimmed": int(final.cut.sum()),
        "share_moved": measure.share_moved(raked, final.weights),
        "rounds": final.rounds,
    }
    return replace(final, calibration_factor=final.calibration_factor * first), done


def _has_rule(settings: WeightingSettings) -> bool:
    if settings.trim_method == "iqr":
        return settings.trim_iqr_multiple is not None or settings.trim_median_ratio is not None
    return settings.trim_method != "none"


def _caps(
    weights: np.ndarray,
    groups: np.ndarray,
    respondents: pd.DataFrame,
    settings: WeightingSettings,
    key_outcomes: pd.DataFrame | None,
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """(n,) caps, and what the account says of the rule."""
    if settings.trim_method == "contribution":
        multiple = settings.trim_contribution
        return contribution_caps(weights, groups, multiple), {"contribution": multiple}
    if settings.trim_method == "fixed":
        if settings.trim_cap is None:
            raise InputError("weighting settings, trim_cap", "it is missing", "Give the cap")
        return fixed_caps(weights, groups, settings.trim_cap), {}
    if settings.trim_method == "mse":
        return _mse_caps(weights, respondents, settings, key_outcomes)
    rules = settings.trim_iqr_multiple, settings.trim_median_ratio
    return weight_caps(weights, groups, *rules), {}


def _mse_caps(
    weights: np.ndarray,
    respondents: pd.DataFrame,
    settings: WeightingSettings,
    key_outcomes: pd.DataFrame | None,
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    where = "weighting settings, trim_method 'mse'"
    if key_outcomes is None or settings.stratum_column is None or settings.psu_column is None:
        raise InputError(
            where,
            "key outcomes, stratum_column and psu_column are not all given",
            "Give the three: errors are estimated for key indicators under the design",
        )
    if settings.trim_groups:
        raise InputError(where, "it sets one cap for all, but trim_groups are named", "Name none")
    strata, psus = (labels(respondents, c) for c in (settings.stratum_column, settings.psu_column))
    chosen = mse_cap(weights, key_outcomes, strata, psus)
    curve = chosen.curve.astype(object).where(np.isfinite(chosen.curve), None)
    how = {"key_indicators": list(key_outcomes.columns), "mse_curve": curve.to_dict("records")}
    return np.full(weights.size, chosen.cap), how
