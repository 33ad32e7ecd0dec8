"""The names that the template of a brief uses, with their values for one country and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    derive_number,
    with_address_of,
)
from disrupting_harm.report.documents.brief.source_counts import describe_last_counts
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.advice import (
    Advice,
    AdviceTo,
    find_advice_of_ask,
    write_advice,
)
from disrupting_harm.report.findings.brief_definition import PICTURES_AT_MOST, Ask, Brief, Tile
from disrupting_harm.report.findings.country_sentences import (
    ShortSentences,
    describe_children,
    format_share_with_interval,
    format_tile_bar,
    format_tile_number,
    read_silence,
)
from disrupting_harm.report.findings.order_claims import (
    is_set_apart,
    select_decisive_reasons,
    translate_reason,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.broader_indicator import BroaderIndicator
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, format_picture, remove_addresses
from disrupting_harm.report.language.printed_bounds import format_bound_tile
from disrupting_harm.report.language.ranges import Range, format_ends, format_limits
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SUPPRESS_DISCLOSURE


@dataclass(frozen=True)
class ComparisonOfCountry:
    """Rows of the comparison that are about the lead of one country; None where there is none.

    ``children`` is of ``denominators.csv``, ``missing`` of ``bounds.csv``; ``apart`` is why the
    ledger sets the country apart, and empty where it does not, or where its survey did not ask.
    """

    children: PublicRow | None
    missing: PublicRow | None
    apart: str = ""


def read_comparison_of_country(folder: Path, country: str, indicator: str) -> ComparisonOfCountry:
    """Return what the comparison says of one indicator of a country."""

    def find_row(table: str, **keys: str) -> PublicRow | None:
        path = folder / f"{table}.csv"
        if not path.is_file():  # the study has no such table
            return None
        key = {"country": country, "indicator": indicator, **keys}
        rows = read_public_rows(path, (country,), compared=True)
        return next(
            (
                candidate
                for candidate in rows
                if all(candidate[column] == value for column, value in key.items())
            ),
            None,
        )

    return ComparisonOfCountry(
        children=find_row("denominators", denominator="internet_using_children"),
        missing=find_row("bounds"),
        apart=_reason_set_apart(find_row("comparability", comparable="no")),
    )


def _reason_set_apart(row: PublicRow | None) -> str:
    return select_decisive_reasons(row["reason"]) if row and is_set_apart(row) else ""


# Of one ask, about 60 English words; a second recommendation stands in it where there is room. Not
# all languages part words.
LETTERS_AT_MOST = 380


@dataclass(frozen=True)
class TileText:
    """A tile as printed: its number or the reason why there is none, its words, its bar."""

    number: Markdown
    text: Markdown
    bar: str  # attributes of the div; empty where no number is printed


@dataclass(frozen=True)
class AskText:
    """An ask as printed: what is recommended, each with its number, and to whom."""

    title: Markdown
    lines: tuple[tuple[Markdown, Markdown], ...]
    actors: Markdown


def compose_brief(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    plain_translator: Translator[str],
    results: Results,
    brief: Brief,
    of_comparison: ComparisonOfCountry,
    pictures: Mapping[str, FigureRecord],
    recommendations: Recommendations | None = None,
) -> dict[str, Any]:
    """Return the names that the template of a brief uses.

    Args:
        of_comparison: what the comparison says of the country's main finding.
        pictures: those that were drawn.
        recommendations: of the study, on which the asks rest.
    """
    translator = plain_translator.with_markup(MARKDOWN)
    area = add_addresses_to_fields(area, f"{area.country}/country")
    config = add_addresses_to_fields(config, STUDY)
    name_values = {
        "country": translator.country_in_text(area.country, area.name_in_text or area.name),
        "population": translator.of_study(config.study.population),
    }
    labels = Labels(codebook, translator)
    sentences = ShortSentences(translator, labels, results, name_values)
    groups = write_advice(
        select_recommendations(brief, recommendations), results, translator, name_values, sentences
    )
    main = results.cell(brief.lead.indicator)
    share = main.percent
    return {
        "_": translator,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        **name_values,
        "study": config.study,
        "config": config,
        "helpline": area.helpline if area.helpline_confirmed else None,
        "lead": describe_main_finding(brief, results, sentences, translator, name_values),
        "meaning": translator.of_study(brief.lead.meaning),
        "share": share,
        "bound": sentences.explain_bound(main),
        "apart": of_comparison.apart and translate_reason(plain_translator, of_comparison.apart),
        "children": describe_children(translator, of_comparison.children),
        "tiles": [_format_tile(tile, results, translator, sentences) for tile in brief.tiles],
        "picture": lambda name: place_picture(pictures.get(name)),
        "pictures": [picture.id for picture in brief.pictures if picture.id in pictures],
        "left_out": [
            translator.of_study(picture.title)
            for picture in brief.pictures[:PICTURES_AT_MOST]
            if picture.id not in pictures
        ],
        "pictures_title": translator.of_study(brief.pictures_title),
        "silence": labels.definition(brief.lead.indicator).silence,
        "evidence": results.evidence.tables,
        "seen": describe_last_counts(translator, results.evidence, brief.frontline),
        "asks": [
            ask_text for ask in brief.asks if (ask_text := _format_ask(ask, groups, translator))
        ],
        "quality": results.quality,
        "confidence": sentences.confidence,
        "silent": _describe_nonresponse(
            translator, of_comparison.missing, bool(labels.definition(brief.lead.indicator).any_of)
        ),
        "outside": _describe_uncovered(area, translator),
    }


def select_recommendations(
    brief: Brief, recommendations: Recommendations | None
) -> Recommendations:
    """Return the recommendations that asks of the brief name, alone."""
    identifiers = {name for ask in brief.asks for name in ask.recommendations}
    groups = recommendations.groups if recommendations else ()
    named_groups = [
        group.model_copy(
            update={
                "recommendations": tuple(
                    recommendation
                    for recommendation in group.recommendations
                    if recommendation.id in identifiers
                ),
                "general": (),
            }
        )
        for group in groups
    ]
    disagreements = recommendations.disagreements if recommendations else ()
    return Recommendations(groups=tuple(named_groups), disagreements=disagreements)


def describe_main_finding(
    brief: Brief,
    results: Results,
    sentences: ShortSentences,
    translator: Translator[Markdown],
    name_values: dict[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding, or why there is none."""
    cell = results.cell(brief.lead.indicator)
    if share := cell.percent:
        return describe_share(brief, share, translator, name_values)
    if cell.bound and cell.bound[0] == "<":
        bound = translator.number(with_address_of(round(100 * cell.bound[1]), cell.bound[1]))
        sentence = translator(brief.lead.fewer, **name_values, x=bound)
    else:
        sentence = sentences.say(brief.lead.indicator, "")
    return Markdown(
        f"{sentence} {describe_broader_share(brief.lead.wider, results, translator)}".rstrip()
    )


def describe_broader_share(
    wider: BroaderIndicator | None, results: Results, translator: Translator[Markdown]
) -> Markdown:
    """Return the share of the indicator that counts more, to be said where the main one has none.

    Empty where it has none either.
    """
    share = results.cell(wider.indicator).percent if wider else None
    if wider is None or share is None:
        return Markdown("")
    return translator(
        "{counted}, it is {share}.",
        counted=translator.of_study(wider.counted),
        share=format_share_with_interval(translator, share),
    )


def describe_share(
    brief: Brief,
    share: PercentInterval,
    translator: Translator[Markdown],
    name_values: Mapping[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding of one country, as a simple share where one fits."""
    if share.small:
        pattern, values = brief.lead.fewer, {"x": translator.number(share.limit)}
    elif brief.lead.one_in and share.one_in:
        pattern, values = brief.lead.one_in, {"k": translator.number(share.one_in)}
    else:
        pattern, values = brief.lead.in_100, {"x": translator.number(share.estimate)}
    return translator(pattern, **name_values, **values)


def _format_tile(
    tile: Tile, results: Results, translator: Translator[Markdown], sentences: ShortSentences
) -> TileText:
    cell = results.cell(tile.indicator)
    share, caption = cell.percent, translator.of_study(tile.text)
    if share:
        return format_share_tile(translator, share, caption)
    if cell.bound:
        return TileText(*format_bound_tile(translator, cell.bound, caption, results.coded), "")
    if cell.status in (NOT_ASKED, NOBODY_INTERVIEWED):
        caption = Markdown(f"{caption}. {sentences.say(tile.indicator, '')}")
    elif cell.status == SUPPRESS_DISCLOSURE:
        caption = translator("{said} (to protect those who answered)", said=caption)
    else:
        caption = translator("{said} (too uncertain)", said=caption)
    return TileText(translator("Not shown"), caption, "")


def format_share_tile(
    translator: Translator[Markdown], share: PercentInterval, caption: Markdown
) -> TileText:
    """Return a tile of a share, with its bar."""
    return TileText(format_tile_number(translator, share), caption, format_tile_bar(share))


def format_range_tile(translator: Translator[Markdown], ends: Range, caption: Markdown) -> TileText:
    """Return a tile of a range of shares, with its interval; a bar needs one estimate."""
    limits = format_limits(translator, ends)
    return TileText(Markdown(f"{format_ends(translator, ends)} [{limits}]{{.limits}}"), caption, "")


def place_picture(drawn_picture: FigureRecord | None) -> Markdown:
    """Return a picture with its alternative text; empty where none was drawn."""
    if drawn_picture is None:
        return Markdown("")
    look = "width=100%"
    look += f' phone="figures/{drawn_picture.phone}"' if drawn_picture.phone else ""
    path = f"figures/{drawn_picture.id}"
    return format_picture("", path, look, drawn_picture.alt, drawn_picture.addresses)


def _format_ask(
    ask: Ask, groups: Sequence[AdviceTo], translator: Translator[Markdown]
) -> AskText | None:
    """Return an ask with the numbers that it rests on; None where no number supports it.

    No number stands there without the recommendation that rests on it, and no actor without one.
    """
    supported = find_advice_of_ask(ask.recommendations, groups)
    if not supported:
        return None
    printed_texts = [
        printed_text
        for supported_advice, _ in supported
        for printed_text in (supported_advice.text, supported_advice.finding)
    ]
    if sum(len(remove_addresses(printed_text)) for printed_text in printed_texts) > LETTERS_AT_MOST:
        del supported[1:]
    return AskText(
        translator.of_study(ask.title),
        tuple(
            (supported_advice.text, _finding_with_mark(supported_advice, translator))
            for supported_advice, _ in supported
        ),
        translator.enumeration(list(dict.fromkeys(label for _, label in supported))),
    )


def _finding_with_mark(supported_advice: Advice, translator: Translator[Markdown]) -> Markdown:
    """Return the number that an ask rests on, and whether nobody counted it."""
    if SIMULATED not in supported_advice.kinds:
        return supported_advice.finding
    mark = (
        translator("Simulated data.")
        if supported_advice.kinds == {SIMULATED}
        else translator("Partly simulated data.")
    )
    return Markdown(f"{supported_advice.finding} {mark}")


def _describe_nonresponse(
    translator: Translator[Markdown], row: PublicRow | None, composite: bool
) -> Markdown:
    """Return what may be with chance and with whatever those without an answer would have said.

    Args:
        row: of ``bounds.csv``; None where the bounds may not be printed, or are not compared.
        composite: whether the main finding is made of several questions. Children who left one
            open are then counted, with the share of yes among children with the same other answers.
    """
    nonresponse = read_silence(row)
    if nonresponse is None:
        return translator(
            "They do not allow for silence: what those who gave no valid answer would have said is "
            "not known."
        )
    missing = translator.with_sign(nonresponse.missing)
    if composite:
        sentence = translator(
            "They do not allow for silence: {missing} said yes to none of the questions of the "
            "main finding, and left at least one open.",
            missing=missing,
        )
    else:
        sentence = translator(
            "They do not allow for silence: {missing} gave no valid answer on the main finding.",
            missing=missing,
        )
    return Markdown(f"{sentence} {nonresponse.describe_limits(translator)}")


def _describe_uncovered(area: Country, translator: Translator[Markdown]) -> Markdown:
    """Return who was not asked."""
    if area.internet_use_rate is None:
        return Markdown("")
    share = translator.number(
        derive_number(
            "remainder", round(100 * (1 - area.internet_use_rate)), [area.internet_use_rate]
        )
    )
    if is_invented(area.internet_use_source):
        return translator(
            "Not asked: {respondents} who do not use the internet ({share} of 100, invented for "
            "this simulation), and {respondents} who live outside households.",
            share=share,
        )
    return translator(
        "Not asked: {respondents} who do not use the internet ({share} of 100), and {respondents} "
        "who live outside households.",
        share=share,
    )
