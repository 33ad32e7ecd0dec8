"""What may be said of faults that nobody foresaw: their kind and their lines of code, no values."""

import os
from pathlib import Path

import pandas as pd
import pytest
from evidence_files import SOURCES
from small_study import COLUMNS, prepare, raw_frame, write_raw

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError, amount, describe_unexpected, format_stack
from disrupting_harm.core.job import logged_job
from disrupting_harm.evidence.reading.facts import check_evidence

CANARY = "My name is Canary, 12 Nest Street"


def test_messages_of_libraries_are_left_out_with_those_of_their_causes():
    def fail():
        try:
            pd.Series(["1", CANARY]).astype(float)
        except ValueError as error:
            raise KeyError(CANARY) from error

    with pytest.raises(KeyError) as caught:
        fail()
    told = format_stack(caught.value)
    assert describe_unexpected(caught.value) == "KeyError"
    assert CANARY not in told
    assert "ValueError" in told
    assert "astype(float)" in told
    assert told.endswith("KeyError")


def test_files_and_modules_are_named():
    with pytest.raises(FileNotFoundError) as caught:
        Path("none.csv").read_text()
    assert "none.csv" in describe_unexpected(caught.value)


def test_a_job_that_breaks_off_leaves_no_value_in_its_log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def end(status):
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", end)
    (tmp_path / ".snakemake").mkdir()
    with pytest.raises(SystemExit), logged_job(tmp_path / "log"):
        pd.Series(["1", CANARY]).astype(float)
    log = (tmp_path / "log").read_text()
    assert CANARY not in log
    assert log.splitlines()[-1] == "error: ValueError"
    assert "in astype" in log


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "id"])
@pytest.mark.parametrize("rows", [[0], [0, 1]])
@pytest.mark.parametrize("source", ["column", "selection"])
def test_no_fault_of_a_raw_file_repeats_a_cell(tmp_path, column, rows, source):
    """Free text in any column; of two rows, so that ids stand twice and strata are alone."""
    frame = raw_frame()
    frame.loc[rows, column] = CANARY
    if column == "psu":
        frame.loc[[0, 4], "psu"] = CANARY  # in two strata
    unused = {"column": ("p1", "p2", "kids"), "selection": ("w",)}[source]
    if column in unused or (column == "stratum" and rows == [0, 1]):
        return
    with pytest.raises(StudyError) as caught:
        prepare(write_raw(tmp_path, frame=frame), source=source)
    assert "Canary" not in str(caught.value)
    assert "data row" in str(caught.value)


def test_ids_that_stand_twice_are_not_repeated(tmp_path):
    frame = raw_frame()
    frame.loc[[2, 5], "id"] = CANARY
    message = "column 'id': ids that stand more than once in data rows 3, 6"
    with pytest.raises(StudyError, match=message) as caught:
        prepare(write_raw(tmp_path, frame=frame))
    assert CANARY not in str(caught.value)


def test_a_file_without_a_header_does_not_give_its_first_row_away(tmp_path):
    path = tmp_path / "sample.csv"
    frame = raw_frame()
    frame.loc[0, ["id", "q1", "q2"]] = [CANARY, "12", "12"]
    frame.to_csv(path, index=False, header=False)
    with pytest.raises(StudyError, match="none of the 13 names in the file") as caught:
        prepare(path)
    assert "Canary" not in str(caught.value)


def test_no_fault_of_frontline_answers_repeats_a_cell(tmp_path):
    head = "country,respondent,item,answer,source_id,counted,counted_by\n"
    row = "{},{},unit,yes,police,Answers,Police\n"
    path = tmp_path / "frontline.csv"
    path.write_text(
        head
        + row.format(CANARY.replace(",", ""), 1)
        + row.format("KEN", CANARY.replace(",", ""))
        + row.format("KEN", 3) * 2,
        encoding="utf-8",
    )
    faults = check_evidence("frontline", path, SOURCES).faults
    assert [fault.where.split(", ", 1)[1] for fault in faults] == [
        "row 2, column 'country'",
        "row 5, column 'source_id'",
        "row 3, column 'respondent'",
    ]
    assert not any("Canary" in str(fault) or "Nest" in str(fault) for fault in faults)


def test_the_command_line_repeats_no_words_of_libraries(capsys, monkeypatch):
    def fail(*_):
        raise ValueError(CANARY)

    monkeypatch.setattr("disrupting_harm.cli.run.check_study", fail)
    assert main(["check"]) == 2
    told = capsys.readouterr().err
    assert told.endswith("error: unforeseen: ValueError\n")
    assert CANARY not in told


def test_one_of_something_is_singular():
    assert [amount(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert [amount(n, "country") for n in (1, 2)] == ["1 country", "2 countries"]
