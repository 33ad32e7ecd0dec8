"""Stage *figures*: the figures of one country in each of its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import write_json
from disrupting_harm.report.evidence.facts import read_evidence
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.country_figures import draw_country
from disrupting_harm.report.words import load_words
from disrupting_harm.study.change_contracts import PUBLIC_CHANGES
from disrupting_harm.study.checked_tables import read_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo
from disrupting_harm.study.contracts import PUBLIC_ESTIMATES
from disrupting_harm.study.countries import Country
from disrupting_harm.study.question_contracts import PUBLIC_OPTIONS


def draw_country_figures(
    *,
    country: dict[str, Any],
    table: Sequence[str],
    questions: Sequence[str],
    evidence: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    templates: str,
    modules: Sequence[str],
    folder: str,
    changes: Sequence[str] = (),
    waves: Sequence[str] = (),
) -> None:
    """Draw one country's figures into ``folder/{language}/`` for each of its languages.

    ``languages.json`` in the folder tells the languages.

    Args:
        country: its row of the countries file.
        table: its public estimates; empty without a survey.
        questions: its public table of questions; empty without microdata.
        evidence: the public tables of evidence that the study has.
        codebook, study, confidence: of the study.
        templates: folder of templates, with the catalogues of languages.
        modules: those that figures are drawn with; of the catalogues only their messages are read.
        folder: where the figures go.
        changes: its public table of changes, where the country was surveyed several times.
        waves: the public estimates of all its surveys then, the first one first.
    """
    row, info = Country.model_validate(country), StudyInfo.model_validate(study)
    estimates = read_table(table[0], PUBLIC_ESTIMATES) if table else None
    options = read_table(questions[0], PUBLIC_OPTIONS) if questions else None
    facts = read_evidence(Path(path) for path in evidence)
    codes = Codebook.model_validate(codebook)
    compared = [read_table(path, PUBLIC_CHANGES) for path in changes]
    compared += [read_table(path, PUBLIC_ESTIMATES) for path in waves]
    for language in row.languages:
        words = load_words(language, Path(templates) / "locale", modules=modules)
        name = words.country(row.country, row.name)
        setting = Setting(words, name, info.simulated, confidence, info.population, info.survey)
        draw_country(
            row.country,
            estimates,
            facts,
            codes,
            setting,
            Path(folder) / language,
            compared,
            options,
        )
    write_json(Path(folder) / "languages.json", list(row.languages))
