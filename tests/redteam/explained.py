"""Pages of how numbers were made against the public tables: nothing hidden may be told there."""

import html
import re
from collections.abc import Iterator

from released import CELL, CONFIDENTIAL, NATION, Published

_ROW = re.compile(
    r"<tr(?: id=([^>]+))?><th>[^<]*<td>([^<\n]*)(?:<td>([^<\n]*))?(?=\n|<tr|</table>)"
)
_SECTION = re.compile(r"<h3 id=([^>\"]+)>.*?</table>", re.DOTALL)
_TABLE = re.compile(
    r"<h2 id=[^>]+>[^<]*</h2>.*?<p class=file>[^>]*>([\w/]+\.csv)<(.*?)</section>", re.DOTALL
)
_CELLS = re.compile(r"<tr(?: id=([^>]+))?><th>[^<]*<td>([^<]*)\n")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Places of reasons in the list at the head of the page.
_REASONS = re.compile(r" \([\d, ]+\)")


def told(study: Published) -> Iterator[str]:
    """Yield what pages say of a cell beyond its row of the public table."""
    for path in sorted(study.folder.glob("explained/*.html")):
        table = study.table(f"countries/{path.stem}/estimates.csv")
        rows = {_anchor(row): row for row in table.to_dict("records")}
        seen = set()
        for section in _SECTION.finditer(path.read_text(encoding="utf-8")):
            for anchor, printed, n in _ROW.findall(section[0]):
                where = anchor or section[1]
                seen.add(where)
                if where not in rows:
                    yield f"explained/{path.name}, {where}: no row of the table"
                elif fault := _fault(rows[where], html.unescape(printed), n.replace(",", "")):
                    yield f"explained/{path.name}, {where}: {fault}"
        yield from (f"explained/{path.name}: nothing on {one}" for one in sorted({*rows} - seen))


def of_tables(study: Published) -> Iterator[str]:
    """Yield what pages of the comparison and of evidence say beyond the rows of public tables."""
    for path in sorted(study.folder.glob("explained/*/*.html")):
        name = f"explained/{path.parent.name}/{path.name}"
        for heading, body in _TABLE.findall(path.read_text(encoding="utf-8")):
            table = study.table(heading)
            rows = [{str(value) for value in row.values()} for row in table.to_dict("records")]
            for anchor, printed in _CELLS.findall(body):
                if fault := _beyond(html.unescape(printed), list(table), rows):
                    yield f"{name}, {anchor}: {fault}"


def _beyond(printed: str, columns: list[str], rows: list[set[str]]) -> str:
    """Return what of a printed row stands in no row of its table."""
    cells = [cell.partition(" ") for cell in printed.split(" · ") if cell]
    strange = [column for column, _, _ in cells if column not in columns]
    if strange:
        return f"no column '{strange[0]}'"
    # Of texts the sign between cells is another one on the page.
    values = {value for _, _, value in cells}
    found = any(values <= {cell.replace(" · ", ", ") for cell in row} for row in rows)
    return "" if found else "no row of the table has all of it"


def _anchor(row: dict[str, str]) -> str:
    """Return the address of a row without its country."""
    indicator, domain, level = (row[name] for name in CELL[1:])
    group = "" if (domain, level) == NATION else f"/{domain}:{level.replace('|', '+')}"
    return f"{indicator}{group}"


def _fault(row: dict[str, str], printed: str, n: str) -> str:
    if row["status"] == CONFIDENTIAL:
        # One word for all of them, whichever rule hid them, with the bound that the table has.
        bound = f": {row['shown']}%" if row["bound_high"] else ""
        return "" if (printed, n) == (f"hidden{bound}", "") else "more than the word"
    known = {row["shown"], row["n"]}
    for limit in filter(None, (row["ci_low"], row["ci_high"])):
        digits = len(row["shown"].partition(".")[2])
        known |= {f"{factor * float(limit):.{digits}f}" for factor in (1, 100)}
    strange = [
        one for one in _NUMBER.findall(f"{_REASONS.sub('', printed)} {n}") if one not in known
    ]
    return f"{strange[0]} is none of its numbers" if strange else ""
