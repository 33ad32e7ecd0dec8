"""What tables and figures of change share: names of waves, and which indicators go together."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any


def split_by_series(
    indicators: Sequence[str], series: Callable[[str], str | None]
) -> list[list[str]]:
    """Split indicators so that no part holds composites of two series."""
    groups: list[list[str]] = []
    for indicator in indicators:
        series_of_indicator = series(indicator)
        fits = (
            group
            for group in groups
            if series_of_indicator is None
            or all(series(series_mates) in (None, series_of_indicator) for series_mates in group)
        )
        group = next(fits, None)
        if group is None:
            groups.append([indicator])
        else:
            group.append(indicator)
    return groups


def name_figure(index: int) -> str:
    """Return the name of the figure of a part: ``change``, ``change-2`` and so on."""
    return f"change-{index + 1}" if index else "change"


def name_waves(rows: Sequence[Mapping[Any, Any]]) -> dict[str, str]:
    """Return what each wave is called: its year, or the wave where a year has two."""
    years: dict[str, float] = {}
    for row in rows:
        for side in ("from", "to"):
            years[row[f"wave_{side}"]] = float(row[f"year_{side}"])
    ordered = dict(sorted(years.items(), key=lambda wave: wave[1]))
    whole_years = [int(year) for year in ordered.values()]
    if any(a == b for a, b in pairwise(whole_years)):
        return {wave: wave for wave in ordered}
    return {wave: str(int(year)) for wave, year in ordered.items()}
