"""How surveys were made, on the page of methods: as the study says, or that it does not say."""

from pathlib import Path

import pytest

from disrupting_harm.core.paths import templates_folder
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.site.methods_page import describe_methods
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


def test_signs_of_the_formula_are_explained_behind_it() -> None:
    page = (templates_folder() / "site" / "methods.html.j2").read_text(encoding="utf-8")
    formula = page.index("<code>V = ")
    for sign in ("V is the variance", "z̄ is the mean of z"):
        assert formula < page.index(sign) < page.index("methods.interval[1] }}</p>")
