"""What all documents of a release share, published once: settings, filter, templates, fonts."""

import json
from pathlib import Path

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.report.language.fonts import (
    FACES,
    PUBLISHED,
    find_published_fonts,
    render_font_faces,
    render_name_faces,
)
from disrupting_harm.report.language.navigation import format_own_name, is_latin
from disrupting_harm.report.language.settings import format_language_tag, read_languages
from disrupting_harm.report.rendering.docx import create_reference_document
from disrupting_harm.report.rendering.pandoc_typst import run_pandoc
from disrupting_harm.report.rendering.quarto_project import FILTER, FONTS, SETTINGS, SHARED

HERE = Path(__file__).parent
# The part of a page with letters of other languages' names.
NAMES = "names"
# Copied as they are.
TEMPLATES = (
    *("report-template.html", "title-block.html", "toc.html", "report.css"),
    *("report-template.typ", "fallback.typ", "typst-template.typ", "columns.typ"),
    *("components.typ", "brief.typ", "typst-show.typ"),
)
# In place of Lua's own 'require', which looks for files and which Quarto replaces by its own.
_LOADER = """\
local parts, loaded = {}, {}
local function require(name)
  if loaded[name] == nil then loaded[name] = parts[name]() end
  return loaded[name]
end
"""


def list_shared_files() -> list[str]:
    """Return the names of all shared files, from the root of the public results."""
    faces = [f"fonts-{name}.html" for name in (*FACES, NAMES)]
    shared = [*TEMPLATES, *faces, "reference.docx"]
    fonts = [f"{FONTS}/{name}" for name in PUBLISHED]
    return [SETTINGS, FILTER, *(f"{SHARED}/{name}" for name in shared), *fonts]


def _format_faces_of_names(locale: Path) -> str:
    """Return the faces of what languages call themselves in letters other than Latin."""
    names_and_scripts = [
        (format_own_name(code), language.script)
        for code, language in read_languages(locale).items()
    ]
    return render_name_faces(
        (name, script) for name, script in names_and_scripts if not is_latin(name)
    )


def write_shared(
    root: Path, templates: Path, *, organisation: str = "", terms: str = "", watermark: str = ""
) -> list[Path]:
    """Write all that documents below ``root`` need besides their words and figures.

    Args:
        root: the folder above all documents.
        templates: the folder with ``styles/`` and ``locale/``.
        organisation: who publishes, for documents that do not say so themselves.
        terms: licence and whom to ask, likewise.
        watermark: words on every page of documents that have none of their own; empty for none.

    Returns:
        The files written.
    """
    styles = templates / "styles"
    settings = (styles / SETTINGS).read_text(encoding="utf-8")
    study_settings = {"organisation": organisation, "terms": terms, "watermark": watermark}
    setting_lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in study_settings.items()
        if value
    ]
    write_text(root / SETTINGS, settings + "".join(setting_lines))
    write_text(root / FILTER, bundle_filter(templates / "locale"))
    for name in TEMPLATES:
        write_bytes(root / SHARED / name, (styles / name).read_bytes())
    font_rules: dict[str, str] = {name: render_font_faces(name) for name in FACES}
    font_rules[NAMES] = _format_faces_of_names(templates / "locale")
    for name, rules in font_rules.items():
        write_text(root / SHARED / f"fonts-{name}.html", f"<style>\n{rules}</style>\n")
    reference = create_reference_document(
        run_pandoc(["--print-default-data-file", "reference.docx"], location="reference.docx"),
        (styles / "docx-styles.xml").read_text(encoding="utf-8"),
        watermark=watermark,
        organisation=organisation,
        terms=terms,
    )
    write_bytes(root / SHARED / "reference.docx", reference)
    for name, source in find_published_fonts().items():
        write_bytes(root / FONTS / name, source.read_bytes())
    return [root / name for name in list_shared_files()]


def bundle_filter(locale: Path) -> str:
    """Return the Lua filter as one file: its parts, and what it needs of all languages.

    Quarto runs a filter in the document's folder, from where it could not find its parts.
    """
    settings_by_language = read_languages(locale)
    lua_modules = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("filter/*.lua"))
    }
    main = lua_modules.pop("main")
    layout = {code: language.layout for code, language in settings_by_language.items()}
    scripts = {
        code: language.script
        for code, language in settings_by_language.items()
        if language.script != "latin"
    }
    tags = {
        code: format_language_tag(language.locale)
        for code, language in settings_by_language.items()
    }
    lua_modules["languages"] = f"return {_format_lua_value(layout)}\n"
    lua_modules["tags"] = f"return {_format_lua_value(tags)}\n"
    lua_modules["scripts"] = f"return {_format_lua_value(scripts)}\n"
    bundle = [
        f'parts["{name}"] = function()\n{source}end\n' for name, source in lua_modules.items()
    ]
    return "\n".join([_LOADER, *bundle, main])


def _format_lua_value(value: dict[str, object] | object, indent: str = "") -> str:
    if isinstance(value, dict):
        inner_indent = indent + "  "
        lua_lines = [
            f'{inner_indent}["{key}"] = {_format_lua_value(item, inner_indent)},'
            for key, item in value.items()
        ]
        return "\n".join(["{", *lua_lines, indent + "}"])
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
