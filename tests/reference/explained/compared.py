"""Draw rows of the comparison and compute their numbers by the R lines that ``explain`` prints.

Run it in the project's folder; it needs R with its package survey, and writes beside itself

- after ``make run ONLY='KEN KHM'``: ``compared.csv``, of the study of two countries that tests run;
- after ``make run``, with ``--all``: ``all_countries.csv``, of families of up to fourteen;
  ``families.csv``, which R read of gaps and pairs; and ``nations.csv``, which it read of all
  countries together. It says how many numbers there are, and the largest difference of R and run.

The draw is by a fixed seed: twelve rows of each table, with all their numbers.
"""

import csv
import math
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from in_r import told_by_r

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.explain.explain_restricted import explain_restricted
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.averages import SUM
from disrupting_harm.provenance.r_code.changes import CHANGES
from disrupting_harm.provenance.r_code.export_r import FAMILY_FILE, write_compared_lines
from disrupting_harm.provenance.r_code.pairs import GAP_PAIRS, GAPS, PAIRS
from disrupting_harm.provenance.r_code.recompute_compared import COMPUTED
from disrupting_harm.study.study import Study, load_study

HERE = Path(__file__).parent
SEED = 2026
DRAWN = 12
P_VALUES = ("p_value", "p_holm", "p_bh", "q_p")
# Columns that are rounded alike.
GRIDS = (
    ("difference", "regional_mean", "estimate", "crude", "ci_low", "ci_high"),
    ("ratio", "ratio_low", "ratio_high"),
    P_VALUES,
)
# Significant digits, and decimals that a number of children cannot have more of.
SIGNIFICANT = {
    **dict.fromkeys(("tau2", "tau2_low", "tau2_high", "q"), 3),
    **dict.fromkeys(("children", "children_low", "children_high", "set_low", "set_high"), 2),
}
# Whole per cent, downwards or upwards; those of ratios, whose adjusted ones have two decimals.
WHOLE = {"valid_share", "i2", "claim_goes", "lower", "upper"}
OF_RATIOS = ("adjusted", "adjusted_countries")
KNOWN = ("country", "estimate", "se", "df")
NATIONS = (*KNOWN, "n", "region", "persons", "rate", "rate_se")


def main() -> None:
    """Write the drawn numbers with those of R, and of all countries the families, too."""
    study = load_study("config/config.yaml")
    everywhere = sys.argv[1:] == ["--all"]
    published = PublishedFiles(study.config.results / "public")
    tables = (table for table in COMPUTED if table != CHANGES)  # these have changes.py
    rows = {where: row for table in tables for where, row in draw(table, published)}
    computed, families, nations = by_r(rows, study)
    numbers = [
        {
            "address": f"{where}/{column}",
            "printed": row[column],
            "decimals": decimals(where, column, row, float(found)),
            "computed": found,
            "drawn": " ".join(drawn_of(where, computed[where])),
        }
        for where, row in rows.items()
        for column, found in computed[where].items()
        # The verdict itself is no number; it follows from the P value.
        if row.get(column) and column != "clear"
    ]
    write("all_countries.csv" if everywhere else "compared.csv", numbers)
    if everywhere:
        write("families.csv", families)
        write("nations.csv", list(nations.values()))
    told(numbers, published, study)


def told(numbers: Sequence[Mapping[str, object]], published: PublishedFiles, study: Study) -> None:
    """Say how far R's numbers are from those of the run, at full precision."""
    largest, counted = 0.0, 0
    for one in numbers:
        place = published.find_cell(str(one["address"]))
        lines = explain_restricted(place, study, study.config.results / "restricted")
        ours = dict(text.split(" ", 1) for name, text in lines if name == "restricted")
        run, theirs = float(ours[place.column]), float(str(one["computed"]))
        if not math.isfinite(theirs):
            raise StudyError(str(one["address"]), "R has no number", "Mend the lines")
        largest = max(largest, abs(run - theirs) / max(abs(theirs), 0.001))
        counted += 1
    print(f"{counted} numbers; largest difference {largest:.1e} of a number, or of 0.001")


def drawn_of(where: str, computed: Mapping[str, str]) -> list[str]:
    """Return critical values, or limits, by R's own draws; of gaps there are none."""
    own = [value for name, value in computed.items() if name.startswith("drawn")]
    return [] if f"/{GAPS}/" in where else own


def write(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write a table beside this file."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def draw(table: str, published: PublishedFiles) -> list[tuple[str, dict[str, str]]]:
    """Return rows of a table that have numbers, by their addresses; all of a small one."""
    numbers = ["difference", "estimate", "ratio", "rank_low", "lower", "children"]
    # Averages with hidden countries have references of their own, in ../averages.
    numbers += ["set_low"] if table == SUM else []
    found = published.addressed_rows("compare", table).items()
    rows = sorted((where, row) for where, row in found if any(map(row.get, numbers)))
    return sorted(random.Random(SEED).sample(rows, min(DRAWN, len(rows))))


def decimals(where: str, column: str, row: Mapping[str, str], computed: float) -> int:
    """Return with how many decimals a number was printed: one cell may have lost its last zero."""
    table = where.split("/")[1]
    if column in P_VALUES:
        return 3
    if column == "step_alpha":
        return 5
    if column in WHOLE or table == "bounds" or table in OF_RATIOS:
        return 2 if column != "estimate" else len(row[column].partition(".")[2])
    if column == "population":
        return -2
    if column in SIGNIFICANT:
        # Limits of a sum are on the grid of the sum, or of the lower end of its set.
        known = float(row["children"] or row["set_low"]) if table == SUM else computed
        size = math.floor(math.log10(abs(known))) if known else 0
        return SIGNIFICANT[column] - 1 - size
    together = next((grid for grid in GRIDS if column in grid), (column,))
    return max(len(row[name].partition(".")[2]) for name in together if row.get(name))


def by_r(
    rows: Mapping[str, Mapping[str, str]], study: Study
) -> tuple[dict[str, dict[str, str]], list[dict[str, str]], dict[str, dict[str, str]]]:
    """Return what R says of each row by its own lines, and the countries that it read.

    Those of families of gaps and pairs stand by row; those of all countries by indicator.
    """
    restricted = study.config.results / "restricted"
    families: list[dict[str, str]] = []
    nations: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / str(number) for number in range(len(rows))]
        for (where, row), own in zip(rows.items(), folders, strict=True):
            own.mkdir()
            table = where.split("/")[1]
            write_compared_lines(table, row, study, restricted, own)
            if not (own / FAMILY_FILE).is_file():
                continue
            with (own / FAMILY_FILE).open(encoding="utf-8", newline="") as file:
                read = list(csv.DictReader(file))
            if table in (PAIRS, GAPS, GAP_PAIRS):
                families += [{"row": where, **{name: one[name] for name in KNOWN}} for one in read]
            for one in read:
                # Sums take the number of all who answered, and not the printed one.
                if "rate" in one and table != SUM:
                    key = {"indicator": row["indicator"], **{name: one[name] for name in NATIONS}}
                    nations[f"{row['indicator']}/{one['country']}"] = key
        told = told_by_r(folders)
    computed = {
        where: dict(line.split(" ") for line in lines)
        for where, lines in zip(rows, told, strict=True)
    }
    return computed, families, dict(sorted(nations.items()))


if __name__ == "__main__":
    main()
