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
from disrupting_harm.notes.shortcodes import Printer, known_names
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.report.documents.country_names import place_figure
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.reading.country_results import Figure, listed_figures, read_figures
from disrupting_harm.report.rendering.docx import Letterhead, with_letterhead
from disrupting_harm.report.rendering.quarto_project import DEFAULTS, FONTS, SETTINGS, SHARED

# Figures and tables of a note, from the public folder and the public tables.


FIGURES, COMPARISON = "figures", "comparison"
_MODULE, _GROUPS = "module-", "by-group-"


@dataclass(frozen=True)
class Placed:
    """A figure as a note shows it.

    Attributes:
        markdown: with caption, alternative text and label.
        folder: the public folder of its files.
        place: the same folder below the figures: ``KEN/en``.
        figure: its texts and the names of its files.
    """

    markdown: Markdown
    folder: Path
    place: str
    figure: Figure


class Placing:
    """Place the figures and tables of one note.

    Args:
        printer: what prints numbers in the note's language.
        root: the note's folder as seen from the document: "", or "../".
    """

    def __init__(self, printer: Printer, root: str = "") -> None:
        self._printer = printer
        self._root = root

    def figure(self, name: str) -> Placed:
        """Return a figure with its caption, alternative text and label ``fig-…``.

        Raises:
            StudyError: if there is none of the name, or none in the note's language.
        """
        country, own = self._printer.ids.placed(name)
        folder = self.folder(country)
        figures = read_figures(folder, folder)
        if own not in figures:
            raise self._no_figure(name, own, folder, figures)
        place = folder.relative_to(self._printer.public / FIGURES).as_posix()
        # A note holds its pictures, each once: no drawing for telephones beside.
        figure = replace(figures[own], path=f"{self._root}{FIGURES}/{place}/{own}", phone="")
        label = self._label("fig", country, own)
        return Placed(place_figure(figure, label), folder, place, figure)

    def table(self, name: str) -> Markdown:
        """Return a table with its caption and label ``tbl-…``.

        Args:
            name: ``module-X``: the estimates of a module; ``by-group-X``: one indicator by all
                groups that are not crossed; ``X/sex``: by one of them.

        Raises:
            StudyError: if there is none of the name.
        """
        country, own = self._printer.ids.placed(name)
        label = self._label("tbl", country, own)
        labels = self._printer.labels
        if own.startswith(_MODULE) and own.removeprefix(_MODULE) in labels.modules():
            tables = self._printer.tables(country)
            module = own.removeprefix(_MODULE)
            return tables.module(module, label, self._printer.country(country))
        indicator, _, domain = own.removeprefix(_GROUPS).partition("/")
        by_all = own.startswith(_GROUPS) and not domain
        if indicator not in self._indicators or not (by_all or domain in labels.domains()):
            raise self._no_table(name, own)
        domains = self.plain_domains if by_all else [domain]
        text = self._printer.text
        subject = text(
            "{subject}, {place}",
            subject=labels.with_base(indicator),
            place=self._printer.country(country),
        )
        caption = text("{subject}, by group", subject=subject)
        return self._printer.tables(country).levels(indicator, domains, caption, label)

    def folder(self, country: str) -> Path:
        """Return the public folder of a country's figures in the note's language.

        Args:
            country: its code; ``compare`` for figures of the comparison, which are in English.

        Raises:
            StudyError: if there are none in this language.
        """
        if country == COMPARE:
            return self._compared()
        above = self._printer.public / FIGURES / country
        folder = above / self._printer.language
        if not folder.is_dir():
            drawn = sorted(path.name for path in above.iterdir()) if above.is_dir() else []
            languages = ", ".join(name for name in drawn if (above / name).is_dir()) or "none"
            raise StudyError(
                f"'{country}'",
                f"it has no figures in the note's language, {self._printer.language}: "
                f"they are drawn in {languages}",
                "add the language to the country's row of the countries file and run the study, "
                "or write the note in another",
            )
        return folder

    def _compared(self) -> Path:
        folder = self._printer.public / FIGURES / COMPARISON
        if self._printer.language != ENGLISH or not folder.is_dir():
            found = "figures of the comparison are drawn in English alone"
            raise StudyError(f"'{COMPARE}'", found, "write a note in English, or take it out")
        return folder

    @property
    def plain_domains(self) -> list[str]:
        """The groups of the codebook that are not crossed."""
        labels, codebook = self._printer.labels, self._printer.study.codebook
        crossed = {domain.id for domain in codebook.domains if domain.cross}
        return [name for name in labels.domains() if name not in crossed]

    def table_names(self) -> list[str]:
        """Return the names of all tables of modules and groups, without a country."""
        modules = [f"{_MODULE}{name}" for name in self._printer.labels.modules()]
        return [*modules, *(f"{_GROUPS}{name}" for name in self._indicators)]

    @property
    def _indicators(self) -> list[str]:
        return [entry.id for entry in self._printer.study.codebook.indicators]

    def _label(self, kind: str, country: str, own: str) -> str:
        name = own.replace("/", "-")
        mine = country == self._printer.ids.country
        return f"{kind}-{name}" if mine else f"{kind}-{country}-{name}"

    def _no_figure(self, name: str, own: str, folder: Path, known: Collection[str]) -> StudyError:
        absent = {entry["id"]: entry.get("absent", "") for entry in listed_figures(folder)}
        if absent.get(own):
            return StudyError(f"'{name}'", f"it was not drawn: {absent[own]}", "take it out")
        return StudyError(f"'{name}'", "there is no such figure", _nearest(own, known))

    def _no_table(self, name: str, own: str) -> StudyError:
        domains = self._printer.labels.domains()
        indicator, by_one, _ = own.partition("/")
        known = self.table_names()
        if by_one:
            of = [indicator] if indicator in self._indicators else self._indicators
            known = [f"{each}/{domain}" for each in of for domain in domains]
        remedy = f"{_nearest(own, known)}; groups are {', '.join(domains)}"
        return StudyError(f"'{name}'", "there is no such table", remedy)


def _nearest(name: str, known: Collection[str]) -> str:
    """Name what was meant, or else what begins alike: figures by group are few."""
    within = [each for each in known if name and name in each]
    near = difflib.get_close_matches(name, known, n=3) or within[:3]
    if near:
        return f"did you mean {' or '.join(near)}?"
    kind = next((each for each in (_GROUPS, _MODULE) if name.startswith(each)), "")
    alike = [each for each in known if each.startswith(kind)]
    return f"there are {known_names(alike or known)}"


EXTENSION = "_extensions/disrupting-harm"
_HERE = Path(__file__).parent / "extension"
_MARK = "# Written by 'disrupting-harm': the folder of a note, for Quarto.\n"
# In front of the filter of all documents: what stands for numbers becomes text.
_OWN_FILTER = {"path": f"{EXTENSION}/filter.lua", "at": "pre-ast"}


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that belongs to something else.

    Raises:
        StudyError: if it is a project of Quarto, or the top of a repository.
    """
    settings = folder / SETTINGS
    if settings.is_file() and not read_text(settings).startswith(_MARK):
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(settings), "the settings of other documents", remedy)
    if (folder / ".git").exists():
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(folder), "the top of a repository", remedy)


def furnish(folder: Path, public: Path) -> None:
    """Write styles, fonts and the extension of shortcodes into the folder of a note.

    Args:
        folder: of the note.
        public: the public results.
    """
    refuse_foreign(folder)
    write_text(folder / SETTINGS, settings_of(public))
    for name in (SHARED, FONTS):
        _copy(public / name, folder / name)
    for name, text in extension().items():
        write_text(folder / EXTENSION / name, text)


def mark_word_files(folder: Path, front: Mapping[str, Any]) -> None:
    """Put what a note says of itself on each page of the Word files that Quarto makes of it.

    Args:
        folder: of the note, furnished.
        front: of the filled note.
    """
    reference = folder / SHARED / "reference.docx"
    settings = yaml.safe_load(read_text(folder / SETTINGS))
    letterhead = Letterhead(
        watermark=front.get("watermark", ""),
        status=front.get("status", ""),
        organisation=settings.get("organisation", ""),
        language=front["lang"],
    )
    write_bytes(reference, with_letterhead(reference.read_bytes(), letterhead))


def extension() -> dict[str, str]:
    """Return the files of the extension of Quarto but its numbers.

    What both Lua files need stands at their heads: Quarto runs each by itself.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(_HERE.iterdir())}
    lookup = texts.pop("lookup.lua")
    return {name: lookup + text if name.endswith(".lua") else text for name, text in texts.items()}


def copy_figures(folder: Path, figures: Path, country: str, language: str) -> None:
    """Copy the figures of a country in one language, as pictures and with their data.

    Args:
        folder: of the note.
        figures: the public folder of these figures.
        country: its code.
        language: of the figures.
    """
    _copy(figures, folder / FIGURES / country / language)


def copy_figure(placed: Placed, folder: Path) -> None:
    """Copy one figure that a note shows, with its data, into the folder of the note."""
    for name in (*placed.figure.files, placed.figure.csv):
        target = folder / FIGURES / placed.place / name
        _write(target, (placed.folder / name).read_bytes())


def settings_of(public: Path) -> str:
    """Return the settings of the study's documents as those of notes.

    The shortcodes of numbers are filled first. A note has the study's date, and contents and
    numbered headings where its author asks for them. Its page holds its figures.
    """
    settings = yaml.safe_load(read_text(public / SETTINGS))
    settings["filters"] = [_OWN_FILTER, *settings["filters"]]
    settings[DEFAULTS] |= {
        "number-sections": False,
        "contents": False,
        "linked-pictures": False,
    }
    for block in settings["format"].values():
        block["toc"] = False
    settings["date"] = read_json(public / "manifest.json")["configuration"]["study"]["date"]
    return _MARK + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def _copy(source: Path, target: Path) -> None:
    for path in _files(source):
        _write(target / path.relative_to(source), path.read_bytes())


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _write(target: Path, content: bytes) -> None:
    if not target.is_file() or target.read_bytes() != content:
        write_bytes(target, content)
