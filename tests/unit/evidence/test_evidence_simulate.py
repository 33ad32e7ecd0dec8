"""Simulated evidence: whole, plausible, the same everywhere, and marked as simulated."""

from pathlib import Path

import numpy as np
import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.fact_status import STATUSES
from disrupting_harm.evidence.reading.facts import read_evidence
from disrupting_harm.evidence.reading.grid_files import read_sources
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.simulation.evidence.counts import draw_statuses
from disrupting_harm.simulation.evidence.settings import load_evidence_simulation
from disrupting_harm.simulation.evidence.tables import simulate_evidence, write_simulated_evidence

CONFIG = Path(__file__).parents[3] / "config" / "evidence"
AREAS = load_capacity_areas(CONFIG / "capacity.yaml")
SETTINGS = load_evidence_simulation(CONFIG / "simulation.yaml")
COUNTRIES = [
    {"country": "ETH", "children": 16_680_781},
    {"country": "IDN", "children": 27_231_704},
    {"country": "KEN", "children": 7_539_254},
    {"country": "KHM", "children": 1_819_679, "frontline_respondents": 50},
    {"country": "NAM", "children": 294_899, "frontline_respondents": None},
    {"country": "UGA", "children": 6_819_466},
    {"country": "ZAF", "children": None, "frontline_respondents": 49},
]
CODES = [row["country"] for row in COUNTRIES]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return the simulated tables as they are read from their files."""
    folder = tmp_path_factory.mktemp("simulated")
    made = simulate_evidence(COUNTRIES, SETTINGS, 1, AREAS)
    write_simulated_evidence(folder, made)
    sources = read_sources(folder / "sources.csv")
    return {
        name: read_evidence(name, folder / f"{name}.csv", sources, CODES, AREAS.items)
        for name in made
        if name != "sources"
    }


def test_what_is_public_is_not_simulated(tables):
    published = {"cybertips", "reporters", "transparency", "known_studies"}
    published |= {"legislation", "instruments", "policies", "service_register"}
    assert set(TABLES) - set(tables) == published


def test_every_row_says_that_it_is_simulated(tables):
    for table in tables.values():
        assert set(table["data_kind"]) == {"simulated"}
        assert table["counted"].str.endswith("(simulated)").all()
        assert sorted(table["country"].unique()) == CODES


def test_every_status_occurs_in_every_country(tables):
    found = {
        country: {
            status
            for table in tables.values() if "status" in table
            for status in table.loc[table["country"] == country, "status"]
        }
        for country in CODES
    }  # fmt: skip
    assert found == {country: set(STATUSES) for country in CODES}


def test_shares_without_a_number_are_met():
    given = draw_statuses({"not_recorded": 0.5, "refused": 0.001}, 100, np.random.default_rng(1))
    assert {status: given.count(status) for status in set(given)} == {
        "reported": 49, "not_recorded": 50, "refused": 1,
    }  # fmt: skip


def test_the_same_seed_gives_the_same_tables():
    first = simulate_evidence(COUNTRIES, SETTINGS, 1, AREAS)
    again = simulate_evidence(COUNTRIES, SETTINGS, 1, AREAS)
    other = simulate_evidence(COUNTRIES, SETTINGS, 2, AREAS)
    for name, table in first.items():
        assert table.equals(again[name])
        assert name == "sources" or not table.equals(other[name])


def test_a_country_does_not_depend_on_the_others():
    alone = simulate_evidence(COUNTRIES[2:3], SETTINGS, 1, AREAS)
    together = simulate_evidence(COUNTRIES, SETTINGS, 1, AREAS)
    for name in set(alone) - {"sources"}:
        kenya = together[name][together[name]["country"] == "KEN"].reset_index(drop=True)
        assert alone[name].equals(kenya)


def test_stages_and_parts_of_offences(tables):
    offences = tables["offences"]
    reported = offences[offences["stage"] == "reported"].dropna(subset="offences")
    keys = ["country", "year", "offence_code"]
    total = (
        reported[(reported["victim_sex"] == "all") & (reported["victim_age_band"] == "all")]
        .set_index(keys)["offences"]
        .sort_index()
    )
    by_sex = reported[reported["victim_sex"] != "all"].groupby(keys)["offences"].sum()
    by_age = reported[reported["victim_age_band"] != "all"].groupby(keys)["offences"].sum()
    assert len(total) > 50
    assert (by_sex == total).all()
    assert (by_age == total).all()
    stages = offences[offences["victim_sex"].eq("all") & offences["victim_age_band"].eq("all")]
    wide = stages.pivot(index=keys, columns="stage", values="offences")
    for earlier, later in (("reported", "charged"), ("charged", "convicted")):
        both = wide[[earlier, later]].dropna()
        assert len(both) > 30
        assert (both[later] <= both[earlier]).all()
        assert both[later].sum() < both[earlier].sum()


def test_what_a_service_counted_one_year_applies_in_the_next(tables):
    hotlines = tables["hotlines"].sort_values("year")
    for _, own in hotlines.groupby(["country", "measure"]):
        none = list(own["status"] == "not_applicable")
        assert none == sorted(none, reverse=True)
    status = hotlines.set_index(["country", "year", "measure"])["status"]
    for name, measure in SETTINGS.hotlines.measures.items():
        if measure.part_of is None:
            continue
        whole = status.xs(measure.part_of, level="measure") == "not_applicable"
        assert (status.xs(name, level="measure")[whole] == "not_applicable").all()


def test_what_is_known_is_kept(tables):
    offences, capacity = tables["offences"], tables["capacity"]
    ethiopia = offences[(offences["country"] == "ETH") & (offences["technology"] == "yes")]
    assert set(ethiopia["status"]) == {"zero_reported"}
    assert set(ethiopia["offences"]) == {0}
    sex = offences[(offences["country"] == "UGA") & offences["victim_sex"].isin(["girl", "boy"])]
    victims = sex.groupby("victim_sex")["offences"].sum()
    assert 0.97 < victims["girl"] / victims.sum() < 0.99
    score = capacity.set_index(["country", "item"])["score"]
    assert score["KEN", "icse_connected"] == 3
    assert score["UGA", "icse_connected"] == 0
    government = tables["justice"].query("role == 'government'").set_index("country")
    assert set(government.loc["KHM", "interviews"]) == {9}
    assert set(government.loc["KEN", "interviews"]) == {12}


def test_respondents_are_as_many_as_the_countries_file_says(tables):
    frontline = tables["frontline"]
    assert frontline.groupby("country")["respondent"].nunique().to_dict() == {
        "ETH": 50, "IDN": 50, "KEN": 50, "KHM": 50, "NAM": 50, "UGA": 50, "ZAF": 49,
    }  # fmt: skip
    assert set(frontline["item"]) == set(SETTINGS.frontline.items)
    for item, part in frontline.groupby("item"):
        assert set(part["answer"]) <= set(SETTINGS.frontline.items[item])


def test_indices_reach_100(tables):
    search = tables["search_interest"]
    series = search.groupby(["country", "term_group"])["index_value"]
    assert (series.count() > 30).all()
    assert search["index_value"].max() == 100
    assert search["term_group"].str.fullmatch(r"g\d\d").all()


def test_scores_cover_the_scale(tables):
    assert set(tables["capacity"]["score"].dropna()) == {0.0, 1.0, 2.0, 3.0}
    assert tables["capacity"].groupby("country")["item"].nunique().eq(len(AREAS.items)).all()


def test_faulty_settings_name_their_key(tmp_path):
    text = (CONFIG / "simulation.yaml").read_text(encoding="utf-8")
    path = tmp_path / "simulation.yaml"
    path.write_text(text.replace("12-17: 0.60", "12-17: 0.70"), encoding="utf-8")
    with pytest.raises(StudyError, match="shares must add up to 1") as error:
        load_evidence_simulation(path)
    assert "offences.ages" in error.value.where
    path = tmp_path / "capacity.yaml"
    text = (CONFIG / "capacity.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("unit_staff:", "connection:"), encoding="utf-8")
    with pytest.raises(StudyError, match="the item 'connection' stands twice"):
        load_capacity_areas(path)
