"""Numbers of children and of internet-using children, as the countries file gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.study.study import Country

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Populations:
    """Children of each country, in the order of ``codes``; NaN where not available.

    ``rate_se`` is 0 where the internet-use rate is taken as exact, as ``exact`` says.
    """

    codes: tuple[str, ...]
    children: Floats
    rate: Floats
    rate_se: Floats
    exact: NDArray[np.bool_]
    children_sources: tuple[str, ...]
    rate_sources: tuple[str, ...]

    @property
    def users(self) -> Floats:
        """Internet-using children."""
        return self.children * self.rate

    def sources(self, chosen: NDArray[np.bool_]) -> str:
        """Return where the numbers of the chosen countries come from, each source once."""
        children = _once(self.children_sources, chosen)
        rates = _once(self.rate_sources, chosen)
        return f"children: {children}; internet use: {rates}"

    def names(self, chosen: NDArray[np.bool_]) -> str:
        """Return the codes of the chosen countries."""
        return " ".join(code for code, inside in zip(self.codes, chosen, strict=True) if inside)


def populations(countries: Mapping[str, Country], codes: Sequence[str]) -> Populations:
    """Return the numbers of the countries named."""
    rows = [countries[code] for code in codes]
    errors = [row.internet_use_se for row in rows]
    return Populations(
        codes=tuple(codes),
        children=_floats([row.children for row in rows]),
        rate=_floats([row.internet_use_rate for row in rows]),
        rate_se=np.nan_to_num(_floats(errors)),
        exact=np.array([not error for error in errors], dtype=bool),
        children_sources=tuple(row.children_source or "source not available" for row in rows),
        rate_sources=tuple(row.internet_use_source or "source not available" for row in rows),
    )


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _once(sources: Sequence[str], chosen: NDArray[np.bool_]) -> str:
    found = [source for source, inside in zip(sources, chosen, strict=True) if inside]
    return " | ".join(dict.fromkeys(found))
