"""What the accepted releases printed, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.cell_differences import Flags, PublishedVersion
from disrupting_harm.releases.frozen_comparisons import FormerComparisons
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.history import AcceptedStatement, Key, records_file, table_file
from disrupting_harm.releases.records import (
    DOMAIN,
    INDICATOR,
    KEY_OF_NAMES,
    NO_FORMER_NAMES,
    CurrentNames,
    FormerNames,
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
    "slopes": restricted_contract("contrasts/slopes"),
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
        cells: every table that was ever published, as it was published last: the columns of
            ``country/release`` and ``release``, the one that published it anew.
        versions: what each release published anew, the first release first.
    """

    name: str
    cells: pd.DataFrame
    versions: tuple[PublishedVersion, ...]


def load_accepted(
    results: Path,
    releases: Sequence[AcceptedStatement],
    country: str,
    codebook: Codebook,
    key: Key,
    moved: Mapping[str, Rename],
) -> AcceptedRelease | None:
    """Read what the accepted releases say of a country, under the names of today.

    None where none has it.

    Args:
        releases: the accepted releases, the first one first.
        codebook: the levels of today; those that a release had are known from its tables.
        moved: what has another name now.

    Raises:
        StudyError: a file is missing or breaks its contract, or names have become one or two.
    """
    current_names = CurrentNames(moved, codebook)
    releases_with_country = [release for release in releases if country in release.countries]
    if not releases_with_country:
        return None
    tables = {
        release.name: read_table(table_file(results, release.name, country, AGGREGATES), CELLS)
        for release in releases_with_country
    }
    corrected = {release.name: release.corrected for release in releases_with_country}
    versions = []
    for name, cells_of_release in tables.items():
        # Where all tables stayed as they were, the release's record is compared with nothing.
        if is_published_anew(cells_of_release, name).any():
            records = read_records(records_file(results, name, country))
            version = build_version(
                name, country, records, cells_of_release, current_names, codebook, key
            )
            corrected_indicators = {
                current_names.indicator(indicator): sentence
                for indicator, sentence in corrected[name].items()
            }
            versions.append(replace(version, corrected=corrected_indicators))
    last_name = releases_with_country[-1].name
    return AcceptedRelease(
        last_name,
        current_names.to_current_names(tables[last_name], f"release {last_name}"),
        tuple(versions),
    )


def read_last_cells(
    path: str | Path, moved: Mapping[str, Rename], codebook: Codebook
) -> pd.DataFrame:
    """Read a country's tables in the last release, under the names of today.

    Raises:
        StudyError: the table breaks its contract, or two of its rows have the same name now.
    """
    return CurrentNames(moved, codebook).to_current_names(
        read_table(path, CELLS), "the last release"
    )


def is_published_anew(cells: pd.DataFrame, name: str) -> Flags:
    """Return which cells a release published anew.

    Args:
        cells: all of a country that the release has, with ``release``.
    """
    # A release that retracted a number published none: the wrong one before it counts.
    has_no_number = (cells["status"] == NOT_ASKED) | (cells["reason"] == RETRACTED_REASON)
    is_new: Flags = ((cells["release"] == name) & ~has_no_number).to_numpy(dtype=bool)
    return is_new


def build_version(
    name: str,
    country: str,
    records: pd.DataFrame,
    cells: pd.DataFrame,
    current_names: CurrentNames,
    codebook: Codebook,
    key: Key,
) -> PublishedVersion:
    """Return what a release published anew of a country, under the names of today.

    Args:
        records, cells: as the release has them, also what it left as it was.

    Raises:
        StudyError: two names have become one, or one domain two.
    """
    source = f"release {name}"
    former_names = current_names.find_former_names(cells, source)
    current_cells = current_names.to_current_names(cells, source)
    levels = tokens_of_levels(current_cells, country, codebook, key, former_names)
    new_cells = current_cells[is_published_anew(cells, name)].reset_index(drop=True)
    return PublishedVersion(
        name, rename_record_columns(records, former_names, source), new_cells, levels, former_names
    )


def load_former_comparisons(
    results: Path, releases: Sequence[AcceptedStatement], country: str, current_names: CurrentNames
) -> FormerComparisons | None:
    """Read the comparisons inside a country of the last release that has it, if one has.

    They are under the names of today.

    Raises:
        StudyError: a file is missing or breaks its contract.
    """
    names_with_country = [release.name for release in releases if country in release.countries]
    if not names_with_country:
        return None
    last_name = names_with_country[-1]

    def read(folder: str, table: str, contract: pa.DataFrameSchema) -> pd.DataFrame:
        all_countries = read_table(table_file(results, last_name, folder, table), contract)
        return current_names.to_current_names(
            _select_country(all_countries, country), f"{table} of release {last_name}"
        )

    return FormerComparisons(
        {name: read(country, name, contract) for name, contract in CONTRASTS.items()},
        read(COMPARISON, "standardised", COMPARISONS["standardised"]),
    )


def _select_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    return table[table["country"] == country].reset_index(drop=True)


def rename_record_columns(
    records: pd.DataFrame, former_names: FormerNames, source: str
) -> pd.DataFrame:
    """Return a record that has columns under the names of today; its tokens stay as they are.

    Those of then stay beside them: a domain that has another name may have had levels that are
    gone.

    Args:
        records: as the release has them.

    Raises:
        StudyError: two of its columns would have one name.
    """
    column_pairs = {
        (INDICATOR + current, INDICATOR + former)
        for current, former in former_names.indicators.items()
    }
    column_pairs |= {
        (DOMAIN + current, DOMAIN + former)
        for (current, _), (former, _) in former_names.groups.items()
    }
    former_columns: dict[str, str] = {}
    # Two names may change places.
    freed_columns = {former for current, former in column_pairs if current != former}
    for current, former in sorted(pair for pair in column_pairs if pair[0] != pair[1]):
        if current in former_columns or (current in records and current not in freed_columns):
            column_type = "indicator" if current.startswith(INDICATOR) else "domain"
            former_name, current_name = former.partition(":")[2], current.partition(":")[2]
            raise StudyError(
                KEY_OF_NAMES,
                f"{column_type} '{former_name}' of {source} is '{current_name}' now, and {source} "
                f"has another '{current_name}'",
                "Let 'to' be a name that no release has, and use it in the codebook",
            )
        former_columns[current] = former
    return records.assign(
        **{current: records[former] for current, former in former_columns.items()}
    )


def tokens_of_levels(
    cells: pd.DataFrame,
    country: str,
    codebook: Codebook,
    key: Key,
    former_names: FormerNames = NO_FORMER_NAMES,
) -> Mapping[str, Mapping[str, str]]:
    """Return the levels of each domain by their tokens: of a release's cells and the codebook.

    Tokens are under the names that the release had.
    """
    levels_by_domain = {
        str(domain): {*rows_of_domain["level"]}
        for domain, rows_of_domain in cells.groupby("domain", sort=False)
    }
    for domain_definition in codebook.domains:
        levels_by_domain[domain_definition.id] = levels_by_domain.get(
            domain_definition.id, set()
        ) | set(codebook.levels(domain_definition.id))
    return {
        domain: {
            level_token(
                key, country, *former_names.groups.get((domain, level), (domain, level))
            ): level
            for level in sorted(levels)
        }
        for domain, levels in levels_by_domain.items()
    }
