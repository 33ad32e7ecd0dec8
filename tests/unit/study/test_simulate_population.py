"""Random streams, and the simulated population and its answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_study import children, population, simulation, small, study

from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.answers import NO, NOT_ASKED, YES, draw_true_answers
from disrupting_harm.simulation.population import draw_population
from disrupting_harm.simulation.random_streams import Streams, apportion, cut_by_score

COUNTRIES = ("ETH", "KHM", "RWA", "VNM")
CLEAR = ("offered_for_images", "offered_for_meeting", "threatened_online", "images_shared")
WIDER = (*CLEAR, "asked_to_talk_about_sex", "asked_for_images", "sent_sexual_images")


def test_streams_depend_on_seed_country_and_purpose():
    def draw(seed, country, purpose):
        return Streams(seed, country)(purpose).random(3).tolist()

    first = draw(1, "KEN", "age")
    assert draw(1, "KEN", "age") == first
    assert draw(2, "KEN", "age") != first
    assert draw(1, "UGA", "age") != first
    assert draw(1, "KEN", "sex") != first


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=60, unique=True),
    st.lists(st.floats(0.1, 10), min_size=1, max_size=5),
)
def test_cut_gives_each_position_its_share_from_the_top(scores, weights):
    percents = 100 * np.array(weights) / sum(weights)
    score = np.array(scores)
    position = cut_by_score(score, percents)
    order = np.argsort(-score)
    assert (np.diff(position[order]) >= 0).all()
    counts = np.bincount(position, minlength=len(percents))
    assert np.abs(np.cumsum(counts) - np.cumsum(percents) / 100 * len(score)).max() <= 0.5 + 1e-9


@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=12), st.integers(0, 3), st.integers(0, 200)
)
def test_apportion_keeps_total_and_minimum(sizes, minimum, more):
    total = minimum * len(sizes) + more
    parts = apportion(total, sizes, minimum)
    assert parts.sum() == total
    assert parts.min() >= minimum


def test_apportion_by_hand():
    # Quotas 5.5, 3.3, 1.1; the largest remainder takes the last one.
    assert apportion(10, [5, 3, 1]).tolist() == [6, 3, 1]
    assert apportion(10, [98, 1, 1], minimum=2).tolist() == [6, 2, 2]
    with pytest.raises(ValueError, match="cannot be divided"):
        apportion(3, [1, 1], minimum=2)


@pytest.mark.parametrize("country", COUNTRIES)
def test_structure_of_the_population(country):
    made, _ = population(country)
    settings = simulation().country(country)
    assert 40_000 <= made.n_children <= 80_000
    assert made.scale * made.n_children == pytest.approx(children(country), rel=1e-12)
    strata, psus = np.unique(made.psu_stratum, return_counts=True)
    assert len(strata) == 2 * settings.regions
    assert psus.sum() == settings.frame.psus
    assert (np.diff(made.psu_stratum) >= 0).all()
    assert made.psu_households.min() >= settings.draw.households
    assert (np.diff(made.child_psu) >= 0).all()
    per_household = np.bincount(made.child_household)
    share = np.bincount(per_household)[1:] / len(per_household)
    assert share == pytest.approx(list(settings.frame.eligible_children.values()), abs=0.01)


def test_urban_share_and_wealth():
    made, _ = population("KHM")
    urban = (made.items["area"] == 0).mean()
    assert urban == pytest.approx(simulation().countries["KHM"].urban / 100, abs=0.03)
    wealth = np.bincount(made.items["wealth"]) / made.n_children
    assert wealth == pytest.approx([1 / 3] * 3, abs=0.01)
    assert made.items["wealth"][made.items["area"] == 0].mean() > 1.1


@pytest.mark.parametrize("country", COUNTRIES)
def test_composites_hit_their_targets_to_one_child(country):
    made, answers = population(country)
    percents = simulation().country(country).composite_percents
    for name, items in (("clear_examples", CLEAR), ("any_tf_csea", WIDER)):
        reached = np.stack([answers[item] == YES for item in items]).any(axis=0)
        assert abs(reached.sum() - percents[name] / 100 * made.n_children) <= 1, name
    assert ((answers["any_experience"] == YES) == reached).all()


def test_items_of_a_composite_keep_their_proportions():
    _, answers = population("ZAF")
    recipes = simulation().country("ZAF").recipes
    yes = {item: (answers[item] == YES).mean() for item in CLEAR}
    ratios = [yes[item] / recipes[item].percent for item in CLEAR]
    assert ratios == pytest.approx([ratios[0]] * 4, rel=2e-3)


@pytest.mark.parametrize("country", COUNTRIES)
def test_items_with_a_target_hit_it_to_one_child(country):
    _, answers = population(country)
    settings = simulation().country(country)
    for name in set(settings.own) - set(WIDER):
        asked = answers[name] != NOT_ASKED
        yes = (answers[name] == YES).sum()
        wanted = settings.recipes[name].percent / 100 * asked.sum()
        # Siblings share their caregiver's answers: up to three children at the bound.
        assert abs(yes - wanted) <= 3, name


def test_items_without_a_target_differ_between_countries():
    shares = {c: (population(c)[1]["own_phone"] == YES).mean() for c in COUNTRIES}
    assert max(shares.values()) - min(shares.values()) > 0.05


@pytest.mark.parametrize("country", COUNTRIES)
def test_skips_are_consistent(country):
    _, answers = population(country)
    older, reached = answers["age_group"] == 1, answers["any_experience"] == YES
    silent = reached & (answers["told_nobody"] == YES)
    for items, asked in (
        (("received_for_images", "received_for_meeting"), older),
        (("channel", "offender", "told_nobody", "told_friend", "told_helpline"), reached),
        (("not_told_unsure_where", "not_told_trouble"), silent),
    ):
        for item in items:
            assert ((answers[item] != NOT_ASKED) == asked).all(), item
    for item in ("told_friend", "told_sibling", "told_caregiver", "told_police"):
        assert (answers[item][silent] == NO).all(), item


def test_caregivers_answer_for_all_children_of_their_household():
    made, answers = population("KHM")
    siblings = made.child_household[1:] == made.child_household[:-1]
    for item in ("caregiver_uses_internet", "caregiver_would_tell_police"):
        assert (answers[item][1:] == answers[item][:-1])[siblings].all(), item


def test_associations_that_the_models_state():
    _, answers = population("PHL")
    reached = answers["any_experience"] == YES

    def share(item, among):
        return (answers[item][among] == YES).mean()

    knows = answers["knows_where_to_get_help"] == YES
    assert share("told_nobody", reached & ~knows) - share("told_nobody", reached & knows) > 0.1
    daily = answers["frequency"] == 0
    assert reached[daily].mean() > reached[~daily].mean() + 0.03
    # Experiences go together.
    assert share("images_shared", answers["threatened_online"] == YES) > 0.3


def test_psus_differ_more_where_the_psu_share_is_larger():
    def spread(country):
        made, answers = population(country)
        reached = (answers["any_experience"] == YES).astype(float)
        size = np.bincount(made.child_psu)
        mean = np.bincount(made.child_psu, weights=reached) / size
        p = reached.mean()
        # Variance between PSUs beyond that of independent children, as an intra-class correlation.
        return (np.average((mean - p) ** 2, weights=size) / (p * (1 - p)) - 1 / size.mean()).item()

    assert spread("ETH") > 4 * spread("KHM") > 0


def test_a_wider_composite_cannot_be_narrower():
    settings = small()
    narrow = settings.model_copy(
        update={"composite_percents": {"clear_examples": 20.0, "any_tf_csea": 10.0}}
    )
    streams = Streams(1, "KEN")
    made = draw_population(narrow, 1000, streams)
    with pytest.raises(StudyError, match="any_tf_csea"):
        draw_true_answers(narrow, study().codebook, made, streams)
