"""What the page of methods says, from the configuration of the study and its public results."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import unescaped
from disrupting_harm.report.site.country import CountryPage
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration

# The heading within a sentence of a report, "**What is shown.** "; the page has one of its own.
_HEADING = re.compile(r"\A\*\*.*?\*\*\s*")


@dataclass(frozen=True)
class Survey:
    """The survey of one country: who was drawn and took part; None where the data do not tell."""

    name: str
    page: str
    interviewed: int
    drawn: int | None
    psus: int
    strata: int


@dataclass(frozen=True)
class Methods:
    """How the numbers of a survey were made; ``margins`` are population totals, in words."""

    surveys: list[Survey]
    margins: str
    confidence: str
    standard: str


def within_sentence(label: str) -> str:
    """Return a label as it stands within a sentence."""
    return label[:1].lower() + label[1:]


def methods(
    pages: Sequence[CountryPage], config: Configuration, codebook: Codebook, words: Words
) -> Methods:
    """Return what a study with a survey says of its methods.

    Args:
        pages: the countries.
        config: the configuration of the study.
        codebook: names of the groups that weights are fitted to.
        words: the reader's language.
    """
    surveys = [
        Survey(
            page.name,
            page.href,
            page.quality["children_interviewed"],
            page.quality["children_drawn"] if page.quality["response_rates"] else None,
            page.quality["psus"],
            page.quality["strata"],
        )
        for page in pages
        if page.quality
    ]
    text = Text(words)
    labels = Labels(codebook, text)
    margins = [within_sentence(unescaped(labels.domain(name))) for name in config.weighting.margins]
    standard = _HEADING.sub("", text(POLICIES[config.publication.reliability].shown))
    return Methods(
        surveys,
        words.enumeration(margins),
        words.percent(config.estimation.confidence),
        unescaped(standard),
    )
