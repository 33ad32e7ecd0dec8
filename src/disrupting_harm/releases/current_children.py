"""The children behind a run's numbers, read from its restricted results."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pandas as pd

from disrupting_harm.core.files import RESTRICTED
from disrupting_harm.releases.cell_differences import TABLE, CurrentRun
from disrupting_harm.releases.history import Key
from disrupting_harm.releases.records import Children, FormerNames, make_records, select_children
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import drop_own_domains
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import read_table


@dataclass(frozen=True)
class RestrictedFiles:
    """The restricted tables of one country that say who stands behind its numbers."""

    sample: str | Path
    indicators: str | Path
    parts: str | Path
    weights: str | Path

    @classmethod
    def from_run(cls, results: Path, country: str) -> "RestrictedFiles":
        """Return those of a finished run."""
        restricted = results / RESTRICTED
        prepared = restricted / "prepared" / country
        return cls(
            prepared / "sample.parquet",
            prepared / "indicators.parquet",
            prepared / "parts.parquet",
            restricted / "weights" / country / "weights.parquet",
        )


def read_children(files: RestrictedFiles, country: str, codebook: Codebook) -> Children:
    """Read the children behind the estimates of one country.

    Raises:
        StudyError: a table is missing, breaks its contract or is of other children.
    """
    return select_children(
        country,
        read_table(files.sample, contracts.SAMPLE),
        read_table(files.indicators, contracts.INDICATORS),
        read_table(files.parts, contracts.PARTS),
        read_table(files.weights, contracts.restricted_contract("country/weights")),
        codebook,
    )


def read_present(files: RestrictedFiles, country: str, codebook: Codebook, key: Key) -> CurrentRun:
    """Read what a run would publish of one country: its tables, and the record of its children.

    Raises:
        StudyError: as :func:`read_children`.
    """
    return build_present(read_children(files, country, codebook), codebook, key)


def build_present(children: Children, codebook: Codebook, key: Key) -> CurrentRun:
    """Return what a run would publish of these children: every indicator in every domain."""
    records = make_records(children, key)
    pairs = product(codebook.statistics, [domain.id for domain in codebook.domains])
    tables = drop_own_domains(pd.DataFrame(pairs, columns=TABLE, dtype="str"), codebook)

    def records_under(former_names: FormerNames) -> pd.DataFrame:
        return make_records(children, key, former_names)

    return CurrentRun(records, children.yes.loc[records.index], tables, records_under)
