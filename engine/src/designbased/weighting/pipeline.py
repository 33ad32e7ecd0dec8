"""Make final weights from selection probabilities, by all steps that the settings ask for.

The steps, in order: base weight (or a supplied weight), non-response by class or propensity,
calibration to margins, then trimming and calibration in turn until the cap and the margins both
hold.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.calibration.calibrate import MarginCalibration
from designbased.calibration.raking import Targets, margin_targets
from designbased.design.table_columns import has_label, is_among, read_categories
from designbased.errors import InputError
from designbased.weighting import diagnostics as measure
from designbased.weighting.diagnostics import margin_table
from designbased.weighting.nonresponse import (
    NonresponseAdjustment,
    adjust_for_nonresponse,
    keep_base_weights,
)
from designbased.weighting.nonresponse_propensity import adjust_by_propensity
from designbased.weighting.response_rates import ELIGIBLE, compute_response_rates, r_indicator
from designbased.weighting.sampled_units import SampledUnits, read_sampled_units
from designbased.weighting.settings import WeightingSettings
from designbased.weighting.trimming_step import trim_by_settings

# Summarise how weights were made, in plain values for JSON (None, never NaN).
#
# Response and its rates, the non-response adjustment, the calibration, the spread of the weights,
# and differences of respondents from the population and the sample, before and after weighting.


def describe_weighting(
    units: SampledUnits,
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
        respondents: those with weights, columns of the sample.
        targets: margins with totals.
        margins: from ``diagnostics.margin_table``.
        stages: weights of the respondents at each step.
        trimming: what trimming says of itself.
    """
    is_adjusted = settings.nonresponse_classes is not None
    # A supplied weight that is not adjusted is known of respondents only.
    base_weight = units.base if settings.weight is None or is_adjusted else None
    return {
        "weights_from": "supplied weight" if settings.weight else "selection probabilities",
        **_describe_response(units, base_weight, is_adjusted),
        "response_rates_by_stratum": _describe_strata(units, base_weight),
        "nonresponse": _describe_nonresponse(adjustment, units.responded) if is_adjusted else None,
        "raking": _describe_calibration(margins, settings.calibration) if targets else None,
        "trimming": trimming,
        **_describe_weights(stages),
        "bias": _compare_respondents(units, respondents, targets, stages),
        "notes": units.notes,
    }


def describe_steps(stages: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return ``step, n, total, min, max, deff, n_eff``, one row per step of weighting."""
    rows = [{"step": step} | measure.weight_quality(weights) for step, weights in stages.items()]
    return pd.DataFrame(rows)[["step", "n", "total", "min", "max", "deff", "n_eff"]]


def _describe_response(
    units: SampledUnits, base_weight: np.ndarray | None, adjusted: bool
) -> dict[str, Any]:
    """Response rates and the R-indicator over the non-response classes before any collapse.

    Without dispositions nobody can tell what became of those who did not respond: rates are None.
    """
    unweighted = weighted = indicator = None
    if units.disposition is not None:
        unweighted = compute_response_rates(units.disposition)
        if base_weight is not None:
            weighted = compute_response_rates(units.disposition, base_weight)
        if base_weight is not None and adjusted:
            eligible = is_among(units.disposition, ELIGIBLE)
            indicator = r_indicator(
                units.responded[eligible], base_weight[eligible], units.class_number[eligible]
            )
    return {
        "n_sampled": int(units.responded.size),
        "n_respondents": int(units.responded.sum()),
        "response_rates": {"unweighted": unweighted, "base_weighted": weighted},
        "r_indicator": indicator,
    }


def _describe_strata(
    units: SampledUnits, base_weight: np.ndarray | None
) -> list[dict[str, Any]] | None:
    """Response rates RR1 to RR6 of each stratum; None without dispositions or strata.

    Rows are ``stratum, n_sampled, n_respondents, unweighted, base_weighted``.
    """
    if units.disposition is None or units.strata is None:
        return None
    rows = []
    for stratum in units.strata.categories:
        in_stratum = has_label(units.strata, stratum)
        disposition = units.disposition[in_stratum]
        weighted = None if base_weight is None else _rr_rates(disposition, base_weight[in_stratum])
        rows.append(
            {
                "stratum": str(stratum),
                "n_sampled": int(in_stratum.sum()),
                "n_respondents": int(units.responded[in_stratum].sum()),
                "unweighted": _rr_rates(disposition, None),
                "base_weighted": weighted,
            }
        )
    return rows


def _rr_rates(
    disposition: "pd.Categorical[str]", weights: np.ndarray | None
) -> dict[str, float | None]:
    rates = compute_response_rates(disposition, weights)
    return {name: rate for name, rate in rates.items() if name.startswith("RR")}


def _describe_nonresponse(
    adjustment: NonresponseAdjustment, responded: np.ndarray
) -> dict[str, Any]:
    """Classes, collapses and the range of the factors."""
    factors = adjustment.factor[responded]
    return {
        "classes": len(adjustment.classes.unique()),
        "collapses": len(adjustment.collapses),
        "smallest_factor": float(factors.min()),
        "largest_factor": float(factors.max()),
        "model": adjustment.model,
    }


def _describe_calibration(margins: pd.DataFrame, calibration: MarginCalibration) -> dict[str, Any]:
    """Margins, the largest error that is left and the categories with few respondents."""
    return {
        "method": calibration.method,
        "bounds": list(calibration.bounds) if calibration.bounds else None,
        "margins": list(dict.fromkeys(margins["margin"])),
        "largest_relative_error": float(margins["relative_error"].abs().max()),
        "thin_categories": measure.list_thin_categories(margins),
    }


def _describe_weights(stages: dict[str, np.ndarray]) -> dict[str, Any]:
    """Quality before and after, g-factors from the non-response adjusted to the final weights."""
    stage_names = ("before", "after_nonresponse", "after")
    quality = {stage: measure.weight_quality(stages[stage]) for stage in stage_names}
    factors = measure.ratio_of_weights(stages["after"], stages["after_nonresponse"])
    return {
        "weights": quality,
        "g_factors": measure.factor_quantiles(factors),
        "flags": measure.quality_flags(quality["after"]),
    }


def _compare_respondents(
    units: SampledUnits, respondents: pd.DataFrame, targets: Targets, stages: dict[str, np.ndarray]
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
        rows += _compare_categories(
            margin, "margins", shares, read_categories(respondents, margin), stages
        )
    if units.disposition is None:
        return rows
    eligible = is_among(units.disposition, ELIGIBLE)
    weight: Floats = units.base[eligible]
    for name, labels in units.classes.items():
        eligible_labels = labels[eligible]
        shares = {
            category: float(weight[has_label(eligible_labels, category)].sum() / weight.sum())
            for category in eligible_labels.categories
            if has_label(eligible_labels, category).any()
        }
        rows += _compare_categories(name, "sample", shares, labels[units.responded], stages)
    return rows


def _compare_categories(
    auxiliary: str,
    reference: str,
    shares: dict[str, float],
    labels: "pd.Categorical[str]",
    stages: dict[str, np.ndarray],
) -> list[dict[str, Any]]:
    rows = []
    for category, share in shares.items():
        inside = has_label(labels, category)
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


@dataclass(frozen=True)
class WeightResult:
    """The weights of the respondents and how they came about.

    Attributes:
        weights: ``child_id, base_weight, nonresponse_factor, trimmed, trim_factor,
            calibration_factor, weight``; the weight is the product of the base weight and the
            three factors. Rows in the order of the sample.
        diagnostics: plain values ready for JSON, None for what is not computable.
        margins: ``margin, category, n, target, before, after_nonresponse, after_raking,
            after_trimming, after, relative_error``.
        steps: ``step, n, total, min, max, deff, n_eff`` of the respondents' weights.
        collapses: one row per collapse of non-response classes.
        units: every sampled unit before any adjustment, rows in the order of the sample:
            ``child_id, disposition, responded, household_weight, base_weight,
            nonresponse_class``.
    """

    weights: pd.DataFrame
    diagnostics: dict[str, Any]
    margins: pd.DataFrame
    steps: pd.DataFrame
    collapses: pd.DataFrame
    units: pd.DataFrame


def build_weights(
    sample: pd.DataFrame,
    settings: WeightingSettings,
    margins: pd.DataFrame | None = None,
    key_outcomes: pd.DataFrame | None = None,
) -> WeightResult:
    """Build the final weights of the respondents.

    Args:
        sample: one row per sampled child, non-respondents included, with the disposition of each
            (one of ``response_rates.DISPOSITIONS``). Without a disposition column every row is
            taken as a respondent, non-response cannot be adjusted for and response rates are
            not computable (None).
        margins: population totals, columns ``margin, category, total``; needed when the settings
            name margins.
        key_outcomes: indicators of the respondents in the order of the sample, NaN where an answer
            is not valid; needed when weights are trimmed by ``mse``.

    Raises:
        InputError: bad input, limits that cannot be kept, or a margin that is missed. No weights
            leave in that case.
    """
    units = read_sampled_units(sample, settings)
    adjustment = _adjust_for_nonresponse(sample, units, settings)
    factor = adjustment.factor[units.responded]
    respondents = sample.loc[units.responded].reset_index(drop=True)
    targets = _read_targets(settings, margins)
    base = units.base[units.responded]
    adjusted = base * factor
    raked = settings.calibration(adjusted, respondents, targets) if targets else adjusted
    final, trimming = trim_by_settings(
        adjusted, raked, respondents, settings, targets, key_outcomes
    )
    stages = {
        "before": base,
        "after_nonresponse": adjusted,
        "after_raking": raked,
        "after_trimming": final.first_trim,
        "after": final.weights,
    }
    weights = pd.DataFrame(
        {
            "child_id": respondents[settings.id_column],
            "base_weight": base,
            "nonresponse_factor": factor,
            "trimmed": final.cut,
            "trim_factor": final.trim_factor,
            "calibration_factor": final.calibration_factor,
            "weight": final.weights,
        }
    )
    table = margin_table(respondents, targets, stages)
    return WeightResult(
        weights,
        describe_weighting(
            units, adjustment, respondents, targets, table, stages, trimming, settings
        ),
        table,
        describe_steps(stages),
        adjustment.collapses,
        pd.DataFrame(
            {
                "child_id": sample[settings.id_column],
                "disposition": "complete" if units.disposition is None else units.disposition,
                "responded": units.responded,
                "household_weight": units.household,
                "base_weight": units.base,
                "nonresponse_class": adjustment.classes,
            }
        ),
    )


def _adjust_for_nonresponse(
    sample: pd.DataFrame, units: SampledUnits, settings: WeightingSettings
) -> NonresponseAdjustment:
    if units.disposition is None or settings.nonresponse_classes is None:
        return keep_base_weights(units.responded)
    sampled = (sample, units.base, units.household, units.disposition, units.responded)
    columns, limits = settings.nonresponse_classes, (settings.min_respondents, settings.max_factor)
    if settings.nonresponse_method == "propensity":
        return adjust_by_propensity(*sampled, columns, settings.propensity, *limits)
    return adjust_for_nonresponse(*sampled, columns, *limits)


def _read_targets(settings: WeightingSettings, margins: pd.DataFrame | None) -> Targets:
    if not settings.margins:
        return {}
    if margins is None:
        raise InputError(
            "weighting settings, margins",
            f"raking to {', '.join(settings.margins)} is asked for but no totals are given",
            "Give the table of population margins",
        )
    return margin_targets(margins, settings.margins)
