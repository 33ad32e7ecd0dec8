"""Every whole per cent that a finished study prints, beside the exact share, by decimals.

Nothing of the workflow is imported: the exact shares are those of the restricted tables, rounding
is that of ``decimal``, and documents, pages and lists of figures are read as text. From the root of
a checkout with results::

    python tests/release/whole_per_cents.py results config/indicators.yaml
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

SHARES = {"estimate": "whole", "ci_low": "whole_low", "ci_high": "whole_high"}
PREDICTIONS = {name: f"whole_{name}" for name in ("prediction_low", "prediction_high")}
DIFFERENCES = {"difference": "points", "ci_low": "points_low", "ci_high": "points_high"}
OUTWARDS = {"ci_low": ROUND_FLOOR, "ci_high": ROUND_CEILING}
# Tables of the comparison: the columns of their keys, as addresses have them, and their shares.
COMPARED = {
    "prevalence": (["indicator", "country"], SHARES),
    "denominators": (["indicator", "country", "denominator"], SHARES),
    "pooled": (["indicator", "group", "estimand"], SHARES | PREDICTIONS),
    "gaps": (["indicator", "domain", "level_a", "level_b", "country"], DIFFERENCES),
}
# Sums of weights differ in their last bits.
SETTLED = Decimal(1).scaleb(-12)
FOREIGN = re.compile(r"[^\w+.\-]+")
IN_MARKDOWN = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{n="([^"]*)"\}')
IN_PAGE = re.compile(r'data-n="([^" ]+)"[^>]*>([^<]*)<')
WHOLE_NUMBER = re.compile(r"(?P<below>\\?<\s*|&lt;\s*)?[+−-]?(?P<number>\d+)\s*%?")


def whole(share: float, name: str = "", clear: bool | None = None) -> int:
    """Return a share in whole per cent, a half to the even one.

    Of a tested difference limits go outwards where it is not ``clear``. Where it is, no number of
    it is 0: it would say that there may be no difference.
    """
    settled = (Decimal(float(share)) * 100).quantize(SETTLED)
    if clear is False and name in OUTWARDS:
        return int(settled.quantize(Decimal(1), OUTWARDS[name]))
    nearest = int(settled.quantize(Decimal(1), ROUND_HALF_EVEN))
    return (1 if settled > 0 else -1) if clear and nearest == 0 else nearest


class ExactShares:
    """The exact and the published shares of a study, by the addresses of their rows."""

    def __init__(self, results: Path, codebook: Path) -> None:
        book = yaml.safe_load(codebook.read_text(encoding="utf-8"))
        self._numbers = {
            one["id"]
            for one in book["indicators"]
            if one.get("statistic", "proportion") != "proportion"
        }
        self.exact: dict[str, dict[str, float]] = {}
        self.columns: dict[str, dict[str, str]] = {}
        # Of rows that are tested: whether the difference is clear.
        self.clear: dict[str, bool] = {}
        # Rows that print a bound in place of their share.
        self.bounds: set[str] = set()
        self.faults: list[str] = []
        self.compared = 0
        self._read(results)

    def _read(self, results: Path) -> None:
        restricted, public = results / "restricted", results / "public"
        for path in sorted((restricted / "release").glob("*.parquet")):
            cells = pd.read_parquet(path)
            self._add(cells, [_address(row) for row in cells.to_dict("records")], SHARES)
        for path in [public / "estimates.csv", *sorted(public.glob("countries/*/estimates.csv"))]:
            self._compare(path, _address, SHARES)
        for name, (key, columns) in COMPARED.items():
            path = restricted / "comparison" / f"{name}.parquet"
            if not path.is_file():
                continue

            def where(row: dict[str, Any], name: str = name, key: list[str] = key) -> str:
                return "/".join(("compare", name, *(_part(row[one]) for one in key)))

            rows = pd.read_parquet(path)
            self._add(rows, [where(row) for row in rows.to_dict("records")], columns)
            self._compare(public / "comparison" / f"{name}.csv", where, columns)

    def _add(self, rows: pd.DataFrame, addresses: list[str], columns: dict[str, str]) -> None:
        for address, row in zip(addresses, rows.to_dict("records"), strict=True):
            if row["indicator"] not in self._numbers:
                self.exact[address] = {name: row[name] for name in columns}
                self.columns[address] = columns
                if "clear" in row:
                    self.clear[address] = bool(row["clear"])

    def _compare(self, path: Path, where: Any, columns: dict[str, str]) -> None:
        """Compare the columns of whole per cents of a public table with the exact shares."""
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                address = where(row)
                if row.get("bound_high"):
                    self.bounds.add(address)
                for name, of in columns.items():
                    shown = row[name] != "" and address in self.exact
                    right = str(self._whole(address, name)) if shown else ""
                    self.compared += shown
                    if row[of] != right:
                        self.faults.append(f"{path.name}: {address}/{of} is '{row[of]}', {right}")

    def _whole(self, address: str, name: str) -> int:
        return whole(self.exact[address][name], name, self.clear.get(address))

    def check(self, printed: str, address: str) -> str | None:
        """Return what is wrong with a printed number; "" if it is right, None if it is no such."""
        rule = re.fullmatch(r"(size|under)\(([^,()]+)\)", address)
        cell = rule[2] if rule else address
        row, _, column = cell.rpartition("/")
        found = WHOLE_NUMBER.fullmatch(printed.strip().replace("\u00a0", ""))
        if found is None or row not in self.exact or (column == "shown" and row in self.bounds):
            return None
        columns = self.columns[row]
        name = {of: name for name, of in columns.items()}.get(column, column)
        name = "estimate" if column == "shown" and "estimate" in columns else name
        if name not in columns:
            return None
        share = self.exact[row][name]
        if pd.isna(share):
            return f"{address}: '{printed}' of nothing"
        right = abs(self._whole(row, name))
        if found["below"]:
            right = 1 if right == 0 and share > 0 else -1
        if rule and rule[1] == "under":
            right += 1
        return "" if int(found["number"]) == right else f"{address}: '{printed}', exact {share!r}"


def _part(value: Any) -> str:
    return FOREIGN.sub("_", str(value).replace("|", "+")) or "_"


def _address(row: dict[str, Any]) -> str:
    group = (row["domain"], row["level"])
    parts = [_part(row["country"]), _part(row["indicator"])]
    if group != ("total", "all"):
        parts.append(":".join(map(_part, group)))
    return "/".join(parts)


def printed_numbers(public: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield the numbers with an address of documents, pages and figures, as they are printed."""
    for path in sorted(public.rglob("*.qmd")):
        for printed, address in IN_MARKDOWN.findall(path.read_text(encoding="utf-8")):
            yield path, printed, address
    for path in sorted(public.rglob("*.html")):
        for address, printed in IN_PAGE.findall(path.read_text(encoding="utf-8")):
            yield path, printed, address
    for path in sorted(public.rglob("figures*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            for numbers in entry.get("numbers", {}).values():
                yield from ((path, printed, address) for address, printed, _ in numbers)


def faults(results: Path, codebook: Path) -> tuple[list[str], dict[str, int]]:
    """Return the whole per cents that are not the exact share rounded, and how many are compared.

    Args:
        results: the folder of a finished study, with ``public`` and ``restricted``.
        codebook: its definitions, which say what is a share.
    """
    shares = ExactShares(results, codebook)
    found, counts = list(shares.faults), {"tables": shares.compared}
    for path, printed, address in printed_numbers(results / "public"):
        said = shares.check(printed, address)
        if said is None:
            continue
        kind = path.relative_to(results / "public").parts[0]
        counts[kind] = counts.get(kind, 0) + 1
        if said:
            found.append(f"{path.relative_to(results)}: {said}")
    return found, counts


if __name__ == "__main__":
    wrong, compared = faults(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(wrong))
    print(compared)
    sys.exit(bool(wrong))
