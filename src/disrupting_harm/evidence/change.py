"""Changes against the year before, within one series alone.

Counts go on from the year before where the same source counts the same thing by the same rule.
Anything else is a break of the series, and no change is computed across it.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

CHANGE_DIGITS = 1


def against_year_before(
    frame: pd.DataFrame,
    place: Sequence[str],
    rule: Sequence[str],
    amount: str,
    breaks: Sequence[int] = (),
) -> pd.DataFrame:
    """Return ``change_percent`` and ``series_break`` of each row.

    Args:
        frame: one row per place, rule and ``year``; ``amount`` missing where there is no number.
        place: columns that name what is followed over the years, e.g. the country.
        rule: columns that have to agree between two years that are compared, e.g. the source.
        amount: column of the counts.
        breaks: years in which counting changed for everyone, whatever the rows say.

    Returns:
        With the index of ``frame``: the change in per cent, missing where the year before has no
        number, or none above zero, or lies across a break; and whether the row begins a new series
        after years that were counted in another way.
    """
    rows = frame[[*place, *rule, "year", amount]].to_dict("records")
    known = {(_key(row, [*place, *rule]), row["year"]): row[amount] for row in rows}
    rules: dict[tuple[Any, ...], dict[int, set[tuple[Any, ...]]]] = {}
    for row in rows:
        years = rules.setdefault(_key(row, place), {})
        years.setdefault(row["year"], set()).add(_key(row, rule))
    changes, broken = [], []
    for row in rows:
        new = _begins_anew(row["year"], _key(row, rule), rules[_key(row, place)], breaks)
        before = known.get((_key(row, [*place, *rule]), row["year"] - 1))
        changes.append(float("nan") if new else _percent(row[amount], before))
        broken.append(new)
    return pd.DataFrame({"change_percent": changes, "series_break": broken}, index=frame.index)


def _key(row: dict[Any, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)


def _begins_anew(
    year: int,
    rule: tuple[Any, ...],
    years: dict[int, set[tuple[Any, ...]]],
    breaks: Sequence[int],
) -> bool:
    last = max((earlier for earlier in years if earlier < year), default=None)
    if last is None:
        return False
    return rule not in years[last] or any(last < broken <= year for broken in breaks)


def _percent(now: Any, before: Any) -> float:
    if before is None or pd.isna(before) or pd.isna(now) or before == 0:
        return float("nan")
    return round(100 * (float(now) / float(before) - 1), CHANGE_DIGITS)
