"""Primary keys of the public tables: the columns whose values together name a row.

Those of evidence stand in the definitions of its tables; the others stand here. The data package
and the addresses of numbers are made of them.
"""

from disrupting_harm.evidence.tables import PUBLIC

ESTIMATES = "estimates"
_CELL = ("country", "indicator", "domain", "level")
_OF_COUNTRY = ("indicator", "country")
_PAIR = ("indicator", "country_a", "country_b")
_GAP = ("indicator", "domain", "level_a", "level_b")

# Tables of one country, by the names of their files in its folder.
COUNTRY_KEYS: dict[str, tuple[str, ...]] = {
    ESTIMATES: _CELL,
    "questions": ("country", "question", "option"),
    "dyads": ("country", "child", "caregiver", "measure"),
    "changes": (*_CELL, "wave_from", "wave_to"),
    "trends": ("country", "indicator"),
    "waves": ("country", "indicator", "wave"),
}
COMPARISON_KEYS: dict[str, tuple[str, ...]] = {
    "prevalence": _OF_COUNTRY,
    "pairwise": _PAIR,
    "against_region": _OF_COUNTRY,
    "gaps": (*_GAP, "country"),
    "gap_pairs": (*_GAP, "country_a", "country_b"),
    "rank_sets": (*_OF_COUNTRY, "method", "scope"),
    "pooled": ("indicator", "group", "estimand"),
    "leave_one_out": ("indicator", "without"),
    "standardised": _OF_COUNTRY,
    "bounds": _OF_COUNTRY,
    "bound_pairs": _PAIR,
    "silence_claims": ("indicator", "domain", "country_a", "level_a", "country_b", "level_b"),
    "silence_ranks": (*_OF_COUNTRY, "silence"),
    "denominators": (*_OF_COUNTRY, "denominator"),
    "adjusted": (*_OF_COUNTRY, "term", "level"),
    "adjusted_countries": _OF_COUNTRY,
    "comparability": (*_OF_COUNTRY, "wave"),
}
EVIDENCE_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(public.key.split()) for name, public in PUBLIC.items()
}


def key_of(path: str) -> tuple[str, ...]:
    """Return the primary key of a table by its path below the public folder; () where none is."""
    folder, _, file = path.rpartition("/")
    name = file.removesuffix(".csv")
    if folder == "comparison":
        return COMPARISON_KEYS.get(name, ())
    if folder == "evidence":
        return EVIDENCE_KEYS.get(name, ())
    if not folder or folder.startswith("countries/"):
        return COUNTRY_KEYS.get(name, ())
    return ()
