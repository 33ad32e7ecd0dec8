"""What opens the page of a country: its finding, tiles and actions, in the words of its brief."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disrupting_harm.report.documents.brief.brief_actions import BriefActions
from disrupting_harm.report.documents.brief.country_comparison import ComparisonOfCountry
from disrupting_harm.report.documents.brief.country_text import TileText, compose_brief
from disrupting_harm.report.findings.brief_definition import Brief, Tile
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.translator import ADDRESSED, Translator
from disrupting_harm.report.language.whole_percent import format_interval, format_whole_percent
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.report.web.site.addressed_numbers import keep_bold_signs, strip_markdown
from disrupting_harm.report.web.site.comparison_page import EVIDENCE_FIGURE, Picture
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

PICTURES = 2  # that stand open on the page
# Kinds of figures that show groups.
_OF_GROUPS = {"by_group", "regions", "crossed"}


@dataclass(frozen=True)
class PageTile:
    """A number with its interval and words; ``share`` is None where none is printed."""

    number: str
    limits: str
    text: str
    share: PercentInterval | None


@dataclass(frozen=True)
class PageTiles:
    """Tiles below the words that say of whom their numbers are."""

    base: str
    tiles: tuple[PageTile, ...]


@dataclass(frozen=True)
class PageAction:
    """An action with the numbers that it rests on; ``title`` does not say of which group it is."""

    title: str
    heading: str
    numbers: str
    owner: str
    first_step: str


@dataclass(frozen=True)
class Opening:
    """What stands before all figures and tables of a country.

    Attributes:
        finding: the main finding; what it counts is ``meaning``.
        one_in: whether the finding says "1 in k", and so not how many of 100.
        share: of the main finding; ``bound`` is what stands in its place, if anything.
        children: how many respondents it is about; empty without a share.
        apart: why the country is compared with no other; empty where it is.
        tiles: numbers, by of whom they are; ``notes`` say what to know of them.
        actions_heading, actions_reason: above the actions; empty without one.
        silent: what those without an answer could change; it stands beside the range of chance,
            which alone would be taken for all that is open.
        outside: who was not asked.
        confidence: of the intervals, in per cent.
    """

    finding: str
    meaning: str
    one_in: bool
    bound: str
    share: PercentInterval | None
    children: str
    apart: str
    tiles: tuple[PageTiles, ...]
    notes: str
    actions_heading: str
    actions_reason: str
    actions: tuple[PageAction, ...]
    silent: str
    outside: str
    confidence: str


def read_opening(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    translator: Translator[str],
    *,
    brief: Brief,
    results: Results,
    comparison: ComparisonOfCountry,
    country_names: Mapping[str, str],
    recommendations: Recommendations | None,
) -> Opening:
    """Return what opens the page of a country that has a brief, letter by letter as there.

    Args:
        translator: the reader's language.
        results: what is published of the country.
        comparison: what the comparison says of its main finding.
        country_names: of all countries inside a sentence, by code.
        recommendations: of the study.
    """
    composed = compose_brief(
        area, config, codebook, translator, results, brief, comparison, {}, country_names,
        recommendations,
    )  # fmt: skip
    texts = {
        name: strip_markdown(composed[name])
        for name in ("lead", "meaning", "bound", "children", "notes", "silent", "outside")
    }
    # A range of chance alone would be taken for all that is open.
    higher = (
        translator("The true numbers may be higher. Some {respondents} do not tell a survey.")
        if composed["silence"]
        else ""
    )
    asked: BriefActions | None = composed["asked"]
    share: PercentInterval | None = composed["share"]
    return Opening(
        finding=texts["lead"],
        meaning=texts["meaning"],
        one_in=composed["one_in"],
        bound=texts["bound"],
        share=share,
        children=texts["children"] if share else "",
        apart=composed["apart"],
        tiles=tuple(
            PageTiles(
                strip_markdown(printed.base),
                tuple(
                    _build_tile(tile, text, results, translator)
                    for tile, text in zip(group.tiles, printed.tiles, strict=True)
                ),
            )
            for group, printed in zip(brief.tiles, composed["tile_groups"], strict=True)
        ),
        notes=texts["notes"],
        actions_heading=strip_markdown(asked.heading) if asked else "",
        actions_reason=strip_markdown(asked.introduction) if asked else "",
        actions=tuple(
            PageAction(
                strip_markdown(action.title),
                strip_markdown(action.heading),
                keep_bold_signs(action.numbers),
                strip_markdown(action.owner),
                strip_markdown(action.first_step),
            )
            for action in (asked.actions if asked else ())
        ),
        silent=f"{higher} {texts['silent']}".strip(),
        outside=texts["outside"],
        confidence=strip_markdown(composed["confidence"]),
    )


def _build_tile(
    tile: Tile, text: TileText, results: Results, translator: Translator[str]
) -> PageTile:
    share, words = results.cell(tile.indicator).percent, strip_markdown(text.text)
    if share is None:
        return PageTile(strip_markdown(text.number), "", words, None)
    addressed = translator.with_markup(ADDRESSED)
    number = format_whole_percent(addressed, share)
    return PageTile(number, format_interval(addressed, share), words, share)


def choose_pictures(pictures: Sequence[Picture], brief: Brief) -> list[Picture]:
    """Return the figures that stand open: those of the brief, in its order, that were drawn."""
    names = [picture.id for picture in brief.pictures]
    drawn = sorted(
        (picture for picture in pictures if picture.name in names),
        key=lambda picture: names.index(picture.name),
    )
    return drawn[:PICTURES]


def group_by_topic(
    pictures: Iterable[Picture], translator: Translator[str]
) -> list[tuple[str, list[Picture]]]:
    """Return the figures below what they are about; a topic without one is left out."""
    topics: dict[str, list[Picture]] = {
        translator("All themes of the survey"): [],
        translator("Estimates of groups"): [],
        translator("Other sources"): [],
    }
    themes, groups, others = topics.values()
    for picture in pictures:
        if picture.kind == EVIDENCE_FIGURE:
            others.append(picture)
        else:
            (groups if picture.kind in _OF_GROUPS else themes).append(picture)
    return [(topic, listed) for topic, listed in topics.items() if listed]


def name_countries_in_text(rows: Iterable[Country], translator: Translator[Any]) -> dict[str, str]:
    """Return what countries are called inside a sentence, by code."""
    return {
        row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
        for row in rows
    }
