"""From a number on paper to its address and to each place where it is printed."""

from pathlib import Path

from disrupting_harm.report.checks.find_numbers import find_numbers

REPORT = """---
title: "17"
---

## What [17]{n="KEN/met/whole"} of 100 said {#sec-said}

About **[17%]{n="KEN/met/whole"}** ([14]{n="KEN/met/whole_low"} to [21]{n="KEN/met/whole_high"}).

17 stands here without an address, [1,017]{n="KEN/count/n"} is another number.
"""
ESTIMATES = """country,indicator,domain,level,n,shown
KEN,met,total,all,1049,17.1
KEN,met,sex,girl,500,17
KEN,met,sex_age,girl|12-13,150,16
UGA,met,total,all,900,17.1
"""


def write(public: Path) -> Path:
    for code in ("KEN", "UGA"):
        folder = public / "reports" / code / "en"
        folder.mkdir(parents=True)
        (folder / "report.qmd").write_text(REPORT.replace("KEN", code), encoding="utf-8")
    (public / "estimates.csv").write_text(ESTIMATES, encoding="utf-8")
    return public


def test_each_place_is_named_with_its_words(tmp_path: Path) -> None:
    places = list(find_numbers("17 %", write(tmp_path), "KEN"))
    assert [(number.address, number.place, number.words) for number in places] == [
        ("KEN/met/whole", "reports/KEN/en/report.qmd, line 5", "What [17] of 100 said"),
        (
            "KEN/met/whole",
            "reports/KEN/en/report.qmd, line 7",
            "“What 17 of 100 said”: About [17%] (14 to 21).",
        ),
        ("KEN/met/sex:girl/estimate", "estimates.csv, line 3", "17, n 500"),
    ]


def test_a_number_is_looked_for_in_all_countries_or_one(tmp_path: Path) -> None:
    public = write(tmp_path)
    assert [number.address for number in find_numbers("17.1", public)] == [
        "KEN/met/estimate",
        "UGA/met/estimate",
    ]
    assert [number.address for number in find_numbers("1,017", public, "UGA")] == ["UGA/count/n"]
    assert list(find_numbers("017", public)) == []


def test_an_address_of_a_crossed_group_can_be_explained(tmp_path: Path) -> None:
    (number,) = find_numbers("16", write(tmp_path))
    assert number.address == "KEN/met/sex_age:girl+12-13/estimate"
