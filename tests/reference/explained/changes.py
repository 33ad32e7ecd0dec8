"""Draw changes between waves and compute their numbers by the R lines that ``explain`` prints.

Run it in the project's folder after ``make run CONFIG=config/examples/waves/config.yaml``. It needs
R with its package survey, and writes ``changes.csv`` beside itself. It says how many numbers
there are, and the largest difference of R and run. The draw is by a fixed seed.
"""

import random
import tempfile
from pathlib import Path

from compared import told, write
from in_r import told_by_r

from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.changes import CHANGES
from disrupting_harm.provenance.r_code.export_r import write_compared_lines
from disrupting_harm.study.study import load_study

SEED, DRAWN = 2026, 40


def main() -> None:
    """Write the drawn numbers with those of R."""
    study = load_study("config/examples/waves/config.yaml")
    published = PublishedFiles(study.config.results / "public")
    found = {
        where: row
        for region in study.countries
        for where, row in published.addressed_rows(region, CHANGES).items()
        if row["difference"]
    }
    drawn = sorted(random.Random(SEED).sample(sorted(found), DRAWN))
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / str(number) for number in range(len(drawn))]
        for where, place in zip(drawn, folders, strict=True):
            place.mkdir()
            restricted = study.config.results / "restricted"
            write_compared_lines(CHANGES, found[where], study, restricted, place)
        said = told_by_r(folders)
    numbers = [
        {"address": f"{where}/{column}", "printed": found[where][column], "computed": number}
        for where, lines in zip(drawn, said, strict=True)
        for column, number in (line.split(" ") for line in lines)
        # The verdict itself is no number; it follows from the P value.
        if found[where].get(column) and column != "clear"
    ]
    write("changes.csv", numbers)
    told(numbers, published, study)


if __name__ == "__main__":
    main()
