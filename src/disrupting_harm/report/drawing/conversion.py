"""PNG and PDF of a figure, made of its SVG by Typst."""

import io
import json
import re
from html import unescape
from typing import Any, Literal

from disrupting_harm.report.language.fonts import find_published_fonts, load_typst_fonts
from disrupting_harm.report.language.scripts import SCRIPTS, read_ranges

FileFormat = Literal["png", "pdf"]
DOTS_AN_INCH = 300  # of a PNG
COLOURS = 48  # of a PNG: a figure has a dozen, and between them blends at the edges of letters
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_DRAWN_LETTERS = "".join(
    re.escape(chr(point)) for script in SCRIPTS.values() for point in read_ranges(script.drawn)
)
# A text that can be edited, as a canvas writes it, with letters that Typst has to set.
_INTRICATE_TEXT = re.compile(
    r'<text x="(?P<x>[^"]*)" y="(?P<y>[^"]*)" fill="(?P<color>[^"]*)" '
    r'font-family="(?P<families>[^"]*)" font-size="(?P<size>[^"]*)"'
    r'(?: font-weight="(?P<weight>\d+)")?(?: transform="rotate\((?P<turn>[-\d.]+)[^"]*")?'
    r'(?: data-n="[^"]*")?>(?P<words>[^<]*[' + _DRAWN_LETTERS + r"][^<]*)</text>"
)


def convert_svg(svg: str, file_format: FileFormat, dots_an_inch: int = DOTS_AN_INCH) -> bytes:
    """Return an SVG as PNG or PDF with the same title, the same bytes everywhere.

    Typst draws it with the fonts of the project. It must not run in a process that starts others by
    forking: those would wait for ever.

    Raises:
        typst.TypstError: where it is no SVG.
    """
    import typst  # a run draws most figures without it

    found_title = _TITLE.search(svg)
    title = unescape(found_title[1]) if found_title else ""
    # Typst's reader of SVG sets these letters over each other. Its own texts are right, but of some
    # it writes letters twice into the words of a PDF.
    texts = "".join(_place_text(match) for match in _INTRICATE_TEXT.finditer(svg))
    drawing = json.dumps(_INTRICATE_TEXT.sub("", svg), ensure_ascii=False)
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f"#set document(title: {json.dumps(title, ensure_ascii=False)}, date: none)\n"
        f'#image(bytes({drawing}), format: "svg")\n{texts}'
    )
    settings: dict[str, Any] = {"format": file_format, "ppi": dots_an_inch}
    settings["font_paths"] = load_typst_fonts(find_published_fonts()["NotoSans.ttf"].parent)
    content: bytes = typst.compile(source.encode(), **settings)
    return _reduce_colours(content, title, dots_an_inch) if file_format == "png" else content


def _place_text(match: re.Match[str]) -> str:
    """Return Typst's words for a text of an SVG, which stands on its baseline."""
    fonts = ", ".join(json.dumps(name) for name in match["families"].split(", ")[:-1])
    words = json.dumps(unescape(match["words"]), ensure_ascii=False)
    text = (
        f"text(font: ({fonts}), size: {match['size']}pt, weight: {match['weight'] or 400}, "
        f'fill: rgb("{match["color"]}"), top-edge: "baseline", bottom-edge: "baseline", {words})'
    )
    turned = f"rotate({match['turn'] or 0}deg, origin: left + bottom, box({text}))"
    return f"#place(top + left, dx: {match['x']}pt, dy: {match['y']}pt, {turned})\n"


def _reduce_colours(png: bytes, title: str, dots_an_inch: int) -> bytes:
    """Return a PNG of few colours without transparency: a third of the bytes."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    metadata = PngInfo()
    metadata.add_text("Title", title)
    buffer = io.BytesIO()
    picture.save(buffer, "png", dpi=(dots_an_inch, dots_an_inch), pnginfo=metadata)
    return buffer.getvalue()
