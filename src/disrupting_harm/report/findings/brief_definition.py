"""What a study's briefs say: the main finding, numbers by whom they are of, two pictures.

The words stand in a file of the study (``report.brief``), so that no indicator of a study is named
in the library. No pandas here: the Snakefile loads modules of this kind at every call.
"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.findings.definition import FILLS, SHARES
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    Text,
    read_yaml,
    validate_content,
)
from disrupting_harm.study.study import Study

_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
_ALWAYS_FILLED = {"population", "country"}
_OF_ALL_COUNTRIES = {
    "total": {"number", "count"},
    "total_between": {"low", "high", "count"},
    "levels": {"low", "high"},
}
TILE_WORDS_AT_MOST, BASE_WORDS_AT_MOST = 10, 9
PICTURES_AT_MOST = 2  # side by side
TILES_AT_MOST = 4  # in one row
DOTS = "dots"  # the picture of every brief: the share as a hundred dots


class WiderShare(Section):
    """An indicator that counts more than the main one, and the sentence that says so."""

    indicator: Identifier
    sentence: Text = Field(
        description="The sentence with `{share}`, its number with the interval; it stands below "
        "the tiles, and with the main finding where that has no number."
    )

    @model_validator(mode="after")
    def _check_placeholders(self) -> "WiderShare":
        if set(_PLACEHOLDER.findall(self.sentence)) != {"share"}:
            raise ValueError("'sentence' needs {share}, and no other")
        return self


class Lead(Section):
    """The sentence that a reader takes along, and what it means."""

    indicator: Identifier = Field(description="Indicator of the codebook, a proportion.")
    one_in: Text | None = Field(
        default=None,
        description="The sentence with `{k}`: about 1 in k, where 100/k rounds to the printed "
        "share.",
    )
    in_100: Text = Field(description="The sentence with `{x}`: about x in 100.")
    fewer: Text = Field(description="The sentence with `{x}`: fewer than x in 100.")
    total: Text | None = Field(
        default=None,
        description="The sentence of the study's brief: by what was said it happened to about "
        "`{number}` in `{count}` countries. Absent: that brief has no such sentence.",
    )
    total_between: Text | None = Field(
        default=None,
        description="The same where a country counts with a bound, and any number between `{low}` "
        "and `{high}` is in its range. Absent: the brief has no number then.",
    )
    levels: Text | None = Field(
        default=None,
        description="The sentence of the study's brief on the lowest and the highest share that "
        "are compared: `{low}` to `{high}` of 100.",
    )
    meaning: Text = Field(description="What the indicator counts, and whose fault it is not.")
    wider: WiderShare | None = None

    @model_validator(mode="after")
    def _check_placeholders(self) -> "Lead":
        for key, placeholder in (("one_in", "k"), ("in_100", "x"), ("fewer", "x")):
            sentence = getattr(self, key)
            placeholders = set(_PLACEHOLDER.findall(sentence)) if sentence else {placeholder}
            if placeholder not in placeholders or placeholders - _ALWAYS_FILLED - {placeholder}:
                raise ValueError(
                    f"'{key}' needs {{{placeholder}}}, and may name {{population}} and {{country}}"
                )
        for key, needed in _OF_ALL_COUNTRIES.items():
            sentence = getattr(self, key)
            if sentence and set(_PLACEHOLDER.findall(sentence)) != needed:
                names = ", ".join(f"{{{name}}}" for name in sorted(needed))
                raise ValueError(f"'{key}' needs {names}, and no other")
        return self


class Tile(Section):
    """One number and the words that end its sentence."""

    indicator: Identifier
    text: Text = Field(description="Words after the number, at most 10.")

    @model_validator(mode="after")
    def _check_length(self) -> "Tile":
        if len(self.text.split()) > TILE_WORDS_AT_MOST:
            raise ValueError(
                f"the text of '{self.indicator}' has more than {TILE_WORDS_AT_MOST} words"
            )
        return self


class TileGroup(Section):
    """Numbers of the same people, who are named once, in the heading."""

    base: Text = Field(description="Of whom the numbers are, and of when; at most 9 words.")
    note: Text | None = Field(
        default=None, description="What a reader has to know of them; it stands below the tiles."
    )
    tiles: Annotated[tuple[Tile, ...], Field(min_length=1, max_length=TILES_AT_MOST)]

    @model_validator(mode="after")
    def _check_length(self) -> "TileGroup":
        if len(self.base.split()) > BASE_WORDS_AT_MOST:
            raise ValueError(f"the base '{self.base}' has more than {BASE_WORDS_AT_MOST} words")
        return self


class PictureFinding(Section):
    """A title that states what a picture shows, where the printed numbers bear it."""

    each: Text | None = Field(
        default=None,
        description="The title where each indicator of the picture has a printed interval that "
        "begins at 1 per cent or above.",
    )
    indicator: Identifier | None = Field(
        default=None, description="Of which `heading` speaks; its row is the one to look at."
    )
    heading: dict[str, Text] = Field(
        default={},
        description="Forms of the title by the claim they make; the strongest that the printed "
        f"numbers of `indicator` bear is printed: {', '.join(SHARES)}.",
    )

    @model_validator(mode="after")
    def _check_forms(self) -> "PictureFinding":
        if bool(self.each) == bool(self.indicator) or bool(self.heading) != bool(self.indicator):
            raise ValueError("a finding has 'each', or an 'indicator' and its 'heading'")
        for form, title in self.heading.items():
            if form not in SHARES:
                raise ValueError(f"'heading' has no form '{form}': use {', '.join(SHARES)}")
            if set(_PLACEHOLDER.findall(title)) != set(FILLS.get(form, ())):
                raise ValueError(f"the form '{form}' needs {FILLS.get(form, 'no number')}")
        return self


class Picture(Section):
    """A small figure: several indicators of all respondents, or one of them by group."""

    id: Identifier = Field(
        description="Name of its files; `dots` is taken by the picture of every brief."
    )
    title: Text = Field(description="Its plain name, where no finding is borne.")
    finding: PictureFinding | None = None
    subtitle: Text = Field(description="Who and when, in a few words.")
    indicators: tuple[Identifier, ...] = Field(
        min_length=1,
        description="In order. An option of a question that has neither a number nor a bound gives "
        "its place to another option of it that has a number.",
    )
    labels: dict[Identifier, Text] = Field(
        default={}, description="What the picture calls an indicator, in place of its short name."
    )
    domains: tuple[Identifier, ...] = Field(
        default=(), description="Domains by whose levels one indicator is shown."
    )

    @model_validator(mode="after")
    def _check_kind(self) -> "Picture":
        if self.domains and len(self.indicators) > 1:
            raise ValueError(f"'{self.id}' shows one indicator by group, or several of all")
        return self


class Brief(Section):
    """The parts of a brief."""

    lead: Lead
    tiles: Annotated[tuple[TileGroup, ...], Field(min_length=1, max_length=2)] = Field(
        description="Four numbers at most; the brief on all countries has their averages."
    )
    pictures: Annotated[tuple[Picture, ...], Field(min_length=1, max_length=6)] = Field(
        description="In order; the first two for which the country has a number are drawn."
    )
    all_countries: Text | None = Field(
        default=None,
        description="Title of the picture of the brief on all countries, where each printed number "
        "is above 0, with the lower limit of its interval. It may name `{low}` and `{high}`, the "
        "lowest and highest share of 100 that are compared.",
    )

    @model_validator(mode="after")
    def _check_picture_names(self) -> "Brief":
        picture_ids = [picture.id for picture in self.pictures]
        for picture_id in picture_ids:
            if picture_id == DOTS:
                raise ValueError(
                    f"a picture is called '{picture_id}', as one that briefs have anyway: rename it"
                )
            if picture_ids.count(picture_id) > 1:
                raise ValueError(f"several pictures are called '{picture_id}': rename all but one")
        if sum(len(group.tiles) for group in self.tiles) > TILES_AT_MOST:
            raise ValueError(f"there are more than {TILES_AT_MOST} tiles: they stand in one row")
        return self

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        of_pictures = [name for picture in self.pictures for name in picture.indicators]
        of_pictures += [
            picture.finding.indicator
            for picture in self.pictures
            if picture.finding and picture.finding.indicator
        ]
        of_tiles = [tile.indicator for group in self.tiles for tile in group.tiles]
        wider = [self.lead.wider.indicator] if self.lead.wider else []
        return [self.lead.indicator, *wider, *of_tiles, *of_pictures]


def load_study_brief(study: Study) -> Brief:
    """Read the file of the brief that a study's configuration names.

    Raises:
        StudyError: where the study has no survey, or the file is faulty.
    """
    report = study.config.report
    if not study.has_survey:
        raise StudyError(
            f"{study.path}, key 'report.brief'",
            "the study has no survey",
            "Take the key out: a brief rests on a survey",
        )
    return load_brief(study.resolve(Path(str(report.brief))), study.codebook)


def read_brief(path: Path) -> Brief:
    """Read the file of the brief without looking whether the study has what it names."""
    brief: Brief = validate_content(Brief, read_yaml(path) or {}, str(path))
    return brief


def load_brief(path: Path, codebook: Codebook) -> Brief:
    """Read the file of the brief.

    Args:
        codebook: of the study, whose indicators and domains it names.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    brief = read_brief(path)
    indicators_by_id = {indicator.id: indicator for indicator in codebook.indicators}
    for name in brief.indicators:
        if name not in indicators_by_id:
            raise StudyError(
                f"{path}, indicator '{name}'", "the codebook has none", "Name one that it has"
            )
        if indicators_by_id[name].statistic != "proportion":
            raise StudyError(
                f"{path}, indicator '{name}'", "it is no proportion", "Name a proportion"
            )
    domains = {domain.id for domain in codebook.domains}
    for picture in brief.pictures:
        for name in picture.domains:
            if name not in domains:
                raise StudyError(
                    f"{path}, domain '{name}'", "the codebook has none", "Name one that it has"
                )
    return brief
