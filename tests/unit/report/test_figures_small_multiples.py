"""Questions of the last time, pictures by sex and age, and law and policy: marks, words, order."""

from dataclasses import replace
from functools import partial

import pandas as pd
import pytest
from evidence_results import rows
from figure_study import CODEBOOK, catch_figures, cell, setting, table, texts
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.figures.crossed_domains import Panel, draw_crossed, draw_panels
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.text_shaping import LETTERS
from disrupting_harm.report.figures.drawing.widths import COLUMN, CUTS, MM_PER_POINT
from disrupting_harm.report.figures.estimate_chart import add_row_addresses
from disrupting_harm.report.figures.evidence.law_and_policy import draw_policy
from disrupting_harm.report.figures.last_experience import draw_last_experience
from disrupting_harm.report.figures.row_chart import make_row
from disrupting_harm.report.language.translator import ADDRESSED, build_english
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import Codebook

ESTIMATES = partial(addresses_of_rows, "estimates")
ASKED_OF = [{"item": "answer", "among": ["yes"]}]


def answer(name: str, item: str, among: list[str]) -> dict[str, object]:
    return {
        "id": name, "module": "harm", "label": f"Label of {name}", "recall": "last_time",
        "universe": ASKED_OF, "base": "children with any experience",
        "numerator": [{"item": item, "among": among}],
    }  # fmt: skip


def last_time_book() -> Codebook:
    book = CODEBOOK.model_dump(mode="json")
    book["items"] += [
        {"id": "offender", "type": "choice", "values": ["family", "peer", "stranger"]},
        {"id": "told_friend", "type": "yes_no", "tick_of": "told"},
        {"id": "told_nobody", "type": "yes_no", "tick_of": "told"},
    ]
    book["questions"] = [
        {"id": "offender", "label": "Who did it"},
        {"id": "told", "label": "Whom told"},
    ]
    book["indicators"] += [
        answer("family", "offender", ["family"]),
        answer("known", "offender", ["family", "peer"]),
        answer("stranger", "offender", ["stranger"]),
        answer("peer", "offender", ["peer"]),
        answer("friend", "told_friend", ["yes"]),
        answer("nobody", "told_nobody", ["yes"]),
    ]
    return Codebook.model_validate(book)


SHOWN = {"known": "60", "stranger": "40", "family": "c", "peer": "35", "friend": "< 10",
         "nobody": "25"}  # fmt: skip


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Figure]:
    return catch_figures(monkeypatch)


def last_time(folder, changes=None, cut=None):
    cells = table([cell(name, shown=shown) for name, shown in (SHOWN | (changes or {})).items()])
    about = setting("Kenya") if cut is None else replace(setting("Kenya"), cut=cut)
    cells = add_row_addresses(cells, ESTIMATES)
    with style.house_style():
        return list(draw_last_experience(cells, last_time_book(), about, folder))


def test_each_question_has_a_column_and_parts_stand_below_their_whole(drawn, tmp_path):
    (record,) = last_time(tmp_path)
    written = texts(drawn["last-time"])
    order = ["Who did it", "Label of known", "– Label of peer", "– Label of family",
             "Label of stranger", "Whom told", "Label of nobody", "Label of friend"]  # fmt: skip
    assert [text for text in written if text in order] == order
    assert {"60%\u00a0(58–62)", "under 10%", "not shown: privacy"} <= set(written)
    assert "Several answers could be given to: “Whom told”." in " ".join(written)
    assert "Who did it”" not in " ".join(written)
    assert "which children gave an answer here and an answer there" in record.caption
    assert record.subtitle.startswith("Share of children with any experience, Kenya, the last time")
    assert record.cut == "wide"
    assert "– " not in record.alt + record.alt_short, "the sign of a part is for the picture"
    assert not pd.read_csv(tmp_path / "last-time.csv")["label"].str.startswith("–").any()
    assert list(pd.read_csv(tmp_path / "last-time.csv")["indicator"]) == [
        "known", "peer", "family", "stranger", "nobody", "friend",
    ]  # fmt: skip


def test_a_chevron_leads_to_the_next_question_and_no_line_joins_answers(drawn, tmp_path):
    last_time(tmp_path)
    page = drawn["last-time"].axes[0]
    heads = [patch for patch in page.patches if isinstance(patch, Polygon)]
    assert [len(head.get_xy()) for head in heads] == [6, 5]  # a point more, and the way back
    edges = [head.get_xy()[:, 0] for head in heads]
    assert edges[0].max() < edges[1].min()
    # All intervals are level.
    for lines in page.collections:
        if not isinstance(lines, PathCollection):
            for path in lines.get_paths():
                assert len(set(path.vertices[:, 1])) == 1


def test_intervals_stand_where_their_numbers_are_on_bands_of_one_length(drawn, tmp_path):
    last_time(tmp_path)
    page = drawn["last-time"].axes[0]
    dots = [
        tuple(place)
        for marks in page.collections
        if isinstance(marks, PathCollection)
        for place in marks.get_offsets()
    ]
    bands = {
        (round(p.get_x(), 3), round(p.get_width(), 3))
        for p in page.patches
        if isinstance(p, Rectangle) and p.get_height() == pytest.approx(1.5)
    }
    (left, width), (second, same) = sorted(bands)
    assert width == same
    shares = sorted((x - (left if x < second else second)) / width for x, _ in dots)
    assert shares == pytest.approx([0.25 / 0.8, 0.35 / 0.8, 0.4 / 0.8, 0.6 / 0.8], abs=1e-3)


@pytest.mark.parametrize("label", ["บอกครู", "ប្រាប់គ្រូបង្រៀន", "Told a grandparent"])
def test_no_letter_reaches_the_frame_of_a_bound_below_it(drawn, tmp_path, label):
    last_time(tmp_path)
    page = drawn["last-time"].axes[0]
    (frame,) = (p for p in page.patches if isinstance(p, Rectangle) and p.get_hatch())
    above = next(t for t in page.texts if t.get_text() == "Label of friend")
    size = above.get_size()
    depth = LETTERS.measure_text(label)[2] * size * MM_PER_POINT
    # Heights are from the upper edge of the page.
    assert above.get_position()[1] + depth < frame.get_y()


def test_in_a_narrow_cut_questions_stand_below_each_other(drawn, tmp_path):
    last_time(tmp_path, cut=COLUMN)
    page = drawn["last-time"].axes[0]
    first, second = (p.get_xy() for p in page.patches if isinstance(p, Polygon))
    assert first[:, 1].max() < second[:, 1].min()
    assert first[:, 0].min() == second[:, 0].min()


def test_without_a_second_question_there_is_no_figure(drawn, tmp_path):
    cells = add_row_addresses(table([cell(n) for n in ("known", "stranger")]), ESTIMATES)
    with style.house_style():
        assert not list(draw_last_experience(cells, last_time_book(), setting("Kenya"), tmp_path))
        none = draw_last_experience(cells, CODEBOOK, setting("Kenya"), tmp_path)
        assert not list(none)
    assert not drawn


def test_where_all_answers_are_hidden_the_reason_is_told(drawn, tmp_path):
    (record,) = last_time(tmp_path, dict.fromkeys(SHOWN, "c"))
    assert record.absent == "No estimate of this figure can be published."
    assert not drawn


def crossed(folder, shown="20.1", names=("clear", "learns"), cut=None):
    levels = ["girl|urban", "girl|rural", "boy|urban", "boy|rural"]
    alone = [("sex", "girl"), ("sex", "boy"), ("area", "urban"), ("area", "rural")]
    changes = shown if isinstance(shown, dict) else {"boy|rural": shown}
    changes = {("clear", level): sign for level, sign in changes.items()}
    cells = [
        cell(name, domain, level, changes.get((name, level), "20.1"))
        for name in names
        for domain, level in [*(("sex_area", level) for level in levels), *alone]
    ]
    about = setting("Kenya") if cut is None else replace(setting("Kenya"), cut=cut)
    about = replace(about, translator=about.translator.with_markup(ADDRESSED))  # as in a run
    members = [CODEBOOK.indicator(name) for name in ("clear", "learns")]
    with style.house_style():
        return list(
            draw_crossed(
                add_row_addresses(table(cells), ESTIMATES), members, CODEBOOK, about, folder
            )
        )


def test_girls_are_circles_and_boys_open_diamonds_side_by_side(drawn, tmp_path):
    (record,) = crossed(tmp_path)
    page, *plots = drawn["sex-area"].axes
    assert len(plots) == 2
    assert len({plot.get_ylim() for plot in plots}) == 1
    for plot in plots:
        marks = [c for c in plot.collections if isinstance(c, PathCollection)]
        faces = {tuple(m.get_facecolor()[0]): m.get_offsets()[0][0] % 1 for m in marks}
        assert set(faces) == {to_rgba(style.TEAL), to_rgba("white")}
        # A diamond has four corners, a circle is a curve of many points.
        for mark in marks:
            open_mark = tuple(mark.get_facecolor()[0]) == to_rgba("white")
            assert (len(mark.get_paths()[0].vertices) < 8) is open_mark
    written = texts(drawn["sex-area"])
    assert written.index("Girls") < written.index("Boys")
    assert record.title == "Sex and area"
    assert "may not tell the groups apart" in record.caption
    said = "{} urban 20% (18 to 22) and rural 20% (18 to 22)"
    assert f"{said.format('Girls')}; {said.format('Boys')}." in record.alt
    assert "20% (18 to 22)" in record.alt_short
    beside = [t.get_text() for plot in drawn["sex-area"].axes for t in plot.texts]
    assert beside.count("20") >= 4, "each mark has its number, without its address"
    colours = {t.get_text(): t.get_color() for t in page.texts if t.get_text() in ("Girls", "Boys")}
    assert colours == {"Girls": style.TEAL, "Boys": style.GREY}


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        ("c", "Pale band: not shown, to protect those asked."),
        ("*", "Broken frame: not shown, too uncertain."),
        ("< 10", "Hatched: only a bound is printed."),
    ],
)
def test_what_is_hidden_keeps_its_place_with_a_sign(drawn, tmp_path, sign, said):
    crossed(tmp_path, sign)
    figure = drawn["sex-area"]
    assert said in texts(figure)
    (drawn_sign,) = figure.axes[1].patches
    middle = drawn_sign.get_x() + drawn_sign.get_width() / 2
    assert middle == pytest.approx(1.2)  # the second group of the second level
    assert drawn_sign.get_y() == 0
    assert drawn_sign.get_height() == (10 if sign == "< 10" else figure.axes[1].get_ylim()[1])


def test_a_bound_has_its_number_once_and_beside_that_of_the_other_group(drawn, tmp_path):
    crossed(tmp_path, "< 10")
    plot = drawn["sex-area"].axes[1]
    (number,) = (text for text in plot.texts if text.get_text() == "<10")
    assert number.xy == (pytest.approx(1.2), 10)
    crossed(tmp_path, {"boy|rural": "> 80", "girl|rural": "> 80"})
    # One number for two groups with the same bound; it hangs below what stands for a least value.
    (number,) = (t for t in drawn["sex-area"].axes[1].texts if t.get_text() == ">80")
    assert number.xy == (pytest.approx(1.0), 80)
    assert number.get_va() == "top"


def test_a_small_share_has_the_room_of_a_number(drawn, tmp_path):
    crossed(tmp_path, "0.3")
    written = [text.get_text() for text in drawn["sex-area"].axes[1].texts]
    assert written.count("<1") == 1
    assert not any("under" in text for text in written)


def test_the_number_of_a_bound_stands_above_one_that_it_would_cover():
    ages = {str(age): str(age) for age in range(8, 18)}
    girl = make_row("", "20%", estimate=20.0, ci_low=18.0, ci_high=22.0, whole_percent=20)
    boy = make_row("", "under 23%", missing="bound", limits=(0.0, 23.0))
    rows = {(who, age): row for age in ages for who, row in (("girl", girl), ("boy", boy))}
    groups, translator = {"girl": "Girls", "boy": "Boys"}, build_english()
    with style.house_style():
        frame = Frame("Title", "", "", cut=COLUMN)
        figure = draw_panels([Panel("Heading", rows)], groups, ages, frame, translator)
    heights = {text.get_text(): text.xy[1] for text in figure.axes[1].texts}
    assert heights["20"] == 22
    assert heights["<23"] > 24


def test_an_indicator_without_any_number_has_no_panel(drawn, tmp_path):
    (record,) = crossed(tmp_path, names=("clear",))
    assert len(drawn["sex-area"].axes) == 2
    assert "Label of clear" in record.alt
    assert "Learns" not in record.alt


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
    last_time(tmp_path, cut=cut)
    crossed(tmp_path, cut=cut)
    policy(tmp_path, FIVE, cut=cut)
    assert len(drawn) == 3
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
