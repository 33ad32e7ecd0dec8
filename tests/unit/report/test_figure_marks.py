"""Marks of a drawing carry the addresses of the rows that they show."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import find_mark_faults
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import SMALL
from disrupting_harm.report.figures import survey_waves
from disrupting_harm.report.figures.brief.pictures import HundredDots
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.mark_addresses import (
    find_mark_addresses,
    join_addresses_of_dots,
    replace_links_by_addresses,
)
from disrupting_harm.report.figures.drawing.page_furniture import new_page, put_text
from disrupting_harm.report.figures.drawing.print_formats import print_figure
from disrupting_harm.report.figures.drawing.svg_compaction import compact_svg
from disrupting_harm.report.figures.drawing.widths import AUTHORS, RUN
from disrupting_harm.report.figures.interval_chart import draw_interval_chart
from disrupting_harm.report.figures.row_chart import Section, make_row
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.whole_percent import PercentInterval

ROWS = (
    make_row("Girls", "20", "(15–26)", 20.0, 15.0, 26.0, row_address="KEN/any/sex:girl"),
    make_row("Boys", "7", "(4–12)", 7.0, 4.0, 12.0, row_address="KEN/any/sex:boy"),
    make_row(
        "Aged 12-13", "31", "(22–41)", 31.0, 22.0, 41.0, "caution", row_address="KEN/any/age:12-13"
    ),
    make_row(
        "Aged 14-15", "not shown: privacy", missing="privacy", row_address="KEN/any/age:14-15"
    ),
    make_row(
        "Aged 16", "under 10%", missing="bound", limits=(0.0, 10.0), row_address="KEN/any/age:16"
    ),
    make_row("Aged 17", "not asked", missing="unasked", row_address="KEN/any/age:17"),
)
KEYS = [str(row.row_address) for row in ROWS]
ENTRY = {
    "id": "by-group-any",
    "kind": "by_group",
    "files": ["chart.svg", "chart.png"],
    "csv": "chart.csv",
    "undrawn": {},
    "numbers": {"alt": [["KEN/any/sex:girl/estimate", "20", 0], ["sum(a/b/n,c/d/n)", "3", 4]]},
}
HEAD = "country,indicator,domain,level,estimate"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with style.house_style():
        figure = draw_interval_chart([Section("", ROWS)], Frame("T", "S", "Q"), build_english())
        return print_figure(figure, "Title", RUN)


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    write_bytes(tmp_path / "chart.svg", files["svg"])
    write_text(tmp_path / "chart.csv", "\n".join(["estimate,address", *(f"1,{k}" for k in KEYS)]))
    return tmp_path


def faults(folder: Path, **changed: object) -> list[str]:
    return find_mark_faults(ENTRY | changed, folder, PublishedFiles(folder))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_dot_interval_and_sign_carry_the_address(files: dict[str, bytes]) -> None:
    drawn = [
        (part.get("data-n"), part.tag.rpartition("}")[2])
        for part in ElementTree.fromstring(files["svg"]).iter()
        if part.get("data-n")
    ]
    shown = [(row.row_address, kind) for row in ROWS if row.estimate for kind in ("path", "use")]
    signs = [(KEYS[3], "path"), (KEYS[4], "path"), (KEYS[5], "path")]
    assert sorted(drawn) == sorted([*shown, *signs])


def test_marks_are_where_they_were_without_addresses(files: dict[str, bytes]) -> None:
    bare = [replace(row, row_address=None) for row in ROWS]
    with style.house_style():
        figure = draw_interval_chart(
            [Section("", tuple(bare))], Frame("T", "S", "Q"), build_english()
        )
        without = print_figure(figure, "Title", RUN)
    assert files["png"] == without["png"]
    marked = files["svg"].decode()
    assert re.sub(r' data-n="[^"]*"', "", marked) == without["svg"].decode()


def test_the_group_of_a_mark_inside_its_clip_carries_the_address() -> None:
    clipped = '<g clip-path="url(#p)">\n<use x="1"/>\n</g>'
    link = f'<a xlink:href="KEN/a" target="_blank">\n{clipped}\n</a>\n'
    assert replace_links_by_addresses(link) == f'<g data-n="KEN/a">\n{clipped}\n</g>\n'


def test_dots_drawn_as_one_are_as_many_as_their_addresses() -> None:
    (urls,) = join_addresses_of_dots(["KEN/a", "KEN/b"]) or ()
    link = f'<a xlink:href="{urls}" target="_blank">\n%s\n</a>\n'
    dots = '<use x="1"/>\n<use x="2"/>'
    marked = '<use x="1" data-n="KEN/a"/>\n<use x="2" data-n="KEN/b"/>\n'
    assert replace_links_by_addresses(link % dots) == marked
    with pytest.raises(ValueError, match="longer"):
        replace_links_by_addresses(link % '<use x="1"/>')
    assert join_addresses_of_dots(["KEN/a", None]) is None


def test_what_authors_get_carries_addresses_and_links_nowhere() -> None:
    with style.house_style():
        figure = draw_interval_chart([Section("", ROWS)], Frame("T", "S", "Q"), build_english())
        files = print_figure(figure, "Title", AUTHORS)
    assert find_mark_addresses(files["svg"].decode()) == {*KEYS}
    assert b"<a " not in files["svg"]
    assert b"/URI" not in files["pdf"]


def test_digits_of_an_address_stay_as_they_are() -> None:
    link = (
        '<a xlink:href="compare/silence_ranks/any/0.0500/KEN" target="_blank">\n<path/>\n  </a>\n'
    )
    assert find_mark_addresses(replace_links_by_addresses(compact_svg(link))) == {
        "compare/silence_ranks/any/0.0500/KEN"
    }
    assert "<a " not in replace_links_by_addresses(link)
    assert "</a>" not in replace_links_by_addresses(link)


def test_a_mark_may_be_of_several_rows() -> None:
    assert find_mark_addresses('<g data-n="KEN/a/x KEN/a/y">') == {"KEN/a/x", "KEN/a/y"}


def test_a_figure_whose_marks_are_its_rows_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []
    assert faults(folder, files=[], csv="") == []


def test_a_row_without_a_mark_is_named(folder: Path) -> None:
    edit(folder / "chart.svg", f' data-n="{KEYS[3]}"', "")
    assert faults(folder) == [f"no mark of chart.svg is of {KEYS[3]}, a row of chart.csv"]


def test_a_mark_of_another_row_is_named(folder: Path) -> None:
    edit(folder / "chart.svg", KEYS[1], "UGA/any/sex:boy")
    assert faults(folder) == [
        "a mark of chart.svg is of UGA/any/sex:boy, which is no row of chart.csv",
        f"no mark of chart.svg is of {KEYS[1]}, a row of chart.csv",
    ]


def test_a_mark_may_be_of_a_row_that_a_text_of_the_figure_tells(folder: Path) -> None:
    for told in ("a/b", "c/d"):
        edit(folder / "chart.svg", "</svg>", f'<g data-n="{told}"></g></svg>')
    assert faults(folder) == []


def test_a_figure_says_which_rows_it_leaves_out(folder: Path) -> None:
    edit(folder / "chart.svg", f' data-n="{KEYS[3]}"', "")
    assert faults(folder, undrawn={"too_few": [KEYS[3]]}) == []
    assert faults(folder, undrawn={"too_few": [KEYS[3]], "no_count": [KEYS[0], "a/b"]}) == [
        f"chart.svg leaves out {KEYS[0]}, of which it has a mark",
        "chart.svg leaves out a/b, where nothing is published",
    ]


def test_a_figure_leaves_out_rows_for_known_reasons_and_never_all(folder: Path) -> None:
    edit(folder / "chart.svg", f' data-n="{KEYS[3]}"', "")
    (fault,) = faults(folder, undrawn={"no room": [KEYS[3]]})
    assert fault.startswith("chart.svg leaves out rows for 'no room'; reasons are other_counts, ")
    drawing = (folder / "chart.svg").read_text(encoding="utf-8")
    write_text(folder / "chart.svg", re.sub(' data-n="[^"]*"', "", drawing))
    assert faults(folder, undrawn={"too_few": KEYS}) == [
        "chart.svg has no mark, where chart.csv has rows"
    ]
    write_text(folder / "chart.csv", "estimate,address")
    assert faults(folder) == []


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
    rows = [f"KEN,any,{k.split('/')[2].replace(':', ',')},1" for k in KEYS[:-1]]
    write_text(folder / "countries/KEN/estimates.csv", "\n".join([HEAD, *rows]))
    assert faults(folder, csv="") == [
        f"a mark of chart.svg is of {KEYS[-1]}, where nothing is published"
    ]


def test_estimates_of_surveys_and_words_in_their_place_carry_addresses() -> None:
    rows = [replace(row, row_address=f"{row.row_address}/{at}") for at, row in enumerate(ROWS)]
    years = tuple(2010.0 + at for at in range(len(rows)))
    names = tuple(f"{year:.0f}" for year in years)
    breaks = tuple(pairwise(years))
    panel = survey_waves.Panel("any", "Any harm", years, names, tuple(rows), (), (), breaks)
    with style.house_style():
        files = print_figure(survey_waves._draw_panels([panel], Frame("T", "S", "Q")), "", AUTHORS)
    assert find_mark_addresses(files["svg"].decode()) == {str(row.row_address) for row in rows}
    assert b"/URI" not in files["pdf"]


def test_a_question_mark_carries_the_address_of_its_row() -> None:
    with style.house_style():
        figure, page = new_page(10, 20)
        put_text(page, 2, 5, "?", url="KEN/policy/law/grooming")
        files = print_figure(figure, "", AUTHORS)
    assert find_mark_addresses(files["svg"].decode()) == {"KEN/policy/law/grooming"}
    assert b"/URI" not in files["pdf"]


def test_the_drawing_for_phones_has_the_same_marks(folder: Path, files: dict[str, bytes]) -> None:
    write_bytes(folder / "chart-phone.svg", files["svg"])
    before = faults(folder)
    assert faults(folder, phone="chart-phone.svg") == before
    edit(folder / "chart-phone.svg", f'data-n="{KEYS[1]}"', 'data-n="KEN/any/sex:none"')
    (fault,) = faults(folder, phone="chart-phone.svg")
    assert fault == "chart-phone.svg has other marks than chart.svg"
