"""The simulated sample: selection probabilities, non-response and recorded answers."""

import numpy as np
import pytest
from simulated_study import children, population, simulation, small, study

from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.answers import NO, YES, draw_true_answers
from disrupting_harm.simulation.population import draw_population, draw_sample, systematic_pps
from disrupting_harm.simulation.random_streams import Streams
from disrupting_harm.simulation.study import INTERVIEWED, SPECIAL, record_answers
from disrupting_harm.study.codebook.definitions import DONT_KNOW, LOST, NOT_ASKED, REFUSED

REPLICATES = 300


def samples(country, replicates, settings=None, made=None):
    """Draw independent samples from the same population."""
    made = made or population(country)[0]
    settings = settings or simulation().country(country)
    for replicate in range(replicates):
        yield draw_sample(settings, made, Streams(1000 + replicate, country))


def test_systematic_pps_draws_with_the_stated_probability():
    size = np.array([10, 30, 20, 25, 15, 40, 12, 8])
    n, grid = 3, 160_000
    drawn = np.zeros(len(size))
    for start in (np.arange(grid // 100) + 0.5) / (grid // 100):
        units, probability = systematic_pps(size, n, start)
        assert len(set(units)) == n
        assert probability == pytest.approx(n * size[units] / size.sum(), rel=1e-15)
        drawn[units] += 1
    assert drawn / (grid // 100) == pytest.approx(n * size / size.sum(), abs=2e-3)


def test_systematic_pps_refuses_certainty_units():
    with pytest.raises(StudyError, match="certainty"):
        systematic_pps(np.array([10, 1, 1]), 2, 0.5)


def test_shape_of_the_sample():
    made, _ = population("VNM")
    (sample,) = samples("VNM", 1)
    psus, households = np.unique(sample.psu, return_counts=True)
    assert len(psus) == 100
    assert (households == 12).all()
    assert len(np.unique(made.child_household[sample.child])) == 1200
    assert (made.child_psu[sample.child] == sample.psu).all()
    strata, per_stratum = np.unique(made.psu_stratum[psus], return_counts=True)
    assert len(strata) == 12
    assert per_stratum.min() >= 2
    expected = 100 * np.bincount(made.psu_stratum, weights=made.psu_size) / made.psu_size.sum()
    assert np.abs(per_stratum - expected).max() < 1


def test_horvitz_thompson_totals_are_unbiased():
    """Means over samples of the estimated totals, within 4 standard errors of the truth."""
    settings = small()
    streams = Streams(5, "KEN")
    made = draw_population(settings, 1_000_000, streams)
    girl = made.items["sex"] == 1
    per_household = np.diff(made.household_first_child)
    with_siblings = per_household[made.child_household] > 1
    estimates = []
    for sample in samples("KEN", REPLICATES, settings, made):
        weight = sample.base_weight
        of_girls, of_siblings = girl[sample.child], with_siblings[sample.child]
        estimates.append([weight.sum(), weight[of_girls].sum(), weight[of_siblings].sum()])
    truth = made.scale * np.array([made.n_children, girl.sum(), with_siblings.sum()])
    mean, error = np.mean(estimates, axis=0), np.std(estimates, axis=0) / np.sqrt(REPLICATES)
    assert (np.abs(mean - truth) < 4 * error).all()
    # Four standard errors are a narrow bound here.
    assert (4 * error / truth < 0.05).all()
    # Without the number of eligible children, siblings would count too little.
    unweighted = with_siblings.mean() - np.mean(
        [with_siblings[sample.child].mean() for sample in samples("KEN", 40, settings, made)]
    )
    assert unweighted > 0.05


def test_base_weights_add_up_to_the_population():
    for country in ("NAM", "IDN"):
        (sample,) = samples(country, 1)
        assert sample.base_weight.sum() == pytest.approx(children(country), rel=0.1)


def test_unit_nonresponse_depends_on_area_and_age_alone():
    made, answers = population("KEN")
    drawn = list(samples("KEN", 30))
    child = np.concatenate([sample.child for sample in drawn])
    interviewed = np.isin(np.concatenate([sample.disposition for sample in drawn]), INTERVIEWED)
    urban, older = made.items["area"][child] == 0, made.items["age_group"][child] == 1
    response = simulation().response
    for is_urban in (False, True):
        for is_older in (False, True):
            group = interviewed[(urban == is_urban) & (older == is_older)]
            expected = response.interviewed + response.urban * is_urban + response.older * is_older
            error = np.sqrt(expected / 100 * (1 - expected / 100) / len(group))
            assert abs(group.mean() - expected / 100) < 4 * error
    reached = answers["any_experience"][child] == YES
    same = urban & older
    difference = interviewed[same & reached].mean() - interviewed[same & ~reached].mean()
    assert abs(difference) < 4 * np.sqrt(0.79 * 0.21 / (same & reached).sum())
    words = set(np.concatenate([sample.disposition for sample in drawn]).tolist())
    assert words == {"complete", "partial", "refusal", "non_contact", "other"}


def recorded_answers(country, seed=7):
    made, answers = population(country)
    settings = simulation().country(country)
    streams = Streams(seed, country)
    sample = draw_sample(settings, made, streams)
    return (
        sample,
        answers,
        record_answers(settings, study().codebook, made, answers, sample, streams),
    )


def test_recorded_answers_are_true_or_missing():
    sample, answers, recorded = recorded_answers("PHL")
    interviewed = np.isin(sample.disposition, INTERVIEWED)
    for item in study().codebook.items:
        answer = recorded[item.id]
        if item.respondent == "sample":
            assert (answer >= 0).all()
            continue
        assert (answer[~interviewed] == SPECIAL[NOT_ASKED]).all()
        if item.id == "any_experience":
            continue
        given = interviewed & (answer >= 0)
        assert given.any()
        assert (answer[given] == answers[item.id][sample.child][given]).all(), item.id
        assert set(answer[answer < 0].tolist()) <= set(SPECIAL.values())


def test_questions_are_asked_as_the_record_routes_them():
    sample, _, recorded = recorded_answers("PHL")
    whole = sample.disposition == "complete"
    parts = np.stack([recorded[item] == YES for item in ("offered_for_images", "images_shared")])
    assert (recorded["any_experience"][whole & parts.any(axis=0)] == YES).all()
    routed = recorded["any_experience"] == YES
    assert ((recorded["channel"] != SPECIAL[NOT_ASKED]) == routed)[whole].all()
    silent = recorded["told_nobody"] == YES
    assert ((recorded["not_told_trouble"] != SPECIAL[NOT_ASKED]) == silent)[whole].all()
    assert set(recorded["any_experience"][whole].tolist()) == {YES, NO}


def test_an_interview_that_breaks_off_loses_the_rest():
    sample, _, recorded = recorded_answers("PHL")
    partial = sample.disposition == "partial"
    assert partial.any()
    last = study().codebook.items[-1].id
    assert (recorded[last][partial] == SPECIAL[LOST]).all()
    first = study().codebook.items[6].id
    assert first == "frequency"
    assert (recorded[first][partial] >= 0).any()


def test_sensitive_items_are_refused_more_by_girls_and_younger_children():
    made, _ = population("KEN")
    girl, younger, refused, all_refused = [], [], [], []
    for seed in range(40):
        sample, _, recorded = recorded_answers("KEN", seed)
        whole = sample.disposition == "complete"
        girl.append((made.items["sex"][sample.child] == 1)[whole])
        younger.append((made.items["age_group"][sample.child] == 0)[whole])
        refused.append((recorded["images_shared"] == SPECIAL[REFUSED])[whole])
        all_refused.append((recorded["own_phone"] == SPECIAL[REFUSED])[whole])
    is_girl, is_younger, no = (np.concatenate(part) for part in (girl, younger, refused))
    missing = simulation().missing
    for group, times in (
        (~is_girl & ~is_younger, 1.0),
        (is_girl & ~is_younger, missing.girls_times),
        (~is_girl & is_younger, missing.younger_times),
    ):
        chance = missing.refusers * times / 100
        expected = chance * missing.refused / 100 + (1 - chance) * 0.001
        assert abs(no[group].mean() - expected) < 4 * np.sqrt(expected / group.sum())
    assert no.mean() > 3 * np.concatenate(all_refused).mean()


def test_only_children_without_the_knowledge_say_that_they_do_not_know():
    """Don't know counts as no there: it must not turn a true yes into a no."""
    sample, answers, recorded = recorded_answers("KEN")
    for item in ("knows_where_to_get_help", "caregiver_would_tell_police"):
        unsure = recorded[item] == SPECIAL[DONT_KNOW]
        assert 0.02 < unsure.mean() < 0.09
        assert (answers[item][sample.child][unsure] == NO).all()
    unsure = recorded["thinks_meeting_risky"] == SPECIAL[DONT_KNOW]
    assert set(answers["thinks_meeting_risky"][sample.child][unsure]) == {YES, NO}


def test_small_settings_make_every_item():
    streams = Streams(3, "KEN")
    made = draw_population(small(), 10_000, streams)
    answers = draw_true_answers(small(), study().codebook, made, streams)
    assert set(answers) == {item.id for item in study().codebook.items}
