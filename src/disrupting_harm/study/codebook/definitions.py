"""What a codebook defines beside its items: domains, modules, series, questions, indicators.

No pandas here: the Snakefile loads this module at every call.
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from disrupting_harm.core.spelling import find_look_alike
from disrupting_harm.study.configuration.section import Identifier, Names, Section, Text

# Codes of international classifications that an indicator has. No code is guessed: one is given
# where those who keep the classification, or the study, have agreed to it.
#
# ICVAC: International Classification of Violence against Children (UNICEF, 2023). SDG: global
# indicator framework of the Sustainable Development Goals. Childlight: subtypes of technology-
# facilitated abuse in the Into the Light index.

NO_CODE = "no agreed code"
ICCS = (
    "ICCS classifies offences, not what children say: put the code into the column 'iccs' of the "
    "table of recorded offences"
)


class Codes(Section):
    """Codes of one indicator; what is left out has no agreed code."""

    icvac: Literal["301", "302"] | None = Field(
        default=None, description="ICVAC: 301 rape, 302 sexual assault of a child."
    )
    sdg: Literal["5.2.1", "5.2.2", "16.2.1", "16.2.2", "16.2.3"] | None = Field(
        default=None, description="SDG indicator; with `sdg_relation`."
    )
    sdg_relation: Literal["equal", "related"] | None = Field(
        default=None,
        description="Whether the indicator is that of the SDG, or on the same matter with another "
        "age, period or definition.",
    )
    childlight: (
        Literal["solicitation", "unwanted_exposure", "sexual_images", "exploitation", "extortion"]
        | None
    ) = Field(default=None, description="Childlight's subtype; `sexual_images`: CSAM or IBSA.")

    @model_validator(mode="before")
    @classmethod
    def _no_offences(cls, keys: Any) -> Any:
        if isinstance(keys, Mapping) and "iccs" in keys:
            raise ValueError(ICCS)
        return keys

    @model_validator(mode="after")
    def _relation_of_a_code(self) -> "Codes":
        if (self.sdg is None) != (self.sdg_relation is None):
            raise ValueError("'sdg' and 'sdg_relation' (equal or related) go together")
        return self

    def format_codes(self) -> dict[str, str]:
        """Return the code in each classification as printed, or :data:`NO_CODE`."""
        sdg = f"{self.sdg} ({self.sdg_relation})" if self.sdg else NO_CODE
        return {
            "icvac": self.icvac or NO_CODE,
            "sdg": sdg,
            "childlight": self.childlight or NO_CODE,
        }


# What was asked: items of the questionnaire, the columns of their answers, conditions on them.

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
    def _write_keys_of_kind(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write the keys of its kind alone: definitions keep their hash when kinds are added."""
        keys_of_kind = {"item"} | ({"at_least", "at_most"} if self.is_range else {"among"})
        return {key: value for key, value in write(self).items() if key in keys_of_kind}


# What becomes of a composite some parts of which were not answered; a yes to any part is a yes but
# under "complete":
# "imputed"             no yes: counts with the share of yes among children who answered all parts
#                       and said no to the same parts
# "unless_yes_missing"  no yes: missing
# "complete"            missing, yes or not
# "known_parts"         no yes: a no, if one part was answered
PartlyMissing: TypeAlias = Literal["imputed", "unless_yes_missing", "complete", "known_parts"]

# What an estimate of an indicator is.
Statistic: TypeAlias = Literal["proportion", "mean", "total"]


class Domain(Section):
    """A way to split the population; its levels never overlap."""

    id: Identifier
    label: Text
    item: Identifier | None = None
    bands: dict[str, tuple[float, float]] = Field(
        default_factory=dict, description="Levels of a number item: inclusive limits."
    )
    cross: tuple[Identifier, ...] = Field(
        default=(), description="Cross two domains defined above; levels are joined by '|'."
    )
    levels_label: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_source(self) -> "Domain":
        if self.id != "total" and (self.item is None) == (not self.cross):
            raise ValueError(f"domain '{self.id}' needs either 'item' or 'cross'")
        if self.cross and len(self.cross) != 2:
            raise ValueError(f"domain '{self.id}' must cross exactly two domains")
        _check_bands(self.id, self.bands)
        return self


class Module(Section):
    """A group of indicators reported together."""

    id: Identifier
    label: Text
    short: Text | None = Field(
        default=None,
        description="The name of its sheet in the data book where `label` has too many letters.",
    )


class Series(Section):
    """Composites that count alike; those of different series are never set side by side."""

    id: Identifier
    label: Text


class AskedQuestion(Section):
    """A question with several options, in words; with them it has a part of a figure."""

    id: Identifier = Field(description="A choice item, or the `tick_of` of several items.")
    label: Text
    beside: Identifier | None = Field(
        default=None,
        description="Module whose shares stand beside its answers, in a figure of their own.",
    )


class Indicator(Section):
    """One estimate: who was asked, what counts, and over which period."""

    id: Identifier
    module: Identifier
    label: Text = Field(description="What it measures, e.g. in a table row.")
    short: str = Field(default="", description="Short label for figures; default: label.")
    note: str = ""
    statistic: Statistic = "proportion"
    universe: tuple[Condition, ...] = Field(
        default=(), description="Conditions, all fulfilled, for being counted at all."
    )
    base: str = Field(
        default="",
        description="Whom `universe` leaves, as printed, e.g. 'children who told nobody'.",
    )
    numerator: tuple[Condition, ...] = Field(
        default=(), description="Conditions, all fulfilled, for counting as yes."
    )
    value: Identifier | None = Field(default=None, description="Number item of a mean or total.")
    any_of: Names = Field(
        default=(), description="Composite: yes when any of these indicators is yes."
    )
    partly_missing: PartlyMissing = Field(
        default="imputed",
        description="Composite with missing parts: no yes counts with a share of yes, is missing, "
        "is missing as is a yes, or is judged on the known parts.",
    )
    weight: Identifier | None = Field(
        default=None,
        description="Weight of the subsample that was asked, a name in `weights` of the mapping; "
        "absent: the weight of all children.",
    )
    dont_know: Literal["missing", "no"] = "missing"
    recall: Literal["none", "past_year", "past_three_months", "lifetime", "last_time"] = "none"
    series: Identifier | None = Field(
        default=None, description="Composites of different series never share a table or figure."
    )
    headline: bool = Field(default=False, description="Compared across countries.")
    sensitive: bool = Field(default=False, description="On violence; stricter disclosure control.")
    silence: bool = Field(
        default=False,
        description="Some to whom it happened may say no, out of shame or fear; the comparison "
        "tells how much of that would turn its claims round.",
    )
    codes: Codes = Field(
        default=Codes(), description="Codes of international classifications; none is guessed."
    )

    @property
    def figure_label(self) -> str:
        """The label for figures."""
        return self.short or self.label

    @model_validator(mode="after")
    def _one_definition(self) -> "Indicator":
        is_defined_by = [bool(self.numerator), self.value is not None, bool(self.any_of)]
        if sum(is_defined_by) != 1:
            raise ValueError(
                f"indicator '{self.id}' needs exactly one of 'numerator', 'value', 'any_of'"
            )
        if self.base and not self.universe:
            raise ValueError(f"indicator '{self.id}': a 'base' needs the 'universe' that it names")
        if (self.value is not None) != (self.statistic in ("mean", "total")):
            raise ValueError(f"indicator '{self.id}': 'value' goes with a mean or a total")
        if self.value is not None and self.dont_know == "no":
            raise ValueError(f"indicator '{self.id}': a number cannot count don't know as no")
        if self.weight is not None and self.headline:
            raise ValueError(
                f"indicator '{self.id}': what has a weight of its own is not compared across "
                "countries and cannot be a headline"
            )
        if self.silence and self.statistic != "proportion":
            raise ValueError(f"indicator '{self.id}': only a proportion can have 'silence'")
        return self

    @model_serializer(mode="wrap")
    def _write_without_absent_weight(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out a weight that is not named: the definition keeps its hash."""
        content: dict[str, Any] = write(self)
        if self.weight is None:
            content.pop("weight", None)
        return content


def _check_bands(domain: str, bands: dict[str, tuple[float, float]]) -> None:
    alike = find_look_alike(bands)
    if alike:
        raise ValueError(f"domain '{domain}': bands '{alike[0]}' and '{alike[1]}' look the same")
    by_limit = sorted(bands.items(), key=lambda band: band[1])
    for name, (lowest, highest) in by_limit:
        if lowest > highest:
            raise ValueError(f"domain '{domain}': band '{name}' ends before it begins")
    for (name, limits), (next_name, next_limits) in pairwise(by_limit):
        if limits[1] >= next_limits[0]:
            raise ValueError(f"domain '{domain}': bands '{name}' and '{next_name}' overlap")
