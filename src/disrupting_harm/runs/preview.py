"""A preview: one document of a finished study with today's texts, without a run.

Whoever edits a template, a catalogue or a text of authors sees the page in seconds. The numbers are
those of the last run, and so are the texts inside figures: only a run draws. The run's own files
stay as they are; a preview is no result, and no manifest lists it.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, UNFINISHED
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.report.rendering import FORMATS
from disrupting_harm.stages.shared import write_shared_files
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import Study, load_study

PREVIEW = "preview"
DOCUMENTS = {"report": "reports", "brief": "briefs"}


def print_preview(config: Path, country: str, language: str, document: str, formats: str) -> int:
    """Make the preview of one document and print the paths of its files.

    Args:
        config: the configuration file of a study whose last run is finished.
        country: code of the country.
        language: BCP 47 tag; empty: the country's first one.
        document: a name of :data:`DOCUMENTS`.
        formats: any of "html", "pdf" and "docx", separated by commas; empty: those of a run.

    Raises:
        StudyError: no such country, language or results, or what a run would refuse.
    """
    study = load_study(config)
    area = _select_country(study, country, document)
    written_language = _select_language(area, document, language)
    formats_to_make = _parse_formats(formats) or study.config.report.formats
    results = study.config.results
    if not (results / PUBLIC / "manifest.json").is_file():
        raise StudyError(str(results / PUBLIC), "no finished run", "Run: make run")
    root = results / PREVIEW
    # The earlier preview stays until the new one is whole.
    with tempfile.TemporaryDirectory(dir=results, prefix=UNFINISHED) as scratch:
        preview = Path(scratch) / PREVIEW
        _write_document(study, area, document, written_language, formats_to_make, preview)
        if root.exists():
            root.rename(Path(scratch) / "earlier")
        preview.rename(root)
    for name in formats_to_make:
        print(root / DOCUMENTS[document] / country / written_language / f"{document}.{name}")
    return 0


def _write_document(
    study: Study,
    area: Country,
    document: str,
    language: str,
    formats: Sequence[str],
    root: Path,
) -> None:
    """Write one document among all public files of the run, so that each link leads somewhere."""
    shutil.copytree(study.config.results / PUBLIC, root, copy_function=shutil.copyfile)
    # Styles and filter are of today, too.
    write_shared_files(
        study=study.config.study.model_dump(mode="json"),
        templates=str(templates_folder()),
        folder=str(root),
    )
    arguments = collect_arguments(study, area, document, language, formats, root)
    shutil.rmtree(Path(arguments["folder"]) / language, ignore_errors=True)
    # Late: each loads what the other does not need.
    if document == "brief":
        from disrupting_harm.stages.brief import write_country_briefs

        write_country_briefs(**arguments)
    else:
        from disrupting_harm.stages.report import write_country_reports

        write_country_reports(**arguments)


def collect_arguments(
    study: Study,
    area: Country,
    document: str,
    language: str,
    formats: Sequence[str],
    public: Path,
) -> dict[str, Any]:
    """Return what the rule *brief* or *report* gives to the function of its stage.

    Args:
        document: a name of :data:`DOCUMENTS`.
        language: the one to be written.
        public: the folder of results that the document reads, and among which it stands.
    """
    settings = study.config.model_dump(mode="json")
    settings["report"]["formats"] = list(formats)
    report = study.config.report
    brief = _resolve_optional(study, report.brief)
    arguments: dict[str, Any] = {
        "country": area.model_dump(mode="json"),
        "codebook": study.codebook.model_dump(mode="json"),
        "settings": settings,
        "public": str(public),
        "templates": str(templates_folder()),
        "recommendations": _resolve_optional(study, report.recommendations),
        "folder": str(public / DOCUMENTS[document] / area.country),
        "only_languages": [language],
    }
    if document == "brief":
        rows = [study.countries[code].model_dump(mode="json") for code in study.codes]
        return {**arguments, "brief": brief[0], "countries": rows}
    waves = area.country in study.with_waves
    return {
        **arguments,
        "brief": brief,
        "countries": study.ledger_facts(),
        "slots": str(study.resolve(report.slots)) if report.slots else "",
        "findings": _resolve_optional(study, report.findings),
        "judgements": _resolve_optional(study, study.config.comparison.comparability),
        "references": _resolve_optional(study, report.references),
        "listed": study.listed_surveys,
        "changes": [str(public / "countries" / area.country / "changes.csv")] if waves else [],
    }


def _parse_formats(text: str) -> tuple[str, ...]:
    formats = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise StudyError("--to", ", ".join(unknown), f"Choose among {', '.join(FORMATS)}")
    return formats


def _select_country(study: Study, country: str, document: str) -> Country:
    if country not in study.countries:
        raise StudyError(country, "no country of this run", f"Take {', '.join(study.codes)}")
    row = study.countries[country]
    if not _list_languages(row, document) or (
        document == "brief" and study.config.report.brief is None
    ):
        raise StudyError(f"{document} of {country}", "the study has none", "Configure it first")
    return row


def _list_languages(area: Country, document: str) -> tuple[str, ...]:
    return area.languages if document == "report" else area.languages_of_brief


def _select_language(area: Country, document: str, language: str) -> str:
    languages = _list_languages(area, document)
    tag = language or languages[0]
    if tag not in languages:
        location = f"{document} of {area.country}"
        raise StudyError(location, f"there is none in '{tag}'", f"Take {', '.join(languages)}")
    return tag


def _resolve_optional(study: Study, path: Path | None) -> list[str]:
    """A file that the configuration may name; an empty list where it does not."""
    return [] if path is None else [str(study.resolve(path))]
