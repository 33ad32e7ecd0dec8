"""The files through which a country joins: their contracts, and what ``statistics.json`` says."""

from typing import Annotated, Any, Literal

import pandas as pd
import pandera.pandas as pa
from pydantic import Field

from disrupting_harm.aggregates.agreement import (
    BOUNDS,
    CELLS,
    COVARIANCES,
    RATIOS,
    STANDARDISED,
    shared_rules,
)
from disrupting_harm.aggregates.partner_definitions import definition_hashes
from disrupting_harm.publication.release import is_shown
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.section import Section, Text
from disrupting_harm.study.statuses import BOUND
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables import compared_contracts as compared
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import float_columns, table_contract

FORMAT: Literal[2] = 2
Digits = Literal["as published", "all, for restricted use"]
PRINTED: Digits = "as published"
EXACT: Digits = "all, for restricted use"
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

KEYS = ("country", "indicator", "domain", "level")
NEEDED = ("n", "population", "estimate", "se", "ci_low", "ci_high")


def _hidden_are_empty(table: pd.DataFrame) -> "pd.Series[bool]":
    return is_shown(table) | table[_NUMBERS].isna().all(axis=1)


def _shown_are_full(table: pd.DataFrame) -> "pd.Series[bool]":
    return ~is_shown(table) | table[list(NEEDED)].notna().all(axis=1)


def _check_unique(*keys: str) -> pa.Check:
    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        return ~table.duplicated(list(keys))

    return pa.Check(holds, error=f"{', '.join(keys)} stand twice")


def _file_contract(contract: pa.DataFrameSchema, *checks: pa.Check) -> pa.DataFrameSchema:
    """Return the contract of a file that has these columns and no others."""
    return table_contract(str(contract.name), contract.columns, *contract.checks, *checks)


_CELLS = table_contract(
    "released cells",
    {name: compared.COMPARED_RELEASE.columns[name] for name in compared.CELLS}
    | {name: pa.Column("Int64", nullable=True, required=False) for name in WHOLE.values()},
    *compared.COMPARED_RELEASE.checks,
    pa.Check(_hidden_are_empty, error="a cell that is hidden has numbers"),
    pa.Check(_shown_are_full, error="a cell that is shown lacks a number"),
    _check_unique(*KEYS),
)
_NUMBERS = [name for name in float_columns(_CELLS) if name not in BOUND]
FILES: dict[str, pa.DataFrameSchema] = {
    CELLS: _CELLS,
    COVARIANCES: table_contract(
        "covariances of levels",
        restricted_contract("aggregates/covariances").columns,
        *restricted_contract("aggregates/covariances").checks,
        _check_unique("indicator", "domain", "level_a", "level_b"),
    ),
    STANDARDISED: _file_contract(
        compared.COMPARED_WITHIN["standardised"], _check_unique("country", "indicator")
    ),
    BOUNDS: _file_contract(
        compared.COMPARED_WITHIN["bounds"], _check_unique("country", "indicator")
    ),
    RATIOS: _file_contract(
        compared.COMPARED_WITHIN["ratios"], _check_unique("country", "indicator", "term", "level")
    ),
}


class Statement(Section):
    """What ``statistics.json`` says.

    Attributes:
        format: version of the files.
        study: short name of the study that wrote them.
        date: ``study.date`` of its configuration; no clock is read.
        simulated: whether nobody answered.
        software: the program that wrote them, with its version.
        digits: whether numbers are rounded as published tables are, or have all digits.
        rules: by which cells were judged and intervals made; equal in both studies.
        variance: how variances were estimated; told, not compared.
        indicators, domains: SHA-256 of each definition, see :mod:`.partner_definitions`.
        files: SHA-256 of each file beside it.
    """

    format: Literal[2]
    country: Text
    study: Text
    date: Text
    simulated: bool
    software: Text
    digits: Digits
    rules: dict[str, Any]
    variance: dict[str, Any]
    indicators: dict[str, Digest]
    domains: dict[str, Digest]
    files: dict[str, Digest]


def build_statement(
    config: Configuration,
    codebook: Codebook,
    country: str,
    software: str,
    files: dict[str, str],
    digits: Digits,
) -> Statement:
    """Return the statement of a country of a study."""
    return Statement(
        format=FORMAT,
        country=country,
        study=config.study.id,
        date=config.study.date.isoformat(),
        simulated=config.study.simulated,
        software=software,
        digits=digits,
        rules=shared_rules(config),
        variance={
            "lonely_psu": config.estimation.lonely_psu,
            "calibrated_errors": config.estimation.calibrated_errors,
        },
        **definition_hashes(codebook),
        files=files,
    )
