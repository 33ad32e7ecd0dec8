"""Comparison across countries."""

# The tables that stage *compare* makes from releases and contrasts; further ones are
# ``comparability`` (stage *ledger*) and ``adjusted_countries`` (stage *adjust*).
COMPARED = (
    "prevalence",
    "pairwise",
    "against_region",
    "gaps",
    "gap_pairs",
    "rank_sets",
    "pooled",
    "leave_one_out",
    "standardised",
    "bounds",
    "bound_pairs",
    "silence_claims",
    "silence_ranks",
    "denominators",
    "total",
    "adjusted",
    "associations",
)
# What stage *contrast* computes inside one country, and stage *change* between its waves.
WITHIN = ("gaps", "standardised", "bounds", "ratios", "slopes")
CHANGE = ("changes", "waves", "trends")
TABLES = (*COMPARED, "adjusted_countries", "comparability")
# Made of public tables, so that it has no restricted form (stage *needs*).
NEEDS = "needs"
# Published, and drawn, where the countries file has shares of internet users.
ON_INTERNET_USE = ("denominators", "total")
