"""The texts of an author pack: what is in it, how to name its source, and an example."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.notes.front_matter import Placing
from disrupting_harm.notes.shortcodes import Printer
from disrupting_harm.report.figures.drawing.widths import Cut
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.study.study import Study

_README = Path(__file__).parent / "pack_readme.md"
_SIMULATED = "**The data are simulated and say nothing about any population: not for citation.** "
_HARM = """\
- Write of <<respondents>> who *are subjected to* harm, not that they experience or take part in it.
- Say where they and other readers find help, with a service that you have called.
"""
_NO_LICENCE = """\
The publisher of these results has named no licence. Ask before you publish anything of this pack.
"""


def readme(study: Study, country: str, manifest: Mapping[str, Any], cuts: Sequence[Cut]) -> str:
    """Return what is in the pack, on one page."""
    row = study.countries[country]
    *widths, last = [f"{cut.width:.4g}" for cut in cuts]
    values = {
        "study": study.config.study.title,
        "country": str(row.name),
        "simulated": _SIMULATED if manifest["simulated"] else "",
        "date": str(study.config.study.date),
        "widths": f"{', '.join(widths)} and {last} mm" if widths else f"{last} mm",
        "language": str(row.languages[0]),
        "harm": _HARM if study.config.study.harm else "",
        "respondents": study.config.study.respondents,
    }
    text = _README.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", value)
    return text


def licence_text(licence: str) -> str:
    """Return under which licence the results may be used; its address, or that there is none."""
    return f"Published under: {licence}\n" if licence else _NO_LICENCE


def citation(study: Study, country: str, manifest: Path) -> str:
    """Return how the source is named, and how one number of it.

    Args:
        study: the study.
        country: the code of the country.
        manifest: the manifest of its results, whose hash names the release.
    """
    info, hashed = study.config.study, sha256(manifest)
    who = ", ".join(info.organisations)
    name = study.countries[country].name
    release = read_json(manifest)["release"]
    mark = "Simulated data: not for citation.\n\n" if info.simulated else ""
    return (
        f"{mark}{who} ({info.date:%Y}): {info.title}, {name}. Public results of {info.date}, "
        f"{release}; SHA-256 of the manifest {hashed}.\n\n"
        f"One number: {country}/INDICATOR/estimate@{hashed[:12]}, with its address in "
        "sentences-*.csv.\n"
    )


def example(printer: Printer, country: str) -> str:
    """Return a note that shows a figure and, of a survey, a sentence and a table."""
    title = json.dumps(printer.country(country), ensure_ascii=False)
    head = f"---\ntitle: {title}\nlang: {printer.language}\ncountry: {country}\n---\n"
    parts = [head]
    indicators = printer.study.codebook.headlines("proportion") if printer.study.has_survey else []
    if indicators:
        parts.append(f"{{{{< sentence {indicators[0]} >}}}}\n")
    try:
        folder = Placing(printer).folder(country)
        names = list(read_figures(folder, folder))
    except StudyError:
        names = []
    if names:
        parts.append(f"{{{{< figure {names[0]} >}}}}\n")
    if indicators:
        parts.append(f"{{{{< table by-group-{indicators[0]} >}}}}\n")
    return "\n".join(parts)
