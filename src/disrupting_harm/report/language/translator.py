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
from gettext import c2py
from math import floor, log10
from pathlib import Path
from typing import Generic, Literal, TypeVar, cast

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import address_of, with_address_of
from disrupting_harm.report.language.addressed_text import add_address, strip_addresses
from disrupting_harm.report.language.catalogue_part import select_messages
from disrupting_harm.report.language.markdown import Markdown, cite_number, escape, remove_addresses
from disrupting_harm.report.language.reviews import CONTEXT_END, TextReviews
from disrupting_harm.report.language.scripts import LATIN, SCRIPTS
from disrupting_harm.report.language.settings import (
    CATALOGUE,
    ENGLISH,
    MESSAGES,
    find_default_locale,
    find_endonym,
    format_language_tag,
    read_language,
    require_language,
)
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.country_names import english_name, english_name_in_text

Areas = Literal["countries", "regions"]
# What messages call the rows of the countries file.
AREAS: dict[Areas, dict[str, str]] = {
    "countries": {
        "area": "country", "areas": "countries", "Area": "Country", "Areas": "Countries",
    },
    "regions": {"area": "region", "areas": "regions", "Area": "Region", "Areas": "Regions"},
}  # fmt: skip
# Who answers where no study says it.
RESPONDENTS = "persons"
_AREA = re.compile(r"{([Aa]reas?)}")
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
# Of a message, how many of its printed texts are remembered: one of them stands in the document.
EXAMPLES = 8

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
    lambda printed, address: cite_number(escape(printed), address),
    lambda message: _BRACKETS.sub("\\1\u00a0\\2\u00a0", message),
)


class Translator(Generic[Printed]):
    """Translate messages and print values in one language and one markup.

    Attributes:
        language, locale: of the reader.
        tag: of both, as HTML and Word have it.
        date_pattern: the form of dates, as a pattern of the CLDR.
        script, superlatives: its letters, and a pattern of the words that claim an order.
        reviews: what readers said of its texts; None for English, which is no translation.
        asked: the messages that were asked for, in this order, each with what was printed of it
            (the first :data:`EXAMPLES` different texts); the same in all markups. The context of a
            message stands before it, with :data:`CONTEXT_END` between them; of two plural forms
            the singular is asked for.
        untranslated: those of them that stand in English.
    """

    def __init__(
        self,
        language: str,
        messages: Mapping[str | tuple[str, int], str],
        markup: Markup[Printed],
        areas: Areas = "countries",
        respondents: str = RESPONDENTS,
        *,
        locale: str = "",
        date: str = "",
        choose_form: Callable[[int], int] = lambda number: 0,
        reviews: TextReviews | None = None,
        locale_folder: Path | None = None,
        script: str = LATIN,
        superlatives: str = "",
        articles: Mapping[str, str] | None = None,
        contractions: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        self.locale = Locale.parse(locale or find_default_locale(language))
        self.tag = format_language_tag(str(self.locale))
        self.date_pattern = date or str(self.locale.date_formats["long"].pattern)
        self.script, self.superlatives, self.reviews = script, superlatives, reviews
        self._locale_folder = locale_folder
        self._endonyms: dict[str, str] = {}
        self.asked: dict[str, list[str]] = {}
        self.untranslated: set[str] = set()
        self._markup = markup
        # Translations by message; of plural messages by the singular and the number of the form.
        self._messages = messages
        self._choose_form = choose_form
        self._areas: Areas = areas
        self._articles, self._contractions = articles or {}, contractions or {}
        self._respondents = respondents
        answering = self._find_translation(respondents)
        self._of_study = {
            "respondents": answering,
            "Respondents": answering[:1].upper() + answering[1:],
        }

    @property
    def has_tall_letters(self) -> bool:
        """Whether letters stand above and below each other, so that lines need more room."""
        return SCRIPTS[self.script].tall

    @property
    def from_right(self) -> bool:
        """Whether lines begin at the right."""
        return SCRIPTS[self.script].direction == "rtl"

    @property
    def has_pdf_for_print(self) -> bool:
        """Whether programs cannot search the text of a PDF in its letters."""
        return SCRIPTS[self.script].pdf == "print"

    @property
    def translations(self) -> Collection[str]:
        """All texts that documents may print, with their placeholders."""
        return self._messages.values()

    def with_markup(self, markup: Markup[Other]) -> "Translator[Other]":
        """Return the same language in another markup."""
        marked_up = cast("Translator[Other]", copy(self))
        marked_up._markup = markup
        return marked_up

    def __call__(self, message: str, **values: object) -> Printed:
        """Return ``message`` translated, with ``{placeholders}`` filled.

        ``{area}``, ``{areas}``, ``{Area}`` and ``{Areas}`` are what one row of the countries file
        is called, ``{respondents}`` and ``{Respondents}`` who answered: the author of a message
        writes them where another study compares regions, or asks adults. Catalogues hold a message
        with the former twice, on countries and on regions.
        """
        return self._print_text(name_areas(message, self._areas), values)

    def plural(self, singular: str, plural: str, number: float, **values: object) -> Printed:
        """Return that of two messages, or of the plural forms of a language, that fits a number.

        Args:
            singular, plural: both with the same placeholders.
            number: how many there are of what the message counts.
            values: of the placeholders; among them the number as it is printed.
        """
        message, plural = name_areas(singular, self._areas), name_areas(plural, self._areas)
        english = message if number == 1 else plural
        return self._print_text(message, values, english, self._choose_form(int(number)))

    def in_context(self, context: str, message: str, **values: object) -> Printed:
        """Return a short message whose words mean something else in another place.

        Args:
            context: what it is here, in English; translators see it, and readers do not.
        """
        english = name_areas(message, self._areas)
        return self._print_text(f"{context}{CONTEXT_END}{english}", values, english)

    def _print_text(
        self,
        message: str,
        values: Mapping[str, object],
        english: str | None = None,
        form: int | None = None,
    ) -> Printed:
        """Return a translation with its placeholders filled.

        Args:
            message: as catalogues have it.
            english: what stands there in English, if it is not the message itself.
            form: number of the plural form.
        """
        pattern = self._markup.hold(self._translate_and_note(message, english, form))
        if _RESPONDENTS.search(pattern):
            self.of_study(self._respondents)  # a text of its own
        elif not values:
            unfilled = self._markup.text(pattern)
            self._note_printed(message, unfilled)
            return unfilled
        escaped_values = {name: self._markup.escape(value) for name, value in values.items()}
        printed = self.contract_articles(pattern.format(**{**self._of_study, **escaped_values}))
        self._note_printed(message, printed)
        return printed

    def of_study(self, message: str) -> Printed:
        """Return a text that every reader must understand, e.g. a label of the codebook."""
        printed = self._markup.escape(self._translate_and_note(message))
        self._note_printed(message, printed)
        return printed

    def translate_or_keep(self, text: str) -> Printed:
        """Return a text of the data, e.g. a name or a source, translated where it can be."""
        return self._markup.escape(self._find_translation(text))

    def fill_sentence(self, message: str, values: Mapping[str, object]) -> Printed:
        """Return a sentence of the study, translated, its own words printed letter by letter."""
        pattern = self._translate_and_note(message)
        signs = {name: chr(_PRIVATE + position) for position, name in enumerate(values)}
        for name, sign in signs.items():
            pattern = pattern.replace(f"{{{name}}}", sign)
        sentence: str = self._markup.escape(pattern)
        for name, sign in signs.items():
            sentence = sentence.replace(sign, self._markup.escape(values[name]))
        printed = self.contract_articles(sentence)
        self._note_printed(message, printed)
        return printed

    def _translate_and_note(
        self, message: str, english: str | None = None, form: int | None = None
    ) -> str:
        self.asked.setdefault(message, [])
        fallback = message if english is None else english
        has_words = any(letter.isalpha() for letter in fallback)
        key = message if form is None else (message, form)
        if self.language != ENGLISH and key not in self._messages and has_words:
            self.untranslated.add(fallback)
        return self._messages.get(key, fallback)

    def _note_printed(self, message: str, printed: str) -> None:
        examples = self.asked[message]
        if len(examples) < EXAMPLES and printed not in examples:
            examples.append(printed)

    def _find_translation(self, message: str) -> str:
        return self._messages.get(message, message)

    def country(self, code: str, name: str | None = None) -> Printed:
        """Return a country's name: the study's own in English, else that of CLDR.

        Args:
            code: ISO 3166-1 alpha-3 code, or the code of a region.
            name: the study's own name; translated where the code is no ISO country.
        """
        return self._markup.escape(self._find_country_name(code, name))

    def _find_country_name(self, code: str, name: str | None) -> str:
        if self.language == ENGLISH:
            return english_name(code, name)
        import pycountry

        country = pycountry.countries.get(alpha_3=code)
        if country is None:
            return self._find_translation(name or code)
        return self.locale.territories.get(country.alpha_2) or name or code

    def country_in_text(self, code: str, name: str | None = None) -> Printed:
        """Return a country's name as running text has it: with its article, if it has one."""
        if self.language == ENGLISH:
            return self._markup.escape(english_name_in_text(code, name))
        article = self._articles.get(code)
        alone = self._find_country_name(code, name)
        return self._markup.escape(f"{article}{_HELD}{alone}" if article else alone)

    def contract_articles(self, text: str) -> Printed:
        """Return a text whose prepositions have taken in the articles of countries' names.

        In Portuguese "em" and "o Quénia" are "no Quénia".
        """
        if self._contractions and _HELD in text:
            text = re.sub(rf"\b\w+ \w+(?={_HELD})", self._contract_match, text)
        return self._markup.text(text)

    def _contract_match(self, match: re.Match[str]) -> str:
        word = self._contractions.get(match[0].lower(), match[0])
        return word.capitalize() if match[0][0].isupper() else word

    def endonym(self, language: str) -> str:
        """Return what a language calls itself, as a sentence begins with it."""
        if language not in self._endonyms:
            folder = self._locale_folder
            self._endonyms[language] = (
                read_language(folder, language).name if folder else find_endonym(language)
            )
        return self._endonyms[language]

    def mark_language(self, language: str) -> Printed:
        """Return what stands behind a link to a page in another language, e.g. " (inglês)"."""
        if language == self.language:
            return self._markup.text("")
        name = self.locale.languages.get(language, language)
        return self._markup.text(f" ({self._markup.escape(name)})")

    def enumeration(self, items: Sequence[str]) -> Printed:
        """Return parts joined as the language does, e.g. ``a, b and c``.

        Where a language writes its words without spaces, one stands between its "and" and a part
        that ends or begins with a digit or a Latin letter there.
        """
        marked_items = [_mark_edges(self._markup.escape(item)) for item in items]
        joined = str(lists.format_list(marked_items, locale=self.locale))
        return self._markup.text(
            _NO_SPACE.sub(" ", joined).replace(_AFTER, "").replace(_BEFORE, "")
        )

    def join_sentences(self, sentences: Iterable[str]) -> Printed:
        """Return printed sentences as one paragraph."""
        return self._markup.text(" ".join(sentences))

    def number(self, value: float, digits: int = 0) -> Printed:
        """Return a number with its group and decimal signs, e.g. ``1,234.5``."""
        return self._add_address(_read_number_pattern(digits).apply(value, self.locale), value)

    def percent(self, proportion: float, digits: int = 0) -> Printed:
        """Return a proportion as per cent without the sign, e.g. ``23.7``."""
        return self.number(with_address_of(100 * proportion, proportion), digits)

    def with_sign(self, percent: int) -> Printed:
        """Return whole per cent with the sign where the language puts it, e.g. ``17%``."""
        return self._add_address(numbers.format_percent(percent / 100, locale=self.locale), percent)

    def of_100(self, percent: int, some: bool) -> Printed:
        """Return a share, or a limit of it, in whole per cent; where ``some`` said yes, never "0".

        "From 0" would say that perhaps nobody is meant; it is "<1".
        """
        if percent or not some:
            return self.number(percent)
        return self._add_address(f"<{_read_number_pattern(0).apply(1, self.locale)}", percent)

    def about(self, number: int) -> Printed:
        """Return a positive number to four digits, as a sentence with "about" tells it."""
        return self.number(with_address_of(round_to_four_digits(number), number))

    def compact(self, value: float) -> Printed:
        """Return a large number in words of the language, e.g. ``5.1 million``.

        Below a million it is written out to two digits, as numbers of children are: ``240,000``.
        """
        to_two = value
        if THOUSAND <= value < MILLION:
            to_two = round(round(value), 1 - floor(log10(value)))
            if to_two < MILLION:
                return self._add_address(_read_number_pattern(0).apply(to_two, self.locale), value)
        in_words = numbers.format_compact_decimal(
            max(value, to_two), format_type="long", fraction_digits=1, locale=self.locale
        )
        return self._add_address(in_words, value)

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
        """Return a date in the official form of the language."""
        return self._markup.escape(dates.format_date(day, self.date_pattern, self.locale))

    def _add_address(self, formatted: object, value: float) -> Printed:
        return self._markup.cite(str(formatted), address_of(value))


def name_areas(message: str, areas: Areas) -> str:
    """Return a message in English with the name of a study's areas in place of ``{areas}``."""
    return _AREA.sub(lambda found: AREAS[areas][found[1]], message)


def has_areas(message: str) -> bool:
    """Return whether a message names areas, and so is another one for each kind of them."""
    return bool(_AREA.search(message))


@cache
def _read_number_pattern(digits: int) -> numbers.NumberPattern:
    """Return how numbers with these decimals look; to read it takes as long as to print one."""
    return numbers.parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))


def _mark_edges(item: str) -> str:
    """Return a part with a sign beyond each end that is a digit or a Latin letter."""
    visible = remove_addresses(strip_addresses(item))
    before = _BEFORE if _LATIN.match(visible[:1]) else ""
    after = _AFTER if _LATIN.match(visible[-1:]) else ""
    return f"{before}{item}{after}"


def round_to_four_digits(number: float) -> int:
    """Return a positive number rounded to four digits."""
    return round(round(number), 3 - floor(log10(number)))


def read_whole_percent(proportion: float) -> int:
    """Return in whole per cent a proportion that is published so, with its address.

    Raises:
        StudyError: if it has more decimals: whole per cents of it would be rounded twice.
    """
    percent = round(100 * proportion)
    if abs(100 * proportion - percent) > 1e-9:
        raise StudyError(
            address_of(proportion) or "a published share",
            f"{proportion:g} is no whole per cent",
            "Print its column of whole per cents",
        )
    return with_address_of(percent, proportion)  # type: ignore[no-any-return]


def build_english(areas: Areas = "countries", respondents: str = RESPONDENTS) -> Translator[str]:
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

    Args:
        areas: what the rows of the countries file are.
        respondents: who answered the survey, in English.
        modules: of figures, the modules that draw them (see :func:`select_messages`);
            None: all messages are loaded.

    Raises:
        StudyError: if another language has no file ``language.yml`` or no catalogue.
    """
    if language == ENGLISH:
        return Translator(ENGLISH, {}, PLAIN, areas, respondents, locale_folder=locale_folder)
    require_language(locale_folder, language, "documents")
    settings = read_language(locale_folder, language)
    catalogue = (locale_folder / language / CATALOGUE).read_text(encoding="utf-8")
    loaded = catalogue if modules is None else select_messages(catalogue, modules)
    po_messages = read_po(io.StringIO(loaded), locale=language)
    messages: dict[str | tuple[str, int], str] = {}
    for po_message in po_messages:
        if not po_message.id or po_message.fuzzy:
            continue
        if not isinstance(po_message.id, str):
            forms = enumerate(list(po_message.string or ()))
            messages |= {(po_message.id[0], number): form for number, form in forms if form}
        elif po_message.string:
            context = f"{po_message.context}{CONTEXT_END}" if po_message.context else ""
            messages[f"{context}{po_message.id}"] = str(po_message.string)
    return Translator(
        language,
        messages,
        PLAIN,
        areas,
        respondents,
        locale=settings.locale,
        date=settings.date,
        choose_form=c2py(po_messages.plural_expr),
        reviews=TextReviews(locale_folder, language, messages),
        locale_folder=locale_folder,
        script=settings.script,
        superlatives=settings.superlatives,
        articles=settings.articles,
        contractions=settings.contractions,
    )


def read_messages(locale_folder: Path) -> list[str]:
    """Return all messages in English that catalogues translate, in all their forms."""
    content = (locale_folder / MESSAGES).read_text(encoding="utf-8")
    ids = [po_message.id for po_message in read_po(io.StringIO(content)) if po_message.id]
    return [text for forms in ids for text in ((forms,) if isinstance(forms, str) else forms)]
