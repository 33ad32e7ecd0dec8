"""What goes with what: who takes part, and what is said of the others."""

import numpy as np
import pandas as pd
import pytest
from clustered import clustered

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.associations import (
    FEW_COUNTRIES,
    pool_slopes,
    public_associations,
)
from disrupting_harm.comparison.poisson_models import NO_MODEL
from disrupting_harm.comparison.slopes import NOT_ASKED, TOO_FEW, estimate_slopes
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

CODES = [f"C{number:02d}" for number in range(6)]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    table = clustered(1, psus=24, children=12, rate=0.3).reset_index(drop=True)
    return table.assign(has=(np.arange(len(table)) % 3 == 0).astype(float))


def slope_of(frame: pd.DataFrame, **columns: object) -> "pd.Series[object]":
    changed = frame.assign(**columns)
    design = SurveyDesign.from_frame(changed)
    table = estimate_slopes(design, changed[["yes"]], changed[["has"]], changed[["sex"]])
    return table.iloc[0]


def test_a_slope_turns_round_with_its_characteristic_and_with_its_outcome(frame):
    slope, without, no = (
        slope_of(frame),
        slope_of(frame, has=1 - frame["has"]),
        slope_of(frame, yes=1 - frame["yes"]),
    )
    assert slope["note"] == ""
    for other in (without, no):
        assert other["log_ratio"] == pytest.approx(-slope["log_ratio"], rel=1e-9)
        assert other["log_ratio_se"] == pytest.approx(slope["log_ratio_se"], rel=1e-9)


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        # Five of the rarer answer for each of two coefficients beside the intercept.
        ({"yes": lambda f: (f.index < 9).astype(float)}, TOO_FEW),
        ({"has": lambda f: (f.index < 9).astype(float)}, TOO_FEW),
        ({"yes": lambda f: f["yes"].where(f.index < 49)}, TOO_FEW),
        ({"has": np.nan}, NOT_ASKED),
        ({"yes": np.nan}, NOT_ASKED),
        ({"yes": lambda f: f["has"]}, NO_MODEL),
    ],
)
def test_what_has_no_slope_says_why(frame, columns, note):
    slope = slope_of(frame, **columns)
    assert slope["note"] == note
    assert slope[["log_ratio", "log_ratio_se", "df"]].isna().all()


def test_terms_of_the_same_answers_are_left_out(frame):
    design = SurveyDesign.from_frame(frame)
    tables = [
        estimate_slopes(design, frame[["yes"]], frame[["has"]], frame[terms], same)
        for terms, same in (
            (["sex", "level"], {"has": ["level"]}),
            (["sex", "level"], {"yes": ["level"]}),
            (["sex"], {}),
            (["sex", "level"], {}),
        )
    ]
    by_characteristic, by_outcome, without, with_level = (t.loc[0, "log_ratio"] for t in tables)
    assert by_characteristic == by_outcome == without != with_level


def stacked(log_ratio: float = 0.8, codes=CODES) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        {
            "country": code, "indicator": "told", "characteristic": name, "n": 200, "note": "",
            "log_ratio": log_ratio + rng.normal(0, 0.1), "log_ratio_se": 0.2, "df": 20.0,
        }
        for name in ("knows", "rules")
        for code in codes
    ]  # fmt: skip
    return pd.DataFrame(rows)


def released(hidden=(), not_comparable=()) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = [(code, name) for code in CODES for name in ("told", "knows", "rules")]
    release = pd.DataFrame(keys, columns=["country", "indicator"]).assign(
        domain="total",
        status=["suppress_disclosure" if key in hidden else "present" for key in keys],
    )
    ledger = release.assign(comparable=["no" if key in not_comparable else "yes" for key in keys])
    return release, ledger


def test_all_countries_make_a_clear_row_and_its_interval_leaves_out_one():
    table = pool_slopes(stacked(), *released(), "simulated")
    check_table(table, restricted_contract("comparison/associations"), "x")
    assert table["clear"].all()
    assert (table["ci_low"] > 1).all()
    assert (table["prediction_low"] <= table["ci_low"]).all()
    printed = public_associations(table)
    check_table(printed, public_contract("comparison/associations"), "x")
    assert not {"left_out", "log_ratio_se", "df"} & {*printed}
    assert (printed["prediction_high"] >= printed["ci_high"]).all()


@pytest.mark.parametrize("key", ["hidden", "not_comparable"])
@pytest.mark.parametrize("indicator", ["told", "knows"])
def test_a_country_takes_part_where_both_its_shares_are_shown_and_comparable(key, indicator):
    table = pool_slopes(stacked(), *released(**{key: [("C03", indicator)]}), "simulated")
    table = table.set_index("characteristic")
    assert table.loc["knows", "countries"] == 5
    assert table.loc["knows", "left_out"] == "C03"
    assert table.loc["rules", "countries"] == (5 if indicator == "told" else 6)


def test_what_is_hidden_moves_no_number_of_the_others():
    """The slope of a hidden country is in no public number."""
    release, ledger = released(hidden=[("C03", "told")])
    changed = stacked()
    changed.loc[changed["country"] == "C03", "log_ratio"] += 5
    pd.testing.assert_frame_equal(
        pool_slopes(changed, release, ledger, "simulated"),
        pool_slopes(stacked(), release, ledger, "simulated"),
    )


def test_fewer_than_five_countries_have_no_numbers():
    release, ledger = released(hidden=[("C03", "told"), ("C04", "told")])
    table = pool_slopes(stacked(), release, ledger, "simulated")
    assert table["note"].eq(FEW_COUNTRIES).all()
    assert table[["ratio", "ci_low", "p_holm", "prediction_low", "tau2"]].isna().all(axis=None)
    assert not table["clear"].any()


def test_nothing_is_said_of_another_country_where_there_is_none():
    table = pool_slopes(stacked(), *released(), "simulated", others=False)
    assert table[["prediction_low", "prediction_high"]].isna().all(axis=None)
    assert table["ratio"].notna().all()


def test_without_associations_the_tables_are_empty():
    nothing = stacked().iloc[:0]
    assert pool_slopes(nothing, *released(), "simulated").empty
