"""Missing answers: their shares, and the bounds of a proportion in the worst cases.

The *universe* of an outcome is the rows that were asked. Within it a share ``r`` of the weights has
a valid answer; a refusal, a "don't know" or a lost answer could have been either. Without any
assumption the proportion of the universe lies between

    lower = r p       (every missing answer a "no")    and    upper = r p + (1 - r)   (a "yes"),

where ``p`` is the proportion of the valid answers (Manski 2003, Partial Identification of
Probability Distributions). Both bounds are proportions of the universe, with design-based errors.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import gammaln, stdtr, stdtrit

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import code_outcomes
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.design.table_columns import describe_first_row
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import INTERVALS

NEWTON_STEPS = 50


def estimate_answer_shares(
    design: Design,
    answers: pd.DataFrame,
    domains: Table | None,
    kinds: Sequence[str],
    not_asked: str,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Weighted share of each kind of missing answer among those who were asked.

    Args:
        answers: (n, K) typed answers as text, none missing: valid answers, the ``kinds`` and
            ``not_asked``.
        domains: (n, D) categorical columns, as for :func:`.linearisation.estimate`; None is all
            rows.
        kinds: the special answers, such as "dont_know" and "prefer_not_to_say".
        not_asked: the word for a question that was not asked: such rows are outside the universe.
        interval: interval of the shares, see ``limits.PROPORTION_INTERVALS``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of :func:`.linearisation.estimate` with ``answer`` after ``indicator``: one row
        per question, kind (and ``"any"`` for all kinds together), domain and level.

    Raises:
        InputError: an answer has no type, no kind is named, or the frames do not fit.
    """
    if not kinds or not_asked in kinds:
        finding = f"the kinds {list(kinds)} with '{not_asked}' for not asked"
        raise InputError("kinds", finding, "Name the special answers, without 'not asked'")
    answers = design.rows.frame(answers, "answers")
    shares: dict[str, pd.Series] = {}
    for item in answers.columns:
        untyped = answers[item].isna().to_numpy()
        if untyped.any():
            finding = f"no answer in {describe_first_row(untyped)}"
            raise InputError(f"answers, column '{item}'", finding, "Type it, for instance as lost")
        asked = answers[item] != not_asked
        for number, kind in enumerate([*kinds, "any"]):
            is_answer = answers[item].isin(kinds) if kind == "any" else answers[item] == kind
            shares[f"{item}\n{number}"] = is_answer.astype("float64").where(asked)
    table = estimate(
        design,
        pd.DataFrame(shares),
        domains,
        interval=interval,
        confidence=confidence,
        calibration=calibration,
    )
    name_and_kind = table["indicator"].str.split("\n", expand=True)
    table["indicator"] = name_and_kind[0]
    table.insert(1, "answer", np.array([*kinds, "any"], dtype=object)[name_and_kind[1].astype(int)])
    return table


def worst_case_bounds(
    design: Design,
    outcomes: pd.DataFrame,
    asked: pd.DataFrame,
    domains: Table | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Bounds of every proportion in every level of every domain, with their intervals.

    Args:
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        asked: (n, K) true where the question was asked, in the columns of ``outcomes``.
        domains: (n, D) categorical columns, as for :func:`.linearisation.estimate`; None is all
            rows.
        interval: interval of proportions, see ``limits.PROPORTION_INTERVALS``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per outcome, domain and level, in the order of :func:`.linearisation.estimate`:

        - ``indicator, domain, level``; ``n``, rows asked; ``n_valid``, those with a valid answer;
          ``population``, sum of weights of the rows asked;
        - ``answered``: weighted share ``r`` of valid answers;
        - ``lower, upper, se_lower, se_upper, df``: the bounds;
        - ``ci_low, ci_high``: covers the *proportion* with the confidence asked for, wherever it
          lies between the bounds (see :func:`imbens_manski_confidence`); without missing answers
          it is the ordinary interval;
        - ``region_low, region_high``: covers *both bounds*: the ordinary lower limit of the lower
          bound and the ordinary upper limit of the upper bound, never narrower.

        Levels where nobody was asked have ``n`` = 0 and NaN.

    Raises:
        InputError: the frames do not fit, or a valid answer stands where nobody was asked.
    """
    outcomes = design.rows.frame(outcomes, "outcomes")
    asked = design.rows.frame(asked, "asked")
    outcome_names = code_outcomes(outcomes, design.rows).names
    universe = check_universe(outcomes, asked)
    valid = outcomes.notna().to_numpy()
    yes = (outcomes == 1).to_numpy(dtype=bool, na_value=False)
    columns = [f"{number}\n{name}" for number in range(3) for name in outcome_names]
    # Few bytes hold zeros, ones and missing answers exactly.
    values = np.full((len(outcomes), len(columns)), np.nan, dtype=np.float32)
    for number, case_values in enumerate([yes, yes | ~valid, valid]):
        columns_of_case = slice(number * len(outcome_names), (number + 1) * len(outcome_names))
        np.copyto(values[:, columns_of_case], case_values, where=universe)
    stacked = pd.DataFrame(values, columns=columns, index=outcomes.index)
    table = estimate(
        design,
        stacked,
        domains,
        interval=interval,
        confidence=confidence,
        calibration=calibration,
    )
    n_rows = len(table) // 3
    low, high, answered = (
        table.iloc[block * n_rows : (block + 1) * n_rows].reset_index(drop=True)
        for block in range(3)
    )
    level = imbens_manski_confidence(
        high["estimate"] - low["estimate"],
        np.maximum(low["se"], high["se"]),
        low["df"],
        confidence,
    )
    limits = INTERVALS[interval]
    return pd.DataFrame(
        {
            "indicator": low["indicator"].str.removeprefix("0\n"),
            "domain": low["domain"],
            "level": low["level"],
            "n": low["n"],
            "n_valid": answered["n_yes"].astype(np.int64),
            "population": low["population"],
            "answered": answered["estimate"],
            "lower": low["estimate"],
            "upper": high["estimate"],
            "se_lower": low["se"],
            "se_upper": high["se"],
            "df": low["df"],
            "ci_low": limits(low["estimate"], low["se"], low["n"], low["df"], level)[0],
            "ci_high": limits(high["estimate"], high["se"], high["n"], high["df"], level)[1],
            "region_low": low["ci_low"],
            "region_high": high["ci_high"],
            "interval": low["interval"],
        }
    )


def imbens_manski_confidence(
    width: pd.Series | Floats, se: pd.Series | Floats, df: pd.Series | Floats, confidence: float
) -> Floats:
    """Confidence level to use at each bound so that the proportion between them is covered.

    Imbens & Manski (2004, Econometrica 72) extend the bounds by ``c`` standard errors, where

        F(c + width/se) - F(-c) = confidence;

    F is the t distribution here, and ``2 F(c) - 1`` the level of a two-sided interval with the same
    reach. It falls from ``confidence`` without missing answers to ``2 · confidence - 1`` where the
    bounds are far apart: the proportion cannot be near both of them.

    Args:
        width: (L,) upper less lower bound.
        se: (L,) the larger of their standard errors.
        df: (L,) degrees of freedom.
        confidence: confidence level asked for.

    Returns:
        (L,) levels; NaN without degrees of freedom.
    """
    width, se, df = (np.asarray(values, dtype=np.float64) for values in (width, se, df))
    df = np.where(df > 0, df, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(width > 0, width / se, 0.0)
    distance = np.where(np.isnan(width), np.nan, distance)
    # The left-hand side rises and bends down, so Newton's steps from below never overshoot.
    critical = stdtrit(df, confidence)
    for _ in range(NEWTON_STEPS):
        shortfall = confidence - (stdtr(df, critical + distance) - stdtr(df, -critical))
        slope = _t_density(critical + distance, df) + _t_density(critical, df)
        step = shortfall / slope
        critical = critical + step
        if not (np.abs(step) > 1e-14 * critical).any():
            break
    return np.asarray(2 * stdtr(df, critical) - 1)


def _t_density(t: Floats, df: Floats) -> Floats:
    constant = gammaln((df + 1) / 2) - gammaln(df / 2) - np.log(df * np.pi) / 2
    return np.asarray(np.exp(constant - (df + 1) / 2 * np.log1p(t**2 / df)))


def check_universe(outcomes: pd.DataFrame, asked: pd.DataFrame) -> Mask:
    """Check ``asked`` against the outcomes and return it as (n, K) booleans.

    Raises:
        InputError: other rows or columns, values that are not true or false, or a valid answer
            where nobody was asked.
    """
    if list(asked.columns) != list(outcomes.columns) or len(asked) != len(outcomes):
        finding = f"{len(asked)} rows of {', '.join(map(str, asked.columns))}"
        raise InputError("asked", finding, "Give the rows and columns of the outcomes")
    for name in outcomes.columns:
        if not pd.api.types.is_bool_dtype(asked[name].dtype) or asked[name].isna().any():
            finding = f"values of type {asked[name].dtype}"
            raise InputError(f"asked, column '{name}'", finding, "Give true or false for every row")
        stray = (outcomes[name].notna() & ~asked[name]).to_numpy(dtype=bool)
        if stray.any():
            finding = f"a valid answer where nobody was asked: {describe_first_row(stray)}"
            raise InputError(f"outcomes, column '{name}'", finding, "Correct the universe")
    return asked.to_numpy(dtype=bool)
