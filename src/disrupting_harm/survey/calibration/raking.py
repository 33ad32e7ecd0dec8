"""Raking to population margins, and post-stratification.

Raking (iterative proportional fitting; Deville & Särndal 1992, the multiplicative method) scales
weights by one factor per category of each margin until all margins hold. Respondents in the same
categories of all margins share their factors, so that the loop runs over the cells of the crossed
margins and not over respondents.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.columns import label_codes, labels, numbers
from disrupting_harm.survey.design.profiles import profiles_of

Targets = dict[str, dict[str, float]]
"""Population totals: margin -> category -> total."""

TOTALS_AGREE = 1e-6
MARGIN_HOLDS = 1e-8
# The loop ends here, or where rounding lets it come no nearer.
_STOP = 1e-12


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
        label, found = label_codes(table, margin)
        places = {category: place for place, category in enumerate(target)}
        place = np.array([places.get(category, -1) for category in found.tolist()], dtype=np.intp)
        for category in sorted(set(found[place < 0].tolist())):
            count = int((found[label] == category).sum())
            raise StudyError(
                f"sample, column '{margin}', category '{category}'",
                f"{count} respondents but no total in the margins",
                f"Add the category to margin '{margin}' or recode these respondents",
            )
        code = place[label]
        total = margin_totals(weights, code, len(target))
        for category, weight in zip(target, total.tolist(), strict=True):
            if not weight > 0:
                raise StudyError(
                    f"margins, margin '{margin}', category '{category}'",
                    "no respondent carries a positive weight in this category",
                    "Combine the category with another in the margins and in the sample",
                )
        codes[margin] = code
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
    weights = np.asarray(weights, dtype="float64")
    codes = category_codes(table, targets, weights)
    raked: np.ndarray = weights * _factors(weights, codes, targets, max_iterations)
    _require_margins(raked, codes, targets)
    return raked


def _factors(
    weights: np.ndarray, codes: pd.DataFrame, targets: Targets, max_iterations: int
) -> np.ndarray:
    """(n,) what raking multiplies each weight with."""
    goals = [np.array(list(target.values())) for target in targets.values()]
    cell, *categories = profiles_of(len(codes), [codes[margin].to_numpy() for margin in targets])
    start = np.bincount(cell, weights=weights)
    factor = np.ones(len(start))
    worst = np.inf
    for _ in range(max_iterations):
        before, worst = worst, 0.0
        for goal, own in zip(goals, categories, strict=True):
            change = goal / np.bincount(own, weights=start * factor, minlength=len(goal))
            worst = max(worst, float(np.abs(change - 1).max()))
            factor *= change[own]
        if worst <= _STOP or before <= worst < MARGIN_HOLDS:
            break
    return np.asarray(factor[cell])


def poststratify(
    weights: np.ndarray, table: pd.DataFrame, margin: str, target: Mapping[str, float]
) -> np.ndarray:
    """Scale weights so that each category of one column reaches its population total.

    Raises:
        StudyError: as :func:`rake`.
    """
    return rake(weights, table, {margin: dict(target)})


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
