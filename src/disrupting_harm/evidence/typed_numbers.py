"""Numbers as people type them: read, or refused where they can be read in two ways.

A thousands separator in one country is the decimal separator in another. What can be read in one
way only is read; what can be read in two is refused.
"""

import math
import re
import unicodedata
from datetime import date, datetime

from disrupting_harm.core.spelling import compose_text
from disrupting_harm.evidence.columns import FIRST_YEAR, HIGHEST_COUNT, LAST_YEAR


class CellError(Exception):
    """A cell that cannot be read: what was found and what to do, without the place.

    Args:
        found: what stands there.
        remedy: what to do, as a sentence without its full stop.
    """

    def __init__(self, finding: str, remedy: str) -> None:
        self.found = finding
        self.remedy = remedy
        super().__init__(finding, remedy)


# Words for "no number", in the languages of the study, and signs used for it.
NO_NUMBER = frozenset(
    {
        "n/a", "n.a.", "na", "nil", "none", "null", "nan", "nd", "n/d", "s/d", "x", "zero",
        "unknown", "missing", "refused", "suppressed", "zero_reported", "not_recorded",
        "not_applicable", "not recorded", "not available", "not applicable", "not known",
        "no data", "no record", "no records", "-", "--", "–", "—", ".", "..", "...", "?",
        "không", "không có", "không rõ", "kosong", "tidak ada", "tidak tercatat",
        "ไม่มี", "ไม่ทราบ", "ไม่มีข้อมูล", "គ្មាន", "គ្មានទិន្នន័យ",
        "nenhum", "nenhuma", "não disponível", "não registado", "sem dados", "sem registo",
    }
)  # fmt: skip
USE_STATUS = (
    "Leave the number empty and say why in the column 'status': not_recorded, refused, "
    "not_applicable or suppressed; write 0 and zero_reported where it was counted, with none found"
)
WHOLE = "Write digits alone, without separators"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c"))
# One separator between groups of three digits; with decimals behind another; or decimals alone.
_DIGITS = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"\d{1,3}(?:([,. '])\d{3})(?:\1\d{3})*")
_GROUPED_DECIMAL = re.compile(r"(\d{1,3}(?:([,. '])\d{3})+)([.,])(\d+)")
_PLAIN_NUMBER = re.compile(r"(\d+)(?:([.,])(\d+))?")
_ROUGH = re.compile(r"[<>≤≥~≈]|(about|approx|around|circa|ca|over|under|more|less|up to)\b", re.I)
_DAY = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[ T]00:00(?::00)?)?")


def clean_text(text: str) -> str:
    """Return ``text`` composed, with Western digits, single spaces and nothing invisible."""
    text = compose_text(text).translate(_INVISIBLE)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = text.translate({0x2019: "'", 0x02BC: "'", 0x066C: "'", 0x066B: ".", 0x2212: "-"})
    return " ".join(text.split())


def is_no_number(text: str) -> bool:
    """Return whether ``text`` is a word or sign that people write for a missing number."""
    return text.casefold() in NO_NUMBER


def find_thousands_separator(value: object) -> str | None:
    """Return the point or comma that groups digits in a text; None where there is neither."""
    if not isinstance(value, str):
        return None
    text = clean_text(value)
    grouped_number = _GROUPED.fullmatch(text) or _GROUPED_DECIMAL.fullmatch(text)
    separator = (
        grouped_number.group(1 if grouped_number.re is _GROUPED else 2) if grouped_number else None
    )
    return separator if separator in (".", ",") else None


def read_whole_number(value: object) -> int:
    """Return the count that a cell holds: a number of the sheet, or a text that spells one.

    Raises:
        CellError: it holds no whole number from 0, or can be read in two ways.
    """
    _refuse_no_numbers(value)
    if isinstance(value, int | float):
        return _check_whole(float(value), value)
    text = clean_text(str(value))
    if _DIGITS.fullmatch(text):
        return _check_size(text)
    _refuse_words(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        return _read_grouped(text, grouped.group(1))
    with_decimals = _GROUPED_DECIMAL.fullmatch(text)
    if with_decimals and with_decimals.group(2) != with_decimals.group(3):
        digits = _check_size(re.sub(r"\D", "", with_decimals.group(1)))
        return _check_whole(float(f"{digits}.{with_decimals.group(4)}"), text)
    plain_number = _PLAIN_NUMBER.fullmatch(text)
    if plain_number:
        return _check_whole(float(f"{plain_number.group(1)}.{plain_number.group(3)}"), text)
    raise CellError(f"'{text}' is no whole number", WHOLE)


def read_decimal_number(
    value: object, highest: float, percent: bool = False, shown_percent: bool = False
) -> float:
    """Return the number from 0 to ``highest`` that a cell holds, with a decimal point or comma.

    Args:
        value: number of the sheet, or a text that spells one.
        highest: largest number allowed; below 1,000, so that no separator marks thousands.
        percent: whether the column holds per cent, and "37 %" is 37.
        shown_percent: whether the sheet shows the number as per cent, 0.37 as 37 %.

    Raises:
        CellError: it holds no such number, or can be read in two ways.
    """
    _refuse_no_numbers(value)
    if isinstance(value, int | float):
        number = float(value)
        if shown_percent:
            _refuse_percent(percent, f"{100 * number:g} %")
            # Two decimals more than the cell's own, so that 0.29 becomes 29 and not 28.999999.
            number = round(100 * number, 10)
        return _check_limits(number, highest, f"{number:g}")
    text = clean_text(str(value))
    _refuse_words(text, percent_sign=True)
    if text.endswith("%"):
        _refuse_percent(percent, text)
    plain_number = _PLAIN_NUMBER.fullmatch(text.removesuffix("%").rstrip())
    if not plain_number:
        raise CellError(f"'{text}' is no number", "Write a number with a decimal point")
    digits, separator, decimals = plain_number.groups(default="")
    if separator == "," and len(decimals) == 3 and len(digits) <= 3 and digits.strip("0"):
        raise CellError(
            f"'{text}' can be read as {digits}{decimals} and as {digits}.{decimals}",
            "Write it without thousands separators and with a decimal point",
        )
    return _check_limits(float(f"{digits}.{decimals or 0}"), highest, text)


def read_year(value: object) -> int:
    """Return the year that a cell holds.

    Raises:
        CellError: it holds a date, a span of years, a year of another calendar or no year.
    """
    remedy = "Write the year alone, four digits, in a cell that is formatted as a number"
    if isinstance(value, date | datetime):
        day = value.date() if isinstance(value, datetime) else value
        serial = (day - date(1899, 12, 30)).days
        if FIRST_YEAR <= serial <= LAST_YEAR:
            raise CellError(f"the number {serial}, shown as the date {day}", remedy)
        raise CellError(f"a date ({day}), not a year", remedy)
    _refuse_no_numbers(value)
    text = f"{value:g}" if isinstance(value, float | int) else clean_text(str(value))
    text = text.removesuffix(".0")
    if is_no_number(text):
        raise CellError(f"'{text}' is no year", "Every row needs its year")
    if _DIGITS.fullmatch(text) and len(text) == 4:
        year = int(text)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
        if FIRST_YEAR <= year - 543 <= LAST_YEAR:
            raise CellError(
                f"{year} is a year of the Buddhist calendar", f"Write {year - 543}, its common year"
            )
    if _DAY.fullmatch(text):
        raise CellError(f"a date ('{text}'), not a year", remedy)
    if re.fullmatch(r"\d{4} ?[-/–] ?\d{2,4}", text):
        raise CellError(f"'{text}' spans two years", "Write the year in which most of it lies")
    raise CellError(f"'{text}' is no year from {FIRST_YEAR} to {LAST_YEAR}", remedy)


def read_date(value: object) -> str:
    """Return the date that a cell holds as YYYY-MM-DD, or YYYY-MM where no day is given.

    Raises:
        CellError: it holds no date in that order.
    """
    if isinstance(value, datetime):
        value = value.date()
    text = clean_text(str(value))
    date_parts = _DAY.fullmatch(text)
    try:
        if date_parts:
            year, month, day = date_parts.groups()
            day_read = date(int(year), int(month), int(day or 1))
            if FIRST_YEAR <= day_read.year <= LAST_YEAR:
                return day_read.isoformat() if day else day_read.isoformat()[:7]
    except ValueError:
        pass
    raise CellError(
        f"'{text}' is no date as year, month, day",
        "Write 2021-03-15, or 2021-03 where the day is not known",
    )


def _refuse_no_numbers(value: object) -> None:
    if isinstance(value, bool):
        raise CellError(f"{str(value).upper()}, a truth value", "Write a number")
    if isinstance(value, date | datetime):
        raise CellError(
            f"a date ({value:%Y-%m-%d}) in a column of numbers",
            "Write the number again in a cell that is formatted as a number",
        )
    if not isinstance(value, int | float | str):
        raise CellError(f"'{value}' is no number", "Write a number")


def _refuse_words(text: str, percent_sign: bool = False) -> None:
    if is_no_number(text):
        raise CellError(f"'{text}' in place of a number", USE_STATUS)
    if text.startswith("-"):
        raise CellError(f"'{text}' is below zero", "Correct it; counts and scores start at 0")
    if _ROUGH.match(text):
        raise CellError(
            f"'{text}' is no exact number",
            "Give the number as counted; one that may not be told is empty, with status suppressed",
        )
    if re.fullmatch(r"\d+ ?[-–] ?\d+", text):
        raise CellError(f"'{text}' is a range", "Give one number")
    if "%" in text and not percent_sign:
        raise CellError(f"'{text}' is a percentage", "Give the count")


def _refuse_percent(allowed: bool, text: str) -> None:
    if not allowed:
        raise CellError(f"'{text}' is a percentage", "Give the score, which has no unit")


def _read_grouped(text: str, separator: str) -> int:
    digits = re.sub(r"\D", "", text)
    if text.startswith("0"):
        raise CellError(f"'{text}' is no whole number", WHOLE)
    if separator == "." and text.count(".") == 1:
        raise CellError(
            f"'{text}' can be read as {digits} and as a decimal number", f"{WHOLE}: {digits}"
        )
    return _check_size(digits)


def _check_size(digits: str) -> int:
    """Return the count; one of thousands of digits is refused before it is read as a number."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > len(str(HIGHEST_COUNT)) or int(digits) > HIGHEST_COUNT:
        raise CellError(
            f"a count of {len(digits)} digits", f"Correct it; no count is above {HIGHEST_COUNT:,}"
        )
    return int(digits)


def _check_whole(number: float, printed_value: object) -> int:
    if not math.isfinite(number) or number < 0:
        raise CellError(
            f"{printed_value} is below zero or no number", "Correct it; counts start at 0"
        )
    if not number.is_integer():
        raise CellError(
            f"{printed_value} is no whole number{_suggest_thousands(printed_value)}",
            f"Correct it. {WHOLE}",
        )
    return _check_size(f"{number:.0f}")


def _suggest_thousands(cell_value: object) -> str:
    """Return what 1.234 in a sheet may mean, too: 1234, typed with a point for thousands."""
    if not isinstance(cell_value, float) or not 1 <= cell_value < 1000:
        return ""
    thousandfold = round(1000 * cell_value, 6)
    return f"; perhaps {thousandfold:.0f} was meant" if thousandfold.is_integer() else ""


def _check_limits(number: float, highest: float, printed_value: str) -> float:
    if not 0 <= number <= highest:
        raise CellError(f"{printed_value} lies outside 0 to {highest:g}", "Correct it")
    return number
