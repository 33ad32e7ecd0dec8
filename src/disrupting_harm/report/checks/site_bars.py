"""Check the bars and dots that the site draws itself: each is as long as its number is large.

A bar of a card or a tile, and a part of the hundred dots of a country, carry the addresses of what
they show (``data-n``). The dots that are left have that of the upper limit, above which they are:
so a share that is rounded to 0 has an address, too. The bars of a page have one scale, which the
list of its cards or tiles tells.
"""

import re
from collections.abc import Iterator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.derived_numbers import find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles

AGAIN = "write the site again"
# Places are written with one decimal; two of them end an interval.
TOLERANCE = 0.1 + 1e-9
# Half the width of the sign of an estimate.
HALF_SIGN_WIDTH = 0.5
_SCALE = re.compile(r'<ul class="(?:cards|tiles)" [^>]*?data-scale="([^"]*)"')
_CARD = re.compile(
    r'<p class="share"(?: data-n="(?P<told>[^"]*)")?>[^\n]*\n'
    r'<svg class="bar"[^>]*>(?P<drawn>.*?)</svg>'
)
_BAR = re.compile(
    r'<rect class="(?P<kind>interval|estimate|bound)"(?: data-n="(?P<at>[^"]*)")?'
    r'(?: x="(?P<x>[^"]*)")?(?: y="[^"]*")? width="(?P<width>[^"]*)"'
)
_DOTS = re.compile(r'<figure class="dots">\n<svg [^>]*>(?P<drawn>.*?)</svg>', re.DOTALL)
_PART = re.compile(
    r'<path fill="url\(#dots-(?P<kind>\w+)\)"(?: data-n="(?P<at>[^"]*)")? d="(?P<outline>[^"]*)"'
)
# The outline of the first of a hundred dots: whole rows of ten, and what is begun of another.
_FIRST = re.compile(r"M0 0H100V(\d+)(?:H(\d+)V\d+)?H0Z")
_LIMITS = ("whole_low", "whole", "whole_high")


def find_faults_of_marks(page: str, published: PublishedFiles) -> Iterator[str]:
    """Yield what is wrong with the bars and dots of a page, with the line on which each begins.

    Args:
        page: its text.
        published: the public files.
    """
    for position, fault in sorted(_yield_faults(page, published)):
        line = page.count("\n", 0, position) + 1
        yield f"line {line}, {fault}"


def _yield_faults(page: str, published: PublishedFiles) -> Iterator[tuple[int, str]]:
    told_scale = _SCALE.search(page)
    scale = float(told_scale[1]) if told_scale else 0
    for card in _CARD.finditer(page):
        addresses_in_text, bars = (
            set((card["told"] or "").split()),
            list(_BAR.finditer(card["drawn"])),
        )
        addresses_of_bars = {address for bar in bars for address in (bar["at"] or "").split()}
        if addresses_in_text != addresses_of_bars:
            differing_addresses = ", ".join(sorted(addresses_in_text ^ addresses_of_bars))
            yield (
                card.start("drawn"),
                f"a card's text or its bar alone is of {differing_addresses}: {AGAIN}",
            )
        elif bars and not scale:
            yield card.start("drawn"), f"the bars of its cards have no scale: {AGAIN}"
        for bar in bars if scale else ():
            for fault in _find_faults_of_bar(bar, scale, published):
                yield card.start("drawn"), fault
    for dots in _DOTS.finditer(page):
        for fault in _find_faults_of_dots(dots["drawn"], published):
            yield dots.start("drawn"), fault


def _find_faults_of_bar(
    bar: re.Match[str], scale: float, published: PublishedFiles
) -> Iterator[str]:
    """Yield the ends of a bar that are not where its numbers are on the scale."""
    x, width = float(bar["x"] or 0), float(bar["width"])
    ends = {"interval": (x, x + width), "estimate": (x + HALF_SIGN_WIDTH,), "bound": (width,)}[
        bar["kind"]
    ]
    addresses = (bar["at"] or "").split()
    if len(addresses) != len(ends):
        yield f"a bar's {bar['kind']} has {len(addresses)} addresses, and {len(ends)} ends: {AGAIN}"
        return
    for address, end in zip(addresses, ends, strict=True):
        try:
            value = find_value(address, published)
        except StudyError as error:
            yield f"a bar's {bar['kind']}, {error.where}: {error.found}; {error.remedy}"
            continue
        if value is None or abs(end - 100 * _per_cents(address, value) / scale) > TOLERANCE:
            cell = published.find_cell(address).text
            yield (
                f"a bar's {bar['kind']} ends at {end * scale / 100:.1f} per cent, at {address} "
                f"stands '{cell}': {AGAIN}"
            )


def _per_cents(address: str, value: float) -> float:
    """Return a number of a card in per cents: a bound is published as a share of one."""
    return value if address.rpartition("/")[2] in _LIMITS else 100 * value


def _find_faults_of_dots(drawn: str, published: PublishedFiles) -> Iterator[str]:
    """Yield the parts of a hundred dots that do not count what they should."""
    parts_of_dots, begin = list(_PART.finditer(drawn)), 0
    row = next(
        (
            part_of_dots["at"].rpartition("/")[0]
            for part_of_dots in parts_of_dots
            if part_of_dots["at"]
        ),
        "",
    )
    if not published.has_row(row):
        yield f"its dots are of no published row, but of '{row}': {AGAIN}"
        return
    expected_parts = []
    for name in _LIMITS:
        end = int(find_value(f"{row}/{name}", published) or 0)
        expected_parts.append((f"{row}/{name}", begin, end))
        begin = end
    expected_parts.append((f"{row}/{_LIMITS[-1]}", begin, 100))
    counted_parts = [
        (part_of_dots["at"] or "", *map(_count_dots, _FIRST.findall(part_of_dots["outline"])))
        for part_of_dots in parts_of_dots
    ]
    yield from (
        f"its dots {first} to {last} are not of {address}: {AGAIN}"
        for address, first, last in expected_parts
        if last > first and (address, first, last) not in counted_parts
    )
    yield from (
        f"its dots have a part of '{part_of_dots[0]}' that nothing published counts: {AGAIN}"
        for part_of_dots in counted_parts
        if part_of_dots not in expected_parts
    )


def _count_dots(outline: tuple[str, str]) -> int:
    rows, begun = outline
    return int(rows) + int(begun or 0) // 10
