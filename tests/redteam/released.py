"""What a reader has: the public files of a finished study, and its codebook.

Nothing of the workflow is imported here or in the other files of this folder. How a table says that
a cell is hidden is read here and nowhere else.
"""

import csv
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

CELL = ["country", "indicator", "domain", "level"]
NATION = ("total", "all")
CONFIDENTIAL, UNRELIABLE = "suppress_disclosure", "suppress_reliability"
BARE = "c"
_BOUND = re.compile(r"([<>]) ?([0-9.]+)")
_BAND = re.compile(r"([0-9.]+) ?[–-] ?([0-9.]+)")


@dataclass(frozen=True)
class Published:
    """A finished study's public folder, and the codebook with which it was made."""

    folder: Path
    codebook: dict[str, Any]

    @classmethod
    def read(cls, folder: Path, codebook: Path) -> "Published":
        return cls(folder, yaml.safe_load(codebook.read_text(encoding="utf-8")))

    @cached_property
    def indicators(self) -> dict[str, dict[str, Any]]:
        """Definitions of the indicators by name."""
        return {entry["id"]: entry for entry in self.codebook["indicators"]}

    @cached_property
    def names(self) -> dict[str, str]:
        """English names of the countries by their codes, as the explorer has them."""
        page = (self.folder / "explorer" / "en.html").read_text(encoding="utf-8")
        return dict(re.findall(r'\{"code": ?"([^"]+)", ?"name": ?"([^"]+)"\}', page))

    @cached_property
    def proportions(self) -> list[str]:
        """Indicators that are shares of children, not means."""
        usual = "proportion"
        return [n for n, one in self.indicators.items() if one.get("statistic", usual) == usual]

    @cached_property
    def crosses(self) -> dict[str, tuple[str, str]]:
        """Crossed domains and the two that they cross."""
        found = [entry for entry in self.codebook["domains"] if "cross" in entry]
        return {entry["id"]: tuple(entry["cross"]) for entry in found}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @cached_property
    def rules(self) -> dict[str, Any]:
        """What the configuration says of publication; it is part of the manifest."""
        return self.manifest["configuration"].get("publication", {})

    def table(self, path: str) -> pd.DataFrame:
        """Return a public table as the texts that stand in it."""
        return pd.read_csv(self.folder / path, dtype=str, keep_default_na=False)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all public tables by path, those of figures too."""
        paths = sorted(p.relative_to(self.folder) for p in self.folder.rglob("*.csv"))
        return {str(path): self.table(str(path)) for path in paths}

    def quality(self, country: str) -> dict[str, Any]:
        path = self.folder / "countries" / country / "quality.json"
        return json.loads(path.read_text(encoding="utf-8"))

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every cell that was asked, with what is told of it.

        ``n``, ``population`` (NaN where not printed); ``shown`` whether there is an estimate;
        ``confidential``; ``low, high`` between which the share lies as printed.
        """
        table = self.table("estimates.csv")
        table = table[table["status"] != "not_asked"].reset_index(drop=True)
        limits = [limits_of(row) for row in table.to_dict("records")]
        return pd.DataFrame(
            {
                **{name: table[name] for name in CELL},
                **{name: pd.to_numeric(table[name]) for name in ("n", "population")},
                "estimate": pd.to_numeric(table["estimate"]),
                "shown": table["estimate"] != "",
                "confidential": table["status"] == CONFIDENTIAL,
                "sign": table["shown"],
                "low": [low for low, _ in limits],
                "high": [high for _, high in limits],
            }
        )


def limits_of(row: dict[str, str]) -> tuple[float, float]:
    """Return between which shares a proportion lies, as a row prints it.

    Where both are printed, a tenth of a per cent and the whole per cent beside it.
    """
    text = row["shown"]
    if row["estimate"]:
        half = 0.5 * 10.0 ** -(2 + len(text.partition(".")[2]))
        low, high = float(row["estimate"]) - half, float(row["estimate"]) + half
        if row.get("whole"):
            whole = float(row["whole"]) / 100
            return max(low, whole - 0.005), min(high, whole + 0.005)
        return low, high
    if row.get("bound_high"):
        return float(row["bound_low"]), float(row["bound_high"])
    bound, band = _BOUND.fullmatch(text), _BAND.fullmatch(text)
    if bound:
        share = float(bound[2]) / 100
        return (0.0, share) if bound[1] == "<" else (share, 1.0)
    if band:
        return float(band[1]) / 100, float(band[2]) / 100
    return 0.0, 1.0


def write_rows(path: Path, table: pd.DataFrame) -> None:
    """Write a table of texts as the workflow writes tables."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.to_numpy())
