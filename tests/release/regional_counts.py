"""What the regional report says in numbers, counted once more from its public tables.

Nothing of the library is used: the report is read as text, the tables by ``csv``.
"""

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

_ADDRESSED = re.compile(r'\[([^\[\]]*)\]\{n="[^"]*"\}')


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_report(public: Path) -> str:
    """The text of the regional report, without the addresses of its numbers."""
    text = (public / "regional" / "en" / "report.qmd").read_text(encoding="utf-8")
    while _ADDRESSED.search(text):
        text = _ADDRESSED.sub(r"\1", text)
    return re.sub(r"[\u00a0\s]+", " ", text.replace("\u2060", "").replace("\\", ""))


def find_numbers(text: str, pattern: str) -> list[tuple[int, ...]]:
    """The whole numbers of each place that a pattern finds."""
    found = [match.groups() for match in re.finditer(pattern, text)]
    return [tuple(int(number.replace(",", "")) for number in numbers) for numbers in found]


class Recount:
    """The numbers that sentences of the regional report must have."""

    def __init__(self, public: Path) -> None:
        self.tables = {path.stem: read_rows(path) for path in (public / "comparison").glob("*.csv")}
        estimates = public / "estimates.csv"
        self.national = [
            row
            for row in (read_rows(estimates) if estimates.is_file() else [])
            if (row["domain"], row["level"]) == ("total", "all")
        ]

    def rows(self, table: str, **keys: str) -> list[dict[str, str]]:
        return [
            row
            for row in self.tables.get(table, [])
            if all(row[name] == value for name, value in keys.items())
        ]

    def pairs(self, indicator: str) -> tuple[int, int]:
        """How many pairs there are, and how many of them differ."""
        pairs = self.rows("pairwise", indicator=indicator)
        return len(pairs), sum(row["clear"] == "True" for row in pairs)

    def gap(self, indicator: str, domain: str, levels: tuple[str, str]) -> tuple[int, int]:
        """In how many areas a gap is clear, of how many tested."""
        rows = self.rows("gaps", indicator=indicator, domain=domain)
        rows = [row for row in rows if (row["level_a"], row["level_b"]) == levels and row["p_holm"]]
        return sum(row["clear"] == "True" for row in rows), len(rows)

    def possible_first(self, indicator: str, silence: str = "") -> int:
        """How many areas may be the highest, with silence up to a share."""
        if silence:
            rows = self.rows("silence_ranks", indicator=indicator, silence=silence)
        else:
            rows = self.rows(
                "rank_sets", indicator=indicator, method="mogstad_step_down", scope="simultaneous"
            )
        return sum(row["may_be_highest"] == "True" for row in rows)

    def pairs_of_answers(self) -> tuple[int, int]:
        """Return how many pairs of answers clearly go together, and how many have an odds ratio."""
        rows = [row for row in self.rows("associations") if row["ratio"]]
        return sum(row["clear"] == "True" for row in rows), len(rows)

    def span(self, indicator: str, beside: str) -> tuple[int, int]:
        """The least and the largest whole per cent of the areas compared.

        ``beside`` is a headline indicator by which areas are set apart.
        """
        apart = {r["country"] for r in self.rows("comparability", indicator=beside) if
                 r["comparable"] == "no"}  # fmt: skip
        whole = [
            int(row["whole"])
            for row in self.national
            if row["indicator"] == indicator and row["whole"] and row["country"] not in apart
        ]
        return min(whole), max(whole)

    def average(self, indicator: str) -> tuple[int, int, int]:
        """The average in which each area counts the same, with its limits, in whole per cent."""
        (row,) = self.rows("pooled", indicator=indicator, group="all", estimand="equal_country")
        return int(row["whole"]), int(row["whole_low"]), int(row["whole_high"])

    def needed_everywhere(self, areas: int) -> int:
        """How many actions are needed in all areas, or in all but one."""
        counts = Counter(row["action"] for row in self.rows("needs"))
        return sum(count >= max(areas - 1, 3) for count in counts.values())


def list_panel_rows(path: Path) -> list[list[str]]:
    """The rows of each panel and section of a figure, as its table of marks has them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in read_rows(path):
        names = groups.setdefault((row["panel"], row["section"]), [])
        if row["row"] and row["row"] not in names:
            names.append(row["row"])
    return [*groups.values()]


def is_alphabetical(names: list[str]) -> bool:
    return all(a.casefold() <= b.casefold() for a, b in pairwise(names))
