"""Numbers of the picture of companies' reports in a brief have room where they stand."""

from itertools import pairwise

import pytest

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.figures.brief.pictures import draw_reports, select_last_years
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.widths import SMALL
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT
from disrupting_harm.report.language.translator import PLAIN, Translator, build_english
from disrupting_harm.report.reading.rows import PublicRow

LANGUAGES = ("en", "km", "vi", "id", "th", "pt")


def fact(year: int, kind: str, reports: int) -> PublicRow:
    return PublicRow(
        {
            "year": str(year),
            "class": kind,
            "reports": str(reports),
            "series_break": "",
            ADDRESS: f"evidence/cybertips/KHM/{year}/{kind}",
        }
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_wider_than_its_column(language):
    facts = [fact(2018 + at, UNSPLIT, 188_000) for at in range(5)]
    facts += [fact(2023, "referral", 167_000), fact(2023, "informational", 96_000)]
    with style.house_style():
        figure = draw_reports(Translator(language, {}, PLAIN), facts, Frame("", "", "", cut=SMALL))
        figure.draw_without_rendering()
        plot = figure.axes[-1]
        columns = [bar.get_window_extent() for bar in plot.patches]
        numbers = [one for one in plot.texts if one.get_text()]
        assert len(numbers) == len(facts)
        ends = []
        for number in numbers:
            box = number.get_window_extent()
            column = min(columns, key=lambda bar: abs(bar.x0 + bar.x1 - box.x0 - box.x1))
            if number.get_color() == "white":
                assert column.x0 < box.x0
                assert box.x1 < column.x1
            else:
                ends.append((box.x0, box.x1))
        ends.sort()
        assert all(last < first for (_, last), (first, _) in pairwise(ends))


@pytest.mark.parametrize(("second", "within"), [(96_000, True), (26_000, False)])
def test_a_number_leaves_the_hatching_of_its_part_to_be_seen(second, within):
    facts = [fact(2018 + at, UNSPLIT, 188_000) for at in range(5)]
    facts += [fact(2023, "referral", 167_000), fact(2023, "informational", second)]
    with style.house_style():
        figure = draw_reports(build_english(), facts, Frame("", "", "", cut=SMALL))
        figure.draw_without_rendering()
        plot = figure.axes[-1]
        part = next(bar for bar in plot.patches if bar.get_hatch()).get_window_extent()
        number = next(one for one in plot.texts if one.get_text() == f"{second // 1000}K")
        box = number.get_window_extent()
    assert (box.y0 < part.y1) == within
    if within:
        assert box.width * box.height < part.width * part.height / 2


def test_the_picture_and_its_text_are_of_the_last_six_years():
    facts = [fact(2017 + at, UNSPLIT, 188_000) for at in range(7)]
    facts += [fact(2024, "referral", 167_000), fact(2024, "informational", 96_000)]
    shown = select_last_years(facts)
    assert [one["year"] for one in shown] == [
        "2019",
        "2020",
        "2021",
        "2022",
        "2023",
        "2024",
        "2024",
    ]
    # A count of all reports is never set on those of its classes.
    assert select_last_years([fact(2024, UNSPLIT, 263_000), *facts[-2:]]) == [
        fact(2024, UNSPLIT, 263_000)
    ]
