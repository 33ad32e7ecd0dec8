"""No study of real data prints a number that nobody measured, nor names others as its author."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import SOURCES, refuse_invented
from disrupting_harm.study.study import load_study

CONFIG = Path("config")
EXAMPLES = sorted(CONFIG.glob("examples/*/config.yaml"))


@pytest.mark.parametrize("number", SOURCES)
def test_each_number_of_a_country_needs_a_source_that_is_not_invented(number):
    told = {"internet_use_rate": 0.5} | {number: 1000 if number == "children" else 0.1}
    refuse_invented(Country(country="KEN", **told), "row 2")
    refuse_invented(Country(country="KEN", **{SOURCES[number]: "invented"}), "row 2")
    with pytest.raises(StudyError, match=rf"column '{SOURCES[number]}': '{number}' is invented"):
        refuse_invented(Country(country="KEN", **told, **{SOURCES[number]: "Invented"}), "row 2")


def test_the_study_of_cybertips_has_the_countries_of_the_default_study_without_invented_rates():
    example = load_study(CONFIG / "examples" / "cybertips" / "config.yaml")
    default = load_study(CONFIG / "config.yaml")
    assert not example.config.study.simulated
    assert example.codes == default.codes
    for code, row in example.countries.items():
        other = default.countries[code]
        assert (row.children, row.children_source) == (other.children, other.children_source)
        rate = None if code in ("RWA", "ZAF") else other.internet_use_rate
        assert row.internet_use_rate == rate


@pytest.mark.parametrize("config", [CONFIG / "config.yaml", *EXAMPLES], ids=lambda path: str(path))
def test_only_the_workflow_is_named_as_author_of_the_studies_that_come_with_it(config):
    # An example from a published survey may name nobody.
    assert {*load_study(config).config.study.organisations} <= {"Disrupting Harm workflow"}
