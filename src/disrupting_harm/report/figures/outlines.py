"""Outlines of letters in few signs: from point to point, in parts that nobody can see.

matplotlib writes every point of a letter from the edge of the drawing, in 6,400 parts of the
letter's size; fonts have a thousand, and 500 are enough: in a text of ten points no point moves by
more than 0.004 millimetres. Here a point counts from the last one, and a curve that goes on
smoothly from the one before, as most do, is its end alone (``t`` in SVG).
"""

import re

UNITS = 500  # in the size of a letter; templates/styles/fallback.typ counts in them, too
_THEIRS = 6400  # matplotlib's: 64ths of a point, in letters of 100 points
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
Point = tuple[int, int]


def shortened(outline: str) -> str:
    """Return the ``d`` of a letter that matplotlib wrote, in ``UNITS`` of the letter's size.

    Points move by half a unit each way at most; bends by one and a half, where a smooth curve
    takes their place.
    """
    steps: list[str] = []
    here = start = (0, 0)
    smooth: Point | None = None  # where a curve that goes on smoothly has its bend
    for kind, numbers in _STEP.findall(outline):
        if kind in "Zz":
            if steps[-1][0] in "lhv" and here == start:
                steps.pop()  # "z" draws it, too
            steps.append("z")
            here, smooth = start, None
            continue
        *bends, end = _points(numbers)
        goes_on = kind == "Q" and smooth is not None and _near(bends[0], smooth)
        if goes_on:
            steps.append("t" + _from(here, [end]))
        elif kind == "L" and 0 in _apart(here, end):
            across, up = _apart(here, end)
            steps.append(f"h{across}" if up == 0 else f"v{up}")
        else:
            steps.append(kind.lower() + _from(here, [*bends, end]))
        bend = smooth if goes_on else bends[0] if kind == "Q" else None
        smooth = (2 * end[0] - bend[0], 2 * end[1] - bend[1]) if bend else None
        here, start = end, end if kind == "M" else start
    return _joined(steps)


def _points(numbers: str) -> list[Point]:
    places = [round(float(number) * UNITS / _THEIRS) for number in numbers.split()]
    return list(zip(places[::2], places[1::2], strict=True))


def _apart(one: Point, other: Point) -> Point:
    return other[0] - one[0], other[1] - one[1]


def _near(one: Point, other: Point) -> bool:
    return max(map(abs, _apart(one, other))) <= 1


def _from(here: Point, points: list[Point]) -> str:
    apart = [str(number) for point in points for number in _apart(here, point)]
    return " ".join(apart).replace(" -", "-")


def _joined(steps: list[str]) -> str:
    """Return steps one after the other; the letter of a step like the one before is left out."""
    parts = []
    for at, step in enumerate(steps):
        again = at > 0 and step[0] == steps[at - 1][0] and step[0] in "qtlc"
        gap = "" if step[1:].startswith("-") else " "
        parts.append(gap + step[1:] if again else step)
    return "".join(parts)
