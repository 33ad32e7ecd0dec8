"""Faults in a ``.qmd`` that would render wrongly, differently in Quarto, or not at all.

Both engines accept the same subset of Quarto's Markdown. Each finding names the line, the construct
and what to write instead.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from disrupting_harm.report.rendering.qmd import (
    KNOWN_SHORTCODES,
    QUARTO_FORMATS,
    SHORTCODE,
    find_format_block,
    split_front_matter,
)
from disrupting_harm.report.rendering.quarto_project import DEFAULTS


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: its line in the file (from 1), the construct, and what to write instead."""

    line: int
    construct: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.construct}; {self.remedy}"


# Constructs of one line each: pattern, name, remedy.
_CONSTRUCTS: tuple[tuple[str, str, str], ...] = (
    (
        r"\blayout(?:-ncol|-nrow)?\s*=",
        "layout of several figures",
        "give each figure its own label",
    ),
    (r"\{[^}\n]*\.column-[\w-]+", "margin or page column", "keep to the text column"),
    (r"\{[^}\n]*\.(?:aside|listing|grid|g-col-\d+)\b", "Bootstrap or margin class", "remove it"),
    (r"\bfig-subcap|\btbl-subcap|\bfig-scap", "sub-caption", "write one caption"),
    (
        r"\{\s*#(?:eq|lst|thm|lem|cor|prp|def|exm|exr)-",
        "label other than fig, tbl or sec",
        "use those",
    ),
    (
        r"@(?:eq|lst|thm|lem|cor|prp|def|exm|exr)-\w",
        "reference other than fig, tbl, sec",
        "use those",
    ),
    (r"@(?:Fig|Tbl|Sec)-\w", "capitalised reference", "write it in small letters, e.g. @fig-x"),
    (r"\{=\w+\}", "raw output for one format", "write Markdown: other formats would drop it"),
    (r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>\n]*)?/?>", "raw HTML", "write Markdown: PDF would drop it"),
    (r"^\s*\\(?:begin|end)\{", "raw LaTeX", "write Markdown"),
    # The filter of all documents knows more ways to write these; here they have a line.
    (
        r"(?:\]\(|^\[[^\]\n]+\]:)\s*<?(?!(?:https?|mailto|tel):)[A-Za-z][\w+.-]*:",
        "address",
        "write one with https, http, mailto or tel, or the way to a file",
    ),
    # Outside the quotation marks of a value: an alternative text may speak of such attributes.
    (
        r"""\{(?:[^}"'\n]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')*?(?<=[\s{])on[a-z]+\s*=""",
        "attribute that runs code",
        "take it out",
    ),
    (r"^#\s", "heading of level one", "begin at '##': the title is level one"),
    (r"""when-format\s*=\s*["']pdf""", 'when-format="pdf"', 'write when-format="typst"'),
)
# Keys of the front matter that would take a document out of what all share.
_SHARED_KEYS = {
    "number-sections": "write it under 'report:': the filter numbers",
    "filters": "remove it: the filter of all documents must see Markdown as it stands",
    "template": "remove it: all documents share theirs",
    "template-partials": "remove it: all documents share theirs",
    "shift-heading-level-by": "remove it: the filter sets the levels",
    "syntax-highlighting": "remove it: the templates know no colours of code",
    "mainfont": "remove it: all documents share their fonts",
    "crossref": "write the words under 'report: words:'",
    "language": "remove it: the filter knows the words of each language",
    "toc-title": "write it under 'report: words: toc-title-document:'",
}
_COMPILED = [(re.compile(p, re.MULTILINE), name, remedy) for p, name, remedy in _CONSTRUCTS]
_FENCE = re.compile(r"^(`{3,}|~{3,})([^\n]*)\n(.*?)^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MATHS = re.compile(r"(?<![\\$\w])\$\$?(?=[^\s$])[^$\n]*?[^\s$\\]\$(?!\d)")
_LABEL = re.compile(r"\{[^}]*?#((?:fig|tbl|sec)-[\w-]+)")
_REFERENCE = re.compile(r"(?<![\w.\\])@((?:fig|tbl|sec)-\w+(?:-+\w+)*)")
_IMAGE = re.compile(r"!\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)[^)]*\)(\{[^}]*\})?")
# Attributes, and rows of tables: Quarto fills shortcodes there too late, or spoils the widths.
_ATTRIBUTES = re.compile(r"""\{[^{}]*?=\s*("(?:\\.|[^"\\])*"|'[^']*')""", re.DOTALL)
_TABLE_ROW = re.compile(r"^\|.*\|[ \t]*$", re.MULTILINE)
_DIV = re.compile(r"^:{3,}[ \t]*(\{?)([^\n]*)$", re.MULTILINE)


def lint(
    qmd_text: str, settings: Mapping[str, Any] | None = None, *, full_body: str | None = None
) -> list[Finding]:
    """Return what is wrong in a document, in the order of its lines.

    Args:
        qmd_text: the file as it stands, front matter first.
        settings: those of its project; without them the document is taken by itself.
        full_body: its body with all includes filled in; labels and references are then looked
            up in the whole document.

    Raises:
        StudyError: where the front matter cannot be read at all.
    """
    metadata, body = split_front_matter(qmd_text)
    start = len(qmd_text) - len(body)
    body_in_place = re.sub(r"[^\n]", " ", qmd_text[:start]) + body
    findings = list(_lint_front_matter(metadata))
    findings += _lint_code(body_in_place)
    plain_text = blank_code(body_in_place)
    plain_full_text = blank_code(full_body) if full_body is not None else plain_text
    options = {**(settings or {}).get(DEFAULTS, {}), **metadata.get("report", {})}
    numbered = options.get("number-sections")
    findings += _lint_constructs(plain_text)
    findings += _lint_labels(plain_text, plain_full_text, bool(numbered))
    findings += _lint_images(plain_text, body_in_place)
    return sorted(set(findings))


def lint_included_file(text: str) -> list[Finding]:
    """Return the faults of an included file, which has no front matter."""
    plain_text = blank_code(text)
    return sorted(
        {*_lint_code(text), *_lint_constructs(plain_text), *_lint_images(plain_text, text)}
    )


def _line_number(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _blank_match(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def blank_code(text: str) -> str:
    """Return ``text`` with escaped signs, code and comments blanked, every offset unchanged."""
    for pattern in (_ESCAPED, _COMMENT, _FENCE, _INLINE_CODE):
        text = pattern.sub(_blank_match, text)
    return text


def _lint_front_matter(metadata: dict[str, Any]) -> Iterator[Finding]:
    for key in ("title", "lang", "date"):
        if not metadata.get(key):
            yield Finding(1, f"front matter without '{key}'", "give it")
    date = metadata.get("date")
    if date and not _is_iso_date(str(date)):
        yield Finding(
            1, f"date '{date}'", "write YYYY-MM-DD and print another form by 'date-shown'"
        )
    for block in [metadata, *(find_format_block(metadata, output) for output in QUARTO_FORMATS)]:
        for key, remedy in _SHARED_KEYS.items():
            if key in block:
                yield Finding(1, f"'{key}' in the front matter", remedy)
    if metadata.get("toc") is True or find_format_block(metadata, "docx").get("toc"):
        remedy = "leave it out: pages and PDF have contents, Word's are 'contents:' under 'report:'"
        yield Finding(1, "'toc: true', which gives Word a second, empty list", remedy)
    if "bibliography" in metadata and metadata.get("citeproc") is not True:
        yield Finding(1, "'bibliography' without 'citeproc: true'", "write both")
    if metadata.get("engine", "markdown") != "markdown" or "jupyter" in metadata:
        yield Finding(1, "an engine that runs code", "write 'engine: markdown'")


def _is_iso_date(date: str) -> bool:
    try:
        return datetime.date.fromisoformat(date).isoformat() == date
    except ValueError:
        return False


def _lint_code(text: str) -> Iterator[Finding]:
    for match in _FENCE.finditer(_COMMENT.sub(_blank_match, text)):
        attributes = match[2].strip()
        if re.match(r"\{=\w+\}", attributes):
            remedy = "write Markdown: other formats would drop it"
            yield Finding(_line_number(text, match.start()), f"raw block '{attributes}'", remedy)
        elif re.match(r"\{\w+", attributes):
            remedy = "make tables and figures before the document"
            yield Finding(_line_number(text, match.start()), f"code cell '{attributes}'", remedy)
    outside = _FENCE.sub(_blank_match, text)
    for match in _INLINE_CODE.finditer(outside):
        if re.match(r"\{\w+\}\s|r\s", match[2]):
            remedy = "fill the value in before the document"
            yield Finding(_line_number(text, match.start()), f"inline code '{match[0]}'", remedy)


def _lint_constructs(plain: str) -> Iterator[Finding]:
    for pattern, name, remedy in _COMPILED:
        for match in pattern.finditer(SHORTCODE.sub(_blank_match, plain)):
            construct = match[0].strip()
            yield Finding(_line_number(plain, match.start()), f"{name} '{construct}'", remedy)
    for match in _MATHS.finditer(plain):
        remedy = "write formulas in Unicode letters and a dollar sign as '\\$'"
        yield Finding(_line_number(plain, match.start()), f"TeX maths '{match[0]}'", remedy)
    for match in SHORTCODE.finditer(plain):
        if match[1] not in KNOWN_SHORTCODES:
            remedy = f"use one of {', '.join(KNOWN_SHORTCODES)}"
            if match[1] == "pagebreak":
                remedy = "write '::: {.page-break}' and ':::'"
            yield Finding(
                _line_number(plain, match.start()), f"unknown shortcode '{match[1]}'", remedy
            )
    for pattern, location in ((_ATTRIBUTES, "an attribute"), (_TABLE_ROW, "a row of a table")):
        for match in pattern.finditer(plain):
            if SHORTCODE.search(match[0]):
                remedy = "write the words themselves"
                yield Finding(
                    _line_number(plain, match.start()), f"shortcode in {location}", remedy
                )
    yield from _lint_divs(plain)


def _lint_divs(plain: str) -> Iterator[Finding]:
    """Find divs that are never closed, or closed without having been opened."""
    open_offsets: list[int] = []
    for match in _DIV.finditer(plain):
        if match[2].strip(": \t"):
            open_offsets.append(match.start())
        elif open_offsets:
            open_offsets.pop()
        else:
            yield Finding(_line_number(plain, match.start()), "':::' closes nothing", "remove it")
    for offset in open_offsets:
        yield Finding(_line_number(plain, offset), "':::' is never closed", "close it by ':::'")


def _lint_labels(plain: str, full_text: str, numbered: bool) -> Iterator[Finding]:
    labels = [match[1] for match in _LABEL.finditer(full_text)]
    for match in _LABEL.finditer(plain):
        if labels.count(match[1]) > 1:
            line = _line_number(plain, match.start(1))
            yield Finding(line, f"label '{match[1]}' is used twice", "give each its own")
    for match in _REFERENCE.finditer(plain):
        line = _line_number(plain, match.start())
        if match[1] not in labels:
            yield Finding(line, f"unresolved reference '@{match[1]}'", "label what it points to")
        elif match[1].startswith("sec-") and not numbered:
            remedy = "set 'number-sections: true' under 'report:'"
            yield Finding(line, f"section reference '@{match[1]}' without numbers", remedy)


def _lint_images(plain: str, text: str) -> Iterator[Finding]:
    for match in _IMAGE.finditer(plain):
        # The attributes are read from the text itself: alternative text may hold code marks.
        attributes = text[match.start(3) : match.end(3)] if match[3] else ""
        line = _line_number(plain, match.start())
        inside_float = _opens_float(plain[: match.start()])
        if "#fig-" in attributes and not re.search(r"""fig-alt\s*=\s*["'][^"']+""", attributes):
            yield Finding(line, f"figure '{match[2]}' without fig-alt", "describe the picture")
        elif not attributes and not match[1].strip() and not inside_float:
            yield Finding(line, f"picture '{match[2]}' without text", "describe the picture")
        if re.match(r"\w+://", match[2]) or match[2].startswith("/"):
            remedy = "put the file beside the document, or below the public results"
            yield Finding(line, f"picture '{match[2]}' from elsewhere", remedy)


def _opens_float(before: str) -> bool:
    """Return whether the nearest div opened before is a figure with its own alternative text."""
    last = before.rfind("::: {#fig-")
    return last >= 0 and "fig-alt" in before[last:].split("\n\n")[0]
