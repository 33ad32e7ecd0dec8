"""What the accepted releases printed, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.releases.differ import Version
from disrupting_harm.releases.history import Accepted, records_file, table_file
from disrupting_harm.releases.keep import CELLS
from disrupting_harm.releases.keep_contrasts import Before
from disrupting_harm.releases.key import Key
from disrupting_harm.releases.records import level_token, read_records
from disrupting_harm.study import comparison_contracts, contrast_contracts
from disrupting_harm.study.checked_tables import read_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import NOT_ASKED

AGGREGATES = "aggregates"
# Comparisons inside one country.
CONTRASTS: dict[str, pa.DataFrameSchema] = {
    "gaps": contrast_contracts.GAPS,
    "standardised": contrast_contracts.STANDARDISED,
    "bounds": contrast_contracts.BOUNDS,
    "ratios": contrast_contracts.RATIOS,
}
# Tables of all countries, in the folder and under the name of this.
COMPARISON = "comparison"
COMPARISONS: dict[str, pa.DataFrameSchema] = {
    "standardised": comparison_contracts.STANDARDISED,
    "adjusted_countries": comparison_contracts.ADJUSTED_COUNTRIES,
}


@dataclass(frozen=True, eq=False)
class AcceptedRelease:
    """The last accepted release of one country.

    Attributes:
        name: the release.
        cells: every table that was ever published, as it was published last: the columns of
            ``publication.release.RELEASE`` and ``release``, the one that published it anew.
        versions: what each release published anew, the first release first.
    """

    name: str
    cells: pd.DataFrame
    versions: tuple[Version, ...]


def load_accepted(
    results: Path, releases: Sequence[Accepted], country: str, codebook: Codebook, key: Key
) -> AcceptedRelease | None:
    """Read what the accepted releases say of a country; None where none has it.

    Args:
        results: folder of the results.
        releases: the accepted releases, the first one first.
        country: its code.
        codebook: the levels of today; those that a release had are known from its tables.
        key: that of the records.

    Raises:
        StudyError: a file is missing or breaks its contract.
    """
    having = [release for release in releases if country in release.countries]
    if not having:
        return None
    tables = {
        release.name: read_table(table_file(results, release.name, country, AGGREGATES), CELLS)
        for release in having
    }
    versions = []
    for name, cells in tables.items():
        own = cells[(cells["release"] == name) & (cells["status"] != NOT_ASKED)]
        # Where all tables stayed as they were, the release's record is compared with nothing.
        if len(own):
            records = read_records(records_file(results, name, country))
            levels = level_tokens(own, country, codebook, key)
            versions.append(Version(name, records, own.reset_index(drop=True), levels))
    last = having[-1].name
    return AcceptedRelease(last, tables[last], tuple(versions))


def load_before(results: Path, releases: Sequence[Accepted], country: str) -> list[Before]:
    """Read the comparisons inside a country of each release that has it, the first one first.

    Raises:
        StudyError: a file is missing or breaks its contract.
    """
    return [
        Before(
            release.name,
            {
                name: read_table(table_file(results, release.name, country, name), contract)
                for name, contract in CONTRASTS.items()
            },
            _of_country(
                read_table(
                    table_file(results, release.name, COMPARISON, "standardised"),
                    COMPARISONS["standardised"],
                ),
                country,
            ),
        )
        for release in releases
        if country in release.countries
    ]


def _of_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    return table[table["country"] == country].reset_index(drop=True)


def level_tokens(
    cells: pd.DataFrame, country: str, codebook: Codebook, key: Key
) -> Mapping[str, Mapping[str, str]]:
    """Return the levels of each domain by their tokens: of a release's cells and the codebook."""
    known = {str(domain): {*part["level"]} for domain, part in cells.groupby("domain", sort=False)}
    for entry in codebook.domains:
        known[entry.id] = known.get(entry.id, set()) | set(codebook.levels(entry.id))
    return {
        domain: {level_token(key, country, domain, level): level for level in sorted(levels)}
        for domain, levels in known.items()
    }
