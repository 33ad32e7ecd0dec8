"""Find separation, which makes a model of yes-or-no answers, counts or categories diverge.

The data are separated when a combination ``Xβ`` of the columns is never negative for a "yes" and
never positive for a "no", and not zero throughout: the likelihood then rises without end in that
direction (Albert & Anderson 1984, Biometrika 71; for counts Santos Silva & Tenreyro 2010,
Economics Letters 107). A linear programme finds such a direction (Konis 2007).
"""

import numpy as np

from designbased.arrays import Floats, Mask

# A part of the direction this small is the solver's rounding.
SMALL = 1e-7


def find_separated_rows(matrix: Floats, outcome: Floats, counts: bool) -> Mask:
    """Rows whose answer a separating direction predicts perfectly.

    Args:
        matrix: (m, p) model matrix.
        outcome: (m,) zeros and ones, or counts.
        counts: the model is for counts (log link): only zeros can be predicted perfectly.

    Returns:
        (m,) true for such rows; all false without separation.
    """
    from scipy.optimize import linprog

    rows = np.unique(np.column_stack([matrix, outcome]), axis=0)
    x, y = rows[:, :-1], rows[:, -1]
    scale = np.abs(x).max(axis=0)
    x = x / scale
    zero = x[y == 0]
    positive = x[y > 0]
    # Down for zeros; up for ones, or unchanged where any count is possible.
    upper = np.vstack([zero, -positive]) if not counts else zero
    objective = upper.sum(axis=0)
    equal = positive if counts and len(positive) else None
    solution = linprog(
        objective,
        A_ub=upper,
        b_ub=np.zeros(len(upper)),
        A_eq=equal,
        b_eq=None if equal is None else np.zeros(len(equal)),
        bounds=(-1, 1),
    )
    if solution.status != 0 or objective @ solution.x > -SMALL:
        return np.zeros(len(outcome), dtype=bool)
    predicted: Mask = np.abs(matrix @ (solution.x / scale)) > SMALL
    return predicted
