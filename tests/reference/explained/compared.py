"""Draw rows of the comparison and compute their numbers by the R lines that ``explain`` prints.

Run it in the project's folder; it needs R with its package survey, and writes beside itself

- after ``make run ONLY='KEN KHM'``: ``compared.csv``, of the study of two countries that tests run;
- after ``make run``, with ``--all``: ``all_countries.csv``, of families of up to fourteen, and
  ``families.csv``, which R read of these.

The draw is by a fixed seed: twelve rows of each table, with all their numbers.
"""

import csv
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from disrupting_harm.provenance.export_r import FAMILY, write_compared_lines
from disrupting_harm.provenance.published import Published
from disrupting_harm.provenance.recompute_compared import COMPUTED, GAPS
from disrupting_harm.study.study import Study, load_study

HERE = Path(__file__).parent
SEED = 2026
DRAWN = 12
P_VALUES = ("p_value", "p_holm", "p_bh")
# Columns that are rounded alike.
GRIDS = (
    ("difference", "ci_low", "ci_high", "ci_low_simultaneous", "ci_high_simultaneous"),
    ("ratio", "ratio_low", "ratio_high"),
    P_VALUES,
)
COLUMNS = tuple(column for grid in GRIDS for column in grid)
KNOWN = ("country", "estimate", "se", "df")
# All rows in one process of R, each in the folder of its data.
EACH = """
for (one in commandArgs(TRUE)) {
  setwd(one)
  cat("ROW", basename(one), "\\n")
  source("cell.R")
}
"""


def main() -> None:
    """Write the drawn numbers with those of R, and of all countries the families, too."""
    study = load_study("config/config.yaml")
    everywhere = sys.argv[1:] == ["--all"]
    published = Published(study.config.results / "public")
    rows = {where: row for table in COMPUTED for where, row in draw(table, published)}
    computed, families = by_r(rows, study)
    numbers = [
        {
            "address": f"{where}/{column}",
            "printed": row[column],
            "decimals": decimals(column, row),
            "computed": computed[where][column],
            # The critical value by R's own draws; of gaps there are no draws.
            "drawn": "" if f"/{GAPS}/" in where else computed[where]["drawn"],
        }
        for where, row in rows.items()
        for column in COLUMNS
        if row.get(column)
    ]
    write("all_countries.csv" if everywhere else "compared.csv", numbers)
    if everywhere:
        write("families.csv", families)


def write(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write a table beside this file."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def draw(table: str, published: Published) -> list[tuple[str, dict[str, str]]]:
    """Return rows of a table, by their addresses; all of a small one."""
    rows = sorted(published.addressed_rows("compare", table).items())
    return sorted(random.Random(SEED).sample(rows, min(DRAWN, len(rows))))


def decimals(column: str, row: Mapping[str, str]) -> int:
    """Return with how many decimals a number was printed: one cell may have lost its last zero."""
    if column in P_VALUES:
        return 3
    together = next(grid for grid in GRIDS if column in grid)
    return max(len(row[name].partition(".")[2]) for name in together if row.get(name))


def by_r(
    rows: Mapping[str, Mapping[str, str]], study: Study
) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """Return what R says of each row by its own lines, and the countries of its family."""
    restricted = study.config.results / "restricted"
    addresses, computed, families = list(rows), {}, []
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / str(number) for number in range(len(rows))]
        for (where, row), own in zip(rows.items(), folders, strict=True):
            own.mkdir()
            write_compared_lines(where.split("/")[1], row, study, restricted, own)
            with (own / FAMILY).open(encoding="utf-8", newline="") as file:
                families += [
                    {"row": where, **{name: country[name] for name in KNOWN}}
                    for country in csv.DictReader(file)
                ]
        done = subprocess.run(
            ["Rscript", "-e", EACH, *map(str, folders)], capture_output=True, text=True, check=True
        )
    for told in done.stdout.split("ROW ")[1:]:
        number, *lines = told.strip().splitlines()
        computed[addresses[int(number)]] = dict(line.split(" ") for line in lines)
    return computed, families


if __name__ == "__main__":
    main()
