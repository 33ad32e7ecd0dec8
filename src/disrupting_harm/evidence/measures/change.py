"""Changes against the year before, within one series alone.

Counts go on from the year before where the same source counts the same thing by the same rule.
Anything else is a break of the series, and no change is computed across it.

How much counts differ from one year to the next is described by the changes observed: the smallest
and the largest ratio of a year to the year before. Of ``k`` such ratios, in no order, the next one
lies between them with a chance of ``(k - 1) / (k + 1)`` only; the number of changes is therefore
always printed beside the range. It is no interval of a count.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

import pandas as pd

CHANGE_DIGITS, RATIO_DIGITS = 1, 2
RATIOS = ["first_year", "last_year", "changes", "ratio_low", "ratio_median", "ratio_high"]


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


def with_changes(facts: pd.DataFrame, place: list[str], amount: str) -> pd.DataFrame:
    """Return facts in order, each with its change against the year before.

    Args:
        facts: one fact a row, with its ``year``, ``counted`` and ``source_id``.
        place: columns that name what is followed over the years.
        amount: column of the counts.
    """
    ordered = facts.sort_values([*place, "year", "source_id"], ignore_index=True)
    rule = ["counted", "source_id"]
    return ordered.join(against_year_before(ordered, place, rule, amount))


def year_ratios(years: Sequence[int], counts: Sequence[float]) -> dict[str, Any]:
    """Return the range of the ratios of a year's count to that of the year before.

    Args:
        years: different years of one series, in any order.
        counts: the count of each year.

    Returns:
        :data:`RATIOS`: the years that the ratios span, how many there are, and the smallest, the
        middle and the largest. Empty where no year follows another with a count above zero.
    """
    known = dict(zip(years, counts, strict=True))
    pairs = sorted(year for year in known if known.get(year - 1, 0) > 0)
    if not pairs:
        return {}
    ratios = [float(known[year]) / float(known[year - 1]) for year in pairs]
    low, middle, high = (
        round(found, RATIO_DIGITS) for found in (min(ratios), median(ratios), max(ratios))
    )
    return dict(zip(RATIOS, (pairs[0] - 1, pairs[-1], len(ratios), low, middle, high), strict=True))


def _key(row: dict[Any, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)


def _begins_anew(
    year: int, rule: tuple[Any, ...], years: dict[int, set[tuple[Any, ...]]], breaks: Sequence[int]
) -> bool:
    last = max((earlier for earlier in years if earlier < year), default=None)
    if last is None:
        return False
    return rule not in years[last] or any(last < broken <= year for broken in breaks)


def _percent(now: Any, before: Any) -> float:
    if before is None or pd.isna(before) or pd.isna(now) or before == 0:
        return float("nan")
    return round(100 * (float(now) / float(before) - 1), CHANGE_DIGITS)
