"""The pictures of one brief in one language, and what each says in words."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.annotated import plain
from disrupting_harm.report.brief.definition import DOTS, PICTURES_AT_MOST, REPORTS, Brief, Picture
from disrupting_harm.report.evidence.cybertips import in_order
from disrupting_harm.report.evidence.facts import Row as Fact
from disrupting_harm.report.evidence.notes import sources
from disrupting_harm.report.figures import alt_text, printing, style
from disrupting_harm.report.figures.alt_text import Setting, interval_alt
from disrupting_harm.report.figures.brief.dots import dot_picture
from disrupting_harm.report.figures.brief.reports import of_last_years, reports_picture
from disrupting_harm.report.figures.cells import UNCERTAIN, missing_row
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.cuts import BRIEF, SMALL
from disrupting_harm.report.figures.evidence.cybertips import counts_in_words, looks_in_words
from disrupting_harm.report.figures.evidence.parts import located
from disrupting_harm.report.figures.page import Frame
from disrupting_harm.report.figures.parts_of_whole import note_on_wholes, wholes_exceeded
from disrupting_harm.report.figures.plan import drawn, write_records
from disrupting_harm.report.figures.record import FigureRecord
from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.results import Cell, Results
from disrupting_harm.report.text import Text
from disrupting_harm.report.whole import Whole, in_percent, interval
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, TOTAL


def draw_pictures(
    brief: Brief, codebook: Codebook, results: Results, setting: Setting, folder: Path
) -> dict[str, FigureRecord]:
    """Draw the pictures for which the country has published numbers, and list them, in ``folder``.

    Args:
        brief: what the study's briefs show.
        codebook: labels of indicators and groups.
        results: public results of the country.
        setting: language, name of the country, whether the data are simulated.
        folder: where the files go.

    Returns:
        Pictures by name: ``dots``, ``reports`` and those that the brief defines.
    """
    setting = replace(setting, cut=SMALL, words=setting.words.annotating())
    made: list[FigureRecord] = []
    labels = Labels(codebook, Text(setting.words))
    with style.house_style():
        lead = results.cell(brief.lead.indicator)
        share = lead.whole
        if share:
            alt = _dots_alt(setting.words, share)
            figure = dot_picture(share, _address(lead, results.country))
            files = printing.write_figure(figure, folder, DOTS, plain(alt), BRIEF)
            made.append(listed(DOTS, Frame("", "", "", cut=SMALL), files, alt))
        for picture in chosen(brief, results):
            sections = _sections(picture, labels, results, setting.words)
            framed = alt_text.frame(
                setting,
                setting.words.of_study(picture.title),
                setting.words.of_study(picture.subtitle),
                [cell.n for cell in _cells(picture, results) if cell.n is not None],
                _notes(picture, codebook, labels, results, setting.words),
            )
            figure = interval_chart(sections, framed, setting.words)
            files = printing.write_figure(figure, folder, picture.id, framed.title, BRIEF)
            heading = f"{framed.title} ({framed.subtitle})"
            alt = interval_alt(setting, heading, sections)
            made.append(listed(picture.id, framed, files, alt))
        facts = of_last_years(in_order(located("cybertips", results.evidence.rows("cybertips"))))
        if any(fact["reports"] for fact in facts):
            made.append(_reports(facts, setting, folder))
    write_records(folder / "figures.json", made)
    return {record.id: record for record in made}


def chosen(brief: Brief, results: Results) -> list[Picture]:
    """Return the first pictures for which the country has a number, as many as have room."""
    drawable = (
        picture
        for picture in brief.pictures
        if any(cell.whole for cell in _cells(picture, results))
    )
    return list(islice(drawable, PICTURES_AT_MOST))


def shown_indicators(picture: Picture, results: Results) -> list[str]:
    """Return what a picture shows of a country: an option with a number in place of one without.

    Options that a picture does not name, of a question of which it names others, stand in the
    places of the last named ones that have no number.
    """
    shown = list(picture.indicators)
    question = {row["option"]: row["question"] for row in results.options}
    asked = {question[name] for name in shown if name in question}
    spare = [
        name
        for name, of in question.items()
        if of in asked and name not in shown and _has_share(results, name)
    ]
    empty = [place for place, name in enumerate(shown) if _is_empty(results, name)]
    for name, place in zip(spare, reversed(empty), strict=False):
        shown[place] = name
    return shown


def _has_share(results: Results, name: str) -> bool:
    cell = results.cells.get((name, *TOTAL))
    return cell is not None and cell.whole is not None


def _is_empty(results: Results, name: str) -> bool:
    """Return whether neither a share nor a bound of an indicator is printed."""
    cell = results.cells.get((name, *TOTAL))
    return cell is None or (cell.whole is None and cell.bound is None)


def listed(name: str, frame: Frame, files: tuple[str, ...], alt: str) -> FigureRecord:
    """Return the entry of a picture, which has neither a caption nor a table of its own."""
    entry = (name, "brief", "", "", frame.title)
    return replace(drawn(entry, frame, files, caption="", alt=alt, alt_short=alt), csv="")


def _dots_alt(words: Words, share: Whole) -> str:
    return words(
        "A hundred dots. {estimate} of 100 by the estimate; between {low} and {high} fit the "
        "answers.",
        estimate=words.of_100(share.estimate, share.some),
        low=words.of_100(share.low, share.some),
        high=words.of_100(share.high, share.some),
    )


def _notes(
    picture: Picture, codebook: Codebook, labels: Labels, results: Results, words: Words
) -> list[str]:
    """Return what a reader has to know of a picture of several indicators."""
    cells = [] if picture.domains else _cells(picture, results)
    limits = {c.indicator: c.bound_high for c in cells if c.bound_high is not None}
    estimates = {c.indicator: c.estimate for c in cells if c.estimate is not None}
    wholes = wholes_exceeded(codebook, picture.indicators, limits, estimates)
    return note_on_wholes(words, [_label(picture, labels, whole.id, words) for whole in wholes])


def _label(picture: Picture, labels: Labels, name: str, words: Words) -> str:
    """Return what a picture calls an indicator."""
    if name in picture.labels:
        return words.of_study(picture.labels[name])
    return str(labels.short(name))


def _sections(picture: Picture, labels: Labels, results: Results, words: Words) -> list[Section]:
    if not picture.domains:
        rows = (
            _row(
                words,
                _label(picture, labels, name, words),
                results.cell(name),
                results.country,
            )
            for name in shown_indicators(picture, results)
        )
        return [Section("", tuple(rows))]
    name = picture.indicators[0]
    return [
        Section(
            str(labels.domain(domain)),
            tuple(
                _row(
                    words,
                    str(labels.level(domain, level)),
                    results.cell(name, domain, level),
                    results.country,
                )
                for level in labels.in_order(domain, results.levels(name, domain))
            ),
        )
        for domain in picture.domains
    ]


def _address(cell: Cell, country: str) -> str:
    key = {"indicator": cell.indicator, "domain": cell.domain, "level": cell.level}
    return prefix("estimates", {"country": country, **key})


def _row(words: Words, label: str, cell: Cell, country: str) -> Row:
    where, share = _address(cell, country), cell.whole
    if share:
        return Row(
            label,
            in_percent(words, share),
            interval(words, share),
            share.estimate,
            share.low,
            share.high,
            "caution" if cell.status in UNCERTAIN else "plain",
            address=address_of(share.estimate),
            key=where,
        )
    if cell.status == NOT_ASKED:
        return Row(label, words("not asked"), missing="unasked", key=where)
    if cell.status == NOBODY_INTERVIEWED:
        return Row(label, words("nobody was interviewed"), missing="unrecorded", key=where)
    return missing_row(label, cell.shown, words, where)


def _cells(picture: Picture, results: Results) -> list[Cell]:
    """Return the numbers of a picture."""
    if not picture.domains:
        return [results.cell(name) for name in picture.indicators]
    name = picture.indicators[0]
    return [
        results.cell(name, domain, level)
        for domain in picture.domains
        for level in results.levels(name, domain)
    ]


def _reports(facts: list[Fact], setting: Setting, folder: Path) -> FigureRecord:
    words = setting.words
    simulated = any(fact.get("data_kind") == "simulated" for fact in facts)
    framed = Frame(
        words("CyberTip reports by year"),
        words("CyberTip reports about users of any age: complete counts, no interval"),
        sources(words, facts),
        words("Simulated data.") if simulated else "",
        tuple(looks_in_words(words, facts)),
        setting.cut,
    )
    files = printing.write_figure(
        reports_picture(words, facts, framed), folder, REPORTS, framed.title, BRIEF
    )
    return listed(
        REPORTS,
        framed,
        files,
        alt_text.join(
            [
                words("Column chart: {title}.", title=framed.title),
                counts_in_words(words, facts),
                framed.simulated,
            ]
        ),
    )
