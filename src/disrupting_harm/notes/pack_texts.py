"""The texts of an author pack: what is in it, how to name its source, and an example."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.notes.note_folder import BlockPlacer
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.report.drawing.widths import Cut
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.study.study import Study

_README = Path(__file__).parent / "pack_readme.md"
_SIMULATED = "**The data are simulated and say nothing about any population: not for citation.** "
_HARM_ADVICE = """\
- Write of <<respondents>> who *are subjected to* harm, not that they experience or take part in it.
- Say where they and other readers find help, with a service that you have called.
"""
_NO_LICENCE = """\
The publisher of these results has named no licence. Ask before you publish anything of this pack.
"""


def format_readme(
    study: Study, country: str, manifest: Mapping[str, Any], cuts: Sequence[Cut]
) -> str:
    """Return what is in the pack, on one page."""
    country_row = study.countries[country]
    *widths, last = [f"{figure_width.width:.4g}" for figure_width in cuts]
    values = {
        "study": study.config.study.title,
        "country": str(country_row.name),
        "simulated": _SIMULATED if manifest["simulated"] else "",
        "date": str(study.config.study.date),
        "widths": f"{', '.join(widths)} and {last} mm" if widths else f"{last} mm",
        "language": str(country_row.languages[0]),
        "harm": _HARM_ADVICE if study.config.study.harm else "",
        "respondents": study.config.study.respondents,
    }
    text = _README.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", value)
    return text


def format_licence(licence: str) -> str:
    """Return under which licence the results may be used; its address, or that there is none."""
    return f"Published under: {licence}\n" if licence else _NO_LICENCE


def format_citation(study: Study, country: str, manifest: Path) -> str:
    """Return how the source is cited, and how one number of it.

    Args:
        manifest: the manifest of its results, whose hash names the release.
    """
    info, digest = study.config.study, sha256(manifest)
    organisations = ", ".join(info.organisations)
    name = study.countries[country].name
    release = read_json(manifest)["release"]
    mark = "Simulated data: not for citation.\n\n" if info.simulated else ""
    return (
        f"{mark}{organisations} ({info.date:%Y}): {info.title}, {name}. "
        f"Public results of {info.date}, {release}; SHA-256 of the manifest {digest}.\n\n"
        f"One number: {country}/INDICATOR/estimate@{digest[:12]}, with its address in "
        "sentences-*.csv.\n"
    )


def format_example_note(printer: NotePrinter, country: str) -> str:
    """Return a note that shows a figure and, of a survey, a sentence and a table."""
    title = json.dumps(printer.country_name(country), ensure_ascii=False)
    head = f"---\ntitle: {title}\nlang: {printer.language}\ncountry: {country}\n---\n"
    paragraphs = [head]
    indicators = printer.study.codebook.headlines("proportion") if printer.study.has_survey else []
    if indicators:
        paragraphs.append(f"{{{{< sentence {indicators[0]} >}}}}\n")
    try:
        folder = BlockPlacer(printer).figure_folder(country)
        figure_names = list(read_figures(folder, folder))
    except StudyError:
        figure_names = []
    if figure_names:
        paragraphs.append(f"{{{{< figure {figure_names[0]} >}}}}\n")
    if indicators:
        paragraphs.append(f"{{{{< table by-group-{indicators[0]} >}}}}\n")
    return "\n".join(paragraphs)
