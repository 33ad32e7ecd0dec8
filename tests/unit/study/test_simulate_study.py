"""The whole simulated study: files that the workflow can use, and how precise it is."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from simulated_study import CONFIG, children, population, simulated, simulation, study

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.weighting.pipeline import WeightingSettings, build_weights
from disrupting_harm.core.files import write_csv
from disrupting_harm.simulation.population import draw_sample
from disrupting_harm.simulation.random_streams import Streams
from disrupting_harm.simulation.study import (
    INTERVIEWED,
    SPECIAL,
    answers_frame,
    count_margin_totals,
    record_answers,
    simulate_study,
)
from disrupting_harm.study.codebook.domains import build_domains
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.study.study import load_study

DESIGN = ["simulated", "child", "stratum", "psu", "p_psu", "p_household", "n_eligible", "result"]
SAMPLES = 12


def test_files_of_a_country():
    made = simulated("KHM")
    assert list(made.sample.columns[: len(DESIGN)]) == DESIGN
    assert (made.sample["simulated"] == 1).all()
    assert made.sample["child"].is_unique
    assert made.frame["children"] == children("KHM") == 1_473_940
    assert made.frame["drawn"] == len(made.sample) == 1200
    assert 950 <= made.frame["interviewed"] <= 1080
    assert made.frame["simulated"] is True


def test_every_raw_code_is_known_to_the_mapping(tmp_path: Path):
    """The stage `prepare` refuses unknown codes and inconsistent designs."""
    made = simulated("VNM")
    write_csv(tmp_path / "sample.csv", made.sample)
    prepared = prepare_country(
        "VNM",
        tmp_path / "sample.csv",
        study().mappings["VNM"],
        study().codebook,
        simulated=True,
        source="selection",
    )
    assert len(prepared.sample) == 1200
    assert prepared.dropped.empty
    assert len(prepared.answers) == made.frame["interviewed"]
    known = prepared.sample[["sex_age", "area", "region", "age_band"]].notna()
    assert known.all(axis=None)
    answers = set(prepared.recodes["answer"])
    assert {"dont_know", "prefer_not_to_say", "not_asked", "lost"} <= answers


def test_the_same_seed_gives_the_same_study_in_another_process():
    code = (
        "import hashlib; from simulated_study import simulated\n"
        "made = simulated('NAM')\n"
        "text = made.sample.to_csv() + made.margins.to_csv() + made.truth.to_csv()\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    folder = Path(__file__).parents[1]
    sources = (folder, folder.parents[1] / "src", folder.parents[1] / "engine/src")
    paths = os.pathsep.join(map(str, sources))
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_gives_another_sample_of_the_same_prevalence():
    first, other = simulated("NAM"), simulated("NAM", seed=1)
    assert not first.sample.equals(other.sample)
    of_total = first.truth["domain"] == "total"
    pd.testing.assert_frame_equal(
        first.truth[of_total & (first.truth["indicator"] == "any_tf_csea")],
        other.truth[of_total & (other.truth["indicator"] == "any_tf_csea")],
        rtol=1e-4,
    )


def test_other_countries_change_nothing():
    """A study of one country gives that country's own sample."""
    alone = load_study(CONFIG / "config.yaml", {"only": ["NAM"]})
    assert alone.codes == ["NAM"]
    row, both = alone.countries["NAM"], (simulated("KHM"), simulated("NAM"))
    assert row == study().countries["NAM"]

    again = simulate_study(
        "NAM",
        simulation().country("NAM"),
        alone.codebook,
        alone.mappings["NAM"],
        row.children or 0,
        row.internet_use_rate or 0,
        alone.config.weighting.margins,
        alone.config.seed,
    )
    pd.testing.assert_frame_equal(again.sample, both[1].sample)
    assert not both[0].sample["p_household"].equals(both[1].sample["p_household"])


def test_margins_describe_one_population():
    for country in ("RWA", "IDN"):
        margins = simulated(country).margins
        totals = margins.groupby("margin")["total"].sum()
        assert sorted(totals.index) == ["area", "region", "sex_age"]
        assert (totals == children(country)).all()
        assert (margins["total"] > 0).all()
        assert not margins.duplicated(["margin", "category"]).any()


def test_margin_totals_by_hand():
    domains = pd.DataFrame({"sex": pd.Categorical(["boy", "girl", "girl"])})
    # Thirds of 100: 33.33 and 66.67.
    margins = count_margin_totals(domains, ("sex",), 100)
    assert margins["total"].tolist() == [33, 67]


def test_truth_covers_every_cell_and_is_the_population_share():
    truth = simulated("KHM").truth
    codebook = study().codebook
    cells = {
        (indicator.id, domain.id, level)
        for indicator in codebook.indicators
        for domain in codebook.domains
        for level in codebook.levels(domain.id)
    }
    keys = list(zip(truth["indicator"], truth["domain"], truth["level"], strict=True))
    assert len(keys) == len(set(keys)) == len(cells)
    assert set(keys) == cells
    empty = truth["level"] == "region_6"  # Cambodia has five regions here
    assert (truth["population"][empty] == 0).all()
    assert truth["truth"].isna().eq(truth["population"] == 0).all()
    made, answers = population("KHM")
    girls = (made.items["sex"] == 1) & (made.items["age_group"] == 1)
    value = truth.set_index(["indicator", "domain", "level"])
    row = value.loc[("received_for_images", "sex", "girl")]
    assert row["population"] == pytest.approx(girls.sum() * made.scale)
    yes = answers["received_for_images"][girls] == 0
    assert row["truth"] == pytest.approx(yes.mean(), rel=1e-12)
    hours = value.loc[("mean_hours_online", "total", "all")]
    assert hours["truth"] == pytest.approx(answers["hours_online"].mean(), rel=1e-12)
    assert value.loc[("any_tf_csea", "total", "all"), "truth"] == pytest.approx(0.147, abs=2e-5)


def weighted_sample(country, seed):
    """Draw a sample, weight it as the study does, and return its design and wider composite."""
    made, answers = population(country)
    settings, streams = simulation().country(country), Streams(seed, country)
    sample = draw_sample(settings, made, streams)
    recorded = record_answers(settings, study().codebook, made, answers, sample, streams)
    domains = population_domains(country)
    frame = pd.DataFrame(
        {
            "child_id": np.arange(len(sample.child)).astype(str),
            "stratum": made.psu_stratum[sample.psu],
            "psu": sample.psu,
            "psu_probability": sample.psu_probability,
            "household_probability": sample.household_probability,
            "eligible_children": sample.eligible_children,
            "disposition": sample.disposition,
        }
    )
    for name in ("area", "age_band", "sex_age", "region"):
        frame[name] = domains[name].iloc[sample.child].astype(str).to_numpy()
    weighting = study().config.weighting
    result = build_weights(
        frame,
        WeightingSettings(
            psu_probability="psu_probability",
            household_probability="household_probability",
            eligible_children="eligible_children",
            nonresponse_classes=("area", "age_band"),
            margins=weighting.margins,
        ),
        count_margin_totals(domains, weighting.margins, children(country)),
    )
    interviewed = np.isin(sample.disposition, INTERVIEWED)
    respondents = frame[interviewed].reset_index(drop=True)
    respondents["weight"] = result.weights["weight"]
    parts = np.stack([recorded[item][interviewed] for item in WIDER])
    yes, missing = (parts == 0).any(axis=0), (parts < 0).any(axis=0)
    outcome = np.where(missing & ~yes, np.nan, yes.astype(float))
    return SurveyDesign.from_frame(respondents, psu_unique=True), pd.DataFrame({"wider": outcome})


WIDER = (
    *("offered_for_images", "offered_for_meeting", "threatened_online", "images_shared"),
    *("asked_to_talk_about_sex", "asked_for_images", "sent_sexual_images"),
)
DOMAINS: dict[str, pd.DataFrame] = {}


def population_domains(country):
    if country not in DOMAINS:
        frame = answers_frame(population(country)[1], study().codebook)
        DOMAINS[country] = build_domains(frame, study().codebook)
    return DOMAINS[country]


@pytest.mark.parametrize("country", study().codes)
def test_design_effect_is_near_that_of_the_real_survey(country):
    """Mean over samples within a fifth of the aim; the estimate is close to the truth."""
    deffs, estimates, errors = [], [], []
    for seed in range(SAMPLES):
        design, outcome = weighted_sample(country, seed)
        everyone = pd.DataFrame({"total": pd.Categorical(["all"] * design.n_rows)})
        row = estimate(design, outcome, everyone).iloc[0]
        deffs.append(row["deff"])
        estimates.append(row["estimate"])
        errors.append(row["se"])
    settings = simulation().countries[country]
    assert np.mean(deffs) == pytest.approx(settings.deff, rel=0.2)
    aim = settings.targets["any_tf_csea"].percent / 100
    assert abs(np.mean(estimates) - aim) < 4 * np.mean(errors) / np.sqrt(SAMPLES)
    assert 940 <= len(outcome) <= 1100


def test_special_codes_are_distinct_positions():
    assert sorted(SPECIAL.values()) == [-5, -4, -3, -2]
