"""How a number of evidence was made: what its table has, what is computed, what is protected."""

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.provenance.explain_survey import Line

_CHANGE = (
    "change_percent",
    "from one year to the next, where the same source counts the same thing; never across a break",
)
_RATE = (
    "rate_per_1000_children",
    "1,000 × the count / children of the country aged 12-17; none without a published number of "
    "them",
)
_RANGE = (
    "ratios",
    "the smallest, the middle and the largest of a year's count over that of the year before; they "
    "describe what was seen, and forecast nothing",
)
_BAND = (
    "band",
    "from 8 asked on: few_or_none below a third, most_or_all above two thirds, else some; printed "
    "where the count, or the others, are few",
)
_AS_TOLD = ("numbers", "as the source has them")

# What is computed in a public table; the others have numbers as their source tells them.
COMPUTED: dict[str, tuple[Line, ...]] = {
    "cybertips": (
        ("reports", PLACED_BY_UPLOAD),
        _CHANGE,
        ("share_world_percent", "100 × reports / the reports of the world in that year"),
    ),
    "cybertip_changes": (_RANGE,),
    "reporters": (
        ("share_percent", "100 × reports / all reports of that year"),
        ("hhi, hhi_high", "sum of the squared shares: at the least, and whoever made the reports "
         "without a known reporter"),
    ),
    "transparency": (_CHANGE,),
    "offence_rates": (
        ("offences", "added over offence codes, and over nothing else; incomplete where a part has "
         "no number, and then without a rate"),
        _RATE, _CHANGE,
    ),
    "offence_changes": (_RANGE,),
    "hotlines": (_CHANGE,),
    "capacity_profile": (
        ("score_mean", "mean of the items asked, each averaged over agencies, from 0 to 3"),
        ("gap", "(3 − score_mean) / 3"),
    ),
    "capacity_needs": (
        ("rank_low, rank_high", "the ranks that hold on every rising scale: an area stands above "
         "another only if for each score at least as large a share of its items lies at or below "
         "it, and a larger one for some; items not asked count against it"),
        ("weighted_rank", "rank of weight × gap"),
    ),
    "frontline": (
        ("share_percent", "100 × count / n, in whole per cent, from ten answers on"),
        _BAND,
    ),
    "justice": (_BAND,),
    "policy_areas": (
        ("share_in_place", "in_place / (in_place + partly + not_in_place)"),
    ),
    "triangulation": (
        ("figures", "stand side by side, and are never added, averaged or divided by each other"),
    ),
}  # fmt: skip
_MADE_OF = {public.name: table for table in TABLES.values() for public in table.public}


def of_evidence(table: str) -> list[Line]:
    """Return what is the same for all numbers of a public table of evidence.

    Args:
        table: its name, without its folder.
    """
    lines = [("table", f"{PUBLIC[table].title}."), *COMPUTED.get(table, (_AS_TOLD,))]
    if table in _MADE_OF:
        lines.append(("small counts", _MADE_OF[table].protection.why))
    return lines
