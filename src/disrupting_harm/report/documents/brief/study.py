"""The brief of the whole study: two pages on all countries, from the public comparison alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.sources import PUBLISHED
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    address_of,
    cell_count,
    derive_number,
    number_of,
    row_count,
)
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.documents.brief.country_text import TileText, named_recommendations
from disrupting_harm.report.documents.brief.notes import (
    asks_marked,
    of_children,
    of_study,
    reasons_apart,
    set_apart_said,
)
from disrupting_harm.report.documents.brief.quarto_source import NAME, setting_of, write_filled
from disrupting_harm.report.documents.brief.study_text import (
    average,
    compared_rows,
    first,
    gap,
    hidden_in_averages,
    lead,
    pairs,
    set_apart,
    tiles,
    wider_gap,
)
from disrupting_harm.report.documents.draft_status import Status
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.figures.alt_text import frame, interval_alt, share_of
from disrupting_harm.report.figures.brief.pictures import listed
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.phone_svg import write_phone_svg
from disrupting_harm.report.figures.drawing.widths import BRIEF, WIDE
from disrupting_harm.report.figures.estimate_chart import missing_row, write_records
from disrupting_harm.report.figures.row_chart import Row, Section
from disrupting_harm.report.findings.advice import advice
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.conditions import deciding, disputed
from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, escape, picture
from disrupting_harm.report.language.navigation import UP, folder_of_site, ways
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    MARKDOWN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.language.whole_percent import in_percent, interval
from disrupting_harm.report.reading.comparison_results import RegionalResults, read_regional
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds, read_evidence
from disrupting_harm.report.reading.whole_percent import whole_of
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED

# The picture of the brief of the whole study: all countries with their intervals.


PICTURE = "countries"


def draw_all(
    countries: Sequence[Country],
    config: Configuration,
    brief: Brief,
    translator: Translator[str],
    rows: Mapping[str, dict[str, str]],
    apart: set[str],
    named: Mapping[str, str],
    folder: Path,
    all_: int,
) -> FigureRecord:
    """Draw all countries with their intervals, by region and name, and list the picture."""
    regions = dict.fromkeys(row.region or "" for row in countries)
    sections = []
    for region in regions:
        own = sorted(
            (
                row.country
                for row in countries
                if (row.region or "") == region and row.country in rows
            ),
            key=lambda code: by_letters(named[code]),
        )
        sections.append(
            Section(
                translator.of_study(region) if region else "",
                tuple(_row(translator, named[code], rows[code], code in apart) for code in own),
            )
        )
    place = translator("{count} {areas}", count=translator.number(all_))
    setting = setting_of(config, translator, place, WIDE)
    title = translator.of_study(brief.pictures[0].title)
    n = [number_of(row["n"]) for row in rows.values() if row["n"]]
    notes = []
    if any(row.look == "apart" for section in sections for row in section.rows):
        notes.append(translator("Open squares: set apart, not to be compared."))
    if any(row.missing == "bound" for section in sections for row in section.rows):
        notes.append(translator("Hatched: only a bound is printed."))
    framed = frame(setting, title, share_of(setting), n, [" ".join(notes)] if notes else [])

    def draw(framed: Frame) -> Figure:
        return interval_chart(sections, framed, translator, over=framed.cut.narrow)

    place_of_files = folder / "figures"
    with style.house_style():
        files = print_formats.write_figure(draw(framed), place_of_files, PICTURE, title, BRIEF)
        phone = write_phone_svg(draw, framed, place_of_files, PICTURE, title, BRIEF)
    record = replace(
        listed(PICTURE, framed, files, interval_alt(setting, title, sections)), phone=phone
    )
    write_records(folder / "figures" / "figures.json", [record])
    return record


def _row(translator: Translator[str], name: str, row: dict[str, str], apart: bool) -> Row:
    share, key = whole_of(row), address_of_row("prevalence", row, compared=True)
    if share is None:
        if row["status"] == NOT_ASKED:
            return Row(name, translator("not asked"), missing="unasked", key=key)
        return missing_row(name, row["shown"], translator, key)
    return Row(
        name,
        in_percent(translator, share),
        interval(translator, share),
        share.estimate,
        share.low,
        share.high,
        "apart" if apart else "plain",
        address=address_of(share.estimate),
        key=key,
    )


TEMPLATE = "brief/project.qmd.j2"
ROW = 4  # tiles side by side
HOME = "index.html"


@dataclass(frozen=True)
class Asked:
    """An ask of the study: what is recommended, and in how many countries a number points to it."""

    title: Markdown
    lines: tuple[Markdown, ...]


def write_project_briefs(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    *,
    public: Path,
    templates: Path,
    out: Path,
    recommendations: Recommendations | None = None,
) -> list[RenderRecord]:
    """Draw, fill and render the brief of the study in all its languages.

    Args:
        countries: rows of the countries file that take part.
        config, codebook, brief: of the study.
        public: the public results.
        templates: the folder of templates and catalogues.
        out: the folder that gets one folder per language.
        recommendations: of the study, on which its asks rest.
    """
    compared = read_regional(public, config.publication.disclosure.coded)
    results = {row.country: read_results(row.country, public) for row in countries}
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    records = []
    for language in config.report.project_languages:
        translator = load_translator_of_study(language, templates, config.study)
        source = write_project_source(
            countries, config, codebook, brief, translator, compared, results, evidence, templates,
            out / language, recommendations,
        )  # fmt: skip
        report = config.report
        records.append(
            render_if_changed(source, report.formats, report.renderer, language=language)
        )
    return records


def write_project_source(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    plain_translator: Translator[str],
    compared: RegionalResults,
    results: Mapping[str, Results],
    evidence: Evidence,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the picture of one language and write ``brief.qmd`` beside it."""
    translator = plain_translator.with_markup(MARKDOWN)
    config = add_addresses_to_fields(config, STUDY)
    study = config.study
    interviewed = [own.quality["interviewed"] for own in results.values()]
    all_ = row_count(len(countries), compared_rows(brief, "prevalence"))
    named = {row.country: plain_translator.country(row.country, row.name) for row in countries}
    in_text = {  # in the order of their names
        row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
        for row in sorted(countries, key=lambda row: by_letters(named[row.country]))
    }
    rows = {
        row["country"]: row
        for row in compared.rows("prevalence", indicator=brief.lead.indicator)
        if row["country"] in named
    }
    apart = set_apart(compared, brief.lead.indicator)
    labels, domains = Labels(codebook, translator), config.comparison.gaps
    figure_translator = plain_translator.with_markup(ADDRESSED)
    shown = draw_all(countries, config, brief, figure_translator, rows, apart, named, folder, all_)
    last = _reports(translator, evidence, named).last_year()
    reported = last[2] if last else []
    names: dict[str, Any] = {
        "_": translator,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        "population": translator.of_study(study.population),
        "study": study,
        "config": config,
        "all": all_,
        "lead": lead(
            brief, translator, rows, apart, all_, in_text, translator.of_study(study.population)
        ),
        "meaning": translator.of_study(brief.lead.meaning),
        "silence": codebook.indicator(brief.lead.indicator).silence,
        "average": average(brief, translator, compared),
        "hidden": hidden_in_averages(brief, translator, compared, in_text),
        "pairs": pairs(brief, translator, compared),
        "first": first(brief, translator, compared, in_text),
        "gap": gap(brief, translator, compared, labels, domains),
        "wider_gap": wider_gap(brief, translator, compared, in_text, labels, domains),
        "picture": picture(
            "",
            f"figures/{PICTURE}",
            f'width=100% phone="figures/{shown.phone}"',
            shown.alt,
            shown.addresses,
        ),
        "tile_rows": in_rows(tiles(brief, translator, compared, in_text)),
        "reports": companies(translator, evidence, named, study.simulated),
        "asks": _asks(
            brief, countries, config, codebook, translator, results, recommendations, named
        ),
        "apart": set_apart_said(
            translator,
            compared,
            brief.lead.indicator,
            {code: name for code, name in in_text.items() if code in rows},
        ),
        "reasons_apart": reasons_apart(translator, compared, brief.lead.indicator, in_text),
        "sources": of_study(
            translator, translator.of_study(study.survey), study.simulated, evidence, reported
        ),
        "of_children": of_children(translator, compared, brief.lead.indicator, in_text),
        "asks_marked": asks_marked(translator, study.simulated, evidence),
        "interviewed": translator.number(derive_number("sum", sum(interviewed), interviewed)),
        "confidence": translator.percent(config.estimation.confidence),
        "ways": ways(
            UP,
            f"{folder_of_site(translator.language, config.report.project_languages)}{HOME}",
            NAME,
            translator.language,
            config.report.project_languages,
            config.report.formats,
        ),
    }
    return write_filled(
        TEMPLATE,
        names,
        lambda: Status(
            plain_translator.draft,
            tuple(sorted(plain_translator.untranslated)),
            False,
            study.simulated,
        ),
        codebook=codebook,
        translator=plain_translator,
        where="brief of the study",
        templates=templates,
        folder=folder,
    )


def in_rows(tiles: Sequence[TileText]) -> list[Sequence[TileText]]:
    """Return tiles in rows of four at most, as even as can be."""
    rows = ceil(len(tiles) / ROW)
    size = ceil(len(tiles) / rows) if rows else 1
    return [tiles[at : at + size] for at in range(0, len(tiles), size)]


def _reports(
    translator: Translator[Markdown], evidence: Evidence, named: Mapping[str, str]
) -> RegionalThreats:
    return RegionalThreats(
        translator, evidence, {code: escape(name) for code, name in named.items()}
    )


def companies(
    translator: Translator[Markdown],
    evidence: Evidence,
    named: Mapping[str, str],
    simulated: bool = False,
) -> Markdown:
    """Return what companies reported in all countries, where one body counted all of it.

    In a ``simulated`` study a published number says that it is none.
    """
    last = _reports(translator, evidence, named).last_year()
    if last is None:
        return Markdown("")
    year, total, rows = last
    values = {"year": year, "total": total, "body": translator.plain(rows[0]["counted_by"])}
    if simulated and data_kinds(rows) == {PUBLISHED}:
        said = translator(
            "In {year} {body} counted {total} CyberTip reports, most of them by companies, that it "
            "could place in these {areas} (published, not simulated). A report may concern several "
            "children, or none.",
            **values,
        )
    else:
        said = translator(
            "In {year} {body} counted {total} CyberTip reports, most of them by companies, that it "
            "could place in these {areas}. A report may concern several children, or none.",
            **values,
        )
    explained = translator("A CyberTip reports suspected abuse to NCMEC, a US centre.")
    return Markdown(f"{said} {explained} {translator.of_study(PLACED_BY_UPLOAD)}")


def _asks(
    brief: Brief,
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    translator: Translator[Markdown],
    results: Mapping[str, Results],
    recommendations: Recommendations | None,
    named: Mapping[str, str],
) -> list[Asked]:
    """Return each ask with its recommendations, and in how many countries numbers point to each.

    They are counted among the countries where a number tells: what is hidden is no "no".
    """
    own = named_recommendations(brief, recommendations)
    supported: dict[str, list[str]] = {}
    telling: dict[str, list[str]] = {}
    said: dict[str, Markdown] = {}
    for row in countries:
        values = {
            "country": escape(named[row.country]),
            "population": translator.of_study(config.study.population),
        }
        sentences = ShortSentences(
            translator, Labels(codebook, translator), results[row.country], values
        )
        for group in advice(own, results[row.country], translator, values, sentences):
            for entry in group.advice:
                supported.setdefault(entry.id, []).append(entry.cells[0])
            said |= {entry.id: entry.text for entry in group.advice}
        found = disputed(own, results[row.country].evidence, translator)
        for asked in (each for actors in own.groups for each in actors.recommendations):
            if not asked.countries or row.country in asked.countries:
                cell = deciding(asked.when, results[row.country], found)
                telling.setdefault(asked.id, []).append(cell)
    asks = []
    for ask in brief.asks:
        lines = tuple(
            translator(
                "{recommendation} ({count} of {known})",
                recommendation=Markdown(said[name].rstrip(".។")),
                count=translator.number(cell_count(supported[name])),
                known=translator.number(cell_count([cell for cell in telling[name] if cell])),
            )
            for name in ask.recommendations
            if name in said
        )
        if lines:
            asks.append(Asked(translator.of_study(ask.title), lines))
    return asks
