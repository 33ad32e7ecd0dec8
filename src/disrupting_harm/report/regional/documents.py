"""The regional report: one code-free Quarto source, filled from public tables and rendered."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.prevalence_claims import refuse_prevalence_of_reports
from disrupting_harm.files import write_text
from disrupting_harm.provenance.addresses import STUDY, addressed_fields, computed, how_many
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.brief.shares import printed_share
from disrupting_harm.report.claims import refuse_unfounded, without_labels
from disrupting_harm.report.composition import RENDERED_BY, PlacedFigures, reference
from disrupting_harm.report.cover import Cover
from disrupting_harm.report.evidence.facts import Evidence, read_evidence
from disrupting_harm.report.filling import fill
from disrupting_harm.report.findings.check import HEADINGS, write_headings
from disrupting_harm.report.findings.numbers import Example
from disrupting_harm.report.findings.region import Region
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, escape, without_addresses
from disrupting_harm.report.origin import origin
from disrupting_harm.report.references import METHODS_WORKS, References, Work, read_works
from disrupting_harm.report.regional.answers import Answers, refuse_unknown_leads
from disrupting_harm.report.regional.differences import DifferenceTables
from disrupting_harm.report.regional.facts import SurveyFacts
from disrupting_harm.report.regional.results import RegionalResults, Row, read_regional
from disrupting_harm.report.regional.sentences import RegionalSentences
from disrupting_harm.report.regional.tables import RegionalTables
from disrupting_harm.report.regional.threats import RegionalThreats
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.showable import refuse_unshowable
from disrupting_harm.report.rendering.unchanged import render_if_changed
from disrupting_harm.report.results import Figure, read_figures
from disrupting_harm.report.text import Text
from disrupting_harm.report.ways import ways
from disrupting_harm.report.whole import whole_of
from disrupting_harm.report.words import Words, english
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country

LANGUAGE = "en"
WHERE = "regional report"
UP, HOME = "../../", "index.html"  # to the public folder, and the page there
# Folders of figures below ``public/figures``; a study may lack either.
FIGURES = ("comparison", "evidence")


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
) -> RenderRecord:
    """Fill and render the regional report into ``folder/en/``.

    Args:
        countries: rows of the countries file.
        config: the configuration; its section ``report`` names renderer and formats.
        codebook: the words of indicators and domains.
        public: the public results; tables of ``comparison/`` and ``evidence/`` are read, and
            figures of both.
        templates: the folder of templates, styles and language files.
        folder: where the document goes.
        works: that the study's texts name, for the list of references.
        region: the study's words for its main indicator.

    Raises:
        StudyError: if an input is missing, the document would be faulty, or a sentence calls a
            country the highest or lowest where others may be it, or a count of reports prevalence.
    """
    results = read_regional(public, config.publication.disclosure.coded)
    words = english(config.study.areas, config.study.respondents)
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    folders = [public / "figures" / name for name in FIGURES]
    drawn = [read_figures(place, folder / LANGUAGE) for place in folders if place.is_dir()]
    figures = {name: figure for own in drawn for name, figure in own.items()}
    references = References()
    names, founded = compose_regional(
        countries, config, codebook, words, results, evidence, figures, references, region
    )
    names["ways"] = ways(UP, HOME, "report", LANGUAGE, (LANGUAGE,), config.report.formats)
    # Only a filled document knows which works it names.
    text = fill(templates, "regional/report.qmd.j2", names)
    references.find_named(without_addresses(text), [*read_works(templates / METHODS_WORKS), *works])
    text = fill(templates, "regional/report.qmd.j2", names)
    seen = without_addresses(text)
    refuse_unshowable(seen, WHERE)
    told = {without_addresses(sentence) for sentence in founded}
    refuse_unfounded(without_labels(seen, codebook, words), told, WHERE)
    refuse_prevalence_of_reports(seen, WHERE)
    answers: Answers = names["answers"]
    refuse_unknown_leads(seen, answers.all, WHERE)
    write_headings(folder / LANGUAGE / HEADINGS, list(answers.headings(LANGUAGE)))
    source = folder / LANGUAGE / "report.qmd"
    write_text(source, text)
    return render_if_changed(
        source, config.report.formats, config.report.renderer, language=LANGUAGE
    )


def _tested(results: RegionalResults) -> int:
    """Return how many indicators are tested, of each of which one cell is named."""
    first: dict[str, Row] = {}
    for row in results.rows("prevalence"):
        first.setdefault(row["indicator"], row)
    return how_many(
        [f"{prefix('prevalence', row, compared=True)}/status" for row in first.values()]
    )


def compose_regional(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    words: Words,
    results: RegionalResults,
    evidence: Evidence,
    figures: Mapping[str, Figure],
    references: References,
    region: Region | None = None,
) -> tuple[dict[str, Any], set[str]]:
    """Return the names that the regional templates use, and the set of founded claims."""
    text = Text(words)
    config = addressed_fields(config, STUDY)
    labels = Labels(codebook, text)
    names = {row.country: escape(words.country(row.country, row.name)) for row in countries}
    confidence = text.percent(config.estimation.confidence)
    in_text = {
        row.country: escape(words.country(row.country, row.name_in_text))
        for row in countries
        if row.name_in_text
    }
    wording = Wording(text, labels, results, names, in_text)
    made = origin(words, config.study.survey, config.study.simulated)
    every = results.indicators()
    compared = [name for name in every if wording.is_share(name)]
    # Without summary indicators the first share leads, in the order of the codebook.
    series = [name for name in compared if labels.definition(name).series] or compared[:1]
    tested = _tested(results)
    alpha = config.comparison.alpha
    facts = SurveyFacts(wording, config.study.simulated)
    say = RegionalSentences(wording, references, config.study.simulated)
    threats = RegionalThreats(text, evidence, names | in_text)
    answers = Answers(
        wording, series, config, region, say, threats, facts.table("tbl-ledger") if every else ""
    )
    return {
        "_": text,
        "text": text,
        "number": text.number,
        "percent": text.percent,
        "language": words.language,
        "study": config.study,
        "status": "",
        "cover": _cover(text, answers, [words.country(row.country, row.name) for row in countries]),
        "references": references,
        "config": config,
        "population": text.of_study(config.study.population),
        "confidence": confidence,
        "tested": tested,
        # The probabilities of a false finding, added up over the indicators.
        "together": computed("sum", tested * alpha, [alpha] * tested),
        "countries": names,
        "answers": answers,
        "example": _example(text, answers),
        "leading": series,
        "series": labels.series(series),
        "others": [name for name in compared if name not in series],
        "measures": [name for name in every if name not in compared],
        "label": labels.indicator,
        "say": say,
        "facts": facts,
        "tables": RegionalTables(
            wording, confidence, made, words.of_study(config.study.population)
        ),
        "differences": DifferenceTables(wording, confidence, made),
        "has": lambda table: bool(results.tables.get(table)),
        "drawn": frozenset(figures),
        "figure": PlacedFigures(text, dict(figures)).figure,
        "threats": threats,
        "has_survey": bool(every),
        "ref": reference,
        "rendered_by": RENDERED_BY,
    }, answers.founded


def _example(text: Text, answers: Answers) -> Example | None:
    """Return the share by which the report says how to read all of them."""
    subject = answers.subject
    rows = [row for row in (answers.average(), *(subject.shown if subject else ())) if row]
    share = next((share for row in rows if (share := whole_of(row))), None)
    return Example(printed_share(text, share), share) if share and not share.small else None


def _cover(text: Text, answers: Answers, names: Sequence[str]) -> Cover:
    """Return the cover, with the average of the areas as its dots where there is one.

    One area alone stands on it by its name.
    """
    name = (
        names[0]
        if len(names) == 1
        else text.words("{count} {areas}", count=text.words.number(len(names)))
    )
    average = answers.average()
    share = whole_of(average) if average else None
    told = [answers.all[0].lead, answers.meaning] if average else []
    return Cover(name, share, Markdown(" ".join(told).strip()))
