"""From selection probabilities to final weights: one orchestrating function and its settings.

The steps, in order: base weight (or a supplied weight), non-response by class or propensity,
calibration to margins, then trimming and calibration in turn until the cap and the margins both
hold.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.raking import Targets, margin_targets
from disrupting_harm.survey.design.columns import cells, require_ids
from disrupting_harm.survey.weighting import account
from disrupting_harm.survey.weighting import diagnostics as measure
from disrupting_harm.survey.weighting.base_weights import selection_weights, supplied_weights
from disrupting_harm.survey.weighting.bias import bias_table, rates_by_stratum
from disrupting_harm.survey.weighting.nonresponse import (
    NonresponseAdjustment,
    adjust_for_nonresponse,
    no_adjustment,
)
from disrupting_harm.survey.weighting.nonresponse_propensity import adjust_by_propensity
from disrupting_harm.survey.weighting.response_rates import ELIGIBLE, dispositions
from disrupting_harm.survey.weighting.settings import WeightingSettings
from disrupting_harm.survey.weighting.trimming_step import trim_as_asked


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


@dataclass(frozen=True)
class _Start:
    """The sample before any adjustment, one entry per row."""

    disposition: np.ndarray | None
    responded: np.ndarray
    household: np.ndarray
    base: np.ndarray
    notes: list[str]


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
    start = _start(sample, settings)
    adjustment = _adjust(sample, start, settings)
    respondents = sample.loc[start.responded].reset_index(drop=True)
    targets = _targets(settings, margins)
    base = start.base[start.responded]
    adjusted = base * adjustment.factor[start.responded]
    raked = settings.calibration(adjusted, respondents, targets) if targets else adjusted
    final, trimming = trim_as_asked(adjusted, raked, respondents, settings, targets, key_outcomes)
    stages = {
        "before": base,
        "after_nonresponse": adjusted,
        "after_raking": raked,
        "after_trimming": final.first_trim,
        "after": final.weights,
    }
    table = measure.margin_table(respondents, targets, stages)
    weights = pd.DataFrame(
        {
            "child_id": respondents[settings.id_column],
            "base_weight": base,
            "nonresponse_factor": adjustment.factor[start.responded],
            "trimmed": final.cut,
            "trim_factor": final.trim_factor,
            "calibration_factor": final.calibration_factor,
            "weight": final.weights,
        }
    )
    asked, classes = settings.nonresponse_classes is not None, None
    if settings.nonresponse_classes is not None:
        classes = cells(sample, settings.nonresponse_classes)
    every_row_weighted = settings.weight is None or asked
    diagnostics = {
        "weights_from": "supplied weight" if settings.weight else "selection probabilities",
        **account.of_response(
            start.disposition,
            start.responded,
            start.base if every_row_weighted else None,
            classes,
        ),
        "nonresponse": account.of_nonresponse(adjustment, start.responded) if asked else None,
        "response_rates_by_stratum": rates_by_stratum(
            sample, start.disposition, start.base if every_row_weighted else None, settings
        ),
        "raking": account.of_raking(table, settings.calibration) if targets else None,
        "trimming": trimming,
        **account.of_weights(stages),
        "bias": bias_table(sample, respondents, start.base, stages, settings, targets),
        "notes": start.notes,
    }
    units = pd.DataFrame(
        {
            "child_id": sample[settings.id_column],
            "disposition": "complete" if start.disposition is None else start.disposition,
            "responded": start.responded,
            "household_weight": start.household,
            "base_weight": start.base,
            "nonresponse_class": adjustment.classes,
        }
    )
    return WeightResult(
        weights, diagnostics, table, account.steps(stages), adjustment.collapses, units
    )


def _start(sample: pd.DataFrame, settings: WeightingSettings) -> _Start:
    require_ids(sample, settings.id_column)
    name = settings.disposition_column
    disposition = dispositions(sample, name) if name in sample.columns else None
    responded = (
        np.full(len(sample), True)
        if disposition is None
        else np.isin(disposition, settings.respondent_dispositions)
    )
    _require_response(disposition, responded, settings)
    selection = (
        settings.psu_probability,
        settings.household_probability,
        settings.eligible_children,
    )
    notes: list[str] = []
    if settings.weight is not None and selection == (None, None, None):
        adjusting = settings.nonresponse_classes is not None
        needed = np.full(len(sample), True) if adjusting else responded
        base, notes = supplied_weights(sample, settings.weight, needed, positive=adjusting)
        household = base
    elif settings.weight is None and None not in selection:
        known = responded if disposition is None else np.isin(disposition, ELIGIBLE)
        psu, within, children = (str(column_name) for column_name in selection)
        household, base = selection_weights(
            sample, psu, within, children, known, settings.eligible_cap
        )
    else:
        raise StudyError(
            "weighting settings",
            "the base weight must come either from one weight column or from all three "
            f"selection columns; named are weight={settings.weight}, selection={selection}",
            "Name weight alone, or psu_probability, household_probability and eligible_children",
        )
    return _Start(disposition, responded, household, base, notes)


def _require_response(
    disposition: np.ndarray | None, responded: np.ndarray, settings: WeightingSettings
) -> None:
    where = f"sample, column '{settings.disposition_column}'"
    if not set(settings.respondent_dispositions) <= {"complete", "partial"}:
        raise StudyError(
            "weighting settings, respondent_dispositions",
            f"it names {', '.join(settings.respondent_dispositions)}",
            "Only complete and partial interviews can be given a weight",
        )
    if not responded.any():
        raise StudyError(where, "no respondent", "Check the dispositions")
    if disposition is None:
        if settings.nonresponse_classes is not None:
            raise StudyError(
                where,
                "the column is missing, so non-response cannot be adjusted for",
                "Add the dispositions or set nonresponse_classes to None",
            )
        return
    missed = int((~responded & (disposition != "ineligible")).sum())
    if missed and settings.nonresponse_classes is None and settings.weight is None:
        raise StudyError(
            where,
            f"{missed} sampled children did not respond, but no adjustment is asked for",
            "Set nonresponse_classes to the class columns, or to () for one class",
        )


def _adjust(
    sample: pd.DataFrame, start: _Start, settings: WeightingSettings
) -> NonresponseAdjustment:
    if start.disposition is None or settings.nonresponse_classes is None:
        return no_adjustment(start.responded)
    drawn = (sample, start.base, start.household, start.disposition, start.responded)
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
