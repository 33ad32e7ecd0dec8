"""Where a country stands: the lines beside its own, and the counts of clear differences."""

import json
import re
from dataclasses import replace
from itertools import combinations
from unicodedata import normalize

import pandas as pd
import pytest
from babel import Locale
from comparison_frames import AFRICA, ASIA, tables
from figure_study import CODEBOOK, setting

from disrupting_harm.report.checks.figure_numbers import find_language
from disrupting_harm.report.drawing.widths import WEB
from disrupting_harm.report.figures import country_standing as module
from disrupting_harm.report.figures.comparison.indicator_comparison import build_comparisons
from disrupting_harm.report.language.translator import ADDRESSED

NAMES = {
    "ETH": "Ethiopia", "KEN": "Kenya", "ZAF": "South Africa", "KHM": "Cambodia",
    "IDN": "Indonesia", "PHL": "Philippines", "VNM": "Viet Nam",
}  # fmt: skip
ISO = {
    "ETH": "ET", "KEN": "KE", "ZAF": "ZA", "KHM": "KH", "IDN": "ID", "PHL": "PH", "VNM": "VN",
}  # fmt: skip
REGIONS = {code: AFRICA if code in ("ETH", "KEN", "ZAF") else ASIA for code in NAMES}
SHOWN = {
    "ETH": "9.0", "KEN": "17.6", "ZAF": "10.1", "KHM": "9.5", "IDN": "2.0", "PHL": "30.7",
    "VNM": "< 5",
}  # fmt: skip
# Pairs that a test has found to differ.
CLEAR = (("ETH", "KEN"), ("IDN", "KEN"), ("KEN", "PHL"))
PAIRS = list(combinations(["ETH", "IDN", "KEN", "KHM", "PHL"], 2))


def pairwise() -> pd.DataFrame:
    value = {code: float(text) / 100 for code, text in SHOWN.items() if text[0] not in "<*"}
    return pd.DataFrame(
        [
            {
                "indicator": "clear", "country_a": a, "country_b": b,
                "difference": value[a] - value[b], "clear": (a, b) in CLEAR,
            }
            for a, b in PAIRS
        ]
    )  # fmt: skip


@pytest.fixture
def stand(monkeypatch, tmp_path):
    """Draw where a country stands; return its chart, what stands round it, and its entry."""

    def run(country="KEN", shown=SHOWN, apart=None, pairs=None, labels=None, names=NAMES):
        caught = {}
        write = module.write_figure_record

        def catch(identity, chart, frame, *rest, **more):
            caught.update(chart=chart, frame=frame)
            return write(identity, chart, frame, *rest, **more)

        monkeypatch.setattr(module, "write_figure_record", catch)
        made = tables("clear", shown, REGIONS, apart or {"ZAF": "another survey"})
        made = {name: made[name] for name in ("prevalence", "comparability")}
        made["pairwise"] = pairwise() if pairs is None else pairs
        context = setting(NAMES[country])
        context = replace(context, translator=context.translator.with_markup(ADDRESSED))
        comparisons = build_comparisons(made, names, {}, CODEBOOK, context, {})
        record = module.draw_standing(
            country, names[country], comparisons, CODEBOOK, context, tmp_path, labels or {}
        )
        return caught.get("chart"), caught.get("frame"), record

    return run


def test_each_country_has_the_same_line_and_its_published_interval(stand):
    chart, _, record = stand()
    assert [row.label for row in chart.rows] == ["Label of clear"]
    (row,) = chart.rows
    # By name: Cambodia, Ethiopia, Indonesia, Kenya, Philippines, Viet Nam.
    order = ["KHM", "ETH", "IDN", "KEN", "PHL", "VNM"]
    by_code = {mark.address.rpartition("/")[2]: mark for mark in row.marks}
    assert {code: mark.slot for code, mark in by_code.items()} == {
        code: slot for slot, code in enumerate(order)
    }
    assert "ZAF" not in by_code, "what cannot be compared has no line"
    prevalence = tables("clear", SHOWN, REGIONS)["prevalence"].set_index("country")
    for code in order[:-1]:
        numbers = 100 * prevalence.loc[code, ["ci_low", "ci_high"]].astype(float)
        mark = by_code[code]
        assert (mark.low, mark.high) == pytest.approx(tuple(numbers), abs=0.005)
    assert by_code["KEN"].value == 17.6
    hidden = by_code["VNM"]
    assert (hidden.sign, hidden.value, hidden.low, hidden.high) == ("bound", None, 0.0, 5.0)
    assert record.kind == record.id == "standing"
    names = "Cambodia, Ethiopia, Indonesia, Kenya, Philippines and Viet Nam"
    assert f"Lines from top to bottom: {names}." in stand()[1].notes


@pytest.mark.parametrize("language", ["en", "id", "pt_MZ"])
def test_the_order_of_lines_is_the_alphabet_of_the_language(stand, language):
    """By names of the Unicode CLDR, their letters without marks."""
    territories = Locale(language).territories
    names = {code: territories[ISO[code]] for code in NAMES}
    chart, _, _ = stand(names=names)
    (row,) = chart.rows
    lines = sorted((mark.slot, mark.address.rpartition("/")[2]) for mark in row.marks)
    printed = [names[code] for _, code in lines]
    plain = [normalize("NFD", name).encode("ascii", "ignore").lower() for name in printed]
    assert plain == sorted(plain)
    assert len({*plain}) == 6


def test_a_row_is_called_as_the_study_calls_it_and_others_are_not_drawn(stand):
    chart, _, record = stand(labels={"clear": "Said yes", "absent": "Is not compared"})
    assert [row.label for row in chart.rows] == ["Said yes"]
    assert "Said yes 18% (15 to 21). Clearly higher" in record.alt
    assert stand(labels={"absent": "Is not compared"})[2].absent


def test_a_bound_is_a_broken_line_that_the_key_explains(stand):
    chart, frame, _ = stand()
    assert ("bound", "only a bound is printed") in chart.key
    drawn = chart.draw(frame).render_svg("title")
    (broken,) = re.findall(r'<path[^>]*"compare/prevalence/clear/VNM"[^>]*>', drawn)
    assert "stroke-dasharray" in broken
    chart, _, _ = stand(shown=SHOWN | {"VNM": "c"})
    assert "bound" not in dict(chart.key)


def test_the_tested_differences_are_dark_and_counted(stand):
    chart, _, record = stand()
    (row,) = chart.rows
    looks = {mark.address.rpartition("/")[2]: mark.look for mark in row.marks if not mark.sign}
    assert looks == {
        "KEN": "highlight", "ETH": "differs", "IDN": "differs", "PHL": "differs",
        "KHM": "undecided",
    }  # fmt: skip
    sentences = (
        "Clearly higher than in 2 of 4 other countries, and clearly lower than in 1. No clear "
        "difference from Cambodia."
    )
    assert sentences in record.alt
    assert "Label of clear 18% (15 to 21). Clearly higher" in record.alt
    assert record.title == (
        "Label of clear: of 4 other countries clearly higher than in 2, clearly lower than in 1"
    )
    assert sentences.partition(". ")[0] in record.alt_short
    counted = {number[1]: number[0] for number in record.numbers["alt"]}
    assert counted["2"] == (
        "number(compare/pairwise/clear/ETH/KEN/clear,compare/pairwise/clear/IDN/KEN/clear)"
    )
    assert {address for address, printed, _ in record.numbers["alt"] if printed == "1"} == {
        "number(compare/pairwise/clear/KEN/PHL/clear)",
    }


def test_seen_from_the_other_side_the_same_pairs_are_turned_round(stand):
    assert (
        "Clearly higher than in 1 of 4 other countries. "
        "No clear difference from Cambodia, Ethiopia and Indonesia." in stand("PHL")[2].alt
    )
    assert (
        "Clearly lower than in 1 of 4 other countries. "
        "No clear difference from Cambodia, Indonesia and Philippines." in stand("ETH")[2].alt
    )


def test_a_title_tells_on_which_side_of_others_a_country_is(stand):
    assert stand("PHL")[2].title == "Label of clear: clearly higher than in 1 of 4 other countries"
    assert stand("ETH")[2].title == "Label of clear: clearly lower than in 1 of 4 other countries"


def test_no_number_stands_for_nothing(stand):
    alt = stand("KHM")[2].alt
    assert "No clear difference from any of the 4 other countries." in alt
    assert stand("KHM")[2].title == "Cambodia clearly differs from no other country in these shares"
    assert " 0 " not in alt


@pytest.mark.parametrize("country", ["VNM", "ZAF"])
def test_a_country_that_is_hidden_or_not_comparable_has_no_strip_and_no_number(stand, country):
    chart, _, record = stand(country)
    assert chart is None
    assert record.files == ()
    assert record.absent == f"No share of {NAMES[country]} can be compared."
    assert not any(sign.isdigit() for sign in json.dumps([record.absent, record.title]))


def test_one_country_alone_stands_nowhere(stand):
    _, _, record = stand(shown={"KEN": "17.6"}, pairs=pairwise().head(0))
    assert record.absent == "No share of Kenya can be compared."


def test_who_is_hidden_without_a_bound_has_no_line_and_a_note(stand):
    shown = SHOWN | {"VNM": "c", "IDN": "*"}
    pairs = pairwise()
    pairs = pairs[(pairs["country_a"] != "IDN") & (pairs["country_b"] != "IDN")]
    chart, frame, _ = stand(shown=shown, pairs=pairs.reset_index(drop=True))
    (row,) = chart.rows
    assert {mark.address.rpartition("/")[2] for mark in row.marks} == {"ETH", "KEN", "KHM", "PHL"}
    words = " ".join(frame.notes)
    assert "Viet Nam" not in words
    assert "Indonesia" not in words


def test_the_words_stand_beside_the_lines_and_on_telephones_below_them(stand):
    chart, frame, _ = stand()
    for cut in (frame.cut, WEB):
        page = chart.draw(replace(frame, cut=cut))
        heights = {text.text: (text.x, text.y) for text in page.texts}
        label, share = heights["Label of clear"], heights["18%\u00a0(15–21)"]
        words = next(place for text, place in heights.items() if text.startswith("Clearly higher"))
        assert label[1] < share[1]
        assert (words[0] > label[0]) is not cut.narrow
        assert not cut.narrow or words[1] > share[1]
        assert min(text.size for text in page.texts) >= (9.1 if cut.narrow else 7.4)


def test_the_language_of_a_list_is_that_of_its_folder(tmp_path):
    for path, language in {
        "figures/comparison/KHM/km/figures.json": "km",
        "figures/KHM/km/figures.json": "km",
        "figures/comparison/figures-ranks.json": "en",
        "figures/evidence/figures.json": "en",
    }.items():
        assert find_language(tmp_path / path, tmp_path) == language
