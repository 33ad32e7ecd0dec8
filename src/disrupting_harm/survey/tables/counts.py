"""Weighted counts: estimated numbers in the population, with intervals."""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import Statistic
from disrupting_harm.survey.design.degrees import DfRule
from disrupting_harm.survey.design.rows import Table
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.intervals import log_t, wald_t
from disrupting_harm.survey.tables.linearise import estimate

CountInterval: TypeAlias = Literal["log_t", "wald_t"]


def weighted_counts(
    design: SurveyDesign,
    outcomes: Table,
    domains: Table,
    interval: CountInterval = "log_t",
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate how many people answer yes, in every level of every domain.

    The sampling error of the number of people is part of the interval; multiplying the limits of a
    proportion by a population leaves it out. That is right only where the population is known, say
    because the weights were raked to it.

    Args:
        design: the design of the n rows; its weights have to sum to people, not to the sample size.
        outcomes: (n, K) answers 0 and 1; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        interval: ``"log_t"``, symmetric for the logarithm and never below zero (NCHS presentation
            standards for counts, Parker et al. 2023), or ``"wald_t"``.
        confidence: confidence level, between 0 and 1.
        df_rule: rule for degrees of freedom, see :func:`~.degrees.domain_df`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The table of :func:`~.tables.linearise.estimate` with counts as ``estimate``.
        Where nobody answers yes the count is zero with the limits 0 and the upper Korn-Graubard
        limit of the proportion times ``population``, and ``interval`` is ``"korn_graubard"``.

    Raises:
        StudyError: as there; or no such interval.
    """
    if interval not in get_args(CountInterval):
        options = ", ".join(get_args(CountInterval))
        raise StudyError("interval", f"the value {interval!r}", f"Choose one of {options}")
    outcomes = design.rows.frame(outcomes, "outcomes")
    kinds: dict[str, Statistic] = {str(name): "total" for name in outcomes.columns}
    shares, counts = (
        estimate(
            design,
            outcomes,
            domains,
            statistics,
            confidence=confidence,
            calibration=calibration,
            df_rule=df_rule,
        )
        for statistics in (None, kinds)
    )
    limits = log_t if interval == "log_t" else wald_t
    low, high = limits(counts["estimate"], counts["se"], counts["n"], counts["df"], confidence)
    nobody = (counts["estimate"] == 0).to_numpy()
    return counts.assign(
        n_yes=shares["n_yes"],
        ci_low=np.where(nobody, shares["ci_low"], low),
        ci_high=np.where(nobody, shares["ci_high"] * shares["population"], high),
        interval=np.where(nobody, "korn_graubard", interval),
    )
