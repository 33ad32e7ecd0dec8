"""Figures of a country: complete, safe, marked as simulated, and the same everywhere."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from drawing_reader import (
    DrawnMark,
    read_drawn_marks,
    read_drawn_texts,
    read_page,
    read_words,
)
from figure_study import CODEBOOK, cell, estimates, reports, setting, table

from designbased.intervals.limits import INTERVALS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report import figures
from disrupting_harm.report.drawing.letters import measure_text
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.style import PLACE, RUST
from disrupting_harm.report.drawing.widths import MM_PER_POINT
from disrupting_harm.report.figures.alt_text import (
    FigureContext,
    describe_intervals,
    note_exceeded_composites,
)
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.translator import PLAIN, Translator, build_english
from disrupting_harm.study.codebook.codebook import Codebook

SOURCES = Path(figures.__file__).parent
WORDS_OF_SIGNS = SOURCES.parent / "language" / "signs.py"
LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
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


def read_text(folder: Path, name: str) -> str:
    return " ".join(read_words(folder / f"{name}.svg"))


def read_marks(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def find_dots(folder: Path, name: str) -> list[DrawnMark]:
    return [m for m in read_drawn_marks(folder / f"{name}.svg") if m.shape == "circle"]


def read_axis(folder: Path, name: str) -> tuple[float, float, float]:
    """Where the axis of a chart begins and ends in points, and the number at its end."""
    guides = [m.x for m in read_drawn_marks(folder / f"{name}.svg") if m.kind == "tick"]
    labels = [t.words for t in read_drawn_texts(folder / f"{name}.svg") if t.kind == "tick"]
    return min(guides), max(guides), float(labels[-1].strip("%"))


def read_percents(folder: Path, name: str) -> list[float]:
    """Where the dots of a chart stand on its axis."""
    start, end, high = read_axis(folder, name)
    return [high * (dot.x - start) / (end - start) for dot in find_dots(folder, name)]


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
        assert entry["files"] == [f"{entry['id']}.svg"]
        assert entry["phone"] == f"{entry['id']}-phone.svg"
        assert all(entry[key] for key in ("title", "caption", "alt"))
        assert not entry["absent"]


def test_the_data_of_a_figure_are_its_marks_in_the_order_drawn(tmp_path):
    draw(tmp_path, estimates({("clear", "girl"): "c", ("clear", "boy"): "31.0"}))
    data = pd.read_csv(tmp_path / "by-group-clear.csv", keep_default_na=False, dtype=str)
    assert list(data["row"]) == ["All children", "Girls", "Boys", "urban", "rural"]
    assert list(data["section"]) == ["", "Sex", "Sex", "Area", "Area"]
    assert list(data["shown"][:3]) == ["20% (18–22)", "not shown: privacy", "31% (29–33)"]
    assert list(data["value"][:3]) == ["20.1", "", "31.0"]
    assert list(data["low"][:3]) == ["18.1", "", "29.0"]
    assert list(data["sign"][:3]) == ["", "privacy", ""]
    assert data["address"][1] == "KEN/clear/sex:girl"
    assert set(data["data_kind"]) == {"simulated"}


def test_only_published_estimates_are_drawn_and_at_their_printed_value(tmp_path):
    draw(tmp_path, estimates({("plays", "all"): "7.3", ("learns", "all"): "c"}))
    assert read_percents(tmp_path, "module-online") == pytest.approx([7.3], abs=0.01)
    written = read_words(tmp_path / "module-online.svg")
    assert "7%\u00a0(5–9)" in written
    assert "not shown: privacy" in written


SIGNS = {
    "< 5": "under 5%",
    "> 95": "more than 95%",
    "*": "not shown: too uncertain",
    "c": "not shown: privacy",
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_hidden_row_keeps_its_place_with_the_sign_of_its_reason(tmp_path, sign):
    records = draw(tmp_path, estimates({("asked", "all"): sign}))
    assert {SIGNS[sign], "Label of asked"} <= set(read_words(tmp_path / "module-harm.svg"))
    record = next(record for record in records if record.id == "module-harm")
    assert f"Label of asked: {SIGNS[sign]}" in record.alt
    start, end, high = read_axis(tmp_path, "module-harm")
    (drawn,) = (
        mark
        for mark in read_drawn_marks(tmp_path / "module-harm.svg")
        if mark.address == "KEN/asked"
    )
    ends = [high * (x - start) / (end - start) for x in (drawn.left, drawn.right)]
    expected = {"< 5": [0, 5], "> 95": [95, 100]}.get(sign, [0, high])
    assert ends == pytest.approx(expected, abs=0.01)
    # Each reason has a look of its own: a hatched bar, a broken frame, a pale band.
    assert drawn.fill.startswith("url(#") is (sign[0] in "<>")
    assert (drawn.fill == PLACE) is (sign == "c")
    assert drawn.dashed is (sign == "*")


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


def test_groups_are_not_drawn_when_only_the_national_value_is_published(tmp_path):
    levels = ["boy", "girl", "urban", "rural"]
    records = draw(tmp_path, estimates({("clear", level): "c" for level in levels}))
    absent = {record.id: bool(record.absent) for record in records}
    assert absent["by-group-clear"]
    assert not absent["regions-clear"]


def test_one_published_cell_is_enough(tmp_path):
    draw(tmp_path, estimates({("asked", "all"): "*"}))
    assert len(find_dots(tmp_path, "module-harm")) == 1


def test_all_zeros_make_a_chart_that_begins_at_zero(tmp_path):
    draw(tmp_path, table([cell("plays", shown="0.0"), cell("learns", shown="0.0")]))
    assert read_percents(tmp_path, "module-online") == [0, 0]
    assert read_axis(tmp_path, "module-online")[2] == 5


@pytest.mark.parametrize("simulated", [True, False])
def test_every_figure_of_simulated_data_says_so_and_no_other(tmp_path, simulated):
    tips = reports(data_kind="simulated" if simulated else "observed")
    records = draw(tmp_path, tips=tips, simulated=simulated)
    assert [record.id for record in records] == DRAWN
    for record in records:
        for name in record.files:
            assert ("Simulated data." in read_words(tmp_path / name)) is simulated
        assert ("Simulated data" in record.alt_short) is simulated
        assert ("Simulated data" in record.alt) is simulated


def test_published_counts_in_a_simulated_study_name_their_source_alone(tmp_path):
    records = draw(tmp_path)
    written = read_words(tmp_path / "cybertips.svg")
    assert "Source: NCMEC." in written
    assert not any("imulated" in text for text in [*written, records[-1].alt])


def test_composites_of_two_series_never_share_a_figure(tmp_path):
    series = {entry.id: entry.series for entry in CODEBOOK.indicators}
    records = draw(tmp_path)
    for record in records[:-1]:
        shown = read_marks(tmp_path, record.id)["address"].str.split("/").str[1]
        assert len({series[name] for name in shown}) == 1, record.id
    compared = read_marks(tmp_path, "series-report_composite")["address"]
    assert list(compared) == ["KEN/clear", "KEN/clear_two"]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        ("< 30", "20.1", True),
        ("< 20", "20.1", False),
        ("12.0", "20.1", False),
        ("< 30", "c", False),
    ],
)
def test_parts_drawn_larger_than_their_whole_are_said_to_be_no_more(tmp_path, part, whole, told):
    draw(
        tmp_path,
        estimates(
            {("asked", "all"): part, ("wide", "all"): whole}
            | dict.fromkeys([("clear", "all"), ("clear_two", "all")], "40.0")
        ),
    )
    said = read_text(tmp_path, "module-harm")
    note = "“Label of wide” counts all of these: none is more frequent than it."
    assert (note in said) is told
    assert "“Label of clear”" not in said


def test_of_a_whole_nothing_is_said_beside_what_it_does_not_count(tmp_path):
    book = CODEBOOK.model_dump(mode="json")
    wide = next(one for one in book["indicators"] if one["id"] == "wide")
    wide["any_of"] = ["asked"]  # "threatened" stands in the figure, too
    numbers = estimates({("asked", "all"): "< 30", ("wide", "all"): "20.1"})
    draw(tmp_path, numbers, codebook=Codebook.model_validate(book))
    assert "counts all of these" not in read_text(tmp_path, "module-harm")


def test_a_whole_counts_the_parts_of_its_parts():
    book = CODEBOOK.model_dump(mode="json")
    wide = next(one for one in book["indicators"] if one["id"] == "wide")
    wide["any_of"] = ["clear", "threatened"]
    codes, drawn = Codebook.model_validate(book), ["clear", "asked", "threatened"]
    notes = note_exceeded_composites(
        build_english(), codes, drawn, {"clear": 0.3}, {"wide": 0.2}, lambda whole: whole.id
    )
    assert notes == ["“wide” counts all of these: none is more frequent than it."]


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
    tmp_path, everyone, girls, reason, told
):
    numbers = estimates({("clear", "all"): everyone, ("clear", "girl"): girls})
    own = (numbers["indicator"] == "clear") & (numbers["level"] == "girl")
    numbers.loc[own, "reason"] = reason
    draw(tmp_path, numbers)
    said = read_text(tmp_path, "by-group-clear")
    assert ("such shares are too high on average" in said) is told
    assert "too high on average" not in read_text(tmp_path, "regions-clear")


def test_the_alternative_text_states_the_finding_in_numbers(tmp_path):
    records = draw(tmp_path, estimates({("clear", "girl"): "24.0", ("clear", "rural"): "*"}))
    alt = next(record.alt for record in records if record.id == "by-group-clear")
    assert alt == (
        "Dot and interval chart: Label of clear: from 20% to 24% in the groups shown, Kenya, in "
        "the past year. All children 20% (18 to 22). Sex: Girls 24% (22 to 26); Boys 20% (18 to "
        "22). Area: urban 20% (18 to 22); rural: not shown: too uncertain. "
        "In brackets: 95 per cent intervals. Simulated data."
    )


def test_the_short_alternative_text_gives_one_estimate(tmp_path):
    record = next(r for r in draw(tmp_path) if r.id == "by-group-clear")
    assert record.alt_short == (
        "Dot and interval chart: Label of clear, by group, Kenya, in the past year. All children "
        "20% (18 to 22). Simulated data."
    )


def test_the_alternative_text_of_many_rows_gives_their_range():
    """Without the words "highest" and "lowest", for which no group has the ground either."""
    rows = [
        Row(f"Region {n}", f"{n}%", f"({n - 1}–{n + 1})", (Mark(float(n), n - 1.0, n + 1.0),))
        for n in (7, 3, 11, 5, 6, 2, 9, 8, 4)
    ]
    setting = FigureContext(build_english(), "Kenya", False, 0.95, "children", None)
    text, short_text = describe_intervals(setting, "Asked", [Section("Region", tuple(rows))])
    assert short_text == (
        "Dot and interval chart: Asked. Region: 9 estimates, from Region 2, 2% (1 to 3), to "
        "Region 11, 11% (10 to 12)."
    )
    assert text == f"{short_text} In brackets: 95 per cent intervals."


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
    assert record.caption == "The rows need not add up to 100 per cent."


def test_title_subtitle_and_source_stand_in_every_figure(tmp_path):
    for record in draw(tmp_path):
        written = read_text(tmp_path, record.id)
        for said in (record.title, record.subtitle, record.source):
            assert said, record.id
            assert said in written, record.id


def test_numbers_are_printed_as_the_language_does(tmp_path):
    draw(tmp_path, translator=Translator("vi", {}, PLAIN))
    assert "20%\u00a0(18–22)" in read_words(tmp_path / "module-online.svg")
    assert "21.745" in read_words(tmp_path / "cybertips.svg")


def test_estimates_are_printed_in_whole_per_cent_and_end_at_the_right_edge(tmp_path):
    draw(tmp_path, table([cell("plays", shown="8.6"), cell("learns", shown="20.4")]))
    texts = {text.words: text for text in read_drawn_texts(tmp_path / "module-online.svg")}
    for words in ("9%\u00a0(7–11)", "20%\u00a0(18–22)"):
        right = texts[words].x + measure_text(words, texts[words].size) / MM_PER_POINT
        width, _ = read_page(tmp_path / "module-online.svg")
        assert right == pytest.approx(width - 0.5 / MM_PER_POINT, abs=0.01)


@pytest.mark.parametrize("why", [{"status": "caution"}, {"interval_note": "may_be_short"}])
def test_less_precise_estimates_differ_in_shape_and_say_so(tmp_path, why):
    draw(tmp_path, table([cell("plays", **why), cell("learns")]))
    precise, uncertain = (
        {m.shape: m for m in read_drawn_marks(tmp_path / "module-online.svg") if m.address == key}
        for key in ("KEN/learns", "KEN/plays")
    )
    assert (uncertain["circle"].fill, uncertain["path"].dashed) == ("white", True)
    assert (precise["circle"].fill != "white", precise["path"].dashed) == (True, False)
    assert "Open marks and broken lines" in read_text(tmp_path, "module-online")


def test_all_children_stand_out_by_colour_and_by_bold_letters(tmp_path):
    draw(tmp_path, estimates({("clear", "all"): "12.3"}))
    dots = {dot.address: dot.fill for dot in find_dots(tmp_path, "by-group-clear")}
    assert [address for address, fill in dots.items() if fill == RUST] == ["KEN/clear"]
    texts = read_drawn_texts(tmp_path / "by-group-clear.svg")
    heavy = {text.words for text in texts if text.bold}
    assert {"All children", "12%\u00a0(10–14)"} <= heavy
    assert "Girls" not in heavy


def test_reports_are_columns_with_their_counts_and_a_break(tmp_path):
    tips = reports(reports=[21745, "", 20695], status=["reported", "not_recorded", "reported"])
    record = draw(tmp_path, tips=tips)[-1]
    written = read_words(tmp_path / "cybertips.svg")
    counts = [text for text in written if text in ("21,745", "not recorded", "20,695")]
    assert counts == ["21,745", "not recorded", "20,695"]
    assert "counted in another way from here" in " ".join(written)
    assert "do not measure how many children were harmed" in record.caption
    assert "Since 2024 reports are counted differently" in record.alt


def test_a_year_of_reports_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"2023 \(unsplit\) stands twice"):
        draw(tmp_path, tips=reports(year=[2022, 2023, 2023], **{"class": "unsplit"}))


LABELS = {
    "km": "កុមារដែលប្រើអ៊ីនធឺណិតត្រូវបានសួរអំពីបទពិសោធន៍លើបណ្ដាញសង្គមក្នុងឆ្នាំមុន",
    "th": "เด็กที่ใช้อินเทอร์เน็ตได้รับคำขอที่ไม่ต้องการให้ส่งภาพหรือวิดีโอของตนเอง",
    "vi": "Trẻ em nhận được yêu cầu không mong muốn về việc gửi hình ảnh hoặc video của mình",
}


@pytest.mark.parametrize("language", ["km", "th", pytest.param("vi", marks=pytest.mark.slow)])
def test_letters_of_every_language_have_glyphs_and_lines_fit(tmp_path, language):
    script = read_languages(LOCALE)[language].script
    translator = Translator(language, {"Label of asked": LABELS[language]}, PLAIN, script=script)
    # A missing glyph warns, and a warning is an error.
    draw(tmp_path, translator=translator)
    texts = read_drawn_texts(tmp_path / "module-harm.svg")
    lines = [text for text in texts if text.words in LABELS[language]]
    assert len(lines) > 1
    start, _, _ = read_axis(tmp_path, "module-harm")
    for line in lines:
        assert line.x + measure_text(line.words, line.size) / MM_PER_POINT < start


def test_other_scripts_and_faces_have_glyphs_in_an_english_figure(tmp_path):
    label = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \U0001f600"
    draw(tmp_path, translator=Translator("en", {"Plays": label}, PLAIN))
    assert label in read_words(tmp_path / "module-online.svg")


def test_a_letter_without_a_glyph_is_noticed(tmp_path):
    with pytest.warns(UserWarning, match="missing from font"):
        draw(tmp_path, translator=Translator("en", {"Plays": "ኢትዮጵያ"}, PLAIN))


def test_all_letters_are_large_enough_and_inside_the_page(tmp_path):
    for record in draw(tmp_path, estimates({("asked", "all"): "< 5", ("clear", "boy"): "*"})):
        width, height = read_page(tmp_path / record.files[0])
        for text in read_drawn_texts(tmp_path / record.files[0]):
            length = measure_text(text.words, text.size, text.bold) / MM_PER_POINT
            assert text.size >= 7.399, (record.id, text)
            assert text.x >= 0, (record.id, text)
            assert text.x + length <= width, (record.id, text)
            assert 0.7 * text.size <= text.y <= height, (record.id, text)


@pytest.mark.slow
def test_bytes_are_the_same_in_another_folder_zone_and_locale(tmp_path):
    here = tmp_path / "here"
    draw(here, translator=Translator("km", {"Plays": LABELS["km"]}, PLAIN, script="Khmr"))
    there = tmp_path / "là bas"
    program = (
        "import sys, pathlib; from figure_study import *; from test_figures import *;"
        "translator = Translator('km', {'Plays': LABELS['km']}, PLAIN, script='Khmr');"
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
    assert not re.search(rb"[Mm]atplotlib|<metadata|dc:date|[Cc]reat", content)
    assert b"<text" not in content


class Listening(Translator[str]):
    """Words that remember the messages they were asked for."""

    def __init__(self) -> None:
        super().__init__("en", {}, PLAIN)
        self.messages: set[str] = set()

    def __call__(self, message, **values):
        self.messages.add(message)
        return super().__call__(message, **values)


def test_every_message_of_the_figures_can_be_extracted_for_translation(tmp_path):
    listening = Listening()
    draw(tmp_path, estimates({("asked", "all"): "*", ("plays", "all"): "c"}), translator=listening)
    literal = {
        call.args[0].value
        for source in (*SOURCES.rglob("*.py"), WORDS_OF_SIGNS)
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
