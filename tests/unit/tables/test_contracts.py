import subprocess
import sys

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from small_study import prepare, write_raw

from disrupting_harm.core.errors import StudyError
from disrupting_harm.tables import contracts
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table, read_table, write_table
from disrupting_harm.tables.rules import number

CELL = {"country": "KEN", "indicator": "online", "domain": "total", "level": "all"}
ESTIMATE = {
    **CELL,
    "n": 900,
    "n_yes": 180,
    "population": 2.5e6,
    "estimate": 0.2,
    "se": 0.015,
    "ci_low": 0.171,
    "ci_high": 0.231,
    "deff": 1.27,
    "n_eff": 710.0,
    "df": 38,
    "interval": "korn_graubard",
    "reliability": "present",
    "reason": "",
}
PUBLIC = {
    **CELL,
    "n": 900,
    "population": 2.5e6,
    "estimate": 0.2,
    "ci_low": 0.171,
    "ci_high": 0.231,
    "whole": 20,
    "whole_low": 17,
    "whole_high": 23,
    "interval": "korn_graubard",
    "interval_note": "",
    "shown": "20.0",
    "bound_low": np.nan,
    "bound_high": np.nan,
    "status": "present",
    "reason": "",
}
NUMBERS = ["n", "population", "estimate", "ci_low", "ci_high", "whole", "whole_low", "whole_high"]
HIDDEN = {**PUBLIC, **dict.fromkeys(NUMBERS, np.nan)}


def frame(row: dict, **changes: object) -> pd.DataFrame:
    return pd.DataFrame([{**row, **changes}])


def test_good_tables_pass():
    estimates = check_table(
        frame(ESTIMATE), contracts.restricted_contract("country/estimates"), "a"
    )
    assert estimates.columns.tolist() == list(ESTIMATE)
    assert estimates["n_yes"].dtype == np.float64
    rows = pd.DataFrame([PUBLIC, {**HIDDEN, "interval": "", "status": "suppress_disclosure"}])
    check_table(rows, contracts.public_contract("country/release"), "a")
    bounds = {"bound_low": np.nan, "bound_high": np.nan}
    release = {
        **ESTIMATE,
        "n_printed": 900,
        "population_printed": 1e6,
        "shown": "20.0",
        **bounds,
        "status": "present",
    }
    check_table(
        frame({**{k: v for k, v in release.items() if k != "reason"}, "reason": ""}),
        contracts.restricted_contract("country/release"),
        "a",
    )


@pytest.mark.parametrize(
    ("changes", "column", "found"),
    [
        ({"n": 9.5}, "n", "values of another type"),
        ({"n": -1}, "n", "greater_than_or_equal_to(0) is broken 1 times, first in row 1"),
        ({"country": None}, "country", "empty cells"),
        ({"estimate": "0.2"}, "estimate", "values of another type"),
        ({"population": np.inf}, "population", "in_range(0, inf) is broken 1 times"),
        ({"reliability": "fine"}, "reliability", "is broken 1 times, first in row 1"),
        ({"extra": 1}, "extra", "must not have this column"),
        ({"ci_low": 0.21}, None, "the estimate lies outside its interval"),
    ],
)
def test_breaches_name_the_table_and_the_column(changes, column, found):
    table = frame(ESTIMATE, **changes)
    with pytest.raises(StudyError) as caught:
        check_table(table, contracts.restricted_contract("country/estimates"), "KEN.parquet")
    where = "KEN.parquet" if column is None else f"KEN.parquet, column '{column}'"
    assert caught.value.where == where
    assert caught.value.found.startswith("estimates: ")
    assert found in caught.value.found


@pytest.mark.parametrize("lowest", [-np.inf, 0, -2.5])
@pytest.mark.parametrize("highest", [np.inf, 1])
def test_limits_of_numbers_are_those_of_panderas_rule(lowest, highest):
    numbers = pd.Series([-np.inf, -3, -2.5, -5e-324, 0, 1, 1 + 2e-16, 1 + 3e-16, np.inf, np.nan])
    panderas = pa.Check.in_range(lowest, highest, np.isfinite(lowest), np.isfinite(highest))
    (limits,) = number(lowest, highest).checks
    pd.testing.assert_series_equal(limits(numbers).failure_cases, panderas(numbers).failure_cases)
    within = numbers.drop(limits(numbers).failure_cases.index)
    assert limits(within).check_passed
    assert panderas(within).check_passed


def test_comparisons_keep_their_contracts(tmp_path):
    names = ["country", "indicator", "estimate", "ci_low", "ci_high"]
    rest = ["n", "population", "shown", "bound_low", "bound_high"]
    kind = {"status": "present", "data_kind": "simulated"}
    country = frame({name: PUBLIC[name] for name in (*names, *rest)}, **kind)
    check_table(country, restricted_contract("comparison/prevalence"), "a")
    whole = ["whole", "whole_low", "whole_high"]
    printed = frame({name: PUBLIC[name] for name in (*names, *whole, *rest)}, **kind)
    rounded = check_table(printed, public_contract("comparison/prevalence"), "a")
    assert rounded["n"].dtype == "Int64"
    with pytest.raises(StudyError, match="column 'data_kind'"):
        check_table(
            country.assign(data_kind="real"), restricted_contract("comparison/prevalence"), "a"
        )
    pair = {"indicator": "online", "country_a": "KEN", "country_b": "UGA", "difference": -0.05}
    test = {
        **{"ci_low": -0.09, "ci_high": -0.01},
        **{"ratio": 0.8, "ratio_low": 0.7, "ratio_high": 0.9},
        **{"p_value": 0.01, "p_holm": 0.03, "p_bh": 0.02},
    }
    verdict = {"step_alpha": 0.05, "clear": True, "data_kind": "simulated"}
    path = tmp_path / "pairwise.csv"
    table = frame({**pair, **test, "p_text": "0.030", **verdict})
    write_table(path, table, public_contract("comparison/pairwise"), True)
    pd.testing.assert_frame_equal(read_table(path, public_contract("comparison/pairwise")), table)
    full = frame({**pair, "se": 0.02, "df": 74.5, **test, **verdict})
    check_table(full, restricted_contract("comparison/pairwise"), "a")
    with pytest.raises(StudyError, match=r"column 'p_holm'.*first in row 1"):
        check_table(full.assign(p_holm=1.2), restricted_contract("comparison/pairwise"), "a")


@pytest.mark.parametrize("column", list(ESTIMATE))
def test_no_column_may_be_missing(column):
    with pytest.raises(StudyError, match=f"column '{column}'"):
        check_table(
            frame(ESTIMATE).drop(columns=column),
            contracts.restricted_contract("country/estimates"),
            "a",
        )


def test_columns_stand_in_the_contracts_order():
    turned = frame(PUBLIC)[list(PUBLIC)[::-1]]
    with pytest.raises(StudyError, match="out of order"):
        check_table(turned, contracts.public_contract("country/release"), "a")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("sample", lambda f: f.drop(columns="weight"), "neither a weight nor selection"),
        ("sample", lambda f: f.assign(child_id="c1"), "column 'child_id'.*more than once"),
        ("sample", lambda f: f.assign(sex=1), "column 'sex'"),
        ("sample", lambda f: f.assign(disposition="gone"), "column 'disposition'.*first in row 1"),
        ("answers", lambda f: f.assign(online=None), "an answer is empty"),
        ("answers", lambda f: f.assign(hours=1.0), "differs from its status"),
        ("indicators", lambda f: f.assign(online="yes"), "column 'online'"),
        ("indicators", lambda f: f.drop(columns="child_id"), "column 'child_id'"),
        ("recodes", lambda f: f.assign(count=-1), "column 'count'"),
    ],
)
def test_breaches_of_prepared_tables(tmp_path, name, change, message):
    good = getattr(prepare(write_raw(tmp_path)), name)
    contract = (
        contracts.restricted_contract("country/recodes")
        if name == "recodes"
        else getattr(contracts, name.upper())
    )
    check_table(good, contract, "a")
    with pytest.raises(StudyError, match=rf"a.*: .*{message}|a, {message}"):
        check_table(change(good), contract, "a")


def test_a_broken_table_is_neither_written_nor_read(tmp_path):
    path = tmp_path / "KEN.csv"
    with pytest.raises(StudyError, match="column 'status'"):
        write_table(
            path, frame(PUBLIC, status="ok"), contracts.public_contract("country/release"), True
        )
    assert not path.exists()
    frame(PUBLIC, status="ok").to_csv(path, index=False)
    with pytest.raises(StudyError, match=r"KEN\.csv, column 'status'"):
        read_table(path, contracts.public_contract("country/release"))
    with pytest.raises(StudyError, match=r"none\.csv: there is no such file"):
        read_table(tmp_path / "none.csv", contracts.public_contract("country/release"))


def test_public_tables_read_back_as_written_with_empty_texts_and_numbers(tmp_path):
    rows = pd.DataFrame([PUBLIC, {**HIDDEN, "interval": "", "level": "NA", "shown": "c"}])
    path = tmp_path / "estimates.csv"
    write_table(path, rows, contracts.public_contract("country/release"), True)
    assert ".0,0." not in path.read_text(encoding="utf-8")
    found = read_table(path, contracts.public_contract("country/release"))
    whole = ("n", "population", "whole", "whole_low", "whole_high")
    pd.testing.assert_frame_equal(found, rows.astype(dict.fromkeys(whole, "Int64")))


def test_whole_numbers_stay_whole_in_print(tmp_path):
    path = tmp_path / "estimates.csv"
    rows = pd.DataFrame([PUBLIC, HIDDEN])
    write_table(path, rows, contracts.public_contract("country/release"), True)
    assert path.read_text().splitlines()[1:] == [
        "KEN,online,total,all,900,2500000,0.2,0.171,0.231,20,17,23,korn_graubard,,20.0,,,present,",
        "KEN,online,total,all,,,,,,,,,korn_graubard,,20.0,,,present,",
    ]
    with pytest.raises(StudyError, match="column 'n'"):
        write_table(path, rows.assign(n=899.5), contracts.public_contract("country/release"), True)


def test_texts_are_read_as_categories_where_that_is_asked_for(tmp_path):
    """Also a column without a cell, of which the file does not tell that it holds text."""
    frame = pd.DataFrame({"child_id": ["a", "b"], "any: one": ["no", "yes"]})
    write_table(tmp_path / "parts.parquet", frame, contracts.PARTS, simulated=True)
    found = read_table(tmp_path / "parts.parquet", contracts.PARTS, lambda name: ": " in name)
    assert isinstance(found["any: one"].dtype, pd.CategoricalDtype)
    pd.testing.assert_frame_equal(found.astype("str"), frame)
    drawn = prepare(write_raw(tmp_path)).sample.assign(region=pd.Series(dtype="str"))
    write_table(tmp_path / "sample.parquet", drawn, contracts.SAMPLE, simulated=True)
    found = read_table(tmp_path / "sample.parquet", contracts.SAMPLE, {"region"}.__contains__)
    assert found["region"].isna().all()
    assert found["region"].cat.categories.dtype == "str"


def test_an_empty_table_keeps_its_contract(tmp_path):
    path = tmp_path / "dropped.csv"
    empty = pd.DataFrame({"row": pd.Series(dtype=int), "reason": pd.Series(dtype="str")})
    write_table(path, empty, contracts.restricted_contract("country/dropped"), True)
    pd.testing.assert_frame_equal(
        read_table(path, contracts.restricted_contract("country/dropped")), empty
    )


def test_the_snakefile_loads_a_study_without_pandas_or_pandera():
    code = (
        "import sys, disrupting_harm.study.study; "
        "print([m for m in ('pandas', 'pandera', 'numpy') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert found.strip() == "[]"
