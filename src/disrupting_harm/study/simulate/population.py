"""The simulated population of a country: PSUs, households and internet-using children aged 12-17.

Children are ordered household by household, households PSU by PSU, PSUs stratum by stratum. Strata
are region x area. Every child represents ``scale`` real children.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from disrupting_harm.study.simulate.random import Streams, apportion, choose, cut
from disrupting_harm.study.simulate.settings import CountrySimulation

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
    def size(self) -> int:
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
    """Make a country's population.

    Args:
        settings: the country's settings.
        children: real internet-using children aged 12-17.
        streams: the country's random numbers.
    """
    frame = settings.frame
    stratum = _strata(settings, streams("strata"))
    size, households = _psu_sizes(settings, streams("PSU sizes"))
    household_psu = np.repeat(np.arange(frame.psus), households)
    eligible = choose(
        streams("eligible children"), frame.eligible_children.values(), len(household_psu)
    )
    per_household = np.array(list(frame.eligible_children))[eligible]
    child_household = np.repeat(np.arange(len(household_psu)), per_household)
    child_stratum = stratum[household_psu[child_household]]
    n = len(child_household)
    age = np.array(list(frame.age_shares))[choose(streams("age"), frame.age_shares.values(), n)]
    wealth = _wealth(stratum, household_psu, streams)
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
        psu_size=size,
        psu_first_household=_starts(households),
        household_psu=household_psu,
        household_first_child=_starts(per_household),
        child_household=child_household,
        items={name: codes.astype(np.int8) for name, codes in items.items()},
        scale=children / n,
    )


def _starts(counts: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(counts)])


def _strata(settings: CountrySimulation, generator: np.random.Generator) -> Integers:
    """Return each PSU's stratum, in ascending order."""
    psus = settings.frame.psus
    urban = round(psus * settings.urban / 100)
    counts = np.zeros((settings.regions, AREAS), dtype=np.intp)
    for area, total in ((URBAN, urban), (1 - URBAN, psus - urban)):
        shares = 1 + REGION_SPREAD * generator.uniform(-1, 1, settings.regions)
        counts[:, area] = apportion(total, shares)
    return np.repeat(np.arange(counts.size), counts.ravel())


def _psu_sizes(
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
    least = settings.draw.households
    return size.astype(np.intp), np.maximum(households, least).astype(np.intp)


def _wealth(stratum: Integers, household_psu: Integers, streams: Streams) -> Integers:
    """Return each household's third of the asset index: 0 lowest to 2 highest."""
    shared: Floats = streams("wealth of PSUs").standard_normal(len(stratum))
    shared = np.sqrt(WEALTH_PSU) * shared + WEALTH_URBAN * (stratum % AREAS == URBAN)
    own = np.sqrt(1 - WEALTH_PSU) * streams("wealth").standard_normal(len(household_psu))
    return 2 - cut(shared[household_psu] + own, [100 / 3] * 3)
