"""Samples of two phases against double sums over pairs, and against all samples there are."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    SurveyDesign,
    TwoPhaseDesign,
    association_test,
    calibrate_second_phase,
    estimate,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    mean_tests,
)
from designbased.errors import InputError, NegativeVarianceWarning

HOURS = {"hours": "total"}


@pytest.fixture
def frame() -> pd.DataFrame:
    """30 places of four children in three regions; some children of each screen are drawn."""
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"place": np.repeat(random.permutation(30), 4)})
    frame["region"] = np.array(["east", "north", "west"])[frame["place"] % 3]
    frame["places"] = frame["region"].map({"east": 20, "north": 35, "west": 50})
    frame["weight"] = random.uniform(3, 9, 120)
    frame["screen"] = random.choice(["none", "some", "much"], 120, p=[0.6, 0.3, 0.1])
    frame["sex"] = random.choice(["boy", "girl"], 120)
    frame["known"] = random.gamma(4, 1, 120)
    frame["hours"] = frame["known"] + random.gamma(2, 2, 120) + 1
    frame["family"] = frame["place"] * 10 + frame.groupby("place").cumcount() // 2
    draw = random.random(120)
    share = frame["screen"].map({"none": 0.3, "some": 0.6, "much": 1.0})
    rank = draw.argsort().argsort()
    frame["drawn"] = False
    for _, of_screen in frame.groupby("screen"):
        count = int(np.ceil(share[of_screen.index[0]] * len(of_screen)))
        frame.loc[of_screen.index[np.argsort(rank[of_screen.index])[:count]], "drawn"] = True
    frame["hours"] = frame["hours"].where(frame["drawn"])
    return frame


def first_phase(frame: pd.DataFrame, **options: Any) -> SurveyDesign:
    columns = {"stratum": "region", "psu": "place", "fpc": "places", **options}
    return SurveyDesign.from_frame(frame, **columns)


def variance_by_pairs(
    frame: pd.DataFrame,
    first_units: pd.Series,
    first_strata: pd.Series,
    population: pd.Series | None,
    units: pd.Series,
    strata: pd.Series,
    scores: pd.Series,
    residuals: pd.Series | None = None,
) -> float:
    """Särndal, Swensson & Wretman 1992 (9.3.7), pair of rows by pair of rows.

    Args:
        scores: with all weights; those of the second phase use ``residuals`` if there are any.
    """
    rows = np.flatnonzero(frame["drawn"])
    total = 0.0
    count = {h: first_units[first_strata == h].nunique() for h in first_strata.unique()}
    present = {g: units[strata == g].nunique() for g in strata.unique()}
    taken = {g: units[(strata == g) & frame["drawn"]].nunique() for g in strata.unique()}
    second = (scores if residuals is None else residuals).to_numpy()
    scores_, unit, stratum = scores.to_numpy(), units.to_numpy(), strata.to_numpy()
    first, first_stratum = first_units.to_numpy(), first_strata.to_numpy()
    size = None if population is None else population.to_numpy()
    for k, j in product(rows, rows):
        m, present_k = taken[stratum[k]], present[stratum[k]]
        p, q = m / present_k, taken[stratum[j]] / present[stratum[j]]
        pair = p * q
        if unit[k] == unit[j]:
            pair = p
        elif stratum[k] == stratum[j]:
            pair = m * (m - 1) / (present_k * (present_k - 1))
        n = count[first_stratum[k]]
        unsampled = 1.0 if size is None else 1 - n / size[k]
        if first[k] == first[j]:
            delta = unsampled
        elif first_stratum[k] == first_stratum[j]:
            delta = -unsampled / (n - 1)
        else:
            delta = 0.0
        total += delta / pair * p * q * scores_[k] * scores_[j]
        total += (1 - p * q / pair) * second[k] * second[j]
    return total


def scores_of(design: TwoPhaseDesign, values: pd.Series) -> pd.Series:
    return pd.Series(np.where(design.weight > 0, design.weight * values.fillna(0.0), 0.0))


@pytest.mark.filterwarnings("ignore::designbased.errors.NegativeVarianceWarning")
@pytest.mark.parametrize("case", ["elements", "places", "with replacement", "families"])
def test_variances_are_those_of_the_double_sums(frame: pd.DataFrame, case: str) -> None:
    own = pd.Series(range(120))
    units, unit = own, None
    first_units, population = frame["place"].astype(int), frame["places"]
    if case == "elements":
        design_one = first_phase(frame.assign(places=10 * frame["places"]), psu=None)
        first_units, population = own, 10 * frame["places"]
    elif case == "with replacement":
        design_one, population = first_phase(frame, fpc=None), None
    else:
        design_one = first_phase(frame)
    if case == "families":
        # Families are drawn by the screen of their first child, as a whole.
        first_child = frame.groupby("family")[["screen", "drawn"]].transform("first")
        frame = frame.assign(screen=first_child["screen"], drawn=first_child["drawn"])
        frame["hours"] = (frame["known"] + 1).where(frame["drawn"])
        units, unit = frame["family"], "family"
    design = TwoPhaseDesign.from_frame(frame, design_one, "drawn", "screen", unit)

    def by_pairs(scores: pd.Series) -> float:
        strata = frame["region"], population, units, frame["screen"]
        return variance_by_pairs(frame, first_units, *strata, scores)

    table = estimate(design, frame["hours"], frame["sex"], HOURS)
    for row in table.itertuples():
        scores = scores_of(design, frame["hours"].where(frame["sex"] == row.level))
        assert row.estimate == pytest.approx(scores.sum(), rel=1e-13)
        expected = by_pairs(scores)
        squares = design.form.deviations(np.bincount(design.psu, scores)[:, np.newaxis]) ** 2
        assert (design.form.sign @ squares)[0] == pytest.approx(expected, rel=1e-10)
        assert np.isnan(row.se) if expected < 0 else row.se == pytest.approx(expected**0.5)
    ratio = estimate_ratios(
        design, frame[["hours"]], frame[["known"]].set_axis(["hours"], axis=1), None
    ).iloc[0]
    below = scores_of(design, frame["known"]).sum()
    point = scores_of(design, frame["hours"]).sum() / below
    expected = by_pairs(scores_of(design, frame["hours"] - point * frame["known"]) / below)
    assert ratio["se"] == pytest.approx(expected**0.5, rel=1e-10)


def test_what_the_first_phase_told_counts(frame: pd.DataFrame) -> None:
    """Calibrated weights: residuals of a regression in the second phase, scores in the first."""
    design = TwoPhaseDesign.from_frame(frame, first_phase(frame), "drawn", "screen")
    calibrated = calibrate_second_phase(design, frame, ["known", "sex"])
    girls = (frame["sex"] == "girl").astype(float)
    for told in (frame["known"], girls, pd.Series(1.0, range(120))):
        expected = (frame["weight"] * told).sum()
        assert (calibrated.weight * told).sum() == pytest.approx(expected, rel=1e-12)
    auxiliaries = np.column_stack([np.ones(120), frame["known"], girls])
    drawn = frame["drawn"].to_numpy()
    root = np.sqrt(design.weight[drawn])
    mean = np.average(frame.loc[drawn, "hours"], weights=calibrated.weight[drawn])
    centred = frame["hours"] - mean
    slopes = np.linalg.lstsq(
        root[:, np.newaxis] * auxiliaries[drawn], root * centred[drawn], rcond=None
    )[0]
    total = calibrated.weight.sum()
    expected = variance_by_pairs(
        frame,
        frame["place"],
        frame["region"],
        frame["places"],
        pd.Series(range(120)),
        frame["screen"],
        scores_of(calibrated, centred) / total,
        scores_of(calibrated, centred - auxiliaries @ slopes) / total,
    )
    table = estimate(calibrated, frame["hours"], statistics={"hours": "mean"}).iloc[0]
    assert table["estimate"] == pytest.approx(mean, rel=1e-13)
    assert table["se"] == pytest.approx(expected**0.5, rel=1e-10)
    for again, words in (
        (calibrated, "calibrated weights"),
        (
            TwoPhaseDesign.from_frame(
                frame.assign(drawn=True), first_phase(frame), "drawn", unit="place"
            ),
            "30 units",
        ),
    ):
        with pytest.raises(InputError, match=words):
            calibrate_second_phase(again, frame, ["known"])
    steep = frame.assign(known=np.where(frame["drawn"], 1.0, 50.0) + frame["known"] / 9)
    with pytest.raises(InputError, match="weights below zero"):
        calibrate_second_phase(design, steep, ["known"])


# All samples there are: the mean of the variances is the variance of the estimates.


@pytest.mark.parametrize("clustered", [False, True])
def test_totals_and_variances_are_unbiased(clustered: bool) -> None:
    """Children of two regions, or pairs of children; then some of each screen."""
    rows = 12 if clustered else 8
    place = np.arange(rows) // 2 if clustered else np.arange(rows)
    first_size = 3 if clustered else 5
    population = pd.DataFrame(
        {
            "place": place,
            "region": np.where(place < first_size, "a", "b"),
            "places": np.where(place < first_size, first_size, 3),
            "screen": np.where(np.arange(rows) % (4 if clustered else 2) == 1, "yes", "no"),
            "hours": np.array([3.0, 8, 1, 4, 9, 2, 7, 5, 6, 1, 0, 8])[:rows],
        }
    )
    chances, totals, variances = [], [], []
    of_first = combinations(range(first_size), first_size - 1)
    firsts = list(product(of_first, combinations(range(first_size, first_size + 3), 2)))
    for chosen in firsts:
        sample = population[population["place"].isin(sum(chosen, ()))].reset_index(drop=True)
        one = SurveyDesign.from_frame(
            sample, weight=None, stratum="region", psu="place", fpc="places"
        )
        groups = [rows.index.tolist() for _, rows in sample.groupby("screen")]
        seconds = list(
            product(*(list(combinations(group, max(2, len(group) // 2))) for group in groups))
        )
        if any(len(group) < 2 for group in groups):
            seconds = [()]
        for drawn in seconds:
            is_drawn = sample.index.isin(sum(drawn, ())) if drawn else np.ones(len(sample), bool)
            design = TwoPhaseDesign.from_frame(
                sample.assign(drawn=is_drawn), one, "drawn", "screen"
            )
            expanded = np.bincount(design.psu, design.weight * sample["hours"])
            squares = design.form.deviations(expanded[:, np.newaxis]) ** 2
            totals.append(expanded.sum())
            variances.append((design.form.sign @ squares)[0])
            chances.append(1 / len(firsts) / len(seconds))
    assert sum(chances) == pytest.approx(1)
    mean = np.average(totals, weights=chances)
    assert mean == pytest.approx(population["hours"].sum(), rel=1e-12)
    truth = np.average((np.array(totals) - mean) ** 2, weights=chances)
    assert np.average(variances, weights=chances) == pytest.approx(truth, rel=1e-10)
    assert min(variances) < 0


def test_a_second_phase_of_everyone_is_the_first(frame: pd.DataFrame) -> None:
    frame = frame.assign(drawn=1, hours=frame["known"] + 1)
    one = first_phase(frame)
    two = TwoPhaseDesign.from_frame(frame, one, "drawn", "screen")
    for statistic in ("total", "mean"):
        tables = [
            estimate(design, frame["hours"], frame["sex"], {"hours": statistic})
            for design in (one, two)
        ]
        np.testing.assert_allclose(tables[1]["se"], tables[0]["se"], rtol=1e-12)


def test_a_lonely_psu_of_the_first_phase_adds_what_one_taken_whole_adds(
    frame: pd.DataFrame,
) -> None:
    alone = frame["region"].where(frame["place"] > 0, "alone")
    tables = []
    for size, rule in ((1, "fail"), (20, "certainty")):
        places = frame["places"].where(frame["place"] > 0, size)
        one = first_phase(frame.assign(region=alone, places=places), lonely_psu=rule)
        design = TwoPhaseDesign.from_frame(frame, one, "drawn", "screen")
        tables.append(estimate(design, frame["hours"], statistics={"hours": "mean"}))
    assert tables[0]["se"].iloc[0] == pytest.approx(tables[1]["se"].iloc[0], rel=1e-12)


def test_a_first_phase_of_everyone_is_a_stratified_sample(frame: pd.DataFrame) -> None:
    everyone = SurveyDesign.from_frame(frame, weight=None, stratum=None, psu=None, fpc=120)
    two = TwoPhaseDesign.from_frame(frame, everyone, "drawn", "screen")
    drawn = frame[frame["drawn"]]
    sizes = frame["screen"].value_counts()
    sample = drawn.assign(size=drawn["screen"].map(sizes))
    one = SurveyDesign.from_frame(sample, weight=None, stratum="screen", psu=None, fpc="size")
    ours = estimate(two, frame["hours"], frame["sex"], HOURS)
    expected = estimate(one, sample["hours"], sample["sex"], HOURS)
    for column in ("estimate", "se", "n", "df", "deff"):
        np.testing.assert_allclose(ours[column], expected[column], rtol=1e-11)
    # Every kind of estimate goes the same way.
    medians = [
        estimate_quantiles(design, rows[["hours"]], rows[["sex"]].astype("category"), [0.5])
        for design, rows in ((two, frame), (one, sample))
    ]
    np.testing.assert_allclose(*(table["se"] for table in medians), rtol=1e-10)
    fits = [
        fit_model(design, rows, "hours ~ known + sex", "linear").table()
        for design, rows in ((two, frame), (one, sample))
    ]
    np.testing.assert_allclose(*(table["se"] for table in fits), rtol=1e-9)
    tests = [
        mean_tests(design, rows[["hours"]], null=5.0)
        for design, rows in ((two, frame), (one, sample))
    ]
    np.testing.assert_allclose(*(table["p_value"] for table in tests), rtol=1e-9)
    related = [
        association_test(design, (rows["known"] > 4).astype(float), rows["sex"])
        for design, rows in ((two, frame), (one, sample))
    ]
    for name in ("statistic", "df1", "df2", "p_value"):
        assert getattr(related[0], name) == pytest.approx(getattr(related[1], name), rel=1e-9)
    stable = [
        estimate(design, (rows["known"] > 4).astype(float), interval="korn_graubard_stabilised")
        for design, rows in ((two, frame), (one, sample))
    ]
    for column in ("se", "df"):
        np.testing.assert_allclose(*(table[column] for table in stable), rtol=1e-9)


def test_a_negative_variance_is_no_number_and_says_so() -> None:
    """Two children of four in each of two places; those drawn happen to balance each other."""
    frame = pd.DataFrame(
        {
            "place": [1, 1, 1, 1, 2, 2, 2, 2],
            "hours": [5.0, 5, 5, 5, 5, 5, 5, 5],
            "drawn": [True, True, False, False] * 2,
        }
    )
    one = SurveyDesign.from_frame(frame, weight=None, stratum=None, psu="place", fpc=20)
    design = TwoPhaseDesign.from_frame(frame, one, "drawn")
    with pytest.warns(NegativeVarianceWarning, match="1 of 1 estimates is negative"):
        table = estimate(design, frame["hours"], statistics=HOURS).iloc[0]
    assert table["estimate"] == 5 * 80
    assert np.isnan(table["se"])


def test_what_is_known_has_no_error_and_no_rounding(frame: pd.DataFrame) -> None:
    """The number of everyone, and of each screen answer in a first phase of everyone."""
    one = SurveyDesign.from_frame(frame, weight=None, stratum=None, psu=None, fpc=700)
    design = TwoPhaseDesign.from_frame(frame, one, "drawn", "screen")
    ones = pd.Series(1 / 3, index=frame.index)
    table = estimate(design, ones, statistics={"outcome": "total"})
    assert table["estimate"].iloc[0] == pytest.approx(700 / 3)
    assert table["se"].iloc[0] == 0
    everyone = SurveyDesign.from_frame(frame, weight=None, stratum=None, psu=None, fpc=120)
    census = TwoPhaseDesign.from_frame(frame, everyone, "drawn", "screen")
    by_answer = estimate(census, ones, frame["screen"], {"outcome": "total"})
    assert by_answer["se"].tolist() == [0, 0, 0]


def test_degrees_of_freedom_are_those_of_the_smaller_phase(frame: pd.DataFrame) -> None:
    drawn = int(frame["drawn"].sum())
    elements = TwoPhaseDesign.from_frame(
        frame, first_phase(frame, psu=None, fpc=None), "drawn", "screen"
    )
    assert elements.df == drawn - 3
    places = TwoPhaseDesign.from_frame(frame, first_phase(frame), "drawn", "screen")
    with_drawn = frame.loc[frame["drawn"], "place"].nunique()
    assert places.df == with_drawn - 3 < drawn - 3
    girls = frame[frame["drawn"] & (frame["sex"] == "girl")]
    expected = girls["place"].nunique() - girls["region"].nunique()
    table = estimate(places, frame["hours"], frame["sex"], {"hours": "mean"})
    assert table["df"].tolist()[1] == expected
    full = estimate(places, frame["hours"], frame["sex"], {"hours": "mean"}, df_rule="full")
    assert full["df"].tolist() == [27, 27]


def test_a_design_says_what_it_is(frame: pd.DataFrame) -> None:
    design = TwoPhaseDesign.from_frame(frame, first_phase(frame), "drawn", "screen")
    drawn = int(frame["drawn"].sum())
    assert repr(design).startswith(
        f"<TwoPhaseDesign: {drawn} of 120 units drawn, 3 strata, df {design.df}, "
        "from <SurveyDesign: 120 rows, 3 strata, 30 PSUs, df 27"
    )


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({}, {"drawn": "chosen"}, "column 'chosen': not in the data"),
        ({"drawn": 2}, {}, "column 'drawn': values other than true and false, data rows 1, 2"),
        ({"drawn": False}, {}, "no unit drawn in the strata much, none, some"),
        ({"screen": "none"}, {"unit": "place"}, "column 'drawn': more than one value in unit 0"),
        ({"family": 7}, {"unit": "family"}, "unit 7 in more than one stratum of the second phase"),
        (
            {"family": 7, "drawn": True, "screen": "none"},
            {"unit": "family"},
            "column 'family': more than one PSU of the first phase in unit 7",
        ),
        ({"drawn": [True] + [False] * 119}, {"stratum": None}, "a single unit drawn in the strata"),
    ],
)
def test_faults_are_refused(
    frame: pd.DataFrame, change: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    one = first_phase(frame)
    with pytest.raises(InputError) as caught:
        TwoPhaseDesign.from_frame(
            frame.assign(**change), one, **{"drawn": "drawn", "stratum": "screen", **options}
        )
    assert words in str(caught.value)


def test_first_phases_that_cannot_be_followed_are_refused(frame: pd.DataFrame) -> None:
    cases = (
        (
            first_phase(frame.assign(weight=[0.0] + [1.0] * 119)),
            "1 rows of weight zero, data row 1",
        ),
        (
            first_phase(frame.assign(children=9), later_stages=[(None, "children")]),
            "later stages, which the second phase cannot follow",
        ),
        (
            first_phase(
                frame.assign(region=frame["region"].where(frame["place"] > 0, "alone")),
                fpc=None,
                lonely_psu="average",
            ),
            "the rule 'average' for lonely PSUs",
        ),
    )
    for one, words in cases:
        with pytest.raises(InputError, match=words):
            TwoPhaseDesign.from_frame(frame, one, "drawn", "screen")
    with pytest.raises(InputError, match="119 rows for a design of 120"):
        TwoPhaseDesign.from_frame(frame.iloc[1:], first_phase(frame), "drawn", "screen")
