"""An author pack: what somebody needs to write on one country, in one folder and one ZIP.

Everything in it is made of public results: figures in every width, their data and texts, sentences
on each estimate, and what Quarto needs to fill shortcodes. A pack that is made again has the same
bytes.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, read_json, write_bytes, write_sheet, write_text
from disrupting_harm.notes.fill import front_of_results
from disrupting_harm.notes.front_matter import furnish, refuse_foreign
from disrupting_harm.notes.pack_texts import citation, example, licence_text, readme
from disrupting_harm.notes.render_note import write_forms
from disrupting_harm.notes.shortcodes import Printer
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import prefixes
from disrupting_harm.report.figures.drawing.widths import CUTS, Cut
from disrupting_harm.report.language.markdown import unescaped, without_addresses
from disrupting_harm.report.reading.country_results import listed_figures
from disrupting_harm.stages.figures import cut_figures
from disrupting_harm.study.study import Study

# Widths of figures, each a folder with one of its languages below it.
WIDTHS = "figures-by-width"
_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o644 << 16


def make_pack(
    study: Study,
    country: str,
    folder: Path,
    licence: str,
    templates: Path,
    cuts: Sequence[Cut] = CUTS,
) -> tuple[Path, Path]:
    """Write ``folder/author-pack-KEN`` and the ZIP of it, and return both.

    Args:
        study: a study that has run.
        country: its code.
        folder: where both go.
        licence: address of the licence of the results; empty where none is named.
        templates: the folder of templates and catalogues.
        cuts: the widths of the figures.

    Raises:
        StudyError: if the study has no such country or no results, or another folder is there.
    """
    if country not in study.countries:
        known = ", ".join(study.codes)
        raise StudyError("author-pack", f"the study has no country {country}", f"Name of: {known}")
    public = study.config.results / PUBLIC
    if not (public / "manifest.json").is_file():
        raise StudyError(str(public), "there are no results", "Run the study first")
    target = folder / f"author-pack-{country}"
    refuse_foreign(target)
    if target.exists() and not (target / "_quarto.yml").is_file():
        raise StudyError(str(target), "it exists and is no author pack", "Move it away")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as scratch:
        made = Path(scratch) / target.name
        _write(study, country, public, made, licence, templates, cuts)
        content = zipped(made)
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    archive = target.with_suffix(".zip")
    write_bytes(archive, content)
    return target, archive


def _write(
    study: Study,
    country: str,
    public: Path,
    folder: Path,
    licence: str,
    templates: Path,
    cuts: Sequence[Cut],
) -> None:
    folder.mkdir()
    furnish(folder, public)
    manifest = read_json(public / "manifest.json")
    row = study.countries[country]
    with tempfile.TemporaryDirectory() as drawn:
        cut_figures(study.path, [country], Path(drawn), cuts)
        for cut in cuts:
            _place_cut(Path(drawn) / country / cut.name, folder, cut.name)
    for language in row.languages:
        printer = Printer(study, public, language, country, templates)
        write_forms(folder, printer, country, front_of_results(manifest, printer.text))
        _table(folder / f"figures-{language}.csv", figure_rows(public, country, language))
        if study.has_survey:
            _table(folder / f"sentences-{language}.csv", sentence_rows(printer, country))
        write_text(folder / f"example-{language}.qmd", example(printer, country))
    write_text(folder / "README.md", readme(study, country, manifest, cuts))
    write_text(folder / "LICENCE.txt", licence_text(licence))
    write_text(folder / "CITATION.txt", citation(study, country, public / "manifest.json"))


def _place_cut(drawn: Path, folder: Path, name: str) -> None:
    """Put the figures of one width into the pack; their data are the same in all."""
    for path in sorted(drawn.rglob("*")):
        if path.suffix in (".svg", ".png", ".pdf"):
            target = folder / WIDTHS / name / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        elif path.suffix == ".csv":
            target = folder / "data" / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def figure_rows(public: Path, country: str, language: str) -> Iterator[dict[str, Any]]:
    """Return the texts of each figure that was drawn, with its shortcode."""
    for entry in listed_figures(public / "figures" / country / language):
        if entry["files"]:
            yield {
                "figure": entry["id"],
                "title": entry["title"],
                "subtitle": entry["subtitle"],
                "caption": entry["caption"],
                "alt_short": entry["alt_short"],
                "alt": entry["alt"],
                "source": entry["source"],
                "simulated": entry["simulated"],
                "data": f"data/{language}/{entry['csv']}",
                "shortcode": f"{{{{< figure {country}/{entry['id']} >}}}}",
            }


def sentence_rows(printer: Printer, country: str) -> Iterator[dict[str, Any]]:
    """Return a sentence on each published estimate; of a hidden one it says that there is none."""
    rows = printer.published.rows(country, ESTIMATES)
    for row, where in zip(rows, prefixes(ESTIMATES, rows), strict=True):
        yield {
            "id": where,
            "indicator": row["indicator"],
            "domain": row["domain"],
            "level": row["level"],
            "status": row["status"],
            "sentence": unescaped(without_addresses(printer.sentence(where))),
            "shortcode": f"{{{{< sentence {where} >}}}}",
        }


def zipped(folder: Path) -> bytes:
    """Return a ZIP of a folder, whose bytes depend on nothing but names and contents."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                entry = zipfile.ZipInfo(name, _TIME)
                entry.external_attr = _RIGHTS
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


def _table(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    frame = pd.DataFrame(list(rows))
    if not frame.empty:
        write_sheet(path, frame)
