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


class AddressedNumber(NamedTuple):
    """A number of a text: its address, how it is printed, and at which letter, from 0."""

    address: str
    printed: str
    position: int


def add_address(formatted_number: str, address: str) -> str:
    """Return a printed number with its address; as it is where it has none."""
    return f"{_PART}{formatted_number}{_NOTE}{address}{_END}" if address else formatted_number


def strip_addresses(text: str) -> str:
    """Return a text as its reader sees it, without the addresses of its numbers."""
    return _NOTED.sub(r"\1", text) if _PART in text else text


def split_addresses(text: str) -> tuple[str, tuple[AddressedNumber, ...]]:
    """Return a text without the addresses of its numbers, and these numbers in reading order."""
    stripped, end, numbers = "", 0, []
    for match in _NOTED.finditer(text):
        stripped += text[end : match.start()]
        numbers.append(AddressedNumber(match[2], match[1], len(stripped)))
        stripped += match[1]
        end = match.end()
    return stripped + text[end:], tuple(numbers)


def merge_addresses(texts: Sequence[str]) -> str:
    """Return one text for several that differ in the addresses of their numbers alone.

    Each of its numbers has the addresses of all, ``same(address,address)``.
    """
    merged, numbers = split_addresses(texts[0])
    numbers_of_others = [split_addresses(text)[1] for text in texts[1:]]
    for number, *same in reversed(list(zip(numbers, *numbers_of_others, strict=True))):
        addresses = ",".join(addressed_number.address for addressed_number in (number, *same))
        end = number.position + len(number.printed)
        noted = add_address(number.printed, f"same({addresses})" if same else addresses)
        merged = merged[: number.position] + noted + merged[end:]
    return merged
