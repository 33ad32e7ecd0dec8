"""Families of changes over waves equal R's, step by step: see change/waves.R.

Which waves are compared, parts of alpha, verdicts, intervals and ratios, of pages with waves that
did not ask, breaks and hidden estimates. Tolerance: 1e-10 relative.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.comparison.ledger import NOT_ASKED
from disrupting_harm.comparison.waves.changes import estimate_changes

FOLDER = Path(__file__).parent / "change"
INPUT = pd.read_csv(FOLDER / "waves_input.csv")
R = pd.read_csv(FOLDER / "waves.csv")
KEYS = ["indicator", "wave_from", "wave_to"]


@cache
def table_of(case: int) -> pd.DataFrame:
    """Return the library's table of one page."""
    rows = INPUT[INPUT["case"] == case]
    asked = rows["asked"] == 1
    # A break is one with the last wave before that asked.
    comparable = np.where(rows["wave"] == 1, "", np.where(rows["breaks"] == 1, "no", "yes"))
    ledger = rows.assign(
        wave=rows["wave"].astype(str),
        wave_year=2000.0 + rows["wave"],
        definition=np.where(asked, "the same", NOT_ASKED),
        comparable=np.where(asked, comparable, "no"),
        reason="",
    )
    cells = rows.assign(
        domain="total",
        level="all",
        estimate=rows["p"],
        n_printed=1000.0,
        shown="1.0",
        status=np.select(
            [~asked, rows["hidden"] == 1], ["not_asked", "suppress_reliability"], "present"
        ),
    )
    releases = [wave.reset_index(drop=True) for _, wave in cells.groupby("wave")]
    names = list(dict.fromkeys(rows["indicator"]))
    return estimate_changes("KEN", releases, ledger, names, names, "observed").set_index(KEYS)


@pytest.mark.parametrize("case", R["case"].unique())
def test_a_page_of_changes_equals_rs(case: int) -> None:
    theirs = R[R["case"] == case].astype({"wave_from": str, "wave_to": str}).set_index(KEYS)
    table = table_of(case)
    tested = table[table["p_value"].notna()]
    assert sorted(tested.index) == sorted(theirs.index)
    ours = tested.loc[theirs.index]
    for name in ("difference", "se", "df", "alpha_share", "p_value", "p_holm", "step_alpha"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-10, atol=1e-14, err_msg=name)
    for name in ("ci_low", "ci_high", "ratio", "ratio_low", "ratio_high"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-10, atol=1e-12, err_msg=name)
    assert (ours["clear"] == (theirs["clear"] == 1)).all()
    words = np.where(ours["clear"], np.where(ours["difference"] > 0, "rose", "fell"), "")
    assert (ours["change"].replace("no clear change", "") == words).all()


def test_the_pages_have_what_is_hard() -> None:
    assert R["against"].sum() > 0
    assert 0 < R["clear"].sum() < len(R)
    assert (INPUT["asked"] == 0).sum() > 10
    assert INPUT["breaks"].sum() > 5
    assert INPUT["hidden"].sum() > 5
