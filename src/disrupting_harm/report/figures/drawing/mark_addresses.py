"""Marks of a figure's SVG carry the addresses of the rows of the public tables behind them.

Whoever draws a mark gives it the address as what matplotlib calls its ``url``, one for each item
of a collection. matplotlib writes a link round the mark; here the mark gets ``data-n`` instead, as
on pages. An ``id`` would have to be unique, and dot and interval are marks of one number.
A mark that stands for several rows has their addresses with spaces between them.
"""

import re
from collections.abc import Sequence
from html import unescape

# Between the addresses of dots that are drawn as one; in none of them.
_SEPARATOR = "|"
_LINK = re.compile(r'<a xlink:href="([^"]*)" target="_blank">\n(.*?)\n *</a>', re.DOTALL)
_MARK = re.compile(r' data-n="([^"]*)"')


def join_addresses_of_dots(addresses: Sequence[str | None]) -> list[str] | None:
    """Return the ``urls`` of dots of one look: one text with all addresses; None if one lacks it.

    With one ``url`` for each dot, matplotlib would no longer draw them at once, as markers.
    """
    return [_SEPARATOR.join(str(address) for address in addresses)] if all(addresses) else None


def replace_links_by_addresses(drawing: str) -> str:
    """Return an SVG of matplotlib whose marks carry addresses instead of links.

    Raises:
        ValueError: dots drawn as one are not as many as their addresses.
    """
    return _LINK.sub(_replace_link, drawing)


def _replace_link(link: re.Match[str]) -> str:
    addresses, marks = link[1].split(_SEPARATOR), link[2].split("\n")
    if len(addresses) == 1 and len(marks) > 1:  # a mark inside its clip
        return f'<g data-n="{link[1]}">\n{link[2]}\n</g>'
    pairs = zip(marks, addresses, strict=True)
    return "\n".join(f'{mark.removesuffix("/>")} data-n="{address}"/>' for mark, address in pairs)


def find_mark_addresses(drawing: str) -> set[str]:
    """Return the addresses that the marks of an SVG carry."""
    return {
        address for attribute in _MARK.findall(drawing) for address in unescape(attribute).split()
    }
