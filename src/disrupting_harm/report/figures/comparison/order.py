"""The order of countries in words, from the simultaneous rank sets."""

from itertools import combinations

import pandas as pd

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.figures.comparison.context import IndicatorComparison
from disrupting_harm.report.figures.estimate_chart import number_at

METHOD, SCOPE = "mogstad_step_down", "simultaneous"


def rank_ranges(comparison: IndicatorComparison) -> pd.DataFrame | None:
    """Return the simultaneous rank sets, one row per country; None where there are none."""
    sets = comparison.table("rank_sets")
    if sets is None:
        return None
    own = sets[(sets["method"] == METHOD) & (sets["scope"] == SCOPE)]
    own = own.dropna(subset=["rank_low", "rank_high", "countries"])
    return None if own.empty else own.astype({"rank_low": int, "rank_high": int, "countries": int})


def order_findings(comparison: IndicatorComparison) -> list[str]:
    """Return which countries may be at either end; never a name at an end that others share."""
    ranges = rank_ranges(comparison)
    if ranges is None or len(ranges) < 2:
        return []
    translator, total = comparison.translator, len(ranges)
    number = ranked(comparison, total)
    first = ranges.loc[ranges["rank_low"] == 1, "country"].tolist()
    last = ranges.loc[ranges["rank_high"] == ranges["countries"], "country"].tolist()
    lowest = ranges["countries"].iloc[0]
    if len(first) == len(last) == total:
        return [translator("Any of the {total} {areas} may be at any place.", total=number)]
    return [
        translator(
            "Only {country} may have the highest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.name(first[0]),
            total=number,
        )
        if len(first) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the highest share "
            "({countries}).",
            count=ranked(comparison, len(first), "rank_low:1"),
            countries=comparison.listed(first),
            total=number,
        ),
        translator(
            "Only {country} may have the lowest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.name(last[0]),
            total=number,
        )
        if len(last) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the lowest share "
            "({countries}).",
            count=ranked(comparison, len(last), f"rank_high:{lowest}"),
            countries=comparison.listed(last),
            total=number,
        ),
    ]


def ranked(comparison: IndicatorComparison, number: int, condition: str = "rank_low:any") -> str:
    """Return a number of rows of the simultaneous rank sets as printed; of all, or of some."""
    sets = f"method:{METHOD}", f"scope:{SCOPE}"
    return comparison.count(number, "rank_sets", *sets, condition)


def certain_orders(ranges: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs of countries have ranks that do not overlap, and how many pairs."""
    limits = [
        (number_at(row, "rank_low"), number_at(row, "rank_high")) for row in ranges.itertuples()
    ]
    pairs = list(combinations(limits, 2))
    apart = sum(high_a < low_b or high_b < low_a for (low_a, high_a), (low_b, high_b) in pairs)
    cells = [limit for both in limits for limit in both]
    return derive_number("apart", apart, cells), derive_number("pairs", len(pairs), cells[::2])
