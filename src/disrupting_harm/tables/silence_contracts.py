"""Contracts of what silence could turn round in a comparison: bounds, orders, claims, ranks."""

from disrupting_harm.tables.rules import (
    BY_COUNTRY,
    FLAG,
    OF_KIND,
    ORDERED,
    POSITIVE,
    SHARE,
    count,
    in_order,
    number,
    table_contract,
    text,
)

BOUNDS = table_contract(
    "bounds by country",
    {
        **BY_COUNTRY,
        "n": POSITIVE,
        "valid_share": SHARE,
        "estimate": SHARE,
        "lower": SHARE,
        "upper": SHARE,
        "ci_low": SHARE,
        "ci_high": SHARE,
        **OF_KIND,
    },
    ORDERED,
    in_order("lower", "upper"),
)

BOUND_PAIRS = table_contract(
    "orderings in the worst case",
    {
        "indicator": text(),
        "country_a": text(),
        "country_b": text(),
        "clear": FLAG,
        "survives": FLAG,
        "higher": text(),
        "bounds_ordered": FLAG,
        "reason": text(),
        **OF_KIND,
    },
)

SILENCE_CLAIMS = table_contract(
    "silence that claims stand up to",
    {
        "indicator": text(),
        "domain": text(),
        "country_a": text(),
        "level_a": text(),
        "country_b": text(),
        "level_b": text(),
        "above": text("a", "b"),
        "n": number(0),
        "ratio": POSITIVE,
        "claim_goes": SHARE,
        "order_turns": SHARE,
        **OF_KIND,
    },
    in_order("claim_goes", "order_turns"),
)

SILENCE_RANKS = table_contract(
    "rank sets with silence",
    {
        **BY_COUNTRY,
        "countries": count(),
        "smallest_n": number(0),
        "silence": number(0, 1),
        "rank_low": count(),
        "rank_high": count(),
        "may_be_highest": FLAG,
        "may_be_lowest": FLAG,
        "highest_until": SHARE,
        "lowest_until": SHARE,
        **OF_KIND,
    },
    in_order("rank_low", "rank_high"),
)
