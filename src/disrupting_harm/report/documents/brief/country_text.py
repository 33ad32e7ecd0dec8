"""The names that the template of a brief uses, with their values for one country and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import read_rows
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    derive_number,
    with_address_of,
)
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.report.documents.brief.services import seen
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.findings.advice import Advice, AdviceTo, advice, asked_for
from disrupting_harm.report.findings.brief_definition import PICTURES_AT_MOST, Ask, Brief, Tile
from disrupting_harm.report.findings.country_sentences import (
    ShortSentences,
    children_sentence,
    printed_share,
    silence_of,
    tile_bar,
    tile_number,
)
from disrupting_harm.report.findings.order_claims import decisive, is_set_apart, reason_said
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.broader_indicator import BroaderIndicator
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, picture, without_addresses
from disrupting_harm.report.language.printed_bounds import bound_tile
from disrupting_harm.report.language.ranges import Range, printed_ends, printed_limits
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SUPPRESS_DISCLOSURE

# What the comparison says of one country, for its brief and its page of the site.


@dataclass(frozen=True)
class Compared:
    """Rows of the comparison that are about the lead of one country; None where there is none.

    ``children`` is of ``denominators.csv``, ``missing`` of ``bounds.csv``; ``apart`` is why the
    ledger sets the country apart, and empty where it does not, or where its survey did not ask.
    """

    children: dict[str, str] | None
    missing: dict[str, str] | None
    apart: str = ""


def read_compared(folder: Path, country: str, indicator: str) -> Compared:
    """Return what the comparison says of one indicator of a country."""

    def row(table: str, **keys: str) -> dict[str, str] | None:
        path = folder / f"{table}.csv"
        if not path.is_file():  # the study has no such table
            return None
        wanted = {"country": country, "indicator": indicator, **keys}
        found = read_rows(path, (country,))[1]
        rows = address_cells(table, found, compared=True)
        return next((r for r in rows if all(r[k] == v for k, v in wanted.items())), None)

    return Compared(
        children=row("denominators", denominator="internet_using_children"),
        missing=row("bounds"),
        apart=_reason(row("comparability", comparable="no")),
    )


def _reason(row: dict[str, str] | None) -> str:
    return decisive(row["reason"]) if row and is_set_apart(row) else ""


# Of one ask, about 60 English words; a second recommendation stands in it where there is room. Not
# all languages part words.
LETTERS_AT_MOST = 380
Row = Mapping[str, str]


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
    compared: Compared,
    pictures: Mapping[str, FigureRecord],
    recommendations: Recommendations | None = None,
) -> dict[str, Any]:
    """Return the names that the template of a brief uses.

    Args:
        area, config, codebook, plain_translator: the country, the study, the language.
        results: public results of the country.
        brief: what the study's briefs say.
        compared: what the comparison says of the country's main finding.
        pictures: those that were drawn.
        recommendations: of the study, on which the asks rest.
    """
    translator = plain_translator.with_markup(MARKDOWN)
    area = add_addresses_to_fields(area, f"{area.country}/country")
    config = add_addresses_to_fields(config, STUDY)
    names = {
        "country": translator.country_in_text(area.country, area.name_in_text or area.name),
        "population": translator.of_study(config.study.population),
    }
    labels = Labels(codebook, translator)
    sentences = ShortSentences(translator, labels, results, names)
    groups = advice(
        named_recommendations(brief, recommendations), results, translator, names, sentences
    )
    main = results.cell(brief.lead.indicator)
    share = main.whole
    return {
        "_": translator,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        **names,
        "study": config.study,
        "config": config,
        "helpline": area.helpline if area.helpline_confirmed else None,
        "lead": lead_sentence(brief, results, sentences, translator, names),
        "meaning": translator.of_study(brief.lead.meaning),
        "share": share,
        "bound": sentences.bounded(main),
        "apart": compared.apart and reason_said(plain_translator, compared.apart),
        "children": children_sentence(translator, compared.children),
        "tiles": [_tile(tile, results, translator, sentences) for tile in brief.tiles],
        "picture": lambda name: _placed(pictures, name),
        "pictures": [picture.id for picture in brief.pictures if picture.id in pictures],
        "left_out": [
            translator.of_study(picture.title)
            for picture in brief.pictures[:PICTURES_AT_MOST]
            if picture.id not in pictures
        ],
        "pictures_title": translator.of_study(brief.pictures_title),
        "silence": labels.definition(brief.lead.indicator).silence,
        "evidence": results.evidence.tables,
        "seen": seen(translator, results.evidence, brief.frontline),
        "asks": [found for ask in brief.asks if (found := _ask(ask, groups, translator))],
        "quality": results.quality,
        "confidence": sentences.confidence,
        "silent": _silent(
            translator, compared.missing, bool(labels.definition(brief.lead.indicator).any_of)
        ),
        "outside": _outside(area, translator),
    }


def named_recommendations(brief: Brief, recommendations: Recommendations | None) -> Recommendations:
    """Return the recommendations that asks of the brief name, alone."""
    names = {name for ask in brief.asks for name in ask.recommendations}
    groups = recommendations.groups if recommendations else ()
    kept = [
        group.model_copy(
            update={
                "recommendations": tuple(e for e in group.recommendations if e.id in names),
                "general": (),
            }
        )
        for group in groups
    ]
    disagreements = recommendations.disagreements if recommendations else ()
    return Recommendations(groups=tuple(kept), disagreements=disagreements)


def lead_sentence(
    brief: Brief,
    results: Results,
    sentences: ShortSentences,
    translator: Translator[Markdown],
    names: dict[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding, or why there is none."""
    cell = results.cell(brief.lead.indicator)
    if share := cell.whole:
        return share_sentence(brief, share, translator, names)
    if cell.bound and cell.bound[0] == "<":
        bound = translator.number(with_address_of(round(100 * cell.bound[1]), cell.bound[1]))
        said = translator(brief.lead.fewer, **names, x=bound)
    else:
        said = sentences.say(brief.lead.indicator, "")
    return Markdown(f"{said} {wider_sentence(brief.lead.wider, results, translator)}".rstrip())


def wider_sentence(
    wider: BroaderIndicator | None, results: Results, translator: Translator[Markdown]
) -> Markdown:
    """Return the share of the indicator that counts more, to be said where the main one has none.

    Empty where it has none either.
    """
    share = results.cell(wider.indicator).whole if wider else None
    if wider is None or share is None:
        return Markdown("")
    return translator(
        "{counted}, it is {share}.",
        counted=translator.of_study(wider.counted),
        share=printed_share(translator, share),
    )


def share_sentence(
    brief: Brief,
    share: PercentInterval,
    translator: Translator[Markdown],
    names: Mapping[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding of one country, as a simple share where one fits."""
    if share.small:
        pattern, values = brief.lead.fewer, {"x": translator.number(share.limit)}
    elif brief.lead.one_in and share.one_in:
        pattern, values = brief.lead.one_in, {"k": translator.number(share.one_in)}
    else:
        pattern, values = brief.lead.in_100, {"x": translator.number(share.estimate)}
    return translator(pattern, **names, **values)


def _tile(
    tile: Tile, results: Results, translator: Translator[Markdown], sentences: ShortSentences
) -> TileText:
    cell = results.cell(tile.indicator)
    share, said = cell.whole, translator.of_study(tile.text)
    if share:
        return tile_text(translator, share, said)
    if cell.bound:
        return TileText(*bound_tile(translator, cell.bound, said, results.coded), "")
    if cell.status in (NOT_ASKED, NOBODY_INTERVIEWED):
        said = Markdown(f"{said}. {sentences.say(tile.indicator, '')}")
    elif cell.status == SUPPRESS_DISCLOSURE:
        said = translator("{said} (to protect those who answered)", said=said)
    else:
        said = translator("{said} (too uncertain)", said=said)
    return TileText(translator("Not shown"), said, "")


def tile_text(translator: Translator[Markdown], share: PercentInterval, said: Markdown) -> TileText:
    """Return a tile of a share, with its bar."""
    return TileText(tile_number(translator, share), said, tile_bar(share))


def range_tile(translator: Translator[Markdown], ends: Range, said: Markdown) -> TileText:
    """Return a tile of a range of shares, with its interval; a bar needs one estimate."""
    limits = printed_limits(translator, ends)
    return TileText(Markdown(f"{printed_ends(translator, ends)} [{limits}]{{.limits}}"), said, "")


def _placed(pictures: Mapping[str, FigureRecord], name: str) -> Markdown:
    """Return a picture with its alternative text; empty where none was drawn."""
    found = pictures.get(name)
    if found is None:
        return Markdown("")
    return picture("", f"figures/{found.id}", "width=100%", found.alt, found.addresses)


def _ask(ask: Ask, groups: Sequence[AdviceTo], translator: Translator[Markdown]) -> AskText | None:
    """Return an ask with the numbers that it rests on; None where no number supports it.

    No number stands there without the recommendation that rests on it, and no actor without one.
    """
    fired = asked_for(ask.recommendations, groups)
    if not fired:
        return None
    said = [part for entry, _ in fired for part in (entry.text, entry.finding)]
    if sum(len(without_addresses(part)) for part in said) > LETTERS_AT_MOST:
        del fired[1:]
    return AskText(
        translator.of_study(ask.title),
        tuple((entry.text, _finding(entry, translator)) for entry, _ in fired),
        translator.enumeration(list(dict.fromkeys(label for _, label in fired))),
    )


def _finding(entry: Advice, translator: Translator[Markdown]) -> Markdown:
    """Return the number that an ask rests on, and whether nobody counted it."""
    if SIMULATED not in entry.kinds:
        return entry.finding
    mark = (
        translator("Simulated data.")
        if entry.kinds == {SIMULATED}
        else translator("Partly simulated data.")
    )
    return Markdown(f"{entry.finding} {mark}")


def _silent(translator: Translator[Markdown], row: Row | None, composite: bool) -> Markdown:
    """Return what may be with chance and with whatever those without an answer would have said.

    Args:
        translator: the language.
        row: of ``bounds.csv``; None where the bounds may not be printed, or are not compared.
        composite: whether the main finding is made of several questions. Children who left one
            open are then counted, with the share of yes among children with the same other answers.
    """
    known = silence_of(row)
    if known is None:
        return translator(
            "They do not allow for silence: what those who gave no valid answer would have said is "
            "not known."
        )
    missing = translator.with_sign(known.missing)
    if composite:
        silent = translator(
            "They do not allow for silence: {missing} said yes to none of the questions of the "
            "main finding, and left at least one open.",
            missing=missing,
        )
    else:
        silent = translator(
            "They do not allow for silence: {missing} gave no valid answer on the main finding.",
            missing=missing,
        )
    return Markdown(f"{silent} {known.allowed_for(translator)}")


def _outside(area: Country, translator: Translator[Markdown]) -> Markdown:
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
