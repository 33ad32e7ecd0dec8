"""Whether two pictures show the same, though a program stored one of them anew."""

import io
import warnings

from PIL import Image, ImageChops

from disrupting_harm.docx_review.archive import Picture, WordFile
from disrupting_harm.docx_review.document_comparison import SamePicture


def make_picture_test(old: WordFile, new: WordFile) -> SamePicture:
    """Return a test whether a picture of one file has the dots of one of the other file."""

    def is_same_picture(old_picture: Picture, new_picture: Picture) -> bool:
        old_pixels, new_pixels = (
            _read_pixels(old.part_bytes(old_picture.part)),
            _read_pixels(new.part_bytes(new_picture.part)),
        )
        if old_pixels is None or new_pixels is None or old_pixels.size != new_pixels.size:
            return False
        return ImageChops.difference(old_pixels, new_pixels).getbbox() is None

    return is_same_picture


def _read_pixels(content: bytes | None) -> Image.Image | None:
    """Return the dots of a picture on white; None where there are none, or too many."""
    if content is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("PNG",)).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
