"""Scales: where a number stands on the page, and the round ends and ticks of an axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log, log10

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.letters import measure_text
from disrupting_harm.report.language.translator import Translator

WHOLE = 100  # per cent
# Ends of axes that start at 0, with their steps; of per cents up to the whole.
_ENDS = ((5, 1), (10, 2), (20, 5), (30, 5), (40, 10), (60, 10), (80, 20), (100, 20))
# Steps of ticks around zero.
_STEPS = (1, 2, 5, 10, 15, 20, 25, 30, 50, 100)
# Part of an axis by which a mark may stand beyond its end: sums of floats.
_HAIR = 1e-9


@dataclass(frozen=True)
class Axis:
    """Numbers from ``low`` to ``high``, with ticks; ``labels`` are the ticks as printed.

    On a ``logarithmic`` axis, which begins above 0, each step is as many times the one before.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    logarithmic: bool = False

    def between(self, start: float, end: float) -> "Scale":
        """Return the scale on which its low end stands at ``start`` millimetres."""
        return Scale(self, start, end)


@dataclass(frozen=True)
class Scale:
    """An axis on the page, from ``start`` to ``end`` in millimetres."""

    axis: Axis
    start: float
    end: float

    def place(self, number: float) -> float:
        """Return where a number stands, in millimetres.

        Raises:
            StudyError: the number is beyond the axis: what is cut there looks as if it ended there.
        """
        if self.axis.logarithmic:
            share = log(number / self.axis.low) / log(self.axis.high / self.axis.low)
        else:
            share = (number - self.axis.low) / (self.axis.high - self.axis.low)
        if not -_HAIR <= share <= 1 + _HAIR:
            raise StudyError(
                "a figure",
                f"a mark at {number:g} on an axis from {self.axis.low:g} to {self.axis.high:g}",
                "Draw it on an axis that holds it",
            )
        return self.start + (self.end - self.start) * share


def percent_axis(largest: float, translator: Translator[str]) -> Axis:
    """Return an axis of per cents from 0 to a round end that holds ``largest``.

    The sign of per cent stands at both ends.

    Raises:
        StudyError: if it is more than 100 per cent.
    """
    if largest > WHOLE + 1e-9:
        raise StudyError(
            "a per-cent axis", f"it was to hold {largest:g}", "Draw counts on count_axis"
        )
    end, ticks = _ticks_from_zero(largest)
    first, last = translator.with_sign(0), translator.with_sign(int(end))
    inner = [translator.number(tick) for tick in ticks[1:-1]]
    return Axis(0.0, end, ticks, (first, *inner, last))


def count_axis(largest: float, translator: Translator[str]) -> Axis:
    """Return an axis of counts from 0 to a round end that holds ``largest``."""
    end, ticks = _ticks_from_zero(largest)
    return Axis(0.0, end, ticks, tuple(translator.number(tick) for tick in ticks))


def power_axis(smallest: float, largest: float, translator: Translator[str]) -> Axis:
    """Return an axis of counts above 0 from one power of ten to another, with ticks at each."""
    first = floor(log10(smallest))
    last = max(ceil(log10(largest)), first + 1)
    ticks = tuple(10.0**power for power in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, tuple(map(translator.number, ticks)), logarithmic=True)


def points_axis(largest: float, format_points: Callable[[int], str], labels: int) -> Axis:
    """Return an axis of differences in points around zero that holds ``largest`` on each side.

    Args:
        format_points: a whole number of points as printed, with its sign.
        labels: on each side, at most.
    """
    step = next((step for step in _STEPS if labels * step >= largest), _STEPS[-1])
    count = max(1, ceil(largest / step - _HAIR))
    ticks = [step * tick for tick in range(-count, count + 1)]
    end = float(step * count)
    return Axis(-end, end, tuple(map(float, ticks)), tuple(map(format_points, ticks)))


def _ticks_from_zero(largest: float) -> tuple[float, tuple[float, ...]]:
    scale = 1
    while largest > WHOLE * scale + 1e-9:
        scale *= 10
    end, step = next(
        (end * scale, step * scale) for end, step in _ENDS if largest <= end * scale + 1e-9
    )
    return float(end), tuple(float(step * tick) for tick in range(end // step + 1))


def find_tick_step(labels: Sequence[str], tick_distance: float, font_size: float) -> int:
    """Return n where every n-th tick gets a label, so that labels stand clear of each other.

    Args:
        tick_distance: millimetres from one tick to the next.
    """
    for step in range(1, len(labels)):
        widths = [measure_text(label, font_size) for label in labels[::step]]
        if all((a + b) / 2 < step * tick_distance - 1 for a, b in pairwise(widths)):
            return step
    return max(len(labels), 1)
