"""Plain texts whose numbers carry their addresses, as texts of figures do.

Unicode has three signs for a note on a part of a text: before the part, before its note and after
it. A number of a figure stands between them with its address until the text is drawn, measured or
listed. They can be mistaken neither for Markdown nor for a label of the study.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_PART, _NOTE, _END = "\ufff9", "\ufffa", "\ufffb"
_NOTED = re.compile(f"{_PART}([^{_NOTE}]*){_NOTE}([^{_END}]*){_END}")


class Number(NamedTuple):
    """A number of a text: its address, how it is printed, and at which letter, from 0."""

    address: str
    printed: str
    place: int


def annotated(printed: str, address: str) -> str:
    """Return a printed number with its address; as it is where it has none."""
    return f"{_PART}{printed}{_NOTE}{address}{_END}" if address else printed


def plain(text: str) -> str:
    """Return a text as its reader sees it, without the addresses of its numbers."""
    return _NOTED.sub(r"\1", text) if _PART in text else text


def split(text: str) -> tuple[str, tuple[Number, ...]]:
    """Return a text without the addresses of its numbers, and these numbers in reading order."""
    said, end, numbers = "", 0, []
    for found in _NOTED.finditer(text):
        said += text[end : found.start()]
        numbers.append(Number(found[2], found[1], len(said)))
        said += found[1]
        end = found.end()
    return said + text[end:], tuple(numbers)


def alike(texts: Sequence[str]) -> str:
    """Return one text for several that differ in the addresses of their numbers alone.

    Each of its numbers has the addresses of all, ``same(address,address)``.
    """
    said, numbers = split(texts[0])
    others = [split(text)[1] for text in texts[1:]]
    for number, *same in reversed(list(zip(numbers, *others, strict=True))):
        addresses = ",".join(one.address for one in (number, *same))
        end = number.place + len(number.printed)
        noted = annotated(number.printed, f"same({addresses})" if same else addresses)
        said = said[: number.place] + noted + said[end:]
    return said
