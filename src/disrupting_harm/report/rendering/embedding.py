"""What a page names is put into it: style sheets and fonts, and the pictures that are not external.

Makes of pandoc's page what its option ``--embed-resources`` would make of it, byte by byte, for
what a report's page can name. Pandoc would read all of the page and of the fonts letter by letter.
Figures are external (``data-external``): they lie on the site beside the page, once. For a page
that goes elsewhere, :func:`single_file` puts them in, too.
"""

import base64
import html
import re
from pathlib import Path
from urllib.parse import unquote

from disrupting_harm.core.errors import StudyError

KINDS = {
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


def with_resources(page: str, folder: Path, shared: Path) -> str:
    """Return a page that holds what it names, except external pictures.

    Args:
        page: HTML as pandoc writes it.
        folder: the folder that the page names its files from.
        shared: the folder of the parts with fonts.

    Raises:
        StudyError: for a file that is missing, of a kind that cannot be put into a page, or, in
            a style sheet, for a file that it names in turn.
    """
    for found in _OTHER.finditer(page):
        raise _unknown(found[1])
    page = _TEXT.sub(lambda found: found[0].replace('"', "&quot;").replace("'", "&#39;"), page)
    page = _SOURCE.sub(lambda found: _source(found, folder), page)
    page = _PICTURE.sub(lambda found: _picture(found, folder), page)
    page = _SHEET.sub(lambda found: _sheet(folder / _named(found[1])), page)
    return _FONTS.sub(lambda found: _shortened(_text(shared / found[1]).rstrip("\n")), page)


def single_file(page: Path) -> str:
    """Return a finished page with its external pictures in it, without links to files beside it.

    Raises:
        StudyError: for a page or a picture that is missing.
    """
    text = _WAYS.sub("", _text(page).replace(_EXTERNAL, ""))
    text = _SOURCE.sub(lambda found: _source(found, page.parent), text)
    return _PICTURE.sub(lambda found: _picture(found, page.parent), text)


def _picture(found: re.Match[str], folder: Path) -> str:
    name = _named(found[1])
    if name.startswith("data:"):
        return found[0]
    kind, content = _kind(name), _content(folder / name)
    if _EXTERNAL in found[2]:
        return found[0]
    data = base64.b64encode(content).decode("ascii")
    alternative = _ALTERNATIVE.search(found[2])
    # A screen reader would read out the letters of a drawing.
    label = f' aria-label="{alternative[1]}"' if alternative else ""
    return f'<img role="img"{label} src="data:{kind};base64,{data}"{found[2]}>'


def _source(found: re.Match[str], folder: Path) -> str:
    name = _named(found[2])
    kind, content = _kind(name), _content(folder / name)
    if _EXTERNAL in found[3]:
        return found[0]
    data = base64.b64encode(content).decode("ascii")
    return f'{found[1]}data:{kind};base64,{data}"{found[3]}>'


def _kind(name: str) -> str:
    try:
        return KINDS[Path(name).suffix.lower()]
    except KeyError:
        raise _unknown(name) from None


def _sheet(path: Path) -> str:
    text = _text(path)
    if outside := _OUTSIDE.search(text):
        raise StudyError(str(path), f"'{outside[0]}' names another file", "Write it out in place")
    return f'<style type="text/css">{_shortened(text)}</style>'


def _shortened(text: str) -> str:
    return _BLANKS_OR_COMMENT.sub(lambda found: found[1] or "", text)


def _named(reference: str) -> str:
    return unquote(html.unescape(reference))


def _text(path: Path) -> str:
    return _content(path).decode("utf-8")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StudyError(str(path), "no such file", "Put it where the document names it") from None


def _unknown(name: str) -> StudyError:
    remedy = f"Give the picture as one of {', '.join(KINDS)}"
    return StudyError(name, "a page cannot hold a file of this kind", remedy)
