"""What the page of methods says, from the configuration of the study and its public results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import unescaped, without_heading
from disrupting_harm.report.site.country import CountryPage
from disrupting_harm.report.text import Text
from disrupting_harm.report.whole import Whole, in_percent, printed_interval
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration


@dataclass(frozen=True)
class Survey:
    """The survey of one country: how many were drawn and took part, places and strata."""

    name: str
    page: str
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Methods:
    """How the numbers of a survey were made; ``margins`` are population totals, in words.

    ``example`` is an estimate with its interval, empty where no country has one; ``imputed`` says
    whether a number on several questions counts children who left one of them open; ``coded``,
    whether bounds are of estimates and not of the population.
    """

    surveys: list[Survey]
    margins: str
    standard: str
    example: str
    imputed: bool
    coded: bool


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
        Survey(page.name, page.href, _counts(page.quality, words)) for page in pages if page.quality
    ]
    # The same example in all languages, whatever the order of the countries' names.
    shares = [page.share for page in sorted(pages, key=lambda page: page.code) if page.share]
    text = Text(words)
    labels = Labels(codebook, text)
    margins = [within_sentence(unescaped(labels.domain(name))) for name in config.weighting.margins]
    standard = without_heading(text(POLICIES[config.publication.reliability].shown))
    return Methods(
        surveys,
        words.enumeration(margins),
        unescaped(standard),
        _example(shares[0], words) if shares else "",
        any(page.quality["imputed"] for page in pages if page.quality),
        config.publication.disclosure.method == "coded",
    )


def _counts(quality: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """Return how many were drawn and took part, places and strata; not all data tell the first."""
    drawn = words.number(quality["drawn"])
    others = (words.number(quality[name]) for name in ("interviewed", "psus", "strata"))
    return (drawn if quality["response_rates"] else words("not recorded"), *others)


def _example(share: Whole, words: Words) -> str:
    return f"{in_percent(words, share)} {printed_interval(words, share)}"
