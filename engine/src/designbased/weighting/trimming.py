"""Trim extreme weights, and rake them in turn."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from designbased.calibration.calibrate import RAKING, MarginCalibration
from designbased.calibration.raking import Targets, category_codes, margin_totals
from designbased.errors import InputError
from designbased.weighting.diagnostics import ratio_of_weights

Excess: TypeAlias = Literal["proportional", "equal"]

CAP_HOLDS = 1e-8
# A weight that stands this little above its cap stands on it.
IS_ABOVE = 1e-10


@dataclass(frozen=True)
class TrimmedWeights:
    """Trimmed weights, and which units were cut down to the cap."""

    weights: np.ndarray
    cut: np.ndarray


@dataclass(frozen=True)
class CalibratedTrim:
    """Weights that keep cap and margins, with the factors by which each step changed them."""

    weights: np.ndarray
    trim_factor: np.ndarray
    calibration_factor: np.ndarray
    cut: np.ndarray
    first_trim: np.ndarray
    rounds: int


def weight_caps(
    weights: np.ndarray,
    groups: np.ndarray,
    iqr_multiple: float | None = 5.0,
    median_ratio: float | None = None,
) -> np.ndarray:
    """Set the largest weight allowed in each group.

    The cap is ``median + iqr_multiple * IQR`` (Potter 1990; quartiles by linear interpolation) or
    ``median_ratio * median``, the smaller one when both are asked for. Weights of zero are left
    out of the median and the quartiles.

    Returns:
        One cap per unit.

    Raises:
        InputError: neither rule given, the interquartile range of a group is zero although its
            weights differ above the median, or a cap below the group's mean weight, which would
            lose weight.
    """
    if iqr_multiple is None and median_ratio is None:
        raise InputError("trimming", "no rule is given", "Set iqr_multiple or median_ratio")
    caps = np.empty(weights.size)
    for group in np.unique(groups):
        inside = groups == group
        caps[inside] = _group_cap(weights[inside], str(group), iqr_multiple, median_ratio)
    return caps


def _group_cap(
    weights: np.ndarray, group: str, iqr_multiple: float | None, median_ratio: float | None
) -> float:
    location = f"trimming, group '{group}'" if group else "trimming"
    positive = weights[weights > 0]
    if not positive.size:
        return 0.0
    lower, median, upper = np.quantile(positive, [0.25, 0.5, 0.75])
    caps = []
    if iqr_multiple is not None:
        if upper == lower and positive.max() > median:
            raise InputError(
                location,
                f"at least half of the weights equal {median:.6g}, so their interquartile range "
                "is zero",
                "Use median_ratio in place of iqr_multiple",
            )
        caps.append(median + iqr_multiple * (upper - lower))
    if median_ratio is not None:
        caps.append(median_ratio * median)
    cap = float(min(caps))
    if cap * positive.size < weights.sum():
        raise InputError(
            location,
            f"the cap {cap:.6g} is below the mean weight {weights.sum() / positive.size:.6g}",
            "Raise iqr_multiple or median_ratio, or trim in larger groups",
        )
    return cap


def trim(
    weights: np.ndarray, caps: np.ndarray, groups: np.ndarray, excess: Excess = "proportional"
) -> TrimmedWeights:
    """Cut weights down to their cap and give the excess to the others of the group.

    Where the excess lifts another weight above its cap, that is cut too. The total of each group
    is kept.

    Args:
        weights: (n,) weights, not negative.
        caps: (n,) the largest weight allowed for each unit.
        excess: ``"proportional"``, the weights not cut grow in proportion to their size;
            ``"equal"``, each positive one grows by the same (R ``trimWeights(strict = TRUE)``).

    Raises:
        InputError: a group whose weights cannot all stay below their caps.
    """
    trimmed, cut = weights.astype("float64"), np.zeros(weights.size, dtype=bool)
    for group in np.unique(groups):
        inside = groups == group
        trimmed[inside], cut[inside] = _trim_group(
            weights[inside], caps[inside], str(group), excess
        )
    return TrimmedWeights(trimmed, cut)


def _trim_group(
    weights: np.ndarray, caps: np.ndarray, group: str, excess: Excess
) -> tuple[np.ndarray, np.ndarray]:
    trimmed, cut = weights.copy(), np.zeros(weights.size, dtype=bool)
    while (is_above := trimmed > caps * (1 + IS_ABOVE)).any():
        cut |= is_above
        uncut = float(weights[~cut].sum())
        available = float(weights.sum() - caps[cut].sum())
        if available < 0 or uncut <= 0:
            raise InputError(
                f"trimming, group '{group}'" if group else "trimming",
                f"the weights add up to {weights.sum():.6g}, more than their caps can hold",
                "Raise iqr_multiple or median_ratio, or trim in larger groups",
            )
        if excess == "equal":
            growing = ~cut & (weights > 0)
            grown = weights + growing * (available - uncut) / growing.sum()
        else:
            grown = weights * (available / uncut)
        trimmed = np.where(cut, caps, grown)
    return trimmed, cut


def leave_untrimmed(weights: np.ndarray) -> CalibratedTrim:
    """Return the weights as they are, in the form of the trimmed ones."""
    ones = np.ones(weights.size)
    return CalibratedTrim(weights, ones, ones, np.zeros(weights.size, dtype=bool), weights, 0)


def trim_and_rake(
    weights: np.ndarray,
    caps: np.ndarray,
    groups: np.ndarray,
    table: pd.DataFrame,
    targets: Targets,
    max_rounds: int = 200,
    calibrate: MarginCalibration = RAKING,
    factor_so_far: np.ndarray | None = None,
) -> CalibratedTrim:
    """Trim and calibrate in turn until the cap and every margin hold (relative 1e-8 each).

    Args:
        weights: weights before trimming, already raked where there are margins.
        caps: the largest weight allowed for each unit; it stays the same in every round.
        table: the respondents with one column per margin.
        targets: from ``raking.margin_targets``; empty for trimming alone.
        max_rounds: rounds of trimming and raking.
        calibrate: the method of calibration, raking by default.
        factor_so_far: factors of the calibration before, which count towards bounds; ones by
            default.

    Raises:
        InputError: the caps and a margin cannot both hold; the error says which margin.
    """
    if targets:
        _require_room(weights, caps, table, targets)
    current = weights.astype("float64")
    trim_factor, calibration_factor = np.ones(current.size), np.ones(current.size)
    earlier = np.ones(current.size) if factor_so_far is None else factor_so_far
    cut, first_trim = np.zeros(current.size, dtype=bool), current
    for round_number in range(1, max_rounds + 1):
        trimmed = trim(current, caps, groups)
        cut |= trimmed.cut
        trim_factor *= ratio_of_weights(trimmed.weights, current)
        if round_number == 1:
            first_trim = trimmed.weights
        current = trimmed.weights
        if targets:
            current = calibrate(current, table, targets, earlier * calibration_factor)
        calibration_factor *= ratio_of_weights(current, trimmed.weights)
        if (current <= caps * (1 + CAP_HOLDS)).all():
            return CalibratedTrim(
                current, trim_factor, calibration_factor, cut, first_trim, round_number
            )
    margin, category, fill = _find_fullest_category(caps, table, targets, current)
    raise InputError(
        f"trimming and raking, margin '{margin}', category '{category}'",
        f"after {max_rounds} rounds of trimming and raking a weight still stands at "
        f"{np.max(current[caps > 0] / caps[caps > 0]):.4f} times its cap; this category needs "
        f"{fill:.0%} of what its caps can hold",
        "Raise iqr_multiple or median_ratio, or combine categories of this margin",
    )


def _require_room(
    weights: np.ndarray, caps: np.ndarray, table: pd.DataFrame, targets: Targets
) -> None:
    margin, category, fill = _find_fullest_category(caps, table, targets, weights)
    if fill > 1:
        raise InputError(
            f"trimming and raking, margin '{margin}', category '{category}'",
            f"the target {targets[margin][category]:.10g} is {fill:.4g} times what the "
            "respondents may carry under the cap",
            "Raise iqr_multiple or median_ratio, or combine this category with another",
        )


def _find_fullest_category(
    caps: np.ndarray, table: pd.DataFrame, targets: Targets, weights: np.ndarray
) -> tuple[str, str, float]:
    """Return the category that needs the largest share of what its caps can hold."""
    codes = category_codes(table, targets, weights)
    room = caps * (weights > 0)
    shares = [
        (margin, category, goal / capacity)
        for margin, target in targets.items()
        for (category, goal), capacity in zip(
            target.items(),
            margin_totals(room, codes[margin].to_numpy(), len(target)),
            strict=True,
        )
    ]
    return max(shares, key=lambda share: share[2])
