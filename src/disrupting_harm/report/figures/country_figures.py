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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.publication.question_groups import find_questions
from disrupting_harm.report.drawing.rows import Section
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
from disrupting_harm.report.figures.finding_titles import (
    TitleFinder,
    title_ends,
    title_groups,
)
from disrupting_harm.report.figures.last_experience import plan_last_experience
from disrupting_harm.report.figures.survey_waves import draw_waves
from disrupting_harm.report.findings.title_definition import FigureTitle
from disrupting_harm.report.language.estimate_base import describe_base, describe_bases
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.reviews import hash_texts
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
    options: pd.DataFrame, codebook: Codebook, context: FigureContext, finder: TitleFinder
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
    tables, sections, several = [], [], []
    for name in (name for name in labels if name in questions_by_name):
        question = questions_by_name[name]
        answers = current_options[current_options["question"] == name]
        table = order_rows(
            answers, "option", _label_indicators(codebook, question.options, context)
        )
        if len(table) > 1:
            tables.append(table)
            sections.append(_build_section(labels[name], table, translator))
            several += [] if question.one_answer else [labels[name]]
    if not tables:
        return
    estimates = pd.concat(tables, ignore_index=True)
    remarks = [
        note_several_answers(translator, several),
        translator("Where intervals overlap, which answer is more common may not be known."),
    ]
    if frozen.any():
        remarks.append(
            translator("Answers whose numbers stay as an earlier release has them are left out.")
        )
    title = finder.find("options") or translator("Questions with several answers to choose from")
    yield _plan_indicators(
        ("options", "options", title),
        sections,
        estimates,
        [codebook.indicator(name) for name in estimates["option"]],
        remarks,
        codebook,
        context,
        together=True,
    )


def _label_indicators(
    codebook: Codebook, names: Iterable[str], context: FigureContext
) -> dict[str, str]:
    """Return what figures call indicators, by their ids."""
    return {
        name: context.translator.of_study(codebook.indicator(name).figure_label) for name in names
    }


def _plan_indicators(
    identity: tuple[str, str, str],
    sections: Sequence[Section],
    estimates: pd.DataFrame,
    members: Sequence[Indicator],
    remarks: Sequence[str],
    codebook: Codebook,
    context: FigureContext,
    together: bool = False,
    one_question: bool = False,
) -> ChartPlan:
    """Return the plan of a chart of several indicators, which may be of different children.

    Args:
        identity: the id of the figure, its kind and its topic.
        remarks: sentences below it; empty ones are left out.
        one_question: whether all are answers to a question to which everybody gave one.
    """
    translator = context.translator
    base, other_bases = describe_bases(
        translator,
        codebook,
        members,
        lambda indicator: translator.of_study(indicator.figure_label),
        translator.of_study(context.population),
    )
    recalls = {indicator.recall for indicator in members}
    name, figure_kind, topic = identity
    return ChartPlan(
        name,
        figure_kind,
        members[0].module,
        "",
        topic,
        tuple(sections),
        estimates,
        recalls.pop() if len(recalls) == 1 else "",
        notes=(join_sentences([*other_bases, *remarks]),),
        base=base,
        together=together,
        caption=translator("Each row is an answer to one question.") if one_question else "",
    )


def draw_figures_of_country(
    country: str,
    estimates: pd.DataFrame | None,
    evidence: Evidence,
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
    waves: Sequence[pd.DataFrame] = (),
    options: pd.DataFrame | None = None,
    titles: Mapping[str, Sequence[FigureTitle]] | None = None,
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
        titles: forms of the study's titles by figure.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    translator = context.translator
    records: list[FigureRecord] = []
    finder = TitleFinder(translator)
    if estimates is not None:
        located = _locate_rows("estimates", estimates)
        country_estimates = located[located["country"] == country]
        check_hidden_rows(country_estimates, f"public estimates of {country}")
        finder = TitleFinder(translator, titles or {}, country_estimates, options)
        records += [
            draw_chart(plan, context, folder)
            for plan in _plan_estimate_charts(country_estimates, codebook, context, finder)
        ]
    if waves:
        surveys = [_locate_rows("estimates", wave) for wave in waves[1:]]
        records += draw_waves(waves[0], surveys, codebook, context, folder)
    if options is not None:
        records += [
            draw_chart(plan, context, folder)
            for plan in plan_question_charts(
                _locate_rows("questions", options), codebook, context, finder
            )
        ]
    records += draw_country_evidence(evidence, country, context, folder)
    # What one figure prints in English is taken for a fault of all: labels are shared.
    english = tuple(sorted(translator.untranslated))
    records = [replace(record, untranslated=english) for record in records]
    if records and translator.reviews:
        records[0] = replace(records[0], texts=hash_texts(translator.asked))
    write_figure_records(folder / "figures.json", records)
    asked = translator.asked
    write_printed_texts(folder / "figures.json", list_printed_texts(asked, "", drawn=asked))
    return records


def _locate_rows(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a public table of estimates or questions with the addresses of its rows."""
    return add_row_addresses(table, partial(addresses_of_rows, name))


def _plan_estimate_charts(
    estimates: pd.DataFrame, codebook: Codebook, context: FigureContext, finder: TitleFinder
) -> Iterator[ChartPlan]:
    translator = context.translator
    totals = estimates[estimates["domain"] == "total"]
    proportions = _find_proportions(codebook)
    overviews = [
        ("module", module, [i for i in proportions if i.module == module.id and i.series is None])
        for module in codebook.modules
    ] + [
        ("series", series, [i for i in proportions if i.series == series.id])
        for series in codebook.series
    ]
    for figure_kind, part, members in overviews:
        topic = translator.of_study(part.label)
        name = f"{figure_kind}-{part.id}"
        identity = (name, figure_kind, topic)
        yield from _plan_overview(identity, members, totals, codebook, finder, context)
    grouped = find_grouped_indicators(codebook)
    regions = [domain for domain in codebook.domains if domain.id == "region"]
    groups = [
        domain
        for domain in codebook.domains
        if domain.id not in ("total", "region") and not domain.cross
    ]
    for indicator in grouped:
        subject = translator.of_study(indicator.figure_label)
        topic = translator("{subject}, by group", subject=subject)
        yield from _plan_by_domain(
            "by-group", indicator, groups, (subject, topic), codebook, estimates, finder
        )
    for indicator in grouped[:1]:
        subject = translator.of_study(indicator.figure_label)
        topic = translator("{subject}, by region", subject=subject)
        yield from _plan_by_domain(
            "regions", indicator, regions, (topic, topic), codebook, estimates, finder
        )
    yield from plan_last_experience(totals, codebook, context, finder)
    crossed = _find_crossed_indicators(codebook)
    yield from plan_crossed(estimates, crossed, codebook, context, finder)
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
    identity: tuple[str, str, str],
    members: Sequence[Indicator],
    totals: pd.DataFrame,
    codebook: Codebook,
    finder: TitleFinder,
    context: FigureContext,
) -> Iterator[ChartPlan]:
    """Yield a chart of several indicators for all children, in the order of the codebook.

    Args:
        identity: the id of the figure, its kind and a plain name.
    """
    translator = context.translator
    name, figure_kind, topic = identity
    labels = _label_indicators(codebook, [member.id for member in members], context)
    drawn_rows = order_rows(totals, "indicator", labels)
    if len(drawn_rows) < 2:
        return
    drawn_indicators = set(drawn_rows["indicator"])
    section = _build_section("", drawn_rows, translator)
    # A comparison with a number that is not there does not hold.
    limits, estimates = (
        dict(zip(totals["indicator"], totals[column], strict=True))
        for column in ("bound_high", "estimate")
    )
    yield _plan_indicators(
        (name, figure_kind, finder.find(name) or title_ends(translator, topic, section.rows)),
        [section],
        drawn_rows,
        [member for member in members if member.id in drawn_indicators],
        note_exceeded_composites(
            translator,
            codebook,
            drawn_indicators,
            limits,
            estimates,
            lambda composite: translator.of_study(composite.figure_label),
        ),
        codebook,
        context,
        one_question=any(
            question.one_answer and drawn_indicators <= {*question.options}
            for question in find_questions(codebook)
        ),
    )


def _plan_by_domain(
    figure_kind: str,
    indicator: Indicator,
    domains: Sequence[Domain],
    names: tuple[str, str],
    codebook: Codebook,
    estimates: pd.DataFrame,
    finder: TitleFinder,
) -> Iterator[ChartPlan]:
    """Yield a chart of one indicator: all children first, then one section per domain.

    Args:
        names: what the indicator is called, and a plain name of the figure.
    """
    translator = finder.translator
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
        rows_of_groups = [row for section in sections[1:] for row in section.rows]
        subject, plain = names
        name = f"{figure_kind}-{indicator.id}"
        yield ChartPlan(
            name,
            figure_kind.replace("-", "_"),
            indicator.module,
            indicator.id,
            finder.find(name, rows_of_groups)
            or title_groups(translator, subject, rows_of_groups, plain),
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
