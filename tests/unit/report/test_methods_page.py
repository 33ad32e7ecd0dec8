"""How surveys were made, on the page of methods: as the study says, or that it does not say."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from disrupting_harm.core.paths import templates_folder
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.site.methods_page import describe_methods
from disrupting_harm.report.web.site.simulated_numbers import (
    SimulationSummary,
    describe_simulation,
    list_invented,
)
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.study import Study, load_study

ROOT = Path(__file__).parents[3]
SELECTED = "Selected by chance in three steps"
UNSTATED = "Not stated by the study: the list from which places were drawn"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "config" / "config.yaml")


def describe_design(study: Study, source: str, periods: dict[str, str]) -> list[str]:
    weighting = study.config.weighting
    assert weighting is not None
    config = study.config.model_copy(
        update={"weighting": weighting.model_copy(update={"source": source})}
    )
    countries = [
        row.model_copy(update={"fieldwork": periods.get(code)})
        for code, row in study.countries.items()
        if code in ("KEN", "UGA")
    ]
    translator = build_english(config.study.areas, config.study.respondents)
    folder = templates_folder()
    return describe_methods([], countries, config, study.codebook, translator, folder).design


def test_what_no_study_says_of_its_surveys_is_one_list(study: Study) -> None:
    *stated, unstated = describe_design(study, "selection", {})
    assert [sentence[: len(SELECTED)] for sentence in stated] == [SELECTED]
    assert unstated == f"{UNSTATED}, when they were asked and who reviewed the ethics."
    (alone,) = describe_design(study, "column", {})
    assert alone == (
        f"{UNSTATED}, how places and children were selected, when they were asked and who reviewed "
        "the ethics."
    )


def test_dates_of_fieldwork_are_printed_where_they_are_known(study: Study) -> None:
    both = describe_design(study, "column", {"KEN": "May 2019", "UGA": "May 2019"})
    assert both[0] == "Fieldwork: May 2019."
    assert "when they were asked" not in both[1]
    differing = describe_design(study, "column", {"KEN": "May 2019", "UGA": "June 2020"})
    assert differing[0] == "Fieldwork: Kenya: May 2019; Uganda: June 2020."
    one_of_two = describe_design(study, "column", {"UGA": "June 2020"})
    assert one_of_two[0] == "Fieldwork: Uganda: June 2020."
    assert "when they were asked" in one_of_two[1]


def describe(study: Study) -> SimulationSummary:
    assert study.config.simulation is not None
    path = study.resolve(study.config.simulation)
    return describe_simulation(
        load_simulation(path, study.codebook),
        list(study.countries.values()),
        study.codebook,
        build_english(study.config.study.areas, study.config.study.respondents),
        study.config.seed,
        path.name,
    )


def test_every_copied_total_is_named_with_its_source_and_no_invented_one(study: Study) -> None:
    settings = yaml.safe_load((ROOT / "config" / "simulation.yaml").read_text("utf-8"))
    summary = describe(study)
    assert (summary.seed, summary.settings) == (str(study.config.seed), "simulation.yaml")
    labels = {indicator.id: indicator.label for indicator in study.codebook.indicators}
    names = {row.country: row.name for row in study.countries.values()}
    areas = {area.name: area.totals for area in summary.areas}
    assert set(areas) == set(names.values())
    for code, country in settings["countries"].items():
        totals = areas[names[code]]
        targets = country["targets"].items()
        published = {name: each["source"] for name, each in targets if "source" in each}
        assert {total.source for total in totals} == set(published.values()), code
        assert sum(len(total.labels) for total in totals) == len(published), code
        for name in {"clear_examples", "any_tf_csea"} & set(published):
            (with_label,) = (total for total in totals if labels[name] in total.labels)
            assert with_label.source == published[name], code
    assert areas["Rwanda"] == ()
    sources = {item["source"] for item in settings["items"].values() if "source" in item}
    assert {total.source for total in summary.everywhere} == sources


def test_the_first_page_names_whose_main_number_nobody_published(study: Study) -> None:
    settings = yaml.safe_load((ROOT / "config" / "simulation.yaml").read_text("utf-8"))
    simulation = load_simulation(ROOT / "config" / "simulation.yaml", study.codebook)
    countries = list(study.countries.values())
    invented = {
        code
        for code, country in settings["countries"].items()
        if "source" not in country["targets"].get("clear_examples", {})
    }
    assert {"KEN", "RWA"} < invented
    assert {*list_invented(simulation, countries, "clear_examples")} == invented
    assert list_invented(simulation, countries, "no_such_indicator") == []


def test_countries_with_answers_of_their_own_are_not_simulated(study: Study) -> None:
    kenya = study.countries["KEN"].model_copy(update={"raw": Path("kenya.csv")})
    partly = dataclasses.replace(study, countries={**study.countries, "KEN": kenya})
    assert "Kenya" not in {area.name for area in describe(partly).areas}


def test_signs_of_the_formula_are_explained_behind_it() -> None:
    page = (templates_folder() / "site" / "methods.html.j2").read_text(encoding="utf-8")
    formula = page.index("<code>V = ")
    for sign in ("V is the variance", "z̄ is the mean of z", "f is the share of a stratum's places"):
        assert formula < page.index(sign) < page.index("methods.interval[1] }}</p>")
