"""The figures of one country in one language.

Which figures there are follows from the codebook alone, so that all countries have the same:

* one per module with at least two proportions, and one per series with at least two composites
  (composites of different series never share a figure);
* headline composites by group, or all headline indicators where none is a composite;
* the first of these by region;
* the questions about the last time side by side, where the codebook has words for them;
* headline indicators by the first crossed domain, such as sex and age;
* the options of questions with several, where the codebook has words for the questions.

Figures of evidence follow where the study has it (:mod:`.country`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.publication.question_groups import Question, find_questions
from disrupting_harm.report.drawing.row_chart import Section
from disrupting_harm.report.figures.alt_text import (
    FigureContext,
    join_sentences,
    note_exceeded_composites,
    note_several_answers,
)
from disrupting_harm.report.figures.crossed_domains import plan_crossed
from disrupting_harm.report.figures.estimate_chart import (
    ChartPlan,
    add_row_addresses,
    build_row,
    check_hidden_rows,
    draw_chart,
    level_labels,
    order_rows,
    write_figure_records,
)
from disrupting_harm.report.figures.evidence.country_evidence import draw_country_evidence
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.figures.last_experience import plan_last_experience
from disrupting_harm.report.figures.survey_waves import draw_waves
from disrupting_harm.report.language.estimate_base import describe_base, describe_bases
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator
from disrupting_harm.study.statuses import (
    HIDDEN_STATUSES,
    NO_INDICATOR,
    SHOWN_STATUSES,
    SUPPRESS_DISCLOSURE,
)


def plan_question_charts(
    options: pd.DataFrame, codebook: Codebook, context: FigureContext
) -> Iterator[ChartPlan]:
    """Yield one chart with a section for each question that the codebook has words for, or none.

    The intervals of a question hold for all its options together. An option whose number an earlier
    release printed has no such interval, and is left out.

    Args:
        options: the public table of questions of one country.

    Raises:
        StudyError: if a hidden option carries a number or a shown one lacks it.
    """
    translator = context.translator
    labels = {
        definition.id: translator.of_study(definition.label) for definition in codebook.questions
    }
    questions_by_name = {question.name: question for question in find_questions(codebook)}
    frozen = options["status"].isin(SHOWN_STATUSES) & options["ci_low"].isna()
    current_options = options[(options["status"] != NO_INDICATOR) & ~frozen]
    check_hidden_rows(current_options.rename(columns={"option": "indicator"}), "public questions")
    question_tables, sections, drawn_questions = [], [], []
    for name in (name for name in labels if name in questions_by_name):
        question_table = _select_question_rows(
            current_options[current_options["question"] == name],
            questions_by_name[name],
            codebook,
            context,
        )
        if len(question_table) > 1:
            question_tables.append(question_table)
            drawn_questions.append(questions_by_name[name])
            rows = tuple(build_row(cell, translator) for cell in question_table.itertuples())
            sections.append(Section(labels[name], rows))
    if not question_tables:
        return
    estimates = pd.concat(question_tables, ignore_index=True)
    members = [codebook.indicator(name) for name in estimates["option"]]
    base, other_bases = describe_bases(
        translator,
        codebook,
        members,
        lambda indicator: translator.of_study(indicator.figure_label),
        translator.of_study(context.population),
    )
    recalls = {definition.recall for definition in members}
    yield ChartPlan(
        "options",
        "options",
        members[0].module,
        "",
        translator("Questions with several answers to choose from"),
        tuple(sections),
        estimates,
        recalls.pop() if len(recalls) == 1 else "",
        notes=(
            join_sentences(
                [
                    *other_bases,
                    *_remark_on_questions(drawn_questions, labels, bool(frozen.any()), context),
                ]
            ),
        ),
        base=base,
        together=True,
    )


def _select_question_rows(
    options: pd.DataFrame, question: Question, codebook: Codebook, context: FigureContext
) -> pd.DataFrame:
    """Return the rows of one question in the order of the codebook, with labels."""
    labels = {
        name: context.translator.of_study(codebook.indicator(name).figure_label)
        for name in question.options
    }
    return order_rows(options, "option", labels)


def _remark_on_questions(
    questions: list[Question], labels: dict[str, str], has_frozen: bool, context: FigureContext
) -> Iterator[str]:
    """Yield what a reader of the shares has to know beside their intervals."""
    translator = context.translator
    several = [labels[question.name] for question in questions if not question.one_answer]
    yield note_several_answers(translator, several)
    yield translator("Where intervals overlap, which answer is more common may not be known.")
    if has_frozen:
        yield translator("Answers whose numbers stay as an earlier release has them are left out.")


def draw_figures_of_country(
    country: str,
    estimates: pd.DataFrame | None,
    evidence: Evidence,
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
    waves: Sequence[pd.DataFrame] = (),
    options: pd.DataFrame | None = None,
) -> list[FigureRecord]:
    """Draw all figures of a country in one language and list them in ``figures.json``.

    Args:
        country: its code, as in the tables.
        estimates: the public table of estimates (``country/release``); None without
            a survey.
        evidence: the public tables of evidence, of all countries.
        waves: of a country with several surveys its public table of changes, and then the public
            estimates of each survey, the first one first.
        options: the public table of questions (``country/options``); None where the
            country's microdata stay at home.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    translator = context.translator
    records: list[FigureRecord] = []
    if estimates is not None:
        located = _locate_rows("estimates", estimates)
        country_estimates = located[located["country"] == country]
        check_hidden_rows(country_estimates, f"public estimates of {country}")
        records += [
            draw_chart(plan, context, folder)
            for plan in _plan_estimate_charts(country_estimates, codebook, context)
        ]
    if waves:
        surveys = [_locate_rows("estimates", wave) for wave in waves[1:]]
        records += draw_waves(waves[0], surveys, codebook, context, folder)
    if options is not None:
        records += [
            draw_chart(plan, context, folder)
            for plan in plan_question_charts(_locate_rows("questions", options), codebook, context)
        ]
    records += draw_country_evidence(evidence.of(country), context, folder)
    # What one figure prints in English is taken for a fault of all: labels are shared.
    english = tuple(sorted(translator.untranslated))
    records = [replace(record, untranslated=english) for record in records]
    write_figure_records(folder / "figures.json", records)
    return records


def _locate_rows(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a public table of estimates or questions with the addresses of its rows."""
    return add_row_addresses(table, partial(addresses_of_rows, name))


def _plan_estimate_charts(
    estimates: pd.DataFrame, codebook: Codebook, context: FigureContext
) -> Iterator[ChartPlan]:
    translator = context.translator
    totals = estimates[estimates["domain"] == "total"]
    for module in codebook.modules:
        members = [
            indicator
            for indicator in _find_proportions(codebook)
            if indicator.module == module.id and indicator.series is None
        ]
        yield from _plan_overview(
            f"module-{module.id}",
            "module",
            translator.of_study(module.label),
            members,
            totals,
            codebook,
            context,
        )
    for series in codebook.series:
        members = [i for i in _find_proportions(codebook) if i.series == series.id]
        yield from _plan_overview(
            f"series-{series.id}",
            "series",
            translator.of_study(series.label),
            members,
            totals,
            codebook,
            context,
        )
    grouped = find_grouped_indicators(codebook)
    for indicator in grouped:
        yield from _plan_by_group(indicator, codebook, estimates, translator)
    for indicator in grouped[:1]:
        yield from _plan_by_region(indicator, codebook, estimates, translator)
    yield from plan_last_experience(totals, codebook, context)
    yield from plan_crossed(estimates, _find_crossed_indicators(codebook), codebook, context)
    # A figure of your own can stand here.


def find_grouped_indicators(codebook: Codebook) -> list[Indicator]:
    """Return the indicators shown by group: headline composites, else all headline ones."""
    headline = [i for i in _find_proportions(codebook) if i.headline]
    return [i for i in headline if i.any_of] or headline


def _find_crossed_indicators(codebook: Codebook) -> list[Indicator]:
    """Return what is shown by two characteristics at once: indicators of all children alone.

    One composite at most, because those of different series share no figure, and of the single
    indicators those that are not on violence: their shares are in the composite.
    """
    headline = [i for i in _find_proportions(codebook) if i.headline and not i.universe]
    composites = [i for i in headline if i.any_of][:1]
    return composites + [i for i in headline if not i.any_of and not i.sensitive]


def _find_proportions(codebook: Codebook) -> list[Indicator]:
    return [i for i in codebook.indicators if i.statistic == "proportion"]


def _plan_overview(
    name: str,
    figure_kind: str,
    topic: str,
    members: Sequence[Indicator],
    totals: pd.DataFrame,
    codebook: Codebook,
    context: FigureContext,
) -> Iterator[ChartPlan]:
    """Yield a chart of several indicators for all children, in the order of the codebook."""
    translator = context.translator
    drawn_rows = order_rows(
        totals, "indicator", {i.id: translator.of_study(i.figure_label) for i in members}
    )
    if len(drawn_rows) < 2:
        return
    module, drawn_indicators = members[0].module, set(drawn_rows["indicator"])
    members = [i for i in members if i.id in drawn_indicators]
    recalls = {i.recall for i in members}
    base, other_bases = describe_bases(
        translator,
        codebook,
        members,
        lambda indicator: translator.of_study(indicator.figure_label),
        translator.of_study(context.population),
    )
    composite_notes = note_exceeded_composites(
        translator,
        codebook,
        drawn_indicators,
        *_read_limits_and_estimates(totals),
        lambda composite: translator.of_study(composite.figure_label),
    )
    yield ChartPlan(
        name,
        figure_kind,
        module,
        "",
        topic,
        (Section("", tuple(build_row(c, translator) for c in drawn_rows.itertuples())),),
        drawn_rows,
        recalls.pop() if len(recalls) == 1 else "",
        notes=(" ".join([*other_bases, *composite_notes]),),
        base=base,
    )


def _read_limits_and_estimates(totals: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Return the printed upper bounds and the printed estimates of all children, by indicator."""
    bounds, estimates = (
        {str(name): float(value) for name, value in numbers.items()}
        for column in ("bound_high", "estimate")
        for numbers in [totals.set_index("indicator")[column].dropna()]
    )
    return bounds, estimates


def _plan_by_group(
    indicator: Indicator, codebook: Codebook, estimates: pd.DataFrame, translator: Translator[str]
) -> Iterator[ChartPlan]:
    groups = [
        domain
        for domain in codebook.domains
        if domain.id not in ("total", "region") and not domain.cross
    ]
    topic = translator("{subject}, by group", subject=translator.of_study(indicator.figure_label))
    yield from _plan_by_domain(
        "by-group", indicator, groups, topic, codebook, estimates, translator
    )


def _plan_by_region(
    indicator: Indicator, codebook: Codebook, estimates: pd.DataFrame, translator: Translator[str]
) -> Iterator[ChartPlan]:
    regions = [domain for domain in codebook.domains if domain.id == "region"]
    topic = translator("{subject}, by region", subject=translator.of_study(indicator.figure_label))
    yield from _plan_by_domain(
        "regions", indicator, regions, topic, codebook, estimates, translator
    )


def _plan_by_domain(
    figure_kind: str,
    indicator: Indicator,
    domains: Sequence[Domain],
    topic: str,
    codebook: Codebook,
    estimates: pd.DataFrame,
    translator: Translator[str],
) -> Iterator[ChartPlan]:
    """Yield a chart of one indicator: all children first, then one section per domain."""
    rows_of_indicator = estimates[estimates["indicator"] == indicator.id]
    total = order_rows(
        rows_of_indicator[rows_of_indicator["domain"] == "total"],
        "level",
        {"all": translator.of_study(codebook.domains[0].label)},
    )
    domain_tables, sections = [total], [_build_section("", total, translator, highlight=True)]
    for domain in domains:
        domain_table = rows_of_indicator[rows_of_indicator["domain"] == domain.id]
        domain_table = order_rows(
            domain_table, "level", level_labels(domain, codebook, domain_table["level"], translator)
        )
        if not domain_table.empty:
            domain_tables.append(domain_table)
            sections.append(
                _build_section(translator.of_study(domain.label), domain_table, translator)
            )
    if len(domain_tables) > 1:
        yield ChartPlan(
            f"{figure_kind}-{indicator.id}",
            figure_kind.replace("-", "_"),
            indicator.module,
            indicator.id,
            topic,
            tuple(sections),
            pd.concat(domain_tables, ignore_index=True),
            indicator.recall,
            notes=(_note_selective_hiding(translator, total, domain_tables[1:]),),
            base=describe_base(translator, codebook, indicator),
        )


def _note_selective_hiding(
    translator: Translator[str], total: pd.DataFrame, domain_tables: Sequence[pd.DataFrame]
) -> str:
    """Return the warning that shares shown are too high on average; empty where it does not hold.

    It holds where a group may be hidden because few of it said yes. Where most say yes, it is the
    others who are few in a group.
    """
    most = total["estimate"].gt(0.5) | total["bound_low"].gt(0.5)
    if most.any() or not any(
        _find_hidden_by_answers(domain_table).any() for domain_table in domain_tables
    ):
        return ""
    return translator(
        "A small group is shown only where many said yes: such shares are too high on average."
    )


def _find_hidden_by_answers(estimates: pd.DataFrame) -> "pd.Series[bool]":
    """Return which groups may be hidden because few said yes.

    These are groups hidden for privacy, and those too uncertain beside their estimate; not those of
    which few were asked, or whose interval is wide.
    """
    uncertain = estimates["reason"].fillna("").str.contains("relative_")
    return estimates["status"].isin(HIDDEN_STATUSES) & (
        estimates["status"].eq(SUPPRESS_DISCLOSURE) | uncertain
    )


def _build_section(
    heading: str, estimates: pd.DataFrame, translator: Translator[str], highlight: bool = False
) -> Section:
    rows = tuple(build_row(cell, translator, highlight) for cell in estimates.itertuples())
    return Section(heading, rows)
