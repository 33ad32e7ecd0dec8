"""Compute some published estimates of Kenya by the R lines that ``explain`` prints.

Run it in the project's folder after ``make run ONLY='KEN KHM'``: it writes ``cells.csv`` beside
itself. Needs R with its package survey.
"""

import csv
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.recompute import write_estimate_lines
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.study.study import load_study

HERE = Path(__file__).parent
COLUMNS = ("estimate", "se", "ci_low", "ci_high", "n", "df")
# One or two cells of each kind of domain, national ones, a mean, composites with open answers that
# are imputed, and cells whose design effect is below 1 (the last four).
ADDRESSES = (
    "KEN/uses_daily/estimate",
    "KEN/mean_hours_online/estimate",
    "KEN/mean_hours_online/sex:girl/estimate",
    "KEN/clear_examples/estimate",
    "KEN/clear_examples/sex_age:boy+12-13/estimate",
    "KEN/any_tf_csea/sex:girl/estimate",
    "KEN/told_nobody/sex:girl/estimate",
    "KEN/knows_where_to_get_help/age_band:16-17/estimate",
    "KEN/own_phone/region:region_2/estimate",
    "KEN/own_phone/sex_age:girl+16-17/estimate",
    "KEN/home_internet/wealth:lowest/estimate",
    "KEN/home_internet/area:rural/estimate",
)


def main() -> None:
    """Write the numbers of R beside this file."""
    study = load_study("config/config.yaml")
    restricted = study.config.results / "restricted"
    published = PublishedFiles(study.config.results / "public")
    release = pd.read_parquet(restricted / "release" / "KEN.parquet")
    shown = release[release["estimate"].notna() & release["status"].eq("present")]
    below = shown[shown["deff"] < 0.9].groupby("domain").head(1).head(4)
    more = [f"{address_of_row('estimates', row)}/estimate" for row in below.to_dict("records")]
    with (HERE / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["address", *COLUMNS])
        for address in (*ADDRESSES, *more):
            row = published.find_cell(address).row
            with tempfile.TemporaryDirectory() as folder:
                script = write_estimate_lines(row, study, restricted, Path(folder))
                done = subprocess.run(
                    ["Rscript", script.name], cwd=folder, capture_output=True, text=True, check=True
                )
            computed = dict(line.split(" ") for line in done.stdout.splitlines())
            writer.writerow([address, *(computed[name] for name in COLUMNS)])


if __name__ == "__main__":
    main()
