"""What the page of methods says: in numbered sections, from the configuration and the codebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import STUDY, add_addresses_to_fields
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.translator import ADDRESSED, MARKDOWN, Translator
from disrupting_harm.report.language.undescribed_designs import (
    UndescribedDesigns,
    group_undescribed,
)
from disrupting_harm.report.language.whole_percent import format_interval, format_whole_percent
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.report.web.explorer.facts import describe_method_paragraphs
from disrupting_harm.report.web.site.addressed_numbers import strip_markdown
from disrupting_harm.report.web.site.country_page import CountryPage
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

OF_MEANS = "wald_t"  # the interval of means and totals


@dataclass(frozen=True)
class Survey:
    """The survey of one country: how many were drawn and took part, places and strata."""

    name: str
    page: str
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What was asked for one indicator, and which answers count."""

    id: str
    label: str
    wording: str


@dataclass(frozen=True)
class Methods:
    """How the numbers of a survey were made.

    Attributes:
        design: what the study says of how the surveys were made, and what it does not say.
        undescribed: of which designs the data do not tell.
        each_alone: whether the data of no country tell who was selected together.
        questions: of each theme, by its label.
        weights, interval, shown: title and text of a paragraph, as reports have them.
        example: an estimate with its interval, empty where no country has one.
        imputed: whether a number on several questions counts those who left one of them open.
        silence: whether a "no" of some indicator may be silence.
        calibrated: whether weights meet known totals.
        calibrated_errors: whether standard errors allow for it.
        alpha: the error of a family of tests, in per cent.
    """

    surveys: list[Survey]
    design: list[str]
    undescribed: list[UndescribedDesigns]
    each_alone: bool
    questions: list[tuple[str, list[Question]]]
    weights: tuple[str, str]
    interval: tuple[str, str]
    shown: tuple[str, str]
    example: str
    imputed: bool
    silence: bool
    calibrated: bool
    calibrated_errors: bool
    alpha: str


def describe_methods(
    pages: Sequence[CountryPage],
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    translator: Translator[str],
    templates: Path,
) -> Methods:
    """Return the methods of a study with a survey.

    Args:
        pages: of the countries.
        countries: rows of the countries file.
        codebook: questions, and names of the groups that weights are fitted to.
        translator: the reader's language.
        templates: the folder of templates, with the paragraphs on methods.
    """
    surveys = [
        Survey(
            page.name,
            page.href,
            _format_counts(page.quality, translator),
        )
        for page in pages
        if page.quality
    ]
    undescribed = {
        page.code: tuple(page.quality.get("undescribed", ())) for page in pages if page.quality
    }
    # The same example in all languages, whatever the order of the countries' names.
    shares = [page.share for page in sorted(pages, key=lambda page: page.code) if page.share]
    with_markup = translator.with_markup(MARKDOWN)
    labels = Labels(codebook, with_markup)
    addressed_config = add_addresses_to_fields(config, STUDY)
    intervals: list[str] = [config.estimation.interval]
    if any(indicator.statistic != "proportion" for indicator in codebook.indicators):
        intervals.append(OF_MEANS)
    of_all = set.intersection(*map(set, undescribed.values())) if undescribed else set()
    weights, interval, shown = describe_method_paragraphs(
        with_markup,
        addressed_config,
        labels,
        intervals,
        templates,
        of_all,
    )
    return Methods(
        surveys,
        _describe_design(countries, config, translator),
        group_undescribed(undescribed, translator, {page.code: page.name for page in pages}),
        "psu" in of_all,
        _list_questions(codebook, labels, with_markup),
        weights,
        interval,
        shown,
        _format_example(shares[0], translator.with_markup(ADDRESSED)) if shares else "",
        any(page.quality["imputed"] for page in pages if page.quality),
        any(indicator.silence for indicator in codebook.indicators),
        bool(config.weighting and config.weighting.margins),
        config.estimation.calibrated_errors,
        translator.with_markup(ADDRESSED).percent(addressed_config.comparison.alpha),
    )


def _describe_design(
    countries: Sequence[Country], config: Configuration, translator: Translator[str]
) -> list[str]:
    """Return sentences on how the surveys were made; the last lists what no key of a study says.

    A study has no keys for its sampling frame and for the review of its ethics.
    """
    stated, missing = [], [translator("the list from which places were drawn")]
    if config.weighting and config.weighting.source == "selection":
        stated.append(
            translator(
                "Selected by chance in three steps: places within strata, households in them, and "
                "one of the {respondents} of each household. The chance of each is known, and "
                "weights start from it."
            )
        )
    else:
        missing.append(translator("how places and {respondents} were selected"))
    periods = {row.country: row.fieldwork for row in countries if row.fieldwork}
    if len(set(periods.values())) == 1 and len(periods) == len(countries):
        stated.append(translator("Fieldwork: {fieldwork}.", fieldwork=countries[0].fieldwork))
    elif periods:
        names = {row.country: translator.country(row.country, row.name) for row in countries}
        listed = "; ".join(f"{names[code]}: {period}" for code, period in periods.items())
        stated.append(translator("Fieldwork: {fieldwork}.", fieldwork=listed))
    if len(periods) < len(countries):
        missing.append(translator("when they were asked"))
    missing.append(translator("who reviewed the ethics"))
    return [
        *stated,
        translator("Not stated by the study: {facts}.", facts=translator.enumeration(missing)),
    ]


def _list_questions(
    codebook: Codebook, labels: Labels, translator: Translator[Markdown]
) -> list[tuple[str, list[Question]]]:
    """Return what was asked for each indicator, by theme, in the order of the codebook."""
    return [
        (
            strip_markdown(labels.module(module)),
            [
                Question(
                    name,
                    strip_markdown(labels.indicator(name)),
                    _format_question(translator, labels, codebook, labels.definition(name)),
                )
                for name in labels.list_indicators_of_module(module)
            ],
        )
        for module in labels.modules()
    ]


def _format_question(
    translator: Translator[Markdown], labels: Labels, codebook: Codebook, indicator: Indicator
) -> str:
    return strip_markdown(Markdown(describe_question(translator, labels, codebook, indicator)))


def _format_counts(quality: Mapping[str, Any], translator: Translator[str]) -> tuple[str, ...]:
    """Return how many were drawn and took part, places and strata; not all data tell the first."""
    number_drawn = translator.number(quality["drawn"])
    untold = {"psus": "psu", "strata": "stratum"}
    other_numbers = (
        translator("not recorded")
        if untold.get(name) in quality.get("undescribed", ())
        else translator.number(quality[name])
        for name in ("interviewed", "psus", "strata")
    )
    return (
        number_drawn if quality["response_rates"] else translator("not recorded"),
        *other_numbers,
    )


def _format_example(share: PercentInterval, translator: Translator[str]) -> str:
    return f"{format_whole_percent(translator, share)} {format_interval(translator, share)}"
