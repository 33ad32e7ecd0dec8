"""Stage *figures*: the figures of one country in each of its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, write_json
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.drawing.formats import AUTHORS, RUN, Press
from disrupting_harm.report.drawing.widths import CUTS, TEXT, Cut
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.language.translator import ADDRESSED, load_translator
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import load_study
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
        cut: the width of the figures.
        press: the files that they are printed as.
    """
    row, info = Country.model_validate(country), StudyInfo.model_validate(study)
    estimates = read_table(table[0], public_contract("country/release")) if table else None
    options = read_table(questions[0], public_contract("country/options")) if questions else None
    evidence_tables = read_evidence(map(Path, evidence), (row.country,))
    codes = Codebook.model_validate(codebook)
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
        )
    write_json(Path(folder) / "languages.json", list(row.languages))


def draw_figure_cuts(
    config: Path, countries: Sequence[str], folder: Path, cuts: Sequence[Cut] = CUTS
) -> list[Path]:
    """Draw the figures of a finished run anew in other cuts, for authors, and return the folders.

    Each is drawn for its width, in each language of the country, as a PNG of 300 dots an inch and
    as SVG and PDF whose texts can be edited. A run does not make them: they are five times as many
    files as it publishes of figures.

    Args:
        config: the configuration of the study.
        countries: their codes; empty for all.
        folder: where they go, ``folder/{country}/{cut}/{language}/``.
        cuts: the widths.

    Raises:
        StudyError: if a code is none of the study's, or its public tables are not there.
    """
    study = load_study(config)
    public = study.config.results / PUBLIC
    folders = []
    for code in countries or study.codes:
        if code not in study.countries:
            country_codes = ", ".join(study.codes)
            raise StudyError(
                "figure-cuts", f"the study has no country {code}", f"Name of: {country_codes}"
            )
        country_folder = public / "countries" / code
        if study.has_survey and not (country_folder / "estimates.csv").is_file():
            raise StudyError(
                str(country_folder / "estimates.csv"), "there is no such file", "Run the study"
            )
        surveys = study.waves(code) if code in study.with_waves else []
        for cut in cuts:
            target = folder / code / cut.name
            draw_country_figures(
                country=study.countries[code].model_dump(mode="json"),
                table=_list_present(country_folder / "estimates.csv"),
                questions=_list_present(country_folder / "questions.csv"),
                evidence=[str(path) for path in sorted((public / "evidence").glob("*.csv"))],
                codebook=study.codebook.model_dump(mode="json"),
                study=study.config.study.model_dump(mode="json"),
                confidence=study.config.estimation.confidence,
                templates=str(templates_folder()),
                modules=None,
                folder=str(target),
                changes=_list_present(country_folder / "changes.csv"),
                waves=[str(public / "countries" / name / "estimates.csv") for name in surveys],
                cut=cut,
                press=AUTHORS,
            )
            folders.append(target)
    return folders


def _list_present(path: Path) -> list[str]:
    return [str(path)] if path.is_file() else []
