"""The names that the template of a brief uses, with their values for one country and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    derive_number,
    with_address_of,
)
from disrupting_harm.report.documents.brief.brief_actions import describe_brief_actions
from disrupting_harm.report.documents.brief.country_comparison import (
    ComparisonOfCountry,
    describe_place,
)
from disrupting_harm.report.documents.brief.group_gaps import describe_groups
from disrupting_harm.report.documents.brief.source_counts import describe_last_counts
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.actions import describe_actions
from disrupting_harm.report.findings.brief_definition import Brief, Tile, WiderShare
from disrupting_harm.report.findings.conditions import (
    list_addresses_of_both_sides,
    match_disagreements,
)
from disrupting_harm.report.findings.country_sentences import (
    SMALL,
    ShortSentences,
    describe_children,
    describe_rounding,
    format_share_with_interval,
    format_tile_bar,
    format_tile_number,
    read_silence,
)
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.order_claims import describe_other_ages, translate_reason
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, format_picture
from disrupting_harm.report.language.printed_bounds import format_bound_tile
from disrupting_harm.report.language.ranges import Range, format_ends, format_limits
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SUPPRESS_DISCLOSURE


@dataclass(frozen=True)
class TileText:
    """A tile as printed: its number or the reason why there is none, its words, its bar."""

    number: Markdown
    text: Markdown
    bar: str  # attributes of the div; empty where no number is printed


@dataclass(frozen=True)
class TileGroupText:
    """Tiles below the words that say of whom their numbers are."""

    base: Markdown
    tiles: tuple[TileText, ...]


def compose_brief(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    plain_translator: Translator[str],
    results: Results,
    brief: Brief,
    of_comparison: ComparisonOfCountry,
    pictures: Mapping[str, FigureRecord],
    country_names: Mapping[str, str],
    recommendations: Recommendations | None = None,
) -> dict[str, Any]:
    """Return the names that the template of a brief uses.

    Args:
        of_comparison: what the comparison says of the country's main finding.
        pictures: those that were drawn.
        country_names: of all countries of the study inside a sentence, by code.
        recommendations: of the study, of which the actions are.
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
    main = results.cell(brief.lead.indicator)
    main_indicator = labels.definition(brief.lead.indicator)
    return {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        **name_values,
        "study": config.study,
        "config": config,
        "helpline": area.helpline if area.helpline_confirmed else None,
        "lead": describe_main_finding(brief, results, sentences, translator, name_values),
        "fieldwork": area.fieldwork,
        "survey_year": area.survey_year,
        "meaning": translator.of_study(brief.lead.meaning),
        "share": main.percent,
        "one_in": bool(main.percent and _is_one_in(brief, main.percent)),
        "bound": sentences.explain_bound(main),
        "apart": of_comparison.apart and translate_reason(plain_translator, of_comparison.apart),
        "ages": describe_other_ages(plain_translator, of_comparison.apart, area.age_range),
        "standing": describe_place(
            translator, of_comparison, brief.lead.indicator, area.country, country_names
        ),
        "children": join_sentences(
            [
                children := describe_children(translator, of_comparison.children),
                describe_rounding(translator, main) if children else children,
                *_describe_share_of_everybody(translator, of_comparison.everybody),
            ]
        ),
        "tile_groups": [
            TileGroupText(
                translator.of_study(group.base),
                tuple(_format_tile(tile, results, translator, sentences) for tile in group.tiles),
            )
            for group in brief.tiles
        ],
        "notes": join_sentences(
            [
                *(translator.of_study(group.note) for group in brief.tiles if group.note),
                *(
                    [describe_wider_share(brief.lead.wider, results, translator)]
                    if main.percent
                    else []
                ),
                *describe_groups(brief.lead, config, labels, results, translator),
            ]
        ),
        "picture": lambda name: place_picture(pictures.get(name)),
        "pictures": [picture.id for picture in brief.pictures if picture.id in pictures],
        "silence": main_indicator.silence,
        "evidence": results.evidence.tables,
        "asked": describe_brief_actions(
            describe_actions(results, translator, recommendations, sentences, name_values),
            translator,
            name_values["country"],
            area.country,
            config.study.simulated,
        )
        if recommendations
        else None,
        "seen": describe_last_counts(
            translator,
            results.evidence,
            list_addresses_of_both_sides(match_disagreements(recommendations, results.evidence))
            if recommendations
            else frozenset(),
        ),
        "quality": results.quality,
        "confidence": sentences.confidence,
        "silent": _describe_nonresponse(
            translator, of_comparison.missing, bool(main_indicator.any_of), sentences.confidence
        ),
        "outside": _describe_uncovered(area, translator),
    }


def _describe_share_of_everybody(
    translator: Translator[Markdown], row: PublicRow | None
) -> list[Markdown]:
    """Return the share with those who do not use the internet; nothing where none is printed."""
    share = read_percent_interval(row) if row and row["estimate"] else None
    if row is None or share is None or share.small:
        return []
    if share.estimate < SMALL:
        # Of a small share a whole per cent hides too much beside the number of children.
        x, low, high = (
            translator.percent(row.number(name), 1) for name in ("estimate", "ci_low", "ci_high")
        )
    else:
        x, low, high = (
            translator.of_100(end, share.some) for end in (share.estimate, share.low, share.high)
        )
    return [
        translator(
            "Of all children of that age, it is {x} of 100 ({low} to {high}) if none of those "
            "offline would say so.",
            x=x,
            low=low,
            high=high,
        )
    ]


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
    wider = describe_wider_share(brief.lead.wider, results, translator)
    return Markdown(f"{sentence} {wider}".rstrip())


def describe_wider_share(
    wider: WiderShare | None, results: Results, translator: Translator[Markdown]
) -> Markdown:
    """Return the share of the indicator that counts more; empty where it has none."""
    share = results.cell(wider.indicator).percent if wider else None
    if wider is None or share is None:
        return Markdown("")
    return translator.fill_sentence(
        wider.sentence, {"share": format_share_with_interval(translator, share)}
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


def _is_one_in(brief: Brief, share: PercentInterval) -> bool:
    """Return whether the main finding is said as "1 in k"."""
    return bool(brief.lead.one_in and share.one_in and not share.small)


def _format_tile(
    tile: Tile, results: Results, translator: Translator[Markdown], sentences: ShortSentences
) -> TileText:
    cell = results.cell(tile.indicator)
    share, caption = cell.percent, translator.of_study(tile.text)
    if share:
        return format_share_tile(translator, share, caption)
    if cell.bound:
        return TileText(*format_bound_tile(translator, cell.bound, caption, results.coded), "")
    if cell.status == NOT_ASKED:
        caption = translator("This survey did not ask how many {did}.", did=caption)
    elif cell.status == NOBODY_INTERVIEWED:
        caption = Markdown(f"{caption}. {sentences.say(tile.indicator, '')}")
    elif cell.status == SUPPRESS_DISCLOSURE:
        caption = translator("{said} (to protect those who answered)", said=caption)
    else:
        caption = translator("Too few answered to say how many {did}.", did=caption)
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


def _describe_nonresponse(
    translator: Translator[Markdown], row: PublicRow | None, composite: bool, confidence: Markdown
) -> Markdown:
    """Return what may be with chance and with whatever those without an answer would have said.

    Nothing is said where everybody answered, or all but fewer than one in two hundred.

    Args:
        row: of ``bounds.csv``; None where the bounds may not be printed, or are not compared.
        composite: whether the main finding is made of several questions. Children who left one
            open are then counted, with the share of yes among children with the same other answers.
        confidence: of the limits, in per cent.
    """
    nonresponse = read_silence(row)
    if nonresponse is None:
        return translator("What those who gave no valid answer would have said is not known.")
    if nonresponse.missing < 1:
        return Markdown("")
    missing = translator.with_sign(nonresponse.missing)
    if composite:
        sentence = translator("{share} left a question open.", share=missing)
    else:
        sentence = translator("{share} did not answer.", share=missing)
    return Markdown(f"{sentence} {nonresponse.describe_limits(translator, confidence)}")


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
        "Not asked: {respondents} who are offline ({share} of 100) or outside households.",
        share=share,
    )
