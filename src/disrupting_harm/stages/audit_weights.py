"""Part of the stage *audit*: samplics recomputes the weights of a country."""

import numpy as np
import pandas as pd

from designbased.calibration.raking import margin_targets
from disrupting_harm.audit.weights import nonresponse_factors, rake_by_samplics
from disrupting_harm.stages.weight import read_margins_of_sample
from disrupting_harm.study.configuration.weighting_config import Weighting
from disrupting_harm.tables.contracts import SAMPLE, restricted_contract
from disrupting_harm.tables.io import read_table

COLUMNS = ["country", "step", "children", "largest_difference", "not_recomputed"]


def audit_weights(
    country: str, sample: str, units: str, weights: str, margins: str | None, weighting: Weighting
) -> pd.DataFrame:
    """Recompute non-response factors and raking of one country.

    Returns:
        The rows *nonresponse* and *raking* with ``country``, ``step``, ``children``,
        ``largest_difference`` (relative) and, where samplics does not have the method, the reason
        in ``not_recomputed``.
    """
    sample_frame = read_table(sample, SAMPLE)
    final = read_table(weights, restricted_contract("country/weights"))
    result_of_step = {
        "nonresponse": _audit_nonresponse(units, final, weighting),
        "raking": _audit_raking(sample_frame, final, margins, weighting),
    }
    rows = [
        (
            country,
            step,
            len(final),
            *(
                (np.nan, difference_or_reason)
                if isinstance(difference_or_reason, str)
                else (difference_or_reason, "")
            ),
        )
        for step, difference_or_reason in result_of_step.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _audit_nonresponse(path: str, final: pd.DataFrame, weighting: Weighting) -> float | str:
    rule = weighting.nonresponse
    if rule is None:
        return "no adjustment for non-response"
    if rule.method == "propensity" and rule.propensity_factor != "response_rate":
        return "factors from propensities, which samplics does not have"
    units = read_table(path, restricted_contract("country/units"))
    factor = nonresponse_factors(
        units["base_weight"].to_numpy(),
        units["household_weight"].to_numpy(),
        np.unique(units["nonresponse_class"], return_inverse=True)[1],
        units["disposition"].to_numpy(),
        units["responded"].to_numpy(),
    )
    recomputed = pd.Series(factor, index=units["child_id"]).loc[final["child_id"]]
    return _find_largest_difference(recomputed.to_numpy(), final["nonresponse_factor"].to_numpy())


def _audit_raking(
    sample_frame: pd.DataFrame, final: pd.DataFrame, margins: str | None, weighting: Weighting
) -> float | str:
    if not weighting.margins or margins is None:
        return "no margins"
    if weighting.calibration.method != "raking" or weighting.calibration.bounds is not None:
        return "calibrated by another method than raking without bounds"
    respondents = sample_frame.set_index("child_id").loc[final["child_id"]].reset_index()
    targets = margin_targets(
        read_margins_of_sample(sample_frame, margins, weighting.margins), weighting.margins
    )
    # Capping and raking alternate; the last step is raking of the capped weights.
    capped_weights = final["base_weight"] * final["nonresponse_factor"] * final["trim_factor"]
    recomputed = rake_by_samplics(capped_weights.to_numpy(), respondents, targets)
    return _find_largest_difference(recomputed, final["weight"].to_numpy())


def _find_largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest ``|a - b| / max(|a|, |b|)``; infinite where one is not a number."""
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), np.finfo(float).tiny)
    return float(np.nan_to_num(np.abs(a - b) / scale, nan=np.inf).max())
