"""Cells of texts, codes and countries, and the dispatch by kind of column."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pycountry

from disrupting_harm.core.errors import suggest_name
from disrupting_harm.evidence.columns import HIGHEST, WORLD, Column, Value
from disrupting_harm.evidence.definition import Fault
from disrupting_harm.evidence.typed_numbers import (
    CellError,
    clean_text,
    read_date,
    read_decimal_number,
    read_whole_number,
    read_year,
)
from disrupting_harm.study.configuration.section import WRITE_ADDRESS, is_web_address

# "Total" and "all" in the languages of the study: rows that add up others.
TOTALS = frozenset(
    {
        "total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum", "all",
        "overall", "all together", "សរុប", "សរុបរួម", "ទាំងអស់", "tổng", "tổng cộng", "tổng số",
        "tất cả", "jumlah", "jumlah total", "keseluruhan", "semua", "รวม", "รวมทั้งหมด", "ทั้งหมด",
        "ยอดรวม", "soma", "total geral", "totais", "todos", "todas",
    }
)  # fmt: skip
# Names of countries that differ from ISO's.
SHORT_NAMES = {"tanzania": "TZA", "vietnam": "VNM", "the philippines": "PHL"}


@dataclass(frozen=True)
class Cell:
    """A filled cell.

    Attributes:
        value: what it holds: a text, a number, a truth value or a date.
        location: file and cell, e.g. ``police.xlsx, offences!H12``.
        shown_percent: whether a sheet shows its number as per cent.
    """

    value: object
    location: str
    shown_percent: bool = False

    @property
    def text(self) -> str:
        """Return the cell as a text, its digits Western, without needless spaces."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean_text(str(value))


def read_cell(cell: Cell, column: Column, countries: Collection[str]) -> str | int | float:
    """Return the value of a filled cell of a column.

    ``countries`` are codes known beside those of ISO 3166.

    Raises:
        CellError: the cell does not hold what the column asks for.
    """
    match column.kind:
        case "count" | "year" | "month" if cell.shown_percent:
            raise CellError(f"{cell.value}, shown as per cent", "Format the cell as a number")
        case "count":
            return read_whole_number(cell.value)
        case "score" | "percent":
            percent = column.kind == "percent"
            return read_decimal_number(
                cell.value, HIGHEST[column.kind], percent, cell.shown_percent
            )
        case "year":
            return read_year(cell.value)
        case "month":
            return _read_month(cell.value)
        case "date":
            return read_date(cell.value)
    if isinstance(cell.value, date):
        raise CellError(
            f"a date ({cell.value:%Y-%m-%d}) in a column of texts",
            "Format the cell as text and type it again; sheets make dates of texts such as 12-17",
        )
    if column.kind in ("country", "place"):
        world = [WORLD] if column.kind == "place" else []
        return match_country_code(cell.text, [*countries, *world])
    if column.total and is_total(cell):
        return column.total
    if column.kind == "code":
        return match_code(cell.text, column.codes)
    if column.kind == "address" and not is_web_address(cell.text):
        raise CellError(f"'{cell.text}' is no address", WRITE_ADDRESS)
    if cell.text.startswith("="):
        raise CellError(f"'{cell.text}', a formula", "Write its result as text")
    if not any(char.isalnum() for char in cell.text):
        raise CellError(f"'{cell.text}' in place of a text", "Write what the row is about")
    return cell.text


def find_wrong_area(row: Mapping[str, Value], areas: Mapping[str, str]) -> Fault | None:
    """Return what is wrong where the item of a row is not known, or of another area.

    ``areas`` holds the area of each item.
    """
    try:
        area = areas[match_code(str(row["item"]), areas)]
    except CellError as error:
        return Fault("item", error.found, error.remedy)
    if row["area"] == area:
        return None
    finding = f"the item '{row['item']}' stands in the area '{row['area']}'"
    return Fault("item", finding, f"Write its area, '{area}'")


def is_total(cell: Cell) -> bool:
    """Return whether the cell's text stands for a total, in a language of the study."""
    return cell.text.casefold().strip(" :.*") in TOTALS


def match_code(spelling: str, codes: Iterable[str]) -> str:
    """Return the code that ``spelling`` spells, small and large letters, spaces and hyphens alike.

    Raises:
        CellError: there is no such code; the nearest one is named, then all.
    """
    allowed = list(codes)
    key = re.sub(r"[ \-]+", "_", spelling.casefold())
    for code in allowed:
        if key == code.casefold():
            return code
    remedy = f"{suggest_name(key, allowed)}Use one of {', '.join(allowed)}"
    raise CellError(f"'{spelling}' is no known code", remedy)


def match_country_code(spelling: str, countries: Collection[str]) -> str:
    """Return the code of a country: one of ``countries``, or of ISO 3166-1 alpha-3.

    Raises:
        CellError: there is no such code; where ``spelling`` is a country's name, its code is named.
    """
    code = spelling.upper()
    if spelling in countries:
        return spelling
    if code in countries or (len(code) == 3 and pycountry.countries.get(alpha_3=code)):
        return code
    finding = f"'{spelling}' is no ISO 3166-1 alpha-3 code and no country of the study"
    meant_code = SHORT_NAMES.get(spelling.casefold())
    if meant_code is None and len(spelling) != 3:
        country = pycountry.countries.get(name=spelling) or pycountry.countries.get(
            common_name=spelling
        )
        meant_code = country.alpha_3 if country else None
    nearest_codes = (
        [meant_code]
        if meant_code
        else difflib.get_close_matches(code, sorted(countries), n=1, cutoff=0.6)
    )
    raise CellError(
        finding,
        f"Write '{nearest_codes[0]}'" if nearest_codes else "Correct the code, e.g. KEN for Kenya",
    )


def _read_month(value: object) -> int:
    month = read_whole_number(value)
    if not 1 <= month <= 12:
        raise CellError(f"{month} is no month", "Write 1 to 12")
    return month
