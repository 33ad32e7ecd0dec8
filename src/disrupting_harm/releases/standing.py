"""The column ``release`` of the public comparison: which rows stand in an earlier release."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from disrupting_harm.releases.gate import NATION
from disrupting_harm.releases.outcome import KEPT_NUMBERS
from disrupting_harm.study.checked_tables import read_table

# Tables with numbers that may stay as released: what these are called, and what they are known by.
STANDING = {
    "prevalence": ("estimates", ["country", "indicator"]),
    "gaps": ("gaps", ["country", "indicator", "domain"]),
    "standardised": ("standardised", ["country", "indicator"]),
    "bounds": ("bounds", ["country", "indicator"]),
    "adjusted": ("ratios", ["country", "indicator"]),
    "adjusted_countries": ("adjusted_countries", ["indicator"]),
}


def with_releases(
    tables: Mapping[str, pd.DataFrame], kept: Sequence[str | Path]
) -> dict[str, pd.DataFrame]:
    """Return the tables of the comparison, those of :data:`STANDING` with ``release``.

    Args:
        tables: by name.
        kept: files of numbers that stay (contract ``outcome.KEPT_NUMBERS``).
    """
    numbers = pd.concat([read_table(path, KEPT_NUMBERS) for path in kept], ignore_index=True)
    return {
        name: _marked(table, name, numbers) if name in STANDING else table
        for name, table in tables.items()
    }


def _marked(table: pd.DataFrame, name: str, numbers: pd.DataFrame) -> pd.DataFrame:
    source, keys = STANDING[name]
    own = numbers[numbers["table"] == source]
    if name == "prevalence":
        own = own[own["domain"] == NATION]
    marked = table.merge(own[[*keys, "release"]], on=keys, how="left", validate="many_to_one")
    return marked.assign(release=marked["release"].fillna("")).astype({"release": "str"})
