"""Public forms of the comparisons: rounded as the national tables are.

They have neither standard errors nor degrees of freedom, from which counts could be worked back. A
difference of proportions and its limits are on the grid of the smallest sample that they rest on,
one of means on the grid of the largest of them. A ratio and its limits have two decimals, or one
where that sample is small; large ones have three significant digits, and all whole digits. P values
have three decimals.

Rounded limits say what the exact ones say. Those of a row that is not clear are rounded outwards:
they hold zero, and "up to" is never too little. Those of a clear row go to the nearest number, or,
where that is zero, to the next one on their own side (of ratios: 1 in place of zero).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from disrupting_harm.publication.release import is_proportion
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import (
    BEYOND_PRINT,
    add_whole_per_cents,
    decimal_places,
    round_nearest,
    round_to,
)
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.whole_percents import POINTS
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.rules import in_shape

DIFFERENCE = ("difference", "ci_low", "ci_high")
RATIO = ("ratio", "ratio_low", "ratio_high")
CLAIM = ["indicator", "domain", "country_a", "level_a", "country_b", "level_b"]
P_VALUES = ["p_value", "p_holm", "p_bh"]
SMALLEST_P = 0.001
# Of the error of an interval, a part of alpha.
STEP_PLACES = 5
RATIO_DECIMALS = 2
POINT_PLACES = 2


def public_pairwise(
    pairs: pd.DataFrame,
    prevalence: pd.DataFrame,
    rounding: Rounding,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return pairwise differences rounded to the coarser grid of their two countries.

    Args:
        pairs: from ``pairwise.compare_country_pairs``.
        prevalence: from ``prevalence.prevalence_table``, restricted or public, for the numbers of
            children.
        rounding: the rule, on the smaller n of the two.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The public form of ``pairwise``; ``p_text`` is the p value after Holm as printed,
        ``<0.001`` where it is smaller, empty where there was no test.
    """
    a, b = (_national_of_rows(prevalence, pairs, column) for column in ("country_a", "country_b"))
    smaller_n = np.fmin(floats(a, "n"), floats(b, "n"))
    magnitude = np.fmax(np.abs(floats(a, "estimate")), np.abs(floats(b, "estimate")))
    table = _round_differences(pairs, smaller_n, magnitude, rounding, statistics)
    table["p_text"] = [format_p_value(value) for value in floats(pairs, "p_holm")]
    return in_shape(table, public_contract("comparison/pairwise"))


def public_against_region(
    differences: pd.DataFrame,
    prevalence: pd.DataFrame,
    rounding: Rounding,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return differences from the region rounded to the coarsest grid of the region's countries.

    Args:
        differences: from ``regions.compare_with_region``.
        prevalence: as in :func:`public_pairwise`.
        rounding: the rule, on the smallest n in the region.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The public form of ``against_region``.
    """
    national = _national_of_rows(prevalence, differences, "country")
    of_region = national.groupby([differences["indicator"], differences["region"]])
    smallest = of_region["n"].transform("min").to_numpy()
    magnitude = of_region["estimate"].transform(lambda estimates: estimates.abs().max()).to_numpy()
    table = _round_differences(differences, smallest, magnitude, rounding, statistics)
    return in_shape(table, public_contract("comparison/against_region"))


def public_gaps(
    gaps: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return gaps rounded to the coarser grid of their two groups, and in whole points.

    Args:
        gaps: from ``gaps.compare_gaps``.
        rounding: the rule, on the smaller n of the two groups.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The public form of ``gaps``.
    """
    smaller_n = np.fmin(floats(gaps, "n_a"), floats(gaps, "n_b"))
    magnitude = np.fmax(*(np.abs(floats(gaps, name)) for name in ("estimate_a", "estimate_b")))
    table = _round_differences(gaps, smaller_n, magnitude, rounding, statistics)
    shares = is_proportion(gaps["indicator"], statistics)
    points = round_verdicts(gaps, DIFFERENCE, np.full(len(gaps), POINT_PLACES))
    with_points = add_whole_per_cents(table, gaps.assign(**points), shares, POINTS)
    return in_shape(with_points, public_contract("comparison/gaps"))


def public_gap_pairs(
    pairs: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return differences between gaps rounded to the coarsest grid of their four groups.

    Args:
        pairs: from ``gaps.compare_gap_pairs``.
        rounding: the rule, on the smallest n of the four groups.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The public form of ``gap_pairs``.
    """
    n, magnitude = floats(pairs, "n"), floats(pairs, "size")
    return in_shape(
        _round_differences(pairs, n, magnitude, rounding, statistics),
        public_contract("comparison/gap_pairs"),
    )


def public_silence_claims(
    claims: pd.DataFrame, pairs: pd.DataFrame, gaps: pd.DataFrame, rounding: Rounding
) -> pd.DataFrame:
    """Return tipping points in whole per cent, or in fives where a sample is small.

    Args:
        claims: from ``nonresponse_tipping.silence_claims``.
        pairs: from :func:`public_pairwise`.
        gaps: from :func:`public_gaps`.
        rounding: the rule, on the smaller n of the two.

    Returns:
        The public form of ``silence_claims``. The ratio is the one of the differences' own table,
        and where the order turns is worked out from it: it tells no more. Where the claim goes is
        rounded down, so that the claim stands at any smaller share.
    """
    domain, level = TOTAL
    of_countries = pairs.assign(domain=domain, level_a=level, level_b=level)
    of_groups = gaps.assign(country_a=gaps["country"], country_b=gaps["country"])
    ratios = pd.concat([table[[*CLAIM, "ratio"]] for table in (of_countries, of_groups)])
    ratio_by_claim = ratios.set_index(CLAIM)["ratio"]
    ratio = ratio_by_claim.reindex(pd.MultiIndex.from_frame(claims[CLAIM])).to_numpy(dtype=float)
    n = floats(claims, "n")
    table = claims.assign(ratio=ratio, **round_tipping(claims, ratio, n, rounding))
    return in_shape(table, public_contract("comparison/silence_claims"))


def round_tipping(
    claims: pd.DataFrame, ratio: Floats, n: Floats, rounding: Rounding
) -> dict[str, Floats]:
    """Return ``claim_goes`` rounded down, and ``order_turns`` from the printed ``ratio``."""
    with np.errstate(divide="ignore"):
        order_turns = round_nearest(1 - np.fmin(ratio, 1 / ratio), 2)
    claim_goes = round_down(floats(claims, "claim_goes"), n, rounding)
    has_claim = ~np.isnan(claim_goes)
    return {
        "claim_goes": np.where(has_claim, np.fmin(claim_goes, order_turns), np.nan),
        "order_turns": np.where(has_claim, order_turns, np.nan),
    }


def public_silence_ranks(ranks: pd.DataFrame, rounding: Rounding) -> pd.DataFrame:
    """Return rank sets with silence, and until when a country is alone, rounded down.

    Args:
        ranks: from ``nonresponse_tipping.silence_ranks``.
        rounding: the rule, on the smallest n compared.
    """
    n = floats(ranks, "smallest_n")
    until = {
        name: round_down(floats(ranks, name), n, rounding)
        for name in ("highest_until", "lowest_until")
    }
    return in_shape(ranks.assign(**until), public_contract("comparison/silence_ranks"))


def format_p_value(p_value: float) -> str:
    """Return a p value as printed, with three decimals; empty where it is missing."""
    if np.isnan(p_value):
        return ""
    return f"<{SMALLEST_P}" if p_value < SMALLEST_P else f"{p_value:.3f}"


def ratio_places(ratio: Floats, n: Floats, rounding: Rounding) -> Integers:
    """Return the decimal places of ratios, which their limits have, too.

    Args:
        n: smallest sample behind each.
        rounding: the rule: one decimal less where n is below ``one_decimal_from``.
    """
    positive_ratio = np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0)
    whole_digits = np.maximum(np.floor(np.log10(positive_ratio)), 0)
    decimals = RATIO_DECIMALS - whole_digits - (n < rounding.one_decimal_from)
    # On a grid of tens a limit just above 1 would be 0.
    whole_decimals: Integers = np.maximum(decimals, 0).astype(np.intp)
    return whole_decimals


def round_verdicts(
    table: pd.DataFrame, columns: Sequence[str], decimals: Integers, no_difference: float = 0.0
) -> dict[str, Floats]:
    """Return estimates and their limits, rounded so that they agree with ``clear``.

    Args:
        table: rows with a verdict.
        columns: columns of the estimate, its lower and its upper limit.
        decimals: decimal places of each row.
        no_difference: what stands for no difference: 0, or 1 of ratios.
    """
    clear, step = table["clear"].to_numpy(dtype=bool), 10.0 ** -decimals.astype(float)
    rounded = {}
    for name, outwards in zip(columns, (None, np.floor, np.ceil), strict=True):
        exact = floats(table, name)
        nearest_value = round_to(exact, decimals)
        beyond_no_difference = round_to(
            no_difference + np.sign(exact - no_difference) * step, decimals
        )
        other_side = np.sign(nearest_value - no_difference) != np.sign(exact - no_difference)
        nearest_value = np.where(clear & other_side, beyond_no_difference, nearest_value)
        if outwards is not None:
            # What is on the grid but for its last bits stays there.
            outward_limit = outwards(np.round(exact / step, BEYOND_PRINT)) * step
            nearest_value = np.where(clear, nearest_value, round_to(outward_limit, decimals))
        rounded[name] = nearest_value
    return rounded


def round_down(share: Floats, n: Floats, rounding: Rounding) -> Floats:
    """Round shares down to whole per cent, or to fives where the sample is small.

    A limit of a ratio of two small samples has one decimal, which is no finer than that.
    """
    steps = np.where(n < rounding.one_decimal_from, 20, 100)
    # 0.3 is a little less than 30 hundredths in binary.
    rounded: Floats = np.floor(share * steps + 1e-9) / steps
    return rounded


def _national_of_rows(prevalence: pd.DataFrame, table: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return the national ``n`` and ``estimate`` that belong to the country of every row."""
    national = prevalence.set_index(["indicator", "country"])[["n", "estimate"]].astype(float)
    rows = pd.MultiIndex.from_frame(table[["indicator", country]])
    return national.reindex(rows).set_axis(table.index)


def _round_differences(
    table: pd.DataFrame,
    n: Floats,
    magnitude: Floats,
    rounding: Rounding,
    statistics: Mapping[str, str] | None,
) -> pd.DataFrame:
    """Round differences, ratios and p values.

    ``n`` is the smallest sample and ``magnitude`` the largest estimate behind each row.
    """
    proportion = is_proportion(table["indicator"], statistics)
    decimals = decimal_places(magnitude, n, proportion, rounding)
    rounded = table.copy()
    if "regional_mean" in table:
        rounded["regional_mean"] = round_to(floats(table, "regional_mean"), decimals)
    rounded = rounded.assign(**round_verdicts(table, DIFFERENCE, decimals))
    if "ratio" in table:
        of_ratios = ratio_places(floats(table, "ratio"), n, rounding)
        rounded = rounded.assign(**round_verdicts(table, RATIO, of_ratios, no_difference=1.0))
    for name in P_VALUES:
        rounded[name] = round_nearest(floats(table, name), 3)
    rounded["step_alpha"] = round_nearest(floats(table, "step_alpha"), STEP_PLACES)
    return rounded
