"""The pixels of a figure in few colours, so that its file is small.

A figure has a dozen colours, and between them hundreds of blends at the edges of letters and marks.
Its areas and lines keep their colours exactly; of the blends some are kept, and each other one
becomes the nearest of these.
"""

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

COLOURS = 48
# A colour that fills so large a part of the picture is one of an area.
AREA = 0.001
_PLACES = np.array([0, 8, 16], "<u4")  # the first bits of red, green and blue in a pixel's number


def in_few_colours(drawn: RendererAgg) -> Image.Image:
    """Return what was drawn as a picture of at most ``COLOURS`` colours, without transparency."""
    # The fourth byte of a pixel is its transparency.
    pixels = np.frombuffer(drawn.buffer_rgba(), "<u4") & 0xFFFFFF
    # Most pixels are like the one before: runs of them are fewer by far.
    starts = np.flatnonzero(np.concatenate(([True], pixels[1:] != pixels[:-1])))
    lengths = np.diff(starts, append=pixels.size)
    found, of_run = np.unique(pixels[starts], return_inverse=True)
    filled = np.bincount(of_run, lengths)
    colours = (found[:, None] >> _PLACES & 0xFF).astype(int)
    order = np.lexsort((*colours.T[::-1], filled))[::-1]
    areas = int((filled >= AREA * pixels.size).sum())
    kept, nearest = _kept(colours[order], max(1, min(areas, COLOURS // 2)))
    of_colour = np.empty(len(order), np.uint8)
    of_colour[order] = nearest
    size = int(drawn.width), int(drawn.height)
    few = Image.frombytes("P", size, np.repeat(of_colour[of_run], lengths).tobytes())
    few.putpalette(colours[order][kept].astype(np.uint8).tobytes())
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
