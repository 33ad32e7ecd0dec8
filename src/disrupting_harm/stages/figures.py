"""Stage *figures*: the figures of one country in each of its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json
from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.drawing.formats import RUN, Press
from disrupting_harm.report.drawing.widths import TEXT, Cut
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.language.translator import ADDRESSED, load_translator
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table


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
    modules: Sequence[str] | None,
    folder: str,
    changes: Sequence[str] = (),
    waves: Sequence[str] = (),
    findings: Sequence[str] = (),
    cut: Cut = TEXT,
    press: Press = RUN,
) -> None:
    """Draw one country's figures into ``folder/{language}/`` for each of its languages.

    ``languages.json`` in the folder tells the languages.

    Args:
        table: its public estimates; empty without a survey.
        questions: its public table of questions; empty without microdata.
        evidence: the public tables of evidence that the study has.
        codebook, study, confidence: of the study.
        modules: those that figures are drawn with; of the catalogues only their messages are read.
            None: all are read.
        changes: its public table of changes, where the country was surveyed several times.
        waves: the public estimates of all its surveys then, the first one first.
        findings: the study's file of findings, which titles the figures; empty without one.
        cut: the width of the figures.
        press: the files that they are printed as.
    """
    row, info = Country.model_validate(country), StudyInfo.model_validate(study)
    estimates = read_table(table[0], public_contract("country/release")) if table else None
    options = read_table(questions[0], public_contract("country/options")) if questions else None
    evidence_tables = read_evidence(map(Path, evidence))
    codes = Codebook.model_validate(codebook)
    titles = load_findings(Path(findings[0]), codes).figures if findings else {}
    wave_tables = [read_table(path, public_contract("change/changes")) for path in changes]
    wave_tables += [read_table(path, public_contract("country/release")) for path in waves]
    for language in row.languages:
        translator = load_translator(
            language,
            Path(templates) / "locale",
            respondents=info.respondents,
            modules=modules,
        ).with_markup(ADDRESSED)
        name = translator.country(row.country, row.name)
        context = FigureContext(
            translator,
            name,
            info.simulated,
            with_address(confidence, CONFIDENCE),
            info.population,
            info.survey,
            cut,
            press,
        )
        draw_figures_of_country(
            row.country,
            estimates,
            evidence_tables,
            codes,
            context,
            Path(folder) / language,
            wave_tables,
            options,
            titles,
        )
    write_json(Path(folder) / "languages.json", list(row.languages))
