"""Figures of the site: each with its files, and with texts for whoever shows it elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.report.figures.cuts import WIDE
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.results import listed_figures
from disrupting_harm.report.site.documents import File
from disrupting_harm.report.ways import own_name
from disrupting_harm.report.words import Words
from disrupting_harm.study.config import StudyInfo

KINDS = {".svg": "SVG", ".png": "PNG", ".pdf": "PDF"}
PIXELS_PER_POINT = 96 / 72
COUNTED = "evidence"  # the kind of figures of what others counted
# The size of a picture stands in the first element of its file.
_HEAD = 1000
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Elsewhere:
    """The same figure in another language."""

    language: str
    name: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Picture:
    """One figure, with ``width`` and ``height`` in pixels, and the texts that go with it.

    ``language`` is that of the drawing and its texts, which is not always the reader's; ``phone``
    is its drawing for telephones, where it has one, with a size of its own. ``simulated`` are its
    words that mark simulated data. Where ``cites_source``, ``source`` comes first.
    """

    name: str
    language: str
    kind: str
    indicator: str
    title: str
    alt: str
    alt_short: str
    caption: str
    subtitle: str
    source: str
    simulated: str
    citation: str
    cites_source: bool
    image: str
    phone: str
    phone_width: int
    phone_height: int
    width: int
    height: int
    wide: bool
    files: tuple[File, ...]
    elsewhere: tuple[Elsewhere, ...]


def gallery(
    public: Path,
    folder: str,
    study: StudyInfo,
    place: str,
    words: Words,
    languages: Sequence[str] = (),
) -> list[Picture]:
    """Return the figures that the list of a folder names and that were drawn, in its order.

    Args:
        public: the public results.
        folder: of the figures, from there; with languages, each has a folder within it.
        study: who made them, and whether they are simulated.
        place: of what they speak, in the citation.
        words: the reader's language.
        languages: of the figures; shown are those in the reader's language, else those in English,
            else those in the first. Without them, the figures are in English alone.
    """
    if not languages:
        return _pictures(public, folder, study, place, ENGLISH, {}, words)
    wanted = (words.language, ENGLISH, languages[0])
    main = next(language for language in wanted if language in languages)
    others = {
        language: {entry["id"]: entry for entry in listed_figures(public / folder / language)}
        for language in languages
        if language != main
    }
    elsewhere: dict[str, list[Elsewhere]] = {}
    for language, entries in others.items():
        for name, entry in entries.items():
            if files := _files(f"{folder}/{language}", entry, words):
                elsewhere.setdefault(name, []).append(
                    Elsewhere(language, own_name(language), files)
                )
    return _pictures(public, f"{folder}/{main}", study, place, main, elsewhere, words)


def _pictures(
    public: Path,
    folder: str,
    study: StudyInfo,
    place: str,
    language: str,
    elsewhere: dict[str, list[Elsewhere]],
    words: Words,
) -> list[Picture]:
    found = []
    for entry in listed_figures(public / folder):
        if not entry["files"]:
            continue
        image = next(name for name in entry["files"] if name.endswith(".svg"))
        width, height = _pixels(public / folder / image)
        phone = f"{folder}/{entry['phone']}" if entry.get("phone") else ""
        narrow = _pixels(public / phone) if phone else (0, 0)
        found.append(
            Picture(
                name=entry["id"],
                language=language,
                kind=entry["kind"],
                indicator=entry["indicator"],
                title=entry["title"],
                alt=entry["alt"],
                alt_short=entry["alt_short"],
                caption=entry["caption"],
                subtitle=entry["subtitle"],
                source=entry["source"],
                simulated=entry["simulated"],
                citation=_citation(entry, study, place, words),
                cites_source=not entry["simulated"] and entry["kind"] == COUNTED,
                image=f"{folder}/{image}",
                phone=phone,
                phone_width=narrow[0],
                phone_height=narrow[1],
                width=width,
                height=height,
                wide=entry["cut"] == WIDE.name,
                files=_files(folder, entry, words),
                elsewhere=tuple(elsewhere.get(entry["id"], ())),
            )
        )
    return found


def _files(folder: str, entry: dict[str, Any], words: Words) -> tuple[File, ...]:
    pictures = [File(f"{folder}/{name}", KINDS[Path(name).suffix], "") for name in entry["files"]]
    data = [File(f"{folder}/{entry['csv']}", words("data (CSV)"), "")] if entry["csv"] else []
    return (*pictures, *data)


def _citation(entry: dict[str, Any], study: StudyInfo, place: str, words: Words) -> str:
    """Return how to cite a figure; one of simulated numbers is not to be cited.

    Of what others counted it is said who drew it: who counted it is its source, and named before.
    """
    if entry["simulated"]:
        return words("Not to be cited: the data are simulated.")
    title = words.of_study(study.title)
    who = ", ".join(study.organisations) or title
    if entry["kind"] == COUNTED:
        return words(
            "Figure: {organisations} ({year}), {title}: {figure}, {place}.",
            organisations=who,
            year=study.date.year,
            title=title,
            figure=entry["title"],
            place=place,
        )
    return f"{who} ({study.date.year}). {title}: {entry['title']}, {place}."


def _pixels(picture: Path) -> tuple[int, int]:
    """Return the width and height in which a browser shows an SVG file."""
    with picture.open(encoding="utf-8") as file:
        size = _SIZE.search(file.read(_HEAD))
    if size is None:
        raise ValueError(f"{picture.name} has no viewBox within its first {_HEAD} letters")
    width, height = (round(float(side) * PIXELS_PER_POINT) for side in size.groups())
    return width, height
