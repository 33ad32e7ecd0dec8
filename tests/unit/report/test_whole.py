"""A share above 0 that rounds to 0: nowhere is it printed as 0, and its limits are not."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_project_brief import BRIEF, NAMED, share
from test_regional_wording import wording
from whole_per_cents_by_hand import table_with_wholes, with_wholes

from disrupting_harm.provenance.addresses import cell_with_address, with_address
from disrupting_harm.report.checks.numbers import agrees_with_whole
from disrupting_harm.report.documents.brief.country_text import describe_share, format_share_tile
from disrupting_harm.report.documents.brief.study_text import describe_levels
from disrupting_harm.report.documents.regional.averages import answer_how_many
from disrupting_harm.report.documents.regional.headline_indicator import HeadlineIndicator
from disrupting_harm.report.figures.estimate_chart import build_row
from disrupting_harm.report.findings.brief_definition import read_brief
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.headings import find_claims_of_share
from disrupting_harm.report.language.addressed_text import split_addresses, strip_addresses
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    MARKDOWN,
    build_english,
    load_translator,
)
from disrupting_harm.report.language.whole_percent import (
    format_interval,
    format_interval_in_figure,
    format_whole_percent,
)
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
ENGLISH = build_english()
NUMBERS = {"estimate": 0.003, "ci_low": 0.001, "ci_high": 0.012}
ROW = PublicRow(with_wholes({name: str(value) for name, value in NUMBERS.items()}))


@pytest.fixture
def small() -> PercentInterval:
    share = read_percent_interval(
        PublicRow({name: cell_with_address(cell, f"KEN/a/{name}") for name, cell in ROW.items()})
    )
    assert share is not None
    return share


@pytest.mark.parametrize(
    ("percent", "some", "printed"), [(14, True, "14"), (0, True, "<1"), (0, False, "0")]
)
def test_no_limit_of_a_share_above_nought_is_printed_as_nought(
    percent: int, some: bool, printed: str
) -> None:
    assert ENGLISH.of_100(percent, some) == printed
    share = PercentInterval(0, percent, 20, small=some)
    assert format_interval(ENGLISH, share) == f"({printed}–\u206020)"
    limit = with_address(percent, "KEN/a/whole_low")
    assert strip_addresses(ENGLISH.with_markup(ADDRESSED).of_100(limit, some)) == printed
    assert '{n="KEN/a/whole_low"}' in ENGLISH.with_markup(MARKDOWN).of_100(limit, some)
    assert agrees_with_whole("<1", 0, ENGLISH)
    assert not agrees_with_whole("<1", 1, ENGLISH)


def test_the_sign_of_a_difference_stands_beside_its_number() -> None:
    """A report writes "−[3]{n=…}": the run of Kenya stopped at its own check."""
    assert agrees_with_whole("3", -3, ENGLISH)
    assert agrees_with_whole("−3", -3, ENGLISH)
    assert not agrees_with_whole("4", -3, ENGLISH)


def test_a_share_of_nobody_is_nought() -> None:
    none = read_percent_interval(
        PublicRow(with_wholes({"estimate": "0.0", "ci_low": "0.0", "ci_high": "0.012"}))
    )
    assert none is not None
    assert (
        none.small,
        format_whole_percent(ENGLISH, none),
        format_interval_in_figure(ENGLISH, none),
    ) == (
        False,
        "0%",
        "(0–1)",
    )


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en", "under 1% (<1–1)"),
        ("pt", "menos de 1% (<1–1)"),
        ("vi", "dưới 1% (<1–1)"),
        ("id", "kurang dari 1% (<1–1)"),
        ("th", "น้อยกว่า 1% (<1–1)"),
        ("km", "តិចជាង 1% (<1–1)"),
    ],
)
def test_a_small_share_is_said_to_be_under_one(
    small: PercentInterval, language: str, printed: str
) -> None:
    translator = load_translator(language, LOCALE)
    in_markdown = translator.with_markup(MARKDOWN)
    bare = printed.replace("–", "–\u2060").replace("<", "\\<")
    assert (
        remove_addresses(format_share_with_interval(in_markdown, small)).replace("\u00a0", " ")
        == bare
    )
    tile = format_share_tile(in_markdown, small, Markdown("said so"))
    number, limits = bare.split(" (")
    assert remove_addresses(tile.number) == f"{number} [({limits}]{{.limits}}"
    said, numbers = split_addresses(format_whole_percent(translator.with_markup(ADDRESSED), small))
    assert (said, [each.address for each in numbers]) == (number, ["under(KEN/a/whole)"])


def test_the_main_sentence_of_a_brief_does_not_say_about_nought(small: PercentInterval) -> None:
    names = {"country": Markdown("Kenya"), "population": Markdown("children")}
    said = describe_share(read_brief(BRIEF), small, ENGLISH.with_markup(MARKDOWN), names)
    assert remove_addresses(said).startswith(
        "Fewer than 1 in 100 children aged 12–17 who use the internet in Kenya told"
    )


def test_a_heading_claims_no_nought() -> None:
    numbers = *NUMBERS.values(), "", "present"
    found = find_claims_of_share(
        Cell("a", "total", "all", 900, *numbers, percent=read_percent_interval(ROW)), coded=False
    )
    assert "in_100" not in found


def test_a_span_of_countries_begins_below_one() -> None:
    rows = {
        "KEN": share("KEN", *map(str, NUMBERS.values())),
        "UGA": share("UGA", "0.17", "0.14", "0.21"),
    }
    values = (set[str](), NAMED, Markdown("children"))
    said = describe_levels(read_brief(BRIEF), ENGLISH.with_markup(MARKDOWN), rows, *values)
    assert "Where numbers can be compared, \\<1 to 17 of every 100 children" in remove_addresses(
        said
    )


@pytest.mark.parametrize(
    ("countries", "said"),
    [
        (1, "in Kenya, by the estimate fewer than 1 said so; its range goes up to 1."),
        (2, "who said so."),
    ],
)
def test_the_regional_answer_does_not_say_about_nought(countries: int, said: str) -> None:
    own = {"indicator": "uses_daily", **ROW}
    rows = [own | {"country": code} for code in ("KEN", "UGA")[:countries]]
    subject = HeadlineIndicator(
        wording(prevalence=rows), "uses_daily", Markdown("said so"), Markdown("children")
    )
    found = remove_addresses(answer_how_many(subject, Markdown("How many?")).lead)
    assert found.endswith(said)
    assert "0 " not in found.replace("100 ", "")


def test_a_figure_prints_a_small_share_as_texts_do() -> None:
    cell: Any = {"label": "x", "status": "present", "shown": "0.3", "address": "KEN/a", **NUMBERS}
    row = build_row(next(table_with_wholes(pd.DataFrame([cell])).itertuples()), ENGLISH)
    assert (row.printed_text, row.interval) == ("under 1%", "(<1–1)")
