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
from disrupting_harm.tables.contracts import restricted_contract
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
        earlier: (C rows) ``estimate``, ``se`` and ``df`` of the earlier wave.
        later: those of the later wave, row by row.
        covariance: (C,) of the two estimates; zero where the waves have no PSU in common.
    """

    earlier: pd.DataFrame
    later: pd.DataFrame
    covariance: Floats


def independent_waves(earlier: pd.DataFrame, later: pd.DataFrame) -> Waves:
    """Return two waves that have no PSU in common."""
    return Waves(earlier, later, np.zeros(len(earlier)))


def estimate_differences(waves: Waves) -> pd.DataFrame:
    """Return by cell what changed from the first wave to the second.

    Returns:
        ``difference`` (second less first), ``covariance, se, df, log_ratio, log_se, log_df,
        p_value``. Where one of the waves has no variance, as with no or every answer yes, only
        ``difference`` and ``log_ratio`` exist: an estimate from a sample is never exact. No
        ratio where an estimate is not above zero.
    """
    p1, p2 = (floats(wave, "estimate") for wave in (waves.earlier, waves.later))
    se1, se2 = (floats(wave, "se") for wave in (waves.earlier, waves.later))
    df_of_both = np.column_stack([floats(waves.earlier, "df"), floats(waves.later, "df")])
    has_variance = (se1 > 0) & (se2 > 0)
    se, df = _error_of_difference(
        np.column_stack([se1**2, se2**2]), waves.covariance, df_of_both, has_variance
    )
    positive = (p1 > 0) & (p2 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.where(positive, np.log(p2 / p1), np.nan)
        relative = np.column_stack([(se1 / p1) ** 2, (se2 / p2) ** 2])
        shared = waves.covariance / (p1 * p2)
        t_statistic = (p2 - p1) / se
    log_se, log_df = _error_of_difference(relative, shared, df_of_both, has_variance & positive)
    return pd.DataFrame(
        {
            "difference": p2 - p1,
            "covariance": waves.covariance,
            "se": se,
            "df": df,
            "log_ratio": log_ratio,
            "log_se": log_se,
            "log_df": log_df,
            "p_value": 2 * stdtr(df, -np.abs(t_statistic)),
        },
        index=waves.earlier.index,
    )


def _error_of_difference(
    variances: Floats, covariance: Floats, df: Floats, has_variance: np.ndarray
) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom; missing where there is no variance."""
    usable = np.where(has_variance[:, np.newaxis], variances, np.nan)
    total = usable.sum(axis=1) - 2 * covariance
    total = np.where(total > 0, total, np.nan)
    shared = np.where(np.isnan(total), np.nan, df.min(axis=1))
    return np.sqrt(total), np.where(covariance == 0, satterthwaite(usable, df), shared)


KEYS = ["indicator", "domain", "level"]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one wave.

    Attributes:
        outcomes: (n, K) indicators.
        domains: (n, D) categorical.
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


def wave_covariances(earlier: Answers, later: Answers, kept_psus: Integers) -> "pd.Series[float]":
    """Return the covariance of each cell's estimates in two waves, by indicator, domain, level.

    Args:
        earlier, later: with the same indicators and domains.
        kept_psus: (k, 2) places of the PSUs that both waves have.
    """
    earlier_estimates, later_estimates = earlier.joint(earlier.domains), later.joint(later.domains)
    shared = shared_covariance(
        earlier.design,
        later.design,
        earlier_estimates.deviations.values,
        later_estimates.deviations.values,
        kept_psus,
    )
    keys = pd.MultiIndex.from_frame(earlier_estimates.cells[KEYS])
    return pd.Series(np.nan_to_num(shared.covariance), index=keys)


def fixed_composition(
    earlier: Answers,
    later: Answers,
    domain: str,
    df: pd.DataFrame,
    kept_psus: Integers | None = None,
) -> pd.DataFrame:
    """Return by indicator the change among children composed as in the first wave.

    Args:
        earlier, later: with the same indicators and domains.
        domain: whose levels are kept fixed, such as sex and age.
        df: ``first`` and ``second`` by indicator, the degrees of freedom of the national estimates.
        kept_psus: (k, 2) places of the PSUs that both waves have; None: no PSU in common.

    Returns:
        ``difference, se, df`` by indicator. Where a level has no answer in one of the
        waves nobody can stand for it, and there are no numbers.
    """
    shares = _level_shares(earlier, domain)
    standardised = [_standardise_wave(wave, domain, shares) for wave in (earlier, later)]
    variance = [(deviations**2).sum(axis=0) for _, deviations in standardised]
    covariance = np.zeros(len(variance[0]))
    if kept_psus is not None:
        earlier_deviations, later_deviations = (
            np.nan_to_num(deviations) for _, deviations in standardised
        )
        shared = shared_covariance(
            earlier.design, later.design, earlier_deviations, later_deviations, kept_psus
        )
        covariance = np.nan_to_num(shared.covariance)
    indicators = list(earlier.outcomes)
    waves = [
        pd.DataFrame(
            {
                "estimate": estimate,
                "se": np.sqrt(squared_error),
                "df": df.loc[indicators, order_of_wave].to_numpy(),
            },
            index=pd.Index(indicators, name="indicator"),
        )
        for (estimate, _), squared_error, order_of_wave in zip(
            standardised, variance, ("first", "second"), strict=True
        )
    ]
    return estimate_differences(Waves(waves[0], waves[1], covariance))[["difference", "se", "df"]]


def _level_shares(wave: Answers, domain: str) -> Floats:
    """Return the (K, L) weighted shares of the levels among those who answered each indicator."""
    level = wave.domains[domain].cat.codes.to_numpy()
    count = len(wave.domains[domain].cat.categories)
    shares = np.zeros((wave.outcomes.shape[1], count))
    for k, name in enumerate(wave.outcomes):
        composite = wave.composites.get(str(name))
        answered = wave.outcomes[name].notna().to_numpy() if composite is None else composite.asked
        is_counted = answered & (level >= 0)
        shares[k] = np.bincount(level[is_counted], wave.design.weight[is_counted], count)
    with np.errstate(invalid="ignore"):
        normed: Floats = shares / shares.sum(axis=1, keepdims=True)
    return normed


def _standardise_wave(wave: Answers, domain: str, shares: Floats) -> tuple[Floats, Floats]:
    """Return (K,) standardised estimates and their (P, K) deviations."""
    joint = wave.joint(wave.domains[[domain]])
    estimate = floats(joint.cells, "estimate").reshape(shares.shape)
    deviations = joint.deviations.values.reshape(-1, *shares.shape)
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


def fit_trends(
    country: str,
    frames: Sequence[pd.DataFrame],
    waves: Sequence[Answers],
    years: Sequence[float],
    indicators: Sequence[str],
    control: Mapping[str, Sequence[str]],
    data_kind: str,
    has_kept_psus: bool = False,
) -> pd.DataFrame:
    """Fit the trends of a country.

    Args:
        frames: design columns of each wave, the first one first.
        years: when each wave was in the field.
        control: by indicator, the domains to control for.
        has_kept_psus: whether waves have PSUs in common; the model takes them as independent, and
            says so.

    Returns:
        The columns of ``change/trends``; none with fewer than three waves. A model that cannot be
        fitted leaves its numbers empty and says why in ``note``.
    """
    if len(waves) < MODELS_NEED or not indicators:
        return in_shape(pd.DataFrame(), restricted_contract("change/trends"))
    frame = pd.concat(
        [
            of_wave.assign(trend_year=year, weight=of_wave["weight"] / of_wave["weight"].sum())
            for of_wave, year in zip(frames, years, strict=True)
        ],
        ignore_index=True,
    )
    lonely = waves[-1].design.lonely_psu
    design = stacked_design(frame, "trend_year", recurring="independent", lonely_psu=lonely)
    outcomes, domains = (
        pd.concat(tables, ignore_index=True)
        for tables in (
            [complete_only(wave.outcomes, wave.composites) for wave in waves],
            [wave.domains for wave in waves],
        )
    )
    rows = [
        _fit_trend(design, outcomes[name], frame["trend_year"], domains[list(control[name])])
        for name in indicators
    ]
    note_of_kept = "PSUs that were kept are taken as drawn anew" if has_kept_psus else ""
    table = pd.DataFrame(rows).assign(
        country=country, indicator=list(indicators), waves=len(waves), data_kind=data_kind
    )
    table["note"] = [
        "; ".join(filter(None, [note_of_model, note_of_kept])) for note_of_model in table["note"]
    ]
    return in_shape(table, restricted_contract("change/trends"))


def select_with_trend(
    releases: Sequence[pd.DataFrame], ledger: pd.DataFrame, indicators: Sequence[str]
) -> list[str]:
    """Return the indicators that every wave shows for the whole country, without any break."""
    broken = set(ledger.loc[ledger["comparable"] == "no", "indicator"])
    shown_by_wave = [
        set(wave.loc[is_shown(wave) & (wave["domain"] == TOTAL[0]), "indicator"])
        for wave in releases
    ]
    return [
        name
        for name in indicators
        if name not in broken and all(name in in_wave for in_wave in shown_by_wave)
    ]


def _fit_trend(
    design: SurveyDesign, answer: "pd.Series[float]", year: pd.Series, control: pd.DataFrame
) -> dict[str, object]:
    controlled = {"controlled_for": ", ".join(map(str, control))}
    empty = dict.fromkeys(_NUMBERS, np.nan)
    try:
        test = any_change(design, answer, year)
        model = trend_model(design, answer, year, control if len(control.columns) else None)
    except StudyError as error:
        return {**empty, "n": int(answer.notna().sum()), **controlled, "note": error.found}
    terms = {
        column: dict(zip(model["term"], floats(model, column), strict=True))
        for column in ("estimate", "se", "p_value")
    }
    return {
        "n": int(model["n"].iloc[0]),
        "any_change_f": test.statistic,
        "any_change_df1": float(test.df1),
        "any_change_p": test.p_value,
        **{
            name + suffix: terms[column][name]
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


WavePair: TypeAlias = tuple[int, int]
OF_FIRST_AND_LAST = 0.5


def find_compared_pairs(ledger: pd.DataFrame) -> dict[str, dict[WavePair, float]]:
    """Return the pairs of waves of each indicator, by their places, with their parts of its alpha.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.

    Returns:
        By indicator, parts that add up to 1; nothing for an indicator without two waves to compare.
    """
    pairs_by_indicator: dict[str, dict[WavePair, float]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        segments: list[list[int]] = []
        for position, (definition, comparable) in enumerate(
            zip(rows["definition"], rows["comparable"], strict=True)
        ):
            if definition == NOT_ASKED:
                continue
            if segments and comparable == "yes":
                segments[-1].append(position)
            else:
                segments.append([position])
        several = [segment for segment in segments if len(segment) > 1]
        pairs_by_indicator[str(name)] = {
            pair: share / len(several)
            for segment in several
            for pair, share in share_alpha(segment).items()
        }
    return pairs_by_indicator


def find_listed_pairs(ledger: pd.DataFrame) -> dict[WavePair, list[str]]:
    """Return all pairs that a table has, with the indicators that have a row there.

    Every indicator has neighbours, and the first wave with the last; beside these the pairs in
    which it is compared, and the neighbours of those waves that asked, where there is a break.
    Pairs nearest to each other come first.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.
    """
    waves, pairs_by_indicator = ledger["wave"].nunique(), find_compared_pairs(ledger)
    everywhere = {*pairwise(range(waves)), (0, waves - 1)}
    indicators_by_pair: dict[WavePair, list[str]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        asking_waves = np.flatnonzero(rows["definition"] != NOT_ASKED).tolist()
        for pair in everywhere | set(pairwise(asking_waves)) | set(pairs_by_indicator[str(name)]):
            indicators_by_pair.setdefault(pair, []).append(str(name))
    return {
        pair: indicators_by_pair[pair]
        for pair in sorted(indicators_by_pair, key=lambda p: (p[1] - p[0], p[0]))
    }


def share_alpha(waves: Sequence[int]) -> dict[WavePair, float]:
    """Return the pairs of two waves or more without a break between them, with parts of 1."""
    neighbours = list(pairwise(waves))
    if len(neighbours) == 1:
        return {neighbours[0]: 1.0}
    share_of_neighbours = (1 - OF_FIRST_AND_LAST) / len(neighbours)
    return {
        **dict.fromkeys(neighbours, share_of_neighbours),
        (waves[0], waves[-1]): OF_FIRST_AND_LAST,
    }
