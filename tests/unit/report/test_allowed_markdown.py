"""What authors write brings in no code: both engines refuse it, and what is allowed holds none.

The judge of a page is Python's own parser of HTML, which knows nothing of this project.
"""

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pypandoc
import pytest
from rendering_sample import document

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.rendering import render

HOSTILE = {
    "a script as address": "[x](javascript:alert(1))",
    "in large letters": "[x](JaVaScRiPt:alert(1))",
    "with a control character": "[x](&#1;javascript:alert(1))",
    "as entities": "[x](&#106;&#97;&#118;ascript:alert(1))",
    "as reference": "[x][y]\n\n[y]: javascript:alert(1)",
    "as automatic link": "<javascript:alert(1)>",
    "of Visual Basic": "[x](vbscript:msgbox(1))",
    "data as address": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "a file of the machine": "[x](file:///etc/passwd)",
    "without a scheme": "[x](//example.org/x)",
    "with strokes backwards": "[x](\\\\\\\\example.org/x)",
    "a picture as data": "![x](data:image/svg+xml,x)",
    "a picture from elsewhere": "![x](https://example.org/x.png)",
    "a handler of a span": "[x]{onclick='alert(1)'}",
    "of a link": "[x](https://example.org){onmouseover='alert(1)'}",
    "of a picture": "![x](a.png){onerror='alert(1)'}",
    "of a block": "::: {onclick='alert(1)'}\nx\n:::",
    "of a heading": "## x {onfocus='alert(1)' tabindex='0'}",
    "of code": "`x`{onclick='alert(1)'}",
    "of a block of code": "``` {onclick='alert(1)'}\nx\n```",
    "of a table": "| a |\n|---|\n| b |\n\n: c {onclick='alert(1)'}",
    "within a note": "x[^1]\n\n[^1]: [y](javascript:alert(1))",
    "within a caption": "![[y](javascript:alert(1))](a.png)\n",
    "an own style": "[x]{style='background:url(https://example.org)'}",
    "another address": "[x](a.html){ping='https://example.org' target='_blank'}",
    "a form's address": "[x]{formaction='javascript:alert(1)'}",
    "a frame's content": "[x]{srcdoc='<script>alert(1)</script>'}",
    "raw HTML, block": "```{=html}\n<script>alert(1)</script>\n```",
    "raw HTML, in a line": "`<img src=x onerror=alert(1)>`{=html}",
    "raw Typst": '```{=typst}\n#read("/etc/passwd")\n```',
    "raw Word": "```{=openxml}\n<w:p/>\n```",
}
# Raw HTML that the embedded renderer prints letter by letter, and Quarto's reader would keep.
TAGS = {
    "a script": "<script>alert(1)</script>",
    "a picture": "<img src=x onerror=alert(1)>",
    "a link": "a <a href='javascript:alert(1)'>x</a>",
    "a block": "<div onclick='alert(1)'>\n\nx\n\n</div>",
    "a span": "a <span onclick='alert(1)'>x</span>",
    "a frame": "<iframe src='https://example.org'></iframe>",
    "a style": "<style>@import 'https://example.org'</style>",
    "behind a comment": "<!-- x --><script>alert(1)</script><!-- y -->",
}
ALLOWED = """
A [link](https://example.org/x?y=z#w "words"), [another](http://example.org), <someone@example.org>,
[a call](tel:+254116), [a file](data/a.csv), [a place](#here) and
[a word]{lang=km dir=ltr .x #here}.

::: {.y data-n=KEN aria-label=words}
Text
:::
"""
ACTIVE = ("script", "iframe", "object", "embed", "form", "base", "link", "svg", "math")


class Active(HTMLParser):
    """Gathers elements, attributes and addresses of a page that run or bring in something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "ping", "srcset"):
                self.found.append(name)
            if name in ("href", "src"):
                self.targets.append(value or "")


def by_pandoc(qmd: Path) -> subprocess.CompletedProcess[bytes]:
    """Read a document as Quarto does, raw HTML and all, with the shared filter."""
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=html5", str(qmd)]
    shared = qmd.parents[1] / "_shared" / "report-filter.lua"
    return subprocess.run([*command, f"--lua-filter={shared}"], capture_output=True, cwd=qmd.parent)


@pytest.fixture(scope="module")
def qmd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return document(tmp_path_factory.mktemp("allowed") / "d", "")


def write(qmd: Path, body: str, front: str = "") -> None:
    opening = f"title: A title\nlang: en\ndate: 2026-11-24\n{front}"
    qmd.write_text(f"---\n{opening}---\n\n{body}\n", encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_neither_engine_takes_it(qmd: Path, text: str) -> None:
    write(qmd, f"Before.\n\n{text}\n")
    with pytest.raises(StudyError):
        render(qmd, ["html"], "embedded")
    done = by_pandoc(qmd)
    assert (done.returncode, done.stdout) == (3, b"")
    said = done.stderr.decode()
    assert re.search(r"the address '|the attribute '|the picture '|raw \w+ '", said), said


@pytest.mark.parametrize("text", TAGS.values(), ids=TAGS)
def test_raw_html_is_no_way_round(qmd: Path, text: str) -> None:
    write(qmd, f"Before.\n\n{text}\n")
    with pytest.raises(StudyError):
        render(qmd, ["html"], "embedded")
    done = by_pandoc(qmd)
    assert (done.returncode, done.stdout) == (3, b""), done.stdout


@pytest.mark.parametrize("address", ["<  javascript:alert(1)>", "java&#9;script:alert(1)"])
def test_blanks_make_it_the_name_of_a_file(qmd: Path, address: str) -> None:
    write(qmd, f"[x]({address})\n")
    targets = Active(by_pandoc(qmd).stdout.decode()).targets
    # What a browser leaves out before it looks for a scheme.
    assert not [target for target in targets if re.match(r"[\0-\x20]*\w+[\t\r\n]*\w*:", target)]


def test_what_is_allowed_comes_through(qmd: Path) -> None:
    write(qmd, ALLOWED + "\n<!-- a comment -->\n")
    for page in (
        render(qmd, ["html"], "embedded").files["html"].read_text(encoding="utf-8"),
        by_pandoc(qmd).stdout.decode(),
    ):
        read = Active(page)
        assert read.found == []
        wanted = ["https://example.org/x?y=z#w", "http://example.org", "tel:+254116", "data/a.csv"]
        assert {*wanted, "#here", "mailto:someone@example.org"} <= set(read.targets)


@pytest.mark.parametrize("engine", ["embedded", "pandoc"])
def test_front_matter_and_lists_of_works_are_read_by_the_same_rule(qmd: Path, engine: str) -> None:
    bib = "@misc{a, title={A}, author={B}, year={2020}, url={javascript:alert(1)}}\n"
    for extra, body in (
        ("subtitle: '[x](javascript:alert(1))'", "Text."),
        ("bibliography: works.bib\nciteproc: true", "Text [@a]."),
    ):
        write(qmd, body, f"{extra}\n")
        (qmd.parent / "works.bib").write_text(bib, encoding="utf-8")
        if engine == "embedded":
            with pytest.raises(StudyError, match="the address 'javascript"):
                render(qmd, ["html"], "embedded")
        else:
            done = by_pandoc(qmd)
            assert done.returncode == 3
            assert b"the address 'javascript" in done.stderr
