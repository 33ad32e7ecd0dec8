"""Templates of evidence: what a person sees, and that a filled one reads back."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from evidence_files import CAPACITY, OFFENCE
from openpyxl import load_workbook

from disrupting_harm.__main__ import main
from disrupting_harm.evidence.reading.facts import read_evidence
from disrupting_harm.evidence.reading.grid_files import read_sources
from disrupting_harm.evidence.reading.workbook import build_template
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.reference.evidence_tables import DICTIONARY_START, format_dictionary

ROOT = Path(__file__).parents[3]
SOURCE = {
    "source_id": "police",
    "organisation": "National Police",
    "type": "law_enforcement",
    "title": "Figures",
    "year": 2020,
    "restriction": "partner",
}


def opened(content):
    return load_workbook(io.BytesIO(content))


def fill(sheet, table, *rows):
    for number, row in enumerate(rows, start=2):
        for position, name in enumerate(table.column_names, start=1):
            if row.get(name) not in (None, ""):
                sheet.cell(number, position, row[name])


def codes_of(book, sheet, name):
    """Return the codes of the drop-down of a column."""
    names = [cell.value for cell in book[sheet][1]]
    letter = book[sheet].cell(1, names.index(name) + 1).column_letter
    lists = [
        rule for rule in book[sheet].data_validations.dataValidation
        if rule.type == "list" and str(rule.sqref).startswith(f"{letter}2:")
    ]  # fmt: skip
    assert len(lists) == 1
    page, _, cells = lists[0].formula1.partition("!")
    return [row[0].value for row in book[page][cells.replace("$", "")]]


def test_one_sheet_per_table_and_three_more():
    book = opened(build_template(["offences", "capacity"]))
    assert book.sheetnames == ["notes", "offences", "capacity", "sources", "codes"]
    assert opened(build_template(list(TABLES))).sheetnames[1:-2] == list(TABLES)
    for name, table in (*TABLES.items(), ("sources", SOURCES)):
        sheet = opened(build_template([name] if name in TABLES else []))[name]
        assert [cell.value for cell in sheet[1]] == list(table.column_names)
        assert all(cell.comment.text.startswith(column.meaning)
                   for cell, column in zip(sheet[1], table.columns, strict=True))  # fmt: skip


def test_the_header_stays_and_the_body_is_open():
    sheet = opened(build_template(["offences"]))["offences"]
    assert sheet.freeze_panes == "A2"
    assert sheet.protection.sheet
    assert all(cell.protection.locked for cell in sheet[1])
    for cell in sheet[1]:
        column = sheet.column_dimensions[cell.column_letter]
        assert not column.protection.locked
        assert column.width >= len(cell.value)
    # Texts such as 12-17 stay texts where a sheet would make dates of them.
    assert sheet.column_dimensions["K"].number_format == "@"
    assert sheet.column_dimensions["M"].number_format == "#,##0"


def test_drop_downs_hold_the_codes():
    book = opened(build_template(["offences", "cybertips"], {"country": ["KEN", "UGA"]}))
    for name in ("category", "technology", "stage", "victim_sex", "counting_rule", "status"):
        assert codes_of(book, "offences", name) == list(TABLES["offences"].column(name).codes)
    assert codes_of(book, "sources", "type") == list(SOURCES.column("type").codes)
    assert codes_of(book, "offences", "country") == ["KEN", "UGA"]
    assert codes_of(book, "cybertips", "country") == ["KEN", "UGA", "WLD"]


def test_a_filled_template_reads_back(tmp_path):
    book = opened(build_template(["offences", "capacity"]))
    fill(book["offences"], TABLES["offences"], OFFENCE, OFFENCE | {"year": 2018})
    fill(book["capacity"], TABLES["capacity"], CAPACITY)
    fill(book["sources"], SOURCES, SOURCE)
    path = tmp_path / "police.xlsx"
    book.save(path)
    sources = read_sources(path)
    offences = read_evidence("offences", path, sources)
    assert offences[list(OFFENCE)].to_dict("records") == [OFFENCE, OFFENCE | {"year": 2018}]
    assert read_evidence("capacity", path, sources)[list(CAPACITY)].to_dict("records") == [CAPACITY]
    assert main(["evidence", "check", str(path)]) == 0


def test_the_same_template_has_the_same_bytes():
    first, second = build_template(["justice"]), build_template(["justice"])
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z</dcterms:modified>" in parts.read("docProps/core.xml")


def test_commands(tmp_path, capsys):
    path = tmp_path / "a.xlsx"
    made = ["evidence", "template", str(path), "--table", "capacity", "offences"]
    assert main([*made, "--config", str(ROOT / "config" / "config.yaml")]) == 0
    book = opened(path.read_bytes())
    assert len(codes_of(book, "capacity", "country")) == 14
    assert main(made) == 1
    assert "it exists" in capsys.readouterr().err
    fill(book["offences"], TABLES["offences"], OFFENCE | {"offences": "many"})
    book.create_sheet("offences (2)")
    book.save(path)
    assert main(["evidence", "check", str(path)]) == 1
    told = capsys.readouterr().out
    assert "a.xlsx, offences!M2: 'many' is no whole number" in told
    assert "capacity: 0 rows read, 0 faults" in told
    assert "the sheet 'offences (2)' is not read" in told
    assert main(["evidence", "check", str(path), "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["tables"]["capacity"] == {"rows": 0, "faults": 0}
    assert record["tables"]["offences"]["faults"] == len(record["faults"])
    assert record["other_sheets"] == ["offences (2)"]
    assert all(f"  {fault}" in told.splitlines() for fault in record["faults"])
    assert main(["evidence", "check", str(path), "--table", "offence"]) == 1
    assert "Use some of cybertips" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "file"), [("cybertips", "cybertip_reports"), ("reporters", "reporters")]
)
def test_the_published_files_have_no_fault(table, file, capsys):
    folder = ROOT / "config" / "evidence"
    arguments = ["--table", table, "--sources", str(folder / "sources.csv")]
    assert main(["evidence", "check", str(folder / f"{file}.csv"), *arguments]) == 0
    assert f"{table}: " in capsys.readouterr().out


def test_check_names_rows_of_countries_that_the_study_does_not_list(tmp_path, capsys):
    folder = ROOT / "config" / "evidence"
    text = (folder / "cybertip_reports.csv").read_text(encoding="utf-8")
    path = tmp_path / "cybertips.csv"
    path.write_text(text.replace("\nETH,2019,", "\nERI,2019,", 1), encoding="utf-8")
    arguments = ["evidence", "check", str(path), "--config", str(ROOT / "config" / "config.yaml")]
    assert main(arguments) == 1
    told = capsys.readouterr().out
    assert "row 2, column 'country': ERI is a country that the countries file does not list" in told


def test_the_dictionary_is_up_to_date():
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert page.partition(DICTIONARY_START)[2] == "\n" + format_dictionary()
