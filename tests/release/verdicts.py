"""Every verdict of a finished study beside its interval, its ratio, its words and its mark.

Nothing of the workflow is imported: public tables are read as CSV, documents and pictures as text.
From the root of a checkout with results::

    python tests/release/verdicts.py results/public
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]
# Interval, value without a difference, and the columns of a ratio.
INTERVAL, RATIO = ("ci_low", "ci_high"), ("ratio_low", "ratio_high")
OF_RATIOS = ("adjusted", "adjusted_countries", "associations")
NOT_A_PART = re.compile(r"[^\w+.\-]+")
# Of sentences: a verb, and the number behind it with the address of its row.
MOVED = re.compile(
    r'It (rose|fell) (from|between) .{0,400}?\{n="(?:size\()?([^")]+)/difference\)?"\}'
)
STAYED = re.compile(r'(?:No clear change from|, anything from).{0,200}?\{n="([^")]+)/ci_low"\}')
IN_TABLE = re.compile(r'\{n="([^"]+/changes/[^"]+)/ci_high"\}\):\s*(rose|fell|no clear change)')
MARK = re.compile(r'fill="(#[0-9a-fA-F]{6}|white)"[^>]* data-n="([^"]+)"')
FORBIDDEN = re.compile(r"steady|linear|\bbend|\btrend", re.IGNORECASE)


def part(value: str) -> str:
    """Return a value as addresses have it."""
    return NOT_A_PART.sub("_", value.replace("|", "+")) or "_"


def leaves_out(row: Row, limits: tuple[str, str], nothing: float) -> bool | None:
    """Return whether printed limits leave out a value; None where there are none."""
    low, high = (row[name] for name in limits)
    if not low or not high:
        return None
    return float(low) > nothing or float(high) < nothing


def tables_with_verdicts(public: Path) -> Iterator[tuple[Path, list[Row]]]:
    """Yield all public tables that have verdicts."""
    for path in sorted(public.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if "clear" in (reader.fieldnames or ()) and "ci_low" in (reader.fieldnames or ()):
                yield path, list(reader)


def faults_of_row(row: Row, name: str) -> list[str]:
    """Return where verdict, interval, ratio, points and word of a row say different things."""
    clear, found = row["clear"] == "True", []
    ends = {"interval": leaves_out(row, INTERVAL, 1 if name in OF_RATIOS else 0)}
    if "ratio_low" in row:
        ends["ratio"] = leaves_out(row, RATIO, 1)
    if row.get("points_low"):
        ends["points"] = leaves_out(row, ("points_low", "points_high"), 0)
    found += [f"{what} and verdict" for what, out in ends.items() if out not in (None, clear)]
    if clear and ends["interval"] is None:
        found.append("clear without an interval")
    if "change" in row:
        word = ("rose" if float(row["difference"]) > 0 else "fell") if clear else "no clear change"
        # Without a test there is no word, and no verdict.
        if row["change"] != word and (clear or row["change"]):
            found.append("word and verdict")
    return found


class Verdicts:
    """The changes of a study, by the addresses of their rows."""

    def __init__(self, public: Path) -> None:
        self.public, self.counts, self.faults = public, Counter[str](), []
        self.words: dict[str, str] = {}
        self.national: dict[str, list[str]] = {}
        for path, rows in tables_with_verdicts(public):
            for row in rows:
                said = faults_of_row(row, path.stem)
                self.counts["rows"] += 1
                self.faults += [f"{path.relative_to(public)}: {one}: {row}" for one in said]
            if path.name == "changes.csv":
                self._changes(rows)

    def _changes(self, rows: list[Row]) -> None:
        for row in rows:
            keys = ("indicator", "domain", "level", "wave_from", "wave_to")
            address = "/".join([part(row["country"]), "changes", *(part(row[key]) for key in keys)])
            self.words[address] = row["change"]
            if row["domain"] == "total":
                self.national.setdefault(row["country"], []).append(address)

    def check_documents(self) -> None:
        """Compare each sentence and each row of a table on changes with the verdict."""
        for path in sorted(self.public.glob("reports/*/en/report.qmd")):
            text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8").replace("\u00a0", " "))
            section = re.split(r"## Change between surveys", text)[1:]
            if not section:
                continue
            own = re.split(r" ## ", section[0])[0]
            told = {address: verb for verb, _, address in MOVED.findall(own)}
            self.counts["sentences"] += len(told)
            where = path.relative_to(self.public)
            for address, verb in told.items():
                if self.words.get(address) != verb:
                    self.faults.append(f"{where}: '{verb}' of {address}: {self.words.get(address)}")
            for address in STAYED.findall(own):
                self.counts["sentences"] += 1
                if self.words.get(address) != "no clear change":
                    self.faults.append(f"{where}: no clear change of {address}")
            for address, verdict in IN_TABLE.findall(own):
                self.counts["cells"] += 1
                if self.words.get(address) != verdict:
                    self.faults.append(f"{where}: table has '{verdict}' of {address}")
            country = path.parts[-3]
            in_tables = {address for address, _ in IN_TABLE.findall(own)}
            for address in self.national.get(country, []):
                clear = self.words[address] in ("rose", "fell") and address in in_tables
                if clear != (address in told):
                    self.faults.append(f"{where}: {address} is told, or clear, alone")
            for bullet in own.split(" - ")[1:]:
                if "between any two" in bullet and MOVED.search(bullet.split("between any two")[0]):
                    self.faults.append(f"{where}: no clear change beside a change: {bullet[:80]}")
            if word := FORBIDDEN.search(re.sub(r"\{[^}]*\}", "", own)):
                self.faults.append(f"{where}: '{word[0]}'")

    def check_pictures(self) -> None:
        """Compare the marks of changes with the verdicts: filled exactly where clear."""
        for path in sorted(self.public.glob("figures/*/en/change*.svg")):
            for fill, address in MARK.findall(path.read_text(encoding="utf-8")):
                if address not in self.words:
                    continue
                self.counts["marks"] += 1
                filled = fill.lower() not in ("#ffffff", "white")
                if filled != (self.words[address] in ("rose", "fell")):
                    self.faults.append(f"{path.relative_to(self.public)}: mark of {address}")


def faults(public: Path) -> tuple[list[str], Counter[str]]:
    """Return what contradicts itself in a study's public results, and how much was compared."""
    verdicts = Verdicts(public)
    verdicts.check_documents()
    verdicts.check_pictures()
    return verdicts.faults, verdicts.counts


if __name__ == "__main__":
    wrong, compared = faults(Path(sys.argv[1]))
    print("\n".join(wrong))
    print(dict(compared))
    sys.exit(bool(wrong))
