"""The regional report's numbers are those of its tables; its figures stand in order of names."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from regional_counts import (
    Recount,
    find_numbers,
    is_alphabetical,
    list_panel_rows,
    read_report,
    read_rows,
)

LEAD, HELP, HELPLINE = "clear_examples", "knows_where_to_get_help", "knows_helpline"
PHONE = 358  # pixels of a figure on a screen of 390
LEAST_LETTERS = 11  # pixels


@pytest.fixture(params=["small", "other_languages"])
def public(request: pytest.FixtureRequest) -> Path:
    study = request.getfixturevalue(request.param)
    return study.folder / "results" / "public"


def check_numbers(public: Path) -> set[str]:
    """Hold the sentences of a report against its tables; return the kinds that it has."""
    text, count = read_report(public), Recount(public)
    areas = len({row["country"] for row in count.rows("prevalence", indicator=LEAD)})
    expected = {
        "pairs": (r"Of (\d+) pairs of countries, (\d+) differ clearly \{#finding-differ",
                  lambda: count.pairs(LEAD)),
        "telling": (r"Of (\d+) pairs of countries, (\d+) differ clearly in that\.",
                    lambda: count.pairs("told_nobody")),
        "girls": (r"Girls and boys: no clear difference in any of the (\d+) countries tested",
                  lambda: (count.gap(LEAD, "sex", ("girl", "boy"))[1],)),
        "ages": (r"In (\d+) of (\d+) countries clearly more children aged 16-17",
                 lambda: count.gap(HELP, "age_band", ("16-17", "12-13"))),
        "silence": (r"any of (\d+) countries may be the highest\. If up to 30 in 100 of those to "
                    r"whom it happened kept silent, any of (\d+) may be\.",
                    lambda: (count.possible_first(LEAD), count.possible_first(LEAD, "0.3"))),
        "together": (r"Links between two answers: (\d+) clear of (\d+) tested",
                     count.pairs_of_answers),
        "helpline": (r"Between (\d+) and (\d+) in 100 have heard of a helpline",
                     lambda: count.span(HELPLINE, HELP)),
        "told": (r"(\d+)% \((\d+)–(\d+)\) told nobody about the last time",
                 lambda: count.average("told_nobody")),
        "help": (r"(\d+)% \((\d+)–(\d+)\) know where to get help",
                 lambda: count.average(HELP)),
        "actions": (r"(\d+) actions are needed nearly everywhere",
                    lambda: (count.needed_everywhere(areas),)),
    }  # fmt: skip
    kinds = set()
    for kind, (pattern, recount) in expected.items():
        for numbers in find_numbers(text, pattern):
            assert numbers == recount(), (kind, numbers)
            kinds.add(kind)
    return kinds


def check_words_of_answers(public: Path) -> int:
    """Hold the sentences on what goes with what against the odds ratios; return how many stand."""
    text, rows = read_report(public), Recount(public).rows("associations")
    sentences = {
        ("told_nobody", "knows_where_to_get_help"): {
            "more": "Children who knew where to get help told nobody more often",
            "less": "Children who knew where to get help told somebody more often",
        },
        ("clear_examples", "uses_daily"): {
            "more": "Children who use the internet daily said more often that they were abused",
            "less": "Children who use the internet daily said less often that they were abused",
        },
    }  # fmt: skip
    told = 0
    for pair, words in sentences.items():
        odds = [row for row in rows if (row["indicator"], row["characteristic"]) == pair]
        above = [float(row["ratio"]) > 1 for row in odds if row["clear"] == "True"]
        for word, is_above in (("more", True), ("less", False)):
            assert (words[word] in text) == (above == [is_above]), (pair, word)
        told += len(above)
    return told


def test_odds_ratios_are_told_in_words_behind_what_to_do(public: Path) -> None:
    text = read_report(public)
    check_words_of_answers(public)
    assert "odds of" not in text
    assert "times those" not in text
    places = [text.find(anchor) for anchor in ("#sec-actions", "#sec-silence", "#sec-comparable")]
    told = [place for place in places if place >= 0]
    assert len(told) > 1
    assert told == sorted(told)


def test_numbers_of_sentences_are_those_of_the_tables(public: Path) -> None:
    assert {"helpline", "help", "told"} <= check_numbers(public)


def test_headings_claim_what_the_tables_bear(public: Path) -> None:
    """Below half: every upper limit and bound; x in 10: both limits of the average, too."""
    text, count = read_report(public), Recount(public)
    apart = {r["country"] for r in count.rows("comparability", comparable="no")}
    helpline = [row for row in count.national if row["indicator"] == HELPLINE]
    helpline = [row for row in helpline if row["country"] not in apart]
    limits = [
        int(row["whole_high"]) if row["whole"] else 100 * float(row["bound_high"] or 1)
        for row in helpline
    ]
    assert ("In no country has half of the children heard" in text) == (max(limits) < 50)
    tenths = {round(number / 10) for number in count.average("told_nobody")}
    said = {
        number for (number,) in find_numbers(text, r"About (\d) in 10 (?:children )?told nobody")
    }
    assert said == (tenths if len(tenths) == 1 else set())


def test_no_figure_of_countries_is_sorted_by_its_numbers(public: Path) -> None:
    names = {row["name"] for row in read_rows(public.parents[1] / "config" / "countries.csv")}
    checked = 0
    for folder in ("comparison", "regional"):
        for path in sorted((public / "figures" / folder).glob("*.csv")):
            for rows in list_panel_rows(path):
                countries = [row.rstrip("†") for row in rows if row.rstrip("†") in names]
                shown = countries if path.stem.split("-")[0] != "comparison" else []
                assert is_alphabetical(shown), path.name
                checked += len(shown) > 1
    assert checked > 10


def test_figures_of_the_study_s_words_are_legible_on_a_telephone(public: Path) -> None:
    paths = sorted((public / "figures" / "regional").glob("*-phone.svg"))
    assert {"panels-told-phone", "panels-help-phone"} <= {path.stem for path in paths}
    for path in paths:
        root = ET.parse(path).getroot()
        width = float(root.attrib["viewBox"].split()[2])
        letters = [
            float(text.attrib["font-size"]) * PHONE / width
            for text in root.iter("{http://www.w3.org/2000/svg}text")
        ]
        assert letters, path.name
        assert min(letters) >= LEAST_LETTERS, path.name


def test_a_wrong_number_is_seen(public: Path, tmp_path: Path) -> None:
    folder = tmp_path / "regional" / "en"
    folder.mkdir(parents=True)
    report = (public / "regional/en/report.qmd").read_text(encoding="utf-8")
    spoilt = re.sub(r"(Between \[)\d+(\])", r"\g<1>99\2", report)
    assert spoilt != report
    (folder / "report.qmd").write_text(spoilt, encoding="utf-8")
    for name in ("comparison", "estimates.csv"):
        (tmp_path / name).symlink_to(public / name)
    with pytest.raises(AssertionError, match="helpline"):
        check_numbers(tmp_path)
