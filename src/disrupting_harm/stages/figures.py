"""Stage *figures*: figures of one country in each of its languages, and of the comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import write_json
from disrupting_harm.report.evidence.facts import read_evidence
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.comparison.figures import draw_comparison
from disrupting_harm.report.figures.comparison.tables import read_tables
from disrupting_harm.report.figures.country_figures import draw_country
from disrupting_harm.report.figures.evidence.regional import draw_regional_evidence
from disrupting_harm.report.words import Words, english, load_words
from disrupting_harm.study.checked_tables import read_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo
from disrupting_harm.study.contracts import PUBLIC_ESTIMATES
from disrupting_harm.study.study import Country


def draw_country_figures(
    *,
    country: dict[str, Any],
    table: Sequence[str],
    evidence: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    templates: str,
    folder: str,
) -> None:
    """Draw one country's figures into ``folder/{language}/`` for each of its languages.

    ``languages.json`` in the folder tells the languages.

    Args:
        country: its row of the countries file.
        table: its public estimates; empty without a survey.
        evidence: the public tables of evidence that the study has.
        codebook, study, confidence: of the study.
        templates: folder of templates, with the catalogues of languages.
        folder: where the figures go.
    """
    row, info = Country.model_validate(country), StudyInfo.model_validate(study)
    estimates = read_table(table[0], PUBLIC_ESTIMATES) if table else None
    facts = read_evidence(Path(path) for path in evidence)
    codes = Codebook.model_validate(codebook)
    for language in row.languages:
        words = load_words(language, Path(templates) / "locale")
        setting = _setting(words, words.country(row.country, row.name), info, confidence)
        draw_country(row.country, estimates, facts, codes, setting, Path(folder) / language)
    write_json(Path(folder) / "languages.json", list(row.languages))


def draw_comparison_figures(
    *,
    countries: Sequence[dict[str, Any]],
    tables: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    folder: str,
) -> None:
    """Draw each headline indicator for all countries.

    ``tables`` are the public tables of the comparison, known by their file names; figures whose
    table is not among them are listed as absent.
    """
    rows = [Country.model_validate(country) for country in countries]
    info = StudyInfo.model_validate(study)
    words = english(info.areas)
    draw_comparison(
        read_tables(Path(table) for table in tables),
        {row.country: words.country(row.country, row.name) for row in rows},
        {row.country: row.region for row in rows},
        Codebook.model_validate(codebook),
        _setting(words, words("by {area}"), info, confidence),
        Path(folder),
        in_text={row.country: row.name_in_text for row in rows if row.name_in_text},
        cells={row.country: row.map_cell for row in rows if row.map_cell},
    )


def draw_regional_evidence_figures(
    *,
    countries: Sequence[dict[str, Any]],
    study: dict[str, Any],
    confidence: float,
    public: str,
    folder: str,
) -> None:
    """Draw what the evidence of all countries has in common."""
    info = StudyInfo.model_validate(study)
    words = english(info.areas)
    rows = [Country.model_validate(country) for country in countries]
    setting = _setting(words, words("by {area}"), info, confidence)
    draw_regional_evidence(Path(public), rows, setting, Path(folder))


def _setting(words: Words, place: str, info: StudyInfo, confidence: float) -> Setting:
    return Setting(words, place, info.simulated, confidence, info.population, info.survey)
