"""A country's own survey is named in its documents; a study names those of all countries."""

from pathlib import Path

import pytest
from other_studies import OF_ADULTS

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.study import Study, load_study

NAMED = "  survey: examination survey, 1976-1980\n"
RAW = "package:samplics/datasets/data/nhanes2.csv"


def load(folder: Path, rows: str, *, named: bool = False) -> Study:
    for name, text in OF_ADULTS.items():
        (folder / name).write_text(text if named else text.replace(NAMED, ""), encoding="utf-8")
    header = "country,name,raw,survey,survey_year,survey_source\n"
    (folder / "regions.csv").write_text(header + rows, encoding="utf-8")
    return load_study(folder / "config.yaml")


def test_names_of_countries_stand_where_the_study_has_none(tmp_path: Path) -> None:
    rows = f"S,South,{RAW},First poll,1976,Office A\nW,West,{RAW},Second poll,,\n"
    study = load(tmp_path, rows)
    assert study.row("S").named_survey == "First poll, 1976 (Office A)"
    assert study.row("W").named_survey == "Second poll"
    assert study.config.study.survey == "First poll, 1976 (Office A); Second poll"


def test_the_study_itself_may_name_them(tmp_path: Path) -> None:
    study = load(tmp_path, f"S,South,{RAW},First poll,1976,\nW,West,{RAW},,,\n", named=True)
    assert study.config.study.survey == "examination survey, 1976-1980"
    assert study.row("W").named_survey is None


def test_many_surveys_are_not_listed(tmp_path: Path) -> None:
    codes = {"NE": 1, "MW": 2, "S": 3, "W": 4}
    rows = "".join(f"{code},Place {code},{RAW},Poll {n},,\n" for code, n in codes.items())
    assert load(tmp_path, rows).config.study.survey == "survey"


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (",1976,", "'survey_year' without 'survey'"),
        (",,Office A", "'survey_source' without 'survey'"),
        ("Poll,2076,", "column 'survey_year': 2076 lies after the year of the study's date"),
    ],
)
def test_a_year_needs_its_survey(cells: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=fault):
        load(tmp_path, f"S,South,{RAW},{cells}\n")
