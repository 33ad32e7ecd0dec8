"""Terms of use in the description of the data: of the study's own tables, and of its sources."""

from collections.abc import Iterable, Mapping
from typing import Any

from disrupting_harm.evidence.sources import OPEN, SIMULATION, Source

NONE_GIVEN = (
    "No licence is given for the study's own tables, figures and texts: ask {who} before you use "
    "them elsewhere."
)
OF_SOURCES = "What others counted has the terms of its source: see 'sources'."


def terms_of_use(study: Mapping[str, Any], sources: Iterable[Source]) -> dict[str, Any]:
    """Return the properties of a data package that say what it is and how it may be used.

    A study without a licence gets none; the terms then say whom to ask. Of the sources those that
    everyone may see are named, each with its own licence if it has one.

    Args:
        study: the study in its configuration.
        sources: of the evidence.
    """
    date, licence = str(study["date"]), study.get("licence")
    who = [str(name) for name in study.get("organisations") or ()]
    listed = [_source(source) for source in sources if _is_told(source)]
    said = (
        f"The study's own tables, figures and texts: {licence}."
        if licence
        else NONE_GIVEN.format(who=" or ".join(who) or "its publisher")
    )
    return {
        "version": date,
        "created": f"{date}T00:00:00Z",
        "contributors": [{"title": name, "role": "author"} for name in who],
        **({"licenses": [_licence(str(licence))]} if licence else {}),
        "terms": f"{said} {OF_SOURCES}" if listed else said,
        **({"sources": listed} if listed else {}),
    }


def _is_told(source: Source) -> bool:
    return source.restriction == OPEN and source.type != SIMULATION


def _licence(licence: str) -> dict[str, str]:
    is_address = licence.startswith(("https://", "http://"))
    return {"path": licence} if is_address else {"name": licence}


def _source(source: Source) -> dict[str, str]:
    """Return a source as a data package names it; what is not given is left out."""
    given = {
        "title": source.citation,
        "path": source.url,
        "accessed": source.accessed,
        "licence": source.licence or "no licence is named: ask the organisation",
    }
    return {name: value for name, value in given.items() if value}
