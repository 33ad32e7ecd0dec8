"""The simulated sample: PSUs, households, one child in each, and who was interviewed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.study.simulate.population import URBAN, Population
from disrupting_harm.study.simulate.random import Streams, apportion, choose
from disrupting_harm.study.simulate.settings import CountrySimulation, Response

# A variance needs two PSUs in every stratum.
LEAST_PSUS = 2


@dataclass(frozen=True, eq=False)
class Sample:
    """n children drawn.

    Attributes:
        child: (n,) position of each child in the population, ascending.
        psu: (n,) its PSU.
        psu_probability: (n,) selection probability of the PSU.
        household_probability: (n,) that of the household in its PSU, among real households.
        eligible_children: (n,) eligible children in the household, one of whom was drawn.
        disposition: (n,) outcome of the contact.
    """

    child: Integers
    psu: Integers
    psu_probability: Floats
    household_probability: Floats
    eligible_children: Integers
    disposition: NDArray[np.str_]

    @property
    def base_weight(self) -> Floats:
        """(n,) inverse of the child's selection probability."""
        return self.eligible_children / (self.psu_probability * self.household_probability)


def draw_sample(settings: CountrySimulation, population: Population, streams: Streams) -> Sample:
    """Draw a three-stage sample and let some children not respond.

    PSUs: systematic with probability proportional to size in every stratum (Madow 1949), allocated
    proportionally to the measure of size, at least two per stratum. Households: a simple random
    sample of equal size in every PSU. Children: one at random.

    Raises:
        StudyError: the sample is too large for the frame.
    """
    draw = settings.draw
    psus, psu_probability = _draw_psus(draw.psus, population, streams("sample: PSUs"))
    generator = streams("sample: households")
    available = population.psu_households[psus]
    within = [np.sort(generator.permutation(size)[: draw.households]) for size in available]
    household = (population.psu_first_household[psus][:, np.newaxis] + np.stack(within)).ravel()
    first = population.household_first_child
    eligible = np.diff(first)[household]
    child = first[household] + streams("sample: children").integers(0, eligible)
    return Sample(
        child=child,
        psu=np.repeat(psus, draw.households),
        psu_probability=np.repeat(psu_probability, draw.households),
        household_probability=np.repeat(
            draw.households / (available * population.scale), draw.households
        ),
        eligible_children=eligible,
        disposition=_dispositions(settings.response, population, child, streams),
    )


def systematic_pps(size: Integers, n: int, start: float) -> tuple[Integers, Floats]:
    """Draw ``n`` units with probability proportional to size.

    Args:
        size: (N,) measures of size.
        n: sample size.
        start: random start in [0, 1), in steps.

    Returns:
        The positions drawn, ascending, and the inclusion probability of each.

    Raises:
        StudyError: a unit is larger than a step, so that it would be drawn with certainty.
    """
    total = int(size.sum())
    if n * int(np.max(size)) > total:
        raise StudyError(
            "simulation settings, key 'draw.psus'",
            "the largest PSU of a stratum would be drawn with certainty",
            "Draw fewer PSUs, or put more into the frame",
        )
    points = (start + np.arange(n)) * (total / n)
    drawn = np.searchsorted(np.cumsum(size), points, side="right")
    return drawn, n * size[drawn] / total


def _draw_psus(
    n: int, population: Population, generator: np.random.Generator
) -> tuple[Integers, Floats]:
    strata, first = np.unique(population.psu_stratum, return_index=True)
    members = np.split(np.arange(len(population.psu_stratum)), first[1:])
    sizes = [population.psu_size[member] for member in members]
    allocation = apportion(n, [float(size.sum()) for size in sizes], minimum=LEAST_PSUS)
    starts = generator.random(len(strata))
    draws = [
        systematic_pps(size, int(count), start)
        for size, count, start in zip(sizes, allocation, starts, strict=True)
    ]
    psus = [member[drawn] for member, (drawn, _) in zip(members, draws, strict=True)]
    return np.concatenate(psus), np.concatenate([probability for _, probability in draws])


def _dispositions(
    response: Response, population: Population, child: Integers, streams: Streams
) -> NDArray[np.str_]:
    urban = population.items["area"][child] == URBAN
    older = population.items["age_group"][child] == 1
    percent = response.interviewed + response.urban * urban + response.older * older
    interviewed = 100 * streams("sample: response").random(len(child)) < percent
    partial = 100 * streams("sample: break-off").random(len(child)) < response.partial
    reasons = np.array(list(response.reasons))
    reason = reasons[choose(streams("sample: reasons"), response.reasons.values(), len(child))]
    return np.where(interviewed, np.where(partial, "partial", "complete"), reason)
