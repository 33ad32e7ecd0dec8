"""Check the numbers of explained pages against what is published, number by number."""

import html
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import COMPARE, address_of, cell_with_address
from disrupting_harm.provenance.anchors import FOLDER, explanation_page
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES, EVIDENCE_KEYS
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.report.web.explained.record_sentences import NOT_PRINTED
from disrupting_harm.report.web.explained.tables import (
    BETWEEN,
    list_comparison_tables,
    list_evidence_tables,
    replace_separators,
)

# The heading of an indicator or a table, and what has a row in words, name the row below that has
# no anchor of its own.
_ROW = re.compile(
    r"<(?:h[23]|article class=(?:row|\"row published\")) id=\"?(?P<heading>[^>\"]+)\"?>|"
    r"<tr(?: id=(?P<anchor>[^>]+))?><th>[^<]*<td>(?P<printed>[^<\n]*)(?:<td>(?P<n>[^<\n]*))?"
    # A row ends with its line, or where the next begins.
    r"(?=\n|<tr|</table>)"
)
# An estimate with its limits, and what stands in the place of one.
_ESTIMATE = re.compile(r"(-?[\d.]+)%? \((-?[\d.]+)–(-?[\d.]+)\)")
_BOUND = re.compile(r"hidden: ([<>] [\d.]+)%?")
# Places of reasons among those that the page lists, and names of releases, are no numbers.
_TABLES = {*COUNTRY_KEYS, *EVIDENCE_KEYS, *FACTS}
_REMARK = re.compile(r" \([\d, ]+\)| as published in \S+$")


def list_explained_pages(public: Path) -> list[Path]:
    """Return the pages of how numbers were made."""
    return sorted((public / FOLDER).rglob("*.html"))


def is_explained(page: Path) -> bool:
    """Return whether a page is one of these: in their folder, or in a folder there."""
    return FOLDER in page.parts[-3:-1]


def read_numbers_of_page(page: Path) -> list[tuple[str, str]]:
    """Return the numbers of a page's rows as printed, each with its address.

    Raises:
        StudyError: if a row has a number of which the page does not say what it is.
    """
    numbers: list[tuple[str, str]] = []
    for row, printed, n in _read_rows(page):
        area, table, *_ = row.split("/")
        if area == COMPARE or table in _TABLES:
            column_texts = [
                cell_text.partition(" ") for cell_text in printed.split(BETWEEN) if cell_text
            ]
            numbers += [(f"{row}/{column}", text) for column, _, text in column_texts]
            continue
        estimate_text = _REMARK.sub("", printed)
        if estimate := _ESTIMATE.match(estimate_text):
            column_names = ("estimate", "ci_low", "ci_high")
            numbers += [
                (f"{row}/{name}", text)
                for name, text in zip(column_names, estimate.groups(), strict=True)
            ]
            numbers.append((f"{row}/n", n))
        elif bound := _BOUND.fullmatch(estimate_text):
            numbers.append((f"{row}/shown", bound[1]))
        elif re.search(r"\d", estimate_text + n):
            raise StudyError(str(page), f"row '{row}' has '{printed}'", "Write the page again")
    return numbers


def find_faults_of_explained_page(page: Path, published: PublishedFiles) -> list[str]:
    """Return what is wrong with a page: a number that is not as published, or is not there.

    Args:
        page: of a survey, the comparison or evidence.
        published: the public files.
    """
    faults, numbers = [], read_numbers_of_page(page)
    for address, printed in numbers:
        try:
            text = published.find_cell(address).text
        except StudyError as error:
            faults.append(str(error))
            continue
        if not _agrees_with_cell(printed, text):
            faults.append(f"{address}: the page has '{printed}', published is '{text}'")
    addresses_on_page = {address for address, _ in numbers}
    if page.parent.name == FOLDER:
        return faults + _find_faults_of_estimates(page.stem, published, addresses_on_page)
    return faults + [
        f"{address}: it is not on the page"
        for address in _addresses_of_page(page, published)
        if address not in addresses_on_page
    ]


def _find_faults_of_estimates(
    survey: str, published: PublishedFiles, addresses_on_page: Collection[str]
) -> list[str]:
    """Return which estimates of a survey are on its page or in its table alone."""
    return [
        f"{row_address}/estimate: on the page or in the table alone"
        for row_address, row in published.addressed_rows(survey, ESTIMATES).items()
        if bool(row["estimate"]) != (f"{row_address}/estimate" in addresses_on_page)
    ]


def _addresses_of_page(page: Path, published: PublishedFiles) -> Iterator[str]:
    """Yield the numbers that belong on a page of the comparison, or of evidence."""
    name = f"{page.parent.name}/{page.stem}"
    is_comparison = page.parent.name == COMPARE
    area = COMPARE if is_comparison else page.stem
    tables = (list_comparison_tables if is_comparison else list_evidence_tables)(published.public)
    for table in tables:
        once = (COMPARISON_KEYS if is_comparison else EVIDENCE_KEYS)[table]
        without = (*once, *NOT_PRINTED.get(table, ()))
        for row_address, row in published.addressed_rows(area, table).items():
            if explanation_page(row_address) == name:
                numbers = (column for column in row if column not in without)
                yield from (
                    f"{row_address}/{column}"
                    for column in numbers
                    if address_of(cell_with_address(row[column], row_address))
                )


def _read_rows(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the address of each row, what it prints, and its n ("" where none is printed)."""
    heading, area = "", _area_of(page)
    for row in _ROW.finditer(page.read_text(encoding="utf-8")):
        heading = row["heading"] or heading
        if row["heading"] is None:
            anchor = row["anchor"] or heading
            yield (
                f"{area}/{anchor}",
                html.unescape(row["printed"]),
                (row["n"] or "").replace(",", ""),
            )


def _area_of(page: Path) -> str:
    """Return the area of the addresses on a page."""
    return COMPARE if page.parent.name == COMPARE else page.stem


def _agrees_with_cell(printed: str, text: str) -> bool:
    """Return whether a number is that of a cell, or its share in per cent; both are rounded."""
    try:
        number, cell = float(printed), float(text)
    except ValueError:
        return printed == replace_separators(text)
    return number in (cell, round(100 * cell, len(printed.partition(".")[2])))
