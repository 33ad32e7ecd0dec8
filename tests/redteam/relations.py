"""What the codebook tells of indicators: which numbers are tied to which.

Written anew from the codebook's text, so that a mistake of the workflow is not made twice.
"""

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

# The questionnaire itself sets this item where the composite is yes; a codebook without `yes_when`
# says so in words alone.
SET_BY_THE_QUESTIONNAIRE = {"any_experience": "any_tf_csea"}


@dataclass
class Relations:
    """Ties between indicators, each valid in every group of children.

    Attributes:
        parts: composite -> its parts.
        below: (a, b): whoever says yes to a says yes to b.
        apart: (a, b): nobody says yes to both; asked of the same children.
        halves: (a, b): everybody who answers says yes to one of them, nobody to both.
        same: (a, b): answered by the same children.
        asked_of: follow-up -> the indicator whose yes it follows.
    """

    parts: dict[str, list[str]] = field(default_factory=dict)
    below: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    halves: list[tuple[str, str]] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    asked_of: dict[str, str] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """Return all pairs that are tied."""
        composites = [(whole, part) for whole, parts in self.parts.items() for part in parts]
        return [*composites, *self.below, *self.same, *self.asked_of.items()]


def relations(codebook: dict[str, Any], names: list[str]) -> Relations:
    """Return the ties between the indicators that are named."""
    items = {item["id"]: item for item in codebook["items"]}
    known = {entry["id"]: entry for entry in codebook["indicators"] if entry["id"] in names}
    found = Relations()
    for name, entry in known.items():
        if entry.get("any_of"):
            found.parts[name] = [part for part in entry["any_of"] if part in known]
    for a, b in combinations(known, 2):
        _of_one_item(found, known[a], known[b], items)
    for name, entry in known.items():
        gate = _gate(entry, known, items)
        if gate:
            found.asked_of[name] = gate
    return found


def _of_one_item(found: Relations, a: dict, b: dict, items: dict) -> None:
    first, second = _one_condition(a), _one_condition(b)
    if not first or not second or first["item"] != second["item"]:
        return
    if any(a.get(key) != b.get(key) for key in ("universe", "dont_know")):
        return
    left, right = set(first["among"]), set(second["among"])
    pair = (a["id"], b["id"])
    found.same.append(pair)
    if left <= right:
        found.below.append(pair)
    if right <= left:
        found.below.append(pair[::-1])
    if not left & right:
        every = set(items[first["item"]].get("values", ["yes", "no"]))
        (found.halves if left | right == every else found.apart).append(pair)


def _one_condition(entry: dict) -> dict | None:
    conditions = entry.get("numerator", [])
    return conditions[0] if len(conditions) == 1 and "among" in conditions[0] else None


def _gate(entry: dict, known: dict, items: dict) -> str | None:
    """Return the indicator whose yes is the last condition of who is asked."""
    conditions = entry.get("universe", [])
    if not conditions:
        return None
    last, before = conditions[-1], conditions[:-1]
    name = last["item"]
    composite = items[name].get("yes_when") or SET_BY_THE_QUESTIONNAIRE.get(name)
    if composite in known and last["among"] == ["yes"] and not before:
        return composite
    for other in known.values():
        one = _one_condition(other)
        if one == last and other.get("universe", []) == before and other is not entry:
            return other["id"]
    return None
