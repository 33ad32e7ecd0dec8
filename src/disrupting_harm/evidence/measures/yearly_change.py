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


def compare_with_year_before(
    frame: pd.DataFrame,
    series_columns: Sequence[str],
    rule_columns: Sequence[str],
    amount: str,
    breaks: Sequence[int] = (),
) -> pd.DataFrame:
    """Return ``change_percent`` and ``series_break`` of each row.

    Args:
        frame: one row per place, rule and ``year``; ``amount`` missing where there is no number.
        series_columns: columns that name what is followed over the years, e.g. the country.
        rule_columns: columns that have to agree between two years, e.g. the source.
        amount: column of the counts.
        breaks: years in which counting changed for everyone, whatever the rows say.

    Returns:
        With the index of ``frame``: the change in per cent, missing where the year before has no
        number, or none above zero, or lies across a break; and whether the row begins a new series
        after years that were counted in another way.
    """
    key = [*series_columns, *rule_columns]
    rows = frame[[*key, "year", amount]].to_dict("records")
    amounts = {(_pick_values(row, key), row["year"]): row[amount] for row in rows}
    rules: dict[tuple[Any, ...], dict[int, set[tuple[Any, ...]]]] = {}
    for row in rows:
        years = rules.setdefault(_pick_values(row, series_columns), {})
        years.setdefault(row["year"], set()).add(_pick_values(row, rule_columns))
    changes, series_breaks = [], []
    for row in rows:
        years = rules[_pick_values(row, series_columns)]
        is_new = _begins_series(row["year"], _pick_values(row, rule_columns), years, breaks)
        before = amounts.get((_pick_values(row, key), row["year"] - 1))
        changes.append(float("nan") if is_new else _compute_change(row[amount], before))
        series_breaks.append(is_new)
    columns = {"change_percent": changes, "series_break": series_breaks}
    return pd.DataFrame(columns, index=frame.index)


def add_changes(facts: pd.DataFrame, series_columns: list[str], amount: str) -> pd.DataFrame:
    """Return facts in order, each with its change against the year before.

    ``facts`` have the columns ``year``, ``counted`` and ``source_id``; see
    :func:`compare_with_year_before`.
    """
    ordered = facts.sort_values([*series_columns, "year", "source_id"], ignore_index=True)
    rule_columns = ["counted", "source_id"]
    return ordered.join(compare_with_year_before(ordered, series_columns, rule_columns, amount))


def summarise_year_ratios(years: Sequence[int], counts: Sequence[float]) -> dict[str, Any]:
    """Return the range of the ratios of a year's count to that of the year before.

    Args:
        years: different years of one series, in any order.
        counts: the count of each year.

    Returns:
        :data:`RATIOS`: the years that the ratios span, how many there are, and the smallest, the
        middle and the largest. Empty where no year follows another with a count above zero.
    """
    count_of_year = dict(zip(years, counts, strict=True))
    later_years = sorted(year for year in count_of_year if count_of_year.get(year - 1, 0) > 0)
    if not later_years:
        return {}
    ratios = [float(count_of_year[year]) / float(count_of_year[year - 1]) for year in later_years]
    low, middle, high = (
        round(ratio, RATIO_DIGITS) for ratio in (min(ratios), median(ratios), max(ratios))
    )
    span = (later_years[0] - 1, later_years[-1], len(ratios))
    return dict(zip(RATIOS, (*span, low, middle, high), strict=True))


def _pick_values(row: dict[Any, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)


def _begins_series(
    year: int, rule: tuple[Any, ...], years: dict[int, set[tuple[Any, ...]]], breaks: Sequence[int]
) -> bool:
    last_year = max((earlier for earlier in years if earlier < year), default=None)
    if last_year is None:
        return False
    return rule not in years[last_year] or any(last_year < broken <= year for broken in breaks)


def _compute_change(count: Any, count_before: Any) -> float:
    if count_before is None or pd.isna(count_before) or pd.isna(count) or count_before == 0:
        return float("nan")
    return round(100 * (float(count) / float(count_before) - 1), CHANGE_DIGITS)
