"""Multiple imputation of missing answers to yes-or-no questions.

Each completed data set comes from its own bootstrap sample of PSUs within strata and a logistic
model of the outcome fitted to it, from which the missing answers are drawn: the draws then carry
the uncertainty of the model and of the clustered sample (approximate Bayesian bootstrap; Rubin &
Schenker 1986, Journal of the American Statistical Association 81; Shao & Sitter 1996, ibid. 91).

The model has what the design used, since it has to be right for the whole population: strata, the
logarithm of the weight, and the mean answer of the *other* rows of the PSU (with the row's own
answer left out, the coefficient of that mean shrinks it just as the similarity within PSUs
demands); and the predictors that are given. Coefficients of standardised columns have a normal
prior with standard deviation 2.5 (Gelman et al. 2008, Annals of Applied Statistics 2, for the
scale), so that a level whose answers are all alike does not make the fit diverge.

Imputation assumes that, given all this, those who refused answer like those who did not. Where
they do not, the proportion is off by the share missing times the difference between the true mean
of the missing answers and the imputed one. A domain that is not among the predictors has the same
imputed mean in all its levels: with a share ``m`` missing, a difference between levels shrinks to
``1 - m`` of itself, and its standard error by Rubin's rules is no longer right (Kim and others
2006, Journal of the Royal Statistical Society B 68). So give every domain that will be shown as a
predictor, and show the result beside the bounds of :mod:`.bounds`, which assume nothing.
"""

import zlib

import numpy as np
import pandas as pd
from scipy.special import expit

from designbased.arrays import Floats, Integers, Mask
from designbased.design.coding import code_outcomes
from designbased.design.protocol import Design
from designbased.design.survey_design import SurveyDesign
from designbased.design.table_columns import describe_first_row
from designbased.errors import InputError
from designbased.missing.bounds import check_universe

PRIOR_SD = 2.5
INTERCEPT_PRIOR_SD = 10.0
NEWTON_STEPS = 100
STEP_TOLERANCE = 1e-10


def impute(
    design: Design,
    outcomes: pd.DataFrame,
    asked: pd.DataFrame,
    predictors: pd.DataFrame,
    seed: int,
    imputations: int = 20,
) -> list[pd.DataFrame]:
    """Fill the missing answers of those who were asked, several times over.

    Args:
        design: of any kind whose strata and PSUs are known.
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        asked: (n, K) true where the question was asked, in the columns of ``outcomes``.
        predictors: (n, Q) correlates of the outcomes: text or categories (a missing one becomes a
            level of its own) and complete numbers.
        seed: seed of the draws. Those of an outcome depend on the seed and its name alone.
        imputations: number of completed data sets, at least two; 20 or more for publication.

    Returns:
        ``imputations`` frames like ``outcomes``, with an answer wherever one was asked for. Rows of
        weight zero, which no estimate uses, keep their missing answers.

    Raises:
        InputError: the frames do not fit, a number among the predictors is missing, an outcome has
            missing answers and no valid one, or the design does not tell PSUs apart.
    """
    if imputations < 2:
        raise InputError("imputations", f"the value {imputations}", "Give 20 or more")
    outcome_names = code_outcomes(outcomes, design.rows).names
    design.rows.check(asked, "asked")
    universe = check_universe(outcomes, asked) & (design.weight > 0)[:, np.newaxis]
    answers = outcomes.to_numpy(dtype=np.float64, na_value=np.nan)
    sample = design.clustered
    if sample is None:
        finding = "replicate weights that do not tell PSUs apart"
        raise InputError("design", finding, "Impute by a design with strata and PSUs")
    columns = _predictor_columns(sample, predictors)
    completed = np.repeat(answers[np.newaxis], imputations, axis=0)
    for k, name in enumerate(outcome_names):
        valid = universe[:, k] & ~np.isnan(answers[:, k])
        missing = universe[:, k] & np.isnan(answers[:, k])
        if not missing.any():
            continue
        if not valid.any():
            remedy = "Leave it out: there is nothing to learn from"
            raise InputError(f"outcomes, column '{name}'", "no valid answer", remedy)
        draws = np.random.default_rng([seed, zlib.crc32(name.encode())])
        psu_mean = _mean_of_others(sample, answers[:, k], valid)
        matrix = _standardise_columns(np.column_stack([columns, psu_mean]), valid)
        for j in range(imputations):
            copies = _draw_psus(sample, draws)[sample.psu][valid]
            coefficient = _fit_logistic(matrix[valid], answers[valid, k], copies)
            chance = expit(matrix[missing] @ coefficient)
            completed[j, missing, k] = draws.random(int(missing.sum())) < chance
    return [
        pd.DataFrame(frame, columns=outcomes.columns, index=outcomes.index) for frame in completed
    ]


def _predictor_columns(design: SurveyDesign, predictors: pd.DataFrame) -> Floats:
    """Strata, log weight and predictors as numbers, (n, p)."""
    design.rows.check(predictors, "predictors")
    stratum = design.psu_stratum[design.psu]
    log_weight = np.log(np.where(design.weight > 0, design.weight, 1.0))
    blocks = [_indicator_columns(stratum), log_weight[:, np.newaxis]]
    for name in predictors.columns:
        column = predictors[name]
        if pd.api.types.is_numeric_dtype(column.dtype):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
            wrong = ~np.isfinite(values)
            if wrong.any():
                remedy = "Fill it, or give the column in categories"
                finding = f"no finite number in {describe_first_row(wrong)}"
                raise InputError(f"predictors, column '{name}'", finding, remedy)
            blocks.append(values[:, np.newaxis])
        else:
            blocks.append(_indicator_columns(pd.factorize(column, sort=True)[0]))
    return np.hstack(blocks)


def _indicator_columns(codes: Integers) -> Floats:
    """One column per code; a missing value (-1) is a code like others.

    None is left out as a reference: the prior settles what the columns share, and a level without
    valid answers is then taken for an average one, whichever comes first.
    """
    return np.asarray(codes[:, np.newaxis] == np.unique(codes), dtype=np.float64)


def _mean_of_others(design: SurveyDesign, answers: Floats, valid: Mask) -> Floats:
    """Mean valid answer of the other rows of the PSU, less the overall mean; zero without any."""
    deviation = np.where(valid, answers - answers[valid].mean(), 0.0)
    count = np.bincount(design.psu, weights=valid, minlength=design.n_psus)[design.psu] - valid
    total = np.bincount(design.psu, weights=deviation, minlength=design.n_psus)[design.psu]
    return np.asarray((total - deviation) / np.maximum(count, 1))


def _standardise_columns(columns: Floats, valid: Mask) -> Floats:
    """An intercept and the columns with mean 0 and standard deviation 1 among valid answers."""
    spread = columns[valid].std(axis=0)
    varies = spread > 0
    scaled = (columns[:, varies] - columns[valid][:, varies].mean(axis=0)) / spread[varies]
    return np.column_stack([np.ones(len(columns)), scaled])


def _draw_psus(design: SurveyDesign, draws: np.random.Generator) -> Floats:
    """How often each PSU is drawn when every stratum draws as many as it has, with replacement."""
    n_psus = np.repeat(design.stratum_psus, design.stratum_psus)
    start = np.repeat(design.stratum_start, design.stratum_psus)
    psu_index = start + np.floor(draws.random(design.n_psus) * n_psus).astype(np.intp)
    return np.bincount(psu_index, minlength=design.n_psus).astype(np.float64)


def _fit_logistic(matrix: Floats, answers: Floats, copies: Floats) -> Floats:
    """Most likely coefficients of the logistic model under the prior, by Newton's method."""
    precision = np.full(matrix.shape[1], PRIOR_SD**-2)
    precision[0] = INTERCEPT_PRIOR_SD**-2
    coefficient = np.zeros(matrix.shape[1])
    for _ in range(NEWTON_STEPS):
        mean = expit(matrix @ coefficient)
        score = matrix.T @ (copies * (answers - mean)) - precision * coefficient
        information = (matrix * (copies * mean * (1 - mean))[:, np.newaxis]).T @ matrix
        step = np.linalg.solve(information + np.diag(precision), score)
        # A long step far from the mode could overshoot for ever.
        coefficient += step / max(1.0, np.abs(step).max() / 2)
        if np.abs(step).max() <= STEP_TOLERANCE:
            return coefficient
    raise InputError("imputation model", "the fit did not converge", "Give fewer predictors")
