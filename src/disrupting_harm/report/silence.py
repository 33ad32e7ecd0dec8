"""Those who gave no valid answer, and what a share may be whatever they would have said."""

from collections.abc import Mapping
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import computed, number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import hundredths


@dataclass(frozen=True)
class Silence:
    """Numbers in whole per cent, as printed.

    Attributes:
        missing: who gave no valid answer, of those asked.
        low, high: what the share may be, with chance and with any answer of theirs.
        some: whether anybody said yes: then no limit is 0.
    """

    missing: int
    low: int
    high: int
    some: bool = False

    def allowed_for(self, text: Text) -> Markdown:
        """Return between which limits the share may be."""
        if self.some and self.low == 0:
            return text(
                "Allowing for chance and for any answer of theirs, it may be anywhere from under "
                "1 per cent to {upper}.",
                upper=text.with_sign(self.high),
            )
        return text(
            "Allowing for chance and for any answer of theirs, it may be anywhere from {lower} to "
            "{upper}.",
            lower=text.with_sign(self.low),
            upper=text.with_sign(self.high),
        )


def silence_of(row: Mapping[str, str] | None) -> Silence | None:
    """Return what is known of silence; None where its bounds are not printed, or not compared.

    Args:
        row: of ``bounds.csv``.
    """
    if row is None or not row["ci_low"] or not row["ci_high"]:
        return None
    valid = number_of(row["valid_share"])
    return Silence(
        hundredths(computed("remainder", 1 - valid, [valid])),
        hundredths(number_of(row["ci_low"])),
        hundredths(number_of(row["ci_high"])),
        bool(row["estimate"]) and number_of(row["estimate"]) > 0,
    )
