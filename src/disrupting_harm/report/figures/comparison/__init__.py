"""Figures that compare countries."""

_ALWAYS = ("prevalence", "comparability")
# The public tables that the figure of one country among all compared is drawn of.
STANDING_TABLES = (*_ALWAYS, "pairwise")
# The public tables that figures of the study's own words on all countries are drawn of.
REGION_TABLES = (*_ALWAYS, "rank_sets", "silence_ranks", "gaps", "pooled")
# The kinds of figures of an indicator, in their order, and the public tables that each is drawn of.
TABLES_OF = {
    "comparison": (*_ALWAYS, "rank_sets", "pooled", "against_region"),
    "ranks": (*_ALWAYS, "rank_sets"),
    "silence": (*_ALWAYS, "rank_sets", "silence_ranks"),
    "gaps": (*_ALWAYS, "gaps", "gap_pairs"),
    "pooled": (*_ALWAYS, "pooled"),
    "bounds": (*_ALWAYS, "bounds", "bound_pairs"),
    "denominators": (*_ALWAYS, "denominators"),
}
# Kinds that the site shows; to the files of all others there are links.
ON_SITE = ("comparison", "ranks", "pooled")
