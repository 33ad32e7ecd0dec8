"""Messages as Markdown: translated, with values escaped and formatted for the language."""

import datetime
import re
from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

from disrupting_harm.provenance.addresses import address_of, of_cell
from disrupting_harm.report.language.markdown import Markdown, cited, escape
from disrupting_harm.report.language.translator import Words

# A number with its address; the printed text is group 1.
CITED = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{n="([^"]*)"\}')


_PRIVATE = 0xE000  # letters that no text has stand for values until the rest is escaped
# Two numbers in brackets with a word between them, e.g. "({count} of {all})": no line ends in them.
_BRACKETS = re.compile(r"(\({\w+}) (\S+) (?={\w+}\))")


def four_digits(number: float) -> int:
    """Return a positive number rounded to four digits."""
    return round(round(number), 3 - floor(log10(number)))


class Text:
    """What templates call ``_``: a message in the reader's language, ready to print.

    Messages are Markdown as their author wrote them; values are escaped unless they are
    :class:`Markdown`.
    """

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, message: str, **values: Any) -> Markdown:
        """Return ``message`` translated, with ``{placeholders}`` filled."""
        safe = {name: escape(value) for name, value in values.items()}
        text = _BRACKETS.sub("\\1\u00a0\\2\u00a0", self.words.of_study(message))
        return Markdown(self.words.filled(text, safe))

    def of_study(self, message: str) -> Markdown:
        """Return a text of the codebook or configuration, translated and escaped."""
        return escape(self.words.of_study(message))

    def filled(self, message: str, values: Mapping[str, Markdown]) -> Markdown:
        """Return a sentence of the study, translated, its own words printed letter by letter."""
        pattern = self.words.of_study(message)
        signs = {name: chr(_PRIVATE + at) for at, name in enumerate(values)}
        for name, sign in signs.items():
            pattern = pattern.replace(f"{{{name}}}", sign)
        said = escape(pattern)
        for name, sign in signs.items():
            said = Markdown(said.replace(sign, values[name]))
        return Markdown(self.words.contracted(said))

    def plain(self, text: str) -> Markdown:
        """Return a text of the data, translated where it can be, and escaped."""
        return escape(self.words.plain(text))

    def number(self, value: float, digits: int = 0) -> Markdown:
        """Return a number as the language writes it, with the address that it carries."""
        return cited(escape(self.words.number(value, digits)), address_of(value))

    def percent(self, proportion: float, digits: int = 0) -> Markdown:
        """Return a proportion as per cent without the sign, with the address that it carries."""
        return cited(escape(self.words.percent(proportion, digits)), address_of(proportion))

    def with_sign(self, percent: int) -> Markdown:
        """Return whole per cent with the sign, with the address that the number carries."""
        return cited(escape(self.words.with_sign(percent)), address_of(percent))

    def of_100(self, percent: int, some: bool) -> Markdown:
        """Return whole per cent without the sign; where ``some`` said yes, never "0"."""
        return cited(escape(self.words.of_100(percent, some)), address_of(percent))

    def compact(self, value: float) -> Markdown:
        """Return a large number in words of the language, with the address that it carries."""
        return cited(escape(self.words.compact(value)), address_of(value))

    def about(self, number: int) -> Markdown:
        """Return a positive number to four digits, as a sentence with "about" tells it."""
        return self.number(of_cell(four_digits(number), number))

    def date(self, day: datetime.date) -> Markdown:
        """Return a date in the long form of the language."""
        return escape(self.words.date(day))

    def enumeration(self, parts: Sequence[str]) -> Markdown:
        """Return parts joined as the language does."""
        return Markdown(self.words.enumeration([escape(part) for part in parts]))
