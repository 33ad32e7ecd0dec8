"""Numbers of the public table of changes, as sentences and tables print them."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from disrupting_harm.provenance.addresses import number_of, with_address_of
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator

Row: TypeAlias = Mapping[str, Any]


def decimals_of_change(row: Row) -> int:
    """Return the decimals of a change: those of the less exact of its two estimates."""
    return min(len(row[name].partition(".")[2]) for name in ("shown_from", "shown_to"))


def format_difference(translator: Translator[Markdown], difference: float, digits: int) -> Markdown:
    """Return a difference in percentage points with its sign."""
    number = translator.percent(with_address_of(abs(difference), difference), digits)
    if round(difference, digits + 2) == 0:
        return number
    return Markdown(f"{'+' if difference > 0 else '−'}{number}")


def format_share(translator: Translator[Markdown], row: Row, side: str) -> Markdown:
    """Return the estimate of one wave as printed, or the sign in its place."""
    if not row[f"estimate_{side}"]:
        return translator.translate_or_keep(row[f"shown_{side}"])
    digits = len(row[f"shown_{side}"].partition(".")[2])
    return translator.percent(number_of(row[f"estimate_{side}"]), digits)
