"""Codes, years and numbers of the rows that data warehouses take."""

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.exchange.sdmx import (
    OBSERVATION_STATUSES,
    find_dimensions,
    find_year,
    list_observations,
)
from disrupting_harm.study.statuses import STATUSES
from disrupting_harm.study.study import Study, load_study

ROW = {
    **{"country": "KEN", "indicator": "uses_daily", "domain": "total", "level": "all"},
    **{"n": "1042", "estimate": "0.57", "ci_low": "0.5", "ci_high": "0.637", "shown": "57"},
    **{"bound_low": "", "bound_high": "", "interval_note": "", "status": "present"},
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(Path("config/config.yaml"))


def list_row(study: Study, **cells: str) -> dict[str, str]:
    """Return the row of an estimate that differs from :data:`ROW` in some cells."""
    return list_observations(pd.DataFrame([ROW | cells]), study).iloc[0].to_dict()


def test_every_status_of_a_published_estimate_has_a_code() -> None:
    assert OBSERVATION_STATUSES.keys() == {*STATUSES}


def test_groups_have_the_codes_of_the_cross_domain_lists(study: Study) -> None:
    row = list_row(study, domain="sex_age", level="girl|14-15")
    assert (row["SEX"], row["AGE"], row["RESIDENCE"]) == ("F", "Y14T15", "_T")
    assert list_row(study, domain="area", level="rural")["RESIDENCE"] == "R"
    assert list_row(study, domain="wealth", level="lowest")["WEALTH"] == "LOWEST"
    assert find_dimensions(study.codebook).keys() == {
        *("sex", "age_band", "area", "region", "frequency", "wealth")
    }


def test_shares_are_per_cents_without_noise_and_means_as_they_are(study: Study) -> None:
    row = list_row(study)
    assert (row["OBS_VALUE"], row["LOWER_BOUND"], row["UPPER_BOUND"]) == ("57", "50", "63.7")
    mean = list_row(study, indicator="mean_hours_online", estimate="2.79")
    assert (mean["OBS_VALUE"], mean["UNIT_MEASURE"]) == ("2.79", "NUMBER")


def test_a_hidden_estimate_has_no_value_and_its_range_in_words(study: Study) -> None:
    hidden = {"estimate": "", "ci_low": "", "ci_high": "", "n": "", "shown": "< 20"}
    row = list_row(study, **hidden, bound_high="0.2", status="suppress_disclosure")
    assert (row["OBS_VALUE"], row["OBS_STATUS"], row["OBS_CONF"]) == ("", "Q", "C")
    assert row["OBS_FOOTNOTE"] == "Published as < 20 per cent."


def test_the_year_is_that_of_wave_fieldwork_or_simulation(study: Study) -> None:
    country = study.countries["KEN"]
    assert find_year(country, study) == str(study.config.study.date.year)
    dated = country.model_copy(update={"fieldwork": "December 2020 to March 2021"})
    assert find_year(dated, study) == "2021"
    assert find_year(dated.model_copy(update={"wave_year": 2019.5}), study) == "2019"


def test_a_survey_of_no_known_year_is_refused(study: Study) -> None:
    of_2026 = study.config.study.model_copy(
        update={"simulated": False, "date": datetime.date(2026, 1, 1)}
    )
    observed = replace(study, config=study.config.model_copy(update={"study": of_2026}))
    with pytest.raises(StudyError, match="column 'fieldwork', KEN: it names no year"):
        find_year(study.countries["KEN"], observed)
