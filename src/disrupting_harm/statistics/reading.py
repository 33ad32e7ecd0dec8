"""Read the folder of statistics of one country, and refuse what does not fit the study."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json, read_text
from disrupting_harm.provenance.made import sha256
from disrupting_harm.publication.release import is_shown
from disrupting_harm.statistics.agreement import (
    CELLS,
    COVARIANCES,
    DISCLOSURE,
    OPTIONAL,
    QUALITY,
    STATEMENT,
)
from disrupting_harm.statistics.consistency import ASK, refuse_contradictions
from disrupting_harm.statistics.definitions import definition_hashes
from disrupting_harm.statistics.form import EXACT, FILES, Statement
from disrupting_harm.statistics.refusals import (
    refuse_covariances_of_hidden,
    refuse_missing_headlines,
    refuse_unknown_levels,
)
from disrupting_harm.study.checked_tables import checked
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.csv_table import read_csv_rows
from disrupting_harm.study.items import LARGEST
from disrupting_harm.study.section import validated

# What the report of a country and the comparison read of quality.json.
FACTS = (
    "country", "simulated", "interval", "confidence", "reliability_policy", "drawn",
    "interviewed", "strata", "psus", "response_rates", "weights", "margins",
    "nonresponse_collapses", "design_effects", "item_nonresponse", "imputed", "not_asked",
    "nobody_interviewed", "dropped_rows", "bounds", "cells",
)  # fmt: skip
NOT_CARRIED = (
    "not from statistics: the country in the model of all countries' children "
    "(adjusted_countries), the tables of questions and of pairs with their figure and sentences, "
    "the second estimator, the picture of its weights, and estimates that its release does not have"
)


@dataclass(frozen=True, eq=False)
class Joining:
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

    def lines(self) -> list[str]:
        """Return what came, what did not and what cannot."""
        statement, cells = self.statement, self.tables[CELLS]
        told = [
            f"{statement.country}: statistics of study '{statement.study}', {statement.date}, "
            f"written by {statement.software}; {int(is_shown(cells).sum()):,} of {len(cells):,} "
            f"cells are shown; digits: {statement.digits}"
        ]
        if self.absent:
            absent = ", ".join(self.absent)
            told.append(f"{statement.country}: not sent, so not compared: {absent}")
        if self.unused:
            unused = ", ".join(self.unused)
            told.append(f"{statement.country}: not in this study's codebook, left: {unused}")
        return [*told, f"{statement.country}: {NOT_CARRIED}"]


def read_joining(
    folder: Path, country: str, codebook: Codebook, rules: Mapping[str, Any], simulated: bool
) -> Joining:
    """Read and check the statistics of a country.

    Args:
        folder: of its files.
        country: its code.
        codebook: the study's, with or without words.
        rules: the study's, from ``form.rules_of``.
        simulated: whether the study is simulated.

    Raises:
        StudyError: a file is missing, changed or breaks its contract, or the statistics are of
            another country, of other rules or of other definitions.
    """
    statement = _statement(folder)
    _refuse_others(statement, folder / STATEMENT, country, rules, simulated)
    unused = _refuse_other_definitions(statement, folder / STATEMENT, codebook)
    names = [*(name for name in (*FILES, DISCLOSURE) if name in statement.files), QUALITY]
    for name in names:
        _require_as_stated(folder / name, statement.files.get(name))
    tables = {
        name: _read(folder / name, contract, country, codebook)
        if name in statement.files
        else in_shape(pd.DataFrame(), contract)
        for name, contract in FILES.items()
    }
    refuse_unknown_levels(tables[CELLS], folder / CELLS, codebook)
    refuse_missing_headlines(tables[CELLS], folder / CELLS, codebook)
    refuse_covariances_of_hidden(tables, folder / COVARIANCES)
    exact = statement.digits == EXACT
    refuse_contradictions(tables, folder, codebook, rules["standard"], exact)
    absent = tuple(name for name in OPTIONAL if name not in statement.files)
    tried = read_json(folder / DISCLOSURE) if DISCLOSURE in statement.files else {}
    return Joining(statement, tables, absent, unused, _quality(folder / QUALITY, country), tried)


def _statement(folder: Path) -> Statement:
    path = folder / STATEMENT
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise StudyError(f"{path}, line {error.lineno}", "it is no JSON", ASK) from None
    statement: Statement = validated(Statement, content, str(path))
    unknown = [name for name in statement.files if name not in (*FILES, QUALITY, DISCLOSURE)]
    if unknown:
        raise StudyError(f"{path}, key 'files'", f"'{unknown[0]}' is no file of this format", ASK)
    for name in (*FILES, QUALITY):
        if name not in statement.files and name not in OPTIONAL:
            raise StudyError(f"{path}, key 'files'", f"it does not name '{name}'", ASK)
    return statement


def _refuse_others(
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
    own = json.loads(json.dumps(rules))
    differing = [key for key in own if statement.rules.get(key, ...) != own[key]]
    if differing:
        raise StudyError(
            f"{path}, key 'rules'",
            f"other rules than this study's: {', '.join(differing)}",
            "Agree on one configuration; the country then runs its study again and exports anew",
        )


def _refuse_other_definitions(
    statement: Statement, path: Path, codebook: Codebook
) -> tuple[str, ...]:
    """Refuse definitions that differ; return the indicators that the study does not have."""
    ours = definition_hashes(codebook)
    for kind, theirs in (("indicators", statement.indicators), ("domains", statement.domains)):
        missing = [name for name in ours[kind] if name not in theirs]
        if missing:
            raise StudyError(
                f"{path}, key '{kind}'",
                f"without {', '.join(missing)}, which this study's codebook has",
                "Take them out of the codebook, or let the country export with this codebook: what "
                "its survey did not ask then has the status 'not_asked'",
            )
        wrong = [name for name, digest in ours[kind].items() if theirs[name] != digest]
        if wrong:
            raise StudyError(
                f"{path}, key '{kind}'",
                f"defined in another way than in this study's codebook: {', '.join(wrong)}",
                "Agree on one codebook; the country then runs its study again and exports anew",
            )
    return tuple(name for name in statement.indicators if name not in ours["indicators"])


def _require_as_stated(path: Path, digest: str | None) -> None:
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", ASK)
    if sha256(path) != digest:
        found = f"it is not the file whose SHA-256 {STATEMENT} has"
        raise StudyError(str(path), found, ASK)


def _read(
    path: Path, contract: pa.DataFrameSchema, country: str, codebook: Codebook
) -> pd.DataFrame:
    """Read a table to the last bit, and return what the study's codebook has of it."""
    table = typed_rows(path, contract)
    rows = table.index
    try:
        # Messages count the first row as 1; here it is the heading.
        table = checked(table.set_axis(rows - 1), contract, str(path)).set_axis(rows)
    except StudyError as error:
        raise StudyError(error.where, error.found, ASK) from None
    if "country" in table and (table["country"] != country).any():
        row = int(table.index[(table["country"] != country).to_numpy()][0])
        raise StudyError(f"{path}, row {row}, column 'country'", f"not {country}", ASK)
    known = {
        "indicator": [entry.id for entry in codebook.indicators],
        "domain": [entry.id for entry in codebook.domains],
    }
    for name in known.keys() & set(table):
        table = table[table[name].isin(known[name])]
    return table


def typed_rows(path: Path, contract: pa.DataFrameSchema) -> pd.DataFrame:
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
    for names, found in ((unknown, "there is no such column"), (missing, "it is missing")):
        if names:
            raise StudyError(f"{path}, row 1, column '{names[0]}'", found, ASK)
    columns: dict[str, Sequence[Any]] = {}
    for name, rule in contract.columns.items():
        if name in header:
            place, kind = header.index(name), str(rule.dtype)
            cells = [(number, row[place]) for number, row in rows]
            columns[name] = (
                [cell for _, cell in cells]
                if kind.startswith("str")
                else _numbers(cells, f"{path}, column '{name}'", whole=kind.startswith("int"))
            )
    table = pd.DataFrame(columns, index=[number for number, _ in rows])
    kinds = {name: str(contract.columns[name].dtype) for name in columns}
    return table.astype({n: "str" if k.startswith("str") else k for n, k in kinds.items()})


def _numbers(cells: Sequence[tuple[int, str]], where: str, whole: bool) -> list[float]:
    """Return numbers, NaN for an empty cell; whole ones are never missing."""
    values = []
    for number, cell in cells:
        try:
            value = int(cell) if whole else float(cell) if cell else float("nan")
            if abs(value) > LARGEST:
                raise ValueError("out of all proportion")
            values.append(value)
        except ValueError:
            found = f"row {number} holds no {'whole ' if whole else ''}number"
            raise StudyError(where, found, "Write digits, with a point before decimals") from None
    return values


def _quality(path: Path, country: str) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = read_json(path)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise StudyError(str(path), "it is no JSON", ASK) from None
    for key in FACTS:
        if not isinstance(facts, dict) or key not in facts:
            raise StudyError(f"{path}, key '{key}'", "it is missing", ASK)
    if facts["country"] != country:
        raise StudyError(f"{path}, key 'country'", f"not {country}", ASK)
    return facts
