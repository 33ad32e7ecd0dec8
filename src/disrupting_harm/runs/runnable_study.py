"""Load a study and check that this machine can run it."""

from pathlib import Path
from typing import Any

from disrupting_harm.core.paths import templates_folder
from disrupting_harm.evidence.forms_of_abuse import load_forms
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.tables_of_study import select_study_tables
from disrupting_harm.releases.history import find_last_release
from disrupting_harm.report.documents.slots import check_slots
from disrupting_harm.report.findings.brief_definition import load_study_brief
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.load import load_study_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.findings.references import read_works
from disrupting_harm.report.language.settings import require_language
from disrupting_harm.runs.folder_checks import require_folder
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.study.todos import list_study_files, list_todos, refuse_todos


def load_runnable(
    config: str | Path, overrides: dict[str, Any] | None = None, *, in_bucket: bool = False
) -> Study:
    """Load a study and check that this machine has what it asks for.

    Args:
        config: the configuration file.
        overrides: values that take the place of those in the file.
        in_bucket: a storage plugin of Snakemake brings the files that the study names.

    Raises:
        StudyError: if the study is faulty, names a table of evidence that is none, lacks a file
            that it names, has texts for documents that cannot be printed, does not follow its last
            release, asks for Quarto or a language where there is none, or for results where a file
            stands.
    """
    refuse_todos(list_todos(list_study_files(Path(config))))
    study = load_study(config, overrides)
    select_study_tables(study.config.evidence.tables, simulation=False)
    if not in_bucket:
        study.require_files()
    locale = templates_folder() / "locale"
    for code in study.codes:
        for column in ("languages", "brief_languages"):
            for language in getattr(study.countries[code], column):
                require_language(
                    locale,
                    language,
                    f"country {code}, column '{column}'",
                    beyond_briefs=column == "languages",
                )
    for language in study.config.report.project_languages:
        key = f"{config}, key 'report.project_languages'"
        require_language(locale, language, key, beyond_briefs=True)
    if study.has_survey:
        find_last_release(study.config)
    if study.config.simulation:
        load_simulation(study.resolve(study.config.simulation), study.codebook)
    if study.config.evidence.labels:
        load_labels(study.resolve(study.config.evidence.labels))
    if study.config.evidence.triangulation:
        # Otherwise a wrong name would stop the run behind all estimates.
        load_forms(
            study.resolve(study.config.evidence.triangulation),
            study.codebook.proportions if study.has_survey else None,
        )
    if study.config.report.recommendations:
        load_recommendations(study.resolve(study.config.report.recommendations), study.codebook)
    findings = load_study_findings(study)
    if study.config.report.brief:
        load_study_brief(study)
    if not in_bucket:
        _check_texts(study, findings)
        require_folder(study.config.results, f"{config}, key 'results'")
    if study.config.report.renderer == "quarto":
        from disrupting_harm.report.rendering import find_engine

        find_engine("quarto")
    return study


def _check_texts(study: Study, findings: Findings | None) -> None:
    """Read what documents print besides: works that texts name, and what authors write."""
    report = study.config.report
    if report.references:
        read_works(study.resolve(report.references))
    if report.slots:
        languages = {code: study.countries[code].languages for code in study.codes}
        quotations = findings.quotations if findings else []
        check_slots(study.resolve(report.slots), languages, study.listed, quotations)
