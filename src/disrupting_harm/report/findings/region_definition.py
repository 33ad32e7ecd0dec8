"""What a study says in the report on all its areas: its first page, and chapters of its own.

The words stand in the section ``region`` of the file of findings. No pandas here: the Snakefile
loads modules of this kind at every call.
"""

import re
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.report.language.broader_indicator import BroaderIndicator
from disrupting_harm.study.configuration.section import Identifier, Section, Text

# What a number in a sentence is of; without one, the average of the areas compared.
AVERAGE = ""
OF_SHARE = (AVERAGE, "low", "high", "shown", "clear", "pairs")
OF_GAP = ("clear", "tested")
OF_TOTAL = ("children", "low", "high", "areas")
GAP, TOTAL = "gap", "total"
PARTS = {GAP: OF_GAP, TOTAL: OF_TOTAL}
PLAIN = "plain"
# Forms of a heading by the claim that they make, and the numbers that fill each.
FORMS: dict[str, tuple[str, ...]] = {
    "everywhere": ("n", "low", "high"),
    "nowhere_half": ("n",),
    "fewer_than_half": (),
    "in_10": ("x",),
    "pairs": ("clear", "pairs"),
    "more": ("clear", "tested"),
    "less": ("clear", "tested"),
    "none": ("tested",),
    PLAIN: (),
}
FINDINGS_AT_MOST = 4
PANELS_AT_MOST = 4
PLACEHOLDER = re.compile(r"{(\w+)(?:\.(\w+))?}")
_CLAIMS = re.compile(
    r"\b(?:most|more|less|fewer|half|older|younger|youngest|no|none|\d+|always|never)\b", re.I
)


class RegionalGap(Section):
    """Two groups of an area between which the comparison tests a difference."""

    indicator: Identifier
    domain: Identifier
    levels: Annotated[tuple[str, str], Field(description="The first minus the second.")]


class RegionalPair(Section):
    """Two shares of the same people, of which one is larger in most areas; nothing is tested."""

    larger: Identifier
    smaller: Identifier
    title: Text = Field(
        description="With {n}, in how many areas the estimate of `larger` is above the other, and "
        "{m}, of how many that print both; the figure has it where they are most."
    )


class RegionalFinding(Section):
    """A finding over all areas: a heading that the numbers bear, sentences, and a picture."""

    id: Identifier
    indicator: Identifier = Field(description="A proportion that the comparison holds.")
    gap: RegionalGap | None = None
    heading: dict[str, Text] = Field(
        description="Forms of the heading by the claim that they make; of those that the numbers "
        "bear, the first of shares and the first of gaps are printed, in the order given. "
        "`everywhere`: no area has an interval that reaches 0, and some differ ({low} and {high} "
        "are the span of their estimates); `nowhere_half`: in no area half; `fewer_than_half`: on "
        "average; `in_10`: the average and its interval round to {x} in 10; `pairs`: {clear} of "
        "{pairs} pairs of areas differ; of a gap `more`, `less`, `none`. `plain` claims "
        "nothing, and is needed."
    )
    text: tuple[Text, ...] = Field(
        default=(),
        description="Sentences. `{indicator}` stands for its average with the interval, "
        "`{indicator.low}` and `{indicator.high}` for the span of the areas compared, "
        "`{indicator.shown}` for how many have a number, `{indicator.clear}` and "
        "`{indicator.pairs}` for pairs that differ; `{gap.clear}`, `{gap.tested}` for the gap; "
        "`{total.children}`, `{total.low}`, `{total.high}`, `{total.areas}` for numbers of people; "
        "A sentence one of whose numbers is not there is left out.",
    )
    picture: Text | None = Field(
        default=None, description="Of the first page: the heading of its panel in the figure there."
    )
    panels: dict[Identifier, Text] = Field(
        default={},
        description="Of a chapter: proportions drawn beside each other with the heading of each; "
        f"at most {PANELS_AT_MOST}.",
    )
    pair: RegionalPair | None = Field(
        default=None, description="Of a chapter: two panels whose estimates title the figure."
    )
    sure: Text | None = Field(default=None, description="What is sure, and then what is not.")
    chapter: Identifier | None = Field(
        default=None, description="Of the first page: the chapter that has more."
    )

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        sentences = " ".join(self.text)
        placeholders = [name for name, _ in PLACEHOLDER.findall(sentences)]
        of_text = [name for name in placeholders if name not in PARTS]
        of_gap = [self.gap.indicator] if self.gap else []
        return [*dict.fromkeys([self.indicator, *of_gap, *of_text, *self.panels])]

    @model_validator(mode="after")
    def _check_headings(self) -> "RegionalFinding":
        if unknown := [name for name in self.heading if name not in FORMS]:
            raise ValueError(f"'{self.id}' has no heading '{unknown[0]}'; it may have {[*FORMS]}")
        if PLAIN not in self.heading:
            raise ValueError(f"'{self.id}' needs a heading '{PLAIN}', which claims nothing")
        for name, heading in self.heading.items():
            unfilled = {found for found, _ in PLACEHOLDER.findall(heading)} - {*FORMS[name]}
            if unfilled:
                raise ValueError(
                    f"nothing fills '{{{unfilled.pop()}}}' in a heading of '{self.id}'"
                )
        if claim := _CLAIMS.search(self.heading[PLAIN]):
            raise ValueError(f"the heading '{PLAIN}' of '{self.id}' claims something: '{claim[0]}'")
        return self

    @model_validator(mode="after")
    def _check_sentences(self) -> "RegionalFinding":
        for sentence in self.text:
            for name, part in PLACEHOLDER.findall(sentence):
                known = PARTS.get(name, OF_SHARE)
                if part not in known or (name == GAP and self.gap is None):
                    raise ValueError(f"nothing fills '{{{name}.{part}}}' in '{sentence}'")
        if len(self.panels) > PANELS_AT_MOST:
            raise ValueError(f"'{self.id}' has more than {PANELS_AT_MOST} panels")
        return self


class RegionalAssociation(Section):
    """What two answers of the same people mean together, in a sentence for each direction."""

    indicator: Identifier = Field(description="The outcome, of `comparison.associations`.")
    characteristic: Identifier = Field(description="The answer that goes with it.")
    more: Text = Field(
        description="The sentence where those who gave this answer clearly had the outcome more "
        "often than others who are alike in `comparison.adjust_for`; no number in it."
    )
    less: Text = Field(description="The sentence where they clearly had it less often.")


class RegionalChapter(Section):
    """A chapter of the study's own in the report on all areas."""

    id: Identifier
    title: Text
    message: Text = Field(description="What the reader should bear in mind; no number in it.")
    findings: Annotated[tuple[RegionalFinding, ...], Field(min_length=1)]


class Region(Section):
    """Words of the report on all areas together; without them it takes those of the codebook."""

    indicator: Identifier = Field(description="A proportion of which the report asks.")
    said: Text = Field(
        description="What follows “of every 100 children”, as in “said that they were ...”."
    )
    happened: Text | None = Field(
        default=None,
        description="What follows “about 6 million children”, as in “were ...”; the number of "
        "people then opens the first chapter.",
    )
    meaning: Text | None = Field(
        default=None,
        description="What the indicator counts, as a sentence; it stands wherever the report first "
        "has its number.",
    )
    gaps: dict[Identifier, Text] = Field(
        default={},
        description="The question on differences between groups, by domain of `comparison.gaps`; "
        "a domain without one is told in the data book alone.",
    )
    groups: Text | None = Field(
        default=None, description="The title of the chapter on differences between groups."
    )
    associations: tuple[RegionalAssociation, ...] = Field(
        default=(),
        description="What goes with what in words; pairs without words stand in the data book "
        "alone.",
    )
    wider: BroaderIndicator | None = Field(
        default=None,
        description="An indicator that counts more, of which it is told where a gap is clear.",
    )
    story: Annotated[tuple[RegionalFinding, ...], Field(max_length=FINDINGS_AT_MOST)] = Field(
        default=(),
        description="The findings of the first page, above one figure of their numbers; without "
        "any it has key figures.",
    )
    chapters: tuple[RegionalChapter, ...] = Field(
        default=(), description="Chapters behind that on the main indicator."
    )

    @property
    def findings(self) -> list[RegionalFinding]:
        """Return the findings of the first page and of all chapters."""
        of_chapters = [finding for chapter in self.chapters for finding in chapter.findings]
        return [*self.story, *of_chapters]

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        of_findings = [name for finding in self.findings for name in finding.indicators]
        of_wider = [self.wider.indicator] if self.wider else []
        of_pairs = [
            name for pair in self.associations for name in (pair.indicator, pair.characteristic)
        ]
        return [*dict.fromkeys([self.indicator, *of_wider, *of_findings, *of_pairs])]

    @property
    def domains(self) -> list[str]:
        """Return all domains whose groups are named."""
        of_findings = [finding.gap.domain for finding in self.findings if finding.gap]
        return [*dict.fromkeys([*self.gaps, *of_findings])]
