"""Make final weights from selection probabilities, by all steps that the settings ask for.

The steps, in order: base weight (or a supplied weight), non-response by class or propensity,
calibration to margins, then trimming and calibration in turn until the cap and the margins both
hold.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.raking import Targets, margin_targets
from disrupting_harm.survey.weighting.account import steps, weighting_account
from disrupting_harm.survey.weighting.diagnostics import margin_table
from disrupting_harm.survey.weighting.nonresponse import (
    NonresponseAdjustment,
    adjust_for_nonresponse,
    no_adjustment,
)
from disrupting_harm.survey.weighting.nonresponse_propensity import adjust_by_propensity
from disrupting_harm.survey.weighting.settings import WeightingSettings
from disrupting_harm.survey.weighting.trimming_step import trim_as_asked
from disrupting_harm.survey.weighting.units import Units, sampled_units


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
        settings: columns, rules and margins.
        margins: population totals, columns ``margin, category, total``; needed when the settings
            name margins.
        key_outcomes: indicators of the respondents in the order of the sample, NaN where an answer
            is not valid; needed when weights are trimmed by ``mse``.

    Raises:
        StudyError: bad input, limits that cannot be kept, or a margin that is missed. No weights
            leave in that case.
    """
    units = sampled_units(sample, settings)
    adjustment = _adjust(sample, units, settings)
    factor = adjustment.factor[units.responded]
    respondents = sample.loc[units.responded].reset_index(drop=True)
    targets = _targets(settings, margins)
    base = units.base[units.responded]
    adjusted = base * factor
    raked = settings.calibration(adjusted, respondents, targets) if targets else adjusted
    final, trimming = trim_as_asked(adjusted, raked, respondents, settings, targets, key_outcomes)
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
        weighting_account(
            units, adjustment, respondents, targets, table, stages, trimming, settings
        ),
        table,
        steps(stages),
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


def _adjust(
    sample: pd.DataFrame, units: Units, settings: WeightingSettings
) -> NonresponseAdjustment:
    if units.disposition is None or settings.nonresponse_classes is None:
        return no_adjustment(units.responded)
    drawn = (sample, units.base, units.household, units.disposition, units.responded)
    columns, limits = settings.nonresponse_classes, (settings.min_respondents, settings.max_factor)
    if settings.nonresponse_method == "propensity":
        return adjust_by_propensity(*drawn, columns, settings.propensity, *limits)
    return adjust_for_nonresponse(*drawn, columns, *limits)


def _targets(settings: WeightingSettings, margins: pd.DataFrame | None) -> Targets:
    if not settings.margins:
        return {}
    if margins is None:
        raise StudyError(
            "weighting settings, margins",
            f"raking to {', '.join(settings.margins)} is asked for but no totals are given",
            "Give the table of population margins",
        )
    return margin_targets(margins, settings.margins)
