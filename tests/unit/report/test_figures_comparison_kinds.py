"""Each kind of comparison figure: what is drawn where, and that its words say the finding."""

import re
from dataclasses import replace

import numpy as np
import pytest
from comparison_frames import AFRICA, ASIA, ranks, silent_ranks, tables, with_whole_per_cents
from figure_study import CODEBOOK, setting, texts
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from scipy.special import logit, stdtr

from disrupting_harm.report.figures.comparison.draw_comparison import draw_comparison
from disrupting_harm.report.figures.comparison.pooled_estimates import prediction_density
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.widths import WIDE
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


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draw and return the figures and records by kind (the last, where a kind has several)."""

    def run(
        shown=SHOWN, apart=APART, regions=REGIONS, change=None, codebook=CODEBOOK, groups=None,
    ):  # fmt: skip
        figures = {}
        monkeypatch.setattr(
            print_formats,
            "write_figure",
            lambda figure, _, name, *rest: figures.update({name: figure}) or (f"{name}.svg",),
        )
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
        return figures, {record.id: record for record in records}

    return run


def height(figure, text):
    return next(t.get_position()[1] for a in figure.axes for t in a.texts if t.get_text() == text)


def order(figure, *words):
    return sorted(words, key=lambda word: height(figure, word))


def test_countries_stand_by_name_inside_their_region_incomparable_ones_below(drawn):
    figures, records = drawn()
    names = {*NAMES.values(), "South Africa†"}
    named = [text for text in texts(figures["comparison-clear"]) if text in names]
    assert order(figures["comparison-clear"], *named) == [
        "Ethiopia", "Kenya", "Cambodia", "Indonesia", "Philippines", "Viet Nam", "South Africa†",
    ]  # fmt: skip
    assert height(figures["comparison-clear"], "Not comparable") > height(
        figures["comparison-clear"], "Viet Nam"
    )
    record = records["comparison-clear"]
    assert "alphabetical" in record.caption
    assert "Only a bound is printed: Viet Nam (under 5%). Not comparable: South Africa." in (
        record.alt
    )


def test_small_shares_are_printed_as_in_all_figures(drawn):
    def small(made):
        pooled = made["pooled"]
        numbers = ["estimate", "set_low", "set_high", "ci_low", "ci_high"]
        pooled[numbers] = [0.004, np.nan, np.nan, 0.0, 0.02]

    figures, records = drawn(shown=SHOWN | {"IDN": "0.3"}, change=small)
    for kind in ("comparison", "pooled", "denominators"):
        written = texts(figures[f"{kind}-clear"])
        assert any("under 1%" in text and "(<1–3)" in text for text in written), kind
        shares = [text for text in written if "%" in text]
        assert not [text for text in shares if re.search(r"<1%|\b0%|\(0–", text)], kind
    assert "under 1%\u00a0(<1–2)" in texts(figures["comparison-clear"])
    assert "their mean is <1 per cent (interval <1 to 2)." in records["comparison-clear"].alt
    assert any(text.startswith("under 1%") for text in texts(figures["bounds-clear"]))


def test_another_survey_has_a_grey_square_and_a_dagger(drawn):
    figures, _ = drawn()
    written = texts(figures["comparison-clear"])
    assert "South Africa†" in written
    assert any(text.startswith("10%") and text.endswith(")†") for text in written)
    assert "† Open square: another survey, not to be compared." in written
    dots = [c for c in figures["comparison-clear"].axes[1].collections
            if isinstance(c, PathCollection)]  # fmt: skip
    apart = [c for c in dots if to_hex(c.get_edgecolors()[0]) == style.GREY.lower()]
    assert [to_hex(c.get_facecolors()[0]) for c in apart] == ["#ffffff"]
    # A square has four corners, a dot many.
    assert len(apart[0].get_paths()[0].vertices) < 8 < len(dots[0].get_paths()[0].vertices)


def test_the_band_is_the_mean_of_the_region_with_its_interval(drawn):
    figures, records = drawn()
    plot = figures["comparison-clear"].axes[1]
    bands = [c for c in plot.collections if isinstance(c, PolyCollection)]
    limits = [(p.get_paths()[0].vertices[:, 0].min(), p.get_paths()[0].vertices[:, 0].max())
              for p in bands]  # fmt: skip
    # Means of (9.0, 17.6) and of (9.5, 2.0, 30.7, below 5): limits two points either side, as the
    # frames say, and behind them those of the range of the second.
    assert np.allclose(limits, [(11.3, 15.3), (8.5, 13.8), (10.5, 11.8)])
    assert "13%\u00a0(11–15)" in texts(figures["comparison-clear"])
    alt = records["comparison-clear"].alt
    assert f"{AFRICA}: estimates of 2 countries, 9 to 18 per cent; their mean is 13 per" in alt
    assert "Above this mean: Kenya. Below this mean: Ethiopia." in alt


BY_BOUND = (
    "Bar of an average: where it lies, as the estimate of Viet Nam (under 5%) is not printed."
)


def test_a_mean_is_a_range_where_a_country_counts_with_its_bound(drawn):
    figures, records = drawn()
    plot = figures["comparison-clear"].axes[1]
    asia = [c for c in plot.collections if isinstance(c, PolyCollection)][-1]
    (hidden,) = [p for p in plot.patches if isinstance(p, Rectangle)]  # the place of Viet Nam
    # The mean holds it, so that its bar passes it; no line says where in the bar the mean is.
    assert asia.get_paths()[0].vertices[:, 1].max() > hidden.get_y()
    written = " ".join(texts(figures["comparison-clear"]))
    assert "mean of the countries that it passes" in written
    assert BY_BOUND in written
    assert BY_BOUND in records["comparison-clear"].alt, "those who hear it know it, too"
    assert "mean of 4" in texts(figures["comparison-clear"])
    assert "10.5–11.8%\u00a0(8.5–13.8)" in texts(figures["comparison-clear"])
    assert (
        "the mean with those that are hidden lies between 10.5 and 11.8 per cent (interval 8.5 to "
        "13.8)." in records["comparison-clear"].alt
    )
    # The test is against the mean of those with an estimate, which is not the one that is drawn.
    assert "Above the mean of those with an estimate: Philippines." in (
        records["comparison-clear"].alt
    )


def test_without_regions_the_band_is_the_mean_of_all(drawn):
    figures, records = drawn(apart={}, regions={})
    plot = figures["comparison-clear"].axes[1]
    # Its interval, and the range that the hidden country makes of it.
    assert sum(isinstance(c, PolyCollection) for c in plot.collections) == 2
    assert records["comparison-clear"].alt.count("All countries: estimates of 6 countries") == 1


def test_a_table_of_means_that_is_missing_leaves_the_band_out(drawn):
    figures, _ = drawn(change=lambda made: made.pop("pooled"))
    plot = figures["comparison-clear"].axes[1]
    assert not [c for c in plot.collections if isinstance(c, PolyCollection)]
    assert "band" not in " ".join(texts(figures["comparison-clear"]))


def test_rank_bars_reach_from_the_first_to_the_last_possible_rank(drawn):
    figures, records = drawn()
    value = {c: float(t) / 100 for c, t in SHOWN.items() if c not in ("ZAF", "VNM")}
    expected = ranks(value)
    plot = figures["ranks-clear"].axes[1]
    bars = [c.get_paths()[0].vertices for c in plot.collections if isinstance(c, PolyCollection)]
    drawn_ranks = [(round(b[:, 0].min() + 0.35), round(b[:, 0].max() - 0.35)) for b in bars]
    assert drawn_ranks == sorted(expected.values())
    alt = records["ranks-clear"].alt
    assert "Only Philippines may have the highest share of the 5 countries with an" in alt
    assert "Only Indonesia may have the lowest share" in alt
    assert "In 9 of 10 pairs of countries the ranks do not overlap" in alt


def test_bars_widen_with_silence_the_palest_at_the_back(drawn):
    figures, records = drawn()
    value = {c: float(t) / 100 for c, t in SHOWN.items() if c not in ("ZAF", "VNM")}
    by_rank = sorted(ranks(value), key=lambda code: (*ranks(value)[code], NAMES[code]))
    plot = figures["silence-clear"].axes[1]
    bars = [c for c in plot.collections if isinstance(c, PolyCollection)]
    corners = [bar.get_paths()[0].vertices[:, 0] for bar in bars]
    drawn_ranks = [(round(x.min() + 0.35), round(x.max() - 0.35)) for x in corners]
    assert drawn_ranks == [
        silent_ranks(value, share)[code] for share in (0.3, 0.2, 0.1, 0.0) for code in by_rank
    ]
    shades = [bar.get_facecolor()[0][:3].sum() for bar in bars]
    assert shades == sorted(shades, reverse=True)
    assert to_hex(bars[-1].get_facecolor()[0]) == style.TEAL.lower()
    named = [text for text in texts(figures["silence-clear"]) if text in NAMES.values()]
    assert named == [NAMES[code] for code in by_rank]
    widest = silent_ranks(value, 0.3)[by_rank[0]]
    written = texts(figures["silence-clear"])
    assert any(text.endswith(f"\u00a0[{widest[0]}–{widest[1]}]") for text in written)
    assert "up to 10, 20 and 30 per cent of those to whom it happened" in " ".join(written)
    record = records["silence-clear"]
    assert "assumptions and not estimates" in record.caption
    assert "with up to 0 per cent silent: 1 and 1." in record.alt
    first = sum(low == 1 for low, _ in silent_ranks(value, 0.3).values())
    assert f"with up to 30 per cent silent: {first} and " in record.alt


def test_what_is_no_silence_has_no_figure_of_it(drawn):
    told = {**CODEBOOK.model_dump(mode="json")}
    for entry in told["indicators"]:
        entry["silence"] = False
    figures, records = drawn(codebook=Codebook.model_validate(told))
    assert "silence-clear" not in records
    assert "ranks-clear" in figures


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
        only = re.findall(r"Only ([\w ]+?) may have the (highest|lowest)", said)
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
    figures, records = drawn()
    labels = ["Each country the same", "By number of children", "Random effects"]
    below = ["Viet Nam", *labels, "A similar country"]
    assert order(figures["pooled-clear"], *below) == below
    alt = records["pooled-clear"].alt
    assert "Each country the same: 11.5–12.3% (9.5 to 14.3)." in alt
    assert (
        "If these countries were a random sample, which they are not, another one could have 3 to "
        "26 per cent." in alt
    )
    # A bar for the range and a line for the interval, and no dot of a pooled estimate.
    plot = figures["pooled-clear"].axes[1]
    dots = [c for c in plot.collections if type(c).__name__ == "PathCollection"]
    assert sum(len(c.get_offsets()) for c in dots) == len(SHOWN) - 2  # one hidden, one apart
    bars = [line.get_segments()[0][:, 0] for line in plot.collections
            if isinstance(line, LineCollection) and line.get_linewidth()[0] == 6]  # fmt: skip
    assert np.allclose(bars, [(11.5, 12.3), (12.5, 13.3), (11.0, 11.8)])
    assert "91 per cent of the variation between the estimates is more than chance." in alt
    for said in (" ".join(texts(figures["pooled-clear"])), alt):
        assert BY_BOUND in said


def test_few_countries_have_a_prediction_interval_without_a_curve(drawn):
    few = {code: SHOWN[code] for code in ("ETH", "KEN", "PHL")}
    figures, _ = drawn(few, {})
    plot = figures["pooled-clear"].axes[1]
    assert not [c for c in plot.collections if isinstance(c, PolyCollection)]
    assert any(
        "A similar country: 95 per cent prediction interval, as if these" in text
        for text in texts(figures["pooled-clear"])
    )


QUANTILES = {4: 2.776445, 8: 2.306004, 12: 2.178813}  # 97.5 per cent of t, from a printed table


@pytest.mark.parametrize(("low", "high", "df"), [(0.04, 0.29, 12), (0.3, 0.9, 4), (0.01, 0.05, 8)])
def test_the_ridge_is_the_density_of_the_predictive_distribution(low, high, df):
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
    figures, records = drawn()
    plot = figures["bounds-clear"].axes[1]
    bars = [p for p in plot.patches if isinstance(p, Rectangle) and to_hex(p.get_facecolor()) !=
            style.PLACE.lower()]  # fmt: skip
    spans = [(p.get_x(), p.get_width()) for p in bars]
    values = [9.0, 17.6, 9.5, 2.0, 30.7]  # Africa then Asia, by name
    assert np.allclose(spans, [(int(0.95 * v), 5.0) for v in values])
    alt = records["bounds-clear"].alt
    assert "Width of the bounds: 5 points." in alt
    # Whoever left a part open has answered others: "no valid answer" would be wrong of them.
    assert "Left a question open and said yes to none: 5 per cent of those asked." in alt
    assert "valid answer" not in alt + " ".join(texts(figures["bounds-clear"]))
    # Of 10 pairs, 9 are more than 5 points apart and 5 more than 10.
    assert "5 of the 9 pairs of countries that differ keep their order even" in alt


def test_bounds_of_one_question_speak_of_valid_answers(drawn):
    book = CODEBOOK.model_dump(mode="json")
    clear = next(one for one in book["indicators"] if one["id"] == "clear")
    clear |= {"any_of": [], "numerator": [{"item": "answer", "among": ["yes"]}]}
    figures, records = drawn(codebook=type(CODEBOOK).model_validate(book))
    assert "Valid answers: 95 per cent of those asked." in records["bounds-clear"].alt
    assert "who gave no valid answer had said yes." in " ".join(texts(figures["bounds-clear"]))


def test_a_figure_says_who_when_and_by_which_source(drawn):
    figures, records = drawn()
    for name, record in records.items():
        written = " ".join(texts(figures[name]))
        for said in (record.title, record.subtitle, record.source, "Fieldwork: 2020 and 2021."):
            assert said in written, name
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
