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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats, Mask
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import Levels
from disrupting_harm.survey.design.degrees import DfRule
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.tabulation import Cells
from disrupting_harm.survey.variance.deviations import nothing_to_average, scaled_deviations
from disrupting_harm.survey.variance.scores import (
    degrees_of_freedom,
    psus_with,
    unexplained,
    unit_totals,
)

# With fewer donors in a level the shares of yes are those of the whole sample.
MIN_DONORS = 100


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
        known = self.parts[~np.isnan(self.parts)]
        if self.parts.ndim != 2 or not self.parts.shape[1] or not np.isin(known, (0, 1)).all():
            found = "values other than one, zero and NaN, or no parts"
            raise StudyError("composite, 'parts'", found, "Give one column per part")
        if self.asked.shape != (len(self.parts),) or self.asked.dtype != bool:
            found = f"an array of shape {self.asked.shape} and type {self.asked.dtype}"
            raise StudyError("composite, 'asked'", found, "Give true or false for every row")

    @property
    def yes(self) -> Mask:
        """(n,) who said yes to a part."""
        return np.asarray(self.asked & (self.parts == 1).any(axis=1))

    @property
    def complete(self) -> Mask:
        """(n,) whose answers to all parts are known."""
        return np.asarray(self.asked & ~np.isnan(self.parts).any(axis=1))

    @property
    def open(self) -> Mask:
        """(n,) who said no yes and left a part open."""
        return self.asked & ~self.yes & ~self.complete

    @property
    def answered(self) -> Mask:
        """(n,) who answered a part."""
        return np.asarray(self.asked & ~np.isnan(self.parts).all(axis=1))

    def complete_only(self) -> Floats:
        """(n,) one and zero for respondents with all parts, NaN for others: what models take."""
        return np.where(self.complete, self.yes, np.nan)

    def patterns(self) -> Iterator[tuple[Mask, Mask]]:
        """Yield for each pattern of missing parts who left these open, and their donors.

        Donors answered all parts and said no to those that the open respondents said no to.
        """
        known = ~np.isnan(self.parts)
        rows = np.flatnonzero(self.open)
        found, place = np.unique(known[rows], axis=0, return_inverse=True)
        for index, observed in enumerate(found):
            of_pattern = np.zeros(len(self.parts), dtype=bool)
            of_pattern[rows[place.ravel() == index]] = True
            yield of_pattern, self.complete & ~(self.parts[:, observed] == 1).any(axis=1)


@dataclass(frozen=True, eq=False)
class CompositeCounts:
    """Who stands behind one composite in L levels.

    Attributes:
        asked: (n, L) who was asked a part, rows of weight zero left out.
        counted: (n, L) who of these answered a part.
        n: (L,) how many these are, without weights.
        n_yes: (L,) how many of them said yes: observed answers alone.
        population: (L,) sum of weights of all who were asked.
        imputed: (L,) weighted share of these who are open; NaN where nobody was asked.
    """

    asked: Mask
    counted: Mask
    n: Floats
    n_yes: Floats
    population: Floats
    imputed: Floats


@dataclass(frozen=True, eq=False)
class CompositeCells:
    """One composite in L levels.

    Attributes:
        counts: who stands behind it.
        estimate: (L,) proportions; NaN for a level where nobody was asked, or where an open
            respondent has no donor in the whole sample.
        scores: (n, L) linearised scores, the weight included.
    """

    counts: CompositeCounts
    estimate: Floats
    scores: Floats


def composite_counts(weight: Floats, composite: Composite, levels: Levels) -> CompositeCounts:
    """Count who stands behind one composite in every level.

    Raises:
        StudyError: the composite has another number of rows than there are weights.
    """
    if len(composite.parts) != len(weight):
        found = f"{len(composite.parts)} rows for a design of {len(weight)}"
        raise StudyError("composite", found, "Give both the same rows in the same order")
    asked = inside_levels(levels, len(weight)) & (composite.asked & (weight > 0))[:, np.newaxis]
    counted = asked & composite.answered[:, np.newaxis]
    population = weight @ asked
    with np.errstate(invalid="ignore"):
        imputed = (weight * composite.open) @ asked / population
    return CompositeCounts(
        asked=asked,
        counted=counted,
        n=counted.sum(axis=0).astype(np.float64),
        n_yes=(counted & composite.yes[:, np.newaxis]).sum(axis=0).astype(np.float64),
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
        StudyError: the composite has another number of rows.
    """
    counts = composite_counts(design.weight, composite, levels)
    weight, yes = design.weight, composite.yes
    patterns = [(who, donors & (weight > 0)) for who, donors in composite.patterns()]
    estimate = np.full(len(levels), np.nan)
    scores = np.zeros(counts.asked.shape)
    for level in np.flatnonzero(counts.population > 0):
        here, population = counts.asked[:, level], counts.population[level]
        value, of_donors = yes.astype(np.float64), np.zeros(design.n_rows)
        for who, everyone in patterns:
            missing = weight @ (who & here)
            if missing == 0:
                continue
            donors = scope(everyone, here)
            total = weight @ donors
            share = (weight @ (donors & yes)) / total if total > 0 else np.nan
            value[who] = share
            if total > 0:
                of_donors += (missing / total) * donors * (yes - share)
        estimate[level] = (weight @ np.where(here, value, 0.0)) / population
        own = np.where(here, value - estimate[level], 0.0)
        scores[:, level] = weight * (own + of_donors) / population
    return CompositeCells(counts, estimate, scores)


def inside_levels(levels: Levels, n_rows: int) -> Mask:
    """(n, L) who is in each level."""
    start, level = levels.members(slice(None))
    inside = np.zeros((n_rows, len(levels)), dtype=bool)
    inside[np.repeat(np.arange(n_rows), np.diff(start)), level] = True
    return inside


def scope(donors: Mask, level: Mask) -> Mask:
    """Return the donors of a level: its own where they are enough, else those of the sample."""
    own = donors & level
    return own if own.sum() >= MIN_DONORS else donors


def composite_deviations(
    design: SurveyDesign, cells: CompositeCells, calibration: CalibratedFrame | None
) -> Floats:
    """Return the (V, L) deviations whose products sum to variances and covariances."""
    scores = unexplained(design, cells.scores, calibration)
    deviations = scaled_deviations(design, unit_totals(design, scores))
    present = psus_with(design, cells.counts.counted)
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
        table: arrays (L, K) as :func:`~.tables.linearise.linearise` returns them.
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
            "df": degrees_of_freedom(design, counts.counted, df_rule),
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
        StudyError: it names the composite.
    """
    strangers = sorted(set(composites) - set(names))
    if strangers:
        found = f"no outcome '{strangers[0]}'"
        raise StudyError("composites", found, "Name columns of the outcomes")


def complete_only(outcomes: pd.DataFrame, composites: Mapping[str, Composite]) -> pd.DataFrame:
    """Return outcomes in which composites are known for respondents with all parts alone.

    Models take no shares as answers. Respondents who answered everything are a sample without the
    bias of those with a yes or all noes, if parts are missing at random.
    """
    own = {name: parts.complete_only() for name, parts in composites.items() if name in outcomes}
    return outcomes.assign(**own)
