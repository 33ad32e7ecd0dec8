"""Fonts of all scripts, from packages or beside this module: the same on every machine.

Typst reads the variable fonts, of which documents need the normal width and weights from regular to
bold. HTML gets small subsets inside the page, so that it needs neither a network nor fonts on the
reader's device.
"""

import base64
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from disrupting_harm.report.language.scripts import (
    LATIN,
    SCRIPTS,
    list_families,
    list_typefaces,
)

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Letters of Latin text, which alone are slanted: words in other letters stand upright.
ITALIC = (*range(0x20, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2000, 0x2300))
# The last resort: Arabic, Hebrew, signs and faces, in the font that matplotlib carries.
OTHER = "DejaVu Sans"
EVERY = range(0x110000)

# Regular to bold: no document has a lighter or a heavier letter.
WEIGHTS = (400, 700)
SEMIBOLD = 600

# The number of that table of positions in a font.
_MARK_TO_BASE = 4

_MODULE = Path(__file__)
# The family of names of languages in letters that a page does not carry, in its style sheet.
FAMILY_OF_NAMES = "Names of languages"


def font_files() -> dict[str, Path]:
    """Return the upright font file of each family, in the order of the scripts."""
    import matplotlib

    files = {typeface.family: typeface.path for typeface in list_typefaces()}
    return files | {OTHER: Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"}


def name_font_file(family: str) -> str:
    """Return the published name of the font of a family, without its ending."""
    return family.replace(" ", "")


def list_published_fonts() -> list[str]:
    """Return the names of what documents need: fonts, italics, licences."""
    first, *others = [name_font_file(family) for family in [*list_families(), OTHER]]
    fonts = [first, f"{first}-Italic", *others]
    return [f"{name}.ttf" for name in fonts] + [f"{name}.txt" for name in (first, *others)]


@lru_cache
def find_published_fonts() -> dict[str, Path]:
    """Return the files behind :func:`list_published_fonts`; a text is the licence of a font.

    The fonts have all their letters, in the width and the weights of documents; slanted ones are
    Latin. None has hints, which the Noto fonts never had.
    """
    package_files = _find_package_fonts()
    folder = _find_cache_folder(package_files.values())
    published_files = dict(package_files)
    for name, path in package_files.items():
        if path.suffix == ".ttf":
            published_files[name] = folder / name
            if not published_files[name].is_file():
                # Without a choice of letters hints would stay; of Noto's it would take seconds.
                letters = {"NotoSans-Italic.ttf": ITALIC, "DejaVuSans.ttf": EVERY}.get(name)
                font = _cut_font(path, WEIGHTS, letters)
                _keep_marks_level(font)
                _write_cache_file(published_files[name], _save_font(font))
    return published_files


@lru_cache
def load_typst_fonts(folder: Path) -> Any:
    """Return the fonts of a folder, and Typst's own for code; never those of the machine."""
    import typst  # what starts other processes by forking must not have it

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _keep_marks_level(font: "TTFont") -> None:
    """Let a mark stand on its letter at one height in every weight.

    In heavy weights a mark that the regular one leaves at its place is raised by a hundredth of the
    size of letters. Nobody sees it, but Typst begins a new piece of text for a raised mark and
    repeats the letter: a search or a screen reader finds it twice.
    """
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            table = getattr(subtable, "ExtSubTable", subtable)
            if table.LookupType == _MARK_TO_BASE:
                marks = [mark.MarkAnchor for mark in table.MarkArray.MarkRecord]
                bases = [
                    base_anchor
                    for base in table.BaseArray.BaseRecord
                    for base_anchor in base.BaseAnchor
                ]
                for anchor in (*marks, *bases):
                    if getattr(anchor, "YDeviceTable", None):
                        anchor.YDeviceTable = None


def _find_package_fonts() -> dict[str, Path]:
    """Return the files of packages behind the published names."""
    package_files: dict[str, Path] = {}
    for family, path in font_files().items():
        name = name_font_file(family)
        package_files[f"{name}.ttf"] = path
        # A font beside others has a licence of its own name.
        licence_paths = (
            path.with_suffix(".txt"),
            path.parent / "LICENSE_DEJAVU",
            path.parent / "LICENSE",
            path.parents[1] / "LICENSE",
        )
        package_files[f"{name}.txt"] = next(
            licence_path for licence_path in licence_paths if licence_path.is_file()
        )
    latin = name_font_file(SCRIPTS[LATIN].family)
    upright = package_files[f"{latin}.ttf"]
    italic = upright.with_name(upright.name.replace(latin, f"{latin}-Italic"))
    package_files[f"{latin}-Italic.ttf"] = italic
    return {name: package_files[name] for name in list_published_fonts()}


def render_font_faces(script: str) -> str:
    """Return the CSS ``@font-face`` rule of a script, with the font in it."""
    family = SCRIPTS[script].family
    return _render_font_face(family, SCRIPTS[script].code_points, family)


def render_linked_faces(fonts: str) -> str:
    """Return the CSS rules of all published fonts as files, and their families as ``--letters``.

    Args:
        fonts: the way from the style sheet to the folder of the fonts; empty: the families alone.
    """
    rules = [
        f'@font-face {{ font-family: "{script.family}"; '
        f"font-weight: {WEIGHTS[0]} {WEIGHTS[1]}; "
        f"src: url({fonts}/{name_font_file(script.family)}.ttf);"
        + (f" unicode-range: {_unicode_range(script.code_points)};" if code != LATIN else "")
        + " }\n"
        for code, script in SCRIPTS.items()
        if fonts and (code == LATIN or script.family != SCRIPTS[LATIN].family)
    ]
    families = ", ".join([*(f'"{family}"' for family in list_families()), "system-ui"])
    return "".join(rules) + f":root {{ --letters: {families}, sans-serif; }}\n"


def render_name_faces(names_with_scripts: Iterable[tuple[str, str]]) -> str:
    """Return the CSS rules of the few letters of some names, each with its script.

    They have a family of their own (:data:`FAMILY_OF_NAMES`): the letters of a word in the text of
    a page in one of these scripts come from one font.
    """
    letters: dict[str, set[int]] = {}
    for name, script in names_with_scripts:
        letters.setdefault(SCRIPTS[script].family, set()).update(map(ord, name))
    return "".join(
        _render_font_face(family, letters[family], FAMILY_OF_NAMES) for family in sorted(letters)
    )


def _render_font_face(family: str, letters: Iterable[int], css_name: str) -> str:
    characters = tuple(sorted(set(letters)))
    font = subset_font(font_files()[family], characters)
    data = base64.b64encode(font).decode("ascii")
    return (
        f"@font-face {{\n  font-family: '{css_name}';\n  font-weight: {WEIGHTS[0]} {WEIGHTS[1]};\n"
        f"  font-style: normal;\n  font-display: swap;\n"
        f"  unicode-range: {_unicode_range(characters)};\n"
        f"  src: url(data:font/woff;base64,{data}) format('woff');\n}}\n"
    )


def _unicode_range(characters: Iterable[int]) -> str:
    """Return ascending code points as CSS ranges, e.g. ``U+20-7E, U+A0``."""
    ranges: list[list[int]] = []
    for point in characters:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in ranges)


@lru_cache
def subset_font(path: Path, characters: tuple[int, ...]) -> bytes:
    """Return a WOFF of ``path`` with ``characters`` only, weights 400 to 700, normal width.

    Of other shapes of a letter it has those that its script needs, no small capitals or raised
    letters: no page asks for them.
    """
    from fontTools.subset import Options

    font = _cut_font(path, WEIGHTS, characters, Options().layout_features, name_ids=[1, 2])
    font.flavor = "woff"
    return _save_font(font)


@lru_cache
def find_semibold_files() -> dict[str, Path]:
    """Return a font file of weight 600 for each family of documents: matplotlib reads no weight
    from a variable font.
    """
    letters: dict[str, set[int]] = {}
    for script in SCRIPTS.values():
        letters.setdefault(script.family, set()).update(script.code_points)
    files = font_files()
    folder = _find_cache_folder(files[family] for family in letters)
    semibold_paths = {
        family: folder / f"{name_font_file(family)}-SemiBold.ttf" for family in letters
    }
    for family, target in semibold_paths.items():
        if not target.is_file():
            _write_cache_file(
                target, _save_font(_cut_font(files[family], SEMIBOLD, sorted(letters[family])))
            )
    return semibold_paths


def _find_cache_folder(sources: Iterable[Path]) -> Path:
    """Return the folder for what is cut from these fonts, once on a machine: beside matplotlib's
    list of fonts.
    """
    import matplotlib

    # Another font, another version of what cuts it, or other letters, weights and options, which
    # this module says, make files of their own.
    cache_key = sha256(version("fonttools").encode() + _MODULE.read_bytes())
    for path in sources:
        cache_key.update(path.read_bytes())
    return Path(matplotlib.get_cachedir()) / f"disrupting-harm-{cache_key.hexdigest()[:16]}"


def _cut_font(
    path: Path,
    weight: int | tuple[int, int],
    characters: Iterable[int] | None = None,
    features: Sequence[str] = ("*",),
    name_ids: Sequence[Any] = ("*",),
) -> "TTFont":
    """Return a font of one weight or a range, and of normal width, without names of its shapes.

    Args:
        path: of a font; one that is not variable keeps its weight and its width.
        weight: 400 is regular, 700 bold.
        characters: the letters that it keeps; without them all.
        features: which other shapes of these letters it keeps.
        name_ids: which of the font's names and notices it keeps with these letters.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(path, recalcTimestamp=False)
    if characters is not None:
        options = Options(
            layout_features=[*features], hinting=False, notdef_outline=True, name_IDs=[*name_ids]
        )
        options.drop_tables += ["FFTM"]  # when its designers' program wrote the font
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
    font["post"].formatType = 3  # names of letters' shapes: nothing that shows letters reads them
    if "fvar" not in font:
        return font
    # A font of one weight is called by it; not every font has another width. Letters stand upright.
    axes = {axis.axisTag for axis in font["fvar"].axes}
    limits: dict[str, Any] = {"wdth": 100, "wght": weight, "slnt": 0}
    instantiateVariableFont(
        font,
        {axis: limits[axis] for axis in sorted(axes)},
        inplace=True,
        updateFontNames=isinstance(weight, int),
    )
    return font


def _save_font(font: "TTFont") -> bytes:
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=False)
    return buffer.getvalue()


def _write_cache_file(target: Path, content: bytes) -> None:
    """Write a file of the cache whole or not at all; it is none of the files that a job made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary_name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as temporary_file:
            temporary_file.write(content)
        Path(temporary_name).replace(target)
    except BaseException:
        Path(temporary_name).unlink(missing_ok=True)
        raise
