"""Compute options of questions and pairs of respondents by the R lines that ``explain`` prints.

Run it in the project's folder after ``make run ONLY='KEN KHM'``: it writes ``questions.csv`` beside
itself, of all rows with a number. Needs R with its package survey.
"""

import csv
import tempfile
from pathlib import Path

from in_r import told_by_r

from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.export_r import write_r_lines
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS
from disrupting_harm.study.study import load_study

HERE = Path(__file__).parent
COLUMNS = ("estimate", "se", "ci_low", "ci_high", "df")


def main() -> None:
    """Write the numbers of R beside this file."""
    study = load_study("config/config.yaml")
    published = PublishedFiles(study.config.results / "public")
    rows = [
        where
        for country in ("KEN", "KHM")
        for table in (OPTIONS, PAIRS)
        for where, row in published.addressed_rows(country, table).items()
        if row["estimate"]
    ]
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / str(number) for number in range(len(rows))]
        for where, own in zip(rows, folders, strict=True):
            own.mkdir()
            place = published.find_cell(f"{where}/estimate")
            write_r_lines(place, published, study, study.config.results / "restricted", own)
        told = told_by_r(folders)
    with (HERE / "questions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", *COLUMNS])
        for where, lines in zip(rows, told, strict=True):
            computed = dict(line.split(" ") for line in lines)
            writer.writerow([where, *(computed[name] for name in COLUMNS)])


if __name__ == "__main__":
    main()
