"""Figures of the site: each with its files, and with texts for whoever shows it elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import COMPARE, address_part
from disrupting_harm.report.documents.draft_status import read_marks
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.figures.drawing.widths import WIDE
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.navigation import own_name
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import listed_figures
from disrupting_harm.report.web.site.addressed_numbers import column, key_of_row
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo

# Documents that a page leads to, in all their languages and formats.


BOOK_FORMATS = ("xlsx", "pdf")


@dataclass(frozen=True)
class File:
    """One format of a document: where it is from the public folder, what it is called, its size."""

    href: str
    text: str
    size: str


@dataclass(frozen=True)
class Version:
    """A document in one language: the language by its own name and in the reader's, and its files.

    ``mark`` says what is not settled about it; it is empty otherwise.
    """

    language: str
    name: str
    called: str
    mark: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Document:
    """A document, for whom it is written, and its languages; ``name`` is that of its files."""

    name: str
    title: str
    readers: str
    versions: tuple[Version, ...]


def versions(
    public: Path,
    folder: str,
    name: str,
    languages: Sequence[str],
    formats: Sequence[str],
    translator: Translator[str],
) -> tuple[Version, ...]:
    """Return the languages in which a document lies in the public folder, the reader's own first.

    Args:
        public: the public results.
        folder: of the document, from there; it has a folder for each language.
        name: of the document's files.
        languages: those that it may have, in their order.
        formats: of its files; those that are not there are left out.
        translator: the reader's language.
    """
    called = formats_called(translator)
    found = []
    for language in own_first(languages, translator.language):
        place = public / folder / language
        files = tuple(
            File(f"{folder}/{language}/{path.name}", called[kind], _size(path, translator))
            for kind in formats
            if (path := place / f"{name}.{kind}").is_file()
        )
        if files:
            mark = ", ".join(read_marks(place, translator))
            found.append(
                Version(
                    language, own_name(language), language_name(language, translator), mark, files
                )
            )
    return tuple(found)


def own_first(languages: Iterable[str], own: str) -> list[str]:
    """Return languages in their order, but the reader's own before all."""
    return sorted(languages, key=lambda language: language != own)


def language_name(language: str, translator: Translator[str]) -> str:
    """Return what a language is called in the reader's."""
    if language == translator.language:
        return own_name(language)
    return str(translator.locale.languages.get(language, language))


def formats_called(translator: Translator[str]) -> dict[str, str]:
    """Return what formats are called in the reader's language; PDF, Word and Excel are names."""
    return {
        "html": translator("web page"),
        "pdf": "PDF",
        "docx": "Word",
        "xlsx": "Excel",
        "qmd": translator("source"),
    }


def _size(path: Path, translator: Translator[str]) -> str:
    """Return the size of a large file, which a reader may not want to load on the way."""
    megabytes = path.stat().st_size / 1e6
    return f"{translator.number(megabytes, 1)} MB" if megabytes >= 0.1 else ""


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
    translator: Translator[str],
    languages: Sequence[str] = (),
) -> list[Picture]:
    """Return the figures that the list of a folder names and that were drawn, in its order.

    Args:
        public: the public results.
        folder: of the figures, from there; with languages, each has a folder within it.
        study: who made them, and whether they are simulated.
        place: of what they speak, in the citation.
        translator: the reader's language.
        languages: of the figures; shown are those in the reader's language, else those in English,
            else those in the first. Without them, the figures are in English alone.
    """
    if not languages:
        return _pictures(public, folder, study, place, ENGLISH, {}, translator)
    wanted = (translator.language, ENGLISH, languages[0])
    main = next(language for language in wanted if language in languages)
    others = {
        language: {entry["id"]: entry for entry in listed_figures(public / folder / language)}
        for language in languages
        if language != main
    }
    elsewhere: dict[str, list[Elsewhere]] = {}
    for language, entries in others.items():
        for name, entry in entries.items():
            if files := _files(f"{folder}/{language}", entry, translator):
                elsewhere.setdefault(name, []).append(
                    Elsewhere(language, own_name(language), files)
                )
    return _pictures(public, f"{folder}/{main}", study, place, main, elsewhere, translator)


def _pictures(
    public: Path,
    folder: str,
    study: StudyInfo,
    place: str,
    language: str,
    elsewhere: dict[str, list[Elsewhere]],
    translator: Translator[str],
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
                citation=_citation(entry, study, place, translator),
                cites_source=not entry["simulated"] and entry["kind"] == COUNTED,
                image=f"{folder}/{image}",
                phone=phone,
                phone_width=narrow[0],
                phone_height=narrow[1],
                width=width,
                height=height,
                wide=entry["cut"] == WIDE.name,
                files=_files(folder, entry, translator),
                elsewhere=tuple(elsewhere.get(entry["id"], ())),
            )
        )
    return found


def _files(folder: str, entry: dict[str, Any], translator: Translator[str]) -> tuple[File, ...]:
    pictures = [File(f"{folder}/{name}", KINDS[Path(name).suffix], "") for name in entry["files"]]
    data = [File(f"{folder}/{entry['csv']}", translator("data (CSV)"), "")] if entry["csv"] else []
    return (*pictures, *data)


def _citation(
    entry: dict[str, Any], study: StudyInfo, place: str, translator: Translator[str]
) -> str:
    """Return how to cite a figure; one of simulated numbers is not to be cited.

    Of what others counted it is said who drew it: who counted it is its source, and named before.
    """
    if entry["simulated"]:
        return translator("Not to be cited: the data are simulated.")
    title = translator.of_study(study.title)
    who = ", ".join(study.organisations) or title
    if entry["kind"] == COUNTED:
        return translator(
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


# What the page of the comparison holds: each headline indicator with its figures and tables.


FOLDER = "figures/comparison"


def sections(
    public: Path,
    codebook: Codebook,
    study: StudyInfo,
    named: Mapping[str, str],
    place: str,
    results: RegionalResults,
    translator: Translator[str],
) -> list[dict[str, Any]]:
    """Return one section for each indicator that was compared.

    Args:
        public: the public results.
        codebook: the order of the indicators, and their labels.
        study: who made the figures, and whether they are simulated.
        named: names of the countries by code.
        place: of what the figures speak, in their citations.
        results: the tables of the comparison.
        translator: the reader's language; the figures are in English.
    """
    pictures = gallery(public, FOLDER, study, place, translator)
    found: list[dict[str, Any]] = []
    for indicator in codebook.indicators:
        rows = [
            {
                **row,
                "key": key_of_row([row["country"]]),
                "name": named[row["country"]],
                "ranks": _ranks(results, row, translator),
                "printed": _printed(row, translator),
                "interval": _interval(row, translator),
            }
            for row in results.rows("prevalence", indicator=indicator.id)
        ]
        if not rows:
            continue
        pairs: list[dict[str, Any]] = [
            {
                **row,
                "key": key_of_row([row["country_a"], row["country_b"]]),
                "a": named[row["country_a"]],
                "b": named[row["country_b"]],
            }
            for row in results.rows("pairwise", indicator=indicator.id)
        ]
        own = [picture for picture in pictures if picture.indicator == indicator.id]
        found.append(
            {
                "id": indicator.id,
                "label": translator.of_study(indicator.label),
                "columns": _columns(indicator.id),
                "pictures": [one for kind in ON_SITE for one in own if one.kind == kind],
                "others": [one for one in own if one.kind not in ON_SITE],
                "rows": sorted(rows, key=lambda row: by_letters(row["name"])),
                "pairs": sorted(
                    pairs, key=lambda row: (by_letters(row["a"]), by_letters(row["b"]))
                ),
            }
        )
    return found


def _columns(indicator: str) -> dict[str, str]:
    """Return the addresses of the cells of each column, of the table and of that of pairs."""
    prevalence, pairs, ranks = (
        f"{COMPARE}/{table}/{address_part(indicator)}"
        for table in ("prevalence", "pairwise", "rank_sets")
    )
    ends = (f"{METHOD}/{SCOPE}/{end}" for end in ("rank_low", "rank_high"))
    return {
        "n": column(prevalence, "n"),
        "shown": column(prevalence, "shown"),
        "interval": column(prevalence, "ci_low", "ci_high"),
        "ranks": column(ranks, *ends),
        "difference": column(pairs, "difference"),
        "limits": column(pairs, "ci_low", "ci_high"),
        "p": column(pairs, "p_text"),
    }


def _ranks(results: RegionalResults, row: dict[str, str], translator: Translator[str]) -> str:
    found = results.row(
        "rank_sets", indicator=row["indicator"], country=row["country"], method=METHOD, scope=SCOPE
    )
    if found is None:
        return "–"
    low, high = found["rank_low"], found["rank_high"]
    return low if low == high else translator("{low} to {high}", low=low, high=high)


def _digits(shown: str) -> int:
    """Return how many decimals an estimate is printed with in the table."""
    return len(shown.partition(".")[2])


def _printed(row: dict[str, str], translator: Translator[str]) -> str:
    """Return an estimate in per cent as the language writes it; a sign stays what it is."""
    if not row["estimate"]:
        return translator.plain(row["shown"])
    return translator.percent(float(row["estimate"]), _digits(row["shown"]))


def _interval(row: dict[str, str], translator: Translator[str]) -> str:
    """Return an interval in per cent with as many decimals as the estimate is printed with."""
    if not row["ci_low"]:
        return "–"
    digits = _digits(row["shown"])
    low, high = (translator.percent(float(row[limit]), digits) for limit in ("ci_low", "ci_high"))
    return translator("{low} to {high}", low=low, high=high)
