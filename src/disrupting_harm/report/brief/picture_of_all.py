"""The picture of the brief of the whole study: all countries with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import address_of, number_of
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.alphabet import by_letters
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.brief.source import setting_of
from disrupting_harm.report.figures import printing, style
from disrupting_harm.report.figures.alt_text import frame, interval_alt, share_of
from disrupting_harm.report.figures.brief.pictures import listed
from disrupting_harm.report.figures.cells import missing_row
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.cuts import BRIEF, WIDE
from disrupting_harm.report.figures.page import Frame
from disrupting_harm.report.figures.phone import write_for_phones
from disrupting_harm.report.figures.plan import write_records
from disrupting_harm.report.figures.record import FigureRecord
from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.whole import in_percent, interval, whole_of
from disrupting_harm.report.words import Words
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED

PICTURE = "countries"


def draw_all(
    countries: Sequence[Country],
    config: Configuration,
    brief: Brief,
    words: Words,
    rows: Mapping[str, dict[str, str]],
    apart: set[str],
    named: Mapping[str, str],
    folder: Path,
    all_: int,
) -> FigureRecord:
    """Draw all countries with their intervals, by region and name, and list the picture."""
    regions = dict.fromkeys(row.region or "" for row in countries)
    sections = []
    for region in regions:
        own = sorted(
            (
                row.country
                for row in countries
                if (row.region or "") == region and row.country in rows
            ),
            key=lambda code: by_letters(named[code]),
        )
        sections.append(
            Section(
                words.of_study(region) if region else "",
                tuple(_row(words, named[code], rows[code], code in apart) for code in own),
            )
        )
    place = words("{count} {areas}", count=words.number(all_))
    setting = setting_of(config, words, place, WIDE)
    title = words.of_study(brief.pictures[0].title)
    n = [number_of(row["n"]) for row in rows.values() if row["n"]]
    notes = []
    if any(row.look == "apart" for section in sections for row in section.rows):
        notes.append(words("Open squares: set apart, not to be compared."))
    if any(row.missing == "bound" for section in sections for row in section.rows):
        notes.append(words("Hatched: only a bound is printed."))
    framed = frame(setting, title, share_of(setting), n, [" ".join(notes)] if notes else [])

    def draw(framed: Frame) -> Figure:
        return interval_chart(sections, framed, words, over=framed.cut.narrow)

    place_of_files = folder / "figures"
    with style.house_style():
        files = printing.write_figure(draw(framed), place_of_files, PICTURE, title, BRIEF)
        phone = write_for_phones(draw, framed, place_of_files, PICTURE, title, BRIEF)
    record = replace(
        listed(PICTURE, framed, files, interval_alt(setting, title, sections)), phone=phone
    )
    write_records(folder / "figures" / "figures.json", [record])
    return record


def _row(words: Words, name: str, row: dict[str, str], apart: bool) -> Row:
    share, key = whole_of(row), prefix("prevalence", row, compared=True)
    if share is None:
        if row["status"] == NOT_ASKED:
            return Row(name, words("not asked"), missing="unasked", key=key)
        return missing_row(name, row["shown"], words, key)
    return Row(
        name,
        in_percent(words, share),
        interval(words, share),
        share.estimate,
        share.low,
        share.high,
        "apart" if apart else "plain",
        address=address_of(share.estimate),
        key=key,
    )
