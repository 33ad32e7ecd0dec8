"""Numbers that documents make of published cells: their rules, and how they are made again.

The address of such a number names its rule and what it is made of: ``sum(address,address)``, or
``count(KEN/policy/answer:in_place)`` for the rows of a table with these values, in one area
or more.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan, prod

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import COMPARE, address_part
from disrupting_harm.provenance.explain.lookup import PublishedFiles

COUNT = "count"
# Of cells that are named one by one, whatever stands in them.
NUMBER = "number"
# In a condition: the cell is not empty.
ANY = "any"
_CALL = re.compile(r"(\w+)\((.+)\)")


@dataclass(frozen=True)
class Rule:
    """How a number is made of cells.

    Attributes:
        formula: in words.
        compute: takes the numbers of the cells in their order.
    """

    formula: str
    compute: Callable[[Sequence[float]], float]


def _pair_cells(cells: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(cells[::2], cells[1::2], strict=True))


RULES: Mapping[str, Rule] = {
    "sum": Rule("the sum of the cells", sum),
    "difference": Rule("the first cell less the second", lambda cells: cells[0] - cells[1]),
    "opposite": Rule("the cell with the other sign", lambda cells: -cells[0]),
    "size": Rule("the cell without its sign", lambda cells: abs(cells[0])),
    "mean": Rule("the mean of the cells", lambda cells: sum(cells) / len(cells)),
    NUMBER: Rule("how many cells are named", len),
    "same": Rule(
        "what each of the cells says", lambda cells: cells[0] if len(set(cells)) == 1 else nan
    ),
    "product": Rule("the product of the cells", prod),
    "remainder": Rule("one minus the cell, a share", lambda cells: 1 - cells[0]),
    "one_in": Rule(
        "how many there are to one: 100 divided by the cell, in whole per cent",
        lambda cells: 100 / max(cells[0], 1),
    ),
    "tenths": Rule(
        "how many of ten: the cell, in whole per cent, divided by 10", lambda cells: cells[0] / 10
    ),
    "under": Rule(
        "the least whole per cent that the cell, in whole per cent, is below",
        lambda cells: cells[0] + 1,
    ),
    "pairs": Rule("how many pairs the cells make", lambda cells: len(cells) * (len(cells) - 1) / 2),
    "apart": Rule(
        "how many pairs of ranges do not overlap; the two ends of each range stand side by side",
        lambda cells: sum(
            a[1] < b[0] or b[1] < a[0] for a, b in combinations(_pair_cells(cells), 2)
        ),
    ),
    "turned": Rule(
        "how many pairs have the other order by their second cell than by their first; the two "
        "cells of each stand side by side",
        lambda cells: sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(_pair_cells(cells), 2)
        ),
    ),
    "positions": Rule(
        "how many ranks there are from the first cell to the second, both of them among these",
        lambda cells: cells[1] - cells[0] + 1,
    ),
}


def find_rule(address: str) -> tuple[str, list[str]] | None:
    """Return the rule of a number and the addresses that it is made of; None for one cell.

    Raises:
        StudyError: if there is no such rule.
    """
    call = _CALL.fullmatch(address)
    if call is None:
        return None
    name = call[1]
    if name != COUNT and name not in RULES:
        raise StudyError(
            f"address '{address}'",
            f"there is no rule '{name}'",
            f"Rules are {', '.join([*RULES, COUNT])}",
        )
    return name, call[2].split(",")


def find_value(address: str, published: PublishedFiles) -> float | None:
    """Return the number at an address; None where it is hidden or no number.

    Raises:
        StudyError: if the address leads nowhere.
    """
    rule = find_rule(address)
    if rule is None:
        return _parse_number(published.find_cell(address).text)
    name, inputs = rule
    if name == COUNT:
        return float(sum(_count_rows(rows, published) for rows in inputs))
    cell_texts = [published.find_cell(input_address).text for input_address in inputs]
    if name == NUMBER:
        return float(len(cell_texts))
    numbers = [_parse_number(text) for text in cell_texts]
    known_numbers = [number for number in numbers if number is not None]
    return RULES[name].compute(known_numbers) if len(known_numbers) == len(numbers) else None


def _parse_number(text: str) -> float | None:
    """Return the number of a cell, or the limit of a bound such as ``< 10``; None without one."""
    try:
        return float(text.removeprefix("<").removeprefix(">"))
    except ValueError:
        return None


def _count_rows(condition_address: str, published: PublishedFiles) -> int:
    segments = condition_address.split("/")
    area, table, conditions = segments[0], segments[1], segments[2:]
    rows_of_table = published.read_rows(area, table)
    if area != COMPARE and rows_of_table and "country" in rows_of_table[0]:
        rows_of_table = [row for row in rows_of_table if address_part(row["country"]) == area]
    for condition in conditions:
        column, _, value = condition.partition(":")
        if rows_of_table and column not in rows_of_table[0]:
            raise StudyError(
                f"address '{COUNT}({condition_address})'",
                f"table '{table}' has no column '{column}'",
                f"Columns are {', '.join(rows_of_table[0])}",
            )
        rows_of_table = [
            row
            for row in rows_of_table
            if (row[column] if value == ANY else address_part(row[column]) == value)
        ]
    return len(rows_of_table)
