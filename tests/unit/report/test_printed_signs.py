"""The table of signs: what pages print in place of numbers, and nothing else."""

from pathlib import Path

import pytest

from disrupting_harm.core.files import write_text
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.site.printed_signs import (
    list_printed_signs,
    read_explorer_statuses,
)

RANGE = "a range alone, to protect respondents"
CARD = '<p class="share"><span class="big">{}</span></p><p class="note">{}</p>'


def listed(page: str, statuses: tuple[str, ...] = (), coded: bool = False) -> list[str]:
    signs = list_printed_signs([page], statuses, build_english(), coded)
    return [word for sign in signs for word in sign.words]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>17% (14-21)</p>", []),
        (CARD.format("under 5%", ""), ["under …"]),
        (CARD.format("", RANGE), [RANGE]),
        (CARD.format("Not shown", ""), ["Not shown"]),
        ("<h2>Not shown in this table</h2>", []),
        ("<td>&lt;5<td>", ["<"]),
        ("<tr><td>hidden<td class=n>uncertain</tr>", ["hidden", "uncertain"]),
        ("<p>Some are hidden.</p>", []),
        ('<img alt="A teacher: not shown: privacy; Nobody: not shown: too uncertain.">',
         ["not shown: privacy", "not shown: too uncertain"]),
        ("<td>set apart: not to be compared<td>", ["set apart: not to be compared"]),
        ("<td>–<td>", ["–"]),
        ("<p>ages 12 – 17</p>", []),
        ("<td>9 to 14 §<td>", ["§"]),
        ("<p>Children affected*, the last time</p>", ["*"]),
        ('<th data-n="KEN/any/*/shown">Share</th>', []),
        ("<p>not asked</p>", ["not asked"]),
    ],
)  # fmt: skip
def test_a_sign_is_listed_where_a_page_prints_it(page: str, words: list[str]) -> None:
    assert listed(page) == words


def test_the_explorer_has_words_of_its_own() -> None:
    statuses = ("suppress_disclosure", "suppress_reliability", "not_asked")
    assert listed("", statuses) == [
        "not shown, to protect respondents", "not shown, not reliable enough", "not asked",
    ]  # fmt: skip


def test_a_bound_says_of_what_it_is() -> None:
    meanings = {
        coded: list_printed_signs(["<td>&lt;5<td>"], (), build_english(), coded)[0].meaning
        for coded in (True, False)
    }
    assert "The estimate is below" in meanings[True]
    assert "97.5 per cent sure" in meanings[False]


def test_statuses_are_those_of_cells_without_number_and_bound(tmp_path: Path) -> None:
    assert read_explorer_statuses(tmp_path) == frozenset()
    lines = (
        "estimate,bound_high,status",
        "0.1,,present", ",0.1,suppress_disclosure", ",,suppress_reliability",
    )  # fmt: skip
    write_text(tmp_path / "estimates.csv", "\n".join(lines) + "\n")
    assert read_explorer_statuses(tmp_path) == {"suppress_reliability"}
