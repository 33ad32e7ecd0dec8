"""Estimates and standard errors of all indicators in all domains at once.

The estimator is Taylor linearisation with the ultimate-cluster variance (Binder 1983, International
Statistical Review 51; Wolter 2007, Introduction to Variance Estimation, ch. 6). For a proportion or
mean ``p = Σwy / Σw`` over the valid answers of a domain level, each PSU has the residual

    z_i = (Σ_i wy - p Σ_i w) / Σw,

zero for a PSU without such answers, and the variance is

    V(p) = Σ_h (1 - n_h / N_h) · n_h / (n_h - 1) · Σ_i (z_i - z̄_h)²

over *all* n_h sampled PSUs of stratum h: a domain is a subset of the answers, never of the design.

It takes two passes over the rows: one for sums by level, from which the estimates follow, and one
for the residuals of PSUs, of which only a few exist at a time, so that neither time nor memory
depends on the number of PSUs beside that of rows. Rows are added in the same order always: the same
rows give the same bits whatever the number of processors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame, Regression
from designbased.design.coding import (
    MISSING,
    Levels,
    OutcomeBytes,
    OutcomeRows,
    Outcomes,
    Statistic,
    code_levels,
    code_outcomes,
    cross_domains,
)
from designbased.design.degrees_of_freedom import DfRule, DomainDf
from designbased.design.deviations import has_nothing_to_average
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.cell_estimator import sum_levels_by_deviations
from designbased.estimates.composites import Composite, replace_by_composites
from designbased.estimates.stabilised_intervals import (
    STABILISED,
    summarise_clusters,
    with_stabilised_limits,
)
from designbased.estimates.tabulation import Cells, check_options, tabulate
from designbased.estimates.unit_totals import (
    ROWS_AT_ONCE,
    AlikeRows,
    LevelSums,
    Totals,
    sum_by_unit_and_level,
)
from designbased.variance.variances import SingleRows, Variances, psu_groups

# The first pass over the rows: sums by level, from which estimates follow.


# Rows that are alike in their levels are added so many at a time.
MANY_ROWS = 32_768


def sum_by_level(
    design: SurveyDesign,
    answers: OutcomeRows,
    levels: Levels,
    regression: Regression | None,
    single: SingleRows | None,
) -> LevelSums:
    """Sum by level, in the order of the rows; rows alike together where there are many of them."""
    as_bytes = answers.bytes if design.n_rows > MANY_ROWS else None
    if as_bytes is not None and regression is None and single is None:
        alike = AlikeRows(np.zeros(design.n_rows, dtype=np.intp), levels)
        if alike.worth_joining:
            return _sum_alike_rows(design.weight, as_bytes, answers.statistic, levels, alike)
    sums = LevelSums(len(levels), answers.statistic)
    for start in range(0, design.n_rows, ROWS_AT_ONCE):
        rows: slice | Integers = slice(start, min(start + ROWS_AT_ONCE, design.n_rows))
        values, valid = answers.take(rows)
        sampled = design.weight[rows] > 0
        if not sampled.all():
            rows, values, valid = start + np.flatnonzero(sampled), values[sampled], valid[sampled]
        members = levels.members(rows)
        factor = None if single is None else single.row_factor[rows]
        sums.add(design.weight[rows], members, values, valid, factor)
        if regression is not None:
            regression.add(rows, members, values, valid)
    return sums


def _sum_alike_rows(
    weight: Floats,
    answers: OutcomeBytes,
    statistic: NDArray[np.str_],
    levels: Levels,
    alike: AlikeRows,
) -> LevelSums:
    """Sum by level: proportions by rows that are in the same levels, other outcomes by rows."""
    sums, number = LevelSums(len(levels), statistic), statistic != "proportion"
    number_outcomes = answers.of_columns(number)
    measured = LevelSums(len(levels), statistic[number])
    once, nowhere = np.ones(len(alike.any_row)), np.zeros(len(alike.any_row), dtype=np.intp)
    for start in range(0, len(weight), MANY_ROWS):
        rows = slice(start, min(start + MANY_ROWS, len(weight)))
        codes, row_weights = answers.answers[rows], weight[rows]
        weighted, unweighted = (
            sum_by_unit_and_level(nowhere, (1, len(levels)), once, alike.members, *amounts)
            for amounts in alike.sums(row_weights, codes == 1, codes != MISSING, rows)
        )
        sums.add_sums(unweighted, weighted)
        if number.any():
            values, valid = number_outcomes.take(rows)
            valid = valid * (row_weights > 0)[:, np.newaxis]
            measured.add(row_weights, levels.members(rows), values * valid, valid)
    sums.take_number_sums(measured)
    return sums


# Some PSUs, from the first to before the last one, with the sums of their units of the last stage:
# weighted answers (u, L, K) and weights of the valid ones, (u, L, K) or (u, L, 1).
Group: TypeAlias = tuple[int, int, Floats, Floats]

# About this many numbers stay in the processor's cache, where work on them is several times faster.
CACHE_SIZE = 150_000


def estimate(
    design: Design,
    outcomes: Table,
    domains: Table | None = None,
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
    df_rule: DfRule | None = None,
    composites: Mapping[str, Composite] | None = None,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Estimate every outcome in every level of every domain.

    Frames and series have to have the index of the frame that the design was made from; arrays
    count by position.

    Args:
        design: of any kind: standard errors are linearised, or come from replicate weights.
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1. A
            series or an array (n,) is one outcome.
        domains: (n, D) columns, categorical or text (sorted levels); NaN where the row is in no
            level. A series is one domain. None is the whole population: the domain "total" with
            the level "all".
        statistics: statistic by outcome; an outcome left out is a proportion.
        interval: interval for proportions, one of ``PROPORTION_INTERVALS``, or
            ``"korn_graubard_stabilised"`` (:mod:`.stabilised_intervals`), which looks at the PSUs
            of every cell. Means and totals have ``wald_t``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.
        df_rule: rule for the degrees of freedom, see :func:`.degrees_of_freedom.domain_df`. None
            is ``"domain_only"``; for supplied replicate weights it is ``"full"``, the only one that
            they can have.
        composites: the parts of outcomes that are "any of" several answers, where respondents who
            left some of them open are to count, see :mod:`.composites`.
        by: names of columns of ``domains``, of which the others are then not used. One name is that
            domain, several are their crossing: ``by=["sex", "age"]`` is the domain "sex × age" with
            a level for every combination (:func:`~.coding.cross_domains`).

    Returns:
        One row per outcome, domain and category, also for categories without cases (``n`` = 0,
        estimate NaN), in the order of the columns and categories:

        - ``indicator, domain, level``;
        - ``n``: unweighted valid answers; ``n_yes``: unweighted ones (NaN unless a proportion).
          Rows of weight zero are outside the sample and not counted;
        - ``population``: sum of weights of the valid answers;
        - ``estimate, se, ci_low, ci_high``: a total is that of the valid answers;
        - ``deff``: variance over that of a simple random sample drawn with replacement, which is
          ``p(1-p)/n`` for proportions, ``s²/n`` for means and ``(Σw)² s²/n`` for totals, where
          ``s² = n/(n-1) · Σw(y - ȳ)²/Σw`` (R ``deff = "replace"``); NaN where that is zero;
        - ``n_eff``: ``n / deff``, not capped; ``n`` where the standard error is zero;
        - ``df``: degrees of freedom of the valid answers in the level by ``df_rule``;
          ``df_design``: PSUs less strata of the whole design;
        - ``interval``: the name of the interval;
        - of the stabilised interval also ``deff_expected``, the design effect that weights and PSU
          sizes make likely, and ``psus_fewer``, the PSUs with a yes or those with a no;
        - with ``composites`` also ``imputed``, the weighted share of respondents who left the
          answer open and count with a share of yes; ``n`` of a composite are those who answered a
          part, ``n_yes`` those who said yes, ``population`` the weight of all who were asked.

    Raises:
        InputError: the frames do not fit the design, an outcome or domain has the wrong type or
            values, or an argument has no such option.
    """
    by_name = "korn_graubard" if interval == STABILISED else interval
    check_options(by_name, confidence)
    rule = design.df_rule(df_rule)
    if interval == STABILISED and design.clustered is None:
        finding = f"'{STABILISED}' with weights that do not tell PSUs apart"
        raise InputError("interval", finding, "Choose another one")
    answers = OutcomeRows(outcomes, design.rows, statistics)
    levels = code_levels(_read_domains(design, domains, by), design.rows)
    cells = design.cells(AnswerTable(design, answers, levels, rule, calibration))
    if composites is not None:
        cells = replace_by_composites(
            cells, answers.names, composites, design, levels, rule, calibration
        )
    table = tabulate(
        design.df, answers.names, answers.statistic, levels, cells, by_name, confidence
    )
    if interval == STABILISED and design.clustered is not None:
        clusters = summarise_clusters(
            design.clustered, code_outcomes(outcomes, design.rows, statistics), levels
        )
        table = with_stabilised_limits(table, clusters, confidence)
    return table


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """The cells of K outcomes in L levels; see :class:`~.protocol.CellTable`.

    Attributes:
        rule: rule for degrees of freedom.
    """

    design: Any
    answers: OutcomeRows
    levels: Levels
    rule: DfRule
    calibration: CalibratedFrame | None = None

    def by_groups_of_psus(self) -> Cells:
        """Linearise, with the sums of a few PSUs at a time."""
        design, answers, levels = self.design, self.answers, self.levels
        single = SingleRows.from_design(design) if self.calibration is None else None
        regression = None
        if self.calibration is not None:
            regression = Regression(self.calibration, design, len(levels), len(answers.names))
        sums = sum_by_level(design, answers, levels, regression, single)
        groups = _sum_by_unit(design if single is None else single.design, answers, levels)
        return linearise(design, sums, groups, self.rule, regression, single)

    def by_deviations(self) -> Cells:
        """Take deviations from the design, a few levels at a time."""
        values, valid = self.answers.take(slice(None))
        outcomes = Outcomes(self.answers.names, values, valid, self.answers.statistic)
        return sum_levels_by_deviations(
            self.design, outcomes, self.levels, self.rule, self.calibration
        )


def linearise(
    design: SurveyDesign,
    sums: LevelSums,
    groups: Iterable[Group],
    df_rule: DfRule = "domain_only",
    regression: Regression | None = None,
    single: SingleRows | None = None,
) -> Cells:
    """Turn sums into estimates and their variances.

    Args:
        sums: sums over all rows, for L levels and K outcomes.
        groups: all PSUs in their order, with sums by unit.
        df_rule: see :func:`designbased.design.degrees_of_freedom.domain_df`.
        single: ``design`` without its last stage, which is left out of the groups.

    Returns:
        Arrays (L, K): ``population, estimate, variance, df, n, n_yes, spread``, the last
        ``Σw(y - ȳ)²/Σw`` for means and totals and NaN for proportions.
    """
    summed_design = design if single is None else single.design
    ratio, answered = sums.statistic != "total", sums.weights > 0
    denominator = np.where(answered, np.where(ratio, sums.weights, 1.0), np.nan)
    point = sums.answers / denominator
    # A total is already linear: its residual is the weighted answer itself.
    centre = np.where(ratio & answered, point, 0.0)
    grand_total = sums.answers - centre * sums.weights
    if regression is not None:
        regression.fit(centre)
        grand_total -= regression.explained(slice(None)).sum(axis=0)
    variances = Variances(summed_design, grand_total / design.n_psus, single)
    df = DomainDf(design, df_rule)
    unknown = np.array(True)
    for first, last, answers, weights in groups:
        scores = centre * weights
        np.subtract(answers, scores, out=scores)
        if regression is not None:
            scores -= regression.explained(
                slice(summed_design.psu_start[first], summed_design.psu_start[last])
            )
        variances.add(first, last, scores)
        if not sums.complete:
            weights = np.broadcast_to(weights, scores.shape)
        present = _psus_present(summed_design, first, last, weights)
        df.add(first, last, present)
        unknown = unknown & has_nothing_to_average(summed_design, present, first)
    variance = np.where(unknown, np.nan, variances.variance(sums.squares.about(centre)))
    return {
        "population": sums.weights,
        "estimate": point,
        "variance": variance / denominator**2,
        "df": np.broadcast_to(df.df, point.shape),
        "n": sums.n,
        "n_yes": sums.n_yes,
        "spread": sums.spread(),
    }


def split_into_groups(design: SurveyDesign, totals: Totals) -> Iterator[Group]:
    """Yield sums that are already there by unit, some PSUs at a time."""
    for first, last in psu_groups(design, CACHE_SIZE // totals.answers[0].size):
        units = slice(design.psu_start[first], design.psu_start[last])
        yield first, last, totals.answers[units], totals.weights[units]


def _read_domains(
    design: Design, domains: Table | None, by: str | Sequence[str] | None
) -> pd.DataFrame | None:
    if domains is None:
        if by is not None:
            raise InputError("by", "names without domains", "Give the frame with these columns")
        return None
    frame = design.rows.frame(domains, "domains")
    return frame if by is None else cross_domains(frame, [by] if isinstance(by, str) else by)


def _sum_by_unit(design: SurveyDesign, answers: OutcomeRows, levels: Levels) -> Iterator[Group]:
    """Sum by unit and level, in the order of the PSUs."""
    order = np.argsort(design.unit, kind="stable")
    order = order[design.weight[order] > 0]
    units = design.unit[order]
    bounds = np.searchsorted(units, design.psu_start)
    for first, last in psu_groups(design, CACHE_SIZE // (len(levels) * len(answers.names))):
        start = design.psu_start[first]
        shape = int(design.psu_start[last] - start), len(levels)
        sums = []
        for row in range(bounds[first], max(bounds[last], bounds[first] + 1), ROWS_AT_ONCE):
            some = slice(row, min(row + ROWS_AT_ONCE, bounds[last]))
            rows = order[some]
            members, (values, valid) = levels.members(rows), answers.take(rows)
            weight = design.weight[rows]
            sums.append(
                sum_by_unit_and_level(units[some] - start, shape, weight, members, values, valid)
            )
        total, weights = sums[0]
        for more, more_weights in sums[1:]:
            total += more
            weights = weights + more_weights
        yield first, last, total, weights


def _psus_present(design: SurveyDesign, first: int, last: int, weights: Floats) -> Mask:
    """PSUs with valid answers, from the sums of weights of their units."""
    present = weights > 0
    if design.later_stages:
        start = design.psu_start[first:last]
        present = np.logical_or.reduceat(present, start - start[0], axis=0)
    return present
