"""Where a report says that its numbers stand: each is in one of the sheets that it names there.

The judge reads the finished page by lxml and the workbook by openpyxl.
"""

import re
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html
from openpyxl import load_workbook

SHARE = re.compile(r"(\d+)%\s\((\d+)–\W?(\d+)\)")
POINTER = re.compile(r"Data: data book, (.+)")
LEAST = 10  # findings with shares; a page that is read wrongly has none


def read_sheets(book: Path) -> dict[str, set[tuple[int, int, int]]]:
    """Return the shares with their limits, side by side in a row, by the name of each sheet."""
    with closing(load_workbook(book, read_only=True)) as workbook:
        return {
            sheet.title: {
                tuple(row[at : at + 3])
                for row in sheet.iter_rows(values_only=True)
                for at in range(len(row) - 2)
                if all(isinstance(cell, int) for cell in row[at : at + 3])
            }
            for sheet in workbook
        }


def find_lost_numbers(page: Path, book: Path) -> tuple[int, list[str]]:
    """Return how many findings print a share, and the shares that no sheet named there has."""
    sheets, told, lost = read_sheets(book), 0, []
    for finding in html.parse(str(page)).xpath("//section[starts-with(@id, 'finding-')]"):
        notes = finding.xpath(".//*[@class='margin']//p")
        texts = [" ".join(note.text_content().split()) for note in notes]
        pointers = [found[1] for text in texts if (found := POINTER.match(text))]
        named = [name for pointer in pointers for name in re.findall("“([^”]+)”", pointer)]
        paragraphs = finding.xpath(".//p[not(ancestor::figure or ancestor::*[@class='margin'])]")
        shares = SHARE.findall(" ".join(p.text_content() for p in paragraphs))
        told += bool(shares)
        held = {share for name in named for share in sheets.get(name, ())}
        unknown = [name for name in named if name not in sheets]
        lost += [f"{finding.get('id')}: no sheet '{name}'" for name in unknown]
        lost += [
            f"{finding.get('id')}: {share} is not in {named}"
            for share in shares
            if tuple(map(int, share)) not in held
        ]
    return told, lost


@pytest.mark.parametrize("country", ["KEN", "KHM"])
def test_each_share_of_a_finding_is_in_a_sheet_that_is_named_beside_it(
    public: Path, country: str
) -> None:
    told, lost = find_lost_numbers(
        public / "reports" / country / "en" / "report.html",
        public / "databooks" / country / "en" / "databook.xlsx",
    )
    assert told >= LEAST
    assert lost == []


@pytest.mark.parametrize("country", ["KEN", "KHM"])
def test_each_main_number_stands_where_it_points(public: Path, country: str) -> None:
    """Shares and numbers of children, printed as in documents, are in the row that is named."""
    book = public / "databooks" / country / "en" / "databook.xlsx"
    with closing(load_workbook(book)) as workbook:
        rows = list(workbook["Main numbers"].iter_rows(min_row=3, values_only=True))
        sheets = {str(row[3]) for row in rows}
        lost = []
        of_others = [row for row in rows if "/" in str(row[-1])]
        for _, label, printed, sheet, number, code in rows:
            if "/" in str(code):
                continue
            cells = [cell.value for cell in workbook[str(sheet)][int(number)]]
            numbers = [int(re.sub(r"\D", "", part)) for part in re.findall(r"[\d,]*\d", printed)]
            held = [cells[at : at + 3] for at in range(len(cells) - 2)]
            if code not in cells or numbers not in held or str(cells[0]) not in str(label):
                lost.append((label, printed, sheet, number))
        for _, label, printed, sheet, number, _ in of_others:
            first, last = (int(end) for end in f"{number}–{number}".split("–")[:2])
            held = [
                [cell.value for cell in row] for row in workbook[str(sheet)][f"A{first}:N{last}"]
            ]
            counts = [int(part.replace(",", "")) for part in re.findall(r"\d[\d,]*", printed)]
            if sheet == "Law and policy":
                right = counts == [sum("in place" in row for row in held), len(held)]
            elif first == last:
                year = any(str(label).endswith(f", {cell}") for cell in held[0])
                right = counts[0] in held[0] and year
            else:
                right = counts == [sum(row[2] for row in held)]
            if not right:
                lost.append((label, printed, sheet, number))
    assert {"Recorded offences", "Hotlines and helplines", "Law and policy"} <= {
        row[3] for row in of_others
    }
    assert {"Four forms", "Numbers of children"} <= sheets
    assert lost == []


@pytest.mark.parametrize("country", ["KEN", "KHM"])
def test_each_main_number_is_in_the_document_that_is_named(public: Path, country: str) -> None:
    """The share of all children is no second number of children."""
    book = public / "databooks" / country / "en" / "databook.xlsx"
    with closing(load_workbook(book)) as workbook:
        rows = list(workbook["Main numbers"].iter_rows(min_row=3, values_only=True))
    printed = {}
    for kind in ("brief", "report"):
        body = html.parse(str(public / f"{kind}s" / country / "en" / f"{kind}.html")).find("body")
        printed[kind] = set(re.findall(r"\d[\d,]*\d|\d", body.text_content()))
    for where, label, number, *_ in rows:
        kind = "brief" if where == "Brief" else "report"
        assert {*re.findall(r"\d[\d,]*\d|\d", number)} <= printed[kind], (where, label, number)
    scaled = [number for _, _, number, sheet, *_ in rows if sheet == "Numbers of children"]
    assert len(scaled) == 2
    assert ["%" in number for number in scaled] == [False, True]
