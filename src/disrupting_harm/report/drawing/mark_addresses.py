"""The addresses of marks in an SVG, read without what draws it."""

import re
from html import unescape

_ADDRESSES = re.compile(r' data-n="([^"]*)"')


def find_mark_addresses(drawing: str) -> set[str]:
    """Return the addresses that the marks of an SVG carry."""
    return {
        address
        for attribute in _ADDRESSES.findall(drawing)
        for address in unescape(attribute).split()
    }
