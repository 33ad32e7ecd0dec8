"""A release names its licence and whom to ask; pages say what is named, or that it is not."""

from types import SimpleNamespace

import pytest
from mini_study import FILES
from pydantic import ValidationError

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accept import check_survey_dated, check_terms_named
from disrupting_harm.report.language.terms import describe_terms, link_contact
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.study.configuration.config import Configuration, StudyInfo
from disrupting_harm.study.configuration.section import read_yaml


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(FILES["config.yaml"], encoding="utf-8")
    return read_yaml(path)


def test_a_release_without_licence_contact_or_code_is_refused(settings):
    check_terms_named(Configuration.model_validate(settings))
    for key in ("licence", "contact", "code"):
        facts = {name: value for name, value in settings["study"].items() if name != key}
        config = Configuration.model_validate({**settings, "study": facts})
        with pytest.raises(StudyError, match=rf"key 'study\.{key}': it is empty"):
            check_terms_named(config)


@pytest.mark.parametrize(
    ("changes", "fieldwork", "refused"),
    [
        ({}, {"N": "May 2019", "S": ""}, "country S, column 'fieldwork': it is empty"),
        ({}, {"N": "May 2019", "S": "June 2019"}, ""),
        ({"simulated": True}, {"N": "", "S": ""}, ""),
        ({"template": "survey"}, {"N": "", "S": ""}, ""),
    ],
)
def test_a_release_of_country_reports_says_when_the_survey_was_made(
    settings, changes, fieldwork, refused
):
    facts = settings["study"] | {"template": "country", "simulated": False} | changes
    study = SimpleNamespace(
        config=SimpleNamespace(study=StudyInfo.model_validate(facts)),
        has_survey=True,
        codes=[*fieldwork],
        countries={code: SimpleNamespace(fieldwork=text) for code, text in fieldwork.items()},
    )
    if not refused:
        check_survey_dated(study)
        return
    with pytest.raises(StudyError, match=refused):
        check_survey_dated(study)


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("ask@example.org", "mailto:ask@example.org"),
        ("https://example.org/ask", "https://example.org/ask"),
    ],
)
def test_a_contact_is_an_address_that_can_be_followed(settings, contact, link):
    facts = StudyInfo.model_validate(settings["study"] | {"contact": contact})
    assert link_contact(facts) == link
    said = describe_terms(build_english(), facts)
    assert said == f"Licence: CC0-1.0. Contact: {contact}."


@pytest.mark.parametrize("contact", ["", " ", "ask us", "javascript:alert@1.x", "a@b", "ftp://a.b"])
def test_a_contact_that_nobody_can_follow_is_refused(settings, contact):
    with pytest.raises(ValidationError, match="contact"):
        StudyInfo.model_validate(settings["study"] | {"contact": contact})


def test_pages_say_what_is_not_named_yet(settings):
    facts = StudyInfo.model_validate(settings["study"] | {"licence": None, "contact": None})
    assert link_contact(facts) == ""
    said = describe_terms(build_english(), facts)
    assert said == "Licence: named at release. Contact: named at release."
