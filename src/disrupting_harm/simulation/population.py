"""The simulated population of a country: PSUs, households and internet-using children aged 12-17.

Children are ordered household by household, households PSU by PSU, PSUs stratum by stratum. Strata
are region x area. Every child represents ``scale`` real children.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.random_streams import (
    Streams,
    apportion,
    cut_by_score,
    draw_positions,
)
from disrupting_harm.simulation.settings import CountrySimulation, Response

AREAS = 2
URBAN = 0
# Mean measure of size of a PSU: all its households, as a census counts them.
MEAN_SIZE = 200
# Regions differ in size: the share of each is drawn from 1 ± this.
REGION_SPREAD = 0.5
# Household wealth: shares of variance of the PSU and shift in urban areas.
WEALTH_PSU = 0.3
WEALTH_URBAN = 0.6


@dataclass(frozen=True, eq=False)
class Population:
    """P PSUs, H households and N children.

    Attributes:
        psu_stratum: (P,) stratum, ``region * 2 + area``.
        psu_size: (P,) measure of size in the sampling frame.
        psu_first_household: (P + 1,) first household of each PSU, then H.
        household_psu: (H,) PSU of each household.
        household_first_child: (H + 1,) first child of each household, then N.
        child_household: (N,) household of each child.
        items: the roster's items by name: (N,) positions among the item's answers.
        scale: real children that each simulated child stands for.
    """

    psu_stratum: Integers
    psu_size: Integers
    psu_first_household: Integers
    household_psu: Integers
    household_first_child: Integers
    child_household: Integers
    items: dict[str, NDArray[np.int8]]
    scale: float

    @property
    def n_children(self) -> int:
        """Number of simulated children, N."""
        return len(self.child_household)

    @property
    def child_psu(self) -> Integers:
        """(N,) PSU of each child."""
        return self.household_psu[self.child_household]

    @property
    def psu_households(self) -> Integers:
        """(P,) households of each PSU."""
        return np.diff(self.psu_first_household)


def draw_population(settings: CountrySimulation, children: int, streams: Streams) -> Population:
    """Draw a country's population.

    Args:
        children: real internet-using children aged 12-17.
    """
    frame = settings.frame
    stratum = _draw_strata(settings, streams("strata"))
    psu_size, households = _draw_psu_sizes(settings, streams("PSU sizes"))
    household_psu = np.repeat(np.arange(frame.psus), households)
    eligible = draw_positions(
        streams("eligible children"), frame.eligible_children.values(), len(household_psu)
    )
    per_household = np.array(list(frame.eligible_children))[eligible]
    child_household = np.repeat(np.arange(len(household_psu)), per_household)
    child_stratum = stratum[household_psu[child_household]]
    n = len(child_household)
    age = np.array(list(frame.age_shares))[
        draw_positions(streams("age"), frame.age_shares.values(), n)
    ]
    wealth = _draw_wealth(stratum, household_psu, streams)
    items = {
        "sex": streams("sex").random(n) < frame.girls,
        "age": age,
        "age_group": age >= 15,
        "area": child_stratum % AREAS,
        "region": child_stratum // AREAS,
        "wealth": wealth[child_household],
    }
    return Population(
        psu_stratum=stratum,
        psu_size=psu_size,
        psu_first_household=_first_positions(households),
        household_psu=household_psu,
        household_first_child=_first_positions(per_household),
        child_household=child_household,
        items={name: codes.astype(np.int8) for name, codes in items.items()},
        scale=children / n,
    )


def _first_positions(counts: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(counts)])


def _draw_strata(settings: CountrySimulation, generator: np.random.Generator) -> Integers:
    """Return each PSU's stratum, in ascending order."""
    psus = settings.frame.psus
    urban = round(psus * settings.urban / 100)
    counts = np.zeros((settings.regions, AREAS), dtype=np.intp)
    for area, total in ((URBAN, urban), (1 - URBAN, psus - urban)):
        shares = 1 + REGION_SPREAD * generator.uniform(-1, 1, settings.regions)
        counts[:, area] = apportion(total, shares)
    return np.repeat(np.arange(counts.size), counts.ravel())


def _draw_psu_sizes(
    settings: CountrySimulation, generator: np.random.Generator
) -> tuple[Integers, Integers]:
    """Return each PSU's measure of size and its number of eligible households.

    The two are proportional but for a lognormal error with mean 1. A PSU has at least as many
    households as are drawn in one.
    """
    frame, error = settings.frame, settings.size_error
    relative = generator.uniform(*frame.size_range, frame.psus)
    noise = np.exp(error * generator.standard_normal(frame.psus) - error**2 / 2)
    households = np.rint(frame.households * relative * noise)
    size = np.rint(MEAN_SIZE * relative)
    minimum = settings.draw.households
    return size.astype(np.intp), np.maximum(households, minimum).astype(np.intp)


def _draw_wealth(stratum: Integers, household_psu: Integers, streams: Streams) -> Integers:
    """Return each household's third of the asset index: 0 lowest to 2 highest."""
    psu_effect: Floats = streams("wealth of PSUs").standard_normal(len(stratum))
    psu_effect = np.sqrt(WEALTH_PSU) * psu_effect + WEALTH_URBAN * (stratum % AREAS == URBAN)
    household_effect = np.sqrt(1 - WEALTH_PSU) * streams("wealth").standard_normal(
        len(household_psu)
    )
    return 2 - cut_by_score(psu_effect[household_psu] + household_effect, [100 / 3] * 3)


# The simulated sample: PSUs, households, one child in each, and who was interviewed.


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
    within = [
        np.sort(generator.permutation(n_households)[: draw.households])
        for n_households in available
    ]
    household = (population.psu_first_household[psus][:, np.newaxis] + np.stack(within)).ravel()
    first_child = population.household_first_child
    eligible = np.diff(first_child)[household]
    child = first_child[household] + streams("sample: children").integers(0, eligible)
    return Sample(
        child=child,
        psu=np.repeat(psus, draw.households),
        psu_probability=np.repeat(psu_probability, draw.households),
        household_probability=np.repeat(
            draw.households / (available * population.scale), draw.households
        ),
        eligible_children=eligible,
        disposition=_draw_dispositions(settings.response, population, child, streams),
    )


def systematic_pps(sizes: Integers, n: int, start: float) -> tuple[Integers, Floats]:
    """Draw ``n`` units with probability proportional to size.

    Args:
        sizes: (N,) measures of size.
        start: random start in [0, 1), in steps.

    Returns:
        The positions drawn, ascending, and the inclusion probability of each.

    Raises:
        StudyError: a unit is larger than a step, so that it would be drawn with certainty.
    """
    total = int(sizes.sum())
    if n * int(np.max(sizes)) > total:
        raise StudyError(
            "simulation settings, key 'draw.psus'",
            "the largest PSU of a stratum would be drawn with certainty",
            "Draw fewer PSUs, or put more into the frame",
        )
    selection_points = (start + np.arange(n)) * (total / n)
    positions = np.searchsorted(np.cumsum(sizes), selection_points, side="right")
    return positions, n * sizes[positions] / total


def _draw_psus(
    n: int, population: Population, generator: np.random.Generator
) -> tuple[Integers, Floats]:
    strata, first_psu = np.unique(population.psu_stratum, return_index=True)
    members = np.split(np.arange(len(population.psu_stratum)), first_psu[1:])
    sizes = [population.psu_size[member] for member in members]
    allocation = apportion(n, [float(size.sum()) for size in sizes], minimum=LEAST_PSUS)
    starts = generator.random(len(strata))
    draws = [
        systematic_pps(size, int(count), start)
        for size, count, start in zip(sizes, allocation, starts, strict=True)
    ]
    psus = [member[positions] for member, (positions, _) in zip(members, draws, strict=True)]
    return np.concatenate(psus), np.concatenate([probability for _, probability in draws])


def _draw_dispositions(
    response: Response, population: Population, child: Integers, streams: Streams
) -> NDArray[np.str_]:
    urban = population.items["area"][child] == URBAN
    older = population.items["age_group"][child] == 1
    percent = response.interviewed + response.urban * urban + response.older * older
    interviewed = 100 * streams("sample: response").random(len(child)) < percent
    partial = 100 * streams("sample: break-off").random(len(child)) < response.partial
    reasons = np.array(list(response.reasons))
    reason = reasons[
        draw_positions(streams("sample: reasons"), response.reasons.values(), len(child))
    ]
    return np.where(interviewed, np.where(partial, "partial", "complete"), reason)
