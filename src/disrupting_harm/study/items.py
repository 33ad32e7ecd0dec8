"""What was asked: items of the questionnaire, the columns of their answers, conditions on them.

No pandas here: the Snakefile loads this module at every call.
"""

import math
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from disrupting_harm.spelling import find_look_alike
from disrupting_harm.study.section import Identifier, Section, Text

# Answers that are no answer, kept apart until an indicator says otherwise.
DONT_KNOW = "dont_know"
REFUSED = "prefer_not_to_say"
NOT_ASKED = "not_asked"
LOST = "lost"
SPECIAL_ANSWERS = (DONT_KNOW, REFUSED, NOT_ASKED, LOST)
# Nothing that is counted, weighed or answered lies beyond; sums of squares of larger ones overflow.
LARGEST = 1e12
# The status of a number item that has its number.
ANSWERED = "answered"
STATUS_SUFFIX = "__status"


def status_column(item: str) -> str:
    """Return the column that says why a number item has no number, or that it has one."""
    return item + STATUS_SUFFIX


class Item(Section):
    """One variable of the questionnaire or the sample file."""

    id: Identifier
    type: Literal["yes_no", "choice", "number"]
    values: tuple[Text, ...] = Field(
        default=(), description="Answers of a choice item, in display order."
    )
    minimum: float | None = Field(
        default=None, ge=-LARGEST, le=LARGEST, description="Smallest valid number."
    )
    maximum: float | None = Field(
        default=None, ge=-LARGEST, le=LARGEST, description="Largest valid number."
    )
    respondent: Literal["child", "caregiver", "sample"] = "child"
    yes_when: Identifier | None = Field(
        default=None,
        description="Indicator of which the questionnaire itself notes here whether it is yes.",
    )
    tick_of: Identifier | None = Field(
        default=None,
        description="Question with several answers of which this yes/no item is one option; all "
        "items with the same name are options of one question.",
    )
    same_as: Identifier | None = Field(
        default=None,
        description="Caregiver's yes/no item: the child's item that was asked in the same words.",
    )
    question: str = ""
    value_labels: dict[str, str] = Field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        """Valid answers of a coded item."""
        return ("yes", "no") if self.type == "yes_no" else self.values

    @model_validator(mode="after")
    def _values_fit_type(self) -> "Item":
        if self.type == "choice" and len(self.values) < 2:
            raise ValueError(f"choice item '{self.id}' needs two 'values' at least")
        if self.type != "choice" and self.values:
            raise ValueError(f"only choice items have 'values', '{self.id}' is {self.type}")
        clash = sorted(set(self.values) & set(SPECIAL_ANSWERS))
        if clash:
            raise ValueError(f"item '{self.id}' uses the reserved answer '{clash[0]}'")
        alike = find_look_alike(self.values)
        if alike:
            raise ValueError(f"item '{self.id}' has the answer '{alike[1]}' twice")
        unknown = [value for value in self.value_labels if value not in self.answers]
        if unknown:
            raise ValueError(f"item '{self.id}' has no answer '{unknown[0]}' to be labelled")
        return self

    @model_validator(mode="after")
    def _limits_are_in_order(self) -> "Item":
        lowest, highest = self.minimum, self.maximum
        if self.type != "number" and (lowest is not None or highest is not None):
            raise ValueError(f"only number items have limits, '{self.id}' is {self.type}")
        if lowest is not None and highest is not None and lowest > highest:
            raise ValueError(f"the minimum of item '{self.id}' is above its maximum")
        if self.yes_when and self.type != "yes_no":
            raise ValueError(f"only yes/no items have 'yes_when', '{self.id}' is {self.type}")
        return self

    @model_validator(mode="after")
    def _relations_fit(self) -> "Item":
        if self.tick_of and self.type != "yes_no":
            raise ValueError(f"only yes/no items have 'tick_of', '{self.id}' is {self.type}")
        if self.same_as and (self.type != "yes_no" or self.respondent != "caregiver"):
            raise ValueError(f"only yes/no items of a caregiver have 'same_as', not '{self.id}'")
        return self


def answer_column(item: Item) -> str:
    """Return the column of an item's answers in words, special ones included."""
    return status_column(item.id) if item.type == "number" else item.id


def answer_options(item: Item) -> tuple[str, ...]:
    """Return all that may stand in that column: the item's answers, then the special ones."""
    return ((ANSWERED,) if item.type == "number" else item.answers) + SPECIAL_ANSWERS


class Condition(Section):
    """A child fulfils it when the answer to ``item`` is one of ``among``, or a number in a range.

    Ranges are of whole numbers, limits included, so that two of them that meet leave nothing out.
    """

    item: Identifier
    among: tuple[str, ...] = Field(
        default=(), description="Answers of a yes/no or choice item, or special answers."
    )
    at_least: int | None = Field(
        default=None, description="Of a number item: the smallest number that counts."
    )
    at_most: int | None = Field(default=None, description="The largest number that counts.")

    @property
    def is_range(self) -> bool:
        """Whether it is about numbers."""
        return self.at_least is not None or self.at_most is not None

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest number of a range; infinite where it is open."""
        return (
            -math.inf if self.at_least is None else self.at_least,
            math.inf if self.at_most is None else self.at_most,
        )

    def __str__(self) -> str:
        if not self.is_range:
            return f"{self.item} in {sorted(self.among)}"
        low, high = self.limits
        return f"{self.item} from {low:g} to {high:g}"

    def implies(self, other: "Condition") -> bool:
        """Return whether whoever fulfils this condition fulfils the other one, too."""
        if self.item != other.item or self.is_range != other.is_range:
            return False
        if self.is_range:
            (low, high), (least, most) = self.limits, other.limits
            return least <= low and high <= most
        return set(self.among) <= set(other.among)

    @model_validator(mode="after")
    def _one_kind(self) -> "Condition":
        if bool(self.among) == self.is_range:
            raise ValueError(
                f"a condition on item '{self.item}' needs either answers, 'among', or a range, "
                "'at_least' and 'at_most'"
            )
        low, high = self.limits
        if low > high:
            raise ValueError(f"'at_least' is above 'at_most' in a condition on item '{self.item}'")
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write the keys of its kind alone: definitions keep their hash when kinds are added."""
        kept = {"item"} | ({"at_least", "at_most"} if self.is_range else {"among"})
        return {key: value for key, value in write(self).items() if key in kept}
