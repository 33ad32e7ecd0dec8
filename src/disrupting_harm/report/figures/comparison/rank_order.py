"""Sentences on the order of countries, from the simultaneous rank sets."""

from itertools import combinations

import pandas as pd

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.figures.comparison.indicator_comparison import IndicatorComparison
from disrupting_harm.report.figures.estimate_chart import number_at

METHOD, SCOPE = "mogstad_step_down", "simultaneous"


def find_rank_sets(comparison: IndicatorComparison) -> pd.DataFrame | None:
    """Return the simultaneous rank sets, one row per country; None where there are none."""
    sets = comparison.find_table("rank_sets")
    if sets is None:
        return None
    simultaneous_sets = sets[(sets["method"] == METHOD) & (sets["scope"] == SCOPE)]
    simultaneous_sets = simultaneous_sets.dropna(subset=["rank_low", "rank_high", "countries"])
    return (
        None
        if simultaneous_sets.empty
        else simultaneous_sets.astype({"rank_low": int, "rank_high": int, "countries": int})
    )


def describe_order(comparison: IndicatorComparison) -> list[str]:
    """Return which countries may be at either end; never a name at an end that others share."""
    ranges = find_rank_sets(comparison)
    if ranges is None or len(ranges) < 2:
        return []
    translator, total = comparison.translator, len(ranges)
    number = format_rank_count(comparison, total)
    possible_first = ranges.loc[ranges["rank_low"] == 1, "country"].tolist()
    possible_last = ranges.loc[ranges["rank_high"] == ranges["countries"], "country"].tolist()
    lowest = ranges["countries"].iloc[0]
    if len(possible_first) == len(possible_last) == total:
        return [translator("Any of the {total} {areas} may be at any place.", total=number)]
    return [
        translator(
            "Only {country} may have the highest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.country_name(possible_first[0]),
            total=number,
        )
        if len(possible_first) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the highest share "
            "({countries}).",
            count=format_rank_count(comparison, len(possible_first), "rank_low:1"),
            countries=comparison.list_names(possible_first),
            total=number,
        ),
        translator(
            "Only {country} may have the lowest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.country_name(possible_last[0]),
            total=number,
        )
        if len(possible_last) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the lowest share "
            "({countries}).",
            count=format_rank_count(comparison, len(possible_last), f"rank_high:{lowest}"),
            countries=comparison.list_names(possible_last),
            total=number,
        ),
    ]


def format_rank_count(
    comparison: IndicatorComparison, number: int, condition: str = "rank_low:any"
) -> str:
    """Return a number of rows of the simultaneous rank sets as printed; of all, or of some."""
    sets = f"method:{METHOD}", f"scope:{SCOPE}"
    return comparison.format_count(number, "rank_sets", *sets, condition)


def count_certain_orders(ranges: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs of countries have ranks that do not overlap, and how many pairs."""
    limits = [
        (number_at(row, "rank_low"), number_at(row, "rank_high")) for row in ranges.itertuples()
    ]
    pairs = list(combinations(limits, 2))
    separate = sum(high_a < low_b or high_b < low_a for (low_a, high_a), (low_b, high_b) in pairs)
    limit_cells = [limit for limit_pair in limits for limit in limit_pair]
    return derive_number("apart", separate, limit_cells), derive_number(
        "pairs", len(pairs), limit_cells[::2]
    )
