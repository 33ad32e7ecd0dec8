"""Sentences on where a country stands: all their cases, and counts by the table alone."""

import csv
import random
import re
from itertools import combinations
from pathlib import Path

import pytest

from disrupting_harm.report.findings.definition import ComparedShare
from disrupting_harm.report.findings.standing import describe_standing, write_lead
from disrupting_harm.report.language.addressed_text import split_addresses
from disrupting_harm.report.language.translator import ADDRESSED, build_english
from disrupting_harm.report.reading.comparison_results import read_regional

COUNTRIES = ("ETH", "IDN", "KEN", "KHM", "MOZ", "MYS", "NAM", "PHL", "RWA", "THA", "TZA", "UGA",
             "VNM")  # fmt: skip
HEAD = ["indicator", "country_a", "country_b", "difference", "clear"]
STATUS = {"12": "present", "< 5": "suppress_disclosure", "*": "suppress_reliability"}


def write_comparison(folder: Path, pairs: list[list[str]], shown: dict[str, str], apart: str = ""):
    tables = {
        "pairwise": (HEAD, pairs),
        "prevalence": (
            ["indicator", "country", "shown", "status"],
            [["a", code, text, STATUS.get(text, "not_asked")] for code, text in shown.items()],
        ),
        "comparability": (
            ["indicator", "country", "wave", "comparable"],
            [["a", code, "1", "no" if code == apart else "yes"] for code in shown],
        ),
    }
    (folder / "comparison").mkdir(parents=True)
    for name, (head, rows) in tables.items():
        with (folder / "comparison" / f"{name}.csv").open("w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([head, *rows])
    return read_regional(folder, coded=False).tables


def describe(tables, country: str, indicator: str = "a") -> str:
    translator = build_english(respondents="children")
    return describe_standing(
        translator, tables, indicator, country, {"KEN": "Kenya", "IDN": "Indonesia"}
    )


def pairs_of(verdicts: dict[str, float | None]) -> list[list[str]]:
    """Pairs of UGA with others: the difference where it is clear, None where it is not."""
    return [
        ["a", other, "UGA", str(0.01 if by is None else -by), str(by is not None)]
        for other, by in verdicts.items()
    ]


@pytest.mark.parametrize(
    ("verdicts", "sentences"),
    [
        ({"KEN": 0.1, "ETH": 0.1, "IDN": None},
         "Clearly higher than in 2 of 3 other countries. No clear difference from Indonesia."),
        ({"KEN": 0.1, "ETH": -0.1, "IDN": None},
         "Clearly higher than in 1 of 3 other countries, and clearly lower than in 1. "
         "No clear difference from Indonesia."),
        ({"KEN": 0.1, "ETH": -0.1},
         "Clearly higher than in 1 of 2 other countries, and clearly lower than in 1."),
        ({"KEN": None, "ETH": None}, "No clear difference from any of the 2 other countries."),
        ({"KEN": 0.1, "ETH": 0.2}, "Clearly higher than in each of the 2 other countries."),
        ({"KEN": -0.1, "ETH": -0.2}, "Clearly lower than in each of the 2 other countries."),
        ({"KEN": 0.1}, "Clearly higher than in Kenya."),
        ({"KEN": -0.1}, "Clearly lower than in Kenya."),
        ({"KEN": None}, "No clear difference from Kenya."),
    ],
)  # fmt: skip
def test_what_the_tests_found_is_told_in_whole_sentences(tmp_path, verdicts, sentences):
    tables = write_comparison(tmp_path, pairs_of(verdicts), {"UGA": "12"} | dict.fromkeys(
        verdicts, "12"))  # fmt: skip
    assert describe(tables, "UGA") == sentences


@pytest.mark.parametrize(
    ("shown", "apart", "sentence"),
    [
        ({"UGA": "< 5", "KEN": "12"}, "",
         "Only a bound is published here, and a bound is not compared."),
        ({"UGA": "*", "KEN": "12"}, "", "Not published here."),
        ({"UGA": "12", "KEN": "12"}, "UGA", "Not compared with other countries."),
        ({"UGA": "12"}, "", "There is no other country to compare it with."),
        ({"UGA": "", "KEN": "12"}, "", "Not asked here."),
        ({"KEN": "12"}, "", "Not asked here."),
    ],
)  # fmt: skip
def test_without_a_test_the_reason_is_told_and_no_number(tmp_path, shown, apart, sentence):
    assert describe(write_comparison(tmp_path, [], shown, apart), "UGA") == sentence


def test_each_count_is_that_of_the_rows_of_the_table(tmp_path):
    """Recounted by reading the table as text, in all countries, by several indicators."""
    draw = random.Random(20)
    shown = dict.fromkeys(COUNTRIES, "12")
    for indicator in ("a", "b", "c", "d"):
        rows = [
            [indicator, *pair, str(draw.uniform(-0.3, 0.3)), draw.choice(["True", "False"])]
            for pair in combinations(COUNTRIES, 2)
        ]
        tables = write_comparison(tmp_path / indicator, rows, shown)
        for country in COUNTRIES:
            with (tmp_path / indicator / "comparison" / "pairwise.csv").open() as file:
                lines = [line.strip().split(",") for line in file if country in line]
            higher = lower = open_pairs = 0
            for _, first, _, difference, clear in lines:
                if clear == "False":
                    open_pairs += 1
                elif (difference[0] == "-") != (first == country):
                    higher += 1
                else:
                    lower += 1
            told = describe(tables, country, indicator)
            found = {
                word: int(match[1]) if (match := re.search(pattern, told)) else 0
                for word, pattern in {
                    "higher": r"higher than in (\d+) of 12",
                    "lower": r"lower than in (\d+)",
                    "open": r"difference from (\d+)\.",
                }.items()
            }
            if named := re.search(r"difference from (\D+)\.", told):
                found["open"] = len(re.split(", | and ", named[1]))
                assert found["open"] <= 4
            assert found == {"higher": higher, "lower": lower, "open": open_pairs}


HIGHER = "More in {country} than in {count} of {all}."
LOWER = "Fewer in {country} than in {count} of {all}."


def test_the_page_opens_with_shares_whose_clear_differences_go_one_way(tmp_path):
    verdicts = {
        "a": {"KEN": 0.1, "ETH": -0.1, "IDN": None},  # above some, below others
        "b": {"KEN": None, "ETH": None, "IDN": None},
        "c": {"KEN": 0.1, "ETH": None, "IDN": None},
        "d": {"KEN": None, "ETH": -0.1, "IDN": None},
        "e": {"KEN": -0.1, "ETH": -0.2, "IDN": -0.2},
    }
    rows = [[name, *pair[1:]] for name, found in verdicts.items() for pair in pairs_of(found)]
    pairs = write_comparison(tmp_path, rows, {"UGA": "12"})["pairwise"]
    shares = [
        ComparedShare(indicator=name, label=name, higher=HIGHER, lower=LOWER) for name in verdicts
    ]

    def lead(shares):
        return write_lead(build_english(), shares, pairs, "UGA", "Uganda")

    first, second = "More in Uganda than in 1 of 3.", "Fewer in Uganda than in 3 of 3."
    assert lead(shares) == [first, second]
    assert lead(shares[:3]) == [first]
    assert lead(shares[:2]) == []
    silent = [share.model_copy(update={"higher": None}) for share in shares]
    assert lead(silent) == ["Fewer in Uganda than in 1 of 3.", second]


def test_a_sentence_that_opens_the_page_names_both_counts():
    with pytest.raises(ValueError, match="'lower' has to name"):
        ComparedShare(indicator="a", label="A", lower="Fewer than in {count} countries.")


def test_each_count_names_the_verdicts_that_it_counts(tmp_path):
    verdicts = {"KEN": 0.1, "ETH": -0.1, "IDN": None}
    tables = write_comparison(tmp_path, pairs_of(verdicts), dict.fromkeys([*verdicts, "UGA"], "12"))
    translator = build_english(respondents="children").with_markup(ADDRESSED)
    sentences = describe_standing(translator, tables, "a", "UGA", {})
    _, numbers = split_addresses(sentences)
    addresses = [number.address for number in numbers if number.printed == "1"]
    assert addresses == [
        f"number(compare/pairwise/a/{other}/UGA/clear)" for other in ("KEN", "ETH")
    ]
