"""What a codebook defines beside its items: domains, modules, series, questions, indicators.

No pandas here: the Snakefile loads this module at every call.
"""

from itertools import pairwise
from typing import Any, Literal, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from disrupting_harm.spelling import find_look_alike
from disrupting_harm.study.codes import Codes
from disrupting_harm.study.items import Condition
from disrupting_harm.study.section import Identifier, Names, Section, Text

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


class Series(Section):
    """Composites that count alike; those of different series are never set side by side."""

    id: Identifier
    label: Text


class AskedQuestion(Section):
    """A question with several options, in words; with them it has a part of a figure."""

    id: Identifier = Field(description="A choice item, or the `tick_of` of several items.")
    label: Text


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
        given = [bool(self.numerator), self.value is not None, bool(self.any_of)]
        if sum(given) != 1:
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
    def _without_the_weight_of_all(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out a weight that is not named: the definition keeps its hash."""
        written: dict[str, Any] = write(self)
        if self.weight is None:
            written.pop("weight", None)
        return written


def _check_bands(domain: str, bands: dict[str, tuple[float, float]]) -> None:
    alike = find_look_alike(bands)
    if alike:
        raise ValueError(f"domain '{domain}': bands '{alike[0]}' and '{alike[1]}' look the same")
    by_limit = sorted(bands.items(), key=lambda band: band[1])
    for name, (lowest, highest) in by_limit:
        if lowest > highest:
            raise ValueError(f"domain '{domain}': band '{name}' ends before it begins")
    for (name, limits), (above, limits_above) in pairwise(by_limit):
        if limits[1] >= limits_above[0]:
            raise ValueError(f"domain '{domain}': bands '{name}' and '{above}' overlap")
