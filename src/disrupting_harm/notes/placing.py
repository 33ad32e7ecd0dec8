"""Figures and tables of a note, from the public folder and the public tables."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.notes.printing import Printer, known_names
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.report.composition import place_figure
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.results import Figure, listed_figures, read_figures

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
