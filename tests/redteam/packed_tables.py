"""The tables inside a page of the explorer."""

import base64
import gzip
import json
import re

Tables = dict[str, dict[str, list[str]]]
_PACKED = re.compile(r"data:application/gzip;base64,([A-Za-z0-9+/=]+)")


def tables_of(page: str) -> Tables:
    """Return the tables of a page by name and column, as texts."""
    (packed,) = _PACKED.findall(page)
    return unpacked(base64.b64decode(packed))


def unpacked(content: bytes) -> Tables:
    """Return tables that are packed as the pages hold them."""
    tables = json.loads(gzip.decompress(content))
    return {
        name: {column: cells.split("\n") for column, cells in columns.items()}
        for name, columns in tables.items()
    }


def rows_of(table: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
