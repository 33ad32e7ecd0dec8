"""The pictures of one brief in one language, and what each says in words."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, address_of
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext, interval_alt
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.exceeded_composites import (
    find_exceeded_composites,
    note_exceeded_composites,
)
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame
from disrupting_harm.report.figures.drawing.widths import BRIEF, SMALL, line_height
from disrupting_harm.report.figures.estimate_chart import (
    UNCERTAIN,
    drawn,
    missing_row,
    write_records,
)
from disrupting_harm.report.figures.evidence.context import located
from disrupting_harm.report.figures.evidence.cybertips import (
    by_year,
    counts_in_words,
    looks_in_words,
)
from disrupting_harm.report.figures.evidence.stacked_columns import (
    FIRST,
    SECOND,
    fitted,
    write_parts,
)
from disrupting_harm.report.figures.row_chart import Row, Section
from disrupting_harm.report.findings.brief_definition import (
    DOTS,
    PICTURES_AT_MOST,
    REPORTS,
    Brief,
    Picture,
)
from disrupting_harm.report.findings.evidence.cybertips import (
    WHOLE,
    breaks_series,
    drawn_of_year,
    in_order,
)
from disrupting_harm.report.findings.evidence.source_notes import sources
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import ADDRESSED, MARKDOWN, Translator
from disrupting_harm.report.language.whole_percent import in_percent, interval
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import Row as Fact
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, TOTAL

# A hundred dots: how many children of each hundred, from the lower to the upper bound.


ROW = 10
STEP = SMALL.width / ROW
DIAMETER = 4.6
PALE, TINTED = "#D5DBDF", "#E0A58C"


def dot_picture(share: PercentInterval, key: str) -> Figure:
    """Draw 100 dots: filled to the lower limit, tinted to the estimate, outlined to the upper.

    Args:
        share: the number.
        key: the address of its row, which the dots up to the upper limit show.
    """
    figure, page = paper.new_page(STEP * ROW, SMALL.width)
    area = (DIAMETER / style.MM_PER_INCH * style.POINTS_PER_INCH) ** 2
    looks = (
        (0, share.low, style.RUST, style.RUST, key),
        (share.low, share.estimate, TINTED, style.RUST, key),
        (share.estimate, share.high, "white", style.RUST, key),
        (share.high, ROW * ROW, PALE, PALE, None),
    )
    for first, last, fill, edge, url in looks:
        places = range(first, last)
        page.scatter(
            [STEP * (at % ROW + 0.5) for at in places],
            [STEP * (at // ROW + 0.5) for at in places],
            s=area,
            facecolor=fill,
            edgecolor=edge,
            linewidth=0.9,
            clip_on=False,
            urls=[url],
        )
    return figure


# Reports of companies by year in a narrow column: complete counts, without intervals.


PLOT, AXIS, ABOVE = 30.0, 4.4, 4.0
YEARS = 6
BAR = 0.85  # of a year's room


def of_last_years(facts: Sequence[Fact]) -> list[Fact]:
    """Return the rows that the picture shows or says the status of: those of the last years."""
    last = list(by_year(facts).values())[-YEARS:]
    return [fact for own in last for fact in drawn_of_year(own) or own]


def reports_picture(translator: Translator[str], facts: Sequence[Fact], framed: Frame) -> Figure:
    """Draw years, classes on each other; a dashed line where the counting changed.

    Args:
        translator: the language.
        facts: rows of ``cybertips.csv`` of one country with their addresses, in order; of each year
            those that one column shows.
        framed: title, subtitle, source.
    """
    shown = by_year(facts)
    broken = next(
        (at for at, own in enumerate(shown.values()) if at and any(map(breaks_series, own))), None
    )
    columns = [[fact for fact in own if fact["reports"]] for own in shown.values()]
    size = framed.cut.small
    room = ABOVE + (line_height(size) if broken is not None else 0.0)
    figure, page, top = paper.lay_out_page(framed, room + PLOT + AXIS)
    width = framed.cut.width - 2 * MARGIN
    plot = paper.place_axes(figure, MARGIN, top + room, width, PLOT)
    totals = [sum(float(fact["reports"]) for fact in own) for own in columns]
    plot.set_ylim(0, max([*totals, 1.0]))
    plot.set_xlim(-0.6, len(shown) - 0.4)
    plot.grid(visible=False)
    plot.set_yticks([])
    plot.set_xticks(range(len(shown)), list(shown))
    plot.tick_params(axis="x", labelsize=size)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    bar = BAR * width / (len(shown) + 0.2)
    for at, own in enumerate(columns):
        _column(plot, translator, at, own, size, bar)
    if broken is not None:
        plot.axvline(broken - 0.5, color=style.RUST, linestyle=(0, (3, 2)), lw=0.9)
        x = MARGIN + width * (broken - 0.5 + 0.6) / (len(shown) + 0.2) - 1
        said = translator("from {year} counted in another way", year=list(shown)[broken])
        paper.put_text(
            page, x, top + line_height(size) / 2, said, ha="right", size=size, color=style.RUST
        )
    return figure


def _column(
    plot: Axes, translator: Translator[str], at: int, own: Sequence[Fact], size: float, bar: float
) -> None:
    """Draw the classes of a year on each other, each with its number.

    No number is wider than what it stands in, a column of ``bar`` millimetres or the room of its
    year: white letters beside a column would be lost, and "15" be read as "5".
    """
    below, parts = 0.0, []
    for fact in own:
        count = float(fact["reports"])
        look = FIRST if fact["class"] in (WHOLE, "referral") else SECOND
        plot.bar(at, count, BAR, below, url=fact[ADDRESS], **look)
        parts.append((count, translator.short(count), look))
        below += count
    if any(fact["class"] != WHOLE for fact in own):
        write_parts(plot, at, parts, bar, bar / BAR, size)
        return
    text = parts[0][1] if parts else "–"
    plot.annotate(
        text, (at, below), (0, 2), textcoords="offset points", ha="center",
        size=fitted(text, bar / BAR, size), color=style.INK,
    )  # fmt: skip


def draw_pictures(
    brief: Brief, codebook: Codebook, results: Results, setting: FigureContext, folder: Path
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
    setting = replace(setting, cut=SMALL, translator=setting.translator.with_markup(ADDRESSED))
    made: list[FigureRecord] = []
    labels = Labels(codebook, setting.translator.with_markup(MARKDOWN))
    with style.house_style():
        lead = results.cell(brief.lead.indicator)
        share = lead.whole
        if share:
            alt = _dots_alt(setting.translator, share)
            figure = dot_picture(share, _address(lead, results.country))
            files = print_formats.write_figure(figure, folder, DOTS, strip_addresses(alt), BRIEF)
            made.append(listed(DOTS, Frame("", "", "", cut=SMALL), files, alt))
        for picture in chosen(brief, results):
            sections = _sections(picture, labels, results, setting.translator)
            framed = alt_text.frame(
                setting,
                setting.translator.of_study(picture.title),
                setting.translator.of_study(picture.subtitle),
                [cell.n for cell in _cells(picture, results) if cell.n is not None],
                _notes(picture, codebook, labels, results, setting.translator),
            )
            figure = interval_chart(sections, framed, setting.translator)
            files = print_formats.write_figure(figure, folder, picture.id, framed.title, BRIEF)
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


def _dots_alt(translator: Translator[str], share: PercentInterval) -> str:
    return translator(
        "A hundred dots. {estimate} of 100 by the estimate; between {low} and {high} fit the "
        "answers.",
        estimate=translator.of_100(share.estimate, share.some),
        low=translator.of_100(share.low, share.some),
        high=translator.of_100(share.high, share.some),
    )


def _notes(
    picture: Picture,
    codebook: Codebook,
    labels: Labels,
    results: Results,
    translator: Translator[str],
) -> list[str]:
    """Return what a reader has to know of a picture of several indicators."""
    cells = [] if picture.domains else _cells(picture, results)
    limits = {c.indicator: c.bound_high for c in cells if c.bound_high is not None}
    estimates = {c.indicator: c.estimate for c in cells if c.estimate is not None}
    wholes = find_exceeded_composites(codebook, picture.indicators, limits, estimates)
    return note_exceeded_composites(
        translator, [_label(picture, labels, whole.id, translator) for whole in wholes]
    )


def _label(picture: Picture, labels: Labels, name: str, translator: Translator[str]) -> str:
    """Return what a picture calls an indicator."""
    if name in picture.labels:
        return translator.of_study(picture.labels[name])
    return str(labels.short(name))


def _sections(
    picture: Picture, labels: Labels, results: Results, translator: Translator[str]
) -> list[Section]:
    if not picture.domains:
        rows = (
            _row(
                translator,
                _label(picture, labels, name, translator),
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
                    translator,
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
    return address_of_row("estimates", {"country": country, **key})


def _row(translator: Translator[str], label: str, cell: Cell, country: str) -> Row:
    where, share = _address(cell, country), cell.whole
    if share:
        return Row(
            label,
            in_percent(translator, share),
            interval(translator, share),
            share.estimate,
            share.low,
            share.high,
            "caution" if cell.status in UNCERTAIN else "plain",
            address=address_of(share.estimate),
            key=where,
        )
    if cell.status == NOT_ASKED:
        return Row(label, translator("not asked"), missing="unasked", key=where)
    if cell.status == NOBODY_INTERVIEWED:
        return Row(label, translator("nobody was interviewed"), missing="unrecorded", key=where)
    return missing_row(label, cell.shown, translator, where)


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


def _reports(facts: list[Fact], setting: FigureContext, folder: Path) -> FigureRecord:
    translator = setting.translator
    simulated = any(fact.get("data_kind") == "simulated" for fact in facts)
    framed = Frame(
        translator("CyberTip reports by year"),
        translator("CyberTip reports about users of any age: complete counts, no interval"),
        sources(translator, facts),
        translator("Simulated data.") if simulated else "",
        tuple(looks_in_words(translator, facts)),
        setting.cut,
    )
    files = print_formats.write_figure(
        reports_picture(translator, facts, framed), folder, REPORTS, framed.title, BRIEF
    )
    return listed(
        REPORTS,
        framed,
        files,
        alt_text.join(
            [
                translator("Column chart: {title}.", title=framed.title),
                counts_in_words(translator, facts),
                framed.simulated,
            ]
        ),
    )
