"""The brief of the whole study: two pages on all countries, from the public comparison alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.evidence.prevalence_claims import refuse_prevalence_of_reports
from disrupting_harm.files import write_json, write_text
from disrupting_harm.provenance.addresses import (
    COMPARE,
    STUDY,
    addressed_fields,
    computed,
    counted,
    how_many,
    number_of,
)
from disrupting_harm.report.advice import advice
from disrupting_harm.report.brief.composition import TileText, named_recommendations, tile_text
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.brief.shares import (
    ShortSentences,
    Whole,
    printed_interval,
    printed_share,
    whole_percent,
)
from disrupting_harm.report.claims import METHOD, SCOPE, refuse_unfounded, without_labels
from disrupting_harm.report.evidence.facts import Evidence, read_evidence
from disrupting_harm.report.figures import printing, style
from disrupting_harm.report.figures.alt_text import Setting, frame, interval_alt, share_of
from disrupting_harm.report.figures.cells import missing_row
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.cuts import BRIEF, WIDE
from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.filling import fill
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, attribute, escape, without_addresses
from disrupting_harm.report.recommendations import Recommendations
from disrupting_harm.report.regional.results import RegionalResults, read_regional
from disrupting_harm.report.regional.threats import RegionalThreats
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.fonts import refuse_unshowable
from disrupting_harm.report.rendering.unchanged import render_if_changed
from disrupting_harm.report.results import Results, read_results
from disrupting_harm.report.status import Status
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, load_words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED

TEMPLATE = "brief/project.qmd.j2"
PICTURE = "countries"
ROW = 4  # tiles side by side


@dataclass(frozen=True)
class Asked:
    """An ask of the study: what is recommended, and in how many countries a number asks for it."""

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
    compared = read_regional(public)
    results = {row.country: read_results(row.country, public) for row in countries}
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    records = []
    for language in config.report.project_languages:
        words = load_words(language, templates / "locale", config.study.areas)
        source = write_project_source(
            countries, config, codebook, brief, words, compared, results, evidence, templates,
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
    words: Words,
    compared: RegionalResults,
    results: Mapping[str, Results],
    evidence: Evidence,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the picture of one language and write ``brief.qmd`` beside it."""
    text = Text(words)
    config = addressed_fields(config, STUDY)
    study = config.study
    interviewed = [own.quality["children_interviewed"] for own in results.values()]
    all_ = counted(len(countries), _compared(brief, "prevalence"))
    named = {row.country: words.country(row.country, row.name) for row in countries}
    rows = {
        row["country"]: row
        for row in compared.rows("prevalence", indicator=brief.lead.indicator)
        if row["country"] in named
    }
    alt = _draw(countries, config, brief, words, rows, _apart(compared, brief), named, folder)
    names: dict[str, Any] = {
        "_": text,
        "text": text,
        "number": text.number,
        "language": words.language,
        "population": text.of_study(study.population),
        "study": study,
        "config": config,
        "all": all_,
        "lead": lead(brief, text, rows, all_),
        "meaning": text.of_study(brief.lead.meaning),
        "average": average(brief, text, compared),
        "first": first(brief, text, compared, named),
        "gap": gap(brief, text, compared),
        "picture": Markdown(f"![](figures/{PICTURE}){{fig-alt={attribute(alt)} width=100%}}"),
        "tile_rows": in_rows(_tiles(brief, text, compared)),
        "reports": companies(text, evidence, named),
        "asks": _asks(
            brief, countries, all_, config, codebook, text, results, recommendations, named
        ),
        "apart": text.enumeration(
            [named[code] for code in sorted(_apart(compared, brief) & rows.keys())]
        ),
        "interviewed": text.number(computed("sum", sum(interviewed), interviewed)),
        "confidence": text.percent(config.estimation.confidence),
    }
    fill(templates, TEMPLATE, names | {"status": ""})
    unsettled = Status(words.draft, tuple(sorted(words.untranslated)), False, study.simulated)
    filled = fill(templates, TEMPLATE, names | {"status": unsettled.sentence(text)})
    where = "brief of the study"
    seen = without_addresses(filled)
    refuse_unshowable(seen, where)
    plain = without_labels(seen, codebook, words)
    if words.language == "en":
        refuse_prevalence_of_reports(seen, where)
        refuse_unfounded(plain, (), where)
    else:
        refuse_unfounded(plain, (), where, words.superlatives)
    write_text(folder / "brief.qmd", filled)
    write_json(folder / "status.json", unsettled.record())
    return folder / "brief.qmd"


def _compared(brief: Brief, table: str) -> str:
    """Return the address of the rows of a table of the comparison that are of the main finding."""
    return f"{COMPARE}/{table}/indicator:{brief.lead.indicator}"


def _share(row: Mapping[str, str]) -> Whole | None:
    if not row["estimate"]:
        return None
    return Whole(
        *(whole_percent(number_of(row[part])) for part in ("estimate", "ci_low", "ci_high"))
    )


def _apart(compared: RegionalResults, brief: Brief) -> set[str]:
    """Return the countries whose number is of another kind of survey."""
    judged = compared.rows("comparability", indicator=brief.lead.indicator)
    return {row["country"] for row in judged if row["comparable"] != "yes"}


def lead(brief: Brief, text: Text, rows: Mapping[str, Mapping[str, str]], all_: int) -> Markdown:
    """Return between which numbers the printed estimates of the countries lie."""
    shares = [share for row in rows.values() if (share := _share(row))]
    if not shares or brief.lead.countries is None:
        return Markdown("")
    pattern = text.words.of_study(brief.lead.countries)
    return Markdown(
        pattern.format(
            shown=text.number(
                counted(len(shares), f"{_compared(brief, 'prevalence')}/estimate:any")
            ),
            all=text.number(all_),
            low=text.number(min(share.estimate for share in shares)),
            high=text.number(max(share.estimate for share in shares)),
        )
    )


def average(brief: Brief, text: Text, compared: RegionalResults) -> Markdown:
    """Return the mean of the countries that are comparable, each counted the same."""
    row = compared.averages(brief.lead.indicator).get("equal_country")
    if row is None or (share := _share(row)) is None:
        return Markdown("")
    return text(
        "On average over the {count} countries that can be compared, each counted the same, it is "
        "{share}.",
        count=text.number(number_of(row["countries"])),
        share=printed_share(text, share),
    )


def first(
    brief: Brief, text: Text, compared: RegionalResults, named: Mapping[str, str]
) -> Markdown:
    """Return which countries may stand first, as far as the rank sets tell."""
    rows = compared.rows("rank_sets", indicator=brief.lead.indicator, method=METHOD, scope=SCOPE)
    may = sorted(named[row["country"]] for row in rows if row["may_be_highest"] == "True")
    where = f"{_compared(brief, 'rank_sets')}/method:{METHOD}/scope:{SCOPE}"
    if len(may) < 2:
        return Markdown("")
    return text(
        "Of the countries shown, each of {count} may stand first: {names}. The data do not settle "
        "which.",
        count=text.number(
            counted(
                len(may),
                f"{where}/may_be_highest:True",
            )
        ),
        names=text.enumeration(may),
    )


def gap(brief: Brief, text: Text, compared: RegionalResults) -> Markdown:
    """Return in how many countries a tested difference between girls and boys is clear."""
    rows = compared.rows(
        "gaps", indicator=brief.lead.indicator, domain="sex", level_a="girl", level_b="boy"
    )
    tested = [row for row in rows if row["differs"]]
    if not tested:
        return Markdown("")
    where = f"{_compared(brief, 'gaps')}/domain:sex/level_a:girl/level_b:boy/differs"
    clear = counted(sum(row["differs"] == "True" for row in tested), f"{where}:True")
    count = text.number(counted(len(tested), f"{where}:any"))
    if clear == 0:
        return text(
            "Girls and boys: a clear difference in none of the {count} countries where it could be "
            "tested; a smaller one may be there.",
            count=count,
        )
    return text(
        "Girls and boys: a clear difference in {clear} of the {count} countries where it could be "
        "tested.",
        clear=text.number(clear),
        count=count,
    )


def _tiles(brief: Brief, text: Text, compared: RegionalResults) -> list[TileText]:
    """Return the means of the countries for the tiles that are compared."""
    found = []
    for tile in (*brief.tiles, *brief.compared):
        row = compared.averages(tile.indicator).get("equal_country")
        if row is not None and (share := _share(row)):
            found.append(tile_text(text, share, text.of_study(tile.text)))
    return found


def in_rows(tiles: Sequence[TileText]) -> list[Sequence[TileText]]:
    """Return tiles in rows of four at most, as even as can be."""
    rows = ceil(len(tiles) / ROW)
    size = ceil(len(tiles) / rows) if rows else 1
    return [tiles[at : at + size] for at in range(0, len(tiles), size)]


def companies(text: Text, evidence: Evidence, named: Mapping[str, str]) -> Markdown:
    """Return what companies reported in all countries, where one body counted all of it."""
    names = {code: escape(name) for code, name in named.items()}
    last = RegionalThreats(text, evidence, names).last_year()
    if last is None:
        return Markdown("")
    year, total, _ = last
    return text(
        "In {year} companies sent {total} reports about users in these {areas}. A report may "
        "concern several children, or none.",
        year=year,
        total=total,
    )


def _asks(
    brief: Brief,
    countries: Sequence[Country],
    all_: int,
    config: Configuration,
    codebook: Codebook,
    text: Text,
    results: Mapping[str, Results],
    recommendations: Recommendations | None,
    named: Mapping[str, str],
) -> list[Asked]:
    """Return each ask with its recommendations, and how many countries' numbers ask for each."""
    own = named_recommendations(brief, recommendations)
    supported: dict[str, list[str]] = {}
    said: dict[str, Markdown] = {}
    for row in countries:
        values = {
            "country": escape(named[row.country]),
            "population": text.of_study(config.study.population),
        }
        sentences = ShortSentences(text, Labels(codebook, text), results[row.country], values)
        for group in advice(own, results[row.country], text, values, sentences):
            for entry in group.advice:
                supported.setdefault(entry.id, []).append(entry.cells[0])
            said |= {entry.id: entry.text for entry in group.advice}
    asks = []
    for ask in brief.asks:
        lines = tuple(
            text(
                "{recommendation} ({count} of {all} countries)",
                recommendation=Markdown(said[name].rstrip(".។")),
                count=text.number(how_many(supported[name])),
                all=text.number(all_),
            )
            for name in ask.recommendations
            if name in said
        )
        if lines:
            asks.append(Asked(text.of_study(ask.title), lines))
    return asks


def _draw(
    countries: Sequence[Country],
    config: Configuration,
    brief: Brief,
    words: Words,
    rows: Mapping[str, Mapping[str, str]],
    apart: set[str],
    named: Mapping[str, str],
    folder: Path,
) -> str:
    """Draw all countries with their intervals, by region and name, and return what it says."""
    study = config.study
    regions = dict.fromkeys(row.region or "" for row in countries)
    sections = []
    for region in regions:
        own = sorted(
            (
                row.country
                for row in countries
                if (row.region or "") == region and row.country in rows
            ),
            key=lambda code: named[code],
        )
        sections.append(
            Section(
                words.of_study(region) if region else "",
                tuple(_row(words, named[code], rows[code], code in apart) for code in own),
            )
        )
    place = words("{count} countries", count=words.number(len(countries)))
    setting = Setting(
        words,
        place,
        study.simulated,
        config.estimation.confidence,
        study.population,
        study.survey,
        WIDE,
    )
    title = words.of_study(brief.pictures[0].title)
    n = pd.Series([row["n"] for row in rows.values() if row["n"]], dtype=float)
    notes = (
        [words("Open squares: another kind of survey, not to be compared.")]
        if apart & rows.keys()
        else []
    )
    framed = frame(setting, title, share_of(setting), n, notes)
    with style.house_style():
        figure = interval_chart(sections, framed, words)
        printing.write_figure(figure, folder / "figures", PICTURE, title, BRIEF)
    return interval_alt(setting, title, sections)


def _row(words: Words, name: str, row: Mapping[str, str], apart: bool) -> Row:
    share = _share(row)
    if share is None:
        if row["status"] == NOT_ASKED:
            return Row(name, words("not asked"), missing="unasked")
        return missing_row(name, row["shown"], words)
    return Row(
        name,
        words.with_sign(share.estimate),
        printed_interval(words, share).replace("\u2060", ""),
        share.estimate,
        share.low,
        share.high,
        "apart" if apart else "plain",
    )
