"""What a comparison of waves needs from the answers themselves: shared PSUs, fixed composition.

Beside the crude change stands the change among fixed composition: both waves have the composition
of the first, by direct standardisation with the shares w of its groups, taken as known. With d =
w'(p₂ - p₁),

    V = w'V₁w + w'V₂w - 2·Cov(w'p₁, w'p₂)

where V₁ and V₂ are the covariance matrices of the groups (R ``svystandardize``). The shares are of
the children behind the first estimate, so that w'p₁ is that estimate itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.special import stdtr

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic
from designbased.design.stacked_waves import stacked_design
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite, complete_only
from designbased.estimates.covariance import JointEstimates, joint_estimates
from designbased.inference.overlapping_samples import shared_covariance
from designbased.models.trends import any_change, trend_model
from disrupting_harm.comparison.differences.multiplicity import satterthwaite
from disrupting_harm.comparison.ledger import NOT_ASKED
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.tables.change_contracts import TRENDS
from disrupting_harm.tables.rules import in_shape

# Differences and ratios of two waves' estimates, with or without PSUs in common.
#
# Waves that drew their PSUs anew are independent: ``V = V₁ + V₂``, with Satterthwaite's degrees of
# freedom. PSUs that are in both waves carry a covariance ``C``: ``V = V₁ + V₂ - 2C``, with the
# smaller of the two degrees of freedom. The logarithm of the ratio has the variance
# ``V₁/p₁² + V₂/p₂² - 2C/(p₁p₂)`` (delta method). The overlap of two intervals is never a test.


@dataclass(frozen=True, eq=False)
class Waves:
    """Estimates of the same C cells in two waves, and the covariance of each pair.

    Attributes:
        first: (C rows) ``estimate``, ``se`` and ``df`` of the earlier wave.
        second: those of the later wave, row by row.
        covariance: (C,) of the two estimates; zero where the waves have no PSU in common.
    """

    first: pd.DataFrame
    second: pd.DataFrame
    covariance: Floats


def independent(first: pd.DataFrame, second: pd.DataFrame) -> Waves:
    """Return two waves that have no PSU in common."""
    return Waves(first, second, np.zeros(len(first)))


def differences(waves: Waves) -> pd.DataFrame:
    """Return by cell what changed from the first wave to the second.

    Args:
        waves: estimates of the same cells.

    Returns:
        ``difference`` (second less first), ``covariance, se, df, log_ratio, log_se, log_df,
        p_value``. Where one of the waves has no variance, as with no or every answer yes, only
        ``difference`` and ``log_ratio`` exist: an estimate from a sample is never exact. No
        ratio where an estimate is not above zero.
    """
    p1, p2 = (floats(wave, "estimate") for wave in (waves.first, waves.second))
    se1, se2 = (floats(wave, "se") for wave in (waves.first, waves.second))
    both = np.column_stack([floats(waves.first, "df"), floats(waves.second, "df")])
    known = (se1 > 0) & (se2 > 0)
    se, df = _error(np.column_stack([se1**2, se2**2]), waves.covariance, both, known)
    positive = (p1 > 0) & (p2 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.where(positive, np.log(p2 / p1), np.nan)
        relative = np.column_stack([(se1 / p1) ** 2, (se2 / p2) ** 2])
        shared = waves.covariance / (p1 * p2)
        t = (p2 - p1) / se
    log_se, log_df = _error(relative, shared, both, known & positive)
    return pd.DataFrame(
        {
            "difference": p2 - p1,
            "covariance": waves.covariance,
            "se": se,
            "df": df,
            "log_ratio": log_ratio,
            "log_se": log_se,
            "log_df": log_df,
            "p_value": 2 * stdtr(df, -np.abs(t)),
        },
        index=waves.first.index,
    )


def _error(
    variances: Floats, covariance: Floats, df: Floats, known: np.ndarray
) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom; missing where there is no variance."""
    usable = np.where(known[:, np.newaxis], variances, np.nan)
    total = usable.sum(axis=1) - 2 * covariance
    total = np.where(total > 0, total, np.nan)
    shared = np.where(np.isnan(total), np.nan, df.min(axis=1))
    return np.sqrt(total), np.where(covariance == 0, satterthwaite(usable, df), shared)


KEYS = ["indicator", "domain", "level"]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one wave.

    Attributes:
        design: the design of the n rows.
        outcomes: (n, K) indicators.
        domains: (n, D) categorical.
        statistics: statistic of each indicator.
        composites: the parts of composites whose open answers are imputed.
        calibration: what the weights were calibrated to, if errors account for it.
    """

    design: SurveyDesign
    outcomes: pd.DataFrame
    domains: pd.DataFrame
    statistics: Mapping[str, Statistic]
    composites: Mapping[str, Composite]
    calibration: CalibratedFrame | None = None

    def joint(self, domains: pd.DataFrame) -> JointEstimates:
        """Return all estimates in some domains with their deviations."""
        return joint_estimates(
            self.design,
            self.outcomes,
            domains,
            self.statistics,
            self.calibration,
            self.composites,
        )


def covariances(first: Answers, second: Answers, kept: Integers) -> "pd.Series[float]":
    """Return the covariance of each cell's estimates in two waves, by indicator, domain, level.

    Args:
        first, second: with the same indicators and domains.
        kept: (k, 2) places of the PSUs that both waves have.
    """
    one, two = first.joint(first.domains), second.joint(second.domains)
    shared = shared_covariance(first.design, second.design, one.deviations, two.deviations, kept)
    keys = pd.MultiIndex.from_frame(one.cells[KEYS])
    return pd.Series(np.nan_to_num(shared.covariance), index=keys)


def fixed_composition(
    first: Answers,
    second: Answers,
    domain: str,
    df: pd.DataFrame,
    kept: Integers | None = None,
) -> pd.DataFrame:
    """Return by indicator the change among children composed as in the first wave.

    Args:
        first, second: with the same indicators and domains.
        domain: whose levels are kept fixed, such as sex and age.
        df: ``first`` and ``second`` by indicator, the degrees of freedom of the national estimates.
        kept: (k, 2) places of the PSUs that both waves have; None: no PSU in common.

    Returns:
        ``difference, se, df`` by indicator. Where a level has no answer in one of the
        waves nobody can stand for it, and there are no numbers.
    """
    shares = _shares(first, domain)
    sides = [_standardised(wave, domain, shares) for wave in (first, second)]
    variance = [(deviations**2).sum(axis=0) for _, deviations in sides]
    covariance = np.zeros(len(variance[0]))
    if kept is not None:
        one, two = (np.nan_to_num(deviations) for _, deviations in sides)
        shared = shared_covariance(first.design, second.design, one, two, kept)
        covariance = np.nan_to_num(shared.covariance)
    names = list(first.outcomes)
    waves = [
        pd.DataFrame(
            {"estimate": estimate, "se": np.sqrt(v), "df": df.loc[names, side].to_numpy()},
            index=pd.Index(names, name="indicator"),
        )
        for (estimate, _), v, side in zip(sides, variance, ("first", "second"), strict=True)
    ]
    return differences(Waves(waves[0], waves[1], covariance))[["difference", "se", "df"]]


def _shares(wave: Answers, domain: str) -> Floats:
    """Return the (K, L) weighted shares of the levels among those who answered each indicator."""
    level = wave.domains[domain].cat.codes.to_numpy()
    count = len(wave.domains[domain].cat.categories)
    shares = np.zeros((wave.outcomes.shape[1], count))
    for k, name in enumerate(wave.outcomes):
        composite = wave.composites.get(str(name))
        answered = wave.outcomes[name].notna().to_numpy() if composite is None else composite.asked
        rows = answered & (level >= 0)
        shares[k] = np.bincount(level[rows], wave.design.weight[rows], count)
    with np.errstate(invalid="ignore"):
        normed: Floats = shares / shares.sum(axis=1, keepdims=True)
    return normed


def _standardised(wave: Answers, domain: str, shares: Floats) -> tuple[Floats, Floats]:
    """Return (K,) standardised estimates and their (P, K) deviations."""
    joint = wave.joint(wave.domains[[domain]])
    estimate = floats(joint.cells, "estimate").reshape(shares.shape)
    deviations = joint.deviations.reshape(-1, *shares.shape)
    return (shares * estimate).sum(axis=1), (shares * deviations).sum(axis=2)


# The models of trends of a country with three waves or more, on the answers of all its waves.
#
# They are a statistician's table, and decide nothing: with the same answers a line and its bend
# often say another thing than the changes between waves, of which alone is told (:mod:`.changes`).
#
# Only headline proportions whose national estimate every wave shows, and between no two waves of
# which there is a break, have one. Weights are scaled so that each wave counts the same: else a
# pooled model follows the wave with the largest population.


MODELS_NEED = 3
_NUMBERS = (
    *("any_change_f", "any_change_df1", "any_change_p", "df"),
    *("linear", "linear_se", "linear_p", "quadratic", "quadratic_se", "quadratic_p"),
)


def trends(
    country: str,
    frames: Sequence[pd.DataFrame],
    waves: Sequence[Answers],
    years: Sequence[float],
    indicators: Sequence[str],
    control: Mapping[str, Sequence[str]],
    data_kind: str,
    kept: bool = False,
) -> pd.DataFrame:
    """Fit the trends of a country.

    Args:
        country: its code.
        frames: design columns of each wave, the first one first.
        waves: its answers.
        years: when each wave was in the field.
        indicators: those that have a trend, see :func:`with_trend`.
        control: by indicator, the domains to control for.
        data_kind: ``simulated`` or ``observed``.
        kept: whether waves have PSUs in common; the model takes them as independent, and says so.

    Returns:
        The columns of :data:`TRENDS`; none with fewer than three waves. A model that cannot be
        fitted leaves its numbers empty and says why in ``note``.
    """
    if len(waves) < MODELS_NEED or not indicators:
        return in_shape(pd.DataFrame(), TRENDS)
    frame = pd.concat(
        [
            own.assign(trend_year=year, weight=own["weight"] / own["weight"].sum())
            for own, year in zip(frames, years, strict=True)
        ],
        ignore_index=True,
    )
    lonely = waves[-1].design.lonely_psu
    design = stacked_design(frame, "trend_year", recurring="independent", lonely_psu=lonely)
    outcomes, domains = (
        pd.concat(parts, ignore_index=True)
        for parts in (
            [complete_only(wave.outcomes, wave.composites) for wave in waves],
            [wave.domains for wave in waves],
        )
    )
    rows = [
        _trend(design, outcomes[name], frame["trend_year"], domains[list(control[name])])
        for name in indicators
    ]
    notes = "PSUs that were kept are taken as drawn anew" if kept else ""
    table = pd.DataFrame(rows).assign(
        country=country, indicator=list(indicators), waves=len(waves), data_kind=data_kind
    )
    table["note"] = ["; ".join(filter(None, [note, notes])) for note in table["note"]]
    return in_shape(table, TRENDS)


def with_trend(
    releases: Sequence[pd.DataFrame], ledger: pd.DataFrame, indicators: Sequence[str]
) -> list[str]:
    """Return the indicators that every wave shows for the whole country, without any break."""
    broken = set(ledger.loc[ledger["comparable"] == "no", "indicator"])
    shown = [
        set(wave.loc[is_shown(wave) & (wave["domain"] == TOTAL[0]), "indicator"])
        for wave in releases
    ]
    return [name for name in indicators if name not in broken and all(name in own for own in shown)]


def _trend(
    design: SurveyDesign, answer: "pd.Series[float]", year: pd.Series, control: pd.DataFrame
) -> dict[str, object]:
    controlled = {"controlled_for": ", ".join(map(str, control))}
    empty = dict.fromkeys(_NUMBERS, np.nan)
    try:
        test = any_change(design, answer, year)
        model = trend_model(design, answer, year, control if len(control.columns) else None)
    except StudyError as fault:
        return {**empty, "n": int(answer.notna().sum()), **controlled, "note": fault.found}
    found = {
        column: dict(zip(model["term"], floats(model, column), strict=True))
        for column in ("estimate", "se", "p_value")
    }
    return {
        "n": int(model["n"].iloc[0]),
        "any_change_f": test.statistic,
        "any_change_df1": float(test.df1),
        "any_change_p": test.p_value,
        **{
            name + suffix: found[column][name]
            for name in ("linear", "quadratic")
            for suffix, column in (("", "estimate"), ("_se", "se"), ("_p", "p_value"))
        },
        "df": float(model["df"].iloc[0]),
        **controlled,
        "note": "",
    }


# Which waves of an indicator are compared, and what part of alpha each pair has.
#
# An indicator's waves are those that asked it. Where a break lies between two of them they part
# into segments; within a segment each wave is compared with the next one, and the first with the
# last. The family of Holm's method is all these pairs of all headline indicators, in one group of
# children. It is shared before anyone looks: each indicator that has a pair has the same part of
# alpha, its segments share it equally, and half of that is for the first and the last wave, the
# other half for the neighbours. With two waves in a segment all of it is for their pair.
#
# A change from the first to the last wave is found nearly as often as if nothing else were tested,
# and one that came and went is not missed (docs/waves.md has what was measured).


Pair: TypeAlias = tuple[int, int]
OF_FIRST_AND_LAST = 0.5


def compared_pairs(ledger: pd.DataFrame) -> dict[str, dict[Pair, float]]:
    """Return the pairs of waves of each indicator, by their places, with their parts of its alpha.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.

    Returns:
        By indicator, parts that add up to 1; nothing for an indicator without two waves to compare.
    """
    found: dict[str, dict[Pair, float]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        segments: list[list[int]] = []
        for place, (definition, comparable) in enumerate(
            zip(rows["definition"], rows["comparable"], strict=True)
        ):
            if definition == NOT_ASKED:
                continue
            if segments and comparable == "yes":
                segments[-1].append(place)
            else:
                segments.append([place])
        several = [segment for segment in segments if len(segment) > 1]
        found[str(name)] = {
            pair: part / len(several)
            for segment in several
            for pair, part in parts_of_segment(segment).items()
        }
    return found


def listed_pairs(ledger: pd.DataFrame) -> dict[Pair, list[str]]:
    """Return all pairs that a table has, with the indicators that have a row there.

    Every indicator has neighbours, and the first wave with the last; beside these the pairs in
    which it is compared, and the neighbours of those waves that asked, where there is a break.
    Pairs nearest to each other come first.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.
    """
    waves, compared = ledger["wave"].nunique(), compared_pairs(ledger)
    everywhere = {*pairwise(range(waves)), (0, waves - 1)}
    found: dict[Pair, list[str]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        asked = np.flatnonzero(rows["definition"] != NOT_ASKED).tolist()
        for pair in everywhere | set(pairwise(asked)) | set(compared[str(name)]):
            found.setdefault(pair, []).append(str(name))
    return {pair: found[pair] for pair in sorted(found, key=lambda p: (p[1] - p[0], p[0]))}


def parts_of_segment(waves: Sequence[int]) -> dict[Pair, float]:
    """Return the pairs of two waves or more without a break between them, with parts of 1."""
    neighbours = list(pairwise(waves))
    if len(neighbours) == 1:
        return {neighbours[0]: 1.0}
    each = (1 - OF_FIRST_AND_LAST) / len(neighbours)
    return {**dict.fromkeys(neighbours, each), (waves[0], waves[-1]): OF_FIRST_AND_LAST}
