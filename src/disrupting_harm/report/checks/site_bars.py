"""Check the bars and dots that the site draws itself: each is as long as its number is large.

A bar of a card, and a part of the hundred dots of a country, carry the addresses of what they show
(``data-n``). The dots that are left have that of the upper limit, above which they are: so a share
that is rounded to 0 has an address, too. The bars of a page have one scale, which the list of its
cards tells.
"""

import re
from collections.abc import Iterator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.derived_numbers import find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles

AGAIN = "write the site again"
# Places are written with one decimal; two of them end an interval.
NEAR = 0.1 + 1e-9
# Half the width of the sign of an estimate.
HALF = 0.5
_SCALE = re.compile(r'<ul class="cards" [^>]*?data-scale="([^"]*)"')
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


def faults_of_marks(page: str, published: PublishedFiles) -> Iterator[str]:
    """Yield what is wrong with the bars and dots of a page, with the line on which each begins.

    Args:
        page: its text.
        published: the public files.
    """
    for place, fault in sorted(_faults(page, published)):
        line = page.count("\n", 0, place) + 1
        yield f"line {line}, {fault}"


def _faults(page: str, published: PublishedFiles) -> Iterator[tuple[int, str]]:
    told_scale = _SCALE.search(page)
    scale = float(told_scale[1]) if told_scale else 0
    for card in _CARD.finditer(page):
        told, bars = set((card["told"] or "").split()), list(_BAR.finditer(card["drawn"]))
        drawn = {one for bar in bars for one in (bar["at"] or "").split()}
        if told != drawn:
            names = ", ".join(sorted(told ^ drawn))
            yield card.start("drawn"), f"a card's text or its bar alone is of {names}: {AGAIN}"
        elif bars and not scale:
            yield card.start("drawn"), f"the bars of its cards have no scale: {AGAIN}"
        for bar in bars if scale else ():
            for fault in _of_bar(bar, scale, published):
                yield card.start("drawn"), fault
    for dots in _DOTS.finditer(page):
        for fault in _of_dots(dots["drawn"], published):
            yield dots.start("drawn"), fault


def _of_bar(bar: re.Match[str], scale: float, published: PublishedFiles) -> Iterator[str]:
    """Yield the ends of a bar that are not where its numbers are on the scale."""
    x, width = float(bar["x"] or 0), float(bar["width"])
    ends = {"interval": (x, x + width), "estimate": (x + HALF,), "bound": (width,)}[bar["kind"]]
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
        if value is None or abs(end - 100 * _per_cents(address, value) / scale) > NEAR:
            said = published.find_cell(address).text
            yield (
                f"a bar's {bar['kind']} ends at {end * scale / 100:.1f} per cent, at {address} "
                f"stands '{said}': {AGAIN}"
            )


def _per_cents(address: str, value: float) -> float:
    """Return a number of a card in per cents: a bound is published as a share of one."""
    return value if address.rpartition("/")[2] in _LIMITS else 100 * value


def _of_dots(drawn: str, published: PublishedFiles) -> Iterator[str]:
    """Yield the parts of a hundred dots that do not count what they should."""
    parts, begin = list(_PART.finditer(drawn)), 0
    row = next((part["at"].rpartition("/")[0] for part in parts if part["at"]), "")
    if not published.has_row(row):
        yield f"its dots are of no published row, but of '{row}': {AGAIN}"
        return
    right = []
    for name in _LIMITS:
        end = int(find_value(f"{row}/{name}", published) or 0)
        right.append((f"{row}/{name}", begin, end))
        begin = end
    right.append((f"{row}/{_LIMITS[-1]}", begin, 100))
    found = [(part["at"] or "", *map(_count, _FIRST.findall(part["outline"]))) for part in parts]
    yield from (
        f"its dots {first} to {last} are not of {at}: {AGAIN}"
        for at, first, last in right
        if last > first and (at, first, last) not in found
    )
    yield from (
        f"its dots have a part of '{part[0]}' that nothing published counts: {AGAIN}"
        for part in found
        if part not in right
    )


def _count(outline: tuple[str, str]) -> int:
    rows, begun = outline
    return int(rows) + int(begun or 0) // 10
