"""Documents and figures that pages of the site lead to, and the page of the comparison."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.addresses import COMPARE, address_part
from disrupting_harm.publication.short_intervals import MAY_BE_SHORT
from disrupting_harm.report.documents.draft_status import read_marks
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE, is_set_apart
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import list_figures
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.web.site.addressed_numbers import format_column_addresses, key_of_row
from disrupting_harm.report.web.site.compared_pairs import (
    build_grid,
    describe_clear_pairs,
    read_pairs,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.statuses import (
    NOT_ASKED,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
    is_total,
)

# Documents that a page leads to, in all their languages and formats.


BOOK_FORMATS = ("xlsx", "pdf")


@dataclass(frozen=True)
class DocumentFile:
    """A file of a document; ``href`` is from the public folder, ``size`` empty for small files."""

    href: str
    label: str
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
    files: tuple[DocumentFile, ...]


@dataclass(frozen=True)
class Document:
    """A document, for whom it is written, and its languages; ``name`` is that of its files."""

    name: str
    title: str
    readers: str
    versions: tuple[Version, ...]


def find_versions(
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
    """
    format_names = name_formats(translator)
    documents = []
    for language in put_language_first(languages, translator.language):
        language_folder = public / folder / language
        files = tuple(
            DocumentFile(
                f"{folder}/{language}/{path.name}",
                format_names[file_format],
                _format_size(path, translator),
            )
            for file_format in formats
            if (path := language_folder / f"{name}.{file_format}").is_file()
        )
        if files:
            mark = ", ".join(read_marks(language_folder, translator))
            documents.append(
                Version(
                    language,
                    translator.endonym(language),
                    name_language(language, translator),
                    mark,
                    files,
                )
            )
    return tuple(documents)


def put_language_first(languages: Iterable[str], reader_language: str) -> list[str]:
    """Return languages in their order, but the reader's own before all."""
    return sorted(languages, key=lambda language: language != reader_language)


def name_language(language: str, translator: Translator[str]) -> str:
    """Return what a language is called in the reader's."""
    if language == translator.language:
        return translator.endonym(language)
    return str(translator.locale.languages.get(language, language))


def name_formats(translator: Translator[str]) -> dict[str, str]:
    """Return what formats are called in the reader's language; PDF, Word and Excel are names."""
    return {
        "html": translator("web page"),
        "pdf": "PDF",
        "docx": "Word",
        "xlsx": "Excel",
        "qmd": translator("text to edit"),
    }


def _format_size(path: Path, translator: Translator[str]) -> str:
    """Return the size of a large file, which a reader may not want to load on the way."""
    megabytes = path.stat().st_size / 1e6
    return f"{translator.number(megabytes, 1)} MB" if megabytes >= 0.1 else ""


KINDS = {".svg": "SVG", ".png": "PNG", ".pdf": "PDF"}
PIXELS_PER_POINT = 96 / 72
EVIDENCE_FIGURE = "evidence"  # the kind of figures of what others counted
# The size of a picture stands in the first element of its file.
_HEAD = 1000
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class FigureInOtherLanguage:
    """The same figure in another language."""

    language: str
    name: str
    files: tuple[DocumentFile, ...]


@dataclass(frozen=True)
class Picture:
    """One figure, with ``width`` and ``height`` in pixels, and the texts that go with it.

    ``language`` is that of the drawing and its texts, which is not always the reader's; ``phone``
    is its drawing for telephones, with a size of its own. ``simulated`` are its
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
    files: tuple[DocumentFile, ...]
    elsewhere: tuple[FigureInOtherLanguage, ...]


def read_gallery(
    public: Path,
    folder: str,
    study: StudyInfo,
    area_name: str,
    translator: Translator[str],
    languages: Sequence[str] = (),
    inside: str = "",
) -> list[Picture]:
    """Return the figures that the list of a folder names and that were drawn, in its order.

    Args:
        public: the public results.
        folder: of the figures, from there; with languages, each has a folder within it.
        study: who made them, and whether they are simulated.
        area_name: of what they speak, in the citation.
        languages: of the figures; shown are those in the reader's language, else those in English,
            else those in the first. Without them, the figures are in English alone.
        inside: a folder within that of each language, if they lie in one.
    """
    if not languages:
        return _read_pictures(public, folder, study, area_name, ENGLISH, {}, translator)
    tail = f"/{inside}" if inside else ""
    languages_by_preference = (translator.language, ENGLISH, languages[0])
    main_language = next(language for language in languages_by_preference if language in languages)
    listed_in_other_languages = {
        language: {
            figure_entry["id"]: figure_entry
            for figure_entry in list_figures(public / f"{folder}/{language}{tail}")
        }
        for language in languages
        if language != main_language
    }
    elsewhere: dict[str, list[FigureInOtherLanguage]] = {}
    for language, listed_by_id in listed_in_other_languages.items():
        for name, figure_entry in listed_by_id.items():
            if files := _list_figure_files(f"{folder}/{language}{tail}", figure_entry, translator):
                elsewhere.setdefault(name, []).append(
                    FigureInOtherLanguage(language, translator.endonym(language), files)
                )
    return _read_pictures(
        public,
        f"{folder}/{main_language}{tail}",
        study,
        area_name,
        main_language,
        elsewhere,
        translator,
    )


def _read_pictures(
    public: Path,
    folder: str,
    study: StudyInfo,
    area_name: str,
    language: str,
    elsewhere: dict[str, list[FigureInOtherLanguage]],
    translator: Translator[str],
) -> list[Picture]:
    pictures = []
    for figure_entry in list_figures(public / folder):
        if not figure_entry["files"]:
            continue
        image = next(name for name in figure_entry["files"] if name.endswith(".svg"))
        width, height = _read_pixel_size(public / folder / image)
        phone = f"{folder}/{figure_entry['phone'] or image}"
        phone_width, phone_height = _read_pixel_size(public / phone)
        pictures.append(
            Picture(
                name=figure_entry["id"],
                language=language,
                kind=figure_entry["kind"],
                indicator=figure_entry["indicator"],
                title=figure_entry["title"],
                alt=figure_entry["alt"],
                alt_short=figure_entry["alt_short"],
                caption=figure_entry["caption"],
                subtitle=figure_entry["subtitle"],
                source=figure_entry["source"],
                simulated=figure_entry["simulated"],
                citation=_format_citation(figure_entry, study, area_name, translator),
                cites_source=not figure_entry["simulated"]
                and figure_entry["kind"] == EVIDENCE_FIGURE,
                image=f"{folder}/{image}",
                phone=phone,
                phone_width=phone_width,
                phone_height=phone_height,
                width=width,
                height=height,
                wide=figure_entry["cut"] == WIDE.name,
                files=_list_figure_files(folder, figure_entry, translator),
                elsewhere=tuple(elsewhere.get(figure_entry["id"], ())),
            )
        )
    return pictures


def _list_figure_files(
    folder: str, figure_entry: dict[str, Any], translator: Translator[str]
) -> tuple[DocumentFile, ...]:
    pictures = [
        DocumentFile(f"{folder}/{name}", KINDS[Path(name).suffix], "")
        for name in figure_entry["files"]
    ]
    data = (
        [DocumentFile(f"{folder}/{figure_entry['csv']}", translator("data (CSV)"), "")]
        if figure_entry["csv"]
        else []
    )
    return (*pictures, *data)


def _format_citation(
    figure_entry: dict[str, Any], study: StudyInfo, area_name: str, translator: Translator[str]
) -> str:
    """Return how to cite a figure; one of simulated numbers is not to be cited.

    Of what others counted it is said who drew it: who counted it is its source, and named before.
    """
    if figure_entry["simulated"]:
        return translator("Not to be cited: the data are simulated.")
    title = translator.of_study(study.title)
    authors = ", ".join(study.organisations)
    if figure_entry["kind"] == EVIDENCE_FIGURE:
        return translator(
            "Figure: {organisations} ({year}), {title}: {figure}, {place}.",
            organisations=authors or title,
            year=study.date.year,
            title=title,
            figure=figure_entry["title"],
            place=area_name,
        )
    year, figure = study.date.year, f"{figure_entry['title']}, {area_name}."
    return f"{authors} ({year}). {title}: {figure}" if authors else f"{title} ({year}). {figure}"


def _read_pixel_size(picture: Path) -> tuple[int, int]:
    """Return the width and height in which a browser shows an SVG file."""
    with picture.open(encoding="utf-8") as file:
        match = _SIZE.search(file.read(_HEAD))
    if match is None:
        raise ValueError(f"{picture.name} has no viewBox within its first {_HEAD} letters")
    width, height = (round(float(points) * PIXELS_PER_POINT) for points in match.groups())
    return width, height


# What the page of the comparison holds: each headline indicator with its figures and tables.


FOLDER = "figures/comparison"


def read_comparison_sections(
    public: Path,
    codebook: Codebook,
    study: StudyInfo,
    country_names: Mapping[str, str],
    area_name: str,
    results: RegionalResults,
    translator: Translator[str],
    short_intervals: Collection[tuple[str, str]],
    opening: str = "",
) -> list[dict[str, Any]]:
    """Return one section for each indicator that was compared.

    Args:
        public: the public results.
        codebook: the order of the indicators, and their labels.
        study: who made the figures, and whether they are simulated.
        country_names: names of the countries by code.
        area_name: of what the figures speak, in their citations.
        translator: the reader's language; the figures are in English.
        short_intervals: country and indicator of those that may be too short.
        opening: the indicator that comes first; the others are in the order of the codebook.
    """
    pictures = read_gallery(public, FOLDER, study, area_name, translator)
    comparison_sections: list[dict[str, Any]] = []
    for indicator in sorted(codebook.indicators, key=lambda each: each.id != opening):
        prevalence_rows: list[dict[str, Any]] = [
            {
                **row,
                "key": key_of_row([row["country"]]),
                "name": country_names[row["country"]],
                "ranks": _format_ranks(results, row, translator),
                "printed": _format_estimate(row, translator),
                "interval": _format_interval(row, translator),
                "answers": _format_answers(row, translator),
                "short": (row["country"], indicator.id) in short_intervals,
            }
            for row in results.rows("prevalence", indicator=indicator.id)
        ]
        if not prevalence_rows:
            continue
        prevalence_rows.sort(key=lambda row: build_sort_key(row["name"]))
        pair_rows = results.rows("pairwise", indicator=indicator.id)
        shown = {row["country"]: row["shown"] for row in prevalence_rows}
        pairs = read_pairs(pair_rows, shown, country_names, translator)
        compared_codes = {code for pair in pairs for code in pair.codes}
        pictures_of_indicator = [
            picture for picture in pictures if picture.indicator == indicator.id
        ]
        comparison_sections.append(
            {
                "id": indicator.id,
                "label": translator.of_study(indicator.label),
                "clear_pairs": describe_clear_pairs(pair_rows, translator),
                "meaning": translator.of_study(indicator.note) if indicator.note else "",
                "columns": _find_column_addresses(indicator.id),
                "pictures": [
                    figure
                    for figure_kind in ON_SITE
                    for figure in pictures_of_indicator
                    if figure.kind == figure_kind
                ],
                "others": [
                    figure for figure in pictures_of_indicator if figure.kind not in ON_SITE
                ],
                "rows": prevalence_rows,
                "pairs": pairs,
                "grid": build_grid(pairs),
                "left_out": translator.enumeration(
                    [
                        translator(
                            "{country} ({bound})",
                            country=row["name"],
                            bound=_describe_missing(row, translator)
                            if not row["estimate"]
                            else translator.in_context("a country", "set apart"),
                        )
                        for row in prevalence_rows
                        if row["country"] not in compared_codes
                    ]
                )
                if pairs
                else "",
            }
        )
    return comparison_sections


def find_short_intervals(public: Path, countries: Iterable[str]) -> set[tuple[str, str]]:
    """Return country and indicator of the national estimates whose interval may be too short."""
    return {
        (code, row["indicator"])
        for code in countries
        if (path := public / "countries" / code / "estimates.csv").is_file()
        for row in read_rows(path)[1]
        if is_total(row) and row.get("interval_note") == MAY_BE_SHORT
    }


def _find_column_addresses(indicator: str) -> dict[str, str]:
    """Return the addresses of the cells of each column, in the tables of countries and of pairs."""
    prevalence, pairs, ranks = (
        f"{COMPARE}/{table}/{address_part(indicator)}"
        for table in ("prevalence", "pairwise", "rank_sets")
    )
    ends = (f"{METHOD}/{SCOPE}/{end}" for end in ("rank_low", "rank_high"))
    return {
        "n": format_column_addresses(prevalence, "n"),
        "shown": format_column_addresses(prevalence, "shown"),
        "interval": format_column_addresses(prevalence, "ci_low", "ci_high"),
        "ranks": format_column_addresses(ranks, *ends),
        "difference": format_column_addresses(pairs, "difference"),
        "limits": format_column_addresses(pairs, "ci_low", "ci_high"),
        "p": format_column_addresses(pairs, "p_text"),
    }


def _format_ranks(
    results: RegionalResults, row: dict[str, str], translator: Translator[str]
) -> str:
    rank_set = results.row(
        "rank_sets", indicator=row["indicator"], country=row["country"], method=METHOD, scope=SCOPE
    )
    if rank_set is None:
        judged = results.row("comparability", indicator=row["indicator"], country=row["country"])
        if judged and is_set_apart(judged):
            return translator("set apart: not to be compared")
        shown = results.row("prevalence", indicator=row["indicator"], country=row["country"])
        return _describe_missing(shown, translator) if shown else "–"
    low, high = rank_set["rank_low"], rank_set["rank_high"]
    return low if low == high else translator("{low} to {high}", low=low, high=high)


# The heads of the columns carry the addresses: numbers in cells go without.


def _format_estimate(row: PublicRow, translator: Translator[str]) -> str:
    """Return an estimate in per cent as the language writes it; a sign stays what it is."""
    if not row.is_shown:
        return translator.translate_or_keep(row["shown"])
    return translator.percent(float(row.number("estimate")), row.decimals)


def _format_answers(row: PublicRow, translator: Translator[str]) -> str:
    return translator.number(int(row["n"])) if row["n"] else _describe_missing(row, translator)


def _describe_missing(row: Mapping[str, Any], translator: Translator[str]) -> str:
    """Return in one word why a country has no number."""
    words = {
        SUPPRESS_DISCLOSURE: translator.in_context("a number that is not printed", "hidden"),
        SUPPRESS_RELIABILITY: translator.in_context("a number that is not printed", "uncertain"),
        NOT_ASKED: translator("not asked"),
    }
    return str(words.get(row["status"], "–"))


def _format_interval(row: PublicRow, translator: Translator[str]) -> str:
    """Return an interval in per cent with as many decimals as the estimate is printed with."""
    interval = row.interval()
    if interval is None:
        return _describe_missing(row, translator)
    limits = (float(interval.low), float(interval.high))
    low, high = (translator.percent(limit, row.decimals) for limit in limits)
    return translator("{low} to {high}", low=low, high=high)
