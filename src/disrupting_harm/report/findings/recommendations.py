"""Recommendations of country reports: actions, and the condition on which each is printed.

An action stands in a report only where a published number of that country meets its condition, and
is printed with that number and its address, with who acts and a first step. Owners and first steps
are proposals of the study.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    Text,
    read_yaml,
    validate_content,
)

# Public tables of evidence that conditions may name: those that say how a row is cited.
CITED = {name: public for name, public in PUBLIC.items() if public.address}
_PLACEHOLDER = re.compile(r"{(\w*)[^{}]*}")
NOT_IN_PLACE = "not_in_place"
Values = Annotated[tuple[str, ...], Field(min_length=1)]


class Condition(Section):
    """What a country's published numbers have to be: of an indicator, or of a table of evidence."""

    indicator: Identifier | None = Field(
        default=None, description="Indicator of the codebook, for all children asked."
    )
    table: str | None = Field(
        default=None,
        description="Table of evidence: " + ", ".join(f"`{name}`" for name in CITED) + ". Of "
        "tables by year the last year counts.",
    )
    where: dict[str, Values] = Field(
        default={}, description="Values that columns of the table must have, e.g. `status`."
    )
    column: str | None = Field(
        default=None, description="Column of numbers that the limits below are about."
    )
    at_most: float | None = Field(
        default=None,
        description="Of an indicator, a proportion that no part of the printed interval exceeds.",
    )
    at_least: float | None = Field(
        default=None,
        description="Of an indicator, a proportion that the whole printed interval must reach.",
    )

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Return what the finding may name beside :attr:`numbers`."""
        if self.indicator:
            return ("population", "country")
        # Of a table by year the last year alone counts, and its rows are not all.
        by_year = "year" in CITED[str(self.table)].address.split()
        return ("count", "country") if by_year else ("count", "total", "country")

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return what stands for the number; the finding must name one of them."""
        if self.indicator:
            return ("share",)
        number = ("number",) if self.column or self.of_band else ()
        return ("rows", *number, *(("workers",) if self.of_one_answer else ()))

    @property
    def limits(self) -> str:
        """Return the limits of the number in words, e.g. "at most 0.5"; empty without any."""
        ends = (("at least", self.at_least), ("at most", self.at_most))
        return ", ".join(f"{word} {limit:g}" for word, limit in ends if limit is not None)

    @property
    def of_band(self) -> bool:
        """Whether it is about a third of those asked, which is published where the count is not."""
        return "band" in self.where

    @property
    def of_one_answer(self) -> bool:
        """Whether it is about one answer of frontline workers, so that a number tells all."""
        return self.table == "frontline" and all(
            len(self.where.get(column, ())) == 1 for column in ("item", "answer")
        )

    @property
    def of_review(self) -> bool:
        """Whether one item of a review or assessment is lacking, so that countries compare."""
        answers = self.where.get("answer", ())
        has_limit = self.column == "score" and self.at_most is not None and self.at_least is None
        lacking = self.table == "capacity" and has_limit
        lacking = lacking or (self.table == "policy" and answers == (NOT_IN_PLACE,))
        return lacking and len(self.where.get("item", ())) == 1

    @model_validator(mode="after")
    def _check_kind(self) -> "Condition":
        if (self.indicator is None) == (self.table is None):
            raise ValueError("a condition names an 'indicator' or a 'table', and not both")
        limits = self.at_most is not None or self.at_least is not None
        if self.indicator:
            if self.where or self.column:
                raise ValueError("'where' and 'column' are of tables")
            if not limits:
                raise ValueError("a condition on an indicator needs 'at_most' or 'at_least'")
            for limit in (self.at_most, self.at_least):
                if limit is not None and not 0 < limit < 1:
                    raise ValueError("limits of an indicator are proportions between 0 and 1")
        return self

    @model_validator(mode="after")
    def _check_table(self) -> "Condition":
        if self.table is None:
            return self
        if self.table not in CITED:
            raise ValueError(f"'{self.table}' is none of {', '.join(CITED)}")
        public = CITED[self.table]
        for name in self.where:
            if name not in public.column_names:
                raise ValueError(
                    f"'where' names '{name}'; columns of '{self.table}' are "
                    f"{', '.join(public.column_names)}"
                )
        limits = self.at_most is not None or self.at_least is not None
        if limits != (self.column is not None):
            raise ValueError("'column' and one of 'at_most', 'at_least' belong together")
        numbers = [field.name for field in public.fields if field.kind in ("integer", "number")]
        if self.column is not None and self.column not in numbers:
            raise ValueError(f"'{self.column}' is no number of '{self.table}'")
        if not limits and not self.where:
            raise ValueError("a condition on a table needs 'where', or 'column' and a limit")
        return self


class Recommendation(Section):
    """One action, the number that it rests on, and a first step towards it."""

    id: Identifier
    text: Text = Field(description="What is to be done, at most 8 words that begin with a verb.")
    first_step: str = Field(
        default="",
        description="A proposal of how to begin, at most 10 words; a release needs one.",
    )
    when: Condition
    unless: Condition | None = Field(
        default=None,
        description="A condition on a table of evidence; where it is met, nothing is asked for.",
    )
    finding: str = Field(
        default="",
        description="The number in a few words: `{share}` of an indicator (and `{population}`), "
        "or `{rows}` of a table, or `{number}`, those of its `column` or `band` alone (and "
        "`{count}`, how many rows they are; `{total}`, of how many, in a table without years); of "
        "one answer of frontline workers also `{workers}`, e.g. 38 of 50. Of one item of "
        "`capacity` or `policy` it may be left out: then its score or answer stands there.",
    )
    mark: str = Field(
        default="",
        description="The limits of `when` in words, as the brief on all countries prints them "
        "beside the numbers, e.g. `Needed below half.`",
    )
    countries: tuple[str, ...] = Field(
        default=(), description="Countries that it is for; empty: all of the study."
    )

    @model_validator(mode="after")
    def _check_placeholders(self) -> "Recommendation":
        if self.unless and self.unless.indicator:
            raise ValueError(f"'unless' of '{self.id}' is of a table of evidence")
        numbers, placeholders = self.when.numbers, _PLACEHOLDER.findall(self.finding)
        if not self.finding and self.when.of_review:
            return self
        if not set(numbers) & {*placeholders}:
            raise ValueError(
                f"the finding of '{self.id}' prints no number; it needs {{{numbers[0]}}}"
            )
        for placeholder in placeholders:
            if placeholder not in (*numbers, *self.when.placeholders):
                raise ValueError(f"nothing fills '{{{placeholder}}}' in the finding of '{self.id}'")
        return self


class Actors(Section):
    """Those who are to act, and their actions."""

    id: Identifier
    owner: str = Field(
        default="", description="Who is to act, as printed: a proposal; a release needs it."
    )
    recommendations: tuple[Recommendation, ...] = ()


class Disagreement(Section):
    """A fact on which two tables of evidence do not agree: no recommendation rests on it."""

    id: Identifier
    rows: Condition = Field(description="Rows that recommendations then leave out.")
    against: Condition = Field(description="Rows of another table that speak against them.")
    text: Text = Field(
        description="Both statements, with `{rows}` and `{against}` as a finding prints them, or "
        "`{number}` and `{number_against}`, those of their `column` alone."
    )
    owner: str = Field(default="", description="Who settles it, as printed; a release needs it.")
    first_step: str = Field(
        default="", description="A proposal of how to settle it; a release needs one."
    )

    @model_validator(mode="after")
    def _check_tables(self) -> "Disagreement":
        if self.rows.indicator or self.against.indicator or self.rows.table == self.against.table:
            raise ValueError(f"'rows' and 'against' of '{self.id}' are of two tables of evidence")
        known = {"rows", "against", "number", "number_against"}
        unknown = {*_PLACEHOLDER.findall(self.text)} - known
        if unknown:
            raise ValueError(f"nothing fills '{{{min(unknown)}}}' in the text of '{self.id}'")
        return self


class Recommendations(Section):
    """All actions, by those who are to act."""

    rule: str = Field(
        default="",
        description="What makes an action needed, as printed above the actions: the limits of all "
        "conditions in words.",
    )
    reason: str = Field(
        default="",
        description="Why the limits are where they are; the page on methods prints it below the "
        "rule.",
    )
    groups: tuple[Actors, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def actions(self) -> tuple[tuple[Actors, Recommendation], ...]:
        """All actions with those who are to act, in the order of the file."""
        return tuple((group, action) for group in self.groups for action in group.recommendations)

    @model_validator(mode="after")
    def _check_unique_ids(self) -> "Recommendations":
        ids = [group.id for group in self.groups]
        ids += [
            recommendation.id for group in self.groups for recommendation in group.recommendations
        ]
        ids += [recommendation.id for recommendation in self.disagreements]
        repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        if repeated:
            raise ValueError(f"the id '{repeated[0]}' stands twice")
        return self


def load_recommendations(path: Path, codebook: Codebook | None = None) -> Recommendations:
    """Read the file of recommendations.

    Args:
        codebook: of the study's survey, whose indicators conditions may name; None: no survey,
            so that conditions on indicators are never met.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    recommendations: Recommendations = validate_content(
        Recommendations, read_yaml(path) or {}, str(path)
    )
    indicators_by_id = (
        {indicator.id: indicator for indicator in codebook.indicators} if codebook else {}
    )
    for group in recommendations.groups:
        for recommendation in group.recommendations:
            indicator_id = recommendation.when.indicator
            if not indicators_by_id or indicator_id is None:
                continue
            location = f"{path}, recommendation '{recommendation.id}', key 'when.indicator'"
            if indicator_id not in indicators_by_id:
                raise StudyError(
                    location,
                    f"the codebook has no indicator '{indicator_id}'",
                    "Name one that it has",
                )
            if indicators_by_id[indicator_id].statistic != "proportion":
                raise StudyError(
                    location,
                    f"'{indicator_id}' is no proportion",
                    "Name an indicator that is a proportion",
                )
    return recommendations
