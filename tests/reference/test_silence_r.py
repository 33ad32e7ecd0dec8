"""Tipping points and rank sets with silence equal R's: see comparison/silence.R.

Tolerance: 1e-12 absolute for tipping points; ranks are equal; the share at which a step lies is
known to R's search to 1e-12.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from designbased.estimates.corrections import adjust_by_holm
from disrupting_harm.comparison.differences.multiplicity import ratios
from disrupting_harm.comparison.nonresponse_tipping import (
    alone_until,
    margin_limits,
    tipping_points,
)

FOLDER = Path(__file__).parent / "comparison"
COUNTRIES = pd.read_csv(FOLDER / "silence_countries.csv")
PAIRS = pd.read_csv(FOLDER / "silence_pairs.csv")
RANKS = pd.read_csv(FOLDER / "silence_ranks.csv")
UNTIL = pd.read_csv(FOLDER / "silence_until.csv", keep_default_na=False)
ALPHA = 0.05


def logs(name):
    own = COUNTRIES[COUNTRIES["set"] == name]
    p, se = own["p"].to_numpy(), own["se"].to_numpy()
    return np.log(p), se / p, own["df"].to_numpy(float)


@pytest.mark.parametrize("name", COUNTRIES["set"].unique())
def test_levels_of_holms_method(name) -> None:
    own = PAIRS[PAIRS["set"] == name]
    p_values = own["p_value"].to_numpy()
    found = adjust_by_holm(p_values, 1.0, ALPHA)
    np.testing.assert_allclose(found.level, own["level"], rtol=1e-12)
    assert (found.clear == own["clear"]).all()


def test_ratios_agree_with_verdicts() -> None:
    row = {"step_alpha": PAIRS["level"].to_numpy(), "clear": PAIRS["clear"].to_numpy()}
    reach = -stdtrit(PAIRS["df"], PAIRS["level"] / 2) * PAIRS["se"]
    row["difference"] = PAIRS["difference"].to_numpy()
    row |= {"ci_low": row["difference"] - reach, "ci_high": row["difference"] + reach}
    found = ratios(*(PAIRS[f"log_{name}"].to_numpy() for name in ("ratio", "se", "df")), row)
    for name in ("ratio_low", "ratio_high"):
        np.testing.assert_allclose(found[name], PAIRS[name], rtol=1e-12)
    usual = PAIRS["log_ratio"] + stdtrit(PAIRS["log_df"], PAIRS["level"] / 2) * PAIRS["log_se"]
    assert set(PAIRS.loc[(usual > 0) != PAIRS["clear"], "clear"]) == {True, False}


def test_tipping_points() -> None:
    limits = (PAIRS[name].to_numpy() for name in ("ratio_low", "ratio_high"))
    goes, turns = tipping_points(np.exp(PAIRS["log_ratio"].to_numpy()), *limits)
    np.testing.assert_allclose(goes, PAIRS["claim_goes"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(turns, PAIRS["order_turns"], rtol=0, atol=1e-12)
    assert (PAIRS["claim_goes"] > 0).sum() > 20


@pytest.mark.parametrize(("name", "silence"), list(RANKS.groupby(["set", "silence"]).groups))
def test_ranks(name, silence) -> None:
    own = RANKS[(RANKS["set"] == name) & (RANKS["silence"] == silence)]
    low, high = margin_limits(*logs(name), silence, ALPHA)
    assert low.tolist() == own["rank_low"].tolist()
    assert high.tolist() == own["rank_high"].tolist()


@pytest.mark.parametrize(("end", "name"), list(UNTIL[["end", "set"]].itertuples(index=False)))
def test_until_when_one_country_is_alone(end, name) -> None:
    (row,) = UNTIL[(UNTIL["end"] == end) & (UNTIL["set"] == name)].itertuples()
    found = alone_until(*logs(name), ALPHA, highest=end == "highest")
    codes = COUNTRIES.loc[COUNTRIES["set"] == name, "country"].to_numpy()
    alone = ~np.isnan(found)
    assert codes[alone].tolist() == ([row.country] if row.country else [])
    if row.country:
        np.testing.assert_allclose(found[alone], float(row.share), rtol=0, atol=2e-12)
