"""What the gate leaves of one country below ``restricted/gate/``, for the stages after it."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table
from disrupting_harm.tables.rules import FLAG, in_shape, table_contract

DECIDED = restricted_contract("country/decisions")
BEFORE = table_contract("cells of earlier releases", {**CELLS.columns, "same": FLAG}, *CELLS.checks)


@dataclass(frozen=True)
class GateFiles:
    """The files of one country.

    Attributes:
        decisions: every table with its decision.
        before: what each earlier release published anew, and which cells are of the same children.
    """

    decisions: str | Path
    before: str | Path

    def write_verdict(self, country: str, verdict: Verdict, simulated: bool) -> None:
        """Write a verdict."""
        frames = ((self.decisions, verdict.tables, DECIDED), (self.before, verdict.before, BEFORE))
        for path, frame, contract in frames:
            table = in_shape(frame.assign(country=country), contract)
            write_table(path, table, contract, simulated)

    def read_verdict(self) -> Verdict:
        """Return the verdict that :meth:`write_verdict` wrote."""
        tables, before = read_table(self.decisions, DECIDED), read_table(self.before, BEFORE)
        return Verdict(tables.drop(columns="country"), before)
