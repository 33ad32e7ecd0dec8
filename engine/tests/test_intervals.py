from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from designbased.intervals.limits import (
    INTERVALS,
    PROPORTION_INTERVALS,
    arcsine,
    beta,
    korn_graubard,
    likelihood,
    log_t,
    logit,
    modified_wilson,
    wald,
    wald_t,
)

# Limits computed apart from this package from the published formulas; the Korn–Graubard ones agree
# with the NCHS SAS macro, the last row is the apiclus1 sample of R's survey package.
VECTORS = pd.read_csv(Path(__file__).parent / "standard_intervals.csv")
COLUMNS = {"korn_graubard": "kg", "modified_wilson": "wilson", "logit": "logit"}
DEFINED = [name for name in PROPORTION_INTERVALS if INTERVALS[name].edges]

proportions = st.floats(0.001, 0.999)
effective = st.floats(5, 2000)
degrees = st.integers(1, 200)
answers = st.integers(5, 3000)


def standard_error(p: float, n_eff: float) -> float:
    return float(np.sqrt(p * (1 - p) / n_eff))


@pytest.mark.parametrize("name", COLUMNS)
def test_published_vectors(name: str) -> None:
    low, high = INTERVALS[name](VECTORS["p"], VECTORS["se"], VECTORS["n"], VECTORS["df"], 0.95)
    expected = VECTORS[[f"{COLUMNS[name]}_low", f"{COLUMNS[name]}_high"]].to_numpy()
    np.testing.assert_allclose(np.column_stack([low, high]), expected, rtol=1e-12)


def test_no_second_correction_for_degrees_of_freedom() -> None:
    """Two faults seen elsewhere: df corrected twice in Wilson, and at the boundary."""
    sample = VECTORS.iloc[-1]
    _, wilson_high = modified_wilson(*sample[["p", "se", "n", "df"]])
    assert abs(wilson_high - 0.151014) > 0.01
    _, kg_high = korn_graubard(0.0, 0.0, 50, 20)
    assert abs(kg_high - 0.076416) > 0.005


def test_wald_t() -> None:
    low, high = wald_t(87.1820670506954, 0.49448268618504, 9189, 31)
    np.testing.assert_allclose([low, high], [86.1735629632107, 88.19057113818], rtol=1e-12)


@pytest.mark.parametrize("interval", INTERVALS.values())
@pytest.mark.parametrize("df", [0, -1, np.nan])
@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_no_interval_without_degrees_of_freedom(interval, df, p) -> None:
    assert np.isnan(interval(p, 0.0, 40, df, 0.95)).all()


@pytest.mark.parametrize("interval", INTERVALS.values())
def test_no_interval_without_estimate(interval) -> None:
    assert np.isnan(interval(np.nan, np.nan, 0, 3, 0.95)).all()


@pytest.mark.parametrize("interval", [logit, wald])
def test_undefined_where_nothing_varies(interval) -> None:
    assert np.isnan(interval([0, 0.4, 1], [0, 0, 0], 50, 10)).all()


@pytest.mark.parametrize("interval", [INTERVALS[name] for name in DEFINED])
def test_zero_standard_error_counts_as_simple_random_sample(interval) -> None:
    n, p = 80, 0.25
    simple = interval(p, standard_error(p, n * (1 + 1e-12)), n, n - 1)
    np.testing.assert_allclose(interval(p, 0.0, n, n - 1), simple, rtol=1e-11)


@pytest.mark.parametrize("name", PROPORTION_INTERVALS)
@settings(max_examples=40)
@given(p=proportions, n_eff=effective, df=degrees, n=answers)
def test_contains_the_estimate_within_zero_and_one(name, p, n_eff, df, n) -> None:
    low, high = INTERVALS[name](p, standard_error(p, n_eff), n, df, 0.95)
    assert 0 <= low <= p <= high <= 1
    assert low < high


@pytest.mark.parametrize("name", PROPORTION_INTERVALS)
@settings(max_examples=40)
@given(p=proportions, n_eff=effective, df=degrees, n=answers)
def test_mirrors_at_one_half(name, p, n_eff, df, n) -> None:
    # Modified Wilson jumps where the design effect is one: keep rounding away from there.
    assume(abs(n_eff / n - 1) > 1e-6)
    se = standard_error(p, n_eff)
    low, high = INTERVALS[name](p, se, n, df, 0.95)
    mirrored_low, mirrored_high = INTERVALS[name](1 - p, se, n, df, 0.95)
    # The effective n is a quotient of rounded numbers, hence not 1e-12.
    assert low == pytest.approx(1 - mirrored_high, abs=1e-9)
    assert high == pytest.approx(1 - mirrored_low, abs=1e-9)


@pytest.mark.parametrize("name", PROPORTION_INTERVALS)
@settings(max_examples=40)
@given(p=proportions, n_eff=st.floats(30, 2000), df=st.integers(4, 200), more=st.floats(1.05, 10))
def test_narrows_with_the_effective_sample_size(name, p, n_eff, df, more) -> None:
    n = 1_000_000
    width = np.subtract(*INTERVALS[name](p, standard_error(p, n_eff), n, df, 0.95)[::-1])
    narrower = np.subtract(*INTERVALS[name](p, standard_error(p, n_eff * more), n, df, 0.95)[::-1])
    assert narrower < width


@pytest.mark.parametrize("name", PROPORTION_INTERVALS)
@settings(max_examples=40)
@given(p=proportions, n_eff=st.floats(30, 2000), df=st.integers(4, 200), n=answers)
def test_widens_with_confidence(name, p, n_eff, df, n) -> None:
    assume(df < n)
    se = standard_error(p, n_eff)
    low_90, high_90 = INTERVALS[name](p, se, n, df, 0.90)
    low_99, high_99 = INTERVALS[name](p, se, n, df, 0.99)
    # A limit next to 0 or 1 may stay where it is.
    assert low_99 <= low_90
    assert high_90 <= high_99
    assert high_90 - low_90 < high_99 - low_99


@pytest.mark.parametrize("name", DEFINED)
@settings(max_examples=40)
@given(n=answers, df=degrees)
def test_one_sided_at_the_boundary(name, n, df) -> None:
    """With no events the limit solves (1 - U)^n = 2.5 %."""
    low, high = INTERVALS[name](0.0, 0.0, n, df, 0.95)
    assert low == 0
    assert (1 - high) ** n == pytest.approx(0.025, rel=1e-9)
    np.testing.assert_allclose(INTERVALS[name](1.0, 0.0, n, df, 0.95), [1 - high, 1], atol=1e-12)


@settings(max_examples=40)
@given(p=proportions, n_eff=effective, n=answers)
def test_korn_graubard_never_uses_more_than_n(p, n_eff, n) -> None:
    assume(n_eff > n)
    beyond = korn_graubard(p, standard_error(p, n_eff), n, n - 1)
    np.testing.assert_array_equal(beyond, korn_graubard(p, 0.0, n, n - 1))


@settings(max_examples=40)
@given(p=proportions, n_eff=effective, df=degrees, n=answers)
def test_beta_is_korn_graubard_below_the_cap(p, n_eff, df, n) -> None:
    size = n_eff * (stdtrit(n - 1, 0.975) / stdtrit(df, 0.975)) ** 2
    # At the cap itself rounding decides on which side of it a size stands.
    assume(abs(size / n - 1) > 1e-12)
    se = standard_error(p, n_eff)
    limits, capped = beta(p, se, n, df), korn_graubard(p, se, n, df)
    if size <= n:
        np.testing.assert_array_equal(limits, capped)
    else:
        assert capped[0] < limits[0]
        # Next to one there may be no number between them.
        assert limits[1] < capped[1] or limits[1] > 1 - 1e-15


@settings(max_examples=40)
@given(p=proportions, n_eff=effective, df=degrees, n=answers)
def test_likelihood_limits_solve_their_equation(p, n_eff, df, n) -> None:
    def ratio(q: float) -> float:
        divergence = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
        return float(2 * n_eff * (n - 1) / n * divergence)

    threshold = stdtrit(df, 0.975) ** 2
    for limit in likelihood(p, standard_error(p, n_eff), n, df):
        # Next to 0 and 1 a float cannot hold the limit.
        if 1e-12 < limit < 1 - 1e-12:
            assert ratio(limit) == pytest.approx(threshold, rel=1e-3 if limit > 0.999 else 1e-9)


def test_arcsine_cuts_its_angles() -> None:
    """Without the cut sin² would mirror an angle of -0.11 into a lower limit of 1.2 %."""
    low, high = arcsine(0.01, 0.02, 100, 20)
    assert low == 0
    assert high == pytest.approx(
        np.sin(np.arcsin(0.1) + stdtrit(20, 0.975) * 0.02 / 0.0995 / 2) ** 2, rel=1e-3
    )


def test_wald_is_cut_and_not_for_publication() -> None:
    np.testing.assert_allclose(wald(0.3, 0.1, 50, 10), [0.3 - 0.22281388519649, 0.52281388519649])
    assert wald(0.1, 0.1, 50, 10)[0] == 0
    assert wald(0.9, 0.1, 50, 10)[1] == 1
    assert "wald" not in PROPORTION_INTERVALS


def test_log_t_is_the_interval_of_a_count() -> None:
    """A count of 1,000 with a relative standard error of 20 % and 15 degrees of freedom."""
    factor = np.exp(0.2 * stdtrit(15, 0.975))
    np.testing.assert_allclose(log_t(1000, 200, 40, 15), [1000 / factor, 1000 * factor], rtol=1e-14)
    assert np.isnan(log_t([0, -5], 1, 40, 15)).all()


def test_whole_table_equals_cell_by_cell() -> None:
    columns = [VECTORS[name].to_numpy() for name in ("p", "se", "n", "df")]
    for interval in INTERVALS.values():
        table = np.column_stack(interval(*columns, 0.9))
        cells = [interval(*cell, 0.9) for cell in zip(*columns, strict=True)]
        np.testing.assert_array_equal(table, cells)
