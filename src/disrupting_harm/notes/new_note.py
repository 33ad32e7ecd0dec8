"""A new note: a folder with an example that renders as it is."""

import json
import os
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, write_text
from disrupting_harm.notes.fill import fill_note, select_result_keys
from disrupting_harm.notes.note import read_note
from disrupting_harm.notes.note_folder import BlockPlacer, mark_word_files, write_note_folder
from disrupting_harm.notes.render_note import write_lookup
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.study.study import Study

_FRONT_MATTER = """\
---
title: {title}
lang: {language}
country: {country}
results: {results}
---
"""
# What an author of an English note sees how to do; notes in other languages have no prose yet.
_EXAMPLE_PROSE = """
Of {{{{< number {cell}/n >}}}} {respondents} who answered, {{{{< share {cell} >}}}} said yes.
"""


def start_note(
    name: str, study: Study, country: str | None, language: str | None, templates: Path
) -> Path:
    """Write ``NAME/NAME.qmd`` with all that lies beside a note, and return it.

    Args:
        name: of the note; folders before it are kept.
        country: what the note is about; None: nothing but what it names.
        language: of the note; None: the country's first, or English.

    Raises:
        StudyError: if the note exists, or there are no results, country or language.
    """
    folder = Path(name).with_suffix("") if name.endswith(".qmd") else Path(name)
    path = folder / f"{folder.name}.qmd"
    public = study.config.results / PUBLIC
    if path.exists():
        raise StudyError(str(path), "it exists", "Choose another name; nothing is overwritten")
    if not (public / "manifest.json").is_file():
        raise StudyError(str(public), "there are no results", "Run the study first")
    if country and country not in study.countries:
        codes = ", ".join(study.codes)
        raise StudyError(f"country '{country}'", "the study has none", f"Use one of {codes}")
    note_language = language or (study.countries[country].languages[0] if country else ENGLISH)
    printer = NotePrinter(study, public, note_language, country or "", templates)
    front = _FRONT_MATTER.format(
        title=json.dumps(folder.name.replace("-", " ").capitalize(), ensure_ascii=False),
        language=note_language,
        country=country or "",
        results=Path(os.path.relpath(public, folder)).as_posix(),
    )
    write_text(path, front + _format_example(printer, country, study))
    note = read_note(path)
    filled = fill_note(note, study, templates)
    write_note_folder(folder, public)
    mark_word_files(folder, filled.front)
    write_lookup(note, select_result_keys(filled.front), study, templates)
    return path


def _format_example(printer: NotePrinter, country: str | None, study: Study) -> str:
    """Return text that shows a number, a sentence, a figure and a table, where there are any."""
    code = country or study.codes[0]
    prefix = "" if country else f"{code}/"
    paragraphs = []
    indicator = _find_shown_indicator(printer, code, study)
    if indicator:
        cell = f"{prefix}{indicator}"
        paragraphs.append(
            _EXAMPLE_PROSE.format(cell=cell, respondents=study.config.study.respondents)
            if printer.language == ENGLISH
            else ""
        )
        paragraphs.append(f"\n{{{{< sentence {cell} >}}}}\n")
    figures = _figure_names(printer, code)
    if figures:
        preferred = f"by-group-{indicator}"
        paragraphs.append(
            f"\n{{{{< figure {prefix}{preferred if preferred in figures else figures[0]} >}}}}\n"
        )
    if indicator:
        paragraphs.append(f"\n{{{{< table {prefix}by-group-{indicator} >}}}}\n")
    return "".join(paragraphs)


def _find_shown_indicator(printer: NotePrinter, country: str, study: Study) -> str:
    """Return the first headline indicator whose national estimate is shown; empty without one."""
    if not study.has_survey:
        return ""
    cells = printer.results_of(country).cells
    for indicator in study.codebook.headlines("proportion"):
        cell = cells.get((indicator, "total", "all"))
        if cell and cell.is_shown:
            return indicator
    return ""


def _figure_names(printer: NotePrinter, country: str) -> list[str]:
    try:
        folder = BlockPlacer(printer).figure_folder(country)
    except StudyError:
        return []
    return list(read_figures(folder, folder))
