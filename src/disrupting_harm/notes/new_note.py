"""A new note: a folder with an example that renders as it is."""

import json
import os
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, write_text
from disrupting_harm.notes.fill import fill_note, looked_up
from disrupting_harm.notes.front_matter import Placing, furnish, mark_word_files
from disrupting_harm.notes.note import read_note
from disrupting_harm.notes.render_note import write_lookup
from disrupting_harm.notes.shortcodes import Printer
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.study.study import Study

_FRONT = """\
---
title: {title}
lang: {language}
country: {country}
results: {results}
---
"""
# What an author of an English note sees how to do; notes in other languages have no prose yet.
_PROSE = """
Of {{{{< number {cell}/n >}}}} {respondents} who answered, {{{{< share {cell} >}}}} said yes.
"""


def start_note(
    name: str, study: Study, country: str | None, language: str | None, templates: Path
) -> Path:
    """Write ``NAME/NAME.qmd`` with all that lies beside a note, and return it.

    Args:
        name: of the note; folders before it are kept.
        study: a study that has run.
        country: what the note is about; None: nothing but what it names.
        language: of the note; None: the country's first, or English.
        templates: the folder of templates and catalogues.

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
        known = ", ".join(study.codes)
        raise StudyError(f"country '{country}'", "the study has none", f"Use one of {known}")
    first = language or (study.countries[country].languages[0] if country else ENGLISH)
    printer = Printer(study, public, first, country or "", templates)
    front = _FRONT.format(
        title=json.dumps(folder.name.replace("-", " ").capitalize(), ensure_ascii=False),
        language=first,
        country=country or "",
        results=Path(os.path.relpath(public, folder)).as_posix(),
    )
    write_text(path, front + _example(printer, country, study))
    note = read_note(path)
    filled = fill_note(note, study, templates)
    furnish(folder, public)
    mark_word_files(folder, filled.front)
    write_lookup(note, looked_up(filled.front), study, templates)
    return path


def _example(printer: Printer, country: str | None, study: Study) -> str:
    """Return text that shows a number, a sentence, a figure and a table, where there are any."""
    code = country or study.codes[0]
    above = "" if country else f"{code}/"
    parts = []
    shown = _shown(printer, code, study)
    if shown:
        cell = f"{above}{shown}"
        parts.append(
            _PROSE.format(cell=cell, respondents=study.config.study.respondents)
            if printer.language == ENGLISH
            else ""
        )
        parts.append(f"\n{{{{< sentence {cell} >}}}}\n")
    figures = _figures(printer, code)
    if figures:
        best = f"by-group-{shown}"
        parts.append(f"\n{{{{< figure {above}{best if best in figures else figures[0]} >}}}}\n")
    if shown:
        parts.append(f"\n{{{{< table {above}by-group-{shown} >}}}}\n")
    return "".join(parts)


def _shown(printer: Printer, country: str, study: Study) -> str:
    """Return the first headline indicator whose national estimate is shown; empty without one."""
    if not study.has_survey:
        return ""
    cells = printer.results(country).cells
    for name in study.codebook.headlines("proportion"):
        cell = cells.get((name, "total", "all"))
        if cell and cell.is_shown:
            return name
    return ""


def _figures(printer: Printer, country: str) -> list[str]:
    try:
        folder = Placing(printer).folder(country)
    except StudyError:
        return []
    return list(read_figures(folder, folder))
