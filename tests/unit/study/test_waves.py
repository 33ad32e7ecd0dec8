"""Several waves of a country in the countries file."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accept import check_no_waves
from disrupting_harm.study.study import load_study

WAVES = Path(__file__).parents[3] / "config" / "examples" / "waves"
HEADER = "country,children,internet_use_rate,wave,wave_year\n"


def study_of(tmp_path: Path, rows: str, **overrides):
    """Load the example with these rows as its countries file."""
    countries = tmp_path / "regions.csv"
    countries.write_text(HEADER + rows, encoding="utf-8")
    given = {"countries": str(countries), **overrides}
    return load_study(WAVES / "config.yaml", given)


def test_the_newest_wave_has_the_code_and_earlier_ones_stand_in_their_order():
    study = load_study(WAVES / "config.yaml")
    assert study.codes == ["N", "S"]
    assert study.surveys == ["N", "S", "N-1", "S-1", "S-2"]
    assert study.waves("S") == ["S-1", "S-2", "S"]
    assert study.with_waves == ["N", "S"]
    assert study.row("S").wave == "3"
    assert study.row("S-2").code == "S"
    assert study.listed == ("N", "S")
    assert "S-2" in study.listed_surveys


def test_order_is_that_of_years_not_of_rows(tmp_path: Path):
    rows = "N,1000,0.5,b,2026\nN,1000,0.5,a,2021.5\nN,1000,0.5,c,2021\n"
    study = study_of(tmp_path, rows)
    assert study.waves("N") == ["N-c", "N-a", "N"]


def test_only_takes_all_waves_of_a_country(tmp_path: Path):
    rows = "N,1000,0.5,1,2021\nN,1000,0.5,2,2026\nS,1000,0.5,1,2026\n"
    study = study_of(tmp_path, rows, only=["N"])
    assert study.surveys == ["N", "N-1"]
    with pytest.raises(StudyError, match="'N-1' is not in"):
        study_of(tmp_path, rows, only=["N-1"])


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ("N,1000,0.5,1,2026", "'N' stands twice"),
        ("N,1000,0.5,,2026", "is not named"),
        ("N,1000,0.5,wave 2,2026", "is wave 2"),
        ("N,1000,0.5,2,", "has no year"),
        ("N,1000,0.5,2,2021", "have the year 2021"),
    ],
)
def test_an_unclear_wave_is_refused(tmp_path: Path, second: str, found: str):
    with pytest.raises(StudyError, match=found) as error:
        study_of(tmp_path, f"N,1000,0.5,1,2021\n{second}\n")
    assert "row 3" in str(error.value)


def test_waves_and_updated_releases_exclude_each_other(tmp_path: Path):
    rows = "N,1000,0.5,1,2021\nN,1000,0.5,2,2026\n"
    with pytest.raises(StudyError, match="several waves"):
        study_of(tmp_path, rows, publication={"release": {}})


def test_several_waves_are_not_accepted_as_a_release(tmp_path: Path):
    """No later run could follow it."""
    waves = study_of(tmp_path, "N,1000,0.5,1,2021\nN,1000,0.5,2,2026\n")
    with pytest.raises(StudyError, match="several waves"):
        check_no_waves(waves)
    check_no_waves(study_of(tmp_path, "N,1000,0.5,2,2026\n"))
