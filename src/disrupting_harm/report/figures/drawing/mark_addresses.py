"""Which published number is this mark? Marks of a figure's SVG carry the addresses of their rows.

Whoever draws a mark gives it the address as what matplotlib calls its ``url``, one for each item
of a collection. matplotlib writes a link round the mark; here the mark gets ``data-n`` instead, as
on pages. An ``id`` would have to be unique, and dot and interval are marks of one number.
A mark that stands for several rows has their addresses with spaces between them.
"""

import re
from collections.abc import Sequence
from html import unescape

# Between the addresses of dots that are drawn as one; in none of them.
_NEXT = "|"
_LINK = re.compile(r'<a xlink:href="([^"]*)" target="_blank">\n(.*?)\n *</a>', re.DOTALL)
_MARK = re.compile(r' data-n="([^"]*)"')


def in_turn(addresses: Sequence[str | None]) -> list[str] | None:
    """Return what dots of one look get as ``urls``, with the address of each.

    With one for each, matplotlib would no longer draw them at once, as markers.
    """
    return [_NEXT.join(str(one) for one in addresses)] if all(addresses) else None


def addressed(drawing: str) -> str:
    """Return an SVG of matplotlib whose marks carry addresses instead of links.

    Raises:
        ValueError: dots drawn as one are not as many as their addresses.
    """
    return _LINK.sub(_marked, drawing)


def _marked(link: re.Match[str]) -> str:
    addresses, marks = link[1].split(_NEXT), link[2].split("\n")
    if len(addresses) == 1 and len(marks) > 1:  # a mark inside its clip
        return f'<g data-n="{link[1]}">\n{link[2]}\n</g>'
    pairs = zip(marks, addresses, strict=True)
    return "\n".join(f'{mark.removesuffix("/>")} data-n="{one}"/>' for mark, one in pairs)


def marks_of(drawing: str) -> set[str]:
    """Return the addresses that the marks of an SVG carry."""
    return {part for found in _MARK.findall(drawing) for part in unescape(found).split()}
