"""The files of a figure in one pass.

matplotlib walks through a figure once for each format, and shapes and measures every text anew.
Here it walks once, at 72 dots an inch, and what it draws goes to its own renderers of SVG, PNG and,
where it is asked for, PDF; to the PNG enlarged. All have the same text in the same place.
"""

import io
import math
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Line
from matplotlib.transforms import (
    Affine2D,
    BboxBase,
    IdentityTransform,
    Transform,
    TransformedBbox,
)

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.figures.drawing.mark_addresses import replace_links_by_addresses
from disrupting_harm.report.figures.drawing.style import (
    FONT_FAMILIES,
    LIVE,
    METADATA,
    POINTS_PER_INCH,
    encode_png,
)
from disrupting_harm.report.figures.drawing.svg_compaction import compact_svg, join_svg_lines
from disrupting_harm.report.figures.drawing.text_shaping import LETTERS, Letter, is_bold
from disrupting_harm.report.figures.drawing.widths import RUN, Press

# Part of an axis by which a mark may stand beyond its end: sums of floats.
HAIR = 1e-9


def write_figure(
    figure: Figure, folder: Path, name: str, title: str, press: Press = RUN
) -> tuple[str, ...]:
    """Write the figure in the formats of a press and return the names of the files written."""
    files = print_figure(figure, title, press)
    for file_format, content in files.items():
        write_bytes(folder / f"{name}.{file_format}", content)
    return tuple(f"{name}.{file_format}" for file_format in files)


def print_figure(figure: Figure, title: str, press: Press) -> dict[str, bytes]:
    """Return the files of a figure by format, the same bytes everywhere.

    Args:
        figure: of lines, areas, markers and texts; a picture of pixels in it is an error.
        title: written into the files where there is one.
        press: which files, and how.

    Raises:
        StudyError: a mark reaches beyond the axis that it is drawn on.
    """
    check_marks_within_axes(figure)
    settings: Any = LIVE if press.live else {}
    with matplotlib.rc_context(settings):
        return _print_formats(figure, {"Title": title} if title else {}, title, press)


def check_marks_within_axes(figure: Figure) -> None:
    """Stop where a bar, a line or a marker reaches beyond the limits of its axes.

    A bar that is cut at the end of an axis looks like one that ends there.

    Raises:
        StudyError: naming the ends of the marks and the limits of the axis.
    """
    for axes in figure.axes:
        for data_interval, limits, name in (
            (axes.dataLim.intervalx, axes.get_xlim(), "across"),
            (axes.dataLim.intervaly, axes.get_ylim(), "up"),
        ):
            low, high = sorted(limits)
            slack = HAIR * (high - low)
            beyond = [end for end in data_interval if math.isfinite(end)]
            if beyond and (min(beyond) < low - slack or max(beyond) > high + slack):
                raise StudyError(
                    "a figure",
                    f"marks from {min(beyond):g} to {max(beyond):g} on an axis {name} from "
                    f"{low:g} to {high:g}",
                    "Draw them on an axis that holds them",
                )


def _print_formats(
    figure: Figure, title_metadata: dict[str, str], title: str, press: Press
) -> dict[str, bytes]:
    svg, pdf, dpi = io.StringIO(), io.BytesIO(), 200
    figure.dpi = POINTS_PER_INCH
    width, height = figure.bbox.size
    pdf_pages = Pages(pdf, METADATA["pdf"] | title_metadata) if "pdf" in press.formats else None
    pdf_renderer: PdfRenderer | None = None
    if pdf_pages:
        pdf_pages.newPage(*figure.get_size_inches())
        pdf_renderer = PdfRenderer(pdf_pages, POINTS_PER_INCH, *figure.get_size_inches()[::-1])
    renderers = Renderers(
        SvgRenderer(width, height, svg, metadata=METADATA["svg"] | title_metadata),
        PngRenderer(width * dpi // POINTS_PER_INCH, height * dpi // POINTS_PER_INCH, dpi),
        pdf_renderer,
    )
    figure.draw(renderers)
    renderers.svg.finalize()
    files = {
        "svg": join_svg_lines(replace_links_by_addresses(compact_svg(svg.getvalue()))).encode(
            "utf-8"
        ),
        "png": encode_png(renderers.png, title),
    }
    if pdf_pages and pdf_renderer:
        pdf_renderer.finalize()
        pdf_pages.finalize()
        pdf_pages.close()
        files["pdf"] = pdf.getvalue()
    return files


class Pages(PdfFile):
    """A PDF whose fonts stand in the order of their names, wherever their files lie."""

    def writeFonts(self) -> None:  # noqa: N802
        """Embed the fonts that were used."""
        used = sorted(self._fontNames.items(), key=lambda item: (Path(item[0][0]).name, item[0][1]))
        letters = self._character_tracker.used
        self.writeObject(
            self.fontObject,
            {
                name: self.embedTTF(path, subset, letters[path][subset])
                for (path, subset), name in used
            },
        )


class SvgRenderer(RendererSVG):
    """Writes SVG whose letters are shaped once for all formats."""

    def __init__(self, *page: Any, **more: Any) -> None:
        super().__init__(*page, **more)
        self._text2path = LETTERS

    def _draw_text_as_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, *more: Any
    ) -> None:
        """Write a text that stays one, in the families' own names."""
        named_font = prop.copy()
        named_font.set_family([*FONT_FAMILIES.values(), "sans-serif"])
        super()._draw_text_as_text(gc, x, y, s, named_font, *more)


class PdfRenderer(RendererPdf):
    """Writes PDF, whose texts are texts."""

    def _get_font_ttf(self, prop: FontProperties) -> "ShapedFont":
        return ShapedFont(prop.get_size_in_points(), is_bold(prop))


class ShapedFont:
    """What matplotlib asks of a font for PDF: the letters of a text in their places."""

    def __init__(self, size: float, bold: bool) -> None:
        self.size, self.bold = size, bold

    def _layout(self, text: str, *_: Any, **__: Any) -> list[Letter]:
        scale = self.size / LETTERS.FONT_SCALE
        return [letter.scale_by(scale) for letter in LETTERS.shape(text, self.bold).letters]


class PngRenderer(RendererAgg):
    """Draws pixels; a text is filled as one outline instead of letter by letter."""

    def fill_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        text: str,
        prop: FontProperties,
        angle: float,
    ) -> None:
        """Fill a line of text that begins at x, and y pixels above the foot.

        Letters of a level one begin at whole pixels; those of a turned one could not.
        """
        gc.set_snap(False)  # a letter's own lines lie where they lie
        gc.set_linewidth(0.0)
        shape = LETTERS.shape(text, is_bold(prop))
        size_in_pixels = self.points_to_pixels(prop.get_size_in_points())
        transform: Transform = IdentityTransform()
        if angle:
            outline = Line(*shape.outline)
            transform = (
                Affine2D()
                .scale(size_in_pixels / LETTERS.FONT_SCALE)
                .rotate_deg(angle)
                .translate(x, y)
            )
        else:
            outline = shape.outline_on_pixels(x, y, size_in_pixels)
        self.draw_path(gc, outline, transform, gc.get_rgb())


class Renderers(RendererBase):
    """Passes on all that a figure draws to the renderers of its formats."""

    def __init__(self, svg: SvgRenderer, png: PngRenderer, pdf: PdfRenderer | None = None) -> None:
        super().__init__()
        self.svg, self.png, self.pdf = svg, png, pdf
        self._points = [svg, pdf] if pdf else [svg]
        self._scale = png.dpi / POINTS_PER_INCH
        self._enlarged = Affine2D().scale(self._scale)
        self._clips: dict[BboxBase, Any] = {}

    def new_gc(self) -> GraphicsContextBase:
        """Return a graphics context that all can read: that of PDF holds the most."""
        writer = self.pdf or RendererBase()
        context: GraphicsContextBase = writer.new_gc()
        return context

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the page in points."""
        return self.svg.width, self.svg.height

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return the measures of a text in points."""
        return LETTERS.get_text_width_height_descent(s, prop, ismath)

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Open a group; SVG alone has them."""
        self.svg.open_group(s, gid)

    def close_group(self, s: str) -> None:
        """Close a group."""
        self.svg.close_group(s)

    def draw_path(
        self, gc: GraphicsContextBase, path: Line, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Draw one line or area."""
        for renderer in self._points:
            renderer.draw_path(gc, path, transform, rgbFace)
        self.png.draw_path(self._enlarge_context(gc), path, transform + self._enlarged, rgbFace)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Line,
        marker_trans: Transform,
        path: Line,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Draw a marker at every point of a line."""
        for renderer in self._points:
            renderer.draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
        transforms = marker_trans + self._enlarged, path, trans + self._enlarged
        self.png.draw_markers(self._enlarge_context(gc), marker_path, *transforms, rgbFace)

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Any,
        all_transforms: Any,
        offsets: Any,
        offset_trans: Transform,
        *looks: Any,
        **more: Any,
    ) -> None:
        """Draw several lines, areas or markers."""
        geometry = paths, all_transforms, offsets
        for renderer in self._points:
            renderer.draw_path_collection(
                gc, master_transform, *geometry, offset_trans, *looks, **more
            )
        large, moved = master_transform + self._enlarged, offset_trans + self._enlarged
        self.png.draw_path_collection(
            self._enlarge_context(gc), large, *geometry, moved, *looks, **more
        )

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        *_: Any,
        **__: Any,
    ) -> None:
        """Write one line of text whose baseline begins ``y`` points below the head of the page."""
        # The others count from the foot, and the last row of pixels may be a part of one.
        height_above_foot = self.svg.height - y
        self.svg.draw_text(gc, x, y, s, prop, angle)
        gc.set_url(None)  # an address; in a PDF it would be a link
        if self.pdf:
            self.pdf.draw_text(gc, x, height_above_foot, s, prop, angle)
        position = x * self._scale, height_above_foot * self._scale
        self.png.fill_text(self._enlarge_context(gc), *position, s, prop, angle)

    def _enlarge_context(self, gc: GraphicsContextBase) -> GraphicsContextBase:
        """Return the graphics context for PNG, where the clip is larger; widths are in points."""
        large = RendererBase.new_gc(self)
        large.copy_properties(gc)
        clip = gc.get_clip_rectangle()
        if clip is not None:
            if clip not in self._clips:
                self._clips[clip] = TransformedBbox(clip, self._enlarged)
            large.set_clip_rectangle(self._clips[clip])
        return large
