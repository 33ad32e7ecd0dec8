"""What the gate leaves of one country below ``restricted/gate/``, for the stages after it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.keep import CELLS
from disrupting_harm.releases.words import DECISIONS, DIFFER
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.contract_columns import FLAG, in_shape, table_contract, text

_TABLE = {"country": text(), "indicator": text(), "domain": text()}
DECIDED = table_contract(
    "decisions of the gate", {**_TABLE, "decision": text(*DECISIONS), "differ": text(*DIFFER)}
)
BEFORE = table_contract("cells of earlier releases", {**CELLS.columns, "same": FLAG}, *CELLS.checks)
KEPT_NUMBERS = table_contract("numbers that stay", {"table": text(), **_TABLE, "release": text()})


@dataclass(frozen=True)
class Outcome:
    """The files of one country.

    Attributes:
        decisions: every table with its decision.
        before: what each earlier release published anew, and which cells are of the same children.
        kept: numbers that stay as they were, and the release that published them.
    """

    decisions: str | Path
    before: str | Path
    kept: str | Path

    def write(self, country: str, verdict: Verdict, kept: pd.DataFrame, simulated: bool) -> None:
        """Write a verdict and the numbers that stay."""
        frames = (
            (self.decisions, verdict.tables, DECIDED),
            (self.before, verdict.before, BEFORE),
            (self.kept, kept, KEPT_NUMBERS),
        )
        for path, frame, contract in frames:
            table = in_shape(frame.assign(country=country), contract)
            write_table(path, table, contract, simulated)

    def read(self) -> Verdict:
        """Return the verdict that :meth:`write` wrote."""
        tables, before = read_table(self.decisions, DECIDED), read_table(self.before, BEFORE)
        return Verdict(tables.drop(columns="country"), before)
