"""Invented numbers of the countries file: those whose source begins with "invented".

They are for simulated studies. A study of real data must not print them.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from typing import Any

from disrupting_harm.core.errors import StudyError

INVENTED = "invented"
# Columns of the countries file with a number, and the column that names its source.
SOURCES = {
    "children": "children_source",
    "internet_use_rate": "internet_use_source",
    "internet_use_se": "internet_use_se_source",
}


def is_invented(source: str | None) -> bool:
    """Return whether a source says of its number that nobody measured it."""
    return (source or "").strip().lower().startswith(INVENTED)


def refuse_invented(country: Any, location: str) -> None:
    """Refuse a row of the countries file with an invented number, in a study of real data.

    Args:
        country: the row, with the attributes of :data:`SOURCES`.
        location: file and row.

    Raises:
        StudyError: the first such number.
    """
    for number, source in SOURCES.items():
        if getattr(country, number) is not None and is_invented(getattr(country, source)):
            raise StudyError(
                f"{location}, column '{source}'",
                f"'{number}' is invented, but the study says 'simulated: false'",
                f"Empty '{number}' and '{source}' (it is then printed as not available), or give a "
                "number with its source",
            )
