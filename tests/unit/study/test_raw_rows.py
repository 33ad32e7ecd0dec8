"""Rows that go from a raw file: all other bytes stay."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.raw_file import drop_rows


@pytest.mark.parametrize(
    ("content", "row", "left"),
    [
        (b"id,q\na1,1\na2,0\na3,1\n", 2, b"id,q\na1,1\na3,1\n"),
        # A byte-order mark, line ends of Windows, spaces, an empty line, no end of the last line.
        (
            b"\xef\xbb\xbfid,q\r\na1,1\r\n\r\n a2 ,0\r\na3,1",
            2,
            b"\xef\xbb\xbfid,q\r\na1,1\r\n\r\na3,1",
        ),
        # A cell of several lines goes with its row, and one that only looks like a row stays.
        (b'id,q\na2,"one\ntwo"\na1,"\na2,0\n"\n', 1, b'id,q\na1,"\na2,0\n"\n'),
        ("q,id\né\u2028é,a1\n0,a2\n".encode(), 2, "q,id\né\u2028é,a1\n".encode()),
    ],
    ids=["plain", "mark and line ends", "several lines", "a separator of lines in a cell"],
)
def test_a_row_goes_and_all_other_bytes_stay(
    tmp_path: Path, content: bytes, row: int, left: bytes
) -> None:
    path = tmp_path / "raw.csv"
    path.write_bytes(content)
    assert drop_rows(path, ",", {row}) == left
    assert drop_rows(path, ",", {9}) == content


def test_a_cell_that_no_reader_takes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(f"id;q\na1;1\na2;{'x' * 131_073}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="line 3: it is not valid CSV"):
        drop_rows(path, ";", {1})
