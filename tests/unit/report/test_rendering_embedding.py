"""A page holds all that it names, in the bytes of pandoc's own --embed-resources."""

import subprocess
from pathlib import Path

import pypandoc
import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.rendering.embedding import embed_resources, format_single_file

SHEET = """\
/* The look. */
p  { color: red }

  @media print {
\tp { color: black; /* on
    paper */ margin: 0 }
}
"""
FACE = """\
<style>
@font-face {
  font-family: 'Own';
  src: url(data:font/woff;base64,QUJD);
}
</style>
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><path d="M0 0"/></svg>\n'
TEXT = """\
![A "drawing" & more](a%20b.svg){width=70%}

![far](far.svg){external="1"}

![](bare.svg) and `<img src="code.svg" alt='x'> & &amp;`, ![two](dot.png){.wide title="Title"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three drawings, a picture, a style sheet and a font."""
    for name in ("a b.svg", "bare.svg", "far.svg"):
        (tmp_path / name).write_text(DRAWING)
    (tmp_path / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "look.css").write_text(SHEET)
    (tmp_path / "fonts-own.html").write_text(FACE)
    return tmp_path


def page(folder: Path, head: str, *options: str) -> str:
    """Return what pandoc makes of the text with a head."""
    (folder / "template.html").write_text(f"<html><head>\n{head}</head>\n$body$\n</html>\n")
    command = [pypandoc.get_pandoc_path(), "--to=html5", "--wrap=none", "--template=template.html"]
    done = subprocess.run(
        [*command, *options],
        input=TEXT,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_page_holds_its_files_as_pandoc_would_put_them(folder: Path) -> None:
    sheet = '<link rel="stylesheet" href="look.css">\n'
    expected = page(folder, f"$fonts-own.html()$\n{sheet}", "--embed-resources")
    bare = page(folder, f"<!-- fonts-own.html -->{sheet}")
    assert embed_resources(bare, folder, folder) == expected
    assert "base64" not in bare
    assert expected.count("data:image/svg+xml") == 2
    assert '<img src="far.svg" data-external="1"' in expected


def test_a_single_file_holds_its_external_pictures_as_well(folder: Path) -> None:
    linked = folder / "page.html"
    linked.write_text(embed_resources(page(folder, ""), folder, folder))
    inside = embed_resources(page(folder, "").replace(' data-external="1"', ""), folder, folder)
    assert format_single_file(linked) == inside
    assert inside.count("data:image/svg+xml") == 3
    assert "external" not in inside
    (folder / "far.svg").unlink()
    with pytest.raises(StudyError, match=r"far\.svg: no such file"):
        format_single_file(linked)


def test_a_single_file_holds_drawings_for_narrow_windows(folder: Path) -> None:
    linked = folder / "page.html"
    source = '<picture><source media="(max-width: 40rem)" srcset="far.svg" data-external="1">'
    linked.write_text(embed_resources(source, folder, folder))
    assert linked.read_text() == source
    inside = format_single_file(linked)
    assert inside == embed_resources(source.replace(' data-external="1"', ""), folder, folder)
    start = '<picture><source media="(max-width: 40rem)" srcset="data:image/svg+xml;base64,'
    assert inside.startswith(start)
    (folder / "far.svg").unlink()
    with pytest.raises(StudyError, match=r"far\.svg: no such file"):
        embed_resources(source, folder, folder)


def test_a_single_file_leads_nowhere_beside_it(folder: Path) -> None:
    linked = folder / "page.html"
    ways = (
        '<nav class="ways" aria-label="Other"><a href="../a.html">A</a> <a href="b.pdf">B</a></nav>'
    )
    linked.write_text(f'{ways}\n<nav id="TOC"><a href="#b">B</a></nav>')
    assert format_single_file(linked) == '<nav id="TOC"><a href="#b">B</a></nav>'


def test_what_a_page_names_must_be_there(folder: Path) -> None:
    with pytest.raises(StudyError, match=r"gone\.svg: no such file"):
        embed_resources('<img src="gone.svg" alt="x" />', folder, folder)


@pytest.mark.parametrize(
    "tag", ['<video src="film.mp4" controls="">', '<embed src="a.pdf" />', '<img src="a.tif" />']
)
def test_a_file_of_another_kind_is_refused(folder: Path, tag: str) -> None:
    with pytest.raises(StudyError, match="a page cannot hold a file of this kind"):
        embed_resources(tag, folder, folder)


@pytest.mark.parametrize("rule", ['@import "more.css";', "p { background: url(paper.png) }"])
def test_a_style_sheet_that_names_files_is_refused(folder: Path, rule: str) -> None:
    (folder / "look.css").write_text(rule)
    with pytest.raises(StudyError, match="names another file"):
        embed_resources('<link rel="stylesheet" href="look.css">', folder, folder)
