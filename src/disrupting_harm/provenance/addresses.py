"""Addresses of published numbers: where in the public files a printed number stands.

An address is made of the primary key of a table (:mod:`.row_addresses`) and a column::

    KEN/clear_examples/estimate                       an estimate of a survey, of all children
    KEN/clear_examples/sex:girl/ci_low                of one group
    KEN/cybertips/2024/referral/reports               a table of one country, or of evidence
    all/transparency/Meta/2021/.../amount             a table of evidence without a country
    compare/pairwise/clear_examples/KEN/UGA/ratio     a table of the comparison
    KEN/quality/weights/kish_deff                     quality.json, disclosure.json
    KEN/country/children                              the country's row of the countries file
    study/publication/disclosure/min_count            the configuration
    KEN/policy/count/in_place                         several cells (:mod:`.derived_numbers`)

Signs of a key that an address cannot hold become ``_``, and ``|`` of a crossed group ``+``: neither
engine, nor a table of Markdown, may take a sign for its own.

Numbers carry their address from the file to the document: :class:`AddressedFloat`,
:class:`AddressedInt` and :class:`AddressedCell`. Arithmetic drops it on purpose, as the result
stands at no address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel

COMPARE, STUDY, COUNTRY, EVERYWHERE = "compare", "study", "country", "all"
# Of a row of a public table: its address, to which a column is to be added.
ADDRESS = "address"
# The level of all intervals.
CONFIDENCE = f"{STUDY}/estimation/confidence"
_FOREIGN = re.compile(r"[^\w+.\-]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")

Value = TypeVar("Value")
Model = TypeVar("Model", bound="BaseModel")


class AddressedFloat(float):
    """A number with its address."""

    __slots__ = ("at",)
    at: str


class AddressedInt(int):
    """A whole number with its address."""

    at: str


class AddressedCell(str):
    """A cell of a table, as text, with its address."""

    at: str


def with_address(value: Any, address: str) -> Any:
    """Return ``value`` with an address; what is no number, or None, as it is."""
    addressed: Any
    if not address or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        addressed = AddressedInt(value)
    elif isinstance(value, float):
        addressed = AddressedFloat(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        addressed = AddressedCell(value)
    else:
        return value
    addressed.at = address
    return addressed


def cell_with_address(cell: str, address: str) -> str:
    """Return a cell of a table with its address, and a text that is no number as it is."""
    if not _NUMBER.fullmatch(cell):
        return cell
    addressed = AddressedCell(cell)
    addressed.at = address
    return addressed


def address_of(value: object) -> str:
    """Return the address that a value carries; empty where it carries none."""
    return getattr(value, "at", "")


def number_of(cell: str) -> float:
    """Return the number of a filled cell, with the address of the cell."""
    return with_address(float(cell), address_of(cell))  # type: ignore[no-any-return]


def whole_number_of(cell: str) -> int:
    """Return the whole number of a filled cell, with the address of the cell."""
    return with_address(int(float(cell)), address_of(cell))  # type: ignore[no-any-return]


def with_address_of(value: Any, cell: object) -> Any:
    """Return a number that is a cell's but for its sign or its rounding, with the same address."""
    return with_address(value, address_of(cell))


def derive_number(rule: str, value: Any, cells: Iterable[object]) -> Any:
    """Return a number that a rule makes of cells, with ``rule(address,address)`` as its address.

    It carries none where a cell carries none.

    Args:
        rule: one of :data:`.derived_numbers.RULES`.
        cells: the numbers that ``value`` was made of.
    """
    addresses = [address_of(cell) for cell in cells]
    return (
        with_address(value, f"{rule}({','.join(addresses)})")
        if addresses and all(addresses)
        else value
    )


def without_sign(value: Any) -> Any:
    """Return a number without its sign, with ``size(address)`` as its address.

    A sentence prints it that says itself which of two is smaller, as in "3 points fewer".
    """
    return derive_number("size", abs(value), [value])


def row_count(value: int, rows: str) -> Any:
    """Return a number of rows, with ``count(rows)`` as its address.

    Args:
        rows: which rows: an area, a table and conditions, e.g. ``KEN/policy/answer:in_place``; or
            several of these, with commas between them.
    """
    return with_address(value, f"count({rows})")


def cell_count(cells: Sequence[str]) -> int:
    """Return how many cells are named, with ``number(address,address)`` as its address.

    It carries none where a cell has none.
    """
    return with_address(len(cells), f"number({','.join(cells)})" if cells and all(cells) else "")  # type: ignore[no-any-return]


@lru_cache(maxsize=None, typed=True)  # keys of rows are few, and rows are many
def address_part(value: object) -> str:
    """Return a value of a key as it stands in an address."""
    return _FOREIGN.sub("_", str(value).replace("|", "+")) or "_"


def add_addresses(value: Value, address: str) -> Value:
    """Return a content of JSON or YAML whose numbers carry their address below ``address``."""
    addressed: Any = value
    if isinstance(value, Mapping):
        addressed = {
            key: add_addresses(item, f"{address}/{address_part(key)}")
            for key, item in value.items()
        }
    elif isinstance(value, list):
        addressed = [
            add_addresses(item, f"{address}/{_name_item(item, position)}")
            for position, item in enumerate(value, start=1)
        ]
    elif isinstance(value, int | float):
        addressed = with_address(value, address)
    return addressed  # type: ignore[no-any-return]


def list_leaves(value: object, address: str) -> Iterator[tuple[str, object]]:
    """Yield what stands in a content of JSON or YAML, each with its address below ``address``."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from list_leaves(item, f"{address}/{address_part(key)}")
    elif isinstance(value, list):
        for position, item in enumerate(value, start=1):
            yield from list_leaves(item, f"{address}/{_name_item(item, position)}")
    else:
        yield address, value


def add_addresses_to_fields(model: Model, address: str) -> Model:
    """Return a model of pydantic whose numbers carry their address below ``address``."""
    addressed: dict[str, Any] = {}
    for name in type(model).model_fields:
        field_value, field_address = getattr(model, name), f"{address}/{name}"
        addressed[name] = (
            add_addresses_to_fields(field_value, field_address)
            if hasattr(type(field_value), "model_fields")
            else add_addresses(field_value, field_address)
        )
    return model.model_copy(update=addressed)


def _name_item(item: object, position: int) -> str:
    """Return what an entry of a list is called: by its texts, or by its place."""
    texts = (
        [text for text in item.values() if isinstance(text, str)]
        if isinstance(item, Mapping)
        else []
    )
    return ":".join(map(address_part, texts)) or str(position)
