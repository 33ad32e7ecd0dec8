"""The pictures of a brief, with their alternative texts and their list, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.formats import RUN
from disrupting_harm.report.drawing.marks import Chart, Mark, MarkRecord
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.style import GUIDE, RUST
from disrupting_harm.report.drawing.widths import HALF, MM_PER_POINT, SMALL
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext, describe_intervals
from disrupting_harm.report.figures.estimate_chart import (
    build_hidden_row,
    build_percent_chart,
    is_uncertain,
    write_figure_records,
)
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.report.findings.brief_definition import (
    DOTS,
    PICTURES_AT_MOST,
    Brief,
    Picture,
)
from disrupting_harm.report.findings.headings import find_claims_of_share, find_strongest_claim
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import ADDRESSED, MARKDOWN, Translator
from disrupting_harm.report.language.whole_percent import (
    format_interval_in_figure,
    format_whole_percent,
)
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, TOTAL

ROW = 10  # dots in a row of a hundred
DIAMETER = 0.85  # of the room of a dot
TINTED = "#E0A58C"


@dataclass(frozen=True)
class HundredDots:
    """A hundred dots: filled to the lower limit, tinted to the estimate, outlined to the upper.

    ``address`` is that of the row of the share, which the dots up to the upper limit show.
    """

    share: PercentInterval
    address: str

    def draw(self, frame: Frame) -> Canvas:
        """Draw them over the width of the cut."""
        width = frame.cut.width
        canvas, step = Canvas(width, width, mirrored=frame.from_right), width / ROW
        share = self.share
        for index in range(ROW * ROW):
            fill, edge = next(
                (fill, edge)
                for end, fill, edge in (
                    (share.low, RUST, RUST),
                    (share.estimate, TINTED, RUST),
                    (share.high, "#fff", RUST),
                    (ROW * ROW, GUIDE, GUIDE),
                )
                if index < end
            )
            canvas.draw_marker(
                step * (index % ROW + 0.5), step * (index // ROW + 0.5), "circle",
                DIAMETER * step / MM_PER_POINT, fill, edge, edge_width=0.9,
                address=self.address if index < share.high else None,
            )  # fmt: skip
        return canvas

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the share."""
        value, low, high = map(float, (self.share.estimate, self.share.low, self.share.high))
        yield MarkRecord("", "", "", 0, value, low, high, "highlight", "", "", self.address)


def draw_brief_pictures(
    brief: Brief, codebook: Codebook, results: Results, context: FigureContext, folder: Path
) -> dict[str, FigureRecord]:
    """Draw the pictures for which the country has published numbers, and list them, in ``folder``.

    Returns:
        Pictures by name: ``dots`` and those that the brief defines.
    """
    translator = context.translator.with_markup(ADDRESSED)
    context = replace(context, cut=HALF, translator=translator)
    records: list[FigureRecord] = []
    labels = Labels(codebook, translator.with_markup(MARKDOWN))
    headline_cell = results.cell(brief.lead.indicator)
    if share := headline_cell.percent:
        dots = HundredDots(share, _find_row_address(headline_cell, results.country))
        alt = _describe_dots(translator, share)
        records.append(
            write_picture(
                DOTS,
                dots,
                Frame("", "", "", cut=SMALL, from_right=translator.from_right),
                alt,
                folder,
            )
        )
    for picture in choose_pictures(brief, results):
        sections = _build_sections(picture, labels, results, translator)
        frame = alt_text.build_frame(
            context,
            format_title(picture, results, translator),
            translator.of_study(picture.subtitle),
            [cell.n for cell in _find_cells(picture, results) if cell.n is not None],
            _note_composites(picture, codebook, labels, results, translator),
        )
        alt, _ = describe_intervals(context, f"{frame.title} ({frame.subtitle})", sections)
        chart = build_percent_chart(sections, translator)
        records.append(write_picture(picture.id, chart, frame, alt, folder))
    write_figure_records(folder / "figures.json", records)
    return {record.id: record for record in records}


def format_title(picture: Picture, results: Results, translator: Translator[str]) -> str:
    """Return the title of a picture: its finding where the printed numbers bear it, or its name."""
    finding = picture.finding
    if finding and finding.each:
        shares = [cell.percent for cell in _find_cells(picture, results)]
        if all(share and share.low >= 1 for share in shares):
            return translator.of_study(finding.each)
    if finding and finding.indicator:
        claims = find_claims_of_share(results.cell(finding.indicator), results.coded)
        rule, values = find_strongest_claim(finding.heading, claims)
        if rule in finding.heading:
            numbers = {name: translator.number(value) for name, value in values.items()}
            return translator.fill_sentence(finding.heading[rule], numbers)
    return translator.of_study(picture.title)


def choose_pictures(brief: Brief, results: Results) -> list[Picture]:
    """Return the first pictures for which the country has a number, as many as have room."""
    drawable = (
        picture
        for picture in brief.pictures
        if any(cell.percent for cell in _find_cells(picture, results))
    )
    return list(islice(drawable, PICTURES_AT_MOST))


def choose_indicators(picture: Picture, results: Results) -> list[str]:
    """Return the indicators of a picture, options without a number replaced by others with one.

    Options that a picture does not name, of a question of which it names others, stand in the
    places of the last named ones that have no number.
    """
    indicators = list(picture.indicators)
    question_of_option = {row["option"]: row["question"] for row in results.options}
    asked_questions = {
        question_of_option[name] for name in indicators if name in question_of_option
    }
    substitutes = [
        name
        for name, question_id in question_of_option.items()
        if question_id in asked_questions and name not in indicators and _has_share(results, name)
    ]
    empty_positions = [
        position for position, name in enumerate(indicators) if _is_empty(results, name)
    ]
    for name, position in zip(substitutes, reversed(empty_positions), strict=False):
        indicators[position] = name
    return indicators


def _has_share(results: Results, name: str) -> bool:
    cell = results.cells.get((name, *TOTAL))
    return cell is not None and cell.percent is not None


def _is_empty(results: Results, name: str) -> bool:
    """Return whether neither a share nor a bound of an indicator is printed."""
    cell = results.cells.get((name, *TOTAL))
    return cell is None or (cell.percent is None and cell.bound is None)


def write_picture(name: str, chart: Chart, frame: Frame, alt: str, folder: Path) -> FigureRecord:
    """Draw a picture and return its entry; it has neither a caption nor a table of its own."""
    title = frame.title or strip_addresses(alt)
    # Dots have no letters that a telephone would make small.
    press = RUN if frame.title else replace(RUN, phones=False)
    return write_figure_record(
        FigureIdentity(name, "brief"), chart, frame, FigureTexts(title, "", alt, alt), folder, "",
        press=press,
    )  # fmt: skip


def _describe_dots(translator: Translator[str], share: PercentInterval) -> str:
    return translator(
        "A hundred dots. {estimate} of 100 by the estimate; its range is from {low} to {high}.",
        estimate=translator.of_100(share.estimate, share.some),
        low=translator.of_100(share.low, share.some),
        high=translator.of_100(share.high, share.some),
    )


def _note_composites(
    picture: Picture,
    codebook: Codebook,
    labels: Labels,
    results: Results,
    translator: Translator[str],
) -> list[str]:
    """Return what a reader has to know of a picture of several indicators."""
    cells = [] if picture.domains else _find_cells(picture, results)
    limits = {c.indicator: c.bound_high for c in cells if c.bound_high is not None}
    estimates = {c.indicator: c.estimate for c in cells if c.estimate is not None}
    return alt_text.note_exceeded_composites(
        translator,
        codebook,
        picture.indicators,
        limits,
        estimates,
        lambda composite: _label_indicator(picture, labels, composite.id, translator),
    )


def _label_indicator(
    picture: Picture, labels: Labels, name: str, translator: Translator[str]
) -> str:
    """Return what a picture calls an indicator."""
    if name in picture.labels:
        return translator.of_study(picture.labels[name])
    return str(labels.short(name))


def _build_sections(
    picture: Picture, labels: Labels, results: Results, translator: Translator[str]
) -> list[Section]:
    if not picture.domains:
        finding_indicator = picture.finding.indicator if picture.finding else None
        rows = (
            _build_row(
                translator,
                _label_indicator(picture, labels, name, translator),
                results.cell(name),
                results.country,
                highlighted=name == finding_indicator,
            )
            for name in choose_indicators(picture, results)
        )
        return [Section("", tuple(rows))]
    name = picture.indicators[0]
    return [
        Section(
            str(labels.domain(domain)),
            tuple(
                _build_row(
                    translator,
                    str(labels.level(domain, level)),
                    results.cell(name, domain, level),
                    results.country,
                )
                for level in labels.sort_levels(domain, results.levels(name, domain))
            ),
        )
        for domain in picture.domains
    ]


def _find_row_address(cell: Cell, country: str) -> str:
    key = {"indicator": cell.indicator, "domain": cell.domain, "level": cell.level}
    return address_of_row("estimates", {"country": country, **key})


def _build_row(
    translator: Translator[str], label: str, cell: Cell, country: str, highlighted: bool = False
) -> Row:
    look = "caution" if is_uncertain(cell) else "highlight" if highlighted else "plain"
    row = build_share_row(
        translator,
        label,
        cell.percent,
        _find_row_address(cell, country),
        status=cell.status,
        shown=cell.shown,
        look=look,
    )
    return replace(row, bold=highlighted)


def build_share_row(
    translator: Translator[str],
    label: str,
    share: PercentInterval | None,
    address: str,
    *,
    status: str,
    shown: str,
    look: str = "plain",
) -> Row:
    """Return the row of a share in whole per cent, or of the words in its place.

    Args:
        address: of its row in the public table.
        status, shown: why there is no share, as that row says.
        look: a key of ``LOOKS``.
    """
    if share:
        value, low, high = map(float, (share.estimate, share.low, share.high))
        mark = Mark(value, low, high, look, address=address)
        return Row(
            label,
            format_whole_percent(translator, share),
            format_interval_in_figure(translator, share),
            (mark,),
            address=address_of(share.estimate),
            muted=look == "apart",
        )
    if status == NOT_ASKED:
        return Row(label, translator("not asked"), marks=(Mark(sign="unasked", address=address),))
    if status == NOBODY_INTERVIEWED:
        mark = Mark(sign="unrecorded", address=address)
        return Row(label, translator("nobody was interviewed"), marks=(mark,))
    return build_hidden_row(label, shown, translator, address)


def _find_cells(picture: Picture, results: Results) -> list[Cell]:
    """Return the estimates that a picture names, in its order."""
    if not picture.domains:
        return [results.cell(name) for name in picture.indicators]
    name = picture.indicators[0]
    return [
        results.cell(name, domain, level)
        for domain in picture.domains
        for level in results.levels(name, domain)
    ]
