"""Read the folder of statistics of one country, and refuse what does not fit the study.

It is long because each check stands beside the reader of what it checks: nothing of a partner is
believed that the study can find out by itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from designbased.arrays import Floats
from disrupting_harm.aggregates.agreement import (
    BOUNDS,
    CELLS,
    COVARIANCES,
    DISCLOSURE,
    OPTIONAL,
    QUALITY,
    STANDARDISED,
    STATEMENT,
)
from disrupting_harm.aggregates.contracts import EXACT, FILES, KEYS, Statement
from disrupting_harm.aggregates.partner_definitions import definition_hashes
from disrupting_harm.aggregates.printed_form import LARGEST_ERROR
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, read_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import LARGEST
from disrupting_harm.study.configuration.section import validate_content
from disrupting_harm.study.microdata.csv_table import read_csv_rows
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.io import check_table
from disrupting_harm.tables.rules import in_shape

# Whether the files of one country agree with each other, as those of any program must.


CORRECTION_ADVICE = "Ask the country for corrected files; docs/statistics.md describes them"
# Relative difference of numbers that follow from each other; files have twelve digits or more.
RELATIVE_SLACK = 1e-9


def check_consistency(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    codebook: Codebook,
    standard: Mapping[str, Any] | None,
    exact: bool,
) -> None:
    """Refuse numbers that cannot all be right.

    Args:
        tables: by name of the file; the index is the row in it. Each cell of ``covariances.csv`` is
            among those of ``cells.csv`` that are shown.
        standard: the standard population of the rules.
        exact: whether numbers have all digits, or those of published tables.

    Raises:
        StudyError: the first contradiction, with its row.
    """
    cells, pairs = tables[CELLS], tables[COVARIANCES]
    _check_level_order(pairs, folder / COVARIANCES, codebook)
    shown_cells = cells[is_shown(cells)].set_index(["indicator", "domain", "level"])
    # Of a product of two errors, against a covariance: each may be rounded.
    slack = RELATIVE_SLACK if exact else (1 + LARGEST_ERROR) ** 3 - 1
    _check_covariances_possible(pairs, shown_cells, folder / COVARIANCES, slack)
    _check_whole_per_cents(cells, folder / CELLS)
    for name, column in ((BOUNDS, "estimate"), (STANDARDISED, "crude")):
        _check_national_estimate(tables[name], column, shown_cells, folder / name)
    if standard is not None:
        groups = cells[cells["domain"] == standard["domain"]]
        _check_standardised(
            tables[STANDARDISED], groups, pairs, standard, folder / STANDARDISED, exact
        )


def _check_level_order(pairs: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Gaps of several countries are of the same two levels only in the same order."""
    level_positions = {
        (domain.id, level): position
        for domain in codebook.domains
        for position, level in enumerate(codebook.levels(domain.id))
    }
    a, b = (
        np.array([level_positions[key] for key in zip(pairs["domain"], pairs[name], strict=True)])
        for name in ("level_a", "level_b")
    )
    finding = "the level stands before 'level_b' in the codebook"
    _raise_where(pairs, a < b, path, "level_a", finding)


def _check_covariances_possible(
    pairs: pd.DataFrame, shown_cells: pd.DataFrame, path: Path, slack: float
) -> None:
    a, b = (
        shown_cells["se"].reindex(pd.MultiIndex.from_frame(pairs[["indicator", "domain", name]]))
        for name in ("level_a", "level_b")
    )
    largest = a.to_numpy() * b.to_numpy()
    is_too_large = np.abs(floats(pairs, "covariance")) > largest * (1 + slack)
    _raise_where(
        pairs, is_too_large, path, "covariance", "it is larger than the two standard errors allow"
    )


def _check_whole_per_cents(cells: pd.DataFrame, path: Path) -> None:
    """Refuse whole per cents that are not next to their share, which may have tenths."""
    for name, column in WHOLE.items():
        if column in cells:
            is_wrong = (
                np.abs(floats(cells, column) - 100 * floats(cells, name)) > 0.55 + RELATIVE_SLACK
            )
            _raise_where(
                cells, is_wrong, path, column, f"it is not column '{name}' in whole per cents"
            )


def _check_national_estimate(
    table: pd.DataFrame, column: str, shown_cells: pd.DataFrame, path: Path
) -> None:
    keys = pd.MultiIndex.from_arrays(
        [table["indicator"], *([word] * len(table) for word in TOTAL)],
        names=shown_cells.index.names,
    )
    nation = shown_cells["estimate"].reindex(keys).to_numpy()
    values = floats(table, column)
    is_wrong = ~np.isnan(values) & ~_is_close(values, nation)
    _raise_where(table, is_wrong, path, column, f"it is not the national estimate of {CELLS}")


def _check_standardised(
    table: pd.DataFrame,
    groups: pd.DataFrame,
    pairs: pd.DataFrame,
    standard: Mapping[str, Any],
    path: Path,
    exact: bool,
) -> None:
    """Compute standardised estimates again where all groups are shown."""
    for row in table[table["se"].notna()].itertuples():
        cells = groups[groups["indicator"] == row.indicator]
        if cells.empty or not is_shown(cells).all():
            continue
        share = cells["level"].map(dict(standard["shares"])).to_numpy(dtype=float)
        share = share / share.sum()
        matrix = _covariance_matrix(cells, pairs)
        estimate, variance = share @ floats(cells, "estimate"), share @ matrix @ share
        tolerance = RELATIVE_SLACK * np.array([abs(estimate), 2 * variance])
        if not exact:
            # Shares may be whole per cents, other numbers have three digits; a square of a rounded
            # error, and a covariance, are off by so much on both sides.
            slack = 2 * ((1 + LARGEST_ERROR) ** 2 - 1) * (share @ np.abs(matrix) @ share)
            tolerance = np.array([0.01 + 0.01 * abs(estimate), slack])
        received = np.array([row.estimate, row.se], dtype=float) ** (1, 2)
        is_wrong = np.abs(received - [estimate, variance]) > tolerance
        for name, differs in zip(("estimate", "se"), is_wrong, strict=True):
            if differs:
                finding = f"it does not follow from {CELLS} and {COVARIANCES}"
                raise StudyError(
                    f"{path}, row {row.Index}, column '{name}'", finding, CORRECTION_ADVICE
                )


def _covariance_matrix(cells: pd.DataFrame, pairs: pd.DataFrame) -> Floats:
    """Return the covariances of the cells of one domain; NaN where one was not sent."""
    levels = cells["level"].tolist()
    matrix = np.full((len(levels), len(levels)), np.nan)
    np.fill_diagonal(matrix, floats(cells, "se") ** 2)
    pairs_of_indicator = pairs[(pairs["indicator"] == cells["indicator"].iloc[0])]
    for row in pairs_of_indicator[
        pairs_of_indicator["domain"] == cells["domain"].iloc[0]
    ].itertuples():
        a, b = levels.index(row.level_a), levels.index(row.level_b)
        matrix[a, b] = matrix[b, a] = row.covariance
    return matrix


def _is_close(a: Any, b: Any) -> Any:
    return np.isclose(a, b, rtol=RELATIVE_SLACK, atol=0)


def _raise_where(
    table: pd.DataFrame, is_wrong: np.ndarray, path: Path, column: str, finding: str
) -> None:
    if is_wrong.any():
        row = table.index[int(np.argmax(is_wrong))]
        raise StudyError(f"{path}, row {row}, column '{column}'", finding, CORRECTION_ADVICE)


# Refuse statistics that do not fit the codebook, or tell of what is hidden.


def check_levels_known(cells: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Refuse a level that the codebook does not have."""
    known_levels = {
        (definition.id, level)
        for definition in codebook.domains
        for level in codebook.levels(definition.id)
    }
    for row, domain, level in zip(cells.index, cells["domain"], cells["level"], strict=True):
        if (domain, level) not in known_levels:
            raise StudyError(
                f"{path}, row {row}, column 'level'",
                f"domain '{domain}' has no such level",
                CORRECTION_ADVICE,
            )


def check_headlines_present(cells: pd.DataFrame, path: Path, codebook: Codebook) -> None:
    """Refuse statistics without a national row of each headline indicator."""
    present = set(cells.loc[cells["domain"] == "total", "indicator"])
    missing = [name for name in codebook.headlines() if name not in present]
    if missing:
        finding = f"no national row of {', '.join(missing)}"
        raise StudyError(str(path), finding, "Write the row; what was not asked says 'not_asked'")


def check_covariances_of_shown(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Refuse to be told of cells that are hidden, even how they vary with others."""
    cells, pairs = tables[CELLS], tables[COVARIANCES]
    shown_keys = pd.MultiIndex.from_frame(cells.loc[is_shown(cells), list(KEYS[1:])])
    for name in ("level_a", "level_b"):
        keys = pd.MultiIndex.from_frame(pairs[["indicator", "domain", name]])
        hidden = pairs.index[~keys.isin(shown_keys)]
        if len(hidden):
            raise StudyError(
                f"{path}, row {hidden[0]}, column '{name}'",
                "a cell that cells.csv does not show",
                f"A covariance would tell of it. {CORRECTION_ADVICE}",
            )


# What the report of a country and the comparison read of quality.json.
FACTS = (
    "country", "simulated", "interval", "confidence", "reliability_policy", "drawn",
    "interviewed", "strata", "psus", "response_rates", "weights", "margins",
    "nonresponse_collapses", "design_effects", "item_nonresponse", "imputed", "not_asked",
    "nobody_interviewed", "dropped_rows", "bounds", "cells",
)  # fmt: skip
NOT_CARRIED = (
    "not from statistics: the country in the model of all countries' children "
    "(adjusted_countries) and among slopes (associations), the tables of questions and of pairs "
    "with their figure and sentences, the second estimator, the picture of its weights, and "
    "estimates that its release does not have"
)


@dataclass(frozen=True, eq=False)
class PartnerStatistics:
    """What came from one country.

    Attributes:
        statement: what ``statistics.json`` says.
        tables: by name of the file, those of the study's indicators and domains; an optional one
            that is not there is empty.
        absent: optional files that are not there.
        unused: indicators that the study does not have.
        quality: the facts of ``quality.json``.
        disclosure: the certificate of the release, ``disclosure.json``; empty where none was sent.
    """

    statement: Statement
    tables: dict[str, pd.DataFrame]
    absent: tuple[str, ...]
    unused: tuple[str, ...]
    quality: dict[str, Any]
    disclosure: dict[str, Any]

    def describe(self) -> list[str]:
        """Return what came, what did not and what cannot."""
        statement, cells = self.statement, self.tables[CELLS]
        messages = [
            f"{statement.country}: statistics of study '{statement.study}', {statement.date}, "
            f"written by {statement.software}; {int(is_shown(cells).sum()):,} of {len(cells):,} "
            f"cells are shown; digits: {statement.digits}"
        ]
        if self.absent:
            absent = ", ".join(self.absent)
            messages.append(f"{statement.country}: not sent, so not compared: {absent}")
        if self.unused:
            unused = ", ".join(self.unused)
            messages.append(f"{statement.country}: not in this study's codebook, left: {unused}")
        return [*messages, f"{statement.country}: {NOT_CARRIED}"]


def read_partner_statistics(
    folder: Path, country: str, codebook: Codebook, rules: Mapping[str, Any], simulated: bool
) -> PartnerStatistics:
    """Read and check the statistics of a country.

    Args:
        codebook: the study's, with or without words.
        rules: the study's, from ``agreement.shared_rules``.

    Raises:
        StudyError: a file is missing, changed or breaks its contract, or the statistics are of
            another country, of other rules or of other definitions.
    """
    statement = _read_statement(folder)
    _check_same_study(statement, folder / STATEMENT, country, rules, simulated)
    unused = _check_definitions(statement, folder / STATEMENT, codebook)
    file_names = [*(name for name in (*FILES, DISCLOSURE) if name in statement.files), QUALITY]
    for name in file_names:
        _check_hash(folder / name, statement.files.get(name))
    tables = {
        name: _read_table(folder / name, contract, country, codebook)
        if name in statement.files
        else in_shape(pd.DataFrame(), contract)
        for name, contract in FILES.items()
    }
    check_levels_known(tables[CELLS], folder / CELLS, codebook)
    check_headlines_present(tables[CELLS], folder / CELLS, codebook)
    check_covariances_of_shown(tables, folder / COVARIANCES)
    exact = statement.digits == EXACT
    check_consistency(tables, folder, codebook, rules["standard"], exact)
    absent = tuple(name for name in OPTIONAL if name not in statement.files)
    certificate = read_json(folder / DISCLOSURE) if DISCLOSURE in statement.files else {}
    return PartnerStatistics(
        statement, tables, absent, unused, _read_quality(folder / QUALITY, country), certificate
    )


def _read_statement(folder: Path) -> Statement:
    path = folder / STATEMENT
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise StudyError(
            f"{path}, line {error.lineno}", "it is no JSON", CORRECTION_ADVICE
        ) from None
    statement: Statement = validate_content(Statement, content, str(path))
    unknown = [name for name in statement.files if name not in (*FILES, QUALITY, DISCLOSURE)]
    if unknown:
        raise StudyError(
            f"{path}, key 'files'", f"'{unknown[0]}' is no file of this format", CORRECTION_ADVICE
        )
    for name in (*FILES, QUALITY):
        if name not in statement.files and name not in OPTIONAL:
            raise StudyError(
                f"{path}, key 'files'", f"it does not name '{name}'", CORRECTION_ADVICE
            )
    return statement


def _check_same_study(
    statement: Statement, path: Path, country: str, rules: Mapping[str, Any], simulated: bool
) -> None:
    if statement.country != country:
        raise StudyError(
            f"{path}, key 'country'",
            f"the statistics are of {statement.country}, not of {country}",
            "Correct the column 'statistics' of the countries file",
        )
    if statement.simulated != simulated:
        kinds = {True: "simulated", False: "observed"}
        raise StudyError(
            f"{path}, key 'simulated'",
            f"the statistics are {kinds[statement.simulated]}, the study is {kinds[simulated]}",
            "Simulated and observed countries are never compared",
        )
    own_rules = json.loads(json.dumps(rules))
    differing = [key for key in own_rules if statement.rules.get(key, ...) != own_rules[key]]
    if differing:
        raise StudyError(
            f"{path}, key 'rules'",
            f"other rules than this study's: {', '.join(differing)}",
            "Agree on one configuration; the country then runs its study again and exports anew",
        )


def _check_definitions(statement: Statement, path: Path, codebook: Codebook) -> tuple[str, ...]:
    """Refuse definitions that differ; return the indicators that the study does not have."""
    own_hashes = definition_hashes(codebook)
    for definition_type, sent_hashes in (
        ("indicators", statement.indicators),
        ("domains", statement.domains),
    ):
        missing = [name for name in own_hashes[definition_type] if name not in sent_hashes]
        if missing:
            raise StudyError(
                f"{path}, key '{definition_type}'",
                f"without {', '.join(missing)}, which this study's codebook has",
                "Take them out of the codebook, or let the country export with this codebook: what "
                "its survey did not ask then has the status 'not_asked'",
            )
        differing = [
            name
            for name, digest in own_hashes[definition_type].items()
            if sent_hashes[name] != digest
        ]
        if differing:
            raise StudyError(
                f"{path}, key '{definition_type}'",
                f"defined in another way than in this study's codebook: {', '.join(differing)}",
                "Agree on one codebook; the country then runs its study again and exports anew",
            )
    return tuple(name for name in statement.indicators if name not in own_hashes["indicators"])


def _check_hash(path: Path, digest: str | None) -> None:
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", CORRECTION_ADVICE)
    if sha256(path) != digest:
        finding = f"it is not the file whose SHA-256 {STATEMENT} has"
        raise StudyError(str(path), finding, CORRECTION_ADVICE)


def _read_table(
    path: Path, contract: pa.DataFrameSchema, country: str, codebook: Codebook
) -> pd.DataFrame:
    """Read a table to the last bit, and return what the study's codebook has of it."""
    table = read_typed_rows(path, contract)
    rows = table.index
    try:
        # Messages count the first row as 1; here it is the heading.
        table = check_table(table.set_axis(rows - 1), contract, str(path)).set_axis(rows)
    except StudyError as error:
        raise StudyError(error.where, error.found, CORRECTION_ADVICE) from None
    if "country" in table and (table["country"] != country).any():
        row = int(table.index[(table["country"] != country).to_numpy()][0])
        raise StudyError(
            f"{path}, row {row}, column 'country'", f"not {country}", CORRECTION_ADVICE
        )
    known_ids = {
        "indicator": [definition.id for definition in codebook.indicators],
        "domain": [definition.id for definition in codebook.domains],
    }
    for name in known_ids.keys() & set(table):
        table = table[table[name].isin(known_ids[name])]
    return table


def read_typed_rows(path: Path, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return a CSV file's columns in their types; the index is the number of the row in the file.

    Numbers are read to their last bit. A column that the contract lets be absent may be.

    Raises:
        StudyError: another column, a missing one, or a cell that is no number.
    """
    header, rows = read_csv_rows(path)
    unknown = [name for name in header if name not in contract.columns]
    missing = [
        name for name, rule in contract.columns.items() if rule.required and name not in header
    ]
    for columns_at_fault, finding in (
        (unknown, "there is no such column"),
        (missing, "it is missing"),
    ):
        if columns_at_fault:
            raise StudyError(
                f"{path}, row 1, column '{columns_at_fault[0]}'", finding, CORRECTION_ADVICE
            )
    columns: dict[str, Sequence[Any]] = {}
    for name, rule in contract.columns.items():
        if name in header:
            index, column_type = header.index(name), str(rule.dtype)
            cells = [(number, row[index]) for number, row in rows]
            columns[name] = (
                [cell for _, cell in cells]
                if column_type.startswith("str")
                else _parse_numbers(
                    cells, f"{path}, column '{name}'", must_be_whole=column_type.startswith("int")
                )
            )
    table = pd.DataFrame(columns, index=[number for number, _ in rows])
    kinds = {name: str(contract.columns[name].dtype) for name in columns}
    return table.astype(
        {
            column: "str" if type_name.startswith("str") else type_name
            for column, type_name in kinds.items()
        }
    )


def _parse_numbers(
    cells: Sequence[tuple[int, str]], location: str, must_be_whole: bool
) -> list[float]:
    """Return numbers, NaN for an empty cell; whole ones are never missing."""
    values = []
    for number, cell in cells:
        try:
            value = int(cell) if must_be_whole else float(cell) if cell else float("nan")
            if abs(value) > LARGEST:
                raise ValueError("out of all proportion")
            values.append(value)
        except ValueError:
            finding = f"row {number} holds no {'whole ' if must_be_whole else ''}number"
            raise StudyError(
                location, finding, "Write digits, with a point before decimals"
            ) from None
    return values


def _read_quality(path: Path, country: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = read_json(path)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise StudyError(str(path), "it is no JSON", CORRECTION_ADVICE) from None
    for key in FACTS:
        if not isinstance(content, dict) or key not in content:
            raise StudyError(f"{path}, key '{key}'", "it is missing", CORRECTION_ADVICE)
    if content["country"] != country:
        raise StudyError(f"{path}, key 'country'", f"not {country}", CORRECTION_ADVICE)
    return content
