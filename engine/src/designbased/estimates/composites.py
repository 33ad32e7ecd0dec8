"""Composites with missing parts: "any of these", where some parts were not answered.

A yes to one part decides the composite, a no needs all of them. Keeping every yes and dropping the
incomplete noes is biased upwards, by about ``p (1 - p) (m_n - m_y)`` with ``m_n`` and ``m_y`` the
shares left open among those without and with a yes. Here an open respondent counts with the share

    q(O, M) = Σ w 1(complete, no yes in O, yes in M) / Σ w 1(complete, no yes in O)

of yes among respondents who answered all parts and, as this one did, said no to the parts O; M are
the parts left open. The proportion is ``p = Σ w v / Σ w`` over all who were asked any part, with
``v`` one, zero or ``q``. It assumes that answers are missing at random given those observed.

Its linearised score carries the sampling error of the shares ``q``: with ``W = Σ w``, ``S`` the
weight of the open respondents of a pattern and ``D`` that of its donors,

    u_i = [1(i asked) (v_i - p) + Σ_patterns S/D 1(i donor) (a_i - q)] / W.

This is imputation by cell means (Kim & Fuller 2004, Biometrika 91; Little & Rubin 2019, Statistical
Analysis with Missing Data, ch. 4), the cells being the patterns of observed noes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.lonely_psus import number_profiles
from designbased.design.protocol import Design, Replicates
from designbased.errors import InputError
from designbased.estimates.tabulation import Cells
from designbased.variance.scores import unexplained_scores, unit_totals

# Respondents who answered the parts of a composite alike: what is counted once for all of them.


# The code of a part left open; a no is zero and a yes one.
OPEN = 2


@dataclass(frozen=True, eq=False)
class Profiles:
    """Respondents who answered the parts of a composite alike, C profiles.

    Attributes:
        of_row: (n,) profile of each respondent.
        answer: (C, k) one for a yes to a part, zero for a no, :data:`OPEN`.
        asked: (C,) true for those who were asked any part. All others are one profile.
    """

    of_row: Integers
    answer: Integers
    asked: Mask

    @classmethod
    def from_answers(cls, parts: Floats, asked: Mask) -> Self:
        """Find the profiles of (n, k) answers one, zero and NaN of those who were (n,) asked."""
        columns = [
            np.where(asked, np.where(np.isnan(part), OPEN, part), 0).astype(np.intp)
            for part in parts.T
        ]
        of_row, was_asked, *answer = number_profiles(len(parts), [asked.astype(np.intp), *columns])
        return cls(of_row, np.column_stack(answer), was_asked == 1)

    @cached_property
    def yes(self) -> Mask:
        """(C,) who said yes to a part."""
        return np.asarray(self.asked & (self.answer == 1).any(axis=1))

    @cached_property
    def complete(self) -> Mask:
        """(C,) whose answers to all parts are known."""
        return np.asarray(self.asked & (self.answer != OPEN).all(axis=1))

    @cached_property
    def open(self) -> Mask:
        """(C,) who said no yes and left a part open: the patterns of missing parts."""
        return self.asked & ~self.yes & ~self.complete

    @cached_property
    def answered(self) -> Mask:
        """(C,) who answered a part."""
        return np.asarray(self.asked & (self.answer != OPEN).any(axis=1))

    @cached_property
    def patterns(self) -> list[tuple[int, Mask]]:
        """Open profiles, each with the (C,) profiles of its donors.

        Donors answered all parts and said no to those that the open respondents said no to.
        """
        open_profiles = []
        for index in np.flatnonzero(self.open):
            observed = self.answer[index] != OPEN
            donors = self.complete & ~(self.answer[:, observed] == 1).any(axis=1)
            open_profiles.append((int(index), donors))
        return open_profiles


# The parts of one composite, by respondent.


@dataclass(frozen=True, eq=False)
class Composite:
    """The parts of one composite, by respondent.

    Attributes:
        parts: (n, k) one where the answer to a part is yes, zero where it is no or the part does
            not concern the respondent, NaN where it is open.
        asked: (n,) true for those who were asked any part; the parts of others are not read.
    """

    parts: Floats
    asked: Mask

    def __post_init__(self) -> None:
        if self.parts.ndim != 2 or not self.parts.shape[1] or not self._are_answers():
            finding = "values other than one, zero and NaN, or no parts"
            raise InputError("composite, 'parts'", finding, "Give one column per part")
        if self.asked.shape != (len(self.parts),) or self.asked.dtype != bool:
            finding = f"an array of shape {self.asked.shape} and type {self.asked.dtype}"
            raise InputError("composite, 'asked'", finding, "Give true or false for every row")

    def _are_answers(self) -> bool:
        return bool(((self.parts == 0) | (self.parts == 1) | np.isnan(self.parts)).all())

    @cached_property
    def profiles(self) -> Profiles:
        """Who answered alike."""
        return Profiles.from_answers(self.parts, self.asked)

    @property
    def yes(self) -> Mask:
        """(n,) who said yes to a part."""
        return self._of_rows(self.profiles.yes)

    @property
    def complete(self) -> Mask:
        """(n,) whose answers to all parts are known."""
        return self._of_rows(self.profiles.complete)

    @property
    def open(self) -> Mask:
        """(n,) who said no yes and left a part open."""
        return self._of_rows(self.profiles.open)

    @property
    def answered(self) -> Mask:
        """(n,) who answered a part."""
        return self._of_rows(self.profiles.answered)

    def _of_rows(self, of_profiles: Mask) -> Mask:
        return of_profiles[self.profiles.of_row]

    def complete_only(self) -> Floats:
        """(n,) one and zero for respondents with all parts, NaN for others: what models take."""
        return np.where(self.complete, self.yes, np.nan)


# With fewer donors in a level the shares of yes are those of the whole sample.
MIN_DONORS = 100


@dataclass(frozen=True, eq=False)
class CompositeCounts:
    """Who stands behind one composite in L levels.

    Attributes:
        levels: the levels.
        answered: (n,) rows of positive weight that answered a part.
        n: (L,) how many these are, without weights.
        n_yes: (L,) how many of them said yes: observed answers alone.
        population: (L,) sum of weights of all who were asked.
        imputed: (L,) weighted share of these who are open; NaN where nobody was asked.
    """

    levels: Levels
    answered: Mask
    n: Floats
    n_yes: Floats
    population: Floats
    imputed: Floats

    def present(self, unit: Integers, n_units: int) -> Mask:
        """(U, L) sampling units with such rows, from the (n,) unit of each row."""
        return sum_in_levels(self.levels, unit, n_units, self.answered.astype(np.float64)) > 0


@dataclass(frozen=True, eq=False)
class CompositeEstimator:
    """One composite in L levels; see :class:`~.protocol.Estimator`.

    Attributes:
        profiles: who answered alike, C profiles.
        counts: who stands behind it.
        number: (C, L) rows of positive weight of each profile in each level.
        point: (L,) proportions; NaN for a level where nobody was asked, or where an open
            respondent has no donor in the whole sample.
        inside: (C, L) linearised score of a row of each profile in the level, without its weight.
        anywhere: (C, L) what is added for rows in any level: they are donors of the level.
        calibration: what the weights were calibrated to, or None.
    """

    design: Design
    profiles: Profiles
    counts: CompositeCounts
    number: Floats
    point: Floats
    inside: Floats
    anywhere: Floats
    calibration: CalibratedFrame | None = None

    @classmethod
    def from_composite(
        cls,
        design: Design,
        composite: Composite,
        levels: Levels,
        calibration: CalibratedFrame | None = None,
    ) -> Self:
        """Estimate one composite in every level, with the scores of the estimates.

        A level with fewer than :data:`MIN_DONORS` donors of a pattern takes the share ``q`` of that
        pattern from all levels.

        Raises:
            InputError: the composite has another number of rows.
        """
        weights, number = _sum_profiles(design.weight, composite, levels)
        profiles, shape = composite.profiles, weights.shape
        everywhere = np.bincount(profiles.of_row, design.weight, shape[0])
        counts = _count_profiles(design.weight, composite, levels, weights, number)
        point = np.full(len(levels), np.nan)
        inside, anywhere = np.zeros((2, *shape))
        for level in np.flatnonzero(counts.population > 0):
            in_level, value = weights[:, level], profiles.yes.astype(np.float64)
            for index, donors in profiles.patterns:
                if in_level[index] == 0:
                    continue
                enough_donors = has_donors(donors, number[:, level])
                donor_weights = np.where(donors, in_level if enough_donors else everywhere, 0.0)
                value[index] = share = (
                    donor_weights @ profiles.yes / donor_weights.sum()
                    if donor_weights.any()
                    else np.nan
                )
                if donor_weights.any():
                    scores = inside if enough_donors else anywhere
                    of_donors = in_level[index] / donor_weights.sum() * (profiles.yes - share)
                    scores[:, level] += np.where(donors, of_donors, 0.0)
            present = profiles.asked & (in_level > 0)
            point[level] = in_level[present] @ value[present] / counts.population[level]
            inside[:, level] += np.where(present, value - point[level], 0.0)
        population = np.where(counts.population > 0, counts.population, 1.0)
        inside, anywhere = inside / population, anywhere / population
        return cls(design, profiles, counts, number, point, inside, anywhere, calibration)

    def present(self) -> Mask:
        """(P, L) PSUs with a row that answered a part."""
        return self.counts.present(self.design.psu, self.design.n_psus)

    def scores(self, weight: Floats) -> Floats:
        """(n, L) linearised scores, the weight included."""
        profile = self.profiles.of_row
        scores = self.anywhere[profile]
        every = np.arange(len(scores))
        for rows, level, levels in self.counts.levels.by_domain():
            scores[every[rows], levels.start + level] += self.inside[:, levels][
                profile[rows], level
            ]
        return scores * weight[:, np.newaxis]

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, L) proportions in each replicate, which finds its own shares of yes."""
        of_row, n_profiles = self.profiles.of_row, len(self.profiles.asked)
        every = np.arange(len(of_row))
        everywhere = replicates.sum_profiles(every, of_row, n_profiles)
        points = np.empty((len(everywhere), len(self.point)))
        for rows, level, levels in self.counts.levels.by_domain():
            n_levels = levels.stop - levels.start
            cell = of_row[rows] * n_levels + level
            sums = replicates.sum_profiles(every[rows], cell, n_profiles * n_levels)
            in_levels = sums.reshape(-1, n_profiles, n_levels)
            for index in range(n_levels):
                number = self.number[:, levels.start + index]
                sums = join_composite_sums(self.profiles, in_levels[..., index], everywhere, number)
                points[:, levels.start + index] = composite_proportion(sums)
        return points

    def unit_totals(self) -> Floats:
        """(U, L) sums of the linearised scores by unit, less what calibration explains of them."""
        design, profile = self.design, self.profiles.of_row
        if self.calibration is not None:
            scores = unexplained_scores(design, self.scores(design.weight), self.calibration)
            return unit_totals(design, scores)
        totals = np.empty((design.n_units, len(self.point)))
        for rows, level, levels in self.counts.levels.by_domain():
            score = design.weight[rows] * self.inside[:, levels][profile[rows], level]
            totals[:, levels] = _sum_cells(design.unit[rows], level, totals[:, levels].shape, score)
        if self.anywhere.any():
            by_profile: csr_array = csr_array(
                (design.weight, (design.unit, profile)),
                shape=(design.n_units, len(self.anywhere)),
            )
            totals += by_profile @ self.anywhere
        return totals


def sum_in_levels(levels: Levels, group: Integers, n_groups: int, amount: Floats) -> Floats:
    """(places, L) sums of (n,) amounts of rows by their (n,) place, in each level."""
    sums = np.empty((n_groups, len(levels)))
    for rows, level, of_domain in levels.by_domain():
        sums[:, of_domain] = _sum_cells(group[rows], level, sums[:, of_domain].shape, amount[rows])
    return sums


def _sum_cells(row: Integers, column: Integers, shape: tuple[int, int], amount: Floats) -> Floats:
    """Return the sums of amounts by the cell of a table in which each stands."""
    sums: Floats = np.bincount(row * shape[1] + column, amount, shape[0] * shape[1])
    return sums.reshape(shape)


def composite_counts(weight: Floats, composite: Composite, levels: Levels) -> CompositeCounts:
    """Count who stands behind one composite in every level.

    Raises:
        InputError: the composite has another number of rows than there are weights.
    """
    return _count_profiles(weight, composite, levels, *_sum_profiles(weight, composite, levels))


def _sum_profiles(weight: Floats, composite: Composite, levels: Levels) -> tuple[Floats, Floats]:
    """(C, L) weight, and number of rows of positive weight, of each profile in each level."""
    if len(composite.parts) != len(weight):
        finding = f"{len(composite.parts)} rows for a design of {len(weight)}"
        raise InputError("composite", finding, "Give both the same rows in the same order")
    of_row, n_profiles = composite.profiles.of_row, len(composite.profiles.asked)
    sampled = (weight > 0).astype(np.float64)
    return (
        sum_in_levels(levels, of_row, n_profiles, weight),
        sum_in_levels(levels, of_row, n_profiles, sampled),
    )


def _count_profiles(
    weight: Floats, composite: Composite, levels: Levels, weights: Floats, number: Floats
) -> CompositeCounts:
    profiles = composite.profiles
    population = weights[profiles.asked].sum(axis=0)
    with np.errstate(invalid="ignore"):
        imputed = weights[profiles.open].sum(axis=0) / population
    return CompositeCounts(
        levels=levels,
        answered=composite.answered & (weight > 0),
        n=number[profiles.answered].sum(axis=0),
        n_yes=number[profiles.yes].sum(axis=0),
        population=population,
        imputed=imputed,
    )


def has_donors(donors: Mask, number: Floats | Integers) -> bool:
    """Tell whether a level has enough donors of its own; else those of the sample are taken.

    Args:
        donors: (C,) profiles of donors.
        number: (C,) rows of each profile in the level.
    """
    return bool(number[donors].sum() >= MIN_DONORS)


def join_composite_sums(
    profiles: Profiles, in_level: Any, everywhere: Any, number: Floats | Integers
) -> Floats:
    """Return the sums that the proportion of one level follows from.

    Args:
        in_level: (G, C) weights of the profiles in the level, by sampling unit or by replicate.
        everywhere: (G, C) the same in the whole sample.
        number: (C,) rows of positive weight of each profile in the level.

    Returns:
        (G, 2 + 3Q): the weight of those asked and of those with a yes; for each of the Q patterns
        of missing parts in the level that of its open respondents, of its donors, and of its donors
        with a yes.
    """
    sums = [in_level @ profiles.asked, in_level @ profiles.yes]
    for index, donors in profiles.patterns:
        if number[index]:
            donor_weights = in_level if has_donors(donors, number) else everywhere
            alike = np.arange(len(number)) == index
            sums += [
                in_level @ alike,
                donor_weights @ donors,
                donor_weights @ (donors & profiles.yes),
            ]
    return np.column_stack(sums)


def composite_proportion(sums: NDArray[np.inexact]) -> NDArray[np.inexact]:
    """Return proportions from (..., 2 + 3Q) sums over all units; NaN without respondents."""
    asked, yes = sums[..., 0], sums[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(2, sums.shape[-1], 3):
            missing, donors, of_donors = np.moveaxis(sums[..., start : start + 3], -1, 0)
            yes = yes + np.where(missing == 0, 0.0, missing * of_donors / donors)
        share: NDArray[np.inexact] = yes / asked
    return share


def replace_by_composites(
    table: Cells,
    outcome_names: list[str],
    composites: Mapping[str, Composite],
    design: Design,
    levels: Levels,
    rule: DfRule,
    calibration: CalibratedFrame | None,
) -> Cells:
    """Put the estimates of composites in the place of those from valid answers alone.

    Args:
        table: arrays (L, K) as :func:`.linearisation.linearise` returns them.

    Returns:
        Such arrays, and ``imputed``, zero for all other outcomes.
    """
    check_composite_names(outcome_names, composites)
    replaced = {name: np.array(values, dtype=np.float64) for name, values in table.items()}
    replaced["imputed"] = np.zeros(replaced["estimate"].shape)
    for name, composite in composites.items():
        estimator = CompositeEstimator.from_composite(design, composite, levels, calibration)
        counts, is_estimated = estimator.counts, ~np.isnan(estimator.point)
        variances = design.deviations(estimator).variances()
        columns = {
            "population": counts.population,
            "estimate": estimator.point,
            "variance": np.where(is_estimated, variances, np.nan),
            "df": design.domain_df(estimator.present(), rule),
            "n": np.where(is_estimated, counts.n, 0),
            "n_yes": np.where(is_estimated, counts.n_yes, 0),
            "imputed": np.nan_to_num(counts.imputed),
        }
        for key, values in columns.items():
            replaced[key][:, outcome_names.index(name)] = values
    return replaced


def check_composite_names(
    outcome_names: Iterable[str], composites: Mapping[str, Composite]
) -> None:
    """Refuse a composite that is no outcome.

    Raises:
        InputError: it names the composite.
    """
    strangers = sorted(set(composites) - set(outcome_names))
    if strangers:
        finding = f"no outcome '{strangers[0]}'"
        raise InputError("composites", finding, "Name columns of the outcomes")


def complete_only(outcomes: pd.DataFrame, composites: Mapping[str, Composite]) -> pd.DataFrame:
    """Return outcomes in which composites are known for respondents with all parts alone.

    Models take no shares as answers. Respondents who answered everything are a sample without the
    bias of those with a yes or all noes, if parts are missing at random.
    """
    answers = {
        name: composite.complete_only()
        for name, composite in composites.items()
        if name in outcomes
    }
    return outcomes.assign(**answers)
