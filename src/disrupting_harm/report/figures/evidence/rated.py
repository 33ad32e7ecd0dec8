"""Figures with a row per area, item or company: capacity, frontline workers, reporters."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS, number_of, whole_number_of
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.evidence.context import draw_bars, frame, located, record
from disrupting_harm.report.figures.row_chart import Missing, Row, Section, lay_out_rows
from disrupting_harm.report.findings.evidence.capacity import FULL, mean_of_steps
from disrupting_harm.report.findings.evidence.cybertips import latest_reporters
from disrupting_harm.report.findings.evidence.services import band_label, by_item
from disrupting_harm.report.language.evidence_codes import label, row_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.evidence_rows import Row as Fact

COMPANIES_SHOWN = 8


def draw_capacity(evidence: Evidence, setting: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw the score of each area from 0 to 3; an area not asked keeps its place, greyed."""
    translator = setting.translator
    facts = located("capacity_profile", evidence.rows("capacity_profile"))
    if not facts:
        return None
    rows = tuple(_score(translator, fact) for fact in facts)
    subject = translator("Capacity of law enforcement by area")
    measure = translator(
        "Score from 0 (absent) to 3 (in place), and items asked, {place}", place=setting.place
    )
    framed = frame(setting, subject, measure, facts, [mean_of_steps(translator)])
    laid = lay_out_rows([Section("", rows)], framed)
    draw_bars(laid, FULL, 1)
    title = alt_text.title(setting, subject)
    return record(
        laid.figure,
        framed,
        setting,
        facts,
        folder,
        "capacity",
        caption=translator("Scores run from 0 (absent) to 3 (in place). Not asked is not 0."),
        chart=translator("Bar chart: {title}.", title=title),
        finding=_listed(translator, [(row.label, row.shown) for row in rows]),
    )


def draw_frontline(evidence: Evidence, setting: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw how many workers gave each answer; shares only where enough answered."""
    translator, facts = setting.translator, located("frontline", evidence.rows("frontline"))
    if not facts:
        return None
    sections = [
        Section(row_label(translator, own[0], "item"), _answers(translator, own))
        for own in by_item(facts).values()
    ]
    numbers = [row.estimate for section in sections for row in section.rows]
    largest = max((number for number in numbers if number is not None), default=1.0)
    subject = translator("Answers of frontline workers")
    measure = translator(
        "Number of frontline workers, {place}, and per cent of those who answered",
        place=setting.place,
    )
    hidden = not all(_is_told(fact) for fact in facts)
    notes = [translator("Answers of so few that they could be recognised are left out.")] * hidden
    if any(row.missing == "privacy" for section in sections for row in section.rows):
        notes.append(
            translator(
                "Where a count is small, or a small one would follow from it, words say which "
                "third of those asked it is in."
            )
        )
    framed = frame(setting, subject, measure, facts, notes)
    laid = lay_out_rows(sections, framed)
    draw_bars(laid, *style.count_axis(largest))
    title = alt_text.title(setting, subject)
    findings = [
        translator(
            "{heading}: {findings}.",
            heading=section.heading,
            findings=translator.enumeration(
                [
                    f"{row.label} {row.shown} {row.interval}".rstrip()
                    for row in section.rows
                    if row.estimate is not None
                ]
            ),
        )
        for section in sections
        if any(row.estimate is not None for row in section.rows)
    ]
    return record(
        laid.figure,
        framed,
        setting,
        facts,
        folder,
        "frontline",
        caption=translator(
            "The frontline workers were not drawn at random: the counts speak of those who "
            "answered, and nothing is inferred about others."
        ),
        chart=translator("Bar chart: {title}.", title=title),
        finding=alt_text.join(findings),
        undrawn={"too_few": [*_left_out(facts)]},
    )


def draw_reporters(evidence: Evidence, setting: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw the share of each company in the reports of the last year."""
    translator = setting.translator
    every = located("reporters", evidence.rows("reporters"))
    facts = latest_reporters(every)[:COMPANIES_SHOWN]
    if not facts:
        return None
    rows = tuple(
        Row(
            label(translator, "reporters", "reporter", fact["reporter"]),
            translator.number(number_of(fact["share_percent"]), 1),
            translator.number(number_of(fact["reports"])) if fact["reports"] else "",
            estimate=float(fact["share_percent"]),
            key=fact[ADDRESS],
        )
        for fact in facts
    )
    subject = translator("CyberTip reports by company")
    measure = translator(
        "Per cent of the CyberTip reports of {year}, {place}, and reports",
        year=facts[0]["year"],
        place=setting.place,
    )
    framed = frame(setting, subject, measure, facts)
    laid = lay_out_rows([Section("", rows)], framed)
    draw_bars(laid, *style.percent_axis(max(float(fact["share_percent"]) for fact in facts)))
    title = alt_text.title(setting, subject)
    return record(
        laid.figure,
        framed,
        setting,
        facts,
        folder,
        "reporters",
        caption=translator(
            "A company with many reports may look for more than others; that is not more abuse."
        ),
        chart=translator("Bar chart: {title}.", title=title),
        finding=_listed(translator, [(row.label, row.shown) for row in rows]),
    )


def _score(translator: Translator[str], fact: Fact) -> Row:
    name, key = row_label(translator, fact, "area"), fact[ADDRESS]
    asked = translator(
        "({asked} of {total} asked)", asked=fact["items_asked"], total=fact["items_total"]
    )
    if not fact["score_mean"]:
        return Row(name, translator("not asked"), missing="unasked", key=key)
    score = number_of(fact["score_mean"])
    return Row(name, translator.number(score, 1), asked, estimate=score, key=key)


def _answers(translator: Translator[str], facts: Sequence[Fact]) -> tuple[Row, ...]:
    """Return the answers with a count or band; where none has one, a single row that says so."""
    told = [fact for fact in facts if _is_told(fact)]
    if not told:
        keys = " ".join(fact[ADDRESS] for fact in facts)
        return (replace(_answer(translator, facts[0]), label=translator("All answers"), key=keys),)
    return tuple(_answer(translator, fact) for fact in told)


def _is_told(fact: Fact) -> bool:
    return bool(fact["count"] or fact["band"])


def _left_out(facts: Sequence[Fact]) -> Iterator[str]:
    """Yield the addresses of answers without a count or band beside others that have one."""
    for own in by_item(facts).values():
        if any(_is_told(fact) for fact in own):
            yield from (fact[ADDRESS] for fact in own if not _is_told(fact))


def _answer(translator: Translator[str], fact: Fact) -> Row:
    name = label(translator, "frontline", "answer", fact["answer"])
    key = fact[ADDRESS]
    if not fact["count"]:
        withheld: Missing = "privacy" if fact["status"] == SUPPRESSED else "unrecorded"
        return Row(name, band_label(translator, "frontline", fact), missing=withheld, key=key)
    n = translator.number(number_of(fact["n"])) if fact["n"] else ""
    of = translator("of {n}", n=n) if n else ""
    if fact["share_percent"]:
        share = translator.with_sign(whole_number_of(fact["share_percent"]))
        of = translator("of {n} ({share})", n=n, share=share)
    count = number_of(fact["count"])
    return Row(name, translator.number(count), of, estimate=count, key=key)


def _listed(translator: Translator[str], pairs: Sequence[tuple[str, str]]) -> str:
    parts = [translator("{label}: {count}", label=name, count=value) for name, value in pairs]
    return translator("{findings}.", findings="; ".join(parts))
