"""What the accepted releases printed, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.cell_differences import Flags, Version
from disrupting_harm.releases.frozen_comparisons import Before
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.history import Accepted, Key, records_file, table_file
from disrupting_harm.releases.records import (
    DOMAIN,
    INDICATOR,
    KEY_OF_NAMES,
    SAME,
    Names,
    Then,
    level_token,
    read_records,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.study.statuses import NOT_ASKED, RETRACTED_REASON
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

AGGREGATES = "aggregates"
# Comparisons inside one country.
CONTRASTS: dict[str, pa.DataFrameSchema] = {
    "gaps": restricted_contract("contrasts/gaps"),
    "standardised": restricted_contract("contrasts/standardised"),
    "bounds": restricted_contract("contrasts/bounds"),
    "ratios": restricted_contract("contrasts/ratios"),
}
# Tables of all countries, in the folder and under the name of this.
COMPARISON = "comparison"
COMPARISONS: dict[str, pa.DataFrameSchema] = {
    "standardised": restricted_contract("comparison/standardised"),
    "adjusted_countries": restricted_contract("comparison/adjusted_countries"),
}


@dataclass(frozen=True, eq=False)
class AcceptedRelease:
    """The last accepted release of one country.

    Attributes:
        name: the release.
        cells: every table that was ever published, as it was published last: the columns of
            ``country/release`` and ``release``, the one that published it anew.
        versions: what each release published anew, the first release first.
    """

    name: str
    cells: pd.DataFrame
    versions: tuple[Version, ...]


def load_accepted(
    results: Path,
    releases: Sequence[Accepted],
    country: str,
    codebook: Codebook,
    key: Key,
    moved: Mapping[str, Rename],
) -> AcceptedRelease | None:
    """Read what the accepted releases say of a country, under the names of today.

    None where none has it.

    Args:
        results: folder of the results.
        releases: the accepted releases, the first one first.
        country: its code.
        codebook: the levels of today; those that a release had are known from its tables.
        key: that of the records.
        moved: what has another name now.

    Raises:
        StudyError: a file is missing or breaks its contract, or names have become one or two.
    """
    names = Names(moved, codebook)
    having = [release for release in releases if country in release.countries]
    if not having:
        return None
    tables = {
        release.name: read_table(table_file(results, release.name, country, AGGREGATES), CELLS)
        for release in having
    }
    corrected = {release.name: release.corrected for release in having}
    versions = []
    for name, cells in tables.items():
        # Where all tables stayed as they were, the release's record is compared with nothing.
        if published_anew(cells, name).any():
            records = read_records(records_file(results, name, country))
            version = version_of(name, country, records, cells, names, codebook, key)
            mended = {names.indicator(wrong): why for wrong, why in corrected[name].items()}
            versions.append(replace(version, corrected=mended))
    last = having[-1].name
    return AcceptedRelease(last, names.now(tables[last], f"release {last}"), tuple(versions))


def last_cells(path: str | Path, moved: Mapping[str, Rename], codebook: Codebook) -> pd.DataFrame:
    """Read a country's tables in the last release, under the names of today.

    Raises:
        StudyError: the table breaks its contract, or two of its rows have the same name now.
    """
    return Names(moved, codebook).now(read_table(path, CELLS), "the last release")


def published_anew(cells: pd.DataFrame, name: str) -> Flags:
    """Return which cells a release published anew.

    Args:
        cells: all of a country that the release has, with ``release``.
        name: the release.
    """
    # A release that retracted a number published none: the wrong one before it counts.
    withheld = (cells["status"] == NOT_ASKED) | (cells["reason"] == RETRACTED_REASON)
    anew: Flags = ((cells["release"] == name) & ~withheld).to_numpy(dtype=bool)
    return anew


def version_of(
    name: str,
    country: str,
    records: pd.DataFrame,
    cells: pd.DataFrame,
    names: Names,
    codebook: Codebook,
    key: Key,
) -> Version:
    """Return what a release published anew of a country, under the names of today.

    Args:
        name: the release.
        country: its code.
        records, cells: as the release has them, also what it left as it was.
        names: what has another name now.
        codebook: the levels of today.
        key: that of the records.

    Raises:
        StudyError: two names have become one, or one domain two.
    """
    where = f"release {name}"
    then = names.then(cells, where)
    today = names.now(cells, where)
    levels = level_tokens(today, country, codebook, key, then)
    anew = today[published_anew(cells, name)].reset_index(drop=True)
    return Version(name, named_now(records, then, where), anew, levels, then)


def load_before(
    results: Path, releases: Sequence[Accepted], country: str, names: Names
) -> Before | None:
    """Read the comparisons inside a country of the last release that has it, if one has.

    They are under the names of today.

    Raises:
        StudyError: a file is missing or breaks its contract.
    """
    having = [release.name for release in releases if country in release.countries]
    if not having:
        return None
    last = having[-1]

    def read(folder: str, table: str, contract: pa.DataFrameSchema) -> pd.DataFrame:
        whole = read_table(table_file(results, last, folder, table), contract)
        return names.now(_of_country(whole, country), f"{table} of release {last}")

    return Before(
        {name: read(country, name, contract) for name, contract in CONTRASTS.items()},
        read(COMPARISON, "standardised", COMPARISONS["standardised"]),
    )


def _of_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    return table[table["country"] == country].reset_index(drop=True)


def named_now(records: pd.DataFrame, then: Then, where: str) -> pd.DataFrame:
    """Return a record that has columns under the names of today; its tokens stay as they are.

    Those of then stay beside them: a domain that has another name may have had levels that are
    gone.

    Args:
        records: as the release has them.
        then: its names.
        where: what it is, for an error.

    Raises:
        StudyError: two of its columns would have one name.
    """
    pairs = {(INDICATOR + now, INDICATOR + was) for now, was in then.indicators.items()}
    pairs |= {(DOMAIN + now, DOMAIN + was) for (now, _), (was, _) in then.groups.items()}
    moved: dict[str, str] = {}
    # Two names may change places.
    left = {was for now, was in pairs if now != was}
    for now, was in sorted(pair for pair in pairs if pair[0] != pair[1]):
        if now in moved or (now in records and now not in left):
            kind = "indicator" if now.startswith(INDICATOR) else "domain"
            old, new = was.partition(":")[2], now.partition(":")[2]
            raise StudyError(
                KEY_OF_NAMES,
                f"{kind} '{old}' of {where} is '{new}' now, and {where} has another '{new}'",
                "Let 'to' be a name that no release has, and use it in the codebook",
            )
        moved[now] = was
    return records.assign(**{now: records[was] for now, was in moved.items()})


def level_tokens(
    cells: pd.DataFrame, country: str, codebook: Codebook, key: Key, then: Then = SAME
) -> Mapping[str, Mapping[str, str]]:
    """Return the levels of each domain by their tokens: of a release's cells and the codebook.

    Tokens are under the names that the release had.
    """
    known = {str(domain): {*part["level"]} for domain, part in cells.groupby("domain", sort=False)}
    for entry in codebook.domains:
        known[entry.id] = known.get(entry.id, set()) | set(codebook.levels(entry.id))
    return {
        domain: {
            level_token(key, country, *then.groups.get((domain, level), (domain, level))): level
            for level in sorted(levels)
        }
        for domain, levels in known.items()
    }
