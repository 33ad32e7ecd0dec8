"""Pairs of countries on the page of the comparison: their table, and all of them at a glance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from disrupting_harm.provenance.addresses import COMPARE, address_part, row_count
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.web.explained.difference_sentences import count_digits
from disrupting_harm.report.web.site.addressed_numbers import key_of_row

HIGHER, LOWER, OPEN = "higher", "lower", "open"
_OPPOSITES = {HIGHER: LOWER, LOWER: HIGHER, OPEN: OPEN}


@dataclass(frozen=True)
class Pair:
    """Two countries in the order of their names, and their difference with its limits in points.

    Attributes:
        codes: of both.
        key: of the row, for the addresses of its columns; "" where the row has the signs the other
            way round: then ``addresses`` are those of its cells.
        verdict: whether the first is clearly higher or lower, or that is open.
        address: of the row, to which its explanation has an anchor.
    """

    codes: tuple[str, str]
    names: tuple[str, str]
    difference: str
    low: str
    high: str
    p_text: str
    verdict: str
    key: str
    addresses: Mapping[str, str]
    address: str


def read_pairs(
    rows: Iterable[PublicRow],
    shown: Mapping[str, str],
    country_names: Mapping[str, str],
    translator: Translator[str],
) -> list[Pair]:
    """Return the pairs of an indicator in the alphabetical order of their countries' names.

    Args:
        shown: the indicator of each country, as it is printed.
    """
    pairs = [_read_pair(row, shown, country_names, translator) for row in rows]
    return sorted(pairs, key=lambda pair: [build_sort_key(name) for name in pair.names])


def _read_pair(
    row: PublicRow,
    shown: Mapping[str, str],
    country_names: Mapping[str, str],
    translator: Translator[str],
) -> Pair:
    codes = (row["country_a"], row["country_b"])
    first, second = sorted(codes, key=lambda code: build_sort_key(country_names[code]))
    turned = (first, second) != codes
    cells = (row["difference"], row["ci_low"], row["ci_high"])
    digits = count_digits(cells, [shown[code] for code in codes])
    difference, low, high = (Decimal(cell) for cell in cells)
    if turned:
        difference, low, high = -difference, -high, -low
    verdict = OPEN
    if row["clear"] == "True":
        verdict = HIGHER if difference > 0 else LOWER
    key = key_of_row(codes)
    address = f"pairwise/{address_part(row['indicator'])}/{key}"
    columns = ("difference", "ci_high", "ci_low")
    opposites = [f"opposite({COMPARE}/{address}/{column})" for column in columns]
    return Pair(
        (first, second),
        (country_names[first], country_names[second]),
        _format_points(difference, digits, translator),
        _format_points(low, digits, translator),
        _format_points(high, digits, translator),
        _format_p_value(row["p_text"], translator),
        verdict,
        "" if turned else key,
        {
            "difference": opposites[0],
            "limits": " ".join(opposites[1:]),
            "p": f"{COMPARE}/{address}/p_text",
        }
        if turned
        else {},
        address,
    )


def _format_p_value(p_text: str, translator: Translator[str]) -> str:
    sign, number = ("<", p_text[1:]) if p_text.startswith("<") else ("", p_text)
    return f"{sign}{translator.number(float(number), len(number.partition('.')[2]))}"


def _format_points(share: Decimal, digits: int, translator: Translator[str]) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    printed = translator.number(float(100 * abs(share)), digits)
    if not round(100 * share, digits):
        return printed
    return f"{'+' if share > 0 else '−'}{printed}"


def build_grid(pairs: Sequence[Pair]) -> list[tuple[str, str, list[str]]]:
    """Return code, name and verdicts of each country against all, in one order; "" of itself."""
    names: dict[str, str] = {}
    for pair in pairs:
        names |= zip(pair.codes, pair.names, strict=True)
    verdicts = {pair.codes: pair.verdict for pair in pairs}
    verdicts |= {(pair.codes[1], pair.codes[0]): _OPPOSITES[pair.verdict] for pair in pairs}
    codes = sorted(names, key=lambda code: build_sort_key(names[code]))
    return [
        (code, names[code], [verdicts.get((code, other), "") for other in codes]) for code in codes
    ]


def describe_clear_pairs(rows: Sequence[PublicRow], translator: Translator[str]) -> str:
    """Return of how many pairs an indicator's difference is clear; empty with fewer than two."""
    if len(rows) < 2:
        return ""
    address = f"{COMPARE}/pairwise/indicator:{address_part(rows[0]['indicator'])}"
    clear = sum(row["clear"] == "True" for row in rows)
    return translator(
        "Clear differences in {clear} of {pairs} pairs of {areas}",
        clear=translator.number(row_count(clear, f"{address}/clear:True")),
        pairs=translator.number(row_count(len(rows), address)),
    )
