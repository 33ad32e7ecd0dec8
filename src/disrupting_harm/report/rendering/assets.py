"""What all documents of a release share, published once: settings, filter, templates, fonts."""

import json
import re
from pathlib import Path

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.report.language.fonts import (
    find_published_fonts,
    list_published_fonts,
    render_font_faces,
    render_linked_faces,
    render_name_faces,
)
from disrupting_harm.report.language.navigation import is_latin
from disrupting_harm.report.language.scripts import LATIN, SCRIPTS, list_families
from disrupting_harm.report.language.settings import format_language_tag, read_languages
from disrupting_harm.report.rendering.docx import create_reference_document
from disrupting_harm.report.rendering.pandoc_typst import run_pandoc
from disrupting_harm.report.rendering.quarto_project import FILTER, FONTS, SETTINGS, SHARED

HERE = Path(__file__).parent
PAGE, STYLE_SHEET = "report-template.html", "report.css"
# The part of a page with letters of other languages' names.
NAMES = "names"
# Copied as they are.
TEMPLATES = (
    *(PAGE, "title-block.html", "toc.html", STYLE_SHEET),
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


def name_faces_part(script: str) -> str:
    """Return the name of the part of a page with the letters of a script."""
    return f"fonts-{script.lower()}.html"


def fill_parts(template: str) -> str:
    """Return the template of pages, or the settings that name its parts, for all scripts.

    They have lines with ``{script}``, which are repeated for each.
    """
    return re.sub(
        r"(?:^.*\{script\}.*\n)+",
        lambda line: "".join(line[0].replace("{script}", code.lower()) for code in SCRIPTS),
        template,
        flags=re.MULTILINE,
    )


def list_shared_files() -> list[str]:
    """Return the names of all shared files, from the root of the public results."""
    faces = [name_faces_part(name) for name in (*SCRIPTS, NAMES)]
    shared = [*TEMPLATES, *faces, "reference.docx"]
    fonts = [f"{FONTS}/{name}" for name in list_published_fonts()]
    return [SETTINGS, FILTER, *(f"{SHARED}/{name}" for name in shared), *fonts]


def _format_faces_of_names(locale: Path) -> str:
    """Return the faces of what languages call themselves in letters other than Latin."""
    names_and_scripts = [
        (language.name, language.script) for language in read_languages(locale).values()
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
    settings = fill_parts((styles / SETTINGS).read_text(encoding="utf-8"))
    study_settings = {"organisation": organisation, "terms": terms, "watermark": watermark}
    setting_lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in study_settings.items()
        if value
    ]
    write_text(root / SETTINGS, settings + "".join(setting_lines))
    write_text(root / FILTER, bundle_filter(templates / "locale"))
    for name in TEMPLATES:
        text = (styles / name).read_text(encoding="utf-8")
        if name == PAGE:
            text = fill_parts(text)
        elif name == STYLE_SHEET:
            text = render_linked_faces("") + text
        write_text(root / SHARED / name, text)
    font_rules: dict[str, str] = {name: render_font_faces(name) for name in SCRIPTS}
    font_rules[NAMES] = _format_faces_of_names(templates / "locale")
    for name, rules in font_rules.items():
        write_text(root / SHARED / name_faces_part(name), f"<style>\n{rules}</style>\n")
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
        code: _describe_script(language.script) for code, language in settings_by_language.items()
    }
    tags = {
        code: format_language_tag(language.locale)
        for code, language in settings_by_language.items()
    }
    lua_modules["languages"] = f"return {_format_lua_value(layout)}\n"
    lua_modules["tags"] = f"return {_format_lua_value(tags)}\n"
    lua_modules["scripts"] = f"return {_format_lua_value(scripts)}\n"
    families = ", ".join(f'"{family}"' for family in list_families())
    lua_modules["families"] = f"return {_format_lua_value(families)}\n"
    bundle = [
        f'parts["{name}"] = function()\n{source}end\n' for name, source in lua_modules.items()
    ]
    return "\n".join([_LOADER, *bundle, main])


def _describe_script(code: str) -> dict[str, str]:
    """Return what templates are told of a script, by the names of their variables."""
    script = SCRIPTS[code]
    variables = {
        "tall": script.tall,
        "level-marks": script.level_marks,
        "rtl": script.direction == "rtl",
    }
    needed = [f"script-{LATIN.lower()}", f"script-{code.lower()}"]
    return dict.fromkeys([*needed, *(name for name, is_so in variables.items() if is_so)], "true")


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
