"""Check the numbers of explained pages against what is published, number by number."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.anchors import FOLDER
from disrupting_harm.provenance.keys import COUNTRY_KEYS, ESTIMATES
from disrupting_harm.provenance.published import Published
from disrupting_harm.provenance.rows import FACTS, prefixes
from disrupting_harm.report.explained.tables import BETWEEN

# The heading of an indicator or a table names the row below it that has no anchor of its own.
_ROW = re.compile(
    r"<h[23] id=\"?(?P<heading>[^>\"]+)\"?>|"
    r"<tr(?: id=(?P<anchor>[^>]+))?><th>[^<]*<td>(?P<printed>[^<]*)(?:<td>(?P<n>[^<]*))?\n"
)
# An estimate with its limits, and what stands in the place of one.
_ESTIMATE = re.compile(r"(-?[\d.]+) \((-?[\d.]+)–(-?[\d.]+)\)")
_BOUND = re.compile(r"protected: ([<>] [\d.]+)")
# Places of reasons among those that the page lists, and names of releases, are no numbers.
_REMARK = re.compile(r" \([\d, ]+\)| as published in \S+$")


def pages_of(public: Path) -> list[Path]:
    """Return the pages of how numbers were made."""
    return sorted((public / FOLDER).glob("*.html"))


def numbers_on(page: Path) -> list[tuple[str, str]]:
    """Return the numbers of a page's rows as printed, each with its address.

    Raises:
        StudyError: if a row has a number of which the page does not say what it is.
    """
    found: list[tuple[str, str]] = []
    for row, printed, n in _rows(page):
        if row.split("/")[1] in (*COUNTRY_KEYS, *FACTS):
            cells = [one.partition(" ") for one in printed.split(BETWEEN)]
            found += [(f"{row}/{column}", text) for column, _, text in cells]
            continue
        told = _REMARK.sub("", printed)
        if estimate := _ESTIMATE.match(told):
            names = ("estimate", "ci_low", "ci_high")
            found += [
                (f"{row}/{name}", text) for name, text in zip(names, estimate.groups(), strict=True)
            ]
            found.append((f"{row}/n", n))
        elif bound := _BOUND.fullmatch(told):
            found.append((f"{row}/shown", bound[1]))
        elif re.search(r"\d", told + n):
            raise StudyError(str(page), f"row '{row}' has '{printed}'", "Write the page again")
    return found


def faults_of_page(page: Path, published: Published) -> list[str]:
    """Return what is wrong with a page: a number that is not as published, or is not there.

    Args:
        page: ``explained/{survey}.html``.
        published: the public files.
    """
    faults, numbers = [], numbers_on(page)
    for address, printed in numbers:
        try:
            text = published.find(address).text
        except StudyError as error:
            faults.append(str(error))
            continue
        if not _agrees(printed, text):
            faults.append(f"{address}: the page has '{printed}', published is '{text}'")
    there = {address for address, _ in numbers}
    rows = published.rows(page.stem, ESTIMATES)
    for where, row in zip(prefixes(ESTIMATES, rows), rows, strict=True):
        if bool(row["estimate"]) != (f"{where}/estimate" in there):
            faults.append(f"{where}/estimate: on the page or in the table alone")
    return faults


def _rows(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the address of each row, what it prints, and its n ("" where none is printed)."""
    heading = ""
    for row in _ROW.finditer(page.read_text(encoding="utf-8")):
        heading = row["heading"] or heading
        if row["heading"] is None:
            where = row["anchor"] or heading
            yield f"{page.stem}/{where}", html.unescape(row["printed"]), row["n"] or ""


def _agrees(printed: str, text: str) -> bool:
    """Return whether a number is that of a cell, or its share in per cent; both are rounded."""
    try:
        number, cell = float(printed), float(text)
    except ValueError:
        return printed == text
    return number in (cell, round(100 * cell, len(printed.partition(".")[2])))
