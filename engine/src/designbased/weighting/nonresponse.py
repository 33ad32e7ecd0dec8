"""Non-response adjustment by weighting class, with thin classes collapsed by a stated rule."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Integers
from designbased.calibration.raking import margin_totals
from designbased.design.lonely_psus import number_profiles
from designbased.design.table_columns import Labels, is_among, read_label_codes
from designbased.errors import InputError
from designbased.weighting.response_rates import ELIGIBLE

STATUS_CODES = ("rr", "nr", "in", "uk")
COLLAPSE_COLUMNS = [
    "order",
    "collapsed_class",
    "into_class",
    "reason",
    "respondents",
    "factor",
    "respondents_after",
    "factor_after",
]


@dataclass(frozen=True)
class NonresponseAdjustment:
    """Factors per sampled unit (0 for those who did not respond), final classes and collapses.

    ``model`` describes the response model where there is one, as plain values for JSON.
    """

    factor: np.ndarray
    classes: "pd.Categorical[str]"
    collapses: pd.DataFrame
    model: dict[str, Any] | None = None


@dataclass
class _WeightingClass:
    """One class while it is being collapsed; sums of weights, households where it says so."""

    keys: list[tuple[str, ...]]
    respondents: int
    responding: float
    eligible: float
    known_households: float
    all_households: float

    @property
    def label(self) -> str:
        return " + ".join(" × ".join(key) or "all" for key in sorted(self.keys))

    @property
    def response(self) -> float:
        """Weighted response rate, rounded so that the order of rows cannot decide a tie."""
        if self.eligible <= 0 or self.known_households <= 0:
            return 0.0
        known_share = self.known_households / self.all_households
        return round(self.responding / self.eligible * known_share, 12)

    @property
    def factor(self) -> float:
        return 1 / self.response if self.response > 0 else np.inf

    def shared_columns(self, other: "_WeightingClass") -> int:
        """How many leading class columns have the same value, at best over the members."""
        return max(_count_common_columns(a, b) for a in self.keys for b in other.keys)

    def absorb(self, other: "_WeightingClass") -> None:
        self.keys = sorted(self.keys + other.keys)
        self.respondents += other.respondents
        self.responding += other.responding
        self.eligible += other.eligible
        self.known_households += other.known_households
        self.all_households += other.all_households


def _count_common_columns(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    return next((k for k, (x, y) in enumerate(zip(a, b, strict=True)) if x != y), len(a))


def keep_base_weights(responded: np.ndarray) -> NonresponseAdjustment:
    """Keep the base weights of the respondents as they are."""
    return NonresponseAdjustment(
        responded.astype("float64"),
        pd.Categorical.from_codes(np.zeros(responded.size, dtype=np.int8), pd.Index(["all"])),
        pd.DataFrame(columns=COLLAPSE_COLUMNS),
    )


def adjust_for_nonresponse(
    sample: pd.DataFrame,
    base_weight: np.ndarray,
    household_weight: np.ndarray,
    disposition: Labels,
    responded: np.ndarray,
    class_columns: tuple[str, ...],
    min_respondents: int = 20,
    max_factor: float = 3.0,
) -> NonresponseAdjustment:
    """Adjust the base weights of the respondents for those who did not respond.

    In class c the factor is ``u_c * r_c``. ``u_c`` is the sum of household weights of all units
    over that of units whose eligibility is known: it is taken on households because nobody knows
    how many eligible children live where nobody was screened. ``r_c`` is the sum of base weights
    of the eligible over that of the respondents.

    Collapsing rule: while a class has fewer than ``min_respondents`` respondents or a factor
    above ``max_factor``, the one with the fewest respondents (then the largest factor, then the
    first by label) joins its nearest class, which is the one that shares the most leading class
    columns, then has the closest weighted response rate, then comes first by label.

    Args:
        sample: one row per sampled unit with the class columns.
        base_weight: weight of the child, ``household_weight * eligible children``.
        disposition: one of the words in ``response_rates.DISPOSITIONS`` per unit.
        responded: True for those who get a final weight.
        class_columns: from the most to the least important; empty for one class.

    Raises:
        InputError: a missing class value, or limits that fail with all classes in one.
    """
    eligible = is_among(disposition, ELIGIBLE)
    unknown = disposition == "unknown_eligibility"
    if not (unknown.any() or (eligible & ~responded).any()):
        return keep_base_weights(responded)
    cell, keys = _cross_class_columns(sample, class_columns)
    by_cell = [
        np.bincount(cell, weights=amount)
        for amount in (
            responded,
            base_weight * responded,
            base_weight * eligible,
            household_weight * ~unknown,
            household_weight,
        )
    ]
    groups = [
        _WeightingClass([key], int(count), *sums)
        for key, count, *sums in zip(keys, *by_cell, strict=True)
    ]
    collapses = _collapse_thin_classes(groups, min_respondents, max_factor)
    number = {key: k for k, group in enumerate(groups) for key in group.keys}
    classes = np.array([number[key] for key in keys], dtype="int64")[cell]
    class_labels = pd.Index([group.label for group in groups], dtype="str")
    return NonresponseAdjustment(
        class_factors(base_weight, household_weight, classes, disposition, responded),
        pd.Categorical.from_codes(classes, class_labels),
        pd.DataFrame(collapses, columns=COLLAPSE_COLUMNS),
    )


def _cross_class_columns(
    sample: pd.DataFrame, class_columns: tuple[str, ...]
) -> tuple[Integers, list[tuple[str, ...]]]:
    """Return the (n,) class of each unit among the sorted ones, and the labels of each of these."""
    columns = [read_label_codes(sample, name) for name in class_columns]
    cell, *of_cells = number_profiles(len(sample), [codes for codes, _ in columns])
    labels = [
        labels_of_column[codes_of_cells].tolist()
        for codes_of_cells, (_, labels_of_column) in zip(of_cells, columns, strict=True)
    ]
    keys = list(zip(*labels, strict=True)) or [()]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return np.argsort(order)[cell], [keys[index] for index in order]


def _collapse_thin_classes(
    groups: list[_WeightingClass], min_respondents: int, max_factor: float
) -> list[tuple[object, ...]]:
    """Collapse in place until every class keeps both limits; return one row per collapse."""
    rows: list[tuple[object, ...]] = []
    while thin := [g for g in groups if g.respondents < min_respondents or g.factor > max_factor]:
        thinnest = min(thin, key=lambda g: (g.respondents, -g.factor, g.label))
        reason = (
            f"fewer than {min_respondents} respondents"
            if thinnest.respondents < min_respondents
            else f"factor above {max_factor:g}"
        )
        candidates = [g for g in groups if g is not thinnest]
        if not candidates:
            raise InputError(
                "sample, non-response adjustment",
                f"{reason} with all classes in one: {thinnest.respondents} respondents, "
                f"factor {thinnest.factor:.4g}",
                "Check the dispositions; if they are right, set min_respondents or max_factor "
                "to what the study accepts",
            )
        nearest = min(
            candidates,
            key=lambda g: (
                -g.shared_columns(thinnest),
                abs(g.response - thinnest.response),
                g.label,
            ),
        )
        before = (
            thinnest.label,
            nearest.label,
            reason,
            thinnest.respondents,
            _finite_or_none(thinnest.factor),
        )
        nearest.absorb(thinnest)
        groups.remove(thinnest)
        rows.append((len(rows) + 1, *before, nearest.respondents, _finite_or_none(nearest.factor)))
    return rows


def _finite_or_none(factor: float) -> float | None:
    return float(factor) if np.isfinite(factor) else None


def class_factors(
    base_weight: np.ndarray,
    household_weight: np.ndarray,
    classes: np.ndarray,
    disposition: Labels,
    responded: np.ndarray,
) -> np.ndarray:
    """Compute ``u_c * r_c`` for respondents and 0 for all others (see above)."""
    eligible, status = status_of_children(disposition, responded)
    unknown_factor = eligibility_factors(household_weight, classes, disposition)
    adjusted = redistribute_weights(base_weight[eligible], classes[eligible], status)
    factor = np.zeros(base_weight.size)
    factor[eligible] = adjusted / base_weight[eligible]
    return np.where(responded, factor * unknown_factor, 0.0)


def eligibility_factors(
    household_weight: np.ndarray, classes: np.ndarray, disposition: Labels
) -> np.ndarray:
    """Compute ``u_c`` for each unit of known eligibility, 0 where it is unknown."""
    status = status_of_households(disposition)
    factors: np.ndarray = redistribute_weights(household_weight, classes, status) / household_weight
    return factors


def status_of_children(disposition: Labels, responded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which units are eligible, and the status of these: ``rr`` or ``nr``."""
    eligible = is_among(disposition, ELIGIBLE)
    return eligible, np.where(responded[eligible], "rr", "nr")


def status_of_households(disposition: Labels) -> np.ndarray:
    """Return ``uk`` where eligibility is unknown, ``rr`` for the eligible, ``in`` for the rest."""
    eligible, unknown = is_among(disposition, ELIGIBLE), disposition == "unknown_eligibility"
    return np.select([unknown, eligible], ["uk", "rr"], "in")


def redistribute_weights(
    weights: np.ndarray, classes: np.ndarray, status: np.ndarray
) -> np.ndarray:
    """Hand the weight of unknown and non-responding units to the others of their class.

    In each class, unknown units give their weight to all known ones, then non-respondents give
    theirs to the respondents (weighting-class adjustment; Valliant & Dever 2018, chapter 3).

    Args:
        weights: one weight per sampled unit.
        classes: class number per unit.
        status: ``rr`` respondent, ``nr`` non-respondent, ``in`` ineligible, ``uk`` unknown.

    Returns:
        Adjusted weights; 0 for ``nr`` and ``uk``.

    Raises:
        InputError: a status outside the four, or a class without respondents.
    """
    weights = np.asarray(weights, dtype="float64")
    adjusted: np.ndarray = weights * _class_factors(weights, classes, status)
    return adjusted


def _class_factors(weights: np.ndarray, classes: np.ndarray, status: np.ndarray) -> np.ndarray:
    by_status = {code: status == code for code in STATUS_CODES}
    unknown_status = ~np.any(list(by_status.values()), axis=0)
    for code in sorted(set(status[unknown_status].tolist())):
        raise InputError("sample, response status", f"unknown status '{code}'", "Use rr nr in uk")
    code, distinct_classes = pd.factorize(classes, sort=True)
    total = {
        s: margin_totals(weights * has_status, code, len(distinct_classes))
        for s, has_status in by_status.items()
    }
    for name in distinct_classes[total["rr"] <= 0]:
        raise InputError(
            f"sample, non-response class '{name}'",
            "the class has no respondent with a positive weight",
            "Collapse the class with another one",
        )
    known_weight = total["rr"] + total["nr"] + total["in"]
    unknown_factor = (known_weight + total["uk"]) / known_weight
    response_factor = (total["rr"] + total["nr"]) / total["rr"]
    factors = np.zeros(weights.size)
    factors[by_status["in"]] = unknown_factor[code[by_status["in"]]]
    factors[by_status["rr"]] = (unknown_factor * response_factor)[code[by_status["rr"]]]
    return factors
