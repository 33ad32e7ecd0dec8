"""The linter names the line and the construct, and is silent on the sample."""

import pytest
from rendering_sample import SAMPLE, SETTINGS, document

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.rendering import lint, render
from disrupting_harm.report.rendering.qmd import read_source

FRONT = "---\ntitle: T\nlang: en\ndate: 2026-11-24\n---\n\n"
FIRST = FRONT.count("\n") + 1


def found(body, front=FRONT):
    return [(f.line, f.construct) for f in lint(front + body)]


def test_sample_is_clean():
    text = (SAMPLE / "sample.qmd").read_text(encoding="utf-8")
    assert lint(text, SETTINGS) == []


@pytest.mark.parametrize(
    ("body", "construct"),
    [
        ("```{python}\n1\n```", "code cell '{python}'"),
        ("```{mermaid}\nx\n```", "code cell '{mermaid}'"),
        ("```{=html}\n<b>\n```", "raw block '{=html}'"),
        ("Value `{r} 1 + 1`.", "inline code '`{r} 1 + 1`'"),
        ("Value `r x`.", "inline code '`r x`'"),
        ("A formula $x^2$.", "TeX maths '$x^2$'"),
        ("$$x$$", "TeX maths '$$x$'"),
        ("US$5 and then $6 more$ or", "TeX maths '$6 more$'"),
        ("{{< video x >}}", "unknown shortcode 'video'"),
        ("{{< pagebreak >}}", "unknown shortcode 'pagebreak'"),
        ('![A](a){#fig-a fig-alt="{{< meta x >}}"}', "shortcode in an attribute"),
        (
            '::: {.callout-note title="A \\"B\\" {{< meta x >}}"}\nx\n:::',
            "shortcode in an attribute",
        ),
        ('![A](a){#fig-a\nfig-alt="x\n{{< meta x >}}"}', "shortcode in an attribute"),
        ("| a |\n|---|\n| {{< meta x >}} |", "shortcode in a row of a table"),
        ("See @fig-none.", "unresolved reference '@fig-none'"),
        ("See [-@tbl-none].", "unresolved reference '@tbl-none'"),
        ("See @eq-a.", "reference other than fig, tbl, sec '@eq-a'"),
        ("See @Fig-a.", "capitalised reference '@Fig-a'"),
        ("![A](a.svg){#fig-a}", "figure 'a.svg' without fig-alt"),
        ('![A](a.svg){#fig-a fig-alt=""}', "figure 'a.svg' without fig-alt"),
        ("![](a.svg)", "picture 'a.svg' without text"),
        ("![A](https://a.org/a.svg)", "picture 'https://a.org/a.svg' from elsewhere"),
        ("![A](/a.svg)", "picture '/a.svg' from elsewhere"),
        ("Words <b>bold</b>", "raw HTML '<b>'"),
        ("# Heading", "heading of level one '#'"),
        ("::: {.column-margin}\nx\n:::", "margin or page column '{.column-margin'"),
        ("::: {.note}\nx", "':::' is never closed"),
        ("x\n\n:::", "':::' closes nothing"),
    ],
)
def test_construct_is_named(body, construct):
    assert construct in [c for _, c in found(body)]


def test_layout_is_found():
    assert found("::: {layout-ncol=2}\nx\n:::") == [
        (FIRST, "layout of several figures 'layout-ncol='")
    ]


def test_line_is_that_of_the_file():
    assert found("\n\nSee @fig-none.")[0][0] == FIRST + 2


def test_duplicate_label_is_found_on_both_lines():
    image = '![A](a.svg){#fig-a fig-alt="x"}\n\n'
    lines = [line for line, c in found(image * 2) if c == "label 'fig-a' is used twice"]
    assert lines == [FIRST, FIRST + 2]


def test_section_reference_needs_numbers():
    body = "## A {#sec-a}\n\nSee @sec-a."
    assert found(body) == [(FIRST + 2, "section reference '@sec-a' without numbers")]
    assert found(body, FRONT.replace("title", "report:\n  number-sections: true\ntitle")) == []
    assert lint(FRONT + body, SETTINGS) == []
    off = FRONT.replace("title", "report:\n  number-sections: false\ntitle")
    assert len(lint(off + body, SETTINGS)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Code `$x$ @fig-a <b>` is text.",
        "```\n$x$ {{< video >}} @fig-a\n# x\n```",
        "<!-- <b> @fig-a -->",
        "It costs US$5, not $6.",
        "It costs \\$5 and \\$6.",
        "Write to name@example.org.",
        "A link <https://example.org>.",
        "Less than < 5 and > 3.",
        "Text of {{< meta title >}} and {.smallcaps} words.",
        "## Heading {{< meta title >}} {.unnumbered}",
    ],
)
def test_harmless_text_is_left_alone(body):
    assert found(body) == []


@pytest.mark.parametrize(
    ("line", "construct"),
    [
        ("date: 24 November 2026", "date '24 November 2026'"),
        ("date: 2026-11-24\nnumber-sections: true", "'number-sections' in the front matter"),
        ("date: 2026-11-24\nfilters: [x.lua]", "'filters' in the front matter"),
        ("date: 2026-11-24\nformat:\n  html:\n    template: x", "'template' in the front matter"),
        ("date: 2026-11-24\nmainfont: A", "'mainfont' in the front matter"),
        ("date: 2026-11-24\ncrossref:\n  fig-title: x", "'crossref' in the front matter"),
        ("date: 2026-11-24\ntoc-title: Contents", "'toc-title' in the front matter"),
        ("date: 2026-11-24\nbibliography: x", "'bibliography' without 'citeproc: true'"),
        ("date: 2026-11-24\ntoc: true", "'toc: true', which gives Word a second, empty list"),
        ("date: 2026-11-24\njupyter: python3", "an engine that runs code"),
        ("subtitle: x", "front matter without 'date'"),
    ],
)
def test_front_matter(line, construct):
    assert found("x", f"---\ntitle: T\nlang: en\n{line}\n---\n") == [(1, construct)]


def test_included_file_is_linted_under_its_own_name(tmp_path):
    qmd = document(tmp_path / "d", "{{< include _part.md >}}")
    (qmd.parent / "_part.md").write_text("one\n\n$x$\n")
    with pytest.raises(StudyError, match=r"_part\.md line 3: TeX maths"):
        render(qmd, ["html"], "embedded", language="en")


def test_reference_to_an_included_label_resolves(tmp_path):
    qmd = document(tmp_path / "d", "See @fig-a.\n\n{{< include _part.md >}}")
    (qmd.parent / "_part.md").write_text('![A](figures/age){#fig-a fig-alt="Bars"}\n')
    text = render(qmd, ["html"], "embedded", language="en").files["html"].read_text("utf-8")
    assert "Figure\u00a01" in text


def test_unresolved_reference_in_an_include_is_an_error(tmp_path):
    qmd = document(tmp_path / "d", "{{< include _part.md >}}")
    (qmd.parent / "_part.md").write_text("See @fig-none.\n")
    with pytest.raises(StudyError, match="@fig-none"):
        render(qmd, ["html"], "embedded", language="en")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{< include _none.md >}}", "_none.md' is missing"),
        ("{{< include report.qmd >}}", "includes itself"),
        ("{{< include ../secret.md >}}", "outside the document's folder"),
        ("{{< include /etc/hostname >}}", "outside the document's folder"),
        ("{{< meta nothing >}}", "meta nothing"),
        ("{{< video x >}}", "unknown shortcode 'video'"),
    ],
)
def test_shortcodes_that_cannot_be_filled(tmp_path, body, message):
    with pytest.raises(StudyError, match=message):
        read_source(document(tmp_path / "d", body))


@pytest.mark.parametrize(
    "text", ["\\<img src=x\\>", "\\{=html\\}", "\\`x\\`{=html\\}", "\\{ .aside \\}", "\\@eq-1"]
)
def test_escaped_signs_are_text(text):
    assert [
        str(each) for each in lint(f"---\ntitle: T\nlang: en\ndate: 2026-01-01\n---\n\n{text}\n")
    ] == []
