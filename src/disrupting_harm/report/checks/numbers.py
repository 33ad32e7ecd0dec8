"""Check the numbers of a document: each has an address, and prints what is published there.

A number without an address was typed, or was computed where no reader can follow. One that differs
from its cell was changed by hand, is older than the results, or is written as another language
writes it. Neither is looked for in the front matter, in attributes and in labels.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.derived_numbers import find_rule, find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.markdown import CITED, escape, remove_heading
from disrupting_harm.report.language.settings import AllowedNumber, read_languages
from disrupting_harm.report.language.translator import Translator, round_to_four_digits
from disrupting_harm.study.configuration.section import validate_content
from disrupting_harm.study.whole_percents import POINTS, WHOLE, WHOLE_PREDICTION

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# What no reader sees as a number: attributes, targets of links, labels and references to them.
_UNSEEN = re.compile(r"\{[^{}\n]*\}|\]\([^)\n]*\)|<https?[^>\s]*>|@[\w-]+|`[^`\n]*`")
# Digits of any script: those of Khmer and Thai are not how this project writes numbers.
_DIGITS = re.compile(r"\d[\d.,]*")
# A placeholder may name a part of a number, too: {share.low}.
_PLACEHOLDER = re.compile(r"\{[\w.]+\}")
# What a reader takes for a number, a bound or a share of the results.
_LIKE_A_RESULT = re.compile(r"[<>≤≥=±+−–\-\s]*\d[\d.,\s]*%?\s*")
# Columns of shares as published, and those that may hold the same in whole per cents; the rules of
# numbers that print such a cell.
_WHOLE_COLUMNS_OF = {
    name: [columns[name] for columns in (WHOLE, WHOLE_PREDICTION, POINTS) if name in columns]
    for name in ("shown", *WHOLE, *WHOLE_PREDICTION, *POINTS)
} | {"shown": ["whole"]}
_WHOLE_COLUMNS = {*WHOLE.values(), *WHOLE_PREDICTION.values(), *POINTS.values()}
_RULES_OF_ONE_CELL = ("size", "same")
# Signs beside a printed number.
_SIGNS = re.compile(r"[\\<>+−\-%]")
_FILLER = "\0"
FILE = "numbers.yml"
REMEDY = "print it with text.number() of a published cell, or allow it in numbers.yml"


@dataclass(frozen=True, order=True)
class NumberFault:
    """A wrong number: its line and column from 1, what was found and what to do."""

    line: int
    column: int
    finding: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.without_line}"

    @property
    def without_line(self) -> str:
        """The fault of a text of one line."""
        return f"column {self.column}: {self.finding}; {self.remedy}"


def read_allowed(templates: Path) -> list[re.Pattern[str]]:
    """Return the patterns of numbers that need no address in a document of any language.

    Raises:
        StudyError: if an entry has no pattern, no reason, or a pattern that is none.
    """
    languages = read_languages(templates / "locale").values()
    by_language = (allowed for language in languages for allowed in language.numbers)
    return [*read_allowed_file(templates / FILE), *compile_allowed(by_language)]


def read_allowed_file(path: Path) -> list[re.Pattern[str]]:
    """Return the patterns of a file such as ``numbers.yml``, each with its reason.

    Raises:
        StudyError: as :func:`read_allowed`.
    """
    return compile_allowed(
        validate_content(AllowedNumber, allowed, f"{path}, {place}")
        for place, allowed in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1)
    )


def compile_allowed(numbers: Iterable[AllowedNumber]) -> list[re.Pattern[str]]:
    """Return patterns that match a whole number, not a part of it."""
    return [re.compile(rf"(?<![\d.,])(?:{number.pattern})(?![.,]?\d)") for number in numbers]


def split_constants(messages: Iterable[str]) -> list[str]:
    """Return the pieces of messages between their placeholders that hold a number, longest first.

    Both as Markdown and as a text that is escaped, as messages come into documents in both ways;
    and without a heading within the message, which a page of the site has above it.
    """
    pieces = {
        piece.strip()
        for message in messages
        for text in (message, remove_heading(message))
        for piece in _PLACEHOLDER.split(text)
        if any(sign.isdigit() for sign in piece) and any(sign.isalpha() for sign in piece)
    }
    return sorted(pieces | {str(escape(piece)) for piece in pieces}, key=len, reverse=True)


def compile_number_labels(texts: Iterable[str]) -> list[re.Pattern[str]]:
    """Return patterns of a study's own words that are numbers without a letter, such as "70+".

    Words that read as a result, such as "9" or "< 5", are none: :func:`check_study_words` refuses
    them.
    """
    labels = {
        form
        for text in map(str.strip, texts)
        if _has_number_alone(text) and not _LIKE_A_RESULT.fullmatch(text)
        for form in (text, str(escape(text)))
    }
    return [
        re.compile(rf"(?<![\d.,]){re.escape(label)}(?![.,]?\d)")
        for label in sorted(labels, key=lambda label: (-len(label), label))
    ]


def check_study_words(texts: Mapping[str, Sequence[str]], templates: Path) -> None:
    """Check that documents may print each text of a study whose number has no address.

    Args:
        texts: by the place where they stand, for the message.
        templates: the folder of templates, with the patterns of numbers that need no address.

    Raises:
        StudyError: if a text is a number that a reader would take for a result.
    """
    allowed = read_allowed(templates)
    for location, printed_texts in texts.items():
        for text in filter(_has_number_alone, printed_texts):
            if _find_bare_numbers(text, text, [*compile_number_labels([text]), *allowed]):
                raise StudyError(
                    location,
                    f"the text '{text}' is a number alone, which readers would take for a result",
                    "Put a word beside it, e.g. 'grade 9' or '9th grade'",
                )


def _has_number_alone(text: str) -> bool:
    return any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text)


def count_cited_numbers(text: str) -> int:
    """Return how many numbers of a document have an address."""
    return sum(1 for _ in CITED.finditer(text))


def find_bare_numbers(
    text: str,
    known_texts: Sequence[str],
    allowed: Sequence[re.Pattern[str]],
    remedy: str = REMEDY,
) -> list[NumberFault]:
    """Return the numbers of a document that have no address.

    Args:
        text: the filled document.
        known_texts: with numbers that stand in it as they are, longest first
            (:func:`split_constants`).
        allowed: patterns of numbers that need none.
        remedy: what is to be done about one.
    """
    masked_text = CITED.sub(_mask_match, _FRONT_MATTER.sub(_mask_match, text))
    masked_text = _UNSEEN.sub(_mask_match, _mask_known_texts(known_texts, masked_text))
    return _find_bare_numbers(text, masked_text, allowed, remedy)


def find_faults_of_plain(
    text: str,
    numbers: Sequence[AddressedNumber],
    known_texts: Sequence[str],
    allowed: Sequence[re.Pattern[str]],
    translator: Translator[str],
    published: PublishedFiles,
) -> list[NumberFault]:
    """Return the faulty numbers of a plain text, such as an alternative text.

    Args:
        text: the text.
        numbers: those of its numbers that have an address.
        known, allowed: as in :func:`find_bare_numbers`.
        words: how its language writes numbers.
        published: the public files.
    """
    masked_text, faults = text, []
    for number in numbers:
        end = number.position + len(number.printed)
        fault = explain_wrong_number(number.printed, number.address, translator, published)
        if text[number.position : end] != number.printed:
            remedy = "draw the figure again"
            fault = f"'{number.printed}' at {number.address}: the text has no such number", remedy
        if fault:
            faults.append(create_fault(text, number.position, *fault))
        masked_text = (
            masked_text[: number.position] + _FILLER * len(number.printed) + masked_text[end:]
        )
    # Most texts have no other number than years and ages, and need no search for what is known.
    if _find_bare_numbers(text, masked_text, allowed):
        faults += _find_bare_numbers(text, _mask_known_texts(known_texts, masked_text), allowed)
    return sorted(faults)


def _mask_known_texts(known_texts: Sequence[str], masked_text: str) -> str:
    for piece in known_texts:
        if piece in masked_text:
            masked_text = masked_text.replace(piece, _FILLER * len(piece))
    return masked_text


def _find_bare_numbers(
    text: str, masked_text: str, allowed: Sequence[re.Pattern[str]], remedy: str = REMEDY
) -> list[NumberFault]:
    if not _DIGITS.search(masked_text):
        return []
    for pattern in allowed:
        masked_text = pattern.sub(_mask_match, masked_text)
    return [
        create_fault(text, match.start(), f"bare number '{match[0].rstrip('.,')}'", remedy)
        for match in _DIGITS.finditer(masked_text)
    ]


def find_wrong_numbers(
    text: str, translator: Translator[str], published: PublishedFiles
) -> list[NumberFault]:
    """Return the numbers of a document that differ from what is published at their address.

    Args:
        text: the filled document.
        words: how its language writes numbers.
        published: the public files.
    """
    return sorted(_yield_wrong_numbers(text, translator, published))


def _yield_wrong_numbers(
    text: str, translator: Translator[str], published: PublishedFiles
) -> Iterator[NumberFault]:
    for match in CITED.finditer(text):
        fault = explain_wrong_number(match[1], match[2], translator, published)
        if fault:
            yield create_fault(text, match.start(), *fault)


def explain_wrong_number(
    printed: str, address: str, translator: Translator[str], published: PublishedFiles
) -> tuple[str, str] | None:
    """Return what is wrong with a printed number, and the remedy; None where it is right."""
    try:
        value = find_value(address, published)
    except StudyError as error:
        return f"'{printed}', {error.where}: {error.found}", error.remedy
    finding = f"'{printed}' at {address}"
    if value is None:
        return f"{finding}: hidden, or no number", "take it out"
    if whole_address := _find_whole_address(printed, address, translator, published):
        return finding, f"it is rounded a second time: print {whole_address}"
    is_equal = agrees_with_whole if address.rpartition("/")[2] in _WHOLE_COLUMNS else agrees
    if not is_equal(printed, value, translator):
        return finding, f"the cell says {value:g}: run the study again"
    return None


def _find_whole_address(
    printed: str, address: str, translator: Translator[str], published: PublishedFiles
) -> str:
    """Return where the whole per cent stands that a number was to print; empty if it is right.

    A published share that has a decimal is rounded already; whole per cents have their own column.
    """
    rule, cell_addresses = find_rule(address) or ("size", [address])
    decimal = translator.locale.number_symbols["latn"]["decimal"]
    if rule not in _RULES_OF_ONE_CELL or decimal in printed:
        return ""
    for cell_address in cell_addresses:
        row, _, column = cell_address.rpartition("/")
        if column in _WHOLE_COLUMNS_OF and published.has_row(row):
            published_cell = published.find_cell(cell_address)
            whole_columns = [
                name for name in _WHOLE_COLUMNS_OF[column] if published_cell.row.get(name)
            ]
            if (
                whole_columns
                and Decimal(published_cell.text) * (1 if column == "shown" else 100) % 1
            ):
                return f"{row}/{whole_columns[0]}"
    return ""


def _remove_signs(printed: str) -> str:
    """Return a number without signs and spaces beside it; spaces between its digits are its own."""
    return _SIGNS.sub("", printed).strip()


def agrees_with_whole(printed: str, value: float, translator: Translator[str]) -> bool:
    """Return whether a printed number is a published whole per cent, as the language writes it.

    A share above 0 that is published as 0 is printed as "<1". Signs beside a number do not count.
    """
    is_below, magnitude = "<" in printed, abs(value)
    return _remove_signs(printed) == translator.number(magnitude + is_below) and not (
        is_below and value
    )


def agrees(printed: str, value: float, translator: Translator[str]) -> bool:
    """Return whether a printed number is a published one, as the language writes it.

    Args:
        printed: as it stands in the document; signs beside it, e.g. ``<`` or ``%``, do not count.
        value: the number of the cell. A share, from -1 to 1, is printed in per cent.
        words: of the language.
    """
    number = _remove_signs(printed)
    symbols = translator.locale.number_symbols["latn"]
    group, decimal = symbols["group"], symbols["decimal"]
    digits = len(number.partition(decimal)[2])
    try:
        printed_value = float(number.replace(group, "").replace(decimal, "."))
    except ValueError:
        return number == _remove_signs(translator.compact(value))
    if number != translator.number(printed_value, digits):
        return False
    magnitude, half = abs(value), (0.5 + 1e-9) * 10.0**-digits
    if "<" in printed:
        # A whole number is of per cent; a P value has decimals.
        return (magnitude if digits else 100 * magnitude) < printed_value
    if magnitude <= 1 and abs(100 * magnitude - printed_value) <= half:
        return True
    # A part of one is never printed as a whole number, which would be 0 or 1.
    if (digits or magnitude >= 1 or magnitude == 0) and abs(magnitude - printed_value) <= half:
        return True
    return magnitude > 1 and (
        printed_value == round_to_four_digits(magnitude) or number == translator.compact(magnitude)
    )


def _mask_match(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", _FILLER, match[0])


def create_fault(text: str, position: int, finding: str, remedy: str) -> NumberFault:
    """Return a fault at a place of a text, counted in signs from 0."""
    line_start = text.rfind("\n", 0, position) + 1
    return NumberFault(
        text.count("\n", 0, position) + 1, position - line_start + 1, finding, remedy
    )
