"""Weighted counts: estimated numbers in the population, with intervals."""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import log_t, wald_t

CountInterval: TypeAlias = Literal["log_t", "wald_t"]


def weighted_counts(
    design: Design,
    outcomes: Table,
    domains: Table | None = None,
    interval: CountInterval = "log_t",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate how many people answer yes, in every level of every domain.

    The sampling error of the number of people is part of the interval; multiplying the limits of a
    proportion by a population leaves it out. That is right only where the population is known, say
    because the weights were raked to it.

    Args:
        design: the design of the n rows; its weights have to sum to people, not to the sample size.
        outcomes: (n, K) answers 0 and 1; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is all rows.
        interval: ``"log_t"``, symmetric for the logarithm and never below zero (NCHS presentation
            standards for counts, Parker et al. 2023), or ``"wald_t"``.
        df_rule: as for :func:`.linearisation.estimate`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The table of :func:`.linearisation.estimate` with counts as ``estimate``.
        Where nobody answers yes the count is zero with the limits 0 and the upper Korn-Graubard
        limit of the proportion times ``population``, and ``interval`` is ``"korn_graubard"``.

    Raises:
        InputError: as there; or no such interval.
    """
    if interval not in get_args(CountInterval):
        options = ", ".join(get_args(CountInterval))
        raise InputError("interval", f"the value {interval!r}", f"Choose one of {options}")
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


# Design effects by name: against simple random samples with and without replacement.


def design_effect_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the design effects of R ``survey`` for a table of estimates.

    Both compare the variance with that of a simple random sample of ``n`` answers whose variance is
    estimated with ``n - 1``, for proportions as well (Kish 1965, Survey Sampling, section 8.2):

    - ``deff_replace``: drawn with replacement (R ``deff = "replace"``);
    - ``deff_without_replacement``: drawn without replacement out of ``population``, so divided by
      ``1 - n/population`` (R ``deff = TRUE``).

    Args:
        table: the table of :func:`.linearisation.estimate`, with the columns
            ``indicator, domain, level, n, n_yes, population, deff``. Weights have to sum to the
            population.

    Returns:
        ``indicator, domain, level, deff_replace, deff_without_replacement``, NaN where ``deff`` is;
        the latter is also NaN where everybody was asked.

    Raises:
        InputError: a column is missing, or more people answered than the population has.
    """
    needed = ["indicator", "domain", "level", "n", "n_yes", "population", "deff"]
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise InputError("table", f"no column '{missing[0]}'", "Give a table of estimates")
    n, population = table["n"].to_numpy(), table["population"].to_numpy()
    if (n > population).any():
        row = table.iloc[int(np.argmax(n > population))]
        raise InputError(
            f"indicator '{row['indicator']}', {row['domain']} {row['level']}",
            f"{row['n']} answers from a population of {row['population']:g}",
            "Scale the weights to sum to the population",
        )
    proportion = table["n_yes"].notna().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        replace = table["deff"].to_numpy() * np.where(proportion, (n - 1) / n, 1.0)
        without = np.where(n < population, replace / (1 - n / population), np.nan)
    return table[["indicator", "domain", "level"]].assign(
        deff_replace=replace, deff_without_replacement=without
    )
