"""Means of values and bounds equal to those of ``survreg`` in R (censored/censored.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.publication.censored_means import censored_mean

REFERENCE = pd.read_csv(Path(__file__).parent / "censored" / "censored_r.csv")


@pytest.mark.parametrize("case", REFERENCE["case"].unique())
def test_means_are_those_of_survreg(case):
    own = REFERENCE[REFERENCE["case"] == case]
    known = own["low"] == own["high"]
    table = pd.DataFrame(
        {
            "estimate": own["low"].where(known),
            "bound_low": own["low"].mask(known),
            "bound_high": own["high"].mask(known),
        }
    )
    found = censored_mean(table)
    np.testing.assert_allclose(found.mean, own["mean"].iloc[0], rtol=1e-7)
    assert (found.values, found.bounds, found.without) == (known.sum(), (~known).sum(), 0)
