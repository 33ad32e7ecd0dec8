"""Numbers of children and of internet-using children, from the countries file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import ALL_COUNTRIES


@dataclass(frozen=True)
class Populations:
    """Children of each country, in the order of ``codes``; NaN where not available.

    ``rate_se`` is 0 where the internet-use rate is taken as exact; ``rate_uncertainty`` says so, or
    whether the standard error was estimated or is itself invented for a simulated study, which
    ``rate_se_sources`` tell.
    """

    codes: tuple[str, ...]
    children: Floats
    rate: Floats
    rate_se: Floats
    rate_uncertainty: tuple[str, ...]
    children_sources: tuple[str, ...]
    rate_sources: tuple[str, ...]
    rate_se_sources: tuple[str, ...]

    @property
    def users(self) -> Floats:
        """Internet-using children."""
        return self.children * self.rate

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Whether the internet-use rate of each country is taken as exact."""
        return np.equal(self.rate_se, 0)

    def sources(self, countries: NDArray[np.bool_]) -> str:
        """Return where the numbers of the chosen countries come from, each source once."""
        children = _join_sources(self.children_sources, countries)
        rates = _join_sources(self.rate_sources, countries)
        message = f"children: {children}; internet use: {rates}"
        errors = _join_sources(self.rate_se_sources, countries)
        return f"{message}; its standard error: {errors}" if errors else message


def country_populations(countries: Mapping[str, Country], codes: Sequence[str]) -> Populations:
    """Return the numbers of the countries named."""
    rows = [countries[code] for code in codes]
    return Populations(
        codes=tuple(codes),
        children=_to_floats([row.children for row in rows]),
        rate=_to_floats([row.internet_use_rate for row in rows]),
        rate_se=np.nan_to_num(_to_floats([row.internet_use_se for row in rows])),
        rate_uncertainty=tuple(map(_describe_rate_uncertainty, rows)),
        children_sources=tuple(row.children_source or "source not available" for row in rows),
        rate_sources=tuple(row.internet_use_source or "source not available" for row in rows),
        rate_se_sources=tuple(
            (row.internet_use_se_source or "source not available") if row.internet_use_se else ""
            for row in rows
        ),
    )


def country_groups(countries: Mapping[str, Country]) -> dict[str, list[str]]:
    """Return the countries of each group: all, and the regions where there are several."""
    codes = sorted(countries)
    regions = sorted({row.region for row in countries.values() if row.region})
    groups = {ALL_COUNTRIES: codes}
    if len(regions) > 1:
        groups |= {name: [c for c in codes if countries[c].region == name] for name in regions}
    return groups


def _describe_rate_uncertainty(row: Country) -> str:
    """Return how the error of the internet-use rate is known: a word of ``rate_uncertainty``."""
    if row.internet_use_rate is None:
        return "not available"
    if not row.internet_use_se:
        return "taken as exact"
    return "invented" if is_invented(row.internet_use_se_source) else "estimated"


def _to_floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _join_sources(sources: Sequence[str], countries: NDArray[np.bool_]) -> str:
    of_countries = [name for name, inside in zip(sources, countries, strict=True) if inside]
    return " | ".join(name for name in dict.fromkeys(of_countries) if name)
