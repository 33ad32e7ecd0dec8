"""Figures of a finished run in other widths, for authors."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.report.drawing.formats import AUTHORS
from disrupting_harm.report.drawing.widths import CUTS, Cut
from disrupting_harm.report.figures.comparison import STANDING_TABLES
from disrupting_harm.stages.figures import draw_country_figures
from disrupting_harm.stages.standing import draw_country_standing
from disrupting_harm.study.study import load_study


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
        folder: where they go, ``folder/{country}/{cut}/{language}/``; the figure of where a country
            stands among all, ``folder/{country}/{cut}/comparison/{language}/``.
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
        file = study.config.report.findings
        findings = [str(study.resolve(file))] if file else []
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
                findings=findings,
                cut=cut,
                press=AUTHORS,
            )
            if study.has_survey:
                draw_country_standing(
                    country=study.countries[code].model_dump(mode="json"),
                    names={other: row.name for other, row in study.countries.items()},
                    tables=[str(public / "comparison" / f"{name}.csv") for name in STANDING_TABLES],
                    codebook=study.codebook.model_dump(mode="json"),
                    study=study.config.study.model_dump(mode="json"),
                    confidence=study.config.estimation.confidence,
                    templates=str(templates_folder()),
                    modules=None,
                    folder=str(target / "comparison"),
                    findings=findings,
                    cut=cut,
                    press=AUTHORS,
                )
            folders.append(target)
    return folders


def _list_present(path: Path) -> list[str]:
    return [str(path)] if path.is_file() else []
