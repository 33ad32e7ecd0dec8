"""The words of the gate, and what it says of a country in one line.

No pandas here: a run says it at its end.
"""

from collections.abc import Sequence

# What becomes of a table.
NEW, EQUAL, REISSUE, FROZEN = DECISIONS = ("new", "equal", "reissue", "frozen")
# How many children differ in one of its cells, as far as it may be told.
NONE, FEW, MANY = DIFFER = ("0", "1-9", "10+")
MANY_FROM = 10
# What a run says that the gate has ended.
STOPS = "'publication.release.on_change' is 'stop'; 'freeze' publishes the tables that may be new"


def summary(country: str, decisions: Sequence[str], release: str) -> str:
    """Return in one line how many tables of a country may be published anew."""
    total, frozen = len(decisions), sum(word == FROZEN for word in decisions)
    if not frozen:
        return f"{country}: all {total} tables may be published anew after release {release}."
    new, stay = _number(total - frozen), _number(frozen)
    return (
        f"{country}: {new} of {total} tables are new, {stay} stay as in release {release}: too few "
        "children differ. Nothing to do, or wait and add changes together."
    )


def _number(tables: int) -> str:
    if tables == 0:
        return "none"
    return str(tables) if tables >= MANY_FROM else f"fewer than {MANY_FROM}"
