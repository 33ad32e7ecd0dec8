"""Addresses of published numbers: where in the public files a printed number stands.

An address is made of the primary key of a table (:mod:`.rows`) and a column::

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

Numbers carry their address from the file to the document: :class:`At`, :class:`AtWhole` and
:class:`Cited`. Arithmetic drops it on purpose, as the result stands at no address.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
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


class At(float):
    """A number with its address."""

    __slots__ = ("at",)
    at: str


class AtWhole(int):
    """A whole number with its address."""

    at: str


class Cited(str):
    """A cell of a table, as text, with its address."""

    at: str


def at(value: Any, address: str) -> Any:
    """Return ``value`` with an address; what is no number, or None, as it is."""
    carried: Any
    if not address or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        carried = AtWhole(value)
    elif isinstance(value, float):
        carried = At(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        carried = Cited(value)
    else:
        return value
    carried.at = address
    return carried


def cited(cell: str, address: str) -> str:
    """Return a cell of a table with its address, and a text that is no number as it is."""
    if not _NUMBER.fullmatch(cell):
        return cell
    carried = Cited(cell)
    carried.at = address
    return carried


def address_of(value: object) -> str:
    """Return the address that a value carries; empty where it carries none."""
    return getattr(value, "at", "")


def number_of(cell: str) -> float:
    """Return the number of a filled cell, with the address of the cell."""
    return at(float(cell), address_of(cell))  # type: ignore[no-any-return]


def whole_number_of(cell: str) -> int:
    """Return the whole number of a filled cell, with the address of the cell."""
    return at(int(float(cell)), address_of(cell))  # type: ignore[no-any-return]


def of_cell(value: Any, cell: object) -> Any:
    """Return a number that is a cell's but for its sign or its rounding, with the same address."""
    return at(value, address_of(cell))


def computed(rule: str, value: Any, cells: Iterable[object]) -> Any:
    """Return a number that a rule makes of cells, with ``rule(address,address)`` as its address.

    It carries none where a cell carries none.

    Args:
        rule: one of :data:`.derived.RULES`.
        value: the number.
        cells: the numbers that it was made of.
    """
    found = [address_of(cell) for cell in cells]
    return at(value, f"{rule}({','.join(found)})") if found and all(found) else value


def size_of(value: Any) -> Any:
    """Return a number without its sign, with ``size(address)`` as its address.

    A sentence prints it that says itself which of two is smaller, as in "3 points fewer".
    """
    return computed("size", abs(value), [value])


def counted(value: int, rows: str) -> Any:
    """Return a number of rows, with ``count(rows)`` as its address.

    Args:
        value: the number.
        rows: which rows: an area, a table and conditions, e.g. ``KEN/policy/answer:in_place``; or
            several of these, with commas between them.
    """
    return at(value, f"count({rows})")


def how_many(cells: Sequence[str]) -> int:
    """Return how many cells are named, with ``number(address,address)`` as its address.

    It carries none where a cell has none.
    """
    return at(len(cells), f"number({','.join(cells)})" if cells and all(cells) else "")  # type: ignore[no-any-return]


@lru_cache(maxsize=None, typed=True)  # keys of rows are few, and rows are many
def part(value: object) -> str:
    """Return a value of a key as it stands in an address."""
    return _FOREIGN.sub("_", str(value).replace("|", "+")) or "_"


def addressed_values(value: Value, where: str) -> Value:
    """Return a content of JSON or YAML whose numbers carry their address below ``where``."""
    carried: Any = value
    if isinstance(value, Mapping):
        carried = {
            key: addressed_values(inner, f"{where}/{part(key)}") for key, inner in value.items()
        }
    elif isinstance(value, list):
        carried = [
            addressed_values(inner, f"{where}/{_name(inner, place)}")
            for place, inner in enumerate(value, start=1)
        ]
    elif isinstance(value, int | float):
        carried = at(value, where)
    return carried  # type: ignore[no-any-return]


def addressed_fields(model: Model, where: str) -> Model:
    """Return a model of pydantic whose numbers carry their address below ``where``."""
    carried: dict[str, Any] = {}
    for name in type(model).model_fields:
        inner, place = getattr(model, name), f"{where}/{name}"
        carried[name] = (
            addressed_fields(inner, place)
            if hasattr(type(inner), "model_fields")
            else addressed_values(inner, place)
        )
    return model.model_copy(update=carried)


def _name(entry: object, place: int) -> str:
    """Return what an entry of a list is called: by its texts, or by its place."""
    texts = [v for v in entry.values() if isinstance(v, str)] if isinstance(entry, Mapping) else []
    return ":".join(map(part, texts)) or str(place)
