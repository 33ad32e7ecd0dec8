"""The tables inside a page of the explorer."""

import base64
import gzip
import json
import re

_PACKED = re.compile(r"data:application/gzip;base64,([A-Za-z0-9+/=]+)")


def tables_of(page: str) -> dict[str, dict[str, list[str]]]:
    """Return the tables of a page by name and column, as texts."""
    (packed,) = _PACKED.findall(page)
    return unpacked(base64.b64decode(packed))


def unpacked(content: bytes) -> dict[str, dict[str, list[str]]]:
    """Return tables as a page packs them: JSON, with the cells of a column in one text."""
    tables = json.loads(gzip.decompress(content))
    return {
        name: {column: cells.split("\n") for column, cells in columns.items()}
        for name, columns in tables.items()
    }
