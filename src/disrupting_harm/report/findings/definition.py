"""What a study's country reports find: key figures, and chapters of findings.

The words stand in a file of the study (``report.findings``), so that no indicator of a study is
named in the library. No pandas here: the Snakefile loads modules of this kind at every call.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from disrupting_harm.report.findings.region_definition import Region
from disrupting_harm.report.findings.title_definition import FigureTitle
from disrupting_harm.study.configuration.section import Identifier, Section, Text

# Forms of a heading by the claim that they make (:mod:`disrupting_harm.report.findings.headings`).
SHARES = ("most", "one_in", "fewer_than_half", "in_100", "fewer")
GAPS = ("more", "less", "no_difference")
PLAIN = "plain"
TEXT_AT_MOST, SURE_AT_MOST, OPENER_AT_MOST, TILE_AT_MOST = 100, 18, 60, 14  # words
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
# A heading without numbers claims nothing: these words would.
_CLAIMS = re.compile(
    r"\b(?:most|more|less|fewer|half|rose|fell|older|younger|\d+|one in|always|never)\b", re.I
)
FILLS = {"one_in": ("k",), "in_100": ("x",), "fewer": ("x",)}
# What sentences of a study on evidence must name.
SAID = {"offences": ("workers",)}
Evidence = Literal[
    "offences", "cybertips", "hotlines", "several", "justice", "capacity", "policy",
    "helpline",
]  # fmt: skip


class Gap(Section):
    """A difference between two groups that the comparison tests."""

    indicator: Identifier
    domain: Identifier
    levels: Annotated[tuple[str, str], Field(description="The first minus the second.")]


class WiderGap(Section):
    """The same groups by an indicator that counts more, told where the test finds a difference."""

    indicator: Identifier
    more: Text = Field(description="A sentence with the shares `{a}` and `{b}`: more of the first.")
    less: Text = Field(description="The same: fewer of the first group.")


class Options(Section):
    """A question with several answers, of which those given most often are told."""

    question: Identifier = Field(description="A choice item, or the `tick_of` of several items.")
    asked: Text = Field(description="What was asked, as in “asked who did it”.")


class Finding(Section):
    """One finding: of an indicator, of gaps between groups, or of a kind of evidence."""

    id: Identifier
    indicator: Identifier | None = Field(default=None, description="A proportion.")
    gap: Gap | None = None
    where_clear: bool = Field(
        default=False,
        description="Of a gap: whether it is told only where the test finds a difference, be it "
        "by `wider`.",
    )
    wider: WiderGap | None = Field(default=None, description="Of a gap.")
    clear_gaps: tuple[Identifier, ...] = Field(
        default=(),
        description="Headline proportions. Where groups clearly differ in one of them, a table has "
        "the shares of both groups; of bands, of the first and the last.",
    )
    evidence: Evidence | None = None
    said: dict[str, Text] = Field(
        default={},
        description="Of `offences`: a sentence for each item of the survey of frontline workers "
        "that is told beside the records; `{workers}` stands for how many of how many said yes.",
    )
    heading: dict[str, Text] = Field(
        default={},
        description="Forms of the heading by the claim they make; the strongest that the printed "
        f"numbers bear is printed. Of an indicator: {', '.join(SHARES)}; of a gap: "
        f"{', '.join(GAPS)}. `plain` claims nothing, and is needed.",
    )
    text: tuple[Text, ...] = Field(
        default=(),
        description="Sentences; `{indicator}` stands for its share with the interval, in a gap "
        "`{a}` and `{b}` for the shares of the two groups. A sentence one of whose numbers is "
        "not published is left out.",
    )
    options: Options | None = None
    caregivers: Identifier | None = Field(
        default=None,
        description="Indicator of which it is told how many caregivers say the same as the child.",
    )
    children: bool = Field(
        default=False, description="Whether the number of children it stands for is told."
    )
    figure: str | None = Field(default=None, description="Identifier of the figure.")
    sure: Text | None = Field(default=None, description="What is sure, and then what is not.")
    asked: Identifier | None = Field(
        default=None, description="Item of the codebook whose question stands in the margin."
    )

    @property
    def indicators_named(self) -> list[str]:
        """Return the indicators that the sentences name."""
        always_filled = {"country", "population", *(("a", "b") if self.gap else ())}
        placeholders = [name for sentence in self.text for name in _PLACEHOLDER.findall(sentence)]
        return [name for name in dict.fromkeys(placeholders) if name not in always_filled]

    @property
    def wider_gap(self) -> Gap | None:
        """Return the gap between the same groups by the wider indicator."""
        if self.gap is None or self.wider is None:
            return None
        return self.gap.model_copy(update={"indicator": self.wider.indicator})

    @model_validator(mode="after")
    def _check_kind_and_headings(self) -> "Finding":
        kinds = [self.indicator, self.gap, self.clear_gaps, self.evidence]
        if sum(map(bool, kinds)) != 1:
            raise ValueError(
                f"'{self.id}' needs one of 'indicator', 'gap', 'clear_gaps' and 'evidence'"
            )
        forms = SHARES if self.indicator else GAPS if self.gap else ()
        for name, sentence in self.said.items():
            placeholders = SAID.get(self.evidence or "")
            if placeholders is None:
                raise ValueError(f"'said' of '{self.id}': only {', '.join(SAID)} may have it")
            if set(_PLACEHOLDER.findall(sentence)) != set(placeholders):
                raise ValueError(
                    f"'said' of '{self.id}', '{name}', needs {{{'} and {'.join(placeholders)}}}"
                )
        if unknown := [name for name in self.heading if name not in (*forms, PLAIN)]:
            raise ValueError(f"'{self.id}' has no heading '{unknown[0]}'; it may have {forms}")
        if self.clear_gaps and self.text:
            raise ValueError(f"'{self.id}': the library writes the text of 'clear_gaps'")
        has_own_headings = self.evidence is None
        if has_own_headings != bool(self.heading):
            raise ValueError(f"'{self.id}': headings of evidence are written by the library")
        if has_own_headings and PLAIN not in self.heading:
            raise ValueError(f"'{self.id}' needs a heading '{PLAIN}', which claims nothing")
        for name, heading in self.heading.items():
            unfilled = set(_PLACEHOLDER.findall(heading)) - set(FILLS.get(name, ())) - {"country"}
            if unfilled:
                raise ValueError(
                    f"nothing fills '{{{unfilled.pop()}}}' in a heading of '{self.id}'"
                )
        claim = _CLAIMS.search(self.heading.get(PLAIN, ""))
        if claim:
            raise ValueError(f"the heading '{PLAIN}' of '{self.id}' claims something: '{claim[0]}'")
        return self

    @model_validator(mode="after")
    def _check_length(self) -> "Finding":
        for key, sentences, limit in (
            ("text", self.text, TEXT_AT_MOST),
            ("sure", (self.sure or "",), SURE_AT_MOST),
        ):
            word_count = sum(len(sentence.split()) for sentence in sentences)
            if word_count > limit:
                raise ValueError(
                    f"'{key}' of '{self.id}' has {word_count} words, more than {limit}"
                )
        return self


class Chapter(Section):
    """A chapter: its message, and what was found."""

    id: Identifier
    title: Text
    message: Text = Field(description="What the reader should bear in mind; no number in it.")
    quotation: bool = Field(
        default=False, description="Whether authors have a place for words of somebody heard."
    )
    findings: Annotated[tuple[Finding, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_length(self) -> "Chapter":
        word_count = len(self.message.split())
        if word_count > OPENER_AT_MOST:
            raise ValueError(
                f"'message' of '{self.id}' has {word_count} words, more than {OPENER_AT_MOST}"
            )
        return self


class NumberTile(Section):
    """One key figure and the words that end its sentence."""

    indicator: Identifier | None = None
    count: Literal["online", "interviewed", "children", "policy", "frontline", "reports"] | None = (
        Field(
            default=None,
            description="`online`: children who use the internet; `interviewed`: who took part; "
            "`children`: those for whom the share of `of` stands; `policy`: items in place; "
            "`frontline`: workers who said yes to the item `of`; `reports`: CyberTip reports.",
        )
    )
    of: str | None = None
    text: Text | None = Field(
        default=None, description="Words after the number, at most 14; `reports` brings its own."
    )
    meaning: Text | None = Field(
        default=None,
        description="What a word of the text means, as a sentence; it stands once, below the first "
        "group with a tile that needs it.",
    )

    @model_validator(mode="after")
    def _check_complete(self) -> "NumberTile":
        if (self.indicator is None) == (self.count is None):
            raise ValueError("a tile needs one of 'indicator' and 'count'")
        if (self.count in ("children", "frontline")) != (self.of is not None):
            raise ValueError("'of' is of 'children' and 'frontline', and they need it")
        if self.count not in ("online", "interviewed", "policy", "reports") and not self.text:
            raise ValueError("the tile needs a 'text'")
        if self.text and len(self.text.split()) > TILE_AT_MOST:
            raise ValueError(f"the text of a tile has more than {TILE_AT_MOST} words: {self.text}")
        return self


class NumberGroup(Section):
    """A question, and the key figures that answer it."""

    title: Text
    tiles: Annotated[tuple[NumberTile, ...], Field(min_length=1, max_length=4)]


class Term(Section):
    """A word of the glossary."""

    term: Text
    meaning: Text
    of: tuple[Literal["survey"] | Evidence, ...] = Field(
        default=(),
        description="Kinds of sources that use the word: a report that has none of them does not "
        "explain it. Without this the word is in every report.",
    )


class ComparedShare(Section):
    """A share of which the report says where a country stands among the others."""

    indicator: Identifier = Field(description="A headline proportion.")
    label: Text = Field(description="What the share is, in a few words, beside its lines.")
    higher: Text | None = Field(
        default=None,
        description="A sentence that opens the page where the country is clearly above some and "
        "below none: `{country}`, and `{count}` of `{all}` other countries.",
    )
    lower: Text | None = Field(default=None, description="The same: below some and above none.")

    @model_validator(mode="after")
    def _check_placeholders(self) -> "ComparedShare":
        for key in ("higher", "lower"):
            sentence = getattr(self, key)
            if sentence and {*_PLACEHOLDER.findall(sentence)} != {"country", "count", "all"}:
                raise ValueError(f"'{key}' has to name {{country}}, {{count}} and {{all}}")
        return self


class Findings(Section):
    """What country reports find."""

    numbers: tuple[NumberGroup, ...] = ()
    standing: Annotated[tuple[ComparedShare, ...], Field(max_length=6)] = Field(
        default=(),
        description="Shares of the page that tells where a country stands, in their order; without "
        "any the report has no such page.",
    )
    chapters: tuple[Chapter, ...] = ()
    glossary: Annotated[tuple[Term, ...], Field(max_length=12)] = ()
    figures: dict[str, tuple[FigureTitle, ...]] = Field(
        default={},
        description="Titles of a country's figures, by their identifiers: of the forms the first "
        "that the printed numbers bear is printed, and a plain name where none is.",
    )
    region: Region | None = None

    @property
    def quotations(self) -> list[str]:
        """Return the chapters that have a place for a quotation."""
        return [chapter.id for chapter in self.chapters if chapter.quotation]

    @property
    def all(self) -> list[Finding]:
        """Return all findings in their order."""
        return [finding for chapter in self.chapters for finding in chapter.findings]

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        tiles = [tile for group in self.numbers for tile in group.tiles]
        of_tiles = [tile.indicator or tile.of for tile in tiles if tile.count != "frontline"]
        of_findings = [
            name
            for finding in self.all
            for name in (
                finding.indicator,
                finding.gap and finding.gap.indicator,
                finding.wider and finding.wider.indicator,
                *finding.clear_gaps,
                *finding.indicators_named,
            )
        ]
        of_region = self.region.indicators if self.region else []
        of_standing = [share.indicator for share in self.standing]
        of_titles = [name for title in self.titles for name in title.indicators]
        named = (*of_tiles, *of_findings, *of_region, *of_standing, *of_titles)
        return [name for name in named if name]

    @property
    def titles(self) -> list[FigureTitle]:
        """Return all forms of titles of figures."""
        return [title for forms in self.figures.values() for title in forms]

    @model_validator(mode="after")
    def _check_unique_ids(self) -> "Findings":
        ids = [chapter.id for chapter in self.chapters] + [finding.id for finding in self.all]
        repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        if repeated:
            raise ValueError(f"the id '{repeated[0]}' stands twice")
        return self
