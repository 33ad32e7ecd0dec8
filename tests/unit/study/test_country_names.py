"""Names of countries in English, where the countries file has one and where it has none."""

from dataclasses import replace
from pathlib import Path

import pytest

from disrupting_harm.provenance.explain.explain_survey import explain_estimate
from disrupting_harm.study.country_names import english_name
from disrupting_harm.study.study import load_study

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("code", "name", "called"),
    [
        ("TZA", None, "Tanzania"),
        ("TZA", "United Republic of Tanzania", "United Republic of Tanzania"),
        ("N", None, "N"),
    ],
)
def test_a_country_is_called(code: str, name: str | None, called: str) -> None:
    assert english_name(code, name) == called


def test_an_explanation_names_a_country_without_a_name_of_its_own() -> None:
    study = load_study(ROOT / "config" / "config.yaml")
    nameless = study.countries["KEN"].model_copy(update={"name": None})
    row = {
        "country": "KEN", "indicator": "told_nobody", "domain": "total", "level": "all",
        "estimate": "", "interval": "", "bound_high": "", "status": "suppress_disclosure",
        "reason": "",
    }  # fmt: skip
    told = dict(explain_estimate(row, replace(study, countries={"KEN": nameless})))
    assert ", Kenya; " in told["what it is"]
