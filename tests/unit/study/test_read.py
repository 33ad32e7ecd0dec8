import pandas as pd
import pyreadstat
import pytest
from small_study import COLUMNS, raw_frame, write_raw

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.raw_file import BLOCK, read_raw


@pytest.mark.parametrize("ending", ["csv", "parquet", "sav", "dta"])
def test_every_format_gives_the_same_text(tmp_path, ending):
    found = read_raw(write_raw(tmp_path, ending), COLUMNS)
    assert found.index.tolist() == list(range(1, 11))
    expected = raw_frame().set_axis(found.index)
    pd.testing.assert_frame_equal(found.astype("str"), expected)


def test_nothing_is_guessed_from_csv_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('\ufeff code , text\n007," NA "\n1e5,"a\nb, c"\n,\n', encoding="utf-8")
    found = read_raw(path, ["code", "text"])
    assert found["code"].tolist() == ["007", "1e5", ""]
    assert found["text"].tolist() == ["NA", "a\nb, c", ""]


def test_only_wanted_columns_are_read_and_optional_ones_where_they_are(tmp_path):
    path = write_raw(tmp_path)
    assert read_raw(path, ["q1"], optional=["psu", "simulated"]).columns.tolist() == ["psu", "q1"]


def test_the_delimiter_is_the_mappings(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a;b\n1,5;x\n", encoding="utf-8")
    found = read_raw(path, ["a", "b"], file_format="csv", delimiter=";")
    assert found.to_dict("list") == {"a": ["1,5"], "b": ["x"]}


def test_user_missing_codes_of_spss_and_stata_stay_codes(tmp_path):
    frame = pd.DataFrame({"age": [12.0, 99.0, None], "name": ["a", "b", ""]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), missing_ranges={"age": [99.0]})
    assert read_raw(tmp_path / "a.sav", ["age"])["age"].tolist() == ["12", "99", ""]
    tagged = pd.DataFrame({"age": [12.0, "a", None], "name": ["a", "b", ""]})
    pyreadstat.write_dta(tagged, str(tmp_path / "a.dta"), missing_user_values={"age": ["a"]})
    found = read_raw(tmp_path / "a.dta", ["age", "name"])
    assert found.to_dict("list") == {"age": ["12", ".a", ""], "name": ["a", "b", ""]}


def test_parquet_truth_values_and_categories_are_codes(tmp_path):
    frame = pd.DataFrame(
        {
            "flag": pd.array([True, None, False], dtype="boolean"),
            "sex": pd.Categorical(["boy", None, "girl"]),
            "big": pd.array([9007199254740993, None, 3], dtype="Int64"),
            "small": pd.array([0.1, -0.0, 1.0], dtype="float32"),
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    found = read_raw(tmp_path / "a.parquet", frame.columns)
    assert found.to_dict("list") == {
        "flag": ["1", "", "0"],
        "sex": ["boy", "", "girl"],
        "big": ["9007199254740993", "", "3"],
        "small": ["0.1", "0", "1"],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"a\.csv: the file is empty"),
        (b"a,b\n", r"a\.csv: it has a header, but no rows"),
        (b"a,b\n1,2\n\n3\n", r"a\.csv, line 4: 1 cells, but the header has 2"),
        (b"a,b\n1,2,3\n", r"a\.csv, line 2: 3 cells, but the header has 2"),
        (b'a,b\n1,"2"x\n', r"a\.csv, line 2: it is not valid CSV"),
        (b"a,b\n1,2\n\xe9,3\n", r"line 3: byte 8 \(0xe9\) is not UTF-8\. Save the file as UTF-8"),
        (b"a,b,a\n1,2,3\n", r"column 1: another column has the same name\. Rename"),
        (b"A,bb\n1,2\n", r"column 'b': there is no such column\..* nearest in the file is 'bb'"),
        (b"a;b\n1;2\n", r"the file has only one, so the mapping's 'delimiter' may be wrong"),
    ],
)
def test_faults_of_a_csv_file(tmp_path, content, message):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=message):
        read_raw(path, ["b"])


@pytest.mark.parametrize("ending", ["parquet", "sav", "dta"])
def test_a_file_that_is_not_what_its_ending_says(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"not such a file" * 50)
    with pytest.raises(StudyError, match=rf"a\.{ending}: it cannot be read .*Check the file"):
        read_raw(path, ["b"])


@pytest.mark.parametrize("ending", ["csv", "parquet", "sav", "dta"])
def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path, ending):
    with pytest.raises(StudyError, match=r"column 'stratumm'.* nearest in the file is 'stratum'"):
        read_raw(write_raw(tmp_path, ending), ["stratumm"])


def test_a_missing_file_and_an_unknown_format(tmp_path):
    with pytest.raises(StudyError, match=r"none\.csv: there is no such file\. Correct the path"):
        read_raw(tmp_path / "none.csv", ["b"])
    (tmp_path / "a.xlsx").write_text("x")
    with pytest.raises(StudyError, match=r"'\.xlsx' is no known format\. Set the mapping's"):
        read_raw(tmp_path / "a.xlsx", ["b"])


def test_a_file_with_quotes_and_one_without_give_the_same_cells(tmp_path):
    """The one is read row by row, the other by pyarrow, over several of its blocks."""
    rows = [f"{k % 7}, v\u00e9{k % 40_000}\u2003,,x{k}" for k in range(120_000)]
    plain, quoted = tmp_path / "plain.csv", tmp_path / "quoted.csv"
    plain.write_bytes("\r\n".join(["\ufeffa,b ,c,d", "", *rows, ""]).encode())
    quoted.write_text("\n".join(['"a",b,c,d', *rows]), encoding="utf-8")
    one, other = (read_raw(path, ["d", "b", "a", "c"]) for path in (plain, quoted))
    assert plain.stat().st_size > 2 * BLOCK
    assert one["b"].iloc[0] == "v\u00e90"
    pd.testing.assert_frame_equal(one, other)


def test_a_fault_deep_in_a_file_without_quotes_has_its_line(tmp_path):
    path = tmp_path / "a.csv"
    rows = ["1,2"] * 600_000
    for fault, message in (
        (b"1", r"line 600002: 1 cells, but the header has 2"),
        (b"1,\xc3", r"line 600002: byte 2400006 \(0xc3\) is not UTF-8"),
        (b"1,\0", r"line 600002: a NUL byte"),
    ):
        path.write_bytes("\n".join(["a,b", *rows, ""]).encode() + fault)
        with pytest.raises(StudyError, match=message):
            read_raw(path, ["a"])
