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
from typing import Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels
from designbased.design.degrees_of_freedom import DfRule, domain_df
from designbased.design.lonely_psus import profiles_of
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.tabulation import Cells
from designbased.variance.deviations import nothing_to_average, scaled_deviations
from designbased.variance.scores import unexplained, unit_totals

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
    def of(cls, parts: Floats, asked: Mask) -> Self:
        """Find the profiles of (n, k) answers one, zero and NaN of those who were (n,) asked."""
        columns = [
            np.where(asked, np.where(np.isnan(part), OPEN, part), 0).astype(np.intp)
            for part in parts.T
        ]
        of_row, was_asked, *answer = profiles_of(len(parts), [asked.astype(np.intp), *columns])
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
        found = []
        for index in np.flatnonzero(self.open):
            observed = self.answer[index] != OPEN
            donors = self.complete & ~(self.answer[:, observed] == 1).any(axis=1)
            found.append((int(index), donors))
        return found


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
            found = "values other than one, zero and NaN, or no parts"
            raise InputError("composite, 'parts'", found, "Give one column per part")
        if self.asked.shape != (len(self.parts),) or self.asked.dtype != bool:
            found = f"an array of shape {self.asked.shape} and type {self.asked.dtype}"
            raise InputError("composite, 'asked'", found, "Give true or false for every row")

    def _are_answers(self) -> bool:
        return bool(((self.parts == 0) | (self.parts == 1) | np.isnan(self.parts)).all())

    @cached_property
    def profiles(self) -> Profiles:
        """Who answered alike."""
        return Profiles.of(self.parts, self.asked)

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
        counted: (n,) rows of positive weight that answered a part.
        n: (L,) how many these are, without weights.
        n_yes: (L,) how many of them said yes: observed answers alone.
        population: (L,) sum of weights of all who were asked.
        imputed: (L,) weighted share of these who are open; NaN where nobody was asked.
    """

    levels: Levels
    counted: Mask
    n: Floats
    n_yes: Floats
    population: Floats
    imputed: Floats

    def present(self, unit: Integers, n_units: int) -> Mask:
        """(U, L) sampling units with such rows, from the (n,) unit of each row."""
        return sums_in_levels(self.levels, unit, n_units, self.counted.astype(np.float64)) > 0


@dataclass(frozen=True, eq=False)
class CompositeCells:
    """One composite in L levels.

    Attributes:
        counts: who stands behind it.
        estimate: (L,) proportions; NaN for a level where nobody was asked, or where an open
            respondent has no donor in the whole sample.
        profile: (n,) profile of each row.
        inside: (C, L) linearised score of a row of each profile in the level, without its weight.
        anywhere: (C, L) what is added for rows in any level: they are donors of the level.
    """

    counts: CompositeCounts
    estimate: Floats
    profile: Integers
    inside: Floats
    anywhere: Floats

    def scores(self, weight: Floats) -> Floats:
        """(n, L) linearised scores, the weight included."""
        scores = self.anywhere[self.profile]
        every = np.arange(len(scores))
        for rows, level, own in self.counts.levels.by_domain():
            scores[every[rows], own.start + level] += self.inside[:, own][self.profile[rows], level]
        return scores * weight[:, np.newaxis]

    def unit_totals(self, design: SurveyDesign) -> Floats:
        """(U, L) sums of the scores by unit of the last stage."""
        totals = np.empty((design.n_units, len(self.estimate)))
        for rows, level, own in self.counts.levels.by_domain():
            score = design.weight[rows] * self.inside[:, own][self.profile[rows], level]
            totals[:, own] = _sums_of_cells(design.unit[rows], level, totals[:, own].shape, score)
        if self.anywhere.any():
            by_profile: csr_array = csr_array(
                (design.weight, (design.unit, self.profile)),
                shape=(design.n_units, len(self.anywhere)),
            )
            totals += by_profile @ self.anywhere
        return totals


def sums_in_levels(levels: Levels, place: Integers, n_places: int, amount: Floats) -> Floats:
    """(places, L) sums of (n,) amounts of rows by their (n,) place, in each level."""
    sums = np.empty((n_places, len(levels)))
    for rows, level, own in levels.by_domain():
        sums[:, own] = _sums_of_cells(place[rows], level, sums[:, own].shape, amount[rows])
    return sums


def _sums_of_cells(
    row: Integers, column: Integers, shape: tuple[int, int], amount: Floats
) -> Floats:
    """Return the sums of amounts by the cell of a table in which each stands."""
    sums: Floats = np.bincount(row * shape[1] + column, amount, shape[0] * shape[1])
    return sums.reshape(shape)


def composite_counts(weight: Floats, composite: Composite, levels: Levels) -> CompositeCounts:
    """Count who stands behind one composite in every level.

    Raises:
        InputError: the composite has another number of rows than there are weights.
    """
    return _counted(weight, composite, levels, *_sums_of_profiles(weight, composite, levels))


def _sums_of_profiles(
    weight: Floats, composite: Composite, levels: Levels
) -> tuple[Floats, Floats]:
    """(C, L) weight, and number of rows of positive weight, of each profile in each level."""
    if len(composite.parts) != len(weight):
        found = f"{len(composite.parts)} rows for a design of {len(weight)}"
        raise InputError("composite", found, "Give both the same rows in the same order")
    of_row, size = composite.profiles.of_row, len(composite.profiles.asked)
    sampled = (weight > 0).astype(np.float64)
    return (
        sums_in_levels(levels, of_row, size, weight),
        sums_in_levels(levels, of_row, size, sampled),
    )


def _counted(
    weight: Floats, composite: Composite, levels: Levels, weights: Floats, number: Floats
) -> CompositeCounts:
    profiles = composite.profiles
    population = weights[profiles.asked].sum(axis=0)
    with np.errstate(invalid="ignore"):
        imputed = weights[profiles.open].sum(axis=0) / population
    return CompositeCounts(
        levels=levels,
        counted=composite.answered & (weight > 0),
        n=number[profiles.answered].sum(axis=0),
        n_yes=number[profiles.yes].sum(axis=0),
        population=population,
        imputed=imputed,
    )


def composite_cells(design: SurveyDesign, composite: Composite, levels: Levels) -> CompositeCells:
    """Estimate one composite in every level, with the scores of the estimates.

    A level with fewer than :data:`MIN_DONORS` donors of a pattern takes the share ``q`` of that
    pattern from all levels.

    Args:
        design: the design of the n rows.
        composite: its parts.
        levels: the L levels.

    Raises:
        InputError: the composite has another number of rows.
    """
    weights, number = _sums_of_profiles(design.weight, composite, levels)
    profiles, shape = composite.profiles, weights.shape
    everywhere = np.bincount(profiles.of_row, design.weight, shape[0])
    counts = _counted(design.weight, composite, levels, weights, number)
    estimate = np.full(len(levels), np.nan)
    inside, anywhere = np.zeros((2, *shape))
    for level in np.flatnonzero(counts.population > 0):
        here, value = weights[:, level], profiles.yes.astype(np.float64)
        for index, donors in profiles.patterns:
            if here[index] == 0:
                continue
            own = has_donors(donors, number[:, level])
            given = np.where(donors, here if own else everywhere, 0.0)
            value[index] = share = given @ profiles.yes / given.sum() if given.any() else np.nan
            if given.any():
                scores = inside if own else anywhere
                of_donors = here[index] / given.sum() * (profiles.yes - share)
                scores[:, level] += np.where(donors, of_donors, 0.0)
        present = profiles.asked & (here > 0)
        estimate[level] = here[present] @ value[present] / counts.population[level]
        inside[:, level] += np.where(present, value - estimate[level], 0.0)
    population = np.where(counts.population > 0, counts.population, 1.0)
    return CompositeCells(
        counts, estimate, profiles.of_row, inside / population, anywhere / population
    )


def has_donors(donors: Mask, number: Floats | Integers) -> bool:
    """Tell whether a level has enough donors of its own; else those of the sample are taken.

    Args:
        donors: (C,) profiles of donors.
        number: (C,) rows of each profile in the level.
    """
    return bool(number[donors].sum() >= MIN_DONORS)


def composite_deviations(
    design: SurveyDesign, cells: CompositeCells, calibration: CalibratedFrame | None
) -> Floats:
    """Return the (V, L) deviations whose products sum to variances and covariances."""
    if calibration is None:
        totals = cells.unit_totals(design)
    else:
        scores = unexplained(design, cells.scores(design.weight), calibration)
        totals = unit_totals(design, scores)
    deviations = scaled_deviations(design, totals)
    present = cells.counts.present(design.psu, design.n_psus)
    deviations[:, nothing_to_average(design, present)] = np.nan
    return deviations


def with_composites(
    table: Cells,
    names: list[str],
    composites: Mapping[str, Composite],
    design: SurveyDesign,
    levels: Levels,
    df_rule: DfRule,
    calibration: CalibratedFrame | None,
) -> Cells:
    """Put the estimates of composites in the place of those from valid answers alone.

    Args:
        table: arrays (L, K) as :func:`.linearisation.linearise` returns them.
        names: the K outcomes.
        composites: by outcome.
        design: the design.
        levels: the L levels.
        df_rule: rule for degrees of freedom.
        calibration: what the weights were calibrated to.

    Returns:
        Such arrays, and ``imputed``, zero for all other outcomes.
    """
    check_names(names, composites)
    found = {name: np.array(values, dtype=np.float64) for name, values in table.items()}
    found["imputed"] = np.zeros(found["estimate"].shape)
    for name, composite in composites.items():
        cells = composite_cells(design, composite, levels)
        counts, known = cells.counts, ~np.isnan(cells.estimate)
        deviations = composite_deviations(design, cells, calibration)
        columns = {
            "population": counts.population,
            "estimate": cells.estimate,
            "variance": np.where(known, (deviations**2).sum(axis=0), np.nan),
            "df": domain_df(design, counts.present(design.psu, design.n_psus), df_rule),
            "n": np.where(known, counts.n, 0),
            "n_yes": np.where(known, counts.n_yes, 0),
            "imputed": np.nan_to_num(counts.imputed),
        }
        for key, values in columns.items():
            found[key][:, names.index(name)] = values
    return found


def check_names(names: Iterable[str], composites: Mapping[str, Composite]) -> None:
    """Refuse a composite that is no outcome.

    Raises:
        InputError: it names the composite.
    """
    strangers = sorted(set(composites) - set(names))
    if strangers:
        found = f"no outcome '{strangers[0]}'"
        raise InputError("composites", found, "Name columns of the outcomes")


def complete_only(outcomes: pd.DataFrame, composites: Mapping[str, Composite]) -> pd.DataFrame:
    """Return outcomes in which composites are known for respondents with all parts alone.

    Models take no shares as answers. Respondents who answered everything are a sample without the
    bias of those with a yes or all noes, if parts are missing at random.
    """
    own = {name: parts.complete_only() for name, parts in composites.items() if name in outcomes}
    return outcomes.assign(**own)
