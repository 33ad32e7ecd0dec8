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
from disrupting_harm.notes.figure_cuts import draw_figure_cuts
from disrupting_harm.notes.fill import front_matter_of_results
from disrupting_harm.notes.note_folder import check_note_folder, write_note_folder
from disrupting_harm.notes.pack_texts import (
    format_citation,
    format_example_note,
    format_licence,
    format_readme,
)
from disrupting_harm.notes.render_note import write_forms
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.provenance.explain.lookup import table_file
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.drawing.widths import CUTS, Cut
from disrupting_harm.report.language.markdown import remove_addresses, unescape
from disrupting_harm.report.reading.country_results import list_figures
from disrupting_harm.study.study import Study

KNOWN_STUDIES, ASSOCIATIONS = "known_studies", "associations"
# Widths of figures, each a folder with one of its languages below it.
WIDTHS_FOLDER = "figures-by-width"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ZIP_RIGHTS = 0o644 << 16


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
        folder: where both go.
        licence: address of the licence of the results; empty where none is named.
        cuts: the widths of the figures.

    Raises:
        StudyError: if the study has no such country or no results, or another folder is there.
    """
    if country not in study.countries:
        codes = ", ".join(study.codes)
        raise StudyError("author-pack", f"the study has no country {country}", f"Name of: {codes}")
    public = study.config.results / PUBLIC
    if not (public / "manifest.json").is_file():
        raise StudyError(str(public), "there are no results", "Run the study first")
    target = folder / f"author-pack-{country}"
    check_note_folder(target)
    if target.exists() and not (target / "_quarto.yml").is_file():
        raise StudyError(str(target), "it exists and is no author pack", "Move it away")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as scratch:
        scratch_folder = Path(scratch) / target.name
        _write_pack(study, country, public, scratch_folder, licence, templates, cuts)
        content = zip_folder(scratch_folder)
        if target.exists():
            shutil.rmtree(target)
        scratch_folder.rename(target)
    archive = target.with_suffix(".zip")
    write_bytes(archive, content)
    return target, archive


def _write_pack(
    study: Study,
    country: str,
    public: Path,
    folder: Path,
    licence: str,
    templates: Path,
    cuts: Sequence[Cut],
) -> None:
    folder.mkdir()
    write_note_folder(folder, public)
    manifest = read_json(public / "manifest.json")
    country_row = study.countries[country]
    with tempfile.TemporaryDirectory() as drawn_folder:
        draw_figure_cuts(study.path, [country], Path(drawn_folder), cuts)
        for figure_width in cuts:
            _copy_figures_of_width(
                Path(drawn_folder) / country / figure_width.name, folder, figure_width.name
            )
    for language in country_row.languages:
        printer = NotePrinter(study, public, language, country, templates)
        write_forms(folder, printer, country, front_matter_of_results(manifest, printer.translator))
        _write_table(folder / f"figures-{language}.csv", figure_rows(public, country, language))
        if study.has_survey:
            _write_table(folder / f"sentences-{language}.csv", sentence_rows(printer, country))
        if (public / table_file(country, KNOWN_STUDIES)).is_file():
            studies = known_study_rows(printer, country)
            _write_table(folder / f"other-studies-{language}.csv", studies)
        if (public / table_file(COMPARE, ASSOCIATIONS)).is_file():
            _write_table(folder / f"associations-{language}.csv", association_rows(printer))
        write_text(folder / f"example-{language}.qmd", format_example_note(printer, country))
    write_text(folder / "README.md", format_readme(study, country, manifest, cuts))
    write_text(folder / "LICENCE.txt", format_licence(licence))
    write_text(folder / "CITATION.txt", format_citation(study, country, public / "manifest.json"))


def _copy_figures_of_width(drawn_folder: Path, folder: Path, name: str) -> None:
    """Put the figures of one width into the pack; their data are the same in all."""
    for path in sorted(drawn_folder.rglob("*")):
        if path.suffix in (".svg", ".png", ".pdf"):
            target = folder / WIDTHS_FOLDER / name / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        elif path.suffix == ".csv":
            target = folder / "data" / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def figure_rows(public: Path, country: str, language: str) -> Iterator[dict[str, Any]]:
    """Return the texts of each figure that was drawn, with its shortcode."""
    for figure in list_figures(public / "figures" / country / language):
        if figure["files"]:
            yield {
                "figure": figure["id"],
                "title": figure["title"],
                "subtitle": figure["subtitle"],
                "caption": figure["caption"],
                "alt_short": figure["alt_short"],
                "alt": figure["alt"],
                "source": figure["source"],
                "simulated": figure["simulated"],
                "data": f"data/{language}/{figure['csv']}",
                "shortcode": f"{{{{< figure {country}/{figure['id']} >}}}}",
            }


def sentence_rows(printer: NotePrinter, country: str) -> Iterator[dict[str, Any]]:
    """Return a sentence on each published estimate; of a hidden one it says that there is none."""
    rows = printer.published.read_rows(country, ESTIMATES)
    for row, row_address in zip(rows, addresses_of_rows(ESTIMATES, rows), strict=True):
        yield {
            "id": row_address,
            "indicator": row["indicator"],
            "domain": row["domain"],
            "level": row["level"],
            "status": row["status"],
            "sentence": unescape(remove_addresses(printer.print_sentence(row_address))),
            "shortcode": f"{{{{< sentence {row_address} >}}}}",
        }


def known_study_rows(printer: NotePrinter, country: str) -> Iterator[dict[str, Any]]:
    """Return what other studies published, each estimate with the survey's own where it may stand.

    That is a sentence; it is empty where the study says that the two cannot be compared.
    """
    for row in printer.published.read_rows(country, KNOWN_STUDIES):
        if row["country"] != country:
            continue
        beside = printer.study.has_survey and row["indicator"] and row["comparable"] != "no"
        sentence = printer.print_sentence(f"{country}/{row['indicator']}") if beside else ""
        yield row | {
            "survey": unescape(remove_addresses(sentence)),
            "survey_simulated": printer.study.config.study.simulated,
        }


def association_rows(printer: NotePrinter) -> Iterator[dict[str, Any]]:
    """Return what goes with what over all countries, by name; nothing without numbers."""
    rows = printer.published.addressed_rows(COMPARE, ASSOCIATIONS)
    for row_address, row in rows.items():
        if row["ratio"]:
            yield {
                "id": row_address,
                "outcome": unescape(printer.labels.indicator(row["indicator"])),
                "goes_with": unescape(printer.labels.indicator(row["characteristic"])),
                "odds_ratio": row["ratio"],
                "ci_low": row["ci_low"],
                "ci_high": row["ci_high"],
                "clear": row["clear"],
                "countries": row["countries"],
                "simulated": printer.study.config.study.simulated,
                "shortcode": f"{{{{< number {row_address}/ratio >}}}}",
            }


def zip_folder(folder: Path) -> bytes:
    """Return a ZIP of a folder, whose bytes depend on nothing but names and contents."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                member = zipfile.ZipInfo(name, _ZIP_TIME)
                member.external_attr = _ZIP_RIGHTS
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, path.read_bytes())
    return buffer.getvalue()


def _write_table(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    frame = pd.DataFrame(list(rows))
    if not frame.empty:
        write_sheet(path, frame)
