"""Primary keys of the public tables: the columns whose values together name a row.

Those of evidence stand in the definitions of its tables, those of the comparison beside their
addresses, the others here. The data package and the addresses of numbers are made of them.
"""

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS

ESTIMATES = "estimates"
_CELL = ("country", "indicator", "domain", "level")

# Tables of one country, by the names of their files in its folder.
COUNTRY_KEYS: dict[str, tuple[str, ...]] = {
    ESTIMATES: _CELL,
    "questions": ("country", "question", "option"),
    "dyads": ("country", "child", "caregiver", "measure"),
    "changes": (*_CELL, "wave_from", "wave_to"),
    "trends": ("country", "indicator"),
    "waves": ("country", "indicator", "wave"),
}
EVIDENCE_KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(public.key.split()) for name, public in PUBLIC.items()
}


def key_of(path: str) -> tuple[str, ...]:
    """Return the primary key of a table by its path below the public folder; () where none is."""
    if path == "addresses-moved.csv":
        return ("old",)
    folder, _, file = path.rpartition("/")
    name = file.removesuffix(".csv")
    if folder == "comparison":
        return COMPARISON_KEYS.get(name, ())
    if folder == "evidence":
        return EVIDENCE_KEYS.get(name, ())
    if not folder or folder.startswith("countries/"):
        return COUNTRY_KEYS.get(name, ())
    return ()
