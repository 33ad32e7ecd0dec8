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


def summarise_country(
    country: str, tables: Sequence[Mapping[Any, Any]], release: str, min_change: int = MANY_FROM
) -> str:
    """Return in one sentence or two what of a country may be published anew.

    Args:
        tables: ``domain, decision, by_moves, follow_up, held`` of each table.
        release: the last one.
        min_change: the smallest number of respondents of whom something is published.
    """
    hold_reason = next((str(table["held"]) for table in tables if table["held"]), NOT_HELD)
    retracted = dict.fromkeys(
        str(row["indicator"]) for row in tables if row["decision"] == RETRACTED
    )
    retraction_message = "".join(
        f" '{name}' is retracted: too few answers change." for name in retracted
    )
    if hold_reason:
        explanation = _WHY_HELD[hold_reason].format(least=min_change)
        return f"{country} stays as in {release}. {explanation}{retraction_message}"
    tables = [table for table in tables if table["decision"] != RETRACTED]
    if not any(table["decision"] in STAYING for table in tables):
        return f"{country}: all may be published anew after release {release}.{retraction_message}"
    new_groups: list[str] = []
    standing_groups: list[str] = []
    for domain in dict.fromkeys(str(table["domain"]) for table in tables):
        rows = [table for table in tables if table["domain"] == domain and not table["follow_up"]]
        if rows:
            frozen = any(table["by_moves"] for table in rows)
            group = "for all respondents" if domain == NATION else f"by {domain}"
            (standing_groups if frozen else new_groups).append(group)
    if any(table["by_moves"] for table in tables if table["follow_up"]):
        standing_groups.append("of some follow-up questions")
    if any(table["decision"] in STAYING and not table["by_moves"] for table in tables):
        standing_groups.append("of questions with few corrected answers")
    return (
        f"{country}: anew {_enumerate_groups(new_groups)}; as in {release} "
        f"{_enumerate_groups(standing_groups)}. "
        "This follows from how many respondents changed in each group, never from what they said."
        + retraction_message
    )


def _enumerate_groups(names: Sequence[str]) -> str:
    return ", ".join(names) or "of no group"
