"""Pictures by two characteristics at once: groups in their slots, numbers, signs and words."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from drawing_reader import DrawnMark, read_drawn_marks, read_words
from figure_study import CODEBOOK, cell, setting, table

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.drawing.style import PLACE, TEAL
from disrupting_harm.report.figures.crossed_domains import plan_crossed
from disrupting_harm.report.figures.estimate_chart import add_row_addresses, draw_chart
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.figures.finding_titles import TitleFinder
from disrupting_harm.report.language.translator import ADDRESSED, build_english

LEVELS = ["girl|urban", "girl|rural", "boy|urban", "boy|rural"]


def draw(folder: Path, shown="20.1", names=("clear", "learns")) -> list[FigureRecord]:
    alone = [("sex", "girl"), ("sex", "boy"), ("area", "urban"), ("area", "rural")]
    changes = shown if isinstance(shown, dict) else {"boy|rural": shown}
    changes = {("clear", level): sign for level, sign in changes.items()}
    cells = [
        cell(name, domain, level, changes.get((name, level), "20.1"))
        for name in names
        for domain, level in [*(("sex_area", level) for level in LEVELS), *alone]
    ]
    context = setting("Kenya")
    context = replace(context, translator=context.translator.with_markup(ADDRESSED))
    members = [CODEBOOK.indicator(name) for name in ("clear", "learns")]
    located = add_row_addresses(table(cells), partial(addresses_of_rows, "estimates"))
    plans = plan_crossed(located, members, CODEBOOK, context, TitleFinder(build_english()))
    return [draw_chart(plan, context, folder) for plan in plans]


def find_marks(folder: Path, level: str, name: str = "clear") -> list[DrawnMark]:
    marks = read_drawn_marks(folder / "sex-area.svg")
    address = f"KEN/{name}/sex_area:{level.replace('|', '+')}"
    return [mark for mark in marks if mark.address == address]


def test_girls_are_circles_and_boys_open_diamonds_below_them(tmp_path):
    (record,) = draw(tmp_path)
    marks = pd.read_csv(tmp_path / "sex-area.csv")
    assert list(marks["panel"].unique()) == ["Label of clear", "Learns"]
    assert list(zip(marks["row"], marks["slot"], marks["look"], strict=True)) == [
        ("urban", 0, "plain"), ("urban", 1, "second"),
        ("rural", 0, "plain"), ("rural", 1, "second"),
    ] * 2  # fmt: skip
    for area in ("urban", "rural"):
        (_, girls), (_, boys) = (find_marks(tmp_path, f"{who}|{area}") for who in ("girl", "boy"))
        assert (girls.shape, girls.fill) == ("circle", TEAL)
        assert (boys.shape, boys.fill) == ("path", "white")
        assert girls.x == pytest.approx(boys.x, abs=0.01)
        assert girls.y < boys.y
    written = read_words(tmp_path / "sex-area.svg")
    assert written.index("Girls") < written.index("Boys")
    assert written.count("20%") == len(marks), "each mark has its number, without its address"
    assert written.count("urban") == 1, "one list of labels serves all panels"
    assert (record.title, record.cut) == ("Sex and area", "wide")
    assert (
        record.caption
        == "Overlapping lines are no test: the text tells which tested differences are clear."
    )
    said = "{} urban 20% (18 to 22) and rural 20% (18 to 22)"
    assert f"{said.format('Girls')}; {said.format('Boys')}." in record.alt
    assert "20% (18 to 22)" in record.alt_short


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        ("c", "Pale band: not shown, to protect those asked."),
        ("*", "Broken frame: not shown, too uncertain."),
        ("< 10", "Hatched: only a bound is printed."),
    ],
)
def test_what_is_hidden_keeps_its_place_with_a_sign(tmp_path, sign, said):
    draw(tmp_path, sign)
    assert said in read_words(tmp_path / "sex-area.svg")
    (band,) = find_marks(tmp_path, "boy|rural")
    girls, boys = find_marks(tmp_path, "girl|rural")[0], find_marks(tmp_path, "boy|urban")[0]
    below = find_marks(tmp_path, "girl|urban")[0]
    # The second slot of the second row.
    assert band.y - girls.y == pytest.approx(boys.y - below.y, abs=0.01)
    guides = [mark.x for mark in read_drawn_marks(tmp_path / "sex-area.svg") if mark.kind == "tick"]
    start, end = min(guides), max(x for x in guides if x < 240)
    assert band.left == pytest.approx(start, abs=0.01)
    reach = 10 / 30 if sign == "< 10" else 1
    assert (band.right - start) / (end - start) == pytest.approx(reach, abs=0.001)
    assert (band.fill == PLACE) is (sign == "c")
    assert band.dashed is (sign == "*")
    assert band.fill.startswith("url(#") is (sign == "< 10")


def test_bounds_have_their_limits(tmp_path):
    draw(tmp_path, {"boy|rural": "< 10", "girl|rural": "> 80"})
    written = read_words(tmp_path / "sex-area.svg")
    assert written.index(">80%") + 1 == written.index("<10%")
    shown = pd.read_csv(tmp_path / "sex-area.csv").set_index("address")["shown"]
    assert shown["KEN/clear/sex_area:girl+rural"] == ">80%"


def test_a_small_share_is_no_zero(tmp_path):
    draw(tmp_path, "0.3")
    assert read_words(tmp_path / "sex-area.svg").count("under 1%") == 1


def test_less_precise_estimates_of_both_groups_have_looks_of_their_own(tmp_path):
    cells = [cell("clear", "sex_area", level, status="caution") for level in LEVELS]
    located = add_row_addresses(table(cells), partial(addresses_of_rows, "estimates"))
    members = [CODEBOOK.indicator("clear")]
    for plan in plan_crossed(
        located, members, CODEBOOK, setting("Kenya"), TitleFinder(build_english())
    ):
        draw_chart(plan, setting("Kenya"), tmp_path)
    assert set(pd.read_csv(tmp_path / "sex-area.csv")["look"]) == {"caution", "second caution"}
    assert "Open marks and broken lines" in " ".join(read_words(tmp_path / "sex-area.svg"))


def test_an_indicator_without_any_number_has_no_panel(tmp_path):
    (record,) = draw(tmp_path, names=("clear",))
    assert set(pd.read_csv(tmp_path / "sex-area.csv")["panel"]) == {"Label of clear"}
    assert "Label of clear" in record.alt
    assert "Learns" not in record.alt


def test_where_nothing_is_published_the_reason_is_told(tmp_path):
    (record,) = draw(tmp_path, dict.fromkeys(LEVELS, "c"), names=("clear",))
    assert record.absent == "No estimate of this figure can be published."
    assert not list(tmp_path.iterdir())
