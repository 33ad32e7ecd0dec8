"""The options of one question: shares that hold together, and which of them comes first.

A question has K options. Of a child with an answer each option is ticked (1) or not (0): one of
them (who did it), or any number (whom the child told). All options have the same denominator, the
children who answered the question; ticks of a question with several answers do not add up to 1.
Where each option was put as a question of its own, and some were not answered, each option has the
children who answered it, and all else holds.

The shares are ratios of one sample, so they vary together. The difference of two of them has the
variance ``V_aa + V_bb - 2 V_ab``. With one answer the covariance is negative as a rule, and the
formula of independent groups gives too small a standard error; with several it is the variance of
the mean of the paired difference.

The K intervals hold together: each has the level ``1 - α/K`` (Bonferroni; Korn & Graubard 1998 for
each), where α is one less the confidence.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import Deviations
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.estimates.corrections import adjust_by_holm
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.variance.scores import two_sided_p


@dataclass(frozen=True, eq=False)
class Categories:
    """The options of one question.

    Attributes:
        shares: one row per option, in the order of the columns: ``option, n, n_yes, estimate, se``,
            limits ``ci_low, ci_high`` that hold for all options together, ``df``, and ``rank_low``
            and ``rank_high``, the first and the last place that it may have, 1 for the most often
            named. Two options that the tests do not part may each have the place of the other.
        pairs: one row per two options: ``option_a, option_b, difference`` (a less b), ``se, df, t,
            p_value, p_holm`` and ``clear``.
        covariance: (K, K) matrix of the shares.
    """

    shares: pd.DataFrame
    pairs: pd.DataFrame
    covariance: Floats

    @property
    def may_be_first(self) -> list[str]:
        """The options of which none is named less often for sure; one alone is the most often."""
        top_ranked = self.shares["rank_low"] == 1
        return list(self.shares.loc[top_ranked, "option"])


def estimate_categories(
    design: Design,
    answers: pd.DataFrame,
    one_answer: bool,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> Categories:
    """Estimate the options of one question and put them in order as far as the sample does.

    Args:
        answers: (n, K) columns of 0 and 1, one per option; NaN where there is no valid answer. With
            ``one_answer`` that is in all columns or in none, and an answer that is no option
            (``other``) needs a column of its own.
        one_answer: whether every child gave one answer; else any number of options, also none.
        confidence: probability with which all K intervals hold; one less it is the error rate of
            the pairs (Holm 1979).
        df_rule: as for :func:`.linearisation.estimate`.
        calibration: what the weights were calibrated to; None takes the weights as given.

    Raises:
        InputError: fewer than two options; an option that nobody answered; with ``one_answer`` a
            row with an answer to some options alone, with none or several; or the frame does not
            fit.
    """
    check_confidence(confidence)
    answers = design.rows.frame(answers, "answers")
    _check_answers(answers, one_answer)
    options = [str(name) for name in answers.columns]
    alpha = 1 - confidence
    table = estimate(
        design,
        answers,
        interval=interval,
        confidence=1 - alpha / len(options),
        calibration=calibration,
        df_rule=df_rule,
    )
    joint = joint_estimates(design, answers, calibration=calibration)
    pairs = _compare_options(table, joint.deviations, options, alpha)
    is_above = _clearly_above(pairs, options)
    shares = table.rename(columns={"indicator": "option"})[
        ["option", "n", "n_yes", "estimate", "se", "ci_low", "ci_high", "df"]
    ]
    ranks = {"rank_low": 1 + is_above.sum(axis=0), "rank_high": len(options) - is_above.sum(axis=1)}
    return Categories(shares.assign(**ranks), pairs, joint.matrix)


def _check_answers(answers: pd.DataFrame, one_answer: bool) -> None:
    if answers.shape[1] < 2:
        finding = f"{answers.shape[1]} options"
        raise InputError("answers", finding, "Give a column for each option of the question")
    answered = answers.notna().to_numpy()
    if not answered.any(axis=0).all():
        name = answers.columns[int(np.argmin(answered.any(axis=0)))]
        location = f"answers, column '{name}'"
        raise InputError(location, "no answers", "Leave the option out, or widen the domain")
    if not one_answer:
        return
    if (answered != answered[:, :1]).any():
        raise InputError(
            "answers",
            "rows with an answer to some options alone, where each has one answer",
            "Give every option of whoever answered the question, and of no other",
        )
    if (answers[answered[:, 0]].sum(axis=1) != 1).any():
        raise InputError(
            "answers",
            "rows with no option or several, where each has one answer",
            "Add the options that are missing, or say that several may be given",
        )


def _compare_options(
    table: pd.DataFrame, deviations: Deviations, options: list[str], alpha: float
) -> pd.DataFrame:
    """Return the tests of all pairs from the deviations (V, K) of the shares."""
    first, second = np.array(list(combinations(range(len(options)), 2))).T
    p, df = table["estimate"].to_numpy(), table["df"].to_numpy(dtype=float)
    spread = deviations.values[:, first] - deviations.values[:, second]
    se = np.sqrt(Deviations(spread, deviations.sign).variances())
    share_se = np.sqrt(deviations.variances())
    # Where all children gave one answer, or two options go together, this is zero but for rounding.
    se = np.where(se <= ROUNDING * (share_se[first] + share_se[second]), 0.0, se)
    df = np.minimum(df[first], df[second])
    difference = p[first] - p[second]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where((se > 0) & (df > 0), difference / se, np.nan)
    p_value = two_sided_p(t, df)
    verdict = adjust_by_holm(p_value, 1.0, alpha)
    return pd.DataFrame(
        {
            "option_a": np.array(options)[first],
            "option_b": np.array(options)[second],
            "difference": difference,
            "se": se,
            "df": df,
            "t": t,
            "p_value": p_value,
            "p_holm": verdict.p_adjusted,
            "clear": verdict.clear,
        }
    )


def _clearly_above(pairs: pd.DataFrame, options: list[str]) -> Mask:
    """(K, K) whether the option of the row is named more often, for sure, than the column's."""
    index = {name: number for number, name in enumerate(options)}
    is_above = np.zeros((len(options), len(options)), dtype=bool)
    for pair in pairs[pairs["clear"]].itertuples():
        a, b = index[str(pair.option_a)], index[str(pair.option_b)]
        is_above[(a, b) if float(str(pair.difference)) > 0 else (b, a)] = True
    return is_above
