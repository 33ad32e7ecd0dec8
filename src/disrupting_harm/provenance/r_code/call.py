"""What a table of the comparison needs in R to compute a row again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RCall:
    """The lines that are a row's own.

    Attributes:
        needs: names of the functions that it calls, and of those that these call.
        text: the lines; ``{country}`` stands for the row's country, and so on.
        limits: whether its numbers have limits of proportions by ``estimation.interval``.
    """

    needs: tuple[str, ...]
    text: str
    limits: bool = False
