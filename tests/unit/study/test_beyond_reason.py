"""What no study can mean is refused before anything runs: files, numbers, days and addresses."""

import os
from pathlib import Path

import pytest
from bad_configuration import FILES
from test_bad_input import write_study

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text
from disrupting_harm.evidence.typed_numbers import (
    CellError,
    read_date,
    read_whole_number,
    read_year,
)
from disrupting_harm.report.findings.references import read_works
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.study.configuration.section import is_web_address

WORKS = "named,reference,address\nReport,An author: A report,{}\n"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
@pytest.mark.parametrize("name", ["config.yaml", "codebook.yaml", "mapping.yaml", "countries.csv"])
def test_a_device_is_no_file_of_a_study(tmp_path, device, name):
    config = write_study(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to(device)
    with pytest.raises(StudyError, match=rf"{name}: a device or a pipe, no ordinary file\. Save"):
        load_runnable(config)


def test_nobody_waits_for_a_pipe_or_reads_a_file_without_end(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(StudyError, match="a device or a pipe"):
        read_text(tmp_path / "pipe.yaml")
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(StudyError, match=r"1,099,511,627,776 bytes, and no more than"):
        read_text(tmp_path / "huge.yaml")


@pytest.mark.parametrize("place", ["results", "results/public", "results/x/y"])
def test_results_cannot_go_where_a_file_stands(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    config = write_study(tmp_path, ("config.yaml", "mapping.yaml", "mapping.yaml\nresults: R"))
    stem = place.partition("/x")[0]
    Path(stem).parent.mkdir(exist_ok=True)
    Path(stem).touch()
    named = place if "/x" in place else "results"
    config.write_text(config.read_text().replace("results: R", f"results: {named}"))
    with pytest.raises(StudyError, match=rf"key 'results': {stem} is no folder"):
        load_runnable(config)


@pytest.mark.parametrize("digits", [12, 41, 4301, 9000])
def test_a_count_has_no_forty_one_digits(digits):
    for text in ("9" * digits, int("9" * min(digits, 300)), f"9,{'999,' * (digits // 3)}999"):
        with pytest.raises(CellError, match=r"a count of \d+ digits|below zero or no number"):
            read_whole_number(text)
    assert read_whole_number("0" * digits + "7") == 7
    with pytest.raises(CellError):
        read_year("2" * digits)


def test_days_out_of_range():
    for text in ("1026-01-31", "2926-01", "0001-01-01"):
        with pytest.raises(CellError, match="is no date"):
            read_date(text)
    assert read_date("2026-01") == "2026-01"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "http:/x", "https://", "ftp://a.org", "//a.org",
     "HTTPS://a.org", "https://a.org/<b>", "https://a.org x", "https://a.org/\u00a0x", "www.a.org"],
)  # fmt: skip
def test_addresses_other_than_of_the_web(tmp_path, address):
    assert not is_web_address(address)
    path = tmp_path / "works.csv"
    path.write_text(WORKS.format(f'"{address}"'), encoding="utf-8")
    with pytest.raises(StudyError, match=r"works\.csv, row 2, column 'address': .* is no address"):
        read_works(path)


def test_addresses_of_the_web(tmp_path):
    for address in ("https://a.org", "http://a-b.org:80/x?y=1#z", "https://\u1780.org/\u00e9", ""):
        assert is_web_address(address) or not address
        (tmp_path / "works.csv").write_text(WORKS.format(address), encoding="utf-8")
        assert read_works(tmp_path / "works.csv")[0].address == address


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("KHM/en/foreword.md", "Welcome", "'KHM' is no country"),
        ("KEN/km/foreword.md", "Welcome", "'km' is no language of the report on KEN"),
        ("KEN/en/forword.md", "Welcome", "'forword' is no place.*Did you mean 'foreword'"),
        ("KEN/en/foreword.txt", "Welcome", "no text is read from here"),
        ("KEN/en/more/foreword.md", "Welcome", "no text is read from here"),
        ("foreword.md", "Welcome", "'foreword.md' is no country"),
        ("KEN/en/foreword.md", "word " * 251, "251 words, more than 250"),
    ],
)
def test_texts_that_no_report_would_print(tmp_path, file, content, found):
    config = study_with_texts(tmp_path)
    load_runnable(config)
    path = tmp_path / "slots" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=found):
        load_runnable(config)


def test_a_folder_of_texts_that_is_not_there(tmp_path):
    config = study_with_texts(tmp_path)
    (tmp_path / "slots").rmdir()
    with pytest.raises(StudyError, match="slots: there is no such folder"):
        load_runnable(config)


def test_works_are_read_before_anything_runs(tmp_path):
    config = study_with_texts(tmp_path)
    for rows, found in (
        (WORKS.format("javascript:alert(1)"), "is no address"),
        (WORKS.format("") + "report,Another,\n", "'report' names another work above"),
        (WORKS.format("").replace("address", "adress"), "the columns are"),
    ):
        (tmp_path / "works.csv").write_text(rows, encoding="utf-8")
        with pytest.raises(StudyError, match=found):
            load_runnable(config)


def study_with_texts(folder: Path) -> Path:
    """Write a study that names works and a folder of authors' texts."""
    (folder / "works.csv").write_text(WORKS.format("https://a.org"), encoding="utf-8")
    (folder / "slots").mkdir()
    report = "mapping: mapping.yaml\nreport: {references: works.csv, slots: slots}\n"
    assert "mapping: mapping.yaml\n" in FILES["config.yaml"]
    return write_study(folder, ("config.yaml", "mapping: mapping.yaml\n", report))


@pytest.mark.parametrize(("codes", "lacking"), [("{1: boy, 2: boy}", "girl"), ("{1: girl}", "boy")])
def test_codes_for_one_answer_alone(tmp_path, codes, lacking):
    change = ("mapping.yaml", "codes: {1: boy, 2: girl}", f"codes: {codes}")
    with pytest.raises(StudyError, match=rf"key 'variables\.sex\.codes': no code for {lacking}"):
        load_runnable(write_study(tmp_path, change))


def test_an_indicator_to_which_nobody_could_say_no(tmp_path):
    change = ("codebook.yaml", 'among: ["yes"]', 'among: ["yes", "no"]')
    with pytest.raises(StudyError, match="every answer of 'online' counts as yes"):
        load_runnable(write_study(tmp_path, change))
