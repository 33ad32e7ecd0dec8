"""Rates of administrative counts per thousand children of a country.

A count of reports or offences is complete: nothing was sampled, so that neither the count nor its
rate has an interval. What a reader may ask for in its place, how much such counts differ from one
year to the next, is in :mod:`.yearly_change`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from disrupting_harm.study.invented_numbers import is_invented

PER = 1000


@dataclass(frozen=True)
class Denominator:
    """Children of a country; None without a published source."""

    children: int | None = None
    source: str = ""


def find_denominator(country: Mapping[str, Any]) -> Denominator:
    """Return what a row of the countries file publishes about the number of children.

    A figure without a source, or one whose source says that it is invented for the simulation, is
    none.
    """
    source = country.get("children_source") or ""
    if not source or is_invented(source) or country.get("children") is None:
        return Denominator()
    return Denominator(country["children"], source)


def compute_rate(count: float, exposure: float | None, digits: int = 2) -> float:
    """Return ``count`` per thousand of ``exposure``; NaN without one."""
    return float("nan") if exposure is None else round(PER * count / exposure, digits)
