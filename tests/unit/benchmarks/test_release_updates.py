"""One chain of the random updates of ``benchmarks/releases.py``: nothing is told of a child."""

import pytest
from repository import PROJECT

from disrupting_harm.study.study import load_study


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_answer_is_told_by_two_releases() -> None:
    import releases

    rows = list(releases.chains(load_study(PROJECT / "config" / "config.yaml"), [2]))
    assert [row["update"] for row in rows].count("take back") == 1
    assert [row["told"] for row in rows] == [0] * 2
    assert [row["all said yes"] for row in rows] == [0] * 2
    assert [row["unprotected"] for row in rows] == [0] * 2
    # The attack finds what there is to find.
    assert all(row["told without a gate"] > 50 for row in rows if row["update"] == "take back")
