"""Random-effects pools equal those of R's `metafor`: see comparison/meta.R.

Tolerance: 1e-8 relative, and 1e-10 absolute for values near zero; metafor's own iteration and its
root finder stop there.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.comparison.pooling.random_effects import RandomEffects, random_effects

HERE = Path(__file__).parent / "comparison"
DATA = pd.read_csv(HERE / "meta_data.csv")
REFERENCE = pd.read_csv(HERE / "meta_r.csv")
WHOLE = REFERENCE[REFERENCE["without"] == 0].reset_index(drop=True)


def matrices() -> tuple[np.ndarray, np.ndarray]:
    """All sets as rows, filled up with missing estimates, in the order of WHOLE."""
    place = DATA.groupby("set").cumcount()
    wide = DATA.assign(place=place).pivot(index="set", columns="place", values=["y", "v"])
    wide = wide.loc[WHOLE["set"]]
    return wide["y"].to_numpy(), wide["v"].to_numpy()


def columns_of(found: RandomEffects, names: dict[str, str]) -> dict[str, np.ndarray]:
    return {theirs: getattr(found, ours) for theirs, ours in names.items()}


def assert_equal(found: dict[str, np.ndarray], table: pd.DataFrame) -> None:
    for name, values in found.items():
        np.testing.assert_allclose(values, table[name], rtol=1e-8, atol=1e-10, err_msg=name)


SAME = {
    "k": "k", "tau2": "tau2", "tau2_low": "tau2_low", "tau2_high": "tau2_high",
    "estimate": "estimate", "i2": "i2", "q": "q", "q_p": "q_p",
}  # fmt: skip


def test_the_sets_are_many_and_of_every_kind() -> None:
    assert len(WHOLE) >= 15
    assert (WHOLE["tau2"] == 0).sum() >= 5
    assert (WHOLE["tau2"] > 0.1).sum() >= 3
    assert (WHOLE["tau2_high"] == 0).sum() >= 1
    assert (WHOLE["se_modified"] > WHOLE["se_hk"] + 1e-6).sum() >= 3


@pytest.mark.parametrize(
    ("interval", "short"),
    [("hartung_knapp", "hk"), ("modified_hartung_knapp", "modified"), ("wald", "wald")],
)
def test_pools(interval, short) -> None:
    found = random_effects(*matrices(), interval=interval)
    names = {f"se_{short}": "se", f"{short}_low": "ci_low", f"{short}_high": "ci_high"}
    kind = "modified" if short == "wald" else short
    names |= {
        f"prediction_{kind}_low": "prediction_low",
        f"prediction_{kind}_high": "prediction_high",
    }
    assert_equal(columns_of(found, SAME | names), WHOLE)


def test_the_prediction_of_higgins_thompson_and_spiegelhalter() -> None:
    found = random_effects(*matrices(), prediction="higgins_thompson_spiegelhalter")
    assert_equal(
        columns_of(found, {"hts_low": "prediction_low", "hts_high": "prediction_high"}), WHOLE
    )
    assert WHOLE.loc[WHOLE["k"] == 2, "hts_low"].isna().all()


def test_leave_one_out() -> None:
    y, v = matrices()
    size = y.shape[-1]
    without = np.where(np.eye(size, dtype=bool), np.nan, y[:, np.newaxis])
    found = random_effects(without, np.broadcast_to(v[:, np.newaxis], without.shape))
    reference = REFERENCE[REFERENCE["without"] > 0]
    rows = reference["set"].map({name: row for row, name in enumerate(WHOLE["set"])})
    places = (rows.to_numpy(), reference["without"].to_numpy() - 1)
    names = SAME | {"modified_low": "ci_low", "prediction_modified_high": "prediction_high"}
    assert_equal(
        {name: values[places] for name, values in columns_of(found, names).items()}, reference
    )
