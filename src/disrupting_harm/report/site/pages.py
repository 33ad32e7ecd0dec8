"""Write the pages of the site: home, countries, comparison, data and methods."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from disrupting_harm.evidence.measures.cybertips import NOT_PREVALENCE
from disrupting_harm.files import write_bytes, write_text
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.site.cards import cards
from disrupting_harm.report.site.comparison import FOLDER, SHOWN, sections
from disrupting_harm.report.site.country import country_page
from disrupting_harm.report.site.documents import BOOK_FORMATS, Document, versions
from disrupting_harm.report.site.downloads import downloads, strands
from disrupting_harm.report.site.gallery import gallery
from disrupting_harm.report.site.methods import methods, within_sentence
from disrupting_harm.report.ways import own_name
from disrupting_harm.report.words import Words, english
from disrupting_harm.spreadsheets import read_rows
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country

STYLE, FILTER, COPY = "site.css", "site-filter.js", "site-copy.js"
EVIDENCE = "figures/evidence"  # there is none in a study of a survey alone
# Reports that a source does not tell apart by class.
CLASSES = {"unsplit": "Reports"}
# From a page of a country back to the public folder.
UP = "../"


def write_site(
    *,
    public: Path,
    templates: Path,
    config: Configuration,
    countries: list[Country],
    codebook: Codebook,
    brief: Brief | None = None,
    earlier: Mapping[str, Sequence[str]] | None = None,
) -> list[Path]:
    """Write the pages, their style sheet and their two scripts; return their paths.

    Args:
        public: the public results folder; reports, figures and tables lie below it.
        templates: folder of the site's templates.
        config: the configuration of the study.
        countries: rows of the countries file.
        codebook: the words of the study; a study of evidence alone has no indicators.
        brief: what the study's briefs say; its main finding stands on each country's card.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.
    """
    study = config.study
    words = english(study.areas)
    has_survey = bool(codebook.indicators)
    named = {row.country: words.country(row.country, row.name) for row in countries}
    rows = sorted(countries, key=lambda row: named[row.country])
    formats, waves = config.report.formats, earlier or {}
    pages = [
        country_page(
            public, row, study, codebook, words,
            formats=formats, brief=brief, earlier=waves.get(row.country, ()),
        )
        for row in rows
    ]  # fmt: skip
    environment = _environment(templates)
    environment.globals.update(
        study=study,
        words=words,
        number=words.number,
        percent=words.percent,
        date=words.date(study.date),
        has_survey=has_survey,
        explorer=_explorer(config.report.project_languages) if has_survey else [],
        tables=(links := downloads(public, words, study.simulated)),
        simulated_evidence=any(
            "simulated" in link.mark for link in links if link.href.startswith("evidence/")
        ),
        strands=words.enumeration(strands(public)),
        regional=_regional(public, config),
        measure=_measure(codebook, brief),
        pages=pages,
    )
    contexts: dict[str, tuple[str, dict[str, Any]]] = {
        "index.html": ("index.html.j2", _home(public, rows, named, config, brief, words)),
        "data.html": ("data.html.j2", {}),
        "methods.html": (
            "methods.html.j2",
            {"methods": methods(pages, config, codebook, words) if has_survey else None},
        ),
        **{page.href: ("country.html.j2", {"page": page, "root": UP}) for page in pages},
    }
    if has_survey:
        place = words("all {areas}")
        contexts["comparison.html"] = (
            "comparison.html.j2",
            {"sections": sections(public, codebook, study, named, place)},
        )
    for name, (template, context) in contexts.items():
        text = environment.get_template(template).render({"root": "", **context})
        write_text(public / name, text + "\n")
    for name in (STYLE, FILTER, COPY):
        write_bytes(public / name, (templates / name).read_bytes())
    return [public / name for name in (*contexts, STYLE, FILTER, COPY)]


def _environment(templates: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(interval=_interval, points=_points)
    return environment


def _home(
    public: Path,
    rows: list[Country],
    named: dict[str, str],
    config: Configuration,
    brief: Brief | None,
    words: Words,
) -> dict[str, Any]:
    lead = brief.lead.indicator if brief else None
    shown, scale = cards(public, rows, named, lead, words)
    place = words("all {areas}")
    languages = {each.language: each.english for card in shown for each in card.languages}
    return {
        "cards": shown,
        "scale": scale,
        "languages": sorted(languages.items(), key=lambda each: each[1]),
        "regions": sorted({card.region for card in shown if card.region}),
        "study_briefs": versions(
            public, "briefs/all", "brief", config.report.project_languages, ("html", "pdf")
        ),
        "lead_pictures": [
            picture
            for picture in (gallery(public, FOLDER, config.study, place) if lead else ())
            if picture.indicator == lead and picture.kind in SHOWN[:2]
        ],
        "evidence": _evidence(public, words, named),
        "evidence_pictures": gallery(public, EVIDENCE, config.study, place)
        if (public / EVIDENCE).is_dir()
        else [],
        "not_prevalence": NOT_PREVALENCE,
    }


def _explorer(languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return address, language and own name of the pages with all estimates, English first."""
    ordered = sorted(languages, key=lambda language: language != "en")
    return [(f"explorer/{code}.html", code, own_name(code)) for code in ordered]


def _regional(public: Path, config: Configuration) -> tuple[Document, ...]:
    """Return the documents that compare the countries."""
    every = (
        Document(
            "Regional report",
            "What can be said across all, and what cannot",
            versions(public, "regional", "report", ("en",), config.report.formats),
        ),
        Document(
            "Data book of the comparison",
            "All its numbers",
            versions(public, "databooks/all", "databook", ("en",), BOOK_FORMATS),
        ),
    )
    return tuple(document for document in every if document.versions)


def _measure(codebook: Codebook, brief: Brief | None) -> str:
    """Return what the number on the cards is, within a sentence; empty without one."""
    lead = brief.lead.indicator if brief else None
    found = [entry.label for entry in codebook.indicators if entry.id == lead]
    return within_sentence(found[0]) if found else ""


def _evidence(public: Path, words: Words, named: dict[str, str]) -> dict[str, Any] | None:
    """Return the last year's CyberTip reports, a row a country and a column a class; None: none."""
    table = public / "evidence" / "cybertips.csv"
    every = read_rows(table)[1] if table.is_file() else []
    last = max((row["year"] for row in every), default="")
    rows = [row for row in every if row["year"] == last]
    if not rows:
        return None
    classes = list(dict.fromkeys(row["class"] for row in rows))
    counted = {(row["country"], row["class"]): row["reports"] for row in rows}
    return {
        "year": last,
        "classes": [CLASSES.get(each, each.capitalize()) for each in classes],
        "rows": [
            (
                named[code],
                [
                    words.number(int(found))
                    if (found := counted.get((code, each)))
                    else "no figure"
                    for each in classes
                ],
            )
            for code in sorted({row["country"] for row in rows}, key=lambda code: named[code])
        ],
        "source": rows[0]["source"],
        "kind": rows[0].get("data_kind", ""),
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
