"""Trim weights by the rule that the settings name, and record what was done."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.calibration.raking import Targets
from designbased.design.table_columns import cross_labels, read_labels
from designbased.errors import InputError
from designbased.weighting import diagnostics as measure
from designbased.weighting.settings import WeightingSettings
from designbased.weighting.trimming import (
    CalibratedTrim,
    leave_untrimmed,
    trim_and_rake,
    weight_caps,
)
from designbased.weighting.trimming_mse import mse_cap
from designbased.weighting.trimming_rules import contribution_caps, fixed_caps


def trim_by_settings(
    adjusted: np.ndarray,
    raked: np.ndarray,
    respondents: pd.DataFrame,
    settings: WeightingSettings,
    targets: Targets,
    key_outcomes: pd.DataFrame | None = None,
) -> tuple[CalibratedTrim, dict[str, Any]]:
    """Trim where the settings demand it; return the weights and an account of what was done.

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
    account: dict[str, Any] = {
        "method": settings.trim_method,
        "iqr_multiple": settings.trim_iqr_multiple,
        "median_ratio": settings.trim_median_ratio,
        "groups": list(settings.trim_groups),
        "above_deff": limit,
        "deff_before": deff,
    }
    calibrated_so_far = measure.ratio_of_weights(raked, adjusted)
    final, caps = leave_untrimmed(raked), {}
    if not _has_rule(settings):
        account |= {"applied": False, "reason": "no trimming rule is set"}
    elif limit is not None and deff <= limit:
        account |= {"applied": False, "reason": f"the design effect is not above {limit:g}"}
    else:
        groups = cross_labels(respondents, settings.trim_groups)
        cap, rule_account = _caps_by_rule(raked, groups, respondents, settings, key_outcomes)
        final = trim_and_rake(
            raked, cap, groups, respondents, targets, 200, settings.calibration, calibrated_so_far
        )
        largest = {str(g) or "all": float(cap[groups == g][0]) for g in np.unique(groups)}
        caps = {group: value if np.isfinite(value) else None for group, value in largest.items()}
        account |= {"applied": True, "reason": None} | rule_account
    account |= {
        "caps": caps,
        "trimmed": int(final.cut.sum()),
        "share_moved": measure.share_moved(raked, final.weights),
        "rounds": final.rounds,
    }
    return replace(final, calibration_factor=final.calibration_factor * calibrated_so_far), account


def _has_rule(settings: WeightingSettings) -> bool:
    if settings.trim_method == "iqr":
        return settings.trim_iqr_multiple is not None or settings.trim_median_ratio is not None
    return settings.trim_method != "none"


def _caps_by_rule(
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
    location = "weighting settings, trim_method 'mse'"
    if key_outcomes is None or settings.stratum_column is None or settings.psu_column is None:
        raise InputError(
            location,
            "key outcomes, stratum_column and psu_column are not all given",
            "Give the three: errors are estimated for key indicators under the design",
        )
    if settings.trim_groups:
        raise InputError(
            location, "it sets one cap for all, but trim_groups are named", "Name none"
        )
    strata, psus = (
        read_labels(respondents, c) for c in (settings.stratum_column, settings.psu_column)
    )
    trimming = mse_cap(weights, key_outcomes, strata, psus)
    curve = trimming.curve.astype(object).where(np.isfinite(trimming.curve), None)
    rule_account = {
        "key_indicators": list(key_outcomes.columns),
        "mse_curve": curve.to_dict("records"),
    }
    return np.full(weights.size, trimming.cap), rule_account
