"""What lies beside a note: the styles of the study's documents, its figures, and shortcodes.

With it the folder of a note is complete: it renders in Quarto without our command, can be moved,
and can be handed to a colleague. All of it is public, and each render writes it anew.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, read_text, write_bytes, write_text
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.notes.shortcodes import NotePrinter, format_names
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.report.documents.template_values import place_figure
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.settings import ENGLISH, read_language_tag
from disrupting_harm.report.reading.country_results import Figure, list_figures, read_figures
from disrupting_harm.report.rendering.docx import Letterhead, add_letterhead
from disrupting_harm.report.rendering.quarto_project import DEFAULTS, FONTS, SETTINGS, SHARED
from disrupting_harm.report.rendering.word_pictures import draw_for_word

FIGURES, COMPARISON = "figures", "comparison"
_MODULE_PREFIX, _GROUPS_PREFIX = "module-", "by-group-"


@dataclass(frozen=True)
class PlacedFigure:
    """A figure as a note shows it.

    Attributes:
        markdown: with caption, alternative text and label.
        folder: the public folder of its files.
        subfolder: the same folder below the figures: ``KEN/en``.
        figure: its texts and the names of its files.
    """

    markdown: Markdown
    folder: Path
    subfolder: str
    figure: Figure


class BlockPlacer:
    """Place the figures and tables of one note.

    Args:
        printer: what prints numbers in the note's language.
        root: the note's folder as seen from the document: "", or "../".
    """

    def __init__(self, printer: NotePrinter, root: str = "") -> None:
        self._printer = printer
        self._root = root

    def place_figure(self, name: str) -> PlacedFigure:
        """Return a figure with its caption, alternative text and label ``fig-…``.

        Raises:
            StudyError: if there is none of the name, or none in the note's language.
        """
        country, short_name = self._printer.ids.split_block_name(name)
        folder = self.figure_folder(country)
        figures = read_figures(folder, folder)
        if short_name not in figures:
            raise self._missing_figure_error(name, short_name, folder, figures)
        subfolder = folder.relative_to(self._printer.public / FIGURES).as_posix()
        # A note holds its pictures, each once: no drawing for telephones beside.
        figure = replace(
            figures[short_name], path=f"{self._root}{FIGURES}/{subfolder}/{short_name}", phone=""
        )
        label = self._format_label("fig", country, short_name)
        return PlacedFigure(place_figure(figure, label), folder, subfolder, figure)

    def place_table(self, name: str) -> Markdown:
        """Return a table with its caption and label ``tbl-…``.

        Args:
            name: ``module-X``: the estimates of a module; ``by-group-X``: one indicator by all
                groups that are not crossed; ``X/sex``: by one of them.

        Raises:
            StudyError: if there is none of the name.
        """
        country, short_name = self._printer.ids.split_block_name(name)
        label = self._format_label("tbl", country, short_name)
        labels = self._printer.labels
        if (
            short_name.startswith(_MODULE_PREFIX)
            and short_name.removeprefix(_MODULE_PREFIX) in labels.modules()
        ):
            tables = self._printer.tables_of(country)
            module = short_name.removeprefix(_MODULE_PREFIX)
            return tables.format_module(module, label, self._printer.country_name(country))
        indicator, _, domain = short_name.removeprefix(_GROUPS_PREFIX).partition("/")
        by_all = short_name.startswith(_GROUPS_PREFIX) and not domain
        if indicator not in self._indicator_ids or not (by_all or domain in labels.domains()):
            raise self._missing_table_error(name, short_name)
        domains = self.plain_domains if by_all else [domain]
        translator = self._printer.translator
        subject = translator(
            "{subject}, {place}",
            subject=labels.with_base(indicator),
            place=self._printer.country_name(country),
        )
        caption = translator("{subject}, by group", subject=subject)
        return self._printer.tables_of(country).format_levels(indicator, domains, caption, label)

    def figure_folder(self, country: str) -> Path:
        """Return the public folder of a country's figures in the note's language.

        Args:
            country: its code; ``compare`` for figures of the comparison, which are in English.

        Raises:
            StudyError: if there are none in this language.
        """
        if country == COMPARE:
            return self._comparison_folder()
        country_folder = self._printer.public / FIGURES / country
        folder = country_folder / self._printer.language
        if not folder.is_dir():
            drawn = (
                sorted(path.name for path in country_folder.iterdir())
                if country_folder.is_dir()
                else []
            )
            languages = (
                ", ".join(name for name in drawn if (country_folder / name).is_dir()) or "none"
            )
            raise StudyError(
                f"'{country}'",
                f"it has no figures in the note's language, {self._printer.language}: "
                f"they are drawn in {languages}",
                "add the language to the country's row of the countries file and run the study, "
                "or write the note in another",
            )
        return folder

    def _comparison_folder(self) -> Path:
        folder = self._printer.public / FIGURES / COMPARISON
        if self._printer.language != ENGLISH or not folder.is_dir():
            finding = "figures of the comparison are drawn in English alone"
            raise StudyError(f"'{COMPARE}'", finding, "write a note in English, or take it out")
        return folder

    @property
    def plain_domains(self) -> list[str]:
        """The groups of the codebook that are not crossed."""
        labels, codebook = self._printer.labels, self._printer.study.codebook
        crossed = {domain.id for domain in codebook.domains if domain.cross}
        return [name for name in labels.domains() if name not in crossed]

    def table_names(self) -> list[str]:
        """Return the names of all tables of modules and groups, without a country."""
        modules = [f"{_MODULE_PREFIX}{name}" for name in self._printer.labels.modules()]
        return [*modules, *(f"{_GROUPS_PREFIX}{name}" for name in self._indicator_ids)]

    @property
    def _indicator_ids(self) -> list[str]:
        return [indicator.id for indicator in self._printer.study.codebook.indicators]

    def _format_label(self, prefix: str, country: str, short_name: str) -> str:
        name = short_name.replace("/", "-")
        is_note_country = country == self._printer.ids.country
        return f"{prefix}-{name}" if is_note_country else f"{prefix}-{country}-{name}"

    def _missing_figure_error(
        self, name: str, short_name: str, folder: Path, figure_names: Collection[str]
    ) -> StudyError:
        reasons = {figure["id"]: figure.get("absent", "") for figure in list_figures(folder)}
        if reasons.get(short_name):
            return StudyError(
                f"'{name}'", f"it was not drawn: {reasons[short_name]}", "take it out"
            )
        return StudyError(
            f"'{name}'", "there is no such figure", _suggest_names(short_name, figure_names)
        )

    def _missing_table_error(self, name: str, short_name: str) -> StudyError:
        domains = self._printer.labels.domains()
        indicator, separator, _ = short_name.partition("/")
        table_names = self.table_names()
        if separator:
            indicators = [indicator] if indicator in self._indicator_ids else self._indicator_ids
            table_names = [
                f"{indicator_id}/{domain}" for indicator_id in indicators for domain in domains
            ]
        remedy = f"{_suggest_names(short_name, table_names)}; groups are {', '.join(domains)}"
        return StudyError(f"'{name}'", "there is no such table", remedy)


def _suggest_names(name: str, candidates: Collection[str]) -> str:
    """Name the close matches, or else the names of the same kind: figures by group are few."""
    containing = [candidate for candidate in candidates if name and name in candidate]
    suggestions = difflib.get_close_matches(name, candidates, n=3) or containing[:3]
    if suggestions:
        return f"did you mean {' or '.join(suggestions)}?"
    prefix = next(
        (candidate for candidate in (_GROUPS_PREFIX, _MODULE_PREFIX) if name.startswith(candidate)),
        "",
    )
    same_kind = [candidate for candidate in candidates if candidate.startswith(prefix)]
    return f"there are {format_names(same_kind or candidates)}"


EXTENSION = "_extensions/disrupting-harm"
_EXTENSION_SOURCE = Path(__file__).parent / "extension"
_SETTINGS_MARK = "# Written by 'disrupting-harm': the folder of a note, for Quarto.\n"
# In front of the filter of all documents: what stands for numbers becomes text.
_SHORTCODE_FILTER = {"path": f"{EXTENSION}/filter.lua", "at": "pre-ast"}


def check_note_folder(folder: Path) -> None:
    """Refuse a folder that belongs to something else.

    Raises:
        StudyError: if it is a project of Quarto, or the top of a repository.
    """
    settings = folder / SETTINGS
    if settings.is_file() and not read_text(settings).startswith(_SETTINGS_MARK):
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(settings), "the settings of other documents", remedy)
    if (folder / ".git").exists():
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(folder), "the top of a repository", remedy)


def write_note_folder(folder: Path, public: Path) -> None:
    """Write styles, fonts and the extension of shortcodes into the folder of a note."""
    check_note_folder(folder)
    write_text(folder / SETTINGS, make_note_settings(public))
    for name in (SHARED, FONTS):
        _copy_files(public / name, folder / name)
    for name, content in read_extension().items():
        write_text(folder / EXTENSION / name, content)


def mark_word_files(folder: Path, front: Mapping[str, Any]) -> None:
    """Put watermark and status of a filled note on each page of the Word files of Quarto.

    The folder has its styles already.
    """
    reference = folder / SHARED / "reference.docx"
    settings = yaml.safe_load(read_text(folder / SETTINGS))
    letterhead = Letterhead(
        watermark=front.get("watermark", ""),
        status=front.get("status", ""),
        organisation=settings.get("organisation", ""),
        language=read_language_tag(templates_folder() / "locale", front["lang"]),
    )
    write_bytes(reference, add_letterhead(reference.read_bytes(), letterhead))


def read_extension() -> dict[str, str]:
    """Return the files of the extension of Quarto but its numbers.

    What both Lua files need stands at their heads: Quarto runs each by itself.
    """
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(_EXTENSION_SOURCE.iterdir())
    }
    lookup = texts.pop("lookup.lua")
    return {name: lookup + text if name.endswith(".lua") else text for name, text in texts.items()}


def copy_figures(folder: Path, figures: Path, country: str, language: str) -> None:
    """Copy the figures of a public folder with their data and list into the folder of a note."""
    target = folder / FIGURES / country / language
    for figure in read_figures(figures, figures).values():
        _copy_figure_files(figure, figures, target)
    for figure_list in figures.glob(f"{FIGURES}*.json"):
        _write_if_changed(target / figure_list.name, figure_list.read_bytes())


def copy_figure(placed: PlacedFigure, folder: Path) -> None:
    """Copy one figure that a note shows, with its data, into the folder of the note."""
    _copy_figure_files(placed.figure, placed.folder, folder / FIGURES / placed.subfolder)


def _copy_figure_files(figure: Figure, source: Path, target: Path) -> None:
    """Copy a figure and make its picture for Word, which Quarto by itself needs beside it."""
    for name in (*figure.files, figure.csv):
        _write_if_changed(target / name, (source / name).read_bytes())
    if f"{figure.id}.png" not in figure.files:
        drawing = source / f"{figure.id}.svg"
        _write_if_changed(target / f"{figure.id}.png", draw_for_word(drawing))


def make_note_settings(public: Path) -> str:
    """Return the settings of the study's documents as those of notes.

    The shortcodes of numbers are filled first. A note has the study's date, and contents and
    numbered headings where its author asks for them. Its page holds its figures.
    """
    settings = yaml.safe_load(read_text(public / SETTINGS))
    settings["filters"] = [_SHORTCODE_FILTER, *settings["filters"]]
    settings[DEFAULTS] |= {
        "number-sections": False,
        "contents": False,
        "linked-pictures": False,
    }
    for block in settings["format"].values():
        block["toc"] = False
    settings["date"] = read_json(public / "manifest.json")["configuration"]["study"]["date"]
    return _SETTINGS_MARK + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def _copy_files(source: Path, target: Path) -> None:
    for path in _list_files(source):
        _write_if_changed(target / path.relative_to(source), path.read_bytes())


def _list_files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _write_if_changed(target: Path, content: bytes) -> None:
    if not target.is_file() or target.read_bytes() != content:
        write_bytes(target, content)
