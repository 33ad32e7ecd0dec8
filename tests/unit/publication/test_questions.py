"""Options of a question and pairs of respondents: from the codebook, and what leaves of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from linked_survey import LINKED
from pydantic import ValidationError

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.dyads import compare_dyads
from designbased.estimates.questions import estimate_categories
from disrupting_harm.publication.dyads import count_open_children, public_dyads
from disrupting_harm.publication.question_groups import (
    REST,
    Question,
    find_questions,
    find_same_questions,
)
from disrupting_harm.publication.question_options import public_options
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.statuses import NO_INDICATOR

STUDY = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")
N = 800


def changed(kind: str, name: str, **keys: object) -> Codebook:
    content = STUDY.model_dump(mode="json")
    content[kind] = [{**entry, **keys} if entry["id"] == name else entry for entry in content[kind]]
    return Codebook.model_validate(content)


def test_questions_follow_from_the_codebook() -> None:
    found = {question.name: question for question in find_questions(STUDY)}
    assert list(found) == ["channel", "offender", "told", "not_told"]
    # "Someone known" counts the answers of others together, and is no option.
    options = ("offender_unknown", "offender_family", "offender_child")
    assert found["offender"] == Question("offender", options, True, True)
    assert not found["told"].one_answer
    assert len(found["told"].options) == 7
    assert find_questions(LINKED) == (Question("who", ("family", "stranger"), True, True),)


def test_options_that_overlap_are_no_question() -> None:
    overlap = [{"item": "offender", "among": ["unknown_person", "family_adult"]}]
    more = changed("indicators", "offender_family", numerator=overlap)
    assert [each.name for each in find_questions(more)] == [
        "channel",
        "offender",
        "told",
        "not_told",
    ]
    twisted = [{"item": "offender", "among": ["known_child", "unknown_person"]}]
    both = more.model_dump(mode="json")
    for entry in both["indicators"]:
        if entry["id"] in ("offender_child", "offender_unknown"):
            entry["numerator"] = twisted
    names = [each.name for each in find_questions(Codebook.model_validate(both))]
    assert names == ["channel", "told", "not_told"]


def test_pairs_follow_from_the_codebook() -> None:
    pair = ("blames_child_for_image", "caregiver_blames_child_for_image")
    assert find_same_questions(STUDY) == (pair,)
    counted = changed("indicators", "caregiver_blames_child_for_image", dont_know="no")
    assert find_same_questions(counted) == ()


@pytest.mark.parametrize(
    ("item", "keys", "message"),
    [
        ("caregiver_worried", {"same_as": "blames_child_for_image"}, "in other words"),
        ("caregiver_worried", {"same_as": "nothing"}, "does not exist"),
        ("caregiver_worried", {"same_as": "wealth"}, "no yes/no item of the child"),
        ("blames_child_for_image", {"same_as": "told_nobody"}, "items of a caregiver"),
        ("channel", {"tick_of": "told"}, "only yes/no items"),
    ],
)
def test_pairs_and_ticks_that_are_none_are_refused(item: str, keys: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed("items", item, **keys)


def survey(shares: list[float]) -> tuple[SurveyDesign, pd.DataFrame]:
    """One answer of a, b, and so on, evenly spread over PSUs."""
    at = (np.arange(N) * 0.6180339887) % 1
    answer = np.searchsorted(np.cumsum(shares)[:-1], at)
    names = [*"abcdef"[: len(shares) - 1], REST]
    table = pd.DataFrame({name: (answer == k).astype(float) for k, name in enumerate(names)})
    frame = pd.DataFrame({"stratum": 0, "psu": np.arange(N) // 20, "weight": 1.0})
    return SurveyDesign.from_frame(frame), table


def published(
    shares: list[float], hidden: dict[str, tuple[str, float]], kept: tuple[str, ...] = ()
) -> pd.DataFrame:
    """What is printed of options, some of which the release hides behind a sign and a bound."""
    design, answers = survey(shares)
    found = estimate_categories(design, answers, True)
    own = found.shares.assign(country="KEN", question="who", one_answer=True)
    release = own[own["option"] != REST].rename(columns={"option": "indicator"})
    release = release.assign(
        domain="total", level="all", population=1.0, deff=1.0, n_eff=1.0, reliability="present",
        interval="korn_graubard", n_printed=N, population_printed=1.0, reason="",
        shown="x", bound_low=np.nan, bound_high=np.nan, status="present", release="",
    )  # fmt: skip
    for name, (sign, bound) in hidden.items():
        row = release["indicator"] == name
        release.loc[row, ["shown", "status"]] = [sign, "suppress_disclosure"]
        release.loc[row, ["bound_low", "bound_high"]] = [0.0 if bound < 1 else np.nan, bound]
    release.loc[release["indicator"].isin(kept), "release"] = "first"
    order = found.pairs.assign(country="KEN", question="who")
    table = public_options(own, order, release, Rounding(), "korn_graubard", 0.95)
    return table.set_index("option")


def test_numbers_are_those_of_the_release_and_limits_hold_together() -> None:
    found = published([0.5, 0.3, 0.15, 0.05], {"c": ("c", np.nan)})
    assert list(found["may_be_first"]) == [True, False, False, False]
    assert found.loc["a", "estimate"] == pytest.approx(0.5, abs=0.005)
    design, answers = survey([0.5, 0.3, 0.15, 0.05])
    own = estimate_categories(design, answers, True).shares.set_index("option").loc["a"]
    assert found.loc["a", "ci_low"] == pytest.approx(own["ci_low"], abs=0.005)
    assert found.loc["c", ["n", "estimate", "ci_low", "ci_high"]].isna().all()
    assert found.loc[REST, "status"] == NO_INDICATOR
    assert found.loc[REST, ["estimate", "ci_low", "ci_high"]].isna().all()


def test_of_a_hidden_option_the_order_says_what_print_says() -> None:
    """It is the same whatever the hidden number is, as long as print is the same."""
    for hidden_share in (0.001, 0.04, 0.09):
        shares = [0.55, 0.3, hidden_share, 0.15 - hidden_share]
        found = published(shares, {"c": ("c", np.nan)})
        assert list(found["may_be_first"]) == [True, False, False, False]
        # What is left for c and the rest is larger than what b has.
        found = published([0.34, 0.3, hidden_share, 0.36 - hidden_share], {"c": ("c", np.nan)})
        assert found.loc["c", "may_be_first"]
        assert found.loc[REST, "may_be_first"]
        bounded = published([0.34, 0.3, hidden_share, 0.36 - hidden_share], {"c": ("< 10", 0.1)})
        assert not bounded.loc["c", "may_be_first"]


def test_an_option_that_nothing_is_known_of_may_be_first() -> None:
    found = published([0.5, 0.3, 0.15, 0.05], {"a": ("c", np.nan), "b": ("c", np.nan)})
    assert found.loc[["a", "b"], "may_be_first"].all()


def test_a_number_of_an_earlier_release_has_no_limits_of_this_one() -> None:
    found = published([0.5, 0.3, 0.15, 0.05], {}, kept=("a",))
    assert found.loc["a", ["ci_low", "ci_high"]].isna().all()
    assert found.loc["a", "estimate"] == pytest.approx(0.5, abs=0.005)
    assert found.loc["b", ["ci_low", "ci_high"]].notna().all()
    assert found.loc["a", "may_be_first"]


def pairs(both: int, only_child: int, only_caregiver: int) -> pd.DataFrame:
    """A table of pairs whose cells have so many children."""
    child, caregiver = np.zeros(N), np.zeros(N)
    spread = np.argsort((np.arange(N) * 0.6180339887) % 1)
    child[spread[: both + only_child]] = 1
    caregiver[spread[:both]] = 1
    caregiver[spread[both + only_child : both + only_child + only_caregiver]] = 1
    frame = pd.DataFrame({"stratum": 0, "psu": np.arange(N) // 20, "weight": 1.0})
    table = compare_dyads(SurveyDesign.from_frame(frame), pd.Series(child), pd.Series(caregiver))
    return table.assign(country="KEN", child="one", caregiver="other")


def test_a_pair_is_printed_whole_in_whole_per_cents() -> None:
    found = public_dyads(pairs(100, 60, 44), "nchs2017").set_index("measure")
    assert list(found.index) == ["caregiver_if_child", "agree", "kappa"]
    assert found.loc["caregiver_if_child", "estimate"] == 0.62
    assert set(found["status"]) == {"present"}
    assert set(found["n"]) == {800}
    numbers = found[["estimate", "ci_low", "ci_high"]].to_numpy()
    np.testing.assert_array_equal(numbers, np.round(numbers, 2))


def test_nothing_is_printed_that_would_tell_the_yes_of_few_children() -> None:
    """Who tries all tables of 800 pairs finds those that print alike, and how far apart."""
    child, caregiver, agree, kappa = (
        pairs(100, 60, 44).set_index("measure").loc[name, "estimate"]
        for name in ("child", "caregiver_if_child", "agree", "kappa")
    )
    assert (child, caregiver, agree) == pytest.approx((0.2, 0.625, 0.87))
    told = {"caregiver_if_child": caregiver, "agree": agree, "kappa": kappa}
    both, only_child, only_caregiver = np.meshgrid(*[np.arange(10, 150)] * 3, indexing="ij")
    yes, said = both + only_child, both + only_caregiver
    same = (N - only_child - only_caregiver) / N
    chance = (yes * said + (N - yes) * (N - said)) / N**2
    half = 0.005 + 1e-9
    alike = (abs(both / yes - 0.62) <= half) & (abs(same - 0.87) <= half)
    alike &= abs((same - chance) / (1 - chance) - round(kappa, 2)) <= half
    found = min(np.ptp(side[alike]) for side in (yes, said))
    assert count_open_children(told, N) == found
    assert count_open_children(told, N) > 10 > count_open_children(told, N // 4)


@pytest.mark.parametrize("cells", [(19, 60, 44), (100, 19, 44), (100, 60, 19), (600, 100, 81)])
def test_nothing_of_a_pair_with_a_small_cell(cells: tuple[int, int, int]) -> None:
    found = public_dyads(pairs(*cells), "nchs2017")
    assert set(found["status"]) == {"suppress_disclosure"}
    assert found[["n", "estimate", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(found["warning"]) == {""}


def test_nothing_of_a_pair_where_a_release_is_updated() -> None:
    found = public_dyads(pairs(100, 60, 44), "nchs2017", {("one", "other")})
    assert set(found["status"]) == {"suppress_disclosure"}


def test_a_study_without_questions_has_empty_tables() -> None:
    assert public_dyads(pairs(100, 60, 44).iloc[:0], "nchs2017").empty
