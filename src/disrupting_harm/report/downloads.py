"""The public tables that readers can take away, with what each of them is."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Link:
    """A link to a file below the public folder."""

    href: str
    text: str


_ALWAYS = {
    # Written after the site, from everything that is there.
    "datapackage.json": "Description of the tables (Frictionless data package)",
    "manifest.json": "Inputs, outputs, versions and configuration of this run",
}
_TABLES = {
    "estimates": "All published estimates",
    "comparison/prevalence": "Headline indicators by country",
    "comparison/pairwise": "Differences and ratios between pairs of countries",
    "comparison/against_region": "Countries against the mean of their region",
    "comparison/gaps": "Gaps between groups of children within countries",
    "comparison/gap_pairs": "Gaps compared between pairs of countries",
    "comparison/rank_sets": "Ranks that each country may have",
    "comparison/pooled": "Averages of the countries, in three ways",
    "comparison/leave_one_out": "The random-effects average without each country",
    "comparison/standardised": "Estimates standardised by age and sex",
    "comparison/bounds": "Worst-case bounds for missing answers",
    "comparison/bound_pairs": "Differences that survive the worst case",
    "comparison/denominators": "Shares of users and of all children, and numbers of children",
    "comparison/adjusted": "Adjusted prevalence ratios within countries",
    "comparison/adjusted_countries": "Adjusted prevalence ratios of countries",
    "comparison/comparability": "What is comparable, and what is not",
    "evidence/cybertips": "CyberTipline reports by country and year",
    "evidence/cybertip_changes": "How much CyberTipline reports changed from year to year",
    "evidence/reporters": "CyberTipline reports by reporting company",
    "evidence/transparency": "Companies' own figures",
    "evidence/several_sources": "Facts told by several sources",
    "evidence/offences": "Offences that law enforcement recorded",
    "evidence/offence_rates": "Totals of recorded offences, and per 1,000 children",
    "evidence/offence_changes": "How much recorded offences changed from year to year",
    "evidence/hotlines": "Reports and contacts of hotlines and helplines",
    "evidence/search_interest": "Interest in groups of search terms",
    "evidence/capacity": "Capacity of law enforcement, item by item",
    "evidence/capacity_profile": "Capacity of law enforcement by area",
    "evidence/capacity_needs": "Needs of law enforcement, ranked",
    "evidence/frontline": "Answers of frontline workers",
    "evidence/justice": "What justice interviews mentioned",
    "evidence/policy": "Law and policy beside the Model National Response",
    "evidence/policy_areas": "Law and policy by area",
    "evidence/triangulation": "What each source says about each form of abuse",
}


def downloads(public: Path) -> list[Link]:
    """Return links to the tables that lie in the public folder, and to their descriptions."""
    found = [
        Link(f"{name}.csv", text)
        for name, text in _TABLES.items()
        if (public / f"{name}.csv").is_file()
    ]
    return found + [Link(path, text) for path, text in _ALWAYS.items()]
