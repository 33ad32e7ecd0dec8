import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from designbased.calibration.calibrate import calibrate
from designbased.calibration.calibrated_errors import calibrated_frame, margin_indicators
from designbased.calibration.raking import calibration_auxiliaries
from designbased.design import coding
from designbased.design.deviations import scaled_deviations
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate

SIZE = 240
RNG = np.random.default_rng(11)
TABLE = pd.DataFrame(
    {
        "stratum": np.repeat([1, 2, 3], 80),
        "psu": np.repeat(np.arange(24), 10),
        "sex": RNG.choice(["boy", "girl"], SIZE),
        "age": RNG.choice(["young", "middle", "old"], SIZE),
    }
)
BEFORE = RNG.gamma(3, 10, SIZE)
TARGETS = {
    "sex": {"boy": 3600.0, "girl": 3800.0},
    "age": {"young": 2300.0, "middle": 2500.0, "old": 2600.0},
}
AUXILIARY = calibration_auxiliaries(TABLE, TARGETS, BEFORE)
WEIGHT = calibrate(BEFORE, AUXILIARY).weights
DESIGN = SurveyDesign.from_frame(TABLE.assign(weight=WEIGHT))
FRAME = calibrated_frame(AUXILIARY.values, BEFORE)
OUTCOMES = pd.DataFrame(
    {
        "girl": (TABLE["sex"] == "girl").astype(float),
        "p": (RNG.random(SIZE) < 0.2 + 0.4 * (TABLE["sex"] == "girl")).astype(float),
        "some": np.where(RNG.random(SIZE) < 0.15, np.nan, RNG.random(SIZE) < 0.3),
        "hours": RNG.gamma(2, 2, SIZE),
    }
)
STATISTICS = {"hours": "mean"}
DOMAINS = pd.DataFrame(
    {
        "total": pd.Categorical(["all"] * SIZE),
        "sex": pd.Categorical(TABLE["sex"], categories=["boy", "girl", "other"]),
        "part": pd.Categorical(np.where(RNG.random(SIZE) < 0.4, "a", None)),
    }
)


def test_equal_to_residuals_row_by_row() -> None:
    table = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=FRAME)
    for cell in table.itertuples():
        y = OUTCOMES[cell.indicator].to_numpy()
        inside = (DOMAINS[cell.domain] == cell.level).to_numpy() & ~np.isnan(y)
        if not inside.any():
            assert np.isnan(cell.se)
            continue
        score = np.where(inside, np.nan_to_num(y) - cell.estimate, 0) / WEIGHT[inside].sum()
        # The regression by least squares on all dummies, which depend on each other.
        root = np.sqrt(BEFORE)
        slopes = np.linalg.lstsq(AUXILIARY.values * root[:, None], score * root)[0]
        residual = score - AUXILIARY.values @ slopes
        np.testing.assert_allclose(FRAME.residuals(score[:, None])[:, 0], residual, atol=1e-14)
        totals = np.bincount(DESIGN.psu, WEIGHT * residual)[:, None]
        se = np.sqrt((scaled_deviations(DESIGN, totals) ** 2).sum())
        assert cell.se == pytest.approx(se, rel=1e-9, abs=1e-14)


def test_what_was_calibrated_to_is_known_without_error() -> None:
    plain = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS)
    table = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=FRAME)
    girl = (table["indicator"] == "girl") & (table["domain"] == "total")
    assert plain.loc[girl, "se"].item() > 0.02
    assert table.loc[girl, "se"].item() == 0
    same = [c for c in table if c not in ("se", "ci_low", "ci_high", "deff", "n_eff")]
    pd.testing.assert_frame_equal(table[same], plain[same])


def test_blocks_of_levels_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=FRAME)
    monkeypatch.setattr(coding, "BLOCK_SIZE", 1)
    parts = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=FRAME)
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)


def test_indicators_of_margins_give_the_same_frame() -> None:
    frame = calibrated_frame(csr_array(margin_indicators(TABLE, ("sex", "age"))), BEFORE)
    first = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=FRAME)
    second = estimate(DESIGN, OUTCOMES, DOMAINS, STATISTICS, calibration=frame)
    pd.testing.assert_frame_equal(first, second, rtol=1e-12)


def test_coverage_and_size_in_repeated_samples() -> None:
    """Over 400 samples the calibrated error is that of the estimates; the plain one is twice it."""
    rng = np.random.default_rng(5)
    x = rng.choice([0.0, 1.0], 20_000)
    y = (rng.random(x.size) < 0.1 + 0.8 * x).astype(float)
    population = pd.DataFrame({"x": x, "y": y})
    known = {"1": 20_000.0, "x": float(x.sum())}
    found, calibrated, plain = [], [], []
    domains = pd.DataFrame({"total": pd.Categorical(["all"] * 200)})
    for number in range(400):
        drawn = population.iloc[rng.choice(x.size, 200, replace=False)]
        sample = drawn.assign(**{"1": 1.0}).reset_index(drop=True)
        before = np.full(200, 100.0)
        auxiliary = calibration_auxiliaries(sample, {}, before, known)
        weights = calibrate(before, auxiliary, "linear").weights
        found.append(np.average(sample["y"], weights=weights))
        # The spread of the estimates needs all samples; the mean of their errors few.
        if number % 10 == 0:
            design = SurveyDesign.from_frame(sample.assign(weight=weights), stratum=None, psu=None)
            frame, outcome = calibrated_frame(auxiliary.values, before), sample[["y"]]
            table = estimate(design, outcome, domains, calibration=frame)
            assert table["estimate"].item() == pytest.approx(found[-1], rel=1e-12)
            calibrated.append(table["se"].item())
            plain.append(estimate(design, outcome, domains)["se"].item())
    assert np.mean(calibrated) == pytest.approx(np.std(found), rel=0.1)
    assert np.mean(plain) > 1.5 * np.std(found)


@pytest.mark.parametrize(
    ("values", "weights", "option", "words"),
    [
        (np.ones((3, 1)), np.ones(2), "before", "2 weights for auxiliaries of shape"),
        (np.ones((2, 1)), np.array([1, -1]), "before", "weight_before"),
        (np.ones((2, 1)), np.zeros(2), "before", "weight_before"),
        (np.array([[1], [np.nan]]), np.ones(2), "before", "missing or infinite"),
        (np.zeros((2, 1)), np.ones(2), "before", "all values are zero"),
        (np.ones((2, 1)), np.ones(2), "after", "Choose one of before, equal"),
    ],
)
def test_faulty_frames_are_named(values, weights, option, words) -> None:
    with pytest.raises(InputError, match=words):
        calibrated_frame(values, weights, option)


def test_margins_must_be_named_and_complete() -> None:
    with pytest.raises(InputError, match="none is named"):
        margin_indicators(TABLE, ())
    with pytest.raises(InputError, match=r"'age'.*no value in 1 row"):
        margin_indicators(TABLE.assign(age=TABLE["age"].where(TABLE.index > 0)), ("age",))
