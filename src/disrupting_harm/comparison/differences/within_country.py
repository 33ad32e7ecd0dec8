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

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic
from designbased.design.degrees_of_freedom import domain_df
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.covariance import JointEstimates, joint_estimates
from designbased.estimates.tabulation import ROUNDING
from designbased.intervals.limits import wald_t
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

# Of two variances less twice the covariance, this share can be rounding alone.
ROUNDING_SHARE = 1e-14


def estimate_gaps(
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
        outcomes: (n, K) numbers; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        statistics: statistic by outcome; an outcome left out is a proportion.
        confidence: of the interval of each difference.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of ``contrasts/gaps`` without the country, one row per outcome, domain and pair
        of levels, in that order. ``level_a`` is the later category and ``difference = a - b``.
        ``df`` counts the PSUs of all strata with valid answers in either level; limits are ``± t_df
        · se``. A level without valid answers leaves estimates and differences empty. Where nothing
        varies (``se`` = 0) there are no limits: a difference between samples is never known
        exactly. The log ratio needs two positive estimates.

    Raises:
        StudyError: the frames do not fit the design, or a column has the wrong type or values.
    """
    if domains.empty or outcomes.empty:
        return in_shape(pd.DataFrame(), restricted_contract("contrasts/gaps"), without=["country"])
    joint = joint_estimates(design, outcomes, domains, statistics, calibration, composites)
    later, earlier = _pair_positions(joint.cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = joint.deviations.values / floats(joint.cells, "estimate")
    pairs = _pair_cells(joint.cells, later, earlier).assign(
        se=_error_of_deviations(
            joint.deviations.values[:, later], joint.deviations.values[:, earlier]
        ),
        log_ratio_se=_error_of_deviations(relative[:, later], relative[:, earlier]),
        df=_degrees_of_freedom(design, joint, later, earlier),
    )
    return _estimate_differences(pairs, confidence)


def gap_covariances(design: SurveyDesign, joint: JointEstimates) -> pd.DataFrame:
    """Return what gaps need besides the estimates and their standard errors.

    Returns:
        The columns of ``aggregates/covariances``, in the order of :func:`estimate_gaps`: the
        ``covariance`` of the two estimates, NaN where one does not exist, and the ``df`` of their
        difference.
    """
    later, earlier = _pair_positions(joint.cells)
    products = joint.deviations.values[:, later] * joint.deviations.values[:, earlier]
    pairs = _pair_cells(joint.cells, later, earlier).assign(
        covariance=products.sum(axis=0), df=_degrees_of_freedom(design, joint, later, earlier)
    )
    return in_shape(pairs, restricted_contract("aggregates/covariances"))


def gaps_from_covariances(
    cells: pd.DataFrame, of_pairs: pd.DataFrame, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the gaps that follow from estimates, their standard errors and covariances.

    Args:
        cells: ``indicator, domain, level, n, estimate, se``, each cell once.
        of_pairs: the columns of ``aggregates/covariances``; each of its cells is among ``cells``.
        confidence: of the interval of each difference.

    Returns:
        As :func:`estimate_gaps`, in the order of ``of_pairs``. A difference whose variance is no
        more than what rounding leaves of the two variances has the standard error 0.
    """
    if of_pairs.empty:
        return in_shape(pd.DataFrame(), restricted_contract("contrasts/gaps"), without=["country"])
    keys = ["indicator", "domain", "level"]
    position_of_cell = pd.Series(np.arange(len(cells)), index=pd.MultiIndex.from_frame(cells[keys]))
    later, earlier = (
        position_of_cell.loc[
            pd.MultiIndex.from_frame(of_pairs[["indicator", "domain", name]])
        ].tolist()
        for name in ("level_a", "level_b")
    )
    estimate, se, covariance = (
        floats(cells, "estimate"),
        floats(cells, "se"),
        floats(of_pairs, "covariance"),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        variance, relative = se**2, (se / estimate) ** 2
        of_ratios = covariance / (estimate[later] * estimate[earlier])
    pairs = _pair_cells(cells, later, earlier).assign(
        se=_error_of_variances(variance[later], variance[earlier], covariance),
        log_ratio_se=_error_of_variances(relative[later], relative[earlier], of_ratios),
        df=floats(of_pairs, "df"),
    )
    return _estimate_differences(pairs, confidence)


def _pair_cells(cells: pd.DataFrame, later: list[int], earlier: list[int]) -> pd.DataFrame:
    """Return the cells of each pair in one row."""
    a, b = cells.iloc[later], cells.iloc[earlier]
    return pd.DataFrame(
        {
            "indicator": a["indicator"].to_numpy(),
            "domain": a["domain"].to_numpy(),
            "level_a": a["level"].to_numpy(),
            "level_b": b["level"].to_numpy(),
            "n_a": a["n"].to_numpy(),
            "n_b": b["n"].to_numpy(),
            "estimate_a": floats(a, "estimate"),
            "estimate_b": floats(b, "estimate"),
        }
    )


def _estimate_differences(pairs: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return the gaps of pairs with their errors ``se, log_ratio_se`` and ``df``."""
    of_a, of_b, se = (floats(pairs, name) for name in ("estimate_a", "estimate_b", "se"))
    df = floats(pairs, "df")
    low, high = wald_t(of_a - of_b, np.where(se > 0, se, np.nan), np.nan, df, confidence)
    positive = (of_a > 0) & (of_b > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.where(positive, np.log(of_a / of_b), np.nan)
    table = pairs.assign(
        difference=of_a - of_b,
        ci_low=low,
        ci_high=high,
        log_ratio=log_ratio,
        log_ratio_se=pairs["log_ratio_se"].where(positive),
    )
    return in_shape(table, restricted_contract("contrasts/gaps"), without=["country"])


def _pair_positions(cells: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Positions of the later and of the earlier level of every pair."""
    positions = pd.Series(range(len(cells)))
    pairs = [
        (later, earlier)
        for _, rows in positions.groupby([cells["indicator"], cells["domain"]], sort=False)
        for earlier, later in combinations(rows.tolist(), 2)
    ]
    return [later for later, _ in pairs], [earlier for _, earlier in pairs]


def _error_of_deviations(of_a: Floats, of_b: Floats) -> Floats:
    """Standard errors of differences from the deviations (V, M) of both sides."""
    with np.errstate(invalid="ignore"):
        se = np.sqrt(((of_a - of_b) ** 2).sum(axis=0))
        scale = np.sqrt((of_a**2).sum(axis=0)) + np.sqrt((of_b**2).sum(axis=0))
        # Two levels that vary together leave a rounding error of zero.
        return np.where(se <= ROUNDING * scale, 0.0, se)


def _error_of_variances(of_a: Floats, of_b: Floats, covariance: Floats) -> Floats:
    """Standard errors of differences from both variances and the covariance."""
    variance = of_a + of_b - 2 * covariance
    with np.errstate(invalid="ignore"):
        usable = np.where(variance <= ROUNDING_SHARE * (of_a + of_b), 0.0, variance)
    return np.asarray(np.sqrt(usable))


def _degrees_of_freedom(
    design: SurveyDesign, joint: JointEstimates, later: list[int], earlier: list[int]
) -> Floats:
    present = joint.present[:, later] | joint.present[:, earlier]
    return domain_df(design, present, "strata_with_domain").astype(float)
