"""The audit leaves out countries that the gate holds, whatever becomes of their tables."""

from pathlib import Path

import pandas as pd
import pytest

from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.stages.audit import find_held_countries


@pytest.mark.parametrize(
    ("decision", "why", "held"),
    [("held", "few", {"KEN"}), ("retracted", "few", {"KEN"}), ("retracted", "", set())],
)
def test_a_country_is_held_also_where_all_its_tables_are_retracted(
    tmp_path: Path, decision: str, why: str, held: set[str]
) -> None:
    tables = pd.DataFrame(
        {
            "indicator": ["daily"], "domain": ["total"], "decision": [decision], "by_moves": [True],
            "follow_up": [False], "differ": ["1-9"], "held": [why],
        }
    )  # fmt: skip
    outcome = GateFiles(tmp_path / "decisions.csv", tmp_path / "before.parquet")
    outcome.write_verdict("KEN", Verdict(tables, NO_EARLIER.cells), simulated=True)
    assert find_held_countries([str(outcome.decisions)]) == held
    assert outcome.read_verdict().is_held == bool(held)
