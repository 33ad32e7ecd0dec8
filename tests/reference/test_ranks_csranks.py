"""Rank sets equal those that the R package csranks publishes for PISA 2018 (mathematics, OECD).

Scores and standard errors are OECD's (https://www.oecd.org/en/about/programmes/pisa/pisa-data.html).
What is expected is printed in csranks' article "Inference for Ranks", for version 1.2.2 and its
step-down method.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.rank_sets import rank_limits

SCORES = pd.read_csv(Path(__file__).parent / "comparison" / "pisa2018_mathematics.csv")
AMONG_FIVE_90 = {
    "Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands", "Poland",
    "Slovenia", "Switzerland",
}  # fmt: skip
BEHIND_ALL_OTHERS = {"Chile", "Colombia", "Mexico"}
DRAWS = Draws()


def sets(scope: str, alpha: float) -> pd.DataFrame:
    low, high = rank_limits(
        SCORES["estimate"].to_numpy(),
        SCORES["se"].to_numpy(),
        np.full(len(SCORES), np.inf),
        "mogstad_step_down",
        scope,
        alpha,
        DRAWS,
    )
    return pd.DataFrame({"low": low, "high": high}, index=SCORES["country"])


@pytest.mark.parametrize(
    ("alpha", "expected"), [(0.05, AMONG_FIVE_90 | {"Sweden"}), (0.10, AMONG_FIVE_90)]
)
def test_who_may_be_among_the_five_best(alpha: float, expected: set[str]) -> None:
    found = sets("simultaneous", alpha)
    assert set(found.index[found["low"] <= 5]) == expected


def test_the_marginal_set_of_one_country() -> None:
    assert sets("marginal", 0.05).loc["United Kingdom"].tolist() == [8, 23]


def test_which_sets_overlap() -> None:
    found = sets("simultaneous", 0.05)
    behind = found.index.isin(BEHIND_ALL_OTHERS)
    assert found[behind]["low"].min() > found[~behind]["high"].max()
    # The article: both contain rank 7; at a level of 75 per cent they no longer overlap.
    assert found.loc["Korea", "high"] == found.loc["Germany", "low"] == 7
    found = sets("simultaneous", 0.25)
    assert found.loc["Korea", "high"] < found.loc["Germany", "low"]
