"""Messages, numbers and dates in a reader's language, as plain text or as Markdown.

Messages are written in English in templates, code and codebook; catalogues
(``locale/{language}/LC_MESSAGES/report.po``) hold their translations. Numbers, dates and country
names follow the Unicode CLDR through Babel.
"""

import datetime
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from math import floor, log10
from pathlib import Path
from typing import Generic, Literal, TypeVar, cast

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import address_of, with_address_of
from disrupting_harm.provenance.imports import digest
from disrupting_harm.report.language.addressed_text import add_address, strip_addresses
from disrupting_harm.report.language.markdown import Markdown, cited, escape, without_addresses
from disrupting_harm.report.language.settings import (
    CATALOGUE,
    ENGLISH,
    MESSAGES,
    read_language,
    require_language,
)
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.country_names import english_name, english_name_in_text

# The messages of a catalogue that a stage may print.
#
# The comments ``#:`` of a catalogue name the files where a message stands. A stage prints no
# messages but those of the modules that it imports, of the templates that it fills, and words of
# the study, which may stand anywhere: an edit of any other message does not concern it.


REPORT = Path("disrupting_harm") / "report"
_PLACES = re.compile(r"^#:(.*)$", re.MULTILINE)
# In templates of Markdown, which name others from the folder of all templates.
_INCLUDE = re.compile(r'<% include "([^"]+)" %>')


def report_modules(files: Iterable[Path], source: Path) -> list[str]:
    """Return those of ``files`` that lie in this package, as comments of catalogues name them.

    Args:
        files: modules of the library.
        source: the folder that holds the library.
    """
    package = source / REPORT
    return sorted(path.relative_to(package).as_posix() for path in files if package in path.parents)


def with_includes(name: str, templates: Path) -> set[str]:
    """Return the name of a template of Markdown and of all that it includes, directly or not."""
    found: set[str] = set()
    waiting = {name}
    while waiting:
        found.add(current := waiting.pop())
        text = (templates / current).read_text(encoding="utf-8")
        waiting |= set(_INCLUDE.findall(text)) - found
    return found


def part_of(catalogue: str, places: Collection[str]) -> str:
    """Return a catalogue without the messages that cannot be printed; its head stays.

    Args:
        catalogue: the text of a ``.po`` file, as ``translate update`` writes it: an empty line
            between messages.
        places: modules (:func:`report_modules`) and templates that messages are printed from.
    """
    entries = catalogue.split("\n\n")
    return "\n\n".join(entry for entry in entries if _is_printed(_named_in(entry), places))


def digests_by_places(catalogue: str) -> dict[tuple[str, ...], str]:
    """Return a digest of all messages that name the same places, by these places."""
    entries: dict[tuple[str, ...], list[str]] = {}
    for entry in catalogue.split("\n\n"):
        entries.setdefault(_named_in(entry), []).append(entry)
    return {named: digest("\n\n".join(texts)) for named, texts in entries.items()}


def digest_of_part(digests: Mapping[tuple[str, ...], str], places: Collection[str]) -> str:
    """Return a digest that changes with any message that may be printed from some places.

    Args:
        digests: of a catalogue, by :func:`digests_by_places`.
        places: as for :func:`part_of`.
    """
    return digest("".join(one for named, one in digests.items() if _is_printed(named, places)))


def _named_in(entry: str) -> tuple[str, ...]:
    return tuple(" ".join(_PLACES.findall(entry)).split())


def _is_printed(named: Collection[str], places: Collection[str]) -> bool:
    # Words of a study may stand anywhere; so may a message that names no place.
    return not named or any(one in places or not one.endswith((".py", ".j2")) for one in named)


Areas = Literal["countries", "regions"]
# What messages call the rows of the countries file.
AREAS: dict[Areas, dict[str, str]] = {
    "countries": {
        "area": "country", "areas": "countries", "Area": "Country", "Areas": "Countries",
    },
    "regions": {"area": "region", "areas": "regions", "Area": "Region", "Areas": "Regions"},
}  # fmt: skip
# Mozambique names countries as Portugal does; CLDR's "pt" alone is that of Brazil.
NAMED_AS_IN = {"pt": "pt_PT"}
DRAFT, REVIEWED = "draft", "reviewed"
_STATUS = re.compile(rb'^"X-Status: (\w+)', re.MULTILINE)
# Who answers where no study says it.
RESPONDENTS = "persons"
_AREA = re.compile(r"{[Aa]reas?}")
_RESPONDENTS = re.compile(r"{[Rr]espondents}")
# No line ends between an article and its name; by this space a contraction finds them.
_HELD = "\u00a0"
# After and before a part of an enumeration, in no text. Between its "and" and the last part Khmer
# has a space of no width.
_AFTER, _BEFORE = "\0", "\1"
_NO_SPACE = re.compile(f"{_AFTER}(?=\\w)|(?<=\\w)\\u200b?{_BEFORE}")
_LATIN = re.compile("[0-9A-Za-z\u00c0-\u024f]")
_PRIVATE = 0xE000  # letters that no text has stand for values until the rest is escaped
THOUSAND, MILLION = 1_000, 1_000_000

Printed = TypeVar("Printed", bound=str, covariant=True)
Other = TypeVar("Other", bound=str)


@dataclass(frozen=True)
class Markup(Generic[Printed]):
    """How a text is marked up: the type of it, and what of a value or a number stands in it.

    Attributes:
        text: marks a text as one that is in this markup already.
        escape: returns a value so that it is printed letter by letter.
        cite: returns a printed number with its address; without one as any other value.
        hold: returns a translated message with brackets that no line ends in.
    """

    text: Callable[[str], Printed]
    escape: Callable[[object], Printed]
    cite: Callable[[str, str], Printed]
    hold: Callable[[str], str]


# Two numbers in brackets with a word between them, e.g. "({count} of {all})".
_BRACKETS = re.compile(r"(\({\w+}) (\S+) (?={\w+}\))")
# Plain text without addresses, as programs read it.
PLAIN = Markup(str, str, lambda printed, _: printed, str)
# Plain text whose numbers carry their addresses: texts of figures and pages.
ADDRESSED = Markup(str, str, add_address, str)
# Messages are Markdown as their author wrote them; values are escaped unless they are Markdown.
MARKDOWN = Markup(
    Markdown,
    escape,
    lambda printed, address: cited(escape(printed), address),
    lambda message: _BRACKETS.sub("\\1\u00a0\\2\u00a0", message),
)


class Translator(Generic[Printed]):
    """Translate messages and print values in one language and one markup.

    Attributes:
        language, locale: of the reader.
        script, superlatives: its letters, and a pattern of the words that claim an order.
        draft: whether the translation awaits its review.
        asked, untranslated: the messages that were asked for, and those of them that stand in
            English; the same in all markups.
    """

    def __init__(
        self,
        language: str,
        messages: dict[str, str],
        markup: Markup[Printed],
        areas: Areas = "countries",
        respondents: str = RESPONDENTS,
        *,
        draft: bool = False,
        script: str = "latin",
        superlatives: str = "",
        articles: Mapping[str, str] | None = None,
        contractions: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        # The English texts are British; so are their dates and lists.
        self.locale = Locale.parse("en_GB" if language == "en" else language)
        self.script, self.superlatives, self.draft = script, superlatives, draft
        self.asked: set[str] = set()
        self.untranslated: set[str] = set()
        self._markup = markup
        self._messages = messages
        self._articles, self._contractions = articles or {}, contractions or {}
        self._respondents = respondents
        answering = self._find(respondents)
        self._of_study = {name: self._find(word) for name, word in AREAS[areas].items()} | {
            "respondents": answering,
            "Respondents": answering[:1].upper() + answering[1:],
        }

    def with_markup(self, markup: Markup[Other]) -> "Translator[Other]":
        """Return the same language in another markup."""
        other = cast("Translator[Other]", copy(self))
        other._markup = markup
        return other

    def __call__(self, message: str, **values: object) -> Printed:
        """Return ``message`` translated, with ``{placeholders}`` filled.

        ``{area}``, ``{areas}``, ``{Area}`` and ``{Areas}`` are what one row of the countries file
        is called, ``{respondents}`` and ``{Respondents}`` who answered: the author of a message
        writes them where another study compares regions, or asks adults.
        """
        pattern = self._markup.hold(self._translate(message))
        if _RESPONDENTS.search(pattern):
            self._translate(self._respondents)  # notes where it has no translation
        elif not values and not _AREA.search(pattern):
            return self._markup.text(pattern)
        printed = {name: self._markup.escape(value) for name, value in values.items()}
        return self.contracted(pattern.format(**{**self._of_study, **printed}))

    def of_study(self, message: str) -> Printed:
        """Return a text that every reader must understand, e.g. a label of the codebook."""
        return self._markup.escape(self._translate(message))

    def plain(self, text: str) -> Printed:
        """Return a text of the data, e.g. a name or a source, translated where it can be."""
        return self._markup.escape(self._find(text))

    def filled(self, message: str, values: Mapping[str, object]) -> Printed:
        """Return a sentence of the study, translated, its own words printed letter by letter."""
        pattern = self._translate(message)
        signs = {name: chr(_PRIVATE + at) for at, name in enumerate(values)}
        for name, sign in signs.items():
            pattern = pattern.replace(f"{{{name}}}", sign)
        sentence: str = self._markup.escape(pattern)
        for name, sign in signs.items():
            sentence = sentence.replace(sign, self._markup.escape(values[name]))
        return self.contracted(sentence)

    def _translate(self, message: str) -> str:
        self.asked.add(message)
        has_words = any(letter.isalpha() for letter in message)
        if self.language != "en" and message not in self._messages and has_words:
            self.untranslated.add(message)
        return self._find(message)

    def _find(self, text: str) -> str:
        return self._messages.get(text, text)

    def country(self, code: str, name: str | None = None) -> Printed:
        """Return a country's name: the study's own in English, else that of CLDR.

        Args:
            code: ISO 3166-1 alpha-3 code, or the code of a region.
            name: the study's own name; translated where the code is no ISO country.
        """
        return self._markup.escape(self._country(code, name))

    def _country(self, code: str, name: str | None) -> str:
        if self.language == ENGLISH:
            return english_name(code, name)
        import pycountry

        country = pycountry.countries.get(alpha_3=code)
        if country is None:
            return self._find(name or code)
        names = Locale.parse(NAMED_AS_IN.get(self.language, str(self.locale))).territories
        return names.get(country.alpha_2) or name or code

    def country_in_text(self, code: str, name: str | None = None) -> Printed:
        """Return a country's name as running text has it: with its article, if it has one."""
        if self.language == ENGLISH:
            return self._markup.escape(english_name_in_text(code, name))
        article = self._articles.get(code)
        alone = self._country(code, name)
        return self._markup.escape(f"{article}{_HELD}{alone}" if article else alone)

    def contracted(self, text: str) -> Printed:
        """Return a text whose prepositions have taken in the articles of countries' names.

        In Portuguese "em" and "o Quénia" are "no Quénia".
        """
        if self._contractions and _HELD in text:
            text = re.sub(rf"\b\w+ \w+(?={_HELD})", self._contract, text)
        return self._markup.text(text)

    def _contract(self, match: re.Match[str]) -> str:
        word = self._contractions.get(match[0].lower(), match[0])
        return word.capitalize() if match[0][0].isupper() else word

    def enumeration(self, parts: Sequence[str]) -> Printed:
        """Return parts joined as the language does, e.g. ``a, b and c``.

        Where a language writes its words without spaces, one stands between its "and" and a part
        that ends or begins with a digit or a Latin letter there.
        """
        edged = [_edged(self._markup.escape(part)) for part in parts]
        joined = str(lists.format_list(edged, locale=self.locale))
        return self._markup.text(
            _NO_SPACE.sub(" ", joined).replace(_AFTER, "").replace(_BEFORE, "")
        )

    def number(self, value: float, digits: int = 0) -> Printed:
        """Return a number with its group and decimal signs, e.g. ``1,234.5``."""
        return self._cite(_pattern(digits).apply(value, self.locale), value)

    def percent(self, proportion: float, digits: int = 0) -> Printed:
        """Return a proportion as per cent without the sign, e.g. ``23.7``."""
        return self.number(with_address_of(100 * proportion, proportion), digits)

    def with_sign(self, percent: int) -> Printed:
        """Return whole per cent with the sign where the language puts it, e.g. ``17%``."""
        return self._cite(numbers.format_percent(percent / 100, locale=self.locale), percent)

    def of_100(self, percent: int, some: bool) -> Printed:
        """Return a share, or a limit of it, in whole per cent; where ``some`` said yes, never "0".

        "From 0" would say that perhaps nobody is meant; it is "<1".
        """
        if percent or not some:
            return self.number(percent)
        return self._cite(f"<{_pattern(0).apply(1, self.locale)}", percent)

    def about(self, number: int) -> Printed:
        """Return a positive number to four digits, as a sentence with "about" tells it."""
        return self.number(with_address_of(four_digits(number), number))

    def compact(self, value: float) -> Printed:
        """Return a large number in words of the language, e.g. ``5.1 million``.

        Below a million it is written out to two digits, as numbers of children are: ``240,000``.
        """
        to_two = value
        if THOUSAND <= value < MILLION:
            to_two = round(round(value), 1 - floor(log10(value)))
            if to_two < MILLION:
                return self._cite(_pattern(0).apply(to_two, self.locale), value)
        in_words = numbers.format_compact_decimal(
            max(value, to_two), format_type="long", fraction_digits=1, locale=self.locale
        )
        return self._cite(in_words, value)

    def short(self, value: float) -> Printed:
        """Return a large number as short as the language writes it, e.g. ``46K`` or ``1.2M``.

        It stands in drawings alone, without its address.
        """
        # One digit alone would hide a change by a third.
        digits = 1 if len(str(round(value))) % 3 == 1 else 0
        return self._markup.escape(
            numbers.format_compact_decimal(
                value, format_type="short", fraction_digits=digits, locale=self.locale
            )
        )

    def date(self, day: datetime.date) -> Printed:
        """Return a date in the long form of the language."""
        return self._markup.escape(dates.format_date(day, format="long", locale=self.locale))

    def _cite(self, printed: object, value: float) -> Printed:
        return self._markup.cite(str(printed), address_of(value))


@cache
def _pattern(digits: int) -> numbers.NumberPattern:
    """Return how numbers with these decimals look; to read it takes as long as to print one."""
    return numbers.parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))


def _edged(part: str) -> str:
    """Return a part with a sign beyond each end that is a digit or a Latin letter."""
    shown = without_addresses(strip_addresses(part))
    before = _BEFORE if _LATIN.match(shown[:1]) else ""
    after = _AFTER if _LATIN.match(shown[-1:]) else ""
    return f"{before}{part}{after}"


def four_digits(number: float) -> int:
    """Return a positive number rounded to four digits."""
    return round(round(number), 3 - floor(log10(number)))


def hundredths(part: float) -> int:
    """Return in whole per cent a proportion that is published so, with its address.

    Raises:
        StudyError: if it has more decimals: whole per cents of it would be rounded twice.
    """
    percent = round(100 * part)
    if abs(100 * part - percent) > 1e-9:
        raise StudyError(
            address_of(part) or "a published share",
            f"{part:g} is no whole per cent",
            "Print its column of whole per cents",
        )
    return with_address_of(percent, part)  # type: ignore[no-any-return]


def english(areas: Areas = "countries", respondents: str = RESPONDENTS) -> Translator[str]:
    """Return the English in which a study's ``areas`` (countries or regions) are compared."""
    return Translator(ENGLISH, {}, PLAIN, areas, respondents)


def load_translator_of_study(language: str, templates: Path, study: StudyInfo) -> Translator[str]:
    """Load the catalogue of ``language`` for documents on a study, whose areas and people it names.

    Raises:
        StudyError: as :func:`load_translator`.
    """
    return load_translator(language, templates / "locale", study.areas, study.respondents)


def load_translator(
    language: str,
    locale_folder: Path,
    areas: Areas = "countries",
    respondents: str = RESPONDENTS,
    modules: Collection[str] | None = None,
) -> Translator[str]:
    """Load the catalogue of ``language``; English needs none.

    A translation is a draft until the head of its catalogue says ``X-Status: reviewed``.

    Args:
        language: its code.
        locale_folder: the folder of languages.
        areas: what the rows of the countries file are.
        respondents: who answered the survey, in English.
        modules: of figures, the modules that draw them (see :func:`part_of`);
            None: all messages are loaded.

    Raises:
        StudyError: if another language has no file ``language.yml`` or no catalogue.
    """
    if language == ENGLISH:
        return english(areas, respondents)
    require_language(locale_folder, language, "documents")
    own = read_language(locale_folder, language)
    content = (locale_folder / language / CATALOGUE).read_bytes()
    text = content.decode()
    used = text if modules is None else part_of(text, modules)
    entries = read_po(io.StringIO(used), locale=language)
    messages = {
        str(entry.id): str(entry.string)
        for entry in entries
        if entry.id and entry.string and not entry.fuzzy
    }
    return Translator(
        language,
        messages,
        PLAIN,
        areas,
        respondents,
        draft=status_of(content) != REVIEWED,
        script=own.script,
        superlatives=own.superlatives,
        articles=own.articles,
        contractions=own.contractions,
    )


def messages_of(locale_folder: Path) -> list[str]:
    """Return all messages in English that catalogues translate."""
    content = (locale_folder / MESSAGES).read_text(encoding="utf-8")
    return [str(entry.id) for entry in read_po(io.StringIO(content)) if entry.id]


def status_of(catalogue: bytes) -> str:
    """Return what the head of a catalogue says of its translation; a draft, if it says nothing."""
    found = _STATUS.search(catalogue)
    return found[1].decode() if found else DRAFT
