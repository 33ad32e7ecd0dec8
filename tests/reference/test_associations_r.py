"""Slopes and their pooled odds ratio equal R's: see comparison/associations.R.

Tolerance: 1e-11 relative.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.associations import pool_slopes
from disrupting_harm.comparison.slopes import estimate_slopes

FOLDER = Path(__file__).parent / "comparison"
DATA = pd.read_csv(FOLDER / "associations_input.csv")
SLOPES = pd.read_csv(FOLDER / "slopes_r.csv")
POOLED = pd.read_csv(FOLDER / "associations_r.csv", index_col="what")["value"]


@pytest.fixture(scope="module")
def slopes() -> pd.DataFrame:
    tables = []
    for code, rows in DATA.groupby("country"):
        terms = rows[["sex", "age"]].astype("category")
        design = SurveyDesign.from_frame(rows)
        table = estimate_slopes(design, rows[["told"]], rows[["knows"]], terms)
        tables.append(table.assign(country=code))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("column", ["n", "log_ratio", "log_ratio_se", "df"])
def test_slopes_equal_svyglm(slopes: pd.DataFrame, column: str) -> None:
    assert slopes["country"].tolist() == SLOPES["country"].tolist()
    np.testing.assert_allclose(slopes[column], SLOPES[column], rtol=1e-11)


@pytest.mark.parametrize("column", POOLED.index)
def test_the_pooled_odds_ratio_equals_metafor(slopes: pd.DataFrame, column: str) -> None:
    codes = slopes["country"].tolist()
    release = pd.DataFrame(
        [
            {"country": code, "indicator": name, "domain": "total", "status": "present"}
            for code in codes
            for name in ("told", "knows")
        ]
    )
    ledger = release.assign(comparable="yes")
    (row,) = pool_slopes(slopes, release, ledger, "simulated").to_dict("records")
    assert row["countries"] == 7
    assert row["step_alpha"] == 0.05
    assert row[column] == pytest.approx(POOLED[column], rel=1e-11)
