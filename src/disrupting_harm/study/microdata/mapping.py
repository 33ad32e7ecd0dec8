"""The mapping from columns and codes of a raw file to the codebook's items.

No pandas here: the Snakefile loads this module at every call.
"""

import math
from collections.abc import Mapping as Lookup
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.spelling import is_plain_number, shorten_number
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS, Item
from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    Text,
    read_yaml,
    validate_content,
)


def _refuse_truth_value(code: Any) -> Any:
    if isinstance(code, bool):
        raise ValueError(f"YAML reads this code as {code}; put it into quotes")
    return code


Code = Annotated[int | float | str, BeforeValidator(_refuse_truth_value)]
# What a mapping says of a file that does not tell how its rows were drawn.
EQUAL_WEIGHT, NO_STRATUM, ROWS = 1, "none", "rows"
Disposition = Literal[
    "complete", "partial", "refusal", "non_contact", "other", "unknown_eligibility", "ineligible"
]


def normalise_code(code: int | float | str) -> str:
    """Return a code in the form by which codes are compared: 1, "1" and "1.0" are the same."""
    return shorten_number(str(code).strip())


def map_codes(
    codes: Lookup[Any, str], missing: Lookup[str, tuple[Any, ...]] | None = None
) -> dict[str, str]:
    """Return the answer of every code, in the form of :func:`normalise_code`.

    Raises:
        ValueError: one code has two meanings.
    """
    pairs = list(codes.items())
    pairs += [(code, special) for special, group in (missing or {}).items() for code in group]
    answers: dict[str, str] = {}
    for code, answer in pairs:
        key = normalise_code(code)
        if answers.setdefault(key, answer) != answer:
            raise ValueError(f"code '{code}' means both '{answers[key]}' and '{answer}'")
    return answers


class Variable(Section):
    """Where an item stands in the raw file and what its codes mean."""

    column: Text | None = Field(
        default=None, description="Column of the raw file; absent: the item's own name."
    )
    asked: bool = Field(
        default=True,
        description="False: the survey did not ask this. It needs no column then, and its "
        "indicators are printed as not asked.",
    )
    blank: Literal["not_asked", "lost"] | None = Field(
        default=None, description="What an empty cell of this column is; absent: as in all columns."
    )
    codes: dict[Code, str] = Field(
        default_factory=dict, description="Raw code to answer; absent: codes equal answers."
    )
    missing: dict[str, tuple[Code, ...]] = Field(
        default_factory=dict, description="Special answers of this column, added to the defaults."
    )

    @model_validator(mode="after")
    def _codes_are_clear(self) -> "Variable":
        if not self.asked and (self.column or self.codes or self.missing or self.blank):
            raise ValueError("an item that was not asked ('asked: false') has nothing else to say")
        _refuse_unknown_special(self.missing)
        map_codes(self.codes, self.missing)
        return self


class Dispositions(Section):
    """The outcome of the contact with each child drawn."""

    column: Text
    codes: dict[Code, Disposition]

    @model_validator(mode="after")
    def _codes_are_clear(self) -> "Dispositions":
        if len(map_codes(self.codes)) > 1 and len(set(self.codes.values())) == 1:
            raise ValueError(f"all codes mean '{next(iter(self.codes.values()))}'")
        return self


class Area(Section):
    """Which rows belong to which country, in a file that holds several."""

    column: Text
    codes: dict[Code, str] = Field(description="Raw code to the code in the countries file.")

    @model_validator(mode="after")
    def _codes_are_clear(self) -> "Area":
        map_codes(self.codes)
        return self


class KeepCondition(Section):
    """A condition on the rows of the raw file: a code among some, or a number in a range."""

    column: Text
    codes: tuple[Code, ...] = Field(default=(), description="Codes of the rows that are kept.")
    at_least: float | None = Field(default=None, description="Smallest number that is kept.")
    at_most: float | None = Field(default=None, description="Largest number that is kept.")

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest number of a range; infinite where it is open."""
        return (
            -math.inf if self.at_least is None else self.at_least,
            math.inf if self.at_most is None else self.at_most,
        )

    @model_validator(mode="after")
    def _one_kind(self) -> "KeepCondition":
        is_range = self.at_least is not None or self.at_most is not None
        if bool(self.codes) == is_range:
            raise ValueError(
                f"column '{self.column}' needs either 'codes' or a range, 'at_least' and 'at_most'"
            )
        low, high = self.limits
        if low > high:
            raise ValueError(f"'at_least' is above 'at_most' for column '{self.column}'")
        return self


class Mapping(Section):
    """Columns of one raw file; one mapping may serve several countries."""

    format: Literal["csv", "parquet", "sav", "dta"] | None = Field(
        default=None, description="Absent: by the file's ending."
    )
    delimiter: str = Field(
        default=",", min_length=1, max_length=1, description="Separator of a CSV file."
    )
    area: Area | None = Field(
        default=None, description="For a file of several countries; absent: all rows are taken."
    )
    keep: tuple[KeepCondition, ...] = Field(
        default=(),
        description="Conditions, all fulfilled, for a row to be read as one of a child drawn. "
        "Absent: all rows are. For a group of the children interviewed use a domain or a universe.",
    )
    child_id: Text | None = Field(
        default=None,
        description="Column that identifies a child; no value repeats. Absent: row numbers.",
    )
    stratum: Text = Field(
        description="Column of the sampling stratum. `none`: the file tells of no strata."
    )
    psu: Text = Field(
        description="Column of the primary sampling unit. `rows`: the file does not tell who was "
        "drawn together, and each row counts as drawn by itself; documents say so."
    )
    psu_unique: bool = Field(
        default=False,
        description="True: a PSU id is unique in the file, and one in two strata is an error. "
        "False: ids are nested in strata, as real files reuse them.",
    )
    fpc: Text | None = Field(
        default=None, description="Column with the number of PSUs in the stratum's population."
    )
    weight: Annotated[Literal[1] | Text | None, BeforeValidator(_refuse_truth_value)] = Field(
        default=None,
        description="Column of the final weight. `1`: the file has none, and all rows count alike, "
        "as if each had had the same chance to be drawn; documents say so.",
    )
    weights: dict[Identifier, Text] = Field(
        default_factory=dict,
        description="Columns of the final weights of subsamples, by the name that indicators use "
        "(`weight`). An empty cell or 0: the child is not in it.",
    )
    weight_divisor: float = Field(
        default=1.0,
        ge=1e-6,
        le=1e12,
        description="What all weights of the file are divided by, such as 1000000 in DHS files.",
    )
    psu_probability: Text | None = Field(
        default=None, description="Column: probability that the PSU was drawn."
    )
    household_probability: Text | None = Field(
        default=None, description="Column: probability of the household, given its PSU."
    )
    eligible_children: Text | None = Field(
        default=None, description="Column: eligible children, one of whom was drawn."
    )
    interviewer: Text | None = Field(
        default=None,
        description="Column: who interviewed, for the page of diagnostics; a cell may be empty.",
    )
    interview_day: Text | None = Field(
        default=None,
        description="Column: day of the interview, such as 2019-05-31, for the table of fieldwork; "
        "a cell may be empty.",
    )
    interview_minutes: Text | None = Field(
        default=None,
        description="Column: how long the interview took, for the table of fieldwork; a cell may "
        "be empty.",
    )
    disposition: Dispositions | None = Field(
        default=None, description="Absent: every row is a completed interview."
    )
    missing: dict[str, tuple[Code, ...]] = Field(
        default_factory=dict,
        description="Codes of the special answers (dont_know, prefer_not_to_say, not_asked, "
        "lost) in all columns.",
    )
    blank: Literal["not_asked", "lost"] | None = Field(
        default=None,
        description="What an empty cell is: not_asked, a question that was skipped by design; or "
        "lost, an answer that should be there. Absent: not_asked, and `check` asks.",
    )
    yes_no: dict[Code, Literal["yes", "no"]] = Field(
        default={1: "yes", 0: "no"}, description="Codes of yes/no items without codes of their own."
    )
    variables: dict[Identifier, Variable] = Field(
        description="One entry per item; an item without one is looked up under its own name."
    )

    @property
    def undescribed(self) -> list[str]:
        """Return what the file does not tell of how its rows were drawn."""
        words = {"weight": EQUAL_WEIGHT, "stratum": NO_STRATUM, "psu": ROWS}
        return [key for key, word in words.items() if getattr(self, key) == word]

    @field_validator("delimiter")
    @classmethod
    def _separates_cells(cls, delimiter: str) -> str:
        if delimiter.isalnum() or delimiter in "\"'\n\r\0._-+":
            raise ValueError("it could stand in a cell; use one such as ',', ';', '|' or a tab")
        return delimiter

    @model_validator(mode="after")
    def _codes_are_clear(self) -> "Mapping":
        _refuse_unknown_special(self.missing)
        map_codes({}, self.missing)
        map_codes(self.yes_no)
        if set(self.yes_no.values()) != {"yes", "no"}:
            raise ValueError("'yes_no' needs a code for yes and one for no")
        return self


def column_of(item: str, mapping: Mapping) -> str | None:
    """Return the column in which an item stands; None where the survey did not ask it."""
    variable = mapping.variables.get(item)
    if variable is None:
        return item
    return (variable.column or item) if variable.asked else None


def _refuse_unknown_special(missing: dict[str, tuple[Code, ...]]) -> None:
    unknown = sorted(set(missing) - set(SPECIAL_ANSWERS))
    if unknown:
        raise ValueError(
            f"'{unknown[0]}' is no special answer; there are {', '.join(SPECIAL_ANSWERS)}"
        )


def load_mapping(path: Path, codebook: Codebook) -> Mapping:
    """Read a mapping and check it against the codebook.

    Raises:
        StudyError: naming the file and key, what was found and what to do. Codes for fewer than two
            answers are a fault: all children would have said the same.
    """
    mapping: Mapping = validate_content(Mapping, read_yaml(path) or {}, str(path))
    item_by_id = {item.id: item for item in codebook.items}
    for name, variable in mapping.variables.items():
        if name not in item_by_id:
            raise _describe_fault(path, name, "the codebook has no such item")
        unknown_answers = sorted(
            {a for a in variable.codes.values() if a not in item_by_id[name].answers}
        )
        if item_by_id[name].type == "number":
            unknown_answers = [answer for answer in unknown_answers if not is_plain_number(answer)]
        if unknown_answers:
            raise _describe_fault(
                path, name, f"the codebook has no answer '{unknown_answers[0]}' for it"
            )
        answers = set(variable.codes.values()) & set(item_by_id[name].answers)
        if variable.codes and item_by_id[name].answers and len(answers) < 2:
            raise StudyError(
                f"{path}, key 'variables.{name}.codes'",
                f"no code for {', '.join(a for a in item_by_id[name].answers if a not in answers)}",
                "Write the code of every answer; if the survey did not ask this, 'asked: false'",
            )
    for item in codebook.items:
        if item.type == "number":
            _refuse_ambiguous_codes(path, item, mapping)
        elif (variable_of_item := mapping.variables.get(item.id)) is None or (
            variable_of_item.asked and not variable_of_item.codes
        ):
            _refuse_two_meanings(path, item, mapping)
    _refuse_answers_of_design(path, codebook, mapping)
    for indicator in codebook.indicators:
        if indicator.weight is not None and indicator.weight not in mapping.weights:
            raise StudyError(
                f"{path}, key 'weights'",
                f"no column for '{indicator.weight}', the weight of indicator '{indicator.id}'",
                f"Write 'weights: {{{indicator.weight}: COLUMN}}', or correct the codebook",
            )
    return mapping


def _refuse_ambiguous_codes(path: Path, item: Item, mapping: Mapping) -> None:
    """Refuse a special answer of all columns that could as well be a number of this item."""
    variable = mapping.variables.get(item.id)
    answer_of_code = map_codes(variable.codes, variable.missing) if variable else {}
    lowest = float("-inf") if item.minimum is None else item.minimum
    highest = float("inf") if item.maximum is None else item.maximum
    for code, special in map_codes({}, mapping.missing).items():
        if code in answer_of_code or not is_plain_number(code):
            continue
        if lowest <= float(code) <= highest:
            raise StudyError(
                f"{path}, key 'missing.{special}'",
                f"code '{code}' is also a valid number of item '{item.id}'",
                f"Say in 'variables.{item.id}' what it is there: 'missing: {{{special}: [{code}]}}'"
                f" or 'codes: {{{code}: \"{code}\"}}', or narrow the item's limits in the codebook",
            )


def _refuse_answers_of_design(path: Path, codebook: Codebook, mapping: Mapping) -> None:
    """Refuse answers in the place of ids, clusters or weights: the column is another one."""
    item_of_column = {column_of(item.id, mapping): item for item in codebook.items}
    for key in ("child_id", "psu", "weight"):
        item = item_of_column.get(getattr(mapping, key) or "")
        # What the sample's file says of a cluster, such as its school, may be an item, too.
        if item is not None and not (key == "psu" and item.respondent == "sample"):
            raise StudyError(
                f"{path}, key '{key}'",
                f"its column is also that of the answers to item '{item.id}'",
                "Name the column that holds it",
            )


def _refuse_two_meanings(path: Path, item: Item, mapping: Mapping) -> None:
    """Refuse a special answer of all columns whose code is an answer of an item without codes."""
    usual = mapping.yes_no if item.type == "yes_no" else {answer: answer for answer in item.answers}
    variable = mapping.variables.get(item.id)
    column_overrides = map_codes({}, variable.missing) if variable else {}
    special = {
        code: word
        for code, word in map_codes({}, mapping.missing).items()
        if code not in column_overrides
    }
    for code in map_codes(usual).keys() & special.keys():
        raise StudyError(
            f"{path}, key 'missing.{special[code]}'",
            f"code '{code}' is also an answer of item '{item.id}', which has no codes of its own",
            f"Write the codes of 'variables.{item.id}', or correct 'missing'",
        )


def _describe_fault(path: Path, name: str, finding: str) -> StudyError:
    return StudyError(
        f"{path}, key 'variables.{name}'", finding, "Correct the name, or add it to the codebook"
    )
