"""Summarise how weights were made, in plain values for JSON (None, never NaN).

Response and its rates, the non-response adjustment, the calibration, the spread of the weights, and
differences of respondents from the population and the sample, before and after weighting.
"""

from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats
from disrupting_harm.survey.calibration.calibrate import MarginCalibration
from disrupting_harm.survey.calibration.raking import Targets
from disrupting_harm.survey.design.columns import among, coded_labels, rows_with
from disrupting_harm.survey.weighting import diagnostics as measure
from disrupting_harm.survey.weighting.nonresponse import NonresponseAdjustment
from disrupting_harm.survey.weighting.response_rates import ELIGIBLE, r_indicator, response_rates
from disrupting_harm.survey.weighting.settings import WeightingSettings
from disrupting_harm.survey.weighting.units import Units


def weighting_account(
    units: Units,
    adjustment: NonresponseAdjustment,
    respondents: pd.DataFrame,
    targets: Targets,
    margins: pd.DataFrame,
    stages: dict[str, np.ndarray],
    trimming: dict[str, Any],
    settings: WeightingSettings,
) -> dict[str, Any]:
    """Return the diagnostics of a finished weighting.

    Args:
        units: all sampled units.
        adjustment: the non-response adjustment.
        respondents: those with weights, columns of the sample.
        targets: margins with totals.
        margins: from ``diagnostics.margin_table``.
        stages: weights of the respondents at each step.
        trimming: what trimming says of itself.
        settings: what was asked for.
    """
    asked = settings.nonresponse_classes is not None
    # A supplied weight that is not adjusted is known of respondents only.
    base_weight = units.base if settings.weight is None or asked else None
    return {
        "weights_from": "supplied weight" if settings.weight else "selection probabilities",
        **_response(units, base_weight, asked),
        "response_rates_by_stratum": _rates_by_stratum(units, base_weight),
        "nonresponse": _nonresponse(adjustment, units.responded) if asked else None,
        "raking": _raking(margins, settings.calibration) if targets else None,
        "trimming": trimming,
        **_weights(stages),
        "bias": _bias(units, respondents, targets, stages),
        "notes": units.notes,
    }


def steps(stages: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return ``step, n, total, min, max, deff, n_eff``, one row per step of weighting."""
    rows = [{"step": step} | measure.weight_quality(weights) for step, weights in stages.items()]
    return pd.DataFrame(rows)[["step", "n", "total", "min", "max", "deff", "n_eff"]]


def _response(units: Units, base_weight: np.ndarray | None, adjusted: bool) -> dict[str, Any]:
    """Response rates and the R-indicator over the non-response classes before any collapse.

    Without dispositions nobody can tell what became of those who did not respond: rates are None.
    """
    plain = weighted = indicator = None
    if units.disposition is not None:
        plain = response_rates(units.disposition)
        if base_weight is not None:
            weighted = response_rates(units.disposition, base_weight)
        if base_weight is not None and adjusted:
            known = among(units.disposition, ELIGIBLE)
            indicator = r_indicator(
                units.responded[known], base_weight[known], units.class_number[known]
            )
    return {
        "n_sampled": int(units.responded.size),
        "n_respondents": int(units.responded.sum()),
        "response_rates": {"unweighted": plain, "base_weighted": weighted},
        "r_indicator": indicator,
    }


def _rates_by_stratum(units: Units, base_weight: np.ndarray | None) -> list[dict[str, Any]] | None:
    """Response rates RR1 to RR6 of each stratum; None without dispositions or strata.

    Rows are ``stratum, n_sampled, n_respondents, unweighted, base_weighted``.
    """
    if units.disposition is None or units.strata is None:
        return None
    rows = []
    for stratum in units.strata.categories:
        own = rows_with(units.strata, stratum)
        disposition = units.disposition[own]
        weighted = None if base_weight is None else _rates(disposition, base_weight[own])
        rows.append(
            {
                "stratum": str(stratum),
                "n_sampled": int(own.sum()),
                "n_respondents": int(units.responded[own].sum()),
                "unweighted": _rates(disposition, None),
                "base_weighted": weighted,
            }
        )
    return rows


def _rates(
    disposition: "pd.Categorical[str]", weights: np.ndarray | None
) -> dict[str, float | None]:
    rates = response_rates(disposition, weights)
    return {name: rate for name, rate in rates.items() if name.startswith("RR")}


def _nonresponse(adjustment: NonresponseAdjustment, responded: np.ndarray) -> dict[str, Any]:
    """Classes, collapses and the range of the factors."""
    factors = adjustment.factor[responded]
    return {
        "classes": len(adjustment.classes.unique()),
        "collapses": len(adjustment.collapses),
        "smallest_factor": float(factors.min()),
        "largest_factor": float(factors.max()),
        "model": adjustment.model,
    }


def _raking(margins: pd.DataFrame, calibration: MarginCalibration) -> dict[str, Any]:
    """Margins, the largest error that is left and the categories with few respondents."""
    return {
        "method": calibration.method,
        "bounds": list(calibration.bounds) if calibration.bounds else None,
        "margins": list(dict.fromkeys(margins["margin"])),
        "largest_relative_error": float(margins["relative_error"].abs().max()),
        "thin_categories": measure.thin_categories(margins),
    }


def _weights(stages: dict[str, np.ndarray]) -> dict[str, Any]:
    """Quality before and after, g-factors from the non-response adjusted to the final weights."""
    kept = ("before", "after_nonresponse", "after")
    described = {stage: measure.weight_quality(stages[stage]) for stage in kept}
    factors = measure.weight_ratio(stages["after"], stages["after_nonresponse"])
    return {
        "weights": described,
        "g_factors": measure.factor_quantiles(factors),
        "flags": measure.quality_flags(described["after"]),
    }


def _bias(
    units: Units, respondents: pd.DataFrame, targets: Targets, stages: dict[str, np.ndarray]
) -> list[dict[str, Any]]:
    """Compare shares of respondents with what is known of the population and of the sample.

    Returns:
        One row per category: ``auxiliary, category, reference`` (``margins``: the population's
        totals; ``sample``: base-weighted shares of all eligible units drawn), ``n``,
        ``reference_share``, the respondents' ``share_before``, ``share_after_nonresponse``,
        ``share_after``, and ``bias_before``, ``bias_after``, share less reference share.
    """
    rows = []
    for margin, target in targets.items():
        total = sum(target.values())
        shares = {category: goal / total for category, goal in target.items()}
        rows += _bias_rows(margin, "margins", shares, coded_labels(respondents, margin), stages)
    if units.disposition is None:
        return rows
    eligible = among(units.disposition, ELIGIBLE)
    weight: Floats = units.base[eligible]
    for name, found in units.classes.items():
        drawn = found[eligible]
        shares = {
            category: float(weight[rows_with(drawn, category)].sum() / weight.sum())
            for category in drawn.categories
            if rows_with(drawn, category).any()
        }
        rows += _bias_rows(name, "sample", shares, found[units.responded], stages)
    return rows


def _bias_rows(
    auxiliary: str,
    reference: str,
    shares: dict[str, float],
    found: "pd.Categorical[str]",
    stages: dict[str, np.ndarray],
) -> list[dict[str, Any]]:
    rows = []
    for category, share in shares.items():
        inside = rows_with(found, category)
        row: dict[str, Any] = {
            "auxiliary": auxiliary,
            "category": category,
            "reference": reference,
            "n": int(inside.sum()),
            "reference_share": float(share),
        }
        for stage in ("before", "after_nonresponse", "after"):
            weight: Floats = stages[stage]
            row[f"share_{stage}"] = float(weight[inside].sum() / weight.sum())
        row["bias_before"] = row["share_before"] - row["reference_share"]
        row["bias_after"] = row["share_after"] - row["reference_share"]
        rows.append(row)
    return rows
