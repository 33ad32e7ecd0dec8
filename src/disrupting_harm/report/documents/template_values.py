"""The names that templates use, with their values for one country and language."""

from functools import partial
from math import floor, log10
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import STUDY, add_addresses_to_fields
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.documents.estimate_tables import EstimateTables
from disrupting_harm.report.documents.quality_annex import Annex
from disrupting_harm.report.documents.templates import RENDERED_BY
from disrupting_harm.report.findings.actions import describe_actions
from disrupting_harm.report.findings.change.sentences import Changes
from disrupting_harm.report.findings.chapters import print_chapters
from disrupting_harm.report.findings.conditions import find_disputes
from disrupting_harm.report.findings.country_sentences import CountrySentences, ShortSentences
from disrupting_harm.report.findings.definition import Findings, Term
from disrupting_harm.report.findings.evidence.chapters import Chapters
from disrupting_harm.report.findings.evidence.known_studies import KnownStudies
from disrupting_harm.report.findings.key_figures import KeyFigures
from disrupting_harm.report.findings.law import Law
from disrupting_harm.report.findings.order_claims import translate_reason
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.standing import write_lead
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    escape,
    format_picture,
    format_reference,
)
from disrupting_harm.report.language.populations import describe_children_and_use
from disrupting_harm.report.language.signs import list_interval_names
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Figure, Results
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration, StudyInfo
from disrupting_harm.study.countries import Country


def compose_report(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    plain_translator: Translator[str],
    results: Results,
    figures: dict[str, Figure],
    recommendations: Recommendations | None = None,
    findings: Findings | None = None,
) -> dict[str, Any]:
    """Return the names that the templates of one country and language use."""
    translator = plain_translator.with_markup(MARKDOWN)
    area = add_addresses_to_fields(area, f"{area.country}/country")
    config = add_addresses_to_fields(config, STUDY)
    labels = Labels(codebook, translator)
    name_values = {
        "country": translator.country_in_text(area.country, area.name_in_text or area.name),
        "population": translator.of_study(config.study.population),
    }
    placed_figures = PlacedFigures(translator, figures)
    chapters = Chapters(translator, results.evidence)
    sentences = (
        CountrySentences(translator, labels, results, name_values) if results.quality else None
    )
    origin_sentence = describe_origin(plain_translator, config.study.survey, config.study.simulated)
    survey = (
        _survey_values(translator, labels, results, sentences, origin_sentence, config)
        if sentences
        else {}
    )
    short = ShortSentences(translator, labels, results, name_values) if sentences else None
    # A country report says once whom it calls e.g. children.
    reader_names = name_values | (
        {"population": translator.of_study(config.study.respondents)} if findings else {}
    )
    recommendations = recommendations or Recommendations()
    disagreements = find_disputes(recommendations, results.evidence, translator)
    findings_of_study = findings or Findings()
    figures_of_country = KeyFigures(translator, labels, area, results)
    return {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "percent": translator.percent,
        "about": translator.about,
        "significant": lambda value: translator.number(value, _significant_digits(value)),
        "language": translator.language,
        "reason_said": partial(translate_reason, plain_translator),
        **name_values,
        "area": area,
        # Nobody is sent to a number that was not confirmed.
        "helpline": area.helpline if area.helpline_confirmed else None,
        "study": config.study,
        "config": config,
        "has_survey": bool(survey),
        "silence": any(indicator.silence for indicator in codebook.indicators),
        "dont_know_counts": any(indicator.dont_know == "no" for indicator in codebook.indicators),
        "changes": _create_changes(translator, labels, results, origin_sentence, config)
        if sentences
        else None,
        "evidence": chapters,
        "law": Law(
            translator, results.evidence, results.world, area.country, name_values["country"]
        ),
        "known_studies": KnownStudies(
            translator,
            labels,
            results,
            short,
            config.study.simulated,
        ),
        "needed_rule": translator.of_study(recommendations.rule),
        "actions": describe_actions(results, translator, recommendations, short, reader_names),
        "numbers": figures_of_country.build_groups(findings_of_study),
        "standing": write_lead(
            translator,
            findings_of_study.standing,
            results.comparison_rows.get("pairwise", ()),
            area.country,
            name_values["country"],
        ),
        "example": figures_of_country.find_example(findings_of_study),
        "chapters": print_chapters(
            findings_of_study, translator, codebook, results, chapters, name_values, disagreements
        ),
        "glossary": [
            (translator.of_study(term.term), translator.of_study(term.meaning))
            for term in findings_of_study.glossary
            if _is_used(term, bool(survey), chapters)
        ],
        "children_and_use": describe_children_and_use(translator, area, name_values["country"]),
        "figure": placed_figures.figure,
        "see": placed_figures.see,
        "see_groups": placed_figures.see_groups,
        "ref": format_reference,
        "rendered_by": RENDERED_BY,
        "link": format_link,
        "headline": labels.headline(),
        "modules": labels.modules(),
        "domains": labels.domains(),
        "in_module": labels.list_indicators_of_module,
        "parts_of": lambda name: labels.definition(name).any_of,
        "label": labels.indicator,
        "short_labels": lambda name_values: [labels.short(name) for name in name_values],
        "note": lambda name: translator.of_study(labels.definition(name).note),
        "module_label": labels.module,
        "names": lambda domains: translator.enumeration([labels.domain(name) for name in domains]),
        **survey,
    }


def _is_used(term: Term, survey: bool, evidence: Chapters) -> bool:
    """Return whether a report has one of the sources that use a word of the glossary."""
    return not term.of or any(
        survey if source_kind == "survey" else getattr(evidence, source_kind)
        for source_kind in term.of
    )


def _survey_values(
    translator: Translator[Markdown],
    labels: Labels,
    results: Results,
    sentences: CountrySentences,
    origin_sentence: str,
    config: Configuration,
) -> dict[str, Any]:
    """Return what speaks of estimates; a template of a study without a survey may not use it."""
    quality = results.quality
    standard = POLICIES[quality["reliability_policy"]]
    population = translator.of_study(config.study.population)
    tables = EstimateTables(translator, labels, results, sentences, origin_sentence, population)
    split_indicators = tables.split_side_by_side(labels.headline())
    group_tables = {
        f"tbl-groups-{number}": indicators
        for number, indicators in enumerate(split_indicators, start=1)
    }
    return {
        "quality": quality,
        "confidence": sentences.confidence,
        "standard": translator(standard.statement),
        "interval_names": list_interval_names(translator, results.cells.values()),
        "say": sentences.say,
        "found": sentences.say_if_published,
        "findings": sentences.findings,
        "table": tables.format_indicators,
        "module_tables": tables.format_module,
        "groups": tables.format_groups,
        "group_tables": group_tables,
        "group_table": {
            name: label for label, indicators in group_tables.items() for name in indicators
        },
        "annex": Annex(translator, labels, results, origin_sentence),
        "disclosure": results.disclosure,
    }


def _create_changes(
    translator: Translator[Markdown],
    labels: Labels,
    results: Results,
    origin_sentence: str,
    config: Configuration,
) -> Changes:
    """Return what speaks of changes; it is false for a country with one survey."""
    standard = config.comparison.standard
    groups = labels.domain(standard.domain) if standard else ""
    return Changes(translator, labels, results.changes, origin_sentence, groups)


def require_helpline(area: Country, study: StudyInfo) -> None:
    """Refuse a country report on harm that could not say where those harmed get help.

    Raises:
        StudyError: if the country's row names no helpline.
    """
    if study.template == "country" and study.harm and not area.helpline:
        raise StudyError(
            f"country {area.country}, column 'helpline'",
            "it is empty",
            f"Name a service where {study.respondents} can get help; no country report on harm "
            "goes out without one",
        )


def format_link(label: str, link_text: str) -> Markdown:
    """Return a link to a heading that has no number."""
    return Markdown(f"[{escape(link_text)}](#{label})")


def place_figure(figure: Figure, label: str) -> Markdown:
    """Return a figure with caption and alternative text.

    One that was drawn for it takes the room of the notes in the margin, too.
    """
    look = f"#{label}"
    look += f' phone="{figure.phone}"' if figure.phone else ""
    placed = format_picture(figure.caption, figure.path, look, figure.alt, figure.addresses)
    return Markdown(f"::: {{.wide}}\n{placed}\n:::") if figure.wide else placed


class PlacedFigures:
    """The figures of one country in one language and the sentences that point to them."""

    def __init__(self, translator: Translator[Markdown], figures: dict[str, Figure]) -> None:
        self._translator = translator
        self._figures = figures

    def figure(self, name: str) -> Markdown:
        """Return a figure with caption and alternative text; empty where none was drawn."""
        figure = self._figures.get(name)
        return place_figure(figure, f"fig-{name}") if figure else Markdown("")

    def picture(self, name: str) -> Markdown:
        """Return a small figure without caption or number; empty where none was drawn."""
        figure = self._figures.get(name)
        if figure is None:
            return Markdown("")
        phone = f'phone="{figure.phone}"' if figure.phone else ""
        return format_picture("", figure.path, phone, figure.alt, figure.addresses)

    def see(self, name: str, table: str) -> Markdown:
        """Return a sentence that points to a figure, where it exists, and to a table."""
        return self._translator(
            "See {places} for these estimates.", places=self._join_references(name, table)
        )

    def see_groups(self, name: str, table: str) -> Markdown:
        """Return a sentence that points to an indicator by group."""
        return self._translator(
            "By group, see {places}.", places=self._join_references(name, table)
        )

    def _join_references(self, name: str, table: str) -> Markdown:
        labels = [f"fig-{name}", table] if name in self._figures else [table]
        return self._translator.enumeration([format_reference(label) for label in labels])


def _significant_digits(value: float) -> int:
    """Return the decimals that print ``value`` with three significant digits."""
    return max(0, 2 - floor(log10(abs(value)))) if value else 0
