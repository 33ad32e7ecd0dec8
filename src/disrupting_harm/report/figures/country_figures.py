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
from disrupting_harm.report.figures.alt_text import FigureContext, join
from disrupting_harm.report.figures.crossed_domains import draw_crossed
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.exceeded_composites import (
    find_exceeded_composites,
    note_exceeded_composites,
)
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.estimate_chart import (
    Plan,
    draw_plan,
    in_order,
    level_labels,
    refuse_unsafe,
    to_row,
    with_addresses,
    write_records,
)
from disrupting_harm.report.figures.evidence.country_evidence import draw_country_evidence
from disrupting_harm.report.figures.last_experience import draw_last_time
from disrupting_harm.report.figures.row_chart import Section
from disrupting_harm.report.figures.waves import draw_waves
from disrupting_harm.report.language.estimate_base import base_of, bases_of
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

# The options of questions side by side, with intervals that hold together for each question.
#
# Of the public table of questions and the codebook alone. An option that an earlier release printed
# has no such interval, and no place here.


def question_plans(
    options: pd.DataFrame, codebook: Codebook, setting: FigureContext
) -> Iterator[Plan]:
    """Yield one chart with a section for each question that has words, or nothing.

    Args:
        options: the public table of questions of one country.
        codebook: questions with their words and options.
        setting: the language and what all texts need.

    Raises:
        StudyError: if a hidden option carries a number or a shown one lacks it.
    """
    translator = setting.translator
    labels = {entry.id: translator.of_study(entry.label) for entry in codebook.questions}
    known = {question.name: question for question in find_questions(codebook)}
    kept = options["status"].isin(SHOWN_STATUSES) & options["ci_low"].isna()
    own = options[(options["status"] != NO_INDICATOR) & ~kept]
    refuse_unsafe(own.rename(columns={"option": "indicator"}), "public questions")
    parts, sections, drawn = [], [], []
    for name in (name for name in labels if name in known):
        part = _part(own[own["question"] == name], known[name], codebook, setting)
        if len(part) > 1:
            parts.append(part)
            drawn.append(known[name])
            rows = tuple(to_row(cell, translator) for cell in part.itertuples())
            sections.append(Section(labels[name], rows))
    if not parts:
        return
    cells = pd.concat(parts, ignore_index=True)
    members = [codebook.indicator(name) for name in cells["option"]]
    who, others = bases_of(
        translator,
        codebook,
        members,
        lambda indicator: translator.of_study(indicator.figure_label),
        translator.of_study(setting.population),
    )
    recalls = {entry.recall for entry in members}
    yield Plan(
        "options",
        "options",
        members[0].module,
        "",
        translator("Questions with several answers to choose from"),
        tuple(sections),
        cells,
        recalls.pop() if len(recalls) == 1 else "",
        remark=join([*others, *_remarks(drawn, labels, bool(kept.any()), setting)]),
        who=who,
        together=True,
    )


def _part(
    cells: pd.DataFrame, question: Question, codebook: Codebook, setting: FigureContext
) -> pd.DataFrame:
    """Return the rows of one question in the order of the codebook, with labels."""
    labels = {
        name: setting.translator.of_study(codebook.indicator(name).figure_label)
        for name in question.options
    }
    return in_order(cells, "option", labels)


def _remarks(
    drawn: list[Question], labels: dict[str, str], kept: bool, setting: FigureContext
) -> Iterator[str]:
    """Yield what a reader of the shares has to know beside their intervals."""
    translator = setting.translator
    several = [f"“{labels[question.name]}”" for question in drawn if not question.one_answer]
    if several:
        yield translator(
            "Several answers could be given to: {questions}. Their shares do not add up to 100 per "
            "cent.",
            questions=translator.enumeration(several),
        )
    yield translator("Where intervals overlap, which answer is more common may not be known.")
    if kept:
        yield translator("Answers whose numbers stay as an earlier release has them are left out.")


def draw_country(
    country: str,
    estimates: pd.DataFrame | None,
    evidence: Evidence,
    codebook: Codebook,
    setting: FigureContext,
    folder: Path,
    waves: Sequence[pd.DataFrame] = (),
    options: pd.DataFrame | None = None,
) -> list[FigureRecord]:
    """Draw all figures of a country in one language and list them in ``figures.json``.

    Args:
        country: its code, as in the tables.
        estimates: the public table of estimates (contract ``PUBLIC_ESTIMATES``); None without
            a survey.
        evidence: the public tables of evidence, of all countries.
        codebook: indicators, domains and their labels.
        setting: the language, the country's name and what all texts need.
        folder: where the files go.
        waves: of a country with several surveys its public table of changes, and then the public
            estimates of each survey, the first one first.
        options: the public table of questions (contract ``PUBLIC_OPTIONS``); None where the
            country's microdata stay at home.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    translator = setting.translator
    records: list[FigureRecord] = []
    with style.house_style():
        if estimates is not None:
            located = _located("estimates", estimates)
            cells = located[located["country"] == country]
            refuse_unsafe(cells, f"public estimates of {country}")
            records += [
                draw_plan(plan, setting, folder) for plan in _plans(cells, codebook, setting)
            ]
            records += draw_last_time(cells, codebook, setting, folder)
            records += draw_crossed(cells, _crossed(codebook), codebook, setting, folder)
        if waves:
            surveys = [_located("estimates", wave) for wave in waves[1:]]
            records += draw_waves(waves[0], surveys, codebook, setting, folder)
        if options is not None:
            records += [
                draw_plan(plan, setting, folder)
                for plan in question_plans(_located("questions", options), codebook, setting)
            ]
        records += draw_country_evidence(evidence.of(country), setting, folder)
    # What one figure prints in English is taken for a fault of all: labels are shared.
    english = tuple(sorted(translator.untranslated))
    records = [replace(record, untranslated=english) for record in records]
    write_records(folder / "figures.json", records)
    return records


def _located(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a public table of the country with the addresses of its rows."""
    return with_addresses(table, partial(addresses_of_rows, name))


def _plans(cells: pd.DataFrame, codebook: Codebook, setting: FigureContext) -> Iterator[Plan]:
    translator = setting.translator
    totals = cells[cells["domain"] == "total"]
    for module in codebook.modules:
        members = [
            indicator
            for indicator in _proportions(codebook)
            if indicator.module == module.id and indicator.series is None
        ]
        yield from _overview(
            f"module-{module.id}",
            "module",
            translator.of_study(module.label),
            members,
            totals,
            codebook,
            setting,
        )
    for series in codebook.series:
        members = [i for i in _proportions(codebook) if i.series == series.id]
        yield from _overview(
            f"series-{series.id}",
            "series",
            translator.of_study(series.label),
            members,
            totals,
            codebook,
            setting,
        )
    grouped = grouped_indicators(codebook)
    for indicator in grouped:
        yield from _by_group(indicator, codebook, cells, translator)
    for indicator in grouped[:1]:
        yield from _by_region(indicator, codebook, cells, translator)
    # A figure of your own can stand here.


def grouped_indicators(codebook: Codebook) -> list[Indicator]:
    """Return the indicators shown by group: headline composites, else all headline ones."""
    headline = [i for i in _proportions(codebook) if i.headline]
    return [i for i in headline if i.any_of] or headline


def _crossed(codebook: Codebook) -> list[Indicator]:
    """Return what is shown by two characteristics at once: indicators of all children alone.

    One composite at most, because those of different series share no figure, and of the single
    indicators those that are not on violence: their shares are in the composite.
    """
    headline = [i for i in _proportions(codebook) if i.headline and not i.universe]
    composites = [i for i in headline if i.any_of][:1]
    return composites + [i for i in headline if not i.any_of and not i.sensitive]


def _proportions(codebook: Codebook) -> list[Indicator]:
    return [i for i in codebook.indicators if i.statistic == "proportion"]


def _overview(
    name: str,
    kind: str,
    subject: str,
    members: Sequence[Indicator],
    totals: pd.DataFrame,
    codebook: Codebook,
    setting: FigureContext,
) -> Iterator[Plan]:
    """A chart of several indicators for all children, in the order of the codebook."""
    translator = setting.translator
    drawn = in_order(
        totals, "indicator", {i.id: translator.of_study(i.figure_label) for i in members}
    )
    if len(drawn) < 2:
        return
    module, known = members[0].module, set(drawn["indicator"])
    members = [i for i in members if i.id in known]
    recalls = {i.recall for i in members}
    who, others = bases_of(
        translator,
        codebook,
        members,
        lambda indicator: translator.of_study(indicator.figure_label),
        translator.of_study(setting.population),
    )
    wholes = find_exceeded_composites(codebook, known, *_limits_and_estimates(totals))
    named = [translator.of_study(whole.figure_label) for whole in wholes]
    yield Plan(
        name,
        kind,
        module,
        "",
        subject,
        (Section("", tuple(to_row(c, translator) for c in drawn.itertuples())),),
        drawn,
        recalls.pop() if len(recalls) == 1 else "",
        remark=" ".join([*others, *note_exceeded_composites(translator, named)]),
        who=who,
    )


def _limits_and_estimates(totals: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Return the printed upper bounds and the printed estimates of all children, by indicator."""
    bounds, estimates = (
        {str(name): float(value) for name, value in known.items()}
        for column in ("bound_high", "estimate")
        for known in [totals.set_index("indicator")[column].dropna()]
    )
    return bounds, estimates


def _by_group(
    indicator: Indicator, codebook: Codebook, cells: pd.DataFrame, translator: Translator[str]
) -> Iterator[Plan]:
    groups = [d for d in codebook.domains if d.id not in ("total", "region") and not d.cross]
    subject = translator("{subject}, by group", subject=translator.of_study(indicator.figure_label))
    yield from _grouped("by-group", indicator, groups, subject, codebook, cells, translator)


def _by_region(
    indicator: Indicator, codebook: Codebook, cells: pd.DataFrame, translator: Translator[str]
) -> Iterator[Plan]:
    regions = [domain for domain in codebook.domains if domain.id == "region"]
    subject = translator(
        "{subject}, by region", subject=translator.of_study(indicator.figure_label)
    )
    yield from _grouped("regions", indicator, regions, subject, codebook, cells, translator)


def _grouped(
    kind: str,
    indicator: Indicator,
    domains: Sequence[Domain],
    subject: str,
    codebook: Codebook,
    cells: pd.DataFrame,
    translator: Translator[str],
) -> Iterator[Plan]:
    """A chart of one indicator: all children first, then one section per domain."""
    own = cells[cells["indicator"] == indicator.id]
    total = in_order(
        own[own["domain"] == "total"],
        "level",
        {"all": translator.of_study(codebook.domains[0].label)},
    )
    parts, sections = [total], [_section("", total, translator, highlight=True)]
    for domain in domains:
        part = own[own["domain"] == domain.id]
        part = in_order(part, "level", level_labels(domain, codebook, part["level"], translator))
        if not part.empty:
            parts.append(part)
            sections.append(_section(translator.of_study(domain.label), part, translator))
    if len(parts) > 1:
        yield Plan(
            f"{kind}-{indicator.id}",
            kind.replace("-", "_"),
            indicator.module,
            indicator.id,
            subject,
            tuple(sections),
            pd.concat(parts, ignore_index=True),
            indicator.recall,
            remark=_of_those_shown(translator, total, parts[1:]),
            who=base_of(translator, codebook, indicator),
        )


def _of_those_shown(
    translator: Translator[str], total: pd.DataFrame, parts: Sequence[pd.DataFrame]
) -> str:
    """Return what choosing by the answers does to the groups shown, where one is hidden by them.

    Where most say yes, it is the others who are few in a group.
    """
    most = total["estimate"].gt(0.5) | total["bound_low"].gt(0.5)
    if most.any() or not any(_hidden_by_answers(part).any() for part in parts):
        return ""
    return translator(
        "A small group is shown only where many said yes: such shares are too high on average."
    )


def _hidden_by_answers(cells: pd.DataFrame) -> "pd.Series[bool]":
    """Return which groups may be hidden because few said yes.

    So are protected ones, and those too uncertain beside their estimate; not those of which few
    were asked, or whose interval is wide.
    """
    uncertain = cells["reason"].fillna("").str.contains("relative_")
    return cells["status"].isin(HIDDEN_STATUSES) & (
        cells["status"].eq(SUPPRESS_DISCLOSURE) | uncertain
    )


def _section(
    heading: str, cells: pd.DataFrame, translator: Translator[str], highlight: bool = False
) -> Section:
    rows = tuple(to_row(cell, translator, highlight) for cell in cells.itertuples())
    return Section(heading, rows)
