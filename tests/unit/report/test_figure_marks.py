"""Marks of a drawing carry the addresses of the rows that they show."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from disrupting_harm.core.files import write_text
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import find_mark_faults
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.widths import SMALL
from disrupting_harm.report.figures.brief.pictures import HundredDots
from disrupting_harm.report.figures.estimate_chart import build_percent_chart
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.whole_percent import PercentInterval

MARKS = {
    "Girls": Mark(20.0, 15.0, 26.0, address="KEN/any/sex:girl"),
    "Boys": Mark(7.0, 4.0, 12.0, address="KEN/any/sex:boy"),
    "Aged 12-13": Mark(31.0, 22.0, 41.0, "caution", address="KEN/any/age:12-13"),
    "Aged 14-15": Mark(sign="privacy", address="KEN/any/age:14-15"),
    "Aged 16": Mark(None, 0.0, 10.0, sign="bound", address="KEN/any/age:16"),
    "Aged 17": Mark(sign="unasked", address="KEN/any/age:17"),
}
KEYS = [str(mark.address) for mark in MARKS.values()]
ENTRY = {
    "id": "by-group-any",
    "kind": "by_group",
    "files": ["chart.svg"],
    "csv": "chart.csv",
    "undrawn": {},
    "numbers": {"alt": [["KEN/any/sex:girl/estimate", "20", 0], ["sum(a/b/n,c/d/n)", "3", 4]]},
}
HEAD = "country,indicator,domain,level,estimate"


def draw(marks: dict[str, Mark] = MARKS) -> str:
    rows = tuple(Row(label, mark.sign or "20%", marks=(mark,)) for label, mark in marks.items())
    chart = build_percent_chart([Section("", rows)], build_english())
    return chart.draw(Frame("T", "S", "Q")).render_svg("Title")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_text(tmp_path / "chart.svg", draw())
    write_text(tmp_path / "chart.csv", "\n".join(["value,address", *(f"1,{k}" for k in KEYS)]))
    publish(tmp_path, KEYS)
    return tmp_path


def publish(folder: Path, keys: list[str]) -> None:
    rows = [f"KEN,any,{key.split('/')[2].replace(':', ',')},1" for key in keys]
    write_text(folder / "countries/KEN/estimates.csv", "\n".join([HEAD, *rows]))


def faults(folder: Path, **changed: object) -> list[str]:
    return find_mark_faults(ENTRY | changed, folder, PublishedFiles(folder))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_dot_interval_and_sign_carry_the_address() -> None:
    drawn = [
        (part.get("data-n"), part.tag.rpartition("}")[2])
        for part in ElementTree.fromstring(draw()).iter()
        if part.get("data-n")
    ]
    shown = [(key, kind) for key in KEYS[:3] for kind in ("path", "circle")]
    signs = [(key, "path") for key in KEYS[3:]]
    assert sorted(drawn) == sorted([*shown, *signs])


def test_marks_are_where_they_were_without_addresses() -> None:
    bare = {label: replace(mark, address=None) for label, mark in MARKS.items()}
    assert re.sub(r' data-n="[^"]*"', "", draw()) == draw(bare)


def test_a_mark_may_be_of_several_rows() -> None:
    assert find_mark_addresses('<g data-n="KEN/a/x KEN/a/y">') == {"KEN/a/x", "KEN/a/y"}


def test_a_figure_whose_marks_are_its_rows_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []
    assert faults(folder, files=[], csv="") == []


def test_a_line_of_the_table_without_a_mark_is_named(folder: Path) -> None:
    edit(folder / "chart.svg", f' data-n="{KEYS[3]}"', "")
    assert faults(folder) == [f"chart.csv lists {KEYS[3]}, of which chart.svg has no mark"]


def test_a_mark_that_the_table_does_not_list_is_named(folder: Path) -> None:
    """Not even one of a row that a text of the figure tells a number of."""
    edit(folder / "chart.csv", f"\n1,{KEYS[0]}", "")
    assert faults(folder) == [
        f"a mark of chart.svg is of {KEYS[0]}, which chart.csv does not list",
    ]


def test_a_mark_of_several_rows_is_listed_with_all_of_them(folder: Path) -> None:
    edit(folder / "chart.svg", f'data-n="{KEYS[3]}"', f'data-n="{KEYS[3]} {KEYS[4]}"')
    assert faults(folder) == []
    edit(folder / "chart.csv", f"\n1,{KEYS[3]}\n1,{KEYS[4]}", f"\n1,{KEYS[3]} {KEYS[4]}")
    assert faults(folder) == []
    edit(folder / "chart.csv", f"{KEYS[3]} {KEYS[4]}", f"{KEYS[3]} {KEYS[4]} {KEYS[5]}x")
    assert faults(folder) == [
        f"chart.csv lists {KEYS[5]}x, of which chart.svg has no mark",
        f"chart.csv lists {KEYS[5]}x, where nothing is published",
    ]


def test_a_mark_of_no_published_row_is_named(folder: Path) -> None:
    for name in ("chart.svg", "chart.csv"):
        edit(folder / name, KEYS[1], "UGA/any/sex:boy")
    assert faults(folder) == ["chart.csv lists UGA/any/sex:boy, where nothing is published"]


def test_a_figure_says_which_rows_it_leaves_out(folder: Path) -> None:
    edit(folder / "chart.svg", f' data-n="{KEYS[3]}"', "")
    edit(folder / "chart.csv", f"\n1,{KEYS[3]}", "")
    assert faults(folder, undrawn={"too_few": [KEYS[3]]}) == []
    assert faults(folder, undrawn={"too_few": [KEYS[3]], "no_count": [KEYS[0], "a/b"]}) == [
        f"chart.svg leaves out {KEYS[0]}, of which it has a mark",
        "chart.svg leaves out a/b, where nothing is published",
    ]


def test_a_figure_leaves_out_rows_for_known_reasons_and_never_all(folder: Path) -> None:
    drawing = (folder / "chart.svg").read_text(encoding="utf-8")
    write_text(folder / "chart.svg", re.sub(' data-n="[^"]*"', "", drawing))
    write_text(folder / "chart.csv", "value,address")
    assert faults(folder) == []
    assert faults(folder, undrawn={"too_few": KEYS}) == [
        "chart.svg leaves out rows, and has no mark"
    ]
    _, fault = faults(folder, undrawn={"no room": [KEYS[3]]})
    assert fault.startswith("chart.svg leaves out rows for 'no room'; reasons are other_counts, ")


def test_a_hundred_dots_show_the_share_and_carry_its_address(tmp_path: Path) -> None:
    dots = HundredDots(PercentInterval(17, 14, 21), "KEN/any")
    drawing = dots.draw(Frame("", "", "", cut=SMALL)).render_svg("")
    circles = [
        part for part in ElementTree.fromstring(drawing).iter() if part.tag.endswith("}circle")
    ]
    assert [part.get("data-n") for part in circles] == ["KEN/any"] * 21 + [None] * 79
    fills = [part.get("fill") for part in circles]
    assert [fills.count(fill) for fill in dict.fromkeys(fills)] == [14, 3, 4, 79]
    write_text(tmp_path / "chart.svg", drawing)
    write_text(tmp_path / "countries/KEN/estimates.csv", f"{HEAD}\nKEN,any,total,all,1\n")
    told = {"alt": [["KEN/any/estimate", "17", 0], ["study/estimation/confidence", "95", 4]]}
    assert faults(tmp_path, csv="", numbers=told) == []
    write_text(tmp_path / "chart.svg", drawing.replace(' data-n="KEN/any"', ""))
    assert faults(tmp_path, csv="", numbers=told) == [
        "no mark of chart.svg is of KEN/any, of which its alternative text tells a number"
    ]


def test_a_picture_without_data_shows_published_rows(folder: Path) -> None:
    publish(folder, KEYS[:-1])
    assert faults(folder, csv="") == [
        f"a mark of chart.svg is of {KEYS[-1]}, where nothing is published"
    ]


def test_the_drawing_for_phones_has_the_same_marks(folder: Path) -> None:
    write_text(folder / "chart-phone.svg", draw())
    before = faults(folder)
    assert faults(folder, phone="chart-phone.svg") == before
    edit(folder / "chart-phone.svg", f'data-n="{KEYS[1]}"', 'data-n="KEN/any/sex:none"')
    (fault,) = faults(folder, phone="chart-phone.svg")
    assert fault == "chart-phone.svg has other marks than chart.svg"
