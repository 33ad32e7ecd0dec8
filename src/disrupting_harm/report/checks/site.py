"""Check the numbers of the site: each has an address, and prints what is published there."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.derived_numbers import find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.figure_numbers import TEXTS, DrawnTexts
from disrupting_harm.report.checks.numbers import NumberFault, explain_wrong_number
from disrupting_harm.report.language.isolates import remove_isolates
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.web.site.addressed_numbers import KEY
from disrupting_harm.report.web.site.languages import list_folders

# Read a page of the site for the check of its numbers: what it prints, and at which addresses.


# Attributes that are read to somebody, shown, or put in the place of a text by a script.
SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "data-words", "data-said")
_CELLS, _END_CELLS = ("td", "th"), ("td", "th", "tr", "thead", "tbody", "table")
_VOID = ("br", "img", "input", "link", "meta", "rect", "circle", "path")
# Code is no prose, as in Markdown: the digits of a release's identity are no numbers.
_NO_PROSE = ("style", "script", "code")
# Markup of a template that a page prints, as it was escaped once too often. Only what the templates
# write themselves: the texts of a study may name a tag, and then readers see it.
_TAG = re.compile(r"<[a-z]+\s(?:[^<>]*\s)?(?:class|href|data-[a-z-]+|aria-[a-z-]+)=[^<>]*>")
# What is said to browsers alone.
_SETTINGS = ("viewport",)


@dataclass
class PageText:
    """A text of a page: its line from 1, and the addresses of its numbers, if it has any.

    A ``number`` is one alone, with its unit; an ``element`` has one for each address; a ``cell`` of
    a table may have none, or one that several addresses share. ``picture`` is the file of the
    picture that the text stands for.
    """

    line: int
    text: str = ""
    kind: Literal["text", "number", "element", "cell"] = "text"
    addresses: Sequence[str] = ()
    picture: str = ""


@dataclass
class _Table:
    """Where a table is read: addresses by column, key of the row, and the column, from 0."""

    columns: list[list[str]] = field(default_factory=list)
    key: str = ""
    column: int = -1


class PageReader(HTMLParser):
    """All texts of a page, in reading order, and the drawings that it links to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[PageText] = []
        self.linked_drawings: list[str] = []
        # Elements that are open: name, and the text of their numbers where they have addresses.
        self._open: list[tuple[str, PageText | None]] = []
        self._table = _Table()
        self.feed(remove_isolates(page))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the texts of an element, and whether its numbers have addresses."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            # The tag of a language may name a country behind it.
            self.language = attributes["lang"].partition("-")[0]
        if tag in _CELLS:
            self._close_element(_CELLS)
        if attributes.get("name") not in _SETTINGS and "http-equiv" not in attributes:
            self._note_attributes(attributes)
        if attributes.get("href", "").endswith(".svg"):
            self.linked_drawings.append(attributes["href"])
        if tag not in _VOID:
            self._open.append((tag, self._open_addressed_text(tag, attributes)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the texts of an element without content."""
        self._note_attributes({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what is open within it."""
        if tag in _END_CELLS:
            self._close_element(_CELLS)
        self._close_element((tag,))

    def handle_data(self, data: str) -> None:
        """Note a text, as part of the element whose numbers have addresses if it is in one."""
        open_text = next((page_text for _, page_text in reversed(self._open) if page_text), None)
        if open_text:
            open_text.text += data
        elif self._open and self._open[-1][0] not in _NO_PROSE:
            self.texts.append(PageText(self.getpos()[0], data))

    def _note_attributes(self, attributes: Mapping[str, str]) -> None:
        line = self.getpos()[0]
        self.texts += [
            PageText(
                line, attributes[name], picture=attributes.get("src", "") if name == "alt" else ""
            )
            for name in SPOKEN
            if name in attributes
        ]

    def _open_addressed_text(self, tag: str, attributes: Mapping[str, str]) -> PageText | None:
        """Return where the text of an element goes whose numbers have addresses."""
        addresses, table = attributes.get("data-n", "").split(), self._table
        text_kind: Literal["number", "element", "cell"] = "number" if tag == "span" else "element"
        if tag == "table":
            self._table = _Table()
        elif tag == "tr":
            table.key, table.column = attributes.get("data-n", ""), -1
            return None
        elif tag in _CELLS:
            table.column += 1
            if any(KEY in address for address in addresses):
                table.columns += [[]] * (table.column + 1 - len(table.columns))
                table.columns[table.column] = addresses
                return None
            if table.key and table.column < len(table.columns):
                addresses = [cell.replace(KEY, table.key) for cell in table.columns[table.column]]
                text_kind = "cell"
        if not addresses:
            return None
        self.texts.append(PageText(self.getpos()[0], "", text_kind, addresses))
        return self.texts[-1]

    def _close_element(self, tags: Sequence[str]) -> None:
        """Close the innermost of these elements, and what is open within it."""
        open_tags = [name for name, _ in self._open]
        for index in range(len(open_tags) - 1, -1, -1):
            if open_tags[index] in tags:
                del self._open[index:]
                return
            # A cell ends with its row, and never goes on beyond its table.
            if open_tags[index] == "table" and tags == _CELLS:
                return


@lru_cache(maxsize=1)
def read_page(page: str) -> PageReader:
    """Return what a page prints; its numbers are checked, and then counted."""
    return PageReader(page)


# A number of a text, with the sign before it; a hyphen after a letter or a digit is none. Thousands
# may stand apart by a space that no line breaks at.
_NUMBER = re.compile(r"(?:[<>]\s?|[+−]|(?<!\w)-)?\d(?:[\d.,]|[\u00a0\u202f](?=\d{3}))*(?<=\d)")
_LESS, _MORE, _MINUS = "<>−"
_LESS_OR_MORE = "<> "
# Columns of texts that print a number: an estimate or a bound in its place, a P value.
PRINTED_COLUMNS = ("/shown", "/p_text")
# The lower end of where a hidden share lies.
LOWER_BOUND = "/bound_low"
AGAIN = "write the site again"

# Returns the faulty numbers of a text that has no addresses.
FindBareNumbers = Callable[[str], Sequence[NumberFault]]


def list_site_pages(public: Path, languages: Sequence[str]) -> list[Path]:
    """Return the pages of the site.

    Args:
        languages: those that the study asks for.
    """
    folders = [public / folder for folder in list_folders(languages).values()]
    patterns = ("*.html", "countries/*.html")
    return [
        page for folder in folders for pattern in patterns for page in sorted(folder.glob(pattern))
    ]


def count_numbers_on_site_page(page: Path) -> int:
    """Return how many numbers with an address are on a page."""
    return sum(
        len(read_numbers(page_text))
        for page_text in read_page(page.read_text(encoding="utf-8")).texts
        if page_text.addresses
    )


def read_numbers(page_text: PageText) -> list[str]:
    """Return the numbers of a text with addresses."""
    return (
        [page_text.text.strip()] if page_text.kind == "number" else _NUMBER.findall(page_text.text)
    )


def find_faults_of_site_page(
    page: Path,
    texts: PageReader,
    translator: Translator[str],
    published: PublishedFiles,
    drawn_texts: DrawnTexts,
    find_bare_numbers: FindBareNumbers,
) -> Iterator[str]:
    """Yield what is wrong with the numbers of a page, and markup that it prints.

    Texts of the figures that it shows, or links to, stand on it letter by letter, and are checked
    where they are listed.

    Args:
        page: where it is.
        texts: what it prints.
        translator: its language.
        published: the public files.
        drawn_texts: the lists of figures.
        find_bare_numbers: finds the numbers of a text without addresses that should have one.
    """
    shown_pictures = [page_text.picture for page_text in texts.texts if page_text.picture]
    record_of_picture = {
        picture: drawn_texts.find_record((page.parent / unquote(picture)).resolve())
        for picture in (*shown_pictures, *texts.linked_drawings)
    }
    figure_texts = {
        text
        for figure_record in record_of_picture.values()
        if figure_record
        for text in _texts_of_figure(figure_record)
    }
    for page_text in texts.texts:
        if tag := _TAG.search(page_text.text):
            yield f"line {page_text.line}, it prints {tag[0]}: its template escapes it twice"
        figure_record = record_of_picture.get(page_text.picture)
        if page_text.addresses:
            faults = list(find_faults_of_text(page_text, translator, published))
        elif figure_record:
            alt_texts = [remove_isolates(figure_record[name]) for name in ("alt", "alt_short")]
            is_alt_text = page_text.text in alt_texts
            faults = (
                []
                if is_alt_text
                else [f"alternative text of '{figure_record['id']}': it is another; {AGAIN}"]
            )
        else:
            is_figure_text = page_text.text.strip() in figure_texts
            faults = (
                []
                if is_figure_text
                else [fault.without_line for fault in find_bare_numbers(page_text.text)]
            )
        yield from (f"line {page_text.line}, {fault}" for fault in faults)


def find_faults_of_text(
    page_text: PageText, translator: Translator[str], published: PublishedFiles
) -> Iterator[str]:
    """Yield what is wrong with the numbers of a text that has addresses."""
    numbers, addresses = read_numbers(page_text), list(page_text.addresses)
    if page_text.kind == "cell" and not numbers:
        yield from _find_unprinted(page_text, published)
        return
    if page_text.kind == "cell" and len(numbers) < 2:
        # Where a range has one number, it is that of both ends.
        numbers = numbers * len(addresses)
        addresses = addresses[: len(numbers)]
    if len(numbers) != len(addresses):
        yield f"'{page_text.text}': {len(numbers)} numbers, and {len(addresses)} addresses; {AGAIN}"
        return
    for number, address in zip(numbers, addresses, strict=True):
        if fault := _explain_wrong_number(number, address, translator, published):
            yield "; ".join(fault)


def _find_unprinted(page_text: PageText, published: PublishedFiles) -> Iterator[str]:
    """Yield the addresses of a cell without a number where one is published.

    A row that is not there has none: not every country has ranks.
    """
    for address in page_text.addresses:
        if not published.has_row(address.rpartition("/")[0]):
            continue
        try:
            missing = find_value(address, published) is not None
        except StudyError as error:
            yield f"'{page_text.text.strip()}', {error.where}: {error.found}; {error.remedy}"
            continue
        if missing:
            cell = published.find_cell(address).text
            yield f"'{page_text.text.strip()}' at {address}; the cell says {cell}: {AGAIN}"


def _explain_wrong_number(
    number: str, address: str, translator: Translator[str], published: PublishedFiles
) -> tuple[str, str] | None:
    """Return what is wrong with a number, its sign included; None where it is right."""
    as_text = address.endswith(PRINTED_COLUMNS)
    printed = number.lstrip(_LESS_OR_MORE) if as_text else number
    if fault := explain_wrong_number(printed, address, translator, published):
        return fault
    sign = "" if number[0].isdigit() or number[0] == "+" else number[0]
    if as_text:
        has_right_sign = sign == _sign_of_cell(published.find_cell(address).text)
    elif (find_value(address, published) or 0) < 0:
        has_right_sign = sign == _MINUS
    else:
        # A share that is nearly none is less than one per cent; more than a bound is its lower end.
        has_right_sign = sign in ("", _LESS) or (sign == _MORE and address.endswith(LOWER_BOUND))
    remedy = f"the cell has another sign; a minus is written {_MINUS}"
    return None if has_right_sign else (f"'{number}' at {address}", remedy)


def _sign_of_cell(text: str) -> str:
    """Return the sign that a text of a table begins with, as pages write it."""
    first_sign = text[:1].replace("-", _MINUS)
    return first_sign if first_sign in (_LESS, _MORE, _MINUS) else ""


def _texts_of_figure(figure_record: Mapping[str, Any]) -> list[str]:
    """Return the texts of a figure as pages print them: each by itself, and title with caption.

    A study's own texts may have isolates, which pages are read without.
    """
    texts = [
        *(figure_record[name] for name in TEXTS),
        f"{figure_record['title']}. {figure_record['caption']}",
    ]
    return [remove_isolates(text) for text in texts]
