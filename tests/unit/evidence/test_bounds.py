"""Files that are broken or made to break what reads them stop with their place, at once."""

import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from evidence_files import SOURCES, csv_file, fault, saved, workbook
from openpyxl import Workbook
from small_study import raw_frame, write_raw

from disrupting_harm.core import size_limits
from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.reading.facts import check_evidence
from disrupting_harm.study.microdata.raw_file import read_raw

# Such a file is refused before it is read whole.
pytestmark = pytest.mark.timeout(60)


def refused(path, table="offences"):
    with pytest.raises(StudyError) as caught:
        check_evidence(table, path, SOURCES)
    return caught.value


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD2", "A50001", "GS1"])
def test_one_stray_cell_far_away(tmp_path, cell):
    book, sheet = workbook("offences", {})
    sheet[cell] = "x"
    found = refused(saved(tmp_path, book))
    assert found.where.endswith(f"police.xlsx, cell {cell}")
    assert "beyond column GR and row 50000" in found.found


def test_a_formatted_cell_without_content_is_as_far_away(tmp_path):
    book, sheet = workbook("offences", {})
    sheet["B1048576"].number_format = "0.00"
    assert refused(saved(tmp_path, book)).where.endswith("cell B1048576")


def test_a_merged_range_of_the_whole_sheet(tmp_path):
    book, _ = workbook("offences", {})
    path = saved(tmp_path, book)
    _replace(path, b"<sheetData>", b"", b'</sheetData>', b'</sheetData><mergeCells count="1">'
             b'<mergeCell ref="A1:XFD1048576"/></mergeCells>')  # fmt: skip
    assert refused(path).where.endswith("cell XFD1048576")


def test_a_hidden_empty_row_at_the_end_of_the_sheet_is_no_fault(tmp_path):
    book, sheet = workbook("offences", {})
    sheet.row_dimensions[1048576].hidden = True
    assert not check_evidence("offences", saved(tmp_path, book), SOURCES).faults


def test_a_small_file_that_unpacks_to_much(tmp_path):
    book, _ = workbook("offences", {})
    path = saved(tmp_path, book)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.png", bytes(40 * size_limits.MEBIBYTE))
    found = refused(path)
    assert found.where.endswith("police.xlsx")
    assert "would unpack to 41," in found.found


def test_a_file_that_unpacks_to_more_than_is_read(tmp_path):
    book, _ = workbook("offences", {})
    path = saved(tmp_path, book)
    noise = np.random.default_rng(1).bytes(size_limits.MEBIBYTE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.png", (noise + bytes(9 * size_limits.MEBIBYTE)) * 7)
    assert "bytes when unpacked, and no more than 67,108,864 are read" in refused(path).found


def test_entities_are_refused(tmp_path):
    book, _ = workbook("offences", {})
    path = saved(tmp_path, book)
    _replace(path, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    assert refused(path).found == "it defines entities"


def test_a_sheet_with_more_rows_than_are_read(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.title = "offences"
    for number in range(50_001):
        sheet.append([number])
    assert refused(saved(tmp_path, book)).where.endswith("cell A50001")


def test_text_without_end_in_a_cell(tmp_path):
    text = "a" * 10_001
    book, _ = workbook("offences", {"offence_label": text})
    for path in (saved(tmp_path, book), csv_file(tmp_path, "offences", {"offence_label": text})):
        assert fault(path).found == "10,001 characters, and no more than 10,000 are read"
        assert "E2" in fault(path).where or "row 2, column 'offence_label'" in fault(path).where


@pytest.mark.parametrize(
    ("name", "bound", "what"),
    [("SHEET_ROWS", 2, "3 rows"), ("SHEET_COLUMNS", 4, "18 columns"), ("SHEET_BYTES", 99, "bytes")],
)
def test_text_files_of_evidence_are_bounded(tmp_path, monkeypatch, name, bound, what):
    path = csv_file(tmp_path, "offences", *({"year": 2010 + at} for at in range(3)))
    monkeypatch.setattr(f"disrupting_harm.evidence.reading.grid_files.{name}", bound)
    found = refused(path)
    assert what in found.found
    assert f"no more than {bound} are read" in found.found


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff\n"])
def test_a_text_file_of_evidence_that_is_empty(tmp_path, content):
    path = tmp_path / "offences.csv"
    path.write_text(content, encoding="utf-8")
    assert refused(path).found == "the file is empty"


@pytest.mark.parametrize("content", [b" \n\n", b"\xef\xbb\xbf\n", b"\t"])
def test_a_raw_file_of_spaces(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=r"a\.csv: the file is empty"):
        read_raw(path, ["b"])


def test_nul_bytes_of_a_raw_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,\0\n")
    with pytest.raises(StudyError, match=r"a\.csv, line 3: a NUL byte"):
        read_raw(path, ["b"])
    pd.DataFrame({"b": ["x", "y\0"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(StudyError, match=r"column 'b': a NUL byte in data row 2"):
        read_raw(tmp_path / "a.parquet", ["b"])


@pytest.mark.parametrize(
    "cells", [[[1], [2]], [{"a": 1}, {"a": 2}], [b"a", b"b"]], ids=["lists", "records", "binary"]
)
def test_cells_of_a_parquet_file_hold_single_values(tmp_path, cells):
    pq.write_table(pa.table({"a": [1, 2], "b": cells}), tmp_path / "a.parquet")
    with pytest.raises(StudyError, match=r"a\.parquet, column 'b': its cells are of type .*, not"):
        read_raw(tmp_path / "a.parquet", ["a", "b"])
    assert read_raw(tmp_path / "a.parquet", ["a"])["a"].tolist() == ["1", "2"]


@pytest.mark.parametrize("ending", ["parquet", "sav", "dta"])
@pytest.mark.parametrize(("name", "bound"), [("ROWS", 9), ("COLUMNS", 12)])
def test_typed_files_are_bounded_before_they_are_read(tmp_path, monkeypatch, ending, name, bound):
    path = write_raw(tmp_path, ending)
    monkeypatch.setattr(f"disrupting_harm.study.microdata.raw_file.{name}", bound)
    with pytest.raises(StudyError, match=f"no more than {bound} are read"):
        read_raw(path, ["q1"])


@pytest.mark.parametrize("ending", ["parquet", "sav"])
def test_typed_files_that_unpack_to_much(tmp_path, monkeypatch, ending):
    rows = 300_000
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        cells = pa.table({"a": pa.array(["x" * 400] * rows)})
        pq.write_table(cells, path, compression="zstd", use_dictionary=False)
    else:
        frame = pd.DataFrame({"a": np.zeros(5 * rows)})
        pyreadstat.write_sav(frame, str(path), compress=True)
    with pytest.raises(StudyError, match=r"bytes would unpack to"):
        read_raw(path, ["a"])


def test_raw_text_files_are_bounded(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    raw_frame().to_csv(path, index=False)
    monkeypatch.setattr("disrupting_harm.study.microdata.raw_file.COLUMNS", 12)
    with pytest.raises(StudyError, match="13 columns, and no more than 12"):
        read_raw(path, ["q1"])
    monkeypatch.setattr("disrupting_harm.study.microdata.raw_file.TEXT_BYTES", 99)
    with pytest.raises(StudyError, match="bytes, and no more than 99"):
        read_raw(path, ["q1"])


def _replace(path, *texts):
    """Replace texts of the first sheet of a workbook, given in pairs."""
    with zipfile.ZipFile(path) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    sheet = kept["xl/worksheets/sheet1.xml"]
    for old, new in zip(texts[::2], texts[1::2], strict=True):
        assert old in sheet
        sheet = sheet.replace(old, new or old, 1)
    kept["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in kept.items():
            parts.writestr(name, content)
