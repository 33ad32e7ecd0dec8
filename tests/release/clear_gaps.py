"""Which groups clearly differ, counted once more from the public tables; what reports say of it.

Nothing of the library is used: reports are read as pages, tables by ``csv``, and the words of the
study from its codebook.
"""

import csv
import html
import re
from pathlib import Path
from typing import Any

import yaml

_ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
_TAG = re.compile(r"<[^>]+>")
# The two groups of each domain: of ages the ends.
ENDS = {
    "sex": ("girl", "boy"),
    "age_band": ("16-17", "12-13"),
    "area": ("rural", "urban"),
}
# The composites have sentences of their own, in a country's report on all groups.
MAIN, WIDER = "clear_examples", "any_tf_csea"
# Of the main one, the region has sentences on these.
TOLD_OF_MAIN = ("sex", "age_band")


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_cells(page: Path, table: str) -> list[list[str]]:
    """The cells of a table, row by row: words, and ``**`` around what is bold."""
    match = re.search(rf'<figure id="{table}".*?</figure>', page.read_text(encoding="utf-8"), re.S)
    if match is None:
        return []
    rows = [_CELL.findall(row) for row in _ROW.findall(match[0])]
    return [[_read_text(cell) for cell in row] for row in rows]


def _read_text(cell: str) -> str:
    marked = re.sub(r"</?strong>", "**", cell)
    return re.sub(r"\s+", " ", html.unescape(_TAG.sub("", marked)).replace("\u2060", "")).strip()


class ClearGaps:
    """The clear gaps of a study in the words of its codebook and its list of countries."""

    def __init__(self, public: Path, config: Path) -> None:
        self.public = public
        gaps = read_rows(public / "comparison" / "gaps.csv")
        self.tested = [
            row
            for row in gaps
            if row["p_holm"]
            and (row["level_a"], row["level_b"]) == ENDS[row["domain"]]
            and row["indicator"] != WIDER
        ]
        self.clear = [row for row in self.tested if row["clear"] == "True"]
        keys = ("country", "indicator", "domain", "level")
        self._estimates = {
            tuple(row[key] for key in keys): row for row in read_rows(public / "estimates.csv")
        }
        codebook: dict[str, Any] = yaml.safe_load(
            (config / "indicators.yaml").read_text(encoding="utf-8")
        )
        self._labels = {
            entry["id"]: entry.get("short") or entry["label"] for entry in codebook["indicators"]
        }
        self._domains = {entry["id"]: entry for entry in codebook["domains"]}
        self._names = {row["country"]: row["name"] for row in read_rows(config / "countries.csv")}

    def list_cells_of_country(self, country: str) -> set[tuple[str, str, str]]:
        """Indicator, group and share of each cell in bold that the country's table must have."""
        cells = set()
        for row in self.clear:
            if row["country"] != country or row["indicator"] == MAIN:
                continue
            for level in (row["level_a"], row["level_b"]):
                cell = self._estimates[country, row["indicator"], row["domain"], level]
                share = f"{cell['whole']}% ({cell['whole_low']}–{cell['whole_high']})"
                domain = self._domains[row["domain"]]
                group = f"{domain['label']}: {self._name_level(row['domain'], level)}"
                cells.add((self._labels[row["indicator"]], group, share))
        return cells

    def read_cells_of_country(self, country: str) -> set[tuple[str, str, str]]:
        """The same as the report has it."""
        page = self.public / "reports" / country / "en" / "report.html"
        rows = read_cells(page, "tbl-other_gaps")
        return {
            (row[0], group, cell.strip("*"))
            for row in rows[1:]
            for group, cell in zip(rows[0][1:], row[1:], strict=True)
            if cell.startswith("**")
        }

    def list_rows_of_region(self) -> set[tuple[str, str, int, int]]:
        """Indicator, which group more often, in how many countries clearly, of how many tested."""
        rows = set()
        kinds = {(row["indicator"], row["domain"]) for row in self.clear}
        for key in kinds - {(MAIN, domain) for domain in TOLD_OF_MAIN}:
            tested, clear = (
                [row for row in rows_of_kind if (row["indicator"], row["domain"]) == key]
                for rows_of_kind in (self.tested, self.clear)
            )
            first, second = (self._name_level(key[1], level) for level in ENDS[key[1]])
            for sign, more, less in ((1, first, second), (-1, second, first)):
                count = sum(sign * float(row["difference"]) > 0 for row in clear)
                if count:
                    words = f"{more} more often than {less[0].lower()}{less[1:]}"
                    rows.add((self._labels[key[0]], words, count, len(tested)))
        return rows

    def read_rows_of_region(self) -> set[tuple[str, str, int, int]]:
        """The same as the regional report has it; a row names as many countries as it counts."""
        page = self.public / "regional" / "en" / "report.html"
        rows = set()
        for indicator, words, names, counts in read_cells(page, "tbl-other-gaps")[1:]:
            clear, tested = map(int, counts.split(" of "))
            named = sum(name in names for name in self._names.values())
            rows.add((indicator, words, clear if named == clear else -named, tested))
        return rows

    def _name_level(self, domain: str, level: str) -> str:
        return str(self._domains[domain].get("levels_label", {}).get(level, level))
