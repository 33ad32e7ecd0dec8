"""Numbers of the picture of companies' reports in a brief have room where they stand."""

from itertools import pairwise

import pytest
from matplotlib.text import Annotation

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.evidence.cybertips import WHOLE
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.brief.reports import reports_picture
from disrupting_harm.report.figures.cuts import SMALL
from disrupting_harm.report.figures.page import Frame
from disrupting_harm.report.words import Words

LANGUAGES = ("en", "km", "vi", "id", "th", "pt")


def fact(year: int, kind: str, reports: int) -> dict[str, str]:
    return {
        "year": str(year),
        "class": kind,
        "reports": str(reports),
        "series_break": "",
        ADDRESS: f"evidence/cybertips/KHM/{year}/{kind}",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_wider_than_its_column(language):
    facts = [fact(2018 + at, WHOLE, 188_000) for at in range(5)]
    facts += [fact(2023, "referral", 167_000), fact(2023, "informational", 96_000)]
    with style.house_style():
        figure = reports_picture(Words(language, {}), facts, Frame("", "", "", cut=SMALL))
        figure.draw_without_rendering()
        plot = figure.axes[-1]
        columns = [bar.get_window_extent() for bar in plot.patches]
        numbers = [one for one in plot.texts if isinstance(one, Annotation) and one.get_text()]
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
