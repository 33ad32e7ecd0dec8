"""What a page names is put into it: style sheets and fonts, and the pictures that are not external.

Makes of pandoc's page what its option ``--embed-resources`` would make of it, byte by byte, for
what a report's page can name. Pandoc would read all of the page and of the fonts letter by letter.
Figures are external (``data-external``): they lie on the site beside the page, once. For a page
that goes elsewhere, :func:`format_single_file` puts them in, too.
"""

import base64
import html
import re
from pathlib import Path
from urllib.parse import unquote

from disrupting_harm.core.errors import StudyError

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
# In place of the template's parts that hold fonts (see formats.lua).
_FONTS = re.compile(r"<!-- (fonts-[a-z]+\.html) -->")
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]*)">')
_PICTURE = re.compile(r'<img src="([^"]*)"([^>]*)>')
_EXTERNAL = ' data-external="1"'
# Links to what lies beside the page, in the template of pages.
_WAYS = re.compile(r'<nav class="ways".*?</nav>\n?', re.DOTALL)
_ALTERNATIVE = re.compile(r'\balt="([^"]*)"')
# Between two tags; pandoc then writes straight quotes there as it does in attributes.
_TEXT = re.compile(r">[^<]+")
# A picture's drawing for narrow windows.
_SOURCE = re.compile(r'(<source media="[^"]*" srcset=")([^"]*)"([^>]*)>')
_OTHER = re.compile(
    r'<(?:audio|embed|iframe|object|source(?! media="[^"]*" srcset=")|video)\b[^>]*?"([^"]*)"'
)
# As pandoc shortens a style sheet: of blanks the first stays, comments go.
_BLANKS_OR_COMMENT = re.compile(r"([ \t\r\n\f\v])[ \t\r\n\f\v]*|/\*.*?\*/", re.DOTALL)
_OUTSIDE = re.compile(r"@import|url\((?!['\"]?data:)")


def embed_resources(page: str, folder: Path, shared: Path) -> str:
    """Return a page that holds what it names, except external pictures.

    Args:
        page: HTML as pandoc writes it.
        folder: the folder that the page names its files from.
        shared: the folder of the parts with fonts.

    Raises:
        StudyError: for a file that is missing, of a kind that cannot be put into a page, or, in
            a style sheet, for a file that it names in turn.
    """
    for match in _OTHER.finditer(page):
        raise _unknown_kind_error(match[1])
    page = _TEXT.sub(lambda match: match[0].replace('"', "&quot;").replace("'", "&#39;"), page)
    page = _SOURCE.sub(lambda match: _embed_source(match, folder), page)
    page = _PICTURE.sub(lambda match: _embed_picture(match, folder), page)
    page = _SHEET.sub(lambda match: _embed_style_sheet(folder / _decode_reference(match[1])), page)
    return _FONTS.sub(
        lambda match: _shorten_style_sheet(_read_text(shared / match[1]).rstrip("\n")), page
    )


def format_single_file(page: Path) -> str:
    """Return a finished page with its external pictures in it, without links to files beside it.

    Raises:
        StudyError: for a page or a picture that is missing.
    """
    page_html = _WAYS.sub("", _read_text(page).replace(_EXTERNAL, ""))
    page_html = _SOURCE.sub(lambda match: _embed_source(match, page.parent), page_html)
    return _PICTURE.sub(lambda match: _embed_picture(match, page.parent), page_html)


def _embed_picture(match: re.Match[str], folder: Path) -> str:
    name = _decode_reference(match[1])
    if name.startswith("data:"):
        return match[0]
    media_type, content = _find_media_type(name), _read_bytes(folder / name)
    if _EXTERNAL in match[2]:
        return match[0]
    data = base64.b64encode(content).decode("ascii")
    alternative = _ALTERNATIVE.search(match[2])
    # A screen reader would read out the letters of a drawing.
    label = f' aria-label="{alternative[1]}"' if alternative else ""
    return f'<img role="img"{label} src="data:{media_type};base64,{data}"{match[2]}>'


def _embed_source(match: re.Match[str], folder: Path) -> str:
    name = _decode_reference(match[2])
    media_type, content = _find_media_type(name), _read_bytes(folder / name)
    if _EXTERNAL in match[3]:
        return match[0]
    data = base64.b64encode(content).decode("ascii")
    return f'{match[1]}data:{media_type};base64,{data}"{match[3]}>'


def _find_media_type(name: str) -> str:
    try:
        return MEDIA_TYPES[Path(name).suffix.lower()]
    except KeyError:
        raise _unknown_kind_error(name) from None


def _embed_style_sheet(path: Path) -> str:
    style_sheet = _read_text(path)
    if outside := _OUTSIDE.search(style_sheet):
        raise StudyError(str(path), f"'{outside[0]}' names another file", "Write it out in place")
    return f'<style type="text/css">{_shorten_style_sheet(style_sheet)}</style>'


def _shorten_style_sheet(style_sheet: str) -> str:
    return _BLANKS_OR_COMMENT.sub(lambda match: match[1] or "", style_sheet)


def _decode_reference(reference: str) -> str:
    return unquote(html.unescape(reference))


def _read_text(path: Path) -> str:
    return _read_bytes(path).decode("utf-8")


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StudyError(str(path), "no such file", "Put it where the document names it") from None


def _unknown_kind_error(name: str) -> StudyError:
    remedy = f"Give the picture as one of {', '.join(MEDIA_TYPES)}"
    return StudyError(name, "a page cannot hold a file of this kind", remedy)
