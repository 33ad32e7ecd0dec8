"""Reading tables of evidence: right values, or every fault at its cell."""

import csv
import re
import zipfile
from datetime import datetime

import pytest
from evidence_files import CAPACITY, OFFENCE, SOURCES, csv_file, fault, saved, workbook
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.reading.facts import check_evidence, read_evidence
from disrupting_harm.evidence.sources import SOURCE_COLUMNS
from disrupting_harm.evidence.tables import TABLES


def test_types_and_sources_of_a_csv_file(tmp_path):
    changes = [
        {"offences": 1234},
        {"year": 2018, "offences": "", "status": "not_recorded"},
        {"year": 2017, "offences": 0, "status": "zero_reported"},
    ]
    table = read_evidence("offences", csv_file(tmp_path, "offences", *changes), SOURCES)
    assert tuple(table.columns) == (*TABLES["offences"].column_names, *SOURCE_COLUMNS)
    assert str(table["offences"].dtype) == "Int64"
    assert table["offences"].isna().tolist() == [False, True, False]
    assert table["offences"].dropna().tolist() == [1234, 0]
    assert str(table["year"].dtype) == "int64"
    assert set(table["source"]) == {"National Police, Annual figures, 2020"}
    assert set(table["source_title"]) == {"Annual figures"}
    assert set(table["restriction"]) == {"restricted"}
    assert set(table["data_kind"]) == {"observed"}
    texts = set(table.columns) - {"offences", "year"}
    assert {str(table[name].dtype) for name in texts} == {"str"}


def test_a_service_keeps_its_name_beside_that_of_the_source(tmp_path):
    row = {
        "country": "KEN", "year": 2020, "organisation": "Hotline A", "kind": "hotline",
        "measure": "reports_received", "contacts": 5, "status": "reported", "source_id": "police",
        "counted": "Reports", "counted_by": "Hotline A",
    }  # fmt: skip
    path = tmp_path / "hotlines.csv"
    names = TABLES["hotlines"].column_names
    lines = [names, [str(row.get(name, "")) for name in names]]
    path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    assert read_evidence("hotlines", path, SOURCES)["organisation"].tolist() == ["Hotline A"]


def test_a_workbook_reads_like_a_csv_file(tmp_path):
    changes = [{}, {"year": 2018, "offences": None, "status": "refused"}]
    book, _ = workbook("offences", *changes)
    from_book = read_evidence("offences", saved(tmp_path, book), SOURCES)
    texts = [{}, {"year": 2018, "offences": "", "status": "refused"}]
    from_text = read_evidence("offences", csv_file(tmp_path, "offences", *texts), SOURCES)
    assert from_book.equals(from_text)


def test_an_empty_table_keeps_its_types(tmp_path):
    table = read_evidence("offences", csv_file(tmp_path, "offences"), SOURCES)
    assert len(table) == 0
    assert str(table["offences"].dtype) == "Int64"
    assert str(table["source"].dtype) == "str"


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (";", "utf-8"), ("\t", "utf-8"), (";", "utf-8-sig")]
)
def test_separators_and_byte_order_mark(tmp_path, separator, encoding):
    path = csv_file(tmp_path, "offences", {}, separator=separator, encoding=encoding)
    assert read_evidence("offences", path, SOURCES)["offences"].tolist() == [40]


def test_decimal_comma_in_a_file_with_semicolons(tmp_path):
    path = csv_file(tmp_path, "capacity", {"score": "2,5"}, separator=";")
    assert read_evidence("capacity", path, SOURCES)["score"].tolist() == [2.5]


def test_other_encodings_are_refused(tmp_path):
    path = csv_file(tmp_path, "offences", {"agency": "Polícia"}, encoding="latin-1")
    with pytest.raises(StudyError, match="not UTF-8"):
        read_evidence("offences", path, SOURCES)


def test_an_unquoted_thousands_separator_in_csv(tmp_path):
    found = fault(csv_file(tmp_path, "offences", {"offences": "1,234"}))
    assert found.where.endswith("offences.csv, row 2")
    assert found.found == "19 cells under 18 headings"
    assert "quotation marks" in found.remedy


@pytest.mark.parametrize(
    ("column", "typed", "cell", "found"),
    [
        ("offences", "12 cases", "M2", "'12 cases' is no whole number"),
        ("offences", "1.234", "M2", "'1.234' can be read as 1234 and as a decimal number"),
        ("offences", 1.234, "M2", "1.234 is no whole number; perhaps 1234 was meant"),
        ("offences", "n/a", "M2", "'n/a' in place of a number"),
        ("offences", datetime(2019, 1, 1), "M2", "a date (2019-01-01) in a column of numbers"),
        ("offences", "#REF!", "M2", "the error #REF!"),
        ("offences", 0, "M2", "the status is 'reported', but the number is 0"),
        ("offences", None, "M2", "the status is 'reported', but there is no value"),
        ("year", datetime(2019, 1, 1), "C2", "a date (2019-01-01), not a year"),
        ("year", datetime(1905, 7, 11), "C2", "the number 2019, shown as the date 1905-07-11"),
        ("year", 2562, "C2", "2562 is a year of the Buddhist calendar"),
        ("year", None, "C2", "'year' is empty"),
        ("victim_age_band", datetime(2026, 12, 17), "K2", "a date (2026-12-17) in a column of "
         "texts"),
        ("country", "Kenya", "A2", "'Kenya' is no ISO 3166-1 alpha-3 code and no country of the "
         "study"),
        ("country", "Total", "A2", "a total row ('Total')"),
        ("country", "WLD", "A2", "'WLD' is no ISO 3166-1 alpha-3 code and no country of the "
         "study"),
        ("agency", "TỔNG CỘNG", "B2", "a total row ('TỔNG CỘNG')"),
        ("agency", "សរុប", "B2", "a total row ('សរុប')"),
        ("offence_code", "Jumlah:", "D2", "a total row ('Jumlah:')"),
        ("offence_code", "รวม", "D2", "a total row ('รวม')"),
        ("offence_code", "Total geral", "D2", "a total row ('Total geral')"),
        ("offence_code", "-", "D2", "'-' in place of a text"),
        ("stage", "convictd", "I2", "'convictd' is no known code"),
        ("source_id", "polic", "O2", "'polic' is not in the table of sources"),
        ("status", "not_recorded", "M2", "the status is 'not_recorded', but there is a value, 40"),
        ("status", "zero_reported", "M2", "the status is 'zero_reported', but the value is 40"),
    ],
)  # fmt: skip
def test_faults_of_a_workbook_name_their_cell(tmp_path, column, typed, cell, found):
    book, _ = workbook("offences", {column: typed})
    told = check_evidence("offences", saved(tmp_path, book), SOURCES).faults
    assert told[0].found == found
    assert told[0].where.endswith(f"police.xlsx, offences!{cell}")


@pytest.mark.parametrize(
    ("column", "typed", "remedy"),
    [
        ("country", "Kenya", "Write 'KEN'"),
        ("country", "Tanzania", "Write 'TZA'"),
        ("country", "Viet Nam", "Write 'VNM'"),
        ("year", 2562, "Write 2019"),
        ("stage", "convictd", "Did you mean 'convicted'? Use one of reported, investigated, "),
        ("source_id", "polic", "Did you mean 'police'?"),
        ("offences", "-", "zero_reported"),
    ],
)
def test_faults_say_what_to_do(tmp_path, column, typed, remedy):
    book, _ = workbook("offences", {column: typed})
    assert remedy in fault(saved(tmp_path, book)).remedy


def test_codes_in_another_spelling_are_read(tmp_path):
    changed = {"status": " Not recorded", "offences": "", "country": "ken", "victim_sex": "Total"}
    table = read_evidence("offences", csv_file(tmp_path, "offences", changed), SOURCES)
    assert table.loc[0, ["status", "country", "victim_sex"]].tolist() == [
        "not_recorded", "KEN", "all",
    ]  # fmt: skip


def test_duplicates_name_both_cells(tmp_path):
    book, _ = workbook("offences", {}, {"year": 2018}, {"offences": 41})
    found = fault(saved(tmp_path, book))
    assert found.where.endswith("offences!M4")
    assert "offences!M2" in found.found
    found = fault(csv_file(tmp_path, "offences", {}, {"offences": 41}))
    assert found.where.endswith("offences.csv, row 3, column 'offences'")
    assert "row 2, column 'offences'" in found.found


def test_a_count_shown_as_per_cent(tmp_path):
    book, sheet = workbook("offences", {"offences": 5})
    sheet["M2"].number_format = "0%"
    assert fault(saved(tmp_path, book)).found == "5, shown as per cent"


def test_merged_cells(tmp_path):
    book, sheet = workbook("offences", {}, {"year": 2018})
    sheet.merge_cells("B2:B3")
    faults = check_evidence("offences", saved(tmp_path, book), SOURCES).faults
    assert faults[0].where.endswith("offences!B2:B3")
    assert "merged" in faults[0].found


def test_hidden_rows_filters_and_columns(tmp_path):
    book, sheet = workbook("offences", {}, {"year": 2018})
    sheet.row_dimensions[3].hidden = True
    assert fault(saved(tmp_path, book)).where.endswith("offences!row 3")
    sheet.auto_filter.ref = "A1:Q3"
    assert "hidden by a filter" in fault(saved(tmp_path, book)).found
    sheet.row_dimensions[3].hidden = False
    assert not check_evidence("offences", saved(tmp_path, book), SOURCES).faults
    sheet.column_dimensions["M"].hidden = True
    assert fault(saved(tmp_path, book)).where.endswith("offences!column M")


def test_formulas_need_a_stored_result(tmp_path):
    book, sheet = workbook("offences", {})
    sheet["M2"] = "=20+20"
    faults = check_evidence("offences", saved(tmp_path, book), SOURCES).faults
    assert faults[0].where.endswith("offences!M2")
    assert faults[0].found == "a formula without a stored result"


def test_a_formula_with_a_stored_result_is_read(tmp_path):
    book, sheet = workbook("offences", {})
    sheet["M2"] = "=20+20"
    path, stored = saved(tmp_path, book), tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(stored, "w") as made:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"<v></v>" in part or b"<v />" in part or b"<v/>" in part
                part = re.sub(rb"(</f>)<v ?/?>(</v>)?", rb"\1<v>40</v>", part)
            made.writestr(name, part)
    assert read_evidence("offences", stored, SOURCES)["offences"].tolist() == [40]


def test_a_hidden_sheet(tmp_path):
    book, sheet = workbook("offences", {})
    book.create_sheet("notes")
    sheet.sheet_state = "hidden"
    assert fault(saved(tmp_path, book)).found == "the sheet is hidden"


def test_two_thousands_separators_in_one_column(tmp_path):
    book, _ = workbook("offences", {"offences": "1,234"}, {"year": 2018, "offences": "1.234.567"})
    found = fault(saved(tmp_path, book))
    assert found.where.endswith("offences!M2")
    assert "offences!M3" in found.found
    rows = [{"offences": "1,234"}, {"year": 2018, "offences": "1,234,567"}]
    book, _ = workbook("offences", *rows)
    table = read_evidence("offences", saved(tmp_path, book), SOURCES)
    assert table["offences"].tolist() == [1234, 1_234_567]


def test_headings(tmp_path):
    book, sheet = workbook("offences", {})
    sheet["M1"] = "Offences *"
    assert read_evidence("offences", saved(tmp_path, book), SOURCES)["offences"].tolist() == [40]
    sheet["R1"] = "offence"
    found = fault(saved(tmp_path, book))
    assert found.where.endswith("offences!R1")
    assert "Did you mean 'offences'?" in found.remedy
    sheet["R1"], sheet["R2"] = None, "stray"
    assert fault(saved(tmp_path, book)).found == "a column with content, but no heading"
    sheet["R2"], sheet["A1"] = None, "nation"
    assert "the column 'country' is missing" in [
        found.found for found in check_evidence("offences", saved(tmp_path, book), SOURCES).faults
    ]


def test_optional_columns_may_be_left_out(tmp_path):
    book, sheet = workbook("capacity", {})
    sheet.delete_cols(10)
    table = read_evidence("capacity", saved(tmp_path, book), SOURCES)
    assert table["note"].tolist() == [""]


def test_empty_rows_are_no_rows(tmp_path):
    book, sheet = workbook("offences", {}, {"year": 2018})
    sheet.insert_rows(3, amount=2)
    sheet["A9"] = "  "
    assert len(read_evidence("offences", saved(tmp_path, book), SOURCES)) == 2


def test_the_sheet_has_to_be_there(tmp_path):
    book, _ = workbook("offences", {})
    with pytest.raises(StudyError, match="no sheet 'capacity' among offences"):
        read_evidence("capacity", saved(tmp_path, book), SOURCES)


def test_files_that_are_no_tables(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    (tmp_path / "a.pdf").write_bytes(b"")
    for name, found in (
        ("a.xlsx", "it is no Excel workbook"),
        ("a.pdf", "'.pdf' is no kind of file that is read"),
        ("b.xlsx", "there is no such file"),
        ("b.csv", "there is no such file"),
    ):
        with pytest.raises(StudyError) as error:
            read_evidence("offences", tmp_path / name, SOURCES)
        assert error.value.found == found


def test_all_faults_are_listed_and_the_first_is_raised(tmp_path):
    path = csv_file(tmp_path, "offences", {"year": "x"}, {"offences": "many"}, {"year": 2018})
    assert len(check_evidence("offences", path, SOURCES).faults) == 2
    with pytest.raises(StudyError, match="and 1 more"):
        read_evidence("offences", path, SOURCES)


# Nobody types a NUL, and a file with one is refused as a whole.
_TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(
    st.dictionaries(
        st.sampled_from(TABLES["offences"].column_names),
        st.one_of(_TYPED, st.integers(-5, 3000), st.floats()),
        max_size=4,
    )
)
def test_whatever_is_typed_is_read_or_refused_at_its_place(tmp_path_factory, typed):
    path = tmp_path_factory.mktemp("typed") / "offences.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(TABLES["offences"].column_names)
        writer.writerow((OFFENCE | typed).values())
    reading = check_evidence("offences", path, SOURCES)
    assert len(reading.values) == 1 or reading.faults
    for found in reading.faults:
        assert found.where.startswith(f"{path}, row 2, column '")
    if not reading.faults:
        assert reading.values[0]["offences"] is None or reading.values[0]["offences"] >= 0
        assert 1950 <= reading.values[0]["year"] <= 2100


def test_sample_rows_are_whole():
    assert set(OFFENCE) == set(TABLES["offences"].column_names)
    assert set(CAPACITY) == set(TABLES["capacity"].column_names)


@pytest.mark.parametrize("table", ["frontline", "hotlines", "search_interest", "transparency"])
def test_a_table_without_its_header_is_a_fault_and_no_crash(tmp_path, table):
    path = tmp_path / f"{table}.csv"
    path.write_text("KEN,1,unit,yes,police,Answers,Police\n" * 2, encoding="utf-8")
    faults = check_evidence(table, path, SOURCES, ["KEN"], refuse_others=True).faults
    assert any("is missing" in fault.found for fault in faults)


def test_a_code_of_the_classification_of_crime_is_read_and_others_are_refused(tmp_path):
    told = check_evidence("offences", csv_file(tmp_path, "offences", {"iccs": "030223"}), SOURCES)
    assert [values["iccs"] for values in told.values] == ["030223"]
    # What a spreadsheet leaves of 0301.
    found = fault(csv_file(tmp_path, "offences", {"iccs": "301"}))
    assert "column 'iccs'" in found.where
    assert found.found == "'301' is no known code"
