"""The words of the gate, and what it says of a country in one line.

No pandas here: a run says it at its end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# What becomes of a table.
NEW, EQUAL, REISSUE, FROZEN, HELD, RETRACTED = DECISIONS = (
    "new", "equal", "reissue", "frozen", "held", "retracted",
)  # fmt: skip
# It stays as it was published.
STAYING = (FROZEN, HELD)
# Why a country is held.
NOT_HELD, FEW_CHANGED, ALL_OR_NONE, TOLD = HOLDS = ("", "few", "all or none", "told")
# How many respondents changed in one of its cells, as far as it may be told.
NONE, FEW, MANY = DIFFER = ("0", "1-9", "10+")
MANY_FROM = 10
# The domain of all respondents.
NATION = "total"
# What a run says that the gate has ended.
STOPS = (
    "'publication.release.on_change' is 'stop'; 'membership' publishes the tables that may be new"
)
_WHY_HELD = {
    FEW_CHANGED: "Fewer than {least} of its respondents changed, and nothing is published of so "
    "few. Collect changes until the next date of publication.",
    ALL_OR_NONE: "Of some groups too few respondents changed, and 'on_change' is 'hold': all is "
    "published anew, or nothing.",
    TOLD: "The new numbers beside the old ones would tell what a respondent answered. Collect "
    "changes until the next date of publication.",
}


def summary(
    country: str, tables: Sequence[Mapping[Any, Any]], release: str, least: int = MANY_FROM
) -> str:
    """Return in one sentence or two what of a country may be published anew.

    Args:
        country: its code.
        tables: ``domain, decision, by_moves, follow_up, held`` of each table.
        release: the last one.
        least: the smallest number of respondents of whom something is published.
    """
    why = next((str(table["held"]) for table in tables if table["held"]), NOT_HELD)
    gone = dict.fromkeys(str(t["indicator"]) for t in tables if t["decision"] == RETRACTED)
    end = "".join(f" '{name}' is retracted: too few answers change." for name in gone)
    if why:
        return f"{country} stays as in {release}. {_WHY_HELD[why].format(least=least)}{end}"
    tables = [table for table in tables if table["decision"] != RETRACTED]
    if not any(table["decision"] in STAYING for table in tables):
        return f"{country}: all may be published anew after release {release}.{end}"
    anew: list[str] = []
    stays: list[str] = []
    for domain in dict.fromkeys(str(table["domain"]) for table in tables):
        rows = [table for table in tables if table["domain"] == domain and not table["follow_up"]]
        if rows:
            frozen = any(table["by_moves"] for table in rows)
            group = "for all respondents" if domain == NATION else f"by {domain}"
            (stays if frozen else anew).append(group)
    if any(table["by_moves"] for table in tables if table["follow_up"]):
        stays.append("of some follow-up questions")
    if any(table["decision"] in STAYING and not table["by_moves"] for table in tables):
        stays.append("of questions with few corrected answers")
    return (
        f"{country}: anew {_enumerate_groups(anew)}; as in {release} {_enumerate_groups(stays)}. "
        "This follows from how many respondents changed in each group, never from what they said."
        + end
    )


def _enumerate_groups(names: Sequence[str]) -> str:
    return ", ".join(names) or "of no group"
