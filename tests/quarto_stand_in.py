"""A stand-in for Quarto, which behaves like it where that has hurt.

It renders with pandoc and Typst, without a line of the package: it merges the project's settings
and the front matter by itself, reads tables without their attributes, runs filters at ``pre-ast``
alone and hides its own keys from them, raises headings in Typst unless told otherwise, numbers
them where it is told to, takes its fonts from ``font-paths`` or else lets TYPST_FONT_PATHS replace
its own folder, hands shortcodes that it does not know to filters as spans, marks rows of tables
with classes, copies the front matter with paths of the machine into ``docProps/custom.xml``, gives
documents without ``toc-title`` one of its own, leaves ``.quarto/`` at the root of a project (and
``.gitignore`` in a repository), and only warns where a document loses something.

In a project it refuses several formats in one ``--to``; without ``--to`` it makes those that the
document names, or else the project. To filters a key of the document hides the project's whole.
Typst's root is the document's folder where ``render`` leaves the document out, or a name in its
path begins with ``_`` or a dot. A paragraph of one picture becomes a figure, whose caption is the
alternative text. What this paragraph says was measured in calls: tests/data/quarto_behaviours.yaml.

``STAND_IN`` makes it misbehave (``fail``, ``leave-out``, ``unresolved``); it also says what
``STAND_IN_WARNS`` lists, and ends with 0.
"""

import fnmatch
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pypandoc
import typst
import yaml

if TYPE_CHECKING:
    import pytest

OWN_KEYS = {"toc", "toc-depth", "number-sections", "filters", "format", "template", "minimal"}
OWN_KEYS |= {"template-partials", "css", "embed-resources", "default-image-extension", "project"}
OWN_KEYS |= {"reference-doc", "font-paths", "pdf-standard", "section-numbering", "citeproc"}
OWN_KEYS |= {"bibliography", "syntax-highlighting", "shift-heading-level-by"}
VERSION = "1.10.18"
SUFFIXES = {"html": "html", "typst": "pdf", "docx": "docx"}


# As Quarto ends a message.
STACK = "\nStack trace:\n    at renderContexts (file:///opt/quarto/bin/quarto.js:124:11)"
# What becomes of a paragraph that holds a picture with words in it and nothing else.
LONE_PICTURE = """
local function figure_of(paragraph)
  local picture = paragraph.content[1]
  if #paragraph.content == 1 and picture.t == "Image" and #picture.caption > 0 then
    local words = picture.caption
    picture.caption = {}
    return pandoc.Figure({pandoc.Plain({picture})}, {long = {pandoc.Plain(words)}})
  end
end
local function without_text(figure)
  return figure:walk({Image = function(picture) picture.caption = {} return picture end})
end
local function described(picture)
  picture.attributes.alt, picture.attributes["fig-alt"] = picture.attributes["fig-alt"], nil
  return picture
end
return {{Para = figure_of}, {Figure = without_text}, {Image = described}}
"""


def environment(folder: Path, version: str = VERSION, program: str | None = None) -> dict[str, str]:
    """Make the program ``quarto`` in ``folder``, and return the environment in which it is found.

    Each call adds a line to ``folder/calls``: arguments, folder, SOURCE_DATE_EPOCH,
    TYPST_FONT_PATHS, and the names of the files one folder up, with ``|`` between them.

    Args:
        folder: a new folder.
        version: what the stand-in says it is.
        program: a real Quarto, in the place of the stand-in.
    """
    folder.mkdir()
    script = folder / "quarto"
    runs = f'"{program}"' if program else f'"{sys.executable}" "{__file__}"'
    script.write_text(
        '#!/bin/sh\necho "$*|$PWD|$SOURCE_DATE_EPOCH|$TYPST_FONT_PATHS|"$(ls -A ..) '
        f'>> "{folder / "calls"}"\nexec {runs} "$@"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:/usr/bin:/bin", "STAND_IN_VERSION": version}


def put_quarto(folder: Path, monkeypatch: "pytest.MonkeyPatch") -> Path:
    """Put the Quarto that REAL_QUARTO names on PATH, or else the stand-in; return the program."""
    for name, value in environment(folder, program=os.environ.get("REAL_QUARTO")).items():
        monkeypatch.setenv(name, value)
    return folder / "quarto"


def say(words: str) -> None:
    print(words, file=sys.stderr)


def settings(document: Path) -> tuple[Path, dict]:
    for folder in document.resolve().parents:
        if (folder / "_quarto.yml").is_file():
            return folder, yaml.safe_load((folder / "_quarto.yml").read_text())
    return document.parent, {}


def typst_root(document: Path, root: Path, project: dict) -> Path:
    name = document.resolve().relative_to(root.resolve())
    patterns = project.get("project", {}).get("render", ["*"])
    listed = any(fnmatch.fnmatch(name.as_posix(), pattern) for pattern in patterns)
    hidden = any(part[0] in "_." for part in name.parts)
    return document.resolve().parent if hidden or not listed else root


def options(project: dict, own: dict, to: str) -> dict:
    merged: dict = {}
    for part in (project, own):
        for layer in (part, part.get("format", {}).get(to, {})):
            for key, value in ({} if layer == "default" else layer).items():
                both = isinstance(value, dict) and isinstance(merged.get(key), dict)
                merged[key] = merged[key] | value if both else value
    merged.pop("format", None)
    return merged


def pandoc(text: str, root: Path, given: dict, own: dict, to: str, scratch: Path) -> bytes:
    def at(name: str) -> str:
        return str(root / name) if (root / name).exists() else name

    # pandoc reads the front matter by itself: of a map that both have, the document's is left.
    hidden = given | {key: value for key, value in own.items() if isinstance(value, dict)}
    hidden = {key: str(v) if key == "date" else v for key, v in hidden.items()}
    hidden = {"toc-title": "Table of contents"} | {
        key: value for key, value in hidden.items() if key not in OWN_KEYS
    }
    authors = given.get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    hidden["by-author"] = [{"name": {"literal": name}} for name in authors]
    (scratch / "meta.json").write_text(json.dumps(hidden))
    command = ["--from", "markdown-table_attributes", "--standalone", "--wrap=none"]
    command += ["--to", to, f"--metadata-file={scratch / 'meta.json'}", "--output=-"]
    for entry in given.get("filters", []):
        if entry["at"] != "pre-ast":
            say(f"WARNING (main.lua:1) unknown entry point '{entry['at']}'")
            continue
        # A filter finds Quarto's own table, and not its own folder.
        lua = scratch / Path(entry["path"]).name
        version = ", ".join(re.findall(r"\d+", os.environ["STAND_IN_VERSION"]))
        code = (root / entry["path"]).read_text()
        lua.write_text(f"quarto = {{version = {{{version}}}}}\n{code}")
        command.append(f"--lua-filter={lua}")
    if to == "html":
        (scratch / "lone-picture.lua").write_text(LONE_PICTURE)
        command.append(f"--lua-filter={scratch / 'lone-picture.lua'}")
    if "template" in given:
        for name in [given["template"], *given.get("template-partials", [])]:
            (scratch / Path(name).name).write_bytes((root / name).read_bytes())
        command.append(f"--template={scratch / Path(given['template']).name}")
    for key, flag in (("reference-doc", "reference-doc"), ("css", "css")):
        command += [f"--{flag}={at(given[key])}"] if key in given else []
    command += ["--embed-resources"] if given.get("embed-resources") else []
    command += ["--number-sections"] if given.get("number-sections") else []
    command += ["--syntax-highlighting=none"] if given.get("syntax-highlighting") == "none" else []
    if given.get("toc"):
        command += ["--toc", f"--toc-depth={given.get('toc-depth', 3)}"]
    shift = given.get("shift-heading-level-by", -1 if to == "typst" else 0)
    command += [f"--shift-heading-level-by={shift}"] if shift else []
    if "section-numbering" in given:
        command += ["-V", f"section-numbering={given['section-numbering']}"]
    if "bibliography" in given:
        command += ["--citeproc", f"--bibliography={given['bibliography']}"]
    command.append(f"--default-image-extension={given.get('default-image-extension', 'png')}")
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), *command], input=text.encode(), capture_output=True
    )
    say(done.stderr.decode())
    if done.returncode:
        raise SystemExit(1)
    return done.stdout


def paper(content: bytes, root: Path, within: Path, given: dict) -> bytes:
    replaced = os.environ.get("TYPST_FONT_PATHS", "")
    folders = [str(root / name) for name in given.get("font-paths", [])]
    folders = folders or ([replaced] if replaced else [])
    # Fonts of the machine would hide that those of the project are missing.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    standards = [given["pdf-standard"]] if "pdf-standard" in given else []
    # As in Quarto: a file beside the document, which may name what lies below the project's root.
    written = Path.cwd() / "document.typ"
    written.write_bytes(content)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(written),
            root=str(within),
            font_paths=fonts,
            pdf_standards=standards,
            timestamp=int(os.environ.get("SOURCE_DATE_EPOCH", "0")),
        )
    except typst.TypstError as fault:
        raise SystemExit(f"error: {fault}{STACK}") from None
    finally:
        written.unlink()
    for warning in warnings:
        say(f"warning: {getattr(warning, 'message', warning)}")
    if standards:
        say("WARNING: PDF standard validation requested but verapdf is not installed.")
    return pdf


def page(content: bytes) -> bytes:
    text = re.sub(r"<tr>", '<tr class="odd">', content.decode())
    return re.sub(r"<table\b", '<table class="caption-top"', text).encode()


def word(content: bytes) -> bytes:
    properties = f"<Properties><property>{Path.cwd()}</property></Properties>"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != "docProps/custom.xml":
                new.writestr(name, old.read(name))
        new.writestr("docProps/custom.xml", properties)
    return made.getvalue()


def shortcode(found: re.Match[str]) -> str:
    """Return a shortcode as Quarto's reader hands it to filters: a span with one for each word."""
    words = [word.strip("\"'") for word in found[1].split()]
    mark = 'data-is-shortcode="1"'
    inner = "".join(
        f'[]{{.quarto-shortcode__-param {mark} data-value="{word}" data-raw="{word}"}}'
        for word in words
    )
    raw = found[0].replace('"', '\\"')
    return f'[{inner}]{{.quarto-shortcode__ {mark} data-raw="{raw}"}}'


def leave_behind(root: Path) -> None:
    (root / ".quarto" / "idx").mkdir(parents=True, exist_ok=True)
    (root / ".quarto" / "idx" / "doc.qmd.json").write_text("{}")
    if any((folder / ".git").exists() for folder in (root, *root.parents)):
        (root / ".gitignore").write_text("/.quarto/\n")


def render(name: str, asked: str) -> None:
    document = Path(name)
    root, project = settings(document)
    front, body = document.read_text().removeprefix("---\n").split("\n---\n", 1)
    own = yaml.safe_load(front)
    if project:
        leave_behind(root)
        if "," in asked:
            raise SystemExit(f"ERROR: Unknown format {asked}{STACK}")
    formats = asked.split(",") if asked else own.get("format") or project.get("format") or ["html"]
    body = re.sub(r"\{\{< include (\S+) >\}\}", lambda found: Path(found[1]).read_text(), body)
    body = re.sub(r"(?<!\")\{\{< meta (\S+) >\}\}", lambda found: own[found[1]], body)
    body = re.sub(r"\{\{<\s*(.*?)\s*>\}\}", shortcode, body)
    for to in formats:
        given = options(project, own, to)
        with tempfile.TemporaryDirectory() as scratch:
            content = pandoc(body, root, given, own, to, Path(scratch))
        if to == "typst":
            made = paper(content, root, typst_root(document, root, project), given)
        else:
            made = page(content) if to == "html" else word(content)
        document.with_suffix(f".{SUFFIXES[to]}").write_bytes(made)


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print(os.environ["STAND_IN_VERSION"])
        return
    behaviour = os.environ.get("STAND_IN", "").split()
    _, _, name, *to = sys.argv
    if "fail" in behaviour:
        say(f"pandoc\n  to: html\nERROR: schema\n(line 3) Field has value{STACK}")
        Path(name).with_suffix(".html").write_text("half")
        raise SystemExit(1)
    if "leave-out" in behaviour:
        return
    render(name, to[1] if to else "")
    for words in json.loads(os.environ.get("STAND_IN_WARNS", "[]")):
        say(words)
    if "unresolved" in behaviour:
        Path(name).with_suffix(".html").write_text("<p><strong>?@fig-x</strong></p>")


if __name__ == "__main__":
    main()
