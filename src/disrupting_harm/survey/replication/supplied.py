"""Decide whether replicate weights of a data file are weights or factors of weights.

Files hold both, and no result shows that one was taken for the other: factors used as weights give
the variance of an unweighted estimate, often half the right standard error.

On average over the replicates a row keeps its weight, so a full replicate weight is about the
weight and a factor is about one. Which of the two the columns are closer to is decided on the
median row, so that single rows cannot decide it. Where weights are all close to one, both are the
same thing.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from disrupting_harm.arrays import Floats
from disrupting_harm.errors import StudyError

Held: TypeAlias = Literal["weights", "factors"]

# A middle row this far (relatively) from what it should be is not the noise of replication if it is
# also so many times nearer to the other meaning.
FAR = 0.1
NEARER = 3.0


def check_replicates(weight: Floats, matrix: Floats, names: Sequence[str], held: Held) -> None:
    """Refuse replicates that are all zero, or plainly something else than they are said to be.

    Args:
        weight: (n,) full weights.
        matrix: (n, R) the columns as they are.
        names: the R columns.
        held: what they are said to be.

    Raises:
        StudyError: no such option; a replicate without a weight above zero; columns that look like
            factors said to be weights, or the reverse.
    """
    if held not in get_args(Held):
        options = ", ".join(get_args(Held))
        raise StudyError("replicates_hold", f"the value {held!r}", f"Choose one of {options}")
    empty = ~(matrix > 0).any(axis=0)
    if empty.any():
        found = f"no weight above zero in {empty.sum()} of {len(names)} replicates"
        raise StudyError(
            f"column '{names[int(np.argmax(empty))]}'",
            found,
            "Leave such columns out, and take scale and rscales from the file's documentation",
        )
    sampled = weight > 0
    mean = matrix[sampled].mean(axis=1)
    distance = {
        "weights": float(np.median(np.abs(mean / weight[sampled] - 1))),
        "factors": float(np.median(np.abs(mean - 1))),
    }
    other: Held = "factors" if held == "weights" else "weights"
    if distance[held] > FAR and distance[held] > NEARER * distance[other]:
        share = matrix[sampled].sum() / (len(names) * weight.sum())
        found = (
            f"columns that are said to be {held} and look like {other}: a replicate sums to "
            f"{share:.3g} times the column of weights, and the mean of a row is {mean.mean():.3g} "
            f"where its weight is {weight[sampled].mean():.3g}"
        )
        raise StudyError("replicates", found, f"Give replicates_hold='{other}'")
