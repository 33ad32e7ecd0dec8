"""Figures of evidence: gaps never stand at zero, breaks are drawn, texts tell the finding."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from evidence_results import GOING_ON, TABLES, rows, write_evidence
from figure_study import assert_apart, assert_break, catch_figures, setting, texts
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.policy_items import AREA_OF_ITEM, POLICY_AREAS, POLICY_ITEMS
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import find_mark_faults
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import WIDE
from disrupting_harm.report.figures.evidence.column_chart import Column, draw_columns
from disrupting_harm.report.figures.evidence.country_evidence import draw_country_evidence
from disrupting_harm.report.figures.evidence.law_and_policy import ACROSS, AREA, DISC
from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.language.translator import build_english, load_translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.countries import Country

ROOT = Path(__file__).parents[3]
DRAWN = ["offences", "cybertips", "reporters", "capacity", "frontline", "policy"]
DARK, GREY, WHITE = to_rgba(style.TEAL), to_rgba(style.PLACE), to_rgba("white")


def draw(folder, tables=TABLES, translator=None, simulated=True):
    setting = FigureContext(
        translator or build_english(), "Cambodia", simulated, 0.95, "children", None
    )
    with style.house_style():
        return draw_country_evidence(Evidence(rows(tables)).of("KHM"), setting, folder)


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Figure]:
    return catch_figures(monkeypatch)


def bars(axes: Any, colour: tuple[float, ...]) -> list[tuple[float, float]]:
    """Middle and height of the columns of one colour."""
    return [
        (round(bar.get_x() + bar.get_width() / 2, 6), bar.get_height())
        for bar in axes.patches
        if isinstance(bar, Rectangle) and bar.get_facecolor() == colour and bar.get_gid() != "key"
    ]


def keys(axes: Any) -> list[Rectangle]:
    """The pieces of a part's look beside numbers above columns."""
    return [mark for mark in axes.patches if mark.get_gid() == "key"]


def widths(axes: Any) -> list[float]:
    """Lengths of the lying bars."""
    return [bar.get_width() for bar in axes.patches if bar.get_facecolor() == DARK]


def dots(axes: Any) -> list[float]:
    marks = [c for c in axes.collections if isinstance(c, PathCollection)]
    return [float(x) for mark in marks for x, _ in mark.get_offsets()]


def test_every_figure_has_files_data_and_texts(tmp_path):
    records = draw(tmp_path)
    assert [record.id for record in records] == DRAWN
    for record in records:
        assert [Path(name).suffix for name in record.files] == [".svg", ".png"]
        assert record.caption
        assert record.alt
        assert not record.absent
        assert (tmp_path / record.csv).is_file()
    data = pd.read_csv(tmp_path / "offences.csv", dtype=str, keep_default_na=False)
    assert list(data["status"])[1:3] == ["not_recorded", "zero_reported"]
    assert list(data["offences"])[1:3] == ["", "0"]


def test_the_same_facts_give_the_same_bytes(tmp_path):
    for run in ("first", "second"):
        draw(tmp_path / run)
    for path in sorted((tmp_path / "first").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_what_the_study_lacks_is_not_drawn(tmp_path):
    assert draw(tmp_path, {}) == []
    world = [row | {"country": "WLD"} for row in TABLES["reporters"]]
    assert draw(tmp_path, {"reporters": world}) == []
    assert not list(tmp_path.iterdir())


def test_nobody_counted_is_a_dash_withheld_a_band_and_zero_a_number(drawn, tmp_path):
    record = draw(tmp_path)[0]
    reported, convicted, other = drawn["offences"].axes[1:]
    assert bars(reported, DARK) == [(0.0, 41.0), (2.0, 0.0)]
    assert bars(reported, GREY) == []
    (dash,) = (line.get_segments()[0] for line in reported.collections)
    assert dash[:, 0].mean() == 1.0
    assert [middle for middle, _ in bars(convicted, GREY)] == [0.0]
    assert [text.get_text() for text in reported.texts] == ["41", "not recorded", "0"]
    assert [text.get_text() for text in convicted.texts] == ["not shown", "–", "12"]
    assert bars(convicted, DARK) == [(2.0, 12.0)]
    # A minimum is hatched, and its sides go on above it.
    assert bars(other, DARK) == [(0.0, 310.0), (2.0, 402.0)]
    (least,) = (patch for patch in other.patches if patch.get_hatch())
    assert (least.get_height(), least.get_linewidth()) == (295.0, 0.0)
    (sides,) = (line.get_segments() for line in other.collections)
    assert len(sides) == 2
    assert all(side[:, 1].max() > 295 for side in sides)
    assert "at least 295" in [text.get_text() for text in other.texts]
    assert "2017: 41, 2018: not recorded and 2019: 0." in record.alt
    assert "They are not prevalence." in record.caption
    assert "Each picture has a scale of its own: compare heights within it alone." in texts(
        drawn["offences"]
    )
    assert "Only offences reported and convicted are drawn" not in " ".join(
        texts(drawn["offences"])
    )
    charged = {"year": 2017, "stage": "charged", "offences": 20}
    draw(tmp_path, {"offence_rates": [*TABLES["offence_rates"], charged]})
    assert "Only offences reported and convicted are drawn" in " ".join(texts(drawn["offences"]))


def test_a_figure_lists_the_rows_that_it_leaves_out(tmp_path):
    charged = {"year": 2017, "stage": "charged", "offences": 20}
    hidden = {"item": "law_known", "answer": "good", "count": "", "share_percent": "",
              "status": "suppressed"}  # fmt: skip
    shown = hidden | {"answer": "poor", "count": 30, "share_percent": 60, "status": "reported"}
    *reports, informational = TABLES["cybertips"][:4]
    uncounted = informational | {"reports": "", "status": "not_recorded"}
    tables = {
        "offence_rates": [*TABLES["offence_rates"], charged],
        "cybertips": [*reports, uncounted],
        "frontline": [hidden, shown],
    }
    records = draw(tmp_path, tables)
    left_out = {record.id: {**record.undrawn} for record in records if record.undrawn}
    assert {name: [*reasons] for name, reasons in left_out.items()} == {
        "offences": ["other_counts"],
        "cybertips": ["no_count"],
        "frontline": ["too_few"],
    }
    for record in records:
        assert find_mark_faults(asdict(record), tmp_path, PublishedFiles(tmp_path)) == []


def test_reports_of_two_classes_are_stacked_behind_a_dashed_line(drawn, tmp_path):
    record = draw(tmp_path)[1]
    (columns,) = drawn["cybertips"].axes[1:]
    assert bars(columns, DARK) == [(0.0, 227955), (1.0, 172906), (2.0, 67327)]
    assert bars(columns, WHITE) == [(2.0, 10383)]
    second = next(bar for bar in columns.patches if bar.get_facecolor() == WHITE)
    assert second.get_hatch()
    assert_break(drawn["cybertips"], 1.5)
    # The lower number stands in its part of the column; the other one has no room in its part, and
    # stands above behind a piece of what that looks like: alone, it would be read as the total.
    lower, upper = (
        next(text for text in columns.texts if text.get_text() == shown)
        for shown in ("67,327", "10,383")
    )
    assert lower.get_position() == (2, 67327 / 2)
    (piece,) = keys(columns)
    assert piece.get_hatch() == second.get_hatch()
    assert piece.get_x() + piece.get_width() < upper.get_position()[0]
    assert piece.get_y() == upper.get_position()[1] > 67327 + 10383
    # A complete count has no interval, and its rate would only repeat the columns.
    assert not [mark for mark in columns.collections if len(mark.get_paths())]
    assert "2023: 172,906;" in record.alt
    assert "internet-using" not in record.alt + record.caption
    assert "From 2024 reports are counted in another way." in record.alt
    assert "2024, referrals: 67,327" in record.alt
    assert "do not measure how many children were harmed" in record.caption


def test_a_number_with_room_in_its_part_stands_there_and_not_above(drawn, tmp_path):
    facts = [{"year": 2023, "reports": 200_000}]
    facts += [
        {"year": 2024, "reports": reports, "class": kind, "series_break": "True"}
        for kind, reports in (("referral", 90_000), ("informational", 60_000))
    ]
    draw(tmp_path, {"cybertips": facts})
    (columns,) = drawn["cybertips"].axes[1:]
    places = {text.get_text(): text.get_position()[1] for text in columns.texts}
    assert places["90,000"] == 45_000
    assert places["60,000"] == 120_000
    assert not keys(columns)


@pytest.mark.parametrize(("kind", "look"), [("referral", DARK), ("informational", WHITE)])
def test_a_class_alone_in_its_year_looks_like_itself_and_not_like_all(drawn, tmp_path, kind, look):
    both = [
        {"year": 2024, "class": name, "reports": 900 if name == kind else "", "status": status}
        for name, status in (
            ("referral", "reported" if kind == "referral" else "not_recorded"),
            ("informational", "reported" if kind == "informational" else "not_recorded"),
        )
    ]
    draw(tmp_path, {"cybertips": [{"year": 2023, "reports": 200_000}, *both]})
    (columns,) = drawn["cybertips"].axes[1:]
    assert (1.0, 900) in bars(columns, look)
    (piece,) = keys(columns)
    assert piece.get_facecolor() == look


def test_all_reports_of_a_year_are_not_set_on_those_of_its_classes(drawn, tmp_path):
    counts = {"unsplit": 150, "referral": 90, "informational": 60}
    (record,) = draw(
        tmp_path,
        {"cybertips": [{"year": 2024, "class": kind, "reports": n} for kind, n in counts.items()]},
    )
    (columns,) = drawn["cybertips"].axes[1:]
    assert bars(columns, DARK) == [(0.0, 150)]
    assert bars(columns, WHITE) == []
    assert "150" in texts(drawn["cybertips"])
    assert [*record.undrawn] == ["other_counts"]


def test_a_break_that_one_class_of_a_year_tells_of_is_drawn(drawn, tmp_path):
    facts = [
        {"year": 2024, "class": "referral", "reports": 90},
        {"year": 2025, "class": "referral", "reports": 90},
        {"year": 2025, "class": "informational", "reports": 60, "series_break": "True"},
    ]
    (record,) = draw(tmp_path, {"cybertips": facts})
    assert_break(drawn["cybertips"], 0.5)
    assert "From 2025 reports are counted in another way." in record.alt


def test_a_second_year_with_classes_is_behind_no_dashed_line(drawn, tmp_path):
    (record,) = draw(tmp_path, {"cybertips": [row for row in GOING_ON if row["year"] != 2023]})
    assert_break(drawn["cybertips"], 0.5)
    alone = [row for row in GOING_ON if row["year"] >= 2024]
    anew = [row | {"series_break": "False"} for row in alone]
    (record,) = draw(tmp_path, {"cybertips": anew})
    assert "another way" not in record.alt + " ".join(texts(drawn["cybertips"]))


def test_large_counts_are_printed_in_thousands_and_say_so(drawn, tmp_path):
    (record,) = draw(tmp_path, {"cybertips": [{"year": 2022, "reports": 2576182}]})
    assert "2,576" in texts(drawn["cybertips"])
    assert record.subtitle.startswith("CyberTip reports in thousands")


def test_a_class_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"2022 \(unsplit\) stands twice"):
        draw(tmp_path, {"cybertips": [{"year": 2022, "reports": 5}] * 2})


def test_reports_without_a_count_leave_a_reason(tmp_path):
    tips = [{"year": 2022, "reports": "", "status": "not_recorded"}]
    (record,) = draw(tmp_path, {"cybertips": tips})
    assert record.files == ()
    assert record.absent == "There are no CyberTip reports for this country."


def test_an_area_not_asked_keeps_its_place_and_zero_is_a_tick(drawn, tmp_path):
    record = draw(tmp_path)[3]
    figure = drawn["capacity"]
    assert widths(figure.axes[1]) == [0.7, 0.0, 2.5]
    assert "not asked" in texts(figure)
    assert "0.7\u00a0(3 of 3 asked)" in texts(figure)
    dash, zero = (line.get_segments()[0] for line in figure.axes[1].collections)
    assert (dash[0][0], zero[0][0], zero[1][0]) == (0, 0, 0)
    assert dash[1][0] > 0
    assert figure.axes[1].get_xlim() == (0, 3)
    assert "Icse: 0.0; Wellbeing: not asked;" in record.alt


def test_workers_are_counted_with_shares_only_where_the_table_has_them(drawn, tmp_path):
    record = draw(tmp_path)[4]
    written = texts(drawn["frontline"])
    assert {"23\u00a0of 50 (46%)", "9\u00a0of 9"} <= set(written)
    assert widths(drawn["frontline"].axes[1]) == [23.0, 27.0, 9.0]
    # A band has its row and its words, and no mark.
    assert {"Agree", "more than two thirds"} <= set(written)
    assert any(text.startswith("not shown") for text in written)
    assert "All answers" in written
    assert "nothing is inferred about others" in record.caption


@pytest.mark.parametrize("counts", [(150, 300), (7, 20), (99, 101), (3, 4500)])
def test_bars_of_workers_are_as_long_as_their_counts(drawn, tmp_path, counts):
    """Also above 100, where an axis of per cents would end: two bars would end with it."""
    rows_of = [
        row | {"count": str(count), "n": str(2 * max(counts)), "share_percent": ""}
        for row, count in zip(TABLES["frontline"][:2], counts, strict=True)
    ]
    draw(tmp_path, {"frontline": rows_of})
    plot = drawn["frontline"].axes[1]
    low, high = plot.get_xlim()
    lengths = [bar.get_width() for bar in plot.patches if bar.get_width() in counts]
    assert sorted(lengths) == sorted(counts)
    assert low == 0
    assert high >= max(counts)
    assert high <= 5 * max(counts)


def test_answers_that_are_hidden_are_left_out_beside_others(drawn, tmp_path):
    hidden = {"item": "law_known", "answer": "good", "count": "", "share_percent": "",
              "status": "suppressed"}  # fmt: skip
    shown = hidden | {"answer": "poor", "count": 30, "share_percent": 60, "status": "reported"}
    draw(tmp_path, {"frontline": [hidden, shown]})
    written = texts(drawn["frontline"])
    assert "Poor" in written
    assert "Good" not in written
    assert "Answers of so few that they could be recognised are left out." in written


def test_companies_stand_by_their_share_of_the_last_year(drawn, tmp_path):
    older = {"year": 2022, "reporter": "Gamma", "reports": 9, "share_percent": 99}
    unknown = {"year": 2023, "reporter": "Delta", "reports": "", "share_percent": ""}
    record = draw(tmp_path, {"reporters": [*TABLES["reporters"][::-1], older, unknown]})[0]
    assert widths(drawn["reporters"].axes[1]) == [86.75, 13.25]
    assert "Alpha: 86.8; Beta: 13.2." in record.alt
    assert "may look for more than others" in record.caption


@pytest.mark.parametrize(
    ("kinds", "simulated", "mark"),
    [
        (["simulated"], True, "Simulated data."),
        (["published"], True, ""),
        (["simulated", "published"], True, "Partly simulated data."),
        (["observed"], False, ""),
    ],
)
def test_each_figure_says_what_kind_its_facts_are(drawn, tmp_path, kinds, simulated, mark):
    facts = [
        {"year": 2017 + at, "offences": 12, "data_kind": kind} for at, kind in enumerate(kinds)
    ]
    (record,) = draw(tmp_path, {"offence_rates": facts}, simulated=simulated)
    marks = {
        text
        for text in texts(drawn["offences"])
        if "imulated" in text and not text.startswith("Source")
    }
    assert marks == ({mark} if mark else set())
    assert record.alt.endswith(mark)
    assert ("imulated" in record.alt) is bool(mark)


def test_none_of_what_was_counted_beside_gaps_is_no_not_recorded(drawn, tmp_path):
    some = {"offence_rates": [{"year": 2018, "offences": 0, "status": "incomplete"}]}
    (record,) = draw(tmp_path, some)
    page, plot = drawn["offences"].axes
    assert [text.get_text() for text in plot.texts] == ["not complete"]
    told = " ".join(text.get_text() for text in page.texts)
    assert "Not complete: some offences or agencies counted none" in told
    assert "2018: not complete." in record.alt


@pytest.mark.parametrize("language", ["en", "km"])
def test_no_text_leaves_the_page_or_meets_another(drawn, tmp_path, language):
    translator = load_translator(language, ROOT / "workflow" / "templates" / "locale")
    draw(tmp_path, translator=translator)
    assert_apart(drawn)
    # "At least" above each column, of much the same height: Khmer has a long word for it.
    least = {"category": "csea", "technology": "not_recorded", "status": "incomplete"}
    years = [{"year": 2017 + at, "offences": 28 - at, **least} for at in range(3)]
    draw(tmp_path / "least", {"offence_rates": years}, translator)
    assert_apart({"offences": drawn["offences"]})


@pytest.mark.parametrize("shown", ["não se mostra", "setidaknya 352"])
def test_what_stands_above_years_reads_as_texts_of_their_own(shown):
    with style.house_style():
        figure = Figure(figsize=(59 / style.MM_PER_INCH, 2))
        plot = figure.add_axes((0, 0, 1, 1))
        hidden = Column("2018", (shown,), withheld=True)
        draw_columns(plot, [hidden, Column("2019", (shown,), (9.0,)), hidden], 59, WIDE.small)
        for text in plot.texts:
            lines = text.get_text().split("\n")
            assert all(text_width(line, WIDE.small) < 59 / 3 - 2 for line in lines)


COUNTRIES = [
    Country(country="THA", region="Asia"),
    Country(country="KHM", region="Asia"),
    Country(country="KEN", region="Africa"),
]


def regional(folder: Path, tables: dict[str, Any]) -> list[Any]:
    write_evidence(folder / "public", tables)
    return draw_regional_evidence(
        folder / "public", COUNTRIES, setting("by country"), folder / "out"
    )


def test_countries_stand_by_name_in_their_regions_with_the_count_before_the_break(drawn, tmp_path):
    count = {"year": 2023, "reports": 10}
    tips = [
        count,
        count | {"country": "THA", "reports": 10_000},
        count | {"country": "KEN", "reports": 1},
        count | {"year": 2024, "class": "referral", "reports": 3},
    ]
    (record,) = regional(tmp_path, {"cybertips": tips})
    figure = drawn["evidence-cybertips"]
    written = texts(figure)
    order = ["Africa", "Kenya", "Asia", "Cambodia", "Thailand"]
    assert [text for text in written if text in order] == order
    assert dots(figure.axes[1]) == [0.0, 1.0, 4.0]  # powers of ten
    # Reports are counted, not sampled: dots alone, and no interval in words.
    kinds = [type(mark).__name__ for mark in figure.axes[1].collections]
    assert kinds == ["PathCollection"]
    assert "Kenya 1; Cambodia 10; Thailand 10,000." in record.alt
    # Reports are about users of any age: no rate per child.
    assert "users of any age" in " ".join(texts(figure))
    assert "children" not in record.title
    labels = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert labels == ["1", "10", "100", "1,000", "10,000"]
    assert "not ranked" in " ".join(texts(figure))
    assert "2023" in record.title


def test_the_grid_of_capacity_has_a_number_or_a_dash_in_each_cell(drawn, tmp_path):
    (record,) = regional(tmp_path, {"capacity_profile": TABLES["capacity_profile"]})
    page = drawn["evidence-capacity"].axes[0]
    cells = [(p.get_facecolor(), p) for p in page.patches]
    assert len([1 for colour, _ in cells if colour == GREY]) == 1
    assert {"Cambodia", "0.7", "0.0", "2.5", "–"} <= set(texts(drawn["evidence-capacity"]))
    # The greater the gap, the darker.
    shades = [colour for colour, _ in cells if colour != GREY]
    assert shades == [DARK, DARK, to_rgba("#E3EEF2")]
    assert "Wellbeing: not asked" in record.alt


def test_the_grid_of_policy_tells_answers_by_shape(drawn, tmp_path):
    (record,) = regional(tmp_path, {"policy": TABLES["policy"]})
    page = drawn["evidence-policy"].axes[0]
    assert [line.get_fillstyle() for line in page.lines] == ["full", "left", "none"]
    told = (
        "Countries in which it is in place, of 1: A comprehensive law on this abuse 1; A helpline"
    )
    assert f"{told} for children 0" in record.alt
    assert "on paper does not say that it works" in record.caption


def test_the_regional_index_lists_what_was_drawn(tmp_path):
    records = regional(tmp_path, TABLES)
    index = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    ids = ["evidence-cybertips", "evidence-capacity", "evidence-policy"]
    assert [entry["id"] for entry in index] == [record.id for record in records] == ids
    assert all((tmp_path / "out" / name).is_file() for entry in index for name in entry["files"])


@pytest.mark.parametrize("language", ["en", "km", "vi", "id", "th", "pt"])
def test_no_item_of_law_and_policy_reaches_into_the_next(drawn, tmp_path, language):
    every = [
        {"area": AREA_OF_ITEM[item], "item": item, "answer": "in_place"} for item in POLICY_ITEMS
    ]
    translator = load_translator(language, ROOT / "workflow" / "templates" / "locale")
    draw(tmp_path, {"policy": every}, translator)
    page = drawn["policy"].axes[0]
    width = (WIDE.width - MARGIN - AREA * WIDE.width) / ACROSS
    rooms = {AREA * WIDE.width + at * width + DISC: width - DISC for at in range(ACROSS)}
    lines = 0
    for text in page.texts:
        bold = text.get_weight() == style.SEMIBOLD
        room = next((rooms[x] for x in rooms if text.get_position()[0] == pytest.approx(x)), None)
        if bold and text.get_size() == WIDE.small and text.get_color() == style.INK:
            room = AREA * WIDE.width - MARGIN  # the name of an area
        if room is not None:
            lines += 1
            assert text_width(text.get_text(), text.get_size(), bold) < room, text.get_text()
    assert lines >= len(POLICY_ITEMS) + len(POLICY_AREAS)
