"""Paired dots of two denominators, and panels of differences of groups, beside their tables."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd
import pytest
from comparison_frames import AFRICA, ASIA, tables, with_whole_per_cents
from figure_study import CODEBOOK, setting
from hypothesis import given
from hypothesis import strategies as st
from whole_per_cents_by_hand import DIFFERENCE, table_with_wholes

from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.scales import points_axis
from disrupting_harm.report.drawing.widths import WEB, WIDE
from disrupting_harm.report.figures.comparison import draw_comparison as module
from disrupting_harm.report.figures.figure_record import FigureRecord
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
COMPARED = ["Ethiopia", "Kenya", "Cambodia", "Indonesia", "Philippines"]


@dataclass(frozen=True)
class Drawn:
    """One figure: its declaration, what stands round it, its entry and the tables behind it."""

    chart: RowChart
    frame: Frame
    record: FigureRecord
    tables: dict[str, pd.DataFrame]

    def texts(self, cut=WIDE):
        """All texts of the page in the order in which they were written."""
        return [text.text for text in self.chart.draw(replace(self.frame, cut=cut)).texts]


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draw the kinds "denominators" and "gaps" and return the figures by id."""

    def run(change=None, codebook=CODEBOOK, groups=None):
        charts = {}
        write = module.write_figure_record

        def catch(identity, chart, frame, *rest, **more):
            charts[identity.id] = chart, frame
            return write(identity, chart, frame, *rest, **more)

        monkeypatch.setattr(module, "write_figure_record", catch)
        made = tables("clear", SHOWN, REGIONS, {"ZAF": "another survey"})
        if change:
            change(made)
        made = with_whole_per_cents(made)
        context = replace(setting("by country"), cut=WIDE)
        records = module.draw_comparison(
            made, NAMES, REGIONS, codebook, context, tmp_path, kinds=["denominators", "gaps"],
            groups=groups,
        )  # fmt: skip
        return {
            record.id: Drawn(*charts.get(record.id, (None, None)), record, made)
            for record in records
        }

    return run


def with_ages() -> Codebook:
    book = CODEBOOK.model_dump(mode="json")
    book["items"].append({"id": "age", "type": "number", "minimum": 12, "maximum": 17})
    bands = {"12-13": [12, 13], "14-15": [14, 15], "16-17": [16, 17]}
    book["domains"].append({"id": "age_band", "label": "Age", "item": "age", "bands": bands})
    return Codebook.model_validate(book)


def test_both_shares_of_a_country_stand_in_its_row_as_the_table_has_them(drawn):
    figure = drawn()["denominators-clear"]
    assert [row.label for row in figure.chart.rows] == COMPARED
    names = {name: code for code, name in NAMES.items()}
    table = figure.tables["denominators"].set_index(["country", "denominator"])
    marks = list(figure.chart.list_marks())
    assert len(marks) == 2 * len(COMPARED)
    for mark in marks:
        denominator = ("internet_using_children", "all_children")[mark.slot]
        row = table.loc[(names[mark.row], denominator)]
        numbers = (100 * row[column] for column in ("estimate", "ci_low", "ci_high"))
        assert (mark.value, mark.low, mark.high) == pytest.approx(tuple(numbers), abs=0.005)
        assert mark.look == ("plain", "second")[mark.slot]
        assert mark.address == f"compare/denominators/clear/{names[mark.row]}/{denominator}"


@pytest.mark.parametrize("cut", [WIDE, WEB])
def test_shares_and_numbers_of_children_stand_beside_their_names(drawn, cut):
    figure = drawn()["denominators-clear"]
    words = " ".join(figure.texts(cut)).replace("\u00a0", " ")
    assert "31% (28–33)" in words  # the Philippines, of internet users
    assert "2% (<1–5)" in words  # Ethiopia: 9.0 times a quarter, of all children
    for heading in ("of internet users", "of all children"):
        assert heading in words
    assert words.index(AFRICA) < words.index("Kenya") < words.index(ASIA)


def test_numbers_of_children_are_in_thousands_where_none_is_smaller(drawn):
    def many(made):
        for column in ("children", "children_low", "children_high"):
            made["denominators"][column] = {"children": 560_400, "children_low": 440_000}.get(
                column, 700_000
            )

    words = " ".join(drawn(many)["denominators-clear"].texts()).replace("\u00a0", " ")
    assert "children, thousands" in words
    assert "560 (440–700)" in words

    def few(made):
        many(made)
        made["denominators"].loc[made["denominators"]["country"] == "KEN", "children"] = 900

    words = " ".join(drawn(few)["denominators-clear"].texts()).replace("\u00a0", " ")
    assert "number of children" in words
    assert "560,400 (440,000–700,000)" in words


def test_the_alternative_text_counts_the_orders_that_turn_round(drawn):
    def change(made):
        table = made["denominators"]
        everyone = table["denominator"] == "all_children"
        turned = {"PHL": 0.01, "KEN": 0.02, "KHM": 0.03, "ETH": 0.04, "IDN": 0.05}
        table.loc[everyone, "estimate"] = table.loc[everyone, "country"].map(turned)

    alt = drawn(change)["denominators-clear"].record.alt
    assert alt.startswith("Chart of two shares of each country: ")
    assert "In 10 of 10 pairs of countries the order of the estimates turns round." in alt
    assert re.search(r"Countries that may have the highest share among internet users: \w+", alt)


def test_no_country_with_both_denominators_leaves_the_reason(drawn):
    def change(made):
        table = made["denominators"]
        made["denominators"] = table[table["denominator"] != "all_children"]

    assert drawn(change)["denominators-clear"].record.absent == (
        "No country has both denominators of this indicator."
    )


def test_further_pairs_and_countries_with_one_denominator_are_listed_as_left_out(drawn):
    def change(made):
        gaps, shares = made["gaps"], made["denominators"]
        sex = gaps[gaps["domain"] == "sex"]
        groups = [sex.assign(level_a=f"group_{at}") for at in range(4)]
        made["gaps"] = pd.concat([gaps[gaps["domain"] != "sex"], *groups], ignore_index=True)
        alone = (shares["country"] == "KEN") & (shares["denominator"] == "all_children")
        assert alone.sum() == 1
        made["denominators"] = shares[~alone].reset_index(drop=True)

    figures = drawn(change)
    (further,) = figures["gaps-clear-sex"].record.undrawn.values()
    assert len(further) == 5
    assert all("group_3" in address for address in further)
    (address,) = figures["denominators-clear"].record.undrawn["one_denominator"]
    assert "KEN" in address
    assert "Kenya" not in [row.label for row in figures["denominators-clear"].chart.rows]


def test_differences_stand_with_their_intervals_on_an_axis_round_zero(drawn):
    figure = drawn()["gaps-clear-sex"]
    (panel,) = figure.chart.panels
    assert panel.heading == "Girls compared with boys"
    assert panel.zero
    assert panel.axis.low == -panel.axis.high
    assert 0 in panel.axis.ticks
    gaps = figure.tables["gaps"]
    by_address = {mark.address: mark for mark in figure.chart.list_marks()}
    rows = gaps[gaps["domain"] == "sex"]
    assert len(by_address) == len(rows)
    for row in rows.itertuples():
        mark = by_address[f"compare/gaps/clear/sex/{row.level_a}/{row.level_b}/{row.country}"]
        numbers = (100 * row.difference, 100 * row.ci_low, 100 * row.ci_high)
        assert (mark.value, mark.low, mark.high) == pytest.approx(numbers, abs=0.005)


@pytest.mark.parametrize("clear", [True, False])
def test_filled_dots_are_the_clear_gaps(drawn, clear):
    figures = drawn(lambda made: made.update(gaps=made["gaps"].assign(clear=clear)))
    looks = {mark.look for mark in figures["gaps-clear-sex"].chart.list_marks()}
    assert looks == {"plain" if clear else "open"}
    svg = figures["gaps-clear-sex"].chart.draw(figures["gaps-clear-sex"].frame).render_svg("x")
    assert set(re.findall(r'<circle[^>]* fill="([^"]+)"', svg)) == {"#0B4F6C" if clear else "white"}


def test_the_alternative_text_of_gaps_counts_those_other_than_zero(drawn):
    def change(made):
        gaps = made["gaps"]
        sex = gaps["domain"] == "sex"
        gaps.loc[sex, "clear"] = gaps.loc[sex, "country"].isin(["KEN", "PHL"])
        gaps.loc[sex & (gaps["country"] == "KEN"), "difference"] = 0.05
        gaps.loc[sex & (gaps["country"] == "PHL"), "difference"] = -0.05
        made["gap_pairs"]["clear"] = made["gap_pairs"]["country_b"] == "PHL"

    alt = drawn(change)["gaps-clear-sex"].record.alt
    assert "the difference is clear in 2 of 5 countries. Above zero: Kenya." in alt
    assert "Below zero: Philippines. 4 of 10 pairs of countries differ" in alt


def without_kenya(made):
    gaps = made["gaps"]
    made["gaps"] = gaps[gaps["country"] != "KEN"].reset_index(drop=True)


def test_a_country_without_any_tested_difference_keeps_its_row(drawn):
    figure = drawn(without_kenya)["gaps-clear-sex"]
    written = figure.texts()
    assert {"Kenya", "not tested"} <= {*written}
    assert any(text.startswith("Not tested where") for text in written)
    assert "in none of 4 countries. Not tested: Kenya." in figure.record.alt


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [
        (("present", "suppress_disclosure"), "Not tested, to protect those who answered: Kenya."),
        (
            ("suppress_reliability", "present"),
            "Not tested, as a group's share is too uncertain: Kenya.",
        ),
        (("present", "present"), "Not tested where the share of a group is not shown, or nobody"),
    ],
)
def test_a_figure_says_why_a_difference_is_not_tested_where_the_groups_tell_it(
    drawn, statuses, reason
):
    groups = pd.DataFrame(
        {
            "country": "KEN", "indicator": "clear", "domain": "sex", "level": ["girl", "boy"],
            "status": statuses,
        }
    )  # fmt: skip
    words = " ".join(drawn(without_kenya, groups=groups)["gaps-clear-sex"].texts())
    assert reason in words
    assert words.count("Not tested") == 1


@pytest.mark.parametrize(
    ("clear", "low", "printed"),
    [(True, 0.004, "(+1 to +9)"), (True, 0.02, "(+2 to +9)"), (False, -0.004, "(−1 to +9)")],
)
def test_a_printed_interval_leaves_out_zero_where_the_difference_is_clear(
    drawn, clear, low, printed
):
    limits = {"ci_low": low, "ci_high": 0.09}
    figures = drawn(
        lambda made: made.update(
            gaps=table_with_wholes(made["gaps"].assign(clear=clear, **limits), DIFFERENCE)
        )
    )
    words = " ".join(figures["gaps-clear-sex"].texts())
    assert printed in words
    assert "leaves out zero exactly where a difference is clear" in words


def test_a_domain_of_three_levels_has_a_panel_for_each_pair(drawn):
    figure = drawn(codebook=with_ages())["gaps-clear-age_band"]
    assert [panel.heading for panel in figure.chart.panels] == [
        "14-15 compared with 12-13", "16-17 compared with 12-13", "16-17 compared with 14-15",
    ]  # fmt: skip
    assert len({panel.axis for panel in figure.chart.panels}) == 1
    assert figure.record.alt.count("compared with") == 3

    def places(cut):
        page = figure.chart.draw(replace(figure.frame, cut=cut))
        return [(text.x, text.y) for text in page.texts if "compared with" in text.text]

    beside, below = places(WIDE), places(WEB)
    assert len({y for _, y in beside}) == 1
    assert all(left[0] < right[0] for left, right in pairwise(beside))
    assert len({x for x, _ in below}) == 1
    assert all(upper[1] < lower[1] for upper, lower in pairwise(below))


def test_a_row_without_a_difference_says_that_it_was_not_tested(drawn):
    def without(made):
        gaps = made["gaps"]
        gone = (gaps["country"] == "KEN") & (gaps["level_a"] == "16-17")
        gone &= gaps["level_b"] == "12-13"
        made["gaps"] = gaps[~gone].reset_index(drop=True)

    assert "not tested" not in drawn(codebook=with_ages())["gaps-clear-age_band"].texts()
    written = drawn(without, codebook=with_ages())["gaps-clear-age_band"].texts()
    assert written.count("not tested") == 1
    # The row may be missing because nobody of the age was there: the figure claims neither.
    words = " ".join(written)
    assert "Not tested where the share of a group is not shown, or nobody of it was asked." in words


@given(st.floats(0.01, 99.9), st.sampled_from([1, 3]))
def test_axes_round_zero_hold_what_is_drawn(largest, labels):
    axis = points_axis(largest, str, labels)
    assert axis.high == -axis.low == axis.ticks[-1] >= largest
    assert list(axis.ticks) == [-tick for tick in reversed(axis.ticks)]
    assert 0 in axis.ticks
    assert len(axis.ticks) <= 2 * labels + 1
