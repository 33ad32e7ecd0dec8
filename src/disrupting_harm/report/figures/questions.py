"""The options of questions side by side, with intervals that hold together for each question.

Of the public table of questions and the codebook alone. An option that an earlier release printed
has no such interval, and no place here.
"""

from collections.abc import Iterator

import pandas as pd

from disrupting_harm.publication.questions import Question, questions
from disrupting_harm.report.bases import bases_of
from disrupting_harm.report.figures.alt_text import Setting, join
from disrupting_harm.report.figures.cells import refuse_unsafe, to_row
from disrupting_harm.report.figures.plan import Plan, in_order
from disrupting_harm.report.figures.rows import Section
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.question_contracts import NO_INDICATOR
from disrupting_harm.study.statuses import SHOWN_STATUSES


def question_plans(options: pd.DataFrame, codebook: Codebook, setting: Setting) -> Iterator[Plan]:
    """Yield one chart with a section for each question that has words, or nothing.

    Args:
        options: the public table of questions of one country.
        codebook: questions with their words and options.
        setting: the language and what all texts need.

    Raises:
        StudyError: if a hidden option carries a number or a shown one lacks it.
    """
    words = setting.words
    labels = {entry.id: words.of_study(entry.label) for entry in codebook.questions}
    known = {question.name: question for question in questions(codebook)}
    kept = options["status"].isin(SHOWN_STATUSES) & options["ci_low"].isna()
    own = options[(options["status"] != NO_INDICATOR) & ~kept]
    refuse_unsafe(own.rename(columns={"option": "indicator"}), "public questions")
    parts, sections, drawn = [], [], []
    for name in (name for name in labels if name in known):
        part = _part(own[own["question"] == name], known[name], codebook, setting)
        if len(part) > 1:
            parts.append(part)
            drawn.append(known[name])
            rows = tuple(to_row(cell, words) for cell in part.itertuples())
            sections.append(Section(labels[name], rows))
    if not parts:
        return
    cells = pd.concat(parts, ignore_index=True)
    members = [codebook.indicator(name) for name in cells["option"]]
    who, others = bases_of(
        words,
        codebook,
        members,
        lambda indicator: words.of_study(indicator.figure_label),
        words.of_study(setting.population),
    )
    recalls = {entry.recall for entry in members}
    yield Plan(
        "options",
        "options",
        members[0].module,
        "",
        words("Questions with several answers to choose from"),
        tuple(sections),
        cells,
        recalls.pop() if len(recalls) == 1 else "",
        remark=join([*others, *_remarks(drawn, labels, bool(kept.any()), setting)]),
        who=who,
        together=True,
    )


def _part(
    cells: pd.DataFrame, question: Question, codebook: Codebook, setting: Setting
) -> pd.DataFrame:
    """Return the rows of one question in the order of the codebook, with labels."""
    labels = {
        name: setting.words.of_study(codebook.indicator(name).figure_label)
        for name in question.options
    }
    return in_order(cells, "option", labels)


def _remarks(
    drawn: list[Question], labels: dict[str, str], kept: bool, setting: Setting
) -> Iterator[str]:
    """Yield what a reader of the shares has to know beside their intervals."""
    words = setting.words
    several = [f"“{labels[question.name]}”" for question in drawn if not question.one_answer]
    if several:
        yield words(
            "Several answers could be given to: {questions}. Their shares do not add up to 100 per "
            "cent.",
            questions=words.enumeration(several),
        )
    yield words("Where intervals overlap, which answer is more common may not be known.")
    if kept:
        yield words("Answers whose numbers stay as an earlier release has them are left out.")
