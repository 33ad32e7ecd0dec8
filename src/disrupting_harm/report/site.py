"""The site: one page that leads to everything, and one that sets the countries side by side.

Static pages without scripts or remote files; made from public tables alone.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale

from disrupting_harm.evidence.cybertips import NOT_PREVALENCE
from disrupting_harm.files import read_json, write_bytes, write_text
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo
from disrupting_harm.study.study import Country

DOWNLOADS = (
    ("estimates.csv", "All published estimates"),
    ("comparison/prevalence.csv", "Headline indicators by country"),
    ("comparison/pairwise.csv", "Pairwise differences between countries"),
    ("evidence/cybertips.csv", "CyberTipline reports by country and year"),
    ("datapackage.json", "Description of the tables (Frictionless data package)"),
    ("manifest.json", "Inputs, outputs, versions and configuration of this run"),
)


@dataclass(frozen=True)
class Link:
    """A link to a file below the public folder."""

    href: str
    text: str


@dataclass(frozen=True)
class CountryEntry:
    """One row of the list of reports."""

    code: str
    name: str
    region: str
    interviewed: int
    languages: list[tuple[str, list[Link]]]
    downloads: list[Link]


def write_site(
    *,
    public: Path,
    templates: Path,
    study: StudyInfo,
    countries: list[Country],
    codebook: Codebook,
    formats: tuple[str, ...],
) -> list[Path]:
    """Write ``index.html``, ``comparison.html`` and their style sheet.

    Args:
        public: the public results folder; reports, figures and tables lie below it.
        templates: folder of the site's templates.
        study: title, date and watermark.
        countries: rows of the countries file.
        codebook: labels of the indicators.
        formats: formats of the reports.
    """
    words = Words("en", {})
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(interval=_interval, points=_points)
    environment.globals.update(study=study, date=words.date(study.date), number=words.number)
    named = {row.country: words.country(row.country, row.name) for row in countries}
    rows = sorted(countries, key=lambda row: named[row.country])
    entries = [_entry(public, row, named[row.country], formats) for row in rows]
    pages = {
        "index.html": {
            "entries": entries,
            "has_regions": any(entry.region for entry in entries),
            "downloads": _downloads(public),
            "evidence": _evidence(public, words, named),
            "not_prevalence": NOT_PREVALENCE,
        },
        "comparison.html": {"sections": _comparison(public, codebook, named)},
    }
    for name, context in pages.items():
        write_text(public / name, environment.get_template(f"{name}.j2").render(context) + "\n")
    write_bytes(public / "site.css", (templates / "site.css").read_bytes())
    return [public / name for name in (*pages, "site.css")]


def _entry(public: Path, country: Country, name: str, formats: tuple[str, ...]) -> CountryEntry:
    code = country.country
    return CountryEntry(
        code=code,
        name=name,
        region=country.region or "",
        interviewed=read_json(public / "countries" / code / "quality.json")["children_interviewed"],
        languages=[
            (
                str(Locale.parse(language).english_name),
                [
                    Link(f"reports/{code}/{language}/report.{kind}", kind.upper())
                    for kind in formats
                ],
            )
            for language in country.languages
        ],
        downloads=[
            Link(f"countries/{code}/estimates.csv", "estimates"),
            Link(f"countries/{code}/quality.json", "data quality"),
        ],
    )


def _downloads(public: Path) -> list[Link]:
    # The last two are written after the site, from everything that is there.
    always = {"datapackage.json", "manifest.json"}
    return [
        Link(path, text) for path, text in DOWNLOADS if path in always or (public / path).is_file()
    ]


def _evidence(public: Path, words: Words, named: dict[str, str]) -> list[dict[str, Any]]:
    table = public / "evidence" / "cybertips.csv"
    if not table.is_file():
        return []
    rows = sorted(_rows(table), key=lambda row: named[row["country"]])
    last = max((row["year"] for row in rows), default="")
    return [
        {
            "name": named[row["country"]]
            + ("" if row["class"] == "unsplit" else f", {row['class']}"),
            "year": row["year"],
            "reports": words.number(int(row["reports"])) if row["reports"] else "no figure",
            "rate": words.number(float(row["rate_per_1000"]), 1) if row["rate_per_1000"] else "",
            "source": row["source"],
        }
        for row in rows
        if row["year"] == last
    ]


def _comparison(public: Path, codebook: Codebook, named: dict[str, str]) -> list[dict[str, Any]]:
    figures = {entry["indicator"]: entry for entry in _comparison_figures(public)}
    prevalence = _rows(public / "comparison" / "prevalence.csv")
    pairwise = _rows(public / "comparison" / "pairwise.csv")
    sections = []
    for indicator in codebook.indicators:
        rows = [
            {**row, "name": named[row["country"]]}
            for row in prevalence
            if row["indicator"] == indicator.id
        ]
        if not rows:
            continue
        sections.append(
            {
                "id": indicator.id,
                "label": indicator.label,
                "figure": figures.get(indicator.id),
                "rows": sorted(rows, key=lambda row: row["name"]),
                "pairs": [
                    {**row, "a": named[row["country_a"]], "b": named[row["country_b"]]}
                    for row in pairwise
                    if row["indicator"] == indicator.id
                ],
            }
        )
    return sections


def _comparison_figures(public: Path) -> list[dict[str, Any]]:
    listing = read_json(public / "figures" / "comparison" / "figures.json")
    return [
        {**entry, "svg": next(name for name in entry["files"] if name.endswith(".svg"))}
        for entry in listing
        if entry["files"] and entry["kind"] == "comparison"
    ]


def _interval(row: dict[str, str]) -> str:
    """Return an interval in per cent with as many decimals as the estimate is printed with."""
    if not row["ci_low"]:
        return "–"
    digits = len(row["shown"].partition(".")[2])
    low, high = (f"{100 * float(row[limit]):.{digits}f}" for limit in ("ci_low", "ci_high"))
    return f"{low} to {high}"


def _points(difference: str) -> str:
    """Return a difference of proportions in percentage points, with a true minus sign."""
    return f"{100 * float(difference):+.1f}".replace("-", "−")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
