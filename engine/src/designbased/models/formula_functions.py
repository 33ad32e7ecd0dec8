"""What formulas may call beside patsy's own ``C``, ``Q``, ``I``, ``bs``, ``cr`` and ``center``.

``log``, ``log2``, ``log10``, ``exp``, ``sqrt`` and all of NumPy as ``np``; ``poly(x, degree)``;
``offset(x)``, a term whose coefficient is one; ``exposure(x)``, which is ``offset(log(x))``.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from designbased.arrays import Floats

OFFSETS = ("offset", "exposure")


class OrthogonalPolynomial:
    """R's ``poly``: columns of degrees 1 to d, orthogonal and of length 1 over the rows of the fit.

    Other rows get the same polynomials, by the three-term recurrence (Kennedy and Gentle 1980,
    Statistical Computing, section 8.2). patsy calls these methods; missing values stay missing.
    """

    def __init__(self) -> None:
        self._parts: list[Floats] = []

    def memorize_chunk(self, x: ArrayLike, degree: int) -> None:
        """Keep the values of the fit."""
        values = np.asarray(x, dtype=np.float64)
        self._parts.append(values[~np.isnan(values)])

    def memorize_finish(self) -> None:
        """Take the values of the fit as the points of the polynomials."""
        self._points = np.concatenate(self._parts)

    def transform(self, x: ArrayLike, degree: int) -> Floats:
        """Return the (m, d) columns for m values."""
        if degree < 1 or degree >= len(np.unique(self._points)):
            raise ValueError(f"poly of degree {degree}: give 1 or more, below the distinct values")
        centre = self._points.mean()
        fitted, values = self._points - centre, np.asarray(x, dtype=np.float64) - centre
        basis, columns = [np.ones_like(fitted)], [np.ones_like(values)]
        length = [1.0, float(len(fitted))]
        for k in range(degree):
            shift = (fitted * basis[k] ** 2).sum() / length[k + 1]
            ratio = length[k + 1] / length[k]
            for points, previous in ((fitted, basis), (values, columns)):
                earlier = previous[k - 1] if k else 0.0
                previous.append((points - shift) * previous[k] - ratio * earlier)
            length.append(float((basis[-1] ** 2).sum()))
        return np.column_stack(
            [column / np.sqrt(size) for column, size in zip(columns[1:], length[2:], strict=True)]
        )


def _read_exposure(x: ArrayLike) -> Floats:
    values = np.asarray(x, dtype=np.float64)
    if (values <= 0).any():
        raise ValueError("an exposure that is not above zero")
    return np.log(values)


@cache
def formula_environment() -> Any:
    """Return the names that a formula may use beside the columns of its table."""
    import patsy

    functions = {name: getattr(np, name) for name in ("log", "log2", "log10", "exp", "sqrt")}
    return patsy.EvalEnvironment(
        [
            {
                **functions,
                "np": np,
                "poly": patsy.stateful_transform(OrthogonalPolynomial),
                "offset": lambda x: np.asarray(x, dtype=np.float64),
                "exposure": _read_exposure,
            }
        ]
    )
