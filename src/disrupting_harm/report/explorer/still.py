"""The estimates of everyone as plain tables: what a reader without a script sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disrupting_harm.provenance.addresses import part
from disrupting_harm.report.explorer.facts import Apart, is_apart
from disrupting_harm.report.explorer.tables import Row
from disrupting_harm.report.words import Words


@dataclass(frozen=True)
class Line:
    """A row of a table: the ``number`` with its limits, and n, or the ``reason`` for none."""

    code: str
    name: str
    number: str = ""
    n: str = ""
    reason: str = ""


def printed_limits(row: Mapping[str, str], mean: bool) -> tuple[str, str]:
    """Return the limits of an interval with the decimals of their estimate, with a decimal point.

    Shares are told in per cent, means as they are.
    """
    digits = len(row["shown"].partition(".")[2])
    factor = 1 if mean else 100
    low, high = (f"{factor * float(row[name]):.{digits}f}" for name in ("ci_low", "ci_high"))
    return low, high


def printed_in_cells(row: Mapping[str, str], words: Words, mean: bool) -> str:
    """Return an estimate with its interval, as the language writes them."""
    low, high = (localised(words, limit) for limit in printed_limits(row, mean))
    return f"{localised(words, row['shown'])} ({low}–{high})"


def localised(words: Words, text: str) -> str:
    """Return a number of a public table with the signs of the language."""
    return words.number(float(text), len(text.partition(".")[2]))


def frame(
    indicator: Mapping[str, Any], bases: Sequence[Mapping[str, str]], said: Mapping[str, str]
) -> str:
    """Return of whom and of when the numbers of an indicator are, as sentences."""
    base = said["base"].replace("{base}", bases[indicator["base"]]["label"])
    period = said[f"recall_{indicator['recall']}"]
    return f"{base} {said['when'].replace('{period}', period)}" if period else base


def why_not(row: Mapping[str, str], said: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    """Return in words why a row has no number, or the range that stands in its place.

    Args:
        row: of the table of estimates.
        said: the messages of the page.
        reasons: the column of reasons in words.
    """
    if row["bound_high"]:
        low, high = float(row["bound_low"]), float(row["bound_high"])
        name, limit = ("below", high) if high < 1 else ("above", low)
        return f"{said[name].replace('{limit}', f'{100 * limit:g}')} ({said['range']})"
    why = said.get(row["status"], row["status"])
    return f"{why} ({reasons[row['reason']]})" if row["reason"] in reasons else why


def lines(
    rows: Sequence[Row],
    indicator: Mapping[str, Any],
    countries: Sequence[Mapping[str, str]],
    words: Words,
    said: Mapping[str, str],
    reasons: Mapping[str, str],
    apart: Apart,
) -> list[Line]:
    """Return the table of one indicator, a line a country; what is not compared comes last."""
    own = {row["country"]: row for row in rows if row["indicator"] == indicator["id"]}
    found = []
    for country in sorted(
        countries, key=lambda each: is_apart(apart, each["code"], indicator["id"])
    ):
        code, name = part(country["code"]), country["name"]
        row = own.get(country["code"])
        if row is None:
            continue
        if not row["estimate"]:
            found.append(Line(code, name, reason=why_not(row, said, reasons)))
            continue
        number = printed_in_cells(row, words, indicator["statistic"] != "proportion")
        found.append(Line(code, name, number, localised(words, row["n"])))
    return found
