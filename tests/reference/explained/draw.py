"""Draw printed numbers and compute them by the R lines that ``explain`` prints: 200 of documents
and 60 of the site's pages.

Run it in the project's folder, with ``PYTHONPATH=tests``, after ``make run ONLY='KEN KHM'``: it
writes ``printed.csv`` beside itself. Needs R with its package survey. A number is an estimate of
the survey or a limit of one, or the same in whole per cents, as a report, a brief or a page prints
it; those of the comparison's table of all countries are the same. The draw is by a fixed seed. The
printed n is not drawn: of sensitive questions it is that of the question which most of the same
children answered, not of the cell.
"""

import csv
import random
import re
import tempfile
from pathlib import Path

from in_r import told_by_r
from site_pages import printed_at

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.recompute import write_estimate_lines
from disrupting_harm.report.checks.documents import list_documents
from disrupting_harm.report.checks.site import list_site_pages
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.study.whole_percents import WHOLE

HERE = Path(__file__).parent
DRAWN, ON_PAGES, SEED = 200, 60, 2026
LANGUAGES = ("id", "km", "pt", "th", "vi")
COLUMNS = ("estimate", "se", "ci_low", "ci_high", "n", "df")
PRINTED = (*WHOLE, *WHOLE.values())
PREVALENCE = "compare/prevalence/"
CITED = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{n="([^"()]+)"\}')


def main() -> None:
    """Write what was printed, where, and the numbers of R beside this file."""
    study = load_study("config/config.yaml")
    published = PublishedFiles(study.config.results / "public")
    public = study.config.results / "public"
    drawn: list[tuple[str, str, str]] = []
    for numbers, count in (
        (printed_numbers(public, published), DRAWN),
        (on_pages(public, published), ON_PAGES),
    ):
        drawn += sorted(random.Random(SEED).sample(sorted(numbers), count))
    cells = sorted({cell_of(address) for _, _, address in drawn})
    computed = by_r(cells, study, published)
    with (HERE / "printed.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["document", "printed", "address", *COLUMNS])
        for document, printed, address in drawn:
            shown = dict(line.split(" ") for line in computed[cell_of(address)])
            writer.writerow([document, printed, address, *(shown[name] for name in COLUMNS)])


def printed_numbers(public: Path, published: PublishedFiles) -> set[tuple[str, str, str]]:
    """Return document, printed text and address of all numbers of the table of estimates."""
    found = set()
    for document in list_documents(public):
        name = document.relative_to(public).as_posix()
        for printed, address in CITED.findall(document.read_text(encoding="utf-8")):
            try:
                place = published.find_cell(address)
            except StudyError:
                continue  # of the countries file, which has no public table
            if place.file.endswith("/estimates.csv") and place.column in PRINTED:
                found.add((name, printed, address))
    return found


def on_pages(public: Path, published: PublishedFiles) -> set[tuple[str, str, str]]:
    """Return page, printed text and address of all such numbers of the site."""
    return {
        (page.relative_to(public).as_posix(), printed, address)
        for page in list_site_pages(public, LANGUAGES)
        for printed, address in printed_at(page)
        if "(" not in address and address.rpartition("/")[2] in PRINTED
        if published.has_row(cell_of(address))
        if published.find_cell(f"{cell_of(address)}/{address.rpartition('/')[2]}").file.endswith(
            "/estimates.csv"
        )
    }


def cell_of(address: str) -> str:
    """Return the address of the cell of a survey behind a number, without its column."""
    where = address.rpartition("/")[0]
    if not where.startswith(PREVALENCE):
        return where
    indicator, country = where.removeprefix(PREVALENCE).split("/")
    return f"{country}/{indicator}"


def by_r(cells: list[str], study: Study, published: PublishedFiles) -> dict[str, list[str]]:
    """Return what its own lines print of each cell: a name and a number each."""
    restricted = study.config.results / "restricted"
    with tempfile.TemporaryDirectory() as folder:
        folders = []
        for number, cell in enumerate(cells):
            folders.append(Path(folder) / str(number))
            folders[-1].mkdir()
            write_estimate_lines(
                published.find_cell(f"{cell}/estimate").row, study, restricted, folders[-1]
            )
        told = told_by_r(folders)
    return dict(zip(cells, told, strict=True))


if __name__ == "__main__":
    main()
