"""Replicate weights: jackknife, balanced repeated replication, bootstrap, or those of a data file.

The variance of an estimate ``θ`` with the values ``θ_r`` under R sets of replicate weights is

    V(θ) = scale · Σ_r rscale_r · (θ_r - c)²,

with ``c`` the mean of the ``θ_r`` of positive ``rscale``, or ``θ`` itself when ``mse`` is true
(Wolter 2007, Introduction to Variance Estimation, ch. 3-5; R ``svrepdesign``).

A replicate changes the weights of whole PSUs, so it is held as one multiplier per PSU. Estimates of
all replicates follow from PSU totals, without going through the rows again.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats
from designbased.calibration.calibrate import Bounds, Method, calibrate, recalibrate
from designbased.calibration.raking import Auxiliaries
from designbased.design.design_columns import read_numbers, read_weights, require_column
from designbased.design.frames import read_frame
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError, amount
from designbased.replication.replicate_design import ReplicateDesign, Waves

# Hadamard matrices: ±1 with orthogonal rows, for balanced repeated replication.


Signs: TypeAlias = NDArray[np.int8]

# Orders up to this many times the one asked for are tried; doubling always finds one below two.
ENOUGH = 2

DOUBLING: Signs = np.array([[1, 1], [1, -1]], dtype=np.int8)


def hadamard(order: int) -> Signs:
    """Return the smallest Hadamard matrix of at least this order that the constructions reach.

    They are Sylvester's doubling and Paley's two constructions for prime numbers (Paley 1933,
    Journal of Mathematics and Physics 12). Of the multiples of four up to 100 they leave out 52, 92
    and 100.

    Args:
        order: smallest order wanted, at least 1.

    Returns:
        (m, m) ±1 with ``m >= order``, ``H Hᵀ = m I`` and a first row and column of ones.
    """
    for candidate in range(order, ENOUGH * order + 1):
        matrix = _hadamard_of_order(candidate)
        if matrix is not None:
            # Signs of columns, then of rows, are free: make the first row and column ones.
            matrix = matrix * matrix[0]
            standard: Signs = matrix * matrix[:, :1]
            return standard
    raise AssertionError("doubling reaches a power of two below twice any order")


def _hadamard_of_order(order: int) -> Signs | None:
    if order <= 2:
        return DOUBLING[:order, :order]
    if order % 4:
        return None
    if _is_prime(order - 1):
        return _paley_one(order - 1)
    if order % 8 == 4 and _is_prime(order // 2 - 1):
        return _paley_two(order // 2 - 1)
    half = _hadamard_of_order(order // 2)
    return None if half is None else _kronecker_product(DOUBLING, half)


def _paley_one(q: int) -> Signs:
    """Order ``q + 1`` for a prime ``q`` that leaves 3 when divided by 4."""
    skew = np.zeros((q + 1, q + 1), dtype=np.int8)
    skew[0, 1:], skew[1:, 0] = 1, -1
    skew[1:, 1:] = _quadratic_characters(q)
    return skew + np.eye(q + 1, dtype=np.int8)


def _paley_two(q: int) -> Signs:
    """Order ``2 (q + 1)`` for a prime ``q`` that leaves 1 when divided by 4."""
    symmetric = np.zeros((q + 1, q + 1), dtype=np.int8)
    symmetric[0, 1:], symmetric[1:, 0] = 1, 1
    symmetric[1:, 1:] = _quadratic_characters(q)
    diagonal = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    return _kronecker_product(symmetric, DOUBLING) + _kronecker_product(
        np.eye(q + 1, dtype=np.int8), diagonal
    )


def _kronecker_product(a: Signs, b: Signs) -> Signs:
    """Put ``b``, times each number of ``a``, in the place of that number."""
    product: Signs = np.kron(a, b).astype(np.int8)
    return product


def _quadratic_characters(q: int) -> Signs:
    """(q, q) one where ``i - j`` is a square modulo ``q``, minus one where not, zero if equal."""
    character = np.full(q, -1, dtype=np.int8)
    character[(np.arange(1, q) ** 2) % q] = 1
    character[0] = 0
    difference = np.subtract.outer(np.arange(q), np.arange(q)) % q
    characters: Signs = character[difference]
    return characters


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % factor for factor in range(2, int(number**0.5) + 1))


# Decide whether replicate weights of a data file are weights or factors of weights.
#
# Files hold both, and no result shows that one was taken for the other: factors used as weights
# give the variance of an unweighted estimate, often half the right standard error.
#
# On average over the replicates a row keeps its weight, so a full replicate weight is about the
# weight and a factor is about one. Which of the two the columns are closer to is decided on the
# median row, so that single rows cannot decide it. Where weights are all close to one, both are the
# same thing.


ReplicateContent: TypeAlias = Literal["weights", "factors"]

# A middle row this far (relatively) from what it should be is not the noise of replication if it is
# also so many times nearer to the other meaning.
FAR = 0.1
NEARER = 3.0


def check_replicates(
    weight: Floats, matrix: Floats, column_names: Sequence[str], content: ReplicateContent
) -> None:
    """Refuse replicates that are all zero, or plainly something else than they are said to be.

    Args:
        weight: (n,) full weights.
        matrix: (n, R) the columns as they are.
        column_names: the R columns.
        content: what they are said to be.

    Raises:
        InputError: no such option; a replicate without a weight above zero; columns that look like
            factors said to be weights, or the reverse.
    """
    if content not in get_args(ReplicateContent):
        options = ", ".join(get_args(ReplicateContent))
        raise InputError("replicates_hold", f"the value {content!r}", f"Choose one of {options}")
    empty = ~(matrix > 0).any(axis=0)
    if empty.any():
        finding = f"no weight above zero in {empty.sum()} of {len(column_names)} replicates"
        raise InputError(
            f"column '{column_names[int(np.argmax(empty))]}'",
            finding,
            "Leave such columns out, and take scale and rscales from the file's documentation",
        )
    sampled = weight > 0
    mean = matrix[sampled].mean(axis=1)
    distance = {
        "weights": float(np.median(np.abs(mean / weight[sampled] - 1))),
        "factors": float(np.median(np.abs(mean - 1))),
    }
    alternative: ReplicateContent = "factors" if content == "weights" else "weights"
    if distance[content] > FAR and distance[content] > NEARER * distance[alternative]:
        share = matrix[sampled].sum() / (len(column_names) * weight.sum())
        finding = (
            f"columns that are said to be {content} and look like {alternative}: a replicate sums "
            f"to {share:.3g} times the column of weights, and the mean of a row is "
            f"{mean.mean():.3g} where its weight is {weight[sampled].mean():.3g}"
        )
        raise InputError("replicates", finding, f"Give replicates_hold='{alternative}'")


# Singular values this small beside the largest are zero, as in the rank of R `degf`.
RANK_TOLERANCE = 1e-5


def jackknife(design: SurveyDesign, mse: bool = False) -> ReplicateDesign:
    """Leave out one PSU at a time: JKn, or JK1 for a design without strata.

    The other PSUs of the stratum count ``n_h/(n_h - 1)`` times; ``rscale`` is
    ``(1 - n_h/N_h) (n_h - 1)/n_h``. Strata that add nothing to the variance have no replicates.

    Raises:
        InputError: the design has later stages, a lonely PSU that should add to the variance, or
            no PSU that can be left out.
    """
    _refuse_stages(design, "jackknife")
    _refuse_rules(design, ("centre",))
    n_psus = design.stratum_psus
    factor = design.unsampled_fraction.copy()
    if design.lonely_psu == "average":
        factor *= design.n_strata / (design.n_strata - design.lonely.sum())
    left_out = np.flatnonzero((factor * (n_psus > 1))[design.psu_stratum] > 0)
    if len(left_out) == 0:
        raise InputError("design", "no PSU was drawn by chance", "There is no variance to estimate")
    stratum = design.psu_stratum[left_out]
    grown = (n_psus / np.maximum(n_psus - 1, 1))[stratum]
    multiplier = np.where(design.psu_stratum[:, None] == stratum, grown, 1.0)
    multiplier[left_out, np.arange(len(left_out))] = 0.0
    return _replicate_design(design, multiplier, 1.0, factor[stratum] / grown, mse)


def balanced_replicates(
    design: SurveyDesign, rho: float = 0.0, mse: bool = False
) -> ReplicateDesign:
    """Balanced repeated replication, by Fay's method when ``rho`` is positive.

    Every replicate multiplies the weights of one PSU of each stratum by ``2 - rho`` and those of
    the other one by ``rho``, as a row of a Hadamard matrix says; ``scale`` is
    ``1 / (R (1 - rho)²)``. For a total this equals linearisation. With a finite population
    correction the multipliers are ``1 ± (1 - rho) √(1 - f_h)`` (Wolter 2007, section 3.5).

    Args:
        design: two PSUs in every stratum, or one where the rule for lonely PSUs adds nothing.
        rho: Fay's factor, at least 0 and below 1; 0 is BRR.

    Raises:
        InputError: ``rho`` is out of range, a stratum has another number of PSUs, or the design
            has later stages.
    """
    if not 0 <= rho < 1:
        raise InputError("rho", f"the value {rho}", "Give a number from 0 to below 1")
    _refuse_stages(design, "balanced replicates")
    _refuse_rules(design, ("centre", "average"))
    n_psus = design.stratum_psus
    unpaired = (n_psus != 2) & ~((n_psus == 1) & (design.lonely | (design.unsampled_fraction == 0)))
    if unpaired.any():
        h = np.flatnonzero(unpaired)[0]
        raise InputError(
            "design",
            f"{n_psus[h]} PSUs in stratum {design.stratum_labels[h]}",
            "Balanced replicates need two in each: pair the PSUs into strata, or use the jackknife",
        )
    pairs = np.flatnonzero(n_psus == 2)
    signs = hadamard(len(pairs) + 1)
    step = (1 - rho) * np.sqrt(design.unsampled_fraction[pairs])
    change = step[:, None] * signs[1 : len(pairs) + 1]
    multiplier = np.ones((design.n_psus, len(signs)))
    multiplier[design.stratum_start[pairs]] += change
    multiplier[design.stratum_start[pairs] + 1] -= change
    scale = 1 / (len(signs) * (1 - rho) ** 2)
    return _replicate_design(design, multiplier, scale, np.ones(len(signs)), mse)


def rescaling_bootstrap(
    design: SurveyDesign, replicates: int, seed: int, mse: bool = False
) -> ReplicateDesign:
    """Rao-Wu-Yue rescaling bootstrap.

    Each replicate draws ``m_h = n_h - 1`` of the ``n_h`` PSUs of every stratum, with replacement. A
    PSU drawn ``t`` times has the multiplier ``1 - λ + λ t n_h/m_h`` with ``λ = √(1 - n_h/N_h)``;
    ``scale`` is ``1/(R - 1)``, or ``1/R`` when ``mse`` is true.

    Args:
        replicates: their number R, at least 2.
        seed: seed of the draws: the same seed gives the same replicates.

    Raises:
        InputError: fewer than two replicates, later stages, or a lonely PSU that should add to the
            variance.

    Source: Rao, Wu & Yue 1992, Survey Methodology 18(2).
    """
    if replicates < 2:
        raise InputError("replicates", f"the number {replicates}", "Give at least 2, better 500")
    _refuse_stages(design, "the bootstrap")
    _refuse_rules(design, ("centre", "average"))
    random = np.random.default_rng(seed)
    multiplier = np.ones((design.n_psus, replicates))
    for first_psu, n_psus, unsampled in zip(
        design.stratum_start, design.stratum_psus, design.unsampled_fraction, strict=True
    ):
        if n_psus == 1:
            continue
        drawn = random.integers(0, n_psus, (n_psus - 1, replicates))
        cells = (drawn * replicates + np.arange(replicates)).ravel()
        times = np.bincount(cells, minlength=n_psus * replicates).reshape(n_psus, replicates)
        change = np.sqrt(unsampled) * (times * n_psus / (n_psus - 1) - 1)
        multiplier[first_psu : first_psu + n_psus] += change
    scale = 1 / replicates if mse else 1 / (replicates - 1)
    return _replicate_design(design, multiplier, scale, np.ones(replicates), mse)


def supplied_replicates(
    frame: pd.DataFrame,
    weight: str,
    replicates: Sequence[str],
    scale: float,
    rscales: Sequence[float] | None = None,
    mse: bool = False,
    df: int | None = None,
    replicates_hold: ReplicateContent = "weights",
) -> ReplicateDesign:
    """Take replicate weights from a data file.

    How they were made decides on ``scale`` and ``rscales``; the file's documentation says it, and
    there is no default, as a wrong guess cannot be seen in the results:

    - BRR: ``scale = 1/R``; Fay: ``1/(R (1 - rho)²)``; bootstrap: ``1/R`` or ``1/(R - 1)``;
    - JK1: ``(R - 1)/R``; JKn: ``scale = 1`` and ``rscales`` of ``(n_h - 1)/n_h``;
    - successive differences (ACS): ``4/R``.

    Args:
        frame: one row per respondent.
        weight: column of the weights for the estimate itself.
        replicates: R columns of replicate weights.
        scale: factor of the variance.
        rscales: R factors of the replicates; None is one each.
        df: degrees of freedom, best ``PSUs - strata``; None is the rank of the matrix of replicate
            weights less one (R ``degf``).
        replicates_hold: ``"weights"``, each column is a full weight; ``"factors"``, each is what
            the weight is multiplied by (R ``combined.weights = FALSE``).

    Raises:
        InputError: a column is missing, holds no weights or only zeros; an argument does not fit;
            or the columns look like factors where they are said to be weights, or the reverse,
            which would give a wrong standard error (:func:`check_replicates`).
    """
    frame = read_frame(frame)
    columns = [weight, *replicates]
    for column in columns:
        require_column(frame, column)
    if len(replicates) < 2:
        raise InputError("replicates", amount(len(replicates), "column"), "Name at least two")
    factors = np.ones(len(replicates)) if rscales is None else np.asarray(rscales, dtype=float)
    if factors.shape != (len(replicates),) or not (factors >= 0).all() or not factors.any():
        finding = f"{factors.size} numbers for {len(replicates)} replicates"
        raise InputError("rscales", finding, "Give one number, zero or above, per replicate")
    if not (np.isfinite(scale) and scale > 0):
        raise InputError("scale", f"the value {scale}", "Give a positive number")
    if df is not None and df < 1:
        raise InputError("df", f"the value {df}", "Give a whole number above zero")
    full = read_weights(frame, weight)
    matrix = np.column_stack([read_numbers(frame, column) for column in replicates])
    check_replicates(full, matrix, replicates, replicates_hold)
    base = full if replicates_hold == "factors" else np.ones(len(frame))
    return ReplicateDesign(
        weight=full,
        base=base,
        multiplier_row=np.arange(len(frame)),
        multiplier=matrix,
        scale=float(scale),
        rscales=factors,
        mse=mse,
        df=_rank_of_weights(base[:, np.newaxis] * matrix) - 1 if df is None else df,
        index=frame.index,
    )


def _rank_of_weights(matrix: Floats) -> int:
    # The square of the matrix has the squares of its singular values, and R rows only.
    values = np.linalg.eigvalsh(matrix.T @ matrix)
    return int((values > values[-1] * RANK_TOLERANCE**2).sum())


def _replicate_design(
    design: SurveyDesign, multiplier: Floats, scale: float, rscales: Floats, mse: bool
) -> ReplicateDesign:
    return ReplicateDesign(
        weight=design.weight,
        base=design.weight,
        multiplier_row=design.psu,
        multiplier=multiplier,
        scale=scale,
        rscales=rscales,
        mse=mse,
        df=min(design.df, len(rscales)),
        design=design,
        index=design.index,
    )


def _refuse_stages(design: SurveyDesign, method: str) -> None:
    if design.clustered is not design:
        finding = f"a {type(design).__name__}, which {method} cannot replicate"
        raise InputError("design", finding, "Give a SurveyDesign, or estimate with this design")
    if design.later_stages:
        raise InputError(
            "design",
            f"later stages, which {method} cannot replicate",
            "Make the design without fpc and later stages: its PSUs carry the variance of all",
        )


def _refuse_rules(design: SurveyDesign, rules: Sequence[str]) -> None:
    if design.lonely.any() and design.lonely_psu in rules:
        raise InputError(
            "lonely_psu",
            f"the rule '{design.lonely_psu}', which no replicate can follow",
            "Choose 'collapse' or 'certainty' for this design",
        )


def calibrate_replicates(
    design: ReplicateDesign,
    auxiliary: Auxiliaries,
    method: Method = "raking",
    bounds: Bounds | None = None,
) -> ReplicateDesign:
    """Calibrate the weights of a sample and those of every replicate to the same totals.

    Standard errors then know of the calibration, whatever is estimated: each replicate is
    calibrated as the sample is (Rust & Rao 1996; R ``calibrate``, ``rake`` and ``postStratify`` of
    a replicate design). ``method="linear"`` with one margin is post-stratification.

    Args:
        auxiliary, method, bounds: as for :func:`.calibrate.calibrate`.

    Returns:
        A design with the same degrees of freedom; R counts the rank of the new weights.

    Raises:
        InputError: totals that cannot be met, with the number of the replicate; or weights of the
            sample that come out negative.
    """
    result = calibrate(design.weight, auxiliary, method, bounds)
    if result.negative:
        finding = f"{amount(result.negative, 'negative weight')}"
        remedy = "Give bounds from 0 on, or use raking, which cannot make a weight negative"
        raise InputError(f"calibration, method '{method}'", finding, remedy)
    every = np.arange(design.n_rows)
    return replace(
        design,
        weight=result.weights,
        base=np.ones(design.n_rows),
        multiplier_row=every,
        multiplier=recalibrate(design.of_rows(every), auxiliary, method, bounds),
    )


def stack_replicates(waves: Sequence[ReplicateDesign]) -> ReplicateDesign:
    """Put independent waves below each other, each with replicate weights of its own.

    A replicate of one wave leaves the weights of the others as they are, so that the variance of a
    difference is the sum of the variances of both. The rows are those of ``pd.concat`` of the
    frames, and the wave is a domain like others. Degrees of freedom are those of the waves that an
    estimate has cases in. Replicates that were made from a design need no such step:
    ``jackknife(stacked_design(...))``.

    Raises:
        InputError: fewer than two waves, or replicates about the estimate beside replicates about
            their mean.
    """
    if len(waves) < 2:
        raise InputError("waves", amount(len(waves), "design"), "Give two or more")
    if len({wave.mse for wave in waves}) > 1:
        finding = "deviations from the estimate in some, from the mean of replicates in others"
        raise InputError("waves", finding, "Give mse the same value in all")
    rows, replicates = [wave.n_rows for wave in waves], [wave.n_replicates for wave in waves]
    weight = np.concatenate([wave.weight for wave in waves])
    multiplier = np.repeat(weight[:, np.newaxis], sum(replicates), axis=1)
    first_row, first_replicate = 0, 0
    for wave in waves:
        own_rows = slice(first_row, first_row + wave.n_rows)
        own = slice(first_replicate, first_replicate + wave.n_replicates)
        multiplier[own_rows, own] = wave.of_rows(np.arange(wave.n_rows))
        first_row, first_replicate = own_rows.stop, own.stop
    labels = [wave.index for wave in waves if wave.index is not None]
    df = np.array([wave.df for wave in waves])
    number = np.arange(len(waves))
    return ReplicateDesign(
        weight=weight,
        base=np.ones(len(weight)),
        multiplier_row=np.arange(len(weight)),
        multiplier=multiplier,
        scale=1.0,
        rscales=np.concatenate([wave.scale * wave.rscales for wave in waves]),
        mse=waves[0].mse,
        df=int(df.sum()),
        waves=Waves(np.repeat(number, rows), np.repeat(number, replicates), df),
        index=labels[0].append(labels[1:]) if len(labels) == len(waves) else None,
    )
