"""Numbers and dates as a language writes them, by the Unicode CLDR."""

import datetime
from functools import cache
from math import floor, log10

from babel import Locale, dates, numbers

from disrupting_harm.provenance.addresses import address_of, of_cell
from disrupting_harm.report.language.annotated import annotated

THOUSAND, MILLION = 1_000, 1_000_000


class Formats:
    """Print numbers and dates in one language.

    Attributes:
        locale: of the language.
    """

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        # Whether numbers are printed with the address that they carry.
        self._annotates = False

    def _with_address(self, printed: object, value: float) -> str:
        return annotated(str(printed), address_of(value)) if self._annotates else str(printed)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with its group and decimal signs, e.g. ``1,234.5``."""
        return self._with_address(_pattern(digits).apply(value, self.locale), value)

    def percent(self, proportion: float, digits: int = 0) -> str:
        """Return a proportion as per cent without the sign, e.g. ``23.7``."""
        return self.number(of_cell(100 * proportion, proportion), digits)

    def with_sign(self, percent: int) -> str:
        """Return whole per cent with the sign where the language puts it, e.g. ``17%``."""
        printed = numbers.format_percent(percent / 100, locale=self.locale)
        return self._with_address(printed, percent)

    def of_100(self, percent: int, some: bool) -> str:
        """Return a share, or a limit of it, in whole per cent; where ``some`` said yes, never "0".

        "From 0" would say that perhaps nobody is meant; it is "<1".
        """
        if percent or not some:
            return self.number(percent)
        return self._with_address(f"<{_pattern(0).apply(1, self.locale)}", percent)

    def compact(self, value: float) -> str:
        """Return a large number in words of the language, e.g. ``5.1 million``.

        Below a million it is written out to two digits, as numbers of children are: ``240,000``.
        """
        to_two = value
        if THOUSAND <= value < MILLION:
            to_two = round(round(value), 1 - floor(log10(value)))
            if to_two < MILLION:
                return str(_pattern(0).apply(to_two, self.locale))
        return str(
            numbers.format_compact_decimal(
                max(value, to_two), format_type="long", fraction_digits=1, locale=self.locale
            )
        )

    def short(self, value: float) -> str:
        """Return a large number as short as the language writes it, e.g. ``46K`` or ``1.2M``."""
        # One digit alone would hide a change by a third.
        digits = 1 if len(str(round(value))) % 3 == 1 else 0
        return str(
            numbers.format_compact_decimal(
                value, format_type="short", fraction_digits=digits, locale=self.locale
            )
        )

    def date(self, day: datetime.date) -> str:
        """Return a date in the long form of the language."""
        return str(dates.format_date(day, format="long", locale=self.locale))


@cache
def _pattern(digits: int) -> numbers.NumberPattern:
    """Return how numbers with these decimals look; to read it takes as long as to print one."""
    return numbers.parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))
