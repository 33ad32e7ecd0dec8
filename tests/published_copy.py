"""A copy of what the numbers of a finished run stand in, to put a fault in."""

from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.checks.documents import NumberChecks
from disrupting_harm.report.checks.explorer import list_explorers
from disrupting_harm.report.checks.site import list_site_pages

LANGUAGES = ("id", "km", "pt", "th", "vi")


def copy_of_texts(public: Path, target: Path) -> None:
    """Copy what numbers are checked in, and what they are checked against."""
    checked = {".csv", ".json", ".qmd", ".svg"}
    every = (path for path in public.rglob("*") if path.suffix in checked)
    for path in (*every, *list_site_pages(public, LANGUAGES), *list_explorers(public)):
        copy = target / path.relative_to(public)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())


def faults_of_edited(page: Path, edited: str, checks: NumberChecks) -> list[str]:
    """Return the faults of an edited page, and put the page back as it was."""
    before = page.read_text(encoding="utf-8")
    page.write_text(edited, encoding="utf-8")
    try:
        return checks.find_faults(page)
    finally:
        page.write_text(before, encoding="utf-8")


def hidden_cell(public: Path) -> str:
    """Return the address of an estimate that is hidden."""
    rows = read_rows(public / "countries" / "KEN" / "estimates.csv")[1]
    where = addresses_of_rows("estimates", rows, compared=False)
    return next(
        f"{one}/estimate"
        for one, row in zip(where, rows, strict=True)
        if row["status"] == "suppress_disclosure" and not row["bound_high"]
    )
