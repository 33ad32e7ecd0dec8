"""The cap with the smallest estimated mean squared error over key indicators (Potter 1990).

Trimming lowers the variance of estimates and adds bias. For the mean ȳ_t under cap t and ȳ without
a cap,

    mse(t) = (ȳ_t - ȳ)² - v(ȳ_t - ȳ) + v(ȳ_t),

where ``(ȳ_t - ȳ)² - v(ȳ_t - ȳ)`` estimates the squared bias and v is the linearised design variance
with PSUs drawn with replacement. Each indicator's curve is divided by its mse without a cap,
``v(ȳ)``, and the curves are averaged, so that no indicator counts more for its units.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.design.deviations import scaled_deviations
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.weighting.trimming import trim

CANDIDATES = 20


@dataclass(frozen=True, eq=False)
class MseTrimming:
    """The chosen cap and the curve it was chosen from.

    Attributes:
        cap: the cap with the smallest mean relative mse; infinite where no cap is better.
        curve: one row per candidate, first the one without a cap: ``cap, trimmed,
            mean_relative_mse``, then ``estimate`` and ``mse`` of each indicator as
            ``estimate: name``, ``mse: name``.
    """

    cap: float
    curve: pd.DataFrame


def candidate_caps(weights: np.ndarray, number: int = CANDIDATES) -> NDArray[np.float64]:
    """Give caps from the largest weight down to twice the median, evenly on the log scale.

    The largest itself, which trims nothing, is left out, and so is what is below the mean.
    """
    positive = weights[weights > 0]
    lowest = max(2 * float(np.median(positive)), 1.05 * float(positive.mean()))
    if positive.max() <= lowest:
        return np.empty(0)
    caps: NDArray[np.float64] = np.geomspace(positive.max(), lowest, number + 1)[1:]
    return caps


def mse_cap(
    weights: np.ndarray,
    outcomes: pd.DataFrame,
    stratum: np.ndarray,
    psu: np.ndarray,
    caps: np.ndarray | None = None,
) -> MseTrimming:
    """Choose the cap of all weights by estimated mean squared error.

    Args:
        weights: (n,) weights before trimming.
        outcomes: (n, K) key indicators; NaN where an answer is not valid.
        stratum: (n,) stratum of each respondent.
        psu: (n,) PSU of each respondent, nested in strata.
        caps: candidates; :func:`candidate_caps` by default.

    Returns:
        The chosen cap, of candidates that tie the largest, and the curve.

    Raises:
        InputError: no indicator, one without variance, or a candidate below the mean weight.
    """
    design = SurveyDesign.from_frame(
        pd.DataFrame({"weight": weights, "stratum": stratum, "psu": psu}), lonely_psu="centre"
    )
    values = _read_indicators(outcomes, len(weights))
    caps = candidate_caps(weights) if caps is None else np.sort(np.asarray(caps, "float64"))[::-1]
    uncapped, uncapped_score = _estimate_means(values, weights)
    uncapped_variance = _variance_of_scores(design, uncapped_score)
    for name, variance in zip(outcomes.columns, uncapped_variance, strict=True):
        if not variance > 0:
            finding = "its estimate has no variance"
            raise InputError(f"key indicator '{name}'", finding, "Leave it out")
    rows = [_format_curve_row(np.inf, 0, outcomes, uncapped, uncapped_variance, uncapped_variance)]
    one_group = np.full(len(weights), "")
    for cap in caps:
        trimmed = trim(weights, np.full(len(weights), cap), one_group)
        mean, score = _estimate_means(values, trimmed.weights)
        bias = (mean - uncapped) ** 2 - _variance_of_scores(design, score - uncapped_score)
        mse = bias + _variance_of_scores(design, score)
        rows.append(
            _format_curve_row(cap, int(trimmed.cut.sum()), outcomes, mean, mse, uncapped_variance)
        )
    curve = pd.DataFrame(rows)
    best = int(np.argmin(curve["mean_relative_mse"].to_numpy().round(12)))
    return MseTrimming(float(curve["cap"].iloc[best]), curve)


def _read_indicators(outcomes: pd.DataFrame, rows: int) -> NDArray[np.float64]:
    if outcomes.shape[1] == 0:
        raise InputError("trimming by mse", "no key indicator is given", "Name one or more")
    if len(outcomes) != rows:
        finding = f"{len(outcomes)} rows of indicators for {rows} weights"
        raise InputError("trimming by mse", finding, "Give both the same rows in the same order")
    return outcomes.to_numpy(dtype="float64", na_value=np.nan)


def _estimate_means(
    values: np.ndarray, weights: np.ndarray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(K,) means and (n, K) weighted linearised scores."""
    valid = ~np.isnan(values)
    answers = np.where(valid, values, 0.0)
    total = weights @ valid
    with np.errstate(invalid="ignore"):
        mean = (weights @ answers) / total
        return mean, weights[:, np.newaxis] * np.where(valid, answers - mean, 0.0) / total


def _variance_of_scores(design: SurveyDesign, scores: np.ndarray) -> NDArray[np.float64]:
    totals = np.zeros((design.n_psus, scores.shape[1]))
    np.add.at(totals, design.psu, scores)
    variance: NDArray[np.float64] = (scaled_deviations(design, totals) ** 2).sum(axis=0)
    return variance


def _format_curve_row(
    cap: float,
    trimmed: int,
    outcomes: pd.DataFrame,
    mean: np.ndarray,
    mse: np.ndarray,
    uncapped_variance: np.ndarray,
) -> dict[str, float]:
    row: dict[str, float] = {
        "cap": float(cap),
        "trimmed": trimmed,
        "mean_relative_mse": float((mse / uncapped_variance).mean()),
    }
    for name, estimate, error in zip(outcomes.columns, mean, mse, strict=True):
        row |= {f"estimate: {name}": float(estimate), f"mse: {name}": float(error)}
    return row
