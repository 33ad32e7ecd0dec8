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
from disrupting_harm.report.language.markdown import CITED, escape, without_heading
from disrupting_harm.report.language.translator import Translator, four_digits
from disrupting_harm.study.whole_percents import POINTS, WHOLE, WHOLE_PREDICTION

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# What no reader sees as a number: attributes, targets of links, labels and references to them.
_UNSEEN = re.compile(r"\{[^{}\n]*\}|\]\([^)\n]*\)|<https?[^>\s]*>|@[\w-]+|`[^`\n]*`")
# Digits of any script: those of Khmer and Thai are not how this project writes numbers.
_DIGITS = re.compile(r"\d[\d.,]*")
_PLACEHOLDER = re.compile(r"\{\w+\}")
# What a reader takes for a number, a bound or a share of the results.
_LIKE_A_RESULT = re.compile(r"[<>≤≥=±+−–\-\s]*\d[\d.,\s]*%?\s*")
# Columns of shares as published, and those that may hold the same in whole per cents; the rules of
# numbers that print such a cell.
_ROUNDED = {
    name: [columns[name] for columns in (WHOLE, WHOLE_PREDICTION, POINTS) if name in columns]
    for name in ("shown", *WHOLE, *WHOLE_PREDICTION, *POINTS)
} | {"shown": ["whole"]}
_WHOLES = {*WHOLE.values(), *WHOLE_PREDICTION.values(), *POINTS.values()}
_PRINT_A_CELL = ("size", "same")
# Signs beside a printed number.
_SIGNS = re.compile(r"[\\<>+−\-%\s]")
_FILLER = "\0"
REMEDY = "print it with text.number() of a published cell, or allow it in numbers.yml"


@dataclass(frozen=True, order=True)
class NumberFault:
    """A wrong number: its line and column from 1, what was found and what to do."""

    line: int
    column: int
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.of_line}"

    @property
    def of_line(self) -> str:
        """The fault of a text of one line."""
        return f"column {self.column}: {self.found}; {self.remedy}"


def read_allowed(templates: Path, name: str = "numbers.yml") -> list[re.Pattern[str]]:
    """Return the patterns of numbers that need no address, of ``numbers.yml``.

    Args:
        name: another file of the same form.

    Raises:
        StudyError: if an entry has no pattern, no reason, or a pattern that is none.
    """
    path = templates / name
    patterns = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        if not isinstance(entry, dict) or set(entry) != {"pattern", "why"}:
            raise StudyError(str(path), f"{entry}", "Write 'pattern' and 'why'")
        try:
            patterns.append(re.compile(rf"(?<![\d.,])(?:{entry['pattern']})(?![.,]?\d)"))
        except re.error as error:
            found = f"'{entry['pattern']}': {error}"
            raise StudyError(str(path), found, "Write a pattern of Python") from error
    return patterns


def constants(messages: Iterable[str]) -> list[str]:
    """Return the pieces of messages between their placeholders that hold a number, longest first.

    Both as Markdown and as a text that is escaped, as messages come into documents in both ways;
    and without a heading within the message, which a page of the site has above it.
    """
    pieces = {
        piece.strip()
        for message in messages
        for text in (message, without_heading(message))
        for piece in _PLACEHOLDER.split(text)
        if any(sign.isdigit() for sign in piece) and any(sign.isalpha() for sign in piece)
    }
    return sorted(pieces | {str(escape(piece)) for piece in pieces}, key=len, reverse=True)


def number_labels(texts: Iterable[str]) -> list[re.Pattern[str]]:
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
    for place, printed in texts.items():
        for text in filter(_has_number_alone, printed):
            if _bare(text, text, [*number_labels([text]), *allowed]):
                raise StudyError(
                    place,
                    f"the text '{text}' is a number alone, which readers would take for a result",
                    "Put a word beside it, e.g. 'grade 9' or '9th grade'",
                )


def _has_number_alone(text: str) -> bool:
    return any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text)


def cited_numbers(text: str) -> int:
    """Return how many numbers of a document have an address."""
    return sum(1 for _ in CITED.finditer(text))


def bare_numbers(
    text: str,
    known: Sequence[str],
    allowed: Sequence[re.Pattern[str]],
    remedy: str = REMEDY,
) -> list[NumberFault]:
    """Return the numbers of a document that have no address.

    Args:
        text: the filled document.
        known: texts with numbers that stand in it as they are, longest first (:func:`constants`).
        allowed: patterns of numbers that need none.
        remedy: what is to be done about one.
    """
    seen = CITED.sub(_blank, _FRONT_MATTER.sub(_blank, text))
    seen = _UNSEEN.sub(_blank, _without(known, seen))
    return _bare(text, seen, allowed, remedy)


def faults_of_plain(
    text: str,
    numbers: Sequence[AddressedNumber],
    known: Sequence[str],
    allowed: Sequence[re.Pattern[str]],
    translator: Translator[str],
    published: PublishedFiles,
) -> list[NumberFault]:
    """Return the faulty numbers of a plain text, such as an alternative text.

    Args:
        text: the text.
        numbers: those of its numbers that have an address.
        known, allowed: as in :func:`bare_numbers`.
        words: how its language writes numbers.
        published: the public files.
    """
    seen, faults = text, []
    for number in numbers:
        end = number.position + len(number.printed)
        found = wrong(number.printed, number.address, translator, published)
        if text[number.position : end] != number.printed:
            remedy = "draw the figure again"
            found = f"'{number.printed}' at {number.address}: the text has no such number", remedy
        if found:
            faults.append(fault_at(text, number.position, *found))
        seen = seen[: number.position] + _FILLER * len(number.printed) + seen[end:]
    # Most texts have no other number than years and ages, and need no search for what is known.
    if _bare(text, seen, allowed):
        faults += _bare(text, _without(known, seen), allowed)
    return sorted(faults)


def _without(known: Sequence[str], seen: str) -> str:
    for piece in known:
        if piece in seen:
            seen = seen.replace(piece, _FILLER * len(piece))
    return seen


def _bare(
    text: str, seen: str, allowed: Sequence[re.Pattern[str]], remedy: str = REMEDY
) -> list[NumberFault]:
    for pattern in allowed:
        seen = pattern.sub(_blank, seen)
    return [
        fault_at(text, found.start(), f"bare number '{found[0].rstrip('.,')}'", remedy)
        for found in _DIGITS.finditer(seen)
    ]


def wrong_numbers(
    text: str, translator: Translator[str], published: PublishedFiles
) -> list[NumberFault]:
    """Return the numbers of a document that differ from what is published at their address.

    Args:
        text: the filled document.
        words: how its language writes numbers.
        published: the public files.
    """
    return sorted(_wrong(text, translator, published))


def _wrong(
    text: str, translator: Translator[str], published: PublishedFiles
) -> Iterator[NumberFault]:
    for found in CITED.finditer(text):
        said = wrong(found[1], found[2], translator, published)
        if said:
            yield fault_at(text, found.start(), *said)


def wrong(
    printed: str, address: str, translator: Translator[str], published: PublishedFiles
) -> tuple[str, str] | None:
    """Return what is wrong with a printed number, and the remedy; None where it is right."""
    try:
        value = find_value(address, published)
    except StudyError as error:
        return f"'{printed}', {error.where}: {error.found}", error.remedy
    where = f"'{printed}' at {address}"
    if value is None:
        return f"{where}: hidden, or no number", "take it out"
    if whole := _rounded_twice(printed, address, translator, published):
        return where, f"it is rounded a second time: print {whole}"
    right = agrees_with_whole if address.rpartition("/")[2] in _WHOLES else agrees
    if not right(printed, value, translator):
        return where, f"the cell says {value:g}: run the study again"
    return None


def _rounded_twice(
    printed: str, address: str, translator: Translator[str], published: PublishedFiles
) -> str:
    """Return where the whole per cent stands that a number was to print; empty if it is right.

    A published share that has a decimal is rounded already; whole per cents have their own column.
    """
    rule, cells = find_rule(address) or ("size", [address])
    decimal = translator.locale.number_symbols["latn"]["decimal"]
    if rule not in _PRINT_A_CELL or decimal in printed:
        return ""
    for cell in cells:
        row, _, column = cell.rpartition("/")
        if column in _ROUNDED and published.has_row(row):
            place = published.find_cell(cell)
            whole = [name for name in _ROUNDED[column] if place.row.get(name)]
            if whole and Decimal(place.text) * (1 if column == "shown" else 100) % 1:
                return f"{row}/{whole[0]}"
    return ""


def agrees_with_whole(printed: str, value: float, translator: Translator[str]) -> bool:
    """Return whether a printed number is a published whole per cent, as the language writes it.

    A share above 0 that is published as 0 is printed as "<1". Signs beside a number do not count.
    """
    below, size = "<" in printed, abs(value)
    return _SIGNS.sub("", printed) == translator.number(size + below) and not (below and value)


def agrees(printed: str, value: float, translator: Translator[str]) -> bool:
    """Return whether a printed number is a published one, as the language writes it.

    Args:
        printed: as it stands in the document; signs beside it, e.g. ``<`` or ``%``, do not count.
        value: the number of the cell. A share, from -1 to 1, is printed in per cent.
        words: of the language.
    """
    number = _SIGNS.sub("", printed)
    symbols = translator.locale.number_symbols["latn"]
    group, decimal = symbols["group"], symbols["decimal"]
    digits = len(number.partition(decimal)[2])
    try:
        shown = float(number.replace(group, "").replace(decimal, "."))
    except ValueError:
        return number == _SIGNS.sub("", translator.compact(value))
    if number != translator.number(shown, digits):
        return False
    size, half = abs(value), (0.5 + 1e-9) * 10.0**-digits
    if "<" in printed:
        # A whole number is of per cent; a P value has decimals.
        return (size if digits else 100 * size) < shown
    if size <= 1 and abs(100 * size - shown) <= half:
        return True
    # A part of one is never printed as a whole number, which would be 0 or 1.
    if (digits or size >= 1 or size == 0) and abs(size - shown) <= half:
        return True
    return size > 1 and (shown == four_digits(size) or number == translator.compact(size))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", _FILLER, found[0])


def fault_at(text: str, place: int, found: str, remedy: str) -> NumberFault:
    """Return a fault at a place of a text, counted in signs from 0."""
    begin = text.rfind("\n", 0, place) + 1
    return NumberFault(text.count("\n", 0, place) + 1, place - begin + 1, found, remedy)
