"""The regional report: one code-free Quarto source, filled from public tables and rendered."""

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from disrupting_harm.comparison import NEEDS
from disrupting_harm.core.files import read_json, write_text
from disrupting_harm.evidence.prevalence_claims import refuse_prevalence_of_reports
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    address_of,
    number_of,
)
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.documents.cover import Cover
from disrupting_harm.report.documents.heading_checks import HEADINGS, write_headings
from disrupting_harm.report.documents.regional.actions import (
    CHAPTER,
    SHARED,
    answer_what_to_do,
    list_shared_actions,
)
from disrupting_harm.report.documents.regional.law import RegionalLaw
from disrupting_harm.report.documents.regional.questions import (
    LEDGER_LABEL,
    Answers,
    refuse_unknown_leads,
)
from disrupting_harm.report.documents.regional.silence_and_differences import DifferenceTables
from disrupting_harm.report.documents.regional.tables import RegionalTables
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.documents.template_values import PlacedFigures
from disrupting_harm.report.documents.templates import RENDERED_BY, fill_template
from disrupting_harm.report.findings.comparison_sentences import RegionalSentences
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.key_figures import Example
from disrupting_harm.report.findings.order_claims import refuse_unfounded_claims, remove_labels
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.references import METHODS_WORKS, References, Work, read_works
from disrupting_harm.report.findings.region_definition import Region
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    cite_number,
    format_caption,
    format_pipe_table,
    format_reference,
    remove_addresses,
)
from disrupting_harm.report.language.navigation import build_page_navigation
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.translator import MARKDOWN, Translator, build_english
from disrupting_harm.report.language.undescribed_designs import group_undescribed
from disrupting_harm.report.reading.comparison_results import (
    NOT_AVAILABLE,
    RegionalResults,
    read_national_rows,
    read_regional,
)
from disrupting_harm.report.reading.country_results import Figure, read_figures
from disrupting_harm.report.reading.evidence_rows import Evidence, read_evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

RATES = ("coverage", "response_rate")
LONG = 8  # rows: beyond it a table of few columns stands in two halves
FACT_LABELS = {
    "wave": "Wave",
    "age_range": "Ages",
    "mode": "Mode",
    "fieldwork": "Fieldwork",
    "coverage": "Coverage",
    "response_rate": "Interviewed (AAPOR RR2)",
}


class SurveyFacts:
    """Make the table of facts on each survey, from the comparability ledger.

    ``simulated`` says whether its response rates are.
    """

    def __init__(self, wording: ComparisonFormatter, simulated: bool) -> None:
        self._simulated = simulated
        self._wording = wording
        self._translator = wording.translator

    def table(self, label: str) -> Markdown:
        """Return what is known about each country's survey: a column for each fact that differs."""
        translator = self._translator
        differing_facts = [name for name in FACT_LABELS if len(self._values_of_fact(name)) > 1]
        text_facts, rate_facts = (
            [name for name in differing_facts if (name in RATES) == is_rate]
            for is_rate in (False, True)
        )
        # Numbers stand at the right edge, where no text follows them.
        header = (
            *(
                translator("{Area}"),
                *(translator(FACT_LABELS[name]) for name in text_facts),
                translator("Compared"),
            ),
            *(translator(FACT_LABELS[name]) for name in rate_facts),
        )
        rows = [
            (
                self._wording.country(row["country"]),
                *(self._format_fact(name, row[name]) for name in text_facts),
                self._describe_comparability(row["country"]),
                *(self._format_fact(name, row[name]) for name in rate_facts),
            )
            for row in self._first_by_country()
        ]
        caption = format_caption(
            translator("What is known about the survey in each {area}; rates in per cent."),
            [
                *self._describe_same(),
                *self._describe_unknown(),
                *self._mark_simulated(),
            ],
        )
        if len(differing_facts) <= 1 and len(rows) > LONG:
            return self._format_halves(header, rows, caption, label, len(text_facts) + 2)
        share = 60 // (len(differing_facts) + 1)
        widths = (100 - share * (len(differing_facts) + 1), *[share] * (len(differing_facts) + 1))
        texts = range(len(text_facts) + 2)
        return format_pipe_table(
            header, rows, widths, caption=caption, label=label, text_columns=texts
        )

    def _format_halves(
        self,
        header: Sequence[Markdown],
        rows: Sequence[Sequence[Markdown]],
        caption: str,
        label: str,
        text_count: int,
    ) -> Markdown:
        """Return a long table of few columns as two halves beside each other.

        Args:
            text_count: how many of its columns are words, which stand before its numbers.
        """
        half = ceil(len(rows) / 2)
        empty = (Markdown(""),) * len(header)
        beside = [*rows[half:], *[empty] * (2 * half - len(rows))]
        columns = len(header)
        return format_pipe_table(
            (*header, *header),
            [(*left, *right) for left, right in zip(rows[:half], beside, strict=True)],
            (100 // (2 * columns),) * (2 * columns),
            caption=caption,
            label=label,
            text_columns=[n for n in range(2 * columns) if n % columns < text_count],
        )

    def _describe_same(self) -> list[Markdown]:
        """Return the facts that are known and alike.

        A country set apart may differ in the very fact, as its reason says: it is left out.
        """
        translator = self._translator
        fact_texts = [
            translator(
                "{fact}: {value}",
                fact=translator(FACT_LABELS[name]),
                value=self._format_fact(name, *values),
            )
            for name in FACT_LABELS
            if len(values := self._values_of_fact(name)) == 1 and values != [NOT_AVAILABLE]
        ]
        if not fact_texts:
            return []
        message = "The same everywhere: {facts}."
        if any(
            self._verdicts_of_country(row["country"]) == {"no"} for row in self._first_by_country()
        ):
            message = "The same in every {area} that is compared: {facts}."
        return [translator(message, facts=Markdown("; ".join(fact_texts)))]

    def _describe_unknown(self) -> list[Markdown]:
        """Return the facts that the study knows of no survey."""
        translator = self._translator
        fact_names = [
            translator(FACT_LABELS[name])
            for name in FACT_LABELS
            if self._values_of_fact(name) == [NOT_AVAILABLE]
        ]
        if not fact_names:
            return []
        return [
            translator("Not known of any {area}: {facts}.", facts=Markdown("; ".join(fact_names)))
        ]

    @property
    def _has_rates(self) -> bool:
        return self._values_of_fact("response_rate") != [NOT_AVAILABLE]

    def _mark_simulated(self) -> list[Markdown]:
        if not (self._simulated and self._has_rates):
            return []
        return [self._translator("The response rates are simulated.")]

    def _verdicts_of_country(self, country: str) -> set[str]:
        rows = self._wording.results.rows("comparability", country=country)
        return {row["comparable"] for row in rows}

    def _describe_comparability(self, country: str) -> Markdown:
        """Return whether a country is compared on all indicators, on some or on none."""
        verdicts = self._verdicts_of_country(country)
        if len(verdicts) > 1:
            return self._translator("in part")
        return self._translator("yes") if verdicts == {"yes"} else self._translator("no, set apart")

    def _format_fact(self, name: str, value: str) -> Markdown:
        if name in RATES and value != NOT_AVAILABLE:
            return self._translator.percent(number_of(value), 1)
        formatted = self._translator.translate_or_keep(value)
        return cite_number(formatted, address_of(value)) if name == "wave" else formatted

    def _values_of_fact(self, name: str) -> list[str]:
        return sorted({row[name] for row in self._first_by_country()})

    def _first_by_country(self) -> list[PublicRow]:
        first_rows: dict[str, PublicRow] = {}
        for row in self._wording.results.rows("comparability"):
            first_rows.setdefault(row["country"], row)
        return self._wording.sort_by_country_name(list(first_rows.values()))


LANGUAGE = "en"
DOCUMENT = "regional report"
UP, HOME = "../../", "index.html"  # to the public folder, and the page there
# Folders of figures below ``public/figures``; a study may lack either.
FIGURES = ("comparison", "regional", "evidence")


def write_regional_report(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    folder: Path,
    works: Sequence[Work] = (),
    region: Region | None = None,
    recommendations: Recommendations | None = None,
) -> RenderRecord:
    """Fill and render the regional report into ``folder/en/``.

    Args:
        countries: rows of the countries file.
        config: the configuration; its section ``report`` names renderer and formats.
        public: the public results; tables of ``comparison/`` and ``evidence/`` are read, and
            figures of both.
        templates: the folder of templates, styles and language files.
        folder: where the document goes.
        works: that the study's texts name, for the list of references.
        region: the study's words for its main indicator.
        recommendations: the study's actions.

    Raises:
        StudyError: if an input is missing, the document would be faulty, or a sentence calls a
            country the highest or lowest where others may be it, or a count of reports prevalence.
    """
    results = read_regional(public, config.publication.disclosure.coded)
    # A study without a survey has none.
    if region and region.findings and (public / "estimates.csv").is_file():
        results.tables[ESTIMATES] = read_national_rows(public / "estimates.csv")
    translator = build_english(config.study.areas, config.study.respondents)
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    folders = [public / "figures" / name for name in FIGURES]
    figures_by_folder = [
        read_figures(figure_folder, folder / LANGUAGE)
        for figure_folder in folders
        if figure_folder.is_dir()
    ]
    figures = {
        name: figure
        for figures_of_folder in figures_by_folder
        for name, figure in figures_of_folder.items()
    }
    references = References()
    template_values, founded = compose_regional(
        countries,
        config,
        codebook,
        translator,
        results,
        evidence,
        figures,
        references,
        region,
        recommendations,
        _read_undescribed(public, countries),
    )
    template_values["ways"] = build_page_navigation(
        UP, HOME, "report", translator, (LANGUAGE,), config.report.formats
    )
    # Only a filled document knows which works it names.
    source_text = fill_template(templates, "regional/report.qmd.j2", template_values)
    references.find_named(
        remove_addresses(source_text), [*read_works(templates / METHODS_WORKS), *works]
    )
    source_text = fill_template(templates, "regional/report.qmd.j2", template_values)
    printed_text = remove_addresses(source_text)
    refuse_unshowable(printed_text, DOCUMENT)
    founded_claims = {remove_addresses(sentence) for sentence in founded}
    refuse_unfounded_claims(
        remove_labels(printed_text, codebook, translator), founded_claims, DOCUMENT
    )
    refuse_prevalence_of_reports(printed_text, DOCUMENT)
    answers: Answers = template_values["answers"]
    refuse_unknown_leads(printed_text, answers.chapters, DOCUMENT)
    write_headings(folder / LANGUAGE / HEADINGS, list(answers.headings(LANGUAGE)))
    source = folder / LANGUAGE / "report.qmd"
    write_text(source, source_text)
    return render_if_changed(
        source, config.report.formats, config.report.renderer, language=LANGUAGE
    )


def _read_undescribed(public: Path, countries: Sequence[Country]) -> dict[str, tuple[str, ...]]:
    """Return by country the keys of the design of which its raw file does not tell."""
    files = {row.country: public / "countries" / row.country / "quality.json" for row in countries}
    return {
        country: tuple(read_json(path).get("undescribed", ()))
        for country, path in files.items()
        if path.is_file()
    }


def compose_regional(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    plain_translator: Translator[str],
    results: RegionalResults,
    evidence: Evidence,
    figures: Mapping[str, Figure],
    references: References,
    region: Region | None = None,
    recommendations: Recommendations | None = None,
    undescribed: Mapping[str, Sequence[str]] | None = None,
) -> tuple[dict[str, Any], set[str]]:
    """Return the names that the regional templates use, and the set of founded claims.

    Args:
        undescribed: by country, the keys of the design of which its raw file does not tell.
    """
    translator = plain_translator.with_markup(MARKDOWN)
    config = add_addresses_to_fields(config, STUDY)
    labels = Labels(codebook, translator)
    country_names = {row.country: translator.country(row.country, row.name) for row in countries}
    confidence = translator.percent(config.estimation.confidence)
    names_in_text = {
        row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
        for row in countries
    }
    wording = ComparisonFormatter(translator, labels, results, country_names, names_in_text)
    origin_sentence = describe_origin(plain_translator, config.study.survey, config.study.simulated)
    indicators = results.indicators()
    shares = [name for name in indicators if wording.is_share(name)]
    # Without summary indicators the first share leads, in the order of the codebook.
    series = [name for name in shares if labels.definition(name).series] or shares[:1]
    survey_facts = SurveyFacts(wording, config.study.simulated)
    say = RegionalSentences(wording, references, config.study.simulated)
    threats = RegionalThreats(translator, evidence, country_names | names_in_text)
    recommendations = recommendations or Recommendations()
    needs = results.rows(NEEDS)
    actions = answer_what_to_do(translator, needs, recommendations, len(countries))
    ledger = survey_facts.table(LEDGER_LABEL) if indicators else Markdown("")
    answers = Answers(
        wording,
        series,
        config,
        region,
        say,
        threats,
        ledger,
        results.rows(ESTIMATES),
        actions,
    )
    shared = list_shared_actions(translator, needs, recommendations, actions, len(countries))
    if answers.story and shared:
        answers.story.append(shared)
    placed_figures = PlacedFigures(translator, dict(figures))
    return {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "percent": translator.percent,
        "language": translator.language,
        "study": config.study,
        "status": "",
        "cover": _create_cover(
            translator,
            answers,
            [plain_translator.country(row.country, row.name) for row in countries],
        ),
        "references": references,
        "ledger": ledger,
        "config": config,
        "population": translator.of_study(config.study.population),
        "confidence": confidence,
        "countries": country_names,
        "answers": answers,
        "example": _find_example(translator, answers),
        "leading": series,
        "series": labels.series(series),
        "others": [name for name in shares if name not in series],
        "measures": [name for name in indicators if name not in shares],
        "label": labels.indicator,
        "say": say,
        "facts": survey_facts,
        "law": RegionalLaw(wording, evidence, [row.country for row in countries]),
        "tables": RegionalTables(
            wording, confidence, origin_sentence, plain_translator.of_study(config.study.population)
        ),
        "differences": DifferenceTables(wording, confidence, origin_sentence),
        "has": lambda table: bool(results.tables.get(table)),
        "drawn": frozenset(figures),
        "figure": placed_figures.figure,
        "picture": placed_figures.picture,
        "chapter_of": lambda name: _find_chapter(answers, region, name),
        "threats": threats,
        "has_survey": bool(indicators),
        "untold": group_undescribed(undescribed or {}, translator, names_in_text),
        "ref": format_reference,
        "rendered_by": RENDERED_BY,
    }, answers.founded


def _find_chapter(answers: Answers, region: Region | None, finding_id: str) -> str:
    """Return the chapter that has more on a finding of the first page; empty where none has."""
    known = {chapter.id for chapter in answers.chapters}
    named = {finding.id: finding.chapter for finding in (region.story if region else ())}
    named[SHARED] = CHAPTER
    chapter = named.get(finding_id)
    return chapter if chapter in known else ""


def _find_example(translator: Translator[Markdown], answers: Answers) -> Example | None:
    """Return the share by which the report says how to read all of them."""
    headline = answers.subject
    rows = [row for row in (answers.average(), *(headline.shown if headline else ())) if row]
    share = next((share for row in rows if (share := read_percent_interval(row))), None)
    return (
        Example(format_share_with_interval(translator, share), share)
        if share and not share.small
        else None
    )


def _create_cover(
    translator: Translator[Markdown], answers: Answers, country_names: Sequence[str]
) -> Cover:
    """Return the cover, with the average of the areas as its dots where there is one.

    One area alone stands on it by its name.
    """
    name = (
        country_names[0]
        if len(country_names) == 1
        else translator("{count} {areas}", count=translator.number(len(country_names)))
    )
    average = answers.average()
    share = read_percent_interval(average) if average else None
    sentences = [answers.all[0].lead, answers.meaning] if average else []
    return Cover(name, share, Markdown(" ".join(sentences).strip()))
