"""Tests of pairs and their corrections equal R's: see comparison/contrasts.R and holm.R.

Tolerance: 1e-12 relative for p values and degrees of freedom.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit
from statsmodels.stats.multitest import multipletests

from designbased.estimates.corrections import adjust_by_holm, benjamini_hochberg
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.multiplicity import compare_family, satterthwaite

FOLDER = Path(__file__).parent / "comparison"
WELCH = pd.read_csv(FOLDER / "welch.csv")
CORRECTIONS = pd.read_csv(FOLDER / "corrections.csv")
TUKEY = pd.read_csv(FOLDER / "tukey.csv")
HOLM = pd.read_csv(FOLDER / "holm_rows.csv")


def test_pairs_equal_welchs_test() -> None:
    for confidence, rows in WELCH.groupby("confidence"):
        variances = rows[["se_a", "se_b"]].to_numpy() ** 2
        df = satterthwaite(variances, rows[["df_a", "df_b"]].to_numpy(float))
        np.testing.assert_allclose(df, rows["df"], rtol=1e-12)
        difference = (rows["estimate_a"] - rows["estimate_b"]).to_numpy()
        se = np.sqrt(variances.sum(axis=1))
        alpha = 1 - float(str(confidence))
        # Each sample is a family of its own, as t.test takes it.
        for at, (_, row) in enumerate(rows.iterrows()):
            own = [column[at : at + 1] for column in (difference, se, df)]
            found = compare_family(*own, alpha)
            np.testing.assert_allclose(found["p_value"], row["p_value"], rtol=1e-11)
            for limit in ("ci_low", "ci_high"):
                np.testing.assert_allclose(found[limit], row[limit], rtol=1e-11, atol=1e-12)
    assert len(WELCH) == 40


def plain_holm(p_values: np.ndarray) -> np.ndarray:
    return adjust_by_holm(p_values, 1.0, 0.05).p_adjusted


@pytest.mark.parametrize("family", CORRECTIONS["family"].unique())
def test_corrections_equal_r_and_statsmodels(family: int) -> None:
    rows = CORRECTIONS[CORRECTIONS["family"] == family]
    p = rows["p_value"].to_numpy()
    there = ~np.isnan(p)
    for ours, column, method in (
        (plain_holm, "p_holm", "holm"),
        (benjamini_hochberg, "p_bh", "fdr_bh"),
    ):
        found = ours(p)
        np.testing.assert_allclose(found, rows[column], rtol=1e-12)
        np.testing.assert_allclose(
            found[there], multipletests(p[there], method=method)[1], rtol=1e-12
        )


@pytest.mark.parametrize("family", HOLM["family"].unique())
def test_verdicts_levels_and_intervals_equal_holm_by_steps(family: int) -> None:
    rows = HOLM[HOLM["family"] == family]
    p_value, weight, alpha = (rows[name].to_numpy() for name in ("p_value", "weight", "alpha"))
    found = adjust_by_holm(p_value, weight, alpha[0])
    np.testing.assert_allclose(found.p_adjusted, rows["p_adjusted"], rtol=1e-12)
    np.testing.assert_allclose(found.level, rows["level"], rtol=1e-12)
    assert (found.clear == rows["clear"]).all()
    reach = -stdtrit(rows["df"], found.level / 2) * rows["se"]
    for limit, sign in (("ci_low", -1), ("ci_high", 1)):
        interval = rows["difference"] + sign * reach
        np.testing.assert_allclose(interval, rows[limit], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("row", range(len(TUKEY)))
def test_critical_values_equal_tukeys(row: int) -> None:
    countries, alpha, critical = TUKEY.iloc[row]
    countries = int(countries)
    everything = ~np.eye(countries, dtype=bool)
    found = Draws().critical_value_of_pairs(
        np.zeros(countries), np.ones(countries), everything, alpha
    )
    # Five Monte Carlo standard errors at alpha 0.01 are 0.035, at 0.1 half of it.
    assert found == pytest.approx(critical, abs=0.035 if alpha < 0.05 else 0.02)
