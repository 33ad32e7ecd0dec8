"""A short study of coverage: two scenarios, and one simulated country."""

import numpy as np
import pandas as pd
import pytest
from repository import PROJECT

from designbased.intervals.limits import korn_graubard
from disrupting_harm.study.study import load_study


@pytest.fixture(scope="module")
def short() -> pd.DataFrame:
    """600 samples of 120 children in 12 PSUs; with so many, 93 % is 2 standard errors from 95 %."""
    import coverage_scenarios

    table = coverage_scenarios.coverage(
        coverage_scenarios.SAMPLES[1:], (0.03, 0.10), repetitions=600
    )
    return table.set_index(["truth", "method"])


def test_korn_graubard_covers_and_wald_does_not(short: pd.DataFrame) -> None:
    for truth in (0.03, 0.10):
        assert short.loc[(truth, "korn_graubard"), "covered"] > 0.935
        assert short.loc[(truth, "wald"), "covered"] < 0.93
    assert short.loc[(0.03, "wald"), "covered"] < 0.90


def test_defined_without_a_yes(short: pd.DataFrame) -> None:
    none = short.loc[(0.03, "logit"), "none"]
    assert none > 0.02
    defined = ["korn_graubard", "modified_wilson", "beta", "arcsine", "likelihood"]
    assert (short.loc[[(0.03, name) for name in defined], "undefined"] == 0).all()
    assert short.loc[(0.03, "logit"), "undefined"] == pytest.approx(none)


def test_wider_intervals_cover_more(short: pd.DataFrame) -> None:
    """Korn–Graubard contains the beta interval, which is the same below the cap."""
    for truth in (0.03, 0.10):
        wide, narrow = short.loc[(truth, "korn_graubard")], short.loc[(truth, "beta")]
        assert wide["width"] >= narrow["width"]
        assert wide["covered"] >= narrow["covered"]


def test_the_same_numbers_every_time() -> None:
    import coverage_scenarios

    once, again = (
        coverage_scenarios.coverage(coverage_scenarios.SAMPLES[1:], (0.1,), 100) for _ in range(2)
    )
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.slow
def test_a_simulated_country_is_covered() -> None:
    """12 samples of one country, prepared, weighted and estimated as in the study."""
    import coverage_countries

    study = load_study(PROJECT / "config" / "config.yaml")
    cells = coverage_countries.repeat_country(study, "KEN", 12)
    old = cells["errors"] == coverage_countries.OLD_RULE
    # The old rule concerns composites alone, the two kinds of errors all indicators.
    assert set(cells.loc[old, "indicator"]) == {"clear_examples", "any_tf_csea"}
    cells = cells[~old]
    assert set(cells["errors"]) == {"given", "calibrated"}
    assert len(cells) == 2 * 12 * len(cells[["indicator", "domain", "level"]].drop_duplicates())
    found = coverage_countries.rates(cells, [], "korn_graubard").set_index("errors")
    assert (found["covered"] > 0.92).all()
    # Were standard errors a third too small, not even nine in ten intervals would cover.
    small = cells.assign(se=cells["se"] * 2 / 3, n=1e9, df=1e9)
    assert (coverage_countries.rates(small, [], "korn_graubard")["covered"] < 0.90).all()
    error = (cells["estimate"] - cells["truth"]) / cells["se"].where(cells["se"] > 0, np.nan)
    assert abs(error.mean()) < 0.35


def test_the_page_tells_the_numbers(short: pd.DataFrame) -> None:
    import coverage_countries
    import coverage_hard
    import coverage_page
    import coverage_scenarios

    hard = coverage_hard.coverage(coverage_hard.SAMPLES[:2], (0.03, 0.1), 100)
    table = coverage_scenarios.coverage(coverage_scenarios.SAMPLES, (0.1,), 100)
    countries = pd.DataFrame(
        {
            "country": "KEN",
            "indicator": "online",
            "domain": "total",
            "errors": ["given", "calibrated", coverage_countries.OLD_RULE],
            "n": 900,
            "estimate": [0.2, 0.2, 0.25],
            "se": [0.02, 0.01, 0.02],
            "df": 70,
            "truth": 0.17,
        }
    )
    page = coverage_page.page(table, hard, countries, 100, 1)
    width = 100 * table.set_index(["n", "method"]).loc[(960, "korn_graubard"), "width"]
    assert f"| 80 PSUs | 960 | 10 | {width:.1f} |" in page
    assert "| whole country | 1 | 100.0 |" in page
    given, calibrated = (
        100 * float(np.subtract(*korn_graubard(0.2, se, 900, 70)[::-1])) for se in (0.02, 0.01)
    )
    numbers = f"| 1 | 100.0 | {given:.1f} | 0.0 | {calibrated:.1f} | 3.00 |"
    assert f"| `online` {numbers}" in page
    old = 100 * float(np.subtract(*korn_graubard(0.25, 0.02, 900, 70)[::-1]))
    assert f"| `online` | `imputed` | 100.0 | {given:.1f} | 3.00 |" in page
    assert f"| `online` | `{coverage_countries.OLD_RULE}` | 0.0 | {old:.1f} | 8.00 |" in page
