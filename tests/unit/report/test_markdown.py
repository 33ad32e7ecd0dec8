"""Text stays text: what a user writes is printed letter by letter, as pandoc itself reads it."""

import json
import subprocess
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.report.language.markdown import escape, quote_attribute, quote_yaml
from disrupting_harm.report.rendering.qmd import SHORTCODE

# Quarto's reader also knows bare addresses and names of emoji; straight quotes stay comparable.
READER = "markdown+autolink_bare_uris+emoji-smart"

# Each would become something else than text, or stop a report, if it were printed as it stands.
HOSTILE = [
    "{{< include /etc/passwd >}}",
    "{{< meta title >}}",
    "<script>alert(1)</script>",
    '#read("/etc/passwd")',
    "`x`{=html}",
    "```{=html}",
    "<% x %>",
    "<< x >>",
    "[x](file:///etc/passwd)",
    "![x](http://example.org/c.png)",
    "https://example.org/x",
    "user@example.org",
    "@fig-x",
    "[^1]",
    "^[note]",
    "$x$",
    "\\(x\\)",
    "\\begin{x}",
    "&lt;b&gt;",
    "&#60;",
    "<!-- c -->",
    "{#id .class key=value}",
    ":smile:",
    ":::",
    "::: {.callout-note}",
    "- a",
    "+ a",
    "1. a",
    "(a) b",
    "a) b",
    "iv. x",
    "# h",
    "> q",
    ": definition",
    "=====",
    "-----",
    "***",
    "% title",
    "x | y",
    "+---+",
    "[a]: http://example.org",
    "*b* _i_ ~~s~~ ^x^ ~y~",
    "one\n\n- two",
    "Uses <chat> apps",
    "R&D: 12-17, 5 %",
    "\\",
    "ends with \\",
    'says "no" to it',
    "\u05e9\u05dc\u05d5\u05dd \u200f\u2067x\u2069",
    "\U0001f600",
]


def read(markdown: str) -> list[dict[str, Any]]:
    """Return the blocks that pandoc sees."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from", READER, "--to", "json"],
        input=markdown.encode(),
        capture_output=True,
        check=True,
    )
    return list(json.loads(done.stdout)["blocks"])


def words(inlines: list[dict[str, Any]]) -> str:
    """Return inlines as text; anything but letters and spaces shows its kind."""
    return "".join(
        part["c"] if part["t"] == "Str" else " " if part["t"] == "Space" else f"<{part['t']}>"
        for part in inlines
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def printed(values: list[str]) -> list[str]:
    """Return each value as a paragraph of its own would print it."""
    blocks = read("\n\n".join(escape(value) for value in values))
    return [words(block["c"]) if block["t"] == "Para" else block["t"] for block in blocks]


def test_every_hostile_text_is_a_paragraph_of_its_own_letters() -> None:
    assert printed(HOSTILE) == [one_line(value) for value in HOSTILE]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_shortcode_is_formed(value: str) -> None:
    for written in (escape(value), quote_attribute(value), quote_yaml(value)):
        assert not SHORTCODE.search(written)


def test_attributes_keep_every_letter_and_end_where_they_should() -> None:
    source = "\n\n".join(f"[x]{{alt={quote_attribute(value)} last=1}}" for value in HOSTILE)
    found = [block["c"][0]["c"][0][2] for block in read(source)]
    assert found == [[["alt", one_line(value)], ["last", "1"]] for value in HOSTILE]


def test_titles_in_the_front_matter_keep_every_letter() -> None:
    for value in HOSTILE:
        document = f"---\ntitle: {quote_yaml(value)}\n---\n\ntext\n"
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "--from", READER, "--to", "json"],
            input=document.encode(),
            capture_output=True,
            check=True,
        )
        title = json.loads(done.stdout)["meta"]["title"]
        assert words(title["c"]) == one_line(value)


# Letters that have a meaning somewhere, in any order.
SIGNS = st.text("\\`*_[]<>#|@$^~{}&:=-+.()!%'\"/ab1 \u00a0", max_size=30).filter(str.strip)


@settings(max_examples=20, deadline=None)
@given(st.lists(SIGNS, min_size=40, max_size=60))
def test_any_text_of_signs_is_printed_letter_by_letter(values: list[str]) -> None:
    expected = [" ".join(part for part in value.split(" ") if part) for value in values]
    assert printed(values) == expected
