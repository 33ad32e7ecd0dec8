"""The children behind a run's numbers, read from its restricted results."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pandas as pd

from disrupting_harm.core.files import RESTRICTED
from disrupting_harm.releases.cell_differences import TABLE, Present
from disrupting_harm.releases.history import Key
from disrupting_harm.releases.records import Children, Then, children_of, records_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import drop_own_domains
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import read_table


@dataclass(frozen=True)
class Files:
    """The restricted tables of one country that say who stands behind its numbers."""

    sample: str | Path
    indicators: str | Path
    parts: str | Path
    weights: str | Path

    @classmethod
    def of_run(cls, results: Path, country: str) -> "Files":
        """Return those of a finished run."""
        restricted = results / RESTRICTED
        prepared = restricted / "prepared" / country
        return cls(
            prepared / "sample.parquet",
            prepared / "indicators.parquet",
            prepared / "parts.parquet",
            restricted / "weights" / country / "weights.parquet",
        )


def read_children(files: Files, country: str, codebook: Codebook) -> Children:
    """Read the children behind the estimates of one country.

    Raises:
        StudyError: a table is missing, breaks its contract or is of other children.
    """
    return children_of(
        country,
        read_table(files.sample, contracts.SAMPLE),
        read_table(files.indicators, contracts.INDICATORS),
        read_table(files.parts, contracts.PARTS),
        read_table(files.weights, contracts.restricted_contract("country/weights")),
        codebook,
    )


def read_present(files: Files, country: str, codebook: Codebook, key: Key) -> Present:
    """Read what a run would publish of one country: its tables, and the record of its children.

    Raises:
        StudyError: as :func:`read_children`.
    """
    return present_of(read_children(files, country, codebook), codebook, key)


def present_of(children: Children, codebook: Codebook, key: Key) -> Present:
    """Return what a run would publish of these children: every indicator in every domain."""
    records = records_of(children, key)
    every = product(codebook.statistics, [entry.id for entry in codebook.domains])
    tables = drop_own_domains(pd.DataFrame(every, columns=TABLE, dtype="str"), codebook)

    def under(then: Then) -> pd.DataFrame:
        return records_of(children, key, then)

    return Present(records, children.yes.loc[records.index], tables, under)
