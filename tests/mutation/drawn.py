"""Wrong values drawn by a seed from what the documentation says of each key and column.

This module imports nothing of the library: it reads `docs/configuration.md` and `docs/evidence.md`,
as a stranger would, and writes in each place what they exclude.
"""

import csv
import io
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from mutated_study import CONFIG, files

SEED = 20261130
DOCS = Path(__file__).parents[2] / "docs"
# Changes drawn of each kind of file.
OF_KEYS, OF_CELLS = 70, 50

NO_TEXT = ([], {"a": "b"}, ["x"])
# What can stand in place of a value of each kind, none of which the documentation allows.
WRONG_VALUES: dict[str, tuple[Any, ...]] = {
    "text": NO_TEXT,
    "path": (*NO_TEXT, 7, "/dev/zero", "/dev/null/x"),
    "whole number": ("many", 1.5, -(10**40), float("nan"), [], "12 or so"),
    "number": ("many", float("nan"), float("inf"), [], {"a": 1}, "1,5"),
    "true or false": ("perhaps", 7, [], "2026-01-01"),
    "date": ("yesterday", "31.01.2026", "2026-13-01", "1026-01-31", "9026-01-31", 20260131, []),
    "section, see below": (7, "x", True),
}
WRONG_CELLS: dict[str, tuple[str, ...]] = {
    "year": ("22", "1066", "2565", "9999", "2027", "2020/21", "-2020", "MMXX", "2" * 41),
    "whole number": ("-5", "9" * 41, "1e300", "1.5", "many", "5 %", "<5", "99999999999", "ten"),
    "date": ("31.12.2020", "2020-13-01", "1026-01-01", "2027-01-01", "9999-01-01", "yesterday"),
    "country": ("KNY", "Kenya", "XX", "12", "KEN;UGA"),
    "code": ("none of these", "7", "=1", "\u2603"),
    "address, http or https": ("javascript:alert(1)", "data:text/html,x", "ftp://a.org", "a.org"),
    "short text": ("=1+1", "--", "\u2026"),
    "text": ("=1+1", "---", "\u2026"),
}
WRONG_COLUMNS: dict[str, tuple[str, ...]] = {
    "whole number": ("-5", "9" * 41, "1e300", "1.5", "many"),
    "number": ("-1", "7e9", "nan", "inf", "many", "0,5", "50 %"),
    "true or false": ("perhaps", "2"),
    "list of text": ("english", "EN", "e n"),
    "list of whole number": ("1", "1 2 3", "9 9", "a b"),
}


def drawn_changes() -> Iterator[Any]:
    """Yield wrong changes of the configuration, the mapping, countries, sources and evidence."""
    from wrong import Wrong

    draw = random.Random(SEED)
    every = [*_of_configuration(), *_of_mapping()]
    for file, what, content in draw.sample(every, OF_KEYS):
        yield Wrong(file, what, content)
    cells = [*_of_countries(), *_of_table("cybertips"), *_of_table("sources")]
    for file, what, content in draw.sample(cells, OF_CELLS):
        yield Wrong(file, what, content)


@cache
def _tables(page: str) -> dict[str, list[list[str]]]:
    """Return the rows of all tables of a page by the heading above, the code marks taken away."""
    found: dict[str, list[list[str]]] = {}
    heading, above = "", ""
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            above = heading = line.removeprefix("## ")
        elif line.startswith("### "):
            heading = f"{above}/{line.removeprefix('### ')}"
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found.setdefault(heading, []).append([cells[0].strip("`"), *cells[1:]])
    return found


def _of_configuration() -> Iterator[tuple[str, str, bytes]]:
    for heading, rows in _tables("configuration.md").items():
        name, _, section = heading.partition("/")
        # Lists of sections have no place of their own in the file.
        if name == CONFIG and section != "publication.release.moved":
            for key, kind, *_ in rows:
                place = [*filter(None, section.split(".")), key]
                for value in _wrong(kind, key):
                    yield _with_key(CONFIG, place, value)
            yield _with_key(CONFIG, [*filter(None, section.split(".")), "colour"], "red")


def _of_mapping() -> Iterator[tuple[str, str, bytes]]:
    for key, kind, *_ in _tables("configuration.md")["mapping.yaml"]:
        for value in _wrong(kind, key):
            yield _with_key("mapping.yaml", [key], value)


def _wrong(kind: str, key: str) -> tuple[Any, ...]:
    if kind.startswith("list of"):
        return (7, {"a": "b"})
    if kind.startswith("`"):
        return ("none of these", 7, [])
    # Words may be numbers, and an absent file of results is one to be made.
    values = WRONG_VALUES.get(kind, ())
    return tuple(each for each in values if (key, each) != ("results", 7))


def _with_key(file: str, place: list[str], value: Any) -> tuple[str, str, bytes]:
    content = yaml.safe_load(files()[file])
    inner = content
    for key in place[:-1]:
        inner = inner.setdefault(key, {})
    inner[place[-1]] = value
    shown = ascii(value)
    what = f"{'.'.join(place)}: {shown if len(shown) <= 60 else f'{shown[:40]}...'}"
    return file, what, yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()


def _of_countries() -> Iterator[tuple[str, str, bytes]]:
    for column, kind, *_ in _tables("configuration.md")["countries.csv"]:
        for cell in WRONG_COLUMNS.get(kind, ()):
            yield _with_cell("countries.csv", column, cell)


def _of_table(name: str) -> Iterator[tuple[str, str, bytes]]:
    tables = _tables("evidence.md")
    (heading,) = (each for each in tables if re.search(rf"(^|/){name}:", each))
    for column, kind, *_ in tables[heading]:
        for cell in WRONG_CELLS.get(kind, ()):
            yield _with_cell(f"{name}.csv", column, cell)


def _with_cell(file: str, column: str, cell: str) -> tuple[str, str, bytes]:
    """Change the first row's cell; a column that the file has not is added."""
    header, *rows = csv.reader(io.StringIO(files()[file].decode()))
    if column not in header:
        header, rows = [*header, column], [[*row, ""] for row in rows]
    rows[0][header.index(column)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    shown = ascii(cell) if len(cell) <= 60 else f"{ascii(cell)[:40]}..."
    return file, f"column {column}: {shown}", out.getvalue().encode()
