"""The codebook: items and what is defined of them (:mod:`.definitions`), checked.

Labels and question texts stand beside the definitions; :meth:`Codebook.definitions` leaves them
out, so that a change of wording never reruns an estimate.

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.definitions import (
    SPECIAL_ANSWERS,
    STATUS_SUFFIX,
    AskedQuestion,
    Domain,
    Indicator,
    Item,
    Module,
    Series,
    Statistic,
)
from disrupting_harm.study.configuration.section import Section, read_yaml, validate_content
from disrupting_harm.study.statuses import TOTAL

# Columns that stand beside domains, items and indicators in the prepared tables.
RESERVED = (
    "country",
    "child_id",
    "simulated",
    "stratum",
    "psu",
    "fpc",
    "weight",
    "psu_probability",
    "household_probability",
    "eligible_children",
    "disposition",
    "interviewer",
    "interview_day",
    "interview_minutes",
)
# Begins the columns of the sample with the weights of subsamples; no domain can be called so.
SUBSAMPLE = "weight: "

# What :meth:`Codebook.definitions` leaves out.
WORDS = {
    "items": {"__all__": {"question", "value_labels"}},
    "domains": {"__all__": {"levels_label"}},
    "modules": {"__all__": {"short"}},
    "indicators": {"__all__": {"short", "note", "base", "codes"}},
}


class Codebook(Section):
    """Items, domains, modules and indicators of a study."""

    items: tuple[Item, ...]
    domains: tuple[Domain, ...]
    modules: tuple[Module, ...]
    series: tuple[Series, ...] = Field(
        default=(), description="Series of composites; each with two or more has a figure."
    )
    questions: tuple[AskedQuestion, ...] = Field(
        default=(), description="Questions whose options a figure sets side by side, in its order."
    )
    indicators: tuple[Indicator, ...]

    def item(self, name: str) -> Item:
        """Return the item called ``name``."""
        return next(item for item in self.items if item.id == name)

    def indicator(self, name: str) -> Indicator:
        """Return the indicator called ``name``."""
        return next(indicator for indicator in self.indicators if indicator.id == name)

    def items_of(self, indicator: Indicator) -> set[str]:
        """Return the items that the value of an indicator follows from, those of its parts, too."""
        parts = (self.items_of(self.indicator(part)) for part in indicator.any_of)
        conditions = {condition.item for condition in indicator.numerator}
        return set().union(conditions, {indicator.value} if indicator.value else (), *parts)

    @property
    def subsamples(self) -> dict[str, list[str]]:
        """The indicators of each weight that is not that of all children."""
        indicators_of_weight: dict[str, list[str]] = {}
        for indicator in self.indicators:
            if indicator.weight is not None:
                indicators_of_weight.setdefault(indicator.weight, []).append(indicator.id)
        return indicators_of_weight

    @property
    def statistics(self) -> dict[str, Statistic]:
        """The statistic of each indicator."""
        return {indicator.id: indicator.statistic for indicator in self.indicators}

    @property
    def counted_by_range(self) -> frozenset[str]:
        """The number items that an indicator counts by a range: they hold whole numbers."""
        return frozenset(
            condition.item
            for indicator in self.indicators
            for condition in (*indicator.universe, *indicator.numerator)
            if condition.is_range
        )

    def headlines(self, *statistics: Statistic) -> list[str]:
        """Return the indicators by which countries are compared; by default of every statistic."""
        return [
            indicator.id
            for indicator in self.indicators
            if indicator.headline and (not statistics or indicator.statistic in statistics)
        ]

    @property
    def proportions(self) -> list[str]:
        """Return the indicators that are shares of those asked."""
        return [
            indicator.id for indicator in self.indicators if indicator.statistic == "proportion"
        ]

    def headlines_with_silence(self) -> list[str]:
        """Return the headlines of which a "no" may be silence."""
        return [
            indicator.id
            for indicator in self.indicators
            if indicator.headline and indicator.silence
        ]

    def definitions(self) -> dict[str, Any]:
        """Return everything that estimates depend on; names stand in for labels.

        The result is a valid codebook: ``Codebook.model_validate(codebook.definitions())``.
        """
        definitions = self.model_dump(mode="json", exclude=WORDS)
        for section in ("domains", "modules", "series", "questions", "indicators"):
            for definition in definitions[section]:
                definition["label"] = definition["id"]
        return definitions

    @property
    def crosses(self) -> dict[str, tuple[str, str]]:
        """The two parents of each crossed domain."""
        return {
            domain.id: (domain.cross[0], domain.cross[1]) for domain in self.domains if domain.cross
        }

    def levels(self, domain: str) -> tuple[str, ...]:
        """Return the levels of a domain in display order; "all" for the total."""
        definition = next(candidate for candidate in self.domains if candidate.id == domain)
        if definition.cross:
            first, second = map(self.levels, definition.cross)
            return tuple(f"{a}|{b}" for a in first for b in second)
        if definition.item is None:
            return TOTAL[1:]
        return tuple(definition.bands) or self.item(definition.item).answers

    @model_validator(mode="after")
    def _names_are_known(self) -> "Codebook":
        for section in ("items", "domains", "modules", "series", "questions", "indicators"):
            _check_names(section, [definition.id for definition in getattr(self, section)])
        items = {item.id: item for item in self.items}
        question_ids = {item.id for item in self.items if item.type == "choice"}
        question_ids |= {item.tick_of for item in self.items if item.tick_of}
        for question in self.questions:
            if question.id not in question_ids:
                raise ValueError(
                    f"question '{question.id}': there is no choice item of this name, and no item "
                    "with this 'tick_of'"
                )
            if question.beside and question.beside not in {module.id for module in self.modules}:
                raise ValueError(
                    f"question '{question.id}': there is no module '{question.beside}'"
                )
        if not self.domains or self.domains[0].id != "total":
            raise ValueError("the first domain must be 'total'")
        _check_domains(self.domains, items)
        for domain in self.domains:
            unknown = [name for name in domain.levels_label if name not in self.levels(domain.id)]
            if unknown:
                raise ValueError(f"domain '{domain.id}' has no level '{unknown[0]}' to be labelled")
        modules = {module.id for module in self.modules}
        for item in self.items:
            if item.yes_when and item.yes_when not in {
                indicator.id for indicator in self.indicators
            }:
                raise ValueError(f"item '{item.id}': indicator '{item.yes_when}' does not exist")
            _check_same_question(item, items)
        earlier: dict[str, Indicator] = {}
        for indicator in self.indicators:
            _check_indicator(indicator, items, modules, earlier)
            if indicator.series and indicator.series not in {series.id for series in self.series}:
                raise ValueError(
                    f"indicator '{indicator.id}': series '{indicator.series}' does not exist"
                )
            earlier[indicator.id] = indicator
        return self


def _check_names(section: str, ids: list[str]) -> None:
    earlier: set[str] = set()
    for name in ids:
        if name in earlier:
            raise ValueError(f"{section}: '{name}' is defined twice")
        if name in RESERVED or name.endswith(STATUS_SUFFIX):
            raise ValueError(f"{section}: the name '{name}' is reserved for another column")
        earlier.add(name)


def _check_same_question(item: Item, items: dict[str, Item]) -> None:
    """Refuse a pair of items that are not one question to a child and to its caregiver."""
    if item.same_as is None:
        return
    location, item_of_child = f"item '{item.id}', 'same_as'", items.get(item.same_as)
    if item_of_child is None:
        raise ValueError(f"{location}: item '{item.same_as}' does not exist")
    if item_of_child.type != "yes_no" or item_of_child.respondent != "child":
        raise ValueError(f"{location}: '{item_of_child.id}' is no yes/no item of the child")
    if item.question != item_of_child.question:
        raise ValueError(
            f"{location}: '{item_of_child.id}' was asked in other words; leave the pair out"
        )


def _check_domains(domains: tuple[Domain, ...], items: dict[str, Item]) -> None:
    earlier: set[str] = set()
    for domain in domains:
        if domain.item is not None:
            if domain.item not in items:
                raise ValueError(f"domain '{domain.id}': item '{domain.item}' does not exist")
            number = items[domain.item].type == "number"
            if number != bool(domain.bands):
                raise ValueError(f"domain '{domain.id}': 'bands' go with a number item")
        for parent in domain.cross:
            if parent not in earlier:
                raise ValueError(f"domain '{domain.id}': domain '{parent}' is not defined above it")
        earlier.add(domain.id)


def _check_indicator(
    indicator: Indicator, items: dict[str, Item], modules: set[str], earlier: dict[str, Indicator]
) -> None:
    location = f"indicator '{indicator.id}'"
    if indicator.module not in modules:
        raise ValueError(f"{location}: module '{indicator.module}' does not exist")
    for condition in (*indicator.universe, *indicator.numerator):
        if condition.item not in items:
            raise ValueError(f"{location}: item '{condition.item}' does not exist")
        item = items[condition.item]
        allowed = {*item.answers, *SPECIAL_ANSWERS}
        if condition.is_range != (item.type == "number"):
            needed_key = "a range, 'at_least' or 'at_most'" if item.type == "number" else "'among'"
            raise ValueError(
                f"{location}: a condition on {item.type} item '{item.id}' needs {needed_key}"
            )
        unknown = [answer for answer in condition.among if answer not in allowed]
        if unknown:
            raise ValueError(f"{location}: item '{item.id}' has no answer '{unknown[0]}'")
    if indicator.value is not None and (
        indicator.value not in items or items[indicator.value].type != "number"
    ):
        raise ValueError(f"{location}: '{indicator.value}' is no number item")
    for part in indicator.any_of:
        if part not in earlier:
            raise ValueError(f"{location}: indicator '{part}' is not defined above it")
        if earlier[part].statistic != "proportion":
            raise ValueError(f"{location}: indicator '{part}' is no proportion")
        if earlier[part].weight != indicator.weight:
            raise ValueError(f"{location}: indicator '{part}' has another weight")


def load_codebook(path: Path) -> Codebook:
    """Read and check a codebook.

    Raises:
        StudyError: naming the file and key, what was found and what to do. An indicator to which
            nobody could answer no is a fault.
    """
    codebook: Codebook = validate_content(Codebook, read_yaml(path) or {}, str(path))
    answers = {item.id: set(item.answers) for item in codebook.items if item.answers}
    for indicator in codebook.indicators:
        counts_all = [
            answers.get(condition.item, {""}) <= set(condition.among)
            for condition in indicator.numerator
        ]
        if counts_all and all(counts_all) and indicator.dont_know == "missing":
            raise StudyError(
                f"{path}, indicator '{indicator.id}', key 'numerator'",
                f"every answer of '{indicator.numerator[0].item}' counts as yes",
                "Leave out the answers that are a no",
            )
    return codebook
