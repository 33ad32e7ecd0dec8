"""Figures of evidence: gaps never stand at zero, breaks are drawn, texts tell the finding."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from drawing_reader import MM_PER_POINT, read_boxes, read_lines, read_words
from evidence_results import GOING_ON, TABLES, rows, write_evidence
from figure_study import setting

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import find_mark_faults
from disrupting_harm.report.drawing import style
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.country_evidence import draw_country_evidence
from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.countries import Country

ROOT = Path(__file__).parents[3]
POWERS = {str(10**power) for power in range(6)}
DRAWN = ["cybertips", "reporters", "capacity", "policy"]


def draw(folder, tables=TABLES, translator=None, simulated=True):
    setting = FigureContext(
        translator or build_english(), "Cambodia", simulated, 0.95, "children", None
    )
    return draw_country_evidence(Evidence(rows(tables)), "KHM", setting, folder)


def read_svg(folder: Path, name: str) -> str:
    return (folder / f"{name}.svg").read_text(encoding="utf-8")


def read_marks(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False)


def find_break(svg: str) -> float:
    """Return the height at which the dashed line begins, with the words why."""
    assert "counted in another way from here" in read_words(svg)
    (line,) = (line for line in read_lines(svg) if line.direction == "V" and line.length > 40)
    return line.x


def test_every_figure_has_files_data_and_texts(tmp_path):
    records = draw(tmp_path)
    assert [record.id for record in records] == DRAWN
    for record in records:
        assert record.files == (f"{record.id}.svg",)
        assert record.caption
        assert record.alt
        assert not record.absent
        assert (tmp_path / record.csv).is_file()
        assert all((tmp_path / name).is_file() for name in record.files)
    assert {*read_marks(tmp_path, "capacity")["data_kind"]} == {"simulated"}
    assert {*read_marks(tmp_path, "cybertips")["data_kind"]} == {"published"}


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


def test_a_figure_lists_the_rows_that_it_leaves_out(tmp_path):
    *reports, informational = TABLES["cybertips"][:4]
    uncounted = informational | {"reports": "", "status": "not_recorded"}
    tables = {
        "cybertips": [*reports, uncounted],
    }
    write_evidence(tmp_path, tables)
    records = draw(tmp_path, tables)
    left_out = {record.id: {**record.undrawn} for record in records if record.undrawn}
    assert {name: [*reasons] for name, reasons in left_out.items()} == {
        "cybertips": ["no_count"],
    }
    for record in records:
        assert find_mark_faults(asdict(record), tmp_path, PublishedFiles(tmp_path)) == []


def test_reports_of_two_classes_are_stacked_behind_a_dashed_line(tmp_path):
    record = draw(tmp_path)[0]
    svg, marks = read_svg(tmp_path, "cybertips"), read_marks(tmp_path, "cybertips")
    boxes = [read_boxes(svg)[address] for address in marks["address"]]
    counts = [227955, 172906, 67327, 10383]
    assert list(marks["value"]) == counts
    assert [box.height / boxes[0].height for box in boxes] == pytest.approx(
        [count / counts[0] for count in counts], abs=1e-4
    )
    assert boxes[3].foot == boxes[2].top
    assert [box.fill == style.TEAL for box in boxes] == [True, True, True, False]
    assert boxes[1].right < find_break(svg) < boxes[2].left
    # The upper number has no room in its part: alone above, it would be read as the total.
    assert read_boxes(svg)[""].fill == boxes[3].fill
    assert read_boxes(svg)[""].foot < boxes[3].top
    # A complete count has no interval, and its rate would only repeat the columns.
    assert "2023: 172,906;" in record.alt
    assert "internet-using" not in record.alt + record.caption
    assert "Since 2024 reports are counted differently." in record.alt
    assert "2024, referrals: 67,327" in record.alt
    assert "do not measure how many children were harmed" in record.caption


@pytest.mark.parametrize("kind", ["referral", "informational"])
def test_a_class_alone_in_its_year_looks_like_itself_and_not_like_all(tmp_path, kind):
    both = [
        {"year": 2024, "class": name, "reports": 900 if name == kind else "", "status": status}
        for name, status in (
            ("referral", "reported" if kind == "referral" else "not_recorded"),
            ("informational", "reported" if kind == "informational" else "not_recorded"),
        )
    ]
    draw(tmp_path, {"cybertips": [{"year": 2023, "reports": 200_000}, *both]})
    boxes = read_boxes(read_svg(tmp_path, "cybertips"))
    (part,) = (box for address, box in boxes.items() if f"/2024/{kind}" in address)
    # Its number has a piece of its look beside it.
    assert (part.fill == style.TEAL) is (kind == "referral")
    assert boxes[""].fill == part.fill


def test_all_reports_of_a_year_are_not_set_on_those_of_its_classes(tmp_path):
    counts = {"unsplit": 150, "referral": 90, "informational": 60}
    (record,) = draw(
        tmp_path,
        {"cybertips": [{"year": 2024, "class": kind, "reports": n} for kind, n in counts.items()]},
    )
    assert list(read_marks(tmp_path, "cybertips")["value"]) == [150]
    (box,) = read_boxes(read_svg(tmp_path, "cybertips")).values()
    assert box.fill == style.TEAL
    assert [*record.undrawn] == ["other_counts"]


def test_a_break_that_one_class_of_a_year_tells_of_is_drawn(tmp_path):
    facts = [
        {"year": 2024, "class": "referral", "reports": 90},
        {"year": 2025, "class": "referral", "reports": 90},
        {"year": 2025, "class": "informational", "reports": 60, "series_break": "True"},
    ]
    (record,) = draw(tmp_path, {"cybertips": facts})
    svg = read_svg(tmp_path, "cybertips")
    before, after, _ = (
        read_boxes(svg)[address] for address in read_marks(tmp_path, "cybertips")["address"]
    )
    assert before.right < find_break(svg) < after.left
    assert "Since 2025 reports are counted differently." in record.alt


def test_a_second_year_with_classes_is_behind_no_dashed_line(tmp_path):
    draw(tmp_path, {"cybertips": [row for row in GOING_ON if row["year"] != 2023]})
    svg, marks = read_svg(tmp_path, "cybertips"), read_marks(tmp_path, "cybertips")
    boxes = [read_boxes(svg)[address] for address in marks["address"]]
    assert boxes[0].right < find_break(svg) < boxes[1].left
    alone = [row for row in GOING_ON if row["year"] >= 2024]
    anew = [row | {"series_break": "False"} for row in alone]
    (record,) = draw(tmp_path, {"cybertips": anew})
    words = " ".join(read_words(read_svg(tmp_path, "cybertips")))
    assert "another way" not in record.alt + words


def test_large_and_small_counts_are_printed_whole_on_paper_and_for_telephones(tmp_path):
    """In thousands, a class of 400 beside them would be printed as 0."""
    facts = [{"year": 2019 + at, "reports": 2_576_182 + at} for at in range(5)]
    facts += [
        {"year": 2024, "class": kind, "reports": reports}
        for kind, reports in (("referral", 1_364_464), ("informational", 400))
    ]
    draw(tmp_path, {"cybertips": facts})
    for name in ("cybertips", "cybertips-phone"):
        svg = read_svg(tmp_path, name)
        assert {"2,576,182", "2,576,186", "1,364,464", "400"} <= {*read_words(svg)}
        feet = [box.foot for address, box in read_boxes(svg).items() if "unsplit" in address]
        # On a telephone counts of seven digits leave room for three columns in a row.
        assert len({*feet}) == (1 if name == "cybertips" else 2)


def test_a_class_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"2022 \(unsplit\) stands twice"):
        draw(tmp_path, {"cybertips": [{"year": 2022, "reports": 5}] * 2})


def test_reports_without_a_count_leave_a_reason(tmp_path):
    tips = [{"year": 2022, "reports": "", "status": "not_recorded"}]
    (record,) = draw(tmp_path, {"cybertips": tips})
    assert record.files == ()
    assert record.absent == "There are no CyberTip reports for this country."


def read_bars(folder: Path, name: str) -> dict[str, float]:
    """Return how long the bar of each number is drawn, in the unit of the longest."""
    boxes, marks = read_boxes(read_svg(folder, name)), read_marks(folder, name)
    values = {row.address: float(row.value) for row in marks.itertuples() if row.value != ""}
    longest = max(values, key=values.__getitem__)
    unit = values[longest] / boxes[longest].width
    return {address: boxes[address].width * unit for address in values if address in boxes}


def assert_bars_are_as_long_as_their_numbers(folder: Path, name: str, counted: list[float]) -> None:
    marks = read_marks(folder, name)
    assert [float(value) for value in marks["value"] if value != ""] == counted
    bars = read_bars(folder, name)
    assert list(bars.values()) == pytest.approx([number for number in counted if number], rel=1e-3)


def test_companies_stand_by_their_share_of_the_last_year(tmp_path):
    older = {"year": 2022, "reporter": "Gamma", "reports": 9, "share_percent": 99}
    unknown = {"year": 2023, "reporter": "Delta", "reports": "", "share_percent": ""}
    record = draw(tmp_path, {"reporters": [*TABLES["reporters"][::-1], older, unknown]})[0]
    assert_bars_are_as_long_as_their_numbers(tmp_path, "reporters", [86.75, 13.25])
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
def test_each_figure_says_what_kind_its_facts_are(tmp_path, kinds, simulated, mark):
    facts = [
        {"item": f"staff {at}", "item_label": "Staff", "score": 1.0, "data_kind": kind}
        for at, kind in enumerate(kinds)
    ]
    (record,) = draw(tmp_path, {"capacity": facts}, simulated=simulated)
    marks = {
        text
        for text in read_words(read_svg(tmp_path, "capacity"))
        if "imulated" in text and not text.startswith("Source")
    }
    assert marks == ({mark} if mark else set())
    assert record.alt.endswith(mark)
    assert ("imulated" in record.alt) is bool(mark)
    # The table never says less than the figure.
    assert {*read_marks(tmp_path, "capacity")["data_kind"]} == {kinds[0]}


def test_titles_state_what_the_numbers_bear_and_nothing_more(tmp_path):
    titles = {record.id: record.title for record in draw(tmp_path)}
    assert titles["cybertips"].startswith("172,906 CyberTip reports in 2023, against 227,955 in 20")
    assert titles["capacity"].startswith("Police work: 2 items absent, 1 at a beginning")
    assert titles["policy"].startswith("National response: 1 of 4 parts in place, 1 partly, 1 not")
    # A series that goes up and down bears no such title, and one year is compared with nothing.
    waves = [{"year": 2020 + at, "reports": reports} for at, reports in enumerate((5, 9, 7))]
    (record,) = draw(tmp_path, {"cybertips": waves})
    assert record.title.startswith("7 CyberTip reports in 2022")
    single = [{"year": 2023, "reports": 5}]
    (record,) = draw(tmp_path, {"cybertips": single})
    assert record.title.startswith("5 CyberTip reports in 2023")


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


def test_countries_stand_by_name_in_their_regions_with_the_count_before_the_break(tmp_path):
    count = {"year": 2023, "reports": 10}
    tips = [
        count,
        count | {"country": "THA", "reports": 10_000},
        count | {"country": "KEN", "reports": 1},
        count | {"year": 2024, "class": "referral", "reports": 3},
    ]
    (record,) = regional(tmp_path, {"cybertips": tips})
    svg = read_svg(tmp_path / "out", "evidence-cybertips")
    words = read_words(svg)
    order = ["Africa", "Kenya", "Asia", "Cambodia", "Thailand"]
    assert [text for text in words if text in order] == order
    # Dots alone, as reports are counted and not sampled, on a scale of powers of ten.
    dots = [float(x) for x in re.findall('<circle cx="([0-9.]+)"', svg)]
    assert (dots[1] - dots[0]) * 4 == pytest.approx(dots[2] - dots[0], abs=0.01)
    assert list(read_marks(tmp_path / "out", "evidence-cybertips")["low"]) == ["", "", ""]
    assert "Kenya 1; Cambodia 10; Thailand 10,000." in record.alt
    # Reports are about users of any age: no rate per child.
    assert "users of any age" in " ".join(words)
    assert "children" not in record.title
    assert [text for text in words if text.replace(",", "") in POWERS][:5] == [
        "1", "10", "100", "1,000", "10,000",
    ]  # fmt: skip
    assert "not ranked" in " ".join(words)
    assert record.title == "In 2023 most of the CyberTip reports were placed in Thailand"


def test_no_country_is_named_where_as_many_as_nearly_all_have_most_of_the_reports(tmp_path):
    counts = {"THA": 10, "KHM": 9, "KEN": 8}
    tips = [{"year": 2023, "country": code, "reports": n} for code, n in counts.items()]
    (record,) = regional(tmp_path, {"cybertips": tips})
    assert record.title.startswith("CyberTip reports, 2023")


def test_a_count_of_nought_has_a_place_only_on_an_axis_that_begins_there(tmp_path):
    tips = [{"year": 2023, "reports": 0}, {"country": "THA", "year": 2023, "reports": 40}]
    regional(tmp_path, {"cybertips": tips})
    svg = read_svg(tmp_path / "out", "evidence-cybertips")
    guides = [line.x for line in read_lines(svg) if line.direction == "V"]
    dots = [float(x) * MM_PER_POINT for x in re.findall('<circle cx="([0-9.]+)"', svg)]
    assert dots == pytest.approx([min(guides), max(guides)], abs=0.001)
    assert "ten times" not in " ".join(read_words(svg))


def test_the_regional_index_lists_what_was_drawn(tmp_path):
    records = regional(tmp_path, TABLES)
    index = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    ids = ["evidence-cybertips", "evidence-capacity", "evidence-policy"]
    assert [entry["id"] for entry in index] == [record.id for record in records] == ids
    assert all((tmp_path / "out" / name).is_file() for entry in index for name in entry["files"])
