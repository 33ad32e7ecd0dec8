"""Excel workbooks with the same bytes whenever they are written."""

import datetime
import io
import re
import zipfile

_WRITING_TIMES = re.compile(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z(?=</dcterms)")
EARLIEST = datetime.date(2020, 1, 1)


def set_workbook_date(content: bytes, day: datetime.date = EARLIEST) -> bytes:
    """Return a workbook (bytes) with ``day`` in place of the time at which it was written."""
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
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            dated_workbook.writestr(info, member, compresslevel=9)
    return buffer.getvalue()
