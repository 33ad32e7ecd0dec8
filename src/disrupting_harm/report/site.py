"""The site: an index page, and a page that compares the countries.

Static pages without scripts or remote files; made from public tables alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale

from disrupting_harm.evidence.measures.cybertips import NOT_PREVALENCE
from disrupting_harm.files import read_json, write_bytes, write_text
from disrupting_harm.report.claims import METHOD, SCOPE
from disrupting_harm.report.downloads import Link, downloads, strands
from disrupting_harm.report.regional.results import RegionalResults, read_regional
from disrupting_harm.report.regional.wording import rank_span
from disrupting_harm.report.results import listed_figures
from disrupting_harm.report.site_cards import cards, documents_of
from disrupting_harm.report.status import marks
from disrupting_harm.report.words import Words, english
from disrupting_harm.spreadsheets import read_rows
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo
from disrupting_harm.study.countries import Country

BOOK_FORMATS = ("xlsx", "pdf")

# Figures of the comparison that the site shows; the regional report has all.
SHOWN = ("comparison", "ranks", "pooled")

# Tables of a country that has questions with several options, or pairs of respondents.
QUESTION_TABLES = (
    ("questions.csv", "options of questions"),
    ("dyads.csv", "children and caregivers"),
)


@dataclass(frozen=True)
class CountryEntry:
    """One row of the list of reports."""

    code: str
    name: str
    region: str
    interviewed: str
    languages: list[tuple[str, list[Link]]]
    briefs: list[tuple[str, list[Link]]]
    books: list[tuple[str, list[Link]]]
    downloads: list[Link]


def write_site(
    *,
    public: Path,
    templates: Path,
    study: StudyInfo,
    countries: list[Country],
    codebook: Codebook,
    formats: tuple[str, ...],
    lead: str | None = None,
    languages: tuple[str, ...] = (),
    earlier: Mapping[str, Sequence[str]] | None = None,
) -> list[Path]:
    """Write ``index.html``, with a survey ``comparison.html``, and their style sheet.

    Args:
        public: the public results folder; reports, figures and tables lie below it.
        templates: folder of the site's templates.
        study: title, date and watermark.
        countries: rows of the countries file.
        codebook: labels of the indicators.
        formats: formats of the reports.
        lead: the indicator of the number that stands on each country's card; None: no number.
        languages: of the brief on all countries.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.
    """
    words = english(study.areas)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(interval=_interval, points=_points)
    # A study of evidence alone has nobody to compare.
    has_survey = bool(codebook.indicators)
    links = downloads(public, words, study.simulated)
    environment.globals.update(
        explorer=_explorer(languages) if has_survey else [],
        study=study,
        words=words,
        date=words.date(study.date),
        number=words.number,
        has_survey=has_survey,
        simulated_evidence=any(
            "simulated" in link.mark for link in links if link.href.startswith("evidence/")
        ),
    )
    named = {row.country: words.country(row.country, row.name) for row in countries}
    rows = sorted(countries, key=lambda row: named[row.country])
    shown, scale = cards(public, rows, named, lead, words)
    before = earlier or {}
    entries = [
        _entry(public, row, named[row.country], formats, words, before.get(row.country, ()))
        for row in rows
    ]
    pages: dict[str, dict[str, Any]] = {
        "index.html": {
            "entries": entries,
            "cards": shown,
            "scale": scale,
            "study_briefs": documents_of(public, "briefs/all", "brief", languages),
            "measure": _measure(codebook, lead),
            "has_regions": any(entry.region for entry in entries),
            "has_briefs": any(entry.briefs for entry in entries),
            "regional_book": [
                link
                for _, links in _documents(
                    public, "databooks/all", "databook", ("en",), BOOK_FORMATS
                )
                for link in links
            ],
            "regional": [Link(f"regional/en/report.{kind}", kind.upper()) for kind in formats],
            "downloads": links,
            "strands": words.enumeration(strands(public)),
            "evidence": _evidence(public, words, named),
            "not_prevalence": NOT_PREVALENCE,
        }
    }
    if has_survey:
        pages["comparison.html"] = {"sections": _comparison(public, codebook, named)}
    for name, context in pages.items():
        write_text(public / name, environment.get_template(f"{name}.j2").render(context) + "\n")
    write_bytes(public / "site.css", (templates / "site.css").read_bytes())
    return [public / name for name in (*pages, "site.css")]


def _explorer(languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return address, language and own name of the pages with all estimates, English first."""
    ordered = sorted(languages, key=lambda language: language != "en")
    return [
        (f"explorer/{code}.html", code, str(Locale.parse(code).get_display_name(code)).capitalize())
        for code in ordered
    ]


def _measure(codebook: Codebook, lead: str | None) -> str:
    """Return what the number on the cards is, within a sentence; empty without one."""
    found = [entry.label for entry in codebook.indicators if entry.id == lead]
    return found[0][:1].lower() + found[0][1:] if found else ""


def _entry(
    public: Path,
    country: Country,
    name: str,
    formats: tuple[str, ...],
    words: Words,
    earlier: Sequence[str],
) -> CountryEntry:
    code = country.country
    waves = [Link(f"countries/{each}/estimates.csv", f"estimates of {each}") for each in earlier]
    changes = [Link(f"countries/{code}/changes.csv", "changes between surveys")] if waves else []
    quality = public / "countries" / code / "quality.json"
    survey = quality.is_file()
    return CountryEntry(
        code=code,
        name=name,
        region=country.region or "",
        interviewed=words.number(read_json(quality)["children_interviewed"]) if survey else "",
        languages=_documents(public, f"reports/{code}", "report", country.languages, formats),
        briefs=_documents(public, f"briefs/{code}", "brief", country.languages_of_brief, formats),
        books=_documents(public, f"databooks/{code}", "databook", country.languages, BOOK_FORMATS),
        downloads=[
            Link(f"countries/{code}/estimates.csv", "estimates"),
            Link(f"countries/{code}/quality.json", "data quality"),
            Link(f"countries/{code}/disclosure.json", "disclosure audit"),
            *changes,
            *waves,
            *(
                Link(f"countries/{code}/{table}", label)
                for table, label in QUESTION_TABLES
                if _has_rows(public / "countries" / code / table)
            ),
        ]
        if survey
        else [],
    )


def _documents(
    public: Path, folder: str, name: str, languages: Sequence[str], formats: tuple[str, ...]
) -> list[tuple[str, list[Link]]]:
    """Return the files of a document by language; none where the study does not make it."""
    return [
        (
            ", ".join(
                [str(Locale.parse(language).english_name), *marks(public / folder / language)]
            ),
            [Link(f"{folder}/{language}/{name}.{kind}", kind.upper()) for kind in formats],
        )
        for language in languages
        if (public / folder / language).is_dir()
    ]


def _has_rows(table: Path) -> bool:
    return table.is_file() and any(True for _ in read_rows(table)[1])


def _evidence(public: Path, words: Words, named: dict[str, str]) -> list[dict[str, Any]]:
    table = public / "evidence" / "cybertips.csv"
    if not table.is_file():
        return []
    rows = sorted(read_rows(table)[1], key=lambda row: named[row["country"]])
    last = max((row["year"] for row in rows), default="")
    return [
        {
            "name": named[row["country"]]
            + ("" if row["class"] == "unsplit" else f", {row['class']}"),
            "year": row["year"],
            "reports": words.number(int(row["reports"])) if row["reports"] else "no figure",
            "source": row["source"],
            "kind": row.get("data_kind", ""),
        }
        for row in rows
        if row["year"] == last
    ]


def _comparison(public: Path, codebook: Codebook, named: dict[str, str]) -> list[dict[str, Any]]:
    figures = _comparison_figures(public)
    results = read_regional(public)
    sections: list[dict[str, Any]] = []
    for indicator in codebook.indicators:
        rows = [
            {**row, "name": named[row["country"]], "ranks": _ranks(results, row)}
            for row in results.rows("prevalence", indicator=indicator.id)
        ]
        if not rows:
            continue
        sections.append(
            {
                "id": indicator.id,
                "label": indicator.label,
                "figures": [
                    figures[kind, indicator.id] for kind in SHOWN if (kind, indicator.id) in figures
                ],
                "rows": sorted(rows, key=lambda row: row["name"]),
                "pairs": [
                    {**row, "a": named[row["country_a"]], "b": named[row["country_b"]]}
                    for row in results.rows("pairwise", indicator=indicator.id)
                ],
            }
        )
    return sections


def _ranks(results: RegionalResults, row: dict[str, str]) -> str:
    found = results.row(
        "rank_sets", indicator=row["indicator"], country=row["country"], method=METHOD, scope=SCOPE
    )
    return rank_span(found) if found else "–"


def _comparison_figures(public: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (entry["kind"], entry["indicator"]): {
            **entry,
            "svg": next(name for name in entry["files"] if name.endswith(".svg")),
        }
        for entry in listed_figures(public / "figures" / "comparison")
        if entry["files"]
    }


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
