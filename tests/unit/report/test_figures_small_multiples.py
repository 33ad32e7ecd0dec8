"""Law and policy: marks, words, order."""

from dataclasses import replace

import pytest
from evidence_results import rows
from figure_study import catch_figures, setting, texts
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.widths import CUTS
from disrupting_harm.report.figures.evidence.law_and_policy import draw_policy
from disrupting_harm.report.reading.evidence_rows import Evidence


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Figure]:
    return catch_figures(monkeypatch)


def policy(folder, answers, cut=None):
    facts = [
        {"area": "policy", "item": item, "answer": answer, "status": status}
        for item, answer, status in answers
    ]
    about = setting("Kenya") if cut is None else replace(setting("Kenya"), cut=cut)
    with style.house_style():
        return draw_policy(Evidence(rows({"policy": facts}, country="KEN")), about, folder)


FIVE = [
    ("leadership", "in_place", "reported"),
    ("research", "partly", "reported"),
    ("legislation", "not_in_place", "reported"),
    ("judiciary", "not_known", "reported"),
    ("remedies", "", "not_applicable"),
    ("workforce", "", "not_recorded"),
]


def test_law_and_policy_have_five_marks(drawn, tmp_path):
    record = policy(tmp_path, FIVE)
    page = drawn["policy"].axes[0]
    discs = [line.get_fillstyle() for line in page.lines]
    assert discs == ["full", "left", "none"] * 2  # the key, and the items
    written = texts(drawn["policy"])
    assert written.count("?") == 2
    assert "not recorded, or does not apply" in written
    dashes = [c for c in page.collections if to_rgba(style.MID) == tuple(c.get_colors()[0])]
    assert len(dashes) == 3  # the key, and what does not apply or nobody recorded
    assert "In place: 1; partly in place: 1; not in place: 1; not known: 1; not recorded, or " in (
        record.alt
    )
    assert "Not in place: A comprehensive law on this abuse." in record.alt


def test_a_country_without_a_review_has_no_figure_of_it(tmp_path):
    assert policy(tmp_path, []) is None


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_every_cut_holds_its_letters(drawn, tmp_path, cut):
    policy(tmp_path, FIVE, cut=cut)
    assert len(drawn) == 1
    for name, figure in drawn.items():
        figure.dpi = 400
        width, height = figure.canvas.get_width_height()
        for text in figure.findobj(lambda a: hasattr(a, "get_fontsize") and a.get_text()):
            box = text.get_window_extent()
            assert text.get_fontsize() >= 6.6, (name, text)
            assert box.x0 >= -4, (name, text)
            assert box.x1 <= width + 4, (name, text)
            assert box.y0 >= -4, (name, text)
            assert box.y1 <= height + 4, (name, text)
