"""The picture of companies' reports in a brief: the last years, their numbers in every language."""

import pytest
from drawing_reader import read_boxes

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import SMALL, WEB
from disrupting_harm.report.figures.brief.pictures import (
    build_short_reports_chart,
    select_last_years,
)
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT
from disrupting_harm.report.language.translator import PLAIN, Translator
from disrupting_harm.report.reading.rows import PublicRow


def fact(year: int, kind: str, reports: int) -> PublicRow:
    return PublicRow(
        {
            "year": str(year),
            "class": kind,
            "reports": str(reports),
            "status": "reported",
            "series_break": "",
            ADDRESS: f"KHM/cybertips/{year}/{kind}",
        }
    )


@pytest.mark.parametrize("cut", [SMALL, WEB], ids=["small", "web"])
@pytest.mark.parametrize("language", ["en", "km", "vi", "id", "th", "pt"])
def test_each_number_has_room_at_its_column(language, cut):
    counts = {2018: 1_188_000, 2019: 988_000, 2020: 88_000, 2021: 8_800, 2022: 888_000}
    facts = [fact(year, UNSPLIT, count) for year, count in counts.items()]
    facts += [fact(2023, "referral", 667_000), fact(2023, "informational", 396_000)]
    translator = Translator(language, {}, PLAIN)
    canvas = build_short_reports_chart(translator, facts).draw(Frame("", "", "", cut=cut))
    boxes = read_boxes(canvas.render_svg(""))
    pitch = boxes["KHM/cybertips/2019/unsplit"].left - boxes["KHM/cybertips/2018/unsplit"].left
    for year, count in counts.items():
        box = boxes[f"KHM/cybertips/{year}/unsplit"]
        centre = (box.left + box.right) / 2
        assert box.height == pytest.approx(30 * count / 1_188_000, abs=0.002)
        above = [
            text
            for text in canvas.texts
            if abs(text.x + text.width / 2 - centre) < 0.01 and text.y < box.foot
        ]
        # A number, or that and the word for thousands below it.
        assert "\u00a0".join(text.text for text in above) == translator.short(count)
        assert all(text.width < pitch and text.size >= cut.small for text in above)
    written = " ".join(text.text for text in canvas.texts).replace("\u00a0", " ")
    for count in (667_000, 396_000):
        assert translator.short(count).replace("\u00a0", " ") in written


def test_the_picture_and_its_text_are_of_the_last_five_years():
    facts = [fact(2017 + at, UNSPLIT, 188_000) for at in range(7)]
    facts += [fact(2024, "referral", 167_000), fact(2024, "informational", 96_000)]
    shown = select_last_years(facts)
    assert [one["year"] for one in shown] == [
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
