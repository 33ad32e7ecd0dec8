"""The mean of groups of which some print a bound in place of their estimate.

A share is hidden because few said yes, so that a mean of the printed shares is too high. Bounds say
on which side the others lie. Here the logarithms of the groups' shares are taken as normal, a
printed share as one of them, and a bound as one that is known to lie on its side: a normal
distribution is fitted to values and censored values together, by maximum likelihood (Tobin 1958).
The mean of the shares is then ``exp(mu + sigma^2 / 2)``.

It removes part of the error, not all of it: groups of which nothing is printed are left out.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.optimize import fmin
from scipy.stats import CensoredData, norm

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.reliability import floats

# With fewer printed shares nothing says how far the groups lie apart.
FEWEST_VALUES = 2
# scipy.stats fits less closely by itself.
_MINIMUM = partial(fmin, xtol=1e-10, ftol=1e-10, maxiter=10_000)


@dataclass(frozen=True)
class CensoredMean:
    """The mean of the shares of some groups.

    Attributes:
        mean: of the shares, in values and bounds together.
        mean_of_values: of the printed shares alone, for comparison; usually too high.
        values: groups with a printed share.
        bounds: groups with a bound.
        without: groups with neither, which are left out.
    """

    mean: float
    mean_of_values: float
    values: int
    bounds: int
    without: int


def censored_mean(table: pd.DataFrame) -> CensoredMean:
    """Return the mean of the shares in some rows of a public table, such as the levels of a domain.

    Args:
        table: one row per group, with ``estimate``, ``bound_low`` and ``bound_high`` as in
            ``estimates.csv``; shares from 0 to 1.

    Raises:
        StudyError: a share that is no proportion, or fewer than two printed shares, or no two that
            differ.
    """
    estimate, low, high = (floats(table, n) for n in ("estimate", "bound_low", "bound_high"))
    has_share, has_bound = ~np.isnan(estimate), ~np.isnan(high)
    values = estimate[has_share]
    if ((values <= 0) | (values > 1)).any():
        raise StudyError(
            "table, column 'estimate'",
            "a share is not above 0 or lies above 1",
            "Take rows of an indicator that is a proportion",
        )
    if len(np.unique(values)) < FEWEST_VALUES:
        raise StudyError(
            "table, column 'estimate'",
            "fewer than two groups have a share of their own, which is too few for a mean",
            "Take more groups, or say nothing of their mean",
        )
    is_below = has_bound & (low <= 0)
    data: CensoredData = CensoredData(
        uncensored=np.log(values),
        left=np.log(high[is_below]),
        interval=np.log(np.column_stack([low, high])[has_bound & ~is_below]),
    )
    # The stubs do not know the option.
    mu, sigma = norm.fit(data, optimizer=_MINIMUM)  # type: ignore[call-overload]
    return CensoredMean(
        mean=float(np.exp(mu + sigma**2 / 2)),
        mean_of_values=float(values.mean()),
        values=len(values),
        bounds=int(has_bound.sum()),
        without=int((~has_share & ~has_bound).sum()),
    )
