"""A short study of rank sets: few samples of two scenarios, and one indicator of the study."""

import numpy as np
import pandas as pd
import pytest


def joint(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return table.set_index(["method", "scope"])["joint"].to_dict()


@pytest.mark.slow
def test_sets_hold_tied_ranks_and_naive_ranks_do_not() -> None:
    """100 samples: 0.95 less three standard errors is 0.885."""
    import comparison_scenarios as study

    tied = joint(study._scenario(study.SCENARIOS[2], 100))
    assert tied["order of the estimates", "naive"] == 0
    assert tied["single tests", "naive"] < 0.5
    assert tied["overlap of 95 % intervals", "naive"] < 0.9
    for method in ("mogstad_single_step", "mogstad_step_down"):
        assert 0.885 < tied[method, "simultaneous"] < 1
    assert tied["klein", "simultaneous"] > tied["mogstad_single_step", "simultaneous"]
    for family in ("all pairs", "from regional means", "gaps"):
        assert tied[family, "verdicts"] > 0.885


def test_true_limits_leave_ties_open() -> None:
    import comparison_scenarios as study

    low, high = study.true_limits(np.array([0.1, 0.3, 0.1, 0.2]))
    assert low.tolist() == [3, 1, 3, 2]
    assert high.tolist() == [4, 1, 4, 2]


def test_the_page_says_what_was_found() -> None:
    import comparison_page
    import comparison_scenarios as study

    parts = [study._scenario(scenario, 3) for scenario in study.SCENARIOS]
    coverage = pd.concat(parts, ignore_index=True)
    rows = [
        {"indicator": "x", "extreme": extreme, "rule": rule, "right": 0.1, "wrong": wrong,
         "none": 0.9 - wrong, "lead": 0.01}
        for extreme in ("highest", "lowest")
        for rule, wrong in (("sole", 0.0), ("first", 0.4))
    ]  # fmt: skip
    text = comparison_page.page(coverage, pd.DataFrame(rows), 3, 1000)
    assert "| `x`, highest | 10.0 | 0.0 | 90.0 | 40.0 | 1.0 |" in text
    klein = joint(coverage[coverage["scenario"] == study.SCENARIOS[0].name])[
        "klein", "simultaneous"
    ]
    assert f"| Klein | {100 * klein:.1f} |" in text
    assert comparison_page.picture(coverage).startswith(b"\x89PNG")
