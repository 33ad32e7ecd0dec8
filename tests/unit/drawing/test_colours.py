"""Nobody needs colour to read a figure: in three kinds of colour vision, and printed in grey."""

from itertools import combinations

import numpy as np
import pytest

from disrupting_harm.report.drawing import style
from disrupting_harm.report.drawing.style import LOOKS, Look

# What of linear red, green and blue somebody sees who lacks a kind of cones (Machado, Oliveira and
# Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1), and what is left of them in grey (BT.709).
LIGHT = [0.2126, 0.7152, 0.0722]
VISION = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "grey": [LIGHT, LIGHT, LIGHT],
}
LETTERS = ("INK", "TEAL", "RUST", "GREY")
MARKS = ("TEAL", "RUST", "TINT", "RUST_TINT", "MID")


def read_light(colour: str, vision: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2) as somebody sees it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(np.clip(np.array(VISION[vision]) @ linear, 0, 1) @ LIGHT)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(
    ("names", "least"), [(LETTERS, 4.5), (MARKS, 3.0)], ids=["letters", "marks"]
)
def test_what_is_drawn_stands_out_on_white(vision: str, names: tuple[str, ...], least: float):
    for name in names:
        contrast = 1.05 / (read_light(getattr(style, name), vision) + 0.05)
        assert contrast >= least, f"{name}: {contrast:.1f}"


def describe_without_colour(look: Look) -> tuple[object, ...]:
    """Return how a dot looks to who sees no colour: shape, whether it is filled, and its line."""
    return look.shape, look.fill == look.edge, bool(look.dashes), look.line_width


def test_looks_of_dots_differ_in_more_than_colour():
    dots = {name: look for name, look in LOOKS.items() if look.shape and look.line}
    same = {
        frozenset((a, b))
        for a, b in combinations(dots, 2)
        if describe_without_colour(dots[a]) == describe_without_colour(dots[b])
    }
    # A row to look at has bold letters, too.
    assert same == {
        frozenset(("plain", "highlight")),
        frozenset(("caution", "highlight caution")),
    }
