"""What a study's briefs say: the main finding, four numbers, three pictures, what is asked for.

The words stand in a file of the study (``report.brief``), so that no indicator of a study is named
in the library. No pandas here: the Snakefile loads modules of this kind at every call.
"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.findings.recommendations import Recommendations, load_recommendations
from disrupting_harm.report.language.broader_indicator import BroaderIndicator
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
PICTURES_AT_MOST = 3  # side by side
# Pictures of every brief: the share as a hundred dots, and reports of companies by year.
OF_EVERY_BRIEF = DOTS, REPORTS = "dots", "reports"


class Lead(Section):
    """The sentence that a reader takes along, and what it means."""

    indicator: Identifier = Field(description="Indicator of the codebook, a proportion.")
    one_in: Text | None = Field(
        default=None,
        description="The sentence with `{k}`: about 1 in k, where such a share fits. Beside a "
        "country of which `in_100` is told it is hard to compare.",
    )
    in_100: Text = Field(description="The sentence with `{x}`: about x in 100.")
    fewer: Text = Field(description="The sentence with `{x}`: fewer than x in 100.")
    countries: Text | None = Field(
        default=None,
        description="The sentence of the study's brief: in `{shown}` of `{all}` countries the "
        "estimates that are compared lie between `{low}` and `{high}` in 100.",
    )
    countries_from_fewer: Text | None = Field(
        default=None,
        description="The same where the lowest of them rounds to 0: they begin at fewer than "
        "`{low}`. Absent: the brief has no such sentence then.",
    )
    meaning: Text = Field(description="What the indicator counts, and whose fault it is not.")
    wider: BroaderIndicator | None = Field(
        default=None,
        description="Of the study's brief: an indicator that counts more, of which it is told "
        "where two groups clearly differ in it, of the first gap that the comparison tests.",
    )

    @model_validator(mode="after")
    def _check_placeholders(self) -> "Lead":
        for key, placeholder in (("one_in", "k"), ("in_100", "x"), ("fewer", "x")):
            sentence = getattr(self, key)
            placeholders = set(_PLACEHOLDER.findall(sentence)) if sentence else {placeholder}
            if placeholder not in placeholders or placeholders - _ALWAYS_FILLED - {placeholder}:
                raise ValueError(
                    f"'{key}' needs {{{placeholder}}}, and may name {{population}} and {{country}}"
                )
        needed = {"shown", "all", "low", "high"}
        for key in ("countries", "countries_from_fewer"):
            sentence = getattr(self, key)
            if sentence and set(_PLACEHOLDER.findall(sentence)) != needed:
                raise ValueError(
                    f"'{key}' needs {{shown}}, {{all}}, {{low}} and {{high}}, and no other"
                )
        return self


class Tile(Section):
    """One number and the words that end its sentence."""

    indicator: Identifier
    text: Text = Field(description="Words after the number, at most 14.")

    @model_validator(mode="after")
    def _check_length(self) -> "Tile":
        if len(self.text.split()) > 14:
            raise ValueError(f"the text of '{self.indicator}' has more than 14 words")
        return self


class Picture(Section):
    """A small figure: several indicators of all respondents, or one of them by group."""

    id: Identifier = Field(
        description="Name of its files; `dots` and `reports` are taken by pictures of every brief."
    )
    title: Text
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


class Ask(Section):
    """One thing asked of those who can act, with the recommendations that it rests on."""

    title: Text
    recommendations: tuple[Identifier, ...] = Field(
        min_length=1,
        description="In order; at most two whose condition the country's numbers meet are printed, "
        "and without one the ask is left out.",
    )


class Brief(Section):
    """The parts of a brief."""

    lead: Lead
    tiles: Annotated[tuple[Tile, ...], Field(min_length=2, max_length=4)]
    compared: Annotated[tuple[Tile, ...], Field(max_length=4)] = Field(
        default=(), description="Further tiles of the brief on all countries: averages of these."
    )
    pictures: Annotated[tuple[Picture, ...], Field(min_length=1, max_length=6)] = Field(
        description="In order; the first three for which the country has a number are drawn."
    )
    pictures_title: Text = Field(
        default="What the survey found", description="Heading of the pictures."
    )
    asks: Annotated[tuple[Ask, ...], Field(max_length=3)] = ()
    frontline: Identifier | None = Field(
        default=None, description="Item of the survey of frontline workers that is told."
    )

    @model_validator(mode="after")
    def _check_picture_names(self) -> "Brief":
        picture_ids = [picture.id for picture in self.pictures]
        for picture_id in picture_ids:
            if picture_id in OF_EVERY_BRIEF:
                raise ValueError(
                    f"a picture is called '{picture_id}', as one that briefs have anyway: rename it"
                )
            if picture_ids.count(picture_id) > 1:
                raise ValueError(f"several pictures are called '{picture_id}': rename all but one")
        return self

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        of_pictures = [name for picture in self.pictures for name in picture.indicators]
        of_tiles = [tile.indicator for tile in (*self.tiles, *self.compared)]
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
    recommendations = (
        load_recommendations(study.resolve(report.recommendations), study.codebook)
        if report.recommendations
        else None
    )
    return load_brief(study.resolve(Path(str(report.brief))), study.codebook, recommendations)


def read_brief(path: Path) -> Brief:
    """Read the file of the brief without looking whether the study has what it names."""
    brief: Brief = validate_content(Brief, read_yaml(path) or {}, str(path))
    return brief


def load_brief(
    path: Path, codebook: Codebook, recommendations: Recommendations | None = None
) -> Brief:
    """Read the file of the brief.

    Args:
        codebook: of the study, whose indicators and domains it names.
        recommendations: of the study, on which its asks rest.

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
    groups = recommendations.groups if recommendations else ()
    recommendation_ids = {
        recommendation.id for group in groups for recommendation in group.recommendations
    }
    for ask in brief.asks:
        for name in ask.recommendations:
            if name not in recommendation_ids:
                raise StudyError(
                    f"{path}, recommendation '{name}'",
                    "the file of recommendations has none",
                    "Name one that it has",
                )
    return brief
