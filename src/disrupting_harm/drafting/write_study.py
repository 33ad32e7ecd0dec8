"""Write the first files of a study: configuration, countries, mappings, codebook."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import format_csv_lines, write_text
from disrupting_harm.core.paths import format_command
from disrupting_harm.drafting.draft_items import (
    MOST_ITEMS,
    DraftFile,
    DraftItem,
    join_items,
    read_draft_file,
)
from disrupting_harm.drafting.write_codebook import DOMAIN_LABELS, write_codebook
from disrupting_harm.drafting.write_mapping import MAPPING, write_mappings
from disrupting_harm.drafting.yaml_text import ask_person, quote_text
from disrupting_harm.study.todos import TODO, Todo, list_todos

CONFIG = "config.yaml"
COUNTRIES = "countries.csv"
CODEBOOK = "indicators.yaml"


def draft_study(folder: Path, data: Sequence[Path], columns: Sequence[str] = ()) -> list[Todo]:
    """Write the first files of a study into a new folder, and return what is left to decide.

    Args:
        folder: of the study; its name is that of the study.
        data: the raw files, a country each or with a column of countries.
        columns: patterns of the names of the columns of answers, such as ``q5_*``; empty: all.

    Raises:
        StudyError: the folder holds something, a raw file cannot be read, or too many columns, or
            none, could be answers.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(str(folder), "there is something already", "Name a new folder")
    files = [read_draft_file(path, columns) for path in data]
    items = join_items(files)
    answers = [item for item in items.values() if item.role == "answer"]
    if not answers:
        raise StudyError(
            str(data[0]),
            "no column with answers that could be counted",
            "Name columns with --columns; texts and identifiers are left out",
        )
    if len(answers) > MOST_ITEMS:
        raise StudyError(
            str(data[0]),
            f"{len(answers)} columns with answers, from '{answers[0].id}' to '{answers[-1].id}'",
            f"Name those of your report with --columns, {MOST_ITEMS} at most; q5_* stands for all "
            "that begin so",
        )
    mappings = write_mappings(files, items)
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {
        CONFIG: _write_config(folder, files, items, is_shared=len(mappings) == 1),
        COUNTRIES: _write_countries(folder, files, mappings),
        CODEBOOK: write_codebook(files, items),
        **{f"{name}.yaml": text for name, text in mappings.items()},
    }
    for name, text in drafts.items():
        write_text(folder / name, text)
    return list_todos(folder / name for name in drafts)


def _write_config(
    folder: Path, files: Sequence[DraftFile], items: Mapping[str, DraftItem], *, is_shared: bool
) -> str:
    identifier = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    identifier = identifier if identifier[:1].isalpha() else f"study-{identifier}".rstrip("-")
    titles = {file.survey.title for file in files if file.survey.title}
    title = quote_text(titles.pop()) if len(titles) == 1 else TODO
    domains = [item.id for item in items.values() if item.role in DOMAIN_LABELS]
    lonely = any(_has_lonely_psus(file) for file in files)
    lines = [
        "study:",
        f"  id: {identifier}",
        f"  title: {title}"
        + ("" if title == TODO else ask_person("is this the title of your report?")),
        f"  date: {TODO}  # of this report, as 2026-05-31",
        "  simulated: false",
        f"  population: {TODO}  # of whom the numbers speak, e.g. adults aged 18 and over",
        "  respondents: persons  # who answered, in the plural",
        "  template: survey",
        f"countries: {COUNTRIES}",
        f"codebook: {CODEBOOK}",
        *([f"mapping: {MAPPING}.yaml"] if is_shared else []),
        f"results: results/{identifier}",
        "weighting: {source: column}",
        *(
            [
                "estimation: {lonely_psu: centre}"
                + ask_person("a stratum has one PSU alone; is it so?")
            ]
            if lonely
            else []
        ),
        f"comparison: {{gaps: [{', '.join(domains)}]}}",
        "report: {renderer: embedded}",
    ]
    return "\n".join(lines) + "\n"


def _has_lonely_psus(file: DraftFile) -> bool:
    stratum, psu = file.design["stratum"].name, file.design["psu"].name
    return bool(stratum and psu) and file.survey.has_lonely_psus(str(stratum), str(psu))


def _write_countries(folder: Path, files: Sequence[DraftFile], mappings: Mapping[str, str]) -> str:
    several = len(mappings) > 1
    rows = [
        ["country", "raw", *(["mapping"] if several else []), "languages", "survey", "survey_year"]
    ]
    for file, mapping in zip(files, _name_mappings(files, mappings), strict=True):
        raw = _relate_path(file.survey.path, folder)
        for country in file.countries:
            of_file = [f"{mapping}.yaml"] if several else []
            rows.append([country, raw, *of_file, "en", file.survey.title or TODO, TODO])
    return format_csv_lines(rows)


def _relate_path(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _name_mappings(files: Sequence[DraftFile], mappings: Mapping[str, str]) -> list[str]:
    if len(mappings) == 1:
        return [MAPPING] * len(files)
    return list(mappings)


def describe_drafts(folder: Path, todos: Sequence[Todo]) -> Iterator[str]:
    """Yield what the command says at its end."""
    yield f"{folder}: written. {amount(len(todos), 'line')} with {TODO} to decide:"
    yield from (f"  {todo}" for todo in todos)
    config = folder / CONFIG
    yield f"Then: {format_command('check', '--config', config)}"
    yield f"      {format_command('run', '--config', config)}"
