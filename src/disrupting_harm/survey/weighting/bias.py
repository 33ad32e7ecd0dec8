"""How far respondents differ from those they stand for, before and after weighting."""

from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.survey.calibration.raking import Targets
from disrupting_harm.survey.design.columns import labels
from disrupting_harm.survey.weighting.response_rates import ELIGIBLE, response_rates
from disrupting_harm.survey.weighting.settings import WeightingSettings


def bias_table(
    sample: pd.DataFrame,
    respondents: pd.DataFrame,
    base_weight: np.ndarray,
    stages: dict[str, np.ndarray],
    settings: WeightingSettings,
    targets: Targets,
) -> list[dict[str, Any]]:
    """Compare shares of respondents with what is known of the population and of the sample.

    Args:
        sample: all sampled units.
        respondents: those with weights.
        base_weight: weight per sampled unit.
        stages: weights of the respondents ``before``, ``after_nonresponse`` and ``after``.
        settings: names margins, non-response classes and the disposition.
        targets: margins with totals.

    Returns:
        One row per category: ``auxiliary, category, reference`` (``margins``: the population's
        totals; ``sample``: base-weighted shares of all eligible units drawn), ``n``,
        ``reference_share``, the respondents' ``share_before``, ``share_after_nonresponse``,
        ``share_after``, and ``bias_before``, ``bias_after``, share less reference share.
    """
    rows = []
    for margin, target in targets.items():
        found, total = labels(respondents, margin), sum(target.values())
        shares = {category: goal / total for category, goal in target.items()}
        rows += _rows(margin, "margins", shares, found, stages)
    frame_columns = settings.nonresponse_classes or ()
    if settings.disposition_column in sample.columns:
        eligible = np.isin(labels(sample, settings.disposition_column), ELIGIBLE)
        for name in frame_columns:
            drawn = labels(sample, name)[eligible]
            weight = base_weight[eligible]
            shares = {
                str(category): float(weight[drawn == category].sum() / weight.sum())
                for category in np.unique(drawn)
            }
            rows += _rows(name, "sample", shares, labels(respondents, name), stages)
    return rows


def _rows(
    auxiliary: str,
    reference: str,
    shares: dict[str, float],
    found: np.ndarray,
    stages: dict[str, np.ndarray],
) -> list[dict[str, Any]]:
    rows = []
    for category, share in shares.items():
        inside = found == category
        row: dict[str, Any] = {
            "auxiliary": auxiliary,
            "category": category,
            "reference": reference,
            "n": int(inside.sum()),
            "reference_share": float(share),
        }
        for stage in ("before", "after_nonresponse", "after"):
            weight = stages[stage]
            row[f"share_{stage}"] = float(weight[inside].sum() / weight.sum())
        row["bias_before"] = row["share_before"] - row["reference_share"]
        row["bias_after"] = row["share_after"] - row["reference_share"]
        rows.append(row)
    return rows


def rates_by_stratum(
    sample: pd.DataFrame,
    disposition: np.ndarray | None,
    base_weight: np.ndarray | None,
    settings: WeightingSettings,
) -> list[dict[str, Any]] | None:
    """Response rates RR1 to RR6 in each stratum, unweighted and with base weights.

    Returns:
        Rows ``stratum, n_sampled, n_respondents, unweighted, base_weighted``; None without
        dispositions or strata.
    """
    if disposition is None or settings.stratum_column is None:
        return None
    strata = labels(sample, settings.stratum_column)
    rows = []
    for stratum in np.unique(strata):
        own = strata == stratum
        weighted = None if base_weight is None else _rates(disposition[own], base_weight[own])
        rows.append(
            {
                "stratum": str(stratum),
                "n_sampled": int(own.sum()),
                "n_respondents": int(
                    np.isin(disposition[own], settings.respondent_dispositions).sum()
                ),
                "unweighted": _rates(disposition[own], None),
                "base_weighted": weighted,
            }
        )
    return rows


def _rates(disposition: np.ndarray, weights: np.ndarray | None) -> dict[str, float | None]:
    rates = response_rates(disposition, weights)
    return {name: rate for name, rate in rates.items() if name.startswith("RR")}
