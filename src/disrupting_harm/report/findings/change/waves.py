"""What tables and figures of change share: names of waves, and which indicators go together."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any


def apart(names: Sequence[str], series: Callable[[str], str | None]) -> list[list[str]]:
    """Split indicators so that no part holds composites of two series."""
    parts: list[list[str]] = []
    for name in names:
        own = series(name)
        fits = (
            part for part in parts if own is None or all(series(o) in (None, own) for o in part)
        )
        part = next(fits, None)
        if part is None:
            parts.append([name])
        else:
            part.append(name)
    return parts


def figure_name(place: int) -> str:
    """Return the name of the figure of a part: ``change``, ``change-2`` and so on."""
    return f"change-{place + 1}" if place else "change"


def names_of_waves(rows: Sequence[Mapping[Any, Any]]) -> dict[str, str]:
    """Return what each wave is called: its year, or the wave where a year has two."""
    years: dict[str, float] = {}
    for row in rows:
        for side in ("from", "to"):
            years[row[f"wave_{side}"]] = float(row[f"year_{side}"])
    ordered = dict(sorted(years.items(), key=lambda wave: wave[1]))
    whole = [int(year) for year in ordered.values()]
    if any(a == b for a, b in pairwise(whole)):
        return {wave: wave for wave in ordered}
    return {wave: str(int(year)) for wave, year in ordered.items()}
