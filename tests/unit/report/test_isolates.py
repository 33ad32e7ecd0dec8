"""Numbers in a script from the right: which are isolates, in figures and pages as in documents."""

import subprocess
from pathlib import Path

import lxml.html
import pypandoc
import pytest

from disrupting_harm.report.language.isolates import (
    change_texts_of_page,
    isolate_line,
    isolate_numbers,
    join_ranges,
)
from disrupting_harm.report.rendering.assets import bundle_filter

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
# As they are written, with "[" and "]" where an isolate begins and ends.
NUMBERS = (
    "نص [22 (17–28)] نص",
    "نص [22% (17–\u206028%)], نص [−3.2] نص",
    "نص [<1] نص [300\u00a0000] نص [116 111] نص",
    "[12–17] نص [24/11/2026]",
    "نص 1,015 نص 17, نص 3. نص",
    "نص report-12.html COVID-19 https://example.org/17-28",
    "نص [(17–28, 3–4)] نص (نص 17)",
)
SIGNS = str.maketrans("[]", "\u2066\u2069")


def as_written(numbers: str) -> str:
    """Return the text without its marks."""
    return numbers.replace("[", "").replace("]", "")


@pytest.mark.parametrize("numbers", NUMBERS)
def test_a_number_of_several_parts_is_an_isolate(numbers: str) -> None:
    assert isolate_numbers(as_written(numbers)) == numbers.translate(SIGNS)


def test_documents_have_the_same_isolates(tmp_path: Path) -> None:
    bundled = bundle_filter(LOCALE)
    from_right = bundled.replace('["script-latn"]', '["rtl"] = "true",\n["script-latn"]')
    assert from_right != bundled
    path = tmp_path / "filter.lua"
    path.write_text(from_right, encoding="utf-8")
    # One of two numbers of a range has an address; so has the first of two with limits.
    texts = "\n\n".join(map(as_written, NUMBERS)).replace("12–17", '[12]{n="a/b"}–17')
    texts = texts.replace("22 (", '[22]{n="a/b"} (').replace("<", "\\<")
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=html", "--wrap=none"]
    done = subprocess.run(
        [*command, f"--lua-filter={path}"],
        input=f"---\nlang: en\n---\n\n{texts}\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    paragraphs = [each.text_content() for each in lxml.html.fromstring(done.stdout).iter("p")]
    # Documents have their ranges joined, too.
    assert [text.replace("\u2060", "") for text in paragraphs] == [
        numbers.translate(SIGNS).replace("\u2060", "") for numbers in NUMBERS
    ]


def test_tags_of_a_page_stay_as_they_are() -> None:
    page = '<p title="17–28">نص &lt;1, <b>17–28</b><script>a = "3–4";</script> نص 3–4</p>'
    expected = page.replace("&lt;1", "[&lt;1]").replace(">17–28<", ">[17–28]<")
    expected = expected.replace("نص 3–4", "نص [3–4]")
    assert change_texts_of_page(page, isolate_numbers) == expected.translate(SIGNS)


def test_a_line_of_a_figure_is_read_from_its_right_end() -> None:
    assert isolate_line("WeProtect: نص 3–4") == "\u2067WeProtect: نص \u20663–4\u2069\u2069"
    assert isolate_line("22% (17–28)") == "22% (17–28)"


def test_no_line_ends_within_a_range(tmp_path: Path) -> None:
    # A "|" where a line may not end.
    texts = (
        "aged 12–|17, 16-|17; (17–|28), 8.2–|8.7%, 8%–|9%, 2014–|2023, 12-|13: yes",
        "(700,000–1,100,000), 230\u00a0000–390\u00a0000, s41586-026, 10.1186/s12874-015-0091, "
        "report-12.html, COVID-19, 12 – 17, U+17-28x, 2027-01-05, (2021-03), 1-2:3",
    )
    as_read = [text.replace("|", "") for text in texts]
    as_joined = [text.replace("|", "\u2060") for text in texts]
    assert [join_ranges(text) for text in as_read] == as_joined
    assert [join_ranges(text) for text in as_joined] == as_joined
    path = tmp_path / "filter.lua"
    path.write_text(bundle_filter(LOCALE), encoding="utf-8")
    addressed = as_read[0].replace("12–17", '[12]{n="a/b"}–[17]{n="a/c"}')
    addressed = addressed.replace("8%–9%", '8%–[9]{n="a/d"}%').replace("8.2", '[8.2]{n="a/e"}')
    source = f"---\nlang: en\n---\n\n{addressed}\n\n{as_read[1]}\n"
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=html", "--wrap=none"]
    done = subprocess.run(
        [*command, f"--lua-filter={path}"], input=source, capture_output=True, text=True, check=True
    )
    paragraphs = [each.text_content() for each in lxml.html.fromstring(done.stdout).iter("p")]
    assert paragraphs == as_joined
