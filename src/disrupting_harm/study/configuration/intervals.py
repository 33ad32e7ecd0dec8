"""The intervals that a study may choose for proportions, and their names in documents."""

from designbased.estimates.stabilised_intervals import STABILISED
from designbased.intervals.limits import INTERVALS

# In English, by name; without an entry no document prints it.
LABELS = {name: method.label for name, method in INTERVALS.items() if method.label}
LABELS[STABILISED] = "stabilised Korn–Graubard"


def choose_without_psus(interval: str) -> str:
    """Return the interval of tables that do not know the PSUs behind each of their numbers.

    The stabilised one looks at these; there it is plain Korn–Graubard, and the tables name it.
    """
    return "korn_graubard" if interval == STABILISED else interval
