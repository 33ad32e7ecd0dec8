"""Shares in whole per cent, as public tables have them.

They are read from columns of their own, which publication rounds from the exact values: a published
share of 20.5 per cent may be 20 or 21.
One above 0 that rounds to 0 is nowhere printed as 0: it is "under 1%", and a limit of it "<1".
"""

from dataclasses import dataclass

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.reading.rows import PublicRow

LARGEST_PART = 10  # "1 in 11" is no easier to see than "9 in 100"


@dataclass(frozen=True)
class PercentInterval:
    """A share and its interval in whole per cent, as printed.

    A ``small`` one is above 0 and rounds to 0: no text says that it is 0.
    """

    estimate: int
    low: int
    high: int
    small: bool = False

    @property
    def some(self) -> bool:
        """Whether anybody is meant: then no limit is 0."""
        return self.small or self.estimate > 0

    @property
    def limit(self) -> int:
        """The whole per cent that the estimate lies below."""
        return derive_number("under", self.estimate + 1, [self.estimate])  # type: ignore[no-any-return]

    @property
    def one_in(self) -> int | None:
        """The k of "about 1 in k", to 10, where 100/k rounds to the estimate as printed.

        A reader who divides gets the number that stands beside it: 17 is 1 in 6, and 18 is not.
        """
        if self.estimate == 0:
            return None
        k: int = derive_number("one_in", round(100 / self.estimate), [self.estimate])
        # Twice each side: no fraction of 100 that ends halfway, as 100/8, counts for either side.
        fits = 2 <= k <= LARGEST_PART and abs(200 - 2 * k * self.estimate) < k
        return k if fits else None


def read_percent_interval(row: PublicRow) -> PercentInterval | None:
    """Return an estimate and its interval in whole per cent; None where they are not printed.

    Args:
        row: of a public table, with its addresses.
    """
    if not row["whole"]:
        return None
    of_100, low, high = (row.whole_number(name) for name in ("whole", "whole_low", "whole_high"))
    return PercentInterval(of_100, low, high, of_100 == 0 and row.number("estimate") > 0)
