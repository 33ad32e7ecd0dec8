"""Titles, captions and alternative texts, as whole messages that can be translated.

A caption says who was asked, how many, what the lines are and where the data come from. The
alternative text gives the finding in numbers. Both are built from the rows that are drawn, so that
they contain no more than the figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.origin import origin as origin_of
from disrupting_harm.report.words import Words
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.survey.tables.intervals import INTERVALS

LISTED_AT_MOST = 8  # rows that an alternative text spells out; of more, the first and the last


@dataclass(frozen=True)
class Setting:
    """What every text of a figure needs to know.

    Attributes:
        words: the language.
        place: the country as printed, or what stands for it.
        simulated: whether the data are simulated.
        confidence: the level of the intervals, e.g. 0.95.
        population: who the estimates speak of, in English as in the configuration.
        source: what kind of survey the data come from, in English as in the configuration.
    """

    words: Words
    place: str
    simulated: bool
    confidence: float
    population: str
    source: str

    @property
    def stamp(self) -> str:
        """The mark of simulated data; empty for observed data."""
        return self.words("Simulated data") if self.simulated else ""

    @property
    def data_kind(self) -> str:
        """The value of the column ``data_kind``."""
        return data_kind(self.simulated)

    @property
    def level(self) -> str:
        """The confidence level in per cent, as printed."""
        digits = 0 if round(100 * self.confidence, 6).is_integer() else 1
        return self.words.percent(self.confidence, digits)


def join(sentences: Sequence[str]) -> str:
    """Return the sentences that are not empty as one paragraph."""
    return " ".join(sentence for sentence in sentences if sentence)


def title(setting: Setting, subject: str) -> str:
    """Return the title of a figure."""
    return setting.words("{subject}, {place}", subject=subject, place=setting.place)


def measure(setting: Setting, together: bool = False) -> str:
    """Return what the axis of estimates measures; ``together``: with joint intervals."""
    if together:
        return setting.words(
            "Per cent of those asked, with intervals that hold together for each question "
            "({level} per cent)",
            level=setting.level,
        )
    return setting.words(
        "Per cent of those asked, with {level} per cent intervals", level=setting.level
    )


def notes(setting: Setting, rows: Sequence[Row]) -> list[str]:
    """Return the explanations that a chart of these rows needs below it."""
    words = setting.words
    shown = [row for row in rows if row.estimate is not None]
    lines = []
    for reference in [row for row in shown if row.look.startswith("reference")]:
        lines.append(words("Diamond and dashed line: {group}.", group=reference.label))
    if any(row.look.endswith("caution") for row in shown):
        lines.append(words("Open marks and broken lines: less precise, interpret with caution."))
    return lines


def interval_caption(
    setting: Setting,
    heading: str,
    cells: pd.DataFrame,
    rows: Sequence[Row],
    recall: str = "",
    remark: str = "",
    who: str = "",
    together: bool = False,
) -> str:
    """Return the caption of a chart of estimates; ``cells`` are the table rows drawn.

    ``who`` was asked, where that is not the whole population; ``together``: the intervals of each
    section hold together.
    """
    words = setting.words
    methods = sorted(set(cells["interval"].dropna()) - {""}) if "interval" in cells else []
    named = words.enumeration([words(INTERVALS[method].phrase) for method in methods])
    lines = words("Lines are {level} per cent intervals.", level=setting.level)
    if together:
        lines = words(
            "Lines are intervals: with {level} per cent confidence all those of one question hold "
            "together, so that they are wider than in the tables.",
            level=setting.level,
        )
    elif methods:
        lines = words(
            "Lines are {level} per cent intervals ({method}).", level=setting.level, method=named
        )
    return join(
        [
            words("{caption}.", caption=heading),
            base(setting, cells["n"].dropna(), who),
            recall_period(words, recall),
            lines,
            remark,
            *sign_keys(words, rows),
            origin(setting),
        ]
    )


def origin(setting: Setting) -> str:
    """Return where the data come from and whether they are simulated."""
    return origin_of(setting.words, setting.source, setting.simulated)


def base(setting: Setting, n: pd.Series, who: str = "") -> str:
    """Return who was asked, the whole population if not said, and n.

    The legends of tables say what n is: questions on violence print the largest number of answers
    of all that were put to the same children.
    """
    words, population = setting.words, who or setting.words.of_study(setting.population)
    if n.empty:
        return words("Base: {population} who were asked.", population=population)
    smallest, largest = words.number(n.min()), words.number(n.max())
    if smallest == largest:
        return words(
            "Base: {population} who were asked. n, as in the tables: {n}.",
            population=population,
            n=smallest,
        )
    return words(
        "Base: {population} who were asked. n, as in the tables: {smallest} to {largest}.",
        population=population,
        smallest=smallest,
        largest=largest,
    )


def recall_period(words: Words, recall: str) -> str:
    """Return the period that an indicator speaks of; empty where it has none."""
    return {
        "past_year": words("Reference period: the year before the interview."),
        "past_three_months": words("Reference period: the three months before the interview."),
        "lifetime": words("Reference period: life so far."),
        "last_time": words("Reference: the last time it happened."),
    }.get(recall, "")


def sign_keys(words: Words, rows: Sequence[Row]) -> list[str]:
    """Return what the signs in place of hidden estimates mean."""
    signs = {
        row.shown[0] if row.shown.startswith(("<", ">")) else row.shown
        for row in rows
        if row.estimate is None and row.asked
    }
    bound = words(
        "< and >: only a bound is printed; it follows from how many answered, not from what they "
        "said."
    )
    keys = {
        "<": bound,
        ">": bound,
        "*": words("*: too uncertain to print."),
        "c": words("c: withheld to protect those asked."),
    }
    return list(dict.fromkeys(text for sign, text in keys.items() if sign in signs))


def interval_alt(setting: Setting, heading: str, sections: Sequence[Section]) -> str:
    """Return the alternative text of a chart of estimates."""
    words = setting.words
    opening = words("Dot and interval chart: {title}.", title=heading)
    findings = [_section_finding(words, section) for section in sections]
    return join([opening, *findings, words("Simulated data.") if setting.simulated else ""])


def _section_finding(words: Words, section: Section) -> str:
    shown = [row for row in section.rows if row.estimate is not None]
    hidden = [row for row in section.rows if row.estimate is None and row.asked]
    unasked = [row.label for row in section.rows if not row.asked]
    if len(shown) <= LISTED_AT_MOST:
        listed = [
            words("{label} {finding}", label=row.label, finding=_finding(words, row))
            for row in shown
        ]
    else:
        ordered = sorted(shown, key=lambda row: row.estimate or 0.0)
        low, high = ordered[0], ordered[-1]
        listed = [
            words(
                "{count} estimates, from {low}, {low_finding}, to {high}, {high_finding}",
                count=words.number(len(shown)),
                low=low.label,
                low_finding=_finding(words, low),
                high=high.label,
                high_finding=_finding(words, high),
            )
        ]
    if hidden:
        labels = words.enumeration([f"{row.label} ({row.shown})" for row in hidden])
        listed.append(words("not shown: {labels}", labels=labels))
    if unasked:
        listed.append(words("not asked: {labels}", labels=words.enumeration(unasked)))
    findings = "; ".join(listed)
    if not section.heading:
        return words("{findings}.", findings=findings[:1].upper() + findings[1:])
    return words("{heading}: {findings}.", heading=section.heading, findings=findings)


def _finding(words: Words, row: Row) -> str:
    low, _, high = row.interval.strip("()").partition("–")
    return words("{value} per cent (interval {low} to {high})", value=row.shown, low=low, high=high)
