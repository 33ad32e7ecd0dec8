"""Each kind of comparison figure: what is drawn where, and that its words say the finding."""

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from comparison_frames import AFRICA, ASIA, ranks, silent_ranks, tables, with_whole_per_cents
from drawing_reader import MM_PER_POINT, read_boxes, read_lines, read_words
from figure_study import CODEBOOK, setting
from scipy.special import logit, stdtr

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.marks import Mark, draw_mark
from disrupting_harm.report.drawing.scales import Axis
from disrupting_harm.report.drawing.style import LOOKS
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures.comparison.draw_comparison import draw_comparison
from disrupting_harm.report.figures.comparison.pooled_estimates import prediction_density
from disrupting_harm.report.findings.order_claims import find_sole_extremes
from disrupting_harm.study.codebook.codebook import Codebook

NAMES = {
    "ETH": "Ethiopia", "KEN": "Kenya", "ZAF": "South Africa", "KHM": "Cambodia",
    "IDN": "Indonesia", "PHL": "Philippines", "VNM": "Viet Nam",
}  # fmt: skip
REGIONS = {code: AFRICA if code in ("ETH", "KEN", "ZAF") else ASIA for code in NAMES}
SHOWN = {
    "ETH": "9.0", "KEN": "17.6", "ZAF": "10.1", "KHM": "9.5", "IDN": "2.0", "PHL": "30.7",
    "VNM": "< 5",
}  # fmt: skip
APART = {"ZAF": "another survey"}


class Page(NamedTuple):
    """A figure as its files have it: its words in reading order, and its table of marks."""

    words: tuple[str, ...]
    marks: pd.DataFrame

    @property
    def text(self):
        return " ".join(self.words)

    def ends(self, **kinds):
        """Lower and upper ends of the marks of these kinds, in reading order."""
        chosen = self.marks
        for column, kind in kinds.items():
            chosen = chosen[chosen[column].fillna("") == kind]
        return list(zip(chosen["low"], chosen["high"], strict=True))


@pytest.fixture
def drawn(tmp_path):
    """Draw and return the pages and records by figure."""

    def run(
        shown=SHOWN, apart=APART, regions=REGIONS, change=None, codebook=CODEBOOK, groups=None,
    ):  # fmt: skip
        made = tables("clear", shown, regions, apart)
        if change:
            change(made)
        records = draw_comparison(
            with_whole_per_cents(made),
            NAMES,
            regions,
            codebook,
            replace(setting("by country"), cut=WIDE),
            tmp_path,
            groups=groups,
        )
        pages = {
            record.id: Page(
                tuple(read_words((tmp_path / record.files[0]).read_text("utf-8"))),
                pd.read_csv(tmp_path / record.csv, keep_default_na=False, na_values=[""]),
            )
            for record in records
            if record.files
        }
        return pages, {record.id: record for record in records}

    return run


def order(page, *words):
    return sorted(words, key=page.words.index)


def test_countries_stand_by_name_inside_their_region_incomparable_ones_below(drawn):
    pages, records = drawn()
    names = {*NAMES.values(), "South Africa†"}
    words = pages["comparison-clear"].words
    assert [word for word in words if word in names] == [
        "Ethiopia", "Kenya", "Cambodia", "Indonesia", "Philippines", "Viet Nam", "South Africa†",
    ]  # fmt: skip
    assert words.index("Not comparable") == words.index("South Africa†") - 1
    record = records["comparison-clear"]
    assert "equal, nor which is higher" in record.caption
    assert "Only a bound is printed: Viet Nam (under 5%). Not comparable: South Africa." in (
        record.alt
    )


def test_small_shares_are_printed_as_in_all_figures(drawn):
    def small(made):
        pooled = made["pooled"]
        numbers = ["estimate", "set_low", "set_high", "ci_low", "ci_high"]
        pooled[numbers] = [0.004, np.nan, np.nan, 0.0, 0.02]

    pages, records = drawn(shown=SHOWN | {"IDN": "0.3"}, change=small)
    for kind in ("comparison", "pooled", "denominators"):
        words = pages[f"{kind}-clear"].words
        assert any("under 1%" in word and "(<1–3)" in word for word in words), kind
        shares = [word for word in words if "%" in word]
        assert not [word for word in shares if re.search(r"<1%|(?<!\d)0%.|\(0–", word)], kind
    assert "under 1%\u00a0(<1–2)" in pages["comparison-clear"].words
    assert "their mean is <1 per cent (interval <1 to 2)." in records["comparison-clear"].alt
    assert any(word.startswith("under 1%") for word in pages["bounds-clear"].words)


def test_another_survey_has_a_grey_square_and_a_dagger(drawn):
    pages, _ = drawn()
    page = pages["comparison-clear"]
    assert "South Africa†" in page.words
    assert any(word.startswith("10%") and word.endswith(")†") for word in page.words)
    assert "† Open square: another survey, not to be compared." in page.text
    looks = dict(zip(page.marks["row"], page.marks["look"], strict=True))
    assert [row for row, look in looks.items() if look == "apart"] == ["South Africa†"]
    assert (LOOKS["apart"].shape, LOOKS["apart"].fill) == ("square", "white")


def test_the_band_is_the_mean_of_the_region_with_its_interval(drawn):
    pages, records = drawn()
    page = pages["comparison-clear"]
    # Means of (9.0, 17.6) and of (9.5, 2.0, 30.7, below 5): limits two points either side, as the
    # frames say, and those of the range of the second.
    assert page.ends(look="pooled", sign="") == [(11.3, 15.3), (8.5, 13.8)]
    assert page.ends(look="pooled", sign="range") == [(10.5, 11.8)]
    means = page.marks[page.marks["look"] == "pooled"]
    assert means["section"].tolist() == [AFRICA, ASIA, ASIA]
    assert means["value"].dropna().tolist() == [13.3]
    assert "13%\u00a0(11–15)" in page.words
    alt = records["comparison-clear"].alt
    assert f"{AFRICA}: estimates of 2 countries, 9 to 18 per cent; their mean is 13 per" in alt
    assert "Above this mean: Kenya. Below this mean: Ethiopia." in alt


BY_BOUND = (
    "Bar of an average: where it lies, as the estimate of Viet Nam (under 5%) is not printed."
)


def test_a_mean_is_a_range_where_a_country_counts_with_its_bound(drawn):
    pages, records = drawn()
    page = pages["comparison-clear"]
    # The mean holds Viet Nam, whose bound stands in its region.
    hidden = page.marks[page.marks["sign"] == "bound"]
    assert hidden[["section", "row"]].to_numpy().tolist() == [[ASIA, "Viet Nam"]]
    assert "mean of the countries that it passes" in page.text
    assert BY_BOUND in page.text
    assert BY_BOUND in records["comparison-clear"].alt, "those who hear it know it, too"
    assert "mean of 4" in page.words
    assert "10.5–11.8%\u00a0(8.5–13.8)" in page.words
    assert (
        "the mean with those that are hidden lies between 10.5 and 11.8 per cent (interval 8.5 to "
        "13.8)." in records["comparison-clear"].alt
    )
    # The test is against the mean of those with an estimate, which is not the one that is drawn.
    assert "Above the mean of those with an estimate: Philippines." in (
        records["comparison-clear"].alt
    )


def test_without_regions_the_band_is_the_mean_of_all(drawn):
    pages, records = drawn(apart={}, regions={})
    # Its interval, and the range that the hidden country makes of it.
    assert len(pages["comparison-clear"].ends(look="pooled")) == 2
    assert records["comparison-clear"].alt.count("All countries: estimates of 6 countries") == 1


def test_a_table_of_means_that_is_missing_leaves_the_band_out(drawn):
    pages, _ = drawn(change=lambda made: made.pop("pooled"))
    assert not pages["comparison-clear"].ends(look="pooled")
    assert "band" not in pages["comparison-clear"].text


def test_rank_bars_reach_from_the_first_to_the_last_possible_rank(drawn):
    pages, records = drawn()
    value = {c: float(t) / 100 for c, t in SHOWN.items() if c not in ("ZAF", "VNM")}
    # In the order of names: bars in the order of ranks would look like a ranking.
    by_name = sorted(value, key=NAMES.__getitem__)
    assert pages["ranks-clear"].ends() == [ranks(value)[code] for code in by_name]
    alt = records["ranks-clear"].alt
    assert "Only Philippines may have the highest share of the 5 countries with an" in alt
    assert "Only Indonesia may have the lowest share" in alt
    assert "In 9 of 10 pairs of countries the ranks do not overlap" in alt


def test_bars_widen_with_silence_the_palest_at_the_back(drawn):
    pages, records = drawn()
    value = {c: float(t) / 100 for c, t in SHOWN.items() if c not in ("ZAF", "VNM")}
    by_name = sorted(value, key=NAMES.__getitem__)
    page = pages["silence-clear"]
    # Of each country the widest first: what is drawn later lies above.
    assert page.ends() == [
        silent_ranks(value, share)[code] for code in by_name for share in (0.3, 0.2, 0.1, 0.0)
    ]
    colours = [LOOKS[look].bar for look in page.marks["look"][:4]]
    shades = [sum(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in colours]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 4
    assert [word for word in page.words if word in NAMES.values()] == [NAMES[c] for c in by_name]
    widest = silent_ranks(value, 0.3)[by_name[0]]
    assert any(word.endswith(f"\u00a0[{widest[0]}–{widest[1]}]") for word in page.words)
    assert "up to 10, 20 and 30 per cent of those to whom it happened" in page.text
    record = records["silence-clear"]
    assert "assumptions, not estimates" in record.caption
    assert "with up to 0 per cent silent: 1 and 1." in record.alt
    first = sum(low == 1 for low, _ in silent_ranks(value, 0.3).values())
    assert f"with up to 30 per cent silent: {first} and " in record.alt


def test_a_bar_of_one_rank_reaches_as_far_on_both_sides():
    axis = Axis(0.4, 3.6, (1.0, 2.0, 3.0), ("1", "2", "3"))
    canvas = Canvas(64, 10)
    draw_mark(canvas, Mark(None, 2.0, 2.0, "shade 1", address="two"), axis.between(0, 64), 5)
    box = read_boxes(canvas.render_svg(""))["two"]
    assert (box.left, box.right) == pytest.approx((25.0, 39.0), abs=0.001)


def test_what_is_no_silence_has_no_figure_of_it(drawn):
    told = {**CODEBOOK.model_dump(mode="json")}
    for entry in told["indicators"]:
        entry["silence"] = False
    pages, records = drawn(codebook=Codebook.model_validate(told))
    assert "silence-clear" not in records
    assert "ranks-clear" in pages


@pytest.mark.parametrize("philippines", ["30.7", "18.0", "9.0"])
def test_no_text_names_the_highest_or_lowest_unless_one_country_alone_may_be(drawn, philippines):
    made = tables("clear", SHOWN | {"PHL": philippines}, REGIONS, APART)
    sets = made["rank_sets"]
    sets = sets.assign(
        may_be_highest=sets["rank_low"] == 1, may_be_lowest=sets["rank_high"] == sets["countries"]
    )
    alone = find_sole_extremes(sets.astype(str).to_dict("records"), "clear")
    highest, lowest = alone.get("highest"), alone.get("lowest")
    _, records = drawn(SHOWN | {"PHL": philippines})
    for record in records.values():
        said = record.alt + record.caption
        only = re.findall(r"[Oo]nly ([\w ]+?) may have the (highest|lowest)", said)
        assert set(only) <= {(NAMES.get(highest), "highest"), (NAMES.get(lowest), "lowest")}
        rest = re.sub(r"may have the (highest|lowest) share", "", said)
        assert not re.search("highest|lowest", rest)
    assert (highest == "PHL") is (philippines == "30.7")


def test_where_any_order_is_possible_no_end_is_named(drawn):
    _, records = drawn({"KEN": "15.0", "PHL": "15.5", "KHM": "14.0"}, {})
    alt = records["ranks-clear"].alt
    assert "Any of the 3 countries may be at any place." in alt
    assert "No pair of countries has ranks that do not overlap." in alt
    assert not re.search("highest|lowest", alt)


def test_pooled_estimates_stand_below_the_countries_and_are_said(drawn):
    pages, records = drawn()
    page = pages["pooled-clear"]
    labels = ["Each country the same", "By number of children", "Random effects"]
    below = ["Viet Nam", *labels, "A similar country"]
    assert order(page, *below) == below
    alt = records["pooled-clear"].alt
    assert "Each country the same: 11.5–12.3% (9.5 to 14.3)." in alt
    assert (
        "If these countries were a random sample, which they are not, another one could have 3 to "
        "26 per cent." in alt
    )
    # A bar for the range and a line for the interval, and no dot of a pooled estimate.
    assert page.marks["value"].count() == len(SHOWN) - 2  # one hidden, one apart
    assert page.ends(sign="range") == [(11.5, 12.3), (12.5, 13.3), (11.0, 11.8)]
    assert len(page.ends(look="pooled", sign="")) == 3
    assert "91 per cent of the variation between the estimates is more than chance." in alt
    for said in (page.text, alt):
        assert BY_BOUND in said


def test_a_curve_stands_over_its_interval_where_there_are_countries_enough(drawn, tmp_path):
    _, _ = drawn()
    svg = (tmp_path / "pooled-clear.svg").read_text("utf-8")
    (area,) = re.findall(r'<path d="([^"]*)z" fill="#C9DCE4" data-n="([^"]*)"/>', svg)
    (line,) = (line for line in read_lines(svg, area[1]) if line.length > 50)
    ends = [float(number) * MM_PER_POINT for number in re.findall("[-0-9.]+", area[0])[::2]]
    assert min(ends) == pytest.approx(line.x, abs=1.0)
    few = {code: SHOWN[code] for code in ("ETH", "KEN", "PHL")}
    pages, _ = drawn(few, {})
    assert 'fill="#C9DCE4"' not in (tmp_path / "pooled-clear.svg").read_text("utf-8")
    assert any(
        "A similar country: 95 per cent prediction interval, as if these" in word
        for word in pages["pooled-clear"].words
    )


def test_a_forecast_that_leaves_out_less_than_half_of_all_shares_is_not_drawn(drawn):
    def widen(tables):
        pooled = tables["pooled"]
        pooled.loc[pooled["estimand"] == "random_effects", "prediction_high"] = 0.9

    page = drawn(change=widen)[0]["pooled-clear"]
    assert "Random effects" in page.text
    assert "A similar country" not in page.text


QUANTILES = {4: 2.776445, 8: 2.306004, 12: 2.178813}  # 97.5 per cent of t, from a printed table


@pytest.mark.parametrize(("low", "high", "df"), [(0.04, 0.29, 12), (0.3, 0.9, 4), (0.01, 0.05, 8)])
def test_the_curve_is_the_density_of_the_predictive_distribution(low, high, df):
    share, density = prediction_density(low, high, df, 0.95)
    assert density.max() == 1.0
    # By the distribution function of t: the area between two shares over that between the limits.
    centre, half = (logit(low) + logit(high)) / 2, (logit(high) - logit(low)) / 2
    scale = half / QUANTILES[df]
    inside = (share >= low) & (share <= high)
    middle = (share >= low) & (share <= share[inside][inside.sum() // 2])
    area = np.trapezoid(density[middle], share[middle]) / np.trapezoid(
        density[inside], share[inside]
    )
    z = (logit(share) - centre) / scale
    exact = (stdtr(df, z[middle][-1]) - stdtr(df, z[middle][0])) / (
        stdtr(df, z[inside][-1]) - stdtr(df, z[inside][0])
    )
    assert area == pytest.approx(exact, abs=2e-3)


def test_bounds_stand_behind_the_intervals_of_estimates(drawn):
    pages, records = drawn()
    page = pages["bounds-clear"]
    values = [9.0, 17.6, 9.5, 2.0, 30.7]  # Africa then Asia, by name
    lower = [float(int(0.95 * value)) for value in values]
    assert page.ends(look="extent") == [(low, low + 5) for low in lower]
    assert page.marks["value"].dropna().tolist() == values
    assert LOOKS["extent"].layer < LOOKS["extent interval"].layer < LOOKS["plain"].layer
    alt = records["bounds-clear"].alt
    assert "Width of the bounds: 5 points." in alt
    # Whoever left a part open has answered others: "no valid answer" would be wrong of them.
    assert "Left a question open and said yes to none: 5 per cent of those asked." in alt
    assert "valid answer" not in alt + page.text
    # Of 10 pairs, 9 are more than 5 points apart and 5 more than 10.
    assert "5 of the 9 pairs of countries that differ keep their order even" in alt


def test_bounds_of_one_question_speak_of_valid_answers(drawn):
    book = CODEBOOK.model_dump(mode="json")
    clear = next(one for one in book["indicators"] if one["id"] == "clear")
    clear |= {"any_of": [], "numerator": [{"item": "answer", "among": ["yes"]}]}
    pages, records = drawn(codebook=type(CODEBOOK).model_validate(book))
    assert "Valid answers: 95 per cent of those asked." in records["bounds-clear"].alt
    assert "who gave no valid answer had said yes." in pages["bounds-clear"].text


def test_a_figure_says_who_when_and_by_which_source(drawn):
    pages, records = drawn()
    for name, record in records.items():
        for said in (record.title, record.subtitle, record.source, "Fieldwork: 2020 and 2021."):
            assert said in pages[name].text, name
        # How many of two groups answered is in no table of the comparison: n of whole countries
        # would be read as theirs.
        n = ", n\u00a0=" in record.source
        assert record.source.startswith("Source: household survey")
        assert n != (record.kind == "gaps"), name
        assert "children" in record.subtitle, name
    assert "in the past year" in records["comparison-clear"].subtitle


def test_captions_are_short_and_repeat_no_title(drawn):
    _, records = drawn()
    for name, record in records.items():
        assert 0 < len(record.caption.split()) <= 25, name
        assert record.title not in record.caption, name
        assert len(record.title.split()) <= 14, name
        assert len(record.subtitle.split()) <= 30, name
        assert len(record.source.split()) <= 30, name
        assert len(record.alt_short.split()) <= 45, name
        assert any(sign.isdigit() for sign in record.alt_short), f"{name}: no finding"


@pytest.mark.parametrize(
    ("shown", "regions", "ranks"),
    [
        (SHOWN, REGIONS, ": only Philippines may have the highest share"),
        (SHOWN | {"PHL": "18.0"}, REGIONS, r": [2-4] of 5 countries may have the highest share"),
        ({"KEN": "15.0", "PHL": "15.5", "KHM": "14.0"}, {}, ": possible ranks"),
    ],
)
def test_titles_of_ranks_and_gaps_say_what_was_found(drawn, shown, regions, ranks):
    _, records = drawn(shown, {}) if not regions else drawn(shown)
    assert re.fullmatch(f"Label of clear{ranks}", records["ranks-clear"].title)
    gaps = r"Girls compared with boys: clear in (none|\d) of \d countries \(Label of clear\)"
    assert re.fullmatch(gaps, records["gaps-clear-sex"].title)
    assert records["gaps-clear-sex"].title in records["gaps-clear-sex"].alt
