"""Non-response factors and raked weights, computed again by samplics.

What is known of its faults, and how each is kept out:

* ``rake`` returns without an error when it has not converged, and by default stops at margins that
  are 1e-4 off: it gets tight limits, and its result is compared with our own weights;
* weights that are whole numbers are truncated to whole numbers: it gets float64;
* a missing category keeps its weight: it gets integer codes, made from checked labels;
* ``adjust`` gives weight zero to a status that it does not know: it gets its own four codes only.
"""

import numpy as np
import pandas as pd

from designbased.calibration.raking import Targets, category_codes
from designbased.weighting.nonresponse import status_of_children, status_of_households
from disrupting_harm.audit.estimates import load_samplics

# samplics stops on the change between two iterations, and on the distance from the margins.
_STOP = 1e-12
_MAX_ITERATIONS = 1000


def nonresponse_factors(
    base_weight: np.ndarray,
    household_weight: np.ndarray,
    classes: np.ndarray,
    disposition: np.ndarray,
    responded: np.ndarray,
) -> np.ndarray:
    """Return the factor of each sampled unit, as :func:`.nonresponse.class_factors`.

    Args:
        base_weight: (n,) weights of children.
        household_weight: (n,) weights of their households.
        classes: (n,) weighting class.
        disposition: (n,) one of the words in ``response_rates.DISPOSITIONS``.
        responded: (n,) true for those who get a final weight.
    """
    unknown_factor = (
        _adjust_by_samplics(household_weight, classes, status_of_households(disposition))
        / household_weight
    )
    eligible, status = status_of_children(disposition, responded)
    factor = np.zeros(base_weight.size)
    factor[eligible] = (
        _adjust_by_samplics(base_weight[eligible], classes[eligible], status)
        / base_weight[eligible]
    )
    return np.asarray(np.where(responded, factor * unknown_factor, 0.0))


def rake_by_samplics(weights: np.ndarray, table: pd.DataFrame, targets: Targets) -> np.ndarray:
    """Return raked weights, as :func:`.raking.rake`.

    Raises:
        StudyError: categories and targets do not match.
    """
    codes = category_codes(table, targets, weights)
    return np.asarray(
        load_samplics()
        .SampleWeight()
        .rake(
            samp_weight=np.asarray(weights, dtype="float64"),
            margins={margin: codes[margin].to_numpy() for margin in targets},
            control={
                margin: dict(enumerate(target.values())) for margin, target in targets.items()
            },
            tol=_STOP,
            ctrl_tol=_STOP,
            max_iter=_MAX_ITERATIONS,
        )
    )


def _adjust_by_samplics(weights: np.ndarray, classes: np.ndarray, status: np.ndarray) -> np.ndarray:
    return np.asarray(
        load_samplics()
        .SampleWeight()
        .adjust(
            samp_weight=np.asarray(weights, dtype="float64"),
            adj_class=pd.Series(classes),
            resp_status=status,
            unknown_to_inelig=True,
        )
    )
