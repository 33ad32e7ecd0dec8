"""Facts on the quality of one country's data, safe to print in the annex of its report.

Everything is rounded: shares and rates to three decimals, other numbers to three significant
digits, item non-response to whole per cent. Counts of dropped rows below ten are not published, nor
are the smallest and the largest weight, each of which is one child's.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.short_intervals import select_group_designs
from disrupting_harm.study.codebook.unasked import read_unasked_indicators
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.statuses import STATUSES

SMALLEST_COUNT = 10
FEWER = f"fewer than {SMALLEST_COUNT}"
# Of fewer children a rate of item non-response says more about them than about the question.
SMALLEST_UNIVERSE = 50


def describe_quality(
    *,
    country: str,
    simulated: bool,
    policy: str,
    estimation: Estimation,
    strata: int,
    psus: int,
    diagnostics: Mapping[str, Any],
    margins: pd.DataFrame,
    release: pd.DataFrame,
    levels: Mapping[str, Sequence[str]],
    item_answers: pd.DataFrame,
    item_nonresponse_from: float,
    imputed: Collection[str],
    dropped: pd.DataFrame,
) -> dict[str, Any]:
    """Return the content of ``quality.json``: plain values, None where not available.

    Args:
        strata: number of strata with interviewed children.
        psus: number of primary sampling units with interviewed children.
        diagnostics: those of ``survey.weighting.WeightResult``.
        margins: the table of margins of the same.
        item_answers: ``indicator, n_universe, n_valid, n_dont_know, n_prefer_not_to_say, n_lost,
            n_not_asked``.
        item_nonresponse_from: share of those asked without an answer from which an indicator is
            named.
        dropped: ``row, reason`` of rows left out.
    """
    nonresponse = diagnostics["nonresponse"]
    return {
        "country": country,
        "simulated": simulated,
        "interval": estimation.interval,
        "confidence": estimation.confidence,
        "reliability_policy": policy,
        "drawn": diagnostics["n_sampled"],
        "interviewed": diagnostics["n_respondents"],
        "strata": strata,
        "psus": psus,
        "response_rates": _describe_response_rates(diagnostics["response_rates"]["unweighted"]),
        "weights": _describe_weights(diagnostics),
        "margins": _describe_margins(margins),
        "nonresponse_collapses": nonresponse["collapses"] if nonresponse else 0,
        "groups": _describe_group_designs(release),
        "design_effects": _describe_design_effects(release),
        "item_nonresponse": _describe_item_nonresponse(
            item_answers, item_nonresponse_from, imputed
        ),
        "imputed": _describe_imputed(item_answers, imputed),
        "not_asked": list(read_unasked_indicators(item_answers)),
        "nobody_interviewed": find_levels_without_interviews(release, levels),
        "dropped_rows": _count_dropped_rows(dropped),
        "bounds": int(release["bound_high"].notna().sum()),
        "cells": {status: int((release["status"] == status).sum()) for status in STATUSES},
    }


def _describe_response_rates(
    rates: Mapping[str, float | None] | None,
) -> dict[str, float | None] | None:
    if rates is None:
        return None
    rate_names = [name for name in rates if name.startswith(("RR", "COOP"))]
    return {name.lower(): _round_share(rates[name]) for name in rate_names}


def _describe_weights(diagnostics: Mapping[str, Any]) -> dict[str, Any]:
    final, trimming = diagnostics["weights"]["after"], diagnostics["trimming"]
    return {
        "kish_deff": _round_significant(final["deff"]),
        "cv": _round_significant(final["cv"]),
        "largest_percent_share": _round_share(final["share_of_largest_1_percent"]),
        "trimmed_weights": trimming["trimmed"],
        "trimmed_share": _round_share(trimming["share_moved"]),
    }


def _describe_margins(margins: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for margin, rows_of_margin in margins.groupby("margin", sort=False):
        total = {
            stage: float(rows_of_margin[stage].sum()) for stage in ("target", "before", "after")
        }
        rows += [
            {
                "margin": str(margin),
                "category": str(row["category"]),
                **{f"{stage}_share": _round_share(row[stage] / total[stage]) for stage in total},
            }
            for _, row in rows_of_margin.iterrows()
        ]
    return rows


def _describe_group_designs(release: pd.DataFrame) -> list[dict[str, Any]]:
    """Return how the children of each group were sampled, from which its bounds follow."""
    return [
        {
            "domain": str(row["domain"]),
            "level": str(row["level"]),
            "kish_deff": float(row["group_kish"]),
            "psus": int(row["group_psus"]),
            "df": int(row["group_df"]),
        }
        for _, row in select_group_designs(release).iterrows()
    ]


def _describe_design_effects(release: pd.DataFrame) -> dict[str, Any]:
    """Of the national estimates that are shown; ``indicators`` says how many they are."""
    national = release[is_shown(release) & (release["domain"] == "total")]
    values = national["deff"].to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values)]
    return {**_summarise_values(values, _round_significant), "indicators": int(values.size)}


def _describe_item_nonresponse(
    item_answers: pd.DataFrame, named_from: float, imputed: Collection[str]
) -> dict[str, Any]:
    """Share without a valid answer among the children who were asked.

    ``high`` names the indicators from ``named_from`` on, in the codebook's order, that enough
    children left without an answer; not composites for which that is imputed.
    """
    rates, missing = _missing_rates(item_answers)
    high = rates[(rates >= named_from) & (missing[rates.index] >= SMALLEST_COUNT)]
    high = high[~high.index.isin(list(imputed))]
    summary = _summarise_values(rates.to_numpy(), lambda rate: round(rate, 2))
    highest = None if rates.empty else str(rates.idxmax())
    return {
        "median": summary["median"],
        "highest": summary["highest"],
        "highest_indicator": highest,
        "named_from": named_from,
        "high": [
            {"indicator": str(name), "share": round(float(rate), 2)} for name, rate in high.items()
        ],
    }


def _describe_imputed(
    item_answers: pd.DataFrame, composites: Collection[str]
) -> list[dict[str, Any]]:
    """Share of those asked whose answer to a composite is open, where enough of them are."""
    rates, missing = _missing_rates(item_answers)
    reported = rates[rates.index.isin(list(composites)) & (missing[rates.index] >= SMALLEST_COUNT)]
    return [
        {"indicator": str(name), "share": round(float(rate), 2)} for name, rate in reported.items()
    ]


def _missing_rates(item_answers: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[int]]":
    """Return by indicator the share without a valid answer, where enough were asked; the counts."""
    counts = item_answers.set_index("indicator")
    missing = counts[["n_dont_know", "n_prefer_not_to_say", "n_lost"]].sum(axis=1)
    n_asked = missing + counts["n_valid"]
    return (missing / n_asked)[n_asked >= SMALLEST_UNIVERSE].astype(float), missing


def find_levels_without_interviews(
    release: pd.DataFrame, levels: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Return the levels of each domain in which nobody was interviewed, where there are any."""
    present = set(zip(release["domain"], release["level"], strict=True))
    empty = {
        domain: [level for level in level_names if (domain, level) not in present]
        for domain, level_names in levels.items()
    }
    return {domain: empty_levels for domain, empty_levels in empty.items() if empty_levels}


def _count_dropped_rows(dropped: pd.DataFrame) -> list[dict[str, Any]]:
    counts = dropped.groupby("reason").size()
    return [
        {"reason": str(reason), "count": int(count) if count >= SMALLEST_COUNT else FEWER}
        for reason, count in counts.items()
    ]


def _summarise_values(
    values: np.ndarray, round_value: Callable[[float], float]
) -> dict[str, float | None]:
    if values.size == 0:
        return {"lowest": None, "median": None, "highest": None}
    summary = {"lowest": values.min(), "median": np.median(values), "highest": values.max()}
    return {name: round_value(float(value)) for name, value in summary.items()}


def _round_share(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 3)


def _round_significant(value: float) -> float:
    return float(f"{value:.3g}")
