"""Gaps inside one country: differences and ratios between the levels of a domain.

Boys and girls come from the same PSUs, so their estimates are not independent. The variance of a
difference is ``v_a + v_b - 2 c_ab`` and that of ``ln(a/b)`` is ``v_a/a² + v_b/b² - 2 c_ab/(ab)``
with the design-based covariance ``c_ab`` (Wolter 2007, Introduction to Variance Estimation, section
6.8; R ``svycontrast``).
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.contrast_contracts import GAPS
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import Statistic
from disrupting_harm.survey.design.degrees import domain_df
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.composites import Composite
from disrupting_harm.survey.tables.covariance import JointEstimates, joint_estimates
from disrupting_harm.survey.tables.intervals import wald_t
from disrupting_harm.survey.tables.tabulation import ROUNDING


def gaps(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame,
    statistics: Mapping[str, Statistic] | None = None,
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Compare every two levels of each domain.

    Args:
        design: the design of the n rows.
        outcomes: (n, K) numbers; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        statistics: statistic by outcome; an outcome left out is a proportion.
        confidence: of the interval of each difference.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.
        composites: the parts of composites whose open answers are imputed.

    Returns:
        The columns of :data:`GAPS` without the country, one row per outcome, domain and pair of
        levels, in that order. ``level_a`` is the later category and ``difference = a - b``. ``df``
        counts the PSUs of all strata with valid answers in either level; limits are
        ``± t_df · se``. A level without valid answers leaves estimates and differences empty. Where
        nothing varies (``se`` = 0) there are no limits: a difference between samples is never known
        exactly. The log ratio needs two positive estimates.

    Raises:
        StudyError: the frames do not fit the design, or a column has the wrong type or values.
    """
    if domains.empty or outcomes.empty:
        return in_shape(pd.DataFrame(), GAPS, without=["country"])
    joint = joint_estimates(design, outcomes, domains, statistics, calibration, composites)
    first, second = _pairs(joint.cells)
    a, b = joint.cells.iloc[first], joint.cells.iloc[second]
    of_a, of_b = floats(a, "estimate"), floats(b, "estimate")
    se = _root(joint.deviations[:, first], joint.deviations[:, second])
    df = _degrees(design, joint, first, second)
    low, high = wald_t(of_a - of_b, np.where(se > 0, se, np.nan), np.nan, df, confidence)
    positive = (of_a > 0) & (of_b > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = joint.deviations / floats(joint.cells, "estimate")
        log_ratio = np.where(positive, np.log(of_a / of_b), np.nan)
    found = {
        "indicator": a["indicator"],
        "domain": a["domain"],
        "level_a": a["level"],
        "level_b": b["level"],
        "n_a": a["n"],
        "n_b": b["n"],
        "estimate_a": of_a,
        "estimate_b": of_b,
        "difference": of_a - of_b,
        "se": se,
        "df": df,
        "ci_low": low,
        "ci_high": high,
        "log_ratio": log_ratio,
        "log_ratio_se": np.where(positive, _root(relative[:, first], relative[:, second]), np.nan),
    }
    table = pd.DataFrame({name: np.asarray(values) for name, values in found.items()})
    return in_shape(table, GAPS, without=["country"])


def _pairs(cells: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Positions of the later and of the earlier level of every pair."""
    places = pd.Series(range(len(cells)))
    found = [
        (later, earlier)
        for _, rows in places.groupby([cells["indicator"], cells["domain"]], sort=False)
        for earlier, later in combinations(rows.tolist(), 2)
    ]
    return [later for later, _ in found], [earlier for _, earlier in found]


def _root(of_a: Floats, of_b: Floats) -> Floats:
    """Standard errors of differences from the deviations (V, M) of both sides."""
    with np.errstate(invalid="ignore"):
        se = np.sqrt(((of_a - of_b) ** 2).sum(axis=0))
        scale = np.sqrt((of_a**2).sum(axis=0)) + np.sqrt((of_b**2).sum(axis=0))
        # Two levels that vary together leave a rounding error of zero.
        return np.where(se <= ROUNDING * scale, 0.0, se)


def _degrees(
    design: SurveyDesign, joint: JointEstimates, first: list[int], second: list[int]
) -> Floats:
    present = joint.present[:, first] | joint.present[:, second]
    return domain_df(design, present, "strata_with_domain").astype(float)
