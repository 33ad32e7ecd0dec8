"""Outlines of letters in few signs are the outlines that the fonts have."""

import numpy as np
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

from disrupting_harm.report.figures.drawing.svg_compaction import shorten_outline
from disrupting_harm.report.figures.drawing.text_shaping import LETTERS, SUBPIXELS

PER_UNIT = 12.8  # matplotlib's parts of a letter to one of ours
ROUNDED = 0.5 + 1e-9
TEXT = "Children 12–17, 20.1% (15.3–26.0) Äñẵ កុមារប្រើប្រាស់ เด็กที่ใช้ ⚑ &@"


def by_matplotlib() -> dict[str, str]:
    """The outlines of the letters of a text as matplotlib writes them into an SVG."""
    found = {}
    for name in LETTERS.shape(TEXT).outline_names:
        points, kinds = LETTERS._outlines[name]
        written, at = [], 0
        while at < len(kinds):
            sign, size = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("z", 1)}[
                kinds[at]
            ]
            numbers = (SUBPIXELS * points[at : at + size]).ravel()
            written.append(sign if sign == "z" else f"{sign} {' '.join(f'{n:g}' for n in numbers)}")
            at += size
        if written:
            found[name] = "\n".join(written)
    return found


def drawn(outline: str) -> list[tuple[str, np.ndarray]]:
    """What a path draws, line by line; without lines that closing it draws once more."""
    pen = RecordingPen()
    parse_path(outline, pen)
    steps = [(kind, np.array(points, dtype=float)) for kind, points in pen.value]
    kept, start = [], None
    for at, (kind, points) in enumerate(steps):
        start = points if kind == "moveTo" else start
        closes = kind == "lineTo" and steps[at + 1][0] == "closePath"
        if not (closes and np.abs(points - start).max() < 1):
            kept.append((kind, points))
    return kept


def test_every_letter_keeps_its_shape() -> None:
    """Points to a thousandth of the letter's size, bends to three, each way."""
    outlines = by_matplotlib()
    assert len(outlines) > 40
    smooth = 0
    for name, theirs in outlines.items():
        expected, found = drawn(theirs), drawn(shorten_outline(theirs))
        assert [kind for kind, _ in found] == [kind for kind, _ in expected], name
        for (_, ours), (_, points) in zip(found, expected, strict=True):
            if len(points):
                off = np.abs(ours - points / PER_UNIT)
                assert off[-1].max() <= ROUNDED, name
                assert off.max() <= 1 + ROUNDED, name
        smooth += shorten_outline(theirs).count("t")
    assert smooth > 100


def test_it_takes_less_than_half_the_signs() -> None:
    outlines = by_matplotlib().values()
    assert sum(map(len, map(shorten_outline, outlines))) < 0.5 * sum(map(len, outlines))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        # A box: its last line is drawn by closing it.
        ("M 0 0\nL 6400 0\nL 6400 640\nL 0 640\nL 0 0\nz", "m0 0h500v50h-500z"),
        ("M 640 64\nL 1280 -64\nL 0 0\nz", "m50 5l50-10-100 5z"),
        # The second curve goes on smoothly, the third does not.
        (
            "M 0 0\nQ 640 640 1280 640\nQ 1920 640 2560 0\nQ 2560 -640 0 0\nz",
            "m0 0q50 50 100 50t100-50q0-50-200 0z",
        ),
    ],
)
def test_how_it_is_written(theirs: str, ours: str) -> None:
    assert shorten_outline(theirs) == ours
