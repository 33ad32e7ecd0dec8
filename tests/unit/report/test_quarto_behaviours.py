"""The stand-in for Quarto does with small projects what Quarto did; so does REAL_QUARTO."""

from pathlib import Path

import pytest
from quarto_behaviours import PROJECTS, make_project, observe_call
from quarto_stand_in import put_quarto

CALLS = [(name, call) for name, project in PROJECTS.items() for call in project["calls"]]
NO_PICTURES = {"pictures": 0, "alts": [], "captions": []}


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_a_call_does_what_quarto_did(
    name: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarto = put_quarto(tmp_path / "bin", monkeypatch)
    root = tmp_path / "project"
    root.mkdir()
    found = observe_call(quarto, make_project(root, PROJECTS[name]), call)
    measured = PROJECTS[name]["calls"][call]
    assert found["made"] == measured["made"]
    assert found.get("error", "").startswith(measured.get("error", ""))
    assert ("error" in found) == ("error" in measured)
    if "error" not in measured:
        assert found["sees"] == sorted(measured.get("sees", []))
    if "page" in measured:
        assert found["page"] == NO_PICTURES | measured["page"]


def test_each_fact_was_measured_with_a_call() -> None:
    assert len(CALLS) == 23
