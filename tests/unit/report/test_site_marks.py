"""The bars and dots of the site are as long as the numbers whose addresses they carry."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from rendering_sample import TEMPLATES

from disrupting_harm.core.files import write_text
from disrupting_harm.provenance.addresses import address_of, with_address
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.site_bars import find_faults_of_marks
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.report.web.templates import create_page_environment

PREVALENCE = """\
indicator,country,estimate,whole,whole_low,whole_high,shown,bound_low,bound_high,status
any,KEN,0.174,17,15,21,17.4,,,present
any,KHM,,,,,< 10,0,0.1,suppress_disclosure
any,UGA,,,,,,,,suppress_disclosure
"""
ESTIMATES = """\
country,indicator,domain,level,estimate,whole,whole_low,whole_high
KEN,any,total,all,0.174,17,15,21
KEN,rare,total,all,0.002,0,0,0
"""
KENYA, CAMBODIA, UGANDA = (f"compare/prevalence/any/{code}" for code in ("KEN", "KHM", "UGA"))
INTERVAL = (
    f'<rect class="interval" data-n="{KENYA}/whole_low {KENYA}/whole_high"'
    ' x="37.5" y="1" width="15.0"/>'
    f'<rect class="estimate" data-n="{KENYA}/whole" x="42.0" width="1"/>'
)
BOUND = f'<rect class="bound" data-n="{CAMBODIA}/bound_high" x="0.3" y="1" width="25.0"/>'
# Fifteen dots to the lower limit, and to the estimate as many as there are per cent, and so on.
DOTS = "".join(
    f'<path fill="url(#dots-{kind})"{at} d="M0 0H100V{start}H0ZM0 0H100V{end}H0Z"/>'
    for kind, at, start, end in (
        ("sure", ' data-n="KEN/any/whole_low"', "0", "10H50V20"),
        ("likely", ' data-n="KEN/any/whole"', "10H50V20", "10H70V20"),
        ("possible", ' data-n="KEN/any/whole_high"', "10H70V20", "20H10V30"),
        ("rest", ' data-n="KEN/any/whole_high"', "20H10V30", "100"),
    )
)
# A share that is rounded to 0, as are its limits: no dot but those above them.
RARE = (
    '<path fill="url(#dots-rest)" data-n="KEN/rare/whole_high" d="M0 0H100V0H0ZM0 0H100V100H0Z"/>'
)


@pytest.fixture
def published(tmp_path: Path) -> PublishedFiles:
    write_text(tmp_path / "comparison/prevalence.csv", PREVALENCE)
    write_text(tmp_path / "countries/KEN/estimates.csv", ESTIMATES)
    return PublishedFiles(tmp_path)


def card(bar: str, told: str) -> str:
    return f'<p class="share" data-n="{told}">…</p>\n<svg class="bar">{bar}</svg>\n'


def cards(*each: str, scale: str = ' data-scale="40"') -> str:
    return f'<ul class="cards" id="cards"{scale}>\n' + "".join(each)


def dots(drawn: str) -> str:
    return f'<figure class="dots">\n<svg viewBox="0 0 100 100">\n{drawn}\n</svg>\n'


OF_KENYA = card(INTERVAL, f"{KENYA}/whole {KENYA}/whole_low {KENYA}/whole_high")
OF_CAMBODIA = card(BOUND, f"{CAMBODIA}/bound_high")


def test_marks_that_agree_with_what_is_published_are_right(published: PublishedFiles) -> None:
    empty = '<p class="share">–</p>\n<svg class="bar"><rect class="track" width="100"/></svg>\n'
    assert [*find_faults_of_marks(cards(OF_KENYA, OF_CAMBODIA, empty), published)] == []
    assert [*find_faults_of_marks(dots(DOTS), published)] == []
    assert [*find_faults_of_marks(dots(RARE), published)] == []


@pytest.mark.parametrize(("name", "percent"), [("any", (17, 15, 21)), ("rare", (0, 0, 0))])
def test_the_dots_that_a_page_draws_are_right(
    name: str, percent: Sequence[int], published: PublishedFiles
) -> None:
    limits = zip(percent, ("whole", "whole_low", "whole_high"), strict=True)
    share = PercentInterval(
        *(with_address(value, f"KEN/{name}/{limit}") for value, limit in limits)
    )
    templates = create_page_environment(TEMPLATES / "site")
    templates.filters["address"] = address_of
    known = {"translator": build_english(), "number": str, "population": "children", "root": ""}
    templates.globals.update(known)
    page = str(templates.get_template("parts.html.j2").module.dots(share))
    assert page.count("<path") == len({0, 100, *percent}) - 1
    assert [*find_faults_of_marks(page, published)] == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (cards(OF_KENYA.replace('x="37.5"', 'x="35.0"')), "ends at 14.0 per cent"),
        (cards(OF_KENYA.replace('"15.0"', '"20.0"')), "a bar's interval ends at 23.0 per cent"),
        (cards(OF_KENYA.replace('x="42.0"', 'x="42.5"')), "a bar's estimate ends at 17.2"),
        (cards(OF_KENYA, scale=' data-scale="30"'), "a bar's interval ends at "),
        (cards(OF_KENYA, scale=""), "the bars of its cards have no scale"),
        (cards(OF_CAMBODIA.replace('"25.0"', '"12.0"')), "a bar's bound ends at 4.8 per cent"),
        (cards(OF_CAMBODIA.replace("KHM", "UGA")), "at compare/prevalence/any/UGA/bound_high"),
        (cards(OF_CAMBODIA.replace("KHM", "ZMB")), "nothing published stands there"),
        (cards(card(BOUND, f"{UGANDA}/bound_high")), "a card's text or its bar alone is of "),
        (cards(card("", f"{CAMBODIA}/bound_high")), "a card's text or its bar alone is of "),
        (dots(DOTS.replace("10H50V20H0Z", "10H60V20H0Z")), "its dots 0 to 15 are not of KEN/any"),
        (dots(DOTS.replace("any/whole_high", "any/whole")), "that nothing published counts"),
        (dots(DOTS.replace("KEN/any", "KEN/none")), "its dots are of no published row"),
        (dots(RARE.replace("rare", "any")), "its dots 0 to 15 are not of KEN/any/whole_low"),
        (dots(RARE.replace(' data-n="KEN/rare/whole_high"', "")), "of no published row, but of ''"),
        (dots(DOTS.partition("<path fill=\"url(#dots-rest)")[0]), "its dots 21 to 100 are not of"),
    ],
)  # fmt: skip
def test_a_mark_that_shows_another_number_is_named(
    page: str, said: str, published: PublishedFiles
) -> None:
    found = [*find_faults_of_marks(page, published)]
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("line ") for fault in found)
