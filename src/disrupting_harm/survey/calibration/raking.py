"""The one door to samplics: non-response adjustment, post-stratification and raking.

samplics is no longer maintained and some of its faults are silent, so nothing that it returns is
believed: each function here recomputes what the answer must satisfy and raises when it does not.
To replace samplics, replace the three calls in this file. What is guarded against:

* ``rake`` returns without a word when it has not converged, and by default stops at margins that
  are 1e-4 off: tight limits go in and every margin is added up again here;
* ``normalize`` and ``poststratify`` write into a copy of the weights, so whole-number weights come
  back cut down to whole numbers: weights always go in as float64;
* a missing category keeps its weight as it was, mixed types crash: integer codes go in, made from
  checked labels;
* ``adjust`` gives weight zero to a status that it does not know and loses its share: only its own
  four codes go in, and the formula is computed again here;
* ``rake(factor=)`` crashes and bounds are checked but never enforced: neither is used.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.columns import labels, numbers

Targets = dict[str, dict[str, float]]
"""Population totals: margin -> category -> total."""

TOTALS_AGREE = 1e-6
MARGIN_HOLDS = 1e-8
ADJUSTMENT_AGREES = 1e-10
_STOP = 1e-12  # tighter than MARGIN_HOLDS: samplics stops on the change between two iterations
_STATUS_CODES = ("rr", "nr", "in", "uk")


def _sample_weight() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*samplics", category=FutureWarning)
        from samplics.weighting import SampleWeight
    return SampleWeight()


def margin_targets(margins: pd.DataFrame, names: tuple[str, ...]) -> Targets:
    """Read the named margins from a tidy table and give them one common total.

    Margins may differ in total by rounding (relative difference up to 1e-6); they could not all
    be met exactly then, so each is scaled to the total of the first one named.

    Args:
        margins: columns ``margin``, ``category``, ``total`` (population counts), one row per
            category.
        names: the margins to use, in the order in which they are raked.

    Returns:
        ``{margin: {category: total}}``, categories as text in the order of the table.

    Raises:
        StudyError: a margin that is not in the table, a category given twice, a total that is
            not a positive number, or margins whose totals disagree.
    """
    margin, category = labels(margins, "margin", "margins"), labels(margins, "category", "margins")
    total = numbers(margins, "total", "margins")
    targets: Targets = {}
    for name in names:
        rows = np.flatnonzero(margin == name)
        if not rows.size:
            raise StudyError(
                f"margins, margin '{name}'",
                f"no row; the table has {', '.join(sorted(set(margin.tolist())))}",
                "Add the margin's totals or take the margin out of the settings",
            )
        targets[name] = {}
        for row in rows:
            _add_target(targets[name], name, str(category[row]), float(total[row]))
    return _with_one_total(targets)


def _add_target(target: dict[str, float], margin: str, category: str, total: float) -> None:
    where = f"margins, margin '{margin}', category '{category}'"
    if category in target:
        raise StudyError(where, "the category is given twice", "Keep one row per category")
    if not (np.isfinite(total) and total > 0):
        raise StudyError(
            where,
            f"the total is {total:g}",
            "Give a positive population total or combine the category with another",
        )
    target[category] = total


def _with_one_total(targets: Targets) -> Targets:
    sums = {name: sum(target.values()) for name, target in targets.items()}
    for name, total in sums.items():
        first, common = next(iter(sums.items()))
        if abs(total - common) > TOTALS_AGREE * common:
            raise StudyError(
                f"margins, margins '{first}' and '{name}'",
                f"their totals are {common:.10g} and {total:.10g}",
                "Take all margins from one population so that their totals agree",
            )
        scale = common / total
        targets[name] = {category: value * scale for category, value in targets[name].items()}
    return targets


def category_codes(table: pd.DataFrame, targets: Targets, weights: np.ndarray) -> pd.DataFrame:
    """Number the categories of each margin, one row per respondent, in the order of the targets.

    Raises:
        StudyError: a respondent without a category, a category that has no target, or a target
            whose category has no respondent with a positive weight.
    """
    codes = {}
    for margin, target in targets.items():
        found = labels(table, margin)
        for category in sorted(set(found.tolist()) - set(target)):
            raise StudyError(
                f"sample, column '{margin}', category '{category}'",
                f"{int((found == category).sum())} respondents but no total in the margins",
                f"Add the category to margin '{margin}' or recode these respondents",
            )
        for category in target:
            if not weights[found == category].sum() > 0:
                raise StudyError(
                    f"margins, margin '{margin}', category '{category}'",
                    "no respondent carries a positive weight in this category",
                    "Combine the category with another in the margins and in the sample",
                )
        codes[margin] = pd.Categorical(found, categories=list(target)).codes.astype("int64")
    return pd.DataFrame(codes, index=table.index)


def margin_totals(weights: np.ndarray, codes: np.ndarray, size: int) -> np.ndarray:
    """Add up the weights in each of ``size`` numbered categories."""
    return np.bincount(codes, weights=weights, minlength=size)


def rake(
    weights: np.ndarray, table: pd.DataFrame, targets: Targets, max_iterations: int = 1000
) -> np.ndarray:
    """Rake weights to population margins (Deville & Särndal 1992, the multiplicative method).

    Args:
        weights: one non-negative weight per respondent.
        table: the respondents, one column per margin, rows in the order of ``weights``.
        targets: from :func:`margin_targets`.
        max_iterations: passes over all margins.

    Returns:
        The raked weights, whose totals meet every target to 1e-8 relative.

    Raises:
        StudyError: categories and targets do not match, or a margin was missed; the error names
            the margin, the category, its target and what was reached.
    """
    codes = category_codes(table, targets, weights)
    raked = np.asarray(
        _sample_weight().rake(
            samp_weight=np.asarray(weights, dtype="float64"),
            margins={margin: codes[margin].to_numpy() for margin in targets},
            control={
                margin: dict(enumerate(target.values())) for margin, target in targets.items()
            },
            tol=_STOP,
            ctrl_tol=_STOP,
            max_iter=max_iterations,
        )
    )
    _require_margins(raked, codes, targets)
    return raked


def poststratify(
    weights: np.ndarray, table: pd.DataFrame, margin: str, target: Mapping[str, float]
) -> np.ndarray:
    """Scale weights so that each category of one column reaches its population total.

    Raises:
        StudyError: as :func:`rake`.
    """
    targets = {margin: dict(target)}
    codes = category_codes(table, targets, weights)
    adjusted = np.asarray(
        _sample_weight().poststratify(
            samp_weight=np.asarray(weights, dtype="float64"),
            control=dict(enumerate(target.values())),
            domain=codes[margin].to_numpy(),
        )
    )
    _require_margins(adjusted, codes, targets)
    return adjusted


def _require_margins(weights: np.ndarray, codes: pd.DataFrame, targets: Targets) -> None:
    worst, place = 0.0, None
    for margin, target in targets.items():
        reached = margin_totals(weights, codes[margin].to_numpy(), len(target))
        for (category, goal), total in zip(target.items(), reached, strict=True):
            error = abs(total - goal) / goal if np.isfinite(total) else np.inf
            if error > worst:
                worst, place = error, (margin, category, goal, total)
    if place is not None and worst > MARGIN_HOLDS:
        margin, category, goal, total = place
        raise StudyError(
            f"margins, margin '{margin}', category '{category}'",
            f"the target is {goal:.10g} but raking reached {total:.10g} "
            f"(relative error {worst:.1e}, limit {MARGIN_HOLDS:.0e})",
            "Check that the margins can hold together in this sample, or combine categories "
            "that have few respondents",
        )


def adjust_nonresponse(weights: np.ndarray, classes: np.ndarray, status: np.ndarray) -> np.ndarray:
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
        StudyError: a status outside the four, a class without respondents, or an answer of
            samplics that differs from the formula by more than 1e-10 relative.
    """
    weights = np.asarray(weights, dtype="float64")
    for code in sorted(set(status.tolist()) - set(_STATUS_CODES)):
        raise StudyError("sample, response status", f"unknown status '{code}'", "Use rr nr in uk")
    expected = weights * _class_factors(weights, classes, status)
    adjusted = np.asarray(
        _sample_weight().adjust(
            samp_weight=weights, adj_class=classes, resp_status=status, unknown_to_inelig=True
        )
    )
    off = ~np.isclose(adjusted, expected, rtol=ADJUSTMENT_AGREES, atol=0)
    if off.any():
        raise StudyError(
            "non-response adjustment by samplics",
            f"{int(off.sum())} weights differ from the weighting-class formula",
            "Check the installed version of samplics against requirements.lock",
        )
    return adjusted


def _class_factors(weights: np.ndarray, classes: np.ndarray, status: np.ndarray) -> np.ndarray:
    names, code = np.unique(classes, return_inverse=True)
    total = {s: margin_totals(weights * (status == s), code, names.size) for s in _STATUS_CODES}
    for name in names[total["rr"] <= 0]:
        raise StudyError(
            f"sample, non-response class '{name}'",
            "the class has no respondent with a positive weight",
            "Collapse the class with another one",
        )
    known = total["rr"] + total["nr"] + total["in"]
    unknown_factor = (known + total["uk"]) / known
    response_factor = (total["rr"] + total["nr"]) / total["rr"]
    factors = np.zeros(weights.size)
    factors[status == "in"] = unknown_factor[code[status == "in"]]
    factors[status == "rr"] = (unknown_factor * response_factor)[code[status == "rr"]]
    return factors
