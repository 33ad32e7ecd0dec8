"""Chances of being shown equal to those of an independent computation in R (chances/chances.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.planning.planner import ReleaseRule

REFERENCE = pd.read_csv(Path(__file__).parent / "chances" / "chances_r.csv")


@pytest.mark.parametrize(("n", "deff", "df"), REFERENCE.groupby(["n", "deff", "df"]).groups)
def test_chances_means_and_coverage(n, deff, df):
    own = REFERENCE[(REFERENCE["n"] == n) & (REFERENCE["deff"] == deff) & (REFERENCE["df"] == df)]
    rule = ReleaseRule.from_policy(int(n), float(deff), float(df), "nchs2017", 10)
    chance = [rule.chance_of_showing(p) for p in own["p"]]
    mean, coverage = zip(*(rule.describe_shown(p) for p in own["p"]), strict=True)
    np.testing.assert_allclose(chance, own["chance"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(mean, own["mean_shown"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(coverage, own["coverage"], rtol=0, atol=1e-9)
