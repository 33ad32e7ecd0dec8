"""Words, numbers and dates in a reader's language.

Messages are written in English in templates, code and codebook; catalogues
(``locale/{language}/LC_MESSAGES/report.po``) hold their translations. Numbers, dates and country
names follow the Unicode CLDR through Babel.
"""

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, Literal

from babel import Locale, lists
from babel.messages.pofile import read_po

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import address_of, of_cell
from disrupting_harm.provenance.imports import digest
from disrupting_harm.report.language.annotated import plain
from disrupting_harm.report.language.formats import Formats
from disrupting_harm.report.language.markdown import without_addresses
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


class Words(Formats):
    """Translate messages and format values in one language."""

    def __init__(
        self,
        language: str,
        messages: dict[str, str],
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
        self._articles, self._contractions = articles or {}, contractions or {}
        # The letters it is written with, and a pattern of the words that claim an order.
        self.script = script
        self.superlatives = superlatives
        # Whether the translation awaits its review.
        self.draft = draft
        # The messages that were asked for, and those of them that stand in English.
        self.asked: set[str] = set()
        self.untranslated: set[str] = set()
        # The English texts are British; so are their dates and lists.
        super().__init__(Locale.parse("en_GB" if language == "en" else language))
        self._messages = messages
        self._of_study = {name: self.plain(word) for name, word in AREAS[areas].items()}
        self._respondents = respondents
        answering = self.plain(respondents)
        self._of_study |= {
            "respondents": answering,
            "Respondents": answering[:1].upper() + answering[1:],
        }

    def __call__(self, message: str, **values: Any) -> str:
        """Return ``message`` translated, with ``{placeholders}`` filled.

        ``{area}``, ``{areas}``, ``{Area}`` and ``{Areas}`` are what one row of the countries file
        is called, ``{respondents}`` and ``{Respondents}`` who answered: the author of a message
        writes them where another study compares regions, or asks adults.
        """
        return self.filled(self.of_study(message), values)

    def filled(self, text: str, values: Mapping[str, Any]) -> str:
        """Return a translated text with its ``{placeholders}`` filled."""
        if _RESPONDENTS.search(text):
            self.of_study(self._respondents)  # notes where it has no translation
        elif not values and not _AREA.search(text):
            return text
        return self.contracted(text.format(**{**self._of_study, **values}))

    def of_study(self, message: str) -> str:
        """Return a text that every reader must understand, e.g. a label of the codebook."""
        self.asked.add(message)
        words = any(letter.isalpha() for letter in message)
        if self.language != "en" and message not in self._messages and words:
            self.untranslated.add(message)
        return self.plain(message)

    def plain(self, text: str) -> str:
        """Return a text of the data, e.g. a name or a source, translated where it can be."""
        return self._messages.get(text, text)

    def annotating(self) -> "Words":
        """Return the same language, which prints numbers with the address that they carry.

        Texts of figures are written in it (:mod:`.annotated`).
        """
        other = copy(self)
        other._annotates = True
        return other

    def country(self, code: str, name: str | None = None) -> str:
        """Return a country's name: the study's own in English, else that of CLDR.

        Args:
            code: ISO 3166-1 alpha-3 code, or the code of a region.
            name: the study's own name; translated where the code is no ISO country.
        """
        if self.language == ENGLISH:
            return english_name(code, name)
        import pycountry

        entry = pycountry.countries.get(alpha_3=code)
        if entry is None:
            return self.plain(name or code)
        names = Locale.parse(NAMED_AS_IN.get(self.language, str(self.locale))).territories
        return names.get(entry.alpha_2) or name or code

    def country_in_text(self, code: str, name: str | None = None) -> str:
        """Return a country's name as running text has it: with its article, if it has one."""
        if self.language == ENGLISH:
            return english_name_in_text(code, name)
        found, article = self.country(code, name), self._articles.get(code)
        return f"{article}{_HELD}{found}" if article else found

    def contracted(self, text: str) -> str:
        """Return a text whose prepositions have taken in the articles of countries' names.

        In Portuguese "em" and "o Quénia" are "no Quénia".
        """
        if not self._contractions or _HELD not in text:
            return text

        def one_word(found: re.Match[str]) -> str:
            word = self._contractions.get(found[0].lower(), found[0])
            return word.capitalize() if found[0][0].isupper() else word

        return re.sub(rf"\b\w+ \w+(?={_HELD})", one_word, text)

    def enumeration(self, parts: Sequence[str]) -> str:
        """Return parts joined as the language does, e.g. ``a, b and c``.

        Where a language writes its words without spaces, one stands between its "and" and a part
        that ends or begins with a digit or a Latin letter there.
        """
        joined = str(lists.format_list([_edged(part) for part in parts], locale=self.locale))
        return _NO_SPACE.sub(" ", joined).replace(_AFTER, "").replace(_BEFORE, "")


def _edged(part: str) -> str:
    """Return a part with a sign beyond each end that is a digit or a Latin letter."""
    shown = without_addresses(plain(part))
    before = _BEFORE if _LATIN.match(shown[:1]) else ""
    after = _AFTER if _LATIN.match(shown[-1:]) else ""
    return f"{before}{part}{after}"


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
    return of_cell(percent, part)  # type: ignore[no-any-return]


def english(areas: Areas, respondents: str = RESPONDENTS) -> Words:
    """Return the English in which a study's ``areas`` (countries or regions) are compared."""
    return Words("en", {}, areas, respondents)


def load_words_of_study(language: str, templates: Path, study: StudyInfo) -> Words:
    """Load the catalogue of ``language`` for documents on a study, whose areas and people it names.

    Raises:
        StudyError: as :func:`load_words`.
    """
    return load_words(language, templates / "locale", study.areas, study.respondents)


def load_words(
    language: str,
    locale_folder: Path,
    areas: Areas = "countries",
    respondents: str = RESPONDENTS,
    modules: Collection[str] | None = None,
) -> Words:
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
    return Words(
        language,
        messages,
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
