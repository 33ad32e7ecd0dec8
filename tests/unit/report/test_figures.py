"""Figures of a country: complete, safe, marked as simulated, and the same everywhere."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_study import (
    CODEBOOK,
    assert_break,
    catch_figures,
    cell,
    estimates,
    reports,
    setting,
    table,
    texts,
)
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from designbased.intervals.limits import INTERVALS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.alt_text import FigureContext, describe_intervals
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.exceeded_composites import find_exceeded_composites
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.widths import AUTHORS
from disrupting_harm.report.figures.row_chart import Section, make_row
from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.translator import PLAIN, Translator, build_english
from disrupting_harm.study.codebook.codebook import Codebook

SOURCES = Path(style.__file__).parent
LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
TEAL = to_rgba(style.TEAL)
DRAWN = [
    "module-online",
    "module-harm",
    "series-report_composite",
    "by-group-clear",
    "regions-clear",
    "cybertips",
]


def draw(folder, numbers=None, tips=None, translator=None, simulated=True, codebook=CODEBOOK):
    return draw_figures_of_country(
        "KEN",
        estimates() if numbers is None else numbers,
        reports() if tips is None else tips,
        codebook,
        setting("Kenya", translator, simulated),
        folder,
    )


@pytest.fixture
def drawn_figures(monkeypatch) -> dict[str, Figure]:
    return catch_figures(monkeypatch)


def dots(figure: Figure) -> np.ndarray:
    """Positions of all estimates drawn: per cent and millimetres from the top of the plot."""
    collections = [c for axes in figure.axes for c in axes.collections]
    marks = [c.get_offsets() for c in collections if isinstance(c, PathCollection)]
    return np.ma.concatenate(marks).filled(np.nan)


def test_the_index_lists_every_figure_and_all_its_files_exist(tmp_path):
    records = draw(tmp_path)
    index = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in index] == [record.id for record in records] == DRAWN
    listed = {
        name for entry in index for name in (*entry["files"], entry["phone"], entry["csv"]) if name
    }
    assert {path.name for path in tmp_path.iterdir()} == listed | {"figures.json"}
    assert all((tmp_path / name).stat().st_size > 0 for name in listed)
    for entry in index:
        assert [Path(name).suffix for name in entry["files"]] == [".svg", ".png"]
        assert all(entry[key] for key in ("title", "caption", "alt"))
        assert not entry["absent"]


@pytest.mark.usefixtures("drawn_figures")
def test_the_data_of_a_figure_are_the_public_rows_in_the_order_drawn(tmp_path):
    draw(tmp_path, estimates({("clear", "girl"): "c", ("clear", "boy"): "31.0"}))
    data = pd.read_csv(tmp_path / "by-group-clear.csv", keep_default_na=False, dtype=str)
    assert list(data["level"]) == ["all", "girl", "boy", "urban", "rural"]
    assert list(data["label"][:3]) == ["All children", "Girls", "Boys"]
    assert list(data["shown"][:3]) == ["20.1", "c", "31.0"]
    assert list(data["estimate"][:3]) == ["0.201", "", "0.31"]
    assert list(data["n"][:3]) == ["987", "", "987"]
    assert set(data["data_kind"]) == {"simulated"}


def test_only_published_estimates_are_drawn_and_at_their_printed_value(drawn_figures, tmp_path):
    draw(tmp_path, estimates({("plays", "all"): "7.3", ("learns", "all"): "c"}))
    assert dots(drawn_figures["module-online"])[:, 0] == pytest.approx([7.3])
    written = texts(drawn_figures["module-online"])
    assert "7%\u00a0(5–9)" in written
    assert "not shown: privacy" in written


SIGNS = {
    "< 5": "under 5%",
    "> 95": "more than 95%",
    "*": "not shown: too uncertain",
    "c": "not shown: privacy",
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_hidden_row_keeps_its_place_with_the_sign_of_its_reason(drawn_figures, tmp_path, sign):
    records = draw(tmp_path, estimates({("asked", "all"): sign}))
    figure = drawn_figures["module-harm"]
    assert {SIGNS[sign], "Label of asked"} <= set(texts(figure))
    record = next(record for record in records if record.id == "module-harm")
    assert f"Label of asked: {SIGNS[sign]}" in record.alt
    (drawn,) = figure.axes[1].patches
    left, right = drawn.get_x(), drawn.get_x() + drawn.get_width()
    end = figure.axes[1].get_xlim()[1]
    whole = sign in ("*", "c")
    assert (left, right) == {"< 5": (0, 5), "> 95": (95, end)}.get(sign, (0, end))
    # Each reason has a look of its own: a hatched bar, a broken frame, a pale band.
    assert bool(drawn.get_hatch()) is not whole
    assert (drawn.get_facecolor() == to_rgba(style.PLACE)) is (sign == "c")
    assert (drawn.get_linestyle() not in ("-", "solid")) is (sign == "*")


@pytest.mark.parametrize("leak", ["n", "estimate", "ci_low", "ci_high"])
def test_a_number_in_a_hidden_cell_stops_everything(tmp_path, leak):
    rows = [cell("plays", shown="c", **{leak: 0.5 if leak != "n" else 5}), cell("learns")]
    with pytest.raises(StudyError, match="plays, total, all: a hidden cell carries a number"):
        draw(tmp_path, table(rows))
    assert not list(tmp_path.iterdir())


def test_a_shown_cell_without_its_interval_stops_everything(tmp_path):
    with pytest.raises(StudyError, match="a shown cell lacks"):
        draw(tmp_path, table([cell("plays", ci_low=None), cell("learns")]))


def test_without_any_published_estimate_nothing_is_drawn_and_the_index_says_why(tmp_path):
    hidden = table([cell("plays", shown="*"), cell("learns", shown="c")])
    none = reports(reports="", status="not_recorded")
    records = draw(tmp_path, hidden, none)
    assert [(record.id, record.files, record.csv) for record in records] == [
        ("module-online", (), ""),
        ("cybertips", (), ""),
    ]
    assert records[0].absent == "No estimate of this figure can be published."
    assert records[1].absent == "There are no CyberTip reports for this country."
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


@pytest.mark.usefixtures("drawn_figures")
def test_groups_are_not_drawn_when_only_the_national_value_is_published(tmp_path):
    levels = ["boy", "girl", "urban", "rural"]
    records = draw(tmp_path, estimates({("clear", level): "c" for level in levels}))
    absent = {record.id: bool(record.absent) for record in records}
    assert absent["by-group-clear"]
    assert not absent["regions-clear"]


def test_one_published_cell_is_enough(drawn_figures, tmp_path):
    draw(tmp_path, estimates({("asked", "all"): "*"}))
    assert len(dots(drawn_figures["module-harm"])) == 1


def test_all_zeros_make_a_chart_that_begins_at_zero(drawn_figures, tmp_path):
    draw(tmp_path, table([cell("plays", shown="0.0"), cell("learns", shown="0.0")]))
    figure = drawn_figures["module-online"]
    assert dots(figure)[:, 0] == pytest.approx([0, 0])
    assert figure.axes[1].get_xlim() == (0, 5)


@pytest.mark.parametrize("simulated", [True, False])
def test_every_figure_of_simulated_data_says_so_and_no_other(drawn_figures, tmp_path, simulated):
    tips = reports(data_kind="simulated" if simulated else "observed")
    records = draw(tmp_path, tips=tips, simulated=simulated)
    assert list(drawn_figures) == DRAWN
    for figure in drawn_figures.values():
        assert ("Simulated data." in texts(figure)) is simulated
    for record in records:
        assert ("Simulated data" in record.alt_short) is simulated
        assert ("Simulated data" in record.alt) is simulated


def test_published_counts_in_a_simulated_study_name_their_source_alone(drawn_figures, tmp_path):
    records = draw(tmp_path)
    written = texts(drawn_figures["cybertips"])
    assert "Source: NCMEC." in written
    assert not any("imulated" in text for text in [*written, records[-1].alt])


@pytest.mark.usefixtures("drawn_figures")
def test_composites_of_two_series_never_share_a_figure(tmp_path):
    series = {entry.id: entry.series for entry in CODEBOOK.indicators}
    records = draw(tmp_path)
    for record in records[:-1]:
        shown = pd.read_csv(tmp_path / record.csv)["indicator"]
        assert len({series[name] for name in shown}) == 1, record.id
    compared = pd.read_csv(tmp_path / "series-report_composite.csv")["indicator"]
    assert list(compared) == ["clear", "clear_two"]


@pytest.mark.usefixtures("drawn_figures")
@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        ("< 30", "20.1", True),
        ("< 20", "20.1", False),
        ("12.0", "20.1", False),
        ("< 30", "c", False),
    ],
)
def test_parts_drawn_larger_than_their_whole_are_said_to_be_no_more(
    drawn_figures, tmp_path, part, whole, told
):
    draw(
        tmp_path,
        estimates(
            {("asked", "all"): part, ("wide", "all"): whole}
            | dict.fromkeys([("clear", "all"), ("clear_two", "all")], "40.0")
        ),
    )
    said = " ".join(texts(drawn_figures["module-harm"]))
    note = "“Label of wide” counts all of these: none is more frequent than it."
    assert (note in said) is told
    assert "“Label of clear”" not in said


def test_of_a_whole_nothing_is_said_beside_what_it_does_not_count(drawn_figures, tmp_path):
    book = CODEBOOK.model_dump(mode="json")
    wide = next(one for one in book["indicators"] if one["id"] == "wide")
    wide["any_of"] = ["asked"]  # "threatened" stands in the figure, too
    numbers = estimates({("asked", "all"): "< 30", ("wide", "all"): "20.1"})
    draw(tmp_path, numbers, codebook=Codebook.model_validate(book))
    assert "counts all of these" not in " ".join(texts(drawn_figures["module-harm"]))


def test_a_whole_counts_the_parts_of_its_parts():
    book = CODEBOOK.model_dump(mode="json")
    wide = next(one for one in book["indicators"] if one["id"] == "wide")
    wide["any_of"] = ["clear", "threatened"]
    codes, drawn = Codebook.model_validate(book), ["clear", "asked", "threatened"]
    exceeded = find_exceeded_composites(codes, drawn, {"clear": 0.3}, {"wide": 0.2})
    assert [whole.id for whole in exceeded] == ["wide"]


@pytest.mark.parametrize(
    ("everyone", "girls", "reason", "told"),
    [
        ("20.1", "20.1", "", False),
        ("20.1", "< 10", "", True),
        ("20.1", "c", "", True),
        ("20.1", "*", "n_eff_below_30;interval_30_points_wide", False),
        ("20.1", "*", "relative_interval_above_130", True),
        # Those who did not say yes are few there.
        ("80.1", "c", "", False),
        ("> 95", "c", "", False),
    ],
)
def test_a_figure_by_group_says_what_choosing_groups_by_their_answers_does(
    drawn_figures, tmp_path, everyone, girls, reason, told
):
    numbers = estimates({("clear", "all"): everyone, ("clear", "girl"): girls})
    own = (numbers["indicator"] == "clear") & (numbers["level"] == "girl")
    numbers.loc[own, "reason"] = reason
    draw(tmp_path, numbers)
    said = " ".join(texts(drawn_figures["by-group-clear"]))
    assert ("such shares are too high on average" in said) is told
    assert "too high on average" not in " ".join(texts(drawn_figures["regions-clear"]))


def test_the_alternative_text_states_the_finding_in_numbers(tmp_path):
    records = draw(tmp_path, estimates({("clear", "girl"): "24.0", ("clear", "rural"): "*"}))
    alt = next(record.alt for record in records if record.id == "by-group-clear")
    assert alt == (
        "Dot and interval chart: Label of clear, by group, Kenya, in the past year. All children "
        "20% (18 to 22). Sex: Girls 24% (22 to 26); Boys 20% (18 to 22). Area: urban 20% (18 to "
        "22); rural: not shown: too uncertain. In brackets: 95 per cent intervals. Simulated data."
    )


@pytest.mark.usefixtures("drawn_figures")
def test_the_short_alternative_text_gives_one_estimate(tmp_path):
    record = next(r for r in draw(tmp_path) if r.id == "by-group-clear")
    assert record.alt_short == (
        "Dot and interval chart: Label of clear, by group, Kenya, in the past year. All children "
        "20% (18 to 22). Simulated data."
    )


def test_the_alternative_text_of_many_rows_gives_their_range():
    """Without the words "highest" and "lowest", for which no group has the ground either."""
    rows = [
        make_row(f"Region {n}", f"{n}%", f"({n - 1}–{n + 1})", float(n), n - 1.0, n + 1.0)
        for n in (7, 3, 11, 5, 6, 2, 9, 8, 4)
    ]
    setting = FigureContext(build_english(), "Kenya", False, 0.95, "children", None)
    assert describe_intervals(setting, "Asked", [Section("Region", tuple(rows))]) == (
        "Dot and interval chart: Asked. Region: 9 estimates, from Region 2, 2% (1 to 3), to "
        "Region 11, 11% (10 to 12). In brackets: 95 per cent intervals."
    )


@pytest.mark.usefixtures("drawn_figures")
def test_a_figure_says_who_was_asked_how_many_and_what_the_lines_are(tmp_path):
    numbers = estimates()
    numbers.loc[numbers["indicator"] == "learns", "n"] = 412
    record = draw(tmp_path, numbers, simulated=False)[0]
    assert record.title == "Online"
    assert record.subtitle == (
        "Share of internet-using children aged 12-17, Kenya, in the past year; lines are 95 per "
        "cent intervals"
    )
    assert record.source == "Source: household survey, n\u00a0=\u00a0412 to 987."
    assert record.caption == "Dot: the estimate. Line: the values that fit the answers."


def test_title_subtitle_and_source_stand_in_every_figure(drawn_figures, tmp_path):
    for record in draw(tmp_path):
        written = " ".join(texts(drawn_figures[record.id]))
        for said in (record.title, record.subtitle, record.source):
            assert said, record.id
            assert said in written, record.id


def test_numbers_are_printed_as_the_language_does(drawn_figures, tmp_path):
    draw(tmp_path, translator=Translator("vi", {}, PLAIN))
    assert "20%\u00a0(18–22)" in texts(drawn_figures["module-online"])
    assert "21.745" in texts(drawn_figures["cybertips"])


def test_estimates_are_printed_in_whole_per_cent_and_end_at_the_right_edge(drawn_figures, tmp_path):
    draw(tmp_path, table([cell("plays", shown="8.6"), cell("learns", shown="20.4")]))
    written = {text.get_text(): text for text in drawn_figures["module-online"].axes[0].texts}
    values = [written["9%\u00a0(7–11)"], written["20%\u00a0(18–22)"]]
    assert {value.get_horizontalalignment() for value in values} == {"right"}
    assert len({value.get_position()[0] for value in values}) == 1


def test_less_precise_estimates_differ_in_shape_and_say_so(drawn_figures, tmp_path):
    draw(tmp_path, table([cell("plays", status="caution"), cell("learns")]))
    figure = drawn_figures["module-online"]
    marks = [c for c in figure.axes[1].collections if isinstance(c, PathCollection)]
    assert sorted(tuple(mark.get_facecolor()[0][:3]) for mark in marks)[-1] == (1, 1, 1)
    assert any(text.startswith("Open marks and broken lines") for text in texts(figure))


def test_all_children_stand_out_by_colour_and_by_bold_letters(drawn_figures, tmp_path):
    draw(tmp_path, estimates({("clear", "all"): "12.3"}))
    figure = drawn_figures["by-group-clear"]
    marks = [c for c in figure.axes[1].collections if isinstance(c, PathCollection)]
    found = {tuple(mark.get_facecolor()[0]): mark.get_offsets()[:, 0] for mark in marks}
    assert list(found[to_rgba(style.RUST)]) == pytest.approx([12.3])
    heavy = [t.get_text() for t in figure.axes[0].texts if t.get_fontweight() == style.SEMIBOLD]
    assert {"All children", "12%\u00a0(10–14)"} <= set(heavy)
    assert "Girls" not in heavy


def test_reports_are_columns_with_their_counts_and_a_break(drawn_figures, tmp_path):
    tips = reports(reports=[21745, "", 20695], status=["reported", "not_recorded", "reported"])
    record = draw(tmp_path, tips=tips)[-1]
    plot = drawn_figures["cybertips"].axes[1]
    heights = {bar.get_height() for bar in plot.patches if bar.get_facecolor() == TEAL}
    assert heights == {21745, 20695}
    assert [text.get_text() for text in plot.texts] == ["21,745", "not recorded", "20,695"]
    assert_break(drawn_figures["cybertips"], 1.5)
    assert "do not measure how many children were harmed" in record.caption
    assert "From 2024 reports are counted in another way" in record.alt


@pytest.mark.usefixtures("drawn_figures")
def test_a_year_of_reports_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"2023 \(unsplit\) stands twice"):
        draw(tmp_path, tips=reports(year=[2022, 2023, 2023], **{"class": "unsplit"}))


LABELS = {
    "km": "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គមក្នុងឆ្នាំមុន",
    "th": "เด็กที่ใช้อินเทอร์เน็ตได้รับคำขอที่ไม่ต้องการให้ส่งภาพหรือวิดีโอของตนเอง",
    "vi": "Trẻ em nhận được yêu cầu không mong muốn về việc gửi hình ảnh hoặc video của mình",
}


@pytest.mark.parametrize("language", ["km", "th", pytest.param("vi", marks=pytest.mark.slow)])
def test_letters_of_every_language_have_glyphs_and_lines_fit(drawn_figures, tmp_path, language):
    script = read_languages(LOCALE)[language].script
    translator = Translator(language, {"Label of asked": LABELS[language]}, PLAIN, script=script)
    draw(tmp_path, translator=translator)
    figure = drawn_figures["module-harm"]
    labels = [t for t in figure.axes[0].texts if t.get_text() and t.get_text() in LABELS[language]]
    assert len(labels) > 1
    with style.house_style():
        left_of_plot = figure.axes[1].get_window_extent().x0
        assert all(label.get_window_extent().x1 < left_of_plot for label in labels)
        # A missing glyph warns, and a warning is an error.
        print_formats.print_figure(figure, "", AUTHORS)


def test_other_scripts_and_faces_have_glyphs_in_an_english_figure(drawn_figures, tmp_path):
    label = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \U0001f600"
    draw(tmp_path, translator=Translator("en", {"Plays": label}, PLAIN))
    figure = drawn_figures["module-online"]
    assert label in [text.get_text() for text in figure.axes[0].texts]
    with style.house_style():
        # A missing glyph warns, and a warning is an error.
        print_formats.print_figure(figure, "", AUTHORS)


def test_a_letter_without_a_glyph_is_noticed(tmp_path):
    with pytest.warns(UserWarning, match="missing from font"):
        draw(tmp_path, translator=Translator("en", {"Plays": "ኢትዮጵያ"}, PLAIN))


def test_all_letters_are_large_enough_and_inside_the_page(drawn_figures, tmp_path):
    draw(tmp_path, estimates({("asked", "all"): "< 5", ("clear", "boy"): "*"}))
    assert list(drawn_figures) == DRAWN
    for name, figure in drawn_figures.items():
        with style.house_style():
            width, height = figure.canvas.get_width_height()
            for text in figure.findobj(lambda a: hasattr(a, "get_fontsize") and a.get_text()):
                box = text.get_window_extent()
                assert text.get_fontsize() >= 7.4, (name, text)
                assert box.x0 >= 0, (name, text)
                assert box.x1 <= width, (name, text)
                assert box.y0 >= 0, (name, text)
                assert box.y1 <= height, (name, text)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(ink: str, paper: str) -> float:
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", [style.TEAL, style.RUST, style.GREY, style.INK])
@pytest.mark.parametrize("paper", ["#FFFFFF", style.PLACE])
def test_the_colours_of_letters_have_contrast(ink, paper):
    assert contrast(ink, paper) >= 4.5


def test_the_colours_of_marks_have_contrast():
    marks = {style.TINT, style.RUST_TINT, style.MID}
    for mark in MARKS.values():
        marks |= {mark.edge, mark.line_color}
    for color in marks:
        assert contrast(color, "#FFFFFF") >= 3, color


@pytest.mark.slow
def test_bytes_are_the_same_in_another_folder_zone_and_locale(tmp_path):
    here = tmp_path / "here"
    draw(here, translator=Translator("km", {"Plays": LABELS["km"]}, PLAIN, script="khmer"))
    there = tmp_path / "là bas"
    program = (
        "import sys, pathlib; from figure_study import *; from test_figures import *;"
        "translator = Translator('km', {'Plays': LABELS['km']}, PLAIN, script='khmer');"
        "draw(pathlib.Path(sys.argv[1]), translator=translator)"
    )
    paths = [str(SOURCES.parents[2]), *map(str, Path(__file__).parents[:2])]
    other = {
        "PYTHONPATH": os.pathsep.join(paths),
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "MPLCONFIGDIR": str(tmp_path / "other-cache"),
    }
    subprocess.run([sys.executable, "-c", program, str(there)], env=other, check=True, cwd=tmp_path)
    assert sorted(p.name for p in here.iterdir()) == sorted(p.name for p in there.iterdir())
    for path in here.iterdir():
        assert path.read_bytes() == (there / path.name).read_bytes(), path.name


def test_no_figure_carries_a_date_or_a_version(tmp_path):
    draw(tmp_path)
    content = (tmp_path / "module-online.svg").read_bytes()
    assert not re.search(rb"Matplotlib v?\d|CreationDate|dc:date", content)
    assert b"<text" not in (tmp_path / "module-online.svg").read_bytes()


class Listening(Translator[str]):
    """Words that remember the messages they were asked for."""

    def __init__(self) -> None:
        super().__init__("en", {}, PLAIN)
        self.messages: set[str] = set()

    def __call__(self, message, **values):
        self.messages.add(message)
        return super().__call__(message, **values)


@pytest.mark.usefixtures("drawn_figures")
def test_every_message_of_the_figures_can_be_extracted_for_translation(tmp_path):
    listening = Listening()
    draw(tmp_path, estimates({("asked", "all"): "*", ("plays", "all"): "c"}), translator=listening)
    literal = {
        call.args[0].value
        for source in SOURCES.parent.rglob("*.py")
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and (
            getattr(call.func, "id", "") == "translator"
            or getattr(call.func, "attr", "") == "translator"
        )
        and isinstance(call.args[0], ast.Constant)
    }
    assert "Simulated data." in literal & listening.messages
    # Words of the codebook are no messages: they are looked up as they are. Names of intervals
    # stand beside the intervals, from where the catalogue takes them.
    assert listening.messages <= literal | {method.phrase for method in INTERVALS.values()}
