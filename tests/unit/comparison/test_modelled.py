"""Model estimates of groups: what they add up to, what they claim, and where there are none."""

import numpy as np
import pandas as pd
import pytest

from designbased.models.fay_herriot import fay_herriot
from disrupting_harm.comparison.small_area import (
    LEAST_GROUPS,
    MODEL,
    SYNTHETIC,
    estimate_small_areas,
    model_groups,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table

COUNTRIES = [f"C{number:02d}" for number in range(11)]
LEVELS = ["boy|12-13", "boy|14-15", "girl|12-13", "girl|14-15"]


def groups(spread: float, seed: int = 4) -> pd.DataFrame:
    """Restricted estimates of one indicator in all groups and in all children."""
    rng = np.random.default_rng(seed)
    rows = []
    for country in COUNTRIES:
        centre = rng.normal(-1.5, 0.5)
        yes, n = 0, 0
        for level in LEVELS:
            chance = 1 / (1 + np.exp(-centre - spread * rng.standard_normal()))
            own = int(rng.binomial(150, chance))
            rows.append((country, "sex_age", level, 150, own))
            yes, n = yes + own, n + 150
        rows.append((country, "total", "all", n, yes))
    table = pd.DataFrame(rows, columns=["country", "domain", "level", "n", "yes"])
    share = table["yes"] / table["n"]
    error = np.sqrt(1.4 * share * (1 - share) / table["n"])
    return table.assign(
        indicator="asked",
        estimate=share,
        se=error,
        population=10.0 * table["n"],
        ci_low=share - 2 * error,
        ci_high=share + 2 * error,
        reliability="present",
    )


def ledger(estimates: pd.DataFrame) -> pd.DataFrame:
    return estimates[["country", "indicator"]].drop_duplicates().assign(comparable="yes")


def table(estimates: pd.DataFrame, judged: pd.DataFrame | None = None) -> pd.DataFrame:
    judged = ledger(estimates) if judged is None else judged
    found = estimate_small_areas(estimates, judged, ["asked"], "sex_age", 0.95, "simulated")
    return check_table(found, restricted_contract("comparison/modelled"), "modelled")


def test_groups_add_up_to_the_direct_estimate_of_their_country() -> None:
    estimates = groups(0.5)
    found = table(estimates)
    assert len(found) == len(COUNTRIES) * len(LEVELS)
    direct = estimates[estimates["domain"] == "total"].set_index("country")["estimate"]
    means = found.groupby("country")["model_estimate"].mean()
    np.testing.assert_allclose(means, direct[means.index], rtol=1e-10)
    assert found["shift"].abs().max() > 0


def test_no_column_holds_a_direct_estimate() -> None:
    estimates = groups(0.5)
    found = table(estimates).merge(
        estimates[["country", "level", "estimate", "ci_low", "ci_high"]], on=["country", "level"]
    )
    numbers = found.select_dtypes("float").columns.difference(["estimate", "ci_low", "ci_high"])
    for direct in ("estimate", "ci_low", "ci_high"):
        for name in numbers:
            assert not np.isclose(found[name], found[direct], rtol=1e-9).any(), (name, direct)


def test_predictions_lie_between_own_answers_and_what_is_expected() -> None:
    apart, alike = table(groups(1.0)), table(groups(0.0))
    assert (apart["own_share"] > 0.5).all()
    assert set(apart["kind"]) == {MODEL}
    assert (alike["own_share"] < apart["own_share"].min()).all()
    flat = alike[alike["own_share"] < 0.05]
    assert set(flat["kind"]) <= {SYNTHETIC}


def test_an_estimate_outside_the_direct_interval_is_marked() -> None:
    estimates = groups(0.0)
    odd = (estimates["country"] == "C03") & (estimates["level"] == "girl|12-13")
    estimates.loc[odd, ["ci_low", "ci_high"]] = [0.9, 0.95]
    marked = table(estimates).set_index(["country", "level"])["beyond_direct"]
    assert marked["C03", "girl|12-13"]


def test_countries_set_apart_and_what_was_not_asked_have_no_rows() -> None:
    estimates = groups(0.5)
    judged = ledger(estimates)
    judged.loc[judged["country"] == "C01", "comparable"] = "no"
    assert "C01" not in set(table(estimates, judged)["country"])
    estimates.loc[estimates["country"] == "C02", "reliability"] = "not_asked"
    few = table(estimates, judged)
    # Nine countries of four groups are fewer than it takes.
    assert 9 * len(LEVELS) < LEAST_GROUPS
    assert few.empty


def test_without_a_share_that_was_named_beforehand_nothing_is_above_it() -> None:
    found = table(groups(0.5))
    assert found["exceedance"].isna().all()
    assert not found["surely_above"].any()


def test_without_a_domain_there_is_an_empty_table() -> None:
    found = estimate_small_areas(pd.DataFrame(), pd.DataFrame(), ["asked"], None, 0.95, "simulated")
    assert check_table(found, restricted_contract("comparison/modelled"), "modelled").empty


def test_a_country_in_which_nobody_said_yes_is_not_benchmarked() -> None:
    estimates = groups(0.5)
    zero = estimates["country"] == "C05"
    estimates.loc[zero, ["estimate", "se", "ci_low", "ci_high"]] = 0.0
    found = table(estimates)
    own = found[found["country"] == "C05"]
    assert (own["shift"] == 0).all()
    assert own["model_estimate"].between(0, 0.05).all()


def test_one_design_effect_is_never_below_one() -> None:
    estimates = groups(0.5)
    cells = estimates[estimates["domain"] == "sex_age"].assign(se=lambda t: t["se"] / 10)
    national = estimates[estimates["domain"] == "total"].set_index("country")
    assert (model_groups(cells, national)["deff"] == 1).all()


@pytest.mark.parametrize(
    ("y", "v", "x"),
    [
        (np.array([1.0, np.nan, 2.0]), np.ones(3), np.ones((3, 1))),
        (np.array([1.0, 3.0, 2.0]), np.array([1.0, 0.0, 1.0]), np.ones((3, 1))),
        (np.array([1.0, 3.0, 2.0]), np.ones(3), np.ones((3, 2))),
        (np.array([1.0, 3.0]), np.ones(2), np.eye(2)),
    ],
)
def test_what_cannot_be_fitted_is_refused(y: np.ndarray, v: np.ndarray, x: np.ndarray) -> None:
    with pytest.raises(StudyError):
        fay_herriot(y, v, x)


def test_equal_groups_have_no_variance_of_their_own() -> None:
    fit = fay_herriot(np.full(20, 1.5), np.full(20, 0.2), np.ones((20, 1)))
    assert fit.tau2 == 0
    np.testing.assert_allclose(fit.predicted, 1.5)
    assert (fit.direct_weight == 0).all()
