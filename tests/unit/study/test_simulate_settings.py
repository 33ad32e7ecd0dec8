"""The default study's settings, and how faults in simulation settings are reported."""

import copy

import pytest
import yaml
from simulated_study import CONFIG, simulation, study

from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.codebook.definitions import Item

SETTINGS = yaml.safe_load((CONFIG / "simulation.yaml").read_text(encoding="utf-8"))


# The default codebook with a yes/no item of which the settings say nothing.
WIDER = study().codebook.model_copy(
    update={"items": (*study().codebook.items, Item(id="a_new_item", type="yes_no"))}
)


def load_changed(tmp_path, *keys, value=None):
    """Load the default settings with the key at the end of ``keys`` changed, or removed."""
    content = copy.deepcopy(SETTINGS)
    place = content
    for key in keys[:-1]:
        place = place[key]
    if value is None:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    path = tmp_path / "simulation.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return load_simulation(path, WIDER)


def test_default_study_has_14_countries_and_a_full_codebook():
    assert study().codes == [
        *("ETH", "IDN", "KEN", "KHM", "MOZ", "MYS", "NAM"),
        *("PHL", "RWA", "THA", "TZA", "UGA", "VNM", "ZAF"),
    ]
    codebook = study().codebook
    assert len(codebook.indicators) >= 55
    assert 6 <= sum(indicator.headline for indicator in codebook.indicators) <= 8
    assert {item.id for item in codebook.items} == set(study().mappings["KEN"].variables)


def test_experiences_are_sensitive_and_ask_about_the_past_year():
    for indicator in study().codebook.indicators:
        if indicator.module in ("clear_examples", "possible_grooming", "wider_composite"):
            assert indicator.sensitive, indicator.id
            assert indicator.recall == "past_year", indicator.id


def test_the_two_composites_are_of_different_series():
    codebook = study().codebook
    assert codebook.indicator("clear_examples").series == "report_composite"
    assert codebook.indicator("any_tf_csea").series == "wider_composite"


def test_published_composites():
    """Report composites of the country reports, wider ones of Ghai et al. 2026, table 1."""
    published = {
        "ETH": (10, 18.6),
        "IDN": (2, 6.6),
        "KHM": (11, 14.7),
        "MOZ": (13, 25.9),
        "MYS": (4, 10.2),
        "NAM": (9, 20.0),
        "PHL": (20, 28.6),
        "THA": (9, 17.0),
        "TZA": (4, 7.7),
        "VNM": (1, 5.5),
    }
    for country, (report, wider) in published.items():
        targets = simulation().countries[country].targets
        assert targets["clear_examples"].percent == report
        assert targets["any_tf_csea"].percent == wider
        assert targets["clear_examples"].source != "invented"
        assert targets["any_tf_csea"].source != "invented"


def test_what_nobody_published_is_marked_as_invented():
    for country, name in (
        ("KEN", "clear_examples"),
        ("UGA", "clear_examples"),
        ("RWA", "clear_examples"),
        ("RWA", "any_tf_csea"),
        ("ZAF", "any_tf_csea"),
    ):
        assert simulation().countries[country].targets[name].source == "invented"
    for country in ("RWA", "ZAF"):
        assert "invented" in (study().countries[country].internet_use_source or "")


@pytest.mark.parametrize(
    ("keys", "value", "key", "found"),
    [
        (("items", "frequency"), None, "items.frequency", "no recipe"),
        (("others", "model"), "horse", "items.a_new_item", "no model 'horse'"),
        (("others",), None, "items.a_new_item", "no recipe"),
        (("items", "horse"), {"model": "use", "percent": 1}, "items.horse", "no such item"),
        (("items", "own_phone", "model"), "horse", "items.own_phone", "no model 'horse'"),
        (("items", "own_phone", "shares"), {"yes": 100}, "items.own_phone", "either"),
        (("items", "frequency", "shares"), {"daily": 99}, "items.frequency", "add up to 100"),
        (("items", "frequency", "shares"), {"hourly": 100}, "items.frequency", "'hourly'"),
        (("models", "use", "effects"), {"told_nobody": 1}, "items.frequency", "'told_nobody'"),
        (("composites",), ["own_phone"], "composites", "no composite"),
        (("countries", "KEN", "targets", "any_tf_csea"), None, "countries.KEN", "required"),
        (("countries", "KEN", "targets", "horse"), {"percent": 1}, "countries.KEN", "'horse'"),
        (("countries", "KEN", "targets", "channel"), {"percent": 1}, "countries.KEN", "'channel'"),
        (("countries", "KEN", "shares", "channel"), {"horse": 100}, "shares.channel", "'horse'"),
        (("countries", "KEN", "shares", "channel"), {"other": 9}, "shares.channel", "add up"),
        (
            ("items", "own_phone", "asked_if"),
            [{"item": "told_nobody", "among": ["yes"]}],
            "items.own_phone",
            "'told_nobody'",
        ),
        (("any_of_composite", "any_experience"), "own_phone", "composites", "'own_phone'"),
        (("composite_model",), "horse", "composite_model", "'horse'"),
        (("draw", "horses"), 3, "draw.horses", "unknown key"),
    ],
)
def test_faults_name_the_key(tmp_path, keys, value, key, found):
    with pytest.raises(StudyError) as caught:
        load_changed(tmp_path, *keys, value=value)
    assert key in caught.value.where
    assert found in caught.value.found


def test_a_yes_no_item_without_a_recipe_is_drawn_last_as_the_others():
    found = load_simulation(CONFIG / "simulation.yaml", WIDER).items
    assert list(found)[-1] == "a_new_item"
    assert found["a_new_item"] == simulation().others
    assert list(found)[:-1] == list(simulation().items)


def test_a_country_without_settings_is_named():
    with pytest.raises(StudyError, match=r"countries\.FRA"):
        simulation().country("FRA")


def test_settings_of_a_country_survive_json():
    """The workflow hands them to jobs as JSON."""
    own = simulation().country("KHM")
    assert type(own).model_validate_json(own.model_dump_json()) == own
