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
_FIRST_BITS = np.array(
    [0, 8, 16], "<u4"
)  # the first bits of red, green and blue in a pixel's number


def reduce_colours(renderer: RendererAgg) -> Image.Image:
    """Return the drawn pixels as a picture of at most ``COLOURS`` colours, not transparent."""
    # The fourth byte of a pixel is its transparency.
    pixels = np.frombuffer(renderer.buffer_rgba(), "<u4") & 0xFFFFFF
    # Most pixels are like the one before: runs of them are fewer by far.
    starts = np.flatnonzero(np.concatenate(([True], pixels[1:] != pixels[:-1])))
    lengths = np.diff(starts, append=pixels.size)
    colour_numbers, of_run = np.unique(pixels[starts], return_inverse=True)
    filled = np.bincount(of_run, lengths)
    colours = (colour_numbers[:, None] >> _FIRST_BITS & 0xFF).astype(int)
    order = np.lexsort((*colours.T[::-1], filled))[::-1]
    areas = int((filled >= AREA * pixels.size).sum())
    palette, nearest = _choose_palette(colours[order], max(1, min(areas, COLOURS // 2)))
    of_colour = np.empty(len(order), np.uint8)
    of_colour[order] = nearest
    image_size = int(renderer.width), int(renderer.height)
    image = Image.frombytes("P", image_size, np.repeat(of_colour[of_run], lengths).tobytes())
    image.putpalette(colours[order][palette].astype(np.uint8).tobytes())
    return image


def _choose_palette(colours: np.ndarray, fixed_count: int) -> tuple[list[int], np.ndarray]:
    """Return the rows of the colours chosen, and for each colour which of these is nearest.

    The first ones are chosen, and then one after the other that which is farthest from all chosen
    ones (Gonzalez 1985, doi:10.1016/0304-3975(85)90224-5).

    Args:
        colours: different ones, a row each: red, green, blue.
        fixed_count: how many of the first are chosen in any case.
    """
    chosen_colours = list(range(fixed_count))
    distances = [((colours - colours[index]) ** 2).sum(axis=1) for index in chosen_colours]
    nearest_distances: np.ndarray = np.min(distances, axis=0)
    while len(chosen_colours) < min(COLOURS, len(colours)):
        chosen_colours.append(int(np.argmax(nearest_distances)))
        distances.append(((colours - colours[chosen_colours[-1]]) ** 2).sum(axis=1))
        nearest_distances = np.minimum(nearest_distances, distances[-1])
    return chosen_colours, np.argmin(distances, axis=0)
