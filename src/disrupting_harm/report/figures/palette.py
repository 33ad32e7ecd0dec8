"""The pixels of a figure in few colours, so that its file is small.

A figure has a dozen colours, and between them hundreds of blends at the edges of letters and marks.
Its areas and lines keep their colours exactly; of the blends some are kept, and each other one
becomes the nearest of these.
"""

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

COLOURS = 48
# A colour that fills so large a part of the picture is one of an area.
AREA = 0.001
_PLACES = np.array([1, 1 << 8, 1 << 16])  # of red, green and blue in the number of a pixel


def in_few_colours(drawn: RendererAgg) -> Image.Image:
    """Return what was drawn as a picture of at most ``COLOURS`` colours, without transparency."""
    size = int(drawn.width), int(drawn.height)
    picture = Image.frombytes("RGB", size, drawn.buffer_rgba(), "raw", "RGBX")
    counted: Any = picture.getcolors(size[0] * size[1])
    numbered = sorted(counted, reverse=True)
    colours = np.array([colour for _, colour in numbered])
    areas = sum(pixels >= AREA * size[0] * size[1] for pixels, _ in numbered)
    kept, nearest = _kept(colours, max(1, min(areas, COLOURS // 2)))
    of_colour = np.zeros(1 << 24, np.uint8)
    of_colour[colours @ _PLACES] = nearest
    # The fourth byte of a pixel is its transparency.
    pixels = np.frombuffer(drawn.buffer_rgba(), "<u4") & 0xFFFFFF
    few = Image.frombytes("P", size, of_colour[pixels].tobytes())
    few.putpalette(colours[kept].astype(np.uint8).tobytes())
    return few


def _kept(colours: np.ndarray, first: int) -> tuple[list[int], np.ndarray]:
    """Return which colours are kept, and for each colour the place of the nearest of them.

    The first ones are, and then one after the other that which is farthest from all kept ones
    (Gonzalez 1985, doi:10.1016/0304-3975(85)90224-5).

    Args:
        colours: different ones, a row each: red, green, blue.
        first: how many of them are kept in any case.
    """
    kept = list(range(first))
    apart = [((colours - colours[at]) ** 2).sum(axis=1) for at in kept]
    away: np.ndarray = np.min(apart, axis=0)
    while len(kept) < min(COLOURS, len(colours)):
        kept.append(int(np.argmax(away)))
        apart.append(((colours - colours[kept[-1]]) ** 2).sum(axis=1))
        away = np.minimum(away, apart[-1])
    return kept, np.argmin(apart, axis=0)
