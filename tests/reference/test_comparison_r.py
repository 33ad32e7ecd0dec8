"""Tests of pairs and their corrections equal R's: see comparison/contrasts.R.

Tolerance: 1e-12 relative for p values and degrees of freedom.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from disrupting_harm.comparison.multiplicity import compare_family, satterthwaite
from disrupting_harm.comparison.simultaneous import Draws, independent_critical
from disrupting_harm.survey.tables.corrections import benjamini_hochberg, holm

FOLDER = Path(__file__).parent / "comparison"
WELCH = pd.read_csv(FOLDER / "welch.csv")
CORRECTIONS = pd.read_csv(FOLDER / "corrections.csv")
TUKEY = pd.read_csv(FOLDER / "tukey.csv")


def test_pairs_equal_welchs_test() -> None:
    for confidence, rows in WELCH.groupby("confidence"):
        variances = rows[["se_a", "se_b"]].to_numpy() ** 2
        df = satterthwaite(variances, rows[["df_a", "df_b"]].to_numpy(float))
        np.testing.assert_allclose(df, rows["df"], rtol=1e-12)
        difference = (rows["estimate_a"] - rows["estimate_b"]).to_numpy()
        se = np.sqrt(variances.sum(axis=1))
        found = compare_family(difference, se, df, 3.0, 0.05, float(str(confidence)))
        np.testing.assert_allclose(found["p_value"], rows["p_value"], rtol=1e-11)
        for limit in ("ci_low", "ci_high"):
            np.testing.assert_allclose(found[limit], rows[limit], rtol=1e-11, atol=1e-12)
    assert len(WELCH) == 40


@pytest.mark.parametrize("family", CORRECTIONS["family"].unique())
def test_corrections_equal_r_and_statsmodels(family: int) -> None:
    rows = CORRECTIONS[CORRECTIONS["family"] == family]
    p = rows["p_value"].to_numpy()
    there = ~np.isnan(p)
    for ours, column, method in ((holm, "p_holm", "holm"), (benjamini_hochberg, "p_bh", "fdr_bh")):
        found = ours(p)
        np.testing.assert_allclose(found, rows[column], rtol=1e-12)
        np.testing.assert_allclose(
            found[there], multipletests(p[there], method=method)[1], rtol=1e-12
        )


@pytest.mark.parametrize("row", range(len(TUKEY)))
def test_critical_values_equal_tukeys_and_sidaks(row: int) -> None:
    countries, alpha, critical, sidak = TUKEY.iloc[row]
    countries = int(countries)
    assert independent_critical(countries, alpha) == pytest.approx(sidak, rel=1e-10)
    everything = ~np.eye(countries, dtype=bool)
    found = Draws().pairs(np.zeros(countries), np.ones(countries), everything, alpha)
    # Five Monte Carlo standard errors at alpha 0.01 are 0.035, at 0.1 half of it.
    assert found == pytest.approx(critical, abs=0.035 if alpha < 0.05 else 0.02)
