"""What the first page of the site holds: a card a country, all estimates, the latest counts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.measures.cybertips import NOT_PREVALENCE, PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.provenance.rows import addressed
from disrupting_harm.report.alphabet import by_letters
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.evidence.cybertips import breaks_series
from disrupting_harm.report.evidence.notes import source_said
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.regional.results import RegionalResults
from disrupting_harm.report.site.cards import cards
from disrupting_harm.report.site.comparison import FOLDER
from disrupting_harm.report.site.documents import versions
from disrupting_harm.report.site.gallery import gallery
from disrupting_harm.report.words import Words
from disrupting_harm.spreadsheets import read_rows
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country

EVIDENCE = "figures/evidence"  # there is none in a study of a survey alone


def home(
    public: Path,
    rows: Sequence[Country],
    named: Mapping[str, str],
    config: Configuration,
    codebook: Codebook,
    brief: Brief | None,
    results: RegionalResults,
    words: Words,
) -> dict[str, Any]:
    """Return what the first page knows besides what all pages know.

    Args:
        public: the public results.
        rows: of the countries file, in the order of the cards.
        named: names of the countries by code.
        config: the configuration of the study.
        codebook: the label of the number on the cards.
        brief: what the study's briefs say, if it has any.
        results: the tables of the comparison.
        words: the reader's language.
    """
    lead = brief.lead.indicator if brief else None
    shown = cards(public, rows, named, lead, results, words)
    place = words("all {areas}")
    languages = {each.language: each.called for card in shown for each in card.languages}
    return {
        "cards": shown,
        "measure": _measure(codebook, lead, words),
        "meaning": words.of_study(brief.lead.meaning) if brief else "",
        "languages": sorted(languages.items(), key=lambda each: by_letters(each[1])),
        "regions": sorted({card.region for card in shown if card.region}),
        "study_briefs": versions(
            public, "briefs/all", "brief", _brief_languages(config, words), ("html", "pdf"), words
        ),
        "lead_pictures": [
            picture
            for picture in (gallery(public, FOLDER, config.study, place, words) if lead else ())
            if picture.indicator == lead and picture.kind == ON_SITE[0]
        ],
        "evidence": latest_reports(public, words, named),
        "evidence_pictures": gallery(public, EVIDENCE, config.study, place, words)
        if (public / EVIDENCE).is_dir()
        else [],
        "not_prevalence": f"{words(PLACED_BY_UPLOAD)} {words(NOT_PREVALENCE)}",
    }


def _brief_languages(config: Configuration, words: Words) -> list[str]:
    """Return in which languages a page offers the brief on all: its own and English.

    The English page, which all readers can be sent to, offers all of them; so does one whose
    language the brief does not have.
    """
    languages = list(config.report.project_languages)
    if words.language == ENGLISH or words.language not in languages:
        return languages
    return [language for language in languages if language in (words.language, ENGLISH)]


def _measure(codebook: Codebook, lead: str | None, words: Words) -> str:
    """Return what the number on the cards is, and of what time; empty without one."""
    found = [entry for entry in codebook.indicators if entry.id == lead]
    if not found:
        return ""
    label = words.of_study(found[0].label)
    of_past_year = found[0].recall == "past_year"
    return words("{label}, in the past year", label=label) if of_past_year else label


def latest_reports(public: Path, words: Words, named: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the last year's CyberTip reports, a row a country and a column a class; None: none."""
    table = public / "evidence" / "cybertips.csv"
    every = addressed(table.stem, read_rows(table)[1]) if table.is_file() else []
    last = max((row["year"] for row in every), default="")
    rows = [row for row in every if row["year"] == last]
    if not rows:
        return None
    called = {
        # Reports that a source does not tell apart by class.
        "unsplit": words("Reports"),
        "referral": words("Referrals"),
        "informational": words("Informational reports"),
    }
    classes = list(dict.fromkeys(row["class"] for row in rows))
    counted = {(row["country"], row["class"]): row["reports"] for row in rows}
    return {
        "year": last,
        "classes": [called[each] for each in classes],
        "rows": [
            (
                named[code],
                [
                    words.number(number_of(found))
                    if (found := counted.get((code, each)))
                    else words("no figure")
                    for each in classes
                ],
            )
            for code in sorted(
                {row["country"] for row in rows}, key=lambda code: by_letters(named[code])
            )
        ],
        "anew": words("From {year} reports are counted in another way.", year=last)
        if any(breaks_series(row) for row in rows)
        else "",
        "told_apart": words(
            "Referrals hold enough for law enforcement to act on; informational reports hold too "
            "little."
        )
        if {"referral", "informational"} <= set(classes)
        else "",
        "source": source_said(words, rows[0]["source"]),
        "kind": rows[0].get("data_kind", ""),
    }
