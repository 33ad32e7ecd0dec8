"""Base weights: from selection probabilities, or a supplied weight that is checked."""

import numpy as np
import pandas as pd

from designbased.design.table_columns import read_numbers, refuse_rows
from designbased.errors import InputError, amount


def selection_weights(
    sample: pd.DataFrame,
    psu_probability: str,
    household_probability: str,
    eligible_children: str,
    known_eligible: np.ndarray,
    eligible_cap: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute ``1 / (P_psu * P_household)`` and that times the eligible children (Kish 1949).

    Where eligibility is unknown or absent nobody was selected among children, and the row stands
    for its household: the number of eligible children is taken as 1.

    Args:
        sample: one row per sampled child.
        psu_probability: column, selection probability of the PSU.
        household_probability: column, selection probability of the household within its PSU.
        eligible_children: column, number of eligible children of whom one was selected.
        known_eligible: True where the child is known to be eligible.
        eligible_cap: largest number of children counted; None for no cap.

    Returns:
        The household weight and the base weight of each row.

    Raises:
        InputError: a probability outside (0, 1] or a number of children that is not a whole
            number from 1; the error names column and row.
    """
    household = np.ones(len(sample))
    for name in (psu_probability, household_probability):
        probability = read_numbers(sample, name)
        refuse_rows(
            ~((probability > 0) & (probability <= 1)),
            name,
            "a selection probability that is missing or outside 0 < P <= 1",
            "Correct the probability; where every unit was taken it is 1",
        )
        household = household / probability
    n_children = np.where(known_eligible, read_numbers(sample, eligible_children), 1.0)
    refuse_rows(
        ~(np.isfinite(n_children) & (n_children >= 1) & (n_children == np.floor(n_children))),
        eligible_children,
        "a number of eligible persons that is missing or not a whole number from 1",
        "Correct the household roster of these rows",
    )
    if eligible_cap is not None:
        if eligible_cap < 1:
            raise InputError(
                "weighting settings, eligible_cap", f"it is {eligible_cap}", "Use 1 or more"
            )
        n_children = np.minimum(n_children, eligible_cap)
    return household, household * n_children


def supplied_weights(
    sample: pd.DataFrame, name: str, is_needed: np.ndarray, positive: bool = False
) -> tuple[np.ndarray, list[str]]:
    """Check a supplied weight column.

    Args:
        sample: one row per sampled child.
        is_needed: rows that must carry a weight.
        positive: refuse weights of zero, which non-response adjustment cannot use.

    Returns:
        The weights (0 where not needed) and notes on what is unusual about them.

    Raises:
        InputError: a weight that is missing, negative or infinite (or zero, where refused), or
            weights that are all zero.
    """
    weights = np.where(is_needed, read_numbers(sample, name), 0.0)
    refuse_rows(
        ~(np.isfinite(weights) & (weights >= 0)),
        name,
        "a weight that is missing, negative or infinite",
        "Correct the weights or let them be computed from the selection columns",
    )
    used = weights[is_needed]
    if not used.any():
        raise InputError(
            f"sample, column '{name}'", "all weights are zero", "Name the column with the weights"
        )
    if positive:
        refuse_rows(
            is_needed & (weights == 0),
            name,
            "a weight of zero, which non-response adjustment cannot use",
            "Give every sampled person a positive weight",
        )
    notes = []
    if used.min() == used.max():
        notes.append(f"The supplied weights are constant ({used[0]:.6g}).")
    if (used == 0).any():
        zeros = int((used == 0).sum())
        have = "has" if zeros == 1 else "have"
        notes.append(f"{amount(zeros, 'row')} {have} a supplied weight of zero.")
    return weights, notes
