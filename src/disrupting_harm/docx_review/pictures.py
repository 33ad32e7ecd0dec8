"""Whether two pictures show the same, though a program stored one of them anew."""

import io
import warnings

from PIL import Image, ImageChops

from disrupting_harm.docx_review.archive import Picture, WordFile
from disrupting_harm.docx_review.comparing import SamePicture


def same_in(old: WordFile, new: WordFile) -> SamePicture:
    """Return a test whether a picture of one file has the dots of one of the other file."""

    def same(mine: Picture, theirs: Picture) -> bool:
        before, after = _dots(old.content(mine.part)), _dots(new.content(theirs.part))
        if before is None or after is None or before.size != after.size:
            return False
        return ImageChops.difference(before, after).getbbox() is None

    return same


def _dots(content: bytes | None) -> Image.Image | None:
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
