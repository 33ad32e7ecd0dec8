"""Drafts of a study say what stands in its raw files, and leave to a person what does not."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import samplics.datasets
import svy
import yaml
from labelled_surveys import VALUE_LABELS, decide, make_answers, write_statistical

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.drafting.write_study import draft_study
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.runs.study_checks import check_study
from disrupting_harm.study.study import load_study


def read_drafts(folder: Path) -> dict[str, Any]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yaml")}


@pytest.fixture
def two_files(tmp_path: Path) -> list[Path]:
    ranges = {"trust": [{"lo": 4, "hi": 4}]}
    write_statistical(tmp_path / "ken.sav", make_answers(1), missing_ranges=ranges)
    write_statistical(tmp_path / "Uganda 2020.dta", make_answers(2))
    return [tmp_path / "ken.sav", tmp_path / "Uganda 2020.dta"]


def test_labels_of_files_become_the_codebook(two_files: list[Path], tmp_path: Path) -> None:
    draft_study(tmp_path / "study", two_files)
    drafts = read_drafts(tmp_path / "study")
    items = {item["id"]: item for item in drafts["indicators"]["items"]}
    assert list(items) == [
        "gndr", "agea", "happy", "trust", "vote", "q5_1", "q5_2", "q5_3", "weightkg",
    ]  # fmt: skip
    assert items["gndr"] == {
        "id": "gndr", "type": "choice", "values": ["male", "female"], "respondent": "sample",
        "question": "Gender", "value_labels": {"male": "Male", "female": "Female"},
    }  # fmt: skip
    assert items["agea"]["type"] == items["happy"]["type"] == "number"
    assert items["vote"] == {
        "id": "vote", "type": "yes_no", "question": "Voted last national election",
    }  # fmt: skip
    assert items["q5_2"] == {
        "id": "q5_2", "type": "yes_no", "tick_of": "q5", "question": "Newspaper",
    }  # fmt: skip
    assert drafts["indicators"]["questions"][-1] == {"id": "q5", "label": "Where do you get news"}
    domains = {domain["id"]: domain for domain in drafts["indicators"]["domains"]}
    assert list(domains) == ["total", "gndr", "age_group"]
    assert domains["age_group"]["bands"]["15-24"] == [15, 24]
    assert drafts["config"]["study"]["title"] == "Survey of trust"
    assert drafts["config"]["comparison"] == {"gaps": ["gndr"]}


def test_what_the_file_calls_missing_is_missing(two_files: list[Path], tmp_path: Path) -> None:
    draft_study(tmp_path / "study", two_files)
    drafts = read_drafts(tmp_path / "study")
    # Only the SPSS file says that code 4 of one question is missing: two mappings.
    assert {name for name in drafts if name.startswith("mapping")} == {
        "mapping-ken", "mapping-uganda-2020",
    }  # fmt: skip
    assert "mapping" not in drafts["config"]
    ken, uga = drafts["mapping-ken"], drafts["mapping-uganda-2020"]
    assert ken["variables"]["trust"]["missing"] == {"lost": [4]}
    assert "missing" not in uga["variables"]["trust"]
    assert ken["variables"]["vote"] == {
        "column": "vote", "codes": {1: "yes", 2: "no"},
        "missing": {"dont_know": [8], "prefer_not_to_say": [7], "lost": [9]},
    }  # fmt: skip
    assert ken["variables"]["happy"]["missing"] == {"dont_know": [88]}
    assert ken["variables"]["agea"]["missing"] == {"lost": [999]}


def test_design_is_proposed_and_a_person_confirms(two_files: list[Path], tmp_path: Path) -> None:
    todos = draft_study(tmp_path / "study", two_files)
    mapping = read_drafts(tmp_path / "study")["mapping-ken"]
    assert (mapping["weight"], mapping["stratum"], mapping["psu"]) == ("wt", "strat", "cluster")
    asked = [todo.text for todo in todos if todo.path.name == "mapping-ken.yaml"]
    assert [text.split(":")[0] for text in asked] == ["weight", "stratum", "psu"]
    assert "Final weight" in asked[0]


def test_a_file_without_a_design_says_so(tmp_path: Path) -> None:
    frame = make_answers(1).drop(columns=["wt", "strat", "cluster"])
    write_statistical(tmp_path / "ken.sav", frame)
    todos = draft_study(tmp_path / "study", [tmp_path / "ken.sav"])
    mapping = read_drafts(tmp_path / "study")["mapping"]
    assert (mapping["weight"], mapping["stratum"], mapping["psu"]) == (1, "none", "rows")
    assert sum("which column?" in todo.text for todo in todos) == 3


def test_countries_are_those_of_the_files(two_files: list[Path], tmp_path: Path) -> None:
    draft_study(tmp_path / "study", two_files)
    rows = pd.read_csv(tmp_path / "study" / "countries.csv")
    assert rows["country"].tolist() == ["KEN", "UGA"]
    assert rows["raw"].tolist() == ["../ken.sav", "../Uganda 2020.dta"]


def test_one_file_of_several_countries(tmp_path: Path) -> None:
    frame = pd.concat([make_answers(1), make_answers(2)], ignore_index=True)
    frame["cntry"] = ["NL"] * 480 + ["PH"] * 480
    write_statistical(tmp_path / "round9.sav", frame)
    draft_study(tmp_path / "study", [tmp_path / "round9.sav"])
    area = read_drafts(tmp_path / "study")["mapping"]["area"]
    assert area == {"column": "cntry", "codes": {"NL": "NLD", "PH": "PHL"}}
    assert pd.read_csv(tmp_path / "study" / "countries.csv")["country"].tolist() == ["NLD", "PHL"]


def test_ticks_without_a_no_are_options(tmp_path: Path) -> None:
    frame = make_answers(1)
    for k in (1, 2, 3):
        frame[f"q5_{k}"] = frame[f"q5_{k}"].replace(0, np.nan)
    labels = {f"q5_{k}": {1.0: name} for k, name in enumerate(("Radio", "Paper", "Friends"), 1)}
    pyreadstat.write_sav(frame, str(tmp_path / "ken.sav"), variable_value_labels=labels)
    draft_study(tmp_path / "study", [tmp_path / "ken.sav"], ["q5_*"])
    drafts = read_drafts(tmp_path / "study")
    assert drafts["mapping"]["variables"]["q5_1"]["codes"] == {1: "yes", "": "no"}
    options = [item for item in drafts["indicators"]["items"] if item.get("tick_of") == "q5"]
    assert len(options) == 3


def test_a_csv_file_has_no_labels(tmp_path: Path) -> None:
    frame = make_answers(1)
    frame["vote"] = frame["vote"].map({1.0: "Yes", 2.0: "No", 7.0: "Refused"})
    frame["region"] = np.where(frame.index % 3 == 0, "Coast", "Inland")
    frame.to_csv(tmp_path / "kenya.csv", index=False, sep=";")
    todos = draft_study(tmp_path / "study", [tmp_path / "kenya.csv"])
    drafts = read_drafts(tmp_path / "study")
    assert drafts["mapping"]["delimiter"] == ";"
    assert drafts["mapping"]["variables"]["vote"]["missing"] == {"prefer_not_to_say": ["Refused"]}
    items = {item["id"]: item for item in drafts["indicators"]["items"]}
    assert items["region"]["value_labels"] == {"coast": "Coast", "inland": "Inland"}
    assert items["trust"]["value_labels"]["code_1"] == "TODO code 1"
    assert "remark" not in items
    assert any("no labels" in todo.text for todo in todos)


def test_no_two_answers_of_a_csv_file_become_one(tmp_path: Path) -> None:
    """As YRBS writes hours: without its sign "<1" is "1"; both would be counted as one answer."""
    hours = ["5+", "5", "10+", "do not watch", "<1", "1", "2-3", "never"]
    pd.DataFrame({"hours": hours * 20, "weight_kg": range(160)}).to_csv(
        tmp_path / "usa.csv", index=False
    )
    draft_study(tmp_path / "study", [tmp_path / "usa.csv"], ["hours"])
    drafts = read_drafts(tmp_path / "study")
    item = drafts["indicators"]["items"][0]
    codes = drafts["mapping"]["variables"]["hours"]["codes"]
    assert [str(code) for code in codes] == [
        "<1", "1", "2-3", "5", "5+", "10+", "do not watch", "never",
    ]  # fmt: skip
    assert list(codes.values()) == item["values"] == list(dict.fromkeys(codes.values()))
    assert [item["value_labels"][answer] for answer in item["values"]] == [
        "answer <1", "answer 1", "answer 2-3", "answer 5", "answer 5+", "answer 10+",
        "Do not watch", "Never",
    ]  # fmt: skip
    text = (tmp_path / "study" / "indicators.yaml").read_text("utf-8")
    assert text.count("write what the numbers count") == 1
    decide(tmp_path / "study")
    config = tmp_path / "study" / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("title: TODO", "title: Hours"), "utf-8")
    countries = tmp_path / "study" / "countries.csv"
    countries.write_text(countries.read_text("utf-8").replace("en,TODO", "en,Survey"), "utf-8")
    assert check_study(config) == 0


def test_a_study_runs_once_all_is_decided(
    two_files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    todos = draft_study(folder, two_files)
    with pytest.raises(StudyError, match=f"line {todos[0].line}: {len(todos)} lines with the word"):
        load_runnable(folder / "config.yaml")
    with pytest.raises(StudyError):
        check_study(folder / "config.yaml")
    printed = capsys.readouterr().out
    assert all(f"{todo.path}, line {todo.line}: " in printed for todo in todos)
    decide(folder)
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8") + "mapping: gone.yaml\n", encoding="utf-8")
    # Each country has its own: nothing reads it, and a run would miss it at its end.
    with pytest.raises(StudyError, match=r"key .mapping.: there is no such file: .*gone"):
        load_runnable(config)
    config.write_text(config.read_text("utf-8").replace("mapping: gone.yaml\n", ""), "utf-8")
    study = load_study(folder / "config.yaml")
    assert study.row("KEN").named_survey == "Survey of trust, 2018"
    assert study.config.study.survey == "Survey of trust, 2018"
    assert check_study(folder / "config.yaml") == 0
    printed = capsys.readouterr().out
    assert "KEN: ken.sav, 480 rows, 480 interviews in 24 PSUs and 4 strata" in printed


def test_drafts_are_the_same_every_time(two_files: list[Path], tmp_path: Path) -> None:
    for name in ("a/study", "b/study"):
        draft_study(tmp_path / name, two_files)
    for path in (tmp_path / "a" / "study").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "study" / path.name).read_bytes()


def test_no_draft_names_another_topic(two_files: list[Path], tmp_path: Path) -> None:
    draft_study(tmp_path / "study", two_files)
    texts = " ".join(path.read_text("utf-8").lower() for path in (tmp_path / "study").iterdir())
    for word in ("child", "abuse", "online", "harm", "helpline", "internet"):
        assert word not in texts


def test_a_folder_is_not_written_over(two_files: list[Path], tmp_path: Path) -> None:
    draft_study(tmp_path / "study", two_files)
    with pytest.raises(StudyError, match="there is something already"):
        draft_study(tmp_path / "study", two_files)


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("a.xlsx", b"x", "is no known format"),
        ("a.sav", b"x", "no whole .sav file"),
        ("a.parquet", b"x", "no whole Parquet file"),
        ("a.csv", b"remark\nx\ny\n", "no column with answers"),
    ],
)
def test_a_faulty_file_is_named(name: str, content: bytes, finding: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError, match=finding) as fault:
        draft_study(tmp_path / "study", [tmp_path / name])
    assert name in str(fault.value)
    assert not (tmp_path / "study").exists()


def test_too_many_questions_are_named_by_a_person(tmp_path: Path) -> None:
    frame = pd.DataFrame({f"a{k}": np.arange(60) % 2 for k in range(70)})
    frame.to_csv(tmp_path / "ken.csv", index=False)
    with pytest.raises(StudyError, match=r"70 columns with answers.*--columns"):
        draft_study(tmp_path / "study", [tmp_path / "ken.csv"])
    draft_study(tmp_path / "study", [tmp_path / "ken.csv"], ["a1*", "a2"])
    assert len(read_drafts(tmp_path / "study")["indicators"]["items"]) == 12


def test_the_command_says_what_is_left(
    two_files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = list(map(str, two_files))
    assert main(["init", str(tmp_path / "study"), "--data", *data]) == 0
    printed = capsys.readouterr().out
    assert "lines with TODO to decide" in printed
    assert "mapping-ken.yaml, line 1: weight: " in printed
    assert f"disrupting-harm check --config {tmp_path / 'study' / 'config.yaml'}" in printed


def draft_of(frame: pd.DataFrame, path: Path, **labels: Any) -> dict[str, Any]:
    """Return the drafts of an SPSS file with these columns and labels."""
    pyreadstat.write_sav(frame, str(path), **labels)
    draft_study(path.parent / "study", [path])
    return read_drafts(path.parent / "study")


def test_a_household_survey_of_six_decimals(tmp_path: Path) -> None:
    """The names and labels of a standard survey: its weight has no point, its line is an id."""
    frame = make_answers(1)[["wt", "cluster", "strat", "vote"]]
    frame["wt"] = (frame["wt"] * 1e6).round()
    frame.columns = ["v005", "v021", "v023", "v999"]
    frame["v025"] = 1.0 + (frame["v021"] % 2)
    frame["v012"] = 15.0 + (frame.index % 35)
    frame["line_id"] = 1.0 + frame.index % 20
    drafts = draft_of(
        frame,
        tmp_path / "KEN_2022.sav",
        column_labels=[
            "Women's individual sample weight (6 decimals)", "Primary sampling unit",
            "Stratification used in sample design", "Heard of it",
            "Type of place of residence", "Respondent's current age", "Line",
        ],
        variable_value_labels={
            "v025": {1.0: "Urban", 2.0: "Rural"}, "v999": {1.0: "Yes", 2.0: "No"},
        },
    )  # fmt: skip
    mapping = drafts["mapping"]
    assert (mapping["weight"], mapping["stratum"], mapping["psu"]) == ("v005", "v023", "v021")
    assert mapping["weight_divisor"] == 1_000_000
    assert list(mapping["variables"]) == ["v999", "v025", "v012"]
    domains = {domain["id"]: domain for domain in drafts["indicators"]["domains"]}
    assert domains["v025"]["label"] == "Residence"
    assert domains["age_group"]["item"] == "v012"
    # Code 7 stands in the file and has no label there.
    item = drafts["indicators"]["items"][0]
    assert item["value_labels"]["code_7"] == "TODO code 7"


def test_whose_sex_it_is_a_person_says(tmp_path: Path) -> None:
    frame = make_answers(1)[["gndr", "vote"]].assign(gndr2=1.0)
    frame.loc[::2, "gndr2"] = 2.0
    pyreadstat.write_sav(
        frame[["gndr2", "gndr", "vote"]],
        str(tmp_path / "ken.sav"),
        column_labels=["gender of the elder", "gender of the carer", "voted"],
        variable_value_labels=dict.fromkeys(("gndr", "gndr2"), VALUE_LABELS["gndr"]),
    )
    todos = draft_study(tmp_path / "study", [tmp_path / "ken.sav"])
    assert any("sex of whom? 'gndr' may be" in todo.text for todo in todos)


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("ken", "KEN"), ("KEN_2019", "KEN"), ("kenya_w2", "KEN"), ("Viet Nam 2020", "VNM"),
        ("ken2019", "KEN"), ("ind_sample", "TODO"), ("per-person", "TODO"), ("survey", "TODO"),
    ],
)  # fmt: skip
def test_a_country_in_the_name_of_a_file(name: str, country: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.csv"
    make_answers(1).to_csv(path, index=False)
    draft_study(tmp_path / "study", [path])
    assert pd.read_csv(tmp_path / "study" / "countries.csv")["country"].tolist() == [country]


def test_surveys_that_packages_carry(tmp_path: Path) -> None:
    """Real and public files, of other people: a health survey, and one of households."""
    package = Path(samplics.datasets.__file__).parent
    draft_study(tmp_path / "usa", [package / "data" / "nhanes2.csv"])
    mapping = read_drafts(tmp_path / "usa")["mapping"]
    assert (mapping["weight"], mapping["stratum"], mapping["psu"]) == (
        "finalwgt", "stratid", "psuid",
    )  # fmt: skip
    assert mapping["variables"]["highbp"]["codes"] == {1: "yes", 0: "no"}
    households = Path(svy.__file__).parent / "datasets" / "_bundled" / "ind_sample_wb_2023.parquet"
    draft_study(tmp_path / "wb", [households])
    drafts = read_drafts(tmp_path / "wb")
    mapping = drafts["mapping"]
    assert (mapping["weight"], mapping["stratum"], mapping["psu"]) == ("hhweight", "none", "ea")
    assert mapping["variables"]["literacy"] == {
        "column": "literacy", "codes": {"No": "no", "Yes": "yes"},
        "missing": {"not_asked": ["Not in universe"]},
    }  # fmt: skip
    assert "idno" not in mapping["variables"]
    domains = [domain["id"] for domain in drafts["indicators"]["domains"]]
    assert domains == ["total", "urbrur", "sex", "age_group"]


def test_each_answer_has_its_share_where_that_is_not_too_much(
    two_files: list[Path], tmp_path: Path
) -> None:
    draft_study(tmp_path / "study", two_files)
    indicators = read_drafts(tmp_path / "study")["indicators"]["indicators"]
    of_trust = [entry for entry in indicators if entry["id"].startswith("trust")]
    assert [entry["numerator"][0]["among"] for entry in of_trust] == [
        ["none"], ["little"], ["much"], ["interviewer_s_error"],
    ]  # fmt: skip
    assert of_trust[1]["label"] == "Trust in politicians – Little"
    assert of_trust[1]["short"] == "Little"
    assert [entry.get("headline", False) for entry in of_trust] == [True, False, False, False]
    frame = pd.DataFrame({f"a{k}": np.arange(480) % 4 + 1.0 for k in range(20)})
    labels = {name: {1.0: "Never", 2.0: "Seldom", 3.0: "Often", 4.0: "Always"} for name in frame}
    (tmp_path / "many").mkdir()
    many = draft_of(frame, tmp_path / "many" / "ken.sav", variable_value_labels=labels)
    assert [entry["id"] for entry in many["indicators"]["indicators"]] == list(frame)
