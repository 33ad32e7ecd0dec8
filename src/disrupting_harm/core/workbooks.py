"""Excel workbooks with the same bytes whenever they are written."""

import datetime
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_WRITING_TIMES = re.compile(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z(?=</dcterms)")
_EMPTY_ROWS = re.compile(r"(?<=<sheetData>)(?:<row r=\"\d+\"(?: />|></row>))+")
EARLIEST = datetime.date(2020, 1, 1)


def set_workbook_date(
    content: bytes,
    day: datetime.date = EARLIEST,
    rows_of_sheet: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """Return a workbook (bytes) with ``day`` in place of the time at which it was written.

    Args:
        rows_of_sheet: by the path of a sheet in the workbook the cells, as XML, of its first rows,
            which are empty.
    """
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as workbook,
        zipfile.ZipFile(buffer, "w") as dated_workbook,
    ):
        for name in workbook.namelist():
            member = workbook.read(name)
            if name == "docProps/core.xml":
                member = _WRITING_TIMES.sub(stamp, member)
            if name in rows_of_sheet:
                member = _put_rows(member.decode(), rows_of_sheet[name]).encode()
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            dated_workbook.writestr(info, member, compresslevel=9)
    return buffer.getvalue()


def _put_rows(sheet: str, rows: Sequence[str]) -> str:
    """Return a sheet with rows of cells in place of the empty rows with which it begins."""
    filled = "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, 1))
    return _EMPTY_ROWS.sub(lambda _: filled, sheet, count=1)
