"""Titles, captions and alternative texts, as whole messages that can be translated.

A figure itself says what it shows, of whom and from where (:class:`.page.Frame`); a
caption says how to read it. The alternative text gives the finding in numbers. All are built from
the rows that are drawn, so that they contain no more than the figure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.report.drawing.formats import RUN, Press
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.widths import TEXT, Cut
from disrupting_harm.report.language.addressed_text import merge_addresses, strip_addresses
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import data_kind

LISTED_AT_MOST = 8  # rows of a section that an alternative text spells out
FINDINGS_AT_MOST = 2  # of a short alternative text
WORDS_AT_MOST = 120  # of an alternative text; a longer one names the ends of each section


@dataclass(frozen=True)
class FigureContext:
    """What the texts of a figure have in common.

    Attributes:
        area_name: the country as printed, or what stands for it.
        simulated: whether the data are simulated.
        confidence: the level of the intervals, e.g. 0.95.
        population: who the estimates speak of, in English as in the configuration.
        source: what kind of survey the data come from, in English as in the configuration.
        cut: the width in which figures are drawn, and their letters.
        press: what files they are printed as.
    """

    translator: Translator[str]
    area_name: str
    simulated: bool
    confidence: float
    population: str
    source: str
    cut: Cut = TEXT
    press: Press = RUN

    @property
    def stamp(self) -> str:
        """The words for simulated data; empty for observed data."""
        return self.translator("Simulated data.") if self.simulated else ""

    @property
    def data_kind(self) -> str:
        """The value of the column ``data_kind``."""
        return data_kind(self.simulated)

    @property
    def level(self) -> str:
        """The confidence level in per cent, as printed."""
        digits = 0 if round(100 * self.confidence, 6).is_integer() else 1
        return self.translator.percent(self.confidence, digits)


def join_sentences(sentences: Sequence[str]) -> str:
    """Return the sentences that are not empty as one paragraph."""
    return " ".join(sentence for sentence in sentences if sentence)


def format_title(context: FigureContext, topic: str) -> str:
    """Return the title of a figure outside the place that it speaks of: its topic and the place."""
    return context.translator("{subject}, {place}", subject=topic, place=context.area_name)


def build_frame(
    context: FigureContext,
    heading: str,
    subtitle: str,
    n: Sequence[float],
    notes: Sequence[str] = (),
) -> Frame:
    """Return the texts round a chart of the survey.

    Args:
        heading: the title, a plain name.
        subtitle: of whom, where, when, in which unit.
        n: how many answered, of each number drawn.
        notes: what marks mean.
    """
    source_line = describe_source(context, n)
    return Frame(
        heading,
        subtitle,
        source_line,
        context.stamp,
        tuple(notes),
        context.cut,
        context.translator.from_right,
    )


def add_period(translator: Translator[str], label: str, recall: str) -> str:
    """Return a label with the period that it speaks of, where it has one."""
    periods = {
        "past_year": translator("in the past year"),
        "past_three_months": translator("in the past three months"),
        "lifetime": translator("in life so far"),
    }
    if recall not in periods:
        return label
    return translator("{label}, {period}", label=label, period=periods[recall])


def describe_share(
    context: FigureContext, recall: str = "", base: str = "", together: bool = False
) -> str:
    """Return the subtitle of a chart of estimates: of whom, where, when, and what lines are.

    Args:
        recall: the period that all its indicators speak of; empty where it has none.
        base: of whom, where that is not the whole population.
        together: whether the intervals of each question hold together.
    """
    translator = context.translator
    placeholders = {
        "population": base or translator.of_study(context.population),
        "place": context.area_name,
        "level": context.level,
    }
    if together:
        return translator(
            "Share of {population}, {place}; lines are intervals that hold together for each "
            "question ({level} per cent)",
            **placeholders,
        )
    if recall == "past_year":
        return translator(
            "Share of {population}, {place}, in the past year; lines are {level} per cent "
            "intervals",
            **placeholders,
        )
    if recall == "past_three_months":
        return translator(
            "Share of {population}, {place}, in the past three months; lines are {level} per cent "
            "intervals",
            **placeholders,
        )
    if recall == "last_time":
        return translator(
            "Share of {population}, {place}, the last time it happened; lines are {level} per cent "
            "intervals",
            **placeholders,
        )
    if recall == "lifetime":
        return translator(
            "Share of {population}, {place}, in life so far; lines are {level} per cent intervals",
            **placeholders,
        )
    return translator(
        "Share of {population}, {place}; lines are {level} per cent intervals", **placeholders
    )


def describe_source(context: FigureContext, n: Sequence[float]) -> str:
    """Return the source of estimates, with how many answered.

    The legends of tables say what n is: questions on violence print the largest number of answers
    of all that were put to the same children.
    """
    translator, source_name = context.translator, context.translator.of_study(context.source)
    if not n:
        return translator("Source: {source}.", source=source_name)
    smallest, largest = translator.number(min(n)), translator.number(max(n))
    sentence = (
        translator("Source: {source}, n = {n}.", source=source_name, n=smallest)
        if min(n) == max(n)
        else translator(
            "Source: {source}, n = {smallest} to {largest}.",
            source=source_name,
            smallest=smallest,
            largest=largest,
        )
    )
    # No line may end within "n = 218".
    return sentence.replace(" = ", "\u00a0=\u00a0")


def note_uncertain_marks(context: FigureContext, rows: Sequence[Row]) -> list[str]:
    """Return the note on open marks and broken lines, where a row has them."""
    if any(mark.look.endswith("caution") for row in rows for mark in row.marks):
        return [
            context.translator("Open marks and broken lines: less precise, interpret with caution.")
        ]
    return []


def note_several_answers(translator: Translator[str], questions: Sequence[str]) -> str:
    """Return the note on questions, by label, with several answers; empty without any."""
    if not questions:
        return ""
    return translator(
        "Several answers could be given to: {questions}. Their shares do not add up to 100 per "
        "cent.",
        questions=translator.enumeration([f"“{question}”" for question in questions]),
    )


def note_exceeded_composites(
    translator: Translator[str],
    codebook: Codebook,
    drawn_indicators: Collection[str],
    limits: Mapping[str, float],
    estimates: Mapping[str, float],
    label_indicator: Callable[[Indicator], str],
) -> list[str]:
    """Return a sentence for each composite of which a component's bound is drawn longer than it.

    No component of a composite is more frequent than it. Yet the bar of a component's bound
    ("under 5%") may be longer than the composite's estimate, which a reader would not expect. A
    composite counts only where nothing else than it and its components is drawn.

    Args:
        drawn_indicators: of one figure.
        limits: upper ends of the bounds that are printed in place of estimates, by indicator.
        estimates: those printed, by indicator, also of indicators that are not drawn.
    """
    return [
        translator(
            "“{whole}” counts all of these: none is more frequent than it.",
            whole=label_indicator(composite),
        )
        for composite in codebook.indicators
        if composite.id in estimates
        and set(drawn_indicators) <= {composite.id, *_list_components(codebook, composite)}
        and any(
            limits.get(component, 0.0) > estimates[composite.id]
            for component in composite.any_of
            if component in drawn_indicators
        )
    ]


def _list_components(codebook: Codebook, composite: Indicator) -> Iterator[str]:
    """Yield the components of an indicator, and theirs."""
    for component in composite.any_of:
        yield component
        yield from _list_components(codebook, codebook.indicator(component))


def caption_overlaps(translator: Translator[str]) -> str:
    """Return that intervals side by side are no test of groups of the same children."""
    return translator(
        "Overlapping lines are no test: the text tells which tested differences are clear."
    )


def caption_intervals(translator: Translator[str], grouped: bool, together: bool = False) -> str:
    """Return how to read a chart of estimates.

    Args:
        grouped: whether it is of groups of the same children.
        together: whether the intervals of each question hold together.
    """
    if together:
        return translator(
            "These intervals hold together for all answers of a question: they are wider than "
            "those of one answer alone."
        )
    if grouped:
        return caption_overlaps(translator)
    return translator("The rows need not add up to 100 per cent.")


def describe_intervals(
    context: FigureContext, heading: str, sections: Sequence[Section]
) -> tuple[str, str]:
    """Return the alternative text of a chart of estimates, and a short one.

    The short one gives the highlighted row, else the least and the greatest of each section.
    """
    translator = context.translator
    opening = translator("Dot and interval chart: {title}.", title=heading)
    level = translator("In brackets: {level} per cent intervals.", level=context.level)
    findings = [_describe_section(translator, section, LISTED_AT_MOST) for section in sections]
    description = join_sentences([opening, *findings, level, context.stamp])
    if len(strip_addresses(description).split()) > WORDS_AT_MOST:
        ends = [_describe_section(translator, section, 0) for section in sections]
        description = join_sentences([opening, *ends, context.stamp])
    main_rows = [row for s in sections for row in s.rows if row.bold and row.estimate is not None]
    main_sections = [Section("", (row,)) for row in main_rows[:1]] or sections
    return description, join_short_text(context, opening, describe_ends(translator, main_sections))


def describe_ends(translator: Translator[str], sections: Sequence[Section]) -> list[str]:
    """Return the least and the greatest estimate of each section; nothing of those not shown."""
    published_sections = [
        Section(section.heading, tuple(row for row in section.rows if row.estimate is not None))
        for section in sections
    ]
    return [
        _describe_section(translator, section, 0) for section in published_sections if section.rows
    ]


def join_short_text(context: FigureContext, opening: str, findings: Sequence[str]) -> str:
    """Return a short alternative text: what kind of picture it is, and at most two findings."""
    return join_sentences([opening, *findings[:FINDINGS_AT_MOST], context.stamp])


def _describe_section(translator: Translator[str], section: Section, at_most: int) -> str:
    """Return up to so many estimates with their intervals; of more, the least and the greatest."""
    published_rows = [row for row in section.rows if row.estimate is not None]
    if len(published_rows) <= max(at_most, 1):
        row_findings = [
            translator(
                "{label} {finding}", label=row.label, finding=format_finding(translator, row)
            )
            for row in published_rows
        ]
    else:
        ordered = sorted(published_rows, key=lambda row: row.estimate or 0.0)
        low, high = ordered[0], ordered[-1]
        row_findings = [
            translator.plural(
                "{count} estimate, from {low}, {low_finding}, to {high}, {high_finding}",
                "{count} estimates, from {low}, {low_finding}, to {high}, {high_finding}",
                len(published_rows),
                count=translator.number(cell_count([row.address for row in published_rows])),
                low=low.label,
                low_finding=format_finding(translator, low),
                high=high.label,
                high_finding=format_finding(translator, high),
            )
        ]
    hidden: dict[str, list[Row]] = {}
    for row in section.rows:
        if row.estimate is None:
            hidden.setdefault(strip_addresses(row.printed_text), []).append(row)
    row_findings += [
        translator(
            "{label}: {count}",
            label=translator.enumeration([row.label for row in rows]),
            count=merge_addresses([row.printed_text for row in rows]),
        )
        for rows in hidden.values()
    ]
    findings = "; ".join(row_findings)
    if not section.heading:
        return translator("{findings}.", findings=findings[:1].upper() + findings[1:])
    return translator("{heading}: {findings}.", heading=section.heading, findings=findings)


def format_finding(translator: Translator[str], row: Row) -> str:
    """Return an estimate with its interval, e.g. "17% (14 to 21)"."""
    if not row.interval:
        return row.printed_text
    low, _, high = row.interval.strip("()").partition("–")
    return translator("{value} ({low} to {high})", value=row.printed_text, low=low, high=high)
