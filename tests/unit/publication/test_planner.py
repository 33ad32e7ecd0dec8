"""What can be published, known before fieldwork: against the published limits and itself."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.planning.plan_table import print_plan
from disrupting_harm.planning.planner import (
    GRID,
    PUBLISHED,
    expected_class,
    plan_publication,
    planned_cells,
    smallest_n,
)
from disrupting_harm.publication.policies import POLICIES

# Prevalences in per cent that the NCHS standard publishes at each effective sample size, without a
# penalty for degrees of freedom: computed apart from this package.
NCHS = {
    30: "81.7-99.9",
    40: "20.7-30.1, 69.9-99.9",
    50: "17.4-99.9",
    60: "15.0-99.9",
    75: "0.1-0.1, 12.5-99.9",
    100: "0.1-0.7, 9.7-99.9",
    125: "0.1-1.2, 7.9-99.9",
    150: "0.1-1.7, 6.7-99.9",
    200: "0.1-2.5, 5.2-99.9",
    250: "0.1-3.4, 4.2-99.9",
    300: "0.1-99.9",
}


@pytest.mark.parametrize("n_eff", NCHS)
def test_publishable_prevalences_by_effective_n(n_eff: int) -> None:
    found = plan_publication(planned_cells(n_eff, 1.0), ["nchs2017"]).iloc[0]
    assert found["published"] == NCHS[n_eff]
    ends = [float(end) / 100 for end in NCHS[n_eff].replace(",", "-").split("-")]
    assert [found["smallest"], found["largest"]] == pytest.approx([ends[0], ends[-1]])


def test_none_can_be_published() -> None:
    found = plan_publication(planned_cells(20, 1.0), ["nchs2017"]).iloc[0]
    assert found["published"] == "none"
    assert pd.isna(found["smallest"])


def test_parts_of_a_sample() -> None:
    table = plan_publication(
        planned_cells(1000, 1.6, 72, {"girls": 0.5, "crossed": 0.16}), ["nchs2017", "dhs"]
    )
    assert table["cell"].tolist() == ["all", "all", "girls", "girls", "crossed", "crossed"]
    assert table["n_eff"].tolist() == pytest.approx([625, 625, 312.5, 312.5, 100, 100])
    nchs = table[table["policy"] == "nchs2017"].set_index("cell")
    assert nchs.loc["all", "1 %"] == "present"
    assert nchs.loc["crossed", ["1 %", "5 %", "10 %"]].tolist() == ["suppress"] * 2 + ["present"]
    # All the standard asks of n depends on n / deff, and of df on what is given: the same n.
    assert nchs["n for 5 %"].nunique() == 1
    assert (table.loc[table["policy"] == "dhs", "n for 1 %"] == 25).all()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("deff", [0.8, 1.0, 2.3])
def test_the_smallest_n_is_the_first_that_is_published(policy: str, deff: float) -> None:
    p = np.array([0.01, 0.05, 0.2, 0.7])
    for prevalence, n in zip(p, smallest_n(p, deff, 40, policy), strict=True):
        assert n is not None
        around = np.arange(2, n + 200)
        found = expected_class(np.full(around.shape, prevalence), around, deff, 40, policy)
        published = found.isin(PUBLISHED).to_numpy()
        assert published.tolist() == (around >= n).tolist()


def test_no_n_makes_up_for_few_degrees_of_freedom() -> None:
    assert smallest_n(np.array([0.1, 0.5]), 1.5, 7, "nchs2017") == [None, None]
    assert smallest_n(np.array([0.5]), 1.5, 8, "nchs2017") != [None]


@given(n=st.integers(30, 3000), deff=st.floats(0.7, 4))
@settings(max_examples=10)
def test_ranges_are_what_is_published(n: int, deff: float) -> None:
    row = plan_publication(planned_cells(n, deff, 50), ["nchs2017"], [0.05]).iloc[0]
    found = expected_class(GRID, np.full(GRID.shape, n), deff, 50, "nchs2017").isin(PUBLISHED)
    inside = np.zeros(GRID.shape, dtype=bool)
    for part in row["published"].split(", ") if row["published"] != "none" else []:
        low, high = (float(end) / 100 for end in part.split("-"))
        inside |= (low - 1e-9 <= GRID) & (high + 1e-9 >= GRID)
    assert inside.tolist() == found.tolist()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: planned_cells(0, 1.5), "'n', row 1"),
        (lambda: planned_cells(100, 0.0), "'deff', row 1"),
        (lambda: planned_cells(100, 1.5, 0), "'df', row 1"),
        (lambda: planned_cells(100, 1.5, shares={"a": 1.2}), "part 'a'"),
        (lambda: planned_cells(100, 1.5, shares={"a": 0.0}), "part 'a'"),
        (lambda: plan_publication(planned_cells(100, 1.5), prevalences=[0.0]), "prevalences"),
        (lambda: plan_publication(planned_cells(100, 1.5), ["nchs"]), "no standard 'nchs'"),
        (lambda: plan_publication(pd.DataFrame({"cell": ["a"], "n": [100]})), "'deff'"),
        (
            lambda: plan_publication(pd.DataFrame({"cell": ["a"], "n": ["x"], "deff": [1]})),
            "'n', row 1: 'x'",
        ),
    ],
)
def test_names_what_is_wrong(call, told: str) -> None:
    with pytest.raises(StudyError) as error:
        call()
    assert told in str(error.value)


def test_command_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--n", "1000", "--deff", "1.6", "--shares", "girls=0.5"]) == 0
    printed = capsys.readouterr().out
    assert (
        "girls: n 500, deff 1.6, n_eff 312, df n - 1; intervals may be too short below 3.8 %"
        in printed
    )
    cells, output = tmp_path / "cells.csv", tmp_path / "plan.csv"
    cells.write_text("cell,n,deff,df\ngirls,500,1.6,72\nboys,500,1.4,\n")
    assert main(["plan", "--cells", str(cells), "--policies", "dhs", "--output", str(output)]) == 0
    written = pd.read_csv(output)
    assert written[["cell", "n", "policy"]].to_numpy().tolist() == [
        ["girls", 500, "dhs"],
        ["boys", 500, "dhs"],
    ]
    for wrong in (
        ["--n", "100"],
        ["--n", "100", "--deff", "1", "--shares", "girls"],
        ["--n", "100", "--cells", str(cells)],
        ["--n", "100", "--deff", "1", "--policies", "x"],
        ["--cells", str(tmp_path / "none.csv")],
    ):
        assert main(["plan", *wrong]) == 1
        assert capsys.readouterr().err.startswith("error: ")


def test_a_second_survey_finds_changes_of_a_certain_size(tmp_path, capsys):
    target = tmp_path / "plan.csv"
    given = {"n": 1000, "deff": 1.6, "df": 88, "shares": "girls=0.5", "cells": None}
    given |= {"policies": "nchs2017", "threshold": 10}
    print_plan(**given, output=target, again=1000)
    table = pd.read_csv(target).set_index("cell")
    rise, fall = table["rise from 5 %"], table["fall from 5 %"]
    assert rise.round(4).to_dict() == {"all": 0.0409, "girls": 0.0613}
    assert fall.round(4).to_dict() == {"all": 0.0295, "girls": 0.0388}
    assert np.isnan(table.loc["girls", "fall from 2 %"])
    print_plan(**given, output=target, again=1000, family=8)
    eight = pd.read_csv(target).set_index("cell")["rise from 5 %"]
    assert (eight > rise).all()
    print_plan(**given, output=target, again=1000, correlation=0.35)
    assert (pd.read_csv(target).set_index("cell")["rise from 5 %"] < rise).all()
    print_plan(**given, output=None, again=1000, family=8)
    assert "among 8 indicators by Holm's method" in capsys.readouterr().out
    with pytest.raises(StudyError, match="plan, correlation"):
        print_plan(**given, output=target, again=1000, correlation=1.0)
