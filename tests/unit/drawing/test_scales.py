"""Axes hold what is drawn on them, end at a tick, and refuse what is beyond."""

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.scales import (
    Axis,
    count_axis,
    find_tick_step,
    percent_axis,
    power_axis,
)
from disrupting_harm.report.language.translator import build_english

ENGLISH = build_english()


@pytest.mark.parametrize(
    ("largest", "end"),
    [(0.0, 5), (5.0, 5), (5.1, 10), (22.9, 30), (61.0, 80), (80.1, 100), (100.0, 100)],
)
def test_axes_hold_the_largest_limit_and_end_at_a_tick(largest, end):
    axis = percent_axis(largest, ENGLISH)
    assert (axis.low, axis.high, axis.ticks[-1]) == (0, end, end)
    assert (axis.labels[0], axis.labels[-1]) == ("0%", f"{end}%")
    assert axis.labels[1:-1] == tuple(f"{tick:.0f}" for tick in axis.ticks[1:-1])


def test_an_axis_of_per_cents_ends_at_the_whole_and_one_of_counts_does_not() -> None:
    assert percent_axis(100, ENGLISH).ticks == count_axis(100, ENGLISH).ticks
    with pytest.raises(StudyError, match="count_axis"):
        percent_axis(101, ENGLISH)
    for count in (0, 1, 7, 99, 101, 150, 300, 999, 1001, 4500, 123_456):
        axis = count_axis(count, ENGLISH)
        assert count <= axis.high <= max(5, 2 * count)
        steps = {later - tick for tick, later in zip(axis.ticks, axis.ticks[1:], strict=False)}
        assert len(steps) == 1
        assert steps.pop() % 1 == 0
        assert 4 <= len(axis.ticks) <= 7
    assert count_axis(4500, ENGLISH).labels[-1] == "6,000"


@pytest.mark.parametrize("number", [-0.01, 40.01, float("nan")])
def test_a_number_beyond_an_axis_is_refused(number):
    scale = Axis(0, 40, (), ()).between(10, 90)
    assert [scale.place(inside) for inside in (0, 20, 40)] == [10, 50, 90]
    with pytest.raises(StudyError, match="Draw it on an axis that holds it"):
        scale.place(number)


def test_on_a_logarithmic_axis_each_step_is_as_many_times_the_last():
    scale = Axis(1, 10_000, (), (), logarithmic=True).between(0, 80)
    assert [scale.place(10**power) for power in range(5)] == pytest.approx([0, 20, 40, 60, 80])
    with pytest.raises(StudyError, match="on an axis from 1 to 10000"):
        scale.place(0.5)


def test_an_axis_may_run_down_the_page():
    assert Axis(0, 10, (), ()).between(50, 0).place(10) == 0


@pytest.mark.parametrize(("apart", "step"), [(30.0, 1), (12.0, 2), (4.0, 3), (1.0, 5)])
def test_so_many_ticks_have_labels_as_stand_clear_of_each_other(apart, step):
    powers = ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    assert find_tick_step(powers, apart, 8.4) == step


@pytest.mark.parametrize(
    ("counts", "ticks"),
    [
        ((1345, 2_740_905), ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]),
        ((10, 10_000), ["10", "100", "1,000", "10,000"]),
        ((10, 10), ["10", "100"]),
        ((1, 1), ["1", "10"]),
        ((999, 1001), ["100", "1,000", "10,000"]),
    ],
)
def test_an_axis_of_powers_holds_its_counts_and_each_tick_is_ten_times_the_last(counts, ticks):
    axis = power_axis(*counts, ENGLISH)
    assert list(axis.labels) == ticks
    scale = axis.between(0.0, 90.0)
    places = [scale.place(float(tick.replace(",", ""))) for tick in ticks]
    step = 90 / (len(ticks) - 1)
    assert places == pytest.approx([step * n for n in range(len(ticks))])
    assert all(0 <= scale.place(count) <= 90 for count in counts)
